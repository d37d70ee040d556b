"""Readers are forks of one process that loaded their modules, where the system can; else programs of their own."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import signal
import sys
from pathlib import Path

import pytest

from feeds.app.workers import fork_server
from feeds.app.workers.pool import Workers
from feeds.app.workers.processes import Forked
from feeds.app.workers.worker import MEMORY
from scrapers import Unread
from tests.support.slow_readers import GOOD, NOW, SEED
from tests.support.waiting import until_in_loop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has handles of processes")


def _said(pid: int, what: str) -> str:
    return Path(f"/proc/{pid}/{what}").read_text("utf-8", "replace")


def _parent(pid: int) -> int:
    return int(_said(pid, "stat").rpartition(")")[2].split()[1])


def _address_space(pid: int) -> int:
    return resource.prlimit(pid, resource.RLIMIT_AS)[0]


async def _until_gone(pid: int) -> None:
    await until_in_loop(lambda: not Path(f"/proc/{pid}").exists(), "the process is gone")


def test_readers_are_forks_of_one_process_with_limits_and_pipes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_PASSWORD", "s3cret")

    async def work() -> list[int]:
        async with Workers(2) as read:
            one, other = await asyncio.gather(read._start(), read._start())
            pids = [one.process.pid, other.process.pid]
            server = _parent(pids[0])
            assert _parent(pids[1]) == server != os.getpid()
            for pid in pids:
                assert os.getsid(pid) == pid, "a signal to a group reaches no other reader"
                assert sorted(os.listdir(f"/proc/{pid}/fd")) == ["0", "1", "2"]
                assert _address_space(pid) == MEMORY
                assert _said(pid, "oom_score_adj") == "900\n"
            assert _said(server, "oom_score_adj") != "900\n"
            assert not any("s3cret" in _said(pid, "environ") for pid in (server, *pids))
            await _give_up_a_start(read)
            return [server, *pids]

    async def gone(pids: list[int]) -> None:
        for pid in pids:
            await _until_gone(pid)

    asyncio.run(gone(asyncio.run(work())))


async def _give_up_a_start(read: Workers) -> None:
    """It leaves no process."""
    server = read._processes._server
    assert server is not None
    before = set(server._readers)
    asked = asyncio.create_task(read._start())
    while not server._asked:
        await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await until_in_loop(lambda: not server._asked and set(server._readers) == before, "it is forked, and ended")


def test_readers_end_with_the_process_that_forked_them_and_others_take_their_place() -> None:
    async def work() -> None:
        async with Workers(1) as read:
            await read.draft(GOOD, SEED, NOW)
            (worker,) = read._idle
            os.kill(_parent(worker.process.pid), signal.SIGKILL)
            assert await worker.process.wait() == -signal.SIGKILL
            await _until_gone(worker.process.pid)
            assert (await read.draft(GOOD, SEED, NOW)).title == "Old quay closed"

    asyncio.run(work())


def test_readers_are_ended_when_the_daemon_is_gone() -> None:
    """By the process that forked them: one that hangs in a page would not see that its pipe was closed."""

    async def work() -> int:
        async with Workers(1) as read:
            worker = await read._start()
            os.kill(worker.process.pid, signal.SIGSTOP)
            server = read._processes._server
            assert server is not None
            server._leave = lambda: None  # type: ignore[method-assign]  # as a killed daemon, which says nothing
            os.close(server._control.detach())
            await _until_gone(worker.process.pid)
            read._all.clear()
            return worker.process.pid

    assert asyncio.run(work())


def test_without_handles_of_processes_readers_are_programs_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a sandbox that does not give them."""
    start = asyncio.create_subprocess_exec
    code = "import os, feeds.app.workers.fork_server as s; os.pidfd_open = lambda pid: os.open('/none', 0); s.main()"

    async def started(program: str, *arguments: str, **settings: object) -> object:
        if arguments == ("-m", "feeds.app.workers.fork_server"):
            arguments = ("-c", code)
        return await start(program, *arguments, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", started)

    async def work() -> None:
        async with Workers(1) as read:
            assert (await read.draft(GOOD, SEED, NOW)).title == "Old quay closed"
            (worker,) = read._idle
            assert not isinstance(worker.process, Forked)
            assert _parent(worker.process.pid) == os.getpid()

    asyncio.run(work())


def test_a_fork_that_fails_is_no_fault_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    start = asyncio.create_subprocess_exec
    code = (
        "import os, feeds.app.workers.fork_server as s\n"
        f"def fork(): raise OSError({errno.EAGAIN}, 'no more')\n"
        "os.fork = fork\ns.main()"
    )

    async def started(program: str, *arguments: str, **settings: object) -> object:
        return await start(program, "-c", code, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", started)

    async def work() -> None:
        async with Workers(1) as read:
            with pytest.raises(Unread, match=r"no process to read pages could be started: .*temporarily unavailable"):
                await read.draft(GOOD, SEED, NOW)

    asyncio.run(work())


def test_what_is_read_once_before_the_first_fork_is_an_article_and_a_front() -> None:
    """Else little is made ready by it."""
    record, links = fork_server.read_once()
    assert (record.title, record.authors) == ("Old quay closed", ("Ann Lee",))
    assert len(links.items) == 9
