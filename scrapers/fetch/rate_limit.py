"""How often a site is asked: one request at a time, a gap after each, and no request while a site says "later".

The state of every host is a plain value (`HostPace`), so that the application can keep it and a restart forgets
neither a gap nor a Retry-After. A host is a registrable domain, or address and port for bare IP addresses.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from scrapers.errors import Refused, Unreachable
from scrapers.stable_hash import share_of
from scrapers.urls.site import site

if TYPE_CHECKING:  # imported on first use: commands that fetch nothing need the paces, but no event loop
    import asyncio

HOSTS = 20_000  # that are remembered at the same time
COPIES = 4_000_000  # characters of all copies of robots.txt together
FORGOTTEN = 2 * 86_400.0  # seconds after which a host's state is dropped
FIRST_REFUSAL = 900.0  # seconds to stay away after a 429 or 503 without a usable Retry-After; doubles up to a day
DAY = 86_400.0
HOLD = 65.0  # seconds: the default limit of a request
AWAY = 1.0  # seconds until the shared paces are asked again after a failure
LOOK_AGAIN = 0.2  # least seconds between two tries to take a turn that another process has


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
    robots_failed: float | None = None  # the last failed attempt to fetch a copy

    @property
    def matters_until(self) -> float:
        """The moment (seconds since 1970) after which nothing of this pace matters."""
        return max(self.next_allowed, self.retry_until, self.robots_fetched or 0.0, self.robots_failed or 0.0)


class Paces:
    """The paces of all hosts. `changed()` gives what the store should write, each change once.

    `on_refusal` is called at once for a host that asked to be left alone, so that a killed process does not forget it.
    Pages name the hosts, so their number and the copies of robots.txt are bounded: entries older than two days are
    dropped, and excess is taken from the site that uses most.
    """

    def __init__(
        self, initial: Iterable[HostPace] = (), *, on_refusal: Callable[[HostPace], None] | None = None
    ) -> None:
        self.on_refusal = on_refusal
        self._hosts = {pace.host: pace for pace in initial}
        self._changed: set[str] = set()
        self._copies = sum(len(pace.robots or "") for pace in self._hosts.values())
        self._bound()

    def get(self, host: str) -> HostPace:
        """The pace of a host; a fresh one for a host not met before."""
        return self._hosts.get(host) or HostPace(host)

    def put(self, pace: HostPace) -> None:
        """Remembers a pace."""
        before = self._hosts.get(pace.host)
        if before != pace:
            self._hosts[pace.host] = pace
            self._changed.add(pace.host)
            self._copies += len(pace.robots or "") - len((before and before.robots) or "")
            self._bound()

    def forget_old(self, now: float) -> int:
        """Forget hosts of which nothing counts any more; how many."""
        old = [pace.host for pace in self._hosts.values() if pace.matters_until + FORGOTTEN < now]
        for host in old:
            self._drop(host)
        return len(old)

    def _drop(self, host: str) -> None:
        self._copies -= len(self._hosts.pop(host).robots or "")
        self._changed.add(host)

    def _bound(self) -> None:
        if len(self._hosts) > HOSTS:
            rows = sorted(self._hosts.values(), key=lambda pace: (pace.retry_until, pace.matters_until))
            for pace in rows[: len(rows) - HOSTS * 9 // 10]:
                self._drop(pace.host)
        if self._copies > COPIES:
            self._drop_copies()

    def _drop_copies(self) -> None:
        """Drop copies of robots.txt until a tenth is free: the oldest of the site that has most."""
        by_site: dict[str, list[HostPace]] = {}
        for pace in self._hosts.values():
            if pace.robots:
                by_site.setdefault(site(pace.host), []).append(pace)
        sizes = {name: sum(len(pace.robots or "") for pace in paces) for name, paces in by_site.items()}
        for paces in by_site.values():
            paces.sort(key=lambda pace: -(pace.robots_fetched or 0.0))
        while self._copies > COPIES * 9 // 10:
            name = max(sizes, key=lambda one: sizes[one])
            pace = by_site[name].pop()
            sizes[name] -= len(pace.robots or "")
            self._drop(pace.host)

    def clock_set_back(self, now: float) -> None:
        """Cap every Retry-After at a day from now, after the clock was set back."""
        for pace in list(self._hosts.values()):
            if pace.retry_until > now + DAY:
                self.put(replace(pace, retry_until=now + DAY))

    def changed(self) -> tuple[HostPace, ...]:
        """All paces that changed since the last call; an empty one means that the host was forgotten."""
        rows = tuple(self.get(host) for host in sorted(self._changed))
        self._changed.clear()
        return rows


@dataclass(frozen=True, slots=True)
class HostTurn:
    """The answer of `SharedPaces.take`."""

    ours: bool
    wait: float = 0.0  # seconds until it can be asked for again, at most
    retry_in: float = 0.0  # seconds for which the host wants no request
    refusals: int = 0  # 429 and 503 in a row


class PacesAway(Exception):
    """The shared paces cannot be reached, so no request is made. Not the site's fault."""


class SharedPaces(Protocol):
    """Turns at hosts, shared by several processes. Only durations are exchanged, as clocks of machines differ.

    A turn that is not given back ends by itself after `hold` and the gap.
    """

    async def take(self, host: str, *, hold: float, gap: float) -> HostTurn:
        """A turn of at most `hold` seconds, after which nobody asks for `gap` seconds. Raises PacesAway."""

    async def give_back(self, host: str, *, pause: float, retry_in: float, refusals: int) -> None:
        """The turn is over, and the next may begin after `pause` seconds. Raises nothing."""

    async def copy(self, origin: str) -> HostPace | None:
        """The newest copy of an origin's robots.txt. Raises PacesAway."""

    async def keep_copy(self, pace: HostPace) -> None:
        """Keep a copy of robots.txt for all. Raises nothing."""


