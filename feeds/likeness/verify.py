"""Whether two texts are the same story: a logistic function of what they share, above all of the facts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .sketch import Look

ACCEPT = 0.85  # probability from which a record joins a story
DRIFT = 0.5  # and at least so alike the story's representative must be

_WEIGHTS = (-9.75, -2.61, 10.99, -15.39, 2.55, 2.65, 2.55, 3.56, 2.21, 2.80, 9.75, 7.55, -0.57)


@dataclass(frozen=True, slots=True)
class Evidence:
    """How alike two texts are, and in which of their parts."""

    probability: float
    shared: int  # runs of three words in both
    smaller: float  # share of the shorter text that is in the longer
    larger: float  # share of the longer text that is in the shorter

    def __str__(self) -> str:
        return f"{self.smaller:.0%} of the shorter text is in the longer one (p = {self.probability:.2f})"


def alike(a: Look, b: Look) -> Evidence:
    """How likely `a` and `b` are one text. Symmetric."""
    if a.content == b.content:
        return Evidence(1.0, len(a.shingles), 1.0, 1.0)
    small, large = (a, b) if (len(a.shingles), a.content) <= (len(b.shingles), b.content) else (b, a)
    shared = len(small.shingles & large.shingles)
    if not shared:
        return Evidence(0.0, 0, 0.0, 0.0)
    s = shared / len(small.shingles)
    l = shared / len(large.shingles)  # noqa: E741  the note's name
    jaccard = shared / (len(small.shingles) + len(large.shingles) - shared)
    lead = len(large.lead & small.shingles) / max(1, len(large.lead))
    numbers = _facts(a.numbers, b.numbers, 6)
    names = _facts(a.names, b.names, 8)
    title = len(a.title & b.title) / max(1, min(len(a.title), len(b.title)))
    gap = math.log1p(abs(a.when - b.when))
    x = (1.0, s, l, jaccard, lead, numbers, names, s * lead, math.log1p(shared), title, numbers * s, names * s, gap)
    z = sum(weight * value for weight, value in zip(_WEIGHTS, x, strict=True))
    return Evidence(1 / (1 + math.exp(-max(-60.0, min(60.0, z)))), shared, s, l)


def _facts(a: frozenset[str], b: frozenset[str], enough: int) -> float:
    """Shared facts as a share of the fewer ones, centred; few facts weigh little."""
    least = min(len(a), len(b))
    return 0.0 if not least else min(least, enough) / enough * (len(a & b) / least - 0.5)
