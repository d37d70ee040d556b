"""When to visit next: pure functions of a source, its past and what the last visit gave (RELIABILITY F9–F13, J1)."""

from __future__ import annotations

import hashlib
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .durations import in_words
from .model import Failure, Past, Record, Run
from .rhythm import in_short, learn, wait
from .seed import FLOOR, Seed

HOUR = 3600.0
DAY = 86400.0
REFUSED_FIRST = HOUR  # 401, 403, robots.txt: then doubling to a day
FAULT_MOST = 6 * HOUR  # connection faults and 5xx: doubling up to this, and never given up
FRESH_MOST = DAY  # Cache-Control of a front lengthens the interval up to this
SPREAD = 0.1  # of the interval, by a stable hash of the name
USUAL = 1800.0  # a source whose rhythm is not known yet
LONGEST = 2 * HOUR  # a source that hardly ever has anything new
SAME_TIME = timedelta(hours=6)  # a story whose date is older than this when it is found came when it was found


@dataclass(frozen=True, slots=True)
class Standing:
    """What a visit means for its source."""

    due: datetime
    state: str  # ok, slow, degraded, failing, gone
    cause: str
    failures: int  # visits in a row without a usable front
    typical: float | None  # stories that a good visit offers
    pace: str = ""  # why then, for people


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a source is left alone after a good visit, and why."""

    seconds: float
    words: str


def limits(seed: Seed) -> tuple[float, float]:
    """The shortest and the longest interval of a source in seconds; they are the same where the seed fixes it."""
    if seed.every is not None and seed.every_min is None and seed.every_max is None:
        return seed.every, seed.every
    wished = seed.every if seed.every is not None else USUAL
    least = seed.every_min if seed.every_min is not None else min(FLOOR, wished, seed.every_max or FLOOR)
    most = seed.every_max if seed.every_max is not None else max(LONGEST, wished, least)
    return least, most


def longest_interval(seed: Seed) -> float:
    """The longest that a source waits by its own interval, in seconds, before the spread."""
    return limits(seed)[1]


def pace(seed: Seed, past: Past, run: Run) -> Pace:
    """How long a source is left alone after a good visit: by the seed, or by its own rhythm within the seed's limits,
    and longer where the site's Cache-Control asks for it."""
    least, most = limits(seed)
    wished = min(max(seed.every if seed.every is not None else USUAL, least), most)
    if least == most:
        found = Pace(least, f"every {in_words(least)}, as its seed says")
    else:
        arrivals = _with(past.arrivals, _came(past, run))
        rhythm = learn(arrivals, past.began, run.finished)
        if rhythm is None:
            found = Pace(wished, f"every {in_words(wished)} until its rhythm is known")
        else:
            seconds = wait(rhythm, arrivals, run.finished, least=least, most=most)
            zone = zoneinfo.ZoneInfo(seed.timezone) if seed.timezone else UTC
            found = Pace(seconds, f"every {in_words(seconds)} now ({in_short(rhythm, run.finished, zone)})")
    fresh = min(run.fresh_for or 0.0, FRESH_MOST)
    if fresh > found.seconds:
        return Pace(fresh, f"every {in_words(fresh)}, as the site's Cache-Control asks")
    return found


def arrival(record: Record) -> datetime:
    """When a story came: its own date where that is told and fits, else when it was found."""
    told = not record.published_estimated and record.first_seen - SAME_TIME <= record.published <= record.first_seen
    return record.published if told else record.first_seen


def _came(past: Past, run: Run) -> Iterable[int]:
    """The hours since 1970 of the stories that this visit found."""
    if past.last_success is None:
        return []
    return [int(arrival(one).timestamp() // 3600) for one in run.records if one.key not in past.known]


def _with(arrivals: tuple[tuple[int, int], ...], came: Iterable[int]) -> tuple[tuple[int, int], ...]:
    counts = dict(arrivals)
    for hour in came:
        counts[hour] = counts.get(hour, 0) + 1
    return tuple(sorted(counts.items()))


def spread(name: str, interval: float) -> float:
    """The interval made longer by up to 10 % by a stable hash of the name, so that sources do not march in step."""
    share = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest()) / 2**32
    return interval * (1 + SPREAD * share)


def standing(seed: Seed, past: Past, run: Run) -> Standing:
    """The state of a source after a visit, and when it is due again."""
    failure = front_failure(run)
    usual = pace(seed, past, run)
    if failure is None:
        typical = past.typical
        if run.links and not run.unchanged:
            typical = float(run.links) if typical is None else typical + (run.links - typical) * 0.2
        return Standing(
            due=run.finished + timedelta(seconds=spread(seed.name, usual.seconds)),
            state="ok",
            cause="",
            failures=0,
            typical=typical,
            pace=usual.words,
        )
    failures = past.failures + 1
    every = max(usual.seconds, min(USUAL, limits(seed)[1]))  # what fails is not asked in a hurry
    seconds, state, cause = _back_off(every, failure, failures)
    if failure.retry_after is not None:
        seconds = max(seconds, failure.retry_after)
    return Standing(
        due=run.finished + timedelta(seconds=spread(seed.name, seconds)),
        state=state,
        cause=cause,
        failures=failures,
        typical=past.typical,
        pace=f"again after {in_words(seconds)}: {'it fails' if failures == 1 else f'it failed {failures} times'}",
    )


def _back_off(every: float, failure: Failure, failures: int) -> tuple[float, str, str]:
    doublings = min(failures - 1, 16)
    if failure.kind == "Refused" and failure.retry_after is None:
        return min(REFUSED_FIRST * 2**doublings, DAY), "failing", f"needs a person: {failure.reason}"
    if failure.kind == "Gone":
        return DAY, "gone", failure.reason
    if failure.kind == "Forbidden":
        return DAY, "failing", f"needs a person: {failure.reason}"
    if failure.kind in ("PageChanged", "ReadFailed"):
        # the site answers: its own pace stays, and a person should look after the second time
        return every, "degraded" if failures < 3 else "failing", failure.reason
    return min(every * 2**doublings, max(every, FAULT_MOST)), "failing", failure.reason


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
