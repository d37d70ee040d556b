"""Sources visited with a turned clock: weeks of visits in seconds, every request counted.

What a daemon does hour by hour is done here step by step: the visits that are due, then the articles that are to be
looked at again. The web is a function of address and time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from feeds import pipe
from feeds.model import Topic
from feeds.rows import VisitKind
from feeds.store import Store
from feeds.topics import Engine
from scrapers import CopydeskError, Page, Past, Request, Run, Seed, canonical_key, revisit, scrape
from scrapers.crawl.scrape import directly
from scrapers.discover import discover
from scrapers.extract import extract

READ = directly(discover, extract)
ROUNDS = 20  # of looking again at one moment; more are a loop without end

Web = Callable[[str, datetime], Page | CopydeskError]
"""What an address answers at a time."""


class Endless(AssertionError):
    """Articles stay due although they were just looked at."""


@dataclass
class Turned:
    """A store, its sources, and a web with a clock that is turned by hand."""

    store: Store
    seeds: Mapping[str, Seed]
    web: Web
    topics: Sequence[Topic]
    now: datetime
    asked: Counter[str] = field(default_factory=Counter)  # requests by canonical key
    kept: list[pipe.Kept] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store.sources.sync(self.seeds.values(), self.now)
        self.store.topics.sync(self.topics, self.now)
        self._engine = Engine(self.topics)

    def visit(self, name: str) -> pipe.Kept:
        """One visit of a source."""
        seed, past = self.seeds[name], self.store.visits.past(name, self.now)
        run = asyncio.run(scrape(seed, past, self.fetch, READ, clock=lambda: self.now))
        return self.keep(run, seed, past, "visit")

    def look_again(self) -> None:
        """Every article that is due, until none is: what the daemon does every few seconds."""
        for _ in range(ROUNDS):
            due = self.store.records.rechecks_due(self.now)
            if not due:
                return
            for name in sorted({stored.record.source for stored in due}):
                known = [stored.record for stored in due if stored.record.source == name]
                run = asyncio.run(revisit(self.seeds[name], known, self.fetch, READ, clock=lambda: self.now))
                self.keep(run, self.seeds[name], Past(), "revisit")
        raise Endless(", ".join(stored.record.url for stored in self.store.records.rechecks_due(self.now)))

    def hours(self, count: int, each: Callable[[], None] = lambda: None, *, apart: int = 1) -> None:
        """So many hours: every source is visited in each of them, or every `apart` hours. `each` is called after it."""
        for _ in range(0, count, apart):
            for name in self.seeds:
                self.visit(name)
            self.look_again()
            each()
            self.now += timedelta(hours=apart)

    def do(self, work: Coroutine[Any, Any, pipe.Kept]) -> pipe.Kept:
        """Do something that fetches."""
        return asyncio.run(work)

    def keep(self, run: Run, seed: Seed, past: Past, kind: VisitKind) -> pipe.Kept:
        """Keep what a visit gave."""
        kept = pipe.keep(self.store, run, seed, past, self._engine, now=self.now, kind=kind)
        self.store.sketches.settle(self.now)
        self.kept.append(kept)
        return kept

    async def fetch(self, request: Request) -> Page:
        """The door to the web, which counts."""
        self.asked[canonical_key(request.url)] += 1
        answer = self.web(request.url, self.now)
        if isinstance(answer, CopydeskError):
            raise answer
        return answer
