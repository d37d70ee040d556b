"""The body of an article: which blocks of the page are its text."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from scrapers.model import Image

from .blocks import cut
from .clean_html import write
from .features import measure
from .known import Known
from .scoring import score


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


def find(tree: LexborHTMLParser, known: Known) -> Body:
    """The article's body on a parsed page. The tree is used up: its scripts and styles are gone afterwards."""
    sheet = cut(tree)
    measured = measure(sheet, known)
    kept = []
    for block, row in zip(measured.blocks, measured.rows, strict=True):
        block.score = score(row)
        if block.score > 0:
            kept.append(block)
    text = "\n".join(b.text for b in kept if b.text)
    return Body(text=text, html=write(sheet, kept, frozenset()))
