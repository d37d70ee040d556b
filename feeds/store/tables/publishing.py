"""What must be published anew, and where documents moved to."""

from __future__ import annotations

from collections.abc import Iterable

from ...model import FeedKind
from ..database.connection import Connection


class Publishing:
    """Which feeds are dirty, and the addresses that moved."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def mark_dirty(self, topics: Iterable[str], sources: Iterable[str]) -> None:
        """Mark feeds as to be published anew; in the transaction that changed what they hold."""
        for name in sorted(topics):
            self.db.later("UPDATE topic SET dirty=dirty+1 WHERE name=?", (name,))
        for name in sorted(sources):
            self.db.later("UPDATE source SET dirty=dirty+1 WHERE name=?", (name,))

    def let_shrink(self, topics: Iterable[str]) -> None:
        """Topics that lost records for a reason: their documents may be shorter than those before."""
        self.db.executemany("UPDATE topic SET may_shrink=1 WHERE name=?", [(name,) for name in sorted(topics)])

    def mark_all_dirty(self) -> None:
        """Every feed is to be published anew, such as after a change of base_url."""
        with self.db.transaction():
            self.db.execute("UPDATE topic SET dirty=dirty+1 WHERE removed IS NULL")
            self.db.execute(
                "UPDATE source SET dirty=dirty+1 WHERE removed IS NULL"
                " OR EXISTS (SELECT 1 FROM record WHERE record.source=source.name)"
            )

    def dirty(self) -> list[tuple[FeedKind, str, int]]:
        """The feeds to be published anew: (kind, name, version). The version goes to `clear_dirty`."""
        rows = self.db.execute(
            "SELECT 'topic' AS kind, name, dirty, position AS place FROM topic WHERE dirty>0"
            " UNION ALL SELECT 'source', name, dirty, 0 FROM source WHERE dirty>0 ORDER BY kind DESC, place, name"
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def clear_dirty(self, kind: FeedKind, name: str, version: int) -> None:
        """A feed was published as it was when `version` was read; what changed since then stays to be done."""
        table = {"topic": "topic", "source": "source"}[kind]
        self.db.execute(
            f"UPDATE {table} SET dirty=CASE WHEN dirty>? THEN dirty-? ELSE 0 END, may_shrink=0 WHERE name=?",  # noqa: S608 one of two names of ours
            (version, version, name),
        )

    def moved(self) -> dict[str, str]:
        """Old paths (t/NAME, s/NAME) and where they are now."""
        return {row["was"]: row["name"] for row in self.db.execute("SELECT was, name FROM moved")}
