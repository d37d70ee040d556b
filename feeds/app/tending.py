"""What a daemon does beside its visits: health, the `_health` feed, alarms, daily copies of the store.

Nothing here may end the daemon: a full disk is a trouble to be told, and is tried again with the next round.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import structlog

from scrapers import CopydeskError, Seed

from ..errors import PublishError
from ..folder import Folder
from ..health import Health, Trouble, assess, assess_topic
from ..health_feed import PATH, health_feed
from ..model import Feed
from ..publish import publish_feed
from ..store import Store, open_store, retention
from ..store.sqlite import WAL_MOST
from .alarms import Alarms

if TYPE_CHECKING:
    from .desk import Desk

log = structlog.get_logger()
T = TypeVar("T")
PAUSE = 5.0  # seconds between two rounds
TOPICS_PAUSE = 600.0  # topics grow old slowly
AT_ONCE = 20  # sources in one transaction, so that no visit waits long for the lock
EXPIRE_FIRST = 600.0
EXPIRE_PAUSE = 86400.0
EXPIRE_AT_ONCE = 30  # records in one transaction
SETTLED = timedelta(days=7)  # a record so old that is in no document was in one that had to go
QUARANTINED_TOLD = 50  # the newest
BACKUP_FIRST = 60.0  # after the start, so that a crash loop makes no copies
BACKUP_PAUSE = 600.0  # whether a new day has begun
CHECKED = 6  # the weekday, Sunday, whose copy comes with a check of the whole store
BACKUP_AGAIN = 3600.0  # after a copy failed


class Tending:
    """The rounds of one daemon. `published` is told which files changed, `fresh` that feeds are to be.

    `steady` is the clock that nobody sets.
    """

    def __init__(
        self,
        desk: Desk,
        published: Callable[[list[str]], Awaitable[None]],
        fresh: Callable[[], None] = lambda: None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.desk = desk
        self._steady = steady
        self._fresh = fresh
        self.alarms = Alarms(desk)
        self._published = published
        self._topics_after = 0.0
        self._backup_after = self._steady() + BACKUP_FIRST
        self._expire_after = self._steady() + EXPIRE_FIRST
        self._backup: asyncio.Task[None] | None = None
        self._shown = False
        self._rounds = 0

    async def round(self) -> None:
        """One look at everything; whatever is in the way is logged and tried again."""
        try:
            changed = await self._look()
            if changed or not self._shown:
                await self._show()
            told = await self.alarms.tell()
            if told or self._rounds:  # that a former daemon hung is over, but not before it was told
                await self.desk.in_store(self.desk.store.note_troubles, "daemon", [], self.desk.clock())
            self._rounds += 1
            await self.desk.in_store(self.desk.store.empty_log, WAL_MOST)
        except (sqlite3.Error, OSError) as error:
            log.error("health could not be kept; tried again", why=str(error))
        if self._steady() >= self._expire_after:
            self._expire_after = self._steady() + EXPIRE_PAUSE
            await self._expire()
        if self._backup is not None and self._backup.done():
            self._backup.result()
            self._backup = None
        if self._backup is None and self._steady() >= self._backup_after and self.desk.config.store.backups:
            self._backup = asyncio.create_task(self._back_up(), name="backup")

    async def once(self) -> None:
        """All of it after a round of `run --once`, which may be all that an installation ever does."""
        desk = self.desk
        await self.round()
        if desk.config.store.backups:
            await self._back_up()
        today = f"{desk.clock():%Y-%m-%d}"
        with contextlib.suppress(sqlite3.OperationalError):  # a full disk: the next round does it
            if await desk.in_store(desk.store.meta, "expired") != today:
                gone = await self._expire()
                await desk.in_store(desk.store.set_meta, "expired", today)
                if gone:
                    await desk.press.publish()

    async def _look(self) -> bool:
        desk = self.desk
        changed = await look_at_all(desk)
        changed |= await desk.in_store(desk.store.close_orphans, desk.clock())
        if self._steady() >= self._topics_after:
            self._topics_after = self._steady() + TOPICS_PAUSE
            changed |= await desk.in_store(look_at_topics, desk.store, desk.clock())
        now = desk.clock()
        disk = _disk(desk.room.look(), desk.press.unpublished, now)
        changed |= await desk.in_store(desk.store.note_troubles, "disk", disk, now)
        return changed | await desk.in_store(look_at_records, desk.store, now)

    async def _show(self) -> None:
        """The `_health` feed, through the same folder and renderers as every other."""
        desk = self.desk

        def read() -> Feed:
            begun = desk.store.meta("begun")
            if begun is None:
                begun = desk.clock().astimezone(UTC).isoformat(timespec="seconds")
                desk.store.set_meta("begun", begun)
            return health_feed(desk.store.troubles(), desk.press.house().publisher, datetime.fromisoformat(begun))

        self._shown = False
        feed = await desk.in_store(read)
        try:
            done = await asyncio.to_thread(publish_feed, Folder(desk.config.public), PATH, feed, may_shrink=True)
        except PublishError as error:
            log.error("not published", feed=PATH, why=error.reason)
            return
        self._shown = True
        if done.changed:
            await self._published(list(done.changed))

    async def _expire(self) -> int:
        """What is older than the store keeps leaves it, a little at a time; so do links that nobody offers any more."""
        desk = self.desk
        try:
            gone = await expire(desk)
        except (sqlite3.Error, OSError) as error:
            log.error("old records could not be removed; tried again", why=str(error))
            return 0
        if gone:
            log.info("expired", documents_and_records=gone)
            self._fresh()
        return gone

    async def _back_up(self) -> None:
        """The copy of the day, made by a connection of its own so that no visit waits for it."""
        desk = self.desk
        config, now = desk.config, desk.clock()
        self._backup_after = self._steady() + BACKUP_PAUSE
        trouble: list[Trouble] = []
        made: Path | None = None
        try:
            made = await _apart(lambda: daily_copy(config.store_path, config.store.backups, now))
        except (CopydeskError, sqlite3.Error, OSError) as error:
            self._backup_after = self._steady() + BACKUP_AGAIN
            why = error.reason if isinstance(error, CopydeskError) else str(error)
            log.error("the daily copy of the store could not be made", why=why)
            trouble = [Trouble("backup", "failing", f"the daily copy of the store could not be made: {why}", now)]
        if made is not None:
            log.info("backup", file=str(made))
        damage = (
            await _apart(lambda: _damage(config.store_path)) if made is not None and now.weekday() == CHECKED else None
        )
        with contextlib.suppress(sqlite3.Error):  # a full disk is told by its own trouble
            await desk.in_store(desk.store.note_troubles, "backup", trouble, now)
            if damage is not None:
                if damage:
                    log.error("the store is damaged; see `copydesk restore`", problems=damage)
                wrong = [Trouble("damage", "failing", f"the store is damaged: {one}", now) for one in damage[:1]]
                await desk.in_store(desk.store.note_troubles, "store", wrong, now)


async def note_hang(desk: Desk, why: str) -> None:
    """Keep it that this daemon hangs and will be ended; the next one tells it."""
    trouble = Trouble("hang", "failing", why, desk.clock())
    with contextlib.suppress(TimeoutError, sqlite3.Error):  # the store may be what hangs
        async with asyncio.timeout(2.0):
            await desk.in_store(desk.store.note_troubles, "daemon", [trouble], desk.clock())


async def look_at_all(desk: Desk) -> bool:
    """Look at every source that was visited since the last look; whether a trouble began or ended."""
    changed = False
    while True:
        looked, moved = await desk.in_store(
            look, desk.store, desk.seeds, desk.clock(), patience=desk.config.alarms.after
        )
        changed |= moved
        if looked < AT_ONCE:
            return changed


def look(store: Store, seeds: Mapping[str, Seed], now: datetime, *, patience: float) -> tuple[int, bool]:
    """Look at some sources that were visited since the last look: how many, and whether a trouble began or ended."""
    names = store.unassessed(AT_ONCE)
    found: list[tuple[str, datetime, Health]] = []
    for name in names:
        seed = seeds.get(name)
        facts = store.facts(name, now, seed.expect.records_per_day if seed else None)
        if facts is not None and facts.last_visit is not None:
            found.append((name, facts.last_visit, assess(facts, now, patience=patience)))
    changed = False
    with store.writing() if found else contextlib.nullcontext():
        for name, visit, health in found:
            store.keep_health(name, visit, health)
            changed |= store.note_troubles(f"source:{name}", health.troubles, now, judged=health.judged)
    return len(names), changed


async def expire(desk: Desk) -> int:
    """Let go of what is older than the configuration keeps; how many archive documents and records."""
    config, now = desk.config, desk.clock()
    for name in await desk.in_store(lambda: [source.name for source in desk.store.source_labels()]):
        await desk.in_store(retention.forget_links, desk.store.db, name, now)
    most = config.store.keep_entries
    before = now - timedelta(seconds=config.store.keep) if config.store.keep else None

    def old_documents(db: sqlite3.Connection) -> set[int]:
        old = retention.old_documents(db, before) if before is not None else []
        return {*old, *(retention.surplus_documents(db, most) if most else ())}

    def old_records(db: sqlite3.Connection) -> set[int]:
        old = retention.old_records(db, before) if before is not None else []
        return {*old, *(retention.old_records(db, now - SETTLED, quarantined=False) if most else ())}

    documents = sorted(await _apart(lambda: _looked_up(config.store_path, old_documents)))
    for n in documents:
        await desk.in_store(retention.drop_documents, desk.store, [n])
    records = sorted(await _apart(lambda: _looked_up(config.store_path, old_records)))
    for place in range(0, len(records), EXPIRE_AT_ONCE):
        await desk.in_store(retention.expire, desk.store, records[place : place + EXPIRE_AT_ONCE], now)
    while await desk.in_store(desk.store.shrink):
        pass
    return len(documents) + len(records)


def _looked_up(store: Path, find: Callable[[sqlite3.Connection], set[int]]) -> set[int]:
    """By a connection of its own: it reads much, and no visit may wait for it."""
    opened = open_store(store)
    try:
        return find(opened.db)
    finally:
        opened.close()


def look_at_topics(store: Store, now: datetime) -> bool:
    """Whether a trouble of a topic began or ended."""
    last = store.last_success()
    changed = False
    for topic in store.topics():
        if topic.place is not None:
            continue  # a private topic is named nowhere
        found = assess_topic(store.topic_hours(topic.name), last)
        changed |= store.note_troubles(f"topic:{topic.name}", found, now)
    return changed


def look_at_records(store: Store, now: datetime) -> bool:
    """Whether a record was taken out of the feeds since the last look because no document takes it, or is in again."""
    found = [
        Trouble(
            f"record:{one.n}",
            "degraded",
            f"{one.record.title[:100]!r} of {one.record.source} ({one.record.url}) is kept out of the feeds:"
            f" {one.quarantined}",
            now,
        )
        for one in store.quarantined(QUARANTINED_TOLD)
    ]
    return store.note_troubles("publisher", found, now)


def _disk(cramped: str | None, unpublished: bool, now: datetime) -> list[Trouble]:
    found = []
    if cramped is not None:
        found.append(Trouble("full", "failing", cramped, now))
    if unpublished:
        found.append(Trouble("publish", "failing", "feeds could not be written; the old ones are served", now))
    return found


async def _apart(work: Callable[[], T]) -> T:
    """Do something in a thread that the end of the process does not wait for: a copy may take long, a stop must not."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # it is a T when there is no error

    def run() -> None:
        result, failure = None, None
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 handed over to whoever waits
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, name="backup", daemon=True).start()
    return await future


