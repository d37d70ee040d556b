"""The headline of a teaser among what stands beside it: by its elements, the address, and the page's other teasers."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers.discover.listing.headlines import Piece, Usual, headline, is_apart, pieces_of, usual_of
from tests.support.cases import each
from tests.support.fronts import TITLES, address, links_on


def titles(card: str, *, addressed: bool = True) -> list[str | None]:
    """The titles of a front whose teasers are made after `card`, with addresses made from headlines or from numbers."""
    told = {title: address(title) if addressed else f"/news/{4711 + n}" for n, title in enumerate(TITLES)}
    cards = "".join(card.replace("TITLE", title).replace("URL", url) for title, url in told.items())
    html = f"<!doctype html><html lang=en><title>The Valley Echo</title><body><header><a href=/>The Valley Echo</a></header><main>{cards}</main></body></html>"
    found = links_on(html)
    return [found[url].hint.title if url in found else None for url in told.values()]


@each(
    "card",
    before_it=[
        "<article><h3><a href=URL><span class=x1>Dispute over the harbour bridge</span> <span class=x2>TITLE</span></a></h3></article>",
        "<article><h3><a href=URL><span class=x1>Harbour</span> TITLE</a></h3></article>",
        "<article><h3><a href=URL><strong>Harbour</strong> TITLE</a></h3></article>",
        "<article><h3><a href=URL>Harbour<br>TITLE</a></h3></article>",
        "<article><a href=URL><h2 class=kicker>Dispute over the harbour bridge</h2><h3>TITLE</h3></a></article>",
        "<article><h3><a href=URL><span data-test=teaser-kicker>Harbour gate</span>TITLE</a></h3></article>",
        "<div><a href=URL><div>Harbour</div><div>TITLE</div><div>6 minutes ago</div></a></div>",
        "<div><a href=URL><span>Harbour</span><span>6 minutes ago</span><span>TITLE</span></a></div>",
        "<div><a href=URL><div>Harbour | 1 March 2026</div><div>TITLE</div></a></div>",
        "<div><a href=URL>HARBOUR TITLE</a></div>",
    ],
    names_times_counts_and_marks=[
        "<div><a href=URL><div>TITLE</div><div>By Ida Holm</div><div>6 minutes ago</div></a></div>",
        "<div><a href=URL><div>TITLE</div><div>Ida Holm · 6 minutes ago · 12 comments</div></a></div>",
        "<div><a href=URL><div>TITLE</div><p>The ferry, and what became of it since the council met.</p></a></div>",
        "<article><h3><a href=URL>TITLE <span class=m>5 min read</span></a></h3></article>",
        "<div><a href=URL><div>TITLE</div><div class=m>Lesezeit: 4 Min.</div></a></div>",
        "<article><h3><a href=URL>TITLE <span class=n>12 comments</span></a></h3></article>",
        "<article><h3><a href=URL>TITLE <span class=q>(12)</span></a></h3></article>",
        "<article><h3><a href=URL>TITLE</a> <a href=URL#comments>12 Kommentare</a></h3></article>",
        "<article><h3><a href=URL>TITLE <span class=icon>F+</span></a></h3></article>",
        "<article><h3><a href=URL><span class=x>Plus</span> TITLE</a></h3></article>",
        "<article><h3><a href=URL><i class=premium>Premium</i> TITLE</a></h3></article>",
        "<article><h3><a href=URL><span class=k>Video</span> TITLE</a></h3></article>",
        "<article><h3><a href=URL><span class=a>Harbour</span><span class=b>TITLE</span><span class=c>Ida Holm</span></a></h3></article>",
        "<div><a href=URL>TITLE<br>By Ida Holm</a></div>",
        "<div><a href=URL>TITLE<br>6 minutes ago</a></div>",
    ],
    within_the_text_of_all_teasers=[
        "<li><a href=URL>14:35 TITLE</a></li>",
        "<div><a href=URL><span>14:35</span> TITLE</a></div>",
        "<div><a href=URL>TITLE | 6 minutes ago</a></div>",
        "<div><a href=URL>TITLE · 5 min read</a></div>",
        "<div><a href=URL>TITLE (Plus)</a></div>",
        "<div><a href=URL>TITLE (12)</a></div>",
        "<div><a href=URL>TITLE - 12 comments</a></div>",
    ],
)
def test_what_stands_around_the_headline_is_no_part_of_it(card: str) -> None:
    assert titles(card) == list(TITLES)


def alone(markup: str, url: str = "/news/4711", usual: Usual | None = None) -> str:
    """The headline of one heading, on a page where nothing is usual."""
    node = LexborHTMLParser(markup).css_first("h3")
    assert node is not None
    return headline(pieces_of(node), url, usual or Usual(), "en")


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<h3><em>Hamlet</em> returns to the stage of the old mill</h3>", "Hamlet returns to the stage of the old mill"),
        ("<h3>The <em>Hamlet</em> of the valley, in its last night</h3>", "The Hamlet of the valley, in its last night"),
        ("<h3><em>Hamlet</em>, again, and in the rain</h3>", "Hamlet, again, and in the rain"),
        ("<h3><span>Council votes</span> <span>to keep the night ferry running</span></h3>", "Council votes to keep the night ferry running"),
        ("<h3>Council votes to keep<br>the night ferry running</h3>", "Council votes to keep the night ferry running"),
        ("<h3>Remembering the flood – 3 May 1987</h3>", "Remembering the flood – 3 May 1987"),
        ("<h3>20:15 – the film that nobody saw</h3>", "20:15 – the film that nobody saw"),
        ("<h3>NATO ministers meet in the old mill</h3>", "NATO ministers meet in the old mill"),
        ("<h3>Law</h3>", "Law"),
        ("<h3><span class=kicker>Languages</span><span class=visually-hidden>:</span> <span class=title>Intro</span></h3>", "Languages: Intro"),
        ("<h3><a>The fire of <time>3 May</time> is out</a></h3>", "The fire of 3 May is out"),
        ("<h3><span class='overflow-hidden text-s'>The harbour bridge</span><span class=overflow-hidden> is open again</span></h3>", "The harbour bridge is open again"),
    ],
)  # fmt: skip
def test_a_headline_stays_whole(markup: str, title: str) -> None:
    assert alone(markup) == title


def test_a_kicker_of_which_the_address_is_made_is_known_by_the_others() -> None:
    """The addresses of four teasers prove that the first element is no headline; the fifth's says nothing."""
    teasers = [
        (pieces_of(LexborHTMLParser(f"<h3><b class=k>Harbour</b> {title}</h3>").css_first("h3")), address(title))  # type: ignore[arg-type]
        for title in TITLES
    ]
    usual = usual_of(teasers, "en")
    assert usual.kickers == {"b.k"}
    assert alone("<h3><b class=k>Old mill of the valley</b> Taken apart</h3>", "/news/4711", usual) == "Taken apart"
    assert alone("<h3><b class=k>Old mill</b> is taken apart</h3>", "/news/4711", usual) == "Old mill is taken apart"


