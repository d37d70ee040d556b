"""What the store lets go of because of its age or number (RELIABILITY S10). Functions over a connection.

First whole archive documents go, those in which every entry is old or too many: a closed document is frozen, nothing
leaves it from the middle. Then the records go that are in no document any more and wait for none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from scrapers import Seen

from .rows import stamp
from .sources import REMEMBER

if TYPE_CHECKING:
    from .sqlite import SqliteStore

_WAITS = (  # in a feed that is published, and in no archive of it
    "SELECT 1 FROM unarchived WHERE unarchived.record=record.n AND feed IN"
    " (SELECT feed_id FROM source UNION ALL SELECT feed_id FROM topic WHERE removed IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM archived JOIN archive ON archive.n=archived.archive"
    " WHERE archived.entry IN (record.id, story.id) AND archive.feed=unarchived.feed)"
)


def old_documents(db: sqlite3.Connection, before: datetime) -> list[int]:
    """Archive documents in which no entry has a member that was first seen since then."""
    rows = db.execute(
        "SELECT archive.n FROM archive WHERE removed=0 AND NOT EXISTS"
        " (SELECT 1 FROM archived JOIN record ON record.id=archived.entry"
        " WHERE archived.archive=archive.n AND record.first_seen>=?1)"
        " AND NOT EXISTS (SELECT 1 FROM archived JOIN story ON story.id=archived.entry"
        " JOIN record ON record.story=story.n WHERE archived.archive=archive.n AND record.first_seen>=?1)"
        " AND EXISTS (SELECT 1 FROM archived WHERE archived.archive=archive.n) ORDER BY archive.n",
        (stamp(before),),
    )
    return [row[0] for row in rows]


def surplus_documents(db: sqlite3.Connection, most: int) -> list[int]:
    """Archive documents of which every entry is beyond the newest `most` that the archive of their feed holds."""
    rows = db.execute(
        "SELECT n FROM (SELECT archive.n AS n, sum(count(*)) OVER (PARTITION BY archive.feed ORDER BY archive.number"
        " DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS later FROM archive"
        " JOIN archived ON archived.archive=archive.n WHERE archive.removed=0 GROUP BY archive.n)"
        " WHERE later>=? ORDER BY n",
        (most,),
    )
    return [row[0] for row in rows]


def drop_documents(store: SqliteStore, numbers: Sequence[int]) -> None:
    """Give up archive documents in one transaction: their files go, and the one that names each is written anew."""
    db = store.db
    with store.writing():
        for n in numbers:
            feed = db.execute("SELECT feed FROM archive WHERE n=?", (n,)).fetchone()[0]
            db.execute(
                "DELETE FROM unarchived WHERE feed=? AND record IN (SELECT record.n FROM archived"
                " LEFT JOIN story ON story.id=archived.entry"
                " JOIN record ON record.id=archived.entry OR record.story=story.n WHERE archived.archive=?)",
                (feed, n),
            )
            db.execute("DELETE FROM archived WHERE archive=?", (n,))
            db.execute("UPDATE archive SET dirty=1 WHERE n=?", (n,))
            for table in ("topic", "source"):
                db.execute(f"UPDATE {table} SET dirty=dirty+1, may_shrink=1 WHERE feed_id=?", (feed,))  # noqa: S608 ours


def old_records(db: sqlite3.Connection, before: datetime, *, quarantined: bool = True) -> list[int]:
    """Records that were first seen before then, are in no archive document, and wait for none.

    Those that are kept out of the feeds are among them, unless `quarantined` is false.
    """
    rows = db.execute(
        "SELECT record.n FROM record JOIN story ON story.n=record.story WHERE record.first_seen<?"  # noqa: S608 ours
        " AND NOT EXISTS (SELECT 1 FROM archived WHERE entry IN (record.id, story.id))"
        f" AND CASE WHEN record.quarantined IS NULL THEN NOT EXISTS ({_WAITS}) ELSE ? END ORDER BY record.n",
        (stamp(before), quarantined),
    )
    return [row[0] for row in rows]


def forget_links(db: sqlite3.Connection, source: str, now: datetime) -> int:
    """Let go of links that were on no front for so long that they are new again anyway; how many."""
    return db.execute("DELETE FROM outcome WHERE source=? AND last<?", (source, stamp(now - REMEMBER))).rowcount


def expire(store: SqliteStore, numbers: Sequence[int], now: datetime) -> None:
    """Take records away in one transaction; their addresses are remembered, so that no visit brings them back."""
    with store.writing():
        for n in numbers:
            stored = store.stored(n)
            if stored is None:
                continue
            keys = [row[0] for row in store.db.execute("SELECT key FROM alias WHERE record=?", (n,))]
            seen = Seen(stored.record.url, "skipped", "older than the store keeps")
            store.keep_outcomes(stored.record.source, [(key, seen, None) for key in keys], now)
            store.remove_record(n)
