"""Visits that no scraper takes are a trouble: told by alarms, the `_health` feed and the status, until one is taken."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from feeds.app.application import Application, open_application
from feeds.app.config.config import load
from feeds.app.daemon.maintenance import SCRAPERS_PAUSE, Maintenance
from feeds.errors import StoreBusy

IDLE: dict[str, Any] = {"scrapers": [], "queued": 7, "oldest_queued_seconds": 190.0, "under_way": 0}


async def nobody(_: list[str]) -> None: ...


async def told(app: Application) -> list[str]:
    rows = await app.thread.call(lambda: app.thread.store.troubles.all(only_open=True))
    return [row.cause for row in rows if row.subject == "work"]


def test_a_trouble_begins_when_nobody_takes_work_and_ends_when_somebody_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "config.toml").write_text('contact = "mailto:desk@example.org"\n')
    found: dict[str, Any] | None = None

    async def report() -> dict[str, Any] | None:
        if found == {}:
            raise StoreBusy("the server is gone")
        return found

    async def work() -> None:
        nonlocal found
        clock = 0.0
        async with open_application(load(tmp_path / "config.toml"), daemon=True, workers=1) as app:
            monkeypatch.setattr(app.queue, "report", report)
            maintenance = Maintenance(app, nobody, monotonic=lambda: clock)

            async def after(seen: dict[str, Any] | None) -> list[str]:
                nonlocal clock, found
                clock, found = clock + SCRAPERS_PAUSE, seen
                await maintenance.round()
                return await told(app)

            assert await after(None) == [], "one machine"
            assert await after({**IDLE, "oldest_queued_seconds": 170.0}) == []
            assert await after({**IDLE, "under_way": 1}) == [], "all are busy"
            cause = "7 visits wait, the oldest for 3 minutes, and no scraper is there"
            assert await after(IDLE) == [cause]
            assert cause in (tmp_path / "var/public/t/_health.atom").read_text("utf-8")
            assert await after({}) == [cause], "nobody knows"
            assert await after({**IDLE, "queued": 0, "oldest_queued_seconds": 0.0}) == []
            there = [{"gone": False}, {"gone": True}]
            assert await after({**IDLE, "scrapers": there}) == [
                cause.replace("no scraper is there", "none of 1 scrapers takes one")
            ]

    asyncio.run(work())
