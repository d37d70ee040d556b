"""Visits in the store: what is remembered before one, what one means for its source, and the log of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scrapers import FRONT, LEFT_OUT, SAME_TIME, File, Front, Past, Run, folded_title, pointed_at

from ...health.assess import LEARN
from ...rows import State, Visit, VisitKind, moment, stamp, sure_moment
from ..database.connection import Connection
from ..database.row_values import value_of

REMEMBER = timedelta(days=120)  # a link that was on no front for this long is forgotten
FILES = 200  # of young articles that a visit elsewhere is told of
YOUNG = timedelta(days=7)  # age of an article up to which a front's `updated` leads to a recheck
TITLES = 300  # newest records whose headlines are kept to recognise moved stories
MENU_DAYS = 3  # days after which a link that is shown and no story counts as navigation
MENU_MOST = 500  # such links that are counted, per source
VISITS_KEPT = 200  # lines of the log, per source


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What a visit means for its source: decided by the pipe, written by the store."""

    due: datetime
    state: State
    cause: str
    failures: int
    typical: float | None
    success: bool
    fresh: int
    revised: int
    kind: VisitKind = "visit"
    pace: str = ""  # why it is due then


class Visits:
    """The memory of a source, read once before a visit and written once after it."""

    def __init__(self, db: Connection) -> None:
        self.db = db

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
                " AND (again IS NULL OR again>?) AND outcome<>'queued' AND way<>?",
                (name, int(at - REMEMBER.total_seconds()), at, FRONT),
            )
        }
        known.update(
            pointed_at(key) or key
            for (key,) in self.db.execute(
                "SELECT alias.key FROM record JOIN alias ON alias.record=record.n"
                " WHERE record.source=? AND first_seen>?",
                (name, int(at - 3 * REMEMBER.total_seconds())),
            )
        )
        looked = {
            pointed_at(key) or key: sure_moment(seconds)
            for key, seconds in self.db.execute(
                "SELECT alias.key, CASE WHEN looked>first_seen THEN looked ELSE first_seen END"
                " FROM record JOIN alias ON alias.record=record.n"
                " WHERE source=? AND first_seen>?",
                (name, int(at - YOUNG.total_seconds())),
            )
        }
        closed = self.db.execute(
            "SELECT key, url, why FROM outcome WHERE source=? AND outcome='skipped'", (name,)
        ).fetchall()
        dead = self.db.execute("SELECT key FROM outcome WHERE source=? AND way='front' AND again>?", (name, at))
        titles = self.db.execute(
            "SELECT title FROM record WHERE source=? ORDER BY published DESC LIMIT ?", (name, TITLES)
        )
        began = self.db.execute("SELECT min(first_seen) FROM record WHERE source=?", (name,)).fetchone()
        fronts = tuple(
            value_of(Front, front)
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
            closed=frozenset(key for key, _, _ in closed),
            left_out=frozenset(url for _, url, why in closed if why.startswith(LEFT_OUT)),
            dead=frozenset(key for (key,) in dead),
            titles=frozenset(folded_title(title) for (title,) in titles),
            arrivals=self._arrivals(name, at),
            navigation=frozenset(key for key, days in menu.items() if days >= MENU_DAYS),
            passed={key: days for key, days in menu.items() if days < MENU_DAYS},
        )

    def files(self, name: str, now: datetime) -> tuple[File, ...]:
        """The video and audio files of a source's young articles, which a visit may read again; the newest ones."""
        rows = self.db.execute(
            "SELECT around FROM record WHERE source=? AND first_seen>? AND around LIKE ? ORDER BY first_seen DESC, n"
            " LIMIT ?",
            (name, int(now.timestamp() - YOUNG.total_seconds()), '%"files"%', FILES),
        )
        return tuple(File(**file) for (around,) in rows for file in json.loads(around).get("files", ()))[:FILES]

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

    def finish(self, run: Run, after: Afterwards) -> None:
        """Write what a visit means for its source; inside the transaction that keeps its records."""
        at = stamp(run.finished)
        if run.passed is not None and after.success:
            self._remember_menu(run.source, run.passed, at)
        self.db.later(
            "UPDATE source SET due=?, state=?, cause=?, since=CASE WHEN state=? THEN since ELSE ? END, failures=?,"
            " pace=?, typical=?, last_visit=?, last_success=CASE WHEN ? THEN ? ELSE last_success END,"
            " last_new=CASE WHEN ? THEN ? ELSE last_new END, title=coalesce(title, ?), language=coalesce(language, ?),"
            " queued=?, shapes=?, redirected=?,"
            " redirects=CASE WHEN CAST(? AS TEXT) IS NULL THEN 0 WHEN redirected=? THEN redirects+1 ELSE 1 END,"
            " redirected_since=CASE WHEN CAST(? AS TEXT) IS NULL THEN NULL"
            " WHEN redirected=? THEN redirected_since ELSE ? END"
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
            self.db.later(
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
            self.db.later(
                "DELETE FROM front WHERE source=? AND url NOT IN (SELECT value FROM json_each(?))"
                " AND coalesce(whole,0)<?",
                (run.source, urls, at - 30 * 86400),
            )

    def _remember_menu(self, source: str, passed: frozenset[str], at: int) -> None:
        """Count the days on which links that are no stories were shown; once a day, and what is gone is forgotten."""
        row = self.db.execute("SELECT menu, menu_day FROM source WHERE name=?", (source,)).fetchone()
        day = at // 86400
        if row is None or row["menu_day"] == day:
            return
        before = json.loads(row["menu"])
        menu = {key: min(before.get(key, 0) + 1, MENU_DAYS) for key in sorted(passed)[:MENU_MOST]}
        self.db.later("UPDATE source SET menu=?, menu_day=? WHERE name=?", (json.dumps(menu), day, source))

    def log(self, run: Run, after: Afterwards) -> None:
        """One line of the source's log; old lines go."""
        failed = next((failure for failure in run.failures), None)
        self.db.later(
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
        self.db.later(
            "DELETE FROM visit WHERE source=? AND n <="
            " (SELECT n FROM visit WHERE source=? ORDER BY n DESC LIMIT 1 OFFSET ?)",
            (run.source, run.source, VISITS_KEPT),
        )

    def first_time(self, visit: str, now: datetime, forget: Sequence[str] = ()) -> bool:
        """Whether a visit that was made elsewhere is not kept yet; it is from now on.

        Inside the transaction that keeps it. The ids in `forget` will not be given again.
        """
        for one in forget:
            self.db.later("DELETE FROM given_visit WHERE id=?", (one,))
        if self.db.execute("SELECT 1 FROM given_visit WHERE id=?", (visit,)).fetchone() is not None:
            return False
        self.db.later("INSERT INTO given_visit(id, at) VALUES(?,?)", (visit, stamp(now)))
        return True

    def newest(self, name: str, limit: int = 20) -> list[Visit]:
        """The latest visits of a source, newest first."""
        rows = self.db.execute("SELECT * FROM visit WHERE source=? ORDER BY n DESC LIMIT ?", (name, limit))
        return [_visit_of(row) for row in rows]

    def of_all(
        self, limit: int, *, before: int | None = None, source: str | None = None, outcome: str | None = None
    ) -> list[tuple[int, Visit]]:
        """The latest visits of all sources with their numbers, newest first: those before a number, of one source, or
        with one outcome."""
        wanted = {"n<?": before, "source=?": source, "outcome=?": outcome}
        asked = {clause: value for clause, value in wanted.items() if value is not None}
        where = f" WHERE {' AND '.join(asked)}" if asked else ""
        rows = self.db.execute(f"SELECT * FROM visit{where} ORDER BY n DESC LIMIT ?", (*asked.values(), limit))  # noqa: S608 ours
        return [(row["n"], _visit_of(row)) for row in rows]


def _visit_of(row: Mapping[str, Any]) -> Visit:
    return value_of(Visit, row)
