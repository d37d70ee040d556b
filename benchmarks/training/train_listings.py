"""Learns the weights of `scrapers/discover/listing/weights.py` from the annotated listing pages.

    python -m benchmarks.train_listings            # writes the weights, prints how they do out of fold
    python -m benchmarks.train_listings --check    # prints only

Each page is shown twice, the second time with every class name and id replaced by a meaningless one, so that what
holds through a redesign weighs more than what names say.

Needs numpy (it comes with the extra `bench`); using the weights needs nothing. The same data give the same weights.
What is learned are numbers about lengths, shapes and places; no word, address or text of a page goes into the file.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sys
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.accuracy.listings import Case, cases, norm, redesigned
from scrapers.discover.listing import evidence, scorer
from scrapers.discover.listing import links as listing
from scrapers.discover.listing.anchors import collect
from scrapers.discover.listing.evidence import Evidence
from scrapers.discover.probe import declared
from scrapers.model import Page
from scrapers.page import html

FOLDS = 8
PENALTY = 10.0  # of the squared weights of the first step, against all links together
KIN_PENALTY = 1.0
BINS = 6
OUT = Path(__file__).parents[2] / "scrapers" / "discover" / "listing" / "weights.py"
Steps = dict[str, tuple[tuple[float, ...], tuple[float, ...]]]


@dataclass(frozen=True)
class Sheet:
    """One page as the learner sees it."""

    case: Case
    rows: list[Evidence]
    keys: dict[str, list[object]]
    labels: list[int]  # 1 a story, 0 none, -1 does not count
    sure_list: list[bool]  # decided by a rule, not by weights


def sheet(case: Case) -> Sheet:
    """The evidence and the answers of one page."""
    page = Page(case.url, case.html)
    tree = html.parse(page)
    base = declared.base_of(tree, page.url)
    collected = collect(tree, base)
    keys = evidence.groups(collected.candidates)
    rows = evidence.gather(tree, collected, keys, base)
    right = {norm(url) for url in case.articles}
    optional = {norm(url) for url in case.optional} - right
    names = [norm(c.url) for c in collected.candidates]
    return Sheet(
        case,
        rows,
        keys,
        [1 if name in right else -1 if name in optional else 0 for name in names],
        [listing.is_list(c) for c in collected.candidates],
    )


def edges_of(values: Sequence[float]) -> tuple[float, ...]:
    """Where the steps of a piece of evidence lie: between its few values, else at its quantiles, 0 by itself."""
    several = sorted(set(values))
    if len(several) <= BINS:
        return tuple(round((a + b) / 2, 4) for a, b in pairwise(several))
    ordered = sorted(v for v in values if v > 0)
    zeros = len(values) - len(ordered)
    if zeros > 0.3 * len(values):
        parts = [ordered[len(ordered) * k // 4] for k in (1, 2, 3)]
        return tuple(sorted({0.0001, *(round(v, 4) for v in parts)}))
    ordered = sorted(values)
    return tuple(sorted({round(ordered[len(ordered) * k // BINS], 4) for k in range(1, BINS)} - {0.0}))


def learn(sheets: Sequence[Sheet], np: Any) -> tuple[Steps, float]:
    """Step weights for each piece of evidence, by logistic regression over "is at least this much"."""
    rows = [(row, label, _weight(s)) for s in sheets for row, label in zip(s.rows, s.labels, strict=True) if label >= 0]
    names = sorted({name for row, _, _ in rows for name in row})
    edges = {name: edges_of([row.get(name, 0.0) for row, _, _ in rows]) for name in names}
    columns = dict(zip(names, _offsets(edges, names), strict=True))
    width = sum(len(e) for e in edges.values())
    x = np.zeros((len(rows), width + 1))
    x[:, width] = 1
    for n, (row, _, _) in enumerate(rows):
        for name, value in row.items():
            x[n, columns[name] : columns[name] + bisect_right(edges[name], value)] = 1
    y = np.array([label for _, label, _ in rows], dtype=float)
    weight = np.array([w for _, _, w in rows])
    beta = logistic(x, y, weight / weight.mean(), PENALTY, np)
    steps: Steps = {}
    for name in names:
        at, total, values = columns[name], 0.0, [0.0]
        for k in range(len(edges[name])):
            total += float(beta[at + k])
            values.append(round(total, 3))
        if any(values):
            steps[name] = (edges[name], tuple(values))
    return steps, round(float(beta[width]), 3)


def _offsets(edges: dict[str, tuple[float, ...]], names: Sequence[str]) -> list[int]:
    found, at = [], 0
    for name in names:
        found.append(at)
        at += len(edges[name])
    return found


def _weight(s: Sheet) -> float:
    """Small pages count less than large ones, but far more than by their number of links."""
    return float(float(sum(label >= 0 for label in s.labels) or 1) ** -0.75)


def logistic(x: Any, y: Any, weight: Any, penalty: float, np: Any) -> Any:
    """Ridge logistic regression by Newton's method; the last column is the constant and goes free."""
    beta = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], penalty)
    ridge[-1] = 1e-6
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (weight * (y - p)) - ridge * beta
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(curve, gradient)
        beta = beta + step
        if float(abs(step).max()) < 1e-4:
            break
    return beta


def first_scores(s: Sheet, steps: Steps, bias: float) -> list[float]:
    """What the first step says of a page's links, the rule for lists applied."""
    found = scorer.alone(s.rows, steps, bias)
    return [p * listing.LIST_PENALTY if sure else p for p, sure in zip(found, s.sure_list, strict=True)]


