"""The commands that run, show and publish: which application they open, what they print, with which code they end."""

from __future__ import annotations

import asyncio
import errno
import io
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from feeds.app.cli import run
from feeds.app.cli.command import CONFIGURATION, DONE, FAILED, IN_USE, USAGE
from feeds.app.daemon import once as rounds
from feeds.app.inspect import preview
from feeds.app.jobs.queue.documents import WrongDocument
from feeds.errors import StoreBusy, StoreInUse
from feeds.model import Topic
from feeds.store.database.location import PostgresLocation
from scrapers import CopydeskError, Seed
from tests.support.stores import call_at_once


class Paper:
    """An output that keeps what is said, with the kind of each line."""

    quiet = watched = False

    def __init__(self) -> None:
        self.lines: list[tuple[str, Any]] = []
        for name in ("say", "error", "print", "json"):
            setattr(self, name, lambda text="", name=name: self.lines.append((name, text)))

    def working(self, text: str) -> Any:
        self.lines.append(("working", text))
        return nullcontext()


@dataclass
class Desk:
    """A context, and an application that is opened without a store; `opened` tells with which settings."""

    config: Any
    paper: Paper = field(default_factory=Paper)
    opened: list[dict[str, Any]] = field(default_factory=list)
    app: Any = None
    refuses: list[Exception] = field(default_factory=list)

    @property
    def ctx(self) -> Any:
        return SimpleNamespace(
            config=lambda: self.config, output=self.paper, path=self.config.folder / "config.toml", level=20,
            run=asyncio.run,
        )  # fmt: skip

    @asynccontextmanager
    async def application(self, config: Any, **settings: Any) -> Any:
        self.opened.append(settings)
        if self.refuses:
            raise self.refuses.pop(0)
        yield self.app


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    config = SimpleNamespace(
        folder=tmp_path, store_at=tmp_path / "copydesk.db", public=tmp_path / "public",
        log=SimpleNamespace(format="text"), web=SimpleNamespace(listen="127.0.0.1:8484"),
        address=lambda: ("127.0.0.1", 8484),
    )  # fmt: skip
    installation = SimpleNamespace(
        config=config, seeds={"courier": Seed("courier", "https://courier.example/")}, topics=(Topic("all", "All"),),
        publish_settings=lambda: "settings",
    )  # fmt: skip

    made = Desk(
        config, app=SimpleNamespace(installation=installation, thread=SimpleNamespace(call=call_at_once, store="store"))
    )
    monkeypatch.setattr(run, "open_application", made.application)
    for name in ("one_arena", "collect_seldom"):
        monkeypatch.setattr(run, name, lambda: None)
    monkeypatch.setattr(run.logs, "configure", lambda **told: None)
    return made


