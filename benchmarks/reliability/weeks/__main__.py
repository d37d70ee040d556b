"""Weeks of made-up fronts, each hour with a turned clock: renames, live blogs, relaunches, shops, evergreens.

`python -m benchmarks.weeks [--days 14] [--paper NAME ...] [--tell]` prints, for each paper and for all: recall (stories
that became a record within two hours of being shown), second ids (records that were news for a story that had been it
before), no stories (records of what is none), the most requests for one address of a story, dates that moved, and
alarms. Bounds: see `replay.BOUNDS`. Nothing of it is a real paper.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from .papers import papers
from .replay import Outcome, show, weeks

HEADING = "paper         stories   recall    second      none  requests  moved  alarms"


def main() -> int:
    """Print the table; 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--paper", action="append")
    parser.add_argument("--tell", action="store_true", help="say of each miss what it was")
    args = parser.parse_args()
    total, good = Outcome(), True
    show(HEADING)
    with tempfile.TemporaryDirectory() as folder:
        for paper in papers(args.days):
            if args.paper and paper.name not in args.paper:
                continue
            done = weeks(paper, args.days, Path(folder))
            total.add(done)
            good &= done.good
            show(f"{paper.name:<12} {done}{'' if done.good else '  MISSED'}")
            for line in done.told if args.tell else ():
                show(f"    {line}")
    show(f"{'all':<12} {total}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
