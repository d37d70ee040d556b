"""A bounded fuzz run over every reader of foreign bytes: no exception but the documented ones, no hang, promises kept.

    python -m benchmarks.fuzz --minutes 10                    all targets, the time shared among them
    python -m benchmarks.fuzz --only sanitiser --seed 7       one target, other cases than those of seed 1
    python -m benchmarks.fuzz --only robots --seed 7 --case 123    one case again, with its traceback

A case is decided by target, seed and number alone: a sample whose words were repeated, dropped, exchanged, replaced
by words of the grammar or garbled; every fourth case is one of the tests' own properties instead. A child process
tries them, and the kernel ends it when a case takes too long. Ends with 1 after a fault, whose input lies in a folder
that is named. `benchmarks.fuzz_extract` damages the pages of the shared corpus.
"""

from __future__ import annotations

import argparse
import ctypes
import multiprocessing
import multiprocessing.sharedctypes
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from benchmarks.reliability.fuzz.targets import TARGETS, properties
from benchmarks.reliability.fuzz_extract import DAMAGE, ODD_WORDS

from .children import child_of

SLOW = 2.0  # seconds of CPU time: a case that takes longer is a fault
HANG = 10.0  # and after so many the kernel ends the process
MEMORY = 3 << 30  # bytes of address space for a child
LARGEST = 200_000  # bytes of a case
FAULTS = 5  # of one place, and then it is enough
_WORD = re.compile(rb"[A-Za-z0-9_]+|\s+|[^A-Za-z0-9_\s]")


@dataclass(slots=True)
class Result:
    """What became of one target."""

    name: str
    cases: int = 0
    slowest: float = 0.0
    faults: dict[int, str] = field(default_factory=dict)  # number of the case → traceback
    more: int = 0  # faults of places that are known already


# --- the cases --------------------------------------------------------------------------------------------------------


def case(target: str, seed: int, number: int) -> tuple[bytes, Random, bool]:
    """The bytes of a case, the chance that its check goes on with, and whether it is one of the tests' properties."""
    by = Random(f"{target} {seed} {number}")
    if properties(target) and number % 4 == 3:
        return by.randbytes(by.choice((30, 300, 3000))), by, True
    samples = TARGETS[target].samples
    data = by.choice(samples)
    if by.random() < 0.03:
        data = DAMAGE[by.choice(sorted(DAMAGE))](data, by, by.choice(samples))
    else:
        data = _changed(data, by, target)
    return data[:LARGEST], by, False


def _changed(data: bytes, by: Random, target: str) -> bytes:
    """A few small changes to the words of a sample."""
    samples, grammar = TARGETS[target].samples, TARGETS[target].words
    words = _WORD.findall(data)
    for _ in range(by.choice((1, 1, 2, 3, 5, 10, 30))):
        at = by.randrange(len(words) + 1)
        length = by.choice((1, 1, 2, 5, 20))
        stretch = words[at : at + length]
        what = by.randrange(9)
        if what == 0:
            del words[at : at + length]
        elif what == 1:
            words[at:at] = stretch * by.choice((1, 2, 10, 100))
        elif what == 2:
            to = by.randrange(len(words) + 1)
            words[at : at + length] = []
            words[to:to] = stretch
        elif what == 3:
            other = _WORD.findall(by.choice(samples))
            start = by.randrange(len(other))
            words[at : at + length] = other[start : start + length]
        elif what in (4, 5) and grammar:
            words.insert(at, by.choice(grammar) * by.choice((1, 1, 1, 2, 50)))
        elif what == 6 and grammar:
            words[at : at + length] = [by.choice(grammar)]
        elif what == 7:
            words.insert(at, by.choice(ODD_WORDS))
        elif stretch:
            garbled = bytearray(stretch[0])
            garbled[by.randrange(len(garbled))] = by.randrange(256)
            words[at] = bytes(garbled)
        if len(words) > 20_000:
            break
    return b"".join(words)


