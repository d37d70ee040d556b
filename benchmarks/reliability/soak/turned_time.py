"""Clocks that are turned by hand: time goes on when somebody waits, and a helper does one round at a time."""

from __future__ import annotations

import asyncio
import mmap
import struct
from datetime import UTC, datetime
from pathlib import Path


class SharedMoment:
    """The time that it is, for several processes: one of them sets it."""

    def __init__(self, path: Path, at: float | None = None) -> None:
        """A file with the time; `at` makes it."""
        if at is not None:
            path.write_bytes(struct.pack("d", at))
        with path.open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), 8)

    def get(self) -> float:
        return float(struct.unpack("d", self._bytes[:8])[0])

    def put(self, at: float) -> None:
        self._bytes[:8] = struct.pack("d", at)


class Clock:
    """Time that goes on when somebody waits."""

    def __init__(self, moment: SharedMoment) -> None:
        self._moment = moment

    @property
    def at(self) -> float:
        return self._moment.get()

    @at.setter
    def at(self, at: float) -> None:
        self._moment.put(at)

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
