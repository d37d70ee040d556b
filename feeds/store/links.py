"""Links in the store: what became of every address that a front offered, and pages that broke their parser."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from scrapers import Seen

from .connection import Connection
from .rows import OutcomeRow, moment, stamp, sure_moment


class Links(Connection):
    """The part of the store that remembers links."""

    def keep_outcomes(self, source: str, seen: Iterable[tuple[str, Seen, float | None]], now: datetime) -> None:
        """Remember what became of links: (key, what was seen, when to ask again). Unchanged rows are hardly touched."""
        at = stamp(now)
        for key, one, again in seen:
            if one.outcome in ("known", "unchanged", "revised"):
                self.db.execute(
                    "UPDATE outcome SET last=? WHERE source=? AND key=? AND last<?", (at, source, key, at - 86400)
                )
                continue
            self.db.execute(
                "INSERT INTO outcome(source, key, url, outcome, why, way, first, last, again) VALUES(?,?,?,?,?,?,?,?,?)"
                " ON CONFLICT(source, key) DO UPDATE SET outcome=excluded.outcome, why=excluded.why, way=excluded.way,"
                " last=excluded.last, again=excluded.again, tries=tries+1",
                (source, key, one.url[:2000], one.outcome, one.why[:300], one.way, at, at, again),
            )

    def tries(self, source: str, keys: Iterable[str]) -> dict[str, int]:
        """How often each of these links was tried without success."""
        rows = self.db.execute(
            "SELECT key, tries FROM outcome WHERE source=? AND key IN (SELECT value FROM json_each(?))"
            " AND outcome IN ('failed', 'refused', 'gone')",
            (source, json.dumps(list(keys))),
        )
        return {row["key"]: row["tries"] for row in rows}

    def outcomes_of(self, key: str) -> list[OutcomeRow]:
        """What became of a link, in every source that saw it."""
        rows = self.db.execute("SELECT * FROM outcome WHERE key=? ORDER BY source", (key,))
        return [
            OutcomeRow(
                source=row["source"],
                key=row["key"],
                url=row["url"],
                outcome=row["outcome"],
                why=row["why"],
                way=row["way"],
                first=sure_moment(row["first"]),
                last=sure_moment(row["last"]),
                tries=row["tries"],
                again=moment(row["again"]),
            )
            for row in rows
        ]

    def recent_outcomes(self, name: str, limit: int = 20) -> list[dict[str, Any]]:
        """The links of a source whose fate was decided last, newest first."""
        rows = self.db.execute(
            "SELECT url, outcome, why, way, last FROM outcome WHERE source=? ORDER BY last DESC, first DESC LIMIT ?",
            (name, limit),
        )
        return [dict(row) for row in rows]

    def bad_pages(self, now: datetime) -> Mapping[str, float]:
        """Hashes of pages that broke or outran a parser, and until when they are left alone."""
        self.db.execute("DELETE FROM bad_page WHERE until<?", (now.timestamp(),))
        return {row["hash"]: row["until"] for row in self.db.execute("SELECT * FROM bad_page")}

    def keep_bad_page(self, digest: str, until: datetime) -> None:
        """Leave a page alone until then."""
        self.db.execute(
            "INSERT INTO bad_page VALUES(?,?) ON CONFLICT(hash) DO UPDATE SET until=excluded.until",
            (digest, until.timestamp()),
        )
