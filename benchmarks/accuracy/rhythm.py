"""How many visits the learnt rhythm of a source costs, and how long its stories wait: `python -m benchmarks.rhythm`.

Sources of every kind are played for eight weeks with a clock of their own; the last four are counted. Beside the
learnt interval stand a fixed one of half an hour, and the fixed one that makes as many visits. A delay is the time from
a story's publication to the visit that finds it. Nothing is fetched.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import mean

from scrapers import Front, Past, Record, Run, Seed
from scrapers.schedule.next_visit import arrival, standing

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
DAYS = 56
COUNTED = 28
FIXED = 1800.0
DAY = 86400.0

Play = Callable[[Random], list[float]]
"""When the stories of a source come, in seconds after BEGIN, in order."""


def _poisson(
    chance: Random, per_day: float, *, hours: tuple[float, float] = (0, 24), weekend: float = 1.0
) -> list[float]:
    """Stories by chance within some hours of the day, fewer of them at weekends."""
    came, at = [], 0.0
    length = (hours[1] - hours[0]) / 24
    while (at := at + chance.expovariate(per_day / length / DAY)) < DAYS * DAY:
        inside = hours[0] <= at % DAY / 3600 < hours[1]
        if inside and (at // DAY % 7 < 5 or chance.random() < weekend):
            came.append(at)
    return came


def _daily(chance: Random) -> list[float]:
    """A paper that puts its thirty stories on its site at five in the morning, but for Sunday."""
    days = [day for day in range(DAYS) if day % 7 != 6]
    return sorted(day * DAY + 5 * 3600 + chance.uniform(0, 900) for day in days for _ in range(30))


def _weekly(chance: Random) -> list[float]:
    return sorted(
        day * DAY + 10 * 3600 + chance.uniform(0, 7200) for day in range(DAYS) if day % 7 == 3 for _ in range(12)
    )


def _bursts(chance: Random) -> list[float]:
    """Nine a day in office hours, and on some nights a great event with a story every six minutes for three hours."""
    nights = [day * DAY + 1.5 * 3600 for day in range(DAYS) if chance.random() < 0.2]
    return sorted(
        _poisson(chance, 9, hours=(6, 18), weekend=0.3)
        + [night + i * 360 + chance.uniform(0, 300) for night in nights for i in range(30)]
    )


SOURCES: Mapping[str, Play] = {
    "a daily paper": _daily,
    "a weekly": _weekly,
    "a village site": lambda chance: _poisson(chance, 0.4, hours=(7, 22)),
    "office hours": lambda chance: _poisson(chance, 9, hours=(6, 18), weekend=0.1),
    "with great events": _bursts,
    "a city paper": lambda chance: _poisson(chance, 40, hours=(5, 23), weekend=0.6),
    "an agency": lambda chance: _poisson(chance, 300),
    "nothing at all": lambda chance: [],
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a way to visit came to, in the weeks that count."""

    visits: float  # a day
    delays: tuple[float, ...]  # seconds, sorted
    intervals: tuple[float, ...]
    words: str = ""  # what the source's pace was called at last

    @property
    def delay(self) -> float:
        """Seconds that a story waits in the mean."""
        return mean(self.delays) if self.delays else 0.0

    def late(self, share: float) -> float:
        """The delay that so many of the stories do not exceed."""
        return self.delays[int((len(self.delays) - 1) * share)] if self.delays else 0.0


def play(came: Sequence[float], seed: Seed, *, dated: bool = True, days: int = DAYS, counted: int = COUNTED) -> Result:
    """Visit a source for so many days as the daemon would."""
    past = Past()
    hours: dict[int, int] = {}
    now, place, words = 0.0, 0, ""
    visits: list[float] = []
    delays: list[float] = []
    while now < days * DAY:
        at = BEGIN + timedelta(seconds=now)
        found = []
        while place < len(came) and came[place] <= now:
            found.append(_record(place, BEGIN + timedelta(seconds=came[place]), at, dated))
            if now >= (days - counted) * DAY:
                delays.append(now - came[place])
            place += 1
        if now >= (days - counted) * DAY:
            visits.append(now)
        run = Run(seed.name, at, at, records=tuple(found), fronts=(Front(seed.home),), links=20)
        means = standing(seed, past, run)
        for one in found if past.last_success is not None else ():
            hour = int(arrival(one).timestamp() // 3600)
            hours[hour] = hours.get(hour, 0) + 1
        first = int(at.timestamp() // 3600) - 28 * 24
        past = Past(
            last_visit=at,
            last_success=at,
            began=past.began or (at if found or now == 0 else None),
            arrivals=tuple((hour, count) for hour, count in sorted(hours.items()) if hour >= first),
        )
        words = means.pace
        now = (means.due - BEGIN).total_seconds()
    gaps = tuple(later - earlier for earlier, later in pairwise(visits))
    return Result(len(visits) / counted, tuple(sorted(delays)), gaps, words)


def _record(number: int, published: datetime, seen: datetime, dated: bool) -> Record:
    return Record(
        id=str(number),
        key=str(number),
        url="https://paper.example/",
        source="paper",
        title="A story",
        text="",
        html="",
        published=published if dated else seen,
        published_estimated=not dated,
        first_seen=seen,
    )


def main() -> int:
    """The table; 1 when a fixed interval is better: fewer visits and less delay, or less delay with as many visits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--undated", action="store_true", help="no story tells when it was published")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    home = "https://paper.example/"
    print(f"{'':20}{'learnt':^24}{'fixed, 30 min':^24}{'fixed, as many visits':^24}")
    print(f"{'':20}" + "visits/d   mean    p95  " * 3)
    worse = 0
    for name, chances in SOURCES.items():
        came = chances(Random(asked.seed))
        learnt = play(came, Seed("paper", home), dated=not asked.undated)
        fixed = play(came, Seed("paper", home, every=FIXED))
        same = play(came, Seed("paper", home, every=FIXED * fixed.visits / learnt.visits))
        print(f"{name:20}" + "".join(_cells(one) for one in (learnt, fixed, same)) + f"  {learnt.words}")
        worse += learnt.visits > fixed.visits and learnt.delay > fixed.delay
        worse += len(learnt.delays) >= 100 and learnt.delay > same.delay * 1.05 + 30
    print("as it has to be" if not worse else "NOT as it has to be")
    return 1 if worse else 0


def _cells(one: Result) -> str:
    return f"{one.visits:6.1f} {one.delay / 60:6.1f} {one.late(0.95) / 60:6.1f} min"


if __name__ == "__main__":
    raise SystemExit(main())
