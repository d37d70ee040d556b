"""The daemon: signals, changed files, requests of commands, clocks, publishing and the web server.

Its visits are begun by `scheduler.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import structlog

from ... import pipe
from ...store import STORE_ERRORS, StoreBusy, StoreUnusable
from ..application import Application
from ..inspect import status
from ..jobs.visits import STOOD_STILL
from ..system.memory import give_back
from ..web import Serving, serve
from .clock_jumps import JumpDetector
from .control import RETRY, ControlQueue
from .handlers import handlers
from .loop_watch import LoopWatch
from .maintenance import PAUSE, Maintenance, note_hang
from .scheduler import REQUEST, Scheduler

log = structlog.get_logger()

UNUSABLE = 5  # the exit code for a store that is lost
GRACE = 8.0  # seconds that a stop may take
REQUEST_PAUSE = 0.25
WATCH_PAUSE = 1.0
WATCHDOG_PAUSE = 5.0
REST = 2.0  # the pause after publishing, as a multiple of the time it took
REST_MOST = 10.0
FIRST_ROUND = 5.0  # seconds that a new installation may take to write its documents before it answers
TIDY = 60.0  # seconds after which free memory is given back to the system


class Daemon:
    """Drives an Application until it is told to stop."""

    def __init__(
        self,
        app: Application,
        config_path: Path,
        *,
        on_ready: Callable[[str, str], None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`on_ready` is told where the server listens, and how the owner gets into the desk: a link, or a sentence.

        `monotonic` is the monotonic clock; the application has the wall clock."""
        self.app = app
        self._monotonic = monotonic
        self._clock_jumps = JumpDetector(app.clock, monotonic)
        self.config_path = config_path
        self.on_ready = on_ready
        self.stopping = asyncio.Event()
        self.fresh = asyncio.Event()  # something is to be published
        self.published = asyncio.Event()  # the first round of publishing is over
        app.jobs.keeper.on_part = self.fresh.set
        self.wake = asyncio.Event()
        self.scheduler = Scheduler(app, self.stopping, self.fresh.set, monotonic)
        app.queue.on_kept = self.scheduler.kept_elsewhere
        self.control = ControlQueue(
            app, handlers(app, self.scheduler, self.reload, lambda: self.serving), self.stopping
        )
        self.helpers: set[asyncio.Task[None]] = set()
        self.last_turn = time.monotonic()
        self.exit_code = 0
        self.store_lost: str | None = None  # which of its files was removed
        self.terminal = _has_terminal()
        self.serving: Serving | None = None
        self.loop_watch = LoopWatch()
        self.records = status.RecordCount(lambda: app.thread.call(app.thread.store.records.count))

    async def run(self, *, web: bool = True, listener: socket.socket | None = None) -> int:
        """Run until a signal or the watchdog stops it; the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, number)
        loop.add_signal_handler(signal.SIGHUP, self._reload_soon)
        self.app.disk_space.check()
        await self.app.thread.call(self.app.thread.store.control.release)
        self._help(self._publish_when_fresh, "publish")
        self.fresh.set()
        if not (self.app.installation.config.public / "index.html").exists():
            await _wait(self.published, FIRST_ROUND)  # every document exists before the first request
        if web:
            self.serving = await serve(
                self.app, self.health, listener, perform=self.control.perform, config_path=self.config_path
            )
        self.scheduler.start()
        await self._after_clock(jumped=False)
        self._help(self._answer_requests, "control queue")
        self._help(self._watch_files, "watch")
        self._help(lambda: self.scheduler.revisit_young(self._pause), "revisit")
        self._help(self.app.queue.work, "queue")
        self._help(self._watchdog, "watchdog")
        self._help(self._mind_store, "store")
        self._help(self._maintain, "maintenance")
        _notify("READY=1")
        if self.on_ready is not None:
            desk = self.serving.desk if self.serving else None
            way_in = "" if desk is None else await desk.way_in()
            self.on_ready(self.serving.address if self.serving else "", way_in)
        with self.loop_watch.watching():
            await self.stopping.wait()
        await self._wind_down()
        return self.exit_code

    # --- stopping

    def _stop(self, number: int) -> None:
        if self.stopping.is_set():
            os._exit(143)  # a second signal kills the process
        log.info("stopping", signal=signal.Signals(number).name)
        self.stopping.set()

    async def _wind_down(self) -> None:
        _notify("STOPPING=1")
        tasks = [*self.scheduler.stop(), *self.helpers]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE / 2)
        if self.serving is not None:
            await self.serving.stop()
        if self.store_lost is None:
            with contextlib.suppress(TimeoutError, *STORE_ERRORS):
                async with asyncio.timeout(GRACE / 2):
                    await self.app.publisher.publish()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().remove_signal_handler(number)

    # --- helpers

    def _help(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        """Start a helper task that runs as long as the daemon. A bug in it ends the daemon.

        When the store refuses, the helper is started again after a pause: what is published is served meanwhile.
        """

        async def watched() -> None:
            try:
                while True:
                    try:
                        return await work()
                    except StoreBusy:
                        pass  # the thread of the store logs it once
                    except StoreUnusable as error:
                        log.error("the store is damaged; tried again", part=name, why=error.reason)
                    await self._pause(RETRY)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.error("bug", part=name, exc_info=error)
                self.exit_code = 1
                self.stopping.set()

        self.helpers.add(asyncio.create_task(watched(), name=name))

    async def _pause(self, seconds: float) -> None:
        self.last_turn = time.monotonic()
        await _wait(self.stopping, seconds)

    async def _publish_when_fresh(self) -> None:
        while not self.stopping.is_set():
            await _wait(self.fresh, RETRY if self.app.publisher.unpublished else None)
            self.fresh.clear()
            begun = self._monotonic()
            written = await self.app.publisher.publish()
            self.published.set()
            took = self._monotonic() - begun
            if written:
                log.info("published", files=len(written))
                if self.serving is not None:
                    await self.serving.published(written)
            await self._pause(min(REST * took, REST_MOST))

    async def _maintain(self) -> None:
        """Run the rounds of maintenance."""

        async def published(written: list[str]) -> None:
            if self.serving is not None:
                await self.serving.published(written)

        maintenance = Maintenance(self.app, published, self.fresh.set, self._monotonic)
        while not self.stopping.is_set():
            await maintenance.round()
            await self._pause(PAUSE)

    async def _answer_requests(self) -> None:
        """Do what commands ask for through the store."""
        while not self.stopping.is_set():
            for request in await self.control.open_requests():
                self.scheduler.begin(f"{REQUEST}{request.n}", self.control.answer(request, self._pause))
            await self._pause(REQUEST_PAUSE)

    def _reload_soon(self) -> None:
        if self.terminal and not _has_terminal():
            self._stop(signal.SIGHUP)  # the terminal was closed: not a request to reload
            return
        log.info("reload asked for")
        self.wake.set()

    async def reload(self) -> bool:
        """Read configuration and seeds anew while visits go on."""
        applied = await self.app.installation.reload(self.config_path)
        if applied:
            await self.scheduler.schedule_all()
        self.fresh.set()
        return applied

    async def _watch_files(self) -> None:
        """Apply changed configuration files. They are polled, which works with every editor and file system."""
        before = await asyncio.to_thread(self._signature)
        while not self.stopping.is_set():
            await _wait(self.wake, WATCH_PAUSE)
            after = await asyncio.to_thread(self._signature)
            if after != before or self.wake.is_set():
                self.wake.clear()
                before = after
                await self.reload()

    def _signature(self) -> tuple[tuple[str, int, int], ...]:
        """What changes with the files of configuration and seeds: their names, times and sizes."""
        found = []
        with contextlib.suppress(OSError):  # being replaced at this moment
            stat = self.config_path.stat()
            found.append(("", stat.st_mtime_ns, stat.st_size))
        with contextlib.suppress(OSError), os.scandir(self.app.installation.config.seeds_folder) as seeds:
            for one in seeds:
                if one.name.endswith(".toml"):
                    with contextlib.suppress(OSError):
                        stat = one.stat()
                        found.append((one.name, stat.st_mtime_ns, stat.st_size))
        return tuple(sorted(found))

    async def _watchdog(self) -> None:
        """Watch for jumps of the clock and for hanging visits."""
        tidied = self._monotonic()
        while not self.stopping.is_set():
            begun = self._monotonic()
            await self._pause(WATCHDOG_PAUSE)
            still = self._monotonic() - begun - WATCHDOG_PAUSE
            if still > STOOD_STILL:
                log.warning("the program stood still", seconds=round(still))
                self.scheduler.stood_still(still)
            if self._monotonic() - tidied > TIDY:
                tidied = self._monotonic()
                await asyncio.to_thread(give_back)
            await self.look_at_clock()
            if self.scheduler.stuck() is not None:
                log.error("stuck", why=self.scheduler.stuck())
                await note_hang(self.app, self.scheduler.stuck() or "")
                self.exit_code = 1
                self.stopping.set()
            _notify("WATCHDOG=1")

    async def look_at_clock(self) -> float:
        """The seconds by which the wall clock jumped since the last look, 0 for none (RELIABILITY J4).

        After a jump all due times are capped at the interval of their source, and missed visits are spread.
        Stored dates of stories do not change.
        """
        drift = self._clock_jumps.jump()
        if not drift:
            return 0.0
        log.warning("the clock jumped", seconds=round(drift))
        await self._after_clock(jumped=True)
        return drift

    async def _after_clock(self, *, jumped: bool) -> None:
        app, now = self.app, self.app.clock()
        app.fetcher.paces.clock_set_back(now.timestamp())
        await app.thread.call(pipe.not_too_late, app.thread.store, app.installation.seeds, now, jumped=jumped)
        await self.scheduler.schedule_all()

    async def _mind_store(self) -> None:
        """While the store takes no writes or the disk is full, try again now and then; then catch up on visits."""
        while not self.stopping.is_set():
            await self._pause(RETRY)
            self.store_lost = await asyncio.to_thread(self.app.lock.lost)
            if self.store_lost is not None:  # writes would go into a deleted file
                log.error("stopping: the store's files are not those that were opened", why=self.store_lost)
                self.exit_code = UNUSABLE
                self.stopping.set()
                return
            paused = self.app.paused is not None
            self.app.disk_space.check()
            self.app.disk_troubles()  # one that is over before the next round is told, too
            if self.app.thread.refused is not None:
                await self.app.thread.try_write(self.app.clock())
            if paused and self.app.paused is None:
                await self.scheduler.schedule_all()
                self.fresh.set()

    async def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether the daemon works, and the facts for /health."""
        app, longest = self.app, self.loop_watch.longest
        return status.health(
            status.Liveness(
                stuck=self.scheduler.stuck(),
                since_turn=time.monotonic() - self.last_turn,
                longest_hold=0.0 if longest is None else longest.seconds,
                records=await self.records.now(),
                store_waits=self.records.waits,
                sources=len(app.installation.seeds),
                visits_running=len(self.scheduler.running),
                configuration_valid=not app.installation.reload_mistakes,
                paused=app.paused,
                unpublished=app.publisher.unpublished,
            )
        )


async def _wait(event: asyncio.Event, seconds: float | None) -> None:
    """Wait for an event, at most so many seconds. Not `wait_for`, which may lose a cancellation on Python 3.11."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _has_terminal() -> bool:
    """Whether this process has a terminal that is still open."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _notify(message: str) -> None:
    """Send a message to systemd (sd_notify(3)), when it started us."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock,
        contextlib.suppress(OSError),
    ):
        sock.sendto(message.encode(), "\0" + address[1:] if address.startswith("@") else address)
