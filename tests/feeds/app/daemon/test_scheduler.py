"""When sources are due: after each end of a visit, at the start, and for articles that are looked at again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from feeds import pipe
from feeds.app.daemon import scheduler as module
from feeds.app.daemon.scheduler import Scheduler, visit_and_repair
from feeds.app.jobs.visits import StoodStill, VisitFailed
from feeds.errors import StoreBusy, StoreUnusable
from feeds.pipe import Kept
from tests.support.stores import call_at_once

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEPT = Kept(NOW + HOUR, "ok", "")


class Desk:
    """A scheduler over an application that notes what it is told, in a loop whose jobs are never begun by time."""

    def __init__(self) -> None:
        @contextlib.asynccontextmanager
        async def place(kind: str) -> AsyncIterator[None]:
            self.places.append(kind)
            yield

        self.places: list[str] = []
        self.now, self.seconds = NOW, 1000.0
        self.store = Mock()
        self.app: Any = SimpleNamespace(
            thread=SimpleNamespace(call=call_at_once, store=self.store), clock=lambda: self.now, paused=None,
            installation=SimpleNamespace(seeds={"courier": 1, "herald": 2}),
            queue=SimpleNamespace(place=place, elsewhere=False, hurry=AsyncMock()),
            jobs=SimpleNamespace(visit=AsyncMock(return_value=KEPT), revisit=AsyncMock(return_value=KEPT)),
            repairs=SimpleNamespace(mend=AsyncMock(return_value=False)), statistics=Mock(),
        )  # fmt: skip
        self.changed = Mock()
        self.stopping = asyncio.Event()
        self.scheduler = Scheduler(self.app, self.stopping, self.changed, lambda: self.seconds)

    def dues(self) -> dict[str, datetime]:
        """When each source is due."""
        return {job.args[0]: job.trigger.run_date for job in self.scheduler.wakeups.get_jobs()}


@pytest.fixture
def bugs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mock]:
    with contextlib.closing(Mock(return_value=NOW + 2 * HOUR)) as bug:
        monkeypatch.setattr(pipe, "bug", bug)
        yield bug


def test_after_a_visit_a_source_is_due_as_it_was_kept() -> None:
    async def go() -> None:
        desk = Desk()
        await desk.scheduler.visit("courier", "fetch")
        assert (desk.dues(), desk.places) == ({"courier": NOW + HOUR}, ["fetch"])
        desk.app.jobs.visit.assert_awaited_once_with("courier", kind="fetch")
        desk.changed.assert_not_called()
        desk.app.jobs.visit.return_value = Kept(NOW, "ok", "", fresh=("a",))
        await desk.scheduler.visit("nobody")
        assert desk.dues() == {"courier": NOW + HOUR}, "its seed is gone"
        desk.changed.assert_called_once_with()
        desk.stopping.set()
        await desk.scheduler.visit("herald")
        assert desk.dues() == {"courier": NOW + HOUR}, "the daemon stops"

    asyncio.run(go())


def test_while_visits_pause_a_source_is_due_later() -> None:
    async def go() -> None:
        desk = Desk()
        desk.app.paused = "the disk is full"
        await desk.scheduler.visit("courier")
        assert (desk.dues(), desk.places) == ({"courier": NOW + timedelta(minutes=5)}, [])

    asyncio.run(go())


@pytest.mark.parametrize(("seconds", "repaired", "mended"), [(299, True, True), (300, True, False), (0, False, False)])
def test_a_source_that_was_repaired_is_due_at_once_where_its_visit_left_time(
    seconds: float, repaired: bool, mended: bool
) -> None:
    async def go() -> None:
        desk = Desk()

        async def visit(*_: object, **__: object) -> Kept:
            desk.now += timedelta(seconds=seconds)
            return KEPT

        desk.app.jobs.visit = visit
        desk.app.repairs.mend.return_value = repaired
        kept = await visit_and_repair(desk.app, "courier")
        assert kept.due == (desk.now if mended else KEPT.due)

    asyncio.run(go())


@pytest.mark.parametrize(
    ("error", "due", "is_bug"),
    [
        (StoodStill("asleep"), timedelta(minutes=1), False),
        (VisitFailed("no run"), timedelta(minutes=5), False),
        (StoreUnusable("damaged"), timedelta(minutes=5), False),
        (StoreBusy("busy"), timedelta(minutes=5), False),
        (ValueError("x" * 500), 2 * HOUR, True),
    ],
)
def test_after_an_error_a_source_is_due_again(error: Exception, due: timedelta, is_bug: bool, bugs: Mock) -> None:
    async def go() -> None:
        desk = Desk()
        desk.app.jobs.visit.side_effect = error
        await desk.scheduler.visit("courier")
        assert desk.dues() == {"courier": NOW + due}
        if is_bug:
            desk.app.statistics.bug.assert_called_once_with(error, "courier")
            bugs.assert_called_once_with(desk.store, "courier", repr(error)[:200], NOW)
        else:
            assert not desk.app.statistics.bug.called and not bugs.called

    asyncio.run(go())


@pytest.mark.parametrize(
    ("error", "counted"), [(StoreBusy("busy"), 1), (StoreUnusable("damaged"), 1), (KeyError(1), 2)]
)
def test_a_bug_that_is_not_kept_leaves_a_source_due(error: Exception, counted: int, bugs: Mock) -> None:
    async def go() -> None:
        desk = Desk()
        desk.app.jobs.visit.side_effect = ValueError("x")
        bugs.side_effect = error
        await desk.scheduler.visit("courier")
        assert desk.dues() == {"courier": NOW + timedelta(minutes=5)}
        assert desk.app.statistics.bug.call_count == counted

    asyncio.run(go())


def test_all_sources_with_a_seed_are_due_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go() -> None:
        desk = Desk()
        desk.scheduler._schedule("gone", NOW)
        desk.store.sources.dues.return_value = {"courier": NOW - HOUR, "herald": NOW + HOUR, "other": NOW}
        await desk.scheduler.schedule_all()
        assert desk.dues() == {"courier": NOW - HOUR, "herald": NOW + HOUR}
        many = {f"paper-{n}": NOW - n * HOUR for n in range(21)}
        desk.app.installation.seeds = {**many, "herald": 2}
        desk.store.sources.dues.return_value = {**many, "herald": NOW + HOUR}
        await desk.scheduler.schedule_all()
        waits = [(due - NOW).total_seconds() for name, due in desk.dues().items() if name in many]
        assert len(waits) == 21 and 0 <= min(waits) < 100 and 500 < max(waits) < 600, "spread over ten minutes"
        assert desk.dues()["herald"] == NOW + HOUR
        del desk.app.installation.seeds["paper-0"]
        await desk.scheduler.schedule_all()
        assert sorted(due for name, due in desk.dues().items() if name in many) == sorted(list(many.values())[1:])

    asyncio.run(go())


def test_a_visit_that_is_asked_for_is_made_or_hurried_and_a_due_one_is_not_made_twice() -> None:
    async def go() -> None:
        desk = Desk()
        await desk.scheduler.visit_now("courier")
        desk.app.jobs.visit.assert_awaited_once_with("courier", kind="fetch")
        desk.app.queue.hurry.assert_not_awaited()
        assert desk.scheduler.running == {}
        wait = asyncio.Event()
        task = desk.scheduler.begin("courier", _until(wait))
        assert task.get_name() == "visit:courier"
        await desk.scheduler._due("courier")
        await desk.scheduler._due("nobody")
        assert desk.scheduler.running == {"courier": task}
        asked = asyncio.create_task(desk.scheduler.visit_now("courier"))
        while not desk.app.queue.hurry.await_count:
            await asyncio.sleep(0)
        wait.set()
        await asked
        desk.app.queue.hurry.assert_awaited_once_with("courier")
        desk.stopping.set()
        await desk.scheduler._due("herald")
        assert desk.scheduler.running == {}
        assert desk.app.jobs.visit.await_count == 1

    asyncio.run(go())


async def _until(event: asyncio.Event) -> None:
    await event.wait()


def test_visits_that_do_not_end_are_told_and_requests_of_commands_are_none() -> None:
    async def go() -> None:
        desk, wait = Desk(), asyncio.Event()
        desk.seconds += 5000
        request = desk.scheduler.begin("request 1", _until(wait))
        assert (desk.scheduler.stuck(), desk.scheduler.last_finished) == (None, 6000)
        desk.scheduler.begin("courier", _until(wait))
        desk.seconds += 900
        assert desk.scheduler.stuck() is None
        desk.scheduler.begin("herald", _until(wait))
        desk.seconds += 1
        assert desk.scheduler.stuck() == "no visit finished for 900 s while 2 run"
        desk.app.queue.elsewhere = True
        assert desk.scheduler.stuck() is None
        desk.app.queue.elsewhere = False
        desk.scheduler.stood_still(1)
        assert desk.scheduler.stuck() is None
        request.cancel()
        await asyncio.wait([request])
        assert (desk.scheduler.last_finished, set(desk.scheduler.running)) == (6001, {"courier", "herald"})
        wait.set()
        await asyncio.wait(desk.scheduler.running.values())
        assert (desk.scheduler.last_finished, desk.scheduler.running) == (6901, {})

    asyncio.run(go())


def test_a_run_that_was_kept_elsewhere() -> None:
    async def go() -> None:
        desk, wait = Desk(), asyncio.Event()
        changed = Kept(NOW + HOUR, "ok", "", topics=frozenset("t"))
        running = desk.scheduler.begin("herald", _until(wait))
        for name in ("courier", "herald", "nobody"):
            desk.scheduler.kept_elsewhere(name, changed)
        assert (desk.dues(), desk.changed.call_count) == ({"courier": NOW + HOUR}, 3)
        desk.stopping.set()
        desk.scheduler.kept_elsewhere("courier", KEPT)
        desk.scheduler.kept_elsewhere("courier", Kept(NOW, "ok", ""))
        assert (desk.dues(), desk.changed.call_count) == ({"courier": NOW + HOUR}, 3)
        wait.set()
        await running

    asyncio.run(go())


def test_young_articles_are_looked_at_again_by_source(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go() -> None:
        desk = Desk()
        records = [
            SimpleNamespace(record=SimpleNamespace(id=f"{s}{n}", source=s)) for s in ("a", "b") for n in range(40)
        ]
        desk.store.records.rechecks_due.return_value = records
        paused: list[float] = []

        async def pause(seconds: float) -> None:
            paused.append(seconds)
            await asyncio.gather(*desk.scheduler.running.values())
            desk.app.paused = None
            desk.scheduler._not_before = {"a": desk.seconds + 1, "b": desk.seconds}
            if len(paused) == 3:
                desk.stopping.set()

        desk.app.paused = "the disk is full"
        await desk.scheduler.revisit_young(pause)
        assert paused == [15.0, 5.0, 5.0]
        asked = [(one.args[0], len(one.args[1])) for one in desk.app.jobs.revisit.await_args_list]
        assert asked == [("b", 30), ("b", 30)], "that one rests"
        assert desk.places == ["revisit"] * 2
        desk.store.records.rechecks_due.assert_called_with(NOW)

    asyncio.run(go())


@pytest.mark.parametrize(
    ("error", "postponed", "is_bug"),
    [(StoreBusy("x"), False, False), (StoodStill("x"), False, False), (VisitFailed("x"), False, False),
     (StoreUnusable("x"), True, False), (ValueError("x"), True, True)],
)  # fmt: skip
@pytest.mark.parametrize("kept", [True, False])
def test_a_second_look_that_fails_is_made_later(
    error: Exception, postponed: bool, is_bug: bool, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    postpone = Mock(side_effect=None if kept else StoreBusy("busy"))
    monkeypatch.setattr(pipe, "postpone", postpone)

    async def go() -> None:
        desk = Desk()
        desk.app.jobs.revisit.side_effect = error
        await desk.scheduler._revisit("courier", [Mock(id="urn:1"), Mock(id="urn:2")])
        assert desk.app.statistics.bug.called is is_bug
        if postponed:
            postpone.assert_called_once_with(desk.store, ["urn:1", "urn:2"], NOW + HOUR)
        else:
            postpone.assert_not_called()
        assert desk.scheduler._not_before == ({"courier": 1000.0 + 3600} if postponed and not kept else {})

    asyncio.run(go())


def test_what_a_second_look_changed_is_published() -> None:
    async def go() -> None:
        desk = Desk()
        await desk.scheduler._revisit("courier", [])
        desk.changed.assert_not_called()
        desk.app.jobs.revisit.return_value = Kept(NOW, "ok", "", revised=("a",))
        await desk.scheduler._revisit("courier", [])
        desk.changed.assert_called_once_with()

    asyncio.run(go())


def test_the_scheduler_starts_and_stops() -> None:
    async def go() -> None:
        desk, wait = Desk(), asyncio.Event()
        desk.scheduler.start()
        task = desk.scheduler.begin("courier", _until(wait))
        assert desk.scheduler.stop() == [task]
        wait.set()
        await task
        module._scheduler_trouble(SimpleNamespace(job_id="visit:courier", exception=None))  # type: ignore[arg-type]

    asyncio.run(go())


def test_a_visit_that_is_late_is_begun_all_the_same_and_several_are_one() -> None:
    async def go() -> None:
        wakeups = Scheduler(Desk().app, asyncio.Event(), Mock()).wakeups
        wakeups.start(paused=True)
        try:
            job = wakeups.add_job(lambda: None, "date", run_date=NOW)
            assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
        finally:
            wakeups.shutdown(wait=False)

    asyncio.run(go())
