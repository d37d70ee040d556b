"""Scrapers and their queue, and the settings that scrapers work with."""

from __future__ import annotations

import json
from typing import Any

from .database import WorkDatabase

SILENT = 30.0  # seconds without a sign of life after which a scraper counts as gone
SOURCES = 20  # of a scraper that are shown
_NOTHING: dict[str, Any] = {
    "host": "", "pid": 0, "version": "", "format": 0, "parallel": 0, "browser": False, "running": 0, "sources": [],
    "visits": 0, "pages": 0, "pages_a_minute": 0.0,
}  # fmt: skip


class WorkReport:
    """What the desk, `status` and /metrics show of the work."""

    def __init__(self, database: WorkDatabase) -> None:
        self._database = database

    async def all(self) -> dict[str, Any]:
        """Scrapers (since when, what they do, pages a minute), the queue and its age, the hosts that are asked now."""
        scrapers = await self._database.all(
            "SELECT name, since, extract(epoch FROM clock_timestamp() - beat)::double precision, facts"
            " FROM copydesk_work.scraper WHERE beat > clock_timestamp() - interval '10 minutes' ORDER BY name"
        )
        waiting, oldest, doing = await self._database.one(
            "SELECT count(*) FILTER (WHERE j.status = 'todo'), coalesce(extract(epoch FROM clock_timestamp()"
            " - min(v.queued) FILTER (WHERE j.status = 'todo')), 0)::double precision,"
            " count(*) FILTER (WHERE j.status = 'doing')"
            " FROM copydesk_jobs.procrastinate_jobs j JOIN copydesk_work.visit v ON v.source = j.queueing_lock"
        )
        (arrived,) = await self._database.one("SELECT count(*) FROM copydesk_work.answer")
        claims, kept_off = await self._database.one(
            "SELECT count(*) FILTER (WHERE until > clock_timestamp()),"
            " count(*) FILTER (WHERE retry_until > clock_timestamp()) FROM copydesk_work.host"
        )
        return {
            "scrapers": [
                _facts(facts) | {"name": name, "since": since, "silent_for": round(silent, 1), "gone": silent > SILENT}
                for name, since, silent, facts in scrapers
            ],
            "queued": waiting,
            "oldest_queued_seconds": round(oldest, 1),
            "under_way": doing,
            "to_be_kept": arrived,
            "hosts_asked_now": claims,
            "hosts_left_alone": kept_off,
        }

    async def settle(self, settings: str) -> None:
        """Store the settings that scrapers work with; those that are long gone leave the list. Raises StoreBusy."""
        await self._database.run(
            "INSERT INTO copydesk_work.settings VALUES (true, %s) ON CONFLICT (one) DO UPDATE SET value=excluded.value",
            settings,
        )
        await self._database.run("DELETE FROM copydesk_work.scraper WHERE beat < clock_timestamp() - interval '1 day'")

    async def settings(self) -> str | None:
        """The settings, None before a desk was there. Raises StoreBusy."""
        row = await self._database.one("SELECT copydesk_work.settings()")
        return None if row is None or row[0] is None else str(row[0])

    async def beat(self, name: str, facts: dict[str, Any]) -> None:
        """A scraper is there, and says what it does. Raises StoreBusy."""
        await self._database.one("SELECT copydesk_work.beat(%s, %s)", name, json.dumps(facts))

    async def leave(self, name: str) -> None:
        """A scraper goes. Raises StoreBusy."""
        await self._database.one("SELECT copydesk_work.leave(%s)", name)


def _facts(told: object) -> dict[str, Any]:
    """What a scraper says of itself, every fact of the type that it has: it is a stranger's word."""
    found = dict(_NOTHING)
    for name, value in told.items() if isinstance(told, dict) else ():
        if name == "sources":
            found[name] = [str(one)[:200] for one in value[:SOURCES]] if isinstance(value, list) else []
        elif name in found and type(value) is type(found[name]):
            found[name] = value[:200] if isinstance(value, str) else value
        elif name == "pages_a_minute" and type(value) is int:
            found[name] = float(value)
    return found
