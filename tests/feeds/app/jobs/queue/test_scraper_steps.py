"""Each step of a scraper, over tables in memory: what it asks, what it gives, what it says when something is wrong."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from feeds.app.jobs.queue import scraper as module
from feeds.app.jobs.queue.documents import FORMAT, NoRun, WrongDocument, read_answer, request_document
from feeds.app.jobs.queue.scraper import Scraper
from feeds.app.jobs.visits import StoodStill, Visitor, VisitRequest
from feeds.app.workers.pool import WorkerBug
from feeds.errors import StoreBusy
from feeds.store.queue.database import WorkDatabase
from feeds.store.queue.visits import Job, Taken, channels
from scrapers import Draft, PacesAway, Run, Seed, to_record
from tests.support.waiting import PATIENCE, done

pytest.importorskip("psycopg")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed("courier", home="https://courier.example/")
ASKED = VisitRequest(SEED)
SETTINGS = {"format": FORMAT, "contact": "mailto:desk@example.org", "deadline": 20.0}


def scraper(*, parallel: int = 2, browser: bool = False) -> Scraper:
    """One with tables in memory."""
    one = Scraper(WorkDatabase(lambda: ""), parallel=parallel, clock=lambda: NOW, browser=browser)
    for name in ("_table", "_report", "_hosts", "_database", "_fetcher"):
        setattr(one, name, AsyncMock())
    one._fetcher.requests = 0  # type: ignore[union-attr]
    one._worker = 5
    return one


def taken(source: str = "courier", *, worker: int = 5, more: bool = False, document: bytes | None = None) -> Taken:
    return Taken(f"visit of {source}", document, Job(17, worker, source), more)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor a log: a traceback takes long to write."""
    monkeypatch.setattr(module, "log", Mock())
    for name in ("AGAIN", "LOOK", "BEAT"):
        monkeypatch.setattr(module, name, 0.0)


def taking(one: Scraper, answers: list[Taken | StoreBusy | None]) -> list[str]:
    """What a scraper does while the queue gives it these answers, until there are no more of them."""
    said: list[str] = []

    async def take(queues: list[str], worker: int) -> Taken | None:
        said.append(f"asked {','.join(queues)} as {worker}")
        answer = answers.pop(0)
        if not answers:
            one.stopping.set()
        if isinstance(answer, StoreBusy):
            raise answer
        return answer

    async def look() -> None:
        said.append("looked")
        await asyncio.sleep(0)

    async def make(which: Taken, _: object) -> None:
        said.append(f"made {which.job.queueing_lock}")

    async def pause(seconds: float) -> None:
        said.append("paused")

    one._table.take, one._look_again, one._make, one._pause = take, look, make, pause  # type: ignore[method-assign]
    one._table.register.return_value = 6  # type: ignore[attr-defined]
    done(lambda: one._take(Mock(), []))
    return said


def test_a_scraper_asks_again_at_once_only_where_more_visits_wait() -> None:
    one = scraper(parallel=9, browser=True)
    said = taking(one, [None, taken("herald", more=True), taken("courier"), None])
    asked = "asked visits,render as 5"
    assert [what for what in said if not what.startswith("made")] == [
        asked,
        "looked",
        asked,
        asked,
        "looked",
        asked,
        "looked",
    ]
    assert {what for what in said if what.startswith("made")} == {"made herald", "made courier"}
    assert one._visits == 2 and not one._running


def test_a_queue_that_cannot_be_asked_is_asked_again_under_a_new_number() -> None:
    said = taking(scraper(), [StoreBusy("away"), None, None])
    assert said == ["asked visits as 5", "paused", "asked visits as 6", "looked", "asked visits as 6", "looked"]


