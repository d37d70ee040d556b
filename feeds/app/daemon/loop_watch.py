"""Finds what blocks the daemon's event loop: a thread samples the stack while the loop does not turn."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

import structlog

log = structlog.get_logger()

LIMIT = 0.25  # seconds without a turn that are logged
BEAT = 0.05
_OURS = ("feeds", "scrapers")
_WAITING = ("selectors", "threading", "queue", "concurrent.futures.thread")
_REMEMBERED = 50  # places that are counted
_STILL = 0.1  # shares of a hold's processor time and of its expected samples, below which the whole program stood still


@dataclass(frozen=True, slots=True)
class Hold:
    """One span in which the loop did not turn."""

    seconds: float
    work: float  # seconds of processor time of the loop's thread; little: it waited, or the machine was busy
    where: str  # module, function and line sampled most often


class LoopWatch:
    """Watches one loop. `holds` counts them by place, `longest` is the longest so far."""

    def __init__(self, limit: float = LIMIT) -> None:
        self.holds: Counter[str] = Counter()
        self.longest: Hold | None = None
        self._limit = limit
        self._beat = 0.0
        self._work = 0.0
        self._thread: int | None = None
        self._seen: Counter[str] = Counter()  # samples since the last turn
        self._stop = threading.Event()

    @contextlib.contextmanager
    def watching(self) -> Iterator[LoopWatch]:
        """Watch the running loop until the end of the block."""
        loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._beat, self._work = time.monotonic(), time.thread_time()
        self._turn(loop)
        thread = threading.Thread(target=self._look, name="loop watch", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        now, work = time.monotonic(), time.thread_time()
        late = now - self._beat - BEAT
        if late > self._limit:
            hold = Hold(late, work - self._work, self._most_often())
            if hold.work < _STILL * late and self._seen.total() * BEAT < _STILL * late:
                # this thread did not run either: the process was stopped, or got no processor
                log.warning("the program stood still", ms=round(late * 1000))
            else:
                self._tell(hold)
        self._beat, self._work = now, work
        self._seen.clear()
        if not self._stop.is_set():
            loop.call_later(BEAT, self._turn, loop)

    def _tell(self, hold: Hold) -> None:
        if hold.where in self.holds or len(self.holds) < _REMEMBERED:
            self.holds[hold.where] += 1
        if self.longest is None or hold.seconds > self.longest.seconds:
            self.longest = hold
        log.warning("the loop was held", why=hold.where, ms=round(hold.seconds * 1000), work_ms=round(hold.work * 1000))

    def _most_often(self) -> str:
        found = self._seen.most_common(1)
        return found[0][0] if found else "nobody knows"

    def _look(self) -> None:
        while not self._stop.wait(BEAT):
            if time.monotonic() - self._beat - BEAT > self._limit / 2:
                self._seen[self._place()] += 1

    def _place(self) -> str:
        """The place of the loop's thread; if that only waits for the interpreter, of a thread that runs."""
        frames = sys._current_frames()
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        mine = frames.get(self._thread or 0)
        if mine is not None and not _waits(mine):
            return place_of(mine)
        own = threading.get_ident()
        for number, frame in frames.items():
            if number not in (own, self._thread) and not _waits(frame):
                return f"{place_of(frame)} in thread {names.get(number, '?')}"
        return "nothing of this process"


def _waits(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")) in _WAITING


def place_of(frame: FrameType) -> str:
    """Module, function and line of the innermost frame of ours, and what that called."""
    inner: FrameType | None = frame
    while inner is not None:
        module = str(inner.f_globals.get("__name__", ""))
        if module.partition(".")[0] in _OURS:
            ours = f"{module}.{inner.f_code.co_qualname}:{inner.f_lineno}"
            if inner is frame:
                return ours
            return f"{ours} ({frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name})"
        inner = inner.f_back
    return f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_qualname}:{frame.f_lineno}"
