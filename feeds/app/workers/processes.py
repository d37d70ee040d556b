"""Processes that read pages: forks of one that has loaded their modules, or (not on Linux) programs of their own.

A fork is there within milliseconds and shares the memory of what was loaded; loading takes a third of a second. Their
environment, their limits and how they are ended are the same either way.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from pathlib import Path
from typing import IO

import scrapers

from .protocol import ANSWER_LIMIT, ENDED, READY, TOLD

# What a reader's environment may hold: no other variables, which may be passwords, as a reader reads untrusted pages.
_PASSED_ON = ("COVERAGE", "DYLD_", "HOME", "LANG", "LC_", "LD_", "PATH", "PYTHON", "TMPDIR", "TZ", "VIRTUAL_ENV")
_LEAVE = 10.0  # seconds in which a fork server goes by itself


class Forked:
    """A fork, as `asyncio.subprocess` has a process."""

    def __init__(self, pid: int, handle: int, pipes: _Pipes) -> None:
        self.pid = pid
        self.returncode: int | None = None  # while it runs
        self.stdin = pipes.stdin
        self.stdout = pipes.stdout
        self._handle = handle
        self._pipes = pipes
        self._end = asyncio.Event()

    def kill(self) -> None:
        """End it at once."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    async def wait(self) -> int | None:
        """Wait for its end; how it ended, as `returncode` says."""
        await self._end.wait()
        return self.returncode

    def ended(self, code: int) -> None:
        """It has ended; what it said last can still be read."""
        self.returncode = code
        self.stdin.close()
        os.close(self._handle)
        self._end.set()

    def close(self) -> None:
        """Nobody reads any more what it said."""
        self._pipes.close()


class _Pipes:
    """Our ends of the pipes of a reader."""

    def __init__(
        self, stdin: asyncio.StreamWriter, stdout: asyncio.StreamReader, hearing: asyncio.ReadTransport
    ) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self._hearing = hearing

    @classmethod
    async def connect(cls, stdin: IO[bytes], stdout: IO[bytes]) -> _Pipes:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=ANSWER_LIMIT)
        hearing, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), stdout)
        telling, flow = await loop.connect_write_pipe(
            lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()), stdin
        )
        return cls(asyncio.StreamWriter(telling, flow, None, loop), reader, hearing)

    def close(self) -> None:
        self.stdin.close()
        self._hearing.close()


