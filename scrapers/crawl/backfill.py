"""Older stories of a source, fetched on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin

from ..model import Fetch, FrontWay, Link, Past, Progress, Run
from ..seed.seed import Seed
from ..urls.key import canonical_key
from ..urls.published_form import published_form
from .articles import read_story
from .cooperative_iteration import yielding
from .fronts import ask_front
from .run_builder import Read, RunBuilder, VisitLimits, run_of, told_date, wanted

BACKFILL_FRONTS = 30  # sitemaps and listing pages that a backfill asks for


async def backfill(
    seed: Seed,
    past: Past,
    fetch: Fetch,
    read: Read,
    *,
    since: datetime,
    limit: int,
    clock: Callable[[], datetime],
    limits: VisitLimits | None = None,
    progress: Progress | None = None,
) -> Run:
    """Older stories of a source, from its sitemaps and the next pages of its listings, newest first.

    At most `limit` stories that are not known and, as far as their links tell a date, not older than `since`.
    `progress` is told of each list and each story that is asked for.
    """
    limits = limits or VisitLimits()
    visit = RunBuilder(
        seed, replace(past, fronts=(), queued=()), fetch, read, clock, limits, clock(), progress=progress
    )
    found: dict[str, tuple[datetime, Link]] = {}
    todo: list[tuple[str, FrontWay]] = [(urljoin(seed.home, "/robots.txt"), "robots-all")]
    todo += [(url, "sitemap") for url in seed.discover.sitemap]
    todo += [(url, "listing") for url in seed.discover.pages or (seed.home,)]
    asked: set[str] = set()
    known = past.known - past.left_out
    while todo and len(asked) < BACKFILL_FRONTS and not visit.late():
        url, way = todo.pop(0)
        if url in asked:
            continue
        left = min(len(asked) + len(todo) + 1, BACKFILL_FRONTS)
        visit.tell(f"asking for lists of stories ({len(found)} found)", len(asked), left)
        asked.add(url)
        links = await ask_front(visit, url, way)
        if links is None:
            continue
        async for link in yielding(links.items):
            key = canonical_key(link.url)
            when = told_date(link, visit)
            if key not in known and (when is None or when >= since) and wanted(link.url, seed):
                found.setdefault(key, (when or since, replace(link, url=published_form(link.url))))
        todo += [(child, "sitemap") for child in links.sitemaps]
        if way == "listing" and links.next_page and len(found) < limit:
            todo.append((links.next_page, "listing"))
    chosen = sorted(found.values(), key=lambda pair: pair[0].timestamp(), reverse=True)[:limit]
    for number, (_, link) in enumerate(chosen):
        if visit.late():
            visit.notes.append("the time of a visit is over; call it again for the rest")
            break
        visit.tell("reading stories", number, len(chosen))
        await read_story(visit, link, 0)
    kept = tuple(record for record in visit.records if record.published >= since)
    visit.fronts.clear()
    return replace(run_of(visit, len(found)), records=kept, queued=past.queued)
