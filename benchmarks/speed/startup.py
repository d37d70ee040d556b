"""How soon the command is there: modules and processor time of calls that do little, beside `python -c pass`.

    python -m benchmarks.startup [--most SECONDS]

`status` is that of an installation as `init` makes it. With --most the run fails when a call takes longer.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
PROGRAM = "import sys; from feeds.__main__ import main; code = main()"
COUNT = f"{PROGRAM}; print(len(sys.modules), file=sys.stderr); sys.exit(code)"


def seconds(program: str, arguments: Sequence[str] = ()) -> float:
    """The least processor time of some calls of Python with a program: what else runs here disturbs it little."""
    best = float("inf")
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def modules(arguments: Sequence[str]) -> int:
    """How many modules a call has imported at its end."""
    done = subprocess.run(
        [sys.executable, "-c", COUNT, *arguments], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return int(done.stderr.split()[-1])


def main() -> None:
    """Print a line for each call."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=float, help="seconds that no call may exceed")
    most = parser.parse_args().most
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", PROGRAM, "init", folder], cwd=ROOT, capture_output=True, check=True)
        bare = seconds("pass")
        print(f"{'python -c pass':<20} {bare:6.3f} s")
        slow = []
        for name, arguments in {
            "copydesk --version": ["--version"],
            "copydesk --help": ["--help"],
            "copydesk status": ["--config", f"{folder}/config.toml", "status"],
        }.items():
            took = seconds(PROGRAM, arguments)
            print(f"{name:<20} {took:6.3f} s  {took / bare:5.1f} times as long  {modules(arguments):5} modules")
            if most is not None and took > most:
                slow.append(name)
    if slow:
        sys.exit(f"longer than {most} s: {', '.join(slow)}")


if __name__ == "__main__":
    main()