@dataclass(slots=True)
class KeptLock:
    """The lock of one host or origin, kept only while it is held or waited for."""

    lock: asyncio.Lock
    users: int = 0


@dataclass(eq=False)
class RateLimiter:
    """Hands out turns. `clock` is the wall clock; `sleep` waits; with `shared`, over all processes that share it."""

    paces: Paces
    _: KW_ONLY
    per_second: float = 20.0
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    shared: SharedPaces | None = None
    turns: int = field(default=0, init=False)  # that were given
    _next_slot: float = field(default=0.0, init=False)
    _locks: dict[str, KeptLock] = field(default_factory=dict, init=False)

    @asynccontextmanager
    async def turn(
        self, host: str, gap: float, *, patience: float, hold: float = HOLD, limited: bool = True
    ) -> AsyncIterator[None]:
        """The turn for one request to `host`, for the length of the block; afterwards the gap begins.

        Waits up to `patience` seconds; the block takes at most `hold` seconds. Raises Refused while the host has asked
        to be left alone, Unreachable when the turn would come too late, and PacesAway when the shared paces cannot be
        reached. `limited=False` leaves out the limit over all hosts.
        """
        import asyncio

        entry = self._locks.setdefault(host, KeptLock(asyncio.Lock()))
        entry.users += 1
        taken = False
        try:
            patience -= await self._wait_for(entry.lock, host, patience)
            try:
                await self._wait_for_gap(host, gap, patience)
                if limited:
                    await self._wait_for_slot()
                if self.shared is not None:
                    await self._take(self.shared, host, gap, patience, hold)
                    taken = True
                yield
            finally:
                self.turns += 1
                pause = gap * (1.0 + 0.6 * share_of(f"{host} {self.turns}"))
                pace = replace(self.paces.get(host), next_allowed=self.clock() + pause)
                self.paces.put(pace)
                try:
                    if self.shared is not None and taken:
                        retry_in, refusals = self.ask_to_wait(host), pace.refusals
                        await self.shared.give_back(host, pause=pause, retry_in=retry_in, refusals=refusals)
                finally:
                    entry.lock.release()
        finally:
            entry.users -= 1
            if not entry.users:
                self._locks.pop(host, None)

    def ask_to_wait(self, host: str) -> float:
        """Seconds for which the host still wants no request; 0 when it is open."""
        return max(0.0, min(self.paces.get(host).retry_until - self.clock(), DAY))

    def refused(self, host: str, retry_after: float | None) -> float:
        """Notes a 429 or 503: no request for `retry_after` seconds, or 15 minutes doubling. Gives the seconds."""
        pace = self.paces.get(host)
        seconds = retry_after or min(FIRST_REFUSAL * 2 ** min(pace.refusals, 10), DAY)
        pace = replace(pace, retry_until=self.clock() + seconds, refusals=pace.refusals + 1)
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
        import asyncio

        started = self.clock()
        try:
            async with asyncio.timeout(max(patience, 0.001)):  # wait_for may swallow a cancellation (3.11)
                await lock.acquire()
        except TimeoutError:
            raise Unreachable(f"no turn at {host} before the end of the visit") from None
        return max(0.0, self.clock() - started)

    async def _wait_for_gap(self, host: str, gap: float, patience: float) -> None:
        left = self.ask_to_wait(host)
        if left > 0:
            raise Refused(f"{host} asked to be left alone for another {left:.0f} s", retry_after=left)
        # The clock may have been set back since: never wait longer than a gap can be.
        wait = min(self.paces.get(host).next_allowed - self.clock(), gap * 1.6)
        if wait > patience:
            raise Unreachable(f"no turn at {host} before the end of the visit")
        if wait > 0:
            await self.sleep(wait)

    async def _take(self, shared: SharedPaces, host: str, gap: float, patience: float, hold: float) -> None:
        """Take the turn over all processes. While another has it, look again after each gap: it may end early."""
        end = self.clock() + patience
        while True:
            try:
                turn = await shared.take(host, hold=hold, gap=gap)
            except PacesAway:
                if self.clock() + AWAY > end:
                    raise
                await self.sleep(AWAY)
                continue
            if turn.retry_in > 0 or turn.refusals != self.paces.get(host).refusals:
                retry_until = self.clock() + turn.retry_in if turn.retry_in > 0 else 0.0
                self.paces.put(replace(self.paces.get(host), retry_until=retry_until, refusals=turn.refusals))
            if turn.retry_in > 0:
                raise Refused(
                    f"{host} asked to be left alone for another {turn.retry_in:.0f} s", retry_after=turn.retry_in
                )
            if turn.ours:
                return
            wait = min(turn.wait, max(gap, LOOK_AGAIN)) + 0.001
            if self.clock() + wait > end:
                raise Unreachable(f"no turn at {host} before the end of the visit")
            await self.sleep(wait)

    async def _wait_for_slot(self) -> None:
        now = self.clock()
        slot = max(now, min(self._next_slot, now + 5.0))
        self._next_slot = slot + 1.0 / self.per_second
        if slot > now:
            await self.sleep(slot - now)
