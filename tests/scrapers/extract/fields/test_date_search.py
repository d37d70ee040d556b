"""Dates of the whole page, where nothing else tells one: which elements and lines, and in which order."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from scrapers.extract.fields import date_search

TITLE = "Old quay closed until the spring"


def dates(inside: str, *, before: str = "", after: str = "", headed: bool = True) -> list[str]:
    """The texts of the dates of a page, the best first."""
    heading = f"<h1>{TITLE}</h1>" if headed else ""
    tree = LexborHTMLParser(f"<html><body>{before}<main>{heading}{inside}</main>{after}</body></html>")
    return [told.text for told in date_search.search(tree, tree.css_first("h1"), TITLE)]


def test_what_of_an_element_is_a_date() -> None:
    day = "1 March 2026"
    for markup, found in (
        ("<time datetime='2026-03-01T09:00'>Sunday</time>", ["2026-03-01T09:00"]),
        (f"<time datetime=2026-03>{day}</time>", [day]),
        (
            "<time datetime='2026-03-01T09:00:00+01:00 and a tail of more'>Sunday</time>",
            ["2026-03-01T09:00:00+01:00 and a tail of"],
        ),
        (
            f"<time datetime='it was in 2026 and nobody knows the day of it any more'>{day}</time>",
            ["it was in 2026 and nobody knows the day of it any more"],
        ),
        (f"<abbr title='{day}'>Sunday</abbr>", [day]),
        (f"<span title='{day}'>Sunday</span>", []),
        (f"<span class=date title='{day}'>Sunday</span>", [day]),
        (f"<a class=date title='{day}'>Sunday</a>", [day]),
        (f"<p class=date title='{day}'>Sunday</p>", []),
        (f"<abbr title='{'x' * 60} 2026'>{day}</abbr>", [day]),
        ("<div class=date><b>1 March</b><i>2026</i></div>", [day]),
        ("<div><b>1 March</b><i>2026</i></div>", []),
        (f"<div class=date>{'<i></i>' * 27}<b>1 March</b> 2026</div>", [day]),
        (f"<div class=date>{'<i></i>' * 28}<b>1 March</b> 2026</div>", []),
        ("<div class=timeline><b>1 March</b><i>2026</i></div>", []),
        (f"<div>{day}</div>", [day]),
        (f"<div>{day}</div><p>{day}</p>", [day]),
        (f"<p>By Ada Marsh, {day}</p>", [day]),
        (f"<option class=date>{day}</option><textarea class=date>{day}</textarea>", []),
        (f"<blockquote><p>{day}</p></blockquote>", []),
        ("<p>© 2026 Valley Post</p><p>2026</p>", []),
        (f"<p>{day}: {'word ' * 20}</p>", [f"{day}: word word word"]),
        (f"<p>{'word ' * 20} {day}</p>", []),
        (
            f"<p>{'word ' * 8}written on {day} {'word ' * 20}</p>",
            ["word word word word written on 1 March 2026 word word word word word word word word"],
        ),
    ):
        assert [" ".join(told.split()) for told in dates(markup)] == [" ".join(one.split()) for one in found], markup


def test_the_nearest_below_the_headline_comes_first() -> None:
    one, two, three = "<p>1 March 2026</p>", "<p>2 March 2026</p>", "<p>3 March 2026</p>"
    far, further = "<i></i>" * 10, "<i></i>" * 50
    for places, found in (
        ({"inside": three + one, "before": two}, "312"),
        ({"inside": f"<aside>{two}</aside>{further}{one}"}, "12"),
        ({"inside": further + one, "before": two}, "21"),
        ({"inside": "<i></i>" * 42 + one, "before": two}, "12"),
        ({"inside": "<i></i>" * 43 + one, "before": two}, "21"),  # as far as the other, which stands before it
        ({"inside": far + one, "before": two}, "12"),
        ({"inside": f"{far}{two}{far}{one.replace('<p', '<p class=date')}"}, "12"),
        ({"inside": f"{two}<p>Harbour Town, (1. März 2026) At the bridge.</p>"}, "H2"),
        ({"inside": "", "after": f"<div class=comments>{two}</div>"}, ""),
        ({"inside": "", "after": f"<article><footer>{two.replace('2', 'Published 2', 1)}</footer></article>"}, "P"),
        ({"inside": f"<h3>{TITLE}</h3>{one}", "before": two, "headed": False}, "12"),
        ({"inside": f"<h3>{TITLE}, again</h3>{one}", "before": two, "headed": False}, "21"),
    ):
        assert "".join(told[0] for told in dates(**places)) == found, places


def test_a_date_in_the_foot_of_another_article_is_one_where_it_says_so() -> None:
    for line, found in (
        ("Published 2 March 2026", ["Published 2 March 2026"]),
        ("2 March 2026", []),
        ("Updated 2 March 2026", []),
        ("Published on the second day of 2 March 2026", []),
    ):
        assert dates("", after=f"<article><p>x</p><div class=comments>{line}</div></article>") == found, line
        assert dates("", after=f"<div class=comments>{line}</div>") == [], line
