"""The pool of worker processes that read untrusted pages: killed at the limit, replaced (RELIABILITY P1).

Each worker has one task at a time, so a page that breaks its parser takes nobody with it. From the bytes of a page to
its Record everything happens there; what comes back is held against its type and its sizes, and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import resource
import signal
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from scrapers import (
    Article,
    CopydeskError,
    Draft,
    Known,
    Links,
    Page,
    PageChanged,
    Past,
    Pointed,
    ReadFailed,
    Reading,
    Record,
    Robots,
    Seed,
    Sight,
    Unread,
    site,
)

from . import processes, protocol
from .crash_blame import OWN, Blame
from .fair_shares import Turns
from .protocol import checked, checked_links, dumped

T = TypeVar("T")
WALL_SECONDS = 30.0  # besides the 5 s of CPU, should a worker neither work nor answer
START_SECONDS = 120.0  # a crowded machine may need long to start a process
RECYCLE_AFTER = 1000  # pages
SEEDS = 200  # seeds whose JSON is cached
SPARE_SECONDS = 60.0  # without a page, after which a worker beyond the usual number is ended
TRIES = 2  # of a page whose reader was ended from outside
_PIECE = 262_144  # bytes that are handed to a worker at once
_ERRORS: dict[str, type[CopydeskError]] = {"PageChanged": PageChanged, "ReadFailed": ReadFailed}


class WorkerBug(Exception):
    """A worker met an unexpected exception; carries its traceback."""


class _Ended(Exception):
    """A worker ended, or did not answer. `own`: by what it read, not from outside; `asked`: it had a page."""

    def __init__(self, why: str, *, own: bool, asked: bool = True) -> None:
        super().__init__(why)
        self.why = why
        self.own = own
        self.asked = asked


class _Worker:
    """One process."""

    def __init__(self, process: processes.Forked | asyncio.subprocess.Process) -> None:
        self.process = process
        self.pages = 0
        self.since = 0.0  # when it was last used, monotonic

    async def ready(self) -> None:
        """When the process has loaded its modules, which is no time of any page. Raises EOFError when it ends first."""
        if self.process.stdout is not None:
            await self.process.stdout.readexactly(len(protocol.STARTED))

    async def ask(self, head: bytes, body: bytes) -> tuple[dict[str, Any], bytes]:
        """Head and value of the answer to one frame."""
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:  # both are pipes
            raise BrokenPipeError
        view = memoryview(body)
        # Head and body in one call, or the worker wakes up for the head alone.
        stdin.write(b"".join((protocol.LENGTHS.pack(len(head), len(body)), head, view[:_PIECE])))
        for start in range(_PIECE, len(body), _PIECE):  # a large page is not held twice
            await stdin.drain()
            stdin.write(view[start : start + _PIECE])
        await stdin.drain()
        head_length, length = protocol.LENGTHS.unpack(await stdout.readexactly(protocol.LENGTHS.size))
        if head_length > protocol.HEAD_LIMIT or length > protocol.ANSWER_LIMIT:
            raise BrokenPipeError(f"an answer of {length} bytes")
        found: dict[str, Any] = json.loads(await stdout.readexactly(head_length))
        value = await stdout.readexactly(length)
        self.pages += 1
        return found, value

    async def end(self, *, closed: bool = False) -> None:
        """End the process; one that closed its pipe is ending by itself, and how it ended is worth knowing."""
        if closed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self.process.wait()
        await processes.end(self.process)


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
        self.size = size or max(2, min(4, os.cpu_count() or 1))
        self._blame = Blame(bad, on_bad)
        self._turns = Turns(self.size, time.monotonic)
        self._seeds = _Seeds()
        self._processes = processes.Processes()
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()

    async def __aenter__(self) -> Workers:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await asyncio.gather(*(worker.end() for worker in list(self._all)))
        self._all.clear()
        self._idle.clear()
        await self._processes.close()

    async def links(self, page: Page, seed: Seed, past: Past, now: datetime) -> Links:
        """The stories that a front offers. A front is never barred for a day: its visits have a back-off."""
        told = {**self._told("links", page, seed, now), "past": protocol.PAST.dump_python(past, mode="json")}
        found = await self._ask(told, page.body, protocol.LINKS, source=seed.name, url=page.url, now=now, bars=False)
        try:
            return checked_links(found)
        except ValueError as error:
            raise ReadFailed(f"the page gave an answer that is none: {error}", url=page.url) from error

    async def draft(self, page: Page, seed: Seed, now: datetime) -> Draft:
        """What an article's page seems to say."""
        return await self._ask(
            self._told("draft", page, seed, now), page.body, protocol.DRAFT, source=seed.name, url=page.url, now=now
        )

    async def record(self, article: Article, seed: Seed) -> Record:
        """The record that an article makes: clean, with its address, its dates and its identity."""
        told = {"task": "record", "seed": self._seeds.text(seed)}
        body = dumped(protocol.ARTICLE, article)
        now = article.first_seen
        found = await self._ask(told, body, protocol.RECORD, source=seed.name, url=article.url, now=now)
        try:
            return checked(found, article, seed)
        except ValueError as error:
            raise ReadFailed(f"the page gave a record that is none: {error}", url=article.url) from error

    async def story(self, page: Page, article: Article, seed: Seed, *, telling: bool) -> Reading:
        """What the page of a story gives, in one task. Raises ReadFailed as `draft` and `record` do."""
        now = article.first_seen
        told = self._told("story", page, seed, now)
        told |= {"article": dumped(protocol.ARTICLE, article).decode(), "telling": telling}
        found = await self._ask(told, page.body, protocol.READING, source=seed.name, url=page.url, now=now)
        if found.record is None:
            return found
        try:
            return replace(found, record=checked(found.record, article, seed))
        except ValueError as error:
            raise ReadFailed(f"the page gave a record that is none: {error}", url=page.url) from error

    async def robots(self, body: bytes, origin: str) -> Robots:
        """What the robots.txt of an origin says to us."""
        url = f"{origin}/robots.txt"
        return await self._ask(
            {"task": "robots", "origin": origin}, body, protocol.ROBOTS, source=site(url), url=url, now=None
        )

    async def sights(self, page: Page, seed: Seed, known: Known, now: datetime) -> tuple[Sight, ...]:
        """The seed's selectors on a page of which something is known."""
        told = {**self._told("sights", page, seed, now), "known": protocol.KNOWN.dump_python(known, mode="json")}
        return await self._ask(told, page.body, protocol.SIGHTS, source=seed.name, url=page.url, now=now)

    async def point(
        self, page: Page, seed: Seed, now: datetime, *, field: str, yes: Sequence[int], no: Sequence[int], address: str
    ) -> Pointed:
        """The page to be pointed at, and the selector of what was pointed at (`scrapers.point`)."""
        asked = {"field": field, "yes": list(yes), "no": list(no), "address": address}
        told = {**self._told("point", page, seed, now), **asked}
        return await self._ask(told, page.body, protocol.POINTED, source=seed.name, url=page.url, now=now, bars=False)

    async def _ask(
        self,
        told: dict[str, Any],
        body: bytes,
        kind: TypeAdapter[T],
        *,
        source: str,
        url: str,
        now: datetime | None,
        bars: bool = True,
    ) -> T:
        """The value that a worker makes of a page; with `bars`, one that ended its readers is left alone for a day."""
        # a page that takes a repair too long may still be fine for a visit
        name = cache(lambda: hashlib.blake2b(body, digest_size=16, person=told["task"].encode()).hexdigest())
        bars = bars and now is not None
        if now is not None and bars and self._blame.bars_any and self._blame.barred(name(), now):
            raise ReadFailed("the page broke its parser before; it is left alone for a day", url=url)
        head = json.dumps(told).encode()
        for again in range(TRIES):
            try:
                answer, value = await self._once(head, body, source, fresh=again > 0)
                break
            except _Ended as ended:
                if now is not None and ended.asked:
                    if not ended.own:
                        self._blame.ended_from_outside(name(), now)
                    if bars:
                        self._blame.ended(name(), own=ended.own, now=now)
                if ended.own:
                    raise ReadFailed(ended.why, url=url) from ended.__cause__
                if again == TRIES - 1:
                    raise Unread(ended.why, url=url) from ended.__cause__
        if self._blame.suspects_any:
            self._blame.read(name())
        if "error" in answer:
            if answer["error"] == "bug":
                raise WorkerBug(answer["trace"])
            raise _ERRORS.get(answer["error"], ReadFailed)(str(answer["reason"]), url=url)
        try:
            return kind.validate_json(value)
        except ValidationError as error:
            raise ReadFailed(
                f"the page gave an answer that is none: {error.error_count()} mistakes", url=url
            ) from error

    async def _once(self, head: bytes, body: bytes, source: str, *, fresh: bool) -> tuple[dict[str, Any], bytes]:
        """The answer of one worker, with `fresh` of one that is started for it. Raises _Ended."""
        async with self._turns.turn(source):
            worker = await self._worker(fresh=fresh)
            try:
                async with asyncio.timeout(WALL_SECONDS):
                    found = await worker.ask(head, body)
            except (TimeoutError, EOFError, OSError, ValueError) as error:
                await self._end(worker, closed=isinstance(error, EOFError | ConnectionError))
                code = worker.process.returncode
                raise _Ended(_how(error, code), own=code in OWN) from error
            except BaseException:  # cancelled in the middle of an answer: its pipe is out of step
                await self._end(worker)
                raise
            if worker.pages >= RECYCLE_AFTER:
                await self._end(worker)
            else:
                await self._rest(worker)
            return found

    async def _rest(self, worker: _Worker) -> None:
        """A worker waits for its next page. One more than usual stays for a minute, as its start costs some 30 pages.

        The last to come is the first to be used again, so the first of those that wait is not needed.
        """
        worker.since = time.monotonic()
        self._idle.append(worker)
        spare = len(self._idle) - self.size
        if spare > 1 or (spare == 1 and worker.since - self._idle[0].since >= SPARE_SECONDS):
            await self._end(self._idle.pop(0))

    async def _worker(self, *, fresh: bool) -> _Worker:
        """A worker that waits, or a new one. Raises _Ended when none can be started."""
        while self._idle and not fresh:
            worker = self._idle.pop()
            if worker.process.returncode is None:
                return worker
            self._all.discard(worker)  # it was ended from outside while idle
        try:
            return await self._start()
        except (TimeoutError, EOFError, OSError) as error:
            raise _Ended(_unstarted(error), own=False, asked=False) from error

    async def _start(self) -> _Worker:
        async with asyncio.timeout(START_SECONDS):
            worker = _Worker(await self._processes.start())
            self._all.add(worker)
            try:
                await worker.ready()
            except BaseException:  # cancelled or too late: a process that nobody knows of would stay
                await self._end(worker)
                raise
        return worker

    def _told(self, task: str, page: Page, seed: Seed, now: datetime) -> dict[str, Any]:
        return {
            "task": task,
            "page": protocol.PAGE.dump_python(page, mode="json", exclude={"body"}),
            "seed": self._seeds.text(seed),
            "now": now.isoformat(),
        }

    async def _end(self, worker: _Worker, *, closed: bool = False) -> None:
        self._all.discard(worker)
        await worker.end(closed=closed)


