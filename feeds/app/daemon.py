"""The daemon: what it does beside its visits (`visits.py`): signals, changed files, wishes of commands, clocks, web."""

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

from scrapers import CopydeskError

from .. import pipe
from ..store import Wish, refusal
from . import status, wishes
from .desk import Desk
from .memory import give_back
from .tending import PAUSE, Tending, note_hang
from .visits import Visits
from .web import Serving, serve

log = structlog.get_logger()

GRACE = 8.0  # seconds that a stop may take before what still runs is cancelled for good
WISH_PAUSE = 0.25
WATCH_PAUSE = 1.0
JUMP = 60.0  # seconds between wall and monotonic clock that count as a jump
RETRY = 15.0  # seconds after which a store or folder that could not be written is tried again
REST = 2.0  # after publishing, so many times as long as it took: many visits share one edition
REST_MOST = 10.0
TIDY = 60.0  # seconds after which free memory is given back to the system


class Daemon:
    """Drives a Desk until it is told to stop."""

    def __init__(
        self,
        desk: Desk,
        config_path: Path,
        *,
        on_ready: Callable[[str], None] | None = None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """`steady` is the clock that nobody sets; the desk's is the one on the wall."""
        self.desk = desk
        self.steady = steady
        self._times = desk.clock().timestamp(), steady()
        self.config_path = config_path
        self.on_ready = on_ready
        self.stopping = asyncio.Event()
        self.fresh = asyncio.Event()  # something is to be published
        self.wake = asyncio.Event()
        self.visits = Visits(desk, self.stopping, self.fresh.set, steady)
        self.helpers: set[asyncio.Task[None]] = set()
        self.last_turn = time.monotonic()
        self.exit_code = 0
        self.terminal = _has_terminal()
        self.serving: Serving | None = None

    async def run(self, *, web: bool = True, listener: socket.socket | None = None) -> int:
        """Work until a signal or a watchdog ends it; the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, number)
        loop.add_signal_handler(signal.SIGHUP, self._reload_soon)
        self.desk.room.look()
        await self.desk.in_store(self.desk.store.unclaim)
        self._help(self._publish_when_fresh, "publish")
        self.fresh.set()
        if web:
            self.serving = await serve(self.desk, self.health, listener)
        self.visits.start()
        await self._after_clock(jumped=False)
        self._help(self._grant_wishes, "wishes")
        self._help(self._watch_files, "watch")
        self._help(lambda: self.visits.revisit_young(self._pause), "revisit")
        self._help(self._watchdog, "watchdog")
        self._help(self._mind_store, "store")
        self._help(self._tend, "tending")
        _notify("READY=1")
        if self.on_ready is not None:
            self.on_ready(self.serving.address if self.serving else "")
        await self.stopping.wait()
        await self._wind_down()
        return self.exit_code

    # --- stopping

    def _stop(self, number: int) -> None:
        if self.stopping.is_set():
            os._exit(143)  # asked a second time: at once
        log.info("stopping", signal=signal.Signals(number).name)
        self.stopping.set()

    async def _wind_down(self) -> None:
        _notify("STOPPING=1")
        tasks = [*self.visits.stop(), *self.helpers]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE / 2)
        if self.serving is not None:
            await self.serving.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE / 2):
                await self.desk.press.publish()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().remove_signal_handler(number)

    # --- helpers

    def _help(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        """A helper that runs as long as the daemon; if it ends by a bug, the daemon ends too, so that it is seen.

        One that ends because the store takes no writes for now is begun anew a little later.
        """

        async def watched() -> None:
            try:
                while True:
                    try:
                        return await work()
                    except Exception as error:
                        if refusal(error) is None:
                            raise
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
            await _wait(self.fresh, RETRY if self.desk.press.unpublished else None)
            self.fresh.clear()
            begun = self.steady()
            written = await self.desk.press.publish()
            took = self.steady() - begun
            if written:
                log.info("published", files=len(written))
                if self.serving is not None:
                    await self.serving.published(written)
            await self._pause(min(REST * took, REST_MOST))

    async def _tend(self) -> None:
        """Health, its feed, alarms and daily copies."""

        async def published(written: list[str]) -> None:
            if self.serving is not None:
                await self.serving.published(written)

        tending = Tending(self.desk, published, self.fresh.set, self.steady)
        while not self.stopping.is_set():
            await tending.round()
            await self._pause(PAUSE)

    async def _grant_wishes(self) -> None:
        """What commands ask for through the store."""
        while not self.stopping.is_set():
            for wish in await self.desk.in_store(self.desk.store.open_wishes, self.desk.clock()):
                self.visits.begin(f"wish {wish.n}", self._grant(wish))
            await self._pause(WISH_PAUSE)

    async def _grant(self, wish: Wish) -> None:
        try:
            result = await wishes.grant(self, wish)
        except CopydeskError as error:
            result = {"error": error.reason}
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 the command hears of it, the daemon goes on
            if refusal(error) is None:
                self.desk.bug(error, f"wish {wish.kind}")
            result = {"error": refusal(error) or f"a bug: {error!r}"}
        while not self.stopping.is_set():
            try:
                await self.desk.in_store(self.desk.store.fulfil, wish.n, result, self.desk.clock())
                return
            except Exception as error:
                if refusal(error) is None:
                    raise
            await self._pause(RETRY)

    def _reload_soon(self) -> None:
        if self.terminal and not _has_terminal():
            self._stop(signal.SIGHUP)  # the window was closed: nobody asked for a reload
            return
        log.info("reload asked for")
        self.wake.set()

    async def reload(self) -> bool:
        """Configuration and seeds anew, without a pause in the visits."""
        applied = await self.desk.reload(self.config_path)
        if applied:
            log.info("configuration applied", topics=len(self.desk.topics), sources=len(self.desk.seeds))
            await self.visits.schedule_all()
        self.fresh.set()
        return applied

    async def _watch_files(self) -> None:
        """A changed file of the configuration is applied; polled, so that any editor and file system will do."""
        before = await asyncio.to_thread(self._signature)
        while not self.stopping.is_set():
            await _wait(self.wake, WATCH_PAUSE)
            after = await asyncio.to_thread(self._signature)
            if after != before or self.wake.is_set():
                self.wake.clear()
                before = after
                await self.reload()

    def _signature(self) -> tuple[tuple[str, int, int], ...]:
        paths = [self.config_path, *sorted(self.desk.config.seeds_folder.glob("*.toml"))]
        found = []
        for path in paths:
            try:
                stat = path.stat()
            except OSError:
                continue
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
        return tuple(found)

    async def _watchdog(self) -> None:
        """Notices a clock that jumped, and a daemon in which no visit finishes any more."""
        tidied = self.steady()
        while not self.stopping.is_set():
            await self._pause(5.0)
            if self.steady() - tidied > TIDY:
                tidied = self.steady()
                await asyncio.to_thread(give_back)
            await self.look_at_clock()
            if self.visits.stuck() is not None:
                log.error("stuck", why=self.visits.stuck())
                await note_hang(self.desk, self.visits.stuck() or "")
                self.exit_code = 1
                self.stopping.set()
            _notify("WATCHDOG=1")

    async def look_at_clock(self) -> float:
        """The seconds by which the clock on the wall jumped since the last look, 0 for none (J4).

        Set back, nothing waits longer than its interval; set forward, or after the machine slept, what was missed
        is caught up once, spread. Nothing that is stored of a story is touched.
        """
        wall, steady = self.desk.clock().timestamp(), self.steady()
        drift = (wall - self._times[0]) - (steady - self._times[1])
        self._times = wall, steady
        if abs(drift) <= JUMP:
            return 0.0
        log.warning("the clock jumped", seconds=round(drift))
        await self._after_clock(jumped=True)
        return drift

    async def _after_clock(self, *, jumped: bool) -> None:
        desk, now = self.desk, self.desk.clock()
        desk.fetcher.paces.clock_set_back(now.timestamp())
        await desk.in_store(pipe.not_too_late, desk.store, desk.seeds, now, jumped=jumped)
        await self.visits.schedule_all()

    async def _mind_store(self) -> None:
        """A store that took no writes, or a disk without room, is tried now and then; when all is well again, what was
        missed is caught up."""
        while not self.stopping.is_set():
            await self._pause(RETRY)
            paused = self.desk.paused is not None
            self.desk.room.look()
            if self.desk.refused is not None:
                await self.desk.try_store()
            if paused and self.desk.paused is None:
                await self.visits.schedule_all()
                self.fresh.set()

    async def health(self) -> tuple[bool, dict[str, Any]]:
        """For /health: whether the loop turns and the store can be read."""
        return await status.health(self)


async def _wait(event: asyncio.Event, seconds: float | None) -> None:
    """Until something happens, but no longer than so many seconds. Not wait_for: on 3.11 it may lose a cancellation."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _has_terminal() -> bool:
    """Whether this process is run from a terminal that is still there."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _notify(message: str) -> None:
    """Tell systemd (sd_notify(3)); nothing where there is none."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock,
        contextlib.suppress(OSError),
    ):
        sock.sendto(message.encode(), "\0" + address[1:] if address.startswith("@") else address)
