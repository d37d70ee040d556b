"""The body of an article: which blocks of the page are its text.

The page is cut into blocks (`blocks`), each block is measured against the container of the plain prose (`features`) and
weighed by a table of small trees (`scoring`). Then come a few rules that a reader would name; each can be switched off
by its name, so that `python -m benchmarks.corpus --without NAME` tells what it brings.
"""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from scrapers.model import Image

from . import lead, told
from .blocks import Block, cut
from .clean_html import write
from .features import COLUMN, Measured, measure
from .following import next_page
from .known import Known
from .phrases import ALSO, NEWSLETTER, SUBSCRIBE, phrase_of
from .scoring import score
from .words import Flag

__all__ = ["RULES", "Body", "Known", "find"]


@dataclass(frozen=True, slots=True)
class Body:
    """What was found. Everything is empty on a page without an article."""

    text: str = ""  # clean paragraphs parted by newlines
    html: str = ""  # clean HTML of the same
    image: Image | None = None  # the lead picture in or above the body
    who: str = "body"  # witness: "body", or "data" where JSON-LD or the page's state told the text
    paywalled: bool = False
    next_page: str | None = None  # the article's own next page
    headline: str | None = None  # the heading nearest above the body, as the reader sees it
    byline: str | None = None  # lines found right above the body and kept out of it
    dateline: str | None = None
    standfirst: str | None = None


RULES: dict[str, bool] = {  # what the benchmarks can switch off
    "title": True,  # the headline is no part of the text
    "standfirst": True,  # nor is a standfirst that the record tells beside it
    "comments": True,  # what is named a comment, within or after the text, is no text
    "read also": True,  # nor is a short linked line that begins like "Read also"
    "newsletter": True,  # nor a line that begins like "Sign up" in a box named so
    "caption": True,  # nor is a caption, be it a plain paragraph under a picture that ends with its credit
    "gap": True,  # a block among kept siblings is kept at less
    "heading": True,  # a heading above kept text is kept at less
    "last heading": True,  # a heading with nothing under it is none
    "stub": True,  # a page with hardly any text keeps its best blocks
    "data": True,  # JSON-LD or state tell the text where the markup has a piece of it
}

_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_IS_TITLE, _IS_SUBTITLE, _POSITION = COLUMN["is_title"], COLUMN["is_subtitle"], COLUMN["position"]
_IN_CORE, _PHRASE = COLUMN["in_core"], COLUMN["phrase"]
_AFTER_PICTURE = COLUMN["after_picture"]
_COMMENT, _NEWSLETTER = COLUMN["rel_comment"], COLUMN["rel_newsletter"]
_LITTLE = 250  # characters: less is no body, but perhaps a short notice
_OPENING = 400  # characters: with less besides the replies, a page is a thread and no article with comments
_STUB = 2500  # characters: a paywall leaves no more
_AFTER = 8  # blocks after the text in which a paywall asks for money


def find(tree: LexborHTMLParser, known: Known) -> Body:
    """The article's body on a parsed page. The tree is used up: its scripts and styles are gone afterwards."""
    following = next_page(tree, known.url)
    sheet = cut(tree)
    measured = measure(sheet, known)
    kept = _chosen(measured)
    text = "\n".join(block.text for block in kept)
    if RULES["data"] and (body := told.longer(text, measured.blocks, known.bodies)) is not None:
        data_text, data_html = told.read(body)
        if len(data_text) > len(text) * told.MUCH_MORE:
            return Body(data_text, data_html, who="data", next_page=following, headline=lead.headline(measured, kept))
    byline, dateline, standfirst = lead.lines(measured, kept)
    with_media = lead.pictures(sheet, measured, kept)
    picture = None
    shown: set[int] = set()
    seen: set[str] = set()
    for block in with_media:
        for token in block.media:
            found = lead.image(sheet, block, token)
            if found is not None:
                picture = picture or found
                if found.url in seen:
                    continue
                seen.add(found.url)
                shown.add(token)
            elif sheet.tags[token].partition(">")[0].partition(" ")[0] not in ("img", "amp-img", "image"):
                shown.add(token)
    return Body(
        text=text,
        html=write(sheet, lead.with_pictures(sheet, kept, with_media), frozenset(shown)),
        image=picture,
        paywalled=_walled(measured, kept),
        next_page=following,
        headline=lead.headline(measured, kept),
        byline=byline,
        dateline=dateline,
        standfirst=standfirst,
    )


