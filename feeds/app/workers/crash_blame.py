"""Which page is to blame when its worker ends: one that did it twice, not one that happened to be read then.

A worker that exceeds its time or crashes was ended by its page. One that is killed or hangs may have been ended from
outside: by the kernel for lack of memory, by a person, by a machine that slept. Such an end counts against the page
only the second time, and if no worker with another page ended around it.
"""

from __future__ import annotations

import signal
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

LEAVE_ALONE = timedelta(days=1)
AROUND = 60.0  # seconds
REMEMBERED = 10_000  # barred pages at the same time
SUSPECTED = 1_000
# Signals of a crash or a limit; any other came from outside.
OWN = frozenset(
    -number for number in (signal.SIGPROF, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL)
)


class Blame:
    """The pages whose workers ended."""

    def __init__(
        self, bad: dict[str, float] | None = None, on_bad: Callable[[str, datetime], None] | None = None
    ) -> None:
        """`bad` are hashes of pages to be left alone until a time; `on_bad` is told of a new one."""
        self._bad = OrderedDict(sorted((bad or {}).items(), key=lambda row: row[1]))
        self._on_bad = on_bad
        self._suspects: OrderedDict[str, float] = OrderedDict()  # pages of which one reader ended, and when
        self._deaths: deque[tuple[float, str]] = deque(maxlen=200)  # the last ends that may have come from outside
        self._bound()

    @property
    def bars_any(self) -> bool:
        """Whether any page is barred: else none has to be named by its hash, which costs as much as sending it."""
        return bool(self._bad)

    @property
    def suspects_any(self) -> bool:
        """Whether any page is suspected."""
        return bool(self._suspects)

    def barred(self, digest: str, now: datetime) -> bool:
        """Whether a page is barred from being read for now."""
        return self._bad.get(digest, 0.0) > now.timestamp()

    def read(self, digest: str) -> None:
        """Note that a page was read without harm."""
        self._suspects.pop(digest, None)

    def ended_from_outside(self, digest: str, now: datetime) -> None:
        """Note that a reader may have been ended by somebody else while it had this page."""
        self._deaths.append((now.timestamp(), digest))

    def ended(self, digest: str, *, own: bool, now: datetime) -> bool:
        """Note that a reader ended over a page; whether the page is left alone from now on."""
        at = now.timestamp()
        first = self._suspects.pop(digest, None)
        if first is None or (not own and self._others(digest, first, at)):
            self._suspects[digest] = at
            while len(self._suspects) > SUSPECTED:
                self._suspects.popitem(last=False)
            return False
        until = now + LEAVE_ALONE
        self._bad[digest] = until.timestamp()
        self._bad.move_to_end(digest)
        self._bound()
        if self._on_bad is not None:
            self._on_bad(digest, until)
        return True

    def _others(self, digest: str, first: float, last: float) -> bool:
        return any(other != digest and first - AROUND <= at <= last + AROUND for at, other in self._deaths)

    def _bound(self) -> None:
        while len(self._bad) > REMEMBERED:
            self._bad.popitem(last=False)
