"""The clocks. Everything below the application is given a clock and never looks at these."""

from __future__ import annotations

import time
from datetime import UTC, datetime

_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)  # Linux


def utc_now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def uptime() -> float:
    """Seconds on the monotonic clock; on Linux including time asleep."""
    return time.monotonic() if _BOOT is None else time.clock_gettime(_BOOT)
