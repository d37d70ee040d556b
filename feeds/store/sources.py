"""Sources in the store: their state and memory, read once before a visit and written once after it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scrapers import SAME_TIME, Front, Past, Run, Seed, feed_id

from ..health import LEARN
from .connection import Connection
from .rows import SourceState, Visit, moment, stamp, sure_moment

REMEMBER = timedelta(days=120)  # a link that was on no front for so long is forgotten
YOUNG = timedelta(days=7)  # so long a front's word that an article changed leads to another look at it
MENU_DAYS = 3  # a link that was shown for so many days without being a story is navigation
MENU_MOST = 500  # such links that are counted, per source
VISITS_KEPT = 200  # lines of the log, per source
SPREAD = 600.0  # seconds over which the first visits of many sources are spread
AT_ONCE = 20  # so many new sources are due at once


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What a visit means for its source: decided by the pipe, written by the store."""

    due: datetime
    state: str
    cause: str
    failures: int
    typical: float | None
    success: bool
    fresh: int
    revised: int
    kind: str = "visit"
    pace: str = ""  # why it is due then


class Sources(Connection):
    """The part of the store that knows sources."""

    def sync_sources(self, seeds: Iterable[Seed], now: datetime) -> None:
        """Make the sources those of the seeds: new ones are due soon, one without a seed counts as removed.

        The feed of a new one is not to be published before it has a story: an older store may have left one (U2).
        """
        seeds = list(seeds)
        known = {row["name"]: row for row in self.db.execute("SELECT name, home, removed FROM source")}
        fresh = max(0, len(seeds) - len(known))
        span = min(SPREAD, 0.25 * fresh) if fresh > AT_ONCE else 0.0
        at = now.timestamp()
        with self.writing():
            for seed in seeds:
                row = known.pop(seed.name, None)
                if row is None:
                    self.db.execute(
                        "INSERT INTO source(name, feed_id, home, title, language, added, due, since, dirty)"
                        " VALUES(?,?,?,?,?,?,?,?,0)",
                        (
                            seed.name,
                            feed_id(f"source:{seed.name}"),
                            seed.home,
                            seed.title,
                            seed.language,
                            int(at),
                            at + span * _share(seed.name),
                            int(at),
                        ),
                    )
                else:
                    self.db.execute(
                        "UPDATE source SET home=?, title=coalesce(?, title), language=coalesce(?, language),"
                        " due=CASE WHEN removed IS NOT NULL OR home<>? THEN ? ELSE due END,"
                        " failures=CASE WHEN home<>? THEN 0 ELSE failures END, removed=NULL WHERE name=?",
                        (seed.home, seed.title, seed.language, seed.home, at, seed.home, seed.name),
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

    def sources(self, now: datetime) -> list[SourceState]:
        """Every source, in the order of their names, with how many records it has and how many came within a day."""
        rows = self.db.execute(
            "SELECT source.*, count(record.n) AS records, coalesce(sum(record.first_seen > ?), 0) AS fresh"
            " FROM source LEFT JOIN record ON record.source = source.name GROUP BY source.name ORDER BY source.name",
            (stamp(now) - 86400,),
        )
        return [_state(row) for row in rows]

    def source_labels(self) -> list[SourceState]:
        """Every source without its counts, which cost."""
        return [_state(row) for row in self.db.execute("SELECT *, 0 AS records, 0 AS fresh FROM source ORDER BY name")]

    def source(self, name: str) -> SourceState | None:
        """One source."""
        row = self.db.execute("SELECT *, 0 AS records, 0 AS fresh FROM source WHERE name=?", (name,)).fetchone()
        return None if row is None else _state(row)

    def newest_of_sources(self) -> dict[str, datetime]:
        """When the newest record of each source was published."""
        rows = self.db.execute("SELECT source, max(published) AS newest FROM record GROUP BY source")
        return {row["source"]: sure_moment(row["newest"]) for row in rows}

    def dues(self) -> dict[str, datetime]:
        """When each source that is to be visited is due."""
        rows = self.db.execute("SELECT name, due FROM source WHERE removed IS NULL AND paused=0")
        return {row["name"]: sure_moment(row["due"]) for row in rows}

    def failing(self) -> set[str]:
        """Sources whose last visits gave nothing."""
        return {row["name"] for row in self.db.execute("SELECT name FROM source WHERE failures>0")}

    def look_again_by(self, latest: datetime, now: datetime) -> None:
        """No failed link waits for longer than that, nor a page that was first seen at a time yet to come."""
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

    def rename_source(self, was: str, name: str, now: datetime) -> None:
        """Give a source another key; its feed keeps its id, the old address moves."""
        with self.writing():
            self.db.execute("PRAGMA defer_foreign_keys=ON")
            self.db.execute(
                "DELETE FROM source WHERE name=? AND NOT EXISTS(SELECT 1 FROM record WHERE source=?)", (name, name)
            )
            self.db.execute("UPDATE source SET name=?, dirty=dirty+1 WHERE name=?", (name, was))
            for table in ("front", "visit", "outcome", "record", "repair"):
                self.db.execute(f"UPDATE {table} SET source=? WHERE source=?", (name, was))  # noqa: S608 names of ours
            guids = f"guid:{was}:"  # of its feed: see dedupe.guid_key
            self.db.execute(
                "UPDATE OR IGNORE alias SET key=?||substr(key, ?) WHERE key>=? AND key<?",
                (f"guid:{name}:", len(guids) + 1, guids, f"guid:{was};"),
            )
            self.db.execute(
                "INSERT INTO moved VALUES(?,'source',?,?) ON CONFLICT(was)"
                " DO UPDATE SET name=excluded.name, at=excluded.at",
                (f"s/{was}", f"s/{name}", stamp(now)),
            )

    def past(self, name: str, now: datetime) -> Past:
        """What is remembered of a source, read once before a visit."""
        row = self.db.execute("SELECT * FROM source WHERE name=?", (name,)).fetchone()
        if row is None:
            return Past()
        at = now.timestamp()
        known = {
            key
            for (key,) in self.db.execute(
                "SELECT key FROM outcome WHERE source=? AND last>?"
                " AND (again IS NULL OR again>?) AND outcome<>'queued'",
                (name, at - REMEMBER.total_seconds(), at),
            )
        }
        known.update(
            key
            for (key,) in self.db.execute(
                "SELECT alias.key FROM record JOIN alias ON alias.record=record.n"
                " WHERE record.source=? AND first_seen>?",
                (name, at - 3 * REMEMBER.total_seconds()),
            )
        )
        looked = {
            key: sure_moment(seconds)
            for key, seconds in self.db.execute(
                "SELECT key, max(looked, first_seen) FROM record WHERE source=? AND first_seen>?",
                (name, at - YOUNG.total_seconds()),
            )
        }
        began = self.db.execute("SELECT min(first_seen) FROM record WHERE source=?", (name,)).fetchone()
        fronts = tuple(
            Front(
                url=front["url"],
                way=front["way"],
                etag=front["etag"],
                last_modified=front["last_modified"],
                whole=moment(front["whole"]),
                unchanged=front["unchanged"],
                links=front["links"],
            )
            for front in self.db.execute("SELECT * FROM front WHERE source=? ORDER BY url", (name,))
        )
        menu = json.loads(row["menu"])
        return Past(
            known=frozenset(known),
            fronts=fronts,
            queued=tuple(json.loads(row["queued"])),
            failures=row["failures"],
            last_visit=moment(row["last_visit"]),
            last_success=moment(row["last_success"]),
            typical=row["typical"],
            due=moment(row["due"]),
            shapes=json.loads(row["shapes"]),
            looked=looked,
            began=moment(began[0]),
            arrivals=self._arrivals(name, at),
            navigation=frozenset(key for key, days in menu.items() if days >= MENU_DAYS),
            passed={key: days for key, days in menu.items() if days < MENU_DAYS},
        )

    def _arrivals(self, name: str, now: float) -> tuple[tuple[int, int], ...]:
        """The rhythm of the last weeks: (hour since 1970, stories that came in it), from an index alone.

        A story came at its own date where that is told and fits, else when it was found (`scrapers.arrival`). What a
        back-fill brought is no rhythm.
        """
        rows = self.db.execute(
            "SELECT CASE WHEN published_estimated=0 AND published BETWEEN first_seen-?3 AND first_seen"
            " THEN published ELSE first_seen END / 3600 AS hour, count(*) FROM record"
            " WHERE source=?1 AND first_seen>?2 AND first_seen NOT IN"
            " (SELECT started FROM visit WHERE visit.source=?1 AND kind='backfill') GROUP BY hour ORDER BY hour",
            (name, int(now - LEARN.total_seconds()), int(SAME_TIME.total_seconds())),
        )
        return tuple((int(hour), int(count)) for hour, count in rows)

    def finish_visit(self, run: Run, after: Afterwards) -> None:
        """Write what a visit means for its source; inside the transaction that keeps its records."""
        at = stamp(run.finished)
        self.db.execute(
            "UPDATE source SET due=?, state=?, cause=?, since=CASE WHEN state=? THEN since ELSE ? END, failures=?,"
            " pace=?, typical=?, last_visit=?, last_success=CASE WHEN ? THEN ? ELSE last_success END,"
            " last_new=CASE WHEN ? THEN ? ELSE last_new END, title=coalesce(title, ?), language=coalesce(language, ?),"
            " queued=?, shapes=?, redirected=?,"
            " redirects=CASE WHEN ? IS NULL THEN 0 WHEN redirected IS ? THEN redirects+1 ELSE 1 END,"
            " redirected_since=CASE WHEN ? IS NULL THEN NULL WHEN redirected IS ? THEN redirected_since ELSE ? END"
            " WHERE name=?",
            (
                after.due.timestamp(),
                after.state,
                after.cause,
                after.state,
                at,
                after.failures,
                after.pace,
                after.typical,
                at,
                after.success,
                at,
                after.fresh > 0,
                at,
                run.title,
                run.language,
                json.dumps(run.queued),
                json.dumps(dict(run.shapes)),
                run.redirected,
                run.redirected,
                run.redirected,
                run.redirected,
                run.redirected,
                at,
                run.source,
            ),
        )
        for front in run.fronts:
            self.db.execute(
                "INSERT INTO front(source, url, way, etag, last_modified, whole, unchanged, links)"
                " VALUES(?,?,?,?,?,?,?,?)"
                " ON CONFLICT(source, url) DO UPDATE SET way=excluded.way, etag=excluded.etag,"
                " last_modified=excluded.last_modified, whole=excluded.whole, unchanged=excluded.unchanged,"
                " links=excluded.links",
                (
                    run.source,
                    front.url,
                    front.way,
                    front.etag,
                    front.last_modified,
                    None if front.whole is None else stamp(front.whole),
                    front.unchanged,
                    front.links,
                ),
            )
        if run.fronts:
            urls = json.dumps([front.url for front in run.fronts])
            # a way that was not asked for this time, nor for a month, is no way any more
            self.db.execute(
                "DELETE FROM front WHERE source=? AND url NOT IN (SELECT value FROM json_each(?))"
                " AND coalesce(whole,0)<?",
                (run.source, urls, at - 30 * 86400),
            )

        if run.passed is not None and after.success:
            self._remember_menu(run.source, run.passed, at)

    def _remember_menu(self, source: str, passed: frozenset[str], at: int) -> None:
        """Count the days on which links that are no stories were shown; once a day, and what is gone is forgotten."""
        row = self.db.execute("SELECT menu, menu_day FROM source WHERE name=?", (source,)).fetchone()
        day = at // 86400
        if row is None or row["menu_day"] == day:
            return
        before = json.loads(row["menu"])
        menu = {key: min(before.get(key, 0) + 1, MENU_DAYS) for key in sorted(passed)[:MENU_MOST]}
        self.db.execute("UPDATE source SET menu=?, menu_day=? WHERE name=?", (json.dumps(menu), day, source))

    def log_visit(self, run: Run, after: Afterwards) -> None:
        """One line of the source's log; old lines go."""
        failed = next((failure for failure in run.failures), None)
        self.db.execute(
            "INSERT INTO visit(source, kind, started, seconds, links, fresh, revised, failed, outcome, why, notes)"
            " VALUES(?,?,?,?,?,?,?,?,?,?,?)",
            (
                run.source,
                after.kind,
                stamp(run.started),
                round((run.finished - run.started).total_seconds(), 3),
                run.links,
                after.fresh,
                after.revised,
                sum(seen.outcome in ("failed", "refused", "gone") for seen in run.seen),
                "unchanged" if run.unchanged else "ok" if after.success else "failed",
                after.cause or (failed.reason if failed else ""),
                json.dumps(run.notes),
            ),
        )
        self.db.execute(
            "DELETE FROM visit WHERE source=? AND n <="
            " (SELECT n FROM visit WHERE source=? ORDER BY n DESC LIMIT 1 OFFSET ?)",
            (run.source, run.source, VISITS_KEPT),
        )

    def visits(self, name: str, limit: int = 20) -> list[Visit]:
        """The latest visits of a source, newest first."""
        rows = self.db.execute("SELECT * FROM visit WHERE source=? ORDER BY n DESC LIMIT ?", (name, limit))
        return [
            Visit(
                source=row["source"],
                kind=row["kind"],
                started=sure_moment(row["started"]),
                seconds=row["seconds"],
                links=row["links"],
                fresh=row["fresh"],
                revised=row["revised"],
                failed=row["failed"],
                outcome=row["outcome"],
                why=row["why"],
                notes=tuple(json.loads(row["notes"])),
            )
            for row in rows
        ]


def _share(name: str) -> float:
    """A stable number in [0, 1) for a name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest()) / 2**32


def _state(row: sqlite3.Row) -> SourceState:
    return SourceState(
        name=row["name"],
        feed_id=row["feed_id"],
        home=row["home"],
        title=row["title"],
        language=row["language"],
        added=sure_moment(row["added"]),
        removed=moment(row["removed"]),
        paused=bool(row["paused"]),
        due=sure_moment(row["due"]),
        state=row["state"],
        cause=row["cause"],
        since=sure_moment(row["since"]),
        failures=row["failures"],
        last_visit=moment(row["last_visit"]),
        last_success=moment(row["last_success"]),
        last_new=moment(row["last_new"]),
        typical=row["typical"],
        pace=row["pace"],
        redirected=row["redirected"],
        redirects=row["redirects"],
        redirected_since=moment(row["redirected_since"]),
        records=row["records"],
        fresh=row["fresh"],
    )
