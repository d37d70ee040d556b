"""Readers of fields at their bounds: licences, headlines beside their sections, headings, distances, written text."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers.discover.probe.declared import title_of
from scrapers.extract.body.units.blocks import plain
from scrapers.extract.body.weigh.context import _distances
from scrapers.extract.claims import Claims
from scrapers.extract.fields import date_search, headings, rights, title
from scrapers.extract.readers import microdata, plaintext, references
from scrapers.extract.readers.nodes import Spot
from scrapers.model import Image


def spots(markup: str, selector: str) -> list[Spot]:
    nodes = LexborHTMLParser(f"<body>{markup}").css(selector)
    return [Spot(place, node.tag or "", node.attributes, node) for place, node in enumerate(nodes)]


NEAR, OF_PICTURE = (
    '<p><a rel="License nofollow" href="/by">x</a></p>',
    '<figure><a rel=license href="/photo">x</a></figure>',
)


@pytest.mark.parametrize(
    ("claimed", "markup", "found"),
    [
        ((), NEAR, "https://w.example/by"),
        ((), OF_PICTURE, None),
        ((), OF_PICTURE + NEAR, "https://w.example/by"),
        ((), '<a rel="nofollow" href="/by">x</a>', None),
        (("CC BY",), NEAR, "https://w.example/by"),  # an address before a name
        (("https://l.example/1", "https://l.example/2"), NEAR, "https://l.example/1"),
        (("CC BY",), "", "CC BY"),
        (("CC",), "", None),
        (("x" * 100,), "", "x" * 100),
        (("x" * 101,), "", None),
        (("urn:x",), "", None),
        (("https://l.example/" + "x" * 1983,), "", None),
        (("https://l.example/" + "x" * 1982,), "", "https://l.example/" + "x" * 1982),
    ],
)
def test_the_licence_of_an_article(claimed: tuple[str, ...], markup: str, found: str | None) -> None:
    claims = [Claims("meta", licenses=claimed)]
    assert rights.license_of(claims, spots(markup, "a"), "https://w.example/a") == found


def test_those_who_helped_and_where_readers_comment() -> None:
    claims = [
        Claims("meta", contributors=("Ada Marsh", "https://w.example/jon", "Eva Roos")),
        Claims("jsonld", contributors=("ada marsh", *(f"Helper {n}" for n in range(30))), comments=("/a#comments",),
               feeds=("/feed", "/a/b/feed", "https://other.example/a/feed", "/ab/feed", "/a/list", "/a/rss/")),
    ]  # fmt: skip
    found = rights.contributors(claims, ["ADA MARSH"])
    assert found[:2] == ("Eva Roos", "Helper 0") and len(found) == 20
    address = "https://w.example/a/"
    assert rights.comments(claims, address, address) == ("https://w.example/a#comments", "https://w.example/a/b/feed")
    assert rights.comments([], address, address) == (None, None)
    assert rights._is_below("https://w.example/a/rss/", address, "/a")
    assert not rights._is_below("https://w.example/feed", address, "/a")


@pytest.mark.parametrize(
    ("whole", "cut"),
    [
        ("Why the bridge matters | Opinion", "Why the bridge matters"),
        ("Why the bridge matters - Opinion", "Why the bridge matters - Opinion"),
        ("Why the bridge matters | Sport", "Why the bridge matters | Sport"),
        ("Bridge | Mill | Opinion", "Bridge | Mill"),
        ("Opinion", "Opinion"),
    ],
)
def test_a_headline_without_its_section(whole: str, cut: str) -> None:
    assert title._without_section(whole, frozenset(["opinion"])) == cut


def heading(place: int, text: str, *parts: str) -> Any:
    return SimpleNamespace(text=text, parts=parts, short=text, spot=SimpleNamespace(place=place))


def test_a_second_heading_that_readers_see(monkeypatch: pytest.MonkeyPatch) -> None:
    """Near the first, and what the head says where that is another's headline."""
    monkeypatch.setattr(title, "_shortest", lambda heading, text, disabled: f"{heading.text}: {text}")
    one, said = heading(5, "Ferry news"), {"meta": "the ferry is back"}

    def shown(*twos: Any, first: dict[str, str] = said) -> str | None:
        found = title._displayed(one, list(twos), first, frozenset())  # type: ignore[arg-type]
        return None if found is None else found.text

    right = "The ferry is back"
    assert shown(heading(16, right)) == f"{right}: {right}"
    assert shown(heading(8, "Sea: it", "Sea", right)) == f"Sea: it: {right}"
    assert shown(heading(17, right)) is None and shown(heading(5, right)) is None and shown(heading(4, right)) is None
    assert shown(heading(6, "x"), heading(7, "y"), heading(8, right)) == f"{right}: {right}"
    assert shown(heading(6, "x"), heading(7, "y"), heading(8, "z"), heading(9, right)) is None
    assert shown(heading(6, right), first={"jsonld": "the ferry is back"}) is None
    assert shown(heading(6, "Ferry back"), first={"meta": "ferry back"}) is None, "two words"
    assert shown(heading(6, "Ferry news"), first={"meta": "ferry news"}) is None


def test_the_first_headings_of_a_page() -> None:
    """Twenty-four of them at most; of second-level ones the first twenty-four are looked at."""

    def texts(markup: str) -> list[str]:
        parts = SimpleNamespace(headings=spots(markup, "h1, h2, h3"), roles=[])
        return [one.text for one in headings.headings(parts)]  # type: ignore[arg-type]

    twos = "".join(f"<h2>Second {n}</h2>" for n in range(30))
    assert texts(f"<h1>First</h1>{twos}") == ["First", *(f"Second {n}" for n in range(23))]
    empty = "<h2></h2>" * 24
    assert texts(f"<h1>First</h1>{empty}<h2>Late</h2><h1>Last</h1>") == ["First", "Last"]
    assert texts(f"{'<h2></h2>' * 23}<h2>Late</h2>") == ["Late"]
    assert texts(f"<h1>x</h1><h1>{'y' * 400}</h1><h1>{'z' * 401}</h1>") == ["y" * 400]


