"""Opens the work database: the queue between desk and scrapers, and the shared turns at hosts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ....store.queue.database import WorkDatabase
from ....store.queue.hosts import SharedHosts, process_name
from ....store.queue.reports import WorkReport
from ...config.config import Config
from ..run_keeper import RunKeeper
from ..statistics import Statistics
from .visit_queue import VisitQueue

HURRY = 2.0  # seconds in which turns that are over are given back at the end


@dataclass(frozen=True, slots=True)
class Work:
    """The parts that one process has open."""

    database: WorkDatabase
    hosts: SharedHosts


@asynccontextmanager
async def open_work(conninfo: Callable[[], str]) -> AsyncIterator[Work]:
    """Connect, and make the schema where it is not there. Raises StoreBusy and StoreUnusable."""
    database = WorkDatabase(conninfo)
    try:
        await database.open()
        await database.prepare()
        hosts = SharedHosts(database, process_name())
        yield Work(database, hosts)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HURRY):
                await hosts.settle()
    finally:
        await database.close()


async def report_of(work: Work) -> dict[str, Any]:
    """The scrapers and their queue, for a command. Raises StoreBusy."""
    return await WorkReport(work.database).all()


def shared_queue(
    work: Work, keeper: RunKeeper, statistics: Statistics, config: Callable[[], Config], clock: Callable[[], datetime]
) -> VisitQueue:
    """The queue of a desk whose visits are made by scrapers."""
    from .shared_queue import SharedQueue  # most installations have none

    return SharedQueue(work.database, work.hosts, keeper, statistics, config, clock)
