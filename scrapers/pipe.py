"""The pipe: Seed → Run. The only place that knows the order of the steps.

It is given two doors, `fetch` and `read`; what they stand for (the web, worker processes; a dictionary, a direct
call) is not its business. Known trouble becomes a Failure in the Run; a bug goes through to the job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from .errors import CopydeskError, FetchError, Gone
from .fronts import offered
from .model import Draft, Failure, Fetch, Link, Links, Page, Past, Record, Request, Run, Sample, Seen
from .seed import Seed
from .stories import file_story, has_full_text, outcome_of, read_story, record_of, whole_draft
from .strange import strange
from .urls import canonical_key
from .visit import Read, Visit, VisitLimits, moment_of, run_of, told_date, wanted


async def scrape(
    seed: Seed,
    past: Past,
    fetch: Fetch,
    read: Read,
    *,
    clock: Callable[[], datetime],
    limits: VisitLimits | None = None,
) -> Run:
    """One visit of a source: its fronts, then every story that is not known yet, newest first."""
    limits = limits or VisitLimits()
    visit = Visit(seed, past, fetch, read, clock, limits, clock())
    links = await offered(visit)
    odd = None
    if visit.fronts and visit.unchanged < len(visit.fronts):
        odd = strange(links, past, visit.started, title=visit.title)
    if odd is not None:
        # nothing is published and nothing removed; the next visit reads the fronts whole
        visit.failures.insert(0, Failure(url=seed.home, kind="PageChanged", reason=odd))
        if visit.front is not None:
            visit.samples.insert(0, Sample(visit.front, odd))
        visit.fronts.clear()
        visit.unchanged = 0
        visit.queued += past.queued
    else:
        await _read_stories(visit, links)
    return run_of(visit, len(links))


async def revisit(
    seed: Seed,
    known: Sequence[Record],
    fetch: Fetch,
    read: Read,
    *,
    clock: Callable[[], datetime],
    limits: VisitLimits | None = None,
) -> Run:
    """Young articles looked at again with conditional requests: revised ones come back as records."""
    visit = Visit(seed, Past(), fetch, read, clock, limits or VisitLimits(), clock())
    for old in known:
        if visit.late():
            visit.queued.append(old.url)
            continue
        try:
            page = await fetch(Request(old.url, etag=old.etag, last_modified=old.last_modified, ca_file=seed.ca_file))
            if page.not_modified:
                visit.seen.append(Seen(old.url, "unchanged"))
                continue
            draft = await whole_draft(visit, page)
            record = record_of(visit, Link(old.url), draft, page)
        except CopydeskError as error:
            visit.fail(old.url, error)
            visit.seen.append(Seen(old.url, outcome_of(error), error.reason))
            if isinstance(error, FetchError) and error.retry_after is not None:
                break
            continue
        visit.records.append(record)
    return run_of(visit, 0)


async def scrape_page(url: str, seed: Seed, fetch: Fetch, read: Read, *, clock: Callable[[], datetime]) -> Record:
    """One article by its address. Raises CopydeskError."""
    visit = Visit(seed, Past(), fetch, read, clock, VisitLimits(), clock())
    page = await fetch(Request(url, ca_file=seed.ca_file, render=seed.render))
    return record_of(visit, Link(url), await whole_draft(visit, page), page)


async def _read_stories(visit: Visit, links: list[Link]) -> None:
    fresh, known = _candidates(visit, links)
    again = 0
    for link in known:
        if has_full_text(link.hint):
            file_story(visit, link, None)  # a feed that carries the text tells of revisions by itself
        elif _changed(visit, link) and again < visit.limits.again and not visit.late():
            again += 1
            await read_story(visit, link, 0)
        else:
            visit.seen.append(Seen(link.url, "known", way=link.way))
    most = visit.limits.first if visit.past.last_success is None else visit.limits.articles
    for position, link in enumerate(fresh):
        if position >= most:
            if visit.past.last_success is None:
                why = f"a first visit takes the newest {most}; `copydesk backfill` fetches older ones"
                visit.seen.append(Seen(link.url, "skipped", why, link.way))
            else:
                visit.queued.append(link.url)
            continue
        if visit.late() or visit.queued:
            visit.queued.append(link.url)
            continue
        await read_story(visit, link, position)
    for url in visit.queued:
        visit.seen.append(Seen(url, "queued", "left for the next visit"))


def _candidates(visit: Visit, links: list[Link]) -> tuple[list[Link], list[Link]]:
    """The links that are news, newest first, and those that are known."""
    known = visit.past.known
    fresh: list[Link] = []
    old: list[Link] = []
    for link in links:
        if not wanted(link.url, visit.seed):
            visit.seen.append(Seen(link.url, "skipped", "the seed's include or exclude keeps it out", link.way))
        elif canonical_key(link.url) in known:
            old.append(link)
        else:
            fresh.append(link)
    keys = {canonical_key(link.url) for link in fresh}
    fresh += [
        Link(url, way="queued", position=10_000 + place)
        for place, url in enumerate(visit.past.queued)
        if canonical_key(url) not in keys | known
    ]
    dated = [(told_date(link, visit), link) for link in fresh]
    with_date = sorted((pair for pair in dated if pair[0] is not None), key=lambda pair: pair[0] or visit.started)
    without = sorted((link for when, link in dated if when is None), key=lambda link: link.position)
    ordered = [link for _, link in reversed(with_date)] + without
    if visit.past.last_success is None:
        return ordered, old  # what is not read now is noted as such, or it would be news at the next visit
    return ordered[: visit.limits.candidates], old


def _changed(visit: Visit, link: Link) -> bool:
    """Whether a front says that a young article changed after its page was read last."""
    looked = visit.past.looked.get(canonical_key(link.url))
    told = moment_of(visit, link.hint.updated)
    return looked is not None and told is not None and looked < told <= visit.started


def directly(discover: Callable[..., Links], extract: Callable[..., Draft]) -> Read:
    """A `Read` without processes, for tests and `try`: the steps called as they are."""

    class Direct:
        async def links(self, page: Page, seed: Seed, past: Past, now: datetime) -> Links:
            return discover(page, seed, past, now=now)

        async def draft(self, page: Page, seed: Seed, now: datetime) -> Draft:
            return extract(page, seed, now=now)

    return Direct()


def pages_of(pages: Iterable[Page]) -> Fetch:
    """A `Fetch` that knows only these pages, for tests: a dictionary in place of the web."""
    table = {page.url: page for page in pages}

    async def fetch(request: Request) -> Page:
        try:
            return table[request.url]
        except KeyError:
            raise Gone("there is no such page", url=request.url, status=404) from None

    return fetch
