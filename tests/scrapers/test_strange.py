"""A listing that answers 200 and is no news: said in words, never on a guess (RELIABILITY D8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scrapers import Draft, Link, Past
from scrapers.strange import WALLS, strange

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD = Past(last_success=NOW - timedelta(hours=1), typical=40.0)


def links(count: int, title: str | None = None) -> list[Link]:
    return [Link(f"https://courier.example/{n}", hint=Draft(title=title or f"About {n}")) for n in range(count)]


def test_a_usual_listing_is_not_strange() -> None:
    assert strange(links(40), OLD, NOW, title="The Courier") is None
    assert strange(links(3), Past(), NOW) is None, "a first visit takes what there is"


def test_nothing_where_there_used_to_be_some() -> None:
    assert strange([], OLD, NOW) == "no story was found where there used to be some"
    assert strange([], Past(), NOW) == "no story was found"


@pytest.mark.parametrize("words", WALLS)
def test_a_wall_is_known_by_its_title_even_on_a_first_visit(words: str) -> None:
    assert "like a wall" in (strange(links(40), Past(), NOW, title=words.title() + "...") or "")


def test_one_title_for_all_is_strange() -> None:
    assert "one title: 'Please log in'" in (strange(links(5, "Please log in"), OLD, NOW) or "")
    assert strange(links(4, "Flood"), Past(last_success=NOW), NOW) is None, "a few may share one"


def test_far_fewer_than_usual_is_strange_but_a_long_absence_explains_much() -> None:
    assert strange(links(7), OLD, NOW) == "only 7 stories where there are usually 40"
    assert strange(links(8), OLD, NOW) is None
    long_ago = Past(last_success=NOW - timedelta(days=3), typical=40.0)
    assert strange(links(3), long_ago, NOW) is None
    assert strange(links(1), Past(last_success=NOW, typical=9.0), NOW) is None, "small listings vary"
