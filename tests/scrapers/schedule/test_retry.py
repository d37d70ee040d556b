"""When a page that failed is asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scrapers.schedule.retry import ask_again

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
