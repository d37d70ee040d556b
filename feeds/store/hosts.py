"""Hosts: pace, Retry-After and robots.txt, kept over restarts."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import TypeAdapter

from scrapers import HostPace

from .connection import Connection

_PACE = TypeAdapter(HostPace)


class Hosts(Connection):
    """The part of the store that remembers hosts."""

    def paces(self) -> list[HostPace]:
        """Every host's pace, for the fetcher at its start."""
        return [_PACE.validate_json(row[0]) for row in self.db.execute("SELECT pace FROM host ORDER BY host")]

    def keep_paces(self, paces: Iterable[HostPace]) -> None:
        """Store what changed; to be called inside a transaction."""
        self.db.executemany(
            "INSERT INTO host VALUES(?,?) ON CONFLICT(host) DO UPDATE SET pace=excluded.pace",
            [(pace.host, _PACE.dump_json(pace).decode()) for pace in paces],
        )
