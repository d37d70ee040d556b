"""The first page: what came in today, what needs a person, and the last stories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from .....rows import Stored
from .....store import Store
from .. import charts
from ..values import Ask, Page

HOURS = 24
LATEST = 12


async def overview(ask: Ask) -> Page:
    """What came in by hour and source, troubles, repairs to accept, and the stories that came last."""
    since = ask.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)

    def read(store: Store) -> tuple[dict[str, dict[int, int]], list[Stored]]:
        return store.arrivals.by_hour(since), store.arrivals.latest(LATEST)

    arrivals, latest = await ask.store(read)
    status = await ask.tools.status()
    first = int(since.timestamp()) // 3600
    labels = {row["name"]: row["title"] for row in status["sources"]}
    hours = [f"{datetime.fromtimestamp((first + n) * 3600, UTC):%H:00}" for n in range(HOURS)]
    series = {
        labels.get(name, name): [counts.get(first + n, 0) for n in range(HOURS)] for name, counts in arrivals.items()
    }
    sources = [row for row in status["sources"] if row["state"] != "removed"]
    return Page(
        "overview.html",
        {
            "chart": charts.stacked(hours, series),
            "hours": hours,
            "troubles": status["troubles"],
            "repairs": [dict(one, source=row["name"]) for row in sources for one in row["selectors"]],
            "degraded": [row for row in sources if row["state"] in ("degraded", "failing", "gone")],
            "mistakes": status["seed_mistakes"],
            "sources": sources,
            "latest": [_story(stored, labels) for stored in latest],
        },
    )


def _story(stored: Stored, labels: dict[str, str]) -> dict[str, Any]:
    record = stored.record
    return {
        "id": record.id,
        "title": record.title,
        "source": labels.get(record.source, record.source),
        "first_seen": record.first_seen,
        "language": record.language,
    }
