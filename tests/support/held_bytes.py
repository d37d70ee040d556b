"""What a structure holds, by Python's own account, and what holds itself."""

from __future__ import annotations

import gc
import tracemalloc
from collections import Counter
from collections.abc import Callable


def held_bytes(fill: Callable[[], object]) -> int:
    """The bytes that are allocated by `fill` and still there after it, while what it returns is kept."""
    fill()  # what is loaded or made once is no part of it
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        kept = fill()
        gc.collect()
        held = tracemalloc.get_traced_memory()[0] - before
        del kept
        return held
    finally:
        tracemalloc.stop()


def rings(work: Callable[[], object]) -> dict[str, int]:
    """What some work leaves to the garbage collector, as it refers to itself: how many of each type of ours."""
    work()  # what is loaded or made once is no part of it
    gc.collect()
    gc.disable()
    try:
        work()
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        found = Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.garbage)
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    return {
        name: count for name, count in found.items() if name.startswith(("feeds.", "scrapers.", "jinja2.", "_asyncio."))
    }
