"""Features of a unit once its neighbours are scored: the input of the second table.

A line between two kept paragraphs differs from the same line between two teasers. Linear in the number of units.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import itemgetter

from ..units.blocks import Block, Element
from .features import COLUMN, Measured
from .text_numbers import WHOLE

_TAKEN = (
    "length", "density", "tag", "phrase", "ends", "words", "links", "media", "in_core", "up_to_core", "position",
    "is_title", "is_subtitle", "from_title", "same_parent_prev", "same_parent_next", "parts", "part_length", "under",
    "under_distance", "headlines", "in_known", "has_known", "after_picture", "core_share", "duplicate", "strong",
    "rel_comment", "rel_related", "rel_newsletter", "rel_ad", "rel_byline", "rel_caption", "rel_footer", "rel_aside",
    "rel_box", "rel_teaser", "rel_body", "rel_paywall", "rel_share", "rel_tags",
)  # fmt: skip
_taken = itemgetter(*(COLUMN[name] for name in _TAKEN))
_BESIDE = (
    "odds", "odds_before", "odds_before_2", "odds_before_3", "odds_after", "odds_after_2", "odds_after_3",
    "near_share", "wide_share", "parent_kept", "grand_kept", "signature_kept", "own_kept", "section_kept",
    "heading_odds", "kept_before", "kept_after", "since_kept", "until_kept", "kept_length", "units",
    "siblings", "gap_before", "gap_after",
)  # fmt: skip
NAMES: tuple[str, ...] = (*_BESIDE, *_TAKEN)
"""Names of the numbers, in their order."""

_NONE = -6.0  # log odds where there is no neighbour
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class _Share:
    """How much of some text is likely kept."""

    __slots__ = ("kept", "length", "units")

    def __init__(self) -> None:
        self.kept = self.length = 0.0
        self.units = 0

    def without(self, kept: float, length: float) -> float:
        """The share without one of its units; -1 where nothing else is there."""
        rest = self.length - length
        return (self.kept - kept) / rest if rest > 0.5 else -1.0


def beside(measured: Measured, odds: Sequence[float]) -> list[list[float]]:
    """The numbers of every weighed unit, given the log odds that it has alone."""
    units = measured.weighed
    count = len(units)
    odds = [min(6.0, max(_NONE, z)) for z in odds]
    worth = [math.sqrt(min(unit.length, 1000) + 4.0) for unit in units]
    kept = [w / (1.0 + math.exp(-z)) for w, z in zip(worth, odds, strict=True)]
    by_parent: dict[Element, _Share] = defaultdict(_Share)
    by_grand: dict[Element, _Share] = defaultdict(_Share)
    by_signature: dict[str, _Share] = defaultdict(_Share)
    by_own: dict[str, _Share] = defaultdict(_Share)
    shares: list[tuple[_Share, _Share, _Share, _Share, _Share, float]] = []
    section, heading = _Share(), _NONE
    for at, unit in enumerate(units):
        element = unit.element
        parent = element.parent or element
        grand = parent.parent or parent
        if unit.tag in _HEADINGS:
            section, heading = _Share(), odds[at]
        five = (
            by_parent[parent],
            by_grand[grand],
            by_signature[element.signature],
            by_own[element.looks.named],
            section,
        )
        mine, length = kept[at], worth[at]
        for share in five:
            share.kept += mine
            share.length += length
            share.units += 1
        shares.append((*five, heading))
    before = list(accumulate(kept, initial=0.0))
    weight = list(accumulate(worth, initial=0.0))
    total = before[-1] or 1.0
    since, until = _distances(units, odds)
    log_kept = math.log(1.0 + sum(u.length for u, z in zip(units, odds, strict=True) if z > 0))
    padded = [_NONE] * 3 + odds + [_NONE] * 3
    indices = [unit.index for unit in units]
    gaps = [30.0, *[float(min(b - a, 30)) for a, b in pairwise(indices)], 30.0]
    most = float(min(count, 300))
    rows: list[list[float]] = []
    for at, row in enumerate(measured.rows):
        mine, length = kept[at], worth[at]
        around, outer, signature, own, part, head = shares[at]
        low, high = at - 3 if at > 3 else 0, at + 4 if at + 4 < count else count
        lower, higher = at - 10 if at > 10 else 0, at + 11 if at + 11 < count else count
        rows.append(
            [
                padded[at + 3], padded[at + 2], padded[at + 1], padded[at], padded[at + 4], padded[at + 5],
                padded[at + 6],
                (before[high] - before[low] - mine) / (weight[high] - weight[low] - length + 1e-9),
                (before[higher] - before[lower] - mine) / (weight[higher] - weight[lower] - length + 1e-9),
                around.without(mine, length),
                outer.without(mine, length),
                signature.without(mine, length),
                own.without(mine, length),
                part.without(mine, length),
                head,
                before[at] / total,
                (total - before[at + 1]) / total,
                since[at],
                until[at],
                log_kept,
                most,
                WHOLE[around.units] if around.units < 60 else 60.0,
                gaps[at],
                gaps[at + 1],
                *_taken(row),
            ]
        )  # fmt: skip
    return rows


def _distances(units: list[Block], odds: list[float]) -> tuple[list[float], list[float]]:
    """How many characters are likely left out between each unit and the nearest one that stays, before and after."""
    since: list[float] = []
    far = 3000.0
    for unit, z in zip(units, odds, strict=True):
        since.append(far)
        far = 0.0 if z > 0.5 and unit.length > 40 else min(3000.0, far + unit.length)
    until: list[float] = []
    far = 3000.0
    for unit, z in zip(reversed(units), reversed(odds), strict=True):
        until.append(far)
        far = 0.0 if z > 0.5 and unit.length > 40 else min(3000.0, far + unit.length)
    return since, until[::-1]
