"""Rows that say something of themselves."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from feeds.rows import SourceState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("redirects", "days", "moved"),
    [(3, 2, True), (4, 5, True), (2, 9, False), (0, 9, False), (3, 1.9, False), (3, None, False)],
)
def test_a_home_has_moved_after_three_visits_over_two_days(redirects: int, days: float | None, moved: bool) -> None:
    since = None if days is None else NOW - timedelta(days=days)
    known = {one.name: None for one in fields(SourceState)} | {"redirects": redirects, "redirected_since": since}
    assert SourceState(**known).moved(NOW, timedelta(days=2)) is moved
