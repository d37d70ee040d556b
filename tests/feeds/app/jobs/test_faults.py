"""The program's own faults harm one source and are told: bugs, worn-out workers, a stop that takes too long."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from feeds import pipe
from feeds.app.application import open_application
from feeds.app.config.config import load
from feeds.app.daemon.once import once
from feeds.app.daemon.scheduler import Scheduler
from feeds.app.jobs import statistics, visits
from feeds.app.jobs.queue import visit_queue
from feeds.app.workers import pool as workers
from feeds.app.workers.pool import Workers
from feeds.errors import StoreBusy, StoreUnusable
from scrapers import Failure, Front, Page, Run, Seed
from tests.support.waiting import PATIENCE

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_bug_in_one_source_stops_no_other_and_its_trace_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "seeds").mkdir()
    for name in ("bad", "good"):
        (tmp_path / f"seeds/{name}.toml").write_text(f'home = "https://{name}.example/"\n')
    (tmp_path / "config.toml").write_text('contact = "mailto:desk@example.org"\n')
    now = NOW
    told: list[dict[str, Any]] = []

    async def scrape(seed: Seed, *_: object, **__: object) -> Run:
        if seed.name == "bad":
            raise KeyError("nobody foresaw this")
        return Run(source=seed.name, started=now, finished=now, fronts=(Front(seed.home),), links=3)

    class Log:
        def error(self, event: str, **values: Any) -> None:
            told.append({"event": event, **values})

        def info(self, *_: object, **__: object) -> None:
            """Nothing is asked of it."""

        warning = info

    monkeypatch.setattr(visits, "scrape", scrape)
    monkeypatch.setattr(statistics, "log", Log())

    async def work() -> None:
        nonlocal now
        async with open_application(load(tmp_path / "config.toml"), daemon=True, clock=lambda: now, workers=1) as app:
            assert (await once(app)).exit_code == 6
            bad = await app.thread.call(app.thread.store.sources.get, "bad")
            good = await app.thread.call(app.thread.store.sources.get, "good")
            assert bad is not None and good is not None
            assert (bad.state, good.state) == ("failing", "ok")
            assert "a bug of copydesk: KeyError" in bad.cause
            assert NOW < bad.due <= NOW + timedelta(hours=2)
            now = bad.due
            assert (await once(app)).exit_code == 6
            assert app.statistics.counts["failure", "bug"] == 2

    asyncio.run(work())
    assert [one["event"] for one in told] == ["bug", "bug, met before"]
    assert isinstance(told[0]["exc_info"], KeyError)


def test_a_worker_is_replaced_after_so_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "RECYCLE_AFTER", 2)
    page = Page("https://good.example/quay", b"<title>Quay</title><h1>Old quay closed</h1><p>Until spring.")

    async def work() -> list[int]:
        found = []
        async with Workers(1) as read:
            start = read._start

            async def counted() -> Any:
                worker = await start()
                found.append(worker.process.pid)
                return worker

            monkeypatch.setattr(read, "_start", counted)
            for _ in range(5):
                assert (await read.draft(page, Seed(name="good", home="https://good.example/"), NOW)).title
        return found

    assert len(set(asyncio.run(work()))) == 3


def test_the_places_of_bugs_that_are_remembered_are_bounded() -> None:
    met = statistics.Statistics()
    with structlog.testing.capture_logs():
        for n in range(1200):  # a page may stand in what was raised
            met.bug(ValueError(f"{n} {'x' * 5000}"), "courier")
    assert len(met._places) == 500
    assert max(map(len, met._places)) <= 400


def test_a_second_signal_ends_it_at_once() -> None:
    program = (
        "import asyncio, signal\n"
        "from feeds.app.daemon.daemon import Daemon\n"
        "daemon = Daemon.__new__(Daemon)\n"
        "daemon.stopping = asyncio.Event()\n"
        "daemon._stop(signal.SIGTERM)\n"
        "assert daemon.stopping.is_set()\n"
        "daemon._stop(signal.SIGTERM)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 143, done.stderr


def test_what_a_host_asked_for_is_stored_while_the_visit_still_runs(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('contact = "mailto:desk@example.org"\n')

    async def work() -> None:
        async with open_application(load(tmp_path / "config.toml"), daemon=True, clock=lambda: NOW, workers=1) as app:
            assert app.fetcher.shared.rate_limiter.refused("courier.example", 7200.0) == 7200.0
            # no visit has ended; a daemon that is killed now has left this behind
            (pace,) = await app.thread.call(app.thread.store.hosts.paces)
            assert pace.host == "courier.example"
            assert pace.retry_until - app.fetcher.shared.clock() > 7100
            assert app.fetcher.paces.changed() == (pace,), "and again with the visit, should the store be full now"

    asyncio.run(work())


@pytest.mark.parametrize("refusal", [StoreBusy("the disk is full"), StoreUnusable("copydesk.db: is damaged")])
def test_a_round_by_hand_on_a_store_that_refuses_publishes_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    (tmp_path / "seeds").mkdir()
    for name in ("one", "two"):
        (tmp_path / f"seeds/{name}.toml").write_text(f'home = "https://{name}.example/"\n')
    (tmp_path / "config.toml").write_text('contact = "mailto:desk@example.org"\n')

    async def scrape(seed: Seed, *_: object, **__: object) -> Run:
        return Run(source=seed.name, started=NOW, finished=NOW, fronts=(Front(seed.home),), links=3)

    def refuse(*_: object, **__: object) -> None:
        raise refusal

    monkeypatch.setattr(visits, "scrape", scrape)

    async def work() -> None:
        async with open_application(load(tmp_path / "config.toml"), daemon=True, clock=lambda: NOW, workers=1) as app:
            monkeypatch.setattr(pipe, "keep", refuse)
            done = await once(app)
            assert done.exit_code == 6
            assert set(done.failed) == {"one", "two"}
            assert all(str(refusal) in why for why in done.failed.values()), "it is no bug of the source"
            assert app.statistics.counts["failure", "bug"] == 0
            assert (tmp_path / "var/public/t/all.atom").exists()
            monkeypatch.setattr(type(app.thread.store.sources), "dues", refuse)
            assert str(refusal) in ((await once(app)).refused or "")
            monkeypatch.setattr(type(app.thread.store.publishing), "dirty", refuse)
            if isinstance(refusal, StoreBusy):
                assert "feeds could not be written" in " ".join((await once(app)).in_words())

    asyncio.run(work())


@pytest.mark.parametrize("frozen", [True, False])
def test_a_visit_that_failed_while_the_program_stood_still_says_nothing_of_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frozen: bool
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/one.toml").write_text('home = "https://one.example/"\n')
    (tmp_path / "config.toml").write_text('contact = "mailto:desk@example.org"\n')
    monkeypatch.setattr(visits, "STOOD_STILL", 0.3 if frozen else PATIENCE)
    monkeypatch.setattr(visits, "BEAT", 0.01)
    good = Run("one", NOW, NOW, fronts=(Front("https://one.example/"),), links=3)
    late = Run("one", NOW, NOW, failures=(Failure("https://one.example/", "Unreachable", "no answer in time"),))
    answers = [good, late, good]

    async def scrape(*_: object, **__: object) -> Run:
        run = answers.pop(0)
        if run is late and frozen:
            time.sleep(0.5)  # nothing of this process goes on, as after SIGSTOP
        return run

    monkeypatch.setattr(visits, "scrape", scrape)

    async def work() -> None:
        async with open_application(load(tmp_path / "config.toml"), daemon=True, clock=lambda: NOW, workers=1) as app:
            scheduler = Scheduler(app, asyncio.Event(), lambda: None)
            scheduler.wakeups.start(paused=True)
            for wanted in ("ok", "ok" if frozen else "failing", "ok"):
                await scheduler.visit("one")
                state = await app.thread.call(app.thread.store.sources.get, "one")
                assert state is not None
                assert state.state == wanted
                if frozen:
                    (job,) = scheduler.wakeups.get_jobs()
                    assert job.next_run_time > NOW
                    assert state.failures == 0
            assert app.statistics.counts["failure", "bug"] == 0
            scheduler.wakeups.shutdown(wait=False)

    asyncio.run(work())


@pytest.mark.parametrize("frozen", [True, False])
def test_a_deadline_that_passed_while_the_program_stood_still_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, frozen: bool
) -> None:
    monkeypatch.setattr(visits, "STOOD_STILL", 0.3 if frozen else PATIENCE)
    monkeypatch.setattr(visits, "BEAT", 0.01)
    monkeypatch.setattr(visit_queue, "VISIT_SECONDS", -1.9)  # a tenth of a second until the visit is ended

    async def work() -> None:
        queue = visit_queue.LocalQueue(None, None, 1)  # type: ignore[arg-type]
        async with queue.place("visit"):
            if frozen:
                time.sleep(0.5)  # nothing of this process goes on, as after SIGSTOP
            await asyncio.sleep(60)

    with pytest.raises(visits.StoodStill if frozen else TimeoutError):
        asyncio.run(work())
