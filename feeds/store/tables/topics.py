"""Topics in the store: which records they hold, and what must be published anew."""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Literal

from scrapers import feed_id

from ...model import Topic
from ...rows import Candidate, TopicRow, candidate, moment, stamp
from ..database.connection import Connection
from ..database.row_values import value_of


def settings_of(topic: Topic) -> str:
    """A topic's settings as one stable string."""
    return json.dumps({k: v for k, v in asdict(topic).items() if k != "was"}, sort_keys=True)


CLAUSE = 300  # characters of a clause that are kept
# settings that decide which records belong to a topic; others only change how it is rendered
_AFTER_THEM = "unapplied;"
_UNAPPLIED = "unapplied:"  # prefix of the name of a topic whose query is not yet applied to stored records
_DECIDING = ("query", "language", "sources", "exclude", "max_age")


class Topics:
    """The topics, and which records they hold."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def sync(self, topics: Sequence[Topic], now: datetime) -> list[str]:
        """Make the topics those of the configuration; the names of those that must be applied to what is stored.

        A `was` keeps the feed id and moves the old address; a topic that is no longer there is kept as removed (410).
        What is named here is named again at the next call, until `replace_topic` has done it: a crash may come between.
        """
        stale: list[str] = []
        with self.db.transaction():
            wanted = {topic.name for topic in topics}
            for topic in topics:
                if topic.was and topic.was not in wanted and self._rename(topic.was, topic.name, now):
                    stale.append(topic.name)
            known = {row["name"]: row for row in self.db.execute("SELECT * FROM topic")}
            for position, topic in enumerate(topics):
                row = known.pop(topic.name, None)
                settings = settings_of(topic)
                place = secrets.token_hex(16) if topic.private else None
                if row is None:
                    self.db.execute(
                        "INSERT INTO topic(name, feed_id, settings, position, added, place, dirty)"
                        " VALUES(?,?,?,?,?,?,1)",
                        (topic.name, self._free_feed_id(topic.name), settings, position, stamp(now), place),
                    )
                    stale.append(topic.name)
                    continue
                if (row["place"] is None) == topic.private:  # its documents go elsewhere, the closed ones too
                    self.db.execute("UPDATE archive SET dirty=1 WHERE feed=?", (row["feed_id"],))
                if row["settings"] != settings or row["removed"] is not None:
                    if row["removed"] is not None or _deciding(row["settings"]) != _deciding(settings):
                        stale.append(topic.name)
                    self.db.execute(
                        "UPDATE topic SET settings=?, removed=NULL, dirty=dirty+1,"
                        " place=CASE WHEN CAST(? AS TEXT) IS NULL THEN NULL ELSE coalesce(place, ?) END WHERE name=?",
                        (settings, place, place, topic.name),
                    )
                self.db.execute(
                    "UPDATE topic SET position=? WHERE name=? AND position<>?", (position, topic.name, position)
                )
            for name, row in known.items():
                if row["removed"] is None:
                    self.db.execute("UPDATE topic SET removed=?, dirty=dirty+1 WHERE name=?", (stamp(now), name))
            self.db.executemany(
                "INSERT INTO meta VALUES(?,'') ON CONFLICT DO NOTHING", [(f"{_UNAPPLIED}{name}",) for name in stale]
            )
            stale += [name for name in self._unapplied() if name in wanted]
        return list(dict.fromkeys(stale))

    def _unapplied(self) -> list[str]:
        rows = self.db.execute(
            "SELECT name FROM meta WHERE name>=? AND name<? ORDER BY name", (_UNAPPLIED, _AFTER_THEM)
        )
        return [row["name"].removeprefix(_UNAPPLIED) for row in rows]

    def _rename(self, was: str, name: str, now: datetime) -> bool:
        old = self.db.execute("SELECT 1 FROM topic WHERE name=?", (was,)).fetchone()
        new = self.db.execute("SELECT 1 FROM topic WHERE name=?", (name,)).fetchone()
        if old is None or new is not None:
            return False
        self.db.execute("UPDATE topic SET name=?, dirty=dirty+1 WHERE name=?", (name, was))
        # its closed documents get an address below the new name too
        self.db.execute("UPDATE archive SET dirty=1 WHERE feed=(SELECT feed_id FROM topic WHERE name=?)", (name,))
        self.db.execute("UPDATE meta SET name=? WHERE name=?", (f"{_UNAPPLIED}{name}", f"{_UNAPPLIED}{was}"))
        self.db.execute("UPDATE moved SET name=? WHERE name=?", (f"t/{name}", f"t/{was}"))
        self.db.execute("DELETE FROM moved WHERE was=?", (f"t/{name}",))
        self.db.execute(
            "INSERT INTO moved VALUES(?,'topic',?,?) ON CONFLICT(was) DO UPDATE SET name=excluded.name, at=excluded.at",
            (f"t/{was}", f"t/{name}", stamp(now)),
        )
        return False  # what it holds is unchanged

    def _free_feed_id(self, name: str) -> str:
        """The feed id over the topic's first name; a name that was another topic's first name gets a number."""
        candidate, number = feed_id(f"topic:{name}"), 1
        while self.db.execute("SELECT 1 FROM topic WHERE feed_id=?", (candidate,)).fetchone():
            number += 1
            candidate = feed_id(f"topic:{name}#{number}")
        return candidate

    def all(self, *, removed: bool = False) -> list[TopicRow]:
        """The topics in the order of the configuration."""
        rows = self.db.execute(
            "SELECT * FROM topic WHERE removed IS NULL OR ? ORDER BY removed IS NOT NULL, position, name", (removed,)
        )
        return [value_of(TopicRow, row) for row in rows]

    def get(self, name: str) -> TopicRow | None:
        """A topic by its name, a removed one too."""
        row = self.db.execute("SELECT * FROM topic WHERE name=?", (name,)).fetchone()
        return None if row is None else value_of(TopicRow, row)

    def file_record(self, n: int, matches: Mapping[str, str], before: Mapping[str, str] | None = None) -> set[str]:
        """The topics of a record and the clause that decided; the names of those that gained or lost it.

        `before` are those that it is in, where that is known.
        """
        if before is None:
            rows = self.db.execute("SELECT topic, clause FROM topic_record WHERE record=?", (n,))
            before = {row["topic"]: row["clause"] for row in rows}
        for name in sorted(before.keys() - matches.keys()):
            self.db.later("DELETE FROM topic_record WHERE topic=? AND record=?", (name, n))
        for name, clause in matches.items():
            if before.get(name) != clause[:CLAUSE]:
                self.db.later(
                    "INSERT INTO topic_record VALUES(?,?,?)"
                    " ON CONFLICT(topic, record) DO UPDATE SET clause=excluded.clause",
                    (name, n, clause[:CLAUSE]),
                )
        return before.keys() ^ matches.keys()

    def holding(self, numbers: Iterable[int]) -> dict[int, dict[str, tuple[str, bool]]]:
        """The topics that each of these records is in: the clause that decided, and whether the topic is there yet."""
        found: dict[int, dict[str, tuple[str, bool]]] = {n: {} for n in numbers}
        rows = self.db.execute(
            "SELECT record, topic, clause, removed FROM topic_record JOIN topic ON topic.name=topic"
            " WHERE record IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
            (json.dumps(list(found)),),
        )
        for n, topic, clause, removed in rows:
            found[n][topic] = clause, removed is None
        return found

    def replace(self, name: str, matches: Mapping[int, str]) -> None:
        """All records of one topic at once, after its query changed."""
        self.db.execute("DELETE FROM topic_record WHERE topic=?", (name,))
        self.db.executemany(
            "INSERT INTO topic_record VALUES(?,?,?)", [(name, n, clause[:CLAUSE]) for n, clause in matches.items()]
        )
        self.db.execute("UPDATE topic SET dirty=dirty+1, may_shrink=1 WHERE name=?", (name,))
        self.db.execute("DELETE FROM meta WHERE name=?", (f"{_UNAPPLIED}{name}",))

    def of_record(self, n: int) -> dict[str, str]:
        """The topics that hold a record, with the clause that decided."""
        rows = self.db.execute(
            "SELECT topic, clause FROM topic_record JOIN topic ON topic.name=topic WHERE record=? AND removed IS NULL"
            " ORDER BY position",
            (n,),
        )
        return {row["topic"]: row["clause"] for row in rows}

    def of_records(self, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """The topics of several records at once."""
        found: dict[int, list[str]] = {}
        rows = self.db.execute(
            "SELECT record, topic FROM topic_record JOIN topic ON topic.name=topic"
            " WHERE record IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND removed IS NULL"
            " ORDER BY position, topic",
            (json.dumps(list(numbers)),),
        )
        for n, topic in rows.fetchall():
            found.setdefault(n, []).append(topic)
        return {n: tuple(names) for n, names in found.items()}

    def newest_stories(self, topic: str, *, limit: int, by_seen: bool = False) -> list[Candidate]:
        """The newest stories with a member in a topic, in the order of the feed; seen when who stands for them was."""
        since = None if by_seen else self._newest_since("story", topic, limit)
        if since is not None:
            found = self.db.execute(
                "SELECT DISTINCT story.n, story.id, story.published, story.updated,"
                " coalesce(standing.first_seen, story.first_seen)"
                " FROM story CROSS JOIN record CROSS JOIN topic_record"  # CROSS: in this order, SQLite has no numbers
                " LEFT JOIN record standing ON standing.n=story.representative"
                " WHERE story.published>=? AND record.story=story.n AND topic_record.record=record.n"
                " AND topic_record.topic=? AND record.quarantined IS NULL"
                " ORDER BY story.published DESC, story.id LIMIT ?",
                (since, topic, limit),
            ).fetchall()
            if len(found) == limit:  # all that are older come after them
                return [candidate(tuple(row)) for row in found]
        order = "story.first_seen" if by_seen else "story.published"
        rows = self.db.execute(
            "SELECT DISTINCT story.n, story.id, story.published, story.updated,"  # noqa: S608 one of two names of ours
            " coalesce(standing.first_seen, story.first_seen)"
            f", {order} FROM topic_record JOIN record ON record.n=topic_record.record"
            " JOIN story ON story.n=record.story LEFT JOIN record standing ON standing.n=story.representative"
            f" WHERE topic=? AND record.quarantined IS NULL ORDER BY {order} DESC, story.id LIMIT ?",
            (topic, limit),
        )
        return [candidate(tuple(row)[:5]) for row in rows.fetchall()]

    def newest_records(self, topic: str, *, limit: int, by_seen: bool = False) -> list[Candidate]:
        """The newest records of a topic, in the order of the feed."""
        since = None if by_seen else self._newest_since("record", topic, limit)
        if since is not None:
            found = self.db.execute(
                "SELECT record.n, id, published, updated, first_seen FROM record CROSS JOIN topic_record"
                " WHERE published>=? AND topic_record.record=record.n AND topic=? AND quarantined IS NULL"
                " ORDER BY published DESC, id LIMIT ?",
                (since, topic, limit),
            ).fetchall()
            if len(found) == limit:
                return [candidate(row) for row in found]
        order = "first_seen" if by_seen else "published"
        rows = self.db.execute(
            "SELECT record.n, id, published, updated, first_seen FROM topic_record"  # noqa: S608 our names
            " JOIN record ON record.n=topic_record.record"
            f" WHERE topic=? AND quarantined IS NULL ORDER BY {order} DESC, id LIMIT ?",
            (topic, limit),
        )
        return [candidate(row) for row in rows.fetchall()]

    def _newest_since(self, table: Literal["story", "record"], topic: str, limit: int) -> int | None:
        """The time since when a large topic has likely published so many, as a number of seconds.

        None for a topic so small that going through all of it is less work than going through all that is new.
        """
        (total,) = self.db.execute(f"SELECT coalesce(max(n), 0) FROM {table}").fetchone()  # noqa: S608 one of two names
        large = math.isqrt(4 * limit * total) + 1
        (members,) = self.db.execute(
            "SELECT count(*) FROM (SELECT record FROM topic_record WHERE topic=? LIMIT ?) AS members", (topic, large)
        ).fetchone()
        if members < large:
            return None
        row = self.db.execute(
            f"SELECT published FROM {table} ORDER BY published DESC LIMIT 1 OFFSET ?",  # noqa: S608 one of two names
            (2 * limit * total // large,),
        ).fetchone()
        return None if row is None else int(row[0])

    def counts(self, now: datetime) -> dict[str, tuple[int, int, datetime | None]]:
        """For each topic: its stories, those first seen within a day, and when the newest was published."""
        rows = self.db.execute(
            "SELECT topic, count(DISTINCT story.n) AS all_of, count(DISTINCT CASE WHEN story.first_seen>?"
            " THEN story.n END) AS fresh, max(story.published) AS newest"
            " FROM topic_record JOIN record ON record.n=topic_record.record"
            " JOIN story ON story.n=record.story GROUP BY topic",
            (stamp(now) - 86400,),
        )
        return {row["topic"]: (row["all_of"], row["fresh"], moment(row["newest"])) for row in rows}

    def set_ttl(self, topic: str, minutes: int) -> None:
        """The rounded rhythm of a topic, as it is told to readers."""
        self.db.execute("UPDATE topic SET ttl=? WHERE name=?", (minutes, topic))


def _deciding(settings: str) -> list[object]:
    table = json.loads(settings)
    return [table.get(key) for key in _DECIDING]