def _chosen(measured: Measured) -> list[Block]:
    blocks, rows = measured.weighed, measured.rows
    scores = [score(row) for row in rows]
    keep = [z > 0 for z in scores]
    if RULES["stub"] and scores and sum(b.length for b, k in zip(blocks, keep, strict=True) if k) < _LITTLE:
        border = max(-2.0, max(scores) - 1.5)
        keep = [z > min(0.0, border) for z in scores]
    for at, (block, row) in enumerate(zip(blocks, rows, strict=True)):
        block.score = scores[at]
        before = row[_POSITION] <= 0
        if (RULES["title"] and keep[at] and (block.tag == "h1" or (before and row[_IS_TITLE] > 0.75))) or (
            RULES["standfirst"]
            and keep[at]
            and before
            and block.tag in _HEADINGS
            and not row[_IN_CORE]
            and row[_IS_SUBTITLE] > 0.9
        ):
            keep[at] = False
    # Where replies are most of the text (a forum's thread), they are the text.
    said = sum(b.length for b, k, row in zip(blocks, keep, rows, strict=True) if k and row[_COMMENT])
    thread = said > 0 and sum(b.length for b, k in zip(blocks, keep, strict=True) if k) - said < _OPENING
    for at, (block, row) in enumerate(zip(blocks, rows, strict=True)):
        if keep[at] and _furniture(block, row, thread):
            keep[at] = False
    sure = keep.copy()
    for at in range(1, len(blocks) - 1):
        block = blocks[at]
        if keep[at] or not sure[at + 1] or _furniture(block, rows[at], thread):
            continue
        if RULES["gap"] and sure[at - 1] and scores[at] > -0.7:
            parent = block.element.parent
            if parent is blocks[at - 1].element.parent and parent is blocks[at + 1].element.parent:
                keep[at] = True
        if RULES["heading"] and block.tag in _HEADINGS and scores[at] > -1.5 and rows[at][_IN_CORE] and any(sure[:at]):
            keep[at] = True
    kept = [block for block, k in zip(blocks, keep, strict=True) if k]
    if RULES["last heading"]:
        while len(kept) > 1 and kept[-1].tag in _HEADINGS:
            kept.pop()
    return kept


def _furniture(block: Block, row: list[float], thread: bool) -> bool:
    """Whether names and words leave no doubt, whatever the rest looks like."""
    if RULES["caption"] and (block.tag == "figcaption" or (row[_AFTER_PICTURE] and lead.ends_with_credit(block))):
        return True
    if row[_COMMENT] and not row[_IN_CORE] and not thread and RULES["comments"]:
        return True
    kind = row[_PHRASE]
    if RULES["read also"] and kind == ALSO and block.length < 200 and block.density > 0.3:
        return True
    return RULES["newsletter"] and kind == NEWSLETTER and bool(row[_NEWSLETTER])


def _walled(measured: Measured, kept: list[Block]) -> bool:
    """Whether the text ends where a paywall begins."""
    if not kept or sum(block.length for block in kept) > _STUB:
        return False
    last = kept[-1].index
    for block in measured.blocks:
        if last < block.index <= last + _AFTER and block.length > 20:
            kind = phrase_of(block.text)
            if kind == SUBSCRIBE or (kind == NEWSLETTER and block.element.all_flags() & Flag.PAYWALL):
                return True
    return False
