"""Who is to blame when a reader ends: a page, or somebody else."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from feeds.app.workers.crash_blame import Blame
from feeds.app.workers.pool import Workers, _Worker
from scrapers import Past, Unread
from tests.feeds.app.workers.conftest import Run
from tests.support.slow_readers import GOOD, NOW, SEED
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.xdist_group("workers")  # they share a fork server


class Asking:
    """What happens to workers while they have a page."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, happens: Callable[[_Worker, bytes], Awaitable[None]]) -> None:
        ask = _Worker.ask

        async def listen(worker: _Worker, head: bytes, body: bytes) -> tuple[dict[str, Any], bytes]:
            asked = asyncio.create_task(ask(worker, head, body))
            await happens(worker, body)
            return await asked

        monkeypatch.setattr(_Worker, "ask", listen)


async def _killed(worker: _Worker) -> None:
    """It stands still from before it has the page, so that it can't be done with it by then."""
    os.kill(worker.process.pid, signal.SIGSTOP)
    await asyncio.sleep(0.05)
    os.kill(worker.process.pid, signal.SIGKILL)


def test_a_page_whose_reader_is_killed_from_outside_is_read_by_another(
    monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    told: list[str] = []
    killed: list[bytes] = []

    async def once(worker: _Worker, body: bytes) -> None:
        if body not in killed:
            killed.append(body)
            await _killed(worker)

    Asking(monkeypatch, once)

    async def work() -> None:
        async with Workers(1, on_bad=lambda digest, until: told.append(digest)) as read:
            for n in range(4):
                page = replace(GOOD, body=GOOD.body + b"%d" % n)
                await read.draft(page, SEED, NOW)
                await read.draft(page, SEED, NOW)
            await read.links(replace(GOOD, body=GOOD.body + b"front"), SEED, Past(), NOW)
        assert len(killed) == 5
        assert told == []

    run(work())


def test_readers_that_are_killed_again_and_again_bar_no_page(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    told: list[str] = []

    async def always(worker: _Worker, body: bytes) -> None:
        await _killed(worker)

    Asking(monkeypatch, always)

    async def work() -> None:
        async with Workers(1, on_bad=lambda digest, until: told.append(digest)) as read:
            for n in range(2):
                with pytest.raises(Unread, match=r"ended from outside \(SIGKILL\)"):
                    await read.links(replace(GOOD, body=GOOD.body + b"%d" % n), SEED, Past(), NOW)
            for n in range(3):
                with pytest.raises(Unread, match=r"ended from outside \(SIGKILL\)"):
                    await read.draft(replace(GOOD, body=GOOD.body + b"%d" % n), SEED, NOW)
        assert told == []

    run(work())


def test_a_reader_that_stands_still_is_no_fault_of_the_page(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setattr("feeds.app.workers.pool.WALL_SECONDS", 2.0)
    stopped: list[int] = []

    async def first(worker: _Worker, body: bytes) -> None:
        if stopped:
            monkeypatch.setattr("feeds.app.workers.pool.WALL_SECONDS", PATIENCE)
        else:
            stopped.append(worker.process.pid)
            os.kill(worker.process.pid, signal.SIGSTOP)

    Asking(monkeypatch, first)
    told: list[str] = []

    async def work() -> None:
        async with Workers(1, on_bad=lambda digest, until: told.append(digest)) as read:
            assert (await read.draft(GOOD, SEED, NOW)).title == "Old quay closed"
        assert stopped and told == []

    run(work())


def test_an_interpreter_that_cannot_start_is_no_fault_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    told: list[str] = []

    async def work() -> None:
        async with Workers(1, on_bad=lambda digest, until: told.append(digest)) as read:
            for _ in range(3):
                with pytest.raises(Unread, match="no process to read pages could be started"):
                    await read.draft(GOOD, SEED, NOW)
            monkeypatch.undo()
            assert (await read.draft(GOOD, SEED, NOW)).title == "Old quay closed"
        assert told == []

    asyncio.run(work())


def test_two_ends_bar_a_page_and_one_of_another_page_around_them_does_not() -> None:
    told: list[str] = []
    blame = Blame({}, lambda digest, until: told.append(digest))

    def end(digest: str, seconds: float) -> bool:
        at = NOW + timedelta(seconds=seconds)
        blame.ended_from_outside(digest, at)
        return blame.ended(digest, own=False, now=at)

    assert not end("a", 0)
    assert not end("b", 10), "a first one"
    assert not end("a", 20), "another page was struck, too"
    assert not end("b", 30)
    assert not end("a", 1000)
    assert not end("c", 1500), "b and c have nothing to do with it"
    assert end("a", 1100), "twice, and nobody else around"
    assert told == ["a"]
    assert blame.barred("a", NOW + timedelta(hours=20))
    assert not blame.barred("a", NOW + timedelta(hours=25))
    # what a page does by itself counts whatever happens around it
    assert not blame.ended("d", own=True, now=NOW)
    assert blame.ended("d", own=True, now=NOW)


def test_a_page_that_was_read_is_above_suspicion() -> None:
    blame = Blame()
    assert not blame.ended("a", own=True, now=NOW)
    blame.read("a")
    assert not blame.ended("a", own=True, now=NOW)


def test_what_is_remembered_of_pages_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feeds.app.workers.crash_blame.REMEMBERED", 100)
    monkeypatch.setattr("feeds.app.workers.crash_blame.SUSPECTED", 50)
    blame = Blame({f"old{n}": NOW.timestamp() + n for n in range(500)})
    assert len(blame._bad) == 100
    assert "old499" in blame._bad
    for n in range(500):
        blame.ended(f"once{n}", own=True, now=NOW)
        blame.ended(f"twice{n}", own=True, now=NOW)
        blame.ended(f"twice{n}", own=True, now=NOW)
        blame.ended_from_outside(f"x{n}", NOW)
    assert len(blame._bad) == 100
    assert len(blame._suspects) <= 50
    assert len(blame._deaths) == 200
    assert "twice499" in blame._bad
