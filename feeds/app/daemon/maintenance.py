"""What a daemon does beside its visits: health, the `_health` feed, alarms, expiry, daily copies of the store.

Nothing here may end the daemon. A full disk becomes a trouble, and the next round tries again.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog

from scrapers import CopydeskError

from ...errors import PublishError
from ...health import PATH
from ...health.assess import Trouble
from ...health.feed import health_feed
from ...model import Feed
from ...publish.atomic_files import Folder
from ...publish.write import write_documents
from ...store import STORE_ERRORS, StoreBusy, StoreUnusable
from ...store.database.file import WAL_MOST
from ..application import Application
from ..jobs.backups import daily_copy, damage_of
from ..system.daemon_thread import in_daemon_thread
from .alarms import Alarms
from .expiry import expire
from .health_checks import idle_scrapers_trouble, look_at_all, look_at_records, look_at_topics, lost_files_trouble

log = structlog.get_logger()
PAUSE = 5.0  # seconds between two rounds
SCRAPERS_PAUSE = 30.0  # between two looks whether scrapers take work
TOPICS_PAUSE = 600.0  # between two looks at topics
EXPIRE_FIRST = 600.0
EXPIRE_PAUSE = 86400.0
BACKUP_FIRST = 60.0  # after the start, so that a crash loop makes no copies
BACKUP_PAUSE = 600.0  # between two looks whether a new day has begun
CHECKED = 6  # Sunday: the whole store is checked with the copy
BACKUP_AGAIN = 3600.0  # after a copy failed
FILES_PAUSE = 86400.0  # between two looks whether all published files are there


class Maintenance:
    """The rounds of one daemon. `published` is called with changed files, `fresh` when feeds are to be published."""

    def __init__(
        self,
        app: Application,
        published: Callable[[list[str]], Awaitable[None]],
        fresh: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        self._monotonic = monotonic
        self._fresh = fresh
        self.alarms = Alarms(app)
        self._published = published
        self._topics_after = 0.0
        self._scrapers_after = 0.0
        self._backup_after = self._monotonic() + BACKUP_FIRST
        self._expire_after = self._monotonic() + EXPIRE_FIRST
        self._files_after = self._monotonic() + FILES_PAUSE  # the first look was made at the start
        self._lost_told = False
        self._backup: asyncio.Task[None] | None = None
        self._shown = False
        self._rounds = 0

    async def round(self) -> None:
        """Do everything that is due once. Errors are logged, and the next round tries again."""
        try:
            changed = await self._look()
            if changed or not self._shown:
                await self._show()
            told = await self.alarms.tell()
            if told or self._rounds:  # a hang of the previous daemon ends once it was reported
                await self.app.thread.call(self.app.thread.store.troubles.note, "daemon", [], self.app.clock())
            self._rounds += 1
            await self.app.thread.call(self.app.thread.store.file.empty_log, WAL_MOST)
        except (*STORE_ERRORS, OSError) as error:
            log.error("health could not be kept; tried again", why=str(error))
        if self._monotonic() >= self._expire_after:
            self._expire_after = self._monotonic() + EXPIRE_PAUSE
            await self._expire()
        if self._backup is not None and self._backup.done():
            self._backup.result()
            self._backup = None
        if (
            self._backup is None
            and self._monotonic() >= self._backup_after
            and self.app.installation.config.store.backups
        ):
            self._backup = asyncio.create_task(self._back_up(), name="backup")

    async def once(self) -> None:
        """Everything after a round of `run --once`, for installations without a daemon."""
        app = self.app
        await self.round()
        if app.installation.config.store.backups:
            await self._back_up()
        today = f"{app.clock():%Y-%m-%d}"
        with contextlib.suppress(*STORE_ERRORS):  # the next round does it
            if await app.thread.call(app.thread.store.meta.get, "expired") != today:
                gone = await self._expire()
                await app.thread.call(app.thread.store.meta.put, "expired", today)
                if gone:
                    await app.publisher.publish()

    async def _look(self) -> bool:
        app = self.app
        now = app.clock()
        app.disk_space.check()
        changed = await self._note_disk(now)  # first, as a store that takes no writes ends these checks
        changed |= await look_at_all(app)
        changed |= await app.thread.call(app.thread.store.troubles.close_orphans, app.clock())
        if self._monotonic() >= self._topics_after:
            self._topics_after = self._monotonic() + TOPICS_PAUSE
            changed |= await app.thread.call(look_at_topics, app.thread.store, app.clock())
        changed |= await self._look_for_files(now)
        changed |= await self._look_for_scrapers(now)
        return changed | await app.thread.call(look_at_records, app.thread.store, now)

    async def _note_disk(self, now: datetime) -> bool:
        """Store the troubles of the disks; whether one began or ended.

        A store that takes no writes cannot store that trouble: it is stored, as already over, once it can. So is one
        that began and ended between two rounds.
        """
        app = self.app
        app.disk_troubles()
        told = list(app.untold.values())
        changed = await app.thread.call(app.thread.store.troubles.note, "disk", told, now)
        app.untold = {kind: one for kind, one in app.untold.items() if one not in told}
        return changed

    async def _look_for_files(self, now: datetime) -> bool:
        """Store the trouble of missing published files until they are back; whether a trouble began or ended."""
        app = self.app
        if self._monotonic() >= self._files_after:
            self._files_after = self._monotonic() + FILES_PAUSE
            self._shown, self._lost_told = False, False
            if await app.publisher.find_lost():
                self._fresh()
        elif self._lost_told and not await app.publisher.still_lost():
            app.publisher.lost = ()
        self._lost_told = True
        found = lost_files_trouble(app.publisher.lost, now)
        return await app.thread.call(app.thread.store.troubles.note, "folder", found, now)

    async def _look_for_scrapers(self, now: datetime) -> bool:
        """Store the trouble of visits that no scraper takes; whether it began or ended."""
        if self._monotonic() < self._scrapers_after:
            return False
        self._scrapers_after = self._monotonic() + SCRAPERS_PAUSE
        try:
            found = idle_scrapers_trouble(await self.app.queue.report(), now)
        except (StoreBusy, StoreUnusable):
            return False  # whoever looks after the queue says so
        return await self.app.thread.call(self.app.thread.store.troubles.note, "work", found, now)

    async def _show(self) -> None:
        """Publish the `_health` feed."""
        app = self.app

        def read() -> Feed:
            begun = app.thread.store.meta.get("begun")
            if begun is None:
                begun = app.clock().astimezone(UTC).isoformat(timespec="seconds")
                app.thread.store.meta.put("begun", begun)
            return health_feed(
                app.thread.store.troubles.all(),
                app.installation.publish_settings().publisher,
                datetime.fromisoformat(begun),
            )

        self._shown = False
        feed = await app.thread.call(read)
        try:
            folder = Folder(app.installation.config.public, variants=app.installation.publish_settings().variants)
            done = await asyncio.to_thread(write_documents, folder, PATH, feed, may_shrink=True)
        except PublishError as error:
            log.error("not published", feed=PATH, why=error.reason)
            return
        self._shown = True
        if done.changed:
            await self._published(list(done.changed))

    async def _expire(self) -> int:
        """Remove what is older than the store keeps; the number of documents and records removed."""
        app = self.app
        try:
            gone = await expire(app)
        except (*STORE_ERRORS, OSError) as error:
            log.error("old records could not be removed; tried again", why=str(error))
            return 0
        if gone:
            log.info("expired", documents_and_records=gone)
            self._fresh()
        return gone

    async def _back_up(self) -> None:
        """Make the copy of the day by a connection of its own, so that no visit waits for it."""
        app = self.app
        config, now = app.installation.config, app.clock()
        self._backup_after = self._monotonic() + BACKUP_PAUSE
        trouble: list[Trouble] = []
        made: Path | None = None
        try:
            made = await in_daemon_thread(lambda: daily_copy(config.store_at, config.store.backups, now))
        except (CopydeskError, OSError) as error:
            self._backup_after = self._monotonic() + BACKUP_AGAIN
            why = error.reason if isinstance(error, CopydeskError) else str(error)
            log.error("the daily copy of the store could not be made", why=why)
            trouble = [Trouble("backup", "failing", f"the daily copy of the store could not be made: {why}", now)]
        if made is not None:
            log.info("backup", file=str(made))
        damage = await self._damage() if made is not None and now.weekday() == CHECKED else None
        with contextlib.suppress(*STORE_ERRORS):  # a full disk has a trouble of its own
            await app.thread.call(app.thread.store.troubles.note, "backup", trouble, now)
            if damage is not None:
                if damage:
                    log.error("the store is damaged; see `copydesk restore`", problems=damage)
                wrong = [Trouble("damage", "failing", f"the store is damaged: {one}", now) for one in damage[:1]]
                await app.thread.call(app.thread.store.troubles.note, "store", wrong, now)

    async def _damage(self) -> list[str] | None:
        """What is wrong with the store's file; None when nobody could look."""
        try:
            return await in_daemon_thread(lambda: damage_of(self.app.installation.config.store_at))
        except StoreUnusable as error:
            return [error.reason]
        except (StoreBusy, OSError) as error:
            log.error("the store could not be checked", why=str(error))
            return None


async def note_hang(app: Application, why: str) -> None:
    """Store that this daemon hangs and will end. The next daemon tells it."""
    trouble = Trouble("hang", "failing", why, app.clock())
    with contextlib.suppress(TimeoutError, *STORE_ERRORS):  # the store may be what hangs
        async with asyncio.timeout(2.0):
            await app.thread.call(app.thread.store.troubles.note, "daemon", [trouble], app.clock())
