"""A listing that answers 200 and is no news: said in words, never on a guess (RELIABILITY D8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrapers import Draft, Link, Past
from scrapers.crawl.front_anomaly import WALLS, front_anomaly
from scrapers.discover import shape
from scrapers.schedule.arrival_rate import learn

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


def test_all_links_new_at_once_on_an_old_source_are_an_anomaly() -> None:
    why = front_anomaly(moved(), SETTLED, NOW)
    assert why == "none of the 40 stories is known, and none has an address like those so far"
    one_known = [*moved(), Link("https://courier.example/2026/03/story-7", hint=Draft(title="Known"))]
    assert front_anomaly(one_known, SETTLED, NOW) is None


def test_known_headlines_or_numbers_at_other_addresses_are_a_relaunch_and_no_anomaly() -> None:
    few, enough = (replace(SETTLED, titles=frozenset(f"a {n}" for n in range(count))) for count in (9, 10))
    assert front_anomaly(moved(), few, NOW) is not None
    assert front_anomaly(moved(), enough, NOW) is None
    numbers = {f"number:courier:courier.example:{n + 7_100_000}" for n in range(10)}
    numbered = replace(SETTLED, known=SETTLED.known | numbers)
    links = [Link(f"https://courier.example/artikel/what-{n}-is-{n + 7_100_000}.html?x=1") for n in range(40)]
    assert front_anomaly(links, SETTLED, NOW, source="courier") is not None
    assert front_anomaly(links, numbered, NOW, source="another") is not None
    assert front_anomaly(links, numbered, NOW, source="courier") is None


def test_a_front_that_is_new_for_a_good_reason_is_no_anomaly() -> None:
    alike = [
        Link(f"https://courier.example/2026/03/what-came-of-the-{word}", hint=Draft(title=word))
        for word in ("quay", "crane", "ferry", "mill", "tower", "choir", "court", "storm", "school", "bridge")
    ]
    assert front_anomaly(alike, SETTLED, NOW) is None, "its stories look like its stories"
    assert front_anomaly(moved(11), SETTLED, NOW) is None, "so many may come in an hour"
    neglected = replace(SETTLED, last_success=NOW - timedelta(days=4))
    assert front_anomaly(moved(), neglected, NOW) is None, "long not visited"
    ticker = replace(SETTLED, arrivals=tuple((hour, 20) for hour in range(HOUR - 24 * 28, HOUR)))
    assert front_anomaly(moved(), ticker, NOW) is None, "a front that turns over fast"
    assert front_anomaly(moved(), replace(SETTLED, began=NOW - timedelta(days=2)), NOW) is None, "a young source"
    assert front_anomaly(moved(), replace(SETTLED, known=frozenset()), NOW) is None
    waiting = replace(SETTLED, queued=(moved()[3].url,))
    assert front_anomaly(moved(), waiting, NOW) is None, "left over from the last visit"


def test_a_usual_listing_is_no_anomaly() -> None:
    assert front_anomaly(links(40), OLD, NOW, title="The Courier") is None
    assert front_anomaly(links(3), Past(), NOW) is None, "a first visit takes what there is"


def test_nothing_where_there_used_to_be_some() -> None:
    assert front_anomaly([], OLD, NOW) == "no story was found where there used to be some"
    assert front_anomaly([], Past(), NOW) == "no story was found"


@pytest.mark.parametrize("words", WALLS)
def test_a_wall_is_known_by_its_title_even_on_a_first_visit(words: str) -> None:
    assert "like a wall" in (front_anomaly(links(40), Past(), NOW, title=words.title() + "...") or "")


def test_one_title_for_all_is_strange() -> None:
    assert "one title: 'Please log in'" in (front_anomaly(links(5, "Please log in"), OLD, NOW) or "")
    assert front_anomaly(links(4, "Flood"), Past(last_success=NOW), NOW) is None, "a few may share one"


def test_far_fewer_than_usual_is_strange_but_a_long_absence_explains_much() -> None:
    assert front_anomaly(links(7), OLD, NOW) == "only 7 stories where there are usually 40"
    assert front_anomaly(links(8), OLD, NOW) is None
    long_ago = Past(last_success=NOW - timedelta(days=3), typical=40.0)
    assert front_anomaly(links(3), long_ago, NOW) is None
    assert front_anomaly(links(1), Past(last_success=NOW, typical=9.0), NOW) is None, "small listings vary"


def test_what_a_redesign_leaves_of_a_front_is_strange() -> None:
    small = replace(
        SETTLED, typical=8.0, known=frozenset(f"courier.example/2026/03/story-{n}" for n in range(20)), arrivals=()
    )
    menu = [Link(f"https://courier.example/{word}", hint=Draft(title=word)) for word in ("about-us", "newsletter")]
    why = front_anomaly(menu, small, NOW)
    assert why == "only 2 stories where there are usually 8, and none looks like those so far"
    assert front_anomaly(menu, replace(SETTLED, last_success=NOW - timedelta(days=2)), NOW) is not None
    known = [*menu, Link("https://courier.example/2026/03/story-7", hint=Draft(title="Known"))]
    assert front_anomaly(known, small, NOW) is None, "one of its stories is still there"
    alike = [*menu, Link("https://courier.example/2026/03/the-mill-is-sold-at-last", hint=Draft(title="New"))]
    assert front_anomaly(alike, small, NOW) is None, "one looks like its stories"
    assert front_anomaly(menu, replace(small, typical=3.0), NOW) is None, "it never has many"
    assert front_anomaly(menu, replace(small, shapes={}), NOW) is None, "nobody knows what its stories look like"
    assert front_anomaly(menu, replace(small, last_success=NOW - timedelta(days=4)), NOW) is None, "it moved for good"


MENU = [Link(f"https://courier.example/{word}", hint=Draft(title=word)) for word in ("about-us", "newsletter")]
SMALL = replace(SETTLED, typical=8.0, known=frozenset(["courier.example/2026/03/story-1"]), arrivals=())


@pytest.mark.parametrize(
    ("links", "changes", "strange"),
    [
        (MENU, {}, True),
        (MENU, {"typical": 7.9}, False),
        (MENU[:1], {"typical": 4.0}, True),
        (MENU[:1], {"typical": 3.9}, False),
        (MENU, {"typical": None}, False),
        (MENU, {"shapes": {"/a": 2, "/b": 1}}, True),
        (MENU, {"shapes": {"/a": 1, "/b": 1}}, False),
        (MENU, {"queued": (MENU[1].url,)}, False),
        (MENU, {"known": frozenset(["courier.example/newsletter"])}, False),
        (MENU, {"last_success": NOW - timedelta(days=3) + timedelta(seconds=1)}, True),
        (MENU, {"last_success": NOW - timedelta(days=3)}, False),
    ],
)
def test_bounds_of_what_a_redesign_leaves(links: list[Link], changes: dict[str, Any], strange: bool) -> None:
    why = front_anomaly(links, replace(SMALL, **changes), NOW)
    assert (why is not None) is strange
    assert why is None or why.endswith(", and none looks like those so far")


ALIKE = Link("https://courier.example/2026/03/what-came-of-the-quay", hint=Draft(title="Quay"))
EXPECTED = learn(SETTLED.arrivals, SETTLED.began, NOW)
assert EXPECTED is not None
FEWEST = int(8 + 4 * EXPECTED.expected(NOW - timedelta(hours=1), NOW)) + 1  # new stories that are too many in an hour


@pytest.mark.parametrize(
    ("links", "changes", "strange"),
    [
        (moved(FEWEST), {}, True),
        (moved(FEWEST - 1), {}, False),
        ([*moved(19), *[ALIKE] * 19], {}, False),
        ([*moved(20), *[ALIKE] * 19], {}, True),
        ([*moved(20), *[ALIKE] * 20], {"shapes": {shape(ALIKE.url): 3}}, False),
        ([*moved(20), *[ALIKE] * 20], {"shapes": {shape(ALIKE.url): 2}}, True),
        (moved(), {"known": frozenset(f"a.example/{n}" for n in range(30))}, True),
        (moved(), {"known": frozenset(f"a.example/{n}" for n in range(29))}, False),
        (moved(), {"last_success": NOW - timedelta(days=3)}, False),
        (moved(8), {"arrivals": ((HOUR - 24 * 28, 1),)}, False),
        (moved(9), {"arrivals": ((HOUR - 24 * 28, 1),)}, True),
    ],
)
def test_bounds_of_too_many_new_stories(links: list[Link], changes: dict[str, Any], strange: bool) -> None:
    past = replace(SETTLED, typical=None, **changes)
    why = front_anomaly(links, past, NOW)
    told = f"none of the {len(links)} stories is known, and none has an address like those so far"
    assert why == (told if strange else None)


@pytest.mark.parametrize(
    ("count", "typical", "days", "strange"),
    [(1, 10.0, 0.0, True), (2, 10.0, 0.0, False), (2, 11.0, 0.0, True), (1, 9.9, 0.0, False), (2, 40.0, 3.9, True),
     (2, 40.0, 4.0, False), (7, 40.0, 0.9, True), (8, 40.0, 1.0, False), (4, 40.0, 1.9, True)],
)  # fmt: skip
def test_bounds_of_far_fewer_than_usual(count: int, typical: float, days: float, strange: bool) -> None:
    past = Past(last_success=NOW - timedelta(days=days), typical=typical)
    told = f"only {count} stories where there are usually {typical:.0f}"
    assert front_anomaly(links(count), past, NOW) == (told if strange else None)
