"""Rows that come back from published documents: with the ids and dates that were published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from scrapers import Record

from ..rows import Stored, stamp
from .database.connection import Connection
from .tables.records.records import Records
from .tables.records.update_times import UpdateTimes


class Restore:
    """What comes back from published documents. What writes is called inside a transaction."""

    def __init__(self, db: Connection, records: Records, times: UpdateTimes) -> None:
        self.db = db
        self._records = records
        self._times = times

    def put_source(self, name: str, feed_id: str, home: str, title: str, now: datetime) -> None:
        """A source under the feed id that was published; one without a seed counts as removed."""
        at = stamp(now)
        self.db.execute(
            "INSERT INTO source(name, feed_id, home, title, added, removed, due, since) VALUES(?,?,?,?,?,?,?,?)"
            " ON CONFLICT(name) DO UPDATE SET feed_id=excluded.feed_id, title=coalesce(source.title, excluded.title)",
            (name, feed_id, home, title, at, at, at, at),
        )

    def put_topic(self, name: str, feed_id: str, place: str | None) -> bool:
        """A configured topic under the published feed id, a private one in its folder; whether there is one."""
        changed = self.db.execute(
            "UPDATE topic SET feed_id=?, place=CASE WHEN place IS NULL THEN NULL ELSE coalesce(?, place) END"
            " WHERE name=?",
            (feed_id, place, name),
        ).rowcount
        return changed > 0

    def known_stories(self, numbers: Iterable[int]) -> list[int]:
        """The stories of these records, each once, the earliest first."""
        found = {row[0] for n in numbers for row in self.db.execute("SELECT story FROM record WHERE n=?", (n,))}
        return sorted(found)

    def put_story(self, identity: str, seen: datetime, published: datetime, updated: datetime) -> int:
        """A story as it was published; its number. One of that id that is there already stays as it is."""
        there = self.db.execute("SELECT n FROM story WHERE id=?", (identity,)).fetchone()
        if there is not None:
            return int(there[0])
        row = self.db.execute(
            "INSERT INTO story(id, first_seen, published, updated) VALUES(?,?,?,?) RETURNING n",
            (identity, stamp(seen), stamp(published), self._times.free("story", stamp(updated))),
        ).fetchone()
        return int(row[0])

    def put_record(self, record: Record, story: int, updated: datetime, now: datetime) -> int:
        """A record as it was published; its number. Its page is not looked at again by itself."""
        n = self._records.add(record, story, "from the published feeds", now)
        self._set_updated("record", n, updated)
        self.db.execute("UPDATE record SET recheck=NULL WHERE n=?", (n,))
        return n

    def renew_record(self, old: Stored, record: Record, updated: datetime, entry_updated: datetime) -> None:
        """A known record as it was published later than the store remembers; its story moves with it when it stands."""
        self._records.revise(old, record, why="as it was published", public=False, now=updated)
        self._set_updated("record", old.n, updated)
        row = self.db.execute("SELECT updated FROM story WHERE n=? AND representative=?", (old.story, old.n)).fetchone()
        if row is not None and row[0] < stamp(entry_updated):
            self._set_updated("story", old.story, entry_updated)

    def _set_updated(self, table: str, n: int, when: datetime) -> None:
        second = stamp(when)
        taken = f"SELECT 1 FROM {table} WHERE updated=? AND n<>?"  # noqa: S608 one of two names of ours
        if self.db.execute(taken, (second, n)).fetchone() is not None:
            second = self._times.free(table, second)
        self.db.execute(f"UPDATE {table} SET updated=? WHERE n=?", (second, n))  # noqa: S608 one of two names of ours

    def put_archive(self, feed: str, number: int, *, followed: bool, entries: Sequence[str]) -> bool:
        """A closed document with the entries that are known; False when it is known already. Its file stays."""
        if self.db.execute("SELECT 1 FROM archive WHERE feed=? AND number=?", (feed, number)).fetchone() is not None:
            return False
        n = self.db.execute(
            "INSERT INTO archive(feed, number, followed, dirty) VALUES(?,?,?,0) RETURNING n",
            (feed, number, int(followed)),
        ).fetchone()[0]
        known = [
            entry
            for entry in entries
            if self.db.execute(
                "SELECT 1 FROM story WHERE id=?1 UNION ALL SELECT 1 FROM record WHERE id=?1", (entry,)
            ).fetchone()
        ]
        self.db.executemany(
            "INSERT INTO archived(archive, entry, place) VALUES(?,?,?) ON CONFLICT DO NOTHING",
            [(n, entry, place) for place, entry in enumerate(known)],
        )
        return True

    def settle_archived(self) -> None:
        """What is in an archive waits for none any more."""
        self.db.execute(
            "DELETE FROM unarchived WHERE EXISTS (SELECT 1 FROM record JOIN story ON story.n=record.story"
            " JOIN archived ON archived.entry IN (record.id, story.id) JOIN archive ON archive.n=archived.archive"
            " WHERE record.n=unarchived.record AND archive.feed=unarchived.feed)"
        )
