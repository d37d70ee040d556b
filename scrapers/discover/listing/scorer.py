"""Features → the probability of each link being a story: learned weights, first for each alone, then with similar ones.

The weights are in `weights.py`, written by `python -m benchmarks.train_listings`; no library is needed to use them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import exp, log

from .evidence import Evidence
from .weights import BIAS, KIN, KIN_BIAS, STEPS

Table = Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]]


def alone(evidence: Sequence[Evidence], steps: Table = STEPS, bias: float = BIAS) -> list[float]:
    """The probability of each link by its own features."""
    found = []
    for e in evidence:
        total = bias
        for name, value in e.items():
            step = steps.get(name)
            if step is not None:
                total += step[1][bisect_right(step[0], value)]
        found.append(_logistic(total))
    return found


def kinship(first: Sequence[float], keys: Mapping[str, Sequence[object]]) -> list[list[float]]:
    """For each link: its own logit, the mean of the others of each of its groups, and the best of the page."""
    top = max(first, default=0.5)
    rows = [[_logit(p)] for p in first]
    for kind in sorted(keys):
        members: dict[object, list[int]] = defaultdict(list)
        for n, key in enumerate(keys[kind]):
            members[key].append(n)
        for group in members.values():
            whole = sum(first[n] for n in group)
            for n in group:
                rows[n].append((whole - first[n]) / (len(group) - 1) if len(group) > 1 else 0.5)
    for row in rows:
        row.append(top)
    return rows


def together(
    first: Sequence[float],
    keys: Mapping[str, Sequence[object]],
    weights: Sequence[float] = KIN,
    bias: float = KIN_BIAS,
) -> list[float]:
    """The probability of each link with its groups taken into account: one odd title does not exclude a story."""
    return [_logistic(bias + sum(w * x for w, x in zip(weights, row, strict=True))) for row in kinship(first, keys)]


def less(p: float, by: float) -> float:
    """A probability with `by` taken off its log-odds."""
    return _logistic(_logit(p) - by)


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, x))))


def _logit(p: float) -> float:
    p = min(max(p, 0.001), 0.999)
    return log(p / (1 - p))