def test_a_scraper_without_a_place_asks_nothing_until_a_visit_ends() -> None:
    one = scraper(parallel=1)
    looks = 0

    async def go() -> None:
        end = asyncio.Event()
        visit = asyncio.create_task(end.wait())
        one._running[visit] = (taken(), "courier")  # type: ignore[index]
        visit.add_done_callback(one._ended)  # type: ignore[arg-type]

        async def look() -> None:
            nonlocal looks
            looks += 1
            assert one._full and not one._news.is_set()
            end.set()
            await visit
            await asyncio.sleep(0)
            assert one._news.is_set() and not one._full
            one.stopping.set()

        one._look_again = look  # type: ignore[method-assign]
        await one._take(Mock(), [])

    done(go)
    assert (looks, one._visits, one._table.take.await_count) == (1, 1, 0)  # type: ignore[attr-defined]


def test_a_helper_that_fails_ends_the_scraper() -> None:
    async def fails() -> None:
        raise WrongDocument("the desk is too old")

    async def go() -> None:
        helper = asyncio.create_task(fails())
        await asyncio.wait([helper])
        await scraper()._take(Mock(), [helper])

    with pytest.raises(WrongDocument, match="too old"):
        done(go)


def test_the_end_waits_for_visits_then_gives_back_every_number_and_says_good_bye(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, said = scraper(), []
    one._report.settings.side_effect = lambda: said.append("drains")  # type: ignore[attr-defined]

    async def go() -> None:
        end = asyncio.Event()
        helper = asyncio.create_task(asyncio.Event().wait())
        quick, slow = asyncio.create_task(end.wait()), asyncio.create_task(asyncio.Event().wait())
        one._running = {quick: (taken(worker=1), "a"), slow: (taken(worker=0), "b")}  # type: ignore[dict-item]
        monkeypatch.setattr(module, "time", Mock(monotonic=itertools.count().__next__))
        monkeypatch.setattr(module, "GRACE", 3)
        monkeypatch.setattr(module, "HURRY", 0.01)
        await asyncio.sleep(0)
        end.set()
        await one._end([helper])  # type: ignore[list-item]
        assert helper.cancelled() and slow.cancelled()

    done(go)
    assert said
    gone = sorted(call.args[0] for call in one._table.unregister.await_args_list)  # type: ignore[attr-defined]
    assert gone == [1, 5], "the number 0 is nobody's"
    one._report.leave.assert_awaited_once_with(one.name)  # type: ignore[attr-defined]
    one._hosts.settle.assert_awaited_once()  # type: ignore[attr-defined]
    one._fetcher.aclose.assert_awaited_once()  # type: ignore[union-attr]


def test_the_end_does_not_wait_for_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HURRY", 0.01)
    for trouble in (StoreBusy("away"), None):
        one = scraper()

        async def settle(told: StoreBusy | None = trouble) -> None:
            if told is not None:
                raise told
            await asyncio.Event().wait()

        one._hosts.settle = settle  # type: ignore[method-assign, assignment]
        done(lambda one=one: one._end([]))
        one._fetcher.aclose.assert_awaited_once()  # type: ignore[union-attr]
        one._report.settings.assert_not_awaited()  # type: ignore[attr-defined]


def test_a_run_is_given_until_it_is_taken_and_one_that_is_too_large_is_told_of() -> None:
    one = scraper()
    one._document = AsyncMock(return_value=b"the Run")  # type: ignore[method-assign]
    one._table.give_and_finish.side_effect = [StoreBusy("away"), StoreBusy('row violates check constraint "x"'), True]  # type: ignore[attr-defined]
    which = taken(document=b"asked")
    done(lambda: one._make(which, Mock()))
    first, second, third = (call.args for call in one._table.give_and_finish.await_args_list)  # type: ignore[attr-defined]
    assert first == second == (which, one.name, b"the Run")
    assert read_answer(third[2], ASKED, NOW) == NoRun("unfit", "its Run is too large")
    one._table.finish.assert_not_awaited()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answers", "asked"),
    [([None], 1), ([StoreBusy("away"), None], 2), ([StoreBusy("job not found")], 1), ([StoreBusy("away")] * 3, 3)],
)
def test_a_job_without_a_visit_is_finished_once(
    answers: list[Any], asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FINISHES", 3)
    one = scraper()
    one._table.finish.side_effect = answers  # type: ignore[attr-defined]
    done(lambda: one._make(taken(), Mock()))
    assert [call.args for call in one._table.finish.await_args_list] == [(17,)] * asked  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (StoodStill("asleep"), NoRun("stood still", "asleep")),
        (PacesAway("gone"), NoRun("stood still", "nobody could tell whose turn it is: gone")),
        (WrongDocument("is odd"), NoRun("unfit", "is odd")),
        (TimeoutError(), NoRun("stood still", "the visit did not end in its time")),
        (WorkerBug("x" * 3000 + "end"), NoRun("bug", "x" * 1997 + "end")),
        (KeyError("y" * 3000), NoRun("bug", f"KeyError('{'y' * 1990}")),
    ],
)
def test_a_visit_that_gives_no_run_says_why(error: Exception, told: NoRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Visitor, "make", AsyncMock(side_effect=error))
    one = scraper()
    answer = done(lambda: one._document(taken(), request_document(ASKED), Mock()))
    assert read_answer(answer, ASKED, NOW) == told


