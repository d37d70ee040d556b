"""Learn the body finder's weights from half A of all shared pages with known bodies: two tables of small boosted trees.

    python -m benchmarks.train_body            writes scrapers/extract/body/weights.json
    python -m benchmarks.train_body --folds 5  scores on sites that were left out of the learning; writes nothing
    python -m benchmarks.train_body --cache FILE   keeps the measured pages there, for trying settings

Needs scikit-learn; OMP_NUM_THREADS=1 is fastest where other programs run. The result depends on the pages and this file
alone: there is no chance in it. A site belongs to one half and to one fold, in whichever set it stands.
"""

from __future__ import annotations

import argparse
import json
import pickle
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks.accuracy import articles
from benchmarks.accuracy.corpus import SHARED, half_of, scorer
from benchmarks.training.hints import overheard
from scrapers.extract.body import region
from scrapers.extract.body.units.cutting import cut
from scrapers.extract.body.units.exclusions import excluded
from scrapers.extract.body.units.grouping import into_units
from scrapers.extract.body.weigh import context, features
from scrapers.extract.body.weigh.scoring import HOPELESS
from scrapers.model import Page
from scrapers.page.html import parse

WEIGHTS = Path(__file__).resolve().parents[2] / "scrapers" / "extract" / "body" / "weigh" / "weights.json"
SEGMENT = 5.0  # weight of a unit that holds a wanted or an unwanted string
SETTINGS: dict[str, dict[str, Any]] = {
    "alone": {"max_iter": 150, "max_leaf_nodes": 12, "learning_rate": 0.07},
    "beside": {"max_iter": 90, "max_leaf_nodes": 10, "learning_rate": 0.07},
}
COMMON: dict[str, Any] = {
    "max_depth": 5, "l2_regularization": 10.0, "min_samples_leaf": 25, "max_features": 0.35, "max_bins": 64,
    "early_stopping": False, "random_state": 7,
}  # fmt: skip
FOREIGN = (
    "comment", "related", "navigation", "share", "ad", "newsletter", "caption", "byline", "date", "tags", "paywall",
    "aside", "hidden", "overlay", "footer", "form", "teaser", "meta",
)  # fmt: skip
"""Names that never speak for a unit."""
AROUND = ("comment", "related", "navigation", "share", "ad", "newsletter", "tags", "overlay", "footer", "form")
"""The same of the two elements around it."""
GROWS = (
    "in_core", "sentences", "ends", "mass_before", "mass_after", "signature_share", "in_known", "rel_body",
    "rel_paragraph", "odds", "near_share", "wide_share", "parent_kept", "signature_kept", "own_kept",
)  # fmt: skip
"""Numbers that never speak against a unit when they grow."""
FALLS = (
    "density", "up_to_core", "parent_density", "grand_density", "signature_density", "is_title", "is_author",
    *(f"rel_{name}" for name in FOREIGN), *(f"near_{name}" for name in AROUND),
)  # fmt: skip
"""Numbers that never speak for a unit when they grow. That trees may not learn the opposite from a few sites makes them
better on other sites."""
INNER = 3  # folds by which the second table learns from odds that were not learnt on the same site
DOUBTFUL = (
    0.65  # a page whose body is less alike to what all others teach has a faulty truth, or teaches nothing general
)
MARGIN = 0.2  # log odds, for the units that were not seen
EVERY = 10  # trees, between two looks at whether the rest can turn the answer

Array = Any


@dataclass(slots=True)
class Sample:
    """A page, measured: numbers, labels and weights of its units. Weight 0: the truth does not say."""

    case: dict[str, Any]
    measured: features.Measured
    numbers: Array
    labels: Array
    weights: Array

    @property
    def site(self) -> str:
        """What the page is split by."""
        return str(self.case["site"])


def sample(case: dict[str, Any], page: Page, score: Any) -> Sample:
    """A case, measured with what the other witnesses tell of it."""
    known = overheard(page)
    sheet = cut(parse(page))
    measured = features.measure(into_units(sheet, excluded(sheet, known.titles)), known, every=True)
    labels, weights = LABELS[case["corpus"]](measured.weighed, case["truth"], score)
    numbers = np.array(measured.rows).reshape(len(measured.rows), len(features.NAMES))
    return Sample(case, measured, numbers, np.array(labels), np.array(weights))


def _whole(units: list[Any], truth: dict[str, Any], score: Any) -> tuple[list[float], list[float]]:
    """The truth is the whole text."""
    full = max([truth["text"], *truth.get("text_variants", ())], key=len)
    lines = full.split("\n")
    subtitle = score.shingles(score.words(truth.get("subtitle") or "", True))
    have = Counter(score.shingles(score.words("\n".join(lines), True)))
    line_words = Counter(tuple(score.words(line, True)) for line in lines)
    running = " " + " ".join(score.words(" ".join(lines), True)) + " "
    labels, weights = [], []
    for unit in units:
        words = score.words(unit.text, True)
        weight = min(len(words), 60) ** 0.5
        if len(words) >= 4:
            mine = score.shingles(words)
            share = sum((mine & have).values()) / mine.total()
            if unit.parts and share < 0.6:  # lists and tables are often written otherwise in the truth
                each = [tuple(score.words(part.text, True)) for part in unit.parts if part.length]
                found = sum(len(one) for one in each if f" {' '.join(one)} " in running)
                share = max(share, found / (sum(map(len, each)) or 1))
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


