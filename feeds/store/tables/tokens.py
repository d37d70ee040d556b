"""Who may read the private topics, and which programs may use the interface: tokens, kept as their hashes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from ...rows import stamp, sure_moment
from ..database.connection import Connection

BYTES = 24  # random bytes: 192 bits, 32 characters of an address


def make_token() -> str:
    """A new token: letters, digits, `-` and `_`. Whoever has it may read one topic; it is shown once and not kept."""
    return secrets.token_urlsafe(BYTES)


def token_digest(token: str) -> bytes:
    """What is kept of a token. With 192 random bits neither salt nor a slow hash is needed."""
    return sha256(token.encode()).digest()


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was given out, without the token itself."""

    topic: str
    name: str  # of the reader: a person or a device
    digest: bytes
    added: datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token for a program, without the token itself."""

    name: str  # of the program
    digest: bytes
    scopes: tuple[str, ...]  # of SCOPES
    added: datetime


SCOPES = ("read", "write", "feed")  # what a program may do: look, change, and have feeds of any listing


class ApiTokens:
    """The tokens of programs. What writes is called inside a transaction."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def all(self) -> list[ApiToken]:
        """All tokens by their names."""
        rows = self.db.execute("SELECT name, digest, scopes, added FROM api_token ORDER BY name")
        return [
            ApiToken(row["name"], row["digest"], tuple(row["scopes"].split()), sure_moment(row["added"]))
            for row in rows
        ]

    def add(self, name: str, digest: bytes, scopes: Sequence[str], now: datetime) -> bool:
        """Keep a token; False: there is one of that name already."""
        row = "INSERT INTO api_token(name, digest, scopes, added) VALUES(?,?,?,?) ON CONFLICT(name) DO NOTHING"
        return self.db.execute(row, (name, digest, " ".join(scopes), stamp(now))).rowcount > 0

    def revoke(self, name: str) -> bool:
        """Take a token away; whether there was one of that name."""
        return self.db.execute("DELETE FROM api_token WHERE name=?", (name,)).rowcount > 0


class Tokens:
    """The tokens of readers. What writes is called inside a transaction."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def all(self) -> list[Token]:
        """All tokens, by topic and name; those of removed topics too."""
        rows = self.db.execute("SELECT topic, name, digest, added FROM token ORDER BY topic, name")
        return [Token(row["topic"], row["name"], row["digest"], sure_moment(row["added"])) for row in rows]

    def closed_topics(self) -> list[str]:
        """Private topics that nobody has a token of, so that nobody can read them."""
        rows = self.db.execute(
            "SELECT name FROM topic WHERE place IS NOT NULL AND removed IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM token WHERE token.topic=topic.name) ORDER BY position"
        )
        return [row[0] for row in rows]

    def add(self, topic: str, name: str, digest: bytes, now: datetime) -> bool:
        """Keep a token of a topic; False: the topic has one of that name already. The topic must be in the store."""
        row = "INSERT INTO token(topic, name, digest, added) VALUES(?,?,?,?) ON CONFLICT(topic, name) DO NOTHING"
        return self.db.execute(row, (topic, name, digest, stamp(now))).rowcount > 0

    def revoke(self, topic: str, name: str | None = None) -> int:
        """Take away one token of a topic, or all of them; how many."""
        return self.db.execute(
            "DELETE FROM token WHERE topic=?1 AND (CAST(?2 AS TEXT) IS NULL OR name=?2)", (topic, name)
        ).rowcount
