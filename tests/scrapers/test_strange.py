"""A listing that answers 200 and is no news: said in words, never on a guess (RELIABILITY D8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scrapers import Draft, Link, Past
from scrapers.discover import shape
from scrapers.strange import WALLS, strange

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD = Past(last_success=NOW - timedelta(hours=1), typical=40.0)


def links(count: int, title: str | None = None) -> list[Link]:
    return [Link(f"https://courier.example/{n}", hint=Draft(title=title or f"About {n}")) for n in range(count)]


HOUR = int(NOW.timestamp() // 3600)
# nine a day, from eight to seventeen; addresses like /2026/03/slug
SETTLED = Past(
    known=frozenset(f"courier.example/2026/03/story-{n}" for n in range(200)),
    last_success=NOW - timedelta(hours=1),
    typical=40.0,
    began=NOW - timedelta(days=40),
    arrivals=tuple((hour, 1) for hour in range(HOUR - 24 * 28, HOUR) if 8 <= hour % 24 < 17),
    shapes={shape("https://courier.example/2026/03/the-quay-is-closed-again"): 100},
)


def moved(count: int = 40) -> list[Link]:
    """Stories at addresses of another kind."""
    return [
        Link(f"https://courier.example/artikel/{n + 100000}.html?id=x", hint=Draft(title=f"A {n}"))
        for n in range(count)
    ]


def test_all_links_new_at_once_on_an_old_source_are_strange() -> None:
    why = strange(moved(), SETTLED, NOW)
    assert why == "none of the 40 stories is known, and none has an address like those so far"
    one_known = [*moved(), Link("https://courier.example/2026/03/story-7", hint=Draft(title="Known"))]
    assert strange(one_known, SETTLED, NOW) is None


def test_a_front_that_is_new_for_a_good_reason_is_not_strange() -> None:
    alike = [
        Link(f"https://courier.example/2026/03/what-came-of-the-{word}", hint=Draft(title=word))
        for word in ("quay", "crane", "ferry", "mill", "tower", "choir", "court", "storm", "school", "bridge")
    ]
    assert strange(alike, SETTLED, NOW) is None, "its stories look like its stories"
    assert strange(moved(11), SETTLED, NOW) is None, "so many may come in an hour"
    assert strange(moved(), replace(SETTLED, last_success=NOW - timedelta(days=4)), NOW) is None, "long not visited"
    ticker = replace(SETTLED, arrivals=tuple((hour, 20) for hour in range(HOUR - 24 * 28, HOUR)))
    assert strange(moved(), ticker, NOW) is None, "a front that turns over fast"
    assert strange(moved(), replace(SETTLED, began=NOW - timedelta(days=2)), NOW) is None, "a young source"
    assert strange(moved(), replace(SETTLED, known=frozenset()), NOW) is None
    waiting = replace(SETTLED, queued=(moved()[3].url,))
    assert strange(moved(), waiting, NOW) is None, "left over from the last visit"


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
