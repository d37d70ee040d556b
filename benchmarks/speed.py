"""How fast pages are read: our time beside lexbor's bare parse and trafilatura's, as ratios within one run.

    python -m benchmarks.speed                  200 pages of the shared corpus, three interleaved rounds
    python -m benchmarks.speed --pages 50 --rounds 1 --profile

CPU time of one process. A page's time is the median of its rounds; "mean" leaves out the slowest 1 % of pages. Only the
ratios travel between machines. trafilatura is measured where it is installed (the `bench` extra).
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from benchmarks.corpus import SHARED, extract, extract_body, scorer
from scrapers.charset import decode

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


def _pages(count: int) -> list[tuple[bytes, str | None]]:
    score = scorer()
    cases = score.load_cases(SHARED / "corpus")
    chosen: list[tuple[bytes, str | None]] = []
    for corpus, share in _SHARES:
        some = [case for case in cases if case["corpus"] == corpus]
        number = min(len(some), max(1, count * share // 200))
        step = len(some) / number
        for i in range(number):
            case = some[int(i * step)]
            chosen.append((score.page_bytes(case), score.page_url(case)))
    return chosen


def main() -> None:
    """The command line."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", type=int, default=200)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--profile", action="store_true", help="show where our time goes, and nothing else")
    ask.add_argument("--no-peers", action="store_true")
    chosen = ask.parse_args()
    pages = _pages(chosen.pages)
    ways: dict[str, Read] = {"lexbor parse": _bare, "body finder": extract_body, "copydesk": extract}
    if not chosen.no_peers and (peer := _trafilatura()) is not None:
        ways["trafilatura"] = peer
    for html, url in pages[:10]:
        for read in ways.values():
            read(html, url)
    if chosen.profile:
        profile = cProfile.Profile()
        profile.enable()
        for html, url in pages:
            extract(html, url)
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)
        return
    times: dict[str, list[list[float]]] = {name: [[] for _ in pages] for name in ways}
    for _ in range(chosen.rounds):
        for at, (html, url) in enumerate(pages):
            for name, read in ways.items():
                start = time.process_time()
                read(html, url)
                times[name][at].append((time.process_time() - start) * 1e3)
    floor = 0.0
    size = statistics.fmean(len(html) for html, _ in pages) / 1000
    print(f"{len(pages)} pages, mean {size:.0f} kB, {chosen.rounds} rounds, ms of CPU time")
    print(f"{'':14}{'median':>9}{'p95':>9}{'max':>9}{'mean':>9}{'x parse':>9}")
    for name, rounds in times.items():
        each = sorted(statistics.median(one) for one in rounds)
        mean = statistics.fmean(each[: max(1, len(each) * 99 // 100)])
        floor = floor or mean
        median, late = each[len(each) // 2], each[int(len(each) * 0.95)]
        print(f"{name:14}{median:9.2f}{late:9.2f}{each[-1]:9.2f}{mean:9.2f}{mean / floor:9.1f}")
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
