"""The body of an article: which units of the page are its text.

The page is split into blocks, what can't be the article is cut, and what belongs together becomes one unit (`units`).
Each unit is measured against the core of the plain prose, weighed alone, and again beside its neighbours (`weigh`).
`region` keeps or leaves it. The markup of the kept ones is written as the page has it (`assemble`); the sanitiser
decides which elements pass.
"""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from scrapers.model import Image

from ..rules import NONE_DISABLED, Disabled
from . import head, structured_body
from .assemble import markup
from .class_words import Flag
from .known import Known
from .next_page import next_page
from .phrases import NEWSLETTER, SUBSCRIBE, phrase_of
from .region import choose
from .units.blocks import PICTURES, Block, Sheet
from .units.cutting import cut
from .units.exclusions import excluded, signups
from .units.grouping import into_units
from .weigh.features import Measured, measure


@dataclass(frozen=True, slots=True)
class Body:
    """What was found. Everything is empty on a page without an article."""

    text: str = ""  # clean paragraphs split by newlines
    html: str = ""  # the page's own markup of the same, for `sanitise`
    image: Image | None = None  # the lead picture in or above the body
    who: str = "body"  # witness: "body", or "data" where JSON-LD or the page's state told the text
    paywalled: bool = False
    next_page: str | None = None  # the article's own next page
    headline: str | None = None  # the heading nearest above the body, as the reader sees it
    byline: str | None = None  # lines found right above the body and kept out of it
    dateline: str | None = None
    standfirst: str | None = None


_STUB = 2500  # characters: a paywall leaves no more
_AFTER = 8  # units after the text in which a paywall asks for money


def find(tree: LexborHTMLParser, known: Known, disabled: Disabled = NONE_DISABLED) -> Body:
    """The article's body on a parsed page. The tree is used up: its scripts and styles are gone afterwards."""
    following = next_page(tree, known.url, known.base)
    direction = _direction(tree)
    sheet = cut(tree)
    sheet = into_units(sheet, excluded(sheet, known.titles))
    measured = measure(sheet, known)
    kept, left = choose(measured, disabled)
    if "notices" not in disabled:
        boxes = signups(sheet)
        kept = [unit for unit in kept if not any(box.first <= unit.index < box.last for box in boxes)] or kept
    text = "\n".join(unit.text for unit in kept)
    body = None if "data" in disabled else structured_body.longer(text, measured.blocks, known.bodies)
    if body is not None:
        data_text, data_html = structured_body.read(body)
        if len(data_text) > len(text) * structured_body.MUCH_MORE:
            return Body(data_text, data_html, who="data", next_page=following, headline=head.headline(measured, kept))
    byline, dateline, standfirst = head.lines(measured, kept)
    with_media = head.pictures(sheet, measured, kept)
    return Body(
        text=text,
        html=markup(sheet, head.with_pictures(sheet, kept, with_media), left, direction),
        image=_lead(sheet, with_media, known.base or known.url or ""),
        paywalled=_walled(measured, kept),
        next_page=following,
        headline=head.headline(measured, kept),
        byline=byline,
        dateline=dateline,
        standfirst=standfirst,
    )


def _direction(tree: LexborHTMLParser) -> str:
    """ "rtl" where the whole page is written from right to left."""
    for node in (tree.body, tree.root):
        if node is not None and (node.attributes.get("dir") or "").strip().lower() == "rtl":
            return "rtl"
    return ""


def _lead(sheet: Sheet, units: list[Block], base: str) -> Image | None:
    """The first picture of the body."""
    for unit in units:
        for token in unit.media:
            if sheet.tags[token].partition(" ")[0] in PICTURES:
                found = head.image(sheet, unit, token, base)
                if found is not None:
                    return found
    return None


def _walled(measured: Measured, kept: list[Block]) -> bool:
    """Whether the text ends where a paywall begins."""
    if not kept or sum(unit.length for unit in kept) > _STUB:
        return False
    last = kept[-1].index
    for unit in measured.blocks:
        if last < unit.index <= last + _AFTER and unit.length > 20:
            kind = phrase_of(unit.text)
            if kind == SUBSCRIBE or (kind == NEWSLETTER and unit.element.all_flags() & Flag.PAYWALL):
                return True
    return False
