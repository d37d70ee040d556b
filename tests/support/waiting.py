"""How tests wait for what happens elsewhere: generously, and no longer than it can still happen.

A bound costs nothing while all is well, and a busy machine may stand still for many seconds. So what is merely a bound
is `PATIENCE`; a shorter one is for what a test is about.
"""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from tests.support.preloaded import Process

PATIENCE = 240.0  # seconds for what happens at once on a quiet machine
_T = TypeVar("_T")
_LOOKS = 0.05  # seconds between two looks at first
_RARELY = 0.5  # … at most: who waits for minutes looks less often, so that the looks leave the others the processors


def _pause(waited: float) -> float:
    """Seconds to the next look, a twentieth of what was waited."""
    return min(_RARELY, max(_LOOKS, waited / 20))


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something holds. Raises TimeoutError that says what did not."""
    begun = time.monotonic()
    while not condition():
        if (waited := time.monotonic() - begun) > seconds:
            raise TimeoutError(f"after {seconds:.0f} s still not: {what}")
        time.sleep(_pause(waited))  # between two looks: what is waited for is mostly in another process


async def until_in_loop(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """The same within a loop, which goes on meanwhile."""
    begun = time.monotonic()
    while not condition():
        if (waited := time.monotonic() - begun) > seconds:
            raise TimeoutError(f"after {seconds:.0f} s still not: {what}")
        await asyncio.sleep(_pause(waited) / 10)


def done(work: Callable[[], Awaitable[_T]]) -> _T:
    """What it gives, in a loop of its own. Raises TimeoutError where it takes for ever."""

    async def go() -> _T:
        async with asyncio.timeout(PATIENCE):
            return await work()

    return asyncio.run(go())


def until_of(
    process: Process,
    condition: Callable[[], object],
    what: str,
    log: Path | None = None,
    seconds: float = PATIENCE,
) -> None:
    """Wait until something holds that a program has to do. Raises Ended at once when the program has ended instead.

    `log` is what it wrote; its end is told.
    """

    def holds() -> object:
        over = process.poll() is not None  # before the look: what it did at last counts
        found = condition()
        if over and not found:
            raise Ended(process, what, log)
        return found

    try:
        until(holds, what, seconds)
    except TimeoutError as error:
        raise TimeoutError(f"{error}\n{end_of(log)}") from None


class Ended(RuntimeError):
    """A program ended before it did what was waited for."""

    def __init__(self, process: Process, what: str, log: Path | None) -> None:
        super().__init__(f"the program ended with {process.returncode} before: {what}\n{end_of(log)}")


def end_of(log: Path | None, lines: int = 25) -> str:
    """The last lines of what a program wrote."""
    if log is None or not log.exists():
        return ""
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-lines:])


def finished(process: Process, log: Path | None = None) -> int:
    """The exit code of a program that was told to end. One that does not is killed, and the end of its log told."""
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(PATIENCE)
        raise TimeoutError(f"the program does not end\n{end_of(log)}") from None
