"""When a source or a page that failed may be asked for again (RELIABILITY F9–F13, J1). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from ..model import Failure, FailureKind

State = Literal["ok", "slow", "degraded", "failing", "gone"]  # of a source

HOUR = 3600.0
DAY = 86400.0
REFUSED_FIRST = HOUR  # 401, 403, robots.txt: then doubling to a day
FAULT_MOST = 6 * HOUR  # connection faults and 5xx: doubling up to this, and never given up


def back_off(every: float, failure: Failure, failures: int) -> tuple[float, State, str]:
    """Seconds until a source that failed is asked again, its state, and the cause; `failures` counts this one."""
    doublings = min(failures - 1, 16)
    if failure.kind == "Refused" and failure.retry_after is None:
        return min(REFUSED_FIRST * 2**doublings, DAY), "failing", f"needs a person: {failure.reason}"
    if failure.kind == "Gone":
        return DAY, "gone", failure.reason
    if failure.kind == "Forbidden":
        return DAY, "failing", f"needs a person: {failure.reason}"
    if failure.kind in ("PageChanged", "ReadFailed"):
        # the site answers: the interval stays, and after the second time a person should look
        return every, "degraded" if failures < 3 else "failing", failure.reason
    return min(every * 2**doublings, max(every, FAULT_MOST)), "failing", failure.reason


def ask_again(kind: FailureKind, status: int | None, tries: int, now: datetime) -> datetime | None:
    """When a page that failed may be asked for again; None: never by itself. `tries` counts this failure."""
    waits: tuple[float, ...]
    if kind == "Gone":
        waits = () if status == 410 else (HOUR, DAY)
    elif kind == "Refused":
        waits = (HOUR, 4 * HOUR, DAY, DAY)
    elif kind == "ReadFailed":
        waits = (DAY, DAY)
    elif kind == "PageChanged":
        waits = (HOUR, DAY)
    elif kind == "Forbidden":
        waits = ()
    else:
        waits = (0.0, 600.0, HOUR, 6 * HOUR, DAY, DAY)
    if tries > len(waits):
        return None
    return now + timedelta(seconds=waits[tries - 1])
