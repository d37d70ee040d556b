"""Whose turn it is at a host, over all machines: the rows behind `scrapers.SharedPaces`."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from typing import Any

from scrapers import HostPace, HostTurn, PacesAway

from ...errors import StoreBusy
from .database import WorkDatabase

FORGOTTEN = 2 * 86_400  # seconds after which nothing of a host is worth remembering


def process_name() -> str:
    """A name of this process that no other one has, on whatever machine: `HOST-PID-RANDOM`."""
    return f"{socket.gethostname()[:80]}-{os.getpid()}-{secrets.token_hex(3)}"


class SharedHosts:
    """The turns of one process, which calls itself `owner`."""

    def __init__(self, database: WorkDatabase, owner: str) -> None:
        self._database = database
        self._owner = owner

    async def take(self, host: str, *, hold: float, gap: float) -> HostTurn:
        """The turn at a host, or how long it is to be waited for. Raises PacesAway."""
        row = await self._ask("SELECT * FROM copydesk_work.take_host(%s, %s, %s, %s)", host, self._owner, hold, gap)
        return HostTurn(ours=row[0], wait=row[1], retry_in=row[2], refusals=row[3])

    async def give_back(self, host: str, *, pause: float, retry_in: float, refusals: int) -> None:
        """The turn is over. When that cannot be told it ends by itself, at its latest moment."""
        with contextlib.suppress(PacesAway):
            sql = "SELECT copydesk_work.give_host_back(%s, %s, %s, %s, %s)"
            await self._ask(sql, host, self._owner, pause, retry_in, refusals)

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
