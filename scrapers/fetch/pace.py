"""How often a site is asked: one request at a time, a gap after each, and no request while a site says "later".

The state of every host is a plain value (`HostPace`), so that the application can keep it and a restart forgets
neither a gap nor a Retry-After. A host is a registrable domain, or address and port for bare IP addresses.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from zlib import crc32

from scrapers.errors import Refused, Unreachable

FIRST_REFUSAL = 900.0  # seconds to stay away after a 429 or 503 without a usable Retry-After; doubles up to a day
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class HostPace:
    """What is remembered of one host. Times are seconds since 1970.

    Copies of robots.txt are kept in rows of their own, whose `host` is an origin ("https://courier.example").
    """

    host: str
    next_allowed: float = 0.0  # no request before
    retry_until: float = 0.0  # the host asked to be left alone until then
    refusals: int = 0  # 429 and 503 in a row
    robots: str | None = None  # text of the last copy; "" when the site has none
    robots_fetched: float | None = None
    robots_failed: float | None = None  # the last time that no copy could be had


class Paces:
    """The paces of all hosts. `changed()` gives what the store should write, each change once.

    `on_refusal` is told at once of a host that asked to be left alone: a process that is killed must not forget it.
    """

    def __init__(
        self, initial: Iterable[HostPace] = (), *, on_refusal: Callable[[HostPace], None] | None = None
    ) -> None:
        self.on_refusal = on_refusal
        self._hosts = {pace.host: pace for pace in initial}
        self._changed: set[str] = set()

    def get(self, host: str) -> HostPace:
        """The pace of a host; a fresh one for a host not met before."""
        return self._hosts.get(host) or HostPace(host)

    def put(self, pace: HostPace) -> None:
        """Remembers a pace."""
        if self._hosts.get(pace.host) != pace:
            self._hosts[pace.host] = pace
            self._changed.add(pace.host)

    def clock_set_back(self, now: float) -> None:
        """No host asked to be left alone for more than a day from now, whatever the clock said when it did."""
        for pace in list(self._hosts.values()):
            if pace.retry_until > now + DAY:
                self.put(replace(pace, retry_until=now + DAY))

    def changed(self) -> tuple[HostPace, ...]:
        """All paces that changed since the last call."""
        rows = tuple(self._hosts[host] for host in sorted(self._changed))
        self._changed.clear()
        return rows


@dataclass(slots=True)
class _Door:
    """The lock of one host, kept only while somebody holds it or waits for it."""

    lock: asyncio.Lock
    users: int = 0


class Pacer:
    """Hands out turns. `clock` is the wall clock; `sleep` waits."""

    def __init__(
        self,
        paces: Paces,
        *,
        per_second: float = 20.0,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self.paces = paces
        self._clock = clock
        self._sleep = sleep
        self._interval = 1.0 / per_second
        self._next_slot = 0.0
        self._doors: dict[str, _Door] = {}
        self._turns = 0

    @asynccontextmanager
    async def turn(self, host: str, gap: float, *, patience: float, limited: bool = True) -> AsyncIterator[None]:
        """The right to make one request to `host`, for the length of the block; afterwards the gap begins.

        Waits up to `patience` seconds. Raises Refused while the host has asked to be left alone, and Unreachable
        when the turn would come too late. `limited=False` leaves out the limit over all hosts.
        """
        door = self._doors.setdefault(host, _Door(asyncio.Lock()))
        door.users += 1
        try:
            patience -= await self._wait_for(door.lock, host, patience)
            try:
                await self._wait_for_gap(host, gap, patience)
                if limited:
                    await self._wait_for_slot()
                yield
            finally:
                self._turns += 1
                pause = gap * (1.0 + 0.6 * (crc32(f"{host} {self._turns}".encode()) % 1000) / 1000)
                self.paces.put(replace(self.paces.get(host), next_allowed=self._clock() + pause))
                door.lock.release()
        finally:
            door.users -= 1
            if not door.users:
                self._doors.pop(host, None)

    def ask_to_wait(self, host: str) -> float:
        """Seconds for which the host still wants no request; 0 when it is open."""
        return max(0.0, min(self.paces.get(host).retry_until - self._clock(), DAY))

    def refused(self, host: str, retry_after: float | None) -> float:
        """Notes a 429 or 503: no request for `retry_after` seconds, or 15 minutes doubling. Gives the seconds."""
        pace = self.paces.get(host)
        seconds = retry_after or min(FIRST_REFUSAL * 2 ** min(pace.refusals, 10), DAY)
        pace = replace(pace, retry_until=self._clock() + seconds, refusals=pace.refusals + 1)
        self.paces.put(pace)
        if self.paces.on_refusal is not None:
            self.paces.on_refusal(pace)
        return seconds

    def answered(self, host: str) -> None:
        """Notes an ordinary answer: the count of refusals begins anew."""
        pace = self.paces.get(host)
        if pace.refusals:
            self.paces.put(replace(pace, refusals=0))

    async def _wait_for(self, lock: asyncio.Lock, host: str, patience: float) -> float:
        """Takes the lock; gives the seconds that it took."""
        started = self._clock()
        try:
            async with asyncio.timeout(max(patience, 0.001)):  # wait_for may swallow a cancellation (3.11)
                await lock.acquire()
        except TimeoutError:
            raise Unreachable(f"no turn at {host} before the end of the visit") from None
        return max(0.0, self._clock() - started)

    async def _wait_for_gap(self, host: str, gap: float, patience: float) -> None:
        left = self.ask_to_wait(host)
        if left > 0:
            raise Refused(f"{host} asked to be left alone for another {left:.0f} s", retry_after=left)
        # The clock may have been set back since: never wait longer than a gap can be.
        wait = min(self.paces.get(host).next_allowed - self._clock(), gap * 1.6)
        if wait > patience:
            raise Unreachable(f"no turn at {host} before the end of the visit")
        if wait > 0:
            await self._sleep(wait)

    async def _wait_for_slot(self) -> None:
        now = self._clock()
        slot = max(now, min(self._next_slot, now + 5.0))
        self._next_slot = slot + self._interval
        if slot > now:
            await self._sleep(slot - now)
