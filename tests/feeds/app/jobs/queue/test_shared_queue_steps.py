"""Each step of a shared queue, over tables in memory: when it asks, what it keeps, whom it tells."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from feeds.app.config.config import Config
from feeds.app.jobs.queue import opening
from feeds.app.jobs.queue import shared_queue as module
from feeds.app.jobs.queue.documents import FORMAT, NoRun, WrongDocument, no_run_document, request_document, run_document
from feeds.app.jobs.queue.places import Places
from feeds.app.jobs.queue.settings import read_settings, scraper_settings
from feeds.app.jobs.queue.shared_queue import ScraperBug, SharedQueue
from feeds.app.jobs.visits import Kind, StoodStill, VisitFailed, VisitRequest
from feeds.errors import StoreBusy
from feeds.store.queue.database import WorkDatabase
from feeds.store.queue.visits import ANSWERS, Answer
from scrapers import Draft, Past, Run, Seed, to_record
from tests.support.waiting import done

pytest.importorskip("psycopg")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed("courier", home="https://courier.example/")
ASKED = VisitRequest(SEED)
RUN = Run("courier", NOW, NOW)


def queue() -> SharedQueue:
    """One with tables in memory."""
    statistics = SimpleNamespace(counts={("failure", "refused run"): 0})
    config = Config(contact="mailto:desk@example.org")
    one: Any = SharedQueue(WorkDatabase(lambda: ""), AsyncMock(), AsyncMock(), statistics, lambda: config, lambda: NOW)  # type: ignore[arg-type]
    for name in ("_table", "_report", "_hosts", "_database"):
        setattr(one, name, AsyncMock())
    return one  # type: ignore[no-any-return]


def answer(found: Run | NoRun, request: VisitRequest = ASKED, *, visit: str = "7") -> Answer:
    document = run_document(found) if isinstance(found, Run) else no_run_document(found)
    return Answer(visit, request.seed.name, "a scraper", request_document(request), document)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AGAIN", "RESCUE"):
        monkeypatch.setattr(module, name, 0.0)
    monkeypatch.setattr(module, "log", Mock())


@pytest.mark.parametrize(
    ("channel", "payload", "waits"), [("", "", True), (ANSWERS, "part", True), (ANSWERS, "whole", False)]
)
def test_news_of_a_part_or_of_a_new_connection_let_parts_be_looked_for(channel: str, payload: str, waits: bool) -> None:
    one: Any = queue()
    one._parts_wait = False
    one._is_told(channel, payload)
    assert (one._parts_wait, one._news.is_set()) == (waits, True)
    one._is_told(ANSWERS, "whole")
    assert one._parts_wait is waits, "what was told before is not forgotten"


def test_the_work_listens_keeps_answers_and_rescues_visits() -> None:
    one: Any = queue()
    one._keep_answers, one._rescue = AsyncMock(), AsyncMock()
    done(one.work)
    one._database.listen.assert_awaited_once_with([ANSWERS], one._is_told)
    one._keep_answers.assert_awaited_once()
    one._rescue.assert_awaited_once()


def kept(one: Any, answers: list[Any], parts: list[Any]) -> list[str]:
    """What is asked while the tables give this, until there are no more answers; "slept" where it waits for news."""
    said: list[str] = []

    def given(name: str, rows: list[Any]) -> Callable[[int], Awaitable[Any]]:
        async def give(_: int) -> Any:
            said.append(name)
            if not rows:
                raise asyncio.CancelledError
            found = rows.pop(0)
            if isinstance(found, Exception):
                raise found
            return found

        return give

    async def wait() -> None:
        said.append("slept")

    one._table.parts, one._table.answers = given("parts", parts), given("answers", answers)
    one._take_in, one._take_in_part = AsyncMock(), AsyncMock()
    one._news = Mock(wait=wait)
    with pytest.raises(asyncio.CancelledError):
        done(one._keep_answers)
    return said


def test_parts_are_asked_for_when_some_may_wait_and_again_at_once_after_as_many_as_are_read() -> None:
    one: Any = queue()
    many = [(n, f"part {n}") for n in range(module.MOST)]
    said = kept(one, [[], [], []], [many, [(9, "part 9")]])
    assert said == ["parts", "answers", "parts", "answers", "slept", "answers", "slept", "answers"]
    assert [call.args for call in one._take_in_part.await_args_list] == [*many, (9, "part 9")]


def test_answers_are_asked_for_again_at_once_after_as_many_as_are_read() -> None:
    one: Any = queue()
    one._parts_wait = False
    many = [f"answer {n}" for n in range(module.MOST)]
    assert kept(one, [many, many[1:], []], []) == ["answers", "answers", "slept", "answers", "slept", "answers"]
    assert [call.args[0] for call in one._take_in.await_args_list] == [*many, *many[1:]]


def test_a_database_that_is_away_is_asked_again_and_told_of_once() -> None:
    one: Any = queue()
    away = [StoreBusy("away")]
    assert kept(one, [*away, *away, [], *away], [[]]) == ["parts", *["answers"] * 3, "slept", *["answers"] * 2]
    assert module.log.warning.call_count == 2, "once for each time that it is away"  # type: ignore[attr-defined]


def test_parts_are_looked_for_after_a_while_without_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.001)
    one: Any = queue()
    one._parts_wait = False
    one._table.answers.side_effect = [[], [], asyncio.CancelledError]
    one._table.parts.return_value = []
    with pytest.raises(asyncio.CancelledError):
        done(one._keep_answers)
    assert [call.args for call in one._table.parts.await_args_list] == [(module.MOST,)] * 2


@pytest.mark.parametrize(
    ("found", "error", "said"),
    [
        (NoRun("stood still", "asleep"), StoodStill, "asleep"),
        (NoRun("bug", "KeyError"), ScraperBug, "KeyError"),
        (NoRun("unfit", "too large"), VisitFailed, "too large"),
        (
            Run("herald", NOW, NOW),
            VisitFailed,
            "what a scraper gave was refused: is no run of courier: it is of 'herald'",
        ),
    ],
)
def test_who_waits_for_a_visit_is_told_why_it_gave_nothing(
    found: Run | NoRun, error: type[Exception], said: str
) -> None:
    one: Any = queue()

    async def go() -> None:
        waiter = one._waiting["courier"] = asyncio.get_running_loop().create_future()
        await one._take_in(answer(found))
        with pytest.raises(error, match=said):
            await waiter

    done(go)
    one._table.done.assert_awaited_once_with("7")
    assert (one._kept, one._waiting) == (["7"], {})
    assert one._statistics.counts["failure", "refused run"] == int(isinstance(found, Run))
    one._keeper.keep.assert_not_awaited()


@pytest.mark.parametrize(("kind", "told"), [("fetch", "visit"), ("backfill", "backfill"), ("revisit", "revisit")])
def test_who_waits_for_a_visit_is_given_its_kind_and_what_was_kept(kind: Kind, told: Kind) -> None:
    one: Any = queue()
    one._keeper.keep.return_value = "kept"
    one._kept, one.on_kept = ["5", "6"], Mock()
    one._parts["7"], one._asked["7"] = SimpleNamespace(filed={}), VisitRequest(SEED, kind)

    async def go() -> None:
        waiter = one._waiting["courier"] = asyncio.get_running_loop().create_future()
        await one._take_in(answer(RUN))
        assert waiter.result() == (told, "kept")

    done(go)
    (call,) = one._keeper.keep.await_args_list
    assert call.args[:2] == (RUN, VisitRequest(SEED, kind)) and call.args[2] is not None
    assert call.kwargs == {"visit": "7", "forget": ["5", "6"]}
    assert (one._kept, one._parts, one._asked) == (["7"], {}, {})
    one.on_kept.assert_not_called()


def test_a_run_that_nobody_waits_for_is_told_to_the_desk() -> None:
    one: Any = queue()
    one._keeper.keep.return_value, one.on_kept = "kept", Mock()
    done(lambda: one._take_in(answer(RUN)))
    one.on_kept.assert_called_once_with("courier", "kept")
    done(lambda: one._take_in(answer(NoRun("bug", "x"))))
    one.on_kept.assert_called_once()


def test_a_run_that_cannot_be_kept_yet_stays_and_its_ids_are_remembered() -> None:
    one: Any = queue()
    one._kept = ["5"]
    one._keeper.keep.side_effect = StoreBusy("away")
    with pytest.raises(StoreBusy):
        done(lambda: one._take_in(answer(RUN)))
    one._table.done.assert_not_awaited()
    assert one._kept == ["5"]


def test_what_was_filed_of_a_part_is_not_looked_at_again() -> None:
    text = "The old quay is closed until spring, the harbour office said."
    url = "https://courier.example/2026/the-old-quay-is-closed"
    record = to_record(Draft(title="Old quay closed", text=text), url=url, seed=SEED, first_seen=NOW)
    one: Any = queue()
    one._parts["7"] = SimpleNamespace(filed={record.key: record})
    done(lambda: one._take_in(answer(Run("courier", NOW, NOW, records=(record,)))))
    (given,) = one._keeper.keep.await_args.args[0].records
    assert given is record


@pytest.mark.parametrize(
    ("found", "request_", "refused"),
    [
        (RUN, ASKED, False),
        (RUN, VisitRequest(SEED, past=Past(last_success=NOW)), True),
        (NoRun("bug", "x"), ASKED, True),
        (Run("herald", NOW, NOW), ASKED, True),
    ],
)
def test_a_part_is_kept_once_of_a_first_visit_alone(found: Run | NoRun, request_: VisitRequest, refused: bool) -> None:
    one: Any = queue()
    for _ in range(2):
        done(lambda: one._take_in_part(3, answer(found, request_)))
    assert one._keeper.keep_part.await_count == (0 if refused else 2)
    assert one._statistics.counts["failure", "refused run"] == (2 if refused else 0)
    assert len({id(call.args[2]) for call in one._keeper.keep_part.await_args_list}) <= 1, "both are of one visit"
    assert [call.args for call in one._table.part_done.await_args_list] == [(3,), (3,)]


@pytest.mark.parametrize(
    ("kind", "render", "queue_", "priority"),
    [
        ("visit", False, "visits", 0),
        ("fetch", True, "render", 20),
        ("backfill", False, "visits", 10),
        ("revisit", False, "visits", -10),
    ],
)
def test_a_visit_is_asked_for_in_its_queue_with_its_priority(
    kind: Kind, render: bool, queue_: str, priority: int
) -> None:
    one: Any = queue()
    seed = Seed("courier", home="https://courier.example/", render=render)
    request = VisitRequest(seed, kind)
    one._waiting["courier"] = None
    one._table.ask.side_effect = [StoreBusy("away"), "7"]
    done(lambda: one._ask(request, b"asked"))
    assert one._asked == {"7": request}
    one._table.ask.assert_awaited_with("courier", b"asked", queue=queue_, priority=priority)
    for waiting, visit in (({"courier": None}, None), ({}, "8")):
        one._asked, one._waiting = {}, waiting
        one._table.ask.side_effect = [visit]
        done(lambda: one._ask(request, b"asked"))
        assert one._asked == {}, "there was one already, or it is answered already"


def test_a_visit_that_nobody_could_ask_for_leaves_nobody_waiting() -> None:
    one: Any = queue()
    one._table.ask.side_effect = WrongDocument("odd")
    with pytest.raises(WrongDocument):
        done(lambda: one.visit(ASKED))
    assert one._waiting == {}


def test_a_visit_of_another_kind_is_waited_for_and_ours_is_asked_for_then() -> None:
    one: Any = queue()

    async def ask(*_: object, **__: object) -> str:
        kind = "revisit" if one._table.ask.await_count == 1 else "visit"
        one._waiting.pop("courier").set_result((kind, f"kept by a {kind}"))
        return "7"

    one._table.ask.side_effect = ask
    assert done(lambda: one.visit(VisitRequest(SEED, "fetch"))) == "kept by a visit"
    assert one._table.ask.await_count == 2


def test_a_person_who_waits_is_put_first() -> None:
    one: Any = queue()
    done(lambda: one.hurry("courier"))
    one._table.hurry.assert_awaited_once_with("courier", 20)


def test_the_report_tells_how_many_wait_for_a_place() -> None:
    one: Any = queue()
    one._report.all.return_value = {"scrapers": 3}
    assert done(one.report) == {"scrapers": 3, "wait_for_a_place": 0}


@pytest.mark.parametrize(("kind", "places"), [("visit", 1), ("revisit", 1), ("fetch", 0), ("backfill", 0)])
def test_what_a_person_asked_for_needs_no_place(kind: Kind, places: int) -> None:
    one: Any = queue()

    async def go() -> None:
        async with one.place(kind):
            assert one.places.taken == places
        assert one.places.taken == 0

    done(go)


def test_visits_are_rescued_settings_are_told_when_they_change_and_old_hosts_forgotten_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one: Any = queue()
    clock = Mock(return_value=module.TIDY + 1)
    monkeypatch.setattr(module, "time", Mock(monotonic=clock))
    one._table.rescue.side_effect = [0, 2, StoreBusy("away"), 0, asyncio.CancelledError]
    one.places = Mock()
    with pytest.raises(asyncio.CancelledError):
        done(one._rescue)
    told = json.dumps(scraper_settings(one._config()), sort_keys=True)
    assert [call.args for call in one._report.settle.await_args_list] == [(told,), (told,)], "again after an outage"
    one._hosts.forget_old.assert_awaited_once()
    assert one.places.wake.call_count == 4
    module.log.warning.assert_any_call("visits of scrapers that are gone go to others", visits=2)  # type: ignore[attr-defined]
    assert module.log.warning.call_count == 2  # type: ignore[attr-defined]


def test_as_many_places_as_visits_end_in_five_minutes_within_bounds() -> None:
    now = 1000.0
    places = Places(lambda: now)
    assert places.limit == 100
    for ended, limit in ((20, 100), (21, 105), (400, 2000), (401, 2000)):
        while len(places._ends) < ended:
            places.taken += 1
            places.give_back()
        assert (places.limit, places.taken) == (limit, 0)
    now += 60.0
    assert places.limit == 2000, "the last minute with its ends"
    now += 0.5
    assert places.limit == 100


def test_places_are_given_in_the_order_of_requests_and_one_that_is_cancelled_is_passed_on() -> None:
    places = Places(lambda: 0.0)
    places.taken = 100

    async def go() -> None:
        first, second, third = (asyncio.create_task(places.take()) for _ in range(3))
        await asyncio.sleep(0)
        assert places.waiting == 3
        first.cancel()
        await asyncio.wait([first])
        places.give_back()
        second.cancel()  # it was given its place in this moment
        await asyncio.wait([second])
        await third
        assert (places.taken, places.waiting) == (100, 0)

    done(go)


def test_settings_are_read_as_they_were_told_within_one_format_of_ours() -> None:
    config = Config(contact="mailto:desk@example.org")
    told = scraper_settings(config)
    read = read_settings(json.dumps(told))
    assert {name: getattr(read, name) for name in told} == {**told, "allow_networks": config.fetch.allow_networks}
    for number in (FORMAT - 1, FORMAT + 1):
        assert read_settings(json.dumps({**told, "format": number})).format == number
    least = max(1, FORMAT - 1)
    for number, which in ((FORMAT - 2, "the desk"), (FORMAT + 2, "this scraper")):
        words = f"the desk speaks format {number}, this scraper {least} to {FORMAT + 1}; upgrade {which}"
        with pytest.raises(WrongDocument, match=words):
            read_settings(json.dumps({**told, "format": number}))
    for text in ("", "[]", "{}", '{"format": "x"}', json.dumps({**told, "deadline": "x"})):
        with pytest.raises(WrongDocument, match="cannot be read"):
            read_settings(text)


@pytest.mark.parametrize("trouble", [None, "open", "prepare", "work", "settle"])
def test_the_work_database_is_opened_made_and_closed_whatever_happens(
    trouble: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def step(name: str) -> Callable[[], Awaitable[None]]:
        async def take() -> None:
            said.append(name)
            if name == trouble:
                raise StoreBusy("away")

        return take

    database = SimpleNamespace(open=step("open"), prepare=step("prepare"), close=step("close"))
    hosts = SimpleNamespace(settle=step("settle"))
    monkeypatch.setattr(opening, "WorkDatabase", Mock(return_value=database))
    monkeypatch.setattr(opening, "SharedHosts", Mock(return_value=hosts))

    async def go() -> None:
        async with opening.open_work(str) as work:
            assert (work.database, work.hosts) == (database, hosts)
            await step("work")()

    if trouble is None:
        done(go)
    else:
        with pytest.raises(StoreBusy):
            done(go)
    steps = ["open", "prepare", "work", "settle"]
    assert said == [*steps[: steps.index(trouble) + 1 if trouble else 4], "close"]
    opening.WorkDatabase.assert_called_once_with(str)  # type: ignore[attr-defined]


def test_the_end_waits_for_turns_to_be_given_back_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    database, hosts = AsyncMock(), SimpleNamespace(settle=asyncio.Event().wait)
    monkeypatch.setattr(opening, "WorkDatabase", Mock(return_value=database))
    monkeypatch.setattr(opening, "SharedHosts", Mock(return_value=hosts))
    monkeypatch.setattr(opening, "HURRY", 0.01)

    async def go() -> None:
        async with opening.open_work(str):
            pass

    done(go)
    database.close.assert_awaited_once_with()


def test_connections_to_the_work_database_have_two_seconds_to_end() -> None:
    database: Any = WorkDatabase(lambda: "")
    database._pool = AsyncMock()
    done(database.close)
    database._pool.close.assert_awaited_once_with(timeout=2.0)
