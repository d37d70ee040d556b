"""Stored records, a bounded piece at a time: by arrival for searches, by day for pages of days.

One call reads a bounded number of rows, whatever the store's size and the query, and gives the place where it stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from ...rows import sure_moment
from ...topics import Facts, Node
from ..database.connection import Connection, Row
from .word_index import WordIndex

Among = tuple[Literal["everything", "topic", "source"], str]
"""Which records or stories: all, those of a topic, those of a source."""
_LOOKED_AT = 5000  # stories that are gone through for the next day with one of a topic


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record that may fulfil a query, with what is known of it without its words."""

    n: int
    story: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A piece of the records in the order in which they came, the newest first."""

    found: tuple[Arrival, ...]
    last: int | None  # the number of the last one that was looked at; None when nothing is left behind it
    exact: bool  # each of them fulfils the query: there is nothing left to evaluate


class Browse:
    """Looks into records and stories a piece at a time. What is kept out of the feeds is not among them."""

    def __init__(self, db: Connection, words: WordIndex) -> None:
        self.db = db
        self._words = words

    def arrivals(self, node: Node, among: Among, *, before: int | None, rows: int) -> Arrivals:
        """The next `rows` records that may fulfil a query, behind the one numbered `before`."""
        match = self._words.match(node)
        words = None if match is None else (self._words.found, match.text)
        sql, values = _arrivals(words, among, before if before is not None else 2**62, rows)
        looked_at = self.db.execute(sql, values).fetchall()
        return Arrivals(
            tuple(_arrival(row) for row in looked_at if row["shown"]),
            looked_at[-1]["n"] if len(looked_at) == rows else None,
            exact=match is not None and match.exact,
        )

    def stories_between(
        self, among: Among, start: datetime, end: datetime, *, behind: tuple[int, int] | None, limit: int
    ) -> list[tuple[int, int]]:
        """(number, seconds since 1970) of the stories published from `start` on and before `end`, the newest first.

        `behind` is the last one of the piece before, as (seconds, number). Of a source, these are records.
        """
        kind, name = among
        table = "record" if kind == "source" else "story"
        seconds, number = behind if behind is not None else (int(end.timestamp()), 0)
        rows = self.db.execute(
            f"SELECT n, published FROM {table} AS one WHERE published>=? AND published<=?"  # noqa: S608  two names of ours
            f" AND (published, n)<(?, ?) AND {_held(among)} ORDER BY published DESC, n DESC LIMIT ?",
            (int(start.timestamp()), seconds, seconds, number, *([] if kind == "everything" else [name]), limit),
        )
        return [(row["n"], row["published"]) for row in rows]

    def records_between(
        self, topic: str, start: datetime, end: datetime, *, behind: tuple[int, int] | None, limit: int
    ) -> list[tuple[int, int]]:
        """As `stories_between`, for the records of a topic whose feed has an entry for each."""
        seconds, number = behind if behind is not None else (int(end.timestamp()), 0)
        rows = self.db.execute(
            "SELECT n, published FROM record AS one WHERE published>=? AND published<=? AND (published, n)<(?, ?)"
            " AND quarantined IS NULL AND EXISTS (SELECT 1 FROM topic_record WHERE topic=? AND record=one.n)"
            " ORDER BY published DESC, n DESC LIMIT ?",
            (int(start.timestamp()), seconds, seconds, number, topic, limit),
        )
        return [(row["n"], row["published"]) for row in rows]

    def nearest(self, among: Among, start: datetime, end: datetime) -> tuple[datetime | None, datetime | None]:
        """When the story before `start` and the one from `end` on were published: those nearest to the time between.

        None where there is none, or none among those that may be gone through.
        """
        kind, name = among
        if kind == "source":
            table, fields, own, named = "record", "n, published, source, quarantined", " AND source=?", [name]
        else:
            table, fields, own, named = "story", "n, published", "", []
        held = [] if kind == "everything" else [name]
        found: list[datetime | None] = []
        for side, order, when in (("<", "DESC", start), (">=", "ASC", end)):
            # the nearest ones first, so many at most; then the first of them that is held
            row = self.db.execute(
                f"SELECT published FROM (SELECT {fields} FROM {table} WHERE published{side}?{own}"  # noqa: S608  names of ours
                f" ORDER BY published {order} LIMIT {_LOOKED_AT}) AS one WHERE {_held(among)}"
                f" ORDER BY published {order} LIMIT 1",
                (int(when.timestamp()), *named, *held),
            ).fetchone()
            found.append(None if row is None else sure_moment(row["published"]))
        return found[0], found[1]


def _arrivals(words: tuple[str, str] | None, among: Among, before: int, rows: int) -> tuple[str, Sequence[object]]:
    kind, name = among
    fields = "n, story, source, url, publisher, language, published, quarantined IS NULL"
    if words is not None:
        looked_at, match = words
        held, named = {
            "everything": ("TRUE", []),
            "topic": ("EXISTS (SELECT 1 FROM topic_record WHERE topic=? AND record=n)", [name]),
            "source": ("source=?", [name]),
        }[kind]
        values = [*named, match, before, rows]
    elif kind == "topic":
        held, values = "TRUE", [name, before, rows]
        looked_at = "SELECT record AS found FROM topic_record WHERE topic=? AND record<? ORDER BY record DESC LIMIT ?"
    elif kind == "source":
        held, values = "TRUE", [name, before, rows]
        looked_at = "SELECT n AS found FROM record WHERE source=? AND n<? ORDER BY n DESC LIMIT ?"
    else:
        held, values = "TRUE", [before, rows]
        looked_at = "SELECT n AS found FROM record WHERE n<? ORDER BY n DESC LIMIT ?"
    sql = f"SELECT {fields} AND {held} AS shown FROM ({looked_at}) AS looked_at JOIN record ON n=found ORDER BY n DESC"  # noqa: S608  ours
    return sql, values


def _held(among: Among) -> str:
    """The condition on `one`, a story or of a source a record, with a place for the name of what it is among."""
    kind, _ = among
    if kind == "source":
        return "source=? AND quarantined IS NULL"
    shown = "SELECT 1 FROM record WHERE record.story=one.n AND quarantined IS NULL"
    if kind == "everything":
        return f"EXISTS ({shown})"
    return (
        "EXISTS (SELECT 1 FROM record JOIN topic_record ON topic_record.record=record.n AND topic=?"
        " WHERE record.story=one.n AND quarantined IS NULL)"
    )


def _arrival(row: Row) -> Arrival:
    facts = Facts(
        source=row["source"],
        url=row["url"],
        publisher=row["publisher"],
        language=row["language"],
        published=datetime.fromtimestamp(row["published"], UTC),
    )
    return Arrival(row["n"], row["story"], facts)