def attempt(target: str, seed: int, number: int) -> float:
    """Tries a case; seconds of CPU time. Raises what is wrong."""
    data, by, drawn = case(target, seed, number)
    start = time.process_time()
    if drawn:
        by.choice(properties(target))(data)
    else:
        TARGETS[target].check(data, by)
    return time.process_time() - start


# --- the run ----------------------------------------------------------------------------------------------------------


@contextmanager
def _limited() -> Iterator[None]:
    """The kernel ends the process when what is inside takes too long, whatever C code it is in."""
    signal.setitimer(signal.ITIMER_PROF, HANG)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _place(error: BaseException) -> str:
    """Where an exception was raised, to tell faults apart."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} {frame.filename}:{frame.lineno}"


def _child(out: Connection, target: str, seed: int, start: int, until: float, now_at: ctypes.c_longlong) -> None:
    """Cases from `start` on; sends (number, traceback) for each fault and in the end (cases, slowest, more)."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    warnings.simplefilter("ignore")
    places: dict[str, int] = {}
    slowest, number = 0.0, start
    while time.monotonic() < until:
        now_at.value = number
        try:
            with _limited():
                spent = attempt(target, seed, number)
            if spent > SLOW:
                raise TimeoutError(f"slow: {spent:.1f} s of CPU time")
            slowest = max(slowest, spent)
        except BaseException as error:  # whatever it is, it is what we look for
            place = _place(error)
            places[place] = places.get(place, 0) + 1
            if places[place] <= FAULTS:
                out.send((number, "".join(traceback.format_exception(error))[-3000:]))
        number += 1
    out.send((number - start, slowest, sum(max(0, count - FAULTS) for count in places.values())))


def run(target: str, seed: int, seconds: float) -> Result:
    """Cases of a target for so long."""
    result = Result(target)
    until = time.monotonic() + seconds
    now_at = multiprocessing.sharedctypes.RawValue(ctypes.c_longlong, 0)
    start = 0
    properties(target)  # imported before the fork
    while time.monotonic() < until:
        with child_of(_child, target, seed, start, until, now_at) as (told, child):
            try:
                while len(message := told.recv()) == 2:
                    result.faults[message[0]] = message[1]
                result.cases += message[0]
                result.slowest = max(result.slowest, message[1])
                result.more += message[2]
                break
            except EOFError:
                child.join()
                result.faults[now_at.value] = f"the process ended with {child.exitcode} (a hang is -27)"
                result.cases += now_at.value + 1 - start
                start = now_at.value + 1
    return result


def main() -> int:
    """Run and print; 1 when there was a fault."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--minutes", type=float, default=10.0, help="for all targets together")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--only", nargs="+", choices=sorted(TARGETS), metavar="NAME", help=", ".join(TARGETS))
    ask.add_argument("--case", type=int, help="only this one, in this process")
    chosen = ask.parse_args()
    targets: list[str] = chosen.only or list(TARGETS)
    if chosen.case is not None:
        data, _, drawn = case(targets[0], chosen.seed, chosen.case)
        print("choices of a property" if drawn else "input", data)
        print(f"{attempt(targets[0], chosen.seed, chosen.case):.2f} s")
        return 0
    folder: Path | None = None
    faults = 0
    print(f"{'target':12} {'cases':>9} {'a second':>9} {'slowest':>8} {'faults':>7}")
    for name in targets:
        seconds = 60 * chosen.minutes / len(targets)
        found = run(name, chosen.seed, seconds)
        count = len(found.faults) + found.more
        faults += count
        print(f"{name:12} {found.cases:9,} {found.cases / seconds:9,.0f} {found.slowest:6.2f} s {count:7}", flush=True)
        for number, told in found.faults.items():
            folder = folder or Path(tempfile.mkdtemp(prefix="fuzz-"))
            (folder / f"{name}-{chosen.seed}-{number}").write_bytes(case(name, chosen.seed, number)[0])
            print(f"  {told.strip().splitlines()[-1][:300]}")
            print(f"  again: python -m benchmarks.fuzz --only {name} --seed {chosen.seed} --case {number}")
    if faults:
        print(f"{faults} faults; the inputs: {folder}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
