"""Stories in the store: a story joins the copies of one text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from scrapers import Record, story_id

from ....rows import StoryRow, stamp
from ...database.connection import Connection
from .contents import modified, story_of
from .update_times import UpdateTimes


class Stories:
    """The stories. What writes is called inside a transaction."""

    def __init__(self, db: Connection, times: UpdateTimes) -> None:
        self.db = db
        self._times = times

    def get(self, n: int) -> StoryRow | None:
        """A story by its number."""
        row = self.db.execute("SELECT * FROM story WHERE n=?", (n,)).fetchone()
        return None if row is None else story_of(row)

    def many(self, numbers: Iterable[int]) -> dict[int, StoryRow]:
        """Several stories at once."""
        rows = self.db.execute(
            "SELECT * FROM story WHERE n IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
            (json.dumps(list(numbers)),),
        )
        return {row["n"]: story_of(row) for row in rows}

    def carried_by(self, sources: Iterable[str], since: datetime) -> list[int]:
        """The stories since then that one of these sources carries, and another one too."""
        rows = self.db.execute(
            "SELECT DISTINCT a.story FROM record a JOIN record b ON b.story=a.story AND b.source<>a.source"
            " WHERE a.source IN (SELECT value FROM json_each(?)) AND a.published>=? ORDER BY a.story",
            (json.dumps(sorted(sources)), stamp(since)),
        )
        return [row[0] for row in rows]

    def outlets(self, story: int, n: int) -> tuple[int, bool]:
        """How many sources carry a story, and whether record `n` came after another of its members."""
        row = self.db.execute(
            "SELECT count(DISTINCT source) AS outlets, min(n) AS first FROM record WHERE story=?", (story,)
        ).fetchone()
        return int(row["outlets"]), row["first"] != n

    def numbers_of(self, identities: Sequence[str]) -> list[int]:
        """The numbers of the stories with these ids, those that there are."""
        rows = self.db.execute(
            "SELECT n FROM story WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(identities)),)
        )
        return [row[0] for row in rows]

    def add(self, first: Record, now: datetime) -> int:
        """A new story around its first record; its id is minted here once and for ever."""
        published = stamp(first.published)
        updated = self._times.free("story", max(published, modified(first, now)))
        name, again = first.key, 1
        while self.numbers_of([story_id(name)]):  # the record was the first of another story that it has left
            again += 1
            name = f"{first.key} {again}"
        row = self.db.execute(
            "INSERT INTO story(id, first_seen, published, updated) VALUES(?,?,?,?) RETURNING n",
            (story_id(name), stamp(first.first_seen), published, updated),
        ).fetchone()
        return int(row[0])

    def set_representative(self, story: int, n: int, reason: str) -> bool:
        """Who stands for a story; whether that changed. Neither id nor `published` move."""
        changed = self.db.execute(
            "UPDATE story SET representative=?, reason=?"
            " WHERE n=? AND (representative IS NULL OR representative<>? OR reason<>?)",
            (n, reason, story, n, reason),
        ).rowcount
        return changed > 0
