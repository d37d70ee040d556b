"""Older stories of a source, fetched on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin

from ..model import LEFT_OUT, Fetch, FrontWay, Link, Past, Progress, Run
from ..seed.ownership import pointer_key
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
    """Older stories of a source: what its first visit left out, then from its feeds, its sitemaps and the next pages of
    its listings, newest first.

    At most `limit` stories that are not known and, as far as their links tell a date, not older than `since`.
    `progress` is told of each list and each story that is asked for.
    """
    limits = limits or VisitLimits()
    visit = RunBuilder(
        seed, replace(past, fronts=(), queued=()), fetch, read, clock, limits, clock(), progress=progress
    )
    found: dict[str, tuple[datetime, Link]] = {}
    todo: list[tuple[str, FrontWay]] = [(urljoin(seed.home, "/robots.txt"), "robots-all")]
    feeds = [front.url for front in past.fronts if front.way == "rss"]
    todo += [(url, "rss") for url in dict.fromkeys([*seed.discover.rss, *feeds])]
    todo += [(url, "sitemap") for url in seed.discover.sitemap]
    todo += [(url, "listing") for url in seed.discover.pages or (seed.home,)]
    asked: set[str] = set()
    told_old: set[str] = set()
    left_out = {canonical_key(url): url for url in sorted(past.left_out) if wanted(url, seed)}
    known = past.known - left_out.keys()
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
            if when is not None and when < since:
                told_old.add(key)
            elif key not in known and wanted(link.url, seed):
                found.setdefault(key, (when or since, replace(link, url=published_form(link.url))))
        todo += [(child, "sitemap") for child in links.sitemaps]
        if way == "listing" and links.next_page and len(found) < limit:
            todo.append((links.next_page, "listing"))
    for key, url in left_out.items():
        if key not in told_old:
            found.setdefault(key, (since, Link(url, way="queued")))
    newest = sorted(found.items(), key=lambda one: (one[0] in left_out, one[1][0].timestamp()), reverse=True)
    chosen = [link for _, (_, link) in newest[:limit]]
    for number, link in enumerate(chosen):
        if visit.late():
            visit.notes.append("the time of a visit is over; call it again for the rest")
            break
        visit.tell("reading stories", number, len(chosen))
        await read_story(visit, link, 0)
    kept = tuple(record for record in visit.records if record.published >= since)
    names = {name for record in kept for name in record.aliases}
    for place, one in enumerate(visit.seen):
        key = canonical_key(one.url)
        if one.outcome == "kept" and names.isdisjoint((key, pointer_key(seed.name, key))):
            why = f"{LEFT_OUT} a backfill: it is older than was asked for"
            visit.seen[place] = replace(one, outcome="skipped", why=why)
    visit.fronts.clear()
    return replace(run_of(visit, len(found)), records=kept, queued=past.queued)
