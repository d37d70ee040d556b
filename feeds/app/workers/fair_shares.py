"""Whose page is read next: fair shares of the workers, so that a busy source does not hold up the others.

Recent use decides. Sources that used much share all workers but one, those that used least come first, and a source
known to be quick gets an extra worker rather than wait for slow pages. Where there is only much to do, and no page is
slow, another worker would bring nothing but the cost of its start.
"""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HALF_LIFE = 60.0  # seconds after which half of what a source used is forgotten
HEAVY = 2.0  # seconds used lately from which a source counts as heavy
UNKNOWN = 0.5  # … that are assumed of an unknown source
PATIENCE = 0.25  # seconds that a quick source waits, while each page that is read takes as long, for a worker more
SOURCES = 2_000  # that are remembered


@dataclass(slots=True)
class _Use:
    """Seconds that a source used of the workers, as of a moment."""

    seconds: float
    at: float


@dataclass(frozen=True, slots=True)
class _Running:
    """A turn that has begun."""

    source: str
    since: float


@dataclass(slots=True)
class _Waiting:
    """A request that waits for a turn."""

    source: str
    number: int
    since: float
    future: asyncio.Future[None] = field(repr=False)


class Turns:
    """`size` turns at once, and one more for quick sources. Belongs to one loop."""

    def __init__(self, size: int, monotonic: Callable[[], float]) -> None:
        self.size = size
        self._monotonic = monotonic
        self._running: dict[int, _Running] = {}  # by number of the turn
        self._waiting: list[_Waiting] = []
        self._used: dict[str, _Use] = {}
        self._numbers = itertools.count()

    @asynccontextmanager
    async def turn(self, source: str) -> AsyncIterator[None]:
        """A turn for the length of the block."""
        me = _Waiting(source, next(self._numbers), self._monotonic(), asyncio.get_running_loop().create_future())
        self._waiting.append(me)
        self._start()
        try:
            if not me.future.done():
                asyncio.get_running_loop().call_later(PATIENCE, self._start)
            await me.future
        except BaseException:
            self._leave(me, 0.0)
            raise
        begun = self._monotonic()
        try:
            yield
        finally:
            self._leave(me, self._monotonic() - begun)

    def used(self, source: str) -> float | None:
        """Seconds that a source used lately; None for one that is not known."""
        return self._used_by(source, self._monotonic()) if source in self._used else None

    def _used_by(self, source: str, now: float) -> float:
        use = self._used.get(source)
        return UNKNOWN if use is None else use.seconds * 0.5 ** ((now - use.at) / HALF_LIFE)

    def _leave(self, me: _Waiting, seconds: float) -> None:
        if me in self._waiting:
            self._waiting.remove(me)
        if self._running.pop(me.number, None) is not None:
            self._used[me.source] = _Use((self.used(me.source) or 0.0) + seconds, self._monotonic())
            if len(self._used) > SOURCES:
                rows = sorted(self._used, key=lambda source: self._used[source].at)
                for source in rows[: len(rows) - SOURCES * 9 // 10]:
                    del self._used[source]
        self._start()

    def _start(self) -> None:
        """Begin every turn that may begin."""
        now = self._monotonic()
        while self._waiting and len(self._running) <= self.size:
            full = len(self._running) == self.size  # all that may begin now is a quick one that waited for slow pages
            if full and any(now - turn.since < PATIENCE for turn in self._running.values()):
                return
            chosen = self._chosen(now, full=full)
            if chosen is None:
                return
            self._waiting.remove(chosen)
            self._running[chosen.number] = _Running(chosen.source, now)
            if self._waiting:  # should it take long, somebody may have an extra turn then
                asyncio.get_running_loop().call_later(PATIENCE, self._start)
            if not chosen.future.done():
                chosen.future.set_result(None)

    def _chosen(self, now: float, *, full: bool) -> _Waiting | None:
        """Who begins: of those that may, the one whose source used least; of two the one that came first."""
        heavy = sum(self._used_by(turn.source, now) > HEAVY for turn in self._running.values())
        room = not full and heavy < max(1, self.size - 1)  # for one more that used much
        chosen, least = None, math.inf
        for one in self._waiting:
            used = self._used_by(one.source, now)
            if used >= least or (full and (now - one.since < PATIENCE or one.source not in self._used)):
                continue
            if used <= HEAVY or room:
                chosen, least = one, used
        return chosen
