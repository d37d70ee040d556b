"""When to visit next: by its own interval, longer when the site asks for it, never given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scrapers import Failure, Front, Past, Run, Seed
from scrapers.schedule.next_visit import interval, limits, spread, standing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed(name="courier", home="https://courier.example/", every=1800)
LEARNT = Seed(name="courier", home="https://courier.example/")


def run(*failures: Failure, links: int = 0, fresh_for: float | None = None) -> Run:
    fronts = () if failures else (Front("https://courier.example/"),)
    return Run("courier", NOW, NOW, failures=failures, fronts=fronts, links=links, fresh_for=fresh_for)


def minutes(due: datetime) -> float:
    return (due - NOW).total_seconds() / 60


def known(days: int, per_hour: int, hours: range) -> Past:
    """A source that has had so many stories in each of some hours of every day."""
    now = int(NOW.timestamp() // 3600)
    came = [(hour, per_hour) for hour in range(now - 24 * days, now) if hour % 24 in hours]
    return Past(last_success=NOW, began=NOW - timedelta(days=days, hours=2), arrivals=tuple(came))


def test_a_good_visit_is_followed_by_the_next_after_the_interval() -> None:
    after = standing(SEED, Past(failures=3), run(links=20))
    assert after.state == "ok"
    assert after.failures == 0
    assert after.typical == 20
    assert 30 <= minutes(after.due) < 33


def test_the_spread_is_the_same_on_every_machine_and_shortens_nothing() -> None:
    assert spread("courier", 1000) == pytest.approx(1011.0, abs=0.1)
    moved = [spread(f"source-{n}", 300) for n in range(1000)]
    assert min(moved) >= 300
    assert max(moved) <= 330
    assert len({round(one) for one in moved}) > 25


def test_a_seed_that_names_an_interval_keeps_it() -> None:
    busy = known(28, 20, range(24))
    assert interval(SEED, busy, run()).seconds == 1800
    assert interval(SEED, busy, run()).words == "every 30 min, as its seed says"
    assert interval(LEARNT, busy, run()).seconds == 300


def test_a_rhythm_stays_within_the_limits_of_the_seed() -> None:
    busy, quiet = known(28, 60, range(24)), Past(last_success=NOW, began=NOW - timedelta(days=40))
    assert limits(LEARNT) == (300, 7200)
    assert interval(LEARNT, quiet, run()).seconds == 7200
    wide = Seed("courier", "https://courier.example/", every_min=900, every_max=86400)
    assert interval(wide, busy, run()).seconds == 900
    assert 9 * 3600 < interval(wide, quiet, run()).seconds <= 86400
    wished = Seed("courier", "https://courier.example/", every=3600, every_max=21600)
    assert limits(wished) == (300, 21600)
    assert interval(wished, Past(), run()).seconds == 3600, "as wished, until the rhythm is known"
    assert interval(wished, quiet, run()).seconds == 21600
    assert limits(Seed("courier", "https://courier.example/", every_min=10800)) == (10800, 10800)


def test_a_young_source_is_visited_at_the_usual_pace() -> None:
    young = known(2, 60, range(24))
    assert interval(LEARNT, young, run()).seconds == 1800
    assert interval(LEARNT, young, run()).words == "every 30 min until its rhythm is known"


def test_the_pace_is_told_in_words_in_the_zone_of_the_source() -> None:
    past = known(28, 1, range(6, 18))
    assert interval(LEARNT, past, run()).words == "every 23 min now (12 stories a day, mostly 06–18 h UTC)"
    there = Seed("courier", "https://courier.example/", timezone="Asia/Tokyo")
    assert interval(there, past, run()).words == "every 23 min now (12 stories a day, mostly 15–03 h JST)"


def test_cache_control_lengthens_a_learnt_interval_and_never_shortens_it() -> None:
    busy = known(28, 60, range(24))
    assert interval(LEARNT, busy, run(fresh_for=3600)).seconds == 3600
    assert interval(LEARNT, busy, run(fresh_for=10)).seconds == 300
    assert "Cache-Control" in interval(LEARNT, busy, run(fresh_for=3600)).words


def test_what_fails_is_not_asked_in_a_hurry() -> None:
    busy = known(28, 60, range(24))
    wall = Failure("https://courier.example/", "PageChanged", "a wall")
    down = Failure("https://courier.example/", "Unreachable", "no answer")
    assert minutes(standing(LEARNT, busy, run(wall)).due) >= 30
    assert minutes(standing(LEARNT, busy, run(down)).due) >= 30
    assert standing(LEARNT, busy, run(down)).pace == "again after 30 min: it fails"


def test_cache_control_lengthens_the_interval_up_to_a_day() -> None:
    assert 120 <= minutes(standing(SEED, Past(), run(fresh_for=7200)).due) < 132
    assert minutes(standing(SEED, Past(), run(fresh_for=1e9)).due) <= 24 * 60 * 1.1


def test_faults_double_up_to_six_hours_and_are_never_given_up() -> None:
    down = Failure("https://courier.example/", "Unreachable", "no answer")
    waits = [minutes(standing(SEED, Past(failures=n), run(down)).due) for n in (0, 1, 2, 50)]
    assert waits == sorted(waits)
    assert 30 <= waits[0] < 33
    assert 360 <= waits[3] < 396
    assert standing(SEED, Past(), run(down)).state == "failing"


def test_a_refusal_waits_an_hour_then_up_to_a_day_and_needs_a_person() -> None:
    refused = Failure("https://courier.example/", "Refused", "403", status=403)
    first = standing(SEED, Past(), run(refused))
    assert 60 <= minutes(first.due) < 66
    assert "needs a person" in first.cause
    assert minutes(standing(SEED, Past(failures=30), run(refused)).due) <= 24 * 60 * 1.1


def test_retry_after_is_obeyed() -> None:
    busy = Failure("https://courier.example/", "Refused", "429", status=429, retry_after=7200)
    assert minutes(standing(SEED, Past(), run(busy)).due) >= 120


def test_a_home_that_is_gone_is_asked_for_once_a_day() -> None:
    gone = standing(SEED, Past(), run(Failure("https://courier.example/", "Gone", "404", status=404)))
    assert gone.state == "gone"
    assert 24 * 60 <= minutes(gone.due) < 26.5 * 60


def test_the_pace_is_told_in_words() -> None:
    assert standing(SEED, Past(), run()).pace == "every 30 min, as its seed says"
    failed = Failure(url="", kind="Unreachable", reason="no answer")
    assert standing(SEED, Past(), run(failed)).pace.endswith(": it fails")
    assert standing(SEED, Past(failures=2), run(failed)).pace.endswith(": it failed 3 times")


def test_without_cache_control_even_the_shortest_interval_is_kept() -> None:
    quick = Seed("courier", "https://courier.example/", every=0.5, every_min=0.5, every_max=0.5)
    assert interval(quick, Past(), run()).seconds == 0.5
    assert interval(quick, Past(), run(fresh_for=0.75)).seconds == 0.75