def test_a_summary_in_a_line_of_its_own_is_no_headline() -> None:
    short = (
        "<h3><div>Movie night</div><div>On Friday the mill shows three films about the river and its ferry.</div></h3>"
    )
    assert alone(short) == "Movie night"


SLUG = "/the-mill-is-taken-apart"
KICKERS = Usual(kickers=frozenset({"span.k"}))
BEFORE = Usual(before=frozenset({"span.k", "b.k"}))
BEHIND = Usual(behind=frozenset({"span.k"}))
NOTHING = Usual()
LONG = "Council takes the old mill apart"


def test_what_stands_before_a_headline_by_the_address_and_the_other_teasers() -> None:
    for markup, path, usual, title in (
        ("<span class=k>Harbour</span> Quay and mill", SLUG, KICKERS, "Quay and mill"),
        ("<span class=k>Harbour</span> is open again today", SLUG, KICKERS, "Harbour is open again today"),
        ("<span class=k>Harbour</span> <i>Apart</i>", SLUG, KICKERS, "Harbour Apart"),
        (f"<b class=k>Harbour</b> {LONG}", "", NOTHING, f"Harbour {LONG}"),
        (f"<b class=k>Harbour</b> {LONG}", "", BEFORE, LONG),
        (f"<b class=k>Harbour:</b> {LONG}", "", BEFORE, f"Harbour: {LONG}"),
        (f"<span class=k>Harbour,</span> {LONG}", "", BEFORE, f"Harbour, {LONG}"),
        (f"<span class=k>Harbour;</span> {LONG}", "", BEFORE, f"Harbour; {LONG}"),
        (f"<span class=k>Harbour</span> {LONG}", "", BEFORE, LONG),
        (f"<span class=k>Harbour</span> {LONG}", "", NOTHING, f"Harbour {LONG}"),
        (f"<span class=k>Harbour of the old town</span> {LONG}", "", BEFORE, f"Harbour of the old town {LONG}"),
        ("<span class=k>Harbour of old</span> Mill is taken", "", BEFORE, "Harbour of old Mill is taken"),
        ("<span class=k>Quay</span> Councillors resign", "", BEFORE, "Quay Councillors resign"),
        ("<span class=k>Live</span> Mill is gone", "", NOTHING, "Mill is gone"),
        ("<span class=k>Live</span> Mill gone", "", NOTHING, "Live Mill gone"),
        ("Live <span class=t>Mill is gone</span>", "", NOTHING, "Live Mill is gone"),
        ("<span class=k>The new quay of town</span> The mill is taken apart", SLUG, NOTHING, "The mill is taken apart"),
        ("<b class=k>The new quay</b> The mill is taken apart", SLUG, NOTHING, "The new quay The mill is taken apart"),
        ("The new quay of town<br>The mill is taken apart", SLUG, NOTHING, "The mill is taken apart"),
        ("The new quay <i>The mill is taken apart</i>", SLUG, NOTHING, "The new quay The mill is taken apart"),
        ("<span class=k>The mill</span> The mill is taken apart", SLUG, NOTHING, "The mill The mill is taken apart"),
        ("<span class=k>The new quay</span> The mill is taken apart", f"{SLUG}-by-the-council-of-the-valley-today", NOTHING,
         "The new quay The mill is taken apart"),
        (f"<span class=k>Harbour</span><span class=t>{LONG}</span>", "", NOTHING, LONG),
        (f"<span class=k>Harbour</span><em class=t>{LONG}</em>", "", NOTHING, f"Harbour {LONG}"),
        (f"<em class=k>Harbour</em><span class=t>{LONG}</span>", "", NOTHING, f"Harbour {LONG}"),
        (f"<span class=k>Harbour</span><span class=t>{LONG}</span><span class=u> again</span>", "", NOTHING, f"Harbour {LONG} again"),
        ("<span class=k>Harbour</span><span class=t>Taken apart</span>", "", NOTHING, "Harbour Taken apart"),
    ):  # fmt: skip
        assert alone(f"<h3>{markup}</h3>", path or "/news/4711", usual) == title, (markup, path, usual)


