"""Links in the store: what became of every address that a front offered, and pages that broke their parser."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from scrapers import FRONT, Seen

from ...identity.number_alias import number_key
from ...rows import OutcomeRow, stamp
from ..database.connection import Connection
from ..database.row_values import value_of

BY_HAND = "removed by hand"  # why a link is never asked for again
LET_GO = "older than the store keeps"  # why a link is skipped whose record left the store by its age
LINKS_MOST = 20_000  # of a source that are remembered
LINKS_SIZE = 6_000_000  # characters of their addresses and keys
BAD_PAGES = 10_000
WORTH_A_LOOK = 20  # new rows of one visit


class Outcomes:
    """The stored outcomes of links."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def keep(self, source: str, seen: Iterable[tuple[str, Seen, float | None]], now: datetime) -> None:
        """Remember what became of links: (key, what was seen, when to ask again). Unchanged rows are hardly touched."""
        at = stamp(now)
        rows = 0
        shown: set[str] = set()
        for key, one, again in seen:
            if one.outcome in ("known", "unchanged", "revised"):
                shown |= {key, number_key(source, one.url) or key}  # one that left the store may be renamed
                continue
            self.db.later(
                "INSERT INTO outcome(source, key, url, outcome, why, way, first, last, again, tries)"
                " VALUES(?,?,?,?,?,?,?,?,?,?)"
                " ON CONFLICT(source, key) DO UPDATE SET outcome=excluded.outcome, why=excluded.why, way=excluded.way,"
                " last=excluded.last, again=excluded.again, tries=outcome.tries+excluded.tries",
                (
                    source,
                    key,
                    one.url[:2000],
                    one.outcome,
                    one.why[:300],
                    one.way,
                    at,
                    at,
                    again,
                    int(one.outcome != "queued"),
                ),
            )
            rows += 1
        if shown:
            self.db.later(
                "UPDATE outcome SET last=? WHERE source=? AND key IN (SELECT value FROM json_each(?)) AND last<?",
                (at, source, json.dumps(sorted(shown)), at - 86400),
            )
        if rows >= WORTH_A_LOOK:
            self.bound(source)

    def bound(self, source: str) -> int:
        """Let go of the links of a source that were not seen for longest, beyond a bound in number and in size.

        They come from pages: a front may show other long addresses at every visit. What was removed by hand stays.
        """
        return self.db.execute(
            "DELETE FROM outcome WHERE source=? AND why<>? AND key IN (SELECT key FROM (SELECT key,"
            " row_number() OVER newest AS place, sum(length(key)+length(url)) OVER newest AS size"
            " FROM outcome WHERE source=? WINDOW newest AS (ORDER BY last DESC, first DESC, key)) AS ranked"
            " WHERE place>? OR size>?)",
            (source, BY_HAND, source, LINKS_MOST, LINKS_SIZE),
        ).rowcount

    def tries(self, source: str, keys: Iterable[str]) -> dict[str, int]:
        """How often each of these links was asked for without success."""
        rows = self.db.execute(
            "SELECT key, tries FROM outcome WHERE source=? AND key IN (SELECT value FROM json_each(?))"
            " AND outcome IN ('failed', 'refused', 'gone', 'postponed', 'queued')",
            (source, json.dumps(list(keys))),
        )
        return {row["key"]: row["tries"] for row in rows}

    def let_go(self, source: str, keys: Iterable[str]) -> set[str]:
        """Those of these keys that are of records of the source that are older than the store keeps."""
        rows = self.db.execute(
            "SELECT key FROM outcome WHERE source=? AND key IN (SELECT value FROM json_each(?)) AND outcome='skipped'"
            " AND why=?",
            (source, json.dumps(list(keys)), LET_GO),
        )
        return {row[0] for row in rows}

    def latest_pages(self, source: str, limit: int) -> list[tuple[str, str]]:
        """(outcome, why) of the newest links of a source whose pages were asked for, the newest first."""
        rows = self.db.execute(
            "SELECT outcome, why FROM outcome WHERE source=? AND outcome IN ('kept', 'failed', 'refused', 'gone')"
            " AND way<>? ORDER BY first DESC, key LIMIT ?",
            (source, FRONT, limit),
        )
        return [(row["outcome"], row["why"]) for row in rows]

    def gone_ways(self, now: datetime) -> Mapping[str, list[OutcomeRow]]:
        """Feeds and sitemaps that answered 404 or 410 and are not asked for again yet, by source."""
        rows = self.db.execute(
            "SELECT * FROM outcome WHERE way='front' AND again>? ORDER BY source, url", (now.timestamp(),)
        )  # the way as a literal: its index is one of these rows alone
        found: dict[str, list[OutcomeRow]] = {}
        for row in rows:
            found.setdefault(row["source"], []).append(_row(row))
        return found

    def of_key(self, key: str) -> list[OutcomeRow]:
        """What became of a link, in every source that saw it."""
        rows = self.db.execute("SELECT * FROM outcome WHERE key=? ORDER BY source", (key,))
        return [_row(row) for row in rows]

    def recent(self, name: str, limit: int = 20) -> list[dict[str, Any]]:
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
        self.db.execute(  # those whose time is over, and beyond a bound those whose time is over first
            "DELETE FROM bad_page WHERE until<? OR hash IN"
            " (SELECT hash FROM (SELECT hash, row_number() OVER (ORDER BY until DESC) AS place FROM bad_page) AS ranked"
            " WHERE place>?)",
            (until.timestamp() - 86400, BAD_PAGES),
        )


def _row(row: Any) -> OutcomeRow:
    return value_of(OutcomeRow, row)
