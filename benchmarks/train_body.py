"""Learn the body finder's weights from half A of the shared corpus: small boosted trees, written as a table.

    python -m benchmarks.train_body            writes scrapers/extract/weights.json
    python -m benchmarks.train_body --folds 6  scores on sites that were left out of the learning; writes nothing

Needs numpy. The result depends on the corpus and this file alone: there is no chance in it.
"""

from __future__ import annotations

import argparse
import json
import math
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.corpus import SHARED, half_of, scorer
from benchmarks.hints import overheard
from scrapers.extract import body, features
from scrapers.extract.blocks import cut
from scrapers.extract.scoring import HOPELESS
from scrapers.html import parse
from scrapers.model import Page

WEIGHTS = Path(__file__).resolve().parent.parent / "scrapers" / "extract" / "weights.json"
BINS = 16
SHARE = 0.35  # of the features, and half of the pages, are looked at for each tree
SEGMENT = 7.0  # weight of a block that holds a wanted or an unwanted string
SETTINGS: dict[str, Any] = {"trees": 170, "depth": 4, "rate": 0.07, "l2": 10.0, "min_weight": 10.0}
MARGIN = 0.2  # log odds, for the blocks that were not seen
EVERY = 10  # trees, between two looks at whether the rest can turn the answer
LEFT_OUT: frozenset[str] = frozenset()  # features that the trees may not use


@dataclass(slots=True)
class Sample:
    """A page of the corpus, measured: numbers, labels and weights of its blocks. Weight 0: the truth does not say."""

    case: dict[str, Any]
    measured: features.Measured
    numbers: Any
    labels: Any
    weights: Any


def sample(case: dict[str, Any], score: Any) -> Sample:
    """A case, measured with what the other witnesses tell of it."""
    page = Page(score.page_url(case) or "", score.page_bytes(case))
    known = overheard(page)
    measured = features.measure(cut(parse(page)), known, every=True)
    labels, weights = LABELS[case["corpus"]](measured.weighed, case["truth"], score)
    numbers = np.array(measured.rows).reshape(len(measured.rows), len(features.NAMES))
    return Sample(case, measured, numbers, np.array(labels), np.array(weights))


def _whole(blocks: list[Any], truth: dict[str, Any], score: Any) -> tuple[list[float], list[float]]:
    """The truth is the whole text."""
    full = max([truth["text"], *truth.get("text_variants", ())], key=len)
    lines = full.split("\n")
    subtitle = score.shingles(score.words(truth.get("subtitle") or "", True))
    have = Counter(score.shingles(score.words("\n".join(lines), True)))
    line_words = Counter(tuple(score.words(line, True)) for line in lines)
    running = " " + " ".join(score.words(" ".join(lines), True)) + " "
    labels, weights = [], []
    for block in blocks:
        words = score.words(block.text, True)
        weight = min(len(words), 60) ** 0.5
        if len(words) >= 4:
            mine = score.shingles(words)
            share = sum((mine & have).values()) / mine.total()
            if share >= 0.6:
                have -= mine
            if subtitle and sum((mine & subtitle).values()) / mine.total() > 0.7:
                weight = 0.0  # with the standfirst or without: both count as right
        elif words:
            share = 1.0 if line_words.get(tuple(words)) else 0.0
            if share:
                line_words[tuple(words)] -= 1
            elif f" {' '.join(words)} " in running:
                weight = 0.0
        else:
            share, weight = 0.0, 0.0
        labels.append(1.0 if share >= 0.6 else 0.0)
        weights.append(0.0 if 0.3 < share < 0.6 else weight)
    total = sum(weights) or 1.0
    return labels, [w / total * 60 for w in weights]


