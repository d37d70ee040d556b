"""The memory of a process that runs for years: what is free again is given back to the system (glibc)."""

from __future__ import annotations

import ctypes
import gc

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
SELDOM = 10_000  # new objects from which on Python looks for cycles among them; by itself 700


def one_arena() -> None:
    """All threads share one heap. By itself glibc gives each its own, and none of them ever shrinks.

    To be called before there are threads. Nothing happens where the C library is another.
    """
    mallopt = _function("mallopt")
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)


def collect_seldom() -> None:
    """Python looks for cycles seldom: filing a text makes thousands of objects and no cycle, so most looks are in vain.

    Filing is a tenth to a seventh faster by it (`python -m benchmarks.dedup --scale`).
    """
    gc.set_threshold(SELDOM, *gc.get_threshold()[1:])


def give_back() -> None:
    """Free pages in the middle of the heap go back to the system; a few milliseconds."""
    trim = _function("malloc_trim")
    if trim is not None:
        trim(0)


def _function(name: str) -> ctypes._NamedFuncPointer | None:
    try:
        found: ctypes._NamedFuncPointer = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
    return found
