"""The memory of a process that runs for years: what is free again is given back to the system (glibc)."""

from __future__ import annotations

import ctypes

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def one_arena() -> None:
    """All threads share one heap. By itself glibc gives each its own, and none of them ever shrinks.

    To be called before there are threads. Nothing happens where the C library is another.
    """
    mallopt = _function("mallopt")
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)


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