class _ForkServer:
    """The daemon's side of `fork_server.py`."""

    def __init__(self, process: Process, control: socket.socket) -> None:
        self.is_gone = False
        self._process = process
        self._control = control
        self._loop = asyncio.get_running_loop()
        self._can_fork: asyncio.Future[bool] = self._loop.create_future()
        self._asked: deque[tuple[asyncio.Future[Forked], _Pipes]] = deque()
        self._readers: dict[int, Forked] = {}
        self._loop.add_reader(control, self._hear)

    @classmethod
    async def start(cls) -> _ForkServer:
        """A server that is about to load its modules."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with theirs:
            try:
                return cls(await _program("fork_server", theirs.fileno(), DEVNULL), ours)
            except BaseException:  # a cancelled start, too, leaves no socket open
                ours.close()
                raise

    async def can_fork(self) -> bool:
        """Whether the system has what it takes, once the modules are loaded. Raises EOFError when it has ended."""
        return await asyncio.shield(self._can_fork)

    async def fork(self) -> Forked:
        """A reader. Raises OSError or EOFError when there is none."""
        asked: asyncio.Future[Forked] = self._loop.create_future()
        with contextlib.ExitStack() as its:
            its_input, stdin = _pipe(its, 0)
            its_output, stdout = _pipe(its, 1)
            pipes = await _Pipes.connect(stdin, stdout)
            try:
                socket.send_fds(self._control, [b"f"], [its_input, its_output])
            except OSError:
                pipes.close()
                raise
        self._asked.append((asked, pipes))
        try:
            return await asked
        except asyncio.CancelledError:
            if not asked.cancelled():  # it came at the same moment
                asked.result().kill()
            raise

    def _hear(self) -> None:
        """Take in one message of the server."""
        try:
            told, handles, _, _ = socket.recv_fds(self._control, TOLD.size, 1)
        except BlockingIOError:
            return
        except OSError:
            told, handles = b"", []
        if not told:
            self._leave()
            return
        kind, pid, code = TOLD.unpack(told)
        if kind == READY:
            self._can_fork.set_result(bool(code))
        elif kind == ENDED:
            self._readers.pop(pid).ended(code)
        else:
            asked, pipes = self._asked.popleft()
            if not handles:
                pipes.close()
                if not asked.cancelled():
                    asked.set_exception(OSError(code, os.strerror(code)))
                return
            forked = self._readers[pid] = Forked(pid, handles[0], pipes)
            if asked.cancelled():
                forked.kill()
                forked.close()
            else:
                asked.set_result(forked)

    def _leave(self) -> None:
        """The server has ended, and its readers with it: nobody would tell how they end."""
        self.is_gone = True
        self._loop.remove_reader(self._control)
        self._control.close()
        if not self._can_fork.done():
            self._can_fork.set_exception(EOFError("the process that forks readers has ended"))
            self._can_fork.exception()  # it is asked for, or nobody cares
        for asked, pipes in self._asked:
            pipes.close()
            if not asked.cancelled():
                asked.set_exception(EOFError("the process that forks readers has ended"))
        for forked in self._readers.values():
            forked.kill()
            forked.ended(-signal.SIGKILL)
        self._asked.clear()
        self._readers.clear()

    async def close(self) -> None:
        """End the server and its readers."""
        if not self.is_gone:
            self._leave()
        try:
            async with asyncio.timeout(_LEAVE):
                await self._process.wait()
        except TimeoutError:
            os.kill(self._process.pid, signal.SIGKILL)
            await self._process.wait()


class Processes:
    """Starts and ends processes that read pages."""

    def __init__(self) -> None:
        self._server: _ForkServer | None = None
        self._forks = sys.platform == "linux"
        self._turn = asyncio.Lock()

    async def start(self) -> Forked | Process:
        """A process that will say that it is ready. Raises OSError or EOFError when there is none."""
        server = await self._of_forks()
        return await _program("worker", PIPE, PIPE) if server is None else await server.fork()

    async def _of_forks(self) -> _ForkServer | None:
        """The server that forks readers, where there may be one."""
        async with self._turn:
            if self._server is not None and self._server.is_gone:
                await self.close()
            if self._server is None and self._forks:
                self._server = await _ForkServer.start()
            if self._server is not None and not await self._server.can_fork():
                self._forks = False
                await self.close()
            return self._server

    async def close(self) -> None:
        """End the process that others are forked of."""
        server, self._server = self._server, None
        if server is not None:
            await server.close()


def _pipe(its: contextlib.ExitStack, side: int) -> tuple[int, IO[bytes]]:
    """A pipe: that side of it, which is closed with all that is `its`, and ours."""
    ends = os.pipe()
    its.callback(os.close, ends[side])
    return ends[side], open(ends[1 - side], ("wb", "rb")[side], buffering=0)


async def end(process: Forked | Process) -> None:
    """End a process at once, if it has not ended."""
    if isinstance(process, Forked):
        process.kill()
        await process.wait()
        process.close()
        return
    if process.returncode is None:
        # not Process.kill: it polls first, and a child that it reaps is lost to the watcher that waits for it
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    await process.wait()


async def _program(module: str, stdin: int, stdout: int) -> Process:
    """A module of this package as a program of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"feeds.app.workers.{module}",
        stdin=stdin,
        stdout=stdout,
        env=_environment(),
        limit=ANSWER_LIMIT,
        start_new_session=True,  # a Ctrl-C at the terminal is for the parent alone
    )


def _environment() -> dict[str, str]:
    """What such a program has of ours."""
    return {
        **{name: value for name, value in os.environ.items() if name.startswith(_PASSED_ON)},
        "PYTHONUTF8": "1",
        "PYTHONPATH": os.pathsep.join(_paths()),
    }


def _paths() -> list[str]:
    """Where a worker finds the packages when they are not installed: beside the running ones."""
    return [str(Path(scrapers.__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
