"""The control queue: how a command asks the running daemon for something, and hears of the outcome."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ...rows import ControlRequest, moment, sure_moment
from ..database.connection import Connection, Row


class ControlQueue:
    """The queue of what commands ask of the daemon."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def ask(self, kind: str, payload: Mapping[str, Any], now: datetime) -> int:
        """Put a request into the queue; the number under which its outcome can be asked for."""
        row = self.db.execute(
            "INSERT INTO wish(kind, payload, asked) VALUES(?,?,?) RETURNING n",
            (kind, json.dumps(payload), now.timestamp()),
        ).fetchone()
        return int(row[0])

    def claim(self, now: datetime) -> list[ControlRequest]:
        """The requests that nobody has claimed yet, claimed by this call. Old ones (an hour) are dropped."""
        seconds = now.timestamp()
        if self.db.execute("SELECT 1 FROM wish WHERE done IS NULL AND claimed IS NULL LIMIT 1").fetchone() is None:
            return []
        self.db.execute("DELETE FROM wish WHERE asked < ?", (seconds - 3600,))
        rows = self.db.execute(
            "UPDATE wish SET claimed=? WHERE done IS NULL AND claimed IS NULL RETURNING *", (seconds,)
        ).fetchall()
        return [_request(row) for row in rows]

    def answer(self, n: int, result: Mapping[str, Any], now: datetime) -> None:
        """Store the answer to a request."""
        self.db.execute("UPDATE wish SET done=?, result=? WHERE n=?", (now.timestamp(), json.dumps(result), n))

    def get(self, n: int) -> ControlRequest | None:
        """A request with its result, if it has one by now; None when it is unknown."""
        row = self.db.execute("SELECT * FROM wish WHERE n=?", (n,)).fetchone()
        return None if row is None else _request(row)

    def release(self) -> None:
        """Give back what a daemon claimed and did not finish before it ended."""
        self.db.execute("UPDATE wish SET claimed=NULL WHERE done IS NULL")


def _request(row: Row) -> ControlRequest:
    return ControlRequest(
        n=row["n"],
        kind=row["kind"],
        payload=json.loads(row["payload"]),
        asked=sure_moment(row["asked"]),
        done=moment(row["done"]),
        result=None if row["result"] is None else json.loads(row["result"]),
    )
