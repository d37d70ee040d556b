"""Records and their aliases in the store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from scrapers import Record, pointed_at

from ....identity.dedupe import names_of
from ....identity.representative import representative
from ....rows import HELD, Candidate, Neighbour, Revision, Stored, candidate, stamp, sure_moment, without_boilerplate
from ...database.connection import Connection
from ...database.row_values import rows_numbered, tuple_of
from ...search.sketches import Sketches
from ...search.word_index import WordIndex
from . import contents
from .contents import CONTENT, INSERT, NAME_MORE, NAME_OWN, NUMBERED, VERSION, content_of, modified, stored_of
from .update_times import UpdateTimes

RECHECKS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))  # after first_seen: young articles change
LEAST_APART = 60.0  # seconds between two looks at one article, however late the former came


class Records:
    """The records. What writes is called inside a transaction, and tells the search indexes."""

    rechecks: tuple[timedelta, ...] = RECHECKS

    def __init__(self, db: Connection, times: UpdateTimes, search: WordIndex, sketches: Sketches) -> None:
        self.db = db
        self._times = times
        self._search = search
        self._sketches = sketches

    def aliases(self, keys: Iterable[str]) -> dict[str, int]:
        """Which of these keys are known, and of which record."""
        rows = self.db.execute(
            "SELECT key, record FROM alias WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),)
        )
        return {row["key"]: row["record"] for row in rows}

    def get(self, n: int) -> Stored | None:
        """A record by its number."""
        row = self.db.execute("SELECT * FROM record WHERE n=?", (n,)).fetchone()
        return None if row is None else stored_of(row)

    def by_id(self, identity: str) -> Stored | None:
        """A record by its id."""
        row = self.db.execute("SELECT * FROM record WHERE id=?", (identity,)).fetchone()
        return None if row is None else stored_of(row)

    def many(self, numbers: Iterable[int]) -> dict[int, Stored]:
        """Several records at once."""
        return {row["n"]: stored_of(row) for row in rows_numbered(self.db, "record", numbers)}

    def with_fingerprint(self, fingerprint: str) -> list[int]:
        """Records with exactly this title and text, the earliest first."""
        return self.with_fingerprints([fingerprint])[fingerprint]

    def with_fingerprints(self, fingerprints: Iterable[str]) -> dict[str, list[int]]:
        """As `with_fingerprint`, for several."""
        found: dict[str, list[int]] = {one: [] for one in fingerprints}
        rows = self.db.execute(
            "SELECT fingerprint, n FROM record WHERE fingerprint IN (SELECT value FROM json_each(?)) ORDER BY n",
            (json.dumps(list(found)),),
        )
        for fingerprint, n in rows:
            found[fingerprint].append(n)
        return found

    def members(self, story: int) -> list[Stored]:
        """The records of a story in the order of their arrival."""
        return [stored_of(row) for row in self.db.execute("SELECT * FROM record WHERE story=? ORDER BY n", (story,))]

    def members_of(self, stories: Sequence[int]) -> dict[int, list[Stored]]:
        """The records of several stories at once."""
        found: dict[int, list[Stored]] = {n: [] for n in stories}
        rows = self.db.execute(
            "SELECT * FROM record WHERE story IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY n",
            (json.dumps(list(stories)),),
        )
        for row in rows.fetchall():
            stored = stored_of(row)
            found[stored.story].append(stored)
        return found

    def since(self, since: datetime) -> Iterator[Stored]:
        """Records published since then, newest first, one at a time."""
        numbers = self.db.execute("SELECT n FROM record WHERE published>=? ORDER BY published DESC", (stamp(since),))
        for (n,) in numbers.fetchall():
            stored = self.get(n)
            if stored is not None:
                yield stored

    def numbers_of(self, identities: Sequence[str]) -> list[int]:
        """The numbers of the records with these ids, those that there are."""
        rows = self.db.execute(
            "SELECT n FROM record WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(identities)),)
        )
        return [row[0] for row in rows]

    def count(self) -> int:
        """How many records there are."""
        return int(self.db.execute("SELECT count(*) FROM record").fetchone()[0])

    def of_source(self, source: str, limit: int) -> list[Stored]:
        """The newest records of a source."""
        rows = self.db.execute(
            "SELECT * FROM record WHERE source=? AND quarantined IS NULL ORDER BY published DESC, id LIMIT ?",
            (source, limit),
        )
        return [stored_of(row) for row in rows]

    def headlines(self, stories: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Title and address of the record that stands for each of these stories."""
        rows = self.db.execute(
            "SELECT story.n, record.title, record.url FROM story JOIN record ON record.n=story.representative"
            " WHERE story.n IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
            (json.dumps(list(stories)),),
        )
        return {n: (title, url) for n, title, url in rows}

    def newest_of(self, source: str, limit: int) -> list[Candidate]:
        """The newest records of a source, without their texts."""
        rows = self.db.execute(
            "SELECT n, id, published, updated, first_seen FROM record WHERE source=? AND quarantined IS NULL"
            " ORDER BY published DESC, id LIMIT ?",
            (source, limit),
        )
        return [candidate(row) for row in rows]

    def neighbours(self, source: str, keys: Iterable[str], limit: int) -> list[Neighbour]:
        """The newest records of a source, and those with these keys that are older."""
        rows = self.db.execute(
            "SELECT n, key, story, title, text, furniture FROM record WHERE source=? ORDER BY published DESC LIMIT ?",
            (source, limit),
        ).fetchall()
        older = sorted(set(keys).difference(row["key"] for row in rows))
        rows += self.db.execute(
            "SELECT n, key, story, title, text, furniture FROM record WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(older),),
        ).fetchall()
        return [
            Neighbour(n, key, story, title, text, tuple_of(boilerplate))
            for n, key, story, title, text, boilerplate in rows
        ]

    def rechecks_due(self, now: datetime, limit: int = 200) -> list[Stored]:
        """Young records whose page is to be looked at again, of sources that are visited."""
        rows = self.db.execute(
            "SELECT record.* FROM record JOIN source ON source.name=record.source"
            " WHERE recheck<=? AND source.removed IS NULL AND (source.paused=0 OR source.name='kept')"
            " ORDER BY recheck LIMIT ?",
            (now.timestamp(), limit),
        )
        return [stored_of(row) for row in rows]

    def revisions(self, n: int) -> list[Revision]:
        """The earlier versions of a record, oldest first."""
        rows = self.db.execute("SELECT * FROM revision WHERE record=? ORDER BY at", (n,))
        return [
            Revision(at=sure_moment(r["at"]), title=r["title"], text=r["text"], why=r["why"], public=bool(r["public"]))
            for r in rows
        ]

    def pointing_at(self, keys: Iterable[str]) -> list[int]:
        """The records of other sources that point at one of these addresses. Reads all of those that point anywhere."""
        rows = self.db.execute("SELECT key, record FROM alias WHERE key>='via:' AND key<'via;'")
        wanted = frozenset(keys)
        return sorted({row["record"] for row in rows if pointed_at(row["key"]) in wanted})

    def numbered(self, source: str) -> tuple[int, int]:
        """How many numbers of articles the addresses of a source have, and how many records it has."""
        row = self.db.execute(
            "SELECT (SELECT count(*) FROM alias WHERE key>=? AND key<?), (SELECT count(*) FROM record WHERE source=?)",
            (f"number:{source}:", f"number:{source};", source),
        ).fetchone()
        return int(row[0]), int(row[1])

    def add(self, record: Record, story: int, evidence: str, now: datetime, boilerplate: Sequence[int] = ()) -> int:
        """A new record with its aliases as a member of a story; its number. `boilerplate`: lines its site repeats."""
        row = self._row(record, story, evidence, now, boilerplate)
        (n,) = self.db.execute(f"{INSERT} RETURNING n", row).fetchone()
        self.add_aliases(n, record)
        self._search.add(n, without_boilerplate(record, boilerplate))
        return int(n)

    def add_numbered(
        self, n: int, record: Record, story: int, evidence: str, now: datetime, boilerplate: Sequence[int] = ()
    ) -> Stored:
        """As `add`, written with others, under a new number; its aliases are not written."""
        row = self._row(record, story, evidence, now, boilerplate)
        looked = stamp(now) if record.way == "page" else 0
        self.db.later(NUMBERED, (*row, n, looked), 1)
        stored = contents.stored_new(n, record, row, boilerplate)
        self._search.add(n, stored.own)
        return stored

    def new_numbers(self, count: int) -> list[int]:
        """Numbers for new rows; in the transaction that adds them."""
        return self.db.new_numbers("record", count)

    def read_ahead(self, records: Iterable[Record], now: datetime) -> None:
        """Look at once at what `add_numbered` needs for these records, in the open transaction."""
        self._search.read_ahead()
        self._times.read_ahead("record", [max(stamp(one.published), modified(one, now)) for one in records])

    def _row(
        self, record: Record, story: int, evidence: str, now: datetime, boilerplate: Sequence[int]
    ) -> tuple[object, ...]:
        """A new record by the columns of ROW."""
        updated = self._times.free("record", max(stamp(record.published), modified(record, now)))
        recheck = None if record.way == "feed" else (record.first_seen + self.rechecks[0]).timestamp()
        return (
            record.id,
            record.key,
            record.source,
            story,
            evidence,
            stamp(record.published),
            int(record.published_estimated),
            updated,
            stamp(record.first_seen),
            recheck,
            json.dumps(boilerplate) if boilerplate else "[]",
            *content_of(record),
        )

    def add_aliases(self, n: int, record: Record, known: Mapping[str, int] | None = None) -> dict[str, int]:
        """Remember every address that names a record. Its own key is its own, whoever claimed it before; any other
        address that is another's already stays there.

        With `known`, the records that all of these names have, only what is new is written, and given back.
        """
        names = names_of(record)
        known = self.aliases(names) if known is None else known
        new = {name: n for name in names if name not in known}
        if known.get(record.key) != n:
            self.db.later(NAME_OWN, (record.key, n))
            new[record.key] = n
        for name in sorted(new.keys() - {record.key}):
            self.db.later(NAME_MORE, (name, n))
        return new

    def revise(
        self, old: Stored, record: Record, *, why: str, public: bool, now: datetime, boilerplate: Sequence[int] = ()
    ) -> None:
        """New content for a known record; the former version is kept, `updated` moves when `public`."""
        self._search.replace(old.n, old.own, without_boilerplate(record, boilerplate))
        at = stamp(now)
        self.db.execute(VERSION, (old.n, at, old.record.title, old.record.text, why, int(public)))
        self.db.execute(
            f"UPDATE record SET {'=?, '.join(CONTENT)}=?, furniture=?,"  # noqa: S608 ours
            " quarantined=CASE WHEN quarantined=? THEN quarantined END, revisions=revisions+? WHERE n=?",
            (*content_of(record), json.dumps(boilerplate), HELD, int(public), old.n),
        )
        if public:
            self.db.execute("UPDATE record SET updated=? WHERE n=?", (self._times.free("record", at), old.n))
            self.db.execute(
                "UPDATE story SET updated=? WHERE n=? AND representative=?",
                (self._times.free("story", at), old.story, old.n),
            )

    def note(self, old: Stored, why: str, now: datetime) -> None:
        """Note in the history of a record what its text does not show: that it is one article with another, say."""
        self.db.execute(VERSION, (old.n, stamp(now), old.record.title, old.record.text, why, 0))

    def move(self, n: int, story: int, evidence: str) -> None:
        """Make a record a member of another story."""
        self.db.execute("UPDATE record SET story=?, evidence=? WHERE n=?", (story, evidence, n))

    def give(self, n: int, source: str) -> None:
        """Make a record one of another source: the one that speaks for its address."""
        self.db.execute("UPDATE record SET source=? WHERE n=?", (source, n))

    def join(self, n: int, other: int) -> None:
        """Two records that turned out to be one article: `other` goes, its addresses and versions are those of `n`."""
        self.db.execute("UPDATE alias SET record=? WHERE record=?", (n, other))
        self.db.execute(
            "UPDATE revision SET record=? WHERE record=?"
            " AND NOT EXISTS (SELECT 1 FROM revision AS own WHERE own.record=? AND own.at=revision.at)",
            (n, other, n),
        )
        self.remove(other)

    def set_boilerplate(self, old: Stored, lines: Sequence[int]) -> None:
        """Set the boilerplate lines of a record; it is no longer found by their words."""
        self._search.replace(old.n, old.own, without_boilerplate(old.record, lines))
        self.db.execute("UPDATE record SET furniture=? WHERE n=?", (json.dumps(lines), old.n))

    def set_robots(self, n: int, directives: Sequence[str]) -> None:
        """Set the robots directives of a record's page."""
        self.db.execute("UPDATE record SET robots=? WHERE n=?", (json.dumps(directives), n))

    def rechecked(
        self, n: int, now: datetime, etag: str | None, last_modified: str | None, *, gone: bool = False
    ) -> None:
        """Note a recheck of a young record, and set the next one."""
        row = self.db.execute("SELECT first_seen, checks FROM record WHERE n=?", (n,)).fetchone()
        if row is None:
            return
        checks = row["checks"] + 1
        again = None
        if not gone and checks < len(self.rechecks):
            again = max(row["first_seen"] + self.rechecks[checks].total_seconds(), now.timestamp() + LEAST_APART)
        self.db.execute(
            "UPDATE record SET checks=?, recheck=?, looked=?, etag=coalesce(?, etag),"
            " last_modified=coalesce(?, last_modified) WHERE n=?",
            (checks, again, stamp(now), etag, last_modified, n),
        )

    def looked_at(self, numbers: Iterable[int], now: datetime) -> None:
        """Note that the pages of records were read."""
        told = sorted(set(numbers))
        if told:
            self.db.later(
                "UPDATE record SET looked=?1 WHERE looked<>?1"
                " AND n IN (SELECT CAST(value AS BIGINT) FROM json_each(?2))",
                (stamp(now), json.dumps(told)),
            )

    def postpone_recheck(self, n: int, until: datetime) -> None:
        """Postpone the recheck of a page that could not be fetched."""
        self.db.execute("UPDATE record SET recheck=? WHERE n=?", (until.timestamp(), n))

    def quarantined(self, limit: int) -> list[Stored]:
        """The newest records that are kept out of the feeds because no document can hold them."""
        rows = self.db.execute(
            "SELECT * FROM record WHERE quarantined IS NOT NULL AND quarantined<>? ORDER BY n DESC LIMIT ?",
            (HELD, limit),
        )
        return [stored_of(row) for row in rows]

    def quarantine(self, n: int, why: str) -> None:
        """Keep a record out of the feeds."""
        self.db.execute("UPDATE record SET quarantined=? WHERE n=?", (why[:300], n))

    def hold(self, n: int, *, held: bool, preferred: Sequence[str] = ()) -> bool:
        """Keep a record out of the feeds and archives by hand, or let it back, whatever kept it out; whether that
        changed anything. Its story is represented by another member meanwhile."""
        stored = self.get(n)
        if stored is None or (stored.quarantined == HELD if held else stored.quarantined is None):
            return False
        self.db.execute("UPDATE record SET quarantined=? WHERE n=?", (HELD if held else None, n))
        self._changes_feeds(stored)
        story = self.db.execute("SELECT id FROM story WHERE n=?", (stored.story,)).fetchone()
        self.db.execute(
            "UPDATE archive SET dirty=1 WHERE n IN (SELECT archive FROM archived WHERE entry IN (?, ?))",
            (stored.record.id, story["id"]),
        )
        shown = [member for member in self.members(stored.story) if member.quarantined is None]
        if shown:
            place, reason = representative([member.record for member in shown], preferred)
            self.db.execute(
                "UPDATE story SET representative=?, reason=? WHERE n=?", (shown[place].n, reason, stored.story)
            )
        return True

    def _changes_feeds(self, stored: Stored) -> None:
        """The feeds that hold a record, or another member of its story, are published anew, and may be shorter."""
        self.db.execute(
            "UPDATE topic SET dirty=dirty+1, may_shrink=1 WHERE name IN"
            " (SELECT topic FROM topic_record JOIN record ON record.n=topic_record.record WHERE record.story=?)",
            (stored.story,),
        )
        self.db.execute(
            "UPDATE source SET dirty=dirty+1, may_shrink=1 WHERE name IN (SELECT source FROM record WHERE story=?)",
            (stored.story,),
        )

    def remove(self, n: int) -> None:
        """Remove a record with all that refers to it; its story loses a member, or is removed with the last one."""
        stored = self.get(n)
        if stored is None:
            return
        self._search.remove(n, stored.own)
        self._sketches.remove(n)
        self.db.execute(
            "UPDATE topic SET dirty=dirty+1, may_shrink=1"
            " WHERE name IN (SELECT topic FROM topic_record WHERE record=?)",
            (n,),
        )
        self.db.execute("UPDATE source SET dirty=dirty+1, may_shrink=1 WHERE name=?", (stored.record.source,))
        self.db.execute("DELETE FROM record WHERE n=?", (n,))
        left = self.members(stored.story)
        if not left:
            self.db.execute("DELETE FROM story WHERE n=?", (stored.story,))
            return
        place, reason = representative([member.record for member in left])
        self.db.execute(
            "UPDATE story SET representative=?, reason=? WHERE n=? AND representative=?",
            (left[place].n, f"{reason}, after the former one was removed", stored.story, n),
        )
