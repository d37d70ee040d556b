"""Who may read the private topics: one token for each reader, kept as its hash. Functions over a connection.

Calls that write are to be made inside a transaction.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from .rows import stamp, sure_moment


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was given out, without the token itself."""

    topic: str
    name: str  # of the reader: a person or a device
    digest: bytes
    added: datetime


def tokens(db: sqlite3.Connection) -> list[Token]:
    """All tokens, by topic and name; those of removed topics too."""
    rows = db.execute("SELECT topic, name, digest, added FROM token ORDER BY topic, name")
    return [Token(row["topic"], row["name"], row["digest"], sure_moment(row["added"])) for row in rows]


def closed_topics(db: sqlite3.Connection) -> list[str]:
    """Private topics that nobody has a token of, so that nobody can read them."""
    rows = db.execute(
        "SELECT name FROM topic WHERE place IS NOT NULL AND removed IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM token WHERE token.topic=topic.name) ORDER BY position"
    )
    return [row[0] for row in rows]


def add_token(db: sqlite3.Connection, topic: str, name: str, digest: bytes, now: datetime) -> bool:
    """Keep a token of a topic; False: the topic has one of that name already. The topic must be in the store."""
    row = "INSERT INTO token(topic, name, digest, added) VALUES(?,?,?,?) ON CONFLICT(topic, name) DO NOTHING"
    return db.execute(row, (topic, name, digest, stamp(now))).rowcount > 0


def revoke_tokens(db: sqlite3.Connection, topic: str, name: str | None = None) -> int:
    """Take away one token of a topic, or all of them; how many."""
    return db.execute("DELETE FROM token WHERE topic=?1 AND (?2 IS NULL OR name=?2)", (topic, name)).rowcount
