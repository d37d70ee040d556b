"""Selectors in the store: which ones stopped working, their replacements, and records that they once gave."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ...health.selectors import LINKS, RepairRow, Told
from ...rows import stamp, sure_moment
from ..database.connection import Connection, Row
from ..database.row_values import value_of

if TYPE_CHECKING:
    from scrapers import Offered, Repair, Run, Seed

TOLD = 60  # records that are looked at for what selectors gave
OFFERED = 300  # stories that a listing is known for


class Repairs:
    """How the selectors of seeds are doing."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def all(self, name: str | None = None) -> list[RepairRow]:
        """What is known of selectors that stopped giving; of one source, or of all."""
        return repairs_of(self.db, name)

    def sync(self, seeds: Iterable[Seed]) -> list[RepairRow]:
        """Let go of what is about selectors that these seeds do not have any more; the rows that went.

        A seed that is left out for a mistake keeps what is known of it.
        """
        from scrapers import selectors_of

        written = {seed.name: selectors_of(seed) for seed in seeds}
        over = [
            row for row in self.all() if written.get(row.source, {row.field: row.written}).get(row.field) != row.written
        ]
        if over:
            with self.db.transaction():
                for row in over:
                    self.drop(row.source, [row.field])
        return over

    def drop(self, name: str, fields: Iterable[str]) -> None:
        """Drop the rows of selectors that work again or were changed."""
        self.db.execute(
            "DELETE FROM repair WHERE source=? AND field IN (SELECT value FROM json_each(?))",
            (name, json.dumps(list(fields))),
        )
        self.db.execute("UPDATE health SET at=0 WHERE source=?", (name,))

    def note_links(self, seed: Seed, run: Run) -> None:
        """Whether the selector of a listing found anything on a visit; inside the transaction that ends it."""
        if run.chosen is None or not seed.discover.links or seed.scraper:
            return
        if run.chosen and run.fronts:  # a listing that is strange as a whole was given up, and is no front
            self.db.execute("UPDATE repair SET missed=0 WHERE source=? AND field=? AND missed>0", (run.source, LINKS))
            return
        self.db.execute(
            "INSERT INTO repair(source, field, written, since, missed) VALUES(?,?,?,?,1)"
            " ON CONFLICT(source, field) DO UPDATE SET missed=repair.missed+1,"
            " since=CASE WHEN repair.missed=0 AND repair.used=0 THEN excluded.since ELSE repair.since END",
            (run.source, LINKS, seed.discover.links, stamp(run.finished)),
        )

    def keep(
        self, name: str, found: Sequence[Repair], since: Mapping[str, datetime], now: datetime, *, use: bool
    ) -> None:
        """What was found in the place of selectors; with `use`, what is certain is used from now on.

        The fronts, and the young articles that were read without those selectors, are then read whole next time.
        """
        at = stamp(now)
        with self.db.transaction():
            for one in found:
                begun = stamp(since.get(one.field, now))
                used = use and one.state == "certain" and one.new is not None
                self.db.execute(
                    "INSERT INTO repair(source, field, written, since, looked, state, found, used, evidence)"
                    " VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(source, field) DO UPDATE SET written=excluded.written,"
                    " looked=excluded.looked, state=excluded.state, found=excluded.found, used=excluded.used,"
                    " evidence=excluded.evidence, missed=CASE WHEN excluded.used=1 THEN 0 ELSE repair.missed END",
                    (name, one.field, one.old, begun, at, one.state, one.new, int(used), one.evidence[:1000]),
                )
                if used:
                    self.db.execute("UPDATE front SET etag=NULL, last_modified=NULL WHERE source=?", (name,))
                    self.db.execute(
                        "UPDATE record SET etag=NULL, last_modified=NULL"
                        " WHERE source=? AND recheck IS NOT NULL AND first_seen>=?",
                        (name, begun),
                    )
            self.db.execute("UPDATE health SET at=0 WHERE source=?", (name,))  # it is to be assessed anew

    # --- what selectors once gave

    def told_by_selectors(self, name: str) -> list[Told]:
        """Which fields of the newest records that were read from their pages came by selectors, the newest first."""
        rows = self.db.execute(
            "SELECT first_seen, witnesses, id FROM record WHERE source=? AND way='page'"
            " ORDER BY first_seen DESC, n DESC LIMIT ?",
            (name, TOLD),
        )
        return [
            Told(
                sure_moment(seconds),
                frozenset(field for field, who in json.loads(witnesses).items() if who == "selectors"),
                identity,
            )
            for seconds, witnesses, identity in rows
        ]

    def records_by_selectors(self, name: str, limit: int) -> list[str]:
        """The ids of the newest records of which at least one field came by a selector."""
        rows = self.db.execute(
            "SELECT id FROM record WHERE source=? AND way='page' AND quarantined IS NULL"
            " AND witnesses LIKE '%\"selectors\"%' ORDER BY first_seen DESC, n DESC LIMIT ?",
            (name, limit),
        )
        return [row[0] for row in rows]

    def offered(self, name: str) -> list[Offered]:
        """The newest stories that the fronts of a source offered and that became records."""
        from scrapers import Offered

        rows = self.db.execute(
            "SELECT outcome.key AS key, record.title AS title FROM outcome JOIN alias ON alias.key=outcome.key"
            " JOIN record ON record.n=alias.record WHERE outcome.source=? AND outcome.outcome='kept'"
            " ORDER BY outcome.first DESC LIMIT ?",
            (name, OFFERED),
        )
        return [Offered(row["key"], row["title"]) for row in rows]


def repairs_of(db: Connection, name: str | None) -> list[RepairRow]:
    """The rows of one source, or of all."""
    rows = db.execute(
        "SELECT * FROM repair WHERE source=?1 OR CAST(?1 AS TEXT) IS NULL ORDER BY source, field", (name,)
    )
    return [_repair(row) for row in rows]


def _repair(row: Row) -> RepairRow:
    return value_of(RepairRow, row)
