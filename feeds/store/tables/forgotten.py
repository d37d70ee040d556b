"""Articles that were forgotten: their addresses, as hashes, so that none of them is filed again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from ...rows import stamp
from ..database.connection import Connection
from .outcomes import BY_HAND
from .tokens import token_digest as digest


class Forgotten:
    """The forgotten articles."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def is_forgotten(self, keys: Iterable[str]) -> bool:
        """Whether one of these keys names an article that was forgotten."""
        return bool(self.among(keys))

    def among(self, keys: Iterable[str]) -> set[str]:
        """Those of these keys that name an article that was forgotten."""
        hashes = {digest(key).hex(): key for key in keys}
        rows = self.db.execute(
            "SELECT key FROM forgotten WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(hashes)),)
        )
        return {hashes[row[0]] for row in rows}

    def keep(self, keys: Iterable[str], now: datetime) -> None:
        """Never file an article again that has one of these keys; they are those of one article."""
        hashes = [digest(key).hex() for key in dict.fromkeys(keys)]
        self.db.executemany(
            "INSERT INTO forgotten VALUES(?,?,?) ON CONFLICT(key) DO NOTHING",
            [(one, hashes[0], stamp(now)) for one in hashes],
        )

    def all(self) -> list[tuple[str, str, int]]:
        """Every hash with that of its article, and since when."""
        return [(row["key"], row["article"], row["at"]) for row in self.db.execute("SELECT * FROM forgotten")]

    def take(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Keep what another store has forgotten."""
        self.db.executemany("INSERT INTO forgotten VALUES(?,?,?) ON CONFLICT(key) DO NOTHING", list(rows))

    def remember(self, key: str) -> bool:
        """Let an article come back that was forgotten, under all its addresses; whether there was one."""
        row = self.db.execute("SELECT article FROM forgotten WHERE key=?", (digest(key).hex(),)).fetchone()
        if row is None:
            return False
        with self.db.transaction():
            names = self.db.execute("SELECT key FROM forgotten WHERE article=?", (row["article"],))
            hashes = {name["key"] for name in names}
            told = self.db.execute("SELECT source, key FROM outcome WHERE outcome='skipped' AND why=?", (BY_HAND,))
            again = [(one["source"], one["key"]) for one in told if digest(one["key"]).hex() in hashes]
            self.db.executemany("DELETE FROM outcome WHERE source=? AND key=?", again)
            self.db.execute("DELETE FROM forgotten WHERE article=?", (row["article"],))
        return True
