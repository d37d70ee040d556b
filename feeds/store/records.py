"""Records, their aliases and stories in the store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from scrapers import Record, story_id

from ..dedupe import guid_key, representative
from .connection import Connection
from .contents import CONTENT, content_of, modified, stored_of, story_of
from .rows import Neighbour, Revision, Stored, StoryRow, stamp, sure_moment

RECHECKS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))  # after first_seen: young articles change
TAKEN_MOST = 1000  # seconds that are remembered as taken
LEAST_APART = 60.0  # seconds between two looks at one article, however late the former came


class Records(Connection):
    """The part of the store that knows records and stories. What writes is called inside a transaction."""

    rechecks: tuple[timedelta, ...] = RECHECKS

    def __init__(self) -> None:
        self._taken: dict[tuple[str, int], int] = {}  # (table, second) → a second up to which all are taken

    # --- reading

    def aliases(self, keys: Iterable[str]) -> dict[str, int]:
        """Which of these keys are known, and of which record."""
        rows = self.db.execute(
            "SELECT key, record FROM alias WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),)
        )
        return {row["key"]: row["record"] for row in rows}

    def stored(self, n: int) -> Stored | None:
        """A record by its number."""
        row = self.db.execute("SELECT * FROM record WHERE n=?", (n,)).fetchone()
        return None if row is None else stored_of(row)

    def stored_by_id(self, identity: str) -> Stored | None:
        """A record by its id."""
        row = self.db.execute("SELECT * FROM record WHERE id=?", (identity,)).fetchone()
        return None if row is None else stored_of(row)

    def with_fingerprint(self, fingerprint: str) -> list[int]:
        """Records with exactly this title and text, the earliest first."""
        return [
            row[0] for row in self.db.execute("SELECT n FROM record WHERE fingerprint=? ORDER BY n", (fingerprint,))
        ]

    def story(self, n: int) -> StoryRow | None:
        """A story by its number."""
        row = self.db.execute("SELECT * FROM story WHERE n=?", (n,)).fetchone()
        return None if row is None else story_of(row)

    def members(self, story: int) -> list[Stored]:
        """The records of a story in the order of their arrival."""
        return [stored_of(row) for row in self.db.execute("SELECT * FROM record WHERE story=? ORDER BY n", (story,))]

    def members_of(self, stories: Sequence[int]) -> dict[int, list[Stored]]:
        """The records of several stories at once."""
        found: dict[int, list[Stored]] = {n: [] for n in stories}
        rows = self.db.execute(
            "SELECT * FROM record WHERE story IN (SELECT value FROM json_each(?)) ORDER BY n",
            (json.dumps(list(stories)),),
        )
        for row in rows:
            found[row["story"]].append(stored_of(row))
        return found

    def stories(self, numbers: Iterable[int]) -> dict[int, StoryRow]:
        """Several stories at once."""
        rows = self.db.execute(
            "SELECT * FROM story WHERE n IN (SELECT value FROM json_each(?))", (json.dumps(list(numbers)),)
        )
        return {row["n"]: story_of(row) for row in rows}

    def records_since(self, since: datetime) -> Iterator[Stored]:
        """Records published since then, newest first, one at a time."""
        numbers = self.db.execute("SELECT n FROM record WHERE published>=? ORDER BY published DESC", (stamp(since),))
        for (n,) in numbers.fetchall():
            stored = self.stored(n)
            if stored is not None:
                yield stored

    def carried_by(self, sources: Iterable[str], since: datetime) -> list[int]:
        """The stories since then that one of these sources carries, and another one too."""
        rows = self.db.execute(
            "SELECT DISTINCT a.story FROM record a JOIN record b ON b.story=a.story AND b.source<>a.source"
            " WHERE a.source IN (SELECT value FROM json_each(?)) AND a.published>=? ORDER BY a.story",
            (json.dumps(sorted(sources)), stamp(since)),
        )
        return [row[0] for row in rows]

    def outlets(self, story: int, n: int) -> tuple[int, bool]:
        """How many sources carry a story, and whether record `n` came after another of its members."""
        row = self.db.execute(
            "SELECT count(DISTINCT source) AS outlets, min(n) AS first FROM record WHERE story=?", (story,)
        ).fetchone()
        return int(row["outlets"]), row["first"] != n

    def stories_with_ids(self, identities: Sequence[str]) -> list[int]:
        """The numbers of the stories with these ids, those that there are."""
        rows = self.db.execute(
            "SELECT n FROM story WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(identities)),)
        )
        return [row[0] for row in rows]

    def records_with_ids(self, identities: Sequence[str]) -> list[int]:
        """The numbers of the records with these ids, those that there are."""
        rows = self.db.execute(
            "SELECT n FROM record WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(identities)),)
        )
        return [row[0] for row in rows]

    def count_records(self) -> int:
        """How many records there are."""
        return int(self.db.execute("SELECT count(*) FROM record").fetchone()[0])

    def source_records(self, source: str, limit: int) -> list[Stored]:
        """The newest records of a source."""
        rows = self.db.execute(
            "SELECT * FROM record WHERE source=? AND quarantined IS NULL ORDER BY published DESC, id LIMIT ?",
            (source, limit),
        )
        return [stored_of(row) for row in rows]

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
            Neighbour(n, key, story, title, text, tuple(json.loads(furniture)))
            for n, key, story, title, text, furniture in rows
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

    # --- writing, inside a transaction

    def add_story(self, first: Record, now: datetime) -> int:
        """A new story around its first record; its id is minted here once and for ever."""
        published = stamp(first.published)
        updated = self.free_second("story", max(published, modified(first, now)))
        row = self.db.execute(
            "INSERT INTO story(id, first_seen, published, updated) VALUES(?,?,?,?) RETURNING n",
            (story_id(first.key), stamp(first.first_seen), published, updated),
        ).fetchone()
        return int(row[0])

    def add_record(
        self, record: Record, story: int, evidence: str, now: datetime, furniture: Sequence[int] = ()
    ) -> int:
        """A new record with its aliases as a member of a story; its number. `furniture`: lines its site repeats."""
        updated = self.free_second("record", max(stamp(record.published), modified(record, now)))
        recheck = None if record.way == "feed" else (record.first_seen + self.rechecks[0]).timestamp()
        row = self.db.execute(
            "INSERT INTO record(id, key, source, story, evidence, published,"
            " published_estimated, updated, first_seen,"
            " recheck, furniture, "
            + ", ".join(CONTENT)
            + ") VALUES(?,?,?,?,?,?,?,?,?,?,?"
            + ",?" * len(CONTENT)
            + ") RETURNING n",
            (
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
                json.dumps(furniture),
                *content_of(record),
            ),
        ).fetchone()
        n = int(row[0])
        self.add_aliases(n, record)
        return n

    def add_aliases(self, n: int, record: Record) -> None:
        """Remember every address that names a record. Its own key is its own, whoever claimed it before; any other
        address that is another's already stays there."""
        self.db.execute(
            "INSERT INTO alias VALUES(?,?) ON CONFLICT(key) DO UPDATE SET record=excluded.record", (record.key, n)
        )
        keys = {*record.aliases} - {record.key}
        if record.guid:
            keys.add(guid_key(record.source, record.guid))
        self.db.executemany(
            "INSERT INTO alias VALUES(?,?) ON CONFLICT(key) DO NOTHING", [(key, n) for key in sorted(keys)]
        )

    def revise_record(
        self, old: Stored, record: Record, *, why: str, public: bool, now: datetime, furniture: Sequence[int] = ()
    ) -> None:
        """New content for a known record; the former version is kept, `updated` moves when `public`."""
        at = stamp(now)
        self.db.execute(
            "INSERT INTO revision VALUES(?,?,?,?,?,?) ON CONFLICT(record, at) DO NOTHING",
            (old.n, at, old.record.title, old.record.text, why, int(public)),
        )
        self.db.execute(
            f"UPDATE record SET {'=?, '.join(CONTENT)}=?, furniture=?, quarantined=NULL,"  # noqa: S608 ours
            " revisions=revisions+? WHERE n=?",
            (*content_of(record), json.dumps(furniture), int(public), old.n),
        )
        if public:
            self.db.execute("UPDATE record SET updated=? WHERE n=?", (self.free_second("record", at), old.n))
            self.db.execute(
                "UPDATE story SET updated=? WHERE n=? AND representative=?",
                (self.free_second("story", at), old.story, old.n),
            )

    def set_furniture(self, old: Stored, lines: Sequence[int]) -> None:
        """Other lines of a record are furniture than was known."""
        self.db.execute("UPDATE record SET furniture=? WHERE n=?", (json.dumps(lines), old.n))

    def set_robots(self, n: int, directives: Sequence[str]) -> None:
        """The page of a record holds back something else than it did."""
        self.db.execute("UPDATE record SET robots=? WHERE n=?", (json.dumps(directives), n))

    def set_representative(self, story: int, n: int, reason: str) -> bool:
        """Who stands for a story; whether that changed. Neither id nor `published` move."""
        changed = self.db.execute(
            "UPDATE story SET representative=?, reason=? WHERE n=? AND (representative IS NOT ? OR reason<>?)",
            (n, reason, story, n, reason),
        ).rowcount
        return changed > 0

    def rechecked(
        self, n: int, now: datetime, etag: str | None, last_modified: str | None, *, gone: bool = False
    ) -> None:
        """A young record was looked at: when next."""
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

    def looked_at(self, n: int, now: datetime) -> None:
        """The page of a record was read."""
        self.db.execute("UPDATE record SET looked=? WHERE n=?", (stamp(now), n))

    def postpone_recheck(self, n: int, until: datetime) -> None:
        """The page could not be had now: look again then."""
        self.db.execute("UPDATE record SET recheck=? WHERE n=?", (until.timestamp(), n))

    def quarantined(self, limit: int) -> list[Stored]:
        """The newest records that are kept out of the feeds."""
        rows = self.db.execute("SELECT * FROM record WHERE quarantined IS NOT NULL ORDER BY n DESC LIMIT ?", (limit,))
        return [stored_of(row) for row in rows]

    def quarantine(self, n: int, why: str) -> None:
        """Keep a record out of the feeds."""
        self.db.execute("UPDATE record SET quarantined=? WHERE n=?", (why[:300], n))

    def remove_record(self, n: int) -> None:
        """Take a record away with everything that hangs on it; its story loses a member, or goes with the last one."""
        row = self.db.execute("SELECT story, source FROM record WHERE n=?", (n,)).fetchone()
        if row is None:
            return
        self.db.execute(
            "UPDATE topic SET dirty=dirty+1, may_shrink=1"
            " WHERE name IN (SELECT topic FROM topic_record WHERE record=?)",
            (n,),
        )
        self.db.execute("UPDATE source SET dirty=dirty+1, may_shrink=1 WHERE name=?", (row["source"],))
        self.db.execute("DELETE FROM record WHERE n=?", (n,))
        left = self.members(row["story"])
        if not left:
            self.db.execute("DELETE FROM story WHERE n=?", (row["story"],))
            return
        place, reason = representative([member.record for member in left])
        self.db.execute(
            "UPDATE story SET representative=?, reason=? WHERE n=? AND representative=?",
            (left[place].n, f"{reason}, after the former one was removed", row["story"], n),
        )

    def free_second(self, table: str, wanted: int) -> int:
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
