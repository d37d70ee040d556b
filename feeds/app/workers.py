"""The pool of worker processes that read pages: killed at the limit, replaced, recycled (RELIABILITY P1).

Each worker has one task at a time, so a page that breaks its parser takes nobody with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import TypeAdapter

import scrapers
from scrapers import CopydeskError, Draft, Known, Links, Page, PageChanged, Past, ReadFailed, Seed, Sight

from .frames import DRAFT, KNOWN, LENGTHS, LINKS, PAGE, PAST, READY, SEED, SIGHTS

log = structlog.get_logger()

WALL_SECONDS = 30.0  # besides the 5 s of CPU, should a worker neither work nor answer
START_SECONDS = 120.0  # a crowded machine may need long to start a process
RECYCLE_AFTER = 1000  # pages
LEAVE_ALONE = timedelta(days=1)
_ERRORS: dict[str, type[CopydeskError]] = {"PageChanged": PageChanged, "ReadFailed": ReadFailed}
_ANSWER_LIMIT = 32 << 20
# What a worker's environment may hold: passwords of sources are kept in other variables, and a worker reads what
# strangers wrote.
_PASSED_ON = ("COVERAGE", "DYLD_", "HOME", "LANG", "LC_", "LD_", "PATH", "PYTHON", "TMPDIR", "TZ", "VIRTUAL_ENV")


class WorkerBug(Exception):
    """A worker met an exception that nobody foresaw; carries its traceback."""


class _Worker:
    """One process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.pages = 0

    async def ready(self) -> None:
        """When the process has loaded its modules, which is no time of any page. Raises EOFError when it ends first."""
        if self.process.stdout is not None:
            await self.process.stdout.readexactly(len(READY))

    async def ask(self, head: bytes, body: bytes) -> dict[str, Any]:
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:  # both are pipes
            raise BrokenPipeError
        stdin.write(LENGTHS.pack(len(head), len(body)) + head)
        stdin.write(body)
        await stdin.drain()
        length, _ = LENGTHS.unpack(await stdout.readexactly(LENGTHS.size))
        if length > _ANSWER_LIMIT:
            raise BrokenPipeError(f"an answer of {length} bytes")
        found: dict[str, Any] = json.loads(await stdout.readexactly(length))
        self.pages += 1
        return found

    async def end(self, *, closed: bool = False) -> None:
        """End the process; one that closed its pipe is ending by itself, and how it ended is worth knowing."""
        if closed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self.process.wait()
        if self.process.returncode is None:
            # not Process.kill: it polls first, and a child that it reaps is lost to the watcher that waits for it
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)
        await self.process.wait()


