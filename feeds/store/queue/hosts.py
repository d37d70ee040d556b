"""Whose turn it is at a host, over all machines: the rows behind `scrapers.SharedPaces`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from scrapers import HostPace, HostTurn, PacesAway

from ...errors import StoreBusy
from .database import WorkDatabase

TOGETHER = 0.1  # seconds that a turn that is over waits for another one to be taken
ENDED_MOST = 100  # turns that wait
FORGOTTEN = 2 * 86_400  # seconds after which nothing of a host is worth remembering


def process_name() -> str:
    """A name of this process that no other one has, on whatever machine: `HOST-PID-RANDOM`."""
    return f"{socket.gethostname()[:80]}-{os.getpid()}-{secrets.token_hex(3)}"


class _OverTurn(NamedTuple):
    """A turn that is over and not given back yet."""

    host: str
    pause: float
    retry_in: float
    refusals: int
    at: float  # monotonic


class SharedHosts:
    """The turns of one process, which calls itself `owner`.

    A turn that is over waits a moment for the next one that is taken: both go to the database by one statement.
    """

    def __init__(self, database: WorkDatabase, owner: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._owner = owner
        self._monotonic = monotonic
        self._ended: list[_OverTurn] = []
        self._giving: asyncio.Task[None] | None = None

    async def take(self, host: str, *, hold: float, gap: float) -> HostTurn:
        """The turn at a host, or how long it is to be waited for. Raises PacesAway."""
        row = await self._change(host, hold, gap)
        return HostTurn(ours=row[0], wait=row[1], retry_in=row[2], refusals=row[3])

    async def give_back(self, host: str, *, pause: float, retry_in: float, refusals: int) -> None:
        """The turn is over. When that cannot be told it ends by itself, at its latest moment."""
        self._ended.append(_OverTurn(host, pause, retry_in, refusals, self._monotonic()))
        if retry_in > 0 or len(self._ended) >= ENDED_MOST:
            await self.settle()
        elif self._giving is None or self._giving.done():
            self._giving = asyncio.create_task(self._settle_later())

    async def settle(self) -> None:
        """Give back what is over now."""
        if self._ended:
            with contextlib.suppress(PacesAway):
                await self._change(None, 0.0, 0.0)

    async def _settle_later(self) -> None:
        await asyncio.sleep(TOGETHER)
        await self.settle()

    async def _change(self, wanted: str | None, hold: float, gap: float) -> Any:
        """Give back what is over, and take a turn. What may have arrived is told only once: it may be ours anew."""
        if not self._ended:
            return await self._ask(
                "SELECT * FROM copydesk_work.take_host(%s, %s, %s, %s)", wanted, self._owner, hold, gap
            )
        ended, self._ended = self._ended, []
        now = self._monotonic()
        return await self._ask(
            "SELECT * FROM copydesk_work.change_hosts"
            "(%s::text[], %s, %s::float8[], %s::float8[], %s::int[], %s, %s, %s)",
            [one.host for one in ended],
            self._owner,
            [max(0.0, one.pause - (now - one.at)) for one in ended],
            [max(0.0, one.retry_in - (now - one.at)) for one in ended],
            [one.refusals for one in ended],
            wanted,
            hold,
            gap,
        )

    async def copy(self, origin: str) -> HostPace | None:
        """The copy of an origin's robots.txt that somebody fetched last. Raises PacesAway."""
        row = await self._ask("SELECT * FROM copydesk_work.robots_copy(%s)", origin)
        if row is None or (row[1] is None and row[2] is None):
            return None
        return HostPace(origin, robots=row[0], robots_fetched=row[1], robots_failed=row[2])

    async def keep_copy(self, pace: HostPace) -> None:
        """Keep a copy of robots.txt for all. One that cannot be kept is fetched again by others."""
        with contextlib.suppress(PacesAway):
            sql = "SELECT copydesk_work.keep_robots(%s, %s, %s, %s)"
            await self._ask(sql, pace.host, pace.robots, pace.robots_fetched, pace.robots_failed)

    async def forget_old(self) -> int:
        """Forget hosts of which nothing counts any more; how many."""
        old = "seen < clock_timestamp() - make_interval(secs => %s)"
        gone = await self._database.run(f"DELETE FROM copydesk_work.host WHERE {old}", FORGOTTEN)  # noqa: S608
        return gone + await self._database.run(f"DELETE FROM copydesk_work.robots WHERE {old}", FORGOTTEN)  # noqa: S608

    async def _ask(self, sql: str, *values: object) -> Any:
        try:
            return await self._database.one(sql, *values)
        except StoreBusy as error:
            raise PacesAway(error.reason) from error
