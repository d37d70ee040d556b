"""Limits how many visits wait in a shared queue: what its scrapers do within some minutes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

FEW, MANY = 100, 2_000
WINDOW = 60.0  # seconds over which the rate is measured
AHEAD = 300.0  # seconds of work that may wait


class Places:
    """Places, given in the order of requests; their number follows the rate at which visits end."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._ends: deque[float] = deque()
        self.taken = 0

    @property
    def limit(self) -> int:
        """How many may be taken now."""
        now = self._monotonic()
        while self._ends and self._ends[0] < now - WINDOW:
            self._ends.popleft()
        return max(FEW, min(MANY, round(len(self._ends) / WINDOW * AHEAD)))

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return len(self._waiting)

    async def take(self) -> None:
        """Wait for a place."""
        if self.taken < self.limit and not self._waiting:
            self.taken += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()
            raise

    def give_back(self) -> None:
        """A place is free again."""
        self.taken -= 1
        self._ends.append(self._monotonic())
        self.wake()

    def wake(self) -> None:
        """Hand out what is free."""
        limit = self.limit
        while self._waiting and self.taken < limit:
            turn = self._waiting.popleft()
            if not turn.done():
                self.taken += 1
                turn.set_result(None)
