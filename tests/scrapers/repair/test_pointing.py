"""Pointing at a page: one click marks all alike, a second one corrects, and nothing of the page acts."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers import Page, Pointed, SeedError, point
from scrapers.repair import pointing

FRONT = """<!doctype html><html><head><title>Front</title><script>alert(1)</script></head><body onload="alert(2)">
<nav><a href="/about">About the paper</a><a href="/contact">Contact</a></nav>
<main><div class="river css-1x9f3k">
<article class="teaser"><h3 class="teaser__title"><a href="/news/ferry">The ferry returns</a></h3></article>
<article class="teaser"><h3 class="teaser__title"><a href="/news/market">The market reopens</a></h3></article>
<article class="teaser"><h3 class="teaser__title"><a href="/news/storm" onclick="x()">A <b>night</b></a></h3></article>
</div>
<aside><h3 class="teaser__title"><a href="/shop/mug">A mug with a gull</a></h3>
<img src="x.png" onerror="alert(3)"></aside>
<form action="/steal"><input name="q"></form><iframe src="https://evil.example/"></iframe>
</main></body></html>"""
STORY = """<html><body><h1 class="head">The ferry returns</h1>
<p class="byline">By <span class="author">Ada Marsh</span></p>
<time datetime="2026-03-01">1 March 2026</time><div class="story__body"><p>First paragraph of it.</p><p>Second one.</p>
<div class="promo">Read our letter</div></div></body></html>"""
ADDRESS = "/point?pick={N}"


def at(text: str, field: str, yes: list[int], no: list[int] | None = None) -> Pointed:
    return point(Page(url="https://courier.example/", body=text.encode()), field, yes, no or [], ADDRESS)


def number(shown: str, words: str) -> int:
    """The number of the part that shows these words."""
    found = re.search(rf"pick=(\d+)[^>]*>(?:<[^>]*>)*\s*{re.escape(words)}", shown)
    assert found is not None, shown
    return int(found[1])


def test_one_click_marks_all_alike() -> None:
    shown = at(FRONT, "discover.links", []).html
    found = at(FRONT, "discover.links", [number(shown, "The ferry returns")])
    assert found.selector is not None and "css-1x9f3k" not in found.selector
    assert found.caught >= 3 and "The market reopens" in found.samples
    assert "About the paper" not in found.samples


def test_a_second_click_corrects() -> None:
    shown = at(FRONT, "discover.links", []).html
    ferry, mug = number(shown, "The ferry returns"), number(shown, "A mug with a gull")
    found = at(FRONT, "discover.links", [ferry], [mug])
    assert found.selector is not None
    assert found.caught == 3 and "A mug with a gull" not in found.samples


def test_a_click_on_what_is_marked_wrongly_says_that_it_is_wrong() -> None:
    shown = at(FRONT, "discover.links", []).html
    marked = at(FRONT, "discover.links", [number(shown, "The ferry returns")]).html
    assert re.search(r'pick=\d+&amp;as=no"[^>]*class="caught">The market', marked)
    assert re.search(r'pick=\d+"[^>]*class="caught pointed">The ferry', marked)


def test_what_no_selector_can_tell_apart_is_said() -> None:
    page = '<body><div><a href="/a">One story</a><a href="/b">Another</a></div></body>'
    found = at(page, "discover.links", [0], [1])
    assert found.selector is None and found.why


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("title", "The ferry returns"),
        ("authors", "Ada Marsh"),
        ("published", "1 March 2026"),
        ("drop", "Read our letter"),
    ],
)
def test_fields_of_an_article(field: str, words: str) -> None:
    shown = at(STORY, field, []).html
    found = at(STORY, field, [number(shown, words)])
    assert found.selector is not None and found.samples[0] == words


def test_a_paragraph_stands_for_the_body_that_holds_it() -> None:
    shown = at(STORY, "body", []).html
    found = at(STORY, "body", [number(shown, "First paragraph"), number(shown, "Second one")])
    assert found.selector is not None and "story__body" in found.selector


def test_nothing_of_the_page_acts_or_loads() -> None:
    for field in ("discover.links", "drop"):
        shown = at(FRONT, field, [0]).html
        assert set(re.findall(r"<(\w+)", shown)) <= {"a", "article", "h3", "div", "p", "ul", "li", "section"}
        assert set(re.findall(r"\s([\w-]+)=\"", shown)) <= {"href", "target", "class"}
        assert all(href.startswith("/point?pick=") for href in re.findall(r'href="([^"]*)"', shown))
        assert "alert" not in shown and "evil" not in shown and "&lt;" not in shown


def test_texts_are_escaped_and_a_deep_page_is_no_trouble() -> None:
    evil = "<body><p>&lt;script&gt;alert(1)&lt;/script&gt;&quot;</p>" + "<div>" * 3000 + "deep" + "</div>" * 3000
    shown = at(evil, "title", []).html
    assert "<script" not in shown and "&lt;script&gt;" in shown and "deep" in shown


def test_numbers_that_there_are_not_and_fields_that_there_are_not() -> None:
    assert at(FRONT, "discover.links", [9999, -1]).selector is None
    with pytest.raises(SeedError):
        at(FRONT, "home", [0])


def test_a_link_without_a_name_is_named_by_the_heading_that_holds_it() -> None:
    boxes = "".join(
        f'<div><h4><a href="/n/{n}">Story number {n} of today</a></h4><a href="/t">More</a></div>' for n in range(4)
    )
    front = f"<html><body><nav><a href=/about>About the paper</a></nav><main>{boxes}</main></body></html>"
    shown = at(front, "discover.links", []).html
    found = at(front, "discover.links", [number(shown, "Story number 0")], [number(shown, "More")])
    assert found.caught == 4
    assert "h4" in (found.selector or "")


@pytest.mark.parametrize("selector", ["h3.teaser__title a", "h3.teaser__title", "article a"])
def test_what_a_selector_of_links_names_are_the_links(selector: str) -> None:
    tree = LexborHTMLParser(FRONT)
    found = pointing._named(tree, "discover.links", selector)
    assert [node.tag for node in found] == ["a"] * len(found)
    assert [node.attributes["href"] for node in found][:3] == ["/news/ferry", "/news/market", "/news/storm"]


def test_a_picture_is_named_by_what_is_said_of_it() -> None:
    tree = LexborHTMLParser(
        '<body><img src="/a.jpg" alt="The quay at dawn"><img src="/b.jpg"><p> Old  quay </p></body>'
    )
    first, second = tree.css("img")
    assert pointing._text(first) == "The quay at dawn"
    assert pointing._text(second) == "/b.jpg"
    (paragraph,) = tree.css("p")
    assert pointing._text(paragraph) == "Old quay"


QUAY = """<html><body><h1 class="title">The ferry <b>returns</b></h1>
<p class="byline">By <span class="author">Ada Marsh</span></p><img src=/a.jpg alt="A quay"><img src="/b.jpg">
<ul><li>One</li><li><a href=/x>Two &amp; three</a></li></ul><div class="story__body"><p>First.</p><p>Second one.</p>
<table><tr><td>Cell</td></tr></table><pre>x</pre><div class="promo">Our letter</div>
<blockquote><p>Quoted</p></blockquote>
</div></body></html>"""


def shown(field: str, first: int = 0) -> list[str]:
    """The texts of all parts that can be pointed at, in order."""
    html = at(QUAY, field, []).html
    assert re.findall(r"pick=(\d+)", html) == [str(n) for n in range(len(re.findall("<a ", html)))]
    return [" ".join(re.sub("<[^>]*>", "", text).split()) for text in re.findall(r"<a [^>]*>(.*?)</a>", html)]


def test_the_parts_that_can_be_pointed_at() -> None:
    short = [
        "The ferry returns",
        "Ada Marsh",
        "One",
        "Two &amp; three",
        "First.",
        "Second one.",
        "Cell",
        "Our letter",
        "Quoted",
    ]
    pictures = ["The ferry returns", "Ada Marsh", "[A quay]", "[/b.jpg]", *short[2:]]
    assert shown("title") == shown("authors") == shown("section") == short
    assert shown("image") == shown("drop") == pictures
    assert shown("body") == ["By Ada Marsh", "One", "Two &amp; three", "First.", "Second one.", "x", "Quoted"]
    assert shown("discover.links") == ["Two &amp; three"]


def test_a_page_that_is_shown_whole() -> None:
    def link(number: int, text: str, kinds: str = "") -> str:
        return f'<a href="/point?pick={number}" target="_top"{kinds}>{text} </a>'

    both, pointed = ' class="caught pointed"', ' class="pointed"'
    assert at(QUAY, "title", [0], [1]) == Pointed(
        f"<h1{both}>{link(0, 'The ferry returns', both)}</h1> <p>By {link(1, 'Ada Marsh')}</p>[A quay] [/b.jpg]  "
        f"<ul><li>{link(2, 'One')}</li><li>{link(3, 'Two &amp; three')}</li></ul><div><p>{link(4, 'First.')}</p>"
        f"<p>{link(5, 'Second one.')}</p> <div><div>{link(6, 'Cell')} </div> </div>x  "
        f"<div>{link(7, 'Our letter')}</div> <blockquote><p>{link(8, 'Quoted')}</p></blockquote> </div> ",
        "h1.title", 1, ("The ferry returns",), "",
    )  # fmt: skip
    assert at(QUAY, "body", [0, 3]) == Pointed(
        f"<h1>The ferry returns </h1> <p{pointed}>{link(0, 'By Ada Marsh', pointed)}</p>[A quay] [/b.jpg]  "
        f"<ul><li>{link(1, 'One')}</li><li>{link(2, 'Two &amp; three')}</li></ul>"
        f"<div><p{pointed}>{link(3, 'First.', pointed)}</p><p>{link(4, 'Second one.')}</p> "
        f"<div><div>Cell  </div> </div>{link(5, 'x')} <div>Our letter </div> "
        f"<blockquote><p>{link(6, 'Quoted')}</p></blockquote> </div> ",
        None, 0, (), "no selector names all of these and none of those",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "yes", "no", "selector", "caught", "samples"),
    [
        ("title", [], [], None, 0, ()),
        ("title", [-1, 99], [0], None, 0, ()),
        ("authors", [1], [], ".author", 1, ("Ada Marsh",)),
        ("image", [2], [], "img", 2, ("A quay", "/b.jpg")),
        ("image", [3], [], None, 0, ()),  # of several the first one is read
        ("drop", [2, 3], [], "img", 2, ("A quay", "/b.jpg")),
        ("drop", [2], [3], None, 0, ()),
        ("body", [3, 4], [], ".story__body", 1, ("First. Second one. Cell x Our letter Quoted",)),
        ("body", [6], [], None, 0, ()),  # an element without a name that lasts
        ("discover.links", [0], [], "a", 1, ("Two & three",)),
    ],
)
def test_what_is_named_by_pointing(
    field: str, yes: list[int], no: list[int], selector: str | None, caught: int, samples: tuple[str, ...]
) -> None:
    found = at(QUAY, field, yes, no)
    assert (found.selector, found.caught, found.samples) == (selector, caught, samples)


@pytest.mark.parametrize(
    ("count", "selector", "caught"),
    [(1, "h3.lead a", 1), (6, "h3.lead a", 1), (12, ".teaser a", 12), (14, ".teaser a", 14)],
)
def test_a_name_of_many_links_is_taken_before_one_of_a_single_link(count: int, selector: str, caught: int) -> None:
    boxes = "".join(
        f'<div class="teaser"><h3{" class=lead" if not n else ""}><a href="/n/{n}">Story {n}</a></h3></div>'
        for n in range(count)
    )
    found = at(f"<body>{boxes}</body>", "discover.links", [0])
    assert (found.selector, found.caught) == (selector, caught)
    assert found.samples == tuple(f"Story {n}" for n in range(min(caught, 5)))


def test_the_elements_above_another() -> None:
    cell = LexborHTMLParser(QUAY).css_first("td")
    assert cell is not None
    assert [node.tag for node in pointing._above(cell)] == ["tr", "tbody", "table", "div", "body"]


@pytest.mark.parametrize(
    ("wanted", "body"),
    [([0], "story"), ([0, 1], "story"), ([0, 2], "main"), ([0, 3], "outer"), ([3], "outer"), ([4], "body")],
)
def test_the_element_that_holds_all_that_was_pointed_at(wanted: list[int], body: str) -> None:
    tree = LexborHTMLParser(
        "<body><div id=outer><div id=main><div id=story><p>1</p><p>2</p></div><p>3</p></div><p>4</p></div><p>5</p>"
    )
    nodes = tree.css("p")
    found = pointing._bodies([nodes[n] for n in wanted])
    assert (found.attributes.get("id") or found.tag) == body


@pytest.mark.parametrize(
    "tag", ["noscript", "template", "iframe", "object", "form", "select", "dialog", "script", "style"]
)
def test_what_nobody_sees_or_reads_is_no_part_of_a_page(tag: str) -> None:
    pointed = at(
        f"<body><{tag}><h1 class=head>Buy this</h1></{tag}><h1 class=head>The ferry returns</h1>", "title", [0]
    )
    assert (pointed.caught, pointed.samples) == (1, ("The ferry returns",))
    assert "Buy this" not in pointed.html
