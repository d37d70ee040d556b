"""`run --once`: one round over all that is due, for installations that are started by a timer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from ... import pipe
from ...store import STORE_ERRORS
from ..application import Application
from ..jobs.visits import StoodStill, VisitFailed
from .maintenance import Maintenance
from .scheduler import visit_and_repair


@dataclass(slots=True)
class Round:
    """What a round did."""

    visited: int = 0
    fresh: int = 0  # new records
    revised: int = 0
    failed: dict[str, str] = field(default_factory=dict)  # source → why
    refused: str | None = None  # why nothing was visited at all
    unpublished: bool = False

    @property
    def exit_code(self) -> int:
        """0, or 6 when a source failed, nothing could be visited, or a feed could not be written."""
        return 6 if self.failed or self.refused or self.unpublished else 0

    def in_words(self) -> list[str]:
        """A line with the result, and one for each source that failed."""
        unpublished = ["feeds could not be written; the old ones stay"] if self.unpublished else []
        if self.refused:
            return [f"nothing was visited: {self.refused}", *unpublished]
        sources = "1 source" if self.visited == 1 else f"{self.visited} sources"
        stories = "1 new story" if self.fresh == 1 else f"{self.fresh} new stories"
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return [
            f"{sources} visited, {stories}, {self.revised} revised{failed}",
            *(f"{name}: {why}" for name, why in sorted(self.failed.items())),
            *unpublished,
        ]


async def due_now(app: Application) -> list[str]:
    """The sources that a round visits: those whose time has come, and all that were never visited."""
    now = app.clock()
    dues = await app.thread.call(app.thread.store.sources.dues)
    never = await app.thread.call(app.thread.store.sources.never_visited)
    return [name for name, due in dues.items() if (due <= now or name in never) and name in app.installation.seeds]


async def once(app: Application, on_done: Callable[[str], Awaitable[None]] | None = None) -> Round:
    """Visit all that is due, publish, and give the result. Nothing is visited on a full disk."""
    done = Round(refused=app.disk_space.check())

    async def one(name: str) -> None:
        kept: pipe.Kept | None = None
        why = "it was not visited"
        try:
            async with app.queue.place("visit"):
                kept = await visit_and_repair(app, name)
        except (
            *STORE_ERRORS,
            StoodStill,
            VisitFailed,
        ) as error:  # the others are visited, and what is there already is published
            why = error.reason
        except Exception as error:  # noqa: BLE001 one source's bug must not stop the others; it is logged and counted
            why = "a bug in copydesk; the log has it"
            app.statistics.bug(error, name)
            with contextlib.suppress(*STORE_ERRORS):
                await app.thread.call(pipe.bug, app.thread.store, name, repr(error)[:200], app.clock())
        done.visited += 1
        if kept is None:
            done.failed[name] = why
        else:
            done.fresh += len(kept.fresh)
            done.revised += len(kept.revised)
            if kept.state in ("failing", "gone", "degraded"):
                done.failed[name] = kept.cause or kept.state
        if on_done is not None:
            await on_done(name)

    if done.refused is None:
        try:
            due = await due_now(app)
        except STORE_ERRORS as error:
            due, done.refused = [], error.reason
        await asyncio.gather(*(one(name) for name in due))
    await app.publisher.publish()
    done.unpublished = app.publisher.unpublished
    await Maintenance(app, _nobody).once()
    return done


async def _nobody(_: list[str]) -> None:
    """No web server runs in this round, so changed files interest nobody."""
