"""Read-only access to the store: a connection and a thread of its own, so that no writer waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from ....store import Location, Store, open_store

P = ParamSpec("P")
T = TypeVar("T")


class StoreReader:
    """Opens the store on first use. Calls only read."""

    def __init__(self, where: Location) -> None:
        self._where = where
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
        self._store: Store | None = None

    async def call(self, work: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call something with the store, in its thread. Raises StoreBusy, StoreUnusable."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: work(self._opened(), *args, **kwargs)
        )

    async def close(self) -> None:
        """Close the store when the calls under way are done, and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=True)

    def _opened(self) -> Store:
        if self._store is None:
            self._store = open_store(self._where)
        return self._store

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
