"""When records arrived: the numbers of the overview and the charts of an installation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from ....rows import Stored, stamp, sure_moment
from ...database.connection import Connection
from .contents import stored_of

_DAY = 86_400


class Arrivals:
    """Counts of records over time, from the index of their arrival alone."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def published_at(self, source: str, moments: Iterable[datetime]) -> dict[datetime, list[int]]:
        """Records of a source that were published at each of these moments, the earliest first."""
        rows = self.db.execute(
            "SELECT n, published FROM record WHERE source=? AND published IN"
            " (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY n",
            (source, json.dumps([stamp(moment) for moment in moments])),
        )
        found: dict[datetime, list[int]] = {}
        for n, published in rows:
            found.setdefault(sure_moment(published), []).append(n)
        return found

    def by_hour(self, since: datetime) -> dict[str, dict[int, int]]:
        """Source → hour since 1970 → records that came in it, of all sources with any since then."""
        found: dict[str, dict[int, int]] = {}
        rows = self.db.execute(
            "SELECT source, first_seen/3600 AS hour, count(*) FROM record"
            " WHERE source IN (SELECT name FROM source) AND first_seen>=? GROUP BY source, hour",
            (stamp(since),),
        )
        for source, hour, count in rows:
            found.setdefault(source, {})[int(hour)] = int(count)
        return found

    def by_day(self, now: datetime, days: int, source: str | None = None) -> dict[str, list[int]]:
        """Source → records that came on each of the last days (UTC), the oldest day first, today last."""
        first = stamp(now) // _DAY - days + 1
        rows = self.db.execute(
            "SELECT source, first_seen/86400 AS day, count(*) FROM record"
            " WHERE source IN (SELECT name FROM source WHERE CAST(?1 AS TEXT) IS NULL OR name=?1) AND first_seen>=?2"
            " GROUP BY source, day",
            (source, first * _DAY),
        )
        found: dict[str, list[int]] = {}
        for name, day, count in rows:
            if int(day) - first < days:
                found.setdefault(name, [0] * days)[int(day) - first] = int(count)
        return found

    def latest(
        self, limit: int, *, before: int | None = None, source: str | None = None, quarantined: bool = False
    ) -> list[Stored]:
        """The records that came last, the newest first: those before a number, of one source, or kept out of feeds."""
        wanted = ["n<?"]
        values: list[int | str] = [before if before is not None else 2**62]
        if source is not None:
            wanted.append("source=?")
            values.append(source)
        if quarantined:
            wanted.append("quarantined IS NOT NULL")
        where = " AND ".join(wanted)
        rows = self.db.execute(
            f"SELECT * FROM record WHERE {where} ORDER BY n DESC LIMIT ?",  # noqa: S608  conditions of ours
            (*values, limit),
        )
        return [stored_of(row) for row in rows]

    def waiting_links(self) -> int:
        """How many links wait for a visit to ask for them."""
        return int(self.db.execute("SELECT count(*) FROM outcome WHERE outcome='queued'").fetchone()[0])

    def count_since(self, since: datetime) -> int:
        """How many records were published since then."""
        return int(self.db.execute("SELECT count(*) FROM record WHERE published>=?", (stamp(since),)).fetchone()[0])

    def spread(
        self, numbers: Sequence[int], now: datetime, days: int
    ) -> tuple[list[int], dict[str, int], dict[str, int]]:
        """Of these records: how many were published on each of the last days, by source, and in which topics."""
        told = json.dumps(list(numbers))
        first = stamp(now) // _DAY - days + 1
        by_day = [0] * days
        for day, count in self.db.execute(
            "SELECT published/86400 AS day, count(*) FROM record"
            " WHERE n IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) GROUP BY day",
            (told,),
        ):
            if 0 <= int(day) - first < days:
                by_day[int(day) - first] = int(count)
        sources = self.db.execute(
            "SELECT source, count(*) AS found FROM record WHERE n IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
            " GROUP BY source ORDER BY found DESC, source",
            (told,),
        )
        topics = self.db.execute(
            "SELECT topic, count(*) AS found FROM topic_record"
            " WHERE record IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
            " AND topic IN (SELECT name FROM topic WHERE removed IS NULL) GROUP BY topic ORDER BY found DESC, topic",
            (told,),
        )
        return by_day, {name: int(n) for name, n in sources}, {name: int(n) for name, n in topics}

    def topics_by_day(self, now: datetime, days: int) -> dict[str, list[int]]:
        """Topic → its records that came on each of the last days (UTC), the oldest day first."""
        first = stamp(now) // _DAY - days + 1
        rows = self.db.execute(
            "SELECT topic, first_seen/86400 AS day, count(*) FROM record"
            " JOIN topic_record ON topic_record.record=record.n"
            " WHERE source IN (SELECT name FROM source) AND first_seen>=? GROUP BY topic, day",
            (first * _DAY,),
        )
        found: dict[str, list[int]] = {}
        for topic, day, count in rows:
            if int(day) - first < days:
                found.setdefault(topic, [0] * days)[int(day) - first] = int(count)
        return found

    def topic_sizes(self) -> dict[str, int]:
        """Topic → how many records it holds."""
        rows = self.db.execute("SELECT topic, count(*) FROM topic_record GROUP BY topic")
        return {topic: int(count) for topic, count in rows}
