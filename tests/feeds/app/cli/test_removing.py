"""What removes asks first on a terminal; a seed that is removed is kept; a copy writes over nothing unasked."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from feeds.app.cli.main import main
from feeds.model import Topic
from feeds.store import open_store
from scrapers import Seed, load_seeds
from tests.support.stores import knowing
from tests.support.topics_at_random import NOW

Answering = Callable[[str], None]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text('contact = "mailto:desk@paper.example"\n')
    (tmp_path / "seeds/lakeshore").mkdir(parents=True)
    (tmp_path / "seeds/lakeshore/page.html").write_text("<p>")
    (tmp_path / "seeds/lakeshore.toml").write_text('home = "https://lakeshore.example/"\n')
    lakeshore = Seed(name="lakeshore", home="https://lakeshore.example/")
    with knowing(open_store(tmp_path / "var/copydesk.db", daemon=True), [lakeshore], NOW):
        return tmp_path


def copydesk(desk: Path, *words: str) -> int:
    return main(["--config", str(desk / "config.toml"), *words])


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """Somebody at the terminal, who answers this from now on."""

    def answers(answer: str) -> None:
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", lambda: answer)

    return answers


@pytest.mark.parametrize("command", [("sources", "remove", "lakeshore", "--records"), ("forget", "lakeshore")])
@pytest.mark.parametrize("answer", ["", "n", "no", "never"])
def test_nothing_is_removed_without_a_yes(
    desk: Path, answering: Answering, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], answer: str
) -> None:
    answering(answer)
    assert copydesk(desk, *command) == 0
    err = capsys.readouterr().err
    assert "Remove 0 records of lakeshore for good? [y/N]" in err
    assert "nothing was removed" in err
    assert (desk / "seeds/lakeshore.toml").exists()


@pytest.fixture
def tokens(desk: Path) -> Path:
    """A desk with a reader's token and a program's."""
    (desk / "config.toml").write_text(
        'contact = "mailto:desk@paper.example"\n[[topics]]\nname = "letters"\nprivate = true\n'
    )
    store = open_store(desk / "var/copydesk.db")
    store.topics.sync([Topic("letters", "Letters", private=True)], NOW)
    store.close()
    assert copydesk(desk, "token", "add", "letters", "--name", "phone") == 0
    assert copydesk(desk, "token", "api", "add", "dashboard") == 0
    return desk


def kept_tokens(desk: Path) -> list[str]:
    store = open_store(desk / "var/copydesk.db")
    try:
        return [one.name for one in store.tokens.all()] + [one.name for one in store.api_tokens.all()]
    finally:
        store.close()


@pytest.mark.parametrize(
    ("command", "question"),
    [
        (("token", "revoke", "letters", "phone"), "Remove the token phone of letters, whose address"),
        (("token", "revoke", "letters", "--all"), "Remove 1 token of letters, whose address"),
        (("token", "api", "revoke", "dashboard"), "Remove the token dashboard, which then opens nothing?"),
    ],
)
def test_a_token_is_removed_after_a_yes(
    tokens: Path, answering: Answering, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], question: str
) -> None:
    assert copydesk(tokens, *command, "--dry-run") == 0
    assert "would remove" in capsys.readouterr().out
    answering("n")
    assert copydesk(tokens, *command) == 0
    said = capsys.readouterr()
    assert question in said.err and "nothing was removed" in said.err and "revoked" not in said.out
    assert kept_tokens(tokens) == ["phone", "dashboard"]
    answering("y")
    assert copydesk(tokens, *command) == 0
    assert "1 revoked" in capsys.readouterr().out
    assert len(kept_tokens(tokens)) == 1
    assert copydesk(tokens, *command) == 2  # what is not there is told, not asked about


def test_the_password_of_the_desk_is_removed_after_a_yes(
    desk: Path, answering: Answering, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
    assert copydesk(desk, "desk", "password") == 0
    answering("")
    assert copydesk(desk, "desk", "password", "--remove") == 0
    assert "nothing was removed" in capsys.readouterr().err
    assert copydesk(desk, "desk", "password", "--remove", "--yes") == 0
    assert "no password any more" in capsys.readouterr().out


def test_a_trial_run_removes_nothing(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert copydesk(desk, "sources", "remove", "lakeshore", "--dry-run") == 0
    assert copydesk(desk, "forget", "lakeshore", "--dry-run") == 0
    assert capsys.readouterr().out.splitlines() == [
        "would remove the source lakeshore; its records stay",
        "would remove 0 records of lakeshore for good",
    ]
    assert (desk / "seeds/lakeshore.toml").exists()


def test_a_seed_that_is_removed_is_kept(desk: Path, answering: Answering, capsys: pytest.CaptureFixture[str]) -> None:
    answering("y")
    assert copydesk(desk, "sources", "remove", "lakeshore") == 0
    kept = desk / "seeds/removed/lakeshore.toml"
    assert kept.exists() and (desk / "seeds/removed/lakeshore/page.html").exists()
    assert f"its seed is kept in {kept.parent}" in capsys.readouterr().out
    assert load_seeds(desk / "seeds") == ((), [])
    (desk / "seeds/lakeshore.toml").write_text('home = "https://lakeshore.example/again"\n')
    assert copydesk(desk, "sources", "remove", "lakeshore", "--yes") == 0
    assert len(list((desk / "seeds/removed").glob("lakeshore*.toml"))) == 2
    assert "again" not in kept.read_text()


def test_a_copy_writes_over_nothing_unasked(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = desk / "copy.db"
    assert copydesk(desk, "backup", str(target)) == 0
    target.write_text("something else")
    assert copydesk(desk, "backup", str(target)) == 2
    assert target.read_text() == "something else"
    assert copydesk(desk, "backup", str(target), "--force") == 0
    assert target.read_bytes().startswith(b"SQLite")
    assert copydesk(desk, "backup", str(desk / "no/such/copy.db")) == 2
    assert copydesk(desk, "backup", str(desk)) == 2
    err = capsys.readouterr().err
    assert "--force" in err and "there is no such folder" in err and "is a folder" in err


def test_a_name_that_is_misspelt_is_suggested(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ("log", "lakeshor"),
        ("fetch", "lakeshor"),
        ("backfill", "lakeshor", "--since", "7d"),
        ("repair", "lakeshor"),
        ("forget", "lakeshor"),
        ("sample", "lakeshor", "https://lakeshore.example/a"),
        ("try", "lakeshor"),
        ("sources", "pause", "lakeshor"),
        ("sources", "remove", "lakeshor"),
        ("sources", "rename", "lakeshor", "other"),
    ):
        assert copydesk(desk, *words) == 2, words
        assert "did you mean lakeshore?" in capsys.readouterr().err, words
    for words in (("feed", "al"), ("why", "https://lakeshore.example/", "--topic", "al")):
        assert copydesk(desk, *words) == 2, words
        assert "did you mean all?" in capsys.readouterr().err, words


@pytest.mark.parametrize(
    ("words", "meant"),
    [(("sources", "pasue", "lakeshore"), "pause"), (("topics", "tset", "x"), "test"), (("token", "ad", "x"), "add")],
)
def test_a_part_of_a_command_that_is_misspelt_is_suggested(
    desk: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], meant: str
) -> None:
    assert copydesk(desk, *words) == 2
    assert f"did you mean {meant}?" in capsys.readouterr().err
