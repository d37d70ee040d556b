"""The control queue: what a command asks of the running daemon, through the store, and the answer to it.

The daemon fills a table of handlers (`handlers.py`); a command asks by `ask` and waits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from scrapers import CopydeskError

from ...store import ControlRequest, StoreBusy
from ..application import Application
from ..system.clock import utc_now

PATIENCE = 660.0  # seconds that a command waits for a visit
PAUSE = 0.1
RETRY = 15.0  # seconds between tries to store an answer

Handler = Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]]
"""Does what is asked for with a payload, and gives the answer. Raises CopydeskError."""


class ControlQueue:
    """Takes requests from the store, has them handled, and stores the answers."""

    def __init__(self, app: Application, handlers: Mapping[str, Handler], stopping: asyncio.Event) -> None:
        self._app = app
        self._handlers = dict(handlers)
        self._stopping = stopping

    async def open_requests(self) -> list[ControlRequest]:
        """Take and return the requests that nobody has taken yet."""
        thread = self._app.thread
        return await thread.call(thread.store.control.claim, self._app.clock())

    async def handle(self, request: ControlRequest) -> dict[str, Any]:
        """Do what a command asked for; the answer for it. Raises CopydeskError."""
        return await self.perform(request.kind, request.payload)

    async def perform(self, kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Do something as a command asks for it, without the queue; the answer. Raises CopydeskError."""
        handler = self._handlers.get(kind)
        if handler is None:
            return {"error": f"this daemon does not know the request {kind!r}; is it of another version?"}
        return await handler(payload)

    async def answer(self, request: ControlRequest, pause: Callable[[float], Awaitable[None]]) -> None:
        """Handle a request and store its answer; a store that takes no writes is tried again until the daemon stops."""
        try:
            result = await self.handle(request)
        except CopydeskError as error:
            result = {"error": error.reason}
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 the command hears of it, the daemon goes on
            self._app.statistics.bug(error, f"request {request.kind}")
            result = {"error": f"a bug: {error!r}"}
        thread = self._app.thread
        while not self._stopping.is_set():
            with contextlib.suppress(StoreBusy):
                await thread.call(thread.store.control.answer, request.n, result, self._app.clock())
                return
            await pause(RETRY)


async def ask(app: Application, kind: str, payload: dict[str, Any], patience: float = PATIENCE) -> dict[str, Any]:
    """Put a request into the queue and wait for its answer; {"error": …} when none comes in time."""
    thread = app.thread
    n = await thread.call(thread.store.control.ask, kind, payload, utc_now())
    end = asyncio.get_running_loop().time() + patience
    while asyncio.get_running_loop().time() < end:
        answer = await thread.call(thread.store.control.get, n)
        if answer is None:
            return {"error": "the request was lost"}
        if answer.done is not None:
            return answer.result or {}
        if app.lock.holder() is None:
            return {"error": "the daemon ended before it answered"}
        await asyncio.sleep(PAUSE)  # another process answers through the store, so this polls
    return {"error": f"the daemon did not answer within {patience:.0f} s"}
