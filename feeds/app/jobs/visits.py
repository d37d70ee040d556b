"""Making a visit: a `VisitRequest` goes in, a `Run` comes out.

Nothing here uses the store: what a visit needs of the past is in its request, and its result is the Run; both are plain
values. So a visit can be made wherever there is a fetcher and a reader of pages. `run_keeper.py` keeps the Run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import structlog

from scrapers import (
    CopydeskError,
    Fetcher,
    File,
    Given,
    Past,
    Progress,
    Record,
    Run,
    Seed,
    VisitLimits,
    backfill,
    read_given,
    revisit,
    scrape,
    scrape_page,
)

from ..system.clock import uptime
from ..workers.pool import Workers

VISIT_SECONDS = 600.0
BEAT = 1.0
STOOD_STILL = 5.0  # seconds without a turn of the loop from which a failed visit is not the site's fault
Early = Callable[[Sequence[Record]], Awaitable[None]]
Kind = Literal["visit", "fetch", "revisit", "backfill"]


@dataclass(frozen=True, slots=True)
class VisitRequest:
    """What is to be visited, and what the visit has to know."""

    seed: Seed
    kind: Kind = "visit"  # "fetch" is a visit that a person asked for
    past: Past = field(default_factory=Past)
    limits: VisitLimits | None = None
    records: tuple[Record, ...] = ()  # of a revisit: the articles to look at again
    since: datetime | None = None  # of a backfill
    limit: int = 0  # of a backfill: at most so many stories
    files: tuple[File, ...] = ()  # of young articles, for a fetcher that does not remember that it asked for them


class StoodStill(CopydeskError):
    """A visit failed while the whole program was stopped or the machine slept: not the site's fault."""


class VisitFailed(CopydeskError):
    """A visit made elsewhere gave no Run that can be kept; not the site's fault."""


class Pulse:
    """Measures the longest time in which the loop did not turn, while the block runs: `longest`, in seconds.

    `clock` gives seconds, and goes on while the machine sleeps.
    """

    def __init__(self, clock: Callable[[], float] = uptime) -> None:
        self.longest = 0.0
        self._clock = clock
        self._last = clock()

    @property
    def stood_still(self) -> StoodStill | None:
        """A StoodStill error when the program stood still, else None."""
        if self.longest <= STOOD_STILL:
            return None
        return StoodStill(f"the program stood still for {self.longest:.0f} s while the site was asked")

    async def __aenter__(self) -> Pulse:
        self._task = asyncio.create_task(self._beat())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        del self._task  # it holds this object: in a ring, both would stay until garbage is collected
        self._note()

    def _note(self) -> None:
        now = self._clock()
        self.longest, self._last = max(self.longest, now - self._last - BEAT), now

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self._note()


class Visitor:
    """Makes visits with a fetcher and with workers that read the pages."""

    def __init__(self, fetcher: Fetcher, workers: Workers, clock: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._workers = workers
        self._clock = clock

    async def make(self, request: VisitRequest, early: Early | None = None, progress: Progress | None = None) -> Run:
        """Make a visit. Errors of a site are in the Run; raises StoodStill, and bugs as they are.

        `early` is given the records of a first visit as they come; `progress` is told of each step.
        """
        with structlog.contextvars.bound_contextvars(source=request.seed.name):
            async with Pulse() as pulse:
                run = await self._made(request, early, progress)
        still = pulse.stood_still
        if still is not None and run.failures and not run.fronts and not run.unchanged:
            raise still
        return run

    async def _made(self, request: VisitRequest, early: Early | None, progress: Progress | None) -> Run:
        seed, clock, read = request.seed, self._clock, self._workers
        async with self._fetcher.visit(seed, deadline=VISIT_SECONDS) as fetch:
            if request.kind == "revisit":
                return await revisit(seed, list(request.records), fetch, read, clock=clock)
            if request.kind == "backfill" and request.since is not None:
                return await backfill(
                    seed,
                    request.past,
                    fetch,
                    read,
                    since=request.since,
                    limit=request.limit,
                    clock=clock,
                    progress=progress,
                )
            return await scrape(
                seed,
                request.past,
                fetch,
                read,
                clock=clock,
                limits=request.limits,
                early=early,
                progress=progress,
                files=request.files,
            )

    async def given(self, request: VisitRequest, given: Sequence[Given]) -> Run:
        """A Run of imported articles."""
        with structlog.contextvars.bound_contextvars(source=request.seed.name):
            return await read_given(request.seed, request.past, given, self._workers, clock=self._clock)

    async def page(self, url: str, seed: Seed) -> Run:
        """A Run with the article of one address. Raises CopydeskError."""
        started = self._clock()
        async with self._fetcher.visit(seed, deadline=VISIT_SECONDS) as fetch:
            record = await scrape_page(url, seed, fetch, self._workers, clock=self._clock)
        return Run(source=seed.name, started=started, finished=self._clock(), records=(record,))
