"""The process that readers are forked of, as a fork that stands by from the start of the program.

Loading its modules is most of what it costs, and `preloaded_server` has loaded them. It is forked before the program
has opened a file or begun a thread, and becomes what the daemon would have started: with the same standard input and
environment, in a session of its own. A further one, after its end, is started as anywhere else.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Mapping
from typing import Any

from feeds.app.workers import fork_server, processes

_start_anew = processes._program


class _StandsBy:
    """The fork, as `asyncio.subprocess` has a process."""

    def __init__(self, pid: int, control: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._control = control
        self._end = asyncio.Event()

    def become(self, stdin: int, environment: Mapping[str, str]) -> None:
        """Let it begin with that standard input."""
        self._handle = os.pidfd_open(self.pid)
        asyncio.get_running_loop().add_reader(self._handle, self._ended)
        with self._control:
            socket.send_fds(self._control, [json.dumps(dict(environment)).encode()], [stdin])

    def _ended(self) -> None:
        asyncio.get_running_loop().remove_reader(self._handle)
        os.close(self._handle)
        self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self._end.set()

    async def wait(self) -> int | None:
        """Wait for its end; the exit code."""
        await self._end.wait()
        return self.returncode


def stand_by() -> bool:
    """Fork it, and have the program use it. True in the fork, once it has what it needs to begin."""
    if not fork_server._has_handles():
        return False  # readers are no forks there
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        ours.close()
        return _begin(theirs)
    theirs.close()
    waiting = [_StandsBy(pid, ours)]

    async def program(module: str, stdin: int, stdout: int) -> Any:
        if module != "fork_server" or not waiting:
            return await _start_anew(module, stdin, stdout)
        first = waiting.pop()
        try:
            first.become(stdin, processes._environment())
        except ConnectionError:  # it was killed while it stood by
            return await _start_anew(module, stdin, stdout)
        return first

    processes._program = program
    return False


def _begin(control: socket.socket) -> bool:
    """Wait for the standard input. Ends with the program that never asked."""
    with control:
        told, given, _, _ = socket.recv_fds(control, 1 << 20, 1)
    if not told:
        os._exit(0)
    os.setsid()
    os.dup2(given[0], 0)
    os.close(given[0])
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    os.environ.clear()
    os.environ.update(json.loads(told))
    return True