def _segments(units: list[Any], truth: dict[str, Any], score: Any) -> tuple[list[float], list[float]]:
    """The truth names some strings that are wanted, and some that are not."""
    wanted = [score.squeeze(s) for s in truth["with"]]
    unwanted = [score.squeeze(s) for s in truth["without"]]
    labels, weights = [], []
    hits: Counter[str] = Counter()
    texts = [score.squeeze(unit.text) for unit in units]
    for text in texts:
        good = [s for s in wanted if s in text]
        bad = [s for s in unwanted if s in text]
        hits.update(good + bad)
        labels.append(1.0 if good else 0.0)
        weights.append(SEGMENT if good or bad else 0.0)
    # A wanted string that stands in several units (title, teaser, text) does not say which one is meant.
    for i, text in enumerate(texts):
        many = max([hits[s] for s in wanted + unwanted if s in text], default=0)
        if many > 1 and labels[i]:
            weights[i] = 0.0
    return labels, weights


LABELS = {"fundus": _whole, "scrapinghub": _whole, "trafilatura": _segments, "n4k": _whole, "wcxb": _whole}


@dataclass(slots=True)
class Trees:
    """A table: what stands before all trees, and the trees as nested lists."""

    base: float
    trees: list[Any]
    model: HistGradientBoostingClassifier

    def predict(self, x: Array) -> Array:
        """Log odds of rows."""
        return self.model.decision_function(x)


def grow(x: Array, y: Array, w: Array, stage: str) -> Trees:
    """Learn from rows `x`, labels `y` and weights `w`."""
    names = features.NAMES if stage == "alone" else context.NAMES
    direction = [(name in GROWS) - (name in FALLS) for name in names]
    model = HistGradientBoostingClassifier(**COMMON, **SETTINGS[stage], monotonic_cst=direction)
    model.fit(x, y, sample_weight=w)
    trees = [_nested(one[0].nodes, 0) for one in model._predictors]
    return Trees(float(np.ravel(model._baseline_prediction)[0]), trees, model)


def _nested(nodes: Array, at: int) -> Any:
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]), 3)
    low, high = (_nested(nodes, int(node[side])) for side in ("left", "right"))
    return [int(node["feature_idx"]), float(f"{node['num_threshold']:.5g}"), low, high]


def _stacked(pages: list[Sample], rows: Callable[[Sample], Array]) -> tuple[Array, Array, Array]:
    known = [page.weights > 0 for page in pages]
    return (
        np.concatenate([rows(page)[k] for page, k in zip(pages, known, strict=True)]),
        np.concatenate([page.labels[k] for page, k in zip(pages, known, strict=True)]),
        np.concatenate([page.weights[k] for page, k in zip(pages, known, strict=True)]),
    )


def fold(site: str, folds: int, turn: str) -> int:
    """The fold of a site."""
    return zlib.crc32(f"fold {turn} {site}".encode()) % folds


@dataclass(slots=True)
class Learnt:
    """Both tables."""

    alone: Trees
    beside: Trees

    def odds(self, page: Sample) -> Array:
        """Log odds of the units of a page."""
        first = self.alone.predict(page.numbers)
        return self.beside.predict(np.array(context.beside(page.measured, first.tolist())))


def learn(pages: list[Sample]) -> Learnt:
    """Tables that know `pages`: the second learns from odds of the first that were not learnt on the same site."""
    beside: dict[int, Array] = {}
    for part in range(INNER):
        some = [page for page in pages if fold(page.site, INNER, "inner") != part]
        trees = grow(*_stacked(some, lambda page: page.numbers), "alone")
        for page in pages:
            if fold(page.site, INNER, "inner") == part and len(page.numbers):
                beside[id(page)] = np.array(context.beside(page.measured, trees.predict(page.numbers).tolist()))
    pages = [page for page in pages if len(page.numbers)]
    alone = grow(*_stacked(pages, lambda page: page.numbers), "alone")
    return Learnt(alone, grow(*_stacked(pages, lambda page: beside[id(page)]), "beside"))


def text_by(odds: Array, page: Sample) -> str:
    """The text that these odds choose."""
    with patch.object(region, "odds", lambda _measured, _disabled: odds.tolist()):
        kept, _ = region.choose(page.measured)
    return "\n".join(unit.text for unit in kept)


