"""How well pages are read: the scores of the extractor over the shared corpus, as `score.py` there counts them.

    python -m benchmarks.corpus                            all corpora
    python -m benchmarks.corpus --kinds                    also by form, language, script and size of the pages
    python -m benchmarks.corpus --half A                   only the half (split by site) that rules were tuned on
    python -m benchmarks.corpus --corpus fundus --worst 20 --field body
    python -m benchmarks.corpus --without boilerplate        one rule switched off: of the body finder, or of the fields
    python -m benchmarks.corpus --ablation                 each witness and each rule off in turn
    python -m benchmarks.corpus --body-only                the body finder alone, with what JSON-LD and <meta> hint at

The corpus is not part of the project: it lies in ../shared, or where COPYDESK_SHARED says.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import os
import sys
import zlib
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.accuracy import kinds
from scrapers.extract import extract as read_article
from scrapers.extract import rules
from scrapers.extract.body import body
from scrapers.model import Page

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("COPYDESK_SHARED", ROOT.parent / "shared"))


_disabled: rules.Disabled = rules.NONE_DISABLED  # of this process: rules that are left out


def extract(html: bytes, url: str | None) -> dict[str, Any]:
    """One page read by the whole extractor, with the keys that the scorer knows."""
    draft = read_article(Page(url or "", html), None, disabled=_disabled)
    return {
        "title": draft.title,
        "subtitle": draft.subtitle,
        "authors": list(draft.authors),
        "published": draft.published,
        "updated": draft.updated,
        "text": draft.text,
        "html": draft.html,
        "tags": list(draft.tags),
        "section": draft.section,
        "language": draft.language,
        "image": draft.image.url if draft.image else None,
    }


def extract_body(html: bytes, url: str | None) -> dict[str, Any]:
    """The body finder alone, told what <meta> and JSON-LD hint at."""
    from benchmarks.training.hints import known  # only this way needs it
    from scrapers.page.html import parse

    tree = parse(Page(url or "", html))
    found = body.find(tree, known(tree, url), _disabled)
    return {"text": found.text, "html": found.html, "image": found.image.url if found.image else None}


def scorer(folder: Path = SHARED / "corpus") -> ModuleType:
    """The scorer that belongs to the pages of a folder: its `score.py`."""
    path = folder / "score.py"
    name = f"{folder.name}_score"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.exists():
        sys.exit(f"no pages at {path}: set COPYDESK_SHARED")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def half_of(site: str) -> str:
    """A or B, by a hash of the site's name: the same half in every corpus, and no list of sites to keep."""
    return "AB"[zlib.crc32(b"half " + site.encode()) & 1]


SMALL = 0.0005  # differences below are not shown
_read = extract


def _start(body_only: bool, without: list[str]) -> None:
    global _read, _disabled
    _read = extract_body if body_only else extract
    score = scorer()
    vars(score)["_fn"] = _read
    _disabled = frozenset(without)


def _one(case: dict[str, Any]) -> Any:
    return sys.modules["corpus_score"]._one(case)


def run(cases: list[dict[str, Any]], jobs: int, body_only: bool, without: list[str]) -> list[Any]:
    """The scorer's rows for `cases`, in order."""
    if jobs == 1:
        _start(body_only, without)
        rows = [_one(case) for case in cases]
        _start(body_only, [])
        return rows
    with multiprocessing.Pool(jobs, _start, (body_only, without)) as pool:
        return list(pool.imap(_one, cases, chunksize=4))


def report(score: ModuleType, cases: list[dict[str, Any]], rows: list[Any]) -> dict[str, Any]:
    """Sums per corpus."""
    by = {case["id"]: case for case in cases}
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[by[row[0]]["corpus"]].append(row)
    return {
        corpus: score.total(
            [r[1] for r in some],
            sum(bool(r[3]) for r in some),
            sum(not ((r[2] or {}).get("text") or "").strip() for r in some),
        )
        for corpus, some in groups.items()
    }


