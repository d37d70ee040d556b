"""A scraper that is told to stop waits for its visits, but for no database that is away; who asks for a new job."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from unittest.mock import Mock

import pytest

from feeds.app.jobs.queue import scraper as module
from feeds.app.jobs.queue.documents import NoRun, read_answer, request_document
from feeds.app.jobs.queue.scraper import Scraper
from feeds.app.jobs.visits import Kind, StoodStill, VisitRequest
from feeds.errors import StoreBusy
from feeds.store.queue.database import WorkDatabase
from feeds.store.queue.reports import WorkReport
from feeds.store.queue.visits import Job, Taken, channels
from scrapers import Seed
from tests.support.waiting import PATIENCE

pytest.importorskip("psycopg")
NOBODY = "postgresql://nobody@127.0.0.1:9/nothing"


def scraper() -> Scraper:
    """One whose database is never asked."""
    return Scraper(WorkDatabase(lambda: NOBODY), parallel=2, clock=lambda: datetime.now(UTC), browser=False)


def started(one: Scraper, until: asyncio.Event) -> asyncio.Task[None]:
    """A visit under way, which ends with the event."""

    async def work() -> None:
        await until.wait()

    task = asyncio.create_task(work())
    one._running[task] = (Taken("1", None, Job(1, 1, "courier"), more=False), "courier")
    task.add_done_callback(lambda done: one._running.pop(done, None))
    return task


async def in_time(work: Callable[[], object]) -> None:
    """Fails where it takes for ever."""
    async with asyncio.timeout(PATIENCE):
        await work()  # type: ignore[misc]


def test_visits_under_way_are_not_waited_for_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_: WorkReport) -> str | None:
        raise StoreBusy("it is away")

    monkeypatch.setattr(module, "GRACE", 10 * PATIENCE)
    monkeypatch.setattr(WorkReport, "settings", away)

    async def go() -> None:
        one = scraper()
        task = started(one, asyncio.Event())
        await in_time(one._drain)
        assert not task.done()
        task.cancel()

    asyncio.run(go())


def test_nor_while_it_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(_: WorkReport) -> str | None:
        await asyncio.Event().wait()
        return None

    monkeypatch.setattr(module, "GRACE", 10 * PATIENCE)
    monkeypatch.setattr(module, "HURRY", 0.05)
    monkeypatch.setattr(WorkReport, "settings", hangs)

    async def go() -> None:
        one = scraper()
        task = started(one, asyncio.Event())
        await in_time(one._drain)
        task.cancel()
        one.stopping.set()
        with pytest.raises(StoreBusy, match="does not answer"):
            await in_time(lambda: one._asked(hangs(one._report)))

    asyncio.run(go())


def test_visits_under_way_end_while_the_database_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    async def answers(_: WorkReport) -> str | None:
        nonlocal asked
        asked += 1
        if asked == 3:
            end.set()
        return "{}"

    end = asyncio.Event()
    monkeypatch.setattr(module, "GRACE", 10 * PATIENCE)
    monkeypatch.setattr(module, "HURRY", 0.05)
    monkeypatch.setattr(WorkReport, "settings", answers)

    async def go() -> None:
        one = scraper()
        task = started(one, end)
        await in_time(one._drain)
        assert asked >= 3 and not one._running
        await task

    asyncio.run(go())


def test_the_last_visit_may_end_while_the_database_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def answers(_: WorkReport) -> str | None:
        end.set()
        await ended.wait()
        return "{}"

    end, ended = asyncio.Event(), asyncio.Event()
    monkeypatch.setattr(WorkReport, "settings", answers)

    async def go() -> None:
        one = scraper()
        task = started(one, end)
        task.add_done_callback(lambda _: ended.set())
        await in_time(one._drain)
        assert task.done() and not one._running

    asyncio.run(go())


def test_one_scraper_asks_for_a_new_job_and_every_one_after_a_new_connection() -> None:
    async def go() -> None:
        one = scraper()
        one._place = (1, 3)
        (visits,) = channels(["visits"])
        woken = []
        for number in range(6):
            one._news.clear()
            one._is_told(visits, f'{{"type" : "job_inserted", "job_id" : {number}}}')
            if one._news.is_set():
                woken.append(number)
        assert woken == [1, 4]
        (render,) = channels(["render"])
        for channel, payload in (("", ""), (render, '{"job_id" : 3}'), (visits, "something else")):
            one._news.clear()
            one._is_told(channel, payload)
            assert one._news.is_set()

    asyncio.run(go())


@pytest.mark.parametrize(("kind", "seconds"), [("visit", 602.0), ("fetch", 602.0), ("backfill", 1202.0)])
def test_a_visit_has_its_time_and_a_backfill_twice_as_much(
    kind: Kind, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []

    def timeout(time: float) -> None:
        given.append(time)
        raise StoodStill("asleep")

    monkeypatch.setattr(module.asyncio, "timeout", timeout)
    one = scraper()
    one._fetcher = Mock()
    request = VisitRequest(Seed("courier", home="https://courier.example/"), kind)
    told = asyncio.run(one._document(Mock(), request_document(request), Mock()))
    assert given == [seconds]
    assert read_answer(told, request, datetime.now(UTC)) == NoRun("stood still", "asleep")
