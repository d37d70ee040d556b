"""Hosts: pace, Retry-After and robots.txt, and answers to HEAD for files, kept over restarts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from ...rows import stamp
from ..database.connection import Connection

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from scrapers import FileHead, HostPace

FILES = 10_000  # the newest heads of files; of older articles nobody asks any more


@cache
def _pace() -> TypeAdapter[HostPace]:
    """The serialiser of a pace, made on first use."""
    from pydantic import TypeAdapter

    from scrapers import HostPace

    return TypeAdapter(HostPace)


class Hosts:
    """The stored state of hosts."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def paces(self) -> list[HostPace]:
        """Every host's pace, for the fetcher at its start."""
        return [_pace().validate_json(row[0]) for row in self.db.execute("SELECT pace FROM host ORDER BY host")]

    def keep(self, paces: Iterable[HostPace]) -> None:
        """Store what changed; of a forgotten host nothing stays. To be called inside a transaction."""
        from scrapers import HostPace

        paces = list(paces)
        gone = [(pace.host,) for pace in paces if pace == HostPace(pace.host)]
        self.db.executemany("DELETE FROM host WHERE host=?", gone)
        self.db.executemany(
            "INSERT INTO host VALUES(?,?) ON CONFLICT(host) DO UPDATE SET pace=excluded.pace",
            [(pace.host, _pace().dump_json(pace).decode()) for pace in paces if pace != HostPace(pace.host)],
        )


class AskedFiles:
    """Answers to HEAD for video and audio files: each is asked for once. Only hashes of the addresses are kept."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def all(self) -> list[FileHead]:
        """What is remembered, for the fetcher at its start."""
        from scrapers import FileHead

        rows = self.db.execute("SELECT key, type, length FROM asked_file ORDER BY asked, key")
        return [FileHead(row[0], row[1], row[2]) for row in rows]

    def keep(self, heads: Iterable[FileHead], now: datetime) -> None:
        """Store what was told just now. To be called inside a transaction."""
        self.db.executemany(
            "INSERT INTO asked_file VALUES(?,?,?,?) ON CONFLICT(key) DO UPDATE SET type=excluded.type,"
            " length=excluded.length, asked=excluded.asked",
            [(head.key, head.type[:200], head.length, stamp(now)) for head in heads],
        )

    def trim(self) -> None:
        """Let the oldest go where there are more than are kept."""
        self.db.execute(
            "DELETE FROM asked_file WHERE key NOT IN (SELECT key FROM asked_file ORDER BY asked DESC, key LIMIT ?)",
            (FILES,),
        )
