"""Small facts that are kept beside the tables."""

from __future__ import annotations

import secrets

from .database.connection import Connection


class Meta:
    """The table of small facts: a name and a text."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def get(self, name: str) -> str | None:
        """A fact; None when it is not known."""
        row = self.db.execute("SELECT value FROM meta WHERE name=?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, name: str, value: str) -> None:
        """Keep a fact."""
        self.db.execute(
            "INSERT INTO meta VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value", (name, value)
        )

    def picture_key(self) -> bytes:
        """What signs the addresses of pictures that our server brings; made once, and kept for ever."""
        kept = self.get("picture_key")
        if kept is None:
            made = secrets.token_hex(32)
            self.db.execute("INSERT INTO meta VALUES('picture_key', ?) ON CONFLICT(name) DO NOTHING", (made,))
            kept = self.get("picture_key") or made
        return bytes.fromhex(kept)
