"""What a worker does with limits of its own, and of whoever started it."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from feeds.app.workers.pool import Workers, _unstarted
from feeds.app.workers.worker import PIPE, _widen, answer, memory_limit
from tests.support.waiting import PATIENCE


def test_a_hard_limit_of_address_space_is_kept() -> None:
    """In a process of its own, for such a limit cannot be taken back."""
    code = """
import asyncio, resource
from datetime import datetime, UTC
from feeds.app.workers.pool import Workers
from scrapers import Page, Seed
PAGE, SEED = Page("https://courier.example/", b"<p>x"), Seed(name="c", home="https://courier.example/")
async def work():
    async with Workers(1) as read:
        await read.draft(PAGE, SEED, datetime(2026, 3, 1, tzinfo=UTC))
resource.setrlimit(resource.RLIMIT_AS, (900 << 20, 900 << 20))
asyncio.run(work())
print("read")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.stdout.strip() == "read", done.stderr[-2000:]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has pipes of other sizes")
def test_a_page_fits_into_the_pipes_of_a_worker() -> None:
    async def sizes() -> list[int]:
        async with Workers(1) as read:
            await read.robots(b"", "https://courier.example")
            (worker,) = read._all
            found = []
            for number in (0, 1):
                pipe = os.open(f"/proc/{worker.process.pid}/fd/{number}", os.O_RDWR)
                found.append(fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ))
                os.close(pipe)
            return found

    assert asyncio.run(sizes()) == [PIPE, PIPE]


def test_what_cannot_be_widened_is_left_as_it_is(tmp_path: Path) -> None:
    with (tmp_path / "no-pipe").open("wb") as file:
        _widen([file.fileno()])


def test_a_worker_says_by_whose_limit_it_has_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feeds.app.workers.worker.resource.getrlimit", lambda _: (300 << 20, 300 << 20))
    monkeypatch.setattr("feeds.app.workers.worker.read_robots", _no_memory)
    told, value = answer(b'{"task": "robots", "origin": "https://courier.example"}', b"")
    assert value == b""
    assert "300 MB, by a hard limit of address space" in json.loads(told)["reason"]
    assert memory_limit() == 300 << 20


def _no_memory(*_: object) -> None:
    raise MemoryError


def test_a_reader_that_cannot_start_under_a_hard_limit_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feeds.app.workers.pool.resource.getrlimit", lambda _: (300 << 20, 300 << 20))
    assert "300 MB of address space, by a hard limit" in _unstarted(EOFError())
