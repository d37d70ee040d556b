"""Workers as forks of a server that tests share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from feeds.app.workers.processes import Processes

Run = Callable[[Coroutine[Any, Any, None]], None]


class Lent(Processes):
    """Readers of a fork server that others use too, and that stays."""

    def __init__(self, processes: Processes) -> None:
        self._of = processes

    async def start(self) -> Any:
        return await self._of.start()

    async def close(self) -> None:
        pass


@pytest.fixture(scope="session")
def forks() -> Iterator[tuple[asyncio.Runner, Processes]]:
    """A loop, and a fork server that is started in it when the first test needs it."""
    with asyncio.Runner() as runner:
        processes = Processes()
        yield runner, processes
        runner.run(processes.close())


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, forks: tuple[asyncio.Runner, Processes]) -> Run:
    """`asyncio.run` where workers are forks of the server that tests share: for those that are not about its start."""
    runner, processes = forks
    monkeypatch.setattr("feeds.app.workers.processes.Processes", lambda: Lent(processes))
    return runner.run
