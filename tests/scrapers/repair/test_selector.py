"""Elements are named as a person would name them."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from scrapers.repair.selector import class_cost, human_start, is_made, names, of_node
from scrapers.seed import css
from tests.support.cases import judged


@judged(
    "name, made",
    yes=[
        "css-1q2w3e",
        "sc-bdVaJa",
        "jsx-382910",
        "_3kXyZ",
        "Article_title__3KxYz",
        "svelte-1x2y3z",
        "a1b2c3",
        "kJhGfD",
        "x1lliihq",
        "post-48211",
        "bcdfghk",
    ],
    no=[
        "story__title",
        "headline",
        "title2",
        "teaser--large",
        "entry-title",
        "articleBody",
        "tdb-title-text",
        "h1-big",
        "byline",
    ],
)
def test_names_that_a_build_makes_and_names_that_people_write(name: str, made: bool) -> None:
    cost = class_cost(name)
    assert is_made(name) is made
    assert cost is None or not made


def test_what_a_class_means_counts_more_than_looks() -> None:
    meaning, plain, looks = class_cost("story-title"), class_cost("abacus"), class_cost("mt-4")
    assert meaning is not None and plain is not None and looks is not None
    assert meaning < plain < looks


def test_the_written_part_of_a_made_class_can_be_used() -> None:
    assert human_start("Article_title__3KxYz") == "Article_title__"
    assert human_start("story__title") is None
    assert human_start("css-1q2w3e") is None


def _node(markup: str, selector: str) -> tuple[LexborHTMLParser, list[str]]:
    tree = LexborHTMLParser(markup)
    node = tree.css_first(selector)
    assert node is not None
    return tree, [name for name, _ in of_node(node)]


def test_selectors_use_no_made_class_and_no_place() -> None:
    tree, found = _node(
        '<main><div class="css-1x9f3k card"><h2 class="headline css-77aa1b"><a href=/a>A</a></h2></div></main>', "h2"
    )
    assert "h2.headline" in found
    assert ".card h2.headline" in found or "main h2.headline" in found
    assert not any("css-" in one or "nth" in one for one in found)
    assert all(css.mistake(one) is None and tree.css(one) for one in found)


def test_what_cannot_be_written_plainly_is_left_out() -> None:
    _, found = _node('<div class="lg:grid md:w-1/2 [&>p]:x" id="a b"><p class="2col x">A</p></div>', "p")
    assert not any(char in one for one in found for char in ":/&")
    assert not any("2col" in one for one in found)


def test_attributes_that_say_what_an_element_is_come_first() -> None:
    tree = LexborHTMLParser('<div class="box wide" itemprop="headline" data-testid="hed">A</div>')
    node = tree.css_first("div")
    assert node is not None
    assert names(node)[0][0] == '[itemprop="headline"]'
