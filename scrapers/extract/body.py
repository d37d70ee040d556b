"""The body of an article: which blocks of the page are its text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from scrapers.model import Image

from .blocks import Block, Element, Sheet, cut
from .clean_html import write
from .words import Flag


@dataclass(frozen=True, slots=True)
class Known:
    """What the other witnesses think: hints, every one of which may be empty."""

    titles: tuple[str, ...] = ()  # candidates, best first
    subtitle: str | None = None  # also the meta description
    authors: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()  # whole texts or HTML found in data: JSON-LD articleBody, page state
    published: str | None = None
    language: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """What was found. Everything is empty on a page without an article."""

    text: str = ""  # clean paragraphs parted by newlines
    html: str = ""  # clean HTML of the same
    image: Image | None = None  # the lead picture in or above the body
    who: str = "body"  # witness: "body", "jsonld", "state"
    paywalled: bool = False
    next_page: str | None = None  # the article's own next page
    headline: str | None = None  # the heading nearest above the body, as the reader sees it
    byline: str | None = None  # lines found right above (or under) the body and kept out of it
    dateline: str | None = None
    standfirst: str | None = None


RULES: dict[str, bool] = {}  # named rules that the benchmarks can switch off

_BAD = (
    Flag.COMMENT | Flag.RELATED | Flag.NAVIGATION | Flag.SHARE | Flag.AD | Flag.NEWSLETTER | Flag.OVERLAY | Flag.FOOTER
    | Flag.FORM | Flag.TAGS | Flag.BYLINE | Flag.CAPTION | Flag.TEASER | Flag.ASIDE
)  # fmt: skip


def find(tree: LexborHTMLParser, known: Known) -> Body:
    """The article's body on a parsed page. The tree is used up: its scripts and styles are gone afterwards."""
    sheet = cut(tree)
    kept = _region(sheet)
    text = "\n".join(b.text for b in kept if b.text)
    return Body(text=text, html=write(sheet, kept, frozenset()))


def _region(sheet: Sheet) -> list[Block]:
    scores: dict[Element, float] = defaultdict(float)
    for block in sheet.blocks:
        if block.length < 25 or block.density > 0.5:
            continue
        worth = (1 + min(block.length / 100, 5)) * (1 - block.density)
        if block.element.all_flags() & _BAD:
            worth *= 0.3
        element: Element | None = block.element
        share = 1.0
        while element is not None and share > 0.1:
            if element.tag != "p":
                scores[element] += worth * share
                share *= 0.6
            element = element.parent
    if not scores:
        return []
    best = max(scores, key=lambda e: scores[e])
    kept: list[Block] = []
    for block in sheet.blocks[best.first : best.last]:
        if not block.length:
            continue
        own = 0
        element = block.element
        while element is not None and element is not best:
            own |= element.own
            element = element.parent
        if own & _BAD or block.density > 0.5:
            continue
        kept.append(block)
    return kept
