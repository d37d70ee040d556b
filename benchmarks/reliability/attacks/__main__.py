"""The attacks on the real daemon, one after the other: `python -m benchmarks.attacks [NAME…] [--size 1.0]`.

Each is arranged beside two healthy papers, runs for a bounded time, and is judged by four things: how long /health was
silent, how much the daemon grew, whether the healthy papers are complete, and what the attack itself must not reach.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from .arena import run
from .catalogue import ATTACKS

KINDS = sorted({attack.kind for attack in ATTACKS.values()})


def main() -> int:
    """Prints the table; 1 when something is not as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.attacks")
    parser.add_argument("names", nargs="*", help=f"only these, by name or kind ({', '.join(KINDS)})")
    parser.add_argument("--size", type=float, default=1.0, help="of the attacks, as a share of the whole")
    parser.add_argument("--log", action="store_true", help="print the daemon's log of what failed")
    told = parser.parse_args()
    if unknown := sorted(set(told.names) - set(ATTACKS) - set(KINDS)):
        parser.error(f"there is no attack {', '.join(unknown)}; known: {', '.join((*KINDS, *ATTACKS))}")
    chosen = [one for one in ATTACKS.values() if not told.names or one.name in told.names or one.kind in told.names]
    failed = 0
    print(f"{'attack':18} {'silence':>9} {'(on the clock)':>15} {'growth':>8} {'healthy':>8} {'time':>6}")
    for attack in chosen:
        with tempfile.TemporaryDirectory(prefix="attack-") as folder:
            found = run(Path(folder) / "desk", [attack], size=told.size)
            if found.complaints and told.log:
                print((Path(folder) / "desk/daemon.log").read_text("utf-8", "replace")[-6000:])
            shutil.rmtree(Path(folder) / "desk", ignore_errors=True)
        print(
            f"{found.name:18} {found.silence * 1000:6.0f} ms {found.raw_silence * 1000:12.0f} ms"
            f" {found.growth_mb:5.0f} MB {found.healthy[0]:3}/{found.healthy[1]:<3} {found.seconds:5.0f} s"
            f"  {'; '.join(found.complaints) or 'as it has to be'}",
            flush=True,
        )
        failed += bool(found.complaints)
    print(f"{len(chosen) - failed} of {len(chosen)} attacks did no harm")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
