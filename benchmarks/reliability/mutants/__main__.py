"""A mutation test: bugs at random, by syntax tree, each of which has to turn a test red.

    python -m benchmarks.mutants                      150 of them, two at a time
    python -m benchmarks.mutants --count 60 --seed 2  others
    python -m benchmarks.mutants --only feeds/store   of these paths alone
    python -m benchmarks.mutants --each 8             as many of every package
    python -m benchmarks.mutants --seconds 15         the quickest tests alone: so much processor time for one
    python -m benchmarks.mutants --list               which

Each is put into a copy of the tree and tried against the tests of its module that execute it, then those of its
package; the working tree is not touched. Which test executes what is found once and kept in `var/mutants`. Bugs that
change nothing are listed with a reason in `equivalent.py`. Ends with 1 when fewer than 85 % of the others are noticed,
or fewer than 75 % in a package.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

from benchmarks.accuracy.corpus import ROOT

from .equivalent import EQUIVALENT
from .index import Index, noting
from .make import PACKAGES, Mutant, sample
from .trial import BUDGET, Outcome, Trier, copied, tests_for

WHOLE, EACH = 0.85, 0.75  # shares that have to be noticed


def main() -> int:
    """The table; 1 when too few are noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--each", type=int, help="so many of every package, however long it is")
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--only", nargs="+", metavar="PATH", help="beginnings of paths")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many of the first")
    parser.add_argument("--most", type=int, help="end after so many")
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=BUDGET, help="processor time for the tests of one, at most")
    parser.add_argument("--list", action="store_true")
    asked = parser.parse_args()
    only = tuple(asked.only or ("",))
    chosen = [one for one in sample(ROOT, asked.count, asked.seed, asked.each, only) if one.path.startswith(only)][
        asked.skip : asked.skip + asked.most if asked.most else None
    ]
    if asked.list:
        for mutant in chosen:
            print(f"{mutant.kind:18} {mutant.path}:{mutant.line} {mutant.name.partition(' ')[2]}")
        return 0
    tried = [one for one in chosen if one.name not in EQUIVALENT]
    files = sorted({file for one in tried for file in itertools.chain(*tests_for(ROOT, one.path))})
    index = indexed(files)
    return told(run(tried, index, files, asked.at_once, asked.seconds), chosen)


def indexed(files: Sequence[str]) -> Index:
    """The index of these files of tests; those that are new or changed are run for it."""
    index = Index(ROOT / "var/mutants/index.json")
    if missing := index.missing(ROOT, files):
        print(f"{len(missing)} files of tests are run for the index of what they execute", flush=True)
        with tempfile.TemporaryDirectory(prefix="mutants-index-") as place:
            copied(Path(place))
            noting(Path(place), PACKAGES)
            index.make(Path(place), missing)
    return index


def run(
    mutants: Iterable[Mutant], index: Index, files: Sequence[str], at_once: int, seconds: float = BUDGET
) -> list[Outcome]:
    """Try them all, some at a time, each group in a copy of its own."""
    triers: SimpleQueue[Trier] = SimpleQueue()

    def one(mutant: Mutant) -> Outcome:
        trier = triers.get()
        try:
            outcome = trier.tried(mutant)
        finally:
            triers.put(trier)
        said = outcome.seen_by or "NOT NOTICED"
        print(f"{said[:90]:90} {mutant.kind:18} {mutant.name} :{mutant.line} ({outcome.seconds:.0f} s)", flush=True)
        return outcome

    with tempfile.TemporaryDirectory(prefix="mutants-") as place, ExitStack() as stack:
        for n in range(at_once):
            (Path(place) / str(n)).mkdir()
            trier = stack.enter_context(Trier(Path(place) / str(n), index, seconds))
            trier.serve(files)
            triers.put(trier)
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(one, mutants))


def told(outcomes: list[Outcome], chosen: list[Mutant]) -> int:
    """Print the table by package; 1 when too few are noticed."""
    by_package: dict[str, list[Outcome]] = defaultdict(list)
    unsure = [outcome for outcome in outcomes if outcome.unsure]
    outcomes = [outcome for outcome in outcomes if not outcome.unsure]
    for outcome in outcomes:
        by_package[outcome.mutant.package].append(outcome)
    equivalent = [one for one in chosen if one.name in EQUIVALENT]
    few = []
    print(f"\n{'package':24} {'noticed':>8} {'of':>4} {'equivalent':>11}")
    for package, found in sorted(by_package.items()):
        seen = sum(one.seen_by is not None for one in found)
        print(f"{package:24} {seen:8} {len(found):4} {sum(one.package == package for one in equivalent):11}")
        if seen < EACH * len(found):
            few.append(package)
    seen = sum(one.seen_by is not None for one in outcomes)
    print(f"{'all':24} {seen:8} {len(outcomes):4} {len(equivalent):11}  {seen / max(1, len(outcomes)):.0%}")
    if unsure:
        print(f"{len(unsure)} more whose tests did not end are in none of these numbers")
    if few:
        print(f"fewer than {EACH:.0%} in {', '.join(few)}")
    return 1 if few or seen < WHOLE * len(outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
