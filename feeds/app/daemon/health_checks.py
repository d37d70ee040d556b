"""Looks at the health of sources, topics, records and disks, and stores the troubles that begin and end."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from scrapers import Seed

from ...health.assess import Health, Trouble, assess, assess_topic
from ...store import Store
from ..application import Application

AT_ONCE = 20  # sources in one transaction, so that no visit waits long for the lock
QUARANTINED_TOLD = 50  # the newest
LOST_NAMED = 3  # files
IDLE_SECONDS = 180.0  # that a visit waits while no scraper makes any, from which it is a trouble


async def look_at_all(app: Application) -> bool:
    """Assess every source visited since its last assessment; whether a trouble began or ended."""
    changed = False
    while True:
        looked, moved = await app.thread.call(
            look, app.thread.store, app.installation.seeds, app.clock(), patience=app.installation.config.alarms.after
        )
        changed |= moved
        if looked < AT_ONCE:
            return changed


def look(store: Store, seeds: Mapping[str, Seed], now: datetime, *, patience: float) -> tuple[int, bool]:
    """Assess some sources visited since their last assessment: how many, and whether a trouble began or ended."""
    names = store.health.unassessed(AT_ONCE)
    found: list[tuple[str, datetime, Health]] = []
    for name in names:
        seed = seeds.get(name)
        facts = store.health.facts(name, now, seed.expect.records_per_day if seed else None)
        if facts is not None and facts.last_visit is not None:
            found.append((name, facts.last_visit, assess(facts, now, patience=patience)))
    changed = False
    with store.transaction() if found else contextlib.nullcontext():
        for name, visit, health in found:
            store.health.keep(name, visit, health)
            changed |= store.troubles.note(f"source:{name}", health.troubles, now, judged=health.judged)
    return len(names), changed


def look_at_topics(store: Store, now: datetime) -> bool:
    """Assess every public topic; whether a trouble began or ended."""
    last = store.health.last_success()
    changed = False
    for topic in store.topics.all():
        if topic.place is not None:
            continue  # private topics are not named in troubles
        found = assess_topic(store.health.topic_hours(topic.name), last)
        changed |= store.troubles.note(f"topic:{topic.name}", found, now)
    return changed


def look_at_records(store: Store, now: datetime) -> bool:
    """Note records that are quarantined because no valid document can hold them; whether that changed."""
    found = [
        Trouble(
            f"record:{one.n}",
            "degraded",
            f"{one.record.title[:100]!r} of {one.record.source} ({one.record.url}) is kept out of the feeds:"
            f" {one.quarantined}",
            now,
        )
        for one in store.records.quarantined(QUARANTINED_TOLD)
    ]
    return store.troubles.note("publisher", found, now)


def idle_scrapers_trouble(work: Mapping[str, Any] | None, now: datetime) -> list[Trouble]:
    """The trouble of visits that wait while no scraper makes any. `work` is what the queue reports, if it can."""
    if work is None or work["under_way"] or work["oldest_queued_seconds"] < IDLE_SECONDS:
        return []
    there = sum(not one["gone"] for one in work["scrapers"])
    who = f"none of {there} scrapers takes one" if there else "no scraper is there"
    minutes = work["oldest_queued_seconds"] / 60
    cause = f"{work['queued']} visits wait, the oldest for {minutes:.0f} minutes, and {who}"
    return [Trouble("scrapers", "failing", cause, now - timedelta(seconds=work["oldest_queued_seconds"]))]


def lost_files_trouble(lost: Sequence[str], now: datetime) -> list[Trouble]:
    """The trouble of published files that were removed. Files of private topics are counted, not named."""
    if not lost:
        return []
    named = [name for name in lost if name.count("/") < 2][:LOST_NAMED]  # private files are a level deeper
    count = "1 published file was" if len(lost) == 1 else f"{len(lost)} published files were"
    such = f", such as {', '.join(named)}" if named else ""
    return [Trouble("lost", "degraded", f"{count} missing and had to be written again{such}", now)]
