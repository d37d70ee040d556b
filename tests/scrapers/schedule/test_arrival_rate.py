"""A source's own rhythm, played with a fake clock: more is found sooner with fewer visits, and nothing swings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from random import Random

import pytest

from benchmarks.accuracy.rhythm import FIXED, SOURCES, Result, play
from scrapers import Seed
from scrapers.schedule.arrival_rate import LEARN, SETTLED, YOUNG, Rhythm, in_short, learn, wait

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
HOUR = int(NOW.timestamp() // 3600)
HOME = "https://paper.example/"
DAY = 86400


@cache
def played(name: str, every: float | None = None, dated: bool = True) -> Result:
    return play(SOURCES[name](Random(7)), Seed("paper", HOME, every=every), dated=dated, days=24, counted=10)


def past(days: int, hours: range, *, weekdays: range = range(7), count: int = 1) -> list[tuple[int, int]]:
    """So many stories in some hours of some days."""
    return [
        (hour, count)
        for hour in range(HOUR - 24 * days, HOUR)
        if hour % 24 in hours and (hour // 24 + 3) % 7 in weekdays
    ]


def learnt(arrivals: list[tuple[int, int]], days: int = 28) -> Rhythm:
    found = learn(arrivals, NOW - timedelta(days=days, hours=2), NOW)
    assert found is not None
    return found


def after(rhythm: Rhythm, now: datetime, arrivals: list[tuple[int, int]] | None = None) -> float:
    """Minutes until the next visit."""
    return wait(rhythm, arrivals or [], now, least=300, most=7200) / 60


@pytest.mark.parametrize("dated", [True, False])
def test_a_daily_paper_is_found_sooner_with_fewer_visits(dated: bool) -> None:
    mine, fixed = played("a daily paper", None, dated), played("a daily paper", FIXED)
    assert mine.visits < 0.75 * fixed.visits
    assert mine.delay < 0.5 * fixed.delay
    assert mine.late(0.95) < fixed.late(0.95)


@pytest.mark.parametrize("name", ["a weekly", "office hours", "with great events", "a city paper", "an agency"])
def test_as_many_visits_at_a_fixed_interval_find_stories_later_or_no_sooner(name: str) -> None:
    mine = played(name)
    same = played(name, FIXED * played(name, FIXED).visits / mine.visits)
    assert mine.delay <= same.delay * 1.05 + 30
    assert mine.visits <= DAY / 300, "at most every five minutes"


def test_where_nothing_ever_comes_visits_are_few_and_do_not_end() -> None:
    assert 11 < played("nothing at all").visits < 13


def test_a_steady_source_is_visited_at_a_steady_interval() -> None:
    gaps = played("an agency").intervals
    assert max(gaps) < 2.5 * min(gaps)
    assert all(0.5 < later / earlier < 2 for earlier, later in pairwise(gaps)), "no swinging"


def test_nights_are_sparse_and_the_morning_is_not_slept_through() -> None:
    rhythm = learnt(past(28, range(6, 18)))
    night, noon = NOW.replace(hour=22), NOW.replace(hour=11)
    assert after(rhythm, night) == 120
    assert after(rhythm, noon) < 30
    early = NOW.replace(hour=5)
    assert early + timedelta(minutes=after(rhythm, early)) < NOW.replace(hour=6, minute=45)


def test_weekends_are_learnt() -> None:
    rhythm = learnt(past(28, range(6, 18), weekdays=range(5)))
    sunday, monday = NOW - timedelta(days=1), NOW
    assert after(rhythm, sunday) > 3 * after(rhythm, monday)


def test_a_burst_is_followed_and_chance_is_not() -> None:
    rhythm = learnt(past(28, range(24)))
    usual = after(rhythm, NOW)
    assert after(rhythm, NOW, [(HOUR - 1, 1), (HOUR, 1)]) == usual, "one more than expected is no burst"
    burst = after(rhythm, NOW, [(HOUR - 1, 3), (HOUR, 9)])
    assert burst < 0.6 * usual
    assert after(rhythm, NOW + timedelta(hours=3), [(HOUR - 1, 3), (HOUR, 9)]) == usual, "it is over"
    quiet = learnt(past(28, range(8, 10)))
    night = NOW.replace(hour=2)
    hour = int(night.timestamp() // 3600)
    assert after(quiet, night, [(hour, 6)]) < 15, "in the middle of the night too"


def test_an_outage_that_ended_makes_no_rhythm() -> None:
    usual = past(28, range(6, 18))
    odd = sorted([*usual, (HOUR - 24 * 5 + 14, 400)])  # at two in the night, all that was missed
    assert after(learnt(odd), NOW.replace(hour=1)) > 60
    assert learnt(odd).per_day == pytest.approx(learnt(usual).per_day, rel=0.1)


def test_what_is_older_counts_less() -> None:
    calm, busy = past(28, range(24)), past(7, range(24), count=3)
    both = sorted({**dict(calm), **dict(busy)}.items())
    plain = sum(count for _, count in both) / 28
    assert learnt(both).per_day > 1.05 * plain


def test_a_young_source_has_no_rhythm_and_one_without_stories_has_a_slow_one() -> None:
    assert learn(past(28, range(24)), None, NOW) is None
    assert learn(past(2, range(24)), NOW - timedelta(days=2), NOW) is None
    just = NOW - YOUNG - SETTLED  # what the first visits find counts for nothing
    assert learn(past(4, range(24)), just, NOW) is not None
    assert learn(past(4, range(24)), just + timedelta(seconds=1), NOW) is None
    assert learnt([]).per_day < 0.1
    assert after(learnt([]), NOW) == 120


def test_a_clock_that_was_wrong_breaks_nothing() -> None:
    future = [(HOUR + n, 5) for n in range(50)]
    assert learnt(future).per_day < 0.1
    assert learn(future, NOW + timedelta(days=400), NOW) is None


@pytest.mark.parametrize(
    ("arrivals", "words"),
    [
        (past(28, range(24), count=3), "72 stories a day"),
        (past(28, range(6, 18)), "12 stories a day, mostly 06–18 h UTC"),
        (past(28, range(22, 23)), "1 story a day, mostly 21–24 h UTC"),
        (
            past(28, range(9, 10), weekdays=range(3, 4), count=12),
            "2 stories a day, mostly on Thursdays, 08–11 h",
        ),
        ([], "less than one story a week"),
    ],
)
def test_a_rhythm_in_words(arrivals: list[tuple[int, int]], words: str) -> None:
    assert in_short(learnt(arrivals), NOW).startswith(words)


def test_the_learnt_hours_and_days_are_those_of_the_arrivals() -> None:
    """The first whole hour counts and the one that runs does not; shares of hours and days sum up as they came."""
    steady = learnt(past(28, range(24)))
    assert steady.per_day == pytest.approx(24, rel=0.02)
    assert steady.hours == pytest.approx([1.0] * 24, rel=0.05)
    assert steady.days == pytest.approx([1.0] * 7, rel=0.05)
    assert learnt([*past(28, range(24)), (HOUR, 500), (HOUR + 1, 500)]) == steady, (
        "an hour that is not over tells nothing"
    )
    start = NOW - timedelta(days=28, hours=2)
    assert learn([(int(start.timestamp() // 3600), 9), *past(28, range(24))], start, NOW) == steady
    first = int((NOW - LEARN).timestamp() // 3600) + 1
    alone, none = learn([(first, 5)], start, NOW), learn([(first - 1, 5)], start, NOW)
    assert alone is not None and none is not None
    assert alone.per_day > none.per_day, "the first whole hour counts"
    nights = learnt(past(28, range(3)))
    assert min(nights.hours[:3]) > 3 * max(nights.hours[4:23])
