"""The jobs of an installation: visit a source, revisit young articles, fetch older stories, fetch one page.

Each reads its input from the store; the queue has the visit made and its Run kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from scrapers import File, Given, Past, Progress, Record, Run, Seed, VisitLimits

from ... import pipe
from ..installation import Installation
from ..store_thread import StoreThread
from .queue.visit_queue import VisitQueue
from .run_keeper import RunKeeper
from .visits import Kind, Visitor, VisitRequest


@dataclass(eq=False)
class Jobs:
    """The jobs that the daemon and the commands start."""

    installation: Installation
    thread: StoreThread
    visitor: Visitor
    keeper: RunKeeper
    queue: VisitQueue
    clock: Callable[[], datetime]
    progress: Progress | None = field(default=None, init=False)  # progress, where a person waits

    async def visit(self, name: str, *, kind: Kind = "visit", limits: VisitLimits | None = None) -> pipe.Kept:
        """Visit a source now, keep what it gave, and say what that changed."""
        seed = await self.installation.at_current_home(self.installation.seeds[name])
        files: tuple[File, ...] = ()
        if self.queue.elsewhere:  # each scraper knows of the files alone that it asked for itself
            files = await self.thread.call(self.thread.store.visits.files, name, self.clock())
        return await self._make_and_keep(VisitRequest(seed, kind, await self._past(name), limits, files=files))

    async def revisit(self, name: str, records: Sequence[Record]) -> pipe.Kept:
        """Look at young articles of one source again."""
        seed = self.installation.seeds.get(name) or Seed(name=name, home=records[0].url)
        return await self._make_and_keep(VisitRequest(seed, "revisit", records=tuple(records)))

    async def backfill(self, name: str, *, since: datetime, limit: int) -> pipe.Kept:
        """Fetch older stories of a source; they go into the archives, not to the top."""
        seed = self.installation.seeds[name]
        return await self._make_and_keep(
            VisitRequest(seed, "backfill", await self._past(name), since=since, limit=limit)
        )

    async def fetch_url(self, url: str, *, keep: bool) -> tuple[Record, pipe.Kept | None]:
        """One article by its address; kept under its site's source, or under `kept`. Raises CopydeskError."""
        seed = self.installation.source_of(url)
        run = await self.visitor.page(url, seed)
        record = run.records[0]
        if not keep:
            return record, None
        if seed.name == "kept":
            thread, base_url = self.thread, self.installation.config.base_url
            await thread.call(thread.store.sources.add_kept, "kept", base_url, "Kept pages", run.started)
        return record, await self.keeper.keep(run, VisitRequest(seed, "fetch"))

    async def preview(self, url: str, seed: Seed) -> Record:
        """One article as it would be read with a seed; nothing is kept. Raises CopydeskError."""
        return (await self.visitor.page(url, seed)).records[0]

    async def import_given(self, seed: Seed, given: Sequence[Given]) -> tuple[Run, pipe.Kept]:
        """Imported articles, read and kept as older ones of a source. Nothing is fetched."""
        thread = self.thread
        if seed.name == "kept":
            base_url = self.installation.config.base_url
            await thread.call(thread.store.sources.add_kept, "kept", base_url, "Kept pages", self.clock())
        request = VisitRequest(seed, "backfill", await self._past(seed.name))
        run = await self.visitor.given(request, given)
        return run, await self.keeper.keep(run, request)

    async def _past(self, name: str) -> Past:
        return await self.thread.call(self.thread.store.visits.past, name, self.clock())

    async def _make_and_keep(self, request: VisitRequest) -> pipe.Kept:
        return await self.queue.visit(request, self.progress)
