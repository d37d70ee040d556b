"""Everything that one process has open: built here in one place, and closed in reverse order.

The daemon and the commands are two ways to drive an `Application`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from scrapers import Fetcher, HostPace, Paces

from ..health.assess import Trouble
from ..store import DaemonLock, StoreBusy, lock_of
from ..store.database.location import PostgresLocation
from ..store.database.risks import refuse_network
from .config.config import Config
from .installation import Installation
from .jobs.fetcher import open_fetcher
from .jobs.jobs import Jobs
from .jobs.queue.opening import open_work, shared_queue
from .jobs.queue.visit_queue import LocalQueue, VisitQueue
from .jobs.repairs import SelectorRepairs
from .jobs.run_keeper import RunKeeper
from .jobs.statistics import Statistics
from .jobs.visits import Visitor
from .publisher import Publisher
from .store_thread import StoreThread
from .system.clock import utc_now
from .system.disk_space import DiskSpace
from .workers.pool import Workers

log = structlog.get_logger()

Perform = Callable[[str, Mapping[str, Any]], Coroutine[Any, Any, dict[str, Any]]]
"""Has the daemon do something, as a command does through the control queue: kind and payload → answer."""


@dataclass(slots=True)
class Application:
    """What a daemon or a command works with."""

    daemon: bool  # it holds the lock of the store
    clock: Callable[[], datetime]
    lock: DaemonLock
    thread: StoreThread
    installation: Installation
    fetcher: Fetcher
    workers: Workers
    publisher: Publisher
    queue: VisitQueue
    jobs: Jobs
    repairs: SelectorRepairs
    statistics: Statistics
    disk_space: DiskSpace
    untold: dict[str, Trouble] = field(default_factory=dict)  # of the disk, by kind, which the store does not hold yet
    _since: dict[str, datetime] = field(default_factory=dict)  # kind of disk trouble → when it began

    @property
    def paused(self) -> str | None:
        """Why no visit is begun for now: its result could not be stored. None when visits may begin."""
        return self.thread.refused or self.disk_space.shortage

    def disk_troubles(self) -> list[Trouble]:
        """What is wrong with the disks at this moment, even while the store takes no writes. It becomes `untold`."""
        found: dict[str, str] = {}
        if self.thread.refused is not None:  # then nothing else can be known or stored
            found["refused"] = f"visits pause: {self.thread.refused}"
        else:
            if self.disk_space.shortage is not None:
                found["full"] = self.disk_space.shortage
            if self.publisher.unpublished:
                found["publish"] = "feeds could not be written; the old ones are served"
        now = self.clock()
        self._since = {kind: self._since.get(kind, now) for kind in found}
        troubles = [Trouble(kind, "failing", cause, self._since[kind]) for kind, cause in found.items()]
        self.untold |= {one.kind: one for one in troubles}
        return troubles


@asynccontextmanager
async def open_application(
    config: Config,
    *,
    daemon: bool = False,
    clock: Callable[[], datetime] = utc_now,
    workers: int | None = None,
    fetcher: Callable[[Config, Paces], Fetcher] = open_fetcher,
    work_at: PostgresLocation | None = None,
    elsewhere: bool = False,
) -> AsyncIterator[Application]:
    """Open an installation and, with `daemon`, hold its lock.

    `clock` is the wall clock, `workers` how many processes read pages, `fetcher` opens the fetcher.
    `work_at` is the database by which several processes share the turns at hosts; with `elsewhere` its scrapers make
    the visits. Raises StoreInUse and StoreUnusable.
    """
    lock, thread = lock_of(config.store_at), StoreThread(config.store_at, daemon=daemon)
    async with AsyncExitStack() as stack:
        if daemon:
            if not config.store.allow_network:
                refuse_network(config.store_at)
            lock.take()
            stack.callback(lock.release)
        installation = Installation(config, thread, clock, daemon=daemon)
        publisher = Publisher(
            thread, config.public, config.private, installation.publish_settings, lambda: installation.topics
        )
        stack.callback(publisher.close)
        stack.push_async_callback(thread.close)
        await thread.open()
        lock.opened()
        if daemon:
            await thread.only_while(lock)
        store = thread.store
        paces = Paces(await thread.call(store.hosts.paces), on_refusal=lambda pace: _remember_refusal(thread, pace))
        bad = dict(await thread.call(store.outcomes.bad_pages, clock()))
        work = None if work_at is None else await stack.enter_async_context(open_work(work_at.conninfo))
        opened = fetcher(config, paces) if work is None else open_fetcher(config, paces, work.hosts)
        opened.shared.files.remember(await thread.call(store.asked_files.all))
        stack.push_async_callback(_keep_told, thread, opened, clock)
        stack.push_async_callback(opened.aclose)
        pool = await stack.enter_async_context(
            Workers(
                workers,
                bad=bad,
                on_bad=lambda digest, until: thread.submit(store.outcomes.keep_bad_page, digest, until),
            )
        )
        opened.robots.reader = pool.robots
        await installation.apply()
        statistics = Statistics()
        visitor = Visitor(opened, pool, clock)
        keeper = RunKeeper(installation, thread, opened.paces, opened.shared.files, statistics, clock)
        queue: VisitQueue = LocalQueue(visitor, keeper, config.fetch.parallel)
        if work is not None and elsewhere:
            queue = shared_queue(work, keeper, statistics, lambda: installation.config, clock)
        if daemon:
            await publisher.prepare()
            if work is not None:
                await publisher.take_over()
        yield Application(
            daemon=daemon,
            clock=clock,
            lock=lock,
            thread=thread,
            installation=installation,
            fetcher=opened,
            workers=pool,
            publisher=publisher,
            queue=queue,
            jobs=Jobs(installation, thread, visitor, keeper, queue, clock),
            repairs=SelectorRepairs(installation, thread, opened, pool, statistics, clock),
            statistics=statistics,
            disk_space=DiskSpace({"store": config.store_folder, "published folder": config.public}),
        )


def _remember_refusal(thread: StoreThread, pace: HostPace) -> None:
    """Store a host's Retry-After at once. If the store takes no writes, it is stored when the visit ends."""

    def keep() -> None:
        with thread.store.transaction():
            thread.store.hosts.keep([pace])

    thread.submit(keep)


async def _keep_told(thread: StoreThread, fetcher: Fetcher, clock: Callable[[], datetime]) -> None:
    """Store the paces of hosts and the heads of files that changed since the last visit was kept."""

    def keep() -> None:
        changed, files = fetcher.paces.changed(), fetcher.shared.files.changed()
        if changed or files:
            with thread.store.transaction():
                thread.store.hosts.keep(changed)
                thread.store.asked_files.keep(files, clock())

    try:
        await thread.call(keep)
    except StoreBusy as error:
        log.error("the paces of hosts are lost", why=error.reason)
