"""When records and stories were updated: no two entries of a table share a second."""

from __future__ import annotations

from ...database.connection import Connection

TAKEN_MOST = 1000  # seconds that are remembered as taken


class UpdateTimes:
    """Gives out seconds for the column `updated` of `record` and `story`."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self._taken: dict[tuple[str, int], int] = {}  # (table, second) → a second up to which all are taken

    def free(self, table: str, wanted: int) -> int:
        """The first second from `wanted` on that no other row's `updated` has (FEEDS 5)."""
        start = self._taken.get((table, wanted), wanted)  # a source that tells only days fills its midnights
        if self.db.execute(f"SELECT 1 FROM {table} WHERE updated=?", (start,)).fetchone() is None:  # noqa: S608 our name
            free = start
        else:
            row = self.db.execute(
                f"SELECT a.updated+1 FROM {table} a WHERE a.updated>=? AND NOT EXISTS"  # noqa: S608 our name
                f" (SELECT 1 FROM {table} b WHERE b.updated=a.updated+1) ORDER BY a.updated LIMIT 1",
                (start,),
            ).fetchone()
            free = int(row[0])
        if free > wanted:
            if len(self._taken) > TAKEN_MOST:
                self._taken.clear()
            self._taken[table, wanted] = free
        return free
