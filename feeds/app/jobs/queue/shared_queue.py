"""The queue of a desk whose visits are made by scrapers: what is due goes in, Runs are kept as they arrive.

A Run is kept once, however often it is given and whoever dies when: its visit's id is stored in the transaction that
keeps it. A visit that an earlier desk asked for is taken over, not asked for again.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from scrapers import Progress, Run

from .... import pipe
from ....errors import StoreBusy, StoreUnusable
from ....store.queue.database import WorkDatabase
from ....store.queue.hosts import SharedHosts
from ....store.queue.reports import WorkReport
from ....store.queue.visits import ANSWERS, Answer, Queue, WorkTable
from ...config.config import Config
from ..run_keeper import RunKeeper
from ..statistics import Statistics
from ..visits import Kind, StoodStill, VisitFailed, VisitRequest
from .documents import NoRun, WrongDocument, no_run_document, read_answer, read_request, request_document
from .places import Places
from .settings import scraper_settings

log = structlog.get_logger()
LOOK = 2.0  # seconds between two polls for answers, in case a notification is lost
RESCUE = 5.0  # seconds between two checks for scrapers that are gone
TIDY = 3600.0
MOST = 5  # answers that are read at once
AGAIN = 1.0  # seconds after which the database is asked again
PRIORITY: dict[Kind, int] = {"fetch": 20, "backfill": 10, "visit": 0, "revisit": -10}
SAME: dict[Kind, Kind] = {"fetch": "visit"}  # a visit that a person asked for is one like any other
_GAVE_UP = no_run_document(NoRun("bug", "every scraper that made this visit died"))


class ScraperBug(Exception):
    """A scraper met an unexpected exception; carries its report."""


class SharedQueue:
    """Visits made by scrapers. `on_kept` is called for a Run that nothing in this process waits for."""

    elsewhere = True

    def __init__(
        self,
        database: WorkDatabase,
        hosts: SharedHosts,
        keeper: RunKeeper,
        statistics: Statistics,
        config: Callable[[], Config],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.on_kept: Callable[[str, pipe.Kept], None] | None = None
        self._database = database
        self._table = WorkTable(database)
        self._report = WorkReport(database)
        self._hosts = hosts
        self._keeper = keeper
        self._statistics = statistics
        self._config = config
        self._clock = clock
        self.places = Places(monotonic)
        self._waiting: dict[str, asyncio.Future[tuple[Kind, pipe.Kept]]] = {}  # by source
        self._news = asyncio.Event()
        self._parts_wait = True  # perhaps
        self._kept: list[str] = []  # visits that are kept and gone from the queue: their ids need no memory
        self._settings = ""
        self._asked: dict[str, VisitRequest] = {}  # what this desk asked for, by their ids
        self._parts: dict[str, pipe.Part] = {}  # what was filed of visits that go on, by their ids

    @asynccontextmanager
    async def place(self, kind: Kind) -> AsyncIterator[None]:
        """A place in the queue; visits that a person asked for need none."""
        if kind in ("fetch", "backfill"):
            yield
            return
        await self.places.take()
        try:
            yield
        finally:
            self.places.give_back()

    async def visit(self, request: VisitRequest, _: Progress | None = None) -> pipe.Kept:
        """Have a scraper make a visit; what keeping its Run changed.

        Waits while the database is away. Raises VisitFailed and ScraperBug when there is no Run, and StoodStill.
        """
        source, wanted = request.seed.name, SAME.get(request.kind, request.kind)
        document = request_document(request)
        while True:
            waiter = self._waiting.get(source)
            if waiter is None:
                waiter = self._waiting[source] = asyncio.get_running_loop().create_future()
                waiter.add_done_callback(lambda done: done.cancelled() or done.exception())  # perhaps nobody looks
                try:
                    await self._ask(request, document)
                except BaseException:  # being cancelled too: others would wait for a visit that nobody asked for
                    self._waiting.pop(source, None)
                    waiter.cancel()
                    raise
            kind, kept = await asyncio.shield(waiter)
            if kind == wanted:
                return kept

    async def _ask(self, request: VisitRequest, document: bytes) -> None:
        queue: Queue = "render" if request.seed.render else "visits"
        while True:
            try:
                visit = await self._table.ask(request.seed.name, document, queue=queue, priority=PRIORITY[request.kind])
                if visit is not None and request.seed.name in self._waiting:  # else it is answered already
                    self._asked[visit] = request
                return
            except StoreBusy:
                await asyncio.sleep(AGAIN)  # whoever looks after the queue says so

    async def hurry(self, source: str) -> None:
        """Let the visit of a source go before others."""
        await self._table.hurry(source, PRIORITY["fetch"])

    async def report(self) -> dict[str, Any]:
        """Who makes visits and what waits for them. Raises StoreBusy."""
        return {**await self._report.all(), "wait_for_a_place": self.places.waiting}

    async def work(self) -> None:
        """Keep what arrives, give visits of scrapers that are gone to others, and tell scrapers the settings."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._database.listen([ANSWERS], self._is_told))
            group.create_task(self._keep_answers())
            group.create_task(self._rescue())

    def _is_told(self, channel: str, payload: str) -> None:
        """Something was given, or perhaps some, for a new connection, which has no channel."""
        self._parts_wait = self._parts_wait or not channel or payload == "part"
        self._news.set()

    async def _keep_answers(self) -> None:
        told = ""
        while True:
            self._news.clear()
            try:
                if self._parts_wait:
                    self._parts_wait = False
                    parts = await self._table.parts(MOST)
                    self._parts_wait = self._parts_wait or len(parts) == MOST
                    for n, part in parts:
                        await self._take_in_part(n, part)
                answers = await self._table.answers(MOST)
                for answer in answers:
                    await self._take_in(answer)
                told = ""
                if self._parts_wait or len(answers) == MOST:
                    continue
            except (StoreBusy, StoreUnusable) as error:
                if not told:
                    log.warning("what scrapers gave waits", why=error.reason)
                told = error.reason
                await asyncio.sleep(AGAIN)
                continue
            try:
                async with asyncio.timeout(LOOK):
                    await self._news.wait()
            except TimeoutError:
                self._parts_wait = True

    async def _take_in_part(self, n: int, given: Answer) -> None:
        """Keep the first stories of a visit that goes on. Raises StoreBusy when they cannot be kept yet."""
        try:
            request = self._asked.get(given.visit) or read_request(given.request)
            found = read_answer(given.document, request, self._clock())
            if isinstance(found, NoRun) or request.past.last_success is not None:
                raise WrongDocument("is no part of a first visit")
            part = self._parts.setdefault(given.visit, pipe.Part())
            await self._keeper.keep_part(found.records, request, part)
        except WrongDocument as error:
            self._statistics.counts["failure", "refused run"] += 1
            log.error("a part was refused, nothing of it is kept", source=given.source, scraper=given.scraper,
                      why=error.reason[:500])  # fmt: skip
        await self._table.part_done(n)

    async def _take_in(self, answer: Answer) -> None:
        """Keep one answer, notify who waits for it, and remove it. Raises StoreBusy when it cannot be kept yet."""
        kind: Kind = "visit"
        try:
            request = self._asked.get(answer.visit) or read_request(answer.request)
            kind = SAME.get(request.kind, request.kind)
            found = read_answer(answer.document, request, self._clock())
            kept = await self._keep(found, request, answer) if isinstance(found, Run) else None
            failed = self._why_none(found) if isinstance(found, NoRun) else None
        except (StoreBusy, StoreUnusable):
            raise
        except WrongDocument as error:
            self._statistics.counts["failure", "refused run"] += 1
            log.error("a Run was refused, nothing of it is kept", source=answer.source, scraper=answer.scraper,
                      why=error.reason[:500])  # fmt: skip
            kept, failed = None, VisitFailed(f"what {answer.scraper} gave was refused: {error.reason[:300]}")
        except Exception as error:  # noqa: BLE001 one source's bug must not stop the others
            kept, failed = None, error
        await self._table.done(answer.visit)
        self._asked.pop(answer.visit, None)
        self._parts.pop(answer.visit, None)
        self._kept.append(answer.visit)
        waiter = self._waiting.pop(answer.source, None)
        if waiter is None:
            if failed is not None:
                log.error("a visit gave nothing", source=answer.source, scraper=answer.scraper, why=repr(failed)[:300])
            elif kept is not None and self.on_kept is not None:
                self.on_kept(answer.source, kept)
        elif waiter.done():
            pass
        elif failed is not None:
            waiter.set_exception(failed)
        elif kept is not None:
            waiter.set_result((kind, kept))

    async def _keep(self, run: Run, request: VisitRequest, answer: Answer) -> pipe.Kept:
        done, self._kept = self._kept, []
        part = self._parts.get(answer.visit)
        if part is not None:  # what was filed and did not change is not looked at again
            pairs = [(part.filed.get(record.key), record) for record in run.records]
            run = replace(run, records=tuple(old if old is not None and old == new else new for old, new in pairs))
        try:
            return await self._keeper.keep(run, request, part, visit=answer.visit, forget=done)
        except BaseException:  # being cancelled too: these ids are not forgotten yet
            self._kept = done + self._kept
            raise

    def _why_none(self, none: NoRun) -> Exception:
        if none.trouble == "stood still":
            return StoodStill(none.why)
        return ScraperBug(none.why) if none.trouble == "bug" else VisitFailed(none.why)

    async def _rescue(self) -> None:
        tidied = 0.0
        while True:
            try:
                if (count := await self._table.rescue(_GAVE_UP)) > 0:
                    log.warning("visits of scrapers that are gone go to others", visits=count)
                told = json.dumps(scraper_settings(self._config()), sort_keys=True)
                if told != self._settings:
                    await self._report.settle(told)
                    self._settings = told
                if time.monotonic() - tidied > TIDY:
                    tidied = time.monotonic()
                    await self._hosts.forget_old()
            except StoreBusy as error:
                log.warning("the queue cannot be looked after", why=error.reason)
                self._settings = ""
            self.places.wake()
            await asyncio.sleep(RESCUE)
