"""What stands around a headline: each sign of a name, a date, a standfirst and a label, and what only looks like one."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers.extract.fields.headings import headings
from scrapers.extract.readers.around_headline import MAX_NODES, Around, around
from scrapers.extract.readers.nodes import gather

LONG = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring."
STANDFIRST = "The first crossing is booked out until spring, and residents ride for half the fare."


def heard(beside: str, *, before: str = "") -> Around:
    """What is found near a headline with this markup behind it, or before it."""
    html = f"<html><body><main><div>{before}<h1>Old quay closed until spring</h1>{beside}</div></main></body></html>"
    heading, *_ = headings(gather(LexborHTMLParser(html)))
    return around(heading)


def test_without_a_headline_there_is_nothing() -> None:
    assert around(None) == Around()


@pytest.mark.parametrize(
    ("markup", "value", "shown"),
    [
        ("<time datetime='2026-03-01T09:00'>1 March 2026</time>", "2026-03-01T09:00", "1 March 2026"),
        ("<time title='2026-03-01T09:00'>1 March</time>", "2026-03-01T09:00", "1 March"),
        ("<abbr title='2026-03-01T09:00'>1 March</abbr>", "2026-03-01T09:00", "1 March"),
        ("<time datetime='short'>1 March 2026</time>", "1 March 2026", ""),
        ("<time>1 March 2026</time>", "1 March 2026", ""),
    ],
)
def test_a_time_tells_its_attribute_else_its_text(markup: str, value: str, shown: str) -> None:
    (found,) = heard(markup).dates
    assert (found.text, found.shown or "") == (value, shown)


@pytest.mark.parametrize(
    "markup",
    [
        "<abbr>1 March 2026</abbr>",  # an abbreviation of something
        "<time></time>",
        "<blockquote><time>1 March 2026</time></blockquote>",
        "<div class=twitter-tweet><time>1 March 2026</time></div>",
        "<ul><li><a href=/x>Another story that has a headline of its own</a><time>1 March 2026</time></li></ul>",
    ],
)
def test_a_time_of_something_else_is_not_heard(markup: str) -> None:
    assert heard(markup).dates == []


def test_a_label_before_a_date_says_what_it_is_of() -> None:
    updated = heard("<div><span>Updated</span> <time>1 March 2026</time></div>").dates[0]
    published = heard("<div><span>Published</span> <time>1 March 2026</time></div>").dates[0]
    assert (updated.kind, published.kind) == ("changed", "published")
    assert heard("<div>Updated <time>1 March 2026</time></div>").dates[0].kind == "changed"
    assert heard("<div class=updated><time>1 March 2026</time></div>").dates[0].kind == "changed"


@pytest.mark.parametrize("link", ["<a rel=author href=/x>Ada Marsh</a>", "<a href=/author/ada>Ada Marsh</a>"])
def test_a_link_to_an_author_names_one(link: str) -> None:
    assert heard(link).authors == ["Ada Marsh"]


def test_another_link_names_nobody() -> None:
    assert heard("<a href=/news>Ada Marsh</a>") == Around()


@pytest.mark.parametrize(
    "markup",
    [
        "<div class=byline>Ada Marsh</div>",
        "<div data-testid=byline>Ada Marsh</div>",
        "<div id=author-name><b>Ada Marsh</b></div>",
        "<p>By Ada Marsh</p>",
        "<span>Von Ada Marsh</span>",
    ],
)
def test_a_byline_by_its_name_or_its_first_word(markup: str) -> None:
    assert [one.split()[-2:] for one in heard(markup).bylines] == [["Ada", "Marsh"]]


@pytest.mark.parametrize("markup", ["<div class=byline>AM</div>", f"<div class=byline>{LONG * 2}</div>", "<p>By</p>"])
def test_too_little_or_too_much_is_no_byline(markup: str) -> None:
    assert heard(markup).bylines == []


def test_parts_of_a_byline_stand_apart() -> None:
    assert heard("<div class=byline><b>Ada Marsh</b><i>Ben Quay</i></div>").bylines == ["Ada Marsh | Ben Quay"]


@pytest.mark.parametrize(
    "markup",
    [
        "<p><i class='icon-user'></i> Ada Marsh</p>",
        "<p> <i class='fa fa-user'></i> Ada Marsh</p>",
        "<div>By</div><div>Ada Marsh</div>",
    ],
)
def test_a_name_beside_an_icon_or_a_word_may_be_one(markup: str) -> None:
    assert heard(markup).perhaps == ["Ada Marsh"]


@pytest.mark.parametrize(
    "markup",
    [
        "<p><i class=arrow></i> Ada Marsh</p>",
        "<p><i class=icon-user></i> AM</p>",
        "<div>By</div> in words <div>Ada Marsh</div>",
        f"<div>By</div><div>{LONG}</div>",
    ],
)
def test_other_icons_and_words_name_nobody(markup: str) -> None:
    assert heard(markup).perhaps == []


def test_a_date_by_its_name_or_its_form() -> None:
    assert [one.text for one in heard("<div class=pubdate>1 March 2026</div>").dates] == ["1 March 2026"]
    assert [one.text for one in heard("<p>1 March 2026</p>").dates] == ["1 March 2026"]
    assert heard("<div class=pubdate>today</div>").dates == []
    assert [one.text for one in heard("<div class=pubdate>1 Marz</div>").dates] == ["1 Marz"]
    assert heard("<div class=pubdate>1 Mar</div>").dates == []
    assert heard("<p>In 2026</p>").dates == []


def test_a_name_in_a_line_with_a_date() -> None:
    found = heard("<div class=date>03/01/2017 by Jane Doe</div>")
    assert found.perhaps == ["by Jane Doe"]
    assert [one.text for one in found.dates] == ["03/01/2017 by Jane Doe"]
    assert heard("<div class='author-date'>Jane Doe | 3 January 2017</div>").perhaps == ["Jane Doe"]


@pytest.mark.parametrize("tag", ["p", "div", "h2", "h3", "span", "section", "strong", "header"])
def test_a_standfirst_by_its_name(tag: str) -> None:
    assert heard(f"<{tag} class=standfirst>{STANDFIRST}</{tag}>").subtitles == [STANDFIRST]


@pytest.mark.parametrize(
    "markup",
    [
        f"<em class=standfirst>{STANDFIRST}</em>",
        "<div class=standfirst>Too short</div>",
        f"<div class=standfirst>{LONG * 12}</div>",
        f"<div class=standfirst>{STANDFIRST}<ul><li>One</li></ul></div>",
        f"<figure><div class=standfirst>{STANDFIRST}</div></figure>",
    ],
)
def test_more_or_less_than_a_standfirst_is_none(markup: str) -> None:
    assert heard(markup).subtitles == []


def test_an_introduction_that_is_one_link_is_another_story() -> None:
    assert heard(f"<div class=excerpt>{STANDFIRST}</div>").introductions == [STANDFIRST]
    assert heard(f"<div class=excerpt>{STANDFIRST} <a href=/x>More</a></div>").introductions == [f"{STANDFIRST} More"]
    assert heard(f"<div class=excerpt><a href=/x>{STANDFIRST}</a></div>").introductions == []


def test_lines_and_labels_by_their_length() -> None:
    found = heard(f"<p>{STANDFIRST}</p><p>Sponsored</p><p>A</p>")
    assert found.lines == [STANDFIRST]
    assert found.labels == ["Sponsored"]
    assert heard(f"<div>{STANDFIRST}<p>{STANDFIRST}</p></div>").lines == [STANDFIRST]  # that of the paragraph alone
    assert heard(f"<figcaption><p>{STANDFIRST}</p></figcaption>").lines == []


def test_the_first_line_below_the_headline_stands_before_any_name_or_date() -> None:
    assert heard(f"<p>{STANDFIRST}</p>").below == STANDFIRST
    assert heard(f"<p>By Ada Marsh</p><p>{STANDFIRST}</p>").below == ""
    assert heard(f"<time>1 March 2026</time><p>{STANDFIRST}</p>").below == ""
    assert heard("", before=f"<p>{STANDFIRST}</p>").below == ""
    assert heard("", before=f"<p>{STANDFIRST}</p>").lines == [STANDFIRST]
    assert heard(f"<p>{STANDFIRST}</p><p>{LONG}</p>").below == STANDFIRST
    assert heard(f"<i></i><p>{STANDFIRST}</p>").below == STANDFIRST, "what says nothing stands between"
    before = "<time datetime='2026-03-01T09:00'>1 March 2026</time>"
    assert heard(f"<i></i><p>{STANDFIRST}</p>", before=before).below == STANDFIRST, "the date stands above"


def names(markup: str) -> list[str]:
    """The labels near a headline that stands in a block of its own, with this markup beside the block."""
    before, _, behind = markup.partition("HEADLINE")
    html = f"<html><body><main><p>{'</p><p>'.join([LONG] * 6)}</p>{before}<div><h1>Old quay closed</h1></div>{behind}</main></body></html>"
    heading, *_ = headings(gather(LexborHTMLParser(html)))
    return around(heading).labels


def boxes(*numbers: int) -> str:
    return "".join(f"<div><b>Box {n}</b></div>" for n in numbers)


def test_neighbours_are_looked_at_six_behind_and_three_before() -> None:
    assert names(f"{boxes(*range(9))}HEADLINE") == ["Box 8", "Box 7", "Box 6"]
    assert names(f"HEADLINE{boxes(*range(9))}") == [f"Box {n}" for n in range(6)]
    assert names(f"HEADLINE<script></script> text {boxes(*range(9))}") == [f"Box {n}" for n in range(6)]
    assert names(f"<style></style>{boxes(1)}<noscript></noscript>HEADLINE<template></template>{boxes(2)}") == [
        "Box 2",
        "Box 1",
    ]


def test_behind_boxes_of_other_stories_and_the_body_nothing_is_looked_at() -> None:
    assert names(f"HEADLINE{boxes(1)}<div class='related-stories'><b>Other</b></div>{boxes(2)}") == ["Box 1"]
    assert names(f"HEADLINE{boxes(1)}<nav><b>Other</b></nav>{boxes(2)}") == ["Box 1"]
    paragraph = f"<p>{LONG} {LONG}</p>"
    assert names(f"HEADLINE{paragraph * 2}{boxes(1)}") == ["Box 1"]
    assert names(f"HEADLINE{paragraph * 3}{boxes(1)}") == []
    assert names(f"HEADLINE<p>{LONG}</p><p>Short</p><p>Short too</p>{boxes(1)}")[-1] == "Box 1"
    assert names(f"HEADLINE<div>{paragraph * 4}</div>{boxes(1)}") == []


def test_a_long_paragraph_before_a_date_is_no_label_of_it() -> None:
    assert heard(f"<p>Updated when {LONG}</p><time>1 March 2026</time>").dates[0].kind == ""
    assert heard("<p>Updated</p><time>1 March 2026</time>").dates[0].kind == "changed"
    assert heard("<p>Updated this Monday in the early morn:</p><time>1 March 2026</time>").dates[0].kind == "changed"


def test_what_is_looked_at_is_bounded() -> None:
    many = "".join(f"<b>Label {n}</b>" for n in range(2 * MAX_NODES))
    assert 0 < len(heard(f"<div>{many}</div>").labels) <= MAX_NODES


@pytest.mark.parametrize(
    ("beside", "named"),
    [
        ("<span><b></b>Ada-Mae Lindqvist</span><span>Mar 04, 2026</span>", ["Ada-Mae Lindqvist"]),
        ("<a href=/x>Ada Lindqvist</a><span>(2012 - 2015)</span>", []),  # a link, and no date
        ("<h3>Related Documents</h3><span>Mar 04, 2026</span>", []),
        ("<span>Harbour news and views</span><span>Mar 04, 2026</span>", []),
        ("<span>Harbour</span><span>Mar 04, 2026</span>", []),
        ("<span>Ada Lindqvist</span> in Vik <span>Mar 04, 2026</span>", []),
        ("<span>Mar 03, 2026</span><span>Mar 04, 2026</span>", []),
    ],
)
def test_a_name_right_before_a_date_in_an_element_of_the_same_kind(beside: str, named: list[str]) -> None:
    assert heard(f"<p>{beside}</p>").perhaps == named
