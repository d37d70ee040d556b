"""Sources in the store: when they are due, and how they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from scrapers import Discover, Seed, feed_id, share_of

from ...rows import SourceState, stamp, sure_moment
from ..database.connection import Connection, Row
from ..database.row_values import value_of

SPREAD = 600.0  # seconds over which the first visits of many sources are spread
AT_ONCE = 20  # new sources that are due at once


_ASKED = re.compile(r"asked-[0-9a-f]{12}")


def asked_name(key: str) -> str:
    """The name of the source of a listing that somebody asks for, by the canonical key of its address."""
    return f"asked-{sha256(key.encode()).hexdigest()[:12]}"


def is_asked(name: str) -> bool:
    """Whether a source is a listing that somebody asks for, or asked for: such are on no list."""
    return _ASKED.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class AskedFeed:
    """A listing that somebody asks for as a feed: a source without a seed file."""

    name: str  # of the source
    url: str
    way: Literal["rss", "pages"]  # how its stories are offered
    token: str  # of the program that asked first; empty for a signed address
    added: datetime
    asked: datetime  # when somebody asked last, to the hour

    @property
    def seed(self) -> Seed:
        """The seed that it is visited with."""
        discover = Discover(rss=(self.url,)) if self.way == "rss" else Discover(pages=(self.url,))
        return Seed(name=self.name, home=self.url, discover=discover)


class AskedFeeds:
    """The listings that are asked for. What writes is called inside a transaction, but for `touch`."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def all(self) -> list[AskedFeed]:
        """All of them by their names."""
        rows = self.db.execute("SELECT name, url, way, token, added, asked FROM asked_feed ORDER BY name")
        return [value_of(AskedFeed, row) for row in rows]

    def add(self, feed: AskedFeed) -> None:
        """Keep one."""
        self.db.execute(
            "INSERT INTO asked_feed(name, url, way, token, added, asked) VALUES(?,?,?,?,?,?) ON CONFLICT DO NOTHING",
            (feed.name, feed.url, feed.way, feed.token, stamp(feed.added), stamp(feed.asked)),
        )

    def touch(self, name: str, now: datetime) -> bool:
        """Somebody asked for it; whether that was written: once an hour is enough."""
        at = stamp(now)
        return (
            self.db.execute("UPDATE asked_feed SET asked=? WHERE name=? AND asked<?", (at, name, at - 3600)).rowcount
            > 0
        )

    def drop_older(self, since: datetime) -> list[str]:
        """Take away those that nobody asked for since then; their names."""
        rows = self.db.execute("DELETE FROM asked_feed WHERE asked<? RETURNING name", (stamp(since),)).fetchall()
        return [row["name"] for row in rows]

    def drop(self, name: str) -> None:
        """Take one away."""
        self.db.execute("DELETE FROM asked_feed WHERE name=?", (name,))


