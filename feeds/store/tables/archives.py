"""Archive documents in the store: what waits, what closed, what must be written.

`feed` is the id of a topic's or source's feed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from ...compose.archives import Closed, Closing, Waiting
from ...rows import sure_moment
from ..database.connection import Connection

_FRAME = 1500  # bytes of an entry besides its content
# the documents that name a document: the one after it always, the one before when both closed at the same time
_AFTER = "SELECT n FROM archive WHERE feed=? AND removed=0 AND number>? ORDER BY number LIMIT 1"
_BEFORE = "SELECT n FROM archive WHERE feed=? AND removed=0 AND number<? AND followed=1 ORDER BY number DESC LIMIT 1"


class Archives:
    """The archive documents of all feeds. What writes is called inside a transaction."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def waiting(self, feed: str, *, stories: bool) -> list[Waiting]:
        """What is in no archive of this feed yet, by arrival. `stories`: an entry is a story, else it is a record."""
        # length() of a text reads all of it; of the few that wait that is nothing
        one, shown = ("story", "shown.n=story.representative") if stories else ("record", "shown.n=record.n")
        rows = self.db.execute(
            f"SELECT DISTINCT {one}.id AS id, {one}.first_seen AS first_seen, {one}.published AS published,"  # noqa: S608 ours
            f" {one}.n AS n, length(shown.html) AS size FROM unarchived JOIN record ON record.n=unarchived.record"
            f" JOIN story ON story.n=record.story JOIN record shown ON {shown}"
            " WHERE unarchived.feed=? AND record.quarantined IS NULL AND shown.quarantined IS NULL AND NOT EXISTS"
            f" (SELECT 1 FROM archived JOIN archive ON archive.n=archived.archive"
            f" WHERE entry={one}.id AND archive.feed=?)"
            f" ORDER BY {one}.first_seen, {one}.n",
            (feed, feed),
        )
        return [
            Waiting(
                id=row["id"],
                arrived=sure_moment(row["first_seen"]),
                published=sure_moment(row["published"]),
                size=row["size"] * 6 // 5 + _FRAME,
            )
            for row in rows.fetchall()
        ]

    def last_number(self, feed: str) -> int:
        """The highest number that was ever given, 0 before the first."""
        return int(self.db.execute("SELECT coalesce(max(number), 0) FROM archive WHERE feed=?", (feed,)).fetchone()[0])

    def close(self, feed: str, closings: Sequence[Closing]) -> None:
        """Close these documents; their files are yet to be written."""
        for closing in closings:
            n = self.db.execute(
                "INSERT INTO archive(feed, number, followed) VALUES(?,?,?) RETURNING n",
                (feed, closing.number, int(closing.followed)),
            ).fetchone()[0]
            self.db.executemany(
                "INSERT INTO archived(archive, entry, place) VALUES(?,?,?)",
                [(n, entry, place) for place, entry in enumerate(closing.entries)],
            )
            self.db.execute(
                "DELETE FROM unarchived WHERE feed=?1 AND record IN"
                " (SELECT record.n FROM record JOIN story ON story.n=record.story"
                " WHERE record.id IN (SELECT value FROM json_each(?2)) "
                " OR story.id IN (SELECT value FROM json_each(?2)))",
                (feed, json.dumps(closing.entries)),
            )

    def numbers(self, feed: str) -> list[int]:
        """The numbers of the documents that there are, in order."""
        rows = self.db.execute("SELECT number FROM archive WHERE feed=? AND removed=0 ORDER BY number", (feed,))
        return [row[0] for row in rows]

    def document(self, feed: str, number: int) -> Closed | None:
        """One document with the ids of its entries in the order of their arrival."""
        row = self.db.execute(
            "SELECT n, followed FROM archive WHERE feed=? AND number=? AND removed=0", (feed, number)
        ).fetchone()
        if row is None:
            return None
        entries = self.db.execute("SELECT entry FROM archived WHERE archive=? ORDER BY place", (row["n"],))
        return Closed(number, tuple(entry[0] for entry in entries), bool(row["followed"]))

    def unwritten(self, feed: str) -> tuple[list[int], list[int]]:
        """The documents whose files must be written, and those whose files must go because nothing is left in them.

        Writes: what lost its last entry is marked as removed, and the document after it, which names it, as unwritten.
        """
        for row in self.db.execute(
            "SELECT n, number FROM archive WHERE feed=? AND dirty=1 AND removed=0"
            " AND NOT EXISTS (SELECT 1 FROM archived WHERE archived.archive=archive.n) ORDER BY number",
            (feed,),
        ).fetchall():
            self.db.execute("UPDATE archive SET removed=1 WHERE n=?", (row["n"],))
            for beside in (_AFTER, _BEFORE):
                self.db.execute(f"UPDATE archive SET dirty=1 WHERE n=({beside})", (feed, row["number"]))  # noqa: S608 ours
        rows = self.db.execute(
            "SELECT number, removed FROM archive WHERE feed=? AND dirty=1 ORDER BY number", (feed,)
        ).fetchall()
        return [row["number"] for row in rows if not row["removed"]], [row["number"] for row in rows if row["removed"]]

    def written(self, feed: str, done: Iterable[int]) -> None:
        """The files of these documents are as they should be."""
        self.db.executemany("UPDATE archive SET dirty=0 WHERE feed=? AND number=?", [(feed, number) for number in done])

    def written_numbers(self) -> dict[str, list[int]]:
        """The numbers of the documents whose files are as they should be, by the id of their feed."""
        found: dict[str, list[int]] = {}
        for row in self.db.execute(
            "SELECT feed, number FROM archive WHERE dirty=0 AND removed=0 ORDER BY feed, number"
        ):
            found.setdefault(row["feed"], []).append(row["number"])
        return found

    def mark_dirty(self, feed: str, numbers: Iterable[int]) -> None:
        """The files of these documents are to be written again."""
        self.db.executemany("UPDATE archive SET dirty=1 WHERE feed=? AND number=?", [(feed, n) for n in numbers])

    def mark_all_dirty(self) -> None:
        """Every document is to be written anew: base_url changed, or the folder was lost."""
        self.db.execute("UPDATE archive SET dirty=1")

    def feeds_with_unwritten(self) -> list[str]:
        """The ids of the feeds that have documents to write or to remove."""
        return [row[0] for row in self.db.execute("SELECT DISTINCT feed FROM archive WHERE dirty=1 ORDER BY feed")]
