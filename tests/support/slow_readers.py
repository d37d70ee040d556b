"""A page that workers read, and workers that a page can keep busy: no markup that we know does so any more."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from scrapers import Page, Seed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed(name="courier", home="https://courier.example/")
PROSE = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring. " * 3
GOOD = Page(
    "https://courier.example/quay",
    f"<html lang=en><title>Quay</title><h1>Old quay closed</h1><article>{f'<p>{PROSE}</p>' * 2}</article>".encode(),
)
SPINS = b"<!-- a page that keeps its reader busy for ever -->"
_CODE = f"""
import signal
import feeds.app.workers.fork_server as fork_server
import feeds.app.workers.worker as worker
read = worker.answer
def answer(head, body):
    if {SPINS!r} in body:
        signal.setitimer(signal.ITIMER_PROF, 0.3)
    while {SPINS!r} in body:
        pass
    return read(head, body)
worker.answer = answer
"""


def slow_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on workers obey this comment, and may use a third of a second of processor time for such a page."""
    start = asyncio.create_subprocess_exec

    async def started(program: str, *arguments: Any, **settings: Any) -> Any:
        for module in ("fork_server", "worker"):
            if arguments == ("-m", f"feeds.app.workers.{module}"):
                arguments = ("-c", f"{_CODE}{module}.main()\n")
        return await start(program, *arguments, **settings)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", started)
