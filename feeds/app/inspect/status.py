"""How an installation is doing, as data: for `status`, /status.json and /health."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scrapers import Seed

from ...compose.rights import audiences
from ...health import PATH as HEALTH_FEED
from ...health.selectors import by_source
from ...rows import SourceState, TroubleRow
from ...store import Store, StoreBusy, lock_of
from ..config.config import Config

if TYPE_CHECKING:  # `status` has no event loop and assesses nothing
    import asyncio

    from ...health.assess import Trouble

STORE_PATIENCE = 0.1  # seconds that an answer of /health waits for the store
STORE_LIMIT = 60.0  # seconds without an answer of the store that count as hanging
OF_VISITS = ("visits", "pages")  # kinds of trouble that a good visit ends
WELL = ("ok", "slow")
TURN_LIMIT = 30.0  # seconds without a turn of the loop's own helpers that count as hanging


def report(
    store: Store,
    config: Config,
    mistakes: Sequence[str],
    now: datetime,
    *,
    topics_too: bool = True,
    disk: Sequence[Trouble] | None = None,
) -> dict[str, Any]:
    """Every source with one state, every topic with its counts (expensive in a large store, so they may be left out).

    `disk` is what a daemon knows of its disks at this moment: a store that takes no writes holds nothing of it.
    """
    sources = []
    healths = store.health.all()
    repairs = by_source(store.repairs.all())
    gone = store.outcomes.gone_ways(now)
    troubles = store.troubles.all(only_open=True)
    learnt: dict[str, set[str]] = defaultdict(set)  # source → kinds of trouble that no visit can end by itself
    for trouble in troubles:
        if trouble.kind not in OF_VISITS:
            learnt[trouble.subject].add(trouble.kind)
    visited: dict[str, SourceState] = {}
    for source in store.sources.all(now):
        visited[f"source:{source.name}"] = source
        state, cause, since = source.state, source.cause, source.since
        health = healths.get(source.name, {})
        judged = health and health["at"] == source.last_visit  # the assessment knows more than the visit
        if judged or (health and state in WELL and learnt[f"source:{source.name}"]):  # … and stands until the next one
            state, cause, since = health["state"], health["cause"], health["since"]
        shown = "removed" if source.removed else "paused" if source.paused else state
        sources.append(
            {
                "name": source.name,
                "title": source.label,
                "home": source.home,
                "moves_to": source.redirected,  # where a permanent redirect of the home leads
                "state": shown,
                "cause": cause,
                "since": since,
                "last_visit": source.last_visit,
                "last_success": source.last_success,
                "last_new": source.last_new,
                "due": source.due,
                "pace": source.pace,  # why it is due then, in words
                "failures": source.failures,
                "records": source.records,
                "fresh": source.fresh,
                "usual": health.get("usual"),  # records of a usual day
                "silent_after": health.get("rhythm"),  # seconds without anything new after which it counts as silent
                "coverage": health.get("coverage", {}),  # field → share of the latest records, and of those before
                "selectors": [  # of the seed that give nothing any more, with what is used or proposed instead
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
                "gone": [  # feeds and sitemaps that answered 404 or 410, and when each is asked for again
                    {"url": row.url, "why": row.why, "since": row.first, "again": row.again}
                    for row in gone.get(source.name, ())
                ],
                "feed": f"{config.base_url}/s/{source.name}.atom",
            }
        )
    counts = store.topics.counts(now) if topics_too else {}
    topics = []
    for row in store.topics.all() if topics_too else ():
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
        "audience": config.audience,  # whether what pages hold back is left out
        "audiences": audiences((topic for topic in config.all_topics() if not topic.private), config.audience),
        "daemon": lock_of(config.store_at).holder(),
        "sources": sources,
        "topics": topics,
        "troubles": [
            _trouble(one.subject, _as_it_is(one, visited), one.opened)
            for one in troubles
            if disk is None or one.subject != "disk"
        ]
        + [_trouble("disk", one, one.since) for one in disk or ()],
        "health_feed": f"{config.base_url}/{HEALTH_FEED}.atom",
        "seed_mistakes": list(mistakes),
        "open_networks": list(config.fetch.allow_networks),
        "store_warnings": store.file.warnings(),
    }


def audience_in_words(found: dict[str, Any]) -> str:
    """For whom the feeds are, and what follows for what pages hold back."""
    effects = {"private": "shown", "public": "left out"}
    others = [f"{name} {audience} ({effects[audience]})" for name, audience in found["audiences"].items()]
    own = f"; of topics: {', '.join(others)}" if others else ""
    return f"audience: {found['audience']}, so what pages hold back is {effects[found['audience']]}{own}"


def _as_it_is(trouble: TroubleRow, visited: Mapping[str, SourceState]) -> TroubleRow:
    """A trouble of visits with the last visit's state and cause, which may be worse than when it was noticed."""
    source = visited.get(trouble.subject)
    if trouble.kind not in OF_VISITS or source is None or source.state in WELL:
        return trouble
    return replace(trouble, state=source.state, cause=source.cause)


