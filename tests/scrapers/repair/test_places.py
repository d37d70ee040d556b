"""All selectors of all fields of one page, with their costs, and the steps that find and price them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers import Image, Known, Page, Record, Sight
from scrapers.extract.claims import Claims
from scrapers.repair import article
from scrapers.repair.model import Candidate
from tests.support.redesigns import NOW, seed

URL = "https://lantern.example/ferry"
LINES = ("The ferry came back on Sunday, with all its lamps lit up.", "Nobody had thought so, and nobody had waited.")
FERRY = f"""<html><head><title>Ferry returns to the bay</title><meta name="author" content="Ada Wren and Jon Tarrow">
<meta property="og:title" content="Ferry returns to the bay"><meta property="og:image" content="https://lantern.example/1.jpg">
<meta itemprop="datePublished" content="2026-03-01T08:30:00Z"></head><body>
<h2>Other news</h2><div class="teaser"><h2 class="headline">Clock is slow</h2></div>
<article><h1 class="headline"><span>Ferry returns</span> <i>to the bay</i></h1><h2>It was late.</h2>
<div class="byline"><b>By Ada Wren, Jon Tarrow</b></div><time datetime="2026-03-01T08:30:00Z">today</time>
<span class="seen">1 March 2026, 08:30</span><span class="clock">12:30</span>
<figure><img class="lead" data-src="/1.jpg"></figure><div><img class="other" src="/2.jpg"></div>
<p>{LINES[0]}</p><p>{LINES[1]}</p>
</article><p class="tags"><a rel="tag">Ferry</a><a rel="tag">Bay</a></p></body></html>"""
FIELDS = ("title", "subtitle", "authors", "published", "tags", "image", "body")
RECORD = Record(
    id="i",
    key="k",
    url=URL,
    source="lantern",
    title="Ferry returns to the bay",
    text="\n".join(LINES),
    html="",
    published=datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
    first_seen=NOW,
    subtitle="It was late.",
    authors=("Ada Wren", "Jon Tarrow"),
    tags=("Bay", "Ferry"),
    image=Image("https://lantern.example/1.jpg"),
    language="en",
    witnesses={"text" if field == "body" else field: "selectors" for field in FIELDS},
)
BODY_SHOWN = "The ferry came back on Sunday, with all its lamps lit up. Nobody had thought so, and nobod…"


def found_by(record: Record = RECORD, markup: str = FERRY, **selectors: str) -> dict[str, Sight]:
    sights = article.read(Page(URL, markup.encode()), seed(**selectors), Known(record=record), NOW)
    return {sight.field.removeprefix("extract."): sight for sight in sights}


def test_every_selector_of_every_field_of_a_page() -> None:
    """What nothing gives any more: all that would, the cheapest first."""
    found = found_by(**dict.fromkeys(FIELDS, ".gone"))
    assert {field: {one.selector: one.cost for one in sight.candidates} for field, sight in found.items()} == {
        "title": {
            "h1.headline": 0.7, "h1": 0.9, "article h1.headline": 1.58, "article h1": 1.78,
            'meta[property="og:title"]': 3.1,
        },
        "subtitle": {"article h2": 2.18},
        "authors": {
            ".byline": 0.8, "article .byline": 1.68, 'meta[name="author"]': 3.1, "article div": 4.88,
        },
        "published": {
            ".seen": 1.3, "time[datetime]": 1.308, 'meta[itemprop="datePublished"]': 2.058, "time": 2.058,
            "article time": 2.138, "article .seen": 2.18, "article time[datetime]": 2.188,
        },
        "tags": {
            '[rel="tag"]': 0.7, '.tags [rel="tag"]': 1.54, 'p [rel="tag"]': 2.26, "a": 3.2, ".tags a": 3.24,
            "p a": 3.96,
        },
        "image": {
            ".lead": 0.8, "article .lead": 1.7, "figure .lead": 1.88, "figure": 2.2, "article figure": 2.28,
            "article figure .lead": 2.74, "figure img": 3.48, "img": 4.0, "article img": 4.1,
            "article figure img": 4.34, 'meta[property="og:image"]': 6.1,
        },
        "body": {"article": 1.7},
    }  # fmt: skip
    for sight in found.values():
        costs = [one.cost for one in sight.candidates]
        assert costs == sorted(costs)
        assert (sight.url, sight.selector, sight.given, sight.right, sight.known) == (URL, ".gone", "", False, 1)
    assert {field: sight.wanted for field, sight in found.items()} == {
        "title": "Ferry returns to the bay",
        "subtitle": "It was late.",
        "authors": "Ada Wren, Jon Tarrow",
        "published": "2026-03-01T08:30:00+00:00",
        "tags": "Bay, Ferry",
        "image": "https://lantern.example/1.jpg",
        "body": BODY_SHOWN,
    }


def test_what_present_selectors_give() -> None:
    given = {
        "title": ("h1", "Ferry returns to the bay", True),
        "subtitle": (".headline", "Clock is slow", False),
        "authors": (".byline", "By Ada Wren, Jon Tarrow", True),
        "published": (".seen", "1 March 2026, 08:30", True),
        "tags": ("[rel]", "Ferry, Bay", True),
        "image": ("img", "/1.jpg", True),
        "body": ("article p", f"{' '.join(LINES)[:90]}…", True),
    }
    found = found_by(**{field: selector for field, (selector, _, _) in given.items()})
    assert {field: (one.selector, one.given, one.right) for field, one in found.items()} == given
    assert found["subtitle"].candidates == (Candidate("article h2", 2.18),)
    assert all(one.candidates == () for field, one in found.items() if field != "subtitle")


def test_only_what_a_selector_told_of_a_record_is_looked_at() -> None:
    gone = dict.fromkeys(FIELDS, ".gone")
    told = replace(RECORD, witnesses={"title": "selectors", "authors": "meta", "body": "selectors"})
    assert list(found_by(told, **gone)) == ["title"]
    assert list(found_by(title=".gone")) == ["title"]
    bare = replace(RECORD, subtitle=None, tags=(), image=None, published_estimated=True)
    assert list(found_by(bare, **gone)) == ["title", "authors", "body"]
    assert article.read(Page(URL, FERRY.encode()), seed(title="h1"), Known(), NOW) == ()


GIVES = {  # field → selector → whether it gives it; None: it gives nothing
    "title": {"h1": True, "h2": False, ".gone": None},
    "authors": {"meta[name=author]": True, "h1": False},
    "tags": {"a": True, "h1": False},
    "image": {"img": True, ".other": False, "p": None},
    "published": {"time": True, ".clock": False},
    "updated": {"time": False},
    "body": {"article": True, "h1": False},
}


@pytest.mark.parametrize("field", GIVES)
def test_whether_a_selector_gives_a_field(field: str) -> None:
    record, there = replace(RECORD, updated=RECORD.published + timedelta(days=2)), Page(URL, FERRY.encode())
    found = {selector: article.gives(there, seed(), record, field, selector, NOW) for selector in GIVES[field]}
    assert found == GIVES[field]


def test_what_a_record_says_of_a_field() -> None:
    changed = replace(RECORD, updated=NOW, section="Harbour")
    said = {field: article.wanted_of(field, changed) for field in (*FIELDS, "updated", "section")}
    assert said == {
        "title": "Ferry returns to the bay", "subtitle": "It was late.", "authors": "Ada Wren, Jon Tarrow",
        "published": "2026-03-01T08:30:00+00:00", "tags": "Bay, Ferry", "image": "https://lantern.example/1.jpg",
        "body": RECORD.text, "updated": "2026-03-10T12:00:00+00:00", "section": "Harbour",
    }  # fmt: skip
    bare = replace(RECORD, subtitle=None, authors=(), tags=(), image=None, published_estimated=True)
    assert {article.wanted_of(field, bare) for field in ("subtitle", "authors", "published", "tags", "image", "updated", "section")} == {""}  # fmt: skip  # noqa: E501


@pytest.mark.parametrize(
    ("field", "changes", "alike"),
    [
        ("title", {"title": "FERRY  returns to the bay"}, True),
        ("title", {"title": "Ferry returns"}, False),
        ("subtitle", {"subtitle": None}, False),
        ("published", {"published": NOW}, False),
        ("published", {"text": "x"}, True),
        ("updated", {}, False),  # neither says anything
        ("authors", {"authors": ("Jon Tarrow", "ADA WREN")}, True),
        ("authors", {"authors": ("Ada Wren",)}, False),
        ("tags", {"tags": ("Ferry", "bay")}, True),
        ("tags", {"tags": ()}, False),
        ("image", {"image": Image("https://lantern.example/2.jpg")}, False),
        ("image", {}, True),
        ("body", {"text": LINES[0]}, False),
    ],
)
def test_two_records_of_one_article(field: str, changes: dict[str, Any], alike: bool) -> None:
    assert article.same(field, RECORD, replace(RECORD, **changes)) is alike


def test_nine_tenths_of_a_body_and_a_third_more_are_the_same() -> None:
    lines = [f"{letter * 10}" for letter in "abcdefghij"]
    mine = replace(RECORD, text="\n".join(lines))
    for kept, alike in ((9, True), (8, False)):
        assert article.same("body", mine, replace(RECORD, text="\n".join(lines[:kept]))) is alike
    for more, alike in ((38, True), (39, False)):  # of 109 characters
        assert article.same("body", mine, replace(RECORD, text=mine.text + "\n" + "x" * (more - 1))) is alike
    markup = "".join(f"<p>{line}</p>" for line in lines)
    for kept, right in ((9, True), (8, False)):
        assert article._same_body("".join(f"<p>{line}</p>" for line in lines[:kept]), mine.text) is right
    for more, right in ((437, True), (438, False)):  # 400 more than for a record
        assert article._same_body(f"{markup}<p>{'x' * more}</p>", mine.text) is right


def test_values_of_a_field_as_they_are_shown() -> None:
    claims = Claims(
        "selectors", titles=("T", "U"), subtitles=("S",), authors=("A", "B"), published=("P",), updated=("Q",),
        sections=("C",), tags=("x", "y"), images=(Image("/1.jpg"), Image("/2.jpg")), bodies=("<p>One</p><p>Two</p>",),
    )  # fmt: skip
    fields = ("title", "subtitle", "authors", "published", "updated", "section", "tags", "image", "body")
    assert [article._given(field, claims) for field in fields] == [
        "T", "S", "A, B", "P", "Q", "C", "x, y", "/1.jpg", "One Two",
    ]  # fmt: skip
    assert [article._given(field, Claims("selectors")) for field in fields] == [""] * 9
    assert article.shortened("x" * 90) == "x" * 90
    assert article.shortened("x" * 91) == "x" * 90 + "…"
    assert article.shortened("x" * 89 + " yz") == "x" * 89 + "…"
    assert article.shortened("  a \n b  ") == "a b"


@pytest.mark.parametrize(
    ("size", "least", "cost"), [(10, 10, 0.0), (15, 10, 1.5), (20, 10, 3.0), (90, 10, 3.0), (0, 0, 0.0), (1, 0, 3.0)]
)
def test_what_more_than_the_value_costs(size: int, least: int, cost: float) -> None:
    assert article._beside(size, least) == cost


@pytest.mark.parametrize(
    ("text", "may"),
    [("1.3.2026", True), ("2026", False), ("12:30", True), ("12:3x", True), ("12:xx", False), ("March 2026", True),
     ("123" + "x" * 97, True), ("123" + "x" * 98, False), ("", False)],
)  # fmt: skip
def test_a_text_that_may_be_a_date(text: str, may: bool) -> None:
    assert article._may_be_date(text) is may


def test_two_dates_are_a_minute_apart_at_most() -> None:
    known = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    here = opened("<p>")
    for seconds, same in ((59, True), (60, False), (-59, True), (-60, False)):
        moment = known + timedelta(seconds=seconds)
        assert article._same_moment(moment.isoformat(), known, here) is same
    for hours, same in ((14, True), (-14, True), (14.25, False), (1.25, True), (1.3, False)):
        moment = known + timedelta(hours=hours)
        assert article._same_moment(moment.strftime("%Y-%m-%d %H:%M"), known, here) is same
    zoned = replace(here, seed=replace(here.seed, timezone="Europe/Oslo"))
    assert article._same_moment("2026-03-01 09:30", known, zoned)
    assert not article._same_moment("2026-03-01 08:30", known, zoned), "the zone is known"
    assert not article._same_moment("2026-03-01", datetime(2026, 3, 1, 23, 30, tzinfo=UTC), zoned), (
        "it is the 2nd there"
    )


# --- where the values of a record stand


def opened(markup: str, **changes: Any) -> article._Open:
    tree = LexborHTMLParser(markup)
    return article._Open(Page(URL, markup.encode()), tree, seed(), replace(RECORD, **changes), NOW)


def ids(nodes: list[LexborNode]) -> list[str | None]:
    return [node.attributes.get("id") or node.tag for node in nodes]


@pytest.mark.parametrize(
    ("markup", "whole", "places"),
    [
        ("<p id=a>Ada Wren</p>", True, ["a"]),
        ("<div id=c><p id=a><b id=b>ada WREN</b></p></div>", True, ["b", "a", "c"]),
        ("<p id=a><b id=b>Ada</b> <i id=c>Wren</i></p>", True, ["a"]),
        ("<div id=c><p id=a>Ada Wren</p><p>and more</p></div>", True, ["a"]),
        ("<div id=c><p id=a>By Ada Wren</p><p id=d>and more</p></div>", True, []),
        ("<div id=c><p id=a>By Ada Wren</p><p id=d>and more</p></div>", False, ["a", "c"]),
        (f"<div id=c><p id=a>By Ada Wren</p><p id=d>{'more ' * 40}</p></div>", False, ["a"]),
        (f"<p id=a>Ada Wren {'more ' * 40}</p>", False, []),
        ("<script id=a>Ada Wren</script>", True, []),
        ("<title id=a>Ada Wren</title>", True, []),
        ("<p id=a>Adam Wrenfield</p>", True, []),
        ("".join(f"<p id=a{n}>Ada Wren</p>" for n in range(30)), True, [f"a{n}" for n in range(24)]),
        ("<b>" * 8 + "Ada Wren", True, ["b"] * 6),
        ("<p id=a></p>", True, []),
    ],
)
def test_the_elements_whose_text_is_a_value(markup: str, whole: bool, places: list[str]) -> None:
    found = article._of_texts(opened(f"<body>{markup}"), ["", "ada wren"], whole=whole)
    assert ids(found) == places
    assert article._of_texts(opened(f"<body>{markup}"), [""], whole=whole) == []


@pytest.mark.parametrize(
    ("content", "whole", "there"),
    [("Ada Wren", True, True), ("ADA wren", True, True), ("By Ada Wren", True, False), ("By Ada Wren", False, True),
     ("", False, False), ("Jon", False, False), ("x" * 990 + " Ada Wren", False, True),
     ("x" * 999 + " Ada Wren", False, False)],
)  # fmt: skip
def test_the_metas_that_say_a_value(content: str, whole: bool, there: bool) -> None:
    here = opened(f'<meta id=m content="{content}"><meta><meta id=n content="Other">')
    assert ids(article._in_meta(here, ["", "ada wren"], whole=whole)) == (["m"] if there else [])


def test_the_elements_that_say_a_date() -> None:
    markup = (
        '<time id=a datetime="2026-03-01T08:30:00Z">an hour ago</time>'
        '<meta id=b name=date content="2026-03-01T08:30:00Z">'
        '<span id=c title="2026-03-01T08:30:00Z" class=Timestamp>x</span>'
        "<span id=d class=updated>1 March 2026 08:30</span>"
        "<p id=e>1 March 2026, 08:30</p><time id=f datetime='2026-03-02T08:30:00Z'>2026-03-01</time><p id=g>2026</p>"
    )
    assert ids(article._of_date(RECORD.published, opened(f"<body>{markup}"))) == ["a", "b", "c", "d", "e", "f"]
    assert article._of_date(None, opened(markup)) == []
    many = "<p>2026-02-01</p>" * 59 + "<p id=a>2026-03-01</p><p id=b>2026-03-01</p>"
    assert ids(article._of_date(RECORD.published, opened(f"<body>{many}"))) == ["a"]


def test_the_elements_that_show_a_picture() -> None:
    markup = (
        "<figure id=a><img id=b src=/1.jpg></figure><div id=c><img id=d data-original=/1.jpg></div>"
        "<video id=e poster=/1.jpg></video><p id=f><img id=g src=/2.jpg><img id=h src=x data-src=/1.jpg></p>"
        "<a id=i><picture id=j><source id=k src=/1.jpg></picture></a>"
    )
    found = article._of_picture(opened(f"<meta id=m content=https://lantern.example/1.jpg><body>{markup}"))
    assert ids(found) == ["m", "b", "a", "d", "e", "h", "f", "k", "j"]
    assert ids(article._of_picture(opened(f"<body>{markup}", image=Image("https://lantern.example/3.jpg")))) == []


@pytest.mark.parametrize(
    ("markup", "places"),
    [
        (f"<div id=a><p>{LINES[0]}</p><p>{LINES[1]}</p></div>", ["a"]),
        (f"<div id=b><div id=a><p>{LINES[0]}</p><p>{LINES[1]}</p></div><p>x</p></div>", ["a", "b"]),
        (f"<div id=a><p>{LINES[0]}</p></div><div id=b><p>{LINES[1]}</p></div>", []),
        (f"<div id=a><p id=b>{LINES[0]}</p></div>", ["b", "a"]),  # half of the lines
        ("<div id=a><p>Quite another story.</p></div>", []),
        (f"<div id=a><p>{LINES[0][:20]}<b>{LINES[0][20:]}</b></p><p>{LINES[1]}</p></div>", ["a"]),
        ("".join(f"<div id=a{n}>" for n in range(6)) + f"<p>{LINES[0]}</p><p>{LINES[1]}</p>", ["a5", "a4", "a3", "a2"]),
        (f"<p>{LINES[0]}</p><p>{LINES[1]}</p>", []),  # in the body itself
    ],
)
def test_the_elements_that_hold_a_body(markup: str, places: list[str]) -> None:
    assert ids(article._of_body(opened(f"<html><body>{markup}"))) == places
    assert article._of_body(opened(f"<html><body>{markup}", text="Too short.\nOf lines.")) == []
