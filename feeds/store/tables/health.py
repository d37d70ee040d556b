"""Health in the store: the facts it is made from, what was made of them, and the troubles."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...rows import TroubleRow, moment, stamp, sure_moment
from ..database.connection import Connection
from ..database.row_values import value_of
from .repairs import repairs_of

if TYPE_CHECKING:
    from ...health.assess import Arrival, Facts, Health, Trouble

TROUBLES_KEPT = 1000  # those that are over; older ones go


class HealthTable:
    """How sources are doing."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def facts(self, name: str, now: datetime, records_per_day: float | None = None) -> Facts | None:
        """What health is made from; None for a source that there is not."""
        from ...health.assess import COMPARED, LEARN, Facts

        row = self.db.execute("SELECT * FROM source WHERE name=?", (name,)).fetchone()
        if row is None:
            return None
        hours = self.db.execute(
            "SELECT first_seen/3600 AS hour, count(*) FROM record WHERE source=? AND first_seen>? GROUP BY hour"
            " ORDER BY hour",
            (name, stamp(now - LEARN)),
        )
        newest = self.db.execute(
            "SELECT first_seen, published_estimated=0 AS date, authors<>'[]' AS author, image IS NOT NULL AS picture,"
            " section IS NOT NULL AS section, way<>'hint' AS text"
            " FROM record WHERE source=? ORDER BY first_seen DESC, n DESC LIMIT ?",
            (name, COMPARED),
        )
        ways = self.db.execute(
            "SELECT way, first FROM outcome WHERE source=? AND outcome='kept' ORDER BY first DESC LIMIT ?",
            (name, COMPARED),
        )
        seconds = self.db.execute(
            "SELECT seconds FROM visit WHERE source=? AND kind='visit' ORDER BY n DESC LIMIT 30", (name,)
        )
        worsened = self.db.execute(
            "SELECT 1 FROM visit WHERE source=? AND outcome='failed' AND started>=? AND started+seconds<? LIMIT 1",
            (name, row["last_success"] or row["added"], row["since"] - 1),
        )
        return Facts(
            state=row["state"],
            cause=row["cause"],
            added=sure_moment(row["added"]),
            since=sure_moment(row["since"]),
            failures=row["failures"],
            last_visit=moment(row["last_visit"]),
            last_success=moment(row["last_success"]),
            last_new=moment(row["last_new"]),
            hours=tuple((int(hour), int(count)) for hour, count in hours),
            newest=tuple(_arrival(dict(one)) for one in newest),
            seconds=tuple(float(one[0]) for one in seconds),
            ways=tuple((one["way"], sure_moment(one["first"])) for one in ways),
            selectors=tuple(repairs_of(self.db, name)),
            records_per_day=records_per_day,
            worsened=row["failures"] > 0 and worsened.fetchone() is not None,
        )

    def topic_hours(self, name: str, limit: int = 2000) -> tuple[tuple[int, int], ...]:
        """(hour since 1970, records that came in it) of the newest records of a topic, in order."""
        rows = self.db.execute(
            "SELECT first_seen/3600 AS hour, count(*) FROM (SELECT first_seen FROM topic_record"
            " JOIN record ON record.n=topic_record.record WHERE topic=? ORDER BY topic_record.record DESC LIMIT ?)"
            " AS newest GROUP BY hour ORDER BY hour",
            (name, limit),
        )
        return tuple((int(hour), int(count)) for hour, count in rows)

    def last_success(self) -> datetime | None:
        """When any source was visited with success last."""
        return moment(self.db.execute("SELECT max(last_success) FROM source").fetchone()[0])

    def unassessed(self, limit: int = 100) -> list[str]:
        """Sources that were visited since their health was last looked at."""
        rows = self.db.execute(
            "SELECT name FROM source LEFT JOIN health ON health.source=source.name"
            " WHERE last_visit IS NOT NULL AND removed IS NULL AND paused=0 AND (at IS NULL OR at<last_visit) LIMIT ?",
            (limit,),
        )
        return [row[0] for row in rows]

    def keep(self, name: str, visit: datetime, health: Health) -> None:
        """What was made of a source after that visit."""
        facts = {
            "per_day": health.per_day,
            "usual": health.usual,
            "rhythm": health.rhythm,
            "coverage": {one.field: [one.latest, one.earlier] for one in health.coverage},
        }
        self.db.execute(
            "INSERT INTO health VALUES(?,?,?,?,?,?) ON CONFLICT(source) DO UPDATE SET at=excluded.at,"
            " state=excluded.state, cause=excluded.cause, since=excluded.since, facts=excluded.facts",
            (name, stamp(visit), health.state, health.cause[:1000], stamp(health.since), json.dumps(facts)),
        )

    def all(self) -> dict[str, dict[str, Any]]:
        """What was made of each source: state, cause, since, and the learnt numbers, with the visit it belongs to."""
        return {
            row["source"]: {
                "at": sure_moment(row["at"]),
                "state": row["state"],
                "cause": row["cause"],
                "since": sure_moment(row["since"]),
                **json.loads(row["facts"]),
            }
            for row in self.db.execute("SELECT * FROM health")
        }