def rate(pages: list[Sample], texts: list[str], score: Any) -> dict[str, float]:
    """The figures of the benchmarks, of the body finder alone."""
    rows: dict[str, list[Any]] = defaultdict(list)
    judged = []
    bag = scorer(articles.FOLDER)
    for page, text in zip(pages, texts, strict=True):
        if page.case["corpus"] in ("n4k", "wcxb"):
            judged.append(bag.judge(page.case, {"text": text}))
        else:
            rows[page.case["corpus"]].append(score.score_case(page.case, {"text": text}))
    totals = {corpus: score.total(some) for corpus, some in rows.items()}
    found = {corpus: total.get("body", total.get("segments"))["f1"] for corpus, total in totals.items()}
    for corpus in ("n4k", "wcxb", ""):
        mine = [row for row in judged if row["corpus"].startswith(corpus)]
        found[corpus or "articles"] = sum(row["F"] for row in mine) / len(mine)
    found["lost"] = sum(row["lost"] for row in judged)
    for key in ("with", "without"):
        some = [row[key] for row in judged if key in row]
        found[key] = sum(some) / len(some)
    return found


def samples(half: str, score: Any) -> list[Sample]:
    """All pages of a half whose bodies are known, of all sets."""
    found = [
        sample(case, Page(score.page_url(case) or "", score.page_bytes(case)), score)
        for case in score.load_cases(SHARED / "corpus")
        if case["corpus"] in LABELS and half_of(case["site"]) == half
    ]
    for case in articles.cases():
        if half_of(case["site"]) == half:
            found.append(sample(case, Page(case["url"] or "", articles.page(case)), score))
    return found


def believed(pages: list[Sample]) -> list[Sample]:
    """The pages without those whose truth disagrees with what all other sites teach."""
    kept = []
    for part in range(INNER):
        some = [page for page in pages if fold(page.site, INNER, "believed") != part]
        trees = grow(*_stacked(some, lambda page: page.numbers), "alone")
        for page in pages:
            if fold(page.site, INNER, "believed") != part or not len(page.numbers):
                continue
            likely = 1 / (1 + np.exp(-trees.predict(page.numbers)))
            agreed = (page.weights * np.where(page.labels > 0.5, likely, 1 - likely)).sum()
            if agreed >= DOUBTFUL * page.weights.sum():
                kept.append(page)
    return kept


def looks(trees: Trees, x: Array) -> list[list[float]]:
    """After how many trees, below and above which log odds, the rest of them turns the answer of no unit."""
    found = []
    final = trees.predict(x)
    total = np.full(len(x), trees.base)
    for at, one in enumerate(trees.model._predictors[:-EVERY], 1):
        total = total + _values(one[0].nodes, x)
        if at % EVERY == 0:
            low = total[final > HOPELESS].min() - MARGIN
            high = total[final < 0].max() + MARGIN
            found.append([at, round(float(low), 2), round(max(0.2, float(high)), 2)])
    return found


def _values(nodes: Array, x: Array) -> Array:
    at = np.zeros(len(x), dtype=np.int64)
    while True:
        inner = nodes["is_leaf"][at] == 0
        if not inner.any():
            return nodes["value"][at]
        low = x[np.arange(len(x)), nodes["feature_idx"][at]] <= nodes["num_threshold"][at]
        at = np.where(inner, np.where(low, nodes["left"][at], nodes["right"][at]), at)


def main() -> None:
    """Learn on half A and write the tables, or tell what is to be expected of them on pages of other sites."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--folds", type=int, default=0)
    ask.add_argument("--cache", type=Path)
    ask.add_argument("--out", type=Path, default=WEIGHTS)
    chosen = ask.parse_args()
    score = scorer()
    if chosen.cache and chosen.cache.exists():
        pages = pickle.loads(chosen.cache.read_bytes())
    else:
        pages = samples("A", score)
        if chosen.cache:
            chosen.cache.write_bytes(pickle.dumps(pages))
    if chosen.folds:
        texts = {}
        for part in range(chosen.folds):
            learnt = learn(believed([page for page in pages if fold(page.site, chosen.folds, "outer") != part]))
            for page in pages:
                if fold(page.site, chosen.folds, "outer") == part:
                    texts[id(page)] = text_by(learnt.odds(page), page) if len(page.numbers) else ""
        for name, figure in rate(pages, [texts[id(page)] for page in pages], score).items():
            print(f"{name:14}{figure:.4f}")
        return
    some = believed(pages)
    print(f"{len(some)} of {len(pages)} pages")
    learnt = learn(some)
    tables = {}
    for name, trees, names, rows in (
        ("alone", learnt.alone, features.NAMES, [page.numbers for page in some]),
        (
            "beside",
            learnt.beside,
            context.NAMES,
            [np.array(context.beside(p.measured, learnt.alone.predict(p.numbers).tolist())) for p in some],
        ),
    ):
        seen = looks(trees, np.concatenate(rows)) if name == "beside" else []
        tables[name] = {"names": names, "base": round(trees.base, 4), "looks": seen, "trees": trees.trees}
    chosen.out.write_text(json.dumps(tables, separators=(",", ":")).replace("],[", "],\n["), "utf-8")


if __name__ == "__main__":
    main()
