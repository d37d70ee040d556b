"""When each source is visited: its due time, how many visits at once, and which ones are running.

APScheduler only wakes us: one DateTrigger job a source, set after each visit to the due time in the store.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from scrapers import Record, share_of

from ... import pipe
from ...store import STORE_ERRORS, StoreBusy, StoreUnusable
from ..application import Application
from ..jobs.visits import VISIT_SECONDS, Kind, StoodStill, VisitFailed

log = structlog.get_logger()
SPREAD_MISSED = 600.0  # seconds over which many missed visits are spread (RELIABILITY J2)
FEW = 20  # up to so many overdue sources are not spread
WATCHDOG = 900.0  # seconds within which a running visit must end
LATER = timedelta(minutes=5)  # when a visit is due again that could not be kept
SOON = timedelta(minutes=1)  # after the program stood still
REVISIT_PAUSE = 5.0
REVISIT_PAUSE_FULL = 15.0
REVISIT_LATER = timedelta(hours=1)  # after a fault of ours
REVISITS = 30  # young articles of a source in one revisit
REQUEST = "request "  # prefix of the names of tasks that answer a request


async def visit_and_repair(app: Application, name: str, kind: Kind = "visit") -> pipe.Kept:
    """Visit a source. When selectors of its seed gave nothing, look for others; with those it is due again at once."""
    begun = app.clock()
    kept = await app.jobs.visit(name, kind=kind)
    in_time = (app.clock() - begun).total_seconds() < VISIT_SECONDS / 2
    if in_time and await app.repairs.mend(name):
        return replace(kept, due=app.clock())
    return kept


class Scheduler:
    """Keeps the due times of all sources and visits them. `changed` is called when feeds are to be published."""

    def __init__(
        self,
        app: Application,
        stopping: asyncio.Event,
        changed: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        self._monotonic = monotonic
        self.wakeups = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self.running: dict[str, asyncio.Task[None]] = {}  # visits by the source's name, "revisit NAME", "request N"
        self.last_finished = monotonic()  # since when visits run without one finishing
        self._not_before: dict[str, float] = {}  # source → when its young articles may be looked at again
        self._stopping = stopping
        self._changed = changed

    def start(self) -> None:
        """From now on, begin visits when they are due."""
        self.wakeups.add_listener(_scheduler_trouble, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        self.wakeups.start()

    def stop(self) -> list[asyncio.Task[None]]:
        """Begin no more visits; the tasks that still run."""
        self.wakeups.shutdown(wait=False)
        return list(self.running.values())

    async def schedule_all(self) -> None:
        """Make a job for every source with a due time. Many overdue visits are spread over some minutes."""
        dues = await self.app.thread.call(self.app.thread.store.sources.dues)
        now = self.app.clock()
        names = [name for name in self.app.installation.seeds if name in dues]
        late = [name for name in names if dues[name] <= now]
        wanted = set(names)
        for job in self.wakeups.get_jobs():
            if job.id.removeprefix("visit:") not in wanted:
                job.remove()
        for name in names:
            due = dues[name]
            if due <= now and len(late) > FEW:
                due = now + timedelta(seconds=SPREAD_MISSED * share_of(name))
            self._schedule(name, due)

    def begin(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start a task that is listed in `running` and ends with the daemon."""
        task = asyncio.create_task(work, name=f"visit:{name}")
        if not self._under_way():
            self.last_finished = self._monotonic()
        self.running[name] = task
        task.add_done_callback(lambda _: self._ended(name))
        return task

    async def visit(self, name: str, kind: Kind = "visit") -> None:
        """Make one visit in a slot. Whatever happens, the source gets a new due time."""
        due: datetime | None = None
        try:
            if self.app.paused is not None:  # its result could not be stored
                self._schedule(name, self.app.clock() + LATER)
                return
            async with self.app.queue.place(kind):
                kept = await visit_and_repair(self.app, name, kind)
            due = kept.due
            if kept.changed:
                self._changed()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 one source's bug must not stop the others; it is logged and shown
            due = await self._after_bug(name, error)
        if not self._stopping.is_set() and due is not None and name in self.app.installation.seeds:
            self._schedule(name, due)

    async def visit_now(self, name: str) -> None:
        """Make a visit now, or wait for the one that runs."""
        task = self.running.get(name)
        if task is None:
            task = self.begin(name, self.visit(name, "fetch"))
        else:
            await self.app.queue.hurry(name)
        await asyncio.wait([task])

    def kept_elsewhere(self, name: str, kept: pipe.Kept) -> None:
        """A Run was kept whose visit an earlier daemon had asked for."""
        if kept.changed:
            self._changed()
        if name in self.app.installation.seeds and name not in self.running and not self._stopping.is_set():
            self._schedule(name, kept.due)

    async def revisit_young(self, pause: Callable[[float], Awaitable[None]]) -> None:
        """Revisit young articles at their own due times, until the daemon stops."""
        while not self._stopping.is_set():
            if self.app.paused is not None:
                await pause(REVISIT_PAUSE_FULL)
                continue
            due = await self.app.thread.call(self.app.thread.store.records.rechecks_due, self.app.clock())
            by_source: dict[str, list[Record]] = defaultdict(list)
            for stored in due:
                by_source[stored.record.source].append(stored.record)
            for name, records in by_source.items():
                # under a name of its own, so that a due visit of the source is not held up
                rests = self._not_before.get(name, 0.0) > self._monotonic()
                if f"revisit {name}" not in self.running and not rests:
                    self.begin(f"revisit {name}", self._revisit(name, records[:REVISITS]))
            await pause(REVISIT_PAUSE)

    def stood_still(self, seconds: float) -> None:
        """Note that the whole program did not run for a while: no visit could finish."""
        self.last_finished += seconds

    def stuck(self) -> str | None:
        """Why the daemon seems to hang; None when it does not."""
        if self.app.queue.elsewhere:
            return None  # visits wait for scrapers, on which the queue reports
        if self._under_way() and self._monotonic() - self.last_finished > WATCHDOG:
            return f"no visit finished for {WATCHDOG:.0f} s while {self._under_way()} run"
        return None

    def _schedule(self, name: str, due: datetime) -> None:
        self.wakeups.add_job(
            self._due, DateTrigger(run_date=due), args=[name], id=f"visit:{name}", replace_existing=True
        )

    async def _due(self, name: str) -> None:
        """Begin the visit of a due source. A coroutine, since APScheduler calls anything else in a thread."""
        # one that is under way, for a command, sets the next time when it ends
        if not self._stopping.is_set() and name in self.app.installation.seeds and name not in self.running:
            self.begin(name, self.visit(name))

    def _under_way(self) -> int:
        """The number of running visits. Requests of commands are not counted: they have no deadline."""
        return sum(not name.startswith(REQUEST) for name in self.running)

    def _ended(self, name: str) -> None:
        self.running.pop(name, None)
        if not name.startswith(REQUEST):
            self.last_finished = self._monotonic()

    async def _after_bug(self, name: str, error: Exception) -> datetime:
        """When a source is due again after an exception. A store that refuses is no bug of the source."""
        if isinstance(error, StoodStill):
            log.warning("a visit is made again", source=name, why=error.reason)
            return self.app.clock() + SOON
        if isinstance(error, VisitFailed):
            log.warning("a visit is made again later", source=name, why=error.reason)
            return self.app.clock() + LATER
        if isinstance(error, StoreUnusable):
            log.error("what a visit gave could not be kept", source=name, why=error.reason)
        elif not isinstance(error, StoreBusy):
            self.app.statistics.bug(error, name)
            try:
                return await self.app.thread.call(
                    pipe.bug, self.app.thread.store, name, repr(error)[:200], self.app.clock()
                )
            except STORE_ERRORS:
                pass  # the source stays due
            except Exception as another:  # noqa: BLE001 whatever it is, the source stays due
                self.app.statistics.bug(another, name)
        return self.app.clock() + LATER

    async def _revisit(self, name: str, records: list[Record]) -> None:
        try:
            async with self.app.queue.place("revisit"):
                kept = await self.app.jobs.revisit(name, records)
            if kept.changed:
                self._changed()
        except asyncio.CancelledError:
            raise
        except (StoreBusy, StoodStill, VisitFailed):
            return  # they stay due
        except Exception as error:  # noqa: BLE001 as in visit
            if isinstance(error, StoreUnusable):
                log.error("a second look could not be kept", source=name, why=error.reason)
            else:
                self.app.statistics.bug(error, name)
            later = self.app.clock() + REVISIT_LATER
            ids = [record.id for record in records]
            try:
                await self.app.thread.call(pipe.postpone, self.app.thread.store, ids, later)
            except STORE_ERRORS:  # else they would be asked for at every round
                self._not_before[name] = self._monotonic() + REVISIT_LATER.total_seconds()


def _scheduler_trouble(event: JobExecutionEvent) -> None:
    log.error("scheduler", kind=type(event).__name__, job=event.job_id, error=repr(getattr(event, "exception", None)))
