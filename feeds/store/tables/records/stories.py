"""Stories in the store: a story joins the copies of one text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from scrapers import Record, story_id

from ....rows import Stored, StoryRow, stamp
from ...database.connection import Connection
from ...database.row_values import rows_numbered
from .contents import NO_MARKUP, modified, stored_of, story_of
from .update_times import UpdateTimes

_INSERT = "INSERT INTO story(id, first_seen, published, updated, representative, reason)"
_NUMBERED = "INSERT INTO story(id, first_seen, published, updated, representative, reason, n) VALUES(?,?,?,?,?,?,?)"
_STAND = (
    "UPDATE story SET representative=?, reason=?"
    " WHERE n=? AND (representative IS NULL OR representative<>? OR reason<>?)"
)


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
        return {row["n"]: story_of(row) for row in rows_numbered(self.db, "story", numbers)}

    def of_records(self, numbers: Iterable[int]) -> list[int]:
        """The stories that these records are of, each once."""
        rows = self.db.execute(
            "SELECT DISTINCT story FROM record WHERE n IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
            " ORDER BY story",
            (json.dumps(sorted(numbers)),),
        )
        return [row[0] for row in rows]

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

    def members(self, stories: Sequence[int]) -> dict[int, list[Stored]]:
        """The records of several stories in the order of their arrival, without their markup, which is most of a row:
        for who only judges them."""
        found: dict[int, list[Stored]] = {n: [] for n in stories}
        rows = self.db.execute(
            f"SELECT {NO_MARKUP} FROM record"  # noqa: S608  our names
            " WHERE story IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY n",
            (json.dumps(list(stories)),),
        )
        for row in rows:
            found[row["story"]].append(stored_of(row))
        return found

    def standing(self, numbers: Iterable[int]) -> dict[int, int | None]:
        """Who stands for each of these stories."""
        rows = self.db.execute(
            "SELECT n, representative FROM story WHERE n IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
            (json.dumps(sorted(numbers)),),
        )
        return {row[0]: row[1] for row in rows}

    def new_numbers(self, count: int) -> list[int]:
        """Numbers for new rows; in the transaction that adds them."""
        return self.db.new_numbers("story", count)

    def read_ahead(self, firsts: Sequence[Record], now: datetime) -> set[str]:
        """Look at once at what `add` needs for these records; the ids of their stories that are taken."""
        self._times.read_ahead("story", [max(stamp(one.published), modified(one, now)) for one in firsts])
        rows = self.db.execute(
            "SELECT id FROM story WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([story_id(one.key) for one in firsts]),),
        )
        return {row[0] for row in rows}

    def numbers_of(self, identities: Sequence[str]) -> list[int]:
        """The numbers of the stories with these ids, those that there are."""
        rows = self.db.execute(
            "SELECT n FROM story WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(identities)),)
        )
        return [row[0] for row in rows]

    def add(
        self,
        first: Record,
        now: datetime,
        n: int | None = None,
        *,
        is_free: bool = False,
        standing: tuple[int | None, str] = (None, ""),
    ) -> int:
        """A new story around its first record; its id is minted here once and for ever.

        `n` is a new number, if one was asked for; `is_free`: no story has the id of the record's key; `standing`: the
        number of the record that stands for it, and why.
        """
        published = stamp(first.published)
        updated = self._times.free("story", max(published, modified(first, now)))
        name, again = first.key, 1
        while not is_free and self.numbers_of([story_id(name)]):
            again += 1  # the record was the first of another story that it has left
            name = f"{first.key} {again}"
        row = (story_id(name), stamp(first.first_seen), published, updated, *standing)
        if n is None:
            (n,) = self.db.execute(f"{_INSERT} VALUES(?,?,?,?,?,?) RETURNING n", row).fetchone()
        else:
            self.db.later(_NUMBERED, (*row, n), 0)
        return int(n)

    def set_representative(self, story: int, n: int, reason: str) -> bool:
        """Who stands for a story; whether that changed. Neither id nor `published` move."""
        return self.db.execute(_STAND, (n, reason, story, n, reason)).rowcount > 0

    def let_stand(self, story: int, n: int, reason: str) -> None:
        """As `set_representative`, written with others."""
        self.db.later(_STAND, (n, reason, story, n, reason))
