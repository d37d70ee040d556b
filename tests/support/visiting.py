"""Short ways to fetch in a test: no gaps on loopback, no second tries.

Time limits are generous, so that none ends what a busy machine delays. `QUICK` are those of tests that wait for one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from scrapers import Fetcher, Limits, Page, Request, Seed
from scrapers.errors import CopydeskError
from scrapers.fetch.http.transport import Resolver
from tests.support.waiting import PATIENCE

PATIENT = Limits(connect=PATIENCE, read=PATIENCE, write=PATIENCE, dns=PATIENCE, file_wait=PATIENCE, retries=0)
DEADLINE = 2.5  # seconds of one request where a test waits for its end
QUICK: dict[str, Any] = {"limits": replace(PATIENT, read=0.8), "deadline": DEADLINE}


class Clock:
    """A wall clock that only moves when somebody sleeps."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Names(Resolver):
    """A name server with a table of its own; what is not in it is looked up as usual."""

    def __init__(self, table: dict[str, tuple[str, ...]]) -> None:
        super().__init__(timeout=PATIENCE, monotonic=time.monotonic)
        self.table = table

    async def addresses(self, host: str) -> tuple[str, ...]:
        return self.table[host] if host in self.table else await super().addresses(host)


def make_fetcher(**changes: Any) -> Fetcher:
    """A fetcher for tests; `changes` are its arguments."""
    arguments: dict[str, Any] = {
        "contact": "mailto:desk@example.org",
        "version": "0",
        "allow_networks": ["127.0.0.0/8", "::1/128"],
        "local_gap": 0.0,
        "limits": PATIENT,
        "deadline": 2 * PATIENCE,
    }
    return Fetcher(**(arguments | changes))


def run(work: Callable[[Fetcher], Coroutine[Any, Any, Any]], **changes: Any) -> Any:
    """Runs `work` with a fetcher that is closed afterwards."""

    async def go() -> Any:
        fetcher = make_fetcher(**changes)
        try:
            return await work(fetcher)
        finally:
            await fetcher.aclose()

    return asyncio.run(go())


def get(request: Request | str, *, seed: Seed | None = None, **changes: Any) -> Page:
    """One page by one visit."""

    async def work(fetcher: Fetcher) -> Page:
        async with fetcher.visit(seed) as fetch:
            return await fetch(request if isinstance(request, Request) else Request(request))

    page = run(work, **changes)
    assert isinstance(page, Page)
    return page


def failure(request: Request | str, **changes: Any) -> CopydeskError:
    """The error that a request ends with."""
    try:
        page = get(request, **changes)
    except CopydeskError as error:
        return error
    raise AssertionError(f"no error, but {replace(page, body=page.body[:80])}")
