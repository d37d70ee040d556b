"""What happened since the start: visits and failures counted for /metrics, and bugs with their tracebacks."""

from __future__ import annotations

from collections import Counter, OrderedDict

import structlog

from scrapers import Run

from ... import pipe
from ..workers.pool import WorkerBug

log = structlog.get_logger()
PLACES = 500  # of bugs that are remembered


class Statistics:
    """`counts` has ("visit", state) and ("failure", class)."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self._places: OrderedDict[str, None] = OrderedDict()  # places of bugs, the oldest first

    def kept(self, run: Run, kept: pipe.Kept) -> None:
        """Count a visit and its failures."""
        self.counts.update([("visit", kept.state), *(("failure", failure.kind) for failure in run.failures)])

    def bug(self, error: BaseException, name: str) -> None:
        """Count and log an unexpected exception; its traceback is logged once for each place."""
        self.counts["failure", "bug"] += 1
        place = str(error)[-400:] if isinstance(error, WorkerBug) else repr(error)[:400]
        if place in self._places:
            log.error("bug, met before", source=name, error=repr(error)[:200])
        else:
            self._places[place] = None
            while len(self._places) > PLACES:  # an exception may quote a page, so they are bounded
                self._places.popitem(last=False)
            log.error("bug", source=name, exc_info=error)
