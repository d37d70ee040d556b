"""The headline of a teaser among what stands beside it: by its elements, the address, and the page's other teasers."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers.discover.listing.headlines import Usual, headline, pieces_of, usual_of
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
