"""Whether two texts are one: a logistic function of what they share, above all of shared facts.

No single share of common words decides: a stub behind a paywall has a fifth of its story, and two reports of the
lottery have four fifths in common. So the function asks what is shared (runs of words, beginnings, numbers, names,
titles), how far apart the two were published, and how what is not shared lies: damage and copy-editing are
scattered, another story begins with a block of its own. Formulas of market reports, weekly statistics or bond issues
are learnt from the stored stories, as several share them.

The weights were fitted by `python -m benchmarks.fit_dedup`, which also tells how they do on stories never seen.
"""

from __future__ import annotations

import math
from collections.abc import Set
from dataclasses import dataclass
from itertools import compress, count

from .sketch import Look

ACCEPT = 0.92  # probability from which a record joins a story: a false merge is worse than a miss
DRIFT = 0.5  # least probability with the story's representative
BLOCK = 14  # runs of words without a counterpart, one after the other, that are a block of its own
LEAST = 0.04  # share of the shorter text below which nothing else is looked at

BIAS = -3.405
_FITTED = {
    "smaller": -2.204,
    "larger": -0.358,
    "jaccard": -0.084,
    "lead_of_larger": 0.538,
    "numbers": 2.910,
    "names": 3.132,
    "smaller*lead": 1.370,
    "shared": 1.318,
    "title": 0.982,
    "numbers*smaller": 3.326,
    "names*smaller": 0.753,
    "gap": -0.740,
    "blocks": -6.086,
    "numbers_apart": -2.988,
    "place": -5.674,
    "title_in_text": 4.028,
    "lengths": 1.843,
    "leads": 3.208,
    "lead_of_smaller": -2.430,
    "formulas": -2.866,
    "no_formulas": 0.847,
}
FEATURES = tuple(_FITTED)
WEIGHTS = tuple(_FITTED.values())


@dataclass(frozen=True, slots=True)
class Evidence:
    """How alike two texts are, and in which of their parts."""

    probability: float
    shared: int  # runs of three words in both
    smaller: float  # share of the shorter text that is in the longer

    def __str__(self) -> str:
        return f"{self.smaller:.0%} of the shorter text is in the longer one (p = {self.probability:.3f})"


def alike(a: Look, b: Look, formulas: Set[int] = frozenset()) -> Evidence:
    """How likely `a` and `b` are one text. Symmetric. `formulas`: runs of words that several stories have."""
    if a.content == b.content:
        return Evidence(1.0, len(a.shingles), 1.0)
    values = features(a, b, formulas)
    if values is None:
        return Evidence(0.0, 0, 0.0)
    z = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True))
    probability = 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))
    return Evidence(probability, round(math.expm1(values[7])), values[0])


def features(a: Look, b: Look, formulas: Set[int] = frozenset()) -> tuple[float, ...] | None:
    """The values that FEATURES names; None when the two have next to nothing in common. Symmetric."""
    small, large = (a, b) if (len(a.shingles), a.content) <= (len(b.shingles), b.content) else (b, a)
    common = small.shingles & large.shingles
    shared = len(common)
    if shared <= LEAST * len(small.shingles):
        return None
    s = shared / len(small.shingles)
    whole = shared / len(large.shingles)
    jaccard = shared / (len(small.shingles) + len(large.shingles) - shared)
    lead = len(large.lead & common) / len(large.lead)
    numbers, apart = _facts(a.numbers, b.numbers, 6)
    names, _ = _facts(a.names, b.names, 8)
    title = len(a.title & b.title) / max(1, min(len(a.title), len(b.title)))
    title_in_text = (b.count(a.title) / max(1, len(a.title)) + a.count(b.title) / max(1, len(b.title))) / 2
    known = len(common & formulas) / shared
    found = bytes(map(common.__contains__, large.runs))  # of each place in the longer text, whether the shorter has it
    return (
        s,
        whole,
        jaccard,
        lead,
        numbers,
        names,
        s * lead,
        math.log1p(shared),
        title,
        numbers * s,
        names * s,
        math.log1p(abs(a.when - b.when)),
        _blocks(small, common),
        apart,
        sum(compress(count(), found)) / found.count(1) / len(large.run),
        title_in_text,
        len(small.shingles) / len(large.shingles),
        len(a.lead & b.lead) / max(1, min(len(a.lead), len(b.lead))),
        len(small.lead & common) / len(small.lead),
        known,
        float(not known),
    )


def _facts(a: frozenset[str], b: frozenset[str], enough: int) -> tuple[float, float]:
    """Shared facts as a share of the fewer ones, centred, few facts weighing little; and how many each has alone."""
    least = min(len(a), len(b))
    if not least:
        return 0.0, 0.0
    both = len(a & b)
    return min(least, enough) / enough * (both / least - 0.5), (least - both) / least


def _blocks(text: Look, common: frozenset[int]) -> float:
    """Which share of a text lies in long blocks that the other does not have."""
    if len(common) == len(text.shingles):
        return 0.0
    alone = bytes(map(common.__contains__, text.runs)).split(b"\x01")
    return sum(length for length in map(len, alone) if length >= BLOCK) / len(text.run)
