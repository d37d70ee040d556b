"""The index of look-alikes in SQLite: 16 hashes a record, searched in sorted segments held in memory.

A record's sketch is one small row in the transaction of the record, so a crash cannot separate the two. Lookups never
touch the disk: postings live in sorted arrays of 8 bytes each that are stored as they are and loaded when a store is
opened; a byte each tells of most hashes that they are not there (144 MB for a million records). What was written since
the last segment is kept in a table in memory; it follows the rows by itself, also those of another process and after a
rollback. A posting may be stale (its record was revised or removed): it only gives candidates, which are compared by
their current text.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ...identity.similarity import BEST, CAP, Candidate, Look, look
from ...rows import without
from ..database.connection import Connection
from .looks_in_memory import LooksInMemory
from .postings import MASK, NewestPostings, Segment, array_of, blob_of, merged, segment_of

SMALL = 8192  # sketches of a segment that is cut from the newest rows
LARGE = 8  # small segments that are merged into a large one
WINDOW = timedelta(days=90)  # a copy arriving later than this is a story of its own
MOST = 1_000_000  # records that can be found, whatever their age
FOUND = 300  # sketches of which it is known who has their hashes: a visit asks for each of its own three times
EQUAL_MOST = 8  # records with one run of words that are compared


@dataclass(slots=True)
class _Postings:
    """The hashes of a sketch, which records have one, and the best of these as they were ranked last."""

    shorts: list[int]
    having: dict[int, list[int]]
    total: int = -1  # records among which they were ranked
    best: list[int] = field(default_factory=list)


class _Ahead:
    """What one transaction knows of the tables: what was read ahead, and what it wrote itself."""

    def __init__(self, serial: int) -> None:
        self.serial = serial
        self.followed = False
        self.facts: dict[int, tuple[int, str] | None] = {}  # record → its story and fingerprint; None: not there
        self.equal: dict[int, list[int]] = {}  # content → its records
        self.tail: dict[int, list[int]] = {}  # postings that the transaction wrote, which the table will show after it
        self.size = 0


class Sketches:
    """An `Index` (identity.similarity) over the tables record, story, sketch and sketch_segment of one connection.

    `add` and `remove` are called inside the caller's transaction. `settle` is called outside of one, now and then.
    """

    def __init__(self, db: Connection) -> None:
        self.db = db
        self._looks = LooksInMemory()
        self._has_segments([])
        self._loaded = False
        self._known = _Ahead(-1)
        self._start_tail()

    def _load(self) -> None:
        """Read the segments, once: most commands never look for a copy."""
        if self._loaded:
            return
        rows = self.db.execute("SELECT first, last, hashes, records FROM sketch_segment ORDER BY first")
        self._has_segments([Segment(row[0], row[1], array_of(row[2]), array_of(row[3])) for row in rows])
        self._start_tail()
        self._loaded = True

    def _has_segments(self, segments: list[Segment]) -> None:
        self._segments = segments
        self._settled_size = sum(len(segment.hashes) for segment in segments) // 16
        self._found: dict[tuple[int, ...], _Postings] = {}  # of sketches, until something changes

    # --- looking up

    def read_ahead(self, looks: Sequence[Look]) -> set[int]:
        """Read in a few statements what `candidates` and `equals` of these looks need; the stories that may come."""
        if not looks:  # as in most visits
            return set()
        self._load()
        ahead = self._ahead()
        contents = sorted({*map(_content, looks)} - ahead.equal.keys())
        rows = self.db.execute(
            "SELECT content, record FROM sketch WHERE content IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
            " ORDER BY record",
            (json.dumps(contents),),
        ).fetchall()
        equal: dict[int, list[int]] = {content: [] for content in contents}
        for content, record in rows:
            equal[content].append(record)
        ahead.equal |= equal
        wanted = {record for records in equal.values() for record in records[:EQUAL_MOST]}
        for one in looks:
            wanted.update(self._best(one, ahead))
        self._facts(wanted, ahead)
        self._read_looks(wanted, ahead)
        return {facts[0] for n in wanted if (facts := ahead.facts[n]) is not None}

    def candidates(self, look: Look) -> Sequence[Candidate]:
        """The records most likely alike, best first."""
        self._load()
        ahead = self._ahead()
        return self._candidates(self._best(look, ahead), ahead)

    def _best(self, look: Look, ahead: _Ahead) -> list[int]:
        """The numbers of the records that share the most, and the rarest, runs with a text."""
        if not ahead.followed:
            self._follow()
            ahead.followed = True
            ahead.tail, ahead.size = {}, 0  # the table has shown what was written so far
        total = self._settled_size + self._newest_postings.size + ahead.size + 1
        scores: dict[int, float] = {}
        known = self._postings(look)
        having, settled = known.having, ahead.tail.keys().isdisjoint(known.shorts)
        if settled and known.total == total:  # a visit asks before its transaction and in it
            return known.best
        if not settled:
            having = {short: [*ahead.tail.get(short, ()), *having.get(short, ())] for short in known.shorts}
        for found in having.values():
            if found and len(found) < CAP:
                weight = math.log(1 + total / len(found))
                for record in found if len(found) == 1 else set(found):
                    scores[record] = scores.get(record, 0.0) + weight
        best = sorted(scores, key=lambda record: (-scores[record], record))[:BEST]
        if settled:
            known.total, known.best = total, best
        return best

    def _postings(self, look: Look) -> _Postings:
        """The hashes of a sketch, and which records of the segments and of the table of the newest rows have one."""
        known = self._found.get(look.hashes)
        if known is None:
            if len(self._found) >= FOUND:
                self._found.clear()
            shorts = [one & MASK for one in look.hashes]
            found = self._newest_postings.of(shorts)
            for segment in self._segments:
                segment.add_to(found, shorts)
            having = {short: found[short] for short in shorts if short in found}
            known = self._found[look.hashes] = _Postings(shorts, having)
        return known

    def equals(self, look: Look) -> Candidate | None:
        """The earliest record with exactly this run of words."""
        ahead, content = self._ahead(), _content(look)
        records = ahead.equal.get(content)
        if records is None:
            found = self.db.execute("SELECT record FROM sketch WHERE content=? ORDER BY record LIMIT 8", (content,))
            records = [row[0] for row in found.fetchall()]
        for record in records[:EQUAL_MOST]:
            for candidate in self._candidates([record], ahead):
                if candidate.look.content == look.content:
                    return candidate
        return None

    def add(self, record: int, story: int, look: Look, fingerprint: str | None = None) -> None:
        """Remember a record; one that is there already is replaced. Its row in `record` is written before.

        Of a new record its fingerprint is told, to be neither looked for nor replaced.
        """
        hashes = array("I", [one & MASK for one in look.hashes])
        content, is_new = _content(look), fingerprint is not None
        if not is_new:
            self.db.execute("DELETE FROM sketch WHERE record=?", (record,))  # its number is to be a new one
        self.db.later("INSERT INTO sketch(record, content, hashes) VALUES(?,?,?)", (record, content, blob_of(hashes)))
        if not is_new:
            row = self.db.execute("SELECT fingerprint FROM record WHERE n=?", (record,)).fetchone()
            fingerprint = None if row is None else row[0]
        if fingerprint is not None:
            self._looks.put(record, fingerprint, look)
        if self.db.in_transaction:
            facts = None if fingerprint is None else (story, fingerprint)
            self._wrote(record, facts, content, hashes, is_new=is_new)

    def _wrote(
        self,
        record: int,
        facts: tuple[int, str] | None,
        content: int | None,
        hashes: Iterable[int],
        *,
        is_new: bool = False,
    ) -> None:
        """Note for the open transaction what it wrote of a record; a new one had no hashes before."""
        ahead = self._ahead()
        ahead.facts[record] = facts
        if not is_new:
            for records in ahead.equal.values():
                if record in records:
                    records.remove(record)
        if content in ahead.equal:
            ahead.equal[content] = sorted([*ahead.equal[content], record])
        for one in hashes:
            ahead.tail.setdefault(one, []).append(record)
        ahead.size += content is not None

    def remove(self, record: int) -> None:
        """Forget a record."""
        self.db.execute("DELETE FROM sketch WHERE record=?", (record,))
        self._looks.drop(record)
        if self.db.in_transaction:
            self._wrote(record, None, None, ())

    def representative(self, story: int) -> Look | None:
        """What the record that stands for a story looks like."""
        row = self.db.execute("SELECT representative FROM story WHERE n=?", (story,)).fetchone()
        return None if row is None or row[0] is None else self.look_of(row[0])

    def look_of(self, record: int) -> Look | None:
        """What a record looks like; None for one that is not there."""
        found = self._candidates([record], self._ahead())
        return found[0].look if found else None

    def _ahead(self) -> _Ahead:
        """What the open transaction knows; outside of one nothing is known for longer than one call."""
        if not self.db.in_transaction:
            return _Ahead(-1)
        if self._known.serial != self.db.serial:
            self._known = _Ahead(self.db.serial)
        return self._known

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
        parts = []
        for first in range(0, len(rows), 500):
            some = rows[first : first + 500]
            pairs = sorted((one << 32) | row[1] for row in some for one in array_of(row[2]))
            parts.append(segment_of(some[0][0], some[-1][0], pairs))
        self._write([], merged(parts))
        self._start_tail()
        return True

    def _merge(self, old: list[Segment]) -> None:
        self._write(old, merged(old))

    def _write(self, old: list[Segment], new: Segment) -> None:
        with self.db.transaction():
            self.db.executemany("DELETE FROM sketch_segment WHERE first=?", [(segment.first,) for segment in old])
            self.db.execute(
                "INSERT INTO sketch_segment VALUES(?,?,?,?) ON CONFLICT(first) DO UPDATE SET last=excluded.last,"
                " hashes=excluded.hashes, records=excluded.records",
                (new.first, new.last, blob_of(new.hashes), blob_of(new.records)),
            )
        kept = [segment for segment in self._segments if segment not in old]
        self._has_segments(sorted([*kept, new], key=lambda segment: segment.first))

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
            self._has_segments(self._segments[1:])

    # --- the newest rows

    def _start_tail(self) -> None:
        """Begin the table of what is newer than the last segment; `_follow` fills it."""
        self._settled = max((segment.last for segment in self._segments), default=0)
        self._newest_postings = NewestPostings()
        self._found.clear()
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
                self._newest_postings.add(record, array_of(hashes))
                self._newest = n, record, content
            if rows:
                self._found.clear()
            return

    def _candidates(self, records: Sequence[int], ahead: _Ahead) -> list[Candidate]:
        """Those of these records that are still there, in this order."""
        self._facts(records, ahead)
        looks = self._read_looks(records, ahead)
        return [
            Candidate(record, facts[0], looks[record])
            for record in records
            if (facts := ahead.facts[record]) is not None
        ]

    def _facts(self, records: Collection[int], ahead: _Ahead) -> None:
        """Read the story and the fingerprint of each record of which they are not known."""
        missing = [record for record in records if record not in ahead.facts]
        if missing:
            rows = self.db.execute(
                "SELECT n, story, fingerprint FROM record WHERE n IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
                (json.dumps(missing),),
            ).fetchall()
            ahead.facts |= dict.fromkeys(missing)
            ahead.facts |= {row[0]: (row[1], row[2]) for row in rows}

    def _read_looks(self, records: Collection[int], ahead: _Ahead) -> dict[int, Look]:
        """What each of these records that are there looks like; the text is read of those that are not in memory."""
        found: dict[int, Look] = {}
        missing: dict[int, str] = {}
        for record in records:
            facts = ahead.facts[record]
            if facts is None:
                continue
            known = self._looks.get(record, facts[1])
            if known is not None:
                found[record] = known
            else:
                missing[record] = facts[1]
        if not missing:
            return found
        rows = self.db.execute(
            "SELECT n, title, text, published, furniture FROM record"
            " WHERE n IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
            (json.dumps(list(missing)),),
        ).fetchall()
        for n, title, text, published, boilerplate in rows:
            own = without(text, json.loads(boilerplate))
            found[n] = look(title, text, datetime.fromtimestamp(published, UTC), own)
            self._looks.put(n, missing[n], found[n])
        return found


def _content(look: Look) -> int:
    return int(look.content[:15], 16)
