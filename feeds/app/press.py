"""The press of an installation: feeds that changed → files, in a thread of its own, so that no visit waits for it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from .. import edition, frontpage
from ..errors import StoreUnusable
from ..model import Publisher
from ..store import refusal

if TYPE_CHECKING:
    from .desk import Desk

ROUNDS = 3  # of one call to publish, over what changes while it is under way


class Press:
    """Writes what changed. `unpublished` says that the folder could not be written: it is tried again later."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.unpublished = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="press")
        self._printing = asyncio.Lock()

    def close(self) -> None:
        """Ends the thread, when what it writes is written."""
        self._thread.shutdown(wait=True)

    async def prepare(self) -> None:
        """What an ended process left undone is done: half-written files go, unfinished documents are written anew.

        A folder that is new or was lost gets everything.
        """
        desk = self.desk
        public = desk.config.public
        try:
            await asyncio.to_thread(public.mkdir, parents=True, exist_ok=True)
            await asyncio.to_thread(edition.prepare, public, desk.config.private)
            lost = not any(await asyncio.to_thread(list, public.iterdir()))
        except OSError as error:
            raise StoreUnusable(
                f"{public}: {error.strerror}; choose another publish.folder or mend the folder"
            ) from error
        if lost:
            await desk.in_store(edition.write_all_anew, desk.store)
        topics, sources = await desk.in_store(edition.unfinished, desk.store)
        await desk.in_store(desk.store.soil, topics, sources)

    def house(self) -> edition.House:
        """What all documents have in common."""
        desk = self.desk
        config = desk.config
        hub = config.publish.hub
        hubs = hub if isinstance(hub, tuple) else (f"{config.base_url}/hub",) if hub == "own" else ()
        return edition.House(
            Publisher(config.title, config.base_url, hubs=hubs, picture_key=desk.picture_key),
            config.publish.entries,
            desk.engine.subjects,
        )

    async def publish_all(self) -> list[str]:
        """Look at every document again, and write those whose bytes are not as they should be."""
        desk = self.desk
        await desk.in_store(edition.write_all_anew, desk.store)
        return await self.publish()

    async def publish(self) -> list[str]:
        """Publish every feed that changed; the names of the files that did. In the order of RELIABILITY S3.

        What a full or read-only disk prevents is left for the next call, and `unpublished` says so.
        """
        written: list[str] = []
        async with self._printing:
            try:
                self.unpublished = not await self._print_all(written)
            except Exception as error:
                if refusal(error) is None:
                    raise
                self.unpublished = True
        return written

    async def _print_all(self, written: list[str]) -> bool:
        """Whether every feed and the index could be written; the names of the changed files go into `written`.

        In rounds with each feed once: one that many sources write to changes again all the time, and the others must
        have their turn. What changes after the last round is for the next call.
        """
        desk = self.desk
        failed: set[tuple[str, str]] = set()
        printed: set[tuple[str, str]] = set()
        rounds = 1
        loop = asyncio.get_running_loop()
        while True:
            job = await desk.in_store(edition.next_edition, desk.store, self.house(), desk.topics, failed | printed)
            if job is None:
                if not printed or rounds == ROUNDS:
                    break
                printed, rounds = set(), rounds + 1
                continue
            done = await loop.run_in_executor(
                self._thread, edition.print_edition, job, desk.config.public, desk.config.private
            )
            written += done.written
            await desk.in_store(edition.published, desk.store, job, done)
            (failed if done.again else printed).add((job.kind, job.name))
        page = await desk.in_store(frontpage.front, desk.store, self.house(), desk.topics)
        front = await loop.run_in_executor(self._thread, frontpage.print_front, page, desk.config.public)
        written += front or ()
        return not failed and front is not None
