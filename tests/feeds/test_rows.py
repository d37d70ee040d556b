"""Rows that say something of themselves."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.model import Entry, Note, Origin
from feeds.rows import SourceState, changed
from scrapers import Image, Record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("redirects", "days", "moved"),
    [(3, 2, True), (4, 5, True), (2, 9, False), (0, 9, False), (3, 1.9, False), (3, None, False)],
)
def test_a_home_has_moved_after_three_visits_over_two_days(redirects: int, days: float | None, moved: bool) -> None:
    since = None if days is None else NOW - timedelta(days=days)
    known = {one.name: None for one in fields(SourceState)} | {"redirects": redirects, "redirected_since": since}
    assert SourceState(**known).moved(NOW, timedelta(days=2)) is moved


def test_a_changed_value_differs_in_nothing_else() -> None:
    record = Record(
        "i",
        "k",
        "u",
        "s",
        "Title",
        "Text.",
        "<p>Text.</p>",
        NOW,
        NOW,
        authors=("A",),
        image=Image("https://a.example/"),
    )
    entry = Entry("e", record, NOW, NOW, Origin("o", "O", "h", "f", NOW), note=Note(NOW, "why"), copy_of="x")
    assert changed(record, title="Another", comments=None) == replace(record, title="Another", comments=None)
    assert changed(entry, record=record, summary="s") == replace(entry, summary="s")
    assert changed(entry) == entry
    with pytest.raises(KeyError):
        changed(record, headline="None has this name")