def _trouble(about: str, trouble: Trouble | TroubleRow, noticed: datetime) -> dict[str, Any]:
    return {
        "about": about,
        "kind": trouble.kind,
        "state": trouble.state,
        "cause": trouble.cause,
        "since": trouble.since,
        "noticed": noticed,
    }


async def work(ask: Callable[[], Awaitable[dict[str, Any] | None]]) -> dict[str, Any] | None:
    """The scrapers on other machines and their queue, or why they are unknown; None where there are none."""
    try:
        return await ask()
    except StoreBusy as error:
        return {"why": error.reason, "scrapers": []}


def work_in_words(found: dict[str, Any]) -> list[str]:
    """Scrapers and queue in some lines, for a person."""
    if "why" in found:
        return [found["why"]]
    here = [one for one in found["scrapers"] if not one["gone"]]
    lines = [
        f"{len(here)} scraper{'' if len(here) == 1 else 's'}, {found['under_way']} visits under way, "
        f"{found['queued']} queued (the oldest for {found['oldest_queued_seconds']:.0f} s), "
        f"{found['to_be_kept']} to be kept; {found['hosts_asked_now']} hosts asked now, "
        f"{found['hosts_left_alone']} left alone"
    ]
    for one in found["scrapers"]:
        gone = f", silent for {one['silent_for']:.0f} s" if one["gone"] else ""
        browser = ", with a browser" if one.get("browser") else ""
        lines.append(
            f"{one['name']}: since {one['since']:%Y-%m-%d %H:%M}, {one.get('running', 0)} of {one.get('parallel', 0)} "
            f"visits, {one.get('visits', 0)} made, {one.get('pages_a_minute', 0)} pages a minute{browser}{gone}"
        )
    return lines


def with_what_is_new(found: dict[str, Any], config: Config, seeds: Sequence[Seed], now: datetime) -> dict[str, Any]:
    """A report completed with sources and topics of files that no daemon has read yet."""
    known = {row["name"] for row in found["sources"]}
    for seed in seeds:
        if seed.name not in known:
            found["sources"].append(
                dict.fromkeys(_ABSENT)
                | {"name": seed.name, "title": seed.title or seed.name, "home": seed.home, "state": "new", "since": now}
                | {"failures": 0, "records": 0, "fresh": 0, "coverage": {}, "selectors": [], "gone": []}
                | {"feed": f"{config.base_url}/s/{seed.name}.atom"}
            )
    found["sources"].sort(key=lambda row: row["name"])
    taken_up = {row["name"] for row in found["topics"]}
    for topic in config.all_topics():
        if topic.name not in taken_up and not topic.private:
            feed = f"{config.base_url}/t/{topic.name}.atom"
            found["topics"].append({"name": topic.name, "stories": 0, "fresh": 0, "newest": None, "feed": feed})
    return found


_ABSENT = ("moves_to", "cause", "last_visit", "last_success", "last_new", "due", "pace", "usual", "silent_after")


class RecordCount:
    """The number of records, cached, so that /health does not wait for a busy store."""

    def __init__(self, count: Callable[[], Awaitable[int]]) -> None:
        """`count` asks the store."""
        self._ask = count
        self._task: asyncio.Future[int] | None = None
        self._count: int | None = None
        self._asked = 0.0

    async def now(self) -> int | None:
        """The count, or the last known one while the store is busy; None before the first answer."""
        import asyncio

        if self._task is None:
            self._asked = time.monotonic()
            self._task = asyncio.ensure_future(self._ask())
        task = self._task
        await asyncio.wait([task], timeout=STORE_PATIENCE)
        if task.done():
            if self._task is task:
                self._task = None
            self._count = task.result()
        return self._count

    @property
    def waits(self) -> float:
        """Seconds since the store was asked without an answer."""
        return 0.0 if self._task is None else time.monotonic() - self._asked


@dataclass(frozen=True, slots=True)
class Liveness:
    """The state of a daemon at one moment. Times are in seconds."""

    stuck: str | None  # why its visits seem to hang
    since_turn: float  # since the loop last turned
    longest_hold: float  # the longest time without a turn so far
    store_waits: float  # since the store was asked something that it has not answered
    records: int | None
    sources: int
    visits_running: int
    configuration_valid: bool
    paused: str | None  # why no visits are begun
    unpublished: bool  # a feed could not be written


def health(liveness: Liveness) -> tuple[bool, dict[str, Any]]:
    """Whether the daemon lives and works: its loop turns, visits finish, the store answers."""
    why = liveness.stuck
    if liveness.since_turn > TURN_LIMIT:
        why = why or "the loop hangs"
    if liveness.store_waits > STORE_LIMIT:
        why = why or "the store does not answer"
    return why is None, {
        "ok": why is None,
        "process": os.getpid(),
        "why": why,
        "records": liveness.records,
        "sources": liveness.sources,
        "visits_running": liveness.visits_running,
        "loop_held_ms": round(liveness.longest_hold * 1000),
        "configuration_valid": liveness.configuration_valid,
        "disk": liveness.paused or ("a feed cannot be written; tried again" if liveness.unpublished else None),
    }
