"""How often stories of a source arrive, by hour and weekday, and how long the next visit may wait. Pure.

A visit is due when the stories that are expected since the last one have together waited for `WORTH` seconds. For a
source with a constant rate the interval follows the square root of that rate: the least waiting for a number of visits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from math import sqrt
from statistics import median

LEARN = timedelta(days=28)  # the span that is learnt from; four of each weekday
SETTLED = timedelta(hours=1)  # finds of the first visits do not count
YOUNG = timedelta(days=3)  # least age of a source to have a rhythm
HALF_LIFE = 14.0  # days after which a story counts half
WORTH = 240.0  # story-seconds: one story that waits four minutes, or two that wait two
HOURS_PRIOR = 3.0  # stories spread over the day that are added to what was seen, so that few stories make no pattern
DAYS_PRIOR = 1.5
SLOT_MOST = 4.0  # cap of one hour, as a multiple of the usual: after an outage, or on one great day
BURST_HOURS = 1.0  # half-life of the weight of unexpected arrivals
STEP = 60.0  # seconds
QUIET = 6  # quiet hours in a row that are worth mentioning
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How many stories a source has, and when. Hours and weekdays are those of UTC."""

    per_day: float
    hours: tuple[float, ...]  # of each hour of the day: times the mean
    days: tuple[float, ...]  # of each weekday, Monday first: times the mean

    def rate(self, seconds: float) -> float:
        """Stories that are expected in a second, at a time in seconds since 1970."""
        hour = int(seconds // 3600)
        return self.per_day / 86400 * self.hours[hour % 24] * self.days[_weekday(hour)]

    def expected(self, since: datetime, until: datetime) -> float:
        """Stories that are expected in a span of time."""
        at, end = since.timestamp(), until.timestamp()
        found = 0.0
        while at < end:
            following = min(end, at // 3600 * 3600 + 3600)
            found += self.rate(at) * (following - at)
            at = following
        return found


def learn(arrivals: Sequence[tuple[int, int]], began: datetime | None, now: datetime) -> Rhythm | None:
    """The rhythm of a source that is known since `began`; None while it is too young to have one.

    `arrivals` are (hour since 1970, stories that came in it), in order; hours without stories may be left out.
    """
    if began is None:
        return None
    start = max(began + SETTLED, now - LEARN)
    if now - start < YOUNG:
        return None
    first, last = int(start.timestamp() // 3600) + 1, int(now.timestamp() // 3600)  # whole hours, the last is not over
    usual = _usual_slot(count for hour, count in arrivals if first <= hour < last)
    came = {hour: min(float(count), usual * SLOT_MOST) for hour, count in arrivals if first <= hour < last}
    by_hour, by_day, days_seen = [0.0] * 24, [0.0] * 7, _days_seen(first, last)
    for hour, count in came.items():
        weighed = count * _weight(hour, last)
        by_hour[hour % 24] += weighed
        by_day[_weekday(hour)] += weighed
    total, seen = sum(by_hour), sum(days_seen)
    smooth = [(by_hour[h - 1] + 2 * by_hour[h] + by_hour[(h + 1) % 24]) / 4 for h in range(24)]
    mean = total / seen
    return Rhythm(
        per_day=(total + 0.5) / seen,
        hours=tuple(24 * (one + HOURS_PRIOR / 24) / (total + HOURS_PRIOR) for one in smooth),
        days=tuple((by_day[d] + DAYS_PRIOR) / (days_seen[d] * mean + DAYS_PRIOR) for d in range(7)),
    )


def wait(rhythm: Rhythm, arrivals: Sequence[tuple[int, int]], now: datetime, *, least: float, most: float) -> float:
    """Seconds until the next visit is worth it, within the limits.

    Arrivals of this and the previous hour beyond expectation are taken as the beginning of more.
    """
    begin = now.timestamp()
    extra = _beyond(rhythm, dict(arrivals[-2:]), begin)
    stories = waited = passed = 0.0
    while passed < most and waited < WORTH:
        rate = rhythm.rate(begin + passed) + extra * 0.5 ** (passed / 3600 / BURST_HOURS)
        waited += stories * STEP + rate * STEP * STEP / 2
        stories += rate * STEP
        passed += STEP
    return min(max(passed, least), most)


def _beyond(rhythm: Rhythm, latest: Mapping[int, int], now: float) -> float:
    """Stories a second that arrive now beyond expectation; the usual deviation does not count."""
    hour = int(now // 3600)
    since = (hour - 1) * 3600.0
    came = latest.get(hour - 1, 0) + latest.get(hour, 0)
    expected = rhythm.rate(since) * 3600 + rhythm.rate(now) * (now - since - 3600)
    return max(0.0, came - expected - sqrt(expected)) / (now - since + 3600)


def _usual_slot(counts: Iterable[int]) -> float:
    return max(1.0, median(list(counts) or [1]))


def _weight(hour: int, last: int) -> float:
    """What a story of an hour counts."""
    return float(2.0 ** ((hour - last) / 24 / HALF_LIFE))


@lru_cache(maxsize=64)  # sources that are visited within an hour mostly ask for the same
def _days_seen(first: int, last: int) -> tuple[float, ...]:
    """How many days of each weekday lie between two hours, weighed as their stories are."""
    seen = [0.0] * 7
    for hour in range(first, last):
        seen[_weekday(hour)] += _weight(hour, last) / 24
    return tuple(seen)


def _weekday(hour: int) -> int:
    return (hour // 24 + 3) % 7  # 1970 began with a Thursday


def in_short(rhythm: Rhythm, now: datetime, zone: tzinfo = UTC) -> str:
    """A rhythm for people: "9 stories a day, mostly 06–18 h UTC"."""
    if rhythm.per_day >= 0.95:
        words = f"{rhythm.per_day:.0f} stor{'y' if rhythm.per_day < 1.5 else 'ies'} a day"
    elif rhythm.per_day * 7 >= 0.95:
        words = f"{rhythm.per_day * 7:.0f} stor{'y' if rhythm.per_day * 7 < 1.5 else 'ies'} a week"
    else:
        return "less than one story a week"
    share = max(rhythm.days) / sum(rhythm.days)
    when = []
    if share >= 0.4:
        when.append(f"on {_DAYS[rhythm.days.index(max(rhythm.days))]}")
    span = _busy(rhythm.hours)
    if span is not None:
        moved = (now.astimezone(zone).utcoffset() or timedelta()) // timedelta(hours=1)
        name = "UTC" if zone is UTC else now.astimezone(zone).tzname() or ""
        when.append(f"{(span[0] + moved) % 24:02}–{(span[1] + moved - 1) % 24 + 1:02} h {name}".rstrip())
    return words + (f", mostly {', '.join(when)}" if when else "")


def _busy(hours: Sequence[float]) -> tuple[int, int] | None:
    """The hours between the longest quiet spans; None where the quiet is short."""
    quiet = [one < 0.6 for one in hours] * 2
    for length in range(min(23, sum(quiet) // 2), QUIET - 1, -1):
        for begin in range(24):
            if all(quiet[begin : begin + length]):
                return (begin + length) % 24, begin + 24
    return None
