"""What is removed from the store by age or number (RELIABILITY S10).

First whole archive documents go, those in which every entry is old or too many: a closed document is frozen, nothing
leaves it from the middle. Then the records go that are in no document any more and wait for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scrapers import Seen

from ..identity.dedupe import addresses_of, gives_each_once, number_of, text_key
from ..rows import Stored, stamp
from .database.connection import Connection
from .tables.forgotten import Forgotten
from .tables.outcomes import BY_HAND, LET_GO, Outcomes
from .tables.records.records import Records
from .tables.tokens import token_digest
from .tables.visits import REMEMBER

FORGOTTEN_AT_ONCE = 30  # records in one transaction

_WAITS = (  # in a feed that is published, and in no archive of it
    "SELECT 1 FROM unarchived WHERE unarchived.record=record.n AND feed IN"
    " (SELECT feed_id FROM source UNION ALL SELECT feed_id FROM topic WHERE removed IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM archived JOIN archive ON archive.n=archived.archive"
    " WHERE archived.entry IN (record.id, story.id) AND archive.feed=unarchived.feed)"
)


@dataclass(eq=False)
class Retention:
    """Removal of old documents and records, and of forgotten ones."""

    db: Connection
    records: Records
    outcomes: Outcomes
    forgotten: Forgotten

    def old_documents(self, before: datetime) -> list[int]:
        """Archive documents in which no entry has a member that was first seen since then."""
        rows = self.db.execute(
            "SELECT archive.n FROM archive WHERE removed=0 AND NOT EXISTS"
            " (SELECT 1 FROM archived JOIN record ON record.id=archived.entry"
            " WHERE archived.archive=archive.n AND record.first_seen>=?1)"
            " AND NOT EXISTS (SELECT 1 FROM archived JOIN story ON story.id=archived.entry"
            " JOIN record ON record.story=story.n WHERE archived.archive=archive.n AND record.first_seen>=?1)"
            " AND EXISTS (SELECT 1 FROM archived WHERE archived.archive=archive.n) ORDER BY archive.n",
            (stamp(before),),
        )
        return [row[0] for row in rows]

    def surplus_documents(self, most: int) -> list[int]:
        """Archive documents of which every entry is beyond the newest `most` that the archive of their feed holds."""
        rows = self.db.execute(
            "SELECT n FROM (SELECT archive.n AS n, sum(count(*)) OVER (PARTITION BY archive.feed"
            " ORDER BY archive.number DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS later FROM archive"
            " JOIN archived ON archived.archive=archive.n WHERE archive.removed=0 GROUP BY archive.n) AS counted"
            " WHERE later>=? ORDER BY n",
            (most,),
        )
        return [row[0] for row in rows]

    def drop_documents(self, numbers: Sequence[int]) -> None:
        """Give up archive documents in one transaction: their files go, and the one that names each is written anew."""
        with self.db.transaction():
            for n in numbers:
                feed = self.db.execute("SELECT feed FROM archive WHERE n=?", (n,)).fetchone()[0]
                self.db.execute(
                    "DELETE FROM unarchived WHERE feed=? AND record IN (SELECT record.n FROM archived"
                    " LEFT JOIN story ON story.id=archived.entry"
                    " JOIN record ON record.id=archived.entry OR record.story=story.n WHERE archived.archive=?)",
                    (feed, n),
                )
                self.db.execute("DELETE FROM archived WHERE archive=?", (n,))
                self.db.execute("UPDATE archive SET dirty=1 WHERE n=?", (n,))
                for table in ("topic", "source"):
                    self.db.execute(f"UPDATE {table} SET dirty=dirty+1, may_shrink=1 WHERE feed_id=?", (feed,))  # noqa: S608 ours

    def old_records(self, before: datetime, *, quarantined: bool = True) -> list[int]:
        """Records that were first seen before then, are in no archive document, and wait for none.

        Those that are kept out of the feeds are among them, unless `quarantined` is false.
        """
        rows = self.db.execute(
            "SELECT record.n FROM record JOIN story ON story.n=record.story WHERE record.first_seen<?"  # noqa: S608 ours
            " AND NOT EXISTS (SELECT 1 FROM archived WHERE entry IN (record.id, story.id))"
            f" AND CASE WHEN record.quarantined IS NULL THEN NOT EXISTS ({_WAITS}) ELSE ? END ORDER BY record.n",
            (stamp(before), quarantined),
        )
        return [row[0] for row in rows]

    def forget_links(self, source: str, now: datetime) -> int:
        """Remove links that were on no front for so long that they would count as new; how many."""
        return self.db.execute(
            "DELETE FROM outcome WHERE source=? AND last<?", (source, stamp(now - REMEMBER))
        ).rowcount

    def expire(self, numbers: Sequence[int], now: datetime) -> None:
        """Take records away in one transaction; their addresses are remembered, so that no visit brings them back."""
        with self.db.transaction():
            for n in numbers:
                stored = self.records.get(n)
                if stored is not None:
                    self._remove(stored, LET_GO, now)

    def forget_record(self, n: int, now: datetime, *, everywhere: bool = True) -> None:
        """Remove a record for good: its addresses are remembered, so that no visit of its source brings it back.

        `everywhere`: nor one of any other source, for ever; what others have of the same address goes, too.
        """
        stored = self.records.get(n)
        if stored is None:
            return
        with self.db.transaction():
            # mentions of it elsewhere
            self.db.execute("DELETE FROM trouble WHERE instr(cause, ?)>0", (stored.record.url,))
            self.db.execute("DELETE FROM wish WHERE done IS NOT NULL AND instr(result, ?)>0", (stored.record.id,))
            names = self.names(stored)
            self._remove(stored, BY_HAND, now)
            if everywhere:
                numbers = [number for name in names if (number := number_of(name)) is not None]
                sure = gives_each_once(self.records, stored.record.source)
                addresses = addresses_of(names)
                self.forgotten.keep([*addresses, *(numbers if sure else ())], now)
                for other in self.records.pointing_at(addresses):
                    self.forget_record(other, now)

    def forget_again(self, rows: Sequence[tuple[str, str, int]], now: datetime) -> int:
        """Forget what another store has forgotten, and remove what is here of it; how many records that were."""
        hashes = {row[0] for row in rows}
        names = self.db.execute("SELECT key, record FROM alias").fetchall()
        found = {n for key, n in names if any(token_digest(one).hex() in hashes for one in addresses_of([key]))}
        with self.db.transaction():
            self.forgotten.take(rows)
            for n in sorted(found):
                self.forget_record(n, now)
        return len(found)

    def forget_source(self, name: str, now: datetime) -> int:
        """Remove all records of a source for good; how many there were. Stories lose those members."""
        numbers = [row[0] for row in self.db.execute("SELECT n FROM record WHERE source=?", (name,))]
        for place in range(0, len(numbers), FORGOTTEN_AT_ONCE):  # a few at a time, so that no visit waits long
            with self.db.transaction():
                for n in numbers[place : place + FORGOTTEN_AT_ONCE]:
                    self.forget_record(n, now, everywhere=False)
        self.db.execute("UPDATE source SET dirty=dirty+1, may_shrink=1 WHERE name=?", (name,))
        return len(numbers)

    def _remove(self, stored: Stored, why: str, now: datetime) -> None:
        names = self.names(stored)
        seen = Seen(stored.record.url, "skipped", why)
        keys = dict.fromkeys([*names, *addresses_of(names), *([text_key(stored.record)] if why == LET_GO else ())])
        self.outcomes.keep(stored.record.source, [(key, seen, None) for key in keys], now)
        self.records.remove(stored.n)

    def names(self, stored: Stored) -> list[str]:
        """Every key that names a record, its own first."""
        rows = self.db.execute("SELECT key FROM alias WHERE record=? ORDER BY key", (stored.n,))
        return list(dict.fromkeys([stored.record.key, *(row[0] for row in rows)]))
