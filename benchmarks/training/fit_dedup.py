"""Fit the weights of feeds/identity/similarity/verify.py: `python -m benchmarks.fit_dedup [FOLDER]`.

Needs scikit-learn, which copydesk itself does not. Pairs are what the index nominates, each with the truth of the
labels; every track and class counts the same. Printed: the weights, and the scores of the online run with weights
that never saw the record's fold, once by the site that published it and once by the article it was made from.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.accuracy.dedup import SHARED, TRACKS, Shelf, load_scorer, record_of, rows
from feeds.identity.dedupe import file_record, formulas_of, parts_of
from feeds.identity.similarity import FLOOR, Look, MemoryIndex, verify

FOLDS = 5
TRUST = 0.1  # in the pairs, against small weights: more of it learns the agencies of the set by heart
Track = tuple[str, list[dict[str, Any]], list[dict[str, Any]], list[Look]]


def main(arguments: Sequence[str]) -> int:
    """The command."""
    folder = Path(arguments[0]) if arguments else SHARED
    tracks: list[Track] = []
    for name in TRACKS:
        data = list(rows(folder / f"{name}.jsonl"))
        by_id = {row["id"]: row for row in rows(folder / f"{name}.labels.jsonl")}
        shelf, looks = Shelf(), []
        for row in data:
            looks.append(shelf.look(record_of(row)))
            shelf.add(record_of(row), None)
        tracks.append((name, data, [by_id[row["id"]] for row in data], looks))
    pairs = _pairs(tracks)
    print(f"{len(pairs)} pairs, {sum(pair[1] for pair in pairs)} of them one story")
    bias, weights = _fit(pairs)
    print(f"BIAS = {bias:.3f}\nWEIGHTS = (")
    for name, weight in zip(verify.FEATURES, weights, strict=True):
        print(f"    {weight:.3f},  # {name}")
    print(")")
    score = load_scorer(folder)
    report("in sample", tracks, score, lambda track, n: (bias, weights))
    groups: dict[str, Callable[[dict[str, Any], dict[str, Any]], str]] = {
        "out of fold, by site": lambda row, label: str(row["site"]),
        "out of fold, by article": lambda row, label: str(label["base"]),
    }
    for title, group in groups.items():
        folds = []
        for fold in range(FOLDS):
            kept = [
                pair
                for pair in pairs
                if all(_fold(group(tracks[pair[2]][1][n], tracks[pair[2]][2][n])) != fold for n in pair[3:])
            ]
            folds.append(_fit(kept))

        def of_fold(
            track: int, n: int, group: Callable[..., str] = group, folds: list[Any] = folds
        ) -> tuple[float, Sequence[float]]:
            return folds[_fold(group(tracks[track][1][n], tracks[track][2][n]))]  # type: ignore[no-any-return]

        report(title, tracks, score, of_fold)
    return 0


def _pairs(tracks: list[Track]) -> list[tuple[tuple[float, ...], bool, int, int, int]]:
    """(features, same, track, earlier, later) of all that the index nominates, in the stories of the labels.

    Where formulas are known that two different stories share, the pair is there once more as if none were: the second
    instance of a template has to be told from the first by its facts alone.
    """
    found = []
    for t, (_, _, labels, looks) in enumerate(tracks):
        index = MemoryIndex()
        stories: dict[str, int] = {}
        for n, seen in enumerate(looks):
            if seen.tokens < FLOOR:
                continue
            story = stories.setdefault(labels[n]["cluster"], n)
            candidates = [one for one in index.candidates(seen) if one.look.tokens >= FLOOR]
            formulas = formulas_of(parts_of(candidates, seen))
            for candidate in candidates:
                if candidate.look.content == seen.content:
                    continue
                same = candidate.story == story
                views = [verify.features(candidate.look, seen, formulas)]
                if formulas and not same:
                    views.append(verify.features(candidate.look, seen))
                found += [(values, same, t, candidate.record, n) for values in dict.fromkeys(views) if values]
            index.add(n, story, seen)
    return found


def _fit(pairs: Sequence[tuple[tuple[float, ...], bool, int, int, int]]) -> tuple[float, Sequence[float]]:
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    x = np.array([pair[0] for pair in pairs])
    y = np.array([pair[1] for pair in pairs])
    classes = [(pair[2], pair[1]) for pair in pairs]
    counts = {one: classes.count(one) for one in set(classes)}
    weights = np.array([len(pairs) / len(counts) / counts[one] for one in classes])
    mean, spread = x.mean(0), x.std(0) + 1e-9
    model = LogisticRegression(C=TRUST, max_iter=2000).fit((x - mean) / spread, y, sample_weight=weights)
    coefficients = model.coef_[0] / spread
    return float(model.intercept_[0] - (coefficients * mean).sum()), [round(float(c), 3) for c in coefficients]


def report(
    title: str,
    tracks: list[Track],
    score: Callable[..., dict[str, Any]],
    weights: Callable[[int, int], tuple[float, Sequence[float]]],
) -> None:
    """The scores of the online run, each record decided with the weights that are given for it."""
    mean = 0.0
    print(f"\n{title}")
    before = verify.BIAS, verify.WEIGHTS
    for t, (name, data, labels, looks) in enumerate(tracks):
        shelf, index, stories = Shelf(), MemoryIndex(), {}
        for n, row in enumerate(data):
            verify.BIAS, verify.WEIGHTS = weights(t, n)  # type: ignore[assignment]
            decision = file_record(index, shelf, record_of(row), looks[n])
            if decision.kind in ("same", "revised"):
                stories[row["id"]] = str(decision.story)
                continue
            stored = shelf.add(decision.record, decision.story)
            index.add(stored.n, stored.story, decision.look)
            stories[row["id"]] = str(stored.story)
        found = score(labels, stories)
        mean += found["ari"] / len(tracks)
        digests = found["in_mixed_cluster"].get("digest", "0")
        print(f"  {name:6s} ARI {found['ari']:.4f} precision {found['precision']:.4f} mixed digests {digests}")
    verify.BIAS, verify.WEIGHTS = before
    print(f"  mean   ARI {mean:.4f}")


def _fold(name: str) -> int:
    return hashlib.blake2b(name.encode(), digest_size=4).digest()[0] % FOLDS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
