"""Workers that a page can keep busy: no markup that we know does so any more."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

SPINS = b"<!-- a page that keeps its reader busy for ever -->"
SLEEPS = b"<!-- a page that keeps its reader for half a second -->"
_CODE = f"""
import time
import feeds.app.workers.worker as worker
read = worker.answer
def answer(head, body):
    while {SPINS!r} in body:
        pass
    if {SLEEPS!r} in body:
        time.sleep(0.5)
    return read(head, body)
worker.answer = answer
worker.CPU_SECONDS = 0.5
worker.main()
"""


def slow_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on workers obey these two comments, and may use half a second of processor time."""
    start = asyncio.create_subprocess_exec

    async def started(program: str, *arguments: Any, **settings: Any) -> Any:
        if arguments == ("-m", "feeds.app.workers.worker"):
            arguments = ("-c", _CODE)
        return await start(program, *arguments, **settings)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", started)
