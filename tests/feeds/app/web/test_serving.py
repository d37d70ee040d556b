"""The running server with what goes on beside it: the hub, pings, and the tables that are read anew."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock, call

import pytest

from feeds.app.web import serving as module
from feeds.app.web.serving import Serving, Tables


class Server:
    """A server that is ready at once and ends when it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.ready, self.ended = asyncio.Event(), asyncio.Event()
        self.error = error
        self.sockets: list[Any] = []

    async def serve(self, sockets: list[Any]) -> None:
        self.sockets = sockets
        if self.error is not None:
            raise self.error
        self.ready.set()
        await self.ended.wait()

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name == "should_exit" and value:
            self.ended.set()


def serving(server: Server, hub: Any = None, **more: Any) -> Any:
    routes = Mock(base_url="http://news.example")
    routes.feed.side_effect = lambda url: url.endswith(".atom")
    app = SimpleNamespace(installation=SimpleNamespace(config=SimpleNamespace(page_locale="en")))
    pings = SimpleNamespace(published=AsyncMock(), close=AsyncMock())
    return Serving(server, routes, app, "127.0.0.1:1", hub, pings, **more)  # type: ignore[arg-type]


def test_the_hub_works_beside_the_server_until_both_stop() -> None:
    async def go() -> None:
        begun, gone = asyncio.Event(), asyncio.Event()

        async def run() -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                gone.set()

        reader = SimpleNamespace(close=AsyncMock())
        one = serving(Server(), SimpleNamespace(run=run), reader=reader)
        await one.start("a socket")
        await begun.wait()
        assert one.server.sockets == ["a socket"]
        assert [task.get_name() for task in one._tasks] == ["web", "hub"]
        await one.stop()
        assert gone.is_set()
        one.pings.close.assert_awaited_once_with()
        reader.close.assert_awaited_once_with()
        alone = serving(Server())
        await alone.start("a socket")
        assert len(alone._tasks) == 1
        await alone.stop()

    asyncio.run(go())


def test_what_the_server_raises_at_its_start_is_raised() -> None:
    async def go() -> None:
        with pytest.raises(OSError, match="taken"):
            await serving(Server(OSError("taken"))).start(None)

    asyncio.run(go())


def test_a_bug_of_the_hub_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    log = Mock()
    monkeypatch.setattr(module, "log", log)

    async def go() -> None:
        bug, told = ValueError("x"), asyncio.Event()
        log.error.side_effect = lambda *_, **__: told.set()
        one = serving(Server(), SimpleNamespace(run=AsyncMock(side_effect=bug)))
        await one.start(None)
        await told.wait()
        log.error.assert_called_once_with("bug", part="hub", exc_info=bug)
        await one.stop()
        assert log.error.call_count == 1

    asyncio.run(go())


def test_after_publishing_the_tables_are_read_anew_and_readers_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = Tables({"t/a": 1}, {"p": 2}, {"q": "p"}, ("token",), {"s/x": 3})  # type: ignore[arg-type, dict-item]
    monkeypatch.setattr(module, "tables", AsyncMock(return_value=found))

    async def go() -> None:
        hub, api = SimpleNamespace(published=AsyncMock()), Mock()
        one = serving(Server(), hub, api=api)
        await one.published(["t/a.atom", "t/a.html"])
        assert one.routes.mock_calls[:3] == [
            call.set_locale("en"),
            call.set_places({"t/a": 1}, {"s/x": 3}),
            call.set_private_topics({"p": 2}, {"q": "p"}),
        ]
        api.set_tokens.assert_called_once_with(("token",))
        one.pings.published.assert_awaited_once_with(["http://news.example/t/a.atom"])
        hub.published.assert_awaited_once_with(["http://news.example/t/a.atom"])
        alone = serving(Server())
        await alone.published([])
        alone.pings.published.assert_awaited_once_with([])

    asyncio.run(go())
