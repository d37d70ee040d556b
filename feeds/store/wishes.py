"""Wishes: how a command asks the running daemon for something, and hears of the outcome."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .connection import Connection
from .rows import Wish, moment, sure_moment


class Wishes(Connection):
    """The part of the store that hands wishes from commands to the daemon."""

    def wish(self, kind: str, payload: Mapping[str, Any], now: datetime) -> int:
        """Leave a wish; the number under which its outcome can be asked for."""
        row = self.db.execute(
            "INSERT INTO wish(kind, payload, asked) VALUES(?,?,?) RETURNING n",
            (kind, json.dumps(payload), now.timestamp()),
        ).fetchone()
        return int(row[0])

    def open_wishes(self, now: datetime) -> list[Wish]:
        """The wishes that nobody has claimed yet, claimed by this call. Old ones (an hour) are dropped."""
        seconds = now.timestamp()
        if self.db.execute("SELECT 1 FROM wish WHERE done IS NULL AND claimed IS NULL LIMIT 1").fetchone() is None:
            return []
        self.db.execute("DELETE FROM wish WHERE asked < ?", (seconds - 3600,))
        rows = self.db.execute(
            "UPDATE wish SET claimed=? WHERE done IS NULL AND claimed IS NULL RETURNING *", (seconds,)
        ).fetchall()
        return [_wish(row) for row in rows]

    def fulfil(self, n: int, result: Mapping[str, Any], now: datetime) -> None:
        """Answer a wish."""
        self.db.execute("UPDATE wish SET done=?, result=? WHERE n=?", (now.timestamp(), json.dumps(result), n))

    def answer(self, n: int) -> Wish | None:
        """A wish with its result, if it has one by now; None when it is unknown."""
        row = self.db.execute("SELECT * FROM wish WHERE n=?", (n,)).fetchone()
        return None if row is None else _wish(row)

    def unclaim(self) -> None:
        """Give back what a daemon claimed and did not finish before it ended."""
        self.db.execute("UPDATE wish SET claimed=NULL WHERE done IS NULL")


def _wish(row: sqlite3.Row) -> Wish:
    return Wish(
        n=row["n"],
        kind=row["kind"],
        payload=json.loads(row["payload"]),
        asked=sure_moment(row["asked"]),
        done=moment(row["done"]),
        result=None if row["result"] is None else json.loads(row["result"]),
    )
