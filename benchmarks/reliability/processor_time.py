"""Processor time of other processes, as /proc tells it (proc(5))."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def _stats() -> Iterator[tuple[int, list[str]]]:
    """The number of each process that is there, and what /proc tells of it from its state on (proc(5), `stat`)."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            yield int(stat.parent.name), stat.read_text().rpartition(")")[2].split()


def processor(processes: Sequence[int]) -> float:
    """Seconds of processor time of these processes and all that they started, with those that have ended."""
    stats = dict(_stats())
    parents = {number: int(told[1]) for number, told in stats.items()}
    ours = {number for number in processes if number in stats}
    while more := {number for number, parent in parents.items() if parent in ours} - ours:
        ours |= more  # readers of pages have sessions of their own
    return sum(sum(map(int, stats[number][11:15])) for number in ours) / TICK


def processor_of_server(pid: int) -> float:
    """Seconds of processor time of PostgreSQL: its first process, with children that ended, and those that live."""
    ours = 0
    for number, told in _stats():
        if number == pid:
            ours += sum(map(int, told[11:15]))
        elif int(told[1]) == pid:
            ours += sum(map(int, told[11:13]))
    return ours / TICK
