"""Many machines on one: a desk, scrapers and PostgreSQL over loopback sites: the cost of a page, gaps, kills.

    python -m benchmarks.scale [--hosts 40] [--scrapers 0 1 2 4] [--seconds 40] [--rate 10]
    python -m benchmarks.scale --kills 20 [--hosts 12] [--logs FOLDER]
    python -m benchmarks.scale --desk 100000 [--visits 2000]

The first runs one process (0 scrapers) and then a desk with scrapers over the same sites, and tells the processor time
of a page, the least pause between two requests of a site by the site's own log, and how evenly sources were visited.
The second kills scrapers and desks, restarts PostgreSQL and cuts a scraper off from it for two minutes, at
random. The third measures what one visit costs a desk with so many sources, and plays its day by a simulated clock.
Ends with 1 when a promise is broken. Needs PostgreSQL's programs and the extra `postgres`.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from benchmarks.reliability.scale import costs, desk, kills
from benchmarks.reliability.scale.installation import A_SECOND
from benchmarks.reliability.scale.sites import serve


def main() -> int:
    """The figures; 1 when one of them is not as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--scrapers", type=int, nargs="+", default=[0, 1, 2, 4])
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--rate", type=float, default=A_SECOND, help="sites that are visited a second")
    parser.add_argument("--frame", type=int, default=100, help="thousand bytes around the text of a page")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--logs", type=Path, help="a folder in which the logs of a run with kills are kept")
    parser.add_argument("--desk", type=int, default=0, metavar="SOURCES")
    parser.add_argument("--visits", type=int, default=2000)
    parser.add_argument("--serve", nargs=4, metavar=("HOSTS", "PORT", "FRESH", "FRAME"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        asyncio.run(serve(int(asked.serve[0]), int(asked.serve[1]), float(asked.serve[2]), int(asked.serve[3])))
        return 0
    if asked.desk:
        return desk.run(asked.desk, asked.visits)
    if asked.kills:
        return kills.run(asked.kills, asked.hosts, asked.seed, asked.logs)
    return costs.compare(asked.scrapers, asked.hosts, asked.seconds, asked.frame, asked.rate)


if __name__ == "__main__":
    raise SystemExit(main())
