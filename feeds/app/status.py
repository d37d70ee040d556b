"""How an installation is doing, as data: for `status`, /status.json and /health."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..health_feed import PATH as HEALTH_FEED
from ..selectors import by_source
from ..store import Lock, Store
from .config import Config

if TYPE_CHECKING:
    from .daemon import Daemon

TURN_LIMIT = 30.0  # seconds without a turn of the loop's own helpers that count as hanging


def report(store: Store, config: Config, mistakes: Sequence[str], now: datetime) -> dict[str, Any]:
    """Every source with one state, every topic with its counts."""
    sources = []
    healths = store.healths()
    repairs = by_source(store.repairs())
    for source in store.sources(now):
        state, cause, since = source.state, source.cause, source.since
        health = healths.get(source.name, {})
        if health and health["at"] == source.last_visit:  # what was made of that visit goes further than the visit
            state, cause, since = health["state"], health["cause"], health["since"]
        state = "removed" if source.removed else "paused" if source.paused else state
        sources.append(
            {
                "name": source.name,
                "title": source.label,
                "home": source.home,
                "moves_to": source.redirected,  # where a permanent redirect of the home leads
                "state": state,
                "cause": cause,
                "since": since,
                "last_visit": source.last_visit,
                "last_success": source.last_success,
                "last_new": source.last_new,
                "due": source.due,
                "pace": source.pace,  # why then, in words
                "failures": source.failures,
                "records": source.records,
                "fresh": source.fresh,
                "usual": health.get("usual"),  # records of a usual day
                "silent_after": health.get("rhythm"),  # seconds without anything new that are strange
                "coverage": health.get("coverage", {}),  # field → share of the latest records, and of those before
                "selectors": [  # of the seed that give nothing any more, and what is used or proposed in their place
                    {
                        "field": row.field,
                        "written": row.written,
                        "found": row.found,
                        "in_use": row.used,
                        "since": row.since,
                        "evidence": row.evidence,
                    }
                    for row in repairs.get(source.name, ())
                    if row.looked is not None
                ],
                "feed": f"{config.base_url}/s/{source.name}.atom",
            }
        )
    counts = store.topic_counts(now)
    topics = []
    for row in store.topics():
        stories, fresh, newest = counts.get(row.name, (0, 0, None))
        private = row.place is not None
        topics.append(
            {
                "name": row.name if not private else None,
                "stories": stories,
                "fresh": fresh,
                "newest": newest,
                "feed": None if private else f"{config.base_url}/t/{row.name}.atom",
            }
        )
    return {
        "title": config.title,
        "daemon": Lock(config.store_path).holder(),
        "sources": sources,
        "topics": topics,
        "troubles": [
            {
                "about": trouble.subject,
                "kind": trouble.kind,
                "state": trouble.state,
                "cause": trouble.cause,
                "since": trouble.since,
                "noticed": trouble.opened,
            }
            for trouble in store.troubles(only_open=True)
        ],
        "health_feed": f"{config.base_url}/{HEALTH_FEED}.atom",
        "seed_mistakes": list(mistakes),
        "open_networks": list(config.fetch.allow_networks),
        "store_warnings": store.warnings(),
    }


async def health(daemon: Daemon) -> tuple[bool, dict[str, Any]]:
    """Whether the daemon lives and works: its loop turns, visits finish, the store can be read."""
    desk = daemon.desk
    why = daemon.visits.stuck()
    if time.monotonic() - daemon.last_turn > TURN_LIMIT:
        why = why or "the loop hangs"
    records = await desk.in_store(desk.store.count_records)
    return why is None, {
        "ok": why is None,
        "why": why,
        "records": records,
        "sources": len(desk.seeds),
        "visits_running": len(daemon.visits.running),
        "configuration_valid": not desk.reload_mistakes,
        "disk": desk.paused or ("a feed cannot be written; tried again" if desk.press.unpublished else None),
    }
