"""Jumps of the wall clock, seen by a monotonic clock beside it (RELIABILITY J4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

JUMP = 60.0  # seconds between wall and monotonic clock that count as a jump


class JumpDetector:
    """Compares the two clocks since the last look."""

    def __init__(self, wall: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._times = self._now()

    def jump(self) -> float:
        """The seconds by which the wall clock jumped since the last look, 0 for none."""
        before, self._times = self._times, self._now()
        drift = (self._times[0] - before[0]) - (self._times[1] - before[1])
        return drift if abs(drift) > JUMP else 0.0

    def _now(self) -> tuple[float, float]:
        return self._wall().timestamp(), self._monotonic()
