"""The visits of a daemon: when the time of each source has come, how many at once, and which run at the moment.

APScheduler only wakes us: one DateTrigger job a source, set again after each visit to the time that the store holds.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from scrapers import Record

from .. import pipe
from ..store import refusal
from .desk import VISIT_SECONDS, Desk

log = structlog.get_logger()
SPREAD_MISSED = 600.0  # seconds over which many missed visits are spread (RELIABILITY J2)
FEW = 20  # so many overdue sources need no spreading
WATCHDOG = 900.0  # seconds in which at least one of the running visits ends: each has its deadline
LATER = timedelta(minutes=5)  # a visit for which the store has no room
REVISIT_PAUSE = 5.0
REVISIT_PAUSE_FULL = 15.0
REVISITS = 30  # young articles of a source that are looked at again at one go


class Visits:
    """Keeps the due times of all sources and visits them. `changed` is called when feeds are to be published."""

    def __init__(self, desk: Desk, stopping: asyncio.Event, changed: Callable[[], None], steady: Callable[[], float]):
        self.desk = desk
        self.steady = steady
        self.scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self.slots = asyncio.Semaphore(desk.config.fetch.parallel)
        self.running: dict[str, asyncio.Task[None]] = {}  # visits by the source's name, "revisit NAME", "wish N"
        self.last_finished = steady()  # since then visits run and none has ended
        self._stopping = stopping
        self._changed = changed

    def start(self) -> None:
        """From now on visits begin when they are due."""
        self.scheduler.add_listener(_scheduler_trouble, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        self.scheduler.start()

    def stop(self) -> list[asyncio.Task[None]]:
        """No visit begins any more; those that still run."""
        self.scheduler.shutdown(wait=False)
        return list(self.running.values())

    async def schedule_all(self) -> None:
        """A job for every source that is due some day; what was missed is caught up once, spread when it is much."""
        dues = await self.desk.in_store(self.desk.store.dues)
        now = self.desk.clock()
        names = [name for name in self.desk.seeds if name in dues]
        late = [name for name in names if dues[name] <= now]
        wanted = set(names)
        for job in self.scheduler.get_jobs():
            if job.id.removeprefix("visit:") not in wanted:
                job.remove()
        for name in names:
            due = dues[name]
            if due <= now and len(late) > FEW:
                due = now + timedelta(seconds=SPREAD_MISSED * pipe.share(name))
            self._schedule(name, due)

    def begin(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A task that is seen while it runs, and ended with the daemon."""
        task = asyncio.create_task(work, name=f"visit:{name}")
        if not self._under_way():
            self.last_finished = self.steady()
        self.running[name] = task
        task.add_done_callback(lambda _: self._ended(name))
        return task

    async def visit(self, name: str, kind: str = "visit") -> None:
        """One visit within its slot; whatever happens, the source is due again."""
        due: datetime | None = None
        try:
            if self.desk.paused is not None:  # what it gave could not be kept
                self._schedule(name, self.desk.clock() + LATER)
                return
            async with self.slots, asyncio.timeout(VISIT_SECONDS + 2):
                kept = await self.desk.visit(name, kind=kind)
            due = kept.due
            if kept.changed:
                self._changed()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 one source's bug must not stop the others; it is logged and shown
            due = await self._after_bug(name, error)
        if not self._stopping.is_set() and due is not None and name in self.desk.seeds:
            self._schedule(name, due)

    async def visit_now(self, name: str) -> None:
        """A visit out of turn; one that already runs is waited for."""
        task = self.running.get(name) or self.begin(name, self.visit(name, "fetch"))
        await asyncio.wait([task])

    async def revisit_young(self, pause: Callable[[float], Awaitable[None]]) -> None:
        """Young articles, by their own due times, until the daemon stops."""
        while not self._stopping.is_set():
            if self.desk.paused is not None:
                await pause(REVISIT_PAUSE_FULL)
                continue
            due = await self.desk.in_store(self.desk.store.rechecks_due, self.desk.clock())
            by_source: dict[str, list[Record]] = defaultdict(list)
            for stored in due:
                by_source[stored.record.source].append(stored.record)
            for name, records in by_source.items():
                # under a name of its own: a source whose time comes meanwhile is visited all the same
                if f"revisit {name}" not in self.running:
                    self.begin(f"revisit {name}", self._revisit(name, records[:REVISITS]))
            await pause(REVISIT_PAUSE)

    def stuck(self) -> str | None:
        """Why the daemon seems to hang; None when it does not."""
        if self._under_way() and self.steady() - self.last_finished > WATCHDOG:
            return f"no visit finished for {WATCHDOG:.0f} s while {self._under_way()} run"
        return None

    def _schedule(self, name: str, due: datetime) -> None:
        self.scheduler.add_job(
            self._due, DateTrigger(run_date=due), args=[name], id=f"visit:{name}", replace_existing=True
        )

    async def _due(self, name: str) -> None:
        """The time of a source has come. A coroutine, since APScheduler calls anything else in a thread."""
        # one that is under way, for a command, sets the next time when it ends
        if not self._stopping.is_set() and name in self.desk.seeds and name not in self.running:
            self.begin(name, self.visit(name))

    def _under_way(self) -> int:
        """How many visits run; what is done for a command has no deadline."""
        return sum(not name.startswith("wish ") for name in self.running)

    def _ended(self, name: str) -> None:
        self.running.pop(name, None)
        if not name.startswith("wish "):
            self.last_finished = self.steady()

    async def _after_bug(self, name: str, error: Exception) -> datetime:
        """When a source is due whose visit ended in an exception; a store without room is no bug of the source."""
        if refusal(error) is None:
            self.desk.bug(error, name)
            try:
                return await self.desk.in_store(pipe.bug, self.desk.store, name, repr(error)[:200], self.desk.clock())
            except Exception as another:  # noqa: BLE001 whatever it is, the source stays due
                if refusal(another) is None:
                    self.desk.bug(another, name)
        return self.desk.clock() + LATER

    async def _revisit(self, name: str, records: list[Record]) -> None:
        try:
            async with self.slots, asyncio.timeout(VISIT_SECONDS + 2):
                kept = await self.desk.revisit(name, records)
            if kept.changed:
                self._changed()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 as in visit
            if refusal(error) is not None:
                return  # they stay due
            self.desk.bug(error, name)
            later = self.desk.clock() + timedelta(hours=1)
            await self.desk.in_store(pipe.postpone, self.desk.store, [record.id for record in records], later)


def _scheduler_trouble(event: JobExecutionEvent) -> None:
    log.error("scheduler", kind=type(event).__name__, job=event.job_id, error=repr(getattr(event, "exception", None)))
