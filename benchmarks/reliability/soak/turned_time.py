"""Clocks that are turned by hand: time goes on when somebody waits, and a helper does one round at a time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime


class Clock:
    """Time that goes on when somebody waits."""

    def __init__(self, at: float) -> None:
        self.at = at

    def wall(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        await asyncio.sleep(0)


class Turns:
    """The pause of a helper that runs for ever: one round of it at a time."""

    def __init__(self) -> None:
        self._go, self._paused = asyncio.Event(), asyncio.Event()

    async def pause(self, _seconds: float) -> None:
        self._paused.set()
        await self._go.wait()
        self._go.clear()

    async def one(self) -> None:
        """Lets it do one round."""
        await self._paused.wait()
        self._paused.clear()
        self._go.set()
        await self._paused.wait()