class Workers:
    """`read` for the pipe: pages read in processes of our own. Use as an async context manager."""

    def __init__(
        self,
        size: int | None = None,
        *,
        bad: dict[str, float] | None = None,
        on_bad: Callable[[str, datetime], None] | None = None,
    ) -> None:
        """`bad` are hashes of pages to be left alone until a time; `on_bad` is told of a new one."""
        self.size = size or min(4, os.cpu_count() or 1)
        self._bad = dict(bad or {})
        self._on_bad = on_bad
        self._idle: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        self._all: set[_Worker] = set()

    async def __aenter__(self) -> Workers:
        for _ in range(self.size):
            self._idle.put_nowait(None)  # started when first needed
        return self

    async def __aexit__(self, *exc: object) -> None:
        await asyncio.gather(*(worker.end() for worker in list(self._all)))
        self._all.clear()

    async def links(self, page: Page, seed: Seed, past: Past, now: datetime) -> Links:
        """The stories that a front offers."""
        told = {"past": PAST.dump_python(past, mode="json")}
        found: Links = await self._ask("links", page, seed, told, now, LINKS)
        return found

    async def draft(self, page: Page, seed: Seed, now: datetime) -> Draft:
        """What an article's page seems to say."""
        found: Draft = await self._ask("draft", page, seed, {}, now, DRAFT)
        return found

    async def sights(self, page: Page, seed: Seed, known: Known, now: datetime) -> tuple[Sight, ...]:
        """The seed's selectors on a page of which something is known."""
        told = {"known": KNOWN.dump_python(known, mode="json")}
        found: tuple[Sight, ...] = await self._ask("sights", page, seed, told, now, SIGHTS)
        return found

    async def _ask(
        self, task: str, page: Page, seed: Seed, told: dict[str, Any], now: datetime, kind: TypeAdapter[Any]
    ) -> Any:
        # a page over which a repair broods for too long can be read by a visit all the same
        person = b"sights" if task == "sights" else b""
        digest = hashlib.blake2b(page.body, digest_size=16, person=person).hexdigest()
        if self._bad.get(digest, 0.0) > now.timestamp():
            raise ReadFailed("the page broke its parser before; it is left alone for a day", url=page.url)
        head = json.dumps(
            {
                "task": task,
                "page": PAGE.dump_python(page, mode="json", exclude={"body"}),
                "seed": SEED.dump_python(seed, mode="json", exclude={"headers", "cookies", "credentials", "ca_file"}),
                "now": now.isoformat(),
                **told,
            }
        ).encode()
        worker = await self._idle.get()
        try:
            if worker is None:
                worker = await self._start()
            async with asyncio.timeout(WALL_SECONDS):
                answer = await worker.ask(head, page.body)
        except (TimeoutError, EOFError, OSError, ValueError) as error:
            if worker is not None:
                await self._end(worker, closed=isinstance(error, EOFError | ConnectionError))
                self._remember(digest, now)
            code = None if worker is None else worker.process.returncode
            worker = None
            raise ReadFailed(_how(error, code), url=page.url) from error
        except BaseException:
            if worker is not None:  # cancelled in the middle of an answer: its pipe is out of step
                await self._end(worker)
            worker = None
            raise
        finally:
            if worker is not None and worker.pages >= RECYCLE_AFTER:
                await self._end(worker)
                worker = None
            self._idle.put_nowait(worker)
        if "error" in answer:
            if answer["error"] == "bug":
                raise WorkerBug(answer["trace"])
            raise _ERRORS.get(answer["error"], ReadFailed)(answer["reason"], url=page.url)
        return kind.validate_python(answer["value"])

    def _remember(self, digest: str, now: datetime) -> None:
        until = now + LEAVE_ALONE
        self._bad[digest] = until.timestamp()
        if self._on_bad is not None:
            self._on_bad(digest, until)

    async def _start(self) -> _Worker:
        environment = {
            **{name: value for name, value in os.environ.items() if name.startswith(_PASSED_ON)},
            "PYTHONUTF8": "1",
            "PYTHONPATH": os.pathsep.join(_paths()),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "feeds.app.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
            limit=_ANSWER_LIMIT,
            start_new_session=True,  # a Ctrl-C at the terminal is for the parent alone
        )
        worker = _Worker(process)
        self._all.add(worker)
        try:
            async with asyncio.timeout(START_SECONDS):
                await worker.ready()
        except BaseException:
            await self._end(worker)
            raise
        return worker

    async def _end(self, worker: _Worker, *, closed: bool = False) -> None:
        self._all.discard(worker)
        await worker.end(closed=closed)


def _paths() -> list[str]:
    """Where a worker finds the packages when they are not installed: beside the running ones."""
    from pathlib import Path

    return [str(Path(scrapers.__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])]


def _how(error: BaseException, code: int | None) -> str:
    if code is not None and code == -signal.SIGPROF:
        return "the page took more than 5 s of CPU to read"
    if isinstance(error, TimeoutError):
        return f"the page was not read within {WALL_SECONDS:.0f} s"
    if code is not None and code < 0:
        return f"the page ended its parser ({signal.Signals(-code).name})"
    return f"the page ended its parser ({type(error).__name__})"
