"""Which units are kept: by their odds, then by a few named rules.

Each rule can be left out by its name (`scrapers.extract.rules`), so that `python -m benchmarks.corpus --without NAME`
tells what it brings.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ..rules import NONE_DISABLED, Disabled
from .class_words import Flag
from .head import reads_as_caption
from .notices import without_notices
from .phrases import ADVERT, ALSO, BYLINE, DATE, NEWSLETTER, OTHER, phrase_of
from .units.blocks import Block, Element
from .units.foreign import foreign
from .weigh.context import beside
from .weigh.features import COLUMN, Measured
from .weigh.filling import AGAINST, fill
from .weigh.scoring import rescore, score

_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_IS_TITLE, _IS_SUBTITLE, _POSITION = COLUMN["is_title"], COLUMN["is_subtitle"], COLUMN["position"]
_IN_CORE, _PHRASE = COLUMN["in_core"], COLUMN["phrase"]
_AFTER_PICTURE = COLUMN["after_picture"]
_COMMENT, _NEWSLETTER = COLUMN["rel_comment"], COLUMN["rel_newsletter"]
_FACTS = frozenset(("list", "terms"))
_NEARLY_EVEN, _FEW_LINKS = -0.15, 0.2  # log odds from which prose is kept, and the share of linked characters in it
_SURE = 0.3  # log odds from which a standfirst is a part of the text
_POINTERS = 0.8  # share of linked characters in a list that leads to other stories
_NOTHING_ELSE, _HEADLINE = 0.9, 20  # share of linked characters in a list of other stories, characters of a headline
_LONGEST = 200  # characters of a heading amid the text: more, and it is a caption, or prose of another story
_SIGNATURE = 120  # characters of a list of author, date and time to read
_LINKS = 3  # of a list that leads to other stories
_AGAINST = -4.0  # log odds below which a unit of a known column goes
_LABEL, _ADVERT, _PROSE = 80, 25, 120  # characters of a label, of an advert's label, of a paragraph of prose
_LITTLE = 250  # characters: less is no body, at most a short notice
_OPENING = 400  # characters: with less besides the replies, a page is a thread and no article with comments


def odds(measured: Measured, disabled: Disabled = NONE_DISABLED) -> list[float]:
    """Log odds of every weighed unit."""
    alone = [score(row) for row in measured.rows]
    return alone if "beside" in disabled else [rescore(row) for row in beside(measured, alone)]


def choose(measured: Measured, disabled: Disabled = NONE_DISABLED) -> tuple[list[Block], frozenset[Element]]:
    """The units that are kept, in order, and what is left out inside of them."""
    blocks = measured.weighed
    scores = odds(measured, disabled)
    keep = _likely(measured, scores, disabled)
    for at, (block, row) in enumerate(zip(blocks, measured.rows, strict=True)):
        if keep[at] and _heads(block, row, scores[at], disabled):
            keep[at] = False
    refused = _Boilerplate(_is_thread(measured, keep), disabled)
    for at, (block, row) in enumerate(zip(blocks, measured.rows, strict=True)):
        if keep[at] and refused.has(block, row):
            keep[at] = False
    fill(measured, scores, keep, refused.has, disabled)
    if "read also" not in disabled:
        _drop_pointers(blocks, keep)
    kept = [block for block, k in zip(blocks, keep, strict=True) if k]
    if "notices" not in disabled:
        kept = without_notices(kept, measured.core, measured.authors)
    if "label" not in disabled:
        kept = _without_labels(kept, headed=measured.column is None)
    if "twice" not in disabled:
        kept = _once(kept)
    if "read also" not in disabled:
        while len(kept) > 1 and _leads_away(kept[-1], kept[-2]):
            kept.pop()
    if "last heading" not in disabled:
        while len(kept) > 1 and kept[-1].tag in _HEADINGS:
            kept.pop()
    return kept, frozenset() if "items" in disabled else foreign(kept)


def _likely(measured: Measured, scores: list[float], disabled: Disabled) -> list[bool]:
    """Which units are likely kept: in a known column all but clear boilerplate, on a page with little text the best."""
    blocks = measured.weighed
    border = 0.0 if "prose" in disabled else _NEARLY_EVEN
    keep = [
        z > 0 or (z > border and _is_prose(block, row))
        for z, block, row in zip(scores, blocks, measured.rows, strict=True)
    ]
    column = None if "column" in disabled else measured.column
    if column is not None:
        keep = [
            column.first <= block.index < column.last and z > _AGAINST for block, z in zip(blocks, scores, strict=True)
        ]
    if "stub" not in disabled and scores and sum(b.length for b, k in zip(blocks, keep, strict=True) if k) < _LITTLE:
        border = max(-2.0, max(scores) - 1.5)
        keep = [z > min(0.0, border) for z in scores]
    return keep


def _is_prose(block: Block, row: list[float]) -> bool:
    """Whether a unit of the text proper is plain prose, and no name speaks against it."""
    return (
        block.length >= _LABEL
        and block.density < _FEW_LINKS
        and bool(row[_IN_CORE])
        and not any(row[column] for column in AGAINST)
    )


def _heads(block: Block, row: list[float], odds: float, disabled: Disabled) -> bool:
    """Whether a unit is the headline, a list of author and date, or a standfirst that looks like no part of the text:
    the record tells it."""
    before = row[_POSITION] <= 0
    if "title" not in disabled and (
        (block.tag == "h1" and not _parts_text(block, row)) or (before and row[_IS_TITLE] > 0.75)
    ):
        return True
    if block.kind in _FACTS and not row[_IN_CORE] and _tells_of_article(block):
        return True
    return (
        "standfirst" not in disabled
        and before
        and block.tag in _HEADINGS
        and not row[_IN_CORE]
        and row[_IS_SUBTITLE] > 0.9
        and odds < _SURE
    )


def _parts_text(block: Block, row: list[float]) -> bool:
    """Whether a first-level heading stands among the paragraphs of the text and is not the headline: some pages have no
    other headings."""
    return bool(
        row[_IN_CORE]
        and 0 < row[_POSITION] < 1
        and row[_IS_TITLE] < 0.5
        and block.length < _LONGEST
        and _stands_among(block)
    )


def _stands_among(block: Block) -> bool:
    """Whether a unit, or the box that it has to itself, stands between others in the element around it."""
    around = block.element.parent
    while around is not None and around.last - around.first == 1:
        around = around.parent
    return around is not None and around.first < block.index < around.last - 1


def _tells_of_article(block: Block) -> bool:
    """Whether a list beside the text says who wrote it and when, by the names of the list and its short lines."""
    named = block.element.own_flags() & (Flag.META | Flag.BYLINE | Flag.DATE)
    return bool(named) and all(part.length < _LABEL for part in block.parts)


def _is_thread(measured: Measured, keep: list[bool]) -> bool:
    """Whether replies are most of the text, as in a forum: then they are the text."""
    lengths = [
        (block.length, row[_COMMENT]) for block, row, k in zip(measured.weighed, measured.rows, keep, strict=True) if k
    ]
    said = sum(length for length, comment in lengths if comment)
    return said > 0 and sum(length for length, _ in lengths) - said < _OPENING


def _once(kept: list[Block]) -> list[Block]:
    """Without paragraphs that repeat one of the two right above them: a standfirst, or a text for another screen."""
    found: list[Block] = []
    for block in kept:
        twice = not block.parts and block.length >= _LABEL and any(block.text == one.text for one in found[-2:])
        if not twice:
            found.append(block)
    return found


def _leads_away(block: Block, before: Block) -> bool:
    """Whether a unit is a list of nothing but links, long enough for headlines, that no line ending in a colon opens:
    below the text, these are other stories."""
    if before.text[-1:] in (":", "：") and phrase_of(before.text) == OTHER:
        return False
    return (
        block.kind == "list"
        and block.density > _NOTHING_ELSE
        and block.links >= _LINKS
        and block.length >= _HEADLINE * block.links
    )


def _drop_pointers(blocks: list[Block], keep: list[bool]) -> None:
    """Leave out short lines such as "Read also:" with the list of links right under them."""
    for at, (label, pointed) in enumerate(pairwise(blocks)):
        if (
            pointed.kind == "list"
            and pointed.density > _POINTERS
            and label.length < _LABEL
            and not label.kind
            and phrase_of(label.text) == ALSO
        ):
            keep[at] = keep[at + 1] = False


@dataclass(frozen=True, slots=True)
class _Boilerplate:
    """Certain boilerplate, by names and words, whatever the odds."""

    thread: bool
    disabled: Disabled

    def has(self, block: Block, row: list[float]) -> bool:
        """Whether a unit is certain boilerplate."""
        disabled = self.disabled
        if (
            block.tag == "figcaption" or ((row[_AFTER_PICTURE] or block.media) and reads_as_caption(block))
        ) and "caption" not in disabled:
            return True
        if row[_COMMENT] and not row[_IN_CORE] and not self.thread and "comments" not in disabled:
            return True
        kind = row[_PHRASE]
        if kind == ALSO and block.length < 200 and block.density > 0.3 and "read also" not in disabled:
            return True
        return kind == NEWSLETTER and bool(row[_NEWSLETTER]) and "newsletter" not in disabled


def _without_labels(kept: list[Block], *, headed: bool) -> list[Block]:
    """Without lines that are no prose: an advert's label and a heading of other stories anywhere, a byline at the
    head of the text or a list of such lines, and a date line there if the page's head may reach into it (`headed`)."""
    found: list[Block] = []
    above = (BYLINE, DATE) if headed else (BYLINE,)
    prose = False
    for block in kept:
        line = not block.kind and block.length < _LABEL and block.text[-1:] not in ".!?:…”"
        kind = phrase_of(block.text) if line else 0
        if (
            (kind == ADVERT and block.length < _ADVERT)
            or (kind == ALSO and block.tag in _HEADINGS)
            or (not prose and (kind in above or _is_signature(block)))
        ):
            continue
        prose = prose or block.length >= _PROSE
        found.append(block)
    return found or kept


def _is_signature(block: Block) -> bool:
    """Whether a unit is a short list of who wrote the text, when, and how long it takes to read."""
    if block.kind != "list" or block.length >= _SIGNATURE:
        return False
    lines = [phrase_of(part.text) in (BYLINE, DATE) for part in block.parts if part.length]
    return sum(lines) * 2 >= len(lines)