def _damage(store: Path) -> list[str]:
    """The whole check of the file, once a week (RELIABILITY S6)."""
    opened = open_store(store)
    try:
        return opened.problems()
    finally:
        opened.close()


def backups_folder(store: Path) -> Path:
    """Where the daily copies are."""
    return store.parent / "backups"


def copies_of(store: Path) -> list[Path]:
    """Every copy of a store that lies beside it: daily ones, those before an upgrade, those that were replaced."""
    beside = [path for kind in ("before", "replaced") for path in store.parent.glob(f"{store.name}.{kind}-*")]
    return sorted([*backups_folder(store).glob(f"{store.stem}-*.db"), *beside])


def daily_copy(store: Path, keep: int, now: datetime) -> Path | None:
    """The copy of this day (UTC) beside the store, verified; None when it is there already. Only `keep` stay.

    Raises StoreUnusable, OSError, sqlite3.Error.
    """
    folder = backups_folder(store)
    target = folder / f"{store.stem}-{now.astimezone(UTC):%Y-%m-%d}.db"
    if target.exists():
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = open_store(store)
    try:
        opened.backup(target)
    finally:
        opened.close()
    for old in sorted(folder.glob(f"{store.stem}-????-??-??.db"))[:-keep]:
        old.unlink()
    return target
