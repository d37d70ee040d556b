"""Rows that come back from published documents: with the ids and dates that were published. Functions over a store.

Calls that write are to be made inside a transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from scrapers import Record

from .rows import Stored, stamp

if TYPE_CHECKING:
    from .sqlite import SqliteStore


def put_source(db: sqlite3.Connection, name: str, feed_id: str, home: str, title: str, now: datetime) -> None:
    """A source under the feed id that was published; one without a seed counts as removed."""
    at = stamp(now)
    db.execute(
        "INSERT INTO source(name, feed_id, home, title, added, removed, due, since) VALUES(?,?,?,?,?,?,?,?)"
        " ON CONFLICT(name) DO UPDATE SET feed_id=excluded.feed_id, title=coalesce(title, excluded.title)",
        (name, feed_id, home, title, at, at, at, at),
    )


def put_topic(db: sqlite3.Connection, name: str, feed_id: str, place: str | None) -> bool:
    """A configured topic under the feed id that was published, a private one in its folder; False: there is none."""
    changed = db.execute(
        "UPDATE topic SET feed_id=?, place=CASE WHEN place IS NULL THEN NULL ELSE coalesce(?, place) END WHERE name=?",
        (feed_id, place, name),
    ).rowcount
    return changed > 0


def known_stories(db: sqlite3.Connection, numbers: Iterable[int]) -> list[int]:
    """The stories of these records, each once, the earliest first."""
    found = {row[0] for n in numbers for row in db.execute("SELECT story FROM record WHERE n=?", (n,))}
    return sorted(found)


def put_story(store: SqliteStore, identity: str, seen: datetime, published: datetime, updated: datetime) -> int:
    """A story as it was published; its number. One of that id that is there already stays as it is."""
    there = store.db.execute("SELECT n FROM story WHERE id=?", (identity,)).fetchone()
    if there is not None:
        return int(there[0])
    row = store.db.execute(
        "INSERT INTO story(id, first_seen, published, updated) VALUES(?,?,?,?) RETURNING n",
        (identity, stamp(seen), stamp(published), store.free_second("story", stamp(updated))),
    ).fetchone()
    return int(row[0])


def put_record(store: SqliteStore, record: Record, story: int, updated: datetime, now: datetime) -> int:
    """A record as it was published; its number. Its page is not looked at again by itself."""
    n = store.add_record(record, story, "from the published feeds", now)
    _set_updated(store, "record", n, updated)
    store.db.execute("UPDATE record SET recheck=NULL WHERE n=?", (n,))
    return n


def renew_record(store: SqliteStore, old: Stored, record: Record, updated: datetime, entry_updated: datetime) -> None:
    """A known record as it was published later than the store remembers; its story moves with it when it stands."""
    store.revise_record(old, record, why="as it was published", public=False, now=updated)
    _set_updated(store, "record", old.n, updated)
    row = store.db.execute("SELECT updated FROM story WHERE n=? AND representative=?", (old.story, old.n)).fetchone()
    if row is not None and row[0] < stamp(entry_updated):
        _set_updated(store, "story", old.story, entry_updated)


def _set_updated(store: SqliteStore, table: str, n: int, when: datetime) -> None:
    second = stamp(when)
    taken = f"SELECT 1 FROM {table} WHERE updated=? AND n<>?"  # noqa: S608 one of two names of ours
    if store.db.execute(taken, (second, n)).fetchone() is not None:
        second = store.free_second(table, second)
    store.db.execute(f"UPDATE {table} SET updated=? WHERE n=?", (second, n))  # noqa: S608 one of two names of ours


def put_archive(db: sqlite3.Connection, feed: str, number: int, *, followed: bool, entries: Sequence[str]) -> bool:
    """A closed document with the entries that are known; False when it is known already. Its file stays as it is."""
    if db.execute("SELECT 1 FROM archive WHERE feed=? AND number=?", (feed, number)).fetchone() is not None:
        return False
    n = db.execute(
        "INSERT INTO archive(feed, number, followed, dirty) VALUES(?,?,?,0) RETURNING n", (feed, number, int(followed))
    ).fetchone()[0]
    known = [
        entry
        for entry in entries
        if db.execute("SELECT 1 FROM story WHERE id=?1 UNION ALL SELECT 1 FROM record WHERE id=?1", (entry,)).fetchone()
    ]
    db.executemany(
        "INSERT OR IGNORE INTO archived(archive, entry, place) VALUES(?,?,?)",
        [(n, entry, place) for place, entry in enumerate(known)],
    )
    return True


def settle_archived(db: sqlite3.Connection) -> None:
    """What is in an archive waits for none any more."""
    db.execute(
        "DELETE FROM unarchived WHERE EXISTS (SELECT 1 FROM record JOIN story ON story.n=record.story"
        " JOIN archived ON archived.entry IN (record.id, story.id) JOIN archive ON archive.n=archived.archive"
        " WHERE record.n=unarchived.record AND archive.feed=unarchived.feed)"
    )
