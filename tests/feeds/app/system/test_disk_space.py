"""A disk with too little room: visits pause before anything breaks, it is told, and they go on by themselves (S4)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.app.application import Application, open_application
from feeds.app.config.config import load
from feeds.app.daemon.daemon import Daemon
from feeds.app.daemon.maintenance import Maintenance
from feeds.app.daemon.scheduler import LATER
from feeds.app.system.clock import utc_now
from feeds.app.system.disk_space import FREE_AGAIN, FREE_LEAST, DiskSpace
from feeds.store import ControlRequest
from tests.support.misbehaving import Web
from tests.support.waiting import PATIENCE, until_in_loop

FRONT = (
    b"<!doctype html><title>The Courier</title><main><article><h2><a href='/2026/11/a-long-story-about-a-quay'>A long\
 story about a quay</a></h2></article></main>"
)


class Disk:
    """A disk whose free bytes are a number."""

    def __init__(self) -> None:
        self.free = 10**12

    def __call__(self, folder: Path) -> int:
        return self.free


def run(folder: Path, web: Web, case: Callable[[Application, Daemon, Disk], Awaitable[None]]) -> None:
    (folder / "seeds").mkdir()
    (folder / "seeds/courier.toml").write_text(f'home = "{web.url("/")}"\nevery = "10s"\n')
    config = folder / "config.toml"
    config.write_text(
        'contact = "mailto:desk@example.org"\n[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "0s"\n'
    )

    async def work() -> None:
        async with open_application(load(config), daemon=True, workers=1) as app:
            disk = Disk()
            app.disk_space = DiskSpace({"store": folder}, disk)
            daemon = Daemon(app, config)
            daemon.scheduler.wakeups.start(paused=True)
            await case(app, daemon, disk)
            daemon.scheduler.wakeups.shutdown(wait=False)

    asyncio.run(work())


@pytest.fixture
def site() -> Iterator[Web]:
    with Web() as web:
        web.page("/", FRONT)
        yield web


def test_visits_pause_below_the_limit_and_go_on_by_themselves(
    tmp_path: Path, site: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.app.daemon.daemon.RETRY", 0.02)

    async def case(app: Application, daemon: Daemon, disk: Disk) -> None:
        disk.free = FREE_LEAST - 1
        minding = asyncio.create_task(daemon._mind_store())
        async with asyncio.timeout(PATIENCE):
            while app.paused is None:
                await asyncio.sleep(0.01)
        await daemon.scheduler.visit("courier")
        assert site.asked == []
        (job,) = daemon.scheduler.wakeups.get_jobs()
        assert timedelta(0) < job.next_run_time - utc_now() <= LATER
        assert "99 MB are free" in (app.paused or "")
        request = ControlRequest(1, "visit", {"names": ["courier"]}, utc_now(), None, None)
        assert await daemon.control.handle(request) == {"error": app.paused}, "a command is told why"
        _, told = await daemon.health()
        assert told["disk"] == app.paused

        disk.free = FREE_AGAIN - 1
        assert app.disk_space.check() is not None, "not in the moment that a little is free"
        disk.free = FREE_AGAIN
        async with asyncio.timeout(PATIENCE):
            while (daemon.scheduler.wakeups.get_jobs()[0].next_run_time - utc_now()) > timedelta(seconds=20):
                await asyncio.sleep(0.01)
        assert app.paused is None
        await daemon.scheduler.visit("courier")
        assert site.asked
        daemon.stopping.set()
        await minding

    run(tmp_path, site, case)


def test_it_is_a_trouble_with_a_begin_and_an_end(tmp_path: Path, site: Web) -> None:
    async def case(app: Application, daemon: Daemon, disk: Disk) -> None:
        async def published(_: list[str]) -> None:
            """Nobody listens."""

        maintenance = Maintenance(app, published)
        disk.free = 5_000_000
        await maintenance.round()
        (trouble,) = await app.thread.call(app.thread.store.troubles.all)
        assert (trouble.subject, trouble.kind, trouble.closed) == ("disk", "full", None)
        assert trouble.cause == "only 5 MB are free where the store is; visits pause"
        await maintenance.round()
        disk.free = 10**12
        await maintenance.round()
        (trouble,) = await app.thread.call(app.thread.store.troubles.all)
        assert trouble.closed is not None

    run(tmp_path, site, case)


def test_one_that_is_over_before_the_next_round_is_told_too(
    tmp_path: Path, site: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.app.daemon.daemon.RETRY", 0.02)

    async def case(app: Application, daemon: Daemon, disk: Disk) -> None:
        async def published(_: list[str]) -> None:
            """Nobody listens."""

        maintenance = Maintenance(app, published)
        await maintenance.round()
        app.thread.refused = "the store cannot be written"  # as the first write that failed left it
        minding = asyncio.create_task(daemon._mind_store())
        await until_in_loop(lambda: app.thread.refused is None, "it takes writes again")
        await maintenance.round()
        (trouble,) = await app.thread.call(app.thread.store.troubles.all)
        assert (trouble.kind, trouble.cause, trouble.closed) == (
            "refused",
            "visits pause: the store cannot be written",
            None,
        )
        await maintenance.round()
        (trouble,) = await app.thread.call(app.thread.store.troubles.all)
        assert trouble.closed is not None
        daemon.stopping.set()
        await minding

    run(tmp_path, site, case)


def test_a_folder_that_is_not_there_is_not_a_full_one(tmp_path: Path, site: Web) -> None:
    def gone(folder: Path) -> int:
        raise FileNotFoundError(folder)

    async def case(app: Application, daemon: Daemon, disk: Disk) -> None:
        assert DiskSpace({"store": tmp_path}, gone).check() is None

    run(tmp_path, site, case)
