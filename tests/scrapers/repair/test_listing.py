"""The links of a listing are found again by the stories that it is known for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers import Known, Links, Offered, Seed, Sight, read_links, with_selectors
from scrapers.model import Past
from scrapers.repair import listing
from scrapers.repair.model import LINKS, Candidate
from scrapers.repair.selector import of_node
from tests.support.redesigns import HOME, NOW, Told, known, new_front, old_front, page, seed, stories


def look(body: str, told: list[Told], source: Seed | None = None) -> Sight:
    (sight,) = listing.read(page(body), source or seed(), Known(stories=tuple(known(told))))
    return sight


def links(body: str, selector: str) -> Links:
    return read_links(page(body), with_selectors(seed(), [(LINKS, selector)]), Past(), NOW)


def test_a_selector_that_still_finds_the_stories_holds() -> None:
    told = stories(8)
    sight = look(old_front(told), told)
    assert sight.right
    assert sight.candidates == ()
    assert sight.given == "8 links, 8 of them known stories"


def test_after_a_redesign_the_links_of_the_headlines_are_found() -> None:
    told = stories(8)
    body = new_front([*stories(2, first=8), *told])
    sight = look(body, told)
    assert not sight.right
    assert sight.given == ""
    best = sight.candidates[0]
    assert "teaser" in best.selector and "css-" not in best.selector and "nth" not in best.selector
    assert (best.right, best.caught, best.odd) == (8, 10, 0)
    assert len(links(body, best.selector).items) == 10


def test_navigation_is_not_caught() -> None:
    told = stories(8)
    sight = look(new_front(told), told)
    assert all(one.odd == 0 for one in sight.candidates[:3])
    assert any(one.odd > 0 for one in sight.candidates if one.selector == "a") or all(
        one.selector != "a" for one in sight.candidates
    )


def test_a_box_of_others_with_the_same_class_is_not_caught() -> None:
    told = stories(8)
    partner = "".join(
        f'<h3 class="teaser-headline"><a href="https://shop{n}.example/offer/{n}">A wonderful offer for you</a></h3>'
        for n in range(6)
    )
    body = new_front(told, partner=f'<div class="partner">{partner}</div>')
    best = look(body, told).candidates[0]
    assert best.odd == 0
    assert {link.url for link in links(body, best.selector).items} == {HOME.rstrip("/") + one.path for one in told}


def test_stories_whose_addresses_changed_are_known_by_their_titles() -> None:
    told = stories(8)
    body = new_front(told).replace("/2026/03/", "/news/")
    sight = look(body, told)
    assert sight.known == 8
    assert sight.candidates[0].right == 8


def test_an_order_that_changed_makes_no_difference() -> None:
    told = stories(8)
    forwards, backwards = look(new_front(told), told), look(new_front(told[::-1]), told)
    assert forwards.candidates[0] == backwards.candidates[0]


def test_a_page_without_any_known_story_tells_nothing() -> None:
    sight = look("<html><body><h1>Just a moment</h1><a href=/x>Go on</a></body></html>", stories(8))
    assert not sight.right
    assert sight.candidates == ()


def test_what_the_seed_leaves_out_is_no_miss() -> None:
    told = stories(8)
    source = seed()
    source = Seed(
        name="lantern", home=HOME, discover=type(source.discover)(links="h2.story__title a", exclude=("/2026/",))
    )
    sight = look(new_front(told), told, source)
    assert sight.candidates == ()


@pytest.mark.parametrize(
    ("right", "caught", "odd", "cost", "wanted"),
    [
        (8, 8, 0, 0.0, 1.0),
        (4, 4, 0, 0.0, 0.5),
        (8, 10, 0, 0.0, 1.0 - 0.15 * 2 / 10),  # new ones that look like them
        (8, 10, 2, 0.0, 1.0 - 1.5 * 2 / 10),
        (8, 10, 1, 0.0, 1.0 - (1.5 + 0.15) / 10),
        (8, 8, 0, 2.0, 0.94),
        (0, 0, 0, 0.0, 0.0),
    ],
)
def test_the_worth_of_a_selector(right: int, caught: int, odd: int, cost: float, wanted: float) -> None:
    one = Candidate("a", cost, right, caught, odd)
    assert listing.worth(one, 8) == pytest.approx(wanted)
    assert listing.worth(replace(one, right=0, caught=0, odd=0, cost=0.0), 0) == 0.0


def of_link(markup: str, *, headed: bool) -> dict[str, float]:
    node = LexborHTMLParser(f"<main class=front>{markup}</main>").css_first("a")
    return dict(listing._of_link(node, headed))


def test_a_link_that_carries_a_headline_is_named_at_less_cost() -> None:
    markup = "<div class=teaser><a class=teaser-link href=/a>The quay</a></div>"
    headed, bare = of_link(markup, headed=True), of_link(markup, headed=False)
    assert headed.keys() == bare.keys() and ".teaser-link" in headed
    assert {round(bare[one] - headed[one], 6) for one in headed} == {0.4}


def test_the_link_of_a_heading_is_named_by_the_heading_too() -> None:
    node = LexborHTMLParser("<h3 class=headline><a href=/a>The quay</a></h3>").css_first("h3")
    of_heading = {f"{selector} a": cost + 0.2 for selector, cost in of_node(node)}
    found = of_link("<h3 class=headline><a href=/a>The quay</a></h3>", headed=True)
    assert found["h3.headline a"] == pytest.approx(of_heading["h3.headline a"])
    other = of_link("<div class=headline><a href=/a>The quay</a></div>", headed=True)
    assert not any(one.startswith("h3") for one in other)
    deeper = of_link("<h3 class=headline><b><a href=/a>The quay</a></b></h3>", headed=True)
    assert min(found.values()) <= min(deeper.values())


def test_too_few_known_stories_say_nothing_of_the_present_selector() -> None:
    told = stories(8)
    assert not look(old_front(told), told[:2]).right
    assert look(old_front(told), told[:3]).right
    assert listing.read(page(old_front(told)), seed(), Known()) == ()


def test_half_of_the_known_stories_are_enough() -> None:
    told = stories(8)
    for hidden, right in ((4, True), (5, False)):
        body = old_front(told)
        for one in told[:hidden]:  # what the selector does not find is there in another form
            body = body.replace(f'href="{one.path}"', 'href="/"', 1) + f'<p><a href="{one.path}">{one.title}</a></p>'
        sight = look(body, told)
        assert (sight.right, sight.known) == (right, 8)


def test_all_that_is_seen_of_a_listing() -> None:
    """Four known stories and two new ones: which selectors would find them, with their costs, the best first."""
    told = stories(4)
    sight = look(new_front([*told, *stories(2, first=8)]), told)
    assert replace(sight, candidates=()) == Sight(
        LINKS, HOME, "h2.story__title a", "", "4 known stories are on the page", False, 4
    )
    assert len(sight.candidates) == 40
    assert {(one.right, one.caught, one.odd) for one in sight.candidates} == {(4, 6, 0)}
    assert [(one.selector, one.cost) for one in sight.candidates[:16]] == [
        ("h3.teaser-headline a", 0.9), (".teaser-image", 1.2), ("article.teaser h3.teaser-headline a", 1.72),
        ("main.front-stream h3.teaser-headline a", 1.74), ("article h3.teaser-headline a", 1.8),
        ("main h3.teaser-headline a", 1.82), ("#page h3.teaser-headline a", 1.92),
        ("article.teaser .teaser-image", 2.0),
        ("main.front-stream .teaser-image", 2.02), ("article .teaser-image", 2.08), ("main .teaser-image", 2.1),
        ("#page .teaser-image", 2.2), ("h3 a", 2.3), ("article.teaser h3 a", 2.32), ("main.front-stream h3 a", 2.34),
        ("article h3 a", 2.4),
    ]  # fmt: skip
    some = look(old_front([*told, *stories(2, first=8)]), told)
    assert (some.given, some.right, some.known) == ("6 links, 4 of them known stories", True, 4)
    assert listing.read(page(old_front(told)), seed(links=None), Known(stories=tuple(known(told)))) == ()


def test_what_is_no_story_beside_known_ones() -> None:
    """Of the links of a selector: known stories, those that look like them, and the others."""
    told = stories(4)
    front = listing.open_front(
        page(new_front([*told, *stories(2, first=8)])), seed(), Known(stories=tuple(known(told)))
    )
    odd = {offer.url.removeprefix(HOME.rstrip("/")): front.is_odd(offer) for offer in front.caught("a")}
    assert odd == {
        "/town/": True, "/harbour/": True, "/country/": True, "/imprint": True, "/privacy": True,
        **{one.path: False for one in (*told, *stories(2, first=8))},
    }  # fmt: skip
    assert front.homes == {"lantern.example"}
    source = replace(seed(), hosts=("lantern-news.example",))
    assert listing.open_front(page("<p>"), source, Known()).homes == {"lantern.example", "lantern-news.example"}


@pytest.mark.parametrize(
    ("title", "found"), [("A title of 15!!", False), ("A title of 15 x", True), ("a TITLE, of 15 x", True)]
)
def test_a_title_of_fifteen_letters_tells_a_story(title: str, found: bool) -> None:
    body = '<main><h3><a href="/new/address">A title of 15 x</a></h3></main>'
    front = listing.open_front(page(body), seed(), Known(stories=(Offered("k", title),)))
    assert bool(front.known) is found
