"""Processor time, measured so that noise of the machine fails no test.

Other programs cost processor time that is counted as ours: caches that they emptied, a processor that was lent out.
That only ever adds, and it comes in bursts. So the least of several measures counts, and the first that is small
enough ends them: a test costs one measure while all is well.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

TRIES = 10


def spent(work: Callable[[], object]) -> float:
    """Seconds of processor time of this thread."""
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def least(work: Callable[[], object], enough: float, *, tries: int = TRIES) -> float:
    """The least seconds that this work took. No more measures once one is below `enough`."""
    best = math.inf
    for _ in range(tries):
        best = min(best, spent(work))
        if best < enough:
            break
    return best


def grows_faster(
    few: Callable[[], object], many: Callable[[], object], times: float, *, enough: float, tries: int = TRIES
) -> str:
    """What was measured, where `many` takes more than so many times as long as `few`; else nothing.

    What takes less than `enough` seconds is not looked at more closely, and `few` counts as a quarter of that at least:
    so one measure of `many` is most often all it takes. `few` is measured twice: a burst in one of its measures does
    not excuse what is slow.
    """
    wrong = ""
    for _ in range(tries):
        long = spent(many)
        if long <= max(enough, times * enough / 4):
            return ""
        short = min(spent(few), spent(few))
        if long <= times * short:
            return ""
        wrong = f"{short * 1000:.1f} ms, and {long * 1000:.1f} ms for more"
    return wrong
