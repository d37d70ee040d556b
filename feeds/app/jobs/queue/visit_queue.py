"""The queue of visits: who has a visit made, and its Run kept. One protocol, whoever makes it.

Here this process makes the visits, as many at once as the settings say. `shared_queue.py` has them made elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

from scrapers import Progress

from .... import pipe
from ..run_keeper import RunKeeper
from ..visits import VISIT_SECONDS, Kind, Pulse, Visitor, VisitRequest


class VisitQueue(Protocol):
    """Has visits made and their Runs kept."""

    on_kept: Callable[[str, pipe.Kept], None] | None  # called with source and outcome of a Run that nobody waited for
    elsewhere: bool  # other processes make the visits, so a long wait does not mean that this one hangs

    def place(self, kind: Kind) -> AbstractAsyncContextManager[None]:
        """A place for one due visit, for the length of the block. Take it before reading the visit's input."""

    async def visit(self, request: VisitRequest, progress: Progress | None = None) -> pipe.Kept:
        """Have a visit made, keep its Run, and say what that changed. A bug is raised, and StoodStill."""

    async def hurry(self, source: str) -> None:
        """A person waits for the visit of this source."""

    async def work(self) -> None:
        """The queue's background work, until cancelled."""

    async def report(self) -> dict[str, Any] | None:
        """The scrapers on other machines and their queue; None where there are none."""


class LocalQueue:
    """Visits made by this process."""

    elsewhere = False

    def __init__(self, visitor: Visitor, keeper: RunKeeper, parallel: int) -> None:
        self.on_kept: Callable[[str, pipe.Kept], None] | None = None
        self._visitor = visitor
        self._keeper = keeper
        self.places = asyncio.Semaphore(parallel)

    @asynccontextmanager
    async def place(self, _: Kind) -> AsyncIterator[None]:
        """One of the places; a visit that runs over its time is ended."""
        async with self.places, _in_time():
            yield

    async def visit(self, request: VisitRequest, progress: Progress | None = None) -> pipe.Kept:
        """Make a visit and keep its Run. The seam: making it needs no store, keeping it needs nothing of the web."""
        part = pipe.Part()
        run = await self._visitor.make(
            request, lambda records: self._keeper.keep_part(records, request, part), progress
        )
        return await self._keeper.keep(run, request, part)

    async def hurry(self, _: str) -> None:
        """Does nothing: this queue has no order."""

    async def work(self) -> None:
        """Does nothing."""

    async def report(self) -> None:
        """None: there are no other machines."""


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    """The deadline of a visit. Raises TimeoutError, or StoodStill where it passed while the program did not run."""
    pulse = Pulse()
    try:
        async with pulse, asyncio.timeout(VISIT_SECONDS + 2):
            yield
    except TimeoutError as error:
        if pulse.stood_still is not None:
            raise pulse.stood_still from error
        raise
