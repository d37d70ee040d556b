"""What a worker does with limits of its own, and of whoever started it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from feeds.app.workers.pool import _unstarted
from feeds.app.workers.worker import answer, memory_limit
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