@pytest.mark.parametrize(
    ("place", "from_heading", "marked", "distance"),
    [(10, -1, False, 10.0), (10, -1, True, 3.0), (10, 4, False, 6.0), (10, 4, True, 1.8), (4, 4, False, 0.0),
     (3, 4, False, 42.0), (0, 10, False, 60.0), (0, 10, True, 18.0)],
)  # fmt: skip
def test_how_far_a_date_is_from_the_headline(place: int, from_heading: int, marked: bool, distance: float) -> None:
    assert date_search._distance(place, from_heading, marked) == pytest.approx(distance)


def test_how_much_lies_between_what_stays() -> None:
    """Before and after each unit up to the nearest long one that stays; three thousand at most."""
    units = [SimpleNamespace(length=length) for length in (50, 41, 40, 100, 2990, 50)]
    odds = [0.0, 0.6, 0.9, 0.5, -1.0, 0.1]
    assert _distances(units, odds) == (  # type: ignore[arg-type]
        [3000.0, 3000.0, 0.0, 40.0, 140.0, 3000.0], [0.0, 3000.0, 3000.0, 3000.0, 3000.0, 3000.0],
    )  # fmt: skip
    assert _distances(units[1:4], [0.6, 0.0, 0.6]) == ([3000.0, 0.0, 40.0], [40.0, 0.0, 3000.0])  # type: ignore[arg-type]


def test_text_as_it_is_read() -> None:
    assert plain("a&lt;b&gt; &quot;c&quot;&nbsp;&amp;lt;") == 'a<b> "c"\xa0&lt;'
    assert plain("plain") == "plain"


@pytest.mark.parametrize("place", ['<meta property="og:site_name" content="{}">', '<meta name="application-name" content="{}">', "<title>{}</title>"])  # fmt: skip  # noqa: E501
def test_the_name_of_a_site_has_two_hundred_characters_at_most(place: str) -> None:
    for length in (199, 200, 201, 300):
        found = title_of(LexborHTMLParser(f"<html><head>{place.format('x' * length)}</head>"))
        assert found is not None and len(found) == min(length, 200)


def test_the_only_heading_of_the_first_level(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that is like the head's title; else the only one that is no link and can stand alone."""

    def chosen(likest: tuple[float, str], plain: list[str], *, alone: bool = True, said: bool = True) -> str | None:
        ones = [SimpleNamespace(short=name, name=name, linked=name not in plain) for name in ("one", "two")]
        by_name = {one.name: one for one in ones}
        monkeypatch.setattr(title, "_likest", lambda case: (likest[0], by_name[likest[1]]))
        monkeypatch.setattr(title, "_is_link", lambda heading: heading.linked)
        monkeypatch.setattr(title, "_can_stand_alone", lambda heading, likeness, case: alone)
        monkeypatch.setattr(title, "_longer", lambda heading, case: "")
        monkeypatch.setattr(title, "_outdone", lambda heading, case: "")
        case: Any = SimpleNamespace(ones=ones, disabled=frozenset(), said=said)
        found = title._alike(case)
        return None if found is None else found.text

    assert chosen((0.3, "one"), ["two"]) == "one"
    assert chosen((0.29, "one"), ["two"]) == "two"
    assert chosen((0.29, "one"), ["two"], alone=False) is None
    assert chosen((0.29, "one"), ["two"], alone=False, said=False) == "one"
    assert chosen((0.29, "one"), ["one", "two"]) is None
    assert chosen((0.3, "one"), ["one", "two"]) == "one"
    monkeypatch.setattr(title, "_likest", lambda case: None)
    assert title._alike(SimpleNamespace()) is None  # type: ignore[arg-type]


def test_a_tree_of_references_has_so_many_values_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "MOST", 3)
    assert references.resolve([{"a": 1, "b": 2, "c": 3}, "x", "y", "z"]) == {"a": "x", "b": "y", "c": None}


CAPTIONS = {  # caption → what is left of it, and whose picture it is
    "A quay": ("A quay", None),
    "A quay (Photo: Eva  Roos)": ("A quay", "Photo: Eva Roos"),
    "Photo: Eva Roos": (None, "Photo: Eva Roos"),
}


def test_the_picture_of_a_caption() -> None:
    found = {caption: plaintext._picture(caption) for caption in CAPTIONS}
    assert found == {caption: Image("", left, credit) for caption, (left, credit) in CAPTIONS.items()}
    assert plaintext._picture(None) is None


def test_the_item_around_a_value() -> None:
    """The nearest one that says what it is, within fourteen elements; 0 for none, None for another kind of item."""

    def scope(opening: str, depth: int = 0) -> tuple[int | None, list[int]]:
        tree = LexborHTMLParser(f"<body>{opening}{'<i>' * depth}<b>x</b>")
        (node,) = tree.css("b")
        return microdata._scope(Spot(0, "b", {}, node)), [one.mem_id for one in tree.css("div")]

    for opening in (
        "<div itemscope>",
        '<div itemtype="http://schema.org/NewsArticle">',
        "<div itemscope itemtype=Blogposting>",
    ):
        for depth in (0, 13):
            found, (item,) = scope(opening, depth)
            assert found == item
        assert scope(opening, 14)[0] == 0
    assert scope('<div itemtype="http://schema.org/Person">')[0] is None
    assert scope("<div>")[0] == 0