def show(score: ModuleType, sums: dict[str, Any]) -> None:
    """Print the scorer's table."""
    names = list(sums)
    print(f"{'':14}" + "".join(f"{n:>14}" for n in names))
    for label, key in (("pages", "n"), ("exceptions", "failures"), ("no text", "empty")):
        print(f"{label:14}" + "".join(f"{sums[n][key]:>14}" for n in names))
    for label, path in score.COLS:
        values = [score.dig(sums[n], path) for n in names]
        if any(v is not None for v in values):
            print(f"{label:14}" + "".join(f"{'' if v is None else format(v, '.4f'):>14}" for v in values))


def lost(score: ModuleType, sums: dict[str, Any], less: dict[str, Any]) -> None:
    """Print what each field of each corpus loses (or gains) without a rule."""
    for name in sums:
        told = []
        for label, path in score.COLS:
            before, after = score.dig(sums[name], path), score.dig(less[name], path)
            if before is not None and after is not None and abs(after - before) >= SMALL:
                told.append(f"{label} {after - before:+.4f}")
        print(f"  {name:14}" + (", ".join(told) or "the same"))


def worst(score: ModuleType, cases: list[dict[str, Any]], rows: list[Any], field: str, count: int) -> None:
    """Print the `count` worst cases of each corpus by `field`."""
    by = {case["id"]: case for case in cases}
    groups: dict[str, list[tuple[float, Any]]] = defaultdict(list)
    for row in rows:
        key = score._case_key(row[1], field)
        if key is not None:
            groups[by[row[0]]["corpus"]].append((key, row))
    for corpus, some in groups.items():
        print(f"\nworst of {corpus} by {field}")
        for key, row in sorted(some, key=lambda x: x[0])[:count]:
            print(f"  {key:.3f}  {row[0]}  {by[row[0]]['url'] or ''}  {(row[3] or '').split(chr(10))[0]}")


def main() -> None:
    """The command line."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--corpus", action="append")
    ask.add_argument("--id", action="append")
    ask.add_argument("--half", choices=("A", "B"))
    ask.add_argument("--jobs", type=int, default=2)
    ask.add_argument("--worst", type=int, default=0, metavar="N")
    ask.add_argument("--field", default="body")
    ask.add_argument("--without", action="append", default=[], metavar="RULE", choices=sorted(rules.RULES))
    ask.add_argument("--kinds", action="store_true", help="also one table for each way of sorting the pages")
    ask.add_argument("--ablation", action="store_true")
    ask.add_argument("--body-only", action="store_true")
    ask.add_argument("--show", action="store_true", help="print truth and answer of each case")
    ask.add_argument("--out", help="write the rows here as JSON")
    chosen = ask.parse_args()
    score = scorer()
    cases = [
        case
        for case in score.load_cases(SHARED / "corpus")
        if (not chosen.corpus or case["corpus"] in chosen.corpus)
        and (not chosen.id or case["id"] in chosen.id)
        and (not chosen.half or half_of(case["site"]) == chosen.half)
    ]
    if chosen.body_only:
        cases = [case for case in cases if case["corpus"] != "htmldate"]
    if not cases:
        sys.exit("no such cases")
    rows = run(cases, chosen.jobs, chosen.body_only, chosen.without)
    sums = report(score, cases, rows)
    if chosen.show:
        by = {case["id"]: case for case in cases}
        for row in rows:
            print(json.dumps({"id": row[0], "url": by[row[0]]["url"], "truth": by[row[0]]["truth"], "answer": row[2],
                              "score": row[1],
                              "error": row[3]}, ensure_ascii=False, indent=1, default=str))  # fmt: skip
    show(score, sums)
    if chosen.kinds:
        kinds.show(score, cases, rows)
    if chosen.worst:
        worst(score, cases, rows, chosen.field, chosen.worst)
    if chosen.out:
        Path(chosen.out).write_text(
            json.dumps(
                {r[0]: {"score": r[1], "text": (r[2] or {}).get("text"), "error": r[3]} for r in rows},
                ensure_ascii=False,
            ),
            "utf-8",
        )
    if chosen.ablation:
        for rule in rules.BODY if chosen.body_only else rules.RULES:
            less = report(score, cases, run(cases, chosen.jobs, chosen.body_only, [rule]))
            print(f"\nwithout {rule}")
            lost(score, sums, less)


if __name__ == "__main__":
    main()
