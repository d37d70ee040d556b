"""When to visit next: pure functions of a source, its past and what the last visit gave (RELIABILITY F9–F13, J1)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..model import Failure, Past, Record, Run
from ..seed.durations import in_words
from ..seed.seed import FLOOR, Seed
from ..stable_hash import share_of
from .arrival_rate import in_short, learn, wait
from .retry import DAY, HOUR, State, back_off

FRESH_MOST = DAY  # Cache-Control of a front lengthens the interval up to this
SPREAD = 0.1  # of the interval, by a stable hash of the name
USUAL = 1800.0  # a source whose rhythm is not known yet
LONGEST = 2 * HOUR  # a source that hardly ever has anything new
SAME_TIME = timedelta(hours=6)  # a story whose date is older than this when it is found came when it was found


@dataclass(frozen=True, slots=True)
class Standing:
    """What a visit means for its source."""

    due: datetime
    state: State
    cause: str
    failures: int  # visits in a row without a usable front
    typical: float | None  # stories that a good visit offers
    pace: str = ""  # why then, for people


@dataclass(frozen=True, slots=True)
class Interval:
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


def interval(seed: Seed, past: Past, run: Run) -> Interval:
    """How long a source is left alone after a good visit: by the seed, or by its own rhythm within the seed's limits,
    and longer where the site's Cache-Control asks for it."""
    least, most = limits(seed)
    wished = min(max(seed.every if seed.every is not None else USUAL, least), most)
    if least == most:
        found = Interval(least, f"every {in_words(least)}, as its seed says")
    else:
        arrivals = _with(past.arrivals, _came(past, run))
        rhythm = learn(arrivals, past.began, run.finished)
        if rhythm is None:
            found = Interval(wished, f"every {in_words(wished)} until its rhythm is known")
        else:
            seconds = wait(rhythm, arrivals, run.finished, least=least, most=most)
            zone = zoneinfo.ZoneInfo(seed.timezone) if seed.timezone else UTC
            found = Interval(seconds, f"every {in_words(seconds)} now ({in_short(rhythm, run.finished, zone)})")
    fresh = min(run.fresh_for or 0.0, FRESH_MOST)
    if fresh > found.seconds:
        return Interval(fresh, f"every {in_words(fresh)}, as the site's Cache-Control asks")
    return found


def arrival(record: Record) -> datetime:
    """When a story arrived: its own date where there is a plausible one, else when it was found."""
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


def spread(name: str, seconds: float) -> float:
    """An interval made longer by up to 10 % by a stable hash, so that sources are not visited all at once."""
    return seconds * (1 + SPREAD * share_of(name))


def standing(seed: Seed, past: Past, run: Run) -> Standing:
    """The state of a source after a visit, and when it is due again."""
    failure = front_failure(run)
    usual = interval(seed, past, run)
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
    every = max(usual.seconds, min(USUAL, limits(seed)[1]))  # a failing source is not visited sooner
    seconds, state, cause = back_off(every, failure, failures)
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


def front_failure(run: Run) -> Failure | None:
    """The failure that made a visit useless: no front could be had. None when one of them answered."""
    if run.fronts or run.unchanged:
        return None
    return run.failures[0] if run.failures else Failure(url="", kind="PageChanged", reason="nothing to visit")
