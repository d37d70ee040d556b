"""What commands pass on to what does their work, and how each kind of trouble ends."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, MagicMock, Mock, call

import pytest

from feeds.app.cli import desk, fetch, main, queries, recover, setup, status
from feeds.app.cli.command import USAGE
from feeds.app.cli.seeds import repair
from feeds.app.demo import demo as demonstration
from feeds.app.jobs.queue import opening
from feeds.app.system.output import Output
from feeds.app.system.starter_seeds import starters
from feeds.errors import ConfigError, QueryError, StoreBusy, StoreInUse, StoreUnusable
from feeds.store import PostgresLocation, restoring
from scrapers import CopydeskError, Forbidden, SeedError

Told = tuple[int, str, str]


@pytest.mark.parametrize("verbose", [False, True])
def test_the_demo_is_played_as_asked_and_logs_only_when_asked(
    verbose: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played, logged = Mock(return_value="played"), Mock()
    monkeypatch.setattr(demonstration, "play", played)
    monkeypatch.setattr(demonstration, "folder_for", lambda folder: folder / "inside")
    monkeypatch.setattr(setup.logs, "configure", logged)
    ctx: Any = Mock(verbose=verbose)
    ctx.run.return_value = 0
    assert setup.demo(once=True, fast=True, seed=7, folder=tmp_path, ctx=ctx) == 0
    played.assert_called_once_with(ctx.output, tmp_path / "inside", only_once=True, fast=True, seed=7)
    ctx.run.assert_called_once_with("played")
    assert [call.kwargs for call in logged.call_args_list] == ([] if verbose else [{"level": logging.ERROR}])
    monkeypatch.setattr(demonstration, "folder_for", Mock(side_effect=OSError("it holds other files")))
    assert setup.demo(folder=tmp_path, ctx=ctx) == USAGE
    ctx.output.error.assert_called_once_with("it holds other files")
    played.assert_called_once()


def test_an_installation_says_how_many_starters_wait(copydesk: Callable[..., Told], tmp_path: Path) -> None:
    some = sum("de" in one.groups for one in starters())
    _, out, _ = copydesk("init", str(tmp_path / "some"), "--starters", "de")
    assert f"\n{len(starters()) - some} starter seeds wait in {tmp_path / 'some/seeds/starters'}: --starters\n" in out
    _, out, _ = copydesk("init", str(tmp_path / "all"), "--starters", "all")
    assert "wait" not in out and "Next: put your address" in out
    assert f"  cd {tmp_path / 'all'}\n" in out
    _, out, _ = copydesk("init", str(tmp_path / "none"), "--empty")
    assert "wait" not in out


@pytest.mark.parametrize(
    "step", [recover._forgotten, recover._sound, lambda store: recover._forget_again(store, [("a", "b", 1)])]
)
def test_a_store_is_opened_as_the_daemon_opens_it_which_brings_it_up_to_date(
    step: Callable[[Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Mock()
    monkeypatch.setattr(recover, "open_store", opened)
    store = tmp_path / "store.db"
    store.touch()
    step(store)
    opened.assert_called_once_with(store, daemon=True)
    opened.return_value.close.assert_called_once_with()


@pytest.mark.parametrize("daemon", [False, True])
def test_a_backfill_of_a_source_that_is_not_there_says_which_there_are(
    daemon: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = AsyncMock()
    opened.__aenter__.return_value = SimpleNamespace(installation=SimpleNamespace(seeds={"courier": 1, "herald": 2}))
    asked: Any = Mock(return_value=opened)
    monkeypatch.setattr(fetch, "open_application", asked)
    monkeypatch.setattr(fetch, "lock_of", lambda _: Mock(holder=lambda: 17 if daemon else None))
    ctx: Any = Mock()

    def run(work: Any) -> int:
        with pytest.raises(StopIteration) as end:
            work.send(None)
        return int(end.value.value)

    ctx.run = run
    assert fetch.backfill("gazette", since="2026-01-31", ctx=ctx) == USAGE
    ctx.output.error.assert_called_once_with("there is no source gazette; known: courier, herald")
    asked.assert_called_once_with(ctx.config.return_value, daemon=not daemon)


PRIVATE = "10.0.0.1 is not a public address"
HINT = "; `allow_networks` in [fetch] opens networks of your own"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ConfigError("c"), main.CONFIGURATION, "c"),
        (SeedError("s", url="https://a.example/"), main.CONFIGURATION, "s"),
        (QueryError("q", query="a )", position=2), main.CONFIGURATION, "a )\n  ^\nq"),
        (StoreInUse("u"), main.IN_USE, "u"),
        (StoreUnusable("d"), main.UNUSABLE, "d"),
        (StoreBusy("b"), main.UNUSABLE, "b; nothing was changed, try again"),
        (CopydeskError("x"), main.FAILED, "x"),
        (CopydeskError("x", url="https://a.example/"), main.FAILED, "https://a.example/: x"),
        (CopydeskError("x https://a.example/ y", url="https://a.example/"), main.FAILED, "x https://a.example/ y"),
        (Forbidden(PRIVATE), main.FAILED, PRIVATE + HINT),
        (Forbidden("port 22 is not one for web pages"), main.FAILED, "port 22 is not one for web pages"),
        (CopydeskError(PRIVATE), main.FAILED, PRIVATE),
        (OSError(errno.EACCES, "Permission denied", "/a"), main.FAILED, "/a: Permission denied"),
        (OSError(errno.ENOSPC, "No space left"), main.FAILED, "No space left"),
    ],
)
def test_each_kind_of_trouble_has_its_code_and_its_line(error: Exception, code: int, words: str) -> None:
    output = Mock()
    assert main._failed(error, output) == code
    output.error.assert_called_once_with(words)


@pytest.mark.parametrize("error", [KeyError("x"), OSError(errno.EBADF, "Bad file descriptor")])
def test_what_is_no_known_trouble_is_a_bug_with_its_lines(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert main._failed(error, Output()) == main.BUG
    told = capsys.readouterr().err
    assert type(error).__name__ in told and "This is a bug in copydesk" in told


@pytest.mark.parametrize(
    ("error", "tokens", "code", "words"),
    [
        (OSError(errno.ENOENT, "gone", "/a/b"), ["try", "/a/b"], main.USAGE, "/a/b: gone"),
        (OSError(errno.ENOENT, "gone", "/a/b"), ["try", "/a"], main.USAGE, "/a/b: gone"),
        (OSError(errno.ENOENT, "gone", "/a/b"), ["try", "", "/c"], main.FAILED, "/a/b: gone"),
        (OSError(errno.ENOENT, "gone", "-a"), ["-a"], main.FAILED, "-a: gone"),
        (OSError(errno.ENOENT, "gone", "/" + "a" * 198), ["/"], main.USAGE, "/" + "a" * 198 + ": gone"),
        (OSError(errno.ENOENT, "gone", "/" + "a" * 199), ["/"], main.USAGE, "/" + "a" * 99 + "…: gone"),
        (OSError(errno.ENOSPC, "full"), ["/"], main.FAILED, "full"),
        (KeyboardInterrupt(), [], 130, "stopped"),
        (StoreInUse("u"), [], main.IN_USE, "u"),
    ],
)
def test_a_file_that_an_argument_named_is_the_fault_of_the_argument(
    error: BaseException,
    tokens: list[str],
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(main, "directly", Mock(side_effect=error))
    assert main.main(tokens) == code
    assert capsys.readouterr().err.replace("\n", "").endswith(words)


@pytest.mark.parametrize("given", ["a\0b", "a\udc80b", "a\ud800"])
def test_an_argument_that_is_no_text_is_refused(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["why", given]) == main.USAGE
    assert "an argument holds bytes that are no text" in capsys.readouterr().err


@pytest.mark.parametrize(("result", "code"), [(6, 6), (None, 0), ("done", 0)])
def test_what_a_command_gives_is_the_code(result: object, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "directly", lambda tokens: ("parsed", tokens))
    monkeypatch.setattr(main, "_call", lambda parsed, tokens: result)
    assert main.main(["an\tunprintable argument"]) == code


def test_the_desk_asks_the_daemon_and_waits_for_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, asked = AsyncMock(), AsyncMock(return_value={"address": "http://desk"})
    opened.__aenter__.return_value = "app"
    start: Any = Mock(return_value=opened)
    monkeypatch.setattr(desk, "open_application", start)
    monkeypatch.setattr(desk, "ask", asked)
    ctx: Any = Mock(run=asyncio.run)
    assert desk._ask(ctx, "config", "desk_link", {"digest": "d"}) == {"address": "http://desk"}  # type: ignore[arg-type]
    start.assert_called_once_with("config")
    asked.assert_awaited_once_with("app", "desk_link", {"digest": "d"}, 15.0)


def test_the_status_tells_of_scrapers_where_there_may_be_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = PostgresLocation("postgresql://desk@db.example/desk", tmp_path)
    opened, told = AsyncMock(), AsyncMock(return_value={"scrapers": [1]})
    opened.__aenter__.return_value = "work"
    monkeypatch.setattr(opening, "open_work", Mock(return_value=opened))
    monkeypatch.setattr(opening, "report_of", told)
    ctx: Any = Mock(run=asyncio.run)
    config: Any = SimpleNamespace(store_at=at)
    assert status._work(ctx, config) == {"scrapers": [1]}
    opening.open_work.assert_called_once_with(at.conninfo)  # type: ignore[attr-defined]
    told.assert_awaited_once_with("work")
    told.side_effect = StoreBusy("away")
    assert status._work(ctx, config) == {"why": "away", "scrapers": []}
    config.store_at = tmp_path / "store.db"
    assert status._work(ctx, config) is None


@pytest.mark.parametrize("there", [True, False])
def test_a_copy_is_put_into_a_database_after_what_was_there_is_kept(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = PostgresLocation("postgresql://desk@db.example/desk", tmp_path / "beside")
    steps = Mock()
    steps.check.return_value = 41
    steps.open.return_value.forgotten.all.return_value = [("a", "b", 1)]
    monkeypatch.setattr(restoring, "check_dump", steps.check)
    monkeypatch.setattr(restoring, "restore_dump", steps.restore)
    monkeypatch.setattr(recover, "open_store", steps.open)
    monkeypatch.setattr(recover, "store_exists", lambda at: at is where and there)
    file, now = tmp_path / "copy.dump", datetime(2026, 3, 1, 12, tzinfo=UTC)
    kept = tmp_path / "beside/copydesk.replaced-20260301T120000.dump"
    assert recover._restored(file, where, now) == (([("a", "b", 1)], kept) if there else ([], None))
    opened = [
        call.open(where), call.open().forgotten.all(), call.open().file.backup(kept), call.open().close(),
    ]  # fmt: skip
    assert steps.mock_calls == [call.check(file), *(opened if there else []), call.restore(file, where, 41)]
    assert kept.parent.is_dir() is there


@pytest.mark.parametrize(("what", "key"), [("config", "contact"), ("seed", "home")])
def test_the_schema_of_a_file_is_printed(what: str, key: str) -> None:
    ctx: Any = Mock()
    assert setup.schema_(what, ctx=ctx) == 0  # type: ignore[arg-type]
    (told,) = ctx.output.json.call_args.args
    assert key in told["properties"]


def applied(monkeypatch: pytest.MonkeyPatch, module: Any, app: Any, *, daemon: bool) -> Any:
    """Let a command have this application, beside a daemon or alone; how it was opened."""
    opened = AsyncMock()
    opened.__aenter__.return_value = app
    start = Mock(return_value=opened)
    monkeypatch.setattr(module, "open_application", start)
    monkeypatch.setattr(module, "lock_of", lambda _: Mock(holder=lambda: 17 if daemon else None))
    return start


@pytest.mark.parametrize("daemon", [False, True])
def test_topics_are_applied_by_the_daemon_where_one_runs_and_here_else(
    daemon: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Mock(publisher=Mock(publish=AsyncMock()), thread=Mock(call=AsyncMock(return_value={"harbour": 3})))
    start, asked = applied(monkeypatch, queries, app, daemon=daemon), AsyncMock(return_value={"harbour": 4})
    monkeypatch.setattr(queries, "ask", asked)
    ctx: Any = MagicMock(run=asyncio.run)
    assert queries.retopic(ctx=ctx) == 0
    start.assert_called_once_with(ctx.config.return_value, daemon=not daemon)
    rows = [["harbour", "4" if daemon else "3"]]
    ctx.output.table.assert_called_once_with(["topic", "records"], rows, right=["records"])
    assert (asked.await_count, app.publisher.publish.await_count) == ((1, 0) if daemon else (0, 1))
    if daemon:
        asked.assert_awaited_once_with(app, "retopic", {})
        asked.return_value = {"error": "it hangs"}
        assert queries.retopic(ctx=ctx) == main.FAILED
        ctx.output.error.assert_called_once_with("it hangs")


@pytest.mark.parametrize("daemon", [False, True])
def test_a_source_is_examined_by_the_daemon_where_one_runs_and_here_else(
    daemon: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Mock(repairs=Mock(examination=AsyncMock(return_value={"by": "us"})))
    start, asked = applied(monkeypatch, repair, app, daemon=daemon), AsyncMock(return_value={"by": "it"})
    monkeypatch.setattr(repair, "ask", asked)
    config: Any = Mock()
    assert asyncio.run(repair._examined(config, "courier")) == {"by": "it" if daemon else "us"}
    start.assert_called_once_with(config, daemon=not daemon)
    if daemon:
        asked.assert_awaited_once_with(app, "repair", {"name": "courier"})
    else:
        app.repairs.examination.assert_awaited_once_with("courier")
    asked.return_value = app.repairs.examination.return_value = {"error": "odd"}
    with pytest.raises(CopydeskError, match="odd"):
        asyncio.run(repair._examined(config, "courier"))


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("status", True),
        ("--config a status", True),
        ("--config=a status", True),
        ("status --config a", True),
        ("--config a --config b status", False),
        ("--config a --config=b status", False),
        ("--verbose --verbose status", False),
        ("--quiet --verbose status", True),
        ("--config -a status", False),
        ("--config", False),
        ("--config a", False),
        ("status --help", False),
        ("status --nonsense", False),
        ("run --parallel many", False),
        ("add", False),
        ("--version", False),
        ("-x status", False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_which_lines_are_read_by_their_command_alone(line: str, read: bool, capsys: pytest.CaptureFixture[str]) -> None:
    assert (main.directly(line.split()) is not None) is read
    assert capsys.readouterr() == ("", ""), "what is wrong is told by the whole program"
