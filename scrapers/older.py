"""Older stories of a source, fetched when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin

from .fronts import ask_front
from .model import Fetch, Link, Past, Run
from .seed import Seed
from .stories import read_story
from .urls import canonical_key, published_form
from .visit import Read, Visit, VisitLimits, run_of, told_date, wanted

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
) -> Run:
    """Older stories of a source, from its sitemaps and the next pages of its listings, newest first.

    At most `limit` stories that are not known and, as far as their links tell a date, not older than `since`.
    """
    limits = limits or VisitLimits()
    visit = Visit(seed, replace(past, fronts=(), queued=()), fetch, read, clock, limits, clock())
    found: dict[str, Link] = {}
    todo = [(urljoin(seed.home, "/robots.txt"), "robots-all"), *((url, "sitemap") for url in seed.discover.sitemap)]
    todo += [(url, "listing") for url in seed.discover.pages or (seed.home,)]
    asked: set[str] = set()
    while todo and len(asked) < BACKFILL_FRONTS and not visit.late():
        url, way = todo.pop(0)
        if url in asked:
            continue
        asked.add(url)
        links = await ask_front(visit, url, way)
        if links is None:
            continue
        for link in links.items:
            key = canonical_key(link.url)
            when = told_date(link, visit)
            if key not in past.known and (when is None or when >= since) and wanted(link.url, seed):
                found.setdefault(key, replace(link, url=published_form(link.url)))
        todo += [(child, "sitemap") for child in links.sitemaps]
        if way == "listing" and links.next_page and len(found) < limit:
            todo.append((links.next_page, "listing"))
    dated = sorted(found.values(), key=lambda link: (told_date(link, visit) or since).timestamp(), reverse=True)
    for link in dated[:limit]:
        if visit.late():
            visit.notes.append("the time of a visit is over; call it again for the rest")
            break
        await read_story(visit, link, 0)
    kept = tuple(record for record in visit.records if record.published >= since)
    visit.fronts.clear()
    return replace(run_of(visit, len(found)), records=kept, queued=past.queued)
