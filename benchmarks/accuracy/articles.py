"""How well whole articles are read: the scores over ../shared/articles, as `score.py` there counts them.

    python -m benchmarks.articles                     all pages
    python -m benchmarks.articles --half A            only the half (split by site) that was learnt from
    python -m benchmarks.articles --worst 20          the worst pages too
    python -m benchmarks.articles --peer              trafilatura on the same pages

The pages are not part of the project: they lie in ../shared, or where COPYDESK_SHARED says.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import statistics
import sys
from pathlib import Path
from typing import Any

from benchmarks.accuracy.corpus import SHARED, extract, half_of, scorer

FOLDER = SHARED / "articles"
COLUMNS = ("F", "P", "R", "lost", "with", "without", "title", "authors", "day")


def cases() -> list[dict[str, Any]]:
    """All cases."""
    with Path(FOLDER / "cases.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def page(case: dict[str, Any]) -> bytes:
    """The page of a case."""
    return gzip.decompress((FOLDER / case["page"]).read_bytes())


def trafilatura(html: bytes, url: str | None) -> dict[str, Any]:
    """The peer's answer, by its own evaluation's settings."""
    from trafilatura import bare_extraction

    found = bare_extraction(html, url=url, with_metadata=True, include_comments=False)
    told = found if isinstance(found, dict) else found.as_dict() if found is not None else {}
    authors = (told.get("author") or "").split("; ")
    return {"text": told.get("text"), "title": told.get("title"), "authors": authors, "published": told.get("date")}


def _one(job: tuple[dict[str, Any], bool]) -> dict[str, Any]:
    case, peer = job
    error = None
    try:
        got = (trafilatura if peer else extract)(page(case), case["url"])
    except Exception as problem:
        got, error = {}, repr(problem)[:200]
    return {
        **(sys.modules.get("articles_score") or scorer(FOLDER)).judge(case, got),
        "half": half_of(case["site"]),
        "error": error,
    }


def table(rows: list[dict[str, Any]]) -> None:
    """Print the means of each set and half."""
    print(f"{'':10}{'pages':>7}" + "".join(f"{name:>9}" for name in COLUMNS) + f"{'errors':>8}")
    groups = {"all": rows}
    for name in ("n4k", "wcxb"):
        groups[name] = [row for row in rows if row["corpus"] == name]
    for half in ("A", "B"):
        groups[f"half {half}"] = [row for row in rows if row["half"] == half]
    for name, some in groups.items():
        line = ""
        for column in COLUMNS:
            have = [float(row[column]) for row in some if column in row]
            figure = sum(have) if column == "lost" else statistics.fmean(have) if have else float("nan")
            line += f"{figure:9.0f}" if column == "lost" else f"{figure:9.4f}"
        if some:
            print(f"{name:10}{len(some):7}{line}{sum(bool(row['error']) for row in some):8}")


def main() -> None:
    """The command line."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--half", choices=("A", "B"))
    ask.add_argument("--jobs", type=int, default=2)
    ask.add_argument("--worst", type=int, default=0, metavar="N")
    ask.add_argument("--field", default="F", choices=COLUMNS)
    ask.add_argument("--peer", action="store_true", help="trafilatura in our place")
    ask.add_argument("--out", help="write the rows here as JSON")
    chosen = ask.parse_args()
    some = [case for case in cases() if not chosen.half or half_of(case["site"]) == chosen.half]
    with multiprocessing.Pool(chosen.jobs) as pool:
        rows = pool.map(_one, [(case, chosen.peer) for case in some], chunksize=4)
    table(rows)
    for row in sorted((row for row in rows if chosen.field in row), key=lambda row: row[chosen.field])[: chosen.worst]:
        print(f"{float(row[chosen.field]):.3f} {row['half']} {row['id']} {row['error'] or ''}")
    if chosen.out:
        Path(chosen.out).write_text(json.dumps({"rows": rows}, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