def _segments(blocks: list[Any], truth: dict[str, Any], score: Any) -> tuple[list[float], list[float]]:
    """The truth names some strings that are wanted, and some that are not."""
    wanted = [score.squeeze(s) for s in truth["with"]]
    unwanted = [score.squeeze(s) for s in truth["without"]]
    labels, weights = [], []
    hits: Counter[str] = Counter()
    for block in blocks:
        good = [s for s in wanted if s in block.text]
        bad = [s for s in unwanted if s in block.text]
        hits.update(good + bad)
        labels.append(1.0 if good else 0.0)
        weights.append(SEGMENT if good or bad else 0.0)
    # A wanted string that stands in several blocks (title, teaser, text) does not say which one is meant.
    for i, block in enumerate(blocks):
        many = max([hits[s] for s in wanted + unwanted if s in block.text], default=0)
        if many > 1 and labels[i]:
            weights[i] = 0.0
    return labels, weights


LABELS = {"fundus": _whole, "scrapinghub": _whole, "trafilatura": _segments}


class Forest:
    """Boosted trees for two classes, after Friedman 2001 with second-order leaves; histograms of BINS bins."""

    def __init__(self, trees: int, depth: int, rate: float, l2: float, min_weight: float) -> None:
        self.count, self.depth, self.rate, self.l2, self.min_weight = trees, depth, rate, l2, min_weight
        self.trees: list[Any] = []
        self.base = 0.0

    def fit(self, x: Any, y: Any, w: Any, page: Any) -> None:
        """Learn from rows `x`, labels `y` and weights `w`."""
        self.edges = []
        binned = np.empty(x.shape, dtype=np.int64)
        for f in range(x.shape[1]):
            values = np.unique(x[:, f])
            if len(values) > BINS:
                values = np.unique(np.quantile(x[:, f], np.linspace(0, 1, BINS + 1)[1:-1]))
                cuts = values
            else:
                cuts = (values[1:] + values[:-1]) / 2
            self.edges.append(cuts)
            binned[:, f] = np.searchsorted(cuts, x[:, f], side="left")
        p = float((y * w).sum() / w.sum())
        self.base = math.log(p / (1 - p))
        f_x = np.full(len(y), self.base)
        usable = np.array([f for f in range(x.shape[1]) if features.NAMES[f] not in LEFT_OUT and len(self.edges[f])])
        pages = np.unique(page)
        for turn in range(self.count):
            chance = np.random.default_rng(turn)
            some = chance.permutation(usable)[: int(len(usable) * SHARE)]
            rows = np.flatnonzero(np.isin(page, chance.permutation(pages)[: len(pages) * 6 // 10]))
            prob = 1 / (1 + np.exp(-f_x))
            g, h = w * (y - prob), w * prob * (1 - prob)
            tree = self._grow(binned, g, h, rows, np.sort(some), self.depth)
            f_x += _walk(tree, x)
            self.trees.append(tree)

    def _grow(self, binned: Any, g: Any, h: Any, rows: Any, some: Any, depth: int) -> Any:
        gr, hr = g[rows], h[rows]
        gs, hs = gr.sum(), hr.sum()
        best = (1e-6, -1, -1)
        if depth and len(rows) > 20:
            own = gs * gs / (hs + self.l2)
            for f in some:
                n = len(self.edges[f]) + 1
                part = binned[rows, f]
                gl = np.cumsum(np.bincount(part, gr, n))[:-1]
                hl = np.cumsum(np.bincount(part, hr, n))[:-1]
                gain = gl**2 / (hl + self.l2) + (gs - gl) ** 2 / (hs - hl + self.l2) - own
                gain[(hl < self.min_weight) | (hs - hl < self.min_weight)] = 0
                k = int(gain.argmax())
                if gain[k] > best[0]:
                    best = (float(gain[k]), int(f), k)
        if best[1] < 0:
            return round(float(self.rate * gs / (hs + self.l2)), 4)
        _, f, k = best
        low = binned[rows, f] <= k
        return [
            f,
            round(float(self.edges[f][k]), 4),
            self._grow(binned, g, h, rows[low], some, depth - 1),
            self._grow(binned, g, h, rows[~low], some, depth - 1),
        ]

    def predict(self, x: Any) -> Any:
        """Log odds of rows."""
        total = np.full(len(x), self.base)
        for tree in self.trees:
            total += _walk(tree, x)
        return total


def _walk(tree: Any, x: Any) -> Any:
    if not isinstance(tree, list):
        return np.full(len(x), tree)
    f, cut_at, low, high = tree
    return np.where(x[:, f] <= cut_at, _walk(low, x), _walk(high, x))


def importance(forest: Forest) -> Counter[str]:
    """How often each feature splits."""
    found: Counter[str] = Counter()

    def walk(tree: Any) -> None:
        if isinstance(tree, list):
            found[features.NAMES[tree[0]]] += 1
            walk(tree[2])
            walk(tree[3])

    for tree in forest.trees:
        walk(tree)
    return found


def samples(half: str, score: Any) -> list[Sample]:
    """All pages of a half whose bodies are known."""
    cases = score.load_cases(SHARED / "corpus")
    return [sample(case, score) for case in cases if case["corpus"] in LABELS and half_of(case["site"]) == half]


def learn(pages: list[Sample]) -> Forest:
    """A forest that knows `pages`."""
    known = [page.weights > 0 for page in pages]
    forest = Forest(**SETTINGS)
    forest.fit(
        np.concatenate([page.numbers[k] for page, k in zip(pages, known, strict=True)]),
        np.concatenate([page.labels[k] for page, k in zip(pages, known, strict=True)]),
        np.concatenate([page.weights[k] for page, k in zip(pages, known, strict=True)]),
        np.concatenate(
            [np.full(k.sum(), zlib.crc32(p.case["page"].encode())) for p, k in zip(pages, known, strict=True)]
        ),
    )
    return forest


def out_of_fold(pages: list[Sample], folds: int, turn: int, score: Any) -> dict[str, float]:
    """Body F1, or that of the segments, of each corpus: every page read by a forest that knows no page of its site."""
    rows: dict[str, list[Any]] = defaultdict(list)
    fold_of = {p.case["site"]: zlib.crc32(f"fold {turn} {p.case['site']}".encode()) % folds for p in pages}
    for fold in range(folds):
        forest = learn([page for page in pages if fold_of[page.case["site"]] != fold])
        for page in pages:
            if fold_of[page.case["site"]] == fold:
                odds = iter(forest.predict(page.numbers).tolist())
                with patch.object(body, "score", lambda _, odds=odds: next(odds)):
                    text = "\n".join(block.text for block in body._chosen(page.measured))
                rows[page.case["corpus"]].append(score.score_case(page.case, {"text": text}))
    totals = {corpus: score.total(some) for corpus, some in rows.items()}
    return {corpus: total.get("body", total.get("segments"))["f1"] for corpus, total in totals.items()}


def looks(forest: Forest, pages: list[Sample]) -> list[list[float]]:
    """After how many trees, below and above which log odds, the rest of them turns the answer of no block."""
    x = np.concatenate([page.numbers for page in pages])
    final = forest.predict(x)
    total = np.full(len(x), forest.base)
    found = []
    for at, tree in enumerate(forest.trees[:-EVERY], 1):
        total += _walk(tree, x)
        if at % EVERY == 0:
            low = total[final > HOPELESS].min() - MARGIN
            high = total[final < 0].max() + MARGIN
            found.append([at, round(float(low), 2), round(max(0.2, float(high)), 2)])
    return found


def main() -> None:
    """Learn on half A and write the table, or tell what is to be expected of it on pages of other sites."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--folds", type=int, default=0)
    ask.add_argument("--turns", type=int, default=4, help="different ways to part the sites into folds")
    chosen = ask.parse_args()
    score = scorer()
    pages = samples("A", score)
    if chosen.folds:
        turns = [out_of_fold(pages, chosen.folds, turn, score) for turn in range(chosen.turns)]
        for corpus in turns[0]:
            each = [turn[corpus] for turn in turns]
            print(f"{corpus:14}{sum(each) / len(each):.4f}   {' '.join(f'{one:.4f}' for one in each)}")
        return
    forest = learn(pages)
    print(importance(forest).most_common(60))
    WEIGHTS.write_text(
        json.dumps(
            {
                "names": features.NAMES,
                "base": round(forest.base, 4),
                "looks": looks(forest, pages),
                "trees": forest.trees,
            },
            separators=(",", ":"),
        ).replace("],[", "],\n["),
        "utf-8",
    )


if __name__ == "__main__":
    main()
