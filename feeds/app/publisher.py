"""The publisher of an installation: writes the files of feeds that changed, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog

from scrapers import Progress

from ..errors import StoreUnusable
from ..model import Topic
from ..publish import index, lost_files, plan, write
from ..publish.entry_shelf import EntryShelf
from ..publish.feed_reader import PublishSettings
from ..render.formats.entry_bytes import EntryBytes
from ..store import StoreBusy
from .store_thread import StoreThread

log = structlog.get_logger()
ROUNDS = 3  # rounds of one call of `publish`, for changes that come meanwhile


class Publisher:
    """Writes what changed. `unpublished` says that the folder could not be written: it is tried again later.

    `lost` are the files that were missing at the last look, though they had been written.
    """

    def __init__(
        self,
        thread: StoreThread,
        public: Path,
        private: Path,
        settings: Callable[[], PublishSettings],
        topics: Callable[[], Sequence[Topic]],
    ) -> None:
        """`settings` and `topics` are asked for at each round: a reload may change them."""
        self.unpublished = False
        self.lost: tuple[str, ...] = ()
        self.progress: Progress | None = None  # progress by feed, where a person waits
        self._thread = thread
        self._public = public
        self._private = private
        self._settings = settings
        self._topics = topics
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="publisher")
        self._rendered = EntryBytes()  # of the writer's thread
        self._listed: index.Known = {}  # cached topics of the index page
        self._writing = asyncio.Lock()

    def close(self) -> None:
        """End the thread once it has finished writing."""
        self._writer.shutdown(wait=True)

    async def prepare(self) -> None:
        """Finish what an ended process left undone: half-written files go, unfinished documents are written anew.

        What was removed from the folder is written again; a folder that is new or was lost gets everything.
        """
        thread, public = self._thread, self._public
        try:
            await asyncio.to_thread(public.mkdir, parents=True, exist_ok=True)
            await asyncio.to_thread(write.clean_folders, public, self._private)
            await self.find_lost()
        except OSError as error:
            raise StoreUnusable(
                f"{public}: {error.strerror}; choose another publish.folder or mend the folder"
            ) from error
        topics, sources = await thread.call(plan.unfinished, thread.store)
        await thread.call(thread.store.publishing.mark_dirty, topics, sources)

    async def take_over(self) -> None:
        """Look at every document again when another desk, with a folder of its own, published last."""
        who = f"{socket.gethostname()}:{self._public.resolve()}"
        meta = self._thread.store.meta
        before = await self._thread.call(meta.get, "published_by")
        if before != who:
            await self._thread.call(plan.mark_all_dirty, self._thread.store)
            await self._thread.call(meta.put, "published_by", who)

    async def find_lost(self) -> tuple[str, ...]:
        """Look for files that somebody removed, and mark their feeds as to be written; the names of the files.

        Raises OSError for a folder that cannot be read.
        """
        async with self._writing:  # files being written are not missing
            feeds = await self._thread.call(lost_files.published, self._thread.store)
            found = await asyncio.to_thread(lost_files.missing, feeds, self._public, self._private)
        self.lost = tuple(name for one in found for name in one.names)
        if found:
            await self._thread.call(lost_files.mark_lost, self._thread.store, found)
            log.warning("published files are missing and are written again", files=len(self.lost), first=self.lost[0])
        return self.lost

    async def still_lost(self) -> bool:
        """Whether a file that was missing at the last look is missing still."""
        places = [folder / name for name in self.lost for folder in (self._public, self._private)]
        there = await asyncio.to_thread(lambda: sum(place.is_file() for place in places))
        return there < len(self.lost)

    async def publish_all(self) -> list[str]:
        """Compose every document again, and write those whose bytes differ."""
        await self._thread.call(plan.mark_all_dirty, self._thread.store)
        return await self.publish()

    async def publish(self) -> list[str]:
        """Publish every feed that changed; the names of the files that did.

        In the order of RELIABILITY S3. After an error of a full or read-only disk `unpublished` is set, and the next
        call tries again.
        """
        written: list[str] = []
        async with self._writing:
            try:
                self.unpublished = not await self._write_all(written)
            except StoreBusy:
                self.unpublished = True
        return written

    async def _write_all(self, written: list[str]) -> bool:
        """Whether every feed and the index could be written; the names of the changed files go into `written`.

        Goes in rounds with each feed once, so that a feed that keeps changing does not hold up the others. Changes
        after the last round are left for the next call. Archives that are many are written a few in each round, and
        such rounds do not count.
        """
        thread, store = self._thread, self._thread.store
        failed: set[tuple[str, str]] = set()
        count = 0
        done: set[tuple[str, str]] = set()
        rounds, whole = 1, True
        loop = asyncio.get_running_loop()
        shelf = EntryShelf()
        while True:
            job = await thread.call(plan.next_plan, store, self._settings(), self._topics(), failed | done, shelf)
            if job is None:
                if not done or (rounds == ROUNDS and whole):
                    break
                done, rounds, whole = set(), rounds + whole, True
                continue
            count += 1
            if self.progress is not None:
                self.progress(f"writing {job.kind}/{job.name}", count, 0)
            result = await loop.run_in_executor(
                self._writer, write.write_feed, job, self._public, self._private, self._rendered
            )
            written += result.written
            await thread.call(plan.mark_written, store, job, result, shelf)
            (failed if result.again else done).add((job.kind, job.name))
            whole = whole and job.whole
            if job.kind == "topic":
                self._listed.pop(job.name, None)
        page = await thread.call(index.plan_index, store, self._settings(), self._topics(), self._listed)
        front = await loop.run_in_executor(self._writer, index.write_index, page, self._public)
        written += front or ()
        return not failed and front is not None
