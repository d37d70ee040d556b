"""What the visible page says beyond its headline: marked authors, dates and tags, and those that are not the article's."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from scrapers.extract.fields.headings import headings
from scrapers.extract.readers import visible
from scrapers.extract.readers.nodes import gather

BODY = f"<p>{'A long paragraph about the quay and its boats. ' * 4}</p>" * 6
LINKED = "<a href=/x>Another story that has a headline of its own</a>"


def shown(
    top: str = "",
    end: str = "",
    after: str = "",
    before: str = "",
    *,
    tags_told: bool = False,
    authors_told: bool = False,
) -> visible.Shown:
    """What is read from an article with this right under its headline, below its text, behind and before it."""
    html = f"<html><body>{before}<main><article><header><h1>Old quay closed until spring</h1>{top}</header>{BODY}{end}</article></main>{after}</body></html>"
    tree = LexborHTMLParser(html)
    parts = gather(tree)
    return visible.read(tree, parts, headings(parts)[0], tags_told=tags_told, authors_told=authors_told)


def test_authors_of_the_whole_page() -> None:
    by = "<div class=byline>Ada Marsh</div>"
    for places, authors, bylines in (
        ({"end": "<a rel='nofollow author' href=/x>Ada Marsh</a>"}, ("Ada Marsh",), ()),
        ({"end": "<a rel=authority href=/x>Ada Marsh</a>"}, (), ()),
        ({"end": "<aside><a rel=author href=/x>Ada Marsh</a></aside>"}, (), ()),
        ({"after": "<div class=related><a rel=author href=/x>Ada Marsh</a></div>"}, (), ()),
        ({"end": "<a href=/author/ada>Ada Marsh</a>"}, (), ("Ada Marsh",)),
        ({"before": "<a href=/author/ada>Ada Marsh</a>"}, (), ()),
        ({"end": by}, (), ("Ada Marsh",)),
        ({"before": by}, (), ("Ada Marsh",)),
        ({"before": "<div class=byline>Ben Roe</div>", "end": by}, (), ("Ada Marsh", "Ben Roe")),
        ({"end": "<div class='byline bio'>Ada Marsh</div>"}, (), ()),
        ({"end": "<div class=byline>AM</div>"}, (), ()),
        ({"end": "<div class=byline>AMy</div>"}, (), ("AMy",)),
        ({"end": f"<div class=byline>{'Ada Marsh ' * 13}</div>"}, (), ()),
        ({"end": "<div class=byline><b>Ada</b><i>Ben</i></div>"}, (), ("Ada | Ben",)),
        ({"end": f"{by}<a rel=author href=/x>Eva Roos</a>"}, ("Eva Roos",), ()),
        ({"top": "<p class=author>Eva Roos</p>", "end": by}, (), ("Eva Roos",)),
        ({"top": "<p class=author>4711 1234</p>", "end": by}, (), ("4711 1234", "Ada Marsh")),
        ({"after": f"<article><h1>Another</h1>{by}</article>"}, (), ()),
        ({"after": f"<article><h2>Another</h2>{by}</article>"}, (), ("Ada Marsh",)),
        ({"after": f"<footer>{by}</footer>"}, (), ()),
        ({"end": f"<ul><li>{LINKED}<span class=byline>Ada Marsh</span></li></ul>"}, (), ()),
    ):
        found = shown(**places)  # type: ignore[arg-type]
        assert (found.claims.authors, found.bylines.authors) == (authors, bylines), places


def test_no_authors_are_looked_for_where_they_are_told() -> None:
    by = "<div class=byline>Ada Marsh</div><a rel=author href=/x>Eva Roos</a>"
    assert shown(end=by).claims.authors == ("Eva Roos",)
    told = shown(end=by, authors_told=True)
    assert (told.claims.authors, told.bylines.authors) == ((), ())


def test_times_of_the_whole_page() -> None:
    first, second = (
        "<time datetime='2026-03-01T09:00'>1 March</time>",
        "<time datetime='2026-03-02T09:00'>2 March</time>",
    )
    one, two = "2026-03-01T09:00", "2026-03-02T09:00"
    for places, dates, beside in (
        ({"end": first}, [(one, "")], ()),
        ({"end": "<time title='2026-03-01T09:00'>1 March</time>"}, [(one, "")], ()),
        ({"end": first.replace("<time", "<time class=updated")}, [(one, "changed")], ()),
        ({"end": first.replace("<time", "<time itemprop=dateModified")}, [(one, "changed")], ()),
        ({"end": f"<p>Updated: {first}</p>"}, [(one, "changed")], ()),
        ({"end": first.replace("1 March", "Updated 1 March")}, [(one, "changed")], ()),
        ({"top": f"<p>Updated {second}</p>", "end": first}, [(two, "changed")], ()),
        (
            {"top": f"<p>Updated {second}</p>", "end": f"<p>Published {first}</p>"},
            [(two, "changed"), (one, "published")],
            (),
        ),
        ({"end": f"<aside>{first}</aside>"}, [], (one,)),
        ({"end": f"<blockquote>{first}</blockquote>"}, [], (one,)),
        ({"end": f"<ul><li>{LINKED}{first}</li></ul>"}, [], (one,)),
        ({"before": second, "end": first}, [(one, ""), (two, "")], ()),
        ({"end": second + first}, [(two, ""), (one, "")], ()),
    ):
        found = shown(**places)  # type: ignore[arg-type]
        assert ([(told.text, told.kind) for told in found.dates], found.beside) == (dates, beside), places


def test_tags_of_the_article() -> None:
    tag = "<a rel=tag href=/x>Quays</a>"
    for places, tags, categories in (
        ({"end": f"<p>{tag} <a rel='category tag' href=/y>Harbour</a></p>"}, ("Quays",), ("Harbour",)),
        (
            {"end": "<p><a href=/tag/quays>Quays</a> <a href=/tags/boats>#Boats</a> <a href=/topic/tt>T</a></p>"},
            ("Quays", "Boats"),
            (),
        ),
        (
            {"end": f"<p><a href=/thema/xx>{'Theme ' * 10}</a> <a href=/thema/yy>{'Themes ' * 9}</a></p>"},
            (("Theme " * 10).strip(),),
            (),
        ),
        ({"end": "<p><a href=/news?u=/topics>Quays</a> <a href=/tag/>Boats</a> <a href=/them>x</a></p>"}, (), ()),
        ({"end": "<p><a rel=tag href=/x>Tag: Quays</a></p>"}, ("Quays",), ()),
        ({"end": f"<footer>{tag}</footer>"}, ("Quays",), ()),
        ({"after": f"<ul><li>{tag}</li><li>{tag.replace('Quays', 'Boats')}</li></ul>"}, ("Quays", "Boats"), ()),
        ({"after": f"<ul class=tag-cloud><li>{tag}</li></ul>"}, (), ()),
        ({"after": f"<nav>{tag}</nav>"}, (), ()),
        ({"after": f"<header><p>{tag}</p></header>"}, (), ()),
        ({"after": f"<div id=trending>{tag}</div>"}, (), ()),
        ({"after": f"<div class=comments>{tag}</div>"}, (), ()),
        ({"after": f"<footer>{tag}</footer>"}, (), ()),
    ):
        found = shown(**places)  # type: ignore[arg-type]
        assert (found.claims.tags, found.claims.sections) == (tags, categories), places
    assert shown(end=f"<p>{tag}</p>", tags_told=True).claims.tags == ()


def test_a_line_by_somebody_among_the_first_under_the_headline() -> None:
    def line(markup: str, reach: int = 5, *, headed: bool = True) -> list[str]:
        html = f"<html><body><p>By Nobody Here</p><main><h1>Old quay closed</h1>{markup}</main></body></html>"
        tree = LexborHTMLParser(html if headed else html.replace("h1", "h6"))
        found = headings(gather(tree))
        return visible.lines_by(tree, found[0] if found else None, reach)

    for markup, names in (
        ("<p>By Ada Marsh</p>", ["By Ada Marsh"]),
        ("<p>By <b>Ada</b> Marsh</p>", ["By Ada Marsh"]),
        ("<p>On <b>By</b> Ada Marsh</p>", []),
        ("<p><u>By</u> Ada Marsh said so</p>", []),
        ("<p>One</p><p>Two</p><p>Three</p><p>By Ada Marsh</p>", ["By Ada Marsh"]),
        ("<p>One</p><p>Two</p><p>Three</p><p>Four</p><p>By Ada Marsh</p>", []),
        ("<p>By</p><p>By a boat</p>", []),
        (f"<p>By Ada Marsh{' and others' * 12}</p>", []),
        ("<aside><p>By Ada Marsh</p></aside>", []),
        ("<article><h1>Another</h1><p>By Ada Marsh</p></article>", []),
        ("<div>By Ada Marsh</div>", []),
    ):
        assert line(markup) == names, markup
    assert line("", headed=False) == ["By Nobody Here"]


def test_what_belongs_to_another_text() -> None:
    for markup, others in (
        ("<div class=comments><b>x</b></div>", True),
        ("<div id=comments><b>x</b></div>", True),
        ("<footer><b>x</b></footer>", True),
        ("<article><footer><b>x</b></footer></article>", False),
        ("<div class=comments><article><b>x</b></article></div>", False),
        ("<div><b>x</b></div>", False),
        (f"<div class=comments>{'<i>' * 8}<b>x</b></div>", True),
        (f"<div class=comments>{'<i>' * 9}<b>x</b></div>", False),
    ):
        (node,) = LexborHTMLParser(f"<body>{markup}").css("b")
        assert visible.of_others(node, frozenset()) is others, markup
        assert visible.of_others(node, visible.line_of(node)) is False
        assert visible.in_article(node) is ("<article>" in markup and "<footer>" not in markup), markup
