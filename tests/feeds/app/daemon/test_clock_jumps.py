"""Clocks that jump, and what was missed while the daemon was away: a fake clock, nothing is fetched (J2, J4)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.app.application import Application, open_application
from feeds.app.config.config import load
from feeds.app.daemon.daemon import Daemon
from feeds.app.daemon.scheduler import SPREAD_MISSED, WATCHDOG
from feeds.pipe import Kept
from scrapers import HostPace
from tests.support.stories import record_at
from tests.support.waiting import PATIENCE

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVERY = 1800.0


@dataclass
class Clocks:
    """Both clocks of a machine."""

    now: datetime = NOON
    passed: float = 0.0

    def wall(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.passed

    def go_on(self, seconds: float) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)
        self.passed += seconds

    def jump(self, seconds: float) -> None:
        """Somebody sets the clock, or the machine slept."""
        self.now += timedelta(seconds=seconds)


Case = Callable[[Daemon, Clocks], Awaitable[None]]


def run(folder: Path, case: Case, clocks: Clocks, sources: int = 3) -> None:
    """A daemon whose sources were all visited at noon and are due after their interval; its jobs are only looked at."""
    (folder / "seeds").mkdir(exist_ok=True)
    for n in range(sources):
        (folder / f"seeds/source-{n:03}.toml").write_text(f'home = "https://s{n}.example/"\nevery = "30m"\n')
    config = folder / "config.toml"
    config.write_text('contact = "mailto:desk@example.org"\n')

    async def work() -> None:
        async with open_application(load(config), daemon=True, clock=clocks.wall, workers=1) as app:
            daemon = Daemon(app, config, monotonic=clocks.monotonic)
            daemon.scheduler.wakeups.start(paused=True)
            await app.thread.call(_visited_at_noon, app)
            await daemon._after_clock(jumped=False)
            await case(daemon, clocks)
            daemon.scheduler.wakeups.shutdown(wait=False)

    asyncio.run(work())


def _visited_at_noon(app: Application) -> None:
    for name in app.installation.seeds:
        app.thread.store.sources.set_due(name, NOON + timedelta(seconds=EVERY))


def waits(daemon: Daemon, clocks: Clocks) -> list[float]:
    """For how many seconds each source waits."""
    return sorted((job.next_run_time - clocks.now).total_seconds() for job in daemon.scheduler.wakeups.get_jobs())


async def stored_dues(daemon: Daemon) -> set[datetime]:
    return set((await daemon.app.thread.call(daemon.app.thread.store.sources.dues)).values())


def test_time_that_passes_is_no_jump(tmp_path: Path) -> None:
    async def case(daemon: Daemon, clocks: Clocks) -> None:
        for _ in range(100):
            clocks.go_on(5.0)
            clocks.jump(0.5)  # as a clock is set right little by little
            assert await daemon.look_at_clock() == 0
        assert await stored_dues(daemon) == {NOON + timedelta(seconds=EVERY)}

    run(tmp_path, case, Clocks())


@pytest.mark.parametrize("back", [3600.0, 86400.0, 10 * 365 * 86400.0])
def test_a_clock_that_is_set_back_makes_nothing_wait_longer_than_its_interval(tmp_path: Path, back: float) -> None:
    async def case(daemon: Daemon, clocks: Clocks) -> None:
        clocks.go_on(5.0)
        clocks.jump(-back)
        assert await daemon.look_at_clock() == pytest.approx(-back)
        assert len(waits(daemon, clocks)) == 3
        assert max(waits(daemon, clocks)) <= EVERY
        assert await daemon.look_at_clock() == 0, "it is noticed once"

    run(tmp_path, case, Clocks())


def test_a_clock_set_back_while_the_daemon_was_away_stalls_nothing(tmp_path: Path) -> None:
    async def case(daemon: Daemon, clocks: Clocks) -> None:
        app = daemon.app
        app.fetcher.paces.put(HostPace("s0.example", retry_until=clocks.now.timestamp() + 3600))

    run(tmp_path, case, Clocks())
    before = Clocks(now=NOON - timedelta(days=3650))

    async def later(daemon: Daemon, clocks: Clocks) -> None:
        assert max(waits(daemon, clocks)) <= 86400
        asked = daemon.app.fetcher.paces.get("s0.example").retry_until - clocks.now.timestamp()
        assert 0 < asked <= 86400

    run(tmp_path, later, before)


def test_a_failing_source_keeps_its_back_off_over_a_jump(tmp_path: Path) -> None:
    async def case(daemon: Daemon, clocks: Clocks) -> None:
        app = daemon.app

        def fail() -> None:
            app.thread.store.db.execute("UPDATE source SET failures=9 WHERE name='source-000'")
            app.thread.store.sources.set_due("source-000", clocks.now + timedelta(hours=6))

        await app.thread.call(fail)
        clocks.jump(-7200.0)
        assert await daemon.look_at_clock()
        assert waits(daemon, clocks)[-1] == pytest.approx(8 * 3600)
        assert waits(daemon, clocks)[1] <= EVERY

    run(tmp_path, case, Clocks())


def test_after_a_sleep_what_was_missed_is_caught_up_once_and_spread(tmp_path: Path) -> None:
    async def case(daemon: Daemon, clocks: Clocks) -> None:
        clocks.jump(8 * 3600.0)  # the steady clock stands still while the machine sleeps
        assert await daemon.look_at_clock() == pytest.approx(8 * 3600)
        due = waits(daemon, clocks)
        assert len(due) == 200, "one job a source, however many visits were missed"
        assert due[0] >= 0
        assert due[-1] <= SPREAD_MISSED
        for start in range(0, 600, 60):  # evenly: no minute has more than twice its share
            assert sum(start <= wait < start + 60 for wait in due) <= 40

    run(tmp_path, case, Clocks(), sources=200)


def test_a_restart_visits_nothing_that_is_not_due(tmp_path: Path) -> None:
    async def case(daemon: Daemon, clocks: Clocks) -> None:
        assert min(waits(daemon, clocks)) == pytest.approx(EVERY - 60)

    run(tmp_path, case, Clocks(now=NOON + timedelta(seconds=60)), sources=30)


def test_no_date_of_a_story_moves_with_the_clock(tmp_path: Path) -> None:
    async def case(daemon: Daemon, clocks: Clocks) -> None:
        app = daemon.app

        def add() -> None:
            record = record_at("s0.example/a", "A story", "A story of some length.", NOON, source="source-000")
            with app.thread.store.transaction():
                app.thread.store.records.add(record, app.thread.store.stories.add(record, NOON), "new", NOON)

        def dates() -> list[tuple[object, ...]]:
            rows = app.thread.store.db.execute("SELECT id, published, updated, first_seen, recheck FROM record")
            return [tuple(row) for row in rows]

        await app.thread.call(add)
        before = await app.thread.call(dates)
        for seconds in (86400.0 * 400, -86400.0 * 800):
            clocks.jump(seconds)
            assert await daemon.look_at_clock()
        after = await app.thread.call(dates)
        assert [row[:4] for row in after] == [row[:4] for row in before]
        assert after[0][4] <= clocks.now.timestamp() + 86400  # type: ignore[operator]

    run(tmp_path, case, Clocks())


def test_visits_that_hang_are_noticed_and_a_long_pause_between_visits_is_no_hang(tmp_path: Path) -> None:
    async def case(daemon: Daemon, clocks: Clocks) -> None:
        clocks.go_on(86400.0)  # the only source is visited once a day
        hanging = daemon.scheduler.begin("source-000", asyncio.sleep(3600))  # type: ignore[arg-type]
        assert daemon.scheduler.stuck() is None
        clocks.go_on(WATCHDOG - 1)
        quick = daemon.scheduler.begin("source-001", asyncio.sleep(0))  # type: ignore[arg-type]
        await quick
        clocks.go_on(WATCHDOG - 1)
        assert daemon.scheduler.stuck() is None, "another one ended meanwhile"
        clocks.go_on(2)
        assert "no visit finished" in (daemon.scheduler.stuck() or "")
        hanging.cancel()
        await asyncio.wait([hanging])
        assert daemon.scheduler.stuck() is None

    run(tmp_path, case, Clocks())


def test_a_visit_beyond_its_deadline_is_ended_and_its_slot_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.app.jobs.queue.visit_queue.VISIT_SECONDS", -1.9)
    visited: list[str] = []

    async def case(daemon: Daemon, clocks: Clocks) -> None:
        async def visit(name: str, **_: object) -> Kept:
            visited.append(name)
            if name == "source-000":
                await asyncio.sleep(3600)
            return Kept(clocks.now + timedelta(hours=1), "ok", "")

        monkeypatch.setattr(daemon.app.jobs, "visit", visit)
        daemon.app.queue.places = asyncio.Semaphore(1)
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(daemon.scheduler.visit("source-000"), daemon.scheduler.visit("source-001"))
        assert visited == ["source-000", "source-001"]
        state = await daemon.app.thread.call(daemon.app.thread.store.sources.get, "source-000")
        assert state is not None
        assert state.state == "failing"
        assert clocks.now < state.due <= clocks.now + timedelta(days=1), "it is due again"

    run(tmp_path, case, Clocks())


def test_a_source_whose_time_comes_during_a_second_look_at_its_articles_is_visited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited: list[str] = []

    async def case(daemon: Daemon, clocks: Clocks) -> None:
        async def visit(name: str, **_: object) -> Kept:
            visited.append(name)
            return Kept(clocks.now + timedelta(hours=1), "ok", "")

        async def look_again() -> None:
            await asyncio.sleep(3600)

        monkeypatch.setattr(daemon.app.jobs, "visit", visit)
        again = daemon.scheduler.begin("revisit source-000", look_again())
        await daemon.scheduler._due("source-000")
        await asyncio.wait([daemon.scheduler.running["source-000"]])
        assert visited == ["source-000"]
        assert max(waits(daemon, clocks)) == pytest.approx(3600), "and it is due again"
        again.cancel()

    run(tmp_path, case, Clocks())


def test_a_bug_leaves_its_source_due_again_and_the_others_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def case(daemon: Daemon, clocks: Clocks) -> None:
        async def visit(name: str, *, kind: str = "visit") -> Kept:
            raise KeyError("nobody foresaw this")

        monkeypatch.setattr(daemon.app.jobs, "visit", visit)
        await daemon.scheduler.visit("source-000")
        source = await daemon.app.thread.call(daemon.app.thread.store.sources.get, "source-000")
        assert source is not None and source.state == "failing"
        assert "a bug of copydesk: KeyError" in source.cause
        assert clocks.now < source.due <= clocks.now + timedelta(hours=2)
        job = daemon.scheduler.wakeups.get_job("visit:source-000")
        assert job is not None and job.trigger.run_date == source.due
        assert sorted(waits(daemon, clocks))[:2] == [EVERY, EVERY]

    run(tmp_path, case, Clocks())


@pytest.mark.parametrize("frozen", [True, False])
def test_a_daemon_that_was_stopped_for_long_does_not_take_itself_for_stuck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frozen: bool
) -> None:
    clocks = Clocks()
    pauses = [1800.0] if frozen else [5.0] * 400  # one pause of five seconds that took so long, or as many of them

    async def case(daemon: Daemon, clocks: Clocks) -> None:
        async def pause(seconds: float) -> None:
            clocks.go_on(pauses.pop())
            if not pauses:
                daemon.stopping.set()

        monkeypatch.setattr(daemon, "_pause", pause)
        daemon.scheduler.begin("source-000", asyncio.sleep(3600))
        await daemon._watchdog()
        assert daemon.exit_code == (0 if frozen else 1)
        troubles = await daemon.app.thread.call(daemon.app.thread.store.troubles.all)
        assert [one.kind for one in troubles] == ([] if frozen else ["hang"])
        await _end(daemon)

    run(tmp_path, case, clocks)


async def _end(daemon: Daemon) -> None:
    for task in list(daemon.scheduler.running.values()):
        task.cancel()
    await asyncio.gather(*daemon.scheduler.running.values(), return_exceptions=True)
