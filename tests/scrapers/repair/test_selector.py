"""Elements are named as a person would name them."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers.repair import selector
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


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        (
            '<h1 class="headline css-1x2y3z Head_title__3KxYz" id=top itemprop=headline>A</h1>',
            {
                'h1[itemprop="headline"]': 0.7,
                "h1.headline": 0.7,
                "h1": 0.9,
                "#top": 1.1,
                'h1[class*="Head_title__"]': 1.5,
            },
        ),
        (
            '<div class="a b story mt-4" id=lead1 rel=tag role=main data-qa=hed>A</div>',
            {'[rel="tag"]': 0.7, ".story": 0.8, '[data-qa="hed"]': 1.1, '[role="main"]': 1.1, ".a": 2.6},
        ),
        ('<time datetime=x class=when name="">A</time>', {"time": 1.1, "time[datetime]": 1.15, "time.when": 1.2}),
        ("<time datetime>A</time>", {"time": 1.1}),
        ('<p id=_x class="x">A</p>', {".x": 2.6, "p": 2.6}),
        ('<x-y class="card-body-wide-and-tall">A</x-y>', {"x-y.card-body-wide-and-tall": 0.8}),
        ('<span data-test="a1b2c3" name="{x}">A</span>', {"span": 4.0}),
        ('<p class="1 2 3 4 5 6 7 8 9 10 11 card title">A</p>', {".card": 0.8, "p": 2.6}),
        ('<p data-hook="ab cd/e.f:g">A</p>', {'[data-hook="ab cd/e.f:g"]': 1.1, "p": 2.6}),
    ],
)
def test_the_names_of_an_element_and_what_they_cost(markup: str, found: dict[str, float]) -> None:
    body = LexborHTMLParser(f"<body>{markup}").body
    assert body is not None and body.child is not None
    assert {name: round(cost, 4) for name, cost in names(body.child)} == found
    costs = [cost for _, cost in names(body.child)]
    assert costs == sorted(costs)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ('property="og:title"', {'meta[property="og:title"]': 1.9}),
        ('name="a b" content=x', {'meta[name="a b"]': 1.9}),
        ('itemprop="image" name="x1y2z3"', {'meta[itemprop="image"]': 0.7}),
        ("content=x", {}),
    ],
)
def test_the_names_of_what_stands_in_the_head(told: str, found: dict[str, float]) -> None:
    node = LexborHTMLParser(f"<meta {told}>").css_first("meta")
    assert node is not None
    assert dict(names(node)) == found


NESTED = """<body><main class=front><div class=river><section>
<h2 class=headline><a href=x>A</a></h2></section></div></main>"""


def test_an_element_is_named_by_itself_and_inside_one_or_two_above_it() -> None:
    """A bare tag costs more; each step between costs a little, and each name above a share of its own cost."""
    tree = LexborHTMLParser(NESTED)
    heading, link = tree.css_first("h2"), tree.css_first("a")
    assert heading is not None and link is not None
    assert [(one, round(cost, 4)) for one, cost in of_node(heading)] == [
        ("h2.headline", 0.7), (".river h2.headline", 1.56), ("main h2.headline", 1.62),
        ("main.front h2.headline", 1.74), ("h2", 2.1), ("section h2.headline", 2.1), (".river h2", 2.16),
        ("main h2", 2.22), ("main.front h2", 2.34), ("main .river h2.headline", 2.42), ("section h2", 2.7),
        ("div h2.headline", 2.84), (".river section h2.headline", 2.92), ("main section h2.headline", 2.96),
        ("main .river h2", 3.02), ("div h2", 3.44), (".river section h2", 3.52), ("main section h2", 3.56),
        ("main div h2.headline", 3.7), ("main div h2", 4.3),
    ]  # fmt: skip
    assert [(one, round(cost, 4)) for one, cost in of_node(link)] == [
        ("a", 3.2), ("h2.headline a", 3.2), (".river a", 3.28), ("main a", 3.34), ("h2 a", 3.44),
        ("main.front a", 3.46), ("section a", 3.82), (".river h2.headline a", 4.02), ("main h2.headline a", 4.06),
        ("main .river a", 4.14), (".river h2 a", 4.26), ("main h2 a", 4.3), ("div a", 4.56),
        ("section h2.headline a", 4.58), (".river section a", 4.64), ("main section a", 4.68), ("section h2 a", 4.82),
        ("main div a", 5.42),
    ]  # fmt: skip
    assert [one for one, _ in of_node(heading, up=1)] == ["h2.headline", "h2", "section h2.headline", "section h2"]


def test_an_element_has_at_most_so_many_selectors_from_so_far_above() -> None:
    letters = "abcdefghijklmn"
    deep = "".join(f"<div class='box{one} {one}o-story {one}o-title {one}o-card'>" for one in letters)
    node = LexborHTMLParser(f"<body>{deep}<p class='text copy body intro date'>A").css_first("p")
    assert node is not None
    assert len(of_node(node)) == 90
    assert [element.attributes["class"][:4] for element in selector._above(node, 12)] == [  # type: ignore[index]
        f"box{letter}" for letter in "nmlkjihgfedc"
    ]


@pytest.mark.parametrize(
    ("name", "cost"),
    [
        ("story-title", 0.8), ("a-b-title", 0.8), ("a-b-c-title", 0.85), ("a-b-c-title-x-y", 0.95),
        ("titleOfStory", 0.8), ("grid-title", 0.8), ("card", 0.8), ("abacus", 1.3), ("one-two", 1.3), ("abc", 1.3),
        ("mt-4", 2.6), ("x", 2.6), ("ab", 2.6), ("Mt", 2.6), ("col", 2.6), ("box-grid", 1.3), ("2col", None),
        ("_a", None), ("a:b", None), ("a" * 62, None), ("-x-card", 0.8),
    ],
)  # fmt: skip
def test_what_a_class_costs(name: str, cost: float | None) -> None:
    found = class_cost(name)
    assert (found and round(found, 4)) == cost


@judged(
    "part, made",
    yes=["123", "a123", "bcdf12", "a1b2c3", "kJhGfD", "ewhhUZ", "abcDe", "bcdfgh", "bbbbbbb", "abcd1234"],
    no=["12", "a1", "ab1", "h1", "title2", "abc12", "bcd12", "articleURL", "abCd", "abcdefgHi", "stories", "bcdfg",
        "éèàùçñ", "abcdefgh", ""],
)  # fmt: skip
def test_a_part_of_a_name_that_a_build_makes(part: str, made: bool) -> None:
    assert selector._is_made_part(part) is made


def test_the_start_of_a_made_name() -> None:
    """Of five letters at least, and written by a person."""
    starts = {name: human_start(name) for name in ("Story__3KxYz", "Stor__3KxYz", "Story__title", "2tory__3KxYz")}
    assert starts == {"Story__3KxYz": "Story__"} | dict.fromkeys(("Stor__3KxYz", "Story__title", "2tory__3KxYz"))
    assert human_start("css-x__3KxYz") is human_start("Story_3KxYz") is None


@judged(
    "name, made", yes=["css-x", "_x", "css--x", "og:a1b2c3"], no=["css", "a_b", "a-_b", "og:title", "og:type", "a.b"]
)
def test_a_name_in_parts(name: str, made: bool) -> None:
    assert is_made(name) is made