class Socket:
    """What listens."""

    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def test_the_daemon_and_a_round(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[dict[str, Any]] = []
    sockets: list[Socket] = []
    taken: list[OSError] = []

    class Daemon:
        def __init__(self, app: Any, path: Path, on_ready: Callable[[str, str], None]) -> None:
            assert (app, path) == (desk.app, desk.ctx.path)
            on_ready("http://127.0.0.1:8484", "")

        async def run(self, **told: Any) -> int:
            ran.append(told)
            return 7

    def listening(host: str, port: int) -> Any:
        assert (host, port) == ("127.0.0.1", 8484)
        if taken:
            raise taken.pop()
        sockets.append(Socket())
        return sockets[-1]

    async def visited(ctx: Any, app: Any) -> int:
        return 6

    monkeypatch.setattr("feeds.app.daemon.daemon.Daemon", Daemon)
    monkeypatch.setattr(run, "listening", listening)
    monkeypatch.setattr(run, "_round", visited)
    assert run.run(ctx=desk.ctx) == 7
    assert ran == [{"web": True, "listener": sockets[0]}] and sockets[0].closed == 1
    assert desk.opened.pop() == {"daemon": True, "work_at": None, "elsewhere": True}
    assert run.run(web=False, ctx=desk.ctx) == 7 and ran.pop() == {"web": False, "listener": None}
    assert run.run(once=True, ctx=desk.ctx) == 6 and len(sockets) == 1
    assert desk.opened.pop() == {"daemon": True, "work_at": None, "elsewhere": False}
    desk.opened.clear()
    taken.append(OSError(errno.EADDRINUSE, "in use"))
    assert run.run(ctx=desk.ctx) == IN_USE and desk.opened == []
    assert desk.paper.lines[-1][0] == "error" and "8484" in desk.paper.lines[-1][1]

    shared = PostgresLocation("postgresql://desk@db.example/desk", Path(), None)
    desk.config.store_at = shared
    assert run.run(ctx=desk.ctx) == 7 and ran[-1]["listener"] is sockets[1] and sockets[1].closed == 1
    assert desk.opened.pop() == {"daemon": True, "work_at": shared, "elsewhere": True}
    taken.append(OSError(errno.EACCES, "not allowed"))
    assert run.run(ctx=desk.ctx) == IN_USE
    desk.refuses.append(StoreInUse("another leads"))
    monkeypatch.setattr(run, "STANDBY", 0.01)
    assert run.run(ctx=desk.ctx) == 7, "it waits for its turn"
    desk.refuses.append(StoreInUse("another leads"))
    with pytest.raises(StoreInUse):
        run.run(once=True, ctx=desk.ctx)


def test_a_desk_that_led_ends_and_one_that_waits_ends_by_a_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    async def work(error: Exception) -> int:
        tries.append(1)
        raise error

    for error in (StoreInUse("another leads"), StoreBusy("it is busy")):
        with pytest.raises(type(error)):
            asyncio.run(run._in_turn(lambda error=error: work(error), lambda: True))  # type: ignore[misc]
    with pytest.raises(OSError, match="x"):
        asyncio.run(run._in_turn(lambda: work(OSError("x")), lambda: False))

    async def waits(number: int) -> int:
        loop = asyncio.get_running_loop()
        handlers: dict[int, Any] = {}
        monkeypatch.setattr(loop, "add_signal_handler", lambda number, work: handlers.update({number: work}))

        async def refused() -> int:
            loop.call_later(0.01, lambda: handlers[number]())
            raise StoreInUse("another leads")

        return await run._in_turn(refused, lambda: False)

    monkeypatch.setattr(run, "STANDBY", 60.0)
    for number in (signal.SIGTERM, signal.SIGINT):
        assert asyncio.run(asyncio.wait_for(waits(number), 50.0)) == DONE


def test_a_desk_that_waits_listens_when_the_other_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []
    until, error = 3, errno.EADDRINUSE

    def listening(host: str, port: int) -> str:
        tries.append(port)
        if len(tries) < until:
            raise OSError(error, "no")
        return "socket"

    async def at_once(seconds: float) -> None:
        assert seconds == 0.5

    monkeypatch.setattr(run, "listening", listening)
    monkeypatch.setattr(asyncio, "sleep", at_once)
    config: Any = SimpleNamespace(address=lambda: ("127.0.0.1", 8484))
    assert asyncio.run(run._listening(config)) == "socket" and len(tries) == 3
    for error, until, count in ((errno.EACCES, 3, 1), (errno.EADDRINUSE, 999, run.LISTENS + 1)):  # noqa: B007
        tries.clear()
        with pytest.raises(OSError, match="no"):
            asyncio.run(run._listening(config))
        assert len(tries) == count


def test_what_is_said_when_it_is_ready(desk: Desk) -> None:
    for address, way_in, lines in (
        ("http://a", "", ["Feeds and status at http://a/ – stop with Ctrl-C"]),
        ("", "", []),
        ("", "http://a/in", ["Your desk, once: http://a/in"]),
        ("", "no password", ["Your desk is shut: no password"]),
    ):
        desk.paper.lines.clear()
        run._ready(desk.ctx, desk.app, address, way_in)
        assert [text for _, text in desk.paper.lines] == lines


def test_a_round_tells_what_it_did(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    done = SimpleNamespace(in_words=lambda: ["2 sources visited", "1 failed"], exit_code=0)

    async def once(app: Any, on_done: Any = None) -> Any:
        asked.append(on_done)
        if on_done is not None:
            await on_done("courier")
        return done

    async def due_now(app: Any) -> list[str]:
        return ["courier"]

    monkeypatch.setattr(rounds, "once", once)
    monkeypatch.setattr(rounds, "due_now", due_now)
    assert asyncio.run(run._round(desk.ctx, desk.app)) == 0
    assert desk.paper.lines == [("say", "2 sources visited"), ("say", "1 failed")]
    done.exit_code = FAILED
    desk.paper.lines.clear()
    assert asyncio.run(run._round(desk.ctx, desk.app)) == FAILED
    assert desk.paper.lines == [("error", "2 sources visited"), ("error", "1 failed")]
    from rich.console import Console
    from rich.progress import Progress

    desk.paper.err = Console(file=io.StringIO(), force_terminal=True)  # type: ignore[attr-defined]
    bars: list[tuple[Any, ...]] = []

    class Bars(Progress):
        def add_task(self, description: str, **more: Any) -> Any:
            bars.append((description, more))
            return super().add_task(description, **more)

        def update(self, task: Any, **more: Any) -> None:
            bars.append((task, more))
            super().update(task, **more)

    monkeypatch.setattr("rich.progress.Progress", Bars)
    for watched, quiet, shown in ((True, False, True), (True, True, False), (False, False, False)):
        desk.paper.watched, desk.paper.quiet = watched, quiet
        asyncio.run(run._round(desk.ctx, desk.app))
        assert (asked[-1] is not None) is shown
    assert bars == [("visiting", {"total": 1}), (0, {"advance": 1, "description": "courier"})]


def test_what_a_scraper_needs(desk: Desk) -> None:
    right = "postgresql://desk@db.example/desk"
    for url, password, parallel, words in (
        ("sqlite:a", None, 5, "--url: should be postgresql://USER@HOST/DATABASE"),
        ("postgresql://desk:secret@db.example/desk", None, 5, "--url: "),
        (right, "secret", 5, '--password: should be "env:NAME" or "file:PATH", never the password itself'),
        (right, None, 0, "--parallel: should be between 1 and 200"),
        (right, None, 201, "--parallel: should be between 1 and 200"),
    ):
        assert run.scraper(url=url, password=password, parallel=parallel, ctx=desk.ctx) == USAGE
        assert desk.paper.lines[-1][1].startswith(words)
    for parallel in (1, 200):
        with pytest.raises(CopydeskError, match="NO_SUCH_PASSWORD"):
            run.scraper(url=right, password="env:NO_SUCH_PASSWORD", parallel=parallel, ctx=desk.ctx)


def test_a_scraper_makes_visits_until_it_is_told_to_stop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    wrong: list[Exception] = []

    class Database:
        def __init__(self, conninfo: Any, connections: int) -> None:
            told.append(connections)

        async def open(self, *, wait: bool) -> None:
            told.append(wait)

        async def close(self) -> None:
            told.append("closed")

    class Scraper:
        def __init__(self, database: Any, *, parallel: int, clock: Any) -> None:
            self.stopping = asyncio.Event()
            told.append(parallel)

        async def run(self, ready: Callable[[str], None]) -> None:
            ready("mill-1")
            if wrong:
                raise wrong.pop()
            signal.raise_signal(signal.SIGTERM)
            await self.stopping.wait()

    monkeypatch.setattr("feeds.store.queue.database.WorkDatabase", Database)
    monkeypatch.setattr("feeds.app.jobs.queue.scraper.Scraper", Scraper)
    url = "postgresql://desk@db.example/desk"
    for parallel, connections in ((1, 2), (20, 4), (200, 8)):
        told.clear()
        assert run.scraper(url=url, parallel=parallel, ctx=desk.ctx) == DONE
        assert told == [connections, parallel, False, "closed"]
        assert desk.paper.lines.pop() == ("say", "mill-1 makes visits – stop with Ctrl-C")
    wrong.append(WrongDocument("it speaks another version"))
    assert run.scraper(url=url, ctx=desk.ctx) == CONFIGURATION
    assert desk.paper.lines.pop() == ("error", "it speaks another version") and told[-1] == "closed"


def test_what_is_tried(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []
    sight: Any = SimpleNamespace(record="the record", as_json=lambda: {"a": 1})
    seeds = {"courier": Seed("courier", "https://courier.example/")}

    async def at_address(*told: Any) -> Any:
        asked.append(told)
        return sight

    def at_file(*told: Any) -> Any:
        asked.append(told[:-1])
        return sight

    printed: list[Any] = []
    monkeypatch.setattr(preview, "seeds_of", lambda config: seeds)
    monkeypatch.setattr(preview, "at_address", at_address)
    monkeypatch.setattr(preview, "at_file", at_file)
    monkeypatch.setattr(preview, "print_sight", lambda output, sight, explain: printed.append((output, sight, explain)))
    monkeypatch.setattr(preview, "document", lambda record: f"<p>{record}".encode())
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out))
    saved, url = tmp_path / "a.html", "https://courier.example/a"
    saved.write_text("<p>")
    ctx = desk.ctx
    assert run.try_("courier", ctx=ctx) == USAGE and asked == []
    assert desk.paper.lines.pop()[1].endswith("config.toml no source either")
    assert run.try_(url, ctx=ctx) == CONFIGURATION and "needed to fetch pages" in desk.paper.lines.pop()[1]
    assert run.try_(str(saved), ctx=ctx) == DONE and asked.pop() == (saved, None, None, "auto")
    (tmp_path / "config.toml").write_text("")
    assert run.try_(url, kind="listing", explain=True, ctx=ctx) == DONE
    assert asked.pop() == (desk.config, url, seeds, None, "listing") and printed.pop() == (desk.paper, sight, True)
    assert run.try_("courier", seed="courier", ctx=ctx) == DONE and asked.pop()[1:4] == ("courier", seeds, "courier")
    assert run.try_(str(saved), url=url, seed="courier", ctx=ctx) == DONE
    assert asked.pop() == (saved, url, seeds["courier"], "auto")
    for what, seed, words in (
        ("curier", None, "curier: is no address and no file, and there is no source curier"),
        (url, "curier", "there is no source curier"),
    ):
        assert run.try_(what, seed=seed, ctx=ctx) == USAGE and asked == []
        assert desk.paper.lines.pop()[1].startswith(words)
    printed.clear()
    assert run.try_(url, json=True, html=True, ctx=ctx) == DONE and desk.paper.lines.pop() == ("json", {"a": 1})
    assert run.try_(url, html=True, ctx=ctx) == DONE and out.getvalue() == b"<p>the record" and printed == []
    sight.record = None
    assert run.try_(url, html=True, ctx=ctx) == DONE and len(printed) == 1


def test_a_feed_is_printed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out))
    told: list[tuple[Any, ...]] = []
    data: bytes | None = b"<feed/>"

    def document(*asked: Any) -> bytes | None:
        told.append(asked)
        return data

    monkeypatch.setattr(run.plan, "feed_document", document)
    assert run.feed("all", form="rss", ctx=desk.ctx) == DONE and out.getvalue() == b"<feed/>"
    assert told.pop() == ("store", "settings", desk.app.installation.topics, "all", "rss") and desk.opened == [{}]
    assert run.feed("al", ctx=desk.ctx) == USAGE and told == []
    assert desk.paper.lines.pop() == ("error", "there is no topic al; did you mean all?")
    data = None
    assert run.feed("all", ctx=desk.ctx) == FAILED
    assert desk.paper.lines.pop() == ("error", "the topic all has no entries yet")


