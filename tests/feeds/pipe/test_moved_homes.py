"""A home that moved for good: it stays marked as long as the new address is what is visited and answers."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from feeds.pipe.outcomes import _still_moved
from feeds.rows import SourceState
from scrapers import Front, Run, Seed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD, NEW = "https://courier.example/", "https://courier.example/en/"


def state(redirected: str | None) -> SourceState:
    return SourceState(
        **{one.name: None for one in fields(SourceState)} | {"name": "courier", "home": OLD, "redirected": redirected}
    )


def run(*fronts: str, unchanged: bool = False, redirected: str | None = None) -> Run:
    made = tuple(map(Front, fronts))
    return Run("courier", NOW, NOW, fronts=made, unchanged=unchanged, redirected=redirected)


@pytest.mark.parametrize(
    ("before", "home", "visited", "marked"),
    [
        (state(NEW), NEW, run(NEW), NEW),
        (state(NEW), NEW, run("https://courier.example/feed", NEW), NEW),
        (state(NEW), NEW, run(unchanged=True), NEW),
        (state(NEW), NEW, run(), None),  # it did not answer
        (state(NEW), NEW, run("https://courier.example/feed"), None),
        (state(NEW), OLD, run(OLD), None),  # the old address answers by itself again
        (state(NEW), NEW, run(NEW, redirected="https://courier.example/fr/"), "https://courier.example/fr/"),
        (state(None), OLD, run(OLD), None),
        (None, NEW, run(NEW), None),
    ],
)
def test_a_moved_home_stays_marked_while_its_new_address_answers(
    before: SourceState | None, home: str, visited: Run, marked: str | None
) -> None:
    assert _still_moved(before, visited, Seed("courier", home)).redirected == marked