def learn_kin(scored: Sequence[tuple[Sheet, list[float]]], np: Any) -> tuple[list[float], float]:
    """Weights of the second step, from first scores that were made without the page's own site."""
    x, y, weight = [], [], []
    for s, first in scored:
        for row, label in zip(scorer.kinship(first, s.keys), s.labels, strict=True):
            if label >= 0:
                x.append([*row, 1.0])
                y.append(float(label))
                weight.append(_weight(s))
    of = np.array(weight)
    beta = logistic(np.array(x), np.array(y), of / of.mean(), KIN_PENALTY, np)
    return [round(float(b), 3) for b in beta[:-1]], round(float(beta[-1]), 3)


def out_of_fold(sheets: Sequence[Sheet], fold: Callable[[Sheet], int], np: Any) -> list[tuple[Sheet, list[float]]]:
    """First scores of every page by weights that were learned without its fold."""
    found = []
    for k in sorted({fold(s) for s in sheets}):
        steps, bias = learn([s for s in sheets if fold(s) != k], np)
        found += [(s, first_scores(s, steps, bias)) for s in sheets if fold(s) == k]
    return found


def both_steps(train: Sequence[Sheet], test: Sequence[Sheet], np: Any) -> list[tuple[Sheet, list[float]]]:
    """Final scores of `test` by weights of both steps learned from `train` alone."""
    fold = folds(train, 4)
    kin, kin_bias = learn_kin(out_of_fold(train, fold, np), np)
    steps, bias = learn(train, np)
    return [(s, scorer.together(first_scores(s, steps, bias), s.keys, kin, kin_bias)) for s in test]


def folds(sheets: Sequence[Sheet], count: int) -> Callable[[Sheet], int]:
    """A fold for each site, the same in every run."""
    sites = sorted({s.case.site for s in sheets})
    random.Random(1).shuffle(sites)
    of = {site: n % count for n, site in enumerate(sites)}
    return lambda s: of[s.case.site]


def report(title: str, scored: Sequence[tuple[Sheet, list[float]]]) -> None:
    """Macro F1 over sites and micro P and R of scores at the threshold that the listing reader uses."""
    sites: dict[str, list[float]] = {}
    tp = fp = fn = 0
    low = []
    for s, scores in scored:
        a = b = c = 0
        for p, label, sure in zip(scores, s.labels, s.sure_list, strict=True):
            found = p * (listing.LIST_PENALTY if sure else 1) >= listing.THRESHOLD
            a += found and label == 1
            b += found and label == 0
            c += (not found) and label == 1
        f1 = 2 * a / max(1, 2 * a + b + c)
        sites.setdefault(s.case.site, []).append(f1)
        if f1 < 0.8:
            low.append(f"{s.case.id} {f1:.2f}")
        tp, fp, fn = tp + a, fp + b, fn + c
    macro = sum(sum(v) / len(v) for v in sites.values()) / len(sites)
    print(f"{title}: {len(sites)} sites, macro F1 {macro:.3f}, micro P {tp / (tp + fp):.3f} R {tp / (tp + fn):.3f}; "
          f"below .8: {', '.join(low) or 'none'}", flush=True)  # fmt: skip


def write(steps: Steps, bias: float, kin: Sequence[float], kin_bias: float) -> None:
    """The module of weights: one piece of evidence a line."""
    lines = [
        '"""Learned weights of `scorer`; written by `python -m benchmarks.train_listings`, not by hand.',
        "",
        "STEPS: piece of evidence → (where its steps lie, the log-odds of a story below the first, after the first …).",
        "KIN: weights of a link's own log-odds, of similar links' means (look, path, prefix, shape), of the best link.",
        '"""',
        "",
        "# fmt: off",
        "from __future__ import annotations",
        "",
        f"BIAS = {bias}",
        f"KIN_BIAS = {kin_bias}",
        f"KIN: tuple[float, ...] = {tuple(kin)}",
        "STEPS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {",
        *(f'    "{name}": ({edges}, {values}),' for name, (edges, values) in sorted(steps.items())),
        "}",
        "",
    ]
    OUT.write_text("\n".join(lines), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="print the figures, write nothing")
    args = parser.parse_args()
    try:
        np = importlib.import_module("numpy")
    except ModuleNotFoundError:
        print("training needs numpy: pip install -e '.[bench]'", file=sys.stderr)
        return 2
    plain = [sheet(case) for case in cases()]
    renamed = [sheet(replace(case, html=redesigned(case.html))) for case in cases()]
    sheets = plain + renamed
    whole = folds(sheets, FOLDS)
    held = []
    for k in range(FOLDS):
        held += both_steps([s for s in sheets if whole(s) != k], [s for s in sheets if whole(s) == k], np)
    as_they_are = {id(s) for s in plain}
    report(f"out of fold ({FOLDS} folds by site)", [one for one in held if id(one[0]) in as_they_are])
    report("out of fold, names replaced", [one for one in held if id(one[0]) not in as_they_are])
    for one, other in (("tune", "check"), ("check", "tune")):
        train, test = [s for s in sheets if s.case.half == one], [s for s in plain if s.case.half == other]
        report(f"learned from {one}, seen on {other}", both_steps(train, test, np))
    if not args.check:
        steps, bias = learn(sheets, np)
        kin, kin_bias = learn_kin(out_of_fold(sheets, whole, np), np)
        write(steps, bias, kin, kin_bias)
        print(f"wrote {len(steps)} pieces of evidence")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
