"""The health of a source at the bounds of each rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

import pytest

from feeds.health.assess import Arrival, Facts, assess, assess_topic, day, silence
from feeds.rows import State

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
HOUR = int(NOW.timestamp()) // 3600
H, D = timedelta(hours=1), timedelta(days=1)
GOOD = Facts("ok", "", NOW - 40 * D, NOW - D, 0, NOW, NOW, NOW)


def kinds(**told: Any) -> list[str]:
    return [one.kind for one in assess(replace(GOOD, **told), NOW).troubles]


def test_a_rhythm_needs_eight_hours_with_arrivals_and_a_week() -> None:
    assert silence([(HOUR - n, 1) for n in range(7, 0, -1)]) is None
    assert silence([(HOUR - n, 1) for n in range(8, 0, -1)]) == 72 * H
    daily = [(HOUR - 24 * n, 1) for n in range(7, -1, -1)]
    assert silence(daily) == 48 * H
    assert silence([(HOUR - 24 * 7 + 1, 1), *daily[1:]]) == 72 * H, "a week less an hour"
    assert silence([(HOUR - n, 1) for n in range(24 * 7, -1, -1)]) == 12 * H
    assert silence([(HOUR - 24 * 9, 1), *((HOUR - n, 1) for n in range(6, -1, -1))]) == 2 * (24 * 9 - 6) * H


@pytest.mark.parametrize(
    ("state", "failures", "without", "worsened", "told"),
    [
        ("failing", 1, D, False, ("visits", True)),
        ("failing", 1, D - timedelta(minutes=1), False, ("visits", False)),
        ("failing", 2, 0 * D, True, ("visits", True)),
        ("failing", 1, 0 * D, True, ("visits", False)),
        ("failing", 2, 0 * D, False, ("visits", False)),
        ("degraded", 2, 0 * D, False, ("visits", True)),
        ("degraded", 1, 0 * D, False, ("visits", False)),
        ("gone", 2, 0 * D, False, ("visits", True)),
        ("gone", 1, 0 * D, False, ("visits", False)),
        ("slow", 2, 3 * D, False, None),
        ("failing", 0, 3 * D, False, None),
    ],
)
def test_visits_that_fail(
    state: State, failures: int, without: timedelta, worsened: bool, told: tuple[str, bool] | None
) -> None:
    facts = replace(GOOD, state=state, cause="why", failures=failures, last_success=NOW - without, worsened=worsened)
    health = assess(facts, NOW)
    assert [(one.kind, one.ripe) for one in health.troubles] == ([] if told is None else [told])
    assert health.state == state
    assert health.cause == ("" if told is None else "why")
    assert health.since == (NOW - D if told is None else NOW - without)
    judged = [health.judged(kind) for kind in ("visits", "silent", "few", "selector:links", "repaired:x")]
    assert judged == ([True] * 5 if told is None else [True, False, False, True, True])
    never = assess(replace(facts, last_success=None), NOW)
    assert [one.since for one in never.troubles] == ([] if told is None else [GOOD.added])


def test_pages_that_are_wrong_on_a_front_that_is_right() -> None:
    health = assess(replace(GOOD, state="degraded", cause="3 pages had no text"), NOW)
    assert [(one.kind, one.state, one.cause, one.since) for one in health.troubles] == [
        ("pages", "degraded", "3 pages had no text", NOW - D)
    ]


def test_silence_is_counted_between_the_last_new_record_and_the_last_good_visit() -> None:
    hours = tuple((HOUR - 24 * n, 1) for n in range(10, -1, -1))
    for quiet, told in ((48 * H, []), (48 * H + timedelta(seconds=1), ["silent"])):
        assert kinds(hours=hours, last_new=NOW - quiet) == told
        assert kinds(hours=hours, last_new=NOW - quiet - D, last_success=NOW - D) == told
    assert kinds(hours=hours, last_new=None) == []
    assert kinds(hours=hours[-3:], last_new=NOW - 30 * D) == []
    words = assess(replace(GOOD, hours=hours, last_new=NOW - 60 * H), NOW).cause
    assert words == "nothing new for 2.5 d, while 1 d was the longest pause so far"


def test_a_silent_topic() -> None:
    hours = [(HOUR - 24 * n, 1) for n in range(10, 1, -1)]
    newest = datetime.fromtimestamp((HOUR - 48) * 3600, UTC)
    assert assess_topic(hours, newest + 49 * H) == ()
    (trouble,) = assess_topic(hours, newest + 49 * H + timedelta(seconds=1))
    assert (trouble.kind, trouble.state, trouble.since) == ("silent", "degraded", newest)
    assert trouble.cause == "no story for 2 d, while 1 d was the longest pause so far"
    assert assess_topic(hours, None) == ()
    assert assess_topic(hours[:3], NOW) == ()


@pytest.mark.parametrize(
    ("expected", "came", "told"),
    [
        (2.0, [(HOUR - 24, 1), (HOUR - 1, 1)], None),
        (2.0, [(HOUR - 1, 1)], "1 records in a day where the seed expects 2 a day"),
        (2.0, [(HOUR - 25, 9), (HOUR - 1, 1)], "1 records in a day where the seed expects 2 a day"),
        (0.5, [(HOUR - 48, 1)], None),
        (0.5, [(HOUR - 49, 1)], "0 records in 2 d where the seed expects 0.5 a day"),
        (1 / 28, [], "0 records in 28 d where the seed expects 0.0357143 a day"),
        (0.02, [], None),  # a window that is longer than what is remembered
        (0.0, [], None),
    ],
)
def test_what_the_seed_expects(expected: float, came: list[tuple[int, int]], told: str | None) -> None:
    health = assess(replace(GOOD, hours=tuple(came), records_per_day=expected), NOW)
    assert [(one.kind, one.cause) for one in health.troubles] == ([] if told is None else [("few", told)])


def test_a_young_source_and_one_that_was_not_visited_are_not_measured() -> None:
    assert kinds(records_per_day=2.0) == ["few"]
    assert kinds(records_per_day=2.0, added=NOW - D) == ["few"]
    assert kinds(records_per_day=2.0, added=NOW - D + timedelta(seconds=1)) == []
    assert kinds(records_per_day=2.0, last_success=NOW - D) == ["few"]
    assert kinds(records_per_day=2.0, last_success=NOW - D - timedelta(seconds=1)) == []
    assert kinds(records_per_day=2.0, last_success=None) == []


def by_day(*counts: int) -> tuple[tuple[int, int], ...]:
    """Records of each day before now, the latest first, behind a first day that does not count."""
    return tuple((HOUR - 24 * n - 1, count) for n, count in reversed(list(enumerate((*counts, 50)))) if count)


@pytest.mark.parametrize(
    ("days", "few"),
    [
        ((1, 1, 4, 5, 6, 4, 4, 4, 4), True),
        ((1, 2, 4, 5, 6, 4, 4, 4, 4), False),
        ((2, 1, 4, 5, 6, 4, 4, 4, 4), False),
        ((1, 1, 3, 5, 6, 4, 4, 4, 4), False),
        ((1, 1, 4, 5, 6, 4, 4, 4), False),  # six days are too few
    ],
)
def test_two_poor_days(days: tuple[int, ...], few: bool) -> None:
    assert kinds(hours=by_day(*days)) == (["few"] if few else [])
    words = assess(replace(GOOD, hours=by_day(*days)), NOW)
    assert words.per_day == days[0]
    if few:
        assert words.cause == "1 and 1 records in the last two days where there were 4 to 6 a day"
        assert words.since == NOW - 2 * D


def test_records_of_a_usual_day() -> None:
    assert assess(replace(GOOD, hours=by_day(9, 2, 4, 5)), NOW).usual == 4
    assert assess(replace(GOOD, hours=by_day(9, 2, 4)), NOW).usual is None
    assert assess(GOOD, NOW).per_day == 0


def arrivals(latest: int, lacking: int, earlier: int, having: int, *, apart: timedelta = 2 * H) -> tuple[Arrival, ...]:
    """Latest records of which some lack their author, and earlier ones of which some have it."""
    fields = [frozenset() if n < lacking else frozenset({"author"}) for n in range(latest)]
    fields += [frozenset({"author"}) if n < having else frozenset() for n in range(earlier)]
    return tuple(Arrival(NOW - n * apart, one) for n, one in enumerate(fields))


@pytest.mark.parametrize(
    ("newest", "lost"),
    [
        (arrivals(11, 11, 30, 30), True),
        (arrivals(11, 11, 29, 29), False),  # too few to compare with
        (arrivals(11, 11, 30, 27), True),
        (arrivals(11, 11, 30, 26), False),  # it was never usual
        (arrivals(11, 9, 30, 30), True),  # in two of eleven
        (arrivals(11, 8, 30, 30), False),
        (arrivals(10, 10, 30, 30, apart=timedelta(minutes=90)), False),  # the latest came within fourteen hours
    ],
)
def test_a_field_that_was_lost(newest: tuple[Arrival, ...], lost: bool) -> None:
    found = {one.field: one for one in assess(replace(GOOD, newest=newest), NOW).coverage}
    assert ("field:author" in kinds(newest=newest)) is lost
    assert (found["author"].since is not None) is lost


def test_the_words_of_a_lost_field() -> None:
    health = assess(replace(GOOD, newest=arrivals(11, 11, 30, 30)), NOW)
    assert health.cause == "authors 0% since Tuesday, 2026-03-10, before 100%"
    assert health.since == NOW - 20 * H
    assert [one.earlier for one in health.coverage if one.field == "author"] == [1.0]


def ways(silent: int, other: int, earlier: int) -> tuple[tuple[str, datetime], ...]:
    """As many newest stories by the listing alone, before them those of both ways by turns."""
    by_turns = zip_longest(["rss"] * earlier, ["listing"] * other)
    named = ["listing"] * silent + [way for pair in by_turns for way in pair if way]
    return tuple((way, NOW - 2 * n * H) for n, way in enumerate(named))


@pytest.mark.parametrize(
    ("told", "lost"),
    [
        (ways(11, 15, 15), True),
        (ways(11, 16, 14), False),
        (ways(11, 14, 15), False),
        (ways(10, 15, 15), False),
        (ways(11, 0, 15) + ways(37, 0, 15)[26:], False),  # it was silent for as long before
    ],
)
def test_a_way_that_fell_silent(told: tuple[tuple[str, datetime], ...], lost: bool) -> None:
    assert kinds(ways=told) == (["way:rss"] if lost else [])
    if lost:
        health = assess(replace(GOOD, ways=told), NOW)
        assert health.cause == "rss has told of nothing new since Tuesday, 2026-03-10, listing still does"
        assert health.since == NOW - 22 * H


@pytest.mark.parametrize(
    ("latest", "earlier", "slow"),
    [
        ([60.0] * 5, [20.0] * 10, True),
        ([59.0] * 5, [19.0] * 10, False),
        ([60.0] * 5, [21.0] * 10, False),
        ([60.0] * 5, [20.0] * 9, False),
        ([5.0, 5.0, 60.0, 60.0, 60.0], [20.0] * 10, True),
        ([5.0, 5.0, 5.0, 60.0, 60.0], [20.0] * 10, False),
    ],
)
def test_slow_visits(latest: list[float], earlier: list[float], slow: bool) -> None:
    health = assess(replace(GOOD, seconds=(*latest, *earlier)), NOW)
    assert [(one.kind, one.ripe) for one in health.troubles] == ([("slow", False)] if slow else [])
    assert health.state == ("slow" if slow else "ok")
    if slow:
        assert health.cause == "a visit takes 1 min, it used to take 20 s"


def test_a_day_has_its_name_and_date() -> None:
    assert day(NOW) == "Wednesday, 2026-03-11"
