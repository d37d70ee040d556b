"""When records and stories were updated: no two entries of a table share a second."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ...database.connection import Connection

TAKEN_MOST = 1000  # seconds that are remembered as taken
AHEAD = 8  # seconds after a wanted one that are looked at with it


class UpdateTimes:
    """Gives out seconds for the column `updated` of `record` and `story`."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self._taken: dict[tuple[str, int], int] = {}  # (table, second) → a second up to which all are taken
        self._serial = -1  # of the transaction in which the next two were read
        self._looked: dict[str, set[int]] = {}  # seconds of which is known whether they are taken
        self._found: dict[str, set[int]] = {}  # those that are

    def read_ahead(self, table: str, wanted: Iterable[int]) -> None:
        """Look at these seconds and the ones after them, for the open transaction."""
        if self._serial != self.db.serial:
            self._serial, self._looked, self._found = self.db.serial, {}, {}
        seconds: list[int] = []
        last = 0
        for start in sorted(self._taken.get((table, one), one) for one in wanted):
            last = max(start + AHEAD, last + 1)  # who wants what the one before wants may get the second after it
            seconds += range(max(start, seconds[-1] + 1 if seconds else start), last)
        rows = self.db.execute(
            f"SELECT updated FROM {table} WHERE updated IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",  # noqa: S608 our name
            (json.dumps(seconds),),
        )
        self._looked[table], self._found[table] = set(seconds), {row[0] for row in rows}

    def free(self, table: str, wanted: int) -> int:
        """The first second from `wanted` on that no other row's `updated` has (FEEDS 5)."""
        start = self._taken.get((table, wanted), wanted)  # a source that tells only days fills its midnights
        free = self._seen_free(table, start)
        if free is None:
            free = self._asked_free(table, start)
        if self._serial == self.db.serial and table in self._found:
            self._found[table].add(free)
        if free > wanted:
            if len(self._taken) > TAKEN_MOST:
                self._taken.clear()
            self._taken[table, wanted] = free
        return free

    def _seen_free(self, table: str, start: int) -> int | None:
        """The first free second among those that were looked at in this transaction; None where that is not known."""
        if self._serial != self.db.serial or not self.db.in_transaction or table not in self._found:
            return None
        looked, found = self._looked[table], self._found[table]
        while start in found:
            start += 1
        return start if start in looked else None

    def _asked_free(self, table: str, start: int) -> int:
        if self.db.execute(f"SELECT 1 FROM {table} WHERE updated=?", (start,)).fetchone() is None:  # noqa: S608 our name
            return start
        row = self.db.execute(
            f"SELECT a.updated+1 FROM {table} a WHERE a.updated>=? AND NOT EXISTS"  # noqa: S608 our name
            f" (SELECT 1 FROM {table} b WHERE b.updated=a.updated+1) ORDER BY a.updated LIMIT 1",
            (start,),
        ).fetchone()
        return int(row[0])