class Troubles:
    """The troubles, and which channel was told of them."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def note(
        self, subject: str, found: Sequence[Trouble], now: datetime, *, judged: Callable[[str], bool] = lambda _: True
    ) -> bool:
        """Open what is new and ripe, close what is over; whether anything did. Inside a transaction or not."""
        open_ones = {
            row["kind"]: row["n"]
            for row in self.db.execute("SELECT kind, n FROM trouble WHERE subject=? AND closed IS NULL", (subject,))
        }
        kinds = {trouble.kind for trouble in found}
        over = [n for kind, n in open_ones.items() if kind not in kinds and judged(kind)]
        fresh = [trouble for trouble in found if trouble.ripe and trouble.kind not in open_ones]
        if not over and not fresh:
            return False
        at = stamp(now)
        with self.db.transaction():
            self.db.executemany("UPDATE trouble SET closed=? WHERE n=?", [(at, n) for n in over])
            self.db.executemany(
                "INSERT INTO trouble(subject, kind, state, cause, since, opened) VALUES(?,?,?,?,?,?)"
                " ON CONFLICT DO NOTHING",
                [(subject, one.kind, one.state, one.cause[:1000], stamp(one.since), at) for one in fresh],
            )
            self.db.execute(
                "DELETE FROM trouble WHERE closed IS NOT NULL AND n <"
                " (SELECT n FROM trouble ORDER BY n DESC LIMIT 1 OFFSET ?)",
                (TROUBLES_KEPT,),
            )
        return True

    def close_orphans(self, now: datetime) -> bool:
        """End the troubles of sources and topics that are paused, removed or renamed; whether there were any."""
        gone = (
            "closed IS NULL AND ((subject LIKE 'source:%' AND substr(subject, 8) NOT IN"
            " (SELECT name FROM source WHERE removed IS NULL AND paused=0)) OR (subject LIKE 'topic:%'"
            " AND substr(subject, 7) NOT IN (SELECT name FROM topic WHERE removed IS NULL)))"
        )
        if self.db.execute(f"SELECT 1 FROM trouble WHERE {gone}").fetchone() is None:  # noqa: S608 ours
            return False
        self.db.execute(f"UPDATE trouble SET closed=? WHERE {gone}", (stamp(now),))  # noqa: S608 ours
        self.db.execute("DELETE FROM health WHERE source NOT IN (SELECT name FROM source)")
        return True

    def all(self, limit: int = TROUBLES_KEPT, *, only_open: bool = False) -> list[TroubleRow]:
        """The troubles, the newest first."""
        rows = self.db.execute(
            "SELECT * FROM trouble WHERE closed IS NULL OR NOT ? ORDER BY n DESC LIMIT ?", (only_open, limit)
        )
        return [_trouble(row) for row in rows]

    def untold(self, channel: str) -> list[tuple[TroubleRow, str]]:
        """What is still to be told by a channel: (trouble, "begin" or "end"), in the order of the happenings.

        A trouble that was over before it could be told is told with its end alone, never a begin after it.
        """
        told = {
            (row["trouble"], row["what"])
            for row in self.db.execute("SELECT trouble, what FROM told WHERE channel=?", (channel,))
        }
        found = []
        for trouble in reversed(self.all()):
            what = "begin" if trouble.closed is None else "end"
            if (trouble.n, what) not in told:
                found.append((trouble, what))
        return found

    def tell(self, channel: str, told: Iterable[tuple[int, str]], now: datetime) -> None:
        """These were told by that channel."""
        with self.db.transaction():
            self.db.executemany(
                "INSERT INTO told VALUES(?,?,?,?) ON CONFLICT DO NOTHING",
                [(n, what, channel, stamp(now)) for n, what in told],
            )

    def open_channel(self, channel: str, now: datetime) -> None:
        """A channel that is used for the first time is not told of what is long over."""
        with self.db.transaction():
            if self.db.execute("SELECT 1 FROM meta WHERE name=?", (f"channel:{channel}",)).fetchone() is None:
                self.db.execute("INSERT INTO meta VALUES(?,?)", (f"channel:{channel}", str(stamp(now))))
                self.db.execute(
                    "INSERT INTO told SELECT n, 'end', CAST(? AS TEXT), CAST(? AS BIGINT) FROM trouble"
                    " WHERE closed IS NOT NULL ON CONFLICT DO NOTHING",
                    (channel, stamp(now)),
                )


def _arrival(row: dict[str, Any]) -> Arrival:
    from ...health.assess import Arrival

    has = [field for field, there in row.items() if field != "first_seen" and there]
    return Arrival(sure_moment(row["first_seen"]), frozenset(["title", *has]))


def _trouble(row: Any) -> TroubleRow:
    return value_of(TroubleRow, row)
