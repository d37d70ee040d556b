"""How many bytes a structure holds, by Python's own account."""

from __future__ import annotations

import gc
import tracemalloc
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
