"""When to visit next: by its own interval, longer when the site asks for it, never given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scrapers import Failure, Front, Past, Run, Seed
from scrapers.schedule import ask_again, next_run, standing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed(name="courier", home="https://courier.example/")


def run(*failures: Failure, links: int = 0, fresh_for: float | None = None) -> Run:
    fronts = () if failures else (Front("https://courier.example/"),)
    return Run("courier", NOW, NOW, failures=failures, fronts=fronts, links=links, fresh_for=fresh_for)


def minutes(due: datetime) -> float:
    return (due - NOW).total_seconds() / 60


def test_a_source_never_visited_is_due_now() -> None:
    assert next_run(SEED, Past(), NOW) == NOW


def test_a_good_visit_is_followed_by_the_next_after_the_interval() -> None:
    after = standing(SEED, Past(failures=3), run(links=20))
    assert after.state == "ok"
    assert after.failures == 0
    assert after.typical == 20
    assert 28 < minutes(after.due) < 32


def test_the_spread_is_the_same_on_every_machine() -> None:
    assert standing(SEED, Past(), run()).due == standing(SEED, Past(), run()).due


def test_cache_control_lengthens_the_interval_up_to_a_day() -> None:
    assert 110 < minutes(standing(SEED, Past(), run(fresh_for=7200)).due) < 130
    assert minutes(standing(SEED, Past(), run(fresh_for=1e9)).due) <= 24 * 60 * 1.05


def test_faults_double_up_to_six_hours_and_are_never_given_up() -> None:
    down = Failure("https://courier.example/", "Unreachable", "no answer")
    waits = [minutes(standing(SEED, Past(failures=n), run(down)).due) for n in (0, 1, 2, 50)]
    assert waits == sorted(waits)
    assert 28 < waits[0] < 32
    assert 340 < waits[3] < 380
    assert standing(SEED, Past(), run(down)).state == "failing"


def test_a_refusal_waits_an_hour_then_up_to_a_day_and_needs_a_person() -> None:
    refused = Failure("https://courier.example/", "Refused", "403", status=403)
    first = standing(SEED, Past(), run(refused))
    assert 56 < minutes(first.due) < 64
    assert "needs a person" in first.cause
    assert minutes(standing(SEED, Past(failures=30), run(refused)).due) <= 24 * 60 * 1.05


def test_retry_after_is_obeyed() -> None:
    busy = Failure("https://courier.example/", "Refused", "429", status=429, retry_after=7200)
    assert minutes(standing(SEED, Past(), run(busy)).due) >= 114


def test_a_home_that_is_gone_is_asked_for_once_a_day() -> None:
    gone = standing(SEED, Past(), run(Failure("https://courier.example/", "Gone", "404", status=404)))
    assert gone.state == "gone"
    assert 22 * 60 < minutes(gone.due) < 26 * 60


@pytest.mark.parametrize(
    ("kind", "status", "tries", "wait"),
    [
        ("Gone", 404, 1, timedelta(hours=1)),
        ("Gone", 404, 2, timedelta(days=1)),
        ("Gone", 404, 3, None),
        ("Gone", 410, 1, None),
        ("Forbidden", None, 1, None),
        ("Unreachable", None, 1, timedelta(0)),
        ("Unreachable", None, 7, None),
        ("PageChanged", None, 3, None),
    ],
)
def test_a_page_that_failed_is_asked_again_a_few_times(
    kind: str, status: int | None, tries: int, wait: timedelta | None
) -> None:
    again = ask_again(kind, status, tries, NOW)
    assert again == (None if wait is None else NOW + wait)
