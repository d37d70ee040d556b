"""A desk with very many sources: what one visit costs it, measured; then its days, played by a simulated clock.

Measured with the real store, the real queue and real documents: reading what is remembered, asking for the visit,
taking its Run in, keeping it. A canned scraper answers; every fourth visit brings a story. Played: due times spread
over an interval as they are after some time, as many places as scrapers have, the desk as one server of the measured
time and PostgreSQL's, for which it waits, at the rate that this allows with some room.
"""

from __future__ import annotations

import asyncio
import gc
import heapq
import resource
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from benchmarks.reliability.processor_time import processor_of_server
from feeds import pipe
from feeds.app.jobs.queue.documents import read_answer, read_request, request_document, run_document
from feeds.app.jobs.queue.places import AHEAD, MANY
from feeds.app.jobs.visits import VisitRequest
from feeds.store import open_store
from feeds.store.database.location import PostgresLocation
from feeds.store.queue.database import WorkDatabase
from feeds.store.queue.visits import WorkTable
from feeds.topics import Engine
from scrapers import Article, Draft, Front, Run, Seed, Seen, read_record
from scrapers.schedule.next_visit import spread
from tests.support.loopback import word
from tests.support.postgres import Postgres

NEWS = 4  # one visit in so many brings a story
ROOM = 0.7  # of what the cores can do
LASTS = 6.0  # seconds that a visit takes, most of them gaps
LATE = 0.05  # of the interval: what 99 of 100 visits keep to
DEEP = 600.0  # seconds of work that may be queued


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of a processor for one visit, and what the desk holds."""

    desk: float
    database: float
    taking_in: float  # seconds for all sources, once
    wake: float  # of the desk, within `desk`: the scheduler's job of one visit
    megabytes: float  # of the desk with all sources


@dataclass(frozen=True, slots=True)
class Days:
    """What the simulated days came to."""

    rate: float  # visits a second
    interval: float  # seconds between two visits of a source
    late: float  # seconds: what 99 of 100 visits keep to
    deepest: float  # seconds of work that were queued at most


def measure(sources: int, visits: int) -> Cost:
    """The cost of a visit with so many sources in the store."""
    server = Postgres(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="scale-") as place:
            url = server.url(server.create())
            store = open_store(PostgresLocation(url, Path(place)), daemon=True)
            seeds = [Seed(f"site-{n:06}", f"https://site-{n:06}.example/") for n in range(sources)]
            began = time.process_time()
            store.sources.sync(seeds, datetime.now(UTC))
            taking_in = time.process_time() - began
            wake = _wake(sources)

            async def work() -> tuple[float, float]:
                database = WorkDatabase(lambda: url)
                await database.open()
                await database.prepare()
                table = WorkTable(database)
                worker = await table.register()
                desk, of_base = 0.0, -processor_of_server(server.pid)
                chance = Random(1)
                engine = Engine(())
                for n, seed in enumerate(chance.sample(seeds, visits)):
                    now = datetime.now(UTC)
                    began = time.process_time()
                    request = VisitRequest(seed, past=store.visits.past(seed.name, now))
                    await table.ask(seed.name, request_document(request), queue="visits", priority=0)
                    desk += time.process_time() - began
                    taken = await table.take(["visits"], worker)
                    assert taken is not None
                    await table.give(taken.visit, "canned", run_document(_run(seed, n, now)))
                    await table.finish(taken.job.id)
                    began = time.process_time()
                    for answer in await table.answers():
                        asked = read_request(answer.request)
                        run = read_answer(answer.document, asked, datetime.now(UTC))
                        assert isinstance(run, Run)
                        pipe.keep(store, run, asked.seed, asked.past, engine, now=now, visit=answer.visit)
                        store.sketches.settle(now)
                        await table.done(answer.visit)
                    desk += time.process_time() - began
                of_base += processor_of_server(server.pid)
                await database.close()
                return desk, of_base

            desk, of_base = asyncio.run(work())
            store.close()
    finally:
        server.close()
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return Cost(1000 * desk / visits + wake, 1000 * of_base / visits, taking_in, wake, held)


def _wake(sources: int) -> float:
    """Milliseconds of the scheduler for the job of one visit, among so many."""

    async def work() -> float:
        wakeups = AsyncIOScheduler(timezone=UTC)
        wakeups.start()
        now = datetime.now(UTC)
        for n in range(sources):
            due = now + timedelta(seconds=3600 + n)
            wakeups.add_job(gc.isenabled, DateTrigger(run_date=due), id=str(n), replace_existing=True)
        again = min(500, sources)
        began = time.process_time()
        for n in range(again):
            due = now + timedelta(seconds=3600 + n + sources)
            wakeups.add_job(gc.isenabled, DateTrigger(run_date=due), id=str(n), replace_existing=True)
        took = time.process_time() - began
        wakeups.shutdown(wait=False)
        return 1000 * took / again

    return asyncio.run(work())


def _run(seed: Seed, n: int, now: datetime) -> Run:
    """What a canned scraper gives: every fourth time a story."""
    chance = Random(n)
    front = Front(seed.home, whole=now, links=20)
    run = Run(seed.name, now - timedelta(seconds=4), now, fronts=(front,), links=20, ways={"listing": 20})
    if n % NEWS:
        return replace(run, unchanged=True)
    words = [" ".join(word(chance) for _ in range(90)) for _ in range(6)]
    url = f"{seed.home}2026/{'-'.join(words[0].split()[:6])}"
    record = read_record(Article(Draft(title=words[0][:70], text="\n".join(words)), url, now), seed)
    return replace(run, records=(record,), seen=(Seen(url, "kept", way="listing"),))


def play(sources: int, cost: Cost) -> Days:
    """Three intervals of so many sources by a simulated clock."""
    each = (cost.desk + cost.database) / 1000
    rate = ROOM / each
    interval = sources / rate
    slots = round(rate * LASTS * 1.2)
    limit = max(slots, min(MANY, round(rate * AHEAD)))
    dues = [(interval * n / sources, n) for n in range(sources)]
    heapq.heapify(dues)
    free = [0.0] * slots  # when each place of a scraper is free
    heapq.heapify(free)
    desk = 0.0  # when the desk has kept all that it was given
    late: list[float] = []
    deepest = 0.0
    while dues and dues[0][0] < 3 * interval:
        due, n = heapq.heappop(dues)
        begin = max(due, heapq.heappop(free))
        heapq.heappush(free, begin + LASTS)
        desk = max(desk, begin + LASTS) + each
        late.append(begin - due)
        deepest = max(deepest, begin - due)
        heapq.heappush(dues, (desk + spread(f"site-{n:06}", interval), n))
    late.sort()
    return Days(rate, interval, late[int(len(late) * 0.99)], min(deepest, limit / rate))


def run(sources: int, visits: int) -> int:
    """Print the figures; 1 when a promise is broken."""
    cost = measure(sources, visits)
    days = play(sources, cost)
    print(f"{sources:,} sources, {visits:,} visits measured, one in {NEWS} with a story")
    print(f"taking them in       {cost.taking_in:.1f} s of a processor, once")
    print(f"desk                 {cost.desk:.2f} ms of a processor a visit ({cost.wake:.2f} of them to be woken)")
    print(f"PostgreSQL           {cost.database:.2f} ms of a processor a visit")
    print(f"memory               {cost.megabytes:.0f} MB")
    minutes = days.interval / 60
    print(f"a desk               {days.rate:.0f} visits a second with room: each source every {minutes:.0f} min")
    print(f"lateness p99         {days.late:.1f} s, {100 * days.late / days.interval:.2f} % of the interval")
    print(f"queued at most       {days.deepest:.1f} s of work")
    wrong = []
    if days.late > LATE * days.interval:
        wrong.append("99 of 100 visits are later than 5 % of the interval")
    if days.deepest > DEEP:
        wrong.append("the queue is deeper than ten minutes")
    print("\n".join(wrong) or "as it has to be")
    return 1 if wrong else 0
