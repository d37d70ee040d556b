"""How well stories are found on real listing pages: `python -m benchmarks.listings`.

Runs the scorer of the annotated pages (`../shared/listings`, or the folder in COPYDESK_SHARED) over `find`, then prints
times, drift (the same front in 2023, 2024 and 2026) and both halves of the sites: weights were tuned on "tune",
"check" was only looked at.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.util
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from scrapers.discover import discover
from scrapers.model import Page

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("COPYDESK_SHARED") or HERE.parent.parent.parent / "shared")
SPLIT = HERE / "listings_split.json"
WAYS_OF_MARKUP = frozenset({"listing"})


@dataclass(frozen=True)
class Case:
    """One annotated page."""

    id: str
    site: str
    url: str
    html: bytes
    articles: tuple[str, ...]
    optional: tuple[str, ...]
    confidence: str
    half: str
    told: dict[str, Any]


def cases() -> Iterator[Case]:
    """The annotated pages in their order."""
    check = set(json.loads(SPLIT.read_text(encoding="utf-8"))["check"])
    folder = SHARED / "listings"
    for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        yield Case(
            id=told["id"],
            site=told["site"],
            url=told["url"],
            html=gzip.decompress((folder / told["file"]).read_bytes()),
            articles=tuple(a["url"] for a in told["articles"]),
            optional=tuple(told.get("optional", ())),
            confidence=told["confidence"],
            half="check" if hashlib.sha256(told["site"].encode()).hexdigest()[:12] in check else "tune",
            told=told,
        )


def find(html: bytes, url: str) -> list[dict[str, str | None]]:
    """The stories of a page as the scorer wants them. Only links that the markup shows: those alone are annotated."""
    return [
        {
            "url": link.url,
            "title": link.hint.title,
            "published": link.hint.published,
            "summary": link.hint.subtitle,
            "image": link.hint.image.url if link.hint.image else None,
        }
        for link in discover(Page(url, html)).items
        if link.way in WAYS_OF_MARKUP
    ]


_NAMES = re.compile(rb"""\b(class|id)=(["'])(.*?)\2""", re.DOTALL)
_ISLANDS = frozenset({b"wix-warmup-data", b"__NEXT_DATA__", b"__NUXT_DATA__"})  # not of a design


def redesigned(html: bytes) -> bytes:
    """The page with every class name and id replaced by a meaningless one; the same name stays the same."""

    def renamed(found: re.Match[bytes]) -> bytes:
        if found[3] in _ISLANDS:
            return found[0]
        names = b" ".join(b"z" + hashlib.sha256(name).hexdigest()[:6].encode() for name in found[3].split())
        return found[1] + b"=" + found[2] + names + found[2]

    return _NAMES.sub(renamed, html)


def scorer() -> ModuleType:
    """The scorer that came with the pages."""
    spec = importlib.util.spec_from_file_location("listings_score", SHARED / "listings" / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"there is no scorer in {SHARED / 'listings'}; set COPYDESK_SHARED")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def norm(url: str) -> str:
    """An address as the scorer compares it."""
    found: str = scorer_module().norm(url)
    return found


_SCORER: list[ModuleType] = []


def scorer_module() -> ModuleType:
    """The scorer, loaded once."""
    if not _SCORER:
        _SCORER.append(scorer())
    return _SCORER[0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", action="store_true", help="one line per page, worst first")
    parser.add_argument("--only", default="", help="only pages whose id contains this")
    parser.add_argument("--redesign", action="store_true", help="every class and id renamed, as after a redesign")
    parser.add_argument("--misses", default="", help="what was missed and wrong on the page with this id")
    parser.add_argument("--times", type=int, default=3, help="each page is read so often, and its best time counts")
    args = parser.parse_args()
    score = scorer_module()
    rows: list[dict[str, Any]] = []
    times: list[tuple[float, str]] = []
    for case in cases():
        if args.only not in case.id or (args.misses and args.misses != case.id):
            continue
        html = redesigned(case.html) if args.redesign else case.html
        best = float("inf")
        for _ in range(args.times):
            start = time.process_time()
            found = find(html, case.url)
            best = min(best, time.process_time() - start)
        times.append((1000 * best, case.id))
        row = score.judge(case.told, found)
        row.update(confidence=case.confidence, half=case.half)
        rows.append(row)
    if args.misses:
        for row in rows:
            print("\n".join(["missed:", *row["missed"], "wrong:", *row["wrong"]]))
        return 0
    if args.pages:
        for row in sorted(rows, key=lambda r: float(r["f1"])):
            print(
                f"{row['f1']:.3f} P {row['p']:.3f} R {row['r']:.3f} {row['tp']:4d} right {row['fp']:3d} wrong "
                f"{row['fn']:3d} missed  titles {row['titles']:3d} dates {row['dates']:3d}/{row['dated']:3d} "
                f"wrong {row['wrong_dates']}  {row['id']}"
            )
    table("all pages", rows, score)
    for half in ("tune", "check"):
        table(f"sites of half {half!r}", [row for row in rows if row["half"] == half], score)
    drift(rows)
    weak = [row["id"] for row in rows if row["f1"] < 0.5 and row["confidence"] != "low"]
    print(f"pages under .5 outside the low-confidence ones: {', '.join(weak) or 'none'}")
    times.sort()
    mean = sum(t for t, _ in times) / max(1, len(times))
    at95 = times[int(len(times) * 0.95)] if times else (0.0, "")
    print(
        f"processor time a page, best of {args.times}: mean {mean:.0f} ms, 95th {at95[0]:.0f} ms, "
        f"longest {times[-1][0]:.0f} ms ({times[-1][1]})"
    )
    return 0


def table(title: str, rows: list[dict[str, Any]], score: ModuleType) -> None:
    """The scorer's figures for some pages."""
    if not rows:
        return
    tp, fp, fn = (sum(row[key] for row in rows) for key in ("tp", "fp", "fn"))
    dated, dates = sum(row["dated"] for row in rows), sum(row["dates"] for row in rows)
    bad = sum(row["wrong_dates"] for row in rows)
    titles = sum(row["titles"] for row in rows)
    print(
        f"{title}: {len(rows)} pages, {len({row['site'] for row in rows})} sites\n"
        f"  links  macro P {score.macro(rows, 'p'):.3f} R {score.macro(rows, 'r'):.3f} F1 {score.macro(rows, 'f1'):.3f}"
        f"   micro P {tp / max(1, tp + fp):.3f} R {tp / max(1, tp + fn):.3f}\n"
        f"  titles {titles / max(1, tp):.3f}   dates {dates / max(1, dated):.3f} of {dated}, "
        f"wrong days {bad} ({100 * bad / max(1, dated):.2f} %)"
    )


def drift(rows: list[dict[str, Any]]) -> None:
    """Mean over the sites of |F1 of the 2023 and 2024 fronts − F1 of the 2026 front|."""
    years: dict[str, dict[str, float]] = {}
    for row in rows:
        name, _, year = row["id"].rpartition("_index_")
        if year in ("2023", "2024", "2026"):
            years.setdefault(name, {})[year] = row["f1"]
    gaps = {name: abs((f["2023"] + f["2024"]) / 2 - f["2026"]) for name, f in years.items() if len(f) == 3}
    if gaps:
        shown = ", ".join(f"{name} {gap:.3f}" for name, gap in sorted(gaps.items()))
        print(f"drift over {len(gaps)} sites: {sum(gaps.values()) / len(gaps):.3f} ({shown})")


if __name__ == "__main__":
    sys.exit(main())
