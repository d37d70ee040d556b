"""Keeps the result of a visit: its Run in the store, its failed pages beside it, one line in the log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog

from scrapers import FilesAsked, Paces, Record, Run

from ... import pipe
from ..installation import Installation
from ..store_thread import StoreThread
from . import failed_pages
from .statistics import Statistics
from .visits import VisitRequest

log = structlog.get_logger()


@dataclass(eq=False)
class RunKeeper:
    """Keeps Runs. `on_kept` is called with the source's name and the outcome, for whoever watches."""

    installation: Installation
    thread: StoreThread
    paces: Paces
    files: FilesAsked
    statistics: Statistics
    clock: Callable[[], datetime]
    on_kept: Callable[[str, pipe.Kept], None] | None = field(default=None, init=False)
    on_part: Callable[[], None] | None = field(default=None, init=False)  # called when a part of a first visit was kept

    async def keep_part(self, records: Sequence[Record], request: VisitRequest, part: pipe.Part) -> None:
        """File the first records of a visit that goes on, so that they are published meanwhile."""
        thread, config = self.thread, self.installation.config
        work = partial(
            pipe.keep_part,
            thread.store,
            request.seed.name,
            records,
            self.installation.engine,
            part,
            now=self.clock(),
            preferred=config.preferred,
        )
        await thread.call(work)
        if self.on_part is not None:
            self.on_part()

    async def keep(
        self,
        run: Run,
        request: VisitRequest,
        part: pipe.Part | None = None,
        *,
        visit: str | None = None,
        forget: Sequence[str] = (),
    ) -> pipe.Kept:
        """File a Run in the store; what that changed, with the `part` of it that was filed while it was made.

        `visit` is the id of a visit made elsewhere, which is kept only once; ids in `forget` will not come again.
        """
        with structlog.contextvars.bound_contextvars(source=run.source):
            kept = await self._file(run, request, part, visit, forget)
        if run.samples:
            await self._keep_samples(run)
        self.statistics.kept(run, kept)
        log.info(
            request.kind,
            source=run.source,
            state=kept.state,
            links=run.links,
            new=len(kept.fresh),
            revised=len(kept.revised),
            copies=kept.copies,
            failed=len(run.failures),
            seconds=round((run.finished - run.started).total_seconds(), 2),
            **({"why": kept.cause} if kept.cause else {}),
        )
        if self.on_kept is not None:
            self.on_kept(run.source, kept)
        return kept

    async def _file(
        self, run: Run, request: VisitRequest, part: pipe.Part | None, visit: str | None, forget: Sequence[str]
    ) -> pipe.Kept:
        thread, store = self.thread, self.thread.store
        work = partial(
            pipe.keep,
            store,
            run,
            request.seed,
            request.past,
            self.installation.engine,
            now=self.clock(),
            kind=request.kind,
            preferred=self.installation.config.preferred,
            paces=self.paces.changed(),
            files=self.files.changed(),
            part=part,
            visit=visit,
            forget=forget,
        )
        kept = await thread.call(work)
        await thread.call(store.sketches.settle, self.clock())
        return kept

    async def _keep_samples(self, run: Run) -> None:
        """Keep failed pages for inspection. An error here is logged and does not fail the visit."""
        config = self.installation.config
        try:
            await asyncio.to_thread(failed_pages.keep, config, run.source, run.samples, self.clock())
        except OSError as error:
            log.warning("a failed page could not be kept", source=run.source, why=str(error))
