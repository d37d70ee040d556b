"""Memory settings of a process that runs for years (glibc)."""

from __future__ import annotations

import ctypes
import gc

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
SELDOM = 50_000  # new objects before a garbage collection; Python's default is 700


def one_arena() -> None:
    """Make all threads share one heap. By default glibc gives each its own, and none of them ever shrinks.

    To be called before there are threads. Nothing happens where the C library is another.
    """
    mallopt = _function("mallopt")
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)


def collect_seldom() -> None:
    """Collect garbage seldom: filing a text makes thousands of objects and no cycles.

    Filing is a tenth to a seventh faster by it (`python -m benchmarks.dedup --scale`). What has been loaded so far
    stays, and is not looked at again.
    """
    gc.freeze()
    gc.set_threshold(SELDOM, *gc.get_threshold()[1:])


def give_back() -> None:
    """Give free pages of the heap back to the system; takes a few milliseconds."""
    trim = _function("malloc_trim")
    if trim is not None:
        trim(0)


def _function(name: str) -> ctypes._NamedFuncPointer | None:
    try:
        found: ctypes._NamedFuncPointer = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
    return found
