"""The program as a process whose modules are loaded already: a fork of one that loaded them once.

Most of the processor time of a short run is the import of its modules. What is started here has its own process, its
own session and its own exit code, and runs the same `main` as the command. Not for what is about the start itself, for
variables of the environment that are read when modules load, or for libraries loaded before them.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT

_LOOKS = 0.02  # seconds between two looks whether a process has ended


class Forked:
    """A process of the program, as `subprocess.Popen` has it."""

    def __init__(self, pid: int, server: _Server, arguments: Sequence[str]) -> None:
        self.pid = pid
        self.returncode: int | Any = None  # None while it runs, as Popen has it
        self._server = server
        self._arguments = list(arguments)

    def poll(self) -> int | None:
        """The exit code; None while it runs."""
        if self.returncode is None:
            self.returncode = self._server.ask({"poll": self.pid})
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; the exit code. Raises subprocess.TimeoutExpired."""
        last = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if last is not None and time.monotonic() > last:
                raise subprocess.TimeoutExpired(self._arguments, timeout or 0.0)
            time.sleep(_LOOKS)  # between two looks: the process is no child of this one, which cannot wait for it
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


Process = subprocess.Popen[bytes] | subprocess.Popen[str] | Forked


def start(
    arguments: Sequence[str],
    log: Path,
    *,
    errors: Path | None = None,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    inside: bool = False,
) -> Forked:
    """Start the program with these arguments. What it says is added to `log`, or errors to `errors`.

    `folder` is the one it works in, `environment` the whole of its variables. With `inside` it reads pages itself, in
    a thread, instead of starting readers: where readers are not what a test is about.
    """
    for path in (log, errors or log):
        path.touch()  # it is there from now on, as soon as anybody looks into it
    server = _server()
    pid = server.ask(
        {
            "arguments": list(arguments),
            "log": str(log.absolute()),
            "errors": str((errors or log).absolute()),
            "folder": str((folder or Path.cwd()).absolute()),
            "environment": dict(os.environ if environment is None else environment),
            "inside": inside,
        }
    )
    return Forked(pid, server, arguments)


def run(
    arguments: Sequence[str],
    *,
    timeout: float,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    inside: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end. Raises subprocess.TimeoutExpired, having ended it."""
    with tempfile.TemporaryDirectory(prefix="copydesk-run-") as place:
        out, errors = Path(place) / "out", Path(place) / "errors"
        process = start(arguments, out, errors=errors, folder=folder, environment=environment, inside=inside)
        try:
            code = process.wait(timeout)
        except BaseException:  # an interrupt too: nobody else ends it
            process.kill()
            process.wait()
            raise
        return subprocess.CompletedProcess(list(arguments), code, out.read_text("utf-8"), errors.read_text("utf-8"))


class _Server:
    """The process that has loaded the modules and is asked for forks, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.preloaded_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        atexit.register(self.close)

    def ask(self, question: Mapping[str, Any]) -> Any:
        """What it answers."""
        with self._lock:
            assert self._process.stdin is not None and self._process.stdout is not None
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        assert line, f"the process that starts others ended with {self._process.wait()}"
        return json.loads(line)

    def close(self) -> None:
        """End it."""
        with self._process:
            pass


_servers: list[_Server] = []
_starting = threading.Lock()


def _server() -> _Server:
    with _starting:
        if not _servers:
            _servers.append(_Server())
        return _servers[0]
