"""The index of look-alikes in SQLite: 16 hashes a record, searched in sorted segments held in memory.

A record's sketch is one small row in the transaction of the record, so a crash cannot separate the two. Lookups never
touch the disk: postings live in sorted arrays of 8 bytes each (128 MB for a million records) that are stored as they
are and loaded when a store is opened. What was written since the last segment is kept in a table in memory; it follows
the rows by itself, also those of another process and after a rollback. A posting may be stale (its record was revised
or removed): it only gives candidates, which are compared by their current text.
"""

from __future__ import annotations

import json
import math
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ...identity.similarity import BEST, CAP, Candidate, Look, look
from ...rows import without
from ..database.connection import Connection

SMALL = 8192  # sketches of a segment that is cut from the newest rows
LARGE = 8  # small segments that are merged into a large one
WINDOW = timedelta(days=90)  # a copy arriving later than this is a story of its own
MOST = 1_000_000  # records that can be found, whatever their age
RUNS = 400_000  # words in the looks that are kept in memory, 110 to 170 bytes each: some 1,000 articles, 100 long ones
_MASK = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Segment:
    first: int
    last: int
    hashes: array[int]
    records: array[int]


class Sketches:
    """An `Index` (identity.similarity) over the tables record, story, sketch and sketch_segment of one connection.

    `add` and `remove` are called inside the caller's transaction. `settle` is called outside of one, now and then.
    """

    def __init__(self, db: Connection) -> None:
        self.db = db
        self._looks: OrderedDict[int, tuple[str, Look]] = OrderedDict()
        self._runs = 0  # words in them
        self._segments: list[_Segment] = []
        self._loaded = False
        self._start_tail()

    def _load(self) -> None:
        """Read the segments, once: most commands never look for a copy."""
        if self._loaded:
            return
        self._segments = [
            _Segment(row[0], row[1], _array(row[2]), _array(row[3]))
            for row in self.db.execute("SELECT first, last, hashes, records FROM sketch_segment ORDER BY first")
        ]
        self._start_tail()
        self._loaded = True

    # --- looking up

    def candidates(self, look: Look) -> Sequence[Candidate]:
        """The records most likely alike, best first."""
        self._load()
        self._follow()
        total = sum(len(segment.hashes) for segment in self._segments) // 16 + self._tail_size + 1
        scores: dict[int, float] = {}
        for one in look.hashes:
            short = one & _MASK
            found = list(self._tail.get(short, ()))
            for segment in self._segments:
                hashes = segment.hashes
                at = bisect_left(hashes, short)
                if at < len(hashes) and hashes[at] == short:
                    found.extend(segment.records[at : bisect_right(hashes, short, at)])
            if found and len(found) < CAP:
                weight = math.log(1 + total / len(found))
                for record in set(found):
                    scores[record] = scores.get(record, 0.0) + weight
        best = sorted(scores, key=lambda record: (-scores[record], record))[:BEST]
        return self._candidates(best)

    def equals(self, look: Look) -> Candidate | None:
        """The earliest record with exactly this run of words."""
        rows = self.db.execute(
            "SELECT record FROM sketch WHERE content=? ORDER BY record LIMIT 8", (_content(look),)
        ).fetchall()
        for (record,) in rows:
            candidate = self._candidate(record)
            if candidate is not None and candidate.look.content == look.content:
                return candidate
        return None

    def add(self, record: int, story: int, look: Look) -> None:
        """Remember a record; one that is there already is replaced. Its row in `record` is written before."""
        hashes = array("I", [one & _MASK for one in look.hashes])
        if sys.byteorder == "big":
            hashes.byteswap()
        self.db.execute("DELETE FROM sketch WHERE record=?", (record,))  # its number is to be a new one
        self.db.execute(
            "INSERT INTO sketch(record, content, hashes) VALUES(?,?,?)",
            (record, _content(look), hashes.tobytes()),
        )
        row = self.db.execute("SELECT fingerprint FROM record WHERE n=?", (record,)).fetchone()
        if row is not None:
            self._remember(record, row[0], look)

    def remove(self, record: int) -> None:
        """Forget a record."""
        self.db.execute("DELETE FROM sketch WHERE record=?", (record,))
        self._drop(record)

    def representative(self, story: int) -> Look | None:
        """What the record that stands for a story looks like."""
        row = self.db.execute("SELECT representative FROM story WHERE n=?", (story,)).fetchone()
        if row is None or row[0] is None:
            return None
        candidate = self._candidate(row[0])
        return None if candidate is None else candidate.look

    # --- upkeep

    def settle(self, now: datetime) -> None:
        """Write and merge segments, and drop those that left the window. Outside of a transaction; at most a second."""
        self._load()
        while self._cut():
            pass
        while len(small := [one for one in self._segments if len(one.hashes) < SMALL * 16 * (LARGE - 1)]) >= LARGE:
            self._merge(small[:LARGE])
        self._let_go(now)

    def _cut(self) -> bool:
        """A segment from the rows after the last one, if there are enough of them."""
        enough = self.db.execute(
            "SELECT 1 FROM sketch WHERE n>? ORDER BY n LIMIT 1 OFFSET ?", (self._settled, SMALL - 1)
        ).fetchone()
        if enough is None:
            return False
        rows = self.db.execute(
            "SELECT n, record, hashes FROM sketch WHERE n>? ORDER BY n LIMIT ?", (self._settled, SMALL)
        ).fetchall()
        pairs = sorted((one << 32) | row[1] for row in rows for one in _array(row[2]))
        self._write([], _segment(rows[0][0], rows[-1][0], pairs))
        self._start_tail()
        return True

    def _merge(self, old: list[_Segment]) -> None:
        pairs = [
            (one << 32) | record for segment in old for one, record in zip(segment.hashes, segment.records, strict=True)
        ]
        pairs.sort()  # runs that are sorted already: merged, not sorted
        self._write(old, _segment(old[0].first, old[-1].last, pairs))

    def _write(self, old: list[_Segment], new: _Segment) -> None:
        with self.db.transaction():
            self.db.executemany("DELETE FROM sketch_segment WHERE first=?", [(segment.first,) for segment in old])
            self.db.execute(
                "INSERT INTO sketch_segment VALUES(?,?,?,?) ON CONFLICT(first) DO UPDATE SET last=excluded.last,"
                " hashes=excluded.hashes, records=excluded.records",
                (new.first, new.last, _bytes(new.hashes), _bytes(new.records)),
            )
        kept = [segment for segment in self._segments if segment not in old]
        self._segments = sorted([*kept, new], key=lambda segment: segment.first)

    def _let_go(self, now: datetime) -> None:
        """Segments whose newest record is too old, and the oldest of too many."""
        oldest = (now.astimezone(UTC) - WINDOW).timestamp()
        while self._segments:
            first = self._segments[0]
            total = sum(len(segment.hashes) for segment in self._segments) // 16
            row = self.db.execute(
                "SELECT max(record.first_seen) FROM sketch JOIN record ON record.n=sketch.record"
                " WHERE sketch.n BETWEEN ? AND ?",
                (max(first.first, first.last - 100), first.last),
            ).fetchone()
            if row[0] is not None and row[0] >= oldest and total <= MOST:
                return
            while self.db.execute(
                "DELETE FROM sketch WHERE n IN (SELECT n FROM sketch WHERE n<=? LIMIT 2000)", (first.last,)
            ).rowcount:
                pass
            self.db.execute("DELETE FROM sketch_segment WHERE first=?", (first.first,))
            self._segments = self._segments[1:]

    # --- the newest rows

    def _start_tail(self) -> None:
        """Begin the table of what is newer than the last segment; `_follow` fills it."""
        self._settled = max((segment.last for segment in self._segments), default=0)
        self._tail: dict[int, list[int]] = {}
        self._tail_size = 0
        self._newest: tuple[int, int, int] | None = None  # n, record and content of the last row that was read

    def _follow(self) -> None:
        """Take up the rows that were written since; begin anew if the last one known is not there any more."""
        while True:
            since = self._newest[0] if self._newest else self._settled + 1
            rows = self.db.execute(
                "SELECT n, record, content, hashes FROM sketch WHERE n>=? ORDER BY n", (since,)
            ).fetchall()
            if self._newest is not None:
                if not rows or tuple(rows[0])[:3] != self._newest:
                    self._start_tail()
                    continue
                del rows[0]
            for n, record, content, hashes in rows:
                for one in _array(hashes):
                    self._tail.setdefault(one, []).append(record)
                self._newest = n, record, content
            self._tail_size += len(rows)
            return

    def _candidates(self, records: Sequence[int]) -> list[Candidate]:
        """Those of these records that are still there, in this order."""
        if not records:
            return []
        rows = {
            row[0]: row
            for row in self.db.execute(
                f"SELECT n, story, fingerprint FROM record WHERE n IN ({','.join('?' * len(records))})",  # noqa: S608
                tuple(records),
            )
        }
        return [
            Candidate(record, rows[record][1], self._look(record, rows[record][2]))
            for record in records
            if record in rows
        ]

    def _candidate(self, record: int) -> Candidate | None:
        found = self._candidates([record])
        return found[0] if found else None

    def _look(self, record: int, fingerprint: str) -> Look:
        """What a record looks like, of which this is the fingerprint now."""
        known = self._looks.get(record)
        if known is not None and known[0] == fingerprint:
            self._looks.move_to_end(record)
            return known[1]
        title, text, published, boilerplate = self.db.execute(
            "SELECT title, text, published, furniture FROM record WHERE n=?", (record,)
        ).fetchone()
        own = without(text, json.loads(boilerplate))
        seen = look(title, text, datetime.fromtimestamp(published, UTC), own)
        self._remember(record, fingerprint, seen)
        return seen

    def _remember(self, record: int, fingerprint: str, seen: Look) -> None:
        self._drop(record)
        self._looks[record] = fingerprint, seen
        self._runs += len(seen.run)
        while self._runs > RUNS and len(self._looks) > 1:
            self._drop(next(iter(self._looks)))

    def _drop(self, record: int) -> None:
        known = self._looks.pop(record, None)
        if known is not None:
            self._runs -= len(known[1].run)


def _segment(first: int, last: int, pairs: list[int]) -> _Segment:
    return _Segment(first, last, array("I", [one >> 32 for one in pairs]), array("I", [one & _MASK for one in pairs]))


def _content(look: Look) -> int:
    return int(look.content[:15], 16)


def _array(blob: bytes) -> array[int]:
    values = array("I")
    values.frombytes(blob)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _bytes(values: array[int]) -> bytes:
    if sys.byteorder == "big":
        values = array("I", values)
        values.byteswap()
    return values.tobytes()