def test_a_visit_that_cannot_be_read_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = read_answer(done(lambda: scraper()._document(taken(), b"{", Mock())), ASKED, NOW)
    assert isinstance(answer, NoRun) and answer.trouble == "unfit" and answer.why


def test_the_run_of_a_visit_is_given_with_what_fits_and_its_first_stories_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "The old quay is closed until spring, the harbour office said."
    url = "https://courier.example/2026/the-old-quay-is-closed"
    record = to_record(Draft(title="Old quay closed", text=text), url=url, seed=SEED, first_seen=NOW)

    async def make(_: Visitor, request: VisitRequest, early: Callable[[list[Any]], Awaitable[None]]) -> Run:
        await early([record])
        return Run("courier", NOW, NOW, records=(record, record))

    monkeypatch.setattr(Visitor, "make", make)
    one, pool = scraper(), Mock()
    answer = read_answer(done(lambda: one._document(taken(), request_document(ASKED), pool)), ASKED, NOW)
    assert isinstance(answer, Run) and answer.records == (record,)
    assert one._fetcher.robots.reader is pool.robots  # type: ignore[union-attr]
    (visit, scraper_name, part) = one._table.give_part.await_args.args  # type: ignore[attr-defined]
    assert (visit, scraper_name) == ("visit of courier", one.name)
    assert read_answer(part, ASKED, NOW) == Run("courier", NOW, NOW, records=(record,))
    one._table.give_part.side_effect = StoreBusy("away")  # type: ignore[attr-defined]
    assert done(lambda: one._document(taken(), request_document(ASKED), pool)), "the Run brings them too"


def test_a_scraper_begins_when_the_database_answers_and_a_desk_was_there() -> None:
    one = scraper()
    one._worker, one._fetcher = 0, None
    one._report.settings.side_effect = [StoreBusy("away"), None, json.dumps(SETTINGS)]  # type: ignore[attr-defined]
    one._table.register.return_value = 7  # type: ignore[attr-defined]
    assert done(one._begin) is True
    assert (one._worker, one._settings) == (7, json.dumps(SETTINGS))
    assert one._fetcher is not None


def test_a_scraper_that_is_told_to_stop_begins_nothing() -> None:
    one = scraper()
    one._report.settings.side_effect = lambda: one.stopping.set()  # type: ignore[attr-defined]
    assert done(one._begin) is False
    assert done(one.run) is None
    one._table.register.assert_not_awaited()  # type: ignore[attr-defined]


