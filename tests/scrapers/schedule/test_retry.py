"""When a page that failed is asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scrapers import Failure
from scrapers.model import FailureKind
from scrapers.schedule.retry import ask_again, back_off

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("kind", "hours"),
    [
        ("Gone", [1, 24, None]),
        ("Refused", [1, 4, 24, 24, None]),
        ("ReadFailed", [24, 24, None]),
        ("PageChanged", [1, 24, None]),
        ("Unreachable", [0, 1 / 6, 1, 6, 24, 24, None]),
    ],
)
def test_how_long_a_page_waits_after_each_try(kind: FailureKind, hours: list[float | None]) -> None:
    waits = [ask_again(kind, 404, tries + 1, NOW) for tries in range(len(hours))]
    assert waits == [None if one is None else NOW + timedelta(hours=one) for one in hours]


@pytest.mark.parametrize(
    ("kind", "retry_after", "seconds", "states"),
    [
        ("Refused", None, [3600, 7200, 14400, 28800, 57600, 86400, 86400], {"failing"}),
        ("Refused", 60.0, [600, 1200, 2400, 4800, 9600, 19200, 21600], {"failing"}),
        ("Gone", None, [86400] * 7, {"gone"}),
        ("Forbidden", None, [86400] * 7, {"failing"}),
        ("PageChanged", None, [600] * 7, {"degraded", "failing"}),
        ("ReadFailed", None, [600] * 7, {"degraded", "failing"}),
        ("Unreachable", None, [600, 1200, 2400, 4800, 9600, 19200, 21600], {"failing"}),
    ],
)
def test_how_long_a_source_waits_after_each_failure(
    kind: FailureKind, retry_after: float | None, seconds: list[float], states: set[str]
) -> None:
    failure = Failure("https://courier.example/", kind, "they say so", retry_after=retry_after)
    found = [back_off(600, failure, failures) for failures in range(1, 8)]
    assert [one[0] for one in found] == seconds
    assert {one[1] for one in found} == states
    person = kind == "Forbidden" or (kind == "Refused" and retry_after is None)
    assert {one[2] for one in found} == {"needs a person: they say so" if person else "they say so"}


def test_a_changed_page_is_failing_at_the_third_visit_and_a_rare_source_is_not_asked_sooner() -> None:
    changed = Failure("https://courier.example/", "PageChanged", "no stories")
    assert [back_off(600, changed, failures)[1] for failures in (1, 2, 3)] == ["degraded", "degraded", "failing"]
    silent = Failure("https://courier.example/", "Unreachable", "no answer")
    assert [back_off(50_000, silent, failures)[0] for failures in (1, 2, 10_000)] == [50_000] * 3
