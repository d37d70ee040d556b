"""What is kept at lower odds, by the units around it: parts of the text proper, runs, grids, recipes, datelines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from ...rules import Disabled
from ..phrases import OTHER, phrase_of
from ..units.blocks import Block, Element
from ..units.grids import grids
from .features import COLUMN, Measured

Refused = Callable[[Block, list[float]], bool]
"""Whether a unit is certain boilerplate."""

_IN_CORE = COLUMN["in_core"]
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_STRUCTURES = frozenset(("list", "table", "terms", "quote", "code"))
AGAINST = tuple(
    COLUMN[f"rel_{name}"]
    for name in (
        "comment",
        "related",
        "navigation",
        "share",
        "ad",
        "newsletter",
        "tags",
        "footer",
        "form",
        "teaser",
        "overlay",
    )
)
"""Columns of names that speak against a part of the text."""
_AGAINST_UNLINKED = tuple(set(AGAINST) - {COLUMN[f"rel_{name}"] for name in ("related", "ad", "footer", "teaser")})
"""The same where a list, table, quotation or code has no link: it offers no other story and no goods."""
_AGAINST_GRIDS = (
    *(set(AGAINST) - {COLUMN["rel_ad"], COLUMN["rel_teaser"]}),  # products are compared
    COLUMN["rel_caption"],
    COLUMN["rel_paywall"],
)
_UNLIKELY = -2.0  # log odds that most of a grid exceeds which is kept
_BELOW = 2  # weighed units between the last kept one and a part of the text below it
_NEAR = 3  # weighed units between a part of the text and the kept one before it
_ABOVE = 3  # weighed units between a part of the text and the kept one after it
_HARDLY = -2.4  # log odds below which code amid the text is dropped
_DOUBTFUL = -1.0  # log odds below which a list, table or quotation is dropped anywhere
_LINKED = 0.5  # share of linked characters
_EQUALS = 3  # kept lists or tables that look as another one does
_RUN, _MOST_LINKED = 3, 0.7  # paragraphs with links in a row, and the share of linked characters in each
_PLACE, _AFTER_PLACE = 40, ":—–"  # characters of a dateline at most, and those of which one ends it
_LABEL = 80  # characters of a label
_RECIPE = re.compile(
    r"ingredien|zutat|skladnik|suroviny|malzeme|hozzaval|zubereit|"
    r"recipes?[-_]{0,2}(?:instruction|direction|method|step|preparation)",
    re.IGNORECASE,
)
_AGAINST_RECIPES = tuple(
    COLUMN[f"rel_{name}"] for name in ("comment", "related", "navigation", "share", "newsletter", "footer", "overlay")
)
_CLIMB = 3  # elements around a unit whose names tell what it is
_NAMES = 300  # characters of names that are looked at


def fill(measured: Measured, scores: list[float], keep: list[bool], refused: Refused, disabled: Disabled) -> None:
    """Keep lists, tables, quotations and code, headings, runs of paragraphs, recipes, and a dateline, at lower odds,
    but nothing that is `refused`."""
    if "parts" not in disabled:
        _fill_parts(measured, scores, keep, refused)
    if "run" not in disabled:
        _fill_runs(measured.weighed, keep)
    if "grid" not in disabled:
        _fill_grids(measured, scores, keep)
    if "recipe" not in disabled:
        _fill_recipe(measured, keep)
    if "place" not in disabled:
        _fill_place(measured, keep)


def _fill_parts(measured: Measured, scores: list[float], keep: list[bool], refused: Refused) -> None:
    """Keep lists, tables, quotations and code of the text proper, where neither names nor links speak against them,
    and the headings right above these and its paragraphs."""
    blocks, rows = measured.weighed, measured.rows
    last = max((at for at, k in enumerate(keep) if k), default=-1)
    until = _until_kept(keep)
    alike = Counter([_look(block) for block, k in zip(blocks, keep, strict=True) if k and block.kind in _STRUCTURES])
    before = -_NEAR - 1  # the last unit that is kept; none yet
    for at, (block, row) in enumerate(zip(blocks, rows, strict=True)):
        if keep[at]:
            before = at
        elif (
            block.kind in _STRUCTURES
            and (0 < at - before <= (_NEAR if at < last else _BELOW) or (before >= 0 and until[at] <= _ABOVE))
            and scores[at] > (_HARDLY if block.kind == "code" else _DOUBTFUL)
            and row[_IN_CORE]
            and (
                block.density < _LINKED
                or alike[_look(block)] >= _EQUALS
                or _is_labelled(block, blocks[at - 1], keep[at - 1])
            )
            and not any(row[column] for column in (AGAINST if block.links else _AGAINST_UNLINKED))
            and not refused(block, row)
        ):
            keep[at] = True
    for at in range(1, len(blocks)):
        if keep[at] and not keep[at - 1] and (blocks[at].kind in _STRUCTURES or _is_prose(blocks[at], rows[at])):
            heading, row = blocks[at - 1], rows[at - 1]
            keep[at - 1] = (
                heading.tag in _HEADINGS
                and scores[at - 1] > _DOUBTFUL
                and bool(row[_IN_CORE])
                and phrase_of(heading.text) == OTHER
                and not any(row[column] for column in AGAINST)
                and not refused(heading, row)
            )


def _is_prose(block: Block, row: list[float]) -> bool:
    """Whether a unit is a paragraph of the text proper."""
    return not block.kind and block.length >= _LABEL and bool(row[_IN_CORE])


def _until_kept(keep: list[bool]) -> list[int]:
    """How many units on the next kept one stands, for each; as many as there are where none comes."""
    found: list[int] = []
    far = len(keep)
    for kept in reversed(keep):
        found.append(far)
        far = 1 if kept else far + 1
    return found[::-1]


def _fill_runs(blocks: list[Block], keep: list[bool]) -> None:
    """Keep runs of paragraphs with links that stand in the text, or right below, and look as most of it does.

    One or two of them are adverts, more are what the text is about: offers, works, dates.
    """
    column: Counter[tuple[str, Element | None]] = Counter()
    for block, kept in zip(blocks, keep, strict=True):
        if kept and block.tag == "p" and not block.kind:
            column[_look(block)] += block.length
    if not column:
        return
    main = column.most_common(1)[0][0]
    run: list[int] = []
    begun = False
    for at, block in enumerate(blocks):
        if keep[at]:
            _keep_run(run, keep)
            run, begun = [], True
        elif (
            begun
            and block.tag == "p"
            and not block.kind
            and _look(block) == main
            and block.density < _MOST_LINKED
            and phrase_of(block.text) == OTHER
        ):
            run.append(at)
        elif block.length >= _LABEL:
            _keep_run(run, keep)
            run = []
    _keep_run(run, keep)


def _fill_grids(measured: Measured, scores: list[float], keep: list[bool]) -> None:
    """Keep tables built of plain boxes whole, but for their buttons, if they stand amid the text or right below it."""
    blocks, rows = measured.weighed, measured.rows
    if sum(not k and b.tag == "div" and b.density < _LINKED for b, k in zip(blocks, keep, strict=True)) < _RUN:
        return
    first = next((at for at, k in enumerate(keep) if k), len(keep))
    last = max((at for at, k in enumerate(keep) if k), default=-_NEAR) + _NEAR
    for places in grids(blocks, measured.core):
        whole = sum(blocks[at].length for at in places)
        likely = sum(blocks[at].length for at in places if scores[at] > _UNLIKELY)
        if (
            first < places[-1]
            and places[0] <= last
            and 2 * likely > whole
            and not any(rows[at][column] for at in places for column in _AGAINST_GRIDS)
        ):
            for at in places:
                keep[at] = keep[at] or blocks[at].density < _LINKED


def _fill_recipe(measured: Measured, keep: list[bool]) -> None:
    """Keep the lists of a recipe, with the headings above them in the same box: lines so short are weighed badly."""
    blocks, rows = measured.weighed, measured.rows
    if not any(keep):
        return
    for at, (block, row) in enumerate(zip(blocks, rows, strict=True)):
        if (
            block.kind == "list"
            and block.density < _LINKED
            and _is_of_recipe(block)
            and not any(row[column] for column in _AGAINST_RECIPES)
        ):
            keep[at] = True
            above = at - 1
            while above >= 0 and blocks[above].tag in _HEADINGS and _is_of_recipe(blocks[above]):
                keep[above] = True
                above -= 1


def _is_of_recipe(block: Block) -> bool:
    """Whether names tell that a unit is a list of ingredients or steps, or stands in a box of such."""
    one: Element | None = block.parts[0].element if block.parts else block.element
    for _ in range(_CLIMB + 1):
        if one is None:
            break
        if _names_recipe(one.named()):
            return True
        one = one.parent
    return False


@lru_cache(maxsize=4096)  # pages of one site name their elements alike
def _names_recipe(names: str) -> bool:
    return _RECIPE.search(names[:_NAMES]) is not None


def _fill_place(measured: Measured, keep: list[bool]) -> None:
    """Keep the place that the first paragraph of the text proper is told from, where it stands alone: "PORT ALDER:"."""
    blocks, rows = measured.weighed, measured.rows
    for at, block in enumerate(blocks):
        if keep[at] and rows[at][_IN_CORE] and not block.kind and block.length >= _LABEL:
            place = blocks[at - 1] if at and not keep[at - 1] else None
            if (
                place is not None
                and place.length <= _PLACE
                and place.text[-1] in _AFTER_PLACE
                and place.element in (block.element, block.element.parent)
                and phrase_of(place.text) == OTHER
            ):
                keep[at - 1] = True
            return


def _look(block: Block) -> tuple[str, Element | None]:
    """What units share that stand side by side and have the same names."""
    return block.element.signature, block.element.parent


def _keep_run(run: list[int], keep: list[bool]) -> None:
    if len(run) >= _RUN:
        for at in run:
            keep[at] = True


def _is_labelled(block: Block, before: Block, kept: bool) -> bool:
    """Whether a unit stands right under a short kept line: such a unit belongs to the text, links or not."""
    return (
        kept
        and before.length < _LABEL
        and before.element.parent is block.element.parent
        and phrase_of(before.text) == OTHER
    )
