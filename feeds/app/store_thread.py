"""The thread of the store: a connection belongs to one thread, so every call to the store is made there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ParamSpec, TypeVar

import structlog

from ..store import DaemonLock, Location, Store, StoreBusy, open_store

log = structlog.get_logger()
P = ParamSpec("P")
T = TypeVar("T")

SCRUB_TRIES, SCRUB_PAUSE = 20, 0.5  # while other processes read the store


class StoreThread:
    """Opens a store and calls it, in a thread of its own. `refused` is why it takes no writes for now, else None."""

    def __init__(self, where: Location, *, daemon: bool = False) -> None:
        self.refused: str | None = None
        self._where = where
        self._daemon = daemon
        self._store: Store | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    @property
    def store(self) -> Store:
        """The store. Only its own thread may call it: through `call` or `submit`."""
        if self._store is None:
            raise RuntimeError("the store is not open")
        return self._store

    async def open(self) -> None:
        """Open the store; it is made where there is none. Raises StoreUnusable, StoreBusy."""
        self._store = await self.call(lambda: open_store(self._where, daemon=self._daemon))

    async def only_while(self, lock: DaemonLock) -> None:
        """Write only while this process holds the lock of the store."""
        await self.call(self.store.only_while, lock)

    async def close(self) -> None:
        """Close the store when all calls are done, and end the thread."""
        if self._store is not None:
            await self.call(self._store.close)
            self._store = None
        self._thread.shutdown(wait=True)

    async def call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call something in the thread of the store. A store that takes no writes sets `refused`."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, lambda: work(*args, **kwargs))
        except StoreBusy as error:
            if self.refused is None:
                self.refused = error.reason
                log.error("visits pause until the store can be written again", why=error.reason)
            raise

    def submit(self, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Call something in the thread of the store soon. Nobody waits for it, and its errors are not seen."""
        self._thread.submit(work, *args, **kwargs)

    async def try_write(self, now: datetime) -> bool:
        """Whether the store takes writes. When it does, `refused` is cleared."""
        try:
            await self.call(self.store.meta.put, "written", now.isoformat())
        except StoreBusy:
            return False
        if self.refused is not None:
            log.info("the store can be written again")
            self.refused = None
        return True

    async def scrub(self) -> bool:
        """Remove the words of forgotten records from the store's files; False when another process prevented it."""
        more = await self.call(self.store.search.purge, first=True)
        while more:
            more = await self.call(self.store.search.purge, first=False)
        for _ in range(SCRUB_TRIES):
            if await self.call(self.store.file.empty_log):
                return True
            await asyncio.sleep(SCRUB_PAUSE)  # another process reads the WAL; nothing notifies us of its end
        return False
