"""How fast pages are read: our time beside lexbor's bare parse and trafilatura's, as ratios within one run.

    python -m benchmarks.speed                  200 pages of the shared corpus, three interleaved rounds
    python -m benchmarks.speed --pages 50 --rounds 1 --profile
    python -m benchmarks.speed --memory         peak memory alone, over every page of the corpus too

CPU time of one process whose garbage is collected as seldom as that of a worker. A page's time is the median of its
rounds; "mean" leaves out the slowest 1 % of pages. Only the ratios travel between machines: every page is read by all
of them before the next one, and one page at a time is held.
Peak memory is that of a process that does nothing but read these pages, one by one, and holds none of them.
trafilatura is measured where it is installed (the `bench` extra).
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import gzip
import json
import pstats
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from benchmarks.accuracy.corpus import SHARED, extract, extract_body, scorer
from feeds.app.system.memory import SELDOM
from scrapers.page.charset import decode

Read = Callable[[bytes, str | None], Any]
_SHARES = (("fundus", 80), ("scrapinghub", 60), ("trafilatura", 60))


def _bare(html: bytes, url: str | None) -> Any:
    return LexborHTMLParser(decode(html, None), scripting=True)


def _trafilatura() -> Read | None:
    try:
        from trafilatura import bare_extraction
    except ImportError:
        return None

    def read(html: bytes, url: str | None) -> Any:
        return bare_extraction(html, url=url, with_metadata=True, include_comments=False)

    return read


class _Saved(NamedTuple):
    """A page of the corpus that is still on disk."""

    file: str
    url: str | None

    def read(self) -> bytes:
        with gzip.open(self.file, "rb") as page:
            return page.read()


def _pages(count: int) -> tuple[list[_Saved], list[_Saved]]:
    """`count` pages, the same ones each time, and every page of the corpus."""
    score = scorer()
    cases = score.load_cases(SHARED / "corpus")
    chosen: list[_Saved] = []
    for corpus, share in _SHARES:
        some = [case for case in cases if case["corpus"] == corpus]
        number = min(len(some), max(1, count * share // 200))
        step = len(some) / number
        chosen += [_Saved(case["file"], score.page_url(case)) for case in (some[int(i * step)] for i in range(number))]
    return chosen, [_Saved(case["file"], score.page_url(case)) for case in cases]


def _peak() -> float:
    """Peak memory of this process in MiB. Not getrusage's: that one counts the parent's memory before exec as well."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _measure_memory(pages: list[_Saved]) -> dict[str, float]:
    """Peak memory in MiB of a fresh process before its first page, and after it has read `pages` one by one."""
    out = subprocess.run(
        [sys.executable, "-m", "benchmarks.speed", "--memory-of-stdin"],
        input=json.dumps(pages).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    answer: dict[str, float] = json.loads(out.stdout)
    return answer


def _collect_as_a_worker() -> None:
    gc.freeze()
    gc.set_threshold(SELDOM)


def _read_those_of_stdin() -> None:
    """The child of `_measure_memory`."""
    _collect_as_a_worker()
    pages = [_Saved(*one) for one in json.load(sys.stdin.buffer)]
    before, slowest = _peak(), 0.0
    for page in pages:
        html = page.read()
        start = time.process_time()
        extract(html, page.url)
        slowest = max(slowest, time.process_time() - start)
    print(json.dumps({"before": before, "after": _peak(), "slowest": slowest * 1e3}))


def _show_memory(name: str, pages: list[_Saved]) -> None:
    found = _measure_memory(pages)
    print(f"peak memory over {name}: {found['after']:.0f} MiB (before the first page: {found['before']:.0f} MiB; "
          f"slowest page, read once: {found['slowest']:.0f} ms)")  # fmt: skip


def main() -> None:
    """The command line."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", type=int, default=200)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--profile", action="store_true", help="show where our time goes, and nothing else")
    ask.add_argument("--no-peers", action="store_true")
    ask.add_argument("--memory", action="store_true", help="peak memory alone, over the whole corpus too")
    ask.add_argument("--memory-of-stdin", action="store_true", help=argparse.SUPPRESS)
    chosen = ask.parse_args()
    if chosen.memory_of_stdin:
        _read_those_of_stdin()
        return
    pages, corpus = _pages(chosen.pages)
    if chosen.memory:
        _show_memory(f"{len(pages)} pages", pages)
        _show_memory(f"all {len(corpus)} pages", corpus)
        return
    ways: dict[str, Read] = {"lexbor parse": _bare, "body finder": extract_body, "copydesk": extract}
    if not chosen.no_peers and (peer := _trafilatura()) is not None:
        ways["trafilatura"] = peer
    for page in pages[:10]:
        for read in ways.values():
            read(page.read(), page.url)
    _collect_as_a_worker()
    if chosen.profile:
        profile = cProfile.Profile()
        for page in pages:
            html = page.read()
            profile.enable()
            extract(html, page.url)
            profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)
        return
    total = 0
    times: dict[str, list[list[float]]] = {name: [[] for _ in pages] for name in ways}
    for _ in range(chosen.rounds):
        for at, page in enumerate(pages):
            html = page.read()
            total += len(html)
            for name, read in ways.items():
                start = time.process_time()
                read(html, page.url)
                times[name][at].append((time.process_time() - start) * 1e3)
    floor = 0.0
    size = total / (chosen.rounds * len(pages)) / 1000
    print(f"{len(pages)} pages, mean {size:.0f} kB, {chosen.rounds} rounds, ms of CPU time")
    print(f"{'':14}{'median':>9}{'p95':>9}{'max':>9}{'mean':>9}{'x parse':>9}")
    for name, rounds in times.items():
        each = sorted(statistics.median(one) for one in rounds)
        mean = statistics.fmean(each[: max(1, len(each) * 99 // 100)])
        floor = floor or mean
        median, late = each[len(each) // 2], each[int(len(each) * 0.95)]
        print(f"{name:14}{median:9.2f}{late:9.2f}{each[-1]:9.2f}{mean:9.2f}{mean / floor:9.1f}")
    _show_memory(f"these {len(pages)} pages", pages)


if __name__ == "__main__":
    main()
