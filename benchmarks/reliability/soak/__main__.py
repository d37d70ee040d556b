"""A newsroom for weeks in minutes: the real app with a clock of its own, looked at after every day.

    python -m benchmarks.soak [--days 30] [--sites 14] [--keep-days 7] [--seed 1] [--minutes-limit 15]

The app, its store on the disk, its schedule, revisits, retention, daily copies, repairs, publishing and the door to
the web are the real ones, and so are the processes that read pages; the sites are drawn by `--seed` and answer over
loopback. Only the clocks are turned by hand, and who wants to wait lets them go on. Ends with 1 for any fault.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import structlog

from benchmarks.reliability.soak.desk import soak
from benchmarks.reliability.soak.ledger import Day
from feeds.app.system.memory import collect_seldom, one_arena

HEAD = (
    "          visits  most  requests   new  revised  records  stories  files  folder  store  memory  fds  open"
    "  seconds"
)


def _line(number: int, day: Day) -> str:
    return (
        f"day {number:3}  {day.visits:6}  {day.most_visits:4}  {day.requests:8}  {day.fresh:4}  {day.revised:7}"
        f"  {day.records:7}  {day.stories:7}  {day.files:5}  {day.published_mb:6.1f}  {day.store_mb:5.1f}"
        f"  {day.memory_mb:6.1f}  {day.descriptors:3}  {day.troubles:4}  {day.seconds:7.1f}"
    )


def _week(days: Sequence[Day]) -> Day:
    """The last of some days, with the sums of what all of them did."""
    return replace(
        days[-1],
        visits=sum(day.visits for day in days),
        most_visits=max(day.most_visits for day in days),
        requests=sum(day.requests for day in days),
        fresh=sum(day.fresh for day in days),
        revised=sum(day.revised for day in days),
        seconds=sum(day.seconds for day in days),
    )


def main() -> int:
    """The table; 1 for any fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--sites", type=int, default=14)
    parser.add_argument("--keep-days", type=int, default=7, help="store.keep")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes-limit", type=float, default=15.0)
    parser.add_argument("--folder", type=Path, help="a folder that stays")
    asked = parser.parse_args()
    one_arena()
    collect_seldom()
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        folder = asked.folder or Path(place) / "app"
        folder.mkdir(parents=True, exist_ok=True)
        _log_to(folder / "log.txt")
        print(HEAD, flush=True)
        report = soak(
            folder,
            days=asked.days,
            sites=asked.sites,
            keep_days=asked.keep_days,
            seed=asked.seed,
            until=time.monotonic() + asked.minutes_limit * 60,
            tell=lambda number, day: print(_line(number, day), flush=True),
        )
    print("\n".join(report.troubles))
    print("the last day of each week, with what the whole week did")
    print(HEAD)
    for number in range(7, len(report.days) + 1, 7):
        print(_line(number, _week(report.days[number - 7 : number])))
    print(report.totals())
    for fault, count in Counter(report.faults).most_common(30):
        print(f"FAULT {fault}" + (f" ({count} times)" if count > 1 else ""))
    print("as it has to be" if not report.faults else f"NOT as it has to be: {len(report.faults)} faults")
    return 1 if report.faults else 0


def _log_to(path: Path) -> None:
    """The daemon's log, in a file."""
    logging.disable(logging.INFO)
    file = path.open("w", encoding="utf-8")
    structlog.configure(
        logger_factory=structlog.WriteLoggerFactory(file),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
    )


if __name__ == "__main__":
    raise SystemExit(main())
