"""Pages and items from an archive or an earlier crawl, read as a visit reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf

from ..errors import Gone
from ..model import Draft, Link, Page, Past, Request, Run, Seen
from ..seed.seed import Seed
from ..urls.key import canonical_key
from .articles import file_story, read_story
from .run_builder import Read, RunBuilder, VisitLimits, run_of


@dataclass(frozen=True, slots=True)
class Given:
    """An article that was kept elsewhere: its page, or the data about it, and when it was fetched."""

    url: str
    at: datetime  # aware
    page: Page | None = None
    told: Draft = field(default_factory=Draft)


async def read_given(
    seed: Seed, past: Past, given: Sequence[Given], read: Read, *, clock: Callable[[], datetime]
) -> Run:
    """A Run with the records of the given articles; an article's first-seen time is when it was fetched.

    Known articles stay as they are: an archived page is no newer version. Further pages of an article are looked up
    among the given ones.
    """
    pages = {canonical_key(one.url): one.page for one in given if one.page is not None}

    async def fetch(request: Request) -> Page:
        page = pages.get(canonical_key(request.url))
        if page is None:
            raise Gone("is not in what was imported", url=request.url, source=seed.name)
        return page

    visit = RunBuilder(seed, past, fetch, read, clock, VisitLimits(deadline=inf), clock())
    done = set(past.known)
    for one in given:
        link = Link(one.url, "queued", one.told)
        if (key := canonical_key(one.url)) in done:
            visit.seen.append(Seen(one.url, "known", way=link.way))
            continue
        done.add(key)
        at_its_time = replace(visit, started=one.at)  # its lists are those of `visit`
        if one.page is None:
            await file_story(at_its_time, link, None)
        else:
            await read_story(at_its_time, link, 0)
    return run_of(visit, len(given))
