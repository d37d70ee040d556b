"""Commands that make, change and copy an installation, and those that let somebody into the desk."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from feeds.app.cli import desk as doors
from feeds.app.cli import setup
from feeds.store import open_store
from scrapers import Seed
from tests.support.reading import NOW, reading_room

Told = tuple[int, str, str]


def test_an_installation_is_made_once_and_takes_starters_later(copydesk: Callable[..., Told], tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    code, _, err = copydesk("init", str(folder), "--starters", "nowhere")
    assert code == 2 and "there is no starter nowhere" in err and not folder.exists()
    assert copydesk("init", str(folder), "--empty", "--starters", "all")[::2] == (
        2, "--empty leaves out what --starters adds\n",
    )  # fmt: skip
    code, out, _ = copydesk("init", str(folder))
    lines = out.splitlines()
    assert code == 0 and lines[0] == f"{folder}/config.toml is ready."
    waiting = sorted(one.name for one in (folder / "seeds/starters").iterdir())
    assert lines[1:] == [
        f"{len(waiting)} starter seeds wait in {folder}/seeds/starters: --starters",
        "Next: put your address into `contact`, then", f"  cd {folder}",
        "  copydesk add https://www.paper.example/", "  copydesk check", "  copydesk run",
    ]  # fmt: skip
    assert (folder / ".gitignore").read_text() == "var/\n" and "[[topics]]" in (folder / "config.toml").read_text()
    assert copydesk("init", str(folder))[::2] == (2, f"{folder}/config.toml: is there already; nothing was changed\n")
    name = Path(waiting[0]).stem
    (folder / ".gitignore").write_text("mine")
    code, out, _ = copydesk("init", str(folder), "--starters", name)
    assert code == 0 and out.splitlines()[0] == f"1 source added to {folder}/seeds" and f"  {name}: " in out
    assert (folder / f"seeds/{name}.toml").exists() and (folder / ".gitignore").read_text() == "mine"
    code, out, _ = copydesk("init", str(folder), "--starters", name)
    assert (code, out) == (0, f"0 sources added to {folder}/seeds\n"), "what is there is not written over"
    bare = tmp_path / "bare"
    code, out, _ = copydesk("init", str(bare), "--empty")
    assert code == 0 and "wait in" not in out and list((bare / "seeds").iterdir()) == []
    assert "\n[[topics]]" not in (bare / "config.toml").read_text()
    (tmp_path / "file").write_text("")
    code, _, err = copydesk("init", str(tmp_path / "file/desk"))
    assert code == 2 and "Not a directory" in err


def test_what_is_forgotten_and_let_back(copydesk: Callable[..., Told], tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    with reading_room(tmp_path / "var") as room:
        wall = room.keep()
        room.keep(
            "island",
            "lamp",
            title="A new lamp",
            lines=("It is lit since Monday, and it can be seen from the next island.",) * 3,
        )
        room.store.sources.sync(
            [Seed("courier", "https://courier.example/"), Seed("island", "https://island.example/")], NOW
        )
    for name in ("courier", "island"):
        (tmp_path / f"seeds/{name}.toml").write_text(f'home = "https://{name}.example/"\n')

    def records() -> int:
        store = open_store(tmp_path / "var/copydesk.db")
        try:
            return store.records.count()
        finally:
            store.close()

    curier = "there is no source curier; did you mean courier?"
    for words, code, out, err in (
        (("forget", "https://courier.example/none"), 2, "", "https://courier.example/none: is no record\n"),
        (("forget", "curier"), 2, "", f"{curier} (an article is named by its whole address)\n"),
        (("forget", wall.url, "--dry-run"), 0, f"would remove “{wall.title}” for good\n", ""),
        (("forget", "island", "--dry-run"), 0, "would remove 1 record of island for good\n", ""),
        (("remember", wall.url), 2, "", f"{wall.url}: is no address of an article that was forgotten\n"),
    ):  # fmt: skip
        assert copydesk(*words) == (code, out, err), words
        assert records() == 2
    code, out, err = copydesk("forget", wall.url, "--yes")
    assert (code, out) == (0, "1 record is removed\n") and "publishing, and cleaning the store" in err
    assert records() == 1
    assert copydesk("remember", wall.url)[:2] == (0, "it may come back with the next visit\n")
    (tmp_path / "var/backups").mkdir(exist_ok=True)
    assert copydesk("backup", str(tmp_path / "copy.db"))[:2] == (0, f"{tmp_path}/copy.db: 1 record\n")
    assert copydesk("forget", "island", "--yes")[:2] == (0, "1 record is removed\n")
    assert records() == 0


def test_the_files_are_cleaned_by_the_daemon_or_by_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Any] = []
    holder: int | None = 7
    answer: dict[str, Any] = {"clean": True}
    scrubbed = True

    async def note(what: str, given: Any) -> Any:
        done.append(what)
        return given

    @asynccontextmanager
    async def application(config: Any, **settings: Any) -> Any:
        done.append(settings)
        yield SimpleNamespace(
            publisher=SimpleNamespace(publish=lambda: note("published", None)),
            thread=SimpleNamespace(scrub=lambda: note("scrubbed", scrubbed)),
        )

    monkeypatch.setattr(setup, "open_application", application)
    monkeypatch.setattr(setup, "lock_of", lambda where: SimpleNamespace(holder=lambda: holder))
    monkeypatch.setattr(setup, "ask", lambda app, what, told: note(what, answer))
    config: Any = SimpleNamespace(store_at=tmp_path)
    busy = "another process reads the store; say it again later"
    for told, why in (
        ({"clean": True}, ""),
        ({"clean": False}, busy),
        ({}, busy),
        ({"error": "it hangs"}, "it hangs"),
    ):
        answer = told
        assert asyncio.run(setup._clean_up(config)) == why
        assert done == [{"daemon": False}, "forget"]
        done.clear()
    holder = None
    for clean, why in ((True, ""), (False, busy)):
        scrubbed = clean
        assert asyncio.run(setup._clean_up(config)) == why
        assert done == [{"daemon": True}, "published", "scrubbed"]
        done.clear()


def test_a_copy_is_written_where_there_is_room_for_it(copydesk: Callable[..., Told], tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    assert copydesk("backup", str(target))[::2] == (2, f"{tmp_path}/var/copydesk.db: there is no store yet\n")
    open_store(tmp_path / "var/copydesk.db", daemon=True).close()
    assert copydesk("backup", str(target))[:2] == (0, f"{target}: 0 records\n")
    for where, why in (
        (tmp_path, f"{tmp_path}: is a folder; name the file to write, such as {tmp_path}/copydesk.db"),
        (target, f"{target}: is there already; --force writes over it"),
        (tmp_path / "none/copy.db", f"{tmp_path}/none: there is no such folder"),
    ):
        assert copydesk("backup", str(where))[::2] == (2, f"{why}\n")
    target.write_text("")
    assert copydesk("backup", str(target), "--force")[0] == 0 and target.stat().st_size > 0


def test_a_sample_is_of_a_source_that_there_is(copydesk: Callable[..., Told], tmp_path: Path) -> None:
    (tmp_path / "seeds/courier.toml").write_text('home = "https://courier.example/"\n')
    (tmp_path / "seeds/wrong.toml").write_text("home = 5\n")
    said = "<p>The harbour master said on Monday that the old quay would stay closed until the spring.</p>" * 5
    (tmp_path / "a.html").write_text(f"<title>Quay</title><article><h1>Old quay closed</h1>{said}</article>")
    code, out, _ = copydesk("sample", "courier", str(tmp_path / "a.html"), "--url", "https://courier.example/quay")
    stem = tmp_path / "seeds/courier/courier-example-quay"
    assert (code, out) == (0, f"{stem}.html\n{stem}.json\n")
    code, _, err = copydesk("sample", "curier", str(tmp_path / "a.html"))
    assert code == 2 and "did you mean courier?" in err
    code, _, err = copydesk("sample", "wrong", str(tmp_path / "a.html"))
    assert code == 3 and "wrong.toml" in err


def test_a_password_is_typed_twice_or_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", io.StringIO("of a script \r\nmore"))
    assert doors._told() == "of a script "
    monkeypatch.setattr(sys, "stdin", Terminal())
    for second, told in (("first", "first"), ("other", None)):
        typed = {"Password of the desk: ": "first", "Once more: ": second}
        monkeypatch.setattr(doors, "getpass", typed.pop)
        assert doors._told() == told and not typed


def test_the_password_of_the_desk(
    copydesk: Callable[..., Told], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sent(text: str, *more: str) -> Told:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        return copydesk("desk", "password", *more)

    open_store(tmp_path / "var/copydesk.db", daemon=True).close()
    code, out, err = sent("short\n")
    assert (code, out) == (2, "") and err.startswith("the password ") and err.endswith("; nothing was changed\n")
    assert sent("a password that is long enough\n")[:2] == (0, "the password of http://127.0.0.1:8484/desk is set\n")
    monkeypatch.setattr(doors, "_told", lambda: None)
    assert sent("")[::2] == (2, "the two were not the same; nothing was changed\n")
    holder: int | None = 7
    asked: list[tuple[str, dict[str, str]]] = []
    answer: dict[str, str] = {}

    def ask(ctx: Any, config: Any, kind: str, payload: dict[str, str]) -> dict[str, str]:
        asked.append((kind, payload))
        return answer

    monkeypatch.setattr(doors, "_ask", ask)
    monkeypatch.setattr(doors, "lock_of", lambda where: SimpleNamespace(holder=lambda: holder))
    removed = "the desk has no password any more\n"
    assert sent("", "--remove", "--yes")[:2] == (0, removed) and asked.pop() == ("desk_password", {})
    answer = {"error": "it hangs"}
    assert sent("", "--remove", "--yes") == (6, removed, "the running daemon did not take notice: it hangs\n")
    assert copydesk("desk", "link") == (6, "", "it hangs\n")
    answer = {"address": "http://127.0.0.1:8484/desk"}
    code, out, _ = copydesk("desk", "link")
    token = out.removeprefix("http://127.0.0.1:8484/desk/enter?link=").strip()
    assert code == 0 and asked.pop() == ("desk_link", {"digest": doors.links.link_digest(token)})
    holder = None
    asked.clear()
    code, _, err = copydesk("desk", "link")
    assert code == 6 and err.startswith("no daemon is running") and asked == []
    assert sent("", "--remove", "--yes")[0] == 0 and asked == []
