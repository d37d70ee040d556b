"""When to visit next: pure functions of a source, its past and what the last visit gave (RELIABILITY F9–F13, J1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from .model import Failure, Past, Run
from .seed import Seed

HOUR = 3600.0
DAY = 86400.0
REFUSED_FIRST = HOUR  # 401, 403, robots.txt: then doubling to a day
FAULT_MOST = 6 * HOUR  # connection faults and 5xx: doubling up to this, and never given up
FRESH_MOST = DAY  # Cache-Control of a front lengthens the interval up to this
SPREAD = 0.1  # of the interval, by a stable hash of the name


@dataclass(frozen=True, slots=True)
class Standing:
    """What a visit means for its source."""

    due: datetime
    state: str  # ok, slow, degraded, failing, gone
    cause: str
    failures: int  # visits in a row without a usable front
    typical: float | None  # stories that a good visit offers


def next_run(seed: Seed, past: Past, now: datetime) -> datetime:
    """When a source is due by its own interval alone; a source never visited is due now."""
    if past.last_visit is None:
        return now
    return max(now, past.last_visit + timedelta(seconds=spread(seed.name, seed.every)))


def spread(name: str, interval: float) -> float:
    """The interval moved by up to ±5 % by a stable hash of the name, so that sources do not march in step."""
    share = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest()) / 2**32
    return interval * (1 + SPREAD * (share - 0.5))


def standing(seed: Seed, past: Past, run: Run) -> Standing:
    """The state of a source after a visit, and when it is due again."""
    failure = front_failure(run)
    if failure is None:
        interval = max(seed.every, min(run.fresh_for or 0.0, FRESH_MOST))
        typical = past.typical
        if run.links and not run.unchanged:
            typical = float(run.links) if typical is None else typical + (run.links - typical) * 0.2
        return Standing(
            due=run.finished + timedelta(seconds=spread(seed.name, interval)),
            state="ok",
            cause="",
            failures=0,
            typical=typical,
        )
    failures = past.failures + 1
    wait, state, cause = _back_off(seed, failure, failures)
    if failure.retry_after is not None:
        wait = max(wait, failure.retry_after)
    return Standing(
        due=run.finished + timedelta(seconds=spread(seed.name, wait)),
        state=state,
        cause=cause,
        failures=failures,
        typical=past.typical,
    )


def _back_off(seed: Seed, failure: Failure, failures: int) -> tuple[float, str, str]:
    doublings = min(failures - 1, 16)
    if failure.kind == "Refused" and failure.retry_after is None:
        return min(REFUSED_FIRST * 2**doublings, DAY), "failing", f"needs a person: {failure.reason}"
    if failure.kind == "Gone":
        return DAY, "gone", failure.reason
    if failure.kind == "Forbidden":
        return DAY, "failing", f"needs a person: {failure.reason}"
    if failure.kind in ("PageChanged", "ReadFailed"):
        # the site answers: its own pace stays, and a person should look after the second time
        return seed.every, "degraded" if failures < 3 else "failing", failure.reason
    return min(seed.every * 2**doublings, max(seed.every, FAULT_MOST)), "failing", failure.reason


def front_failure(run: Run) -> Failure | None:
    """The failure that made a visit useless: no front could be had. None when one of them answered."""
    if run.fronts or run.unchanged:
        return None
    return run.failures[0] if run.failures else Failure(url="", kind="PageChanged", reason="nothing to visit")


def ask_again(kind: str, status: int | None, tries: int, now: datetime) -> datetime | None:
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
