"""Topics in the store: which records they hold, and what must be published anew."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from scrapers import feed_id

from ..model import Topic
from .connection import Connection
from .rows import TopicRow, moment, stamp, sure_moment


def settings_of(topic: Topic) -> str:
    """A topic's settings as one stable string."""
    return json.dumps({k: v for k, v in asdict(topic).items() if k != "was"}, sort_keys=True)


# settings that decide what belongs to a topic; a change of the others only renders it anew
_UNAPPLIED = "unapplied:"  # before the name of a topic whose query is still to be put to what is stored
_DECIDING = ("query", "language", "sources", "exclude", "max_age")


class Topics(Connection):
    """The part of the store that knows topics."""

    def sync_topics(self, topics: Sequence[Topic], now: datetime) -> list[str]:
        """Make the topics those of the configuration; the names of those that must be applied to what is stored.

        A `was` keeps the feed id and moves the old address; a topic that is no longer there is kept as removed (410).
        What is named here is named again at the next call, until `replace_topic` has done it: a crash may come between.
        """
        stale: list[str] = []
        with self.writing():
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
                        "INSERT INTO topic(name, feed_id, settings, position, added, place) VALUES(?,?,?,?,?,?)",
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
                        " place=CASE WHEN ? IS NULL THEN NULL ELSE coalesce(place, ?) END WHERE name=?",
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
        rows = self.db.execute("SELECT name FROM meta WHERE name GLOB ? ORDER BY name", (f"{_UNAPPLIED}*",))
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

    def topics(self, *, removed: bool = False) -> list[TopicRow]:
        """The topics in the order of the configuration."""
        rows = self.db.execute(
            "SELECT * FROM topic WHERE removed IS NULL OR ? ORDER BY removed IS NOT NULL, position, name", (removed,)
        )
        return [
            TopicRow(
                name=row["name"],
                feed_id=row["feed_id"],
                settings=row["settings"],
                position=row["position"],
                added=sure_moment(row["added"]),
                removed=moment(row["removed"]),
                place=row["place"],
                ttl=row["ttl"],
                may_shrink=bool(row["may_shrink"]),
                dirty=bool(row["dirty"]),
            )
            for row in rows
        ]

    def moved(self) -> dict[str, str]:
        """Old paths (t/NAME, s/NAME) and where they are now."""
        return {row["was"]: row["name"] for row in self.db.execute("SELECT was, name FROM moved")}

    def file_topics(self, n: int, matches: Mapping[str, str]) -> set[str]:
        """The topics of a record and the clause that decided; the names of those that gained or lost it."""
        before = {
            row["topic"]: row["clause"]
            for row in self.db.execute("SELECT topic, clause FROM topic_record WHERE record=?", (n,))
        }
        for name in before.keys() - matches.keys():
            self.db.execute("DELETE FROM topic_record WHERE topic=? AND record=?", (name, n))
        for name, clause in matches.items():
            if before.get(name) != clause:
                self.db.execute(
                    "INSERT INTO topic_record VALUES(?,?,?)"
                    " ON CONFLICT(topic, record) DO UPDATE SET clause=excluded.clause",
                    (name, n, clause[:300]),
                )
        return before.keys() ^ matches.keys()

    def replace_topic(self, name: str, matches: Mapping[int, str]) -> None:
        """All records of one topic at once, after its query changed."""
        self.db.execute("DELETE FROM topic_record WHERE topic=?", (name,))
        self.db.executemany(
            "INSERT INTO topic_record VALUES(?,?,?)", [(name, n, clause[:300]) for n, clause in matches.items()]
        )
        self.db.execute("UPDATE topic SET dirty=dirty+1, may_shrink=1 WHERE name=?", (name,))
        self.db.execute("DELETE FROM meta WHERE name=?", (f"{_UNAPPLIED}{name}",))

    def topics_of(self, n: int) -> dict[str, str]:
        """The topics that hold a record, with the clause that decided."""
        rows = self.db.execute(
            "SELECT topic, clause FROM topic_record JOIN topic ON topic.name=topic WHERE record=? AND removed IS NULL"
            " ORDER BY position",
            (n,),
        )
        return {row["topic"]: row["clause"] for row in rows}

    def topics_of_many(self, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """The topics of several records at once."""
        found: dict[int, list[str]] = {}
        rows = self.db.execute(
            "SELECT record, topic FROM topic_record JOIN topic ON topic.name=topic"
            " WHERE record IN (SELECT value FROM json_each(?)) AND removed IS NULL ORDER BY position, topic",
            (json.dumps(list(numbers)),),
        )
        for row in rows:
            found.setdefault(row["record"], []).append(row["topic"])
        return {n: tuple(names) for n, names in found.items()}

    def story_numbers(self, topic: str, *, limit: int, by_seen: bool = False) -> list[int]:
        """The newest stories with a member in a topic, in the order of the feed."""
        order = "story.first_seen" if by_seen else "story.published"
        rows = self.db.execute(
            f"SELECT DISTINCT story.n, {order}, story.id FROM topic_record"  # noqa: S608 one of two names of ours
            " JOIN record ON record.n=topic_record.record JOIN story ON story.n=record.story"
            f" WHERE topic=? AND record.quarantined IS NULL ORDER BY {order} DESC, story.id LIMIT ?",
            (topic, limit),
        )
        return [row[0] for row in rows]

    def record_numbers(self, topic: str, *, limit: int, by_seen: bool = False) -> list[int]:
        """The newest records of a topic, in the order of the feed."""
        order = "first_seen" if by_seen else "published"
        rows = self.db.execute(
            f"SELECT record.n FROM topic_record JOIN record ON record.n=topic_record.record"  # noqa: S608 our names
            f" WHERE topic=? AND quarantined IS NULL ORDER BY {order} DESC, id LIMIT ?",
            (topic, limit),
        )
        return [row[0] for row in rows]

    def topic_counts(self, now: datetime) -> dict[str, tuple[int, int, datetime | None]]:
        """For each topic: its stories, those first seen within a day, and when the newest was published."""
        rows = self.db.execute(
            "SELECT topic, count(DISTINCT story.n) AS all_of, count(DISTINCT CASE WHEN story.first_seen>?"
            " THEN story.n END) AS fresh, max(story.published) AS newest"
            " FROM topic_record JOIN record ON record.n=topic_record.record"
            " JOIN story ON story.n=record.story GROUP BY topic",
            (stamp(now) - 86400,),
        )
        return {row["topic"]: (row["all_of"], row["fresh"], moment(row["newest"])) for row in rows}

    # --- what must be published

    def soil(self, topics: Iterable[str], sources: Iterable[str]) -> None:
        """Mark feeds as to be published anew; in the transaction that changed what they hold."""
        self.db.executemany("UPDATE topic SET dirty=dirty+1 WHERE name=?", [(name,) for name in sorted(topics)])
        self.db.executemany("UPDATE source SET dirty=dirty+1 WHERE name=?", [(name,) for name in sorted(sources)])

    def let_shrink(self, topics: Iterable[str]) -> None:
        """Topics that lost records for a reason: their documents may be shorter than those before."""
        self.db.executemany("UPDATE topic SET may_shrink=1 WHERE name=?", [(name,) for name in sorted(topics)])

    def soil_everything(self) -> None:
        """Every feed is to be published anew, such as after a change of base_url."""
        with self.writing():
            self.db.execute("UPDATE topic SET dirty=dirty+1 WHERE removed IS NULL")
            # one without a story has no document: ten thousand new ones are nothing to write
            self.db.execute(
                "UPDATE source SET dirty=dirty+1 WHERE EXISTS (SELECT 1 FROM record WHERE record.source=source.name)"
            )

    def dirty(self) -> list[tuple[str, str, int]]:
        """The feeds to be published anew: ("topic" or "source", name, mark). The mark goes to `clean`."""
        rows = self.db.execute(
            "SELECT 'topic', name, dirty FROM (SELECT * FROM topic WHERE dirty>0 ORDER BY position, name)"
            " UNION ALL SELECT 'source', name, dirty FROM (SELECT * FROM source WHERE dirty>0 ORDER BY name)"
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def clean(self, kind: str, name: str, mark: int) -> None:
        """A feed was published as it was when `mark` was read; what changed since then stays to be done."""
        table = {"topic": "topic", "source": "source"}[kind]
        self.db.execute(
            f"UPDATE {table} SET dirty=max(0, dirty-?), may_shrink=0 WHERE name=?",  # noqa: S608 one of two names of ours
            (mark, name),
        )

    def set_ttl(self, topic: str, minutes: int) -> None:
        """The rounded rhythm of a topic, as it is told to readers."""
        self.db.execute("UPDATE topic SET ttl=? WHERE name=?", (minutes, topic))


def _deciding(settings: str) -> list[object]:
    table = json.loads(settings)
    return [table.get(key) for key in _DECIDING]
