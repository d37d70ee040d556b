"""Every command on a store that cannot be used: exit code 5 and a sentence, and nothing is changed."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.app.cli.main import MODULES, main
from feeds.store import open_store
from feeds.store.database.lock import Lock
from scrapers import Seed
from tests.feeds.store.test_store import add, record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://courier.example/2026/03/quay"

# each command that works on the store, as it is typed; {tmp} is a folder
ON_THE_STORE = (
    "check", "run --once", "status", "status --json", "sources", "sources --json", "sources pause courier",
    "sources resume courier", "sources rename courier gazette", "sources remove courier",
    "sources remove courier --records", "topics", "topics --json", "topics test quay", "search quay", f"why {URL}",
    f"history {URL}", "log courier", "feed all", "feed all --format json", "fetch courier", f"fetch {URL} --keep",
    "backfill courier --since 3d", "repair courier", "publish", "retopic", "token add family", "token list",
    "token revoke family --all", "backup {tmp}/copy.db", "vacuum", f"forget {URL}",
    "forget courier",
    f"remember {URL}", "opml export", "export", "import {tmp}/records.jsonl",
)  # fmt: skip
# and those that have no need of it
WITHOUT = {"demo", "desk", "init", "add", "try", "sample", "completion", "schema", "restore", "rebuild", "names",
           "scraper", "store"}  # fmt: skip


def _text(store: Path) -> None:
    store.write_bytes(b"this is no database" * 500)


def _cut(store: Path) -> None:
    data = store.read_bytes()
    store.write_bytes(data[: len(data) // 3 // 4096 * 4096])


def _scribbled(store: Path) -> None:
    data = bytearray(store.read_bytes())
    data[4096:] = random.Random(1).randbytes(len(data) - 4096)
    store.write_bytes(data)


def _schema(store: Path) -> None:
    data = bytearray(store.read_bytes())
    data[100:4096] = random.Random(2).randbytes(3996)
    store.write_bytes(data)


def _newer(store: Path) -> None:
    with closing(sqlite3.connect(store)) as db:
        db.execute("PRAGMA user_version=9999")


def _foreign(store: Path) -> None:
    store.unlink()
    with closing(sqlite3.connect(store)) as db:
        db.execute("CREATE TABLE songs(name)")


def _robbed(store: Path) -> None:
    with closing(sqlite3.connect(store)) as db:
        db.execute("DROP TABLE record")


def _folder(store: Path) -> None:
    store.unlink()
    store.mkdir()


DAMAGE: dict[str, Callable[[Path], None]] = {
    "text": _text, "cut": _cut, "scribbled": _scribbled, "schema": _schema, "newer": _newer, "foreign": _foreign,
    "robbed": _robbed, "folder": _folder,
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with a few records."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "seeds").mkdir()
    (folder / "seeds/courier.toml").write_text('home = "https://courier.example/"\nextract = { title = "h1" }\n')
    (folder / "config.toml").write_text(
        'contact = "mailto:desk@example.org"\n[store]\nurl = "sqlite:copydesk.db"\n[publish]\nfolder = "public"\n'
        '[[topics]]\nname = "all"\n[[topics]]\nname = "family"\nprivate = true\n'
    )
    store = open_store(folder / "copydesk.db", daemon=True)
    store.sources.sync([Seed(name="courier", home="https://courier.example/")], NOW)
    for n in range(60):
        add(store, record(f"quay-{n}"))
    store.fold()
    store.close()
    return folder


def test_the_commands_are_all_here() -> None:
    named = {line.split()[0] for line in ON_THE_STORE} | WITHOUT
    assert named == {name.rstrip("_") for names in MODULES.values() for name in names.split()}


@pytest.mark.parametrize("damage", DAMAGE)
def test_every_command_says_5_and_why_and_leaves_the_file_as_it_is(
    desk: Path, tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(desk, tmp_path / "desk")
    store = tmp_path / "desk/copydesk.db"
    DAMAGE[damage](store)
    before = store.read_bytes() if store.is_file() else b""
    (tmp_path / "records.jsonl").write_text("{}\n")
    threads = set(threading.enumerate())
    wrong = {}
    for line in ON_THE_STORE:
        words = line.replace("{tmp}", str(tmp_path)).split()
        code = main(["--config", str(tmp_path / "desk/config.toml"), *words])
        said = capsys.readouterr().err
        if code != 5 or "copydesk.db" not in said or "Traceback" in said:
            wrong[line] = (code, said[-300:])
    assert wrong == {}
    assert (store.read_bytes() if store.is_file() else b"") == before
    assert (tmp_path / "desk/seeds/courier.toml").exists(), "nothing is done by halves"
    assert set(threading.enumerate()) <= threads, "a start that fails leaves no thread behind"
    assert Lock(store).holder() is None


def test_a_rebuild_and_a_restore_refuse_nothing_but_what_they_are_for(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(desk, tmp_path / "desk")
    config = str(tmp_path / "desk/config.toml")
    for damage in ("text", "cut", "foreign", "robbed", "newer"):
        copy = tmp_path / f"{damage}.db"
        shutil.copy(desk / "copydesk.db", copy)
        DAMAGE[damage](copy)
        assert main(["--config", config, "restore", str(copy)]) == 5, damage
        assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", ["why", "history", "try", "fetch", "add", "forget", "remember", "log", "search", "backup", "restore"]
)
@pytest.mark.parametrize("word", ["\0", "a\0b", "http://[", "https://a\0.example/", "[/]", "x" * 5000, "", "\ud800"])
def test_no_argument_is_a_bug(
    desk: Path,
    tmp_path: Path,
    words: str,
    word: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code = main(["--config", str(desk / "config.toml"), words, word])
    assert code in (0, 2, 3, 5, 6), capsys.readouterr().err[-600:]


@pytest.mark.parametrize(
    "where", ["\0", "a\0b/config.toml", "x" * 5000, "[/]", "/dev/null", "/dev/null/config.toml", "\ud800"]
)
def test_no_path_of_a_configuration_is_a_bug(where: str, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["status"],
        ["run", "--once"],
        ["check"],
        ["add", "https://a.example/"],
        ["try", "https://a.example/"],
    ):
        code = main(["--config", where, *words])
        assert code in (2, 3), (words, capsys.readouterr().err[-600:])


MARKUP = "[/] [bold]quay[/bold] [/red] \\"


def test_markup_of_the_terminal_in_what_is_stored_is_text(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Titles, sections, causes and queries hold square brackets; each command shows them as they are."""
    shutil.copytree(desk, tmp_path / "desk")
    config = tmp_path / "desk/config.toml"
    config.write_text(
        f'title = "[/]"\nbase_url = "http://127.0.0.1:8484/[/]"\n{config.read_text()}title = "[/] quay"\n'
    )
    (tmp_path / "desk/seeds/courier.toml").write_text('home = "https://courier.example/"\ntitle = "[/]"\n')
    store = open_store(tmp_path / "desk/copydesk.db")
    with store.transaction():
        for column in ("title", "section", "publisher"):
            store.db.execute(f"UPDATE record SET {column}=?", (MARKUP,))
        store.db.execute("UPDATE source SET cause=?, title=?", (MARKUP, MARKUP))
        url = store.db.execute("SELECT url FROM record LIMIT 1").fetchone()[0]
    store.close()
    for line in (
        "check", "status", "sources", "topics", f"why {url}", f"history {url}", "log courier", "opml export",
        "feed all", "token add family --name [/]", "token list", "why [/]", "sources pause [/]", "feed [/]", "log [/]",
    ):  # fmt: skip
        code = main(["--config", str(config), *line.split()])
        said = capsys.readouterr()
        assert code in (0, 2, 3, 6), (line, said.err[-500:])
        if line in ("status", f"why {url}"):
            assert "[/]" in said.out
    for words in (["search", "title:quay"], ["topics", "test", '"[/]"'], ["topics", "test", "[/]"]):
        assert main(["--config", str(config), *words]) in (0, 2, 3), capsys.readouterr().err[-500:]