class Sources:
    """The sources."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def sync(self, seeds: Iterable[Seed], now: datetime) -> None:
        """Make the sources those of the seeds: new ones are due soon, one without a seed counts as removed."""
        seeds = list(seeds)
        known = {row["name"]: row for row in self.db.execute("SELECT name, home, removed FROM source")}
        due = [s for s in seeds if s.name not in known or known[s.name]["removed"] or known[s.name]["home"] != s.home]
        fresh = len(due)
        span = min(SPREAD, 0.25 * fresh) if fresh > AT_ONCE else 0.0
        at = now.timestamp()
        with self.db.transaction():
            for seed in seeds:
                row = known.pop(seed.name, None)
                if row is None:
                    self.db.execute(
                        "INSERT INTO source(name, feed_id, home, title, language, added, due, since, dirty)"
                        " VALUES(?,?,?,?,?,?,?,?,1)",  # its feed is a document from the first moment
                        (
                            seed.name,
                            feed_id(f"source:{seed.name}"),
                            seed.home,
                            seed.title,
                            seed.language,
                            int(at),
                            at + span * share_of(seed.name),
                            int(at),
                        ),
                    )
                else:
                    self.db.execute(
                        "UPDATE source SET home=?, title=coalesce(?, title), language=coalesce(?, language),"
                        " due=CASE WHEN removed IS NOT NULL OR home<>? THEN ? ELSE due END,"
                        " failures=CASE WHEN home<>? THEN 0 ELSE failures END, removed=NULL WHERE name=?",
                        (
                            seed.home,
                            seed.title,
                            seed.language,
                            seed.home,
                            at + span * share_of(seed.name),
                            seed.home,
                            seed.name,
                        ),
                    )
            for name, row in known.items():
                if row["removed"] is None and name != "kept":
                    self.db.execute("UPDATE source SET removed=? WHERE name=?", (int(at), name))

    def add_kept(self, name: str, home: str, title: str | None, now: datetime) -> None:
        """A source without a seed, for what `fetch URL --keep` files; it is never visited by itself."""
        self.db.execute(
            "INSERT INTO source(name, feed_id, home, title, added, due, since, paused) VALUES(?,?,?,?,?,?,?,1)"
            " ON CONFLICT(name) DO NOTHING",
            (name, feed_id(f"source:{name}"), home, title, stamp(now), now.timestamp(), stamp(now)),
        )

    def all(self, now: datetime) -> list[SourceState]:
        """Every source, in the order of their names, with how many records it has and how many came within a day."""
        rows = self.db.execute(
            "SELECT source.*, (SELECT count(*) FROM record WHERE record.source=source.name) AS records,"
            " (SELECT count(*) FROM record WHERE record.source=source.name AND first_seen>?) AS fresh"
            " FROM source ORDER BY name",  # from indexes alone
            (stamp(now) - 86400,),
        )
        return [_state(row) for row in rows]

    def labels(self) -> list[SourceState]:
        """Every source without its counts, which cost."""
        return [_state(row) for row in self.db.execute("SELECT *, 0 AS records, 0 AS fresh FROM source ORDER BY name")]

    def labels_of(self, names: Iterable[str]) -> dict[str, SourceState]:
        """Some sources by name, without their counts."""
        rows = self.db.execute(
            "SELECT *, 0 AS records, 0 AS fresh FROM source WHERE name IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(set(names))),),
        )
        return {row["name"]: _state(row) for row in rows}

    def get(self, name: str) -> SourceState | None:
        """One source."""
        row = self.db.execute("SELECT *, 0 AS records, 0 AS fresh FROM source WHERE name=?", (name,)).fetchone()
        return None if row is None else _state(row)

    def newest(self) -> dict[str, datetime]:
        """When the newest record of each source was published."""
        # one step down an index for each source, instead of reading all of it
        rows = self.db.execute("SELECT name, (SELECT max(published) FROM record WHERE source=name) FROM source")
        return {name: sure_moment(newest) for name, newest in rows if newest is not None}

    def dues(self) -> dict[str, datetime]:
        """When each source that is to be visited is due."""
        rows = self.db.execute("SELECT name, due FROM source WHERE removed IS NULL AND paused=0")
        return {row["name"]: sure_moment(row["due"]) for row in rows}

    def never_visited(self) -> set[str]:
        """Sources that no visit was made to yet."""
        rows = self.db.execute("SELECT name FROM source WHERE last_visit IS NULL AND removed IS NULL AND paused=0")
        return {row["name"] for row in rows}

    def failing(self) -> set[str]:
        """Sources whose last visits failed."""
        return {row["name"] for row in self.db.execute("SELECT name FROM source WHERE failures>0")}

    def cap_waits(self, latest: datetime, now: datetime) -> None:
        """Cap retry and recheck times at `latest`, after the clock was set back."""
        self.db.execute(
            "UPDATE record SET recheck=?1 WHERE recheck>?1 AND first_seen>?2", (latest.timestamp(), stamp(now))
        )
        self.db.execute("UPDATE outcome SET again=?1 WHERE again>?1", (latest.timestamp(),))

    def set_due(self, name: str, due: datetime) -> None:
        """Visit this source at that time."""
        self.db.execute("UPDATE source SET due=? WHERE name=?", (due.timestamp(), name))

    def set_paused(self, name: str, paused: bool) -> None:
        """Pause or resume a source."""
        self.db.execute("UPDATE source SET paused=? WHERE name=?", (int(paused), name))

    def rename(self, was: str, name: str, now: datetime) -> None:
        """Give a source another key; its feed keeps its id, the old address moves."""
        with self.db.transaction():
            self.db.defer_references()
            self.db.execute(
                "DELETE FROM source WHERE name=? AND NOT EXISTS(SELECT 1 FROM record WHERE source=?)", (name, name)
            )
            self.db.execute("UPDATE source SET name=?, dirty=dirty+1 WHERE name=?", (name, was))
            for table in ("front", "visit", "outcome", "record", "repair"):
                self.db.execute(f"UPDATE {table} SET source=? WHERE source=?", (name, was))  # noqa: S608 names of ours
            for kind in ("guid", "number", "via"):  # names that are a source's own: see dedupe.names_of
                begins = f"{kind}:{was}:"
                self.db.execute(
                    "UPDATE alias SET key=?1||substr(key, CAST(?2 AS INTEGER)) WHERE key>=?3 AND key<?4 AND NOT EXISTS"
                    " (SELECT 1 FROM alias AS taken WHERE taken.key=?1||substr(alias.key, CAST(?2 AS INTEGER)))",
                    (f"{kind}:{name}:", len(begins) + 1, begins, f"{kind}:{was};"),
                )
            self.db.execute(
                "INSERT INTO moved VALUES(?,'source',?,?) ON CONFLICT(was)"
                " DO UPDATE SET name=excluded.name, at=excluded.at",
                (f"s/{was}", f"s/{name}", stamp(now)),
            )


def _state(row: Row) -> SourceState:
    return value_of(SourceState, row)
