"""The program's own faults harm one source and are told: bugs, worn-out workers, a stop that takes too long."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.app import desk as desks
from feeds.app import workers
from feeds.app.config import load
from feeds.app.desk import Desk
from feeds.app.once import once
from feeds.app.workers import Workers
from scrapers import Front, Page, Run, Seed

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

    monkeypatch.setattr(desks, "scrape", scrape)
    monkeypatch.setattr(desks, "log", Log())

    async def work() -> None:
        nonlocal now
        async with Desk(load(tmp_path / "config.toml"), daemon=True, clock=lambda: now, workers=1) as desk:
            assert await once(desk) == 6
            bad = await desk.in_store(desk.store.source, "bad")
            good = await desk.in_store(desk.store.source, "good")
            assert bad is not None and good is not None
            assert (bad.state, good.state) == ("failing", "ok")
            assert "a bug of copydesk: KeyError" in bad.cause
            assert NOW < bad.due <= NOW + timedelta(hours=2)
            now = bad.due
            assert await once(desk) == 6
            assert desk.tally["failure", "bug"] == 2

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


def test_a_second_signal_ends_it_at_once() -> None:
    program = (
        "import asyncio, signal\n"
        "from feeds.app.daemon import Daemon\n"
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
        async with Desk(load(tmp_path / "config.toml"), daemon=True, clock=lambda: NOW, workers=1) as desk:
            assert desk.fetcher.pacer.refused("courier.example", 7200.0) == 7200.0
            # no visit has ended; a daemon that is killed now has left this behind
            (pace,) = await desk.in_store(desk.store.paces)
            assert pace.host == "courier.example"
            assert pace.retry_until - desk.fetcher.clock() > 7100
            assert desk.fetcher.paces.changed() == (pace,), "and again with the visit, should the store be full now"

    asyncio.run(work())