def test_signs_of_life_are_given_for_every_number_and_settings_that_changed_are_applied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BEAT", 0.001)
    one = scraper()
    one._settings = "old"
    former = one._fetcher
    former.requests = 3  # type: ignore[union-attr]
    changed = json.dumps({**SETTINGS, "deadline": 30.0})
    one._table.place_of.return_value = (1, 4)  # type: ignore[attr-defined]
    one._report.settings.side_effect = [None, StoreBusy("away"), "old", changed, changed, asyncio.CancelledError()]  # type: ignore[attr-defined]

    async def go() -> None:
        other = asyncio.create_task(asyncio.Event().wait())
        one._running = {other: (taken(worker=9), "herald")}  # type: ignore[dict-item]
        try:
            await one._beat()
        finally:
            other.cancel()

    with pytest.raises(asyncio.CancelledError):
        done(go)
    beats = [call.args[0] for call in one._table.heartbeat.await_args_list]  # type: ignore[attr-defined]
    assert sorted(beats) == [5] * 6 + [9] * 6
    assert (one._place, one._settings) == ((1, 4), changed)
    name, facts = one._report.beat.await_args.args  # type: ignore[attr-defined]
    assert name == one.name and facts["sources"] == ["herald"]
    assert one._fetcher is not former and one._before == 3
    assert one.facts()["pages"] == 3, "requests of a fetcher that was replaced count too"


def test_the_facts_of_a_scraper(monkeypatch: pytest.MonkeyPatch) -> None:
    one, clock = scraper(browser=True), Mock(return_value=1000.0)
    monkeypatch.setattr(module, "time", Mock(monotonic=clock))
    monkeypatch.setattr(module, "BEAT", 5.0)
    one._running = {Mock(): (taken(), name) for name in "vutsrqponmlkjihgfedcba"}
    first = one.facts()
    assert (first["running"], first["sources"], first["pages_a_minute"]) == (22, list("abcdefghijklmnopqrst"), 0.0)
    assert (first["parallel"], first["browser"], first["format"], first["visits"]) == (2, True, FORMAT, 0)
    rates = []
    for now, requests in ((1002.0, 10), (1030.0, 20), (1060.0, 30), (1061.0, 31), (1100.0, 40), (1500.0, 50)):
        clock.return_value, one._fetcher.requests = now, requests  # type: ignore[union-attr]
        told = one.facts()
        assert told["pages"] == requests
        rates.append(told["pages_a_minute"])
    # of the first seconds as if they were five; then of a minute, or of what is remembered
    assert rates == [120.0, 40.0, 30.0, 21.4, 15.0, 1.5]


def test_a_scraper_looks_again_when_it_is_told_or_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 10 * PATIENCE)
    for event in ("_news", "stopping"):
        one = scraper()
        getattr(one, event).set()
        done(one._look_again)
        assert not one._news.is_set()


def test_a_scraper_listens_to_its_queues_and_ends_its_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Workers", Mock())
    module.Workers.return_value.__aenter__ = AsyncMock(return_value="pool")  # type: ignore[attr-defined]
    module.Workers.return_value.__aexit__ = AsyncMock(return_value=None)  # type: ignore[attr-defined]
    one, ready = scraper(browser=True), Mock()
    one._begin, one._end = AsyncMock(return_value=True), AsyncMock()  # type: ignore[method-assign]
    one._take = AsyncMock(side_effect=KeyError("bug"))  # type: ignore[method-assign]
    one._beat = AsyncMock()  # type: ignore[method-assign]

    async def go() -> None:
        with pytest.raises(KeyError, match="bug"):
            await one.run(ready)
        await asyncio.sleep(0)

    done(go)
    ready.assert_called_once_with(one.name)
    one._database.listen.assert_called_once_with(channels(["visits", "render"]), one._is_told)  # type: ignore[attr-defined]
    (pool, helpers), (ended,) = one._take.await_args.args, one._end.await_args.args  # type: ignore[union-attr]
    assert pool == "pool" and helpers is ended and len(helpers) == 2
    one._beat.assert_awaited_once()
