"""A scraper: takes a visit that is due, makes it, gives back its Run. It has no store, no disk and no settings.

The desk passes it the settings through the database; secrets of seeds are looked up where it runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import re
import shutil
import socket
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, TypeVar

import structlog

from scrapers import Fetcher, PacesAway, Record, Run

from ....errors import StoreBusy
from ....store.queue.database import WorkDatabase
from ....store.queue.hosts import SharedHosts, process_name
from ....store.queue.reports import WorkReport
from ....store.queue.visits import Queue, Taken, WorkTable, channels
from ...system.version import VERSION
from ...workers.pool import WorkerBug, Workers
from ..visits import VISIT_SECONDS, StoodStill, Visitor, VisitRequest
from .checks import fitting
from .documents import FORMAT, NoRun, WrongDocument, no_run_document, read_request, run_document
from .settings import ScraperSettings, read_settings

T = TypeVar("T")
log = structlog.get_logger()
BEAT = 5.0  # seconds between two signs of life
LOOK = 2.0  # seconds between two polls of the queue, in case a notification is lost
AGAIN = 1.0  # seconds after which the database is asked again
GRACE = 25.0  # seconds that running visits have after SIGTERM; what is left goes to others
HURRY = 2.0  # seconds in which the database has to answer after SIGTERM; else nothing can be given back
FINISHES = 60  # tries to say that a job is done
SHOWN = 20  # sources that are being visited, as shown
MINUTE = 60.0
_JOB = re.compile(r'"job_id"\s*:\s*(\d+)')


def has_browser() -> bool:
    """Whether pages can be read through a browser here."""
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return importlib.util.find_spec("playwright") is not None and any(map(shutil.which, names))


class Scraper:
    """Makes visits until it is told to stop. `parallel` at once."""

    def __init__(
        self,
        database: WorkDatabase,
        *,
        parallel: int,
        clock: Callable[[], datetime],
        workers: int | None = None,
        browser: bool | None = None,
    ) -> None:
        self.name = process_name()
        self.stopping = asyncio.Event()
        self._database = database
        self._table = WorkTable(database)
        self._report = WorkReport(database)
        self._hosts = SharedHosts(database, self.name)
        self._parallel = parallel
        self._clock = clock
        self._workers = workers
        self._queues: list[Queue] = ["visits"]
        if has_browser() if browser is None else browser:
            self._queues.append("render")
        self._news = asyncio.Event()
        self._full = False  # it had no place for another visit
        self._place = (0, 1)  # which of the scrapers it is, of how many
        self._running: dict[asyncio.Task[None], tuple[Taken, str]] = {}  # with the source's name
        self._fetcher: Fetcher | None = None
        self._settings = ""
        self._worker = 0
        self._visits = 0
        self._pages: deque[tuple[float, int]] = deque()  # (when, requests so far)
        self._before = 0  # requests of fetchers that were replaced

    async def run(self, on_ready: Callable[[str], None] | None = None) -> None:
        """Work until `stopping` is set. Raises WrongDocument for a desk that is too old or too new for us."""
        if not await self._begin():
            return
        async with Workers(self._workers) as pool:
            helpers = [
                asyncio.create_task(self._database.listen(channels(self._queues), self._is_told)),
                asyncio.create_task(self._beat()),
            ]
            if on_ready is not None:
                on_ready(self.name)
            try:
                await self._take(pool, helpers)
            finally:
                await self._end(helpers)

    async def _begin(self) -> bool:
        """Wait for the database and for a desk; False when it is told to stop meanwhile."""
        told = ""
        while not self.stopping.is_set():
            try:
                if (text := await self._asked(self._report.settings())) is not None:
                    self._settings = text
                    self._fetcher = read_settings(text).fetcher(self._hosts)
                    self._worker = await self._asked(self._table.register())
                    return True
                why = "no desk has been there yet"
            except StoreBusy as error:
                why = error.reason
            if why != told:
                log.warning("waiting", why=why)
                told = why
            await self._pause(AGAIN)
        return False

    async def _take(self, pool: Workers, helpers: list[asyncio.Task[None]]) -> None:
        while not self.stopping.is_set():
            for helper in helpers:
                if helper.done():
                    helper.result()  # a bug, or a desk that speaks another format
            if len(self._running) >= self._parallel:
                self._full = True
                await self._look_again()
                continue
            self._news.clear()
            try:
                if not self._worker:
                    self._worker = await self._asked(self._table.register())
                taken = await self._asked(self._table.take(self._queues, self._worker))
            except StoreBusy as error:
                # what was handed out and did not reach us goes to others when nothing is heard of this number again
                self._worker = 0
                log.warning("the queue cannot be asked", why=error.reason)
                await self._pause(AGAIN)
                continue
            if taken is None:
                await self._look_again()
                continue
            task = asyncio.create_task(self._make(taken, pool))
            self._running[task] = (taken, taken.job.queueing_lock)
            task.add_done_callback(self._ended)
            if not taken.more:
                await self._look_again()

    def _is_told(self, channel: str, payload: str) -> None:
        """There is a new job, or perhaps some, for a new connection. Each is for one of the scrapers to ask for; the
        others see it at their next poll, if that one has no place for it."""
        job = _JOB.search(payload) if channel == channels(["visits"])[0] else None
        place, scrapers = self._place
        if job is None or int(job[1]) % max(scrapers, 1) == place:
            self._news.set()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._visits += 1
        if self._full:  # else nothing waited when the queue was asked last
            self._full = False
            self._news.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("bug", part="visit", exc_info=task.exception())

    async def _make(self, taken: Taken, pool: Workers) -> None:
        """Make a visit and give its Run back, waiting out outages of the database."""
        if taken.document is not None:
            document = await self._document(taken, taken.document, pool)
            while True:
                try:
                    if not await self._table.give_and_finish(taken, self.name, document):
                        log.info("was given by another already", visit=taken.visit)
                    return
                except StoreBusy as error:
                    if "violates check constraint" in error.reason:
                        document = no_run_document(NoRun("unfit", "its Run is too large"))
                    await asyncio.sleep(AGAIN)
        for _ in range(FINISHES):
            try:
                await self._table.finish(taken.job.id)
                break
            except StoreBusy as error:
                if "not found" in error.reason:  # it was given to another meanwhile, who has finished it
                    break
                await asyncio.sleep(AGAIN)

    async def _give_part(self, taken: Taken, request: VisitRequest, records: Sequence[Record]) -> None:
        """Give the stories that a first visit has found so far; whatever becomes of them, the Run brings them too."""
        now = self._clock()
        part = Run(request.seed.name, now, now, records=tuple(records))
        try:
            await self._table.give_part(taken.visit, self.name, run_document(fitting(part, request)))
        except (StoreBusy, WrongDocument) as error:
            log.info("stories wait for the end of their visit", source=request.seed.name, why=error.reason[:300])

    async def _document(self, taken: Taken, asked: bytes, pool: Workers) -> bytes:
        fetcher = self._fetcher
        if fetcher is None:  # `_begin` has made one
            raise RuntimeError("there is no fetcher")
        fetcher.robots.reader = pool.robots
        try:
            request = read_request(asked)
        except WrongDocument as error:
            log.error("a visit cannot be made", why=error.reason)
            return no_run_document(NoRun("unfit", error.reason))
        name = request.seed.name
        try:
            async with asyncio.timeout(VISIT_SECONDS + 2 + (VISIT_SECONDS if request.kind == "backfill" else 0)):
                run = await Visitor(fetcher, pool, self._clock).make(
                    request, lambda records: self._give_part(taken, request, records)
                )
            log.info(request.kind, source=name, records=len(run.records), failed=len(run.failures))
            return run_document(fitting(run, request))
        except StoodStill as error:
            return no_run_document(NoRun("stood still", error.reason))
        except PacesAway as error:
            return no_run_document(NoRun("stood still", f"nobody could tell whose turn it is: {error}"))
        except WrongDocument as error:
            return no_run_document(NoRun("unfit", error.reason))
        except TimeoutError:
            return no_run_document(NoRun("stood still", "the visit did not end in its time"))
        except Exception as error:
            log.error("bug", source=name, exc_info=error)
            why = str(error)[-2000:] if isinstance(error, WorkerBug) else repr(error)[:2000]
            return no_run_document(NoRun("bug", why))

    async def _beat(self) -> None:
        """Send heartbeats, and apply changed settings."""
        while True:
            try:
                for worker in {self._worker, *(taken.job.worker_id for taken, _ in self._running.values())} - {0}:
                    await self._table.heartbeat(worker)
                await self._report.beat(self.name, self.facts())
                self._place = await self._table.place_of(self.name)
                text = await self._report.settings()
                if text is not None and text != self._settings:
                    self._change(read_settings(text))
                    self._settings = text
            except StoreBusy as error:
                log.warning("no sign of life can be given", why=error.reason)
            await asyncio.sleep(BEAT)

    def _change(self, settings: ScraperSettings) -> None:
        """Work with other settings from now on; visits under way end with theirs."""
        if self._fetcher is not None:
            self._before += self._fetcher.requests
        self._fetcher = settings.fetcher(self._hosts)
        log.info("settings applied")

    def facts(self) -> dict[str, Any]:
        """What is shown of this scraper."""
        requests = self._before + (0 if self._fetcher is None else self._fetcher.requests)
        now = time.monotonic()
        self._pages.append((now, requests))
        while len(self._pages) > 2 and self._pages[0][0] < now - MINUTE:
            self._pages.popleft()
        since, first = self._pages[0]
        return {
            "host": socket.gethostname()[:80],
            "pid": os.getpid(),
            "version": VERSION,
            "format": FORMAT,
            "parallel": self._parallel,
            "browser": "render" in self._queues,
            "running": len(self._running),
            "sources": sorted(source for _, source in self._running.values())[:SHOWN],
            "visits": self._visits,
            "pages": requests,
            "pages_a_minute": round((requests - first) / max(now - since, BEAT) * MINUTE, 1),
        }

    async def _end(self, helpers: list[asyncio.Task[None]]) -> None:
        """Give running visits some time to end; the rest goes to other scrapers."""
        if self._running:
            log.info("stopping", visits_under_way=len(self._running))
            await self._drain()
        left = list(self._running)
        for task in (*left, *helpers):
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=2.0)
        with contextlib.suppress(StoreBusy, TimeoutError):
            async with asyncio.timeout(HURRY):
                await self._hosts.settle()
                for worker in {self._worker, *(taken.job.worker_id for taken, _ in self._running.values())} - {0}:
                    await self._table.unregister(worker)
                await self._report.leave(self.name)
        if self._fetcher is not None:
            await self._fetcher.aclose()

    async def _drain(self) -> None:
        """Wait for running visits, but not for a database that is away: no visit can go on, nor be given back."""
        ends = time.monotonic() + GRACE
        while self._running and (left := ends - time.monotonic()) > 0:
            try:
                async with asyncio.timeout(HURRY):
                    await self._report.settings()
            except (StoreBusy, TimeoutError):
                log.warning("the database is away: visits under way go to others", visits=len(self._running))
                return
            if running := list(self._running):  # the last one may have ended while the database was asked
                await asyncio.wait(running, timeout=min(left, HURRY))

    async def _asked(self, question: Coroutine[Any, Any, T]) -> T:
        """What the database answers. Raises StoreBusy; once it is told to stop, also where the answer takes long."""
        asked = asyncio.ensure_future(question)
        stop = asyncio.ensure_future(self.stopping.wait())
        try:
            await asyncio.wait([asked, stop], return_when=asyncio.FIRST_COMPLETED)
            if not asked.done():
                await asyncio.wait([asked], timeout=HURRY)
            if not asked.done():
                raise StoreBusy("it is told to stop, and the database does not answer")
            return asked.result()
        finally:
            asked.cancel()
            stop.cancel()

    async def _look_again(self) -> None:
        """Wait for a new job, the end of a visit, or some seconds."""
        stop = asyncio.ensure_future(self.stopping.wait())
        news = asyncio.ensure_future(self._news.wait())
        await asyncio.wait([stop, news], timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        news.cancel()
        self._news.clear()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