class _Seeds:
    """Seeds as sent to workers: without credentials and headers, as a worker reads untrusted pages.

    As JSON text, written once for all pages of a visit.
    """

    def __init__(self) -> None:
        self._texts: OrderedDict[str, tuple[Seed, str]] = OrderedDict()

    def text(self, seed: Seed) -> str:
        known = self._texts.get(seed.name)
        if known is not None and known[0] is seed:
            return known[1]
        text = protocol.SEED.dump_json(seed, exclude={"headers", "cookies", "credentials", "ca_file"}).decode()
        self._texts[seed.name] = seed, text
        if len(self._texts) > SEEDS:
            self._texts.popitem(last=False)
        return text


def _how(error: BaseException, code: int | None) -> str:
    """Why a worker gave no answer, in words."""
    if code is not None and code == -signal.SIGPROF:
        return "the page took more than 5 s of CPU to read"
    if isinstance(error, TimeoutError):
        return f"the page was not read within {WALL_SECONDS:.0f} s"
    if code is not None and code in OWN:
        return f"the page ended its parser ({signal.Signals(-code).name})"
    if code is not None and code < 0:
        return f"the reader of the page was ended from outside ({signal.Signals(-code).name})"
    return f"the reader of the page ended without an answer ({type(error).__name__})"


def _unstarted(error: BaseException) -> str:
    why = "no process to read pages could be started"
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        why += f"; they may have {hard >> 20} MB of address space, by a hard limit (`ulimit -Hv`)"
    return f"{why}: {error or type(error).__name__}"
