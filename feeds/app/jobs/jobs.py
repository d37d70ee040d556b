"""The jobs of an installation: visit a source, revisit young articles, fetch older stories, fetch one page.

Each reads its input from the store; the queue has the visit made and its Run kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from scrapers import File, Given, Past, Progress, Record, Run, Seed, VisitLimits

from ... import pipe
from ..installation import Installation
from ..store_thread import StoreThread
from .queue.visit_queue import VisitQueue
from .run_keeper import RunKeeper
from .visits import Kind, Visitor, VisitRequest


class Jobs:
    """The jobs that the daemon and the commands start."""

    def __init__(
        self,
        installation: Installation,
        thread: StoreThread,
        visitor: Visitor,
        keeper: RunKeeper,
        queue: VisitQueue,
        clock: Callable[[], datetime],
    ) -> None:
        self.keeper = keeper
        self.progress: Progress | None = None  # progress, where a person waits
        self._installation = installation
        self._thread = thread
        self._visitor = visitor
        self._queue = queue
        self._clock = clock

    async def visit(self, name: str, *, kind: Kind = "visit", limits: VisitLimits | None = None) -> pipe.Kept:
        """Visit a source now, keep what it gave, and say what that changed."""
        seed = await self._installation.at_current_home(self._installation.seeds[name])
        files: tuple[File, ...] = ()
        if self._queue.elsewhere:  # each scraper knows of the files alone that it asked for itself
            files = await self._thread.call(self._thread.store.visits.files, name, self._clock())
        return await self._make_and_keep(VisitRequest(seed, kind, await self._past(name), limits, files=files))

    async def revisit(self, name: str, records: Sequence[Record]) -> pipe.Kept:
        """Look at young articles of one source again."""
        seed = self._installation.seeds.get(name) or Seed(name=name, home=records[0].url)
        return await self._make_and_keep(VisitRequest(seed, "revisit", records=tuple(records)))

    async def backfill(self, name: str, *, since: datetime, limit: int) -> pipe.Kept:
        """Fetch older stories of a source; they go into the archives, not to the top."""
        seed = self._installation.seeds[name]
        return await self._make_and_keep(
            VisitRequest(seed, "backfill", await self._past(name), since=since, limit=limit)
        )

    async def fetch_url(self, url: str, *, keep: bool) -> tuple[Record, pipe.Kept | None]:
        """One article by its address; kept under its site's source, or under `kept`. Raises CopydeskError."""
        seed = self._installation.source_of(url)
        run = await self._visitor.page(url, seed)
        record = run.records[0]
        if not keep:
            return record, None
        if seed.name == "kept":
            thread, base_url = self._thread, self._installation.config.base_url
            await thread.call(thread.store.sources.add_kept, "kept", base_url, "Kept pages", run.started)
        return record, await self.keeper.keep(run, VisitRequest(seed, "fetch"))

    async def preview(self, url: str, seed: Seed) -> Record:
        """One article as it would be read with a seed; nothing is kept. Raises CopydeskError."""
        return (await self._visitor.page(url, seed)).records[0]

    async def import_given(self, seed: Seed, given: Sequence[Given]) -> tuple[Run, pipe.Kept]:
        """Imported articles, read and kept as older ones of a source. Nothing is fetched."""
        thread = self._thread
        if seed.name == "kept":
            base_url = self._installation.config.base_url
            await thread.call(thread.store.sources.add_kept, "kept", base_url, "Kept pages", self._clock())
        request = VisitRequest(seed, "backfill", await self._past(seed.name))
        run = await self._visitor.given(request, given)
        return run, await self.keeper.keep(run, request)

    async def _past(self, name: str) -> Past:
        return await self._thread.call(self._thread.store.visits.past, name, self._clock())

    async def _make_and_keep(self, request: VisitRequest) -> pipe.Kept:
        return await self._queue.visit(request, self.progress)
