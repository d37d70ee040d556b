"""The numbers of a rhythm: what it expects, what it waits for, what it is learnt from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from scrapers.schedule.arrival_rate import Rhythm, in_short, learn, wait

NOW = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)  # a Monday
HOUR = int(NOW.timestamp() // 3600)
EVEN, WEEK = (1.0,) * 24, (1.0,) * 7
HOURLY = Rhythm(24.0, EVEN, WEEK)
BEGAN = NOW - timedelta(days=40)


def test_what_is_expected_follows_hours_and_weekdays() -> None:
    assert HOURLY.expected(NOW, NOW + timedelta(hours=2, minutes=15)) == pytest.approx(2.25)
    noon_on_mondays = Rhythm(24.0, tuple(2.0 if hour == 12 else 1.0 for hour in range(24)), (3.0, *WEEK[1:]))
    assert noon_on_mondays.rate(NOW.timestamp()) * 3600 == pytest.approx(6)
    assert noon_on_mondays.expected(NOW, NOW + timedelta(hours=1)) == pytest.approx(3 + 1.5)
    tuesday, sunday = NOW + timedelta(days=1), NOW - timedelta(days=1)
    assert {noon_on_mondays.rate(one.timestamp()) * 3600 for one in (tuesday, sunday)} == {2.0}


@pytest.mark.parametrize(
    ("per_day", "least", "most", "seconds"),
    [
        (24.0, 60, 7200, 1320),  # √(2 · 240 s · 3600 s), in whole minutes
        (1.0, 60, 7200, 6480),
        (2000.0, 60, 7200, 180),
        (24.0, 3600, 7200, 3600),
        (24.0, 60, 300, 300),
        (0.01, 60, 7200, 7200),
    ],
)
def test_a_wait_follows_the_root_of_the_rate_within_the_limits(
    per_day: float, least: float, most: float, seconds: float
) -> None:
    assert wait(Rhythm(per_day, EVEN, WEEK), [], NOW, least=least, most=most) == seconds


@pytest.mark.parametrize(
    ("arrivals", "seconds"),
    [
        ([(HOUR, 1)], 1320),
        ([(HOUR, 5)], 1020),
        ([(HOUR - 1, 5)], 1020),
        ([(HOUR - 1, 2), (HOUR, 3)], 1020),
        ([(HOUR - 3, 9), (HOUR, 5)], 1020),
        ([(HOUR - 2, 50), (HOUR - 1, 0), (HOUR, 0)], 1320),
        ([(HOUR, 50)], 300),
    ],
)
def test_more_than_expected_in_this_hour_or_the_last_is_the_beginning_of_more(
    arrivals: list[tuple[int, int]], seconds: float
) -> None:
    assert wait(HOURLY, arrivals, NOW, least=60, most=7200) == seconds


def test_a_source_has_a_rhythm_after_three_days_and_the_hour_of_its_first_visits() -> None:
    enough = timedelta(days=3, hours=1)
    assert learn([], None, NOW) is None
    assert learn([], NOW - enough + timedelta(seconds=1), NOW) is None
    assert learn([], NOW - enough, NOW) is not None


def test_a_story_every_day_at_ten() -> None:
    found = learn([(HOUR - 24 * days - 2, 1) for days in range(27, 0, -1)], BEGAN, NOW)
    assert found is not None
    assert found.per_day == pytest.approx(0.99, abs=0.01)
    assert found.hours[8:13] == pytest.approx((0.172, 5.141, 10.111, 5.141, 0.172), abs=0.001)
    assert sum(found.hours) == pytest.approx(24)
    assert found.days == pytest.approx((0.854, 1.023, 1.024, 1.024, 1.025, 1.025, 1.026), abs=0.001)


def test_only_whole_hours_of_the_last_four_weeks_count() -> None:
    nothing = learn([], BEGAN, NOW)
    assert nothing is not None
    assert nothing.per_day == pytest.approx(0.0331, abs=0.0001)
    assert (nothing.hours, nothing.days) == (EVEN, WEEK)
    first = int((NOW - timedelta(days=28)).timestamp() // 3600)
    for outside in (first - 24, first, HOUR):
        assert learn([(outside, 100)], BEGAN, NOW) == nothing
    oldest, newest = learn([(first + 1, 1)], BEGAN, NOW), learn([(HOUR - 1, 1)], BEGAN, NOW)
    assert oldest is not None
    assert newest is not None
    assert oldest.per_day == pytest.approx(0.0496, abs=0.0001)  # two half-lives ago
    assert newest.per_day == pytest.approx(0.0331 * 3, abs=0.001)


def test_one_great_hour_counts_as_four_usual_ones() -> None:
    daily = [(HOUR - 24 * days - 2, 2) for days in range(27, 0, -1)]
    great, four_times = (learn(sorted([*daily, (HOUR - 30, count)]), BEGAN, NOW) for count in (500, 8))
    assert great == four_times


@pytest.mark.parametrize(
    ("per_day", "words"),
    [
        (0.135, "less than one story a week"),
        (0.136, "1 story a week"),
        (0.2, "1 story a week"),
        (0.22, "2 stories a week"),
        (0.94, "7 stories a week"),
        (0.95, "1 story a day"),
        (1.4, "1 story a day"),
        (1.5, "2 stories a day"),
        (9.4, "9 stories a day"),
    ],
)
def test_a_rate_in_words(per_day: float, words: str) -> None:
    assert in_short(Rhythm(per_day, EVEN, WEEK), NOW) == words


@pytest.mark.parametrize(
    ("busy", "words"),
    [
        (range(6, 18), "06–18 h UTC"),
        (range(4, 20), "04–20 h UTC"),
        (range(6, 24), "06–24 h UTC"),
        (range(18), "00–18 h UTC"),
        (range(23, 24), "23–24 h UTC"),
    ],
)
def test_the_busy_hours_in_words(busy: range, words: str) -> None:
    hours = tuple(1.0 if hour in busy else 0.5 for hour in range(24))
    assert in_short(Rhythm(9, hours, WEEK), NOW) == f"9 stories a day, mostly {words}"


@pytest.mark.parametrize("quiet", [0.6, 1.0])
def test_hours_that_are_hardly_quiet_are_not_mentioned(quiet: float) -> None:
    assert in_short(Rhythm(9, (quiet,) * 9 + (1.0,) * 15, WEEK), NOW) == "9 stories a day"
    assert in_short(Rhythm(9, (0.1,) * 5 + (1.0,) * 19, WEEK), NOW) == "9 stories a day"


def test_hours_and_days_in_a_zone() -> None:
    day = tuple(3.0 if 6 <= hour < 18 else 0.1 for hour in range(24))
    assert in_short(Rhythm(9, day, WEEK), NOW, timezone(timedelta(hours=7), "X")) == "9 stories a day, mostly 13–01 h X"
    mondays = Rhythm(9, day, (4.0, *WEEK[1:]))
    assert in_short(mondays, NOW) == "9 stories a day, mostly on Mondays, 06–18 h UTC"
    assert in_short(Rhythm(9, EVEN, (3.9, *WEEK[1:])), NOW) == "9 stories a day"