def test_the_folder_is_published(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def progress(ctx: Any, what: str) -> Iterator[str]:
        yield f"told of {what}"

    async def publish_all() -> list[str]:
        return ["a", "b"]

    answer: dict[str, Any] = {"files": 5}

    async def ask(app: Any, what: str, told: Any) -> dict[str, Any]:
        assert (app, what, told) == (desk.app, "publish", {"all": True})
        return answer

    holder: int | None = None
    monkeypatch.setattr(run, "progress", progress)
    monkeypatch.setattr(run, "ask", ask)
    monkeypatch.setattr(run, "lock_of", lambda where: SimpleNamespace(holder=lambda: holder))
    sent = SimpleNamespace(sent=[1], removed=[1, 2], unchanged=3)
    monkeypatch.setattr(run, "push", lambda folder, to: sent)
    desk.app.publisher = SimpleNamespace(publish_all=publish_all, progress=None)
    public = desk.config.public
    assert run.publish(ctx=desk.ctx) == DONE
    assert (desk.app.publisher.progress, desk.opened) == ("told of publishing", [{"daemon": True}])
    assert desk.paper.lines == [("say", f"2 files written to {public}")]
    assert run.publish(to="s3://b", ctx=desk.ctx) == DONE
    assert desk.paper.lines[-2:] == [
        ("working", "sending to s3://b"), ("say", "1 sent, 2 removed, 3 unchanged at s3://b"),
    ]  # fmt: skip
    holder = 7
    assert run.publish(ctx=desk.ctx) == DONE
    assert desk.opened[-1] == {"daemon": False} and desk.paper.lines[-1] == ("say", f"5 files written to {public}")
    answer = {"error": "it does not answer"}
    with pytest.raises(CopydeskError, match="it does not answer"):
        run.publish(ctx=desk.ctx)