def test_what_stands_behind_a_headline_by_the_address_and_the_other_teasers() -> None:
    told = "The mill is taken apart"
    for markup, path, usual, title in (
        (f"<span>{told}</span> <span class=k>Ida Holm</span>", SLUG, BEHIND, told),
        (f"<span>{told}</span> <span class=k>Ida Holm</span>", SLUG, NOTHING, told),
        ("<span>The mill is taken</span> <span class=k>Ida Holm</span>", SLUG, NOTHING, "The mill is taken Ida Holm"),
        ("<span>The mill is taken</span> <span class=k>Ida Holm</span>", SLUG, BEHIND, "The mill is taken"),
        (f"<span>{told}</span> <span class=k>of old</span>", SLUG, BEHIND, f"{told} of old"),
        (f"<span>{told}</span> <span class=k>Ida Holm of the Valley</span>", SLUG, BEHIND, f"{told} Ida Holm of the Valley"),
        (f"<span>{told}:</span> <span class=k>Ida Holm</span>", SLUG, BEHIND, f"{told}: Ida Holm"),
        (f"<span>{told}</span> <em class=k>Ida Holm</em>", SLUG, BEHIND, f"{told} Ida Holm"),
        (f"<span>{told}</span> Ida Holm", SLUG, BEHIND, f"{told} Ida Holm"),
        (f"<span>{told}</span> <span class=k>Plus</span>", "", NOTHING, told),
        ("<span>The mill is gone</span> <em class=k>Plus</em>", "", NOTHING, "The mill is gone"),
        ("<span>Mill gone</span> <em class=k>Plus</em>", "", NOTHING, "Mill gone Plus"),
        ("<span>The mill is gone</span> Plus", "", NOTHING, "The mill is gone Plus"),
        ("<span>Mill</span> <span class=k>Plus</span>", "", NOTHING, "Mill Plus"),
    ):  # fmt: skip
        assert alone(f"<h3>{markup}</h3>", path or "/news/4711", usual) == title, (markup, path, usual)


def test_additions_within_one_text_go_where_they_are_usual() -> None:
    told = "The mill is taken apart"
    for text, path, cut, title in (
        (f"QUAY {told}", SLUG, "capitals", told),
        (f"QUAY {told}", SLUG, "clock", f"QUAY {told}"),
        (f"QUAY {told}", "", "capitals", f"QUAY {told}"),
        (f"14:35 {told}", "", "clock", told),
        (f"14:35 {told}", "", "count", f"14:35 {told}"),
        (f"{told} (12)", "", "count", told),
        (f"{told} (12)", "", "date", f"{told} (12)"),
        (f"{told} | 5 min read", "", "reading", told),
        (f"{told} - Plus", "", "badge", told),
        ("The mill - and the quay - 1 March 2026", "", "date", "The mill - and the quay"),
        ("The mill - and the quay - 1 March 2026", "", "badge", "The mill - and the quay - 1 March 2026"),
        ("Mill (12)", "", "count", "Mill (12)"),
        (f"{told} (really)", "", "count", f"{told} (really)"),
    ):
        assert alone(f"<h3>{text}</h3>", path or "/news/4711", Usual(cuts=frozenset({cut}))) == title, (text, cut)


def test_which_line_is_the_headline() -> None:
    for lines, path, title in (
        ("<div>Harbour of the valley</div><div class=title>The mill</div><div>Gone at last</div>", "", "The mill"),
        ("<div class=title>Harbour of the valley</div><div class=title>The mill</div>", "", "Harbour of the valley"),
        ("<div>A quiet day in the valley</div><div>Mill taken apart</div>", SLUG, "Mill taken apart"),
        ("<div>A quiet day in the valley</div><div>Mill taken apart</div>", "/the-mill-of-us-is-taken-to-pieces", "A quiet day in the valley"),
        ("<div>A quiet day in the valley</div><div>Mill gone</div>", SLUG, "A quiet day in the valley"),
        ("<div>The old mill:</div><div>It is gone for good</div>", "", "It is gone for good"),
        ("<div>It is gone for good</div><div>The old mill of ours:</div>", "", "It is gone for good"),
        ("<div>The mill</div><div>It is gone for good now, we hear</div>", "", "It is gone for good now, we hear"),
        ("<div>The mill of the old valley is gone</div><div>It is gone for good now, as all of us hear it</div>", "", "The mill of the old valley is gone"),
        ("<div>The mill</div><div>It is gone for good now, as all of us hear.</div>", "", "The mill"),
        ("<div>The mill</div><p>It is gone for good now, we hear</p>", "", "The mill"),
        ("<p>The mill</p><p>It is gone for good now, we hear</p>", "", "It is gone for good now, we hear"),
        (f"<div>The mill</div><div>{'word ' * 20}</div>", "", ("word " * 20).strip()),
        (f"<div>The mill</div><div>{'word ' * 21}</div>", "", "The mill"),
        ("<div>Quay</div><time>1 March</time>", "", "Quay"),
        ("<div>Quay</div><div>1 March</div><div>The mill is gone</div>", "", "The mill is gone"),
        ("Quay <time>1 March</time> The mill is gone", "", "The mill is gone"),
        ("Quay <time>1 March</time> is gone today", "", "Quay 1 March is gone today"),
        ("Quay <time>1 March</time> Mill gone", "", "Quay 1 March Mill gone"),
        ("<time>1 March</time> The mill is gone <time>2 March</time>", "", "The mill is gone"),
        ("<time>1 March</time> Mill <time>2 March</time>", "", "1 March Mill 2 March"),
        ("<time>1 March</time>: The mill is gone", "", "The mill is gone"),
        ("<time>1 March</time>", "", "1 March"),
        ("Mill, <i>Quay</i>: <b>gone</b>!", "", "Mill, Quay: gone!"),
        ("The mill | <time>1 March</time>", "", "The mill"),
    ):  # fmt: skip
        assert alone(f"<h3>{lines}</h3>", path or "/news/4711") == title, (lines, path)


def test_what_is_no_part_of_a_headline_by_itself() -> None:
    """A name after "by", a line with a date, a count, an element that says so."""
    for text, names, tag, apart in (
        ("By Ida Holm", "", "", True),
        ("By Ida Holm and Ben Roe of Quay", "", "", True),
        ("By A B C D E F G", "", "", True),
        ("By A B C D E F G H", "", "", False),
        ("By Ida", "", "", False),
        ("By Ida Holm.", "", "", False),
        ("By Ida holm was here", "", "", False),
        ("By 李四 王五", "", "", True),
        ("Quay | 1 March 2026", "", "", True),
        ("Quay|1 March 2026", "", "", True),
        ("Quay · 12 comments", "", "", True),
        ("Quay – 5 min read", "", "", True),
        ("Quay | Mill", "", "", False),
        ("1 March 2026", "", "", True),
        ("5 min read", "", "", True),
        ("—", "", "", True),
        ("12", "", "", True),
        ("12 comments " * 6, "", "", False),
        (f"By {'A' * 30} {'B' * 30}", "", "", False),
        (f"By {'A' * 28} {'B' * 28}", "", "", True),
        ("The mill", "", "", False),
        ("The mill", "", "time", True),
        ("The mill", "kicker", "", True),
        ("The mill", "author", "", True),
        ("The mill", "author title", "", False),
        ("The mill " * 8, "author", "", False),
    ):
        assert is_apart(Piece(text, "", names, tag, block=False), "en") is apart, (text, names, tag)
