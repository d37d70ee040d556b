"""The pipe: Seed → Run. The only place that knows the order of the steps.

It is given two callables, `fetch` and `read`: the web and worker processes, or a dictionary and direct calls in tests.
Known errors become Failures in the Run; a bug goes through to the job.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence, Set
from datetime import UTC, datetime, timedelta

from ..errors import CopydeskError, FetchError, Gone
from ..model import (
    LEFT_OUT,
    WAITING,
    Article,
    Draft,
    Failure,
    Fetch,
    File,
    Link,
    Links,
    Page,
    Past,
    Progress,
    Reading,
    Record,
    Request,
    Run,
    Sample,
    Seen,
)
from ..seed.seed import Seed
from ..urls.key import canonical_key
from .articles import file_story, not_of_one, outcome_of, read_story, record_of, whole_draft
from .cooperative_iteration import yielding
from .front_anomaly import front_anomaly, moved
from .fronts import offered
from .page_and_link import doubt, doubt_story, has_full_text, read_record, reading
from .run_builder import Read, RunBuilder, VisitLimits, moment_of, run_of, told_date, wanted

AGAIN = timedelta(minutes=30)  # least time between two looks at one article that its front calls changed ...
AGAIN_SHARE = 0.1  # ... and so much of its age
BY_DATE = ("rss", "wordpress", "sitemap", "sitemap-part")  # ways ordered by date, not by place on the page
LATER = {"sitemap": 1, "sitemap-part": 1, "state": 2, "data": 2, "queued": 3}  # ways that readers do not see
EARLY = timedelta(seconds=3)  # between two early deliveries of a first visit's records
AGE = timedelta(days=1)  # age of an article whose front tells no date


Early = Callable[[Sequence[Record]], Awaitable[None]]


async def scrape(
    seed: Seed,
    past: Past,
    fetch: Fetch,
    read: Read,
    *,
    clock: Callable[[], datetime],
    limits: VisitLimits | None = None,
    early: Early | None = None,
    progress: Progress | None = None,
    files: Iterable[File] = (),
) -> Run:
    """One visit of a source: its fronts, then every story that is not known yet, newest first.

    During a first visit `early` is called every few seconds with the new records, which are in the Run as well.
    `progress` is told of each story. `files` are those of young articles, which may be read again: their servers were
    asked for type and length before.
    """
    limits = limits or VisitLimits()
    visit = RunBuilder(seed, past, fetch, read, clock, limits, clock(), progress=progress)
    visit.known_files = {file.url: file for file in files}
    visit.tell("asking where it offers its stories")
    links = await offered(visit)
    anomaly = None
    if visit.fronts and visit.unchanged < len(visit.fronts):
        anomaly = front_anomaly(links, past, visit.started, title=visit.title, source=seed.name)
    if anomaly is not None:
        # nothing is published and nothing removed; the next visit reads the fronts whole
        visit.failures.insert(0, Failure(url=seed.home, kind="PageChanged", reason=anomaly))
        if visit.front is not None:
            visit.samples.insert(0, Sample(visit.front, anomaly))
        visit.fronts.clear()
        visit.unchanged = 0
        visit.queued += past.queued
    else:
        await _read_stories(visit, links, early if past.last_success is None else None)
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
    visit = RunBuilder(seed, Past(), fetch, read, clock, limits or VisitLimits(), clock())
    refused = False  # the host asked us to wait
    for old in known:
        if visit.late() or refused:
            visit.seen.append(Seen(old.url, "queued", "left for later", record=old.id))
            continue
        try:
            page = await fetch(Request(old.url, etag=old.etag, last_modified=old.last_modified, ca_file=seed.ca_file))
            if page.not_modified:
                visit.seen.append(Seen(old.url, "unchanged", record=old.id))
                continue
            draft = await whole_draft(visit, page)
            doubt(draft, Draft(title=old.title), page.url)
            doubt_story(draft, Draft(title=old.title, text=old.text), page.url, old.publisher)
            visit.known_files = {file.url: file for file in old.files}
            record = await record_of(visit, Link(old.url), draft, page)
        except CopydeskError as error:
            visit.fail(old.url, error)
            visit.seen.append(Seen(old.url, outcome_of(error), error.reason, record=old.id))
            if isinstance(error, FetchError) and error.retry_after is not None:
                refused = True
            continue
        visit.records.append(record)
        visit.seen.append(Seen(old.url, "kept", record=old.id))
    return run_of(visit, 0)


async def scrape_page(url: str, seed: Seed, fetch: Fetch, read: Read, *, clock: Callable[[], datetime]) -> Record:
    """One article by its address. Raises CopydeskError."""
    visit = RunBuilder(seed, Past(), fetch, read, clock, VisitLimits(), clock())
    page = await fetch(Request(url, ca_file=seed.ca_file, render=seed.render))
    draft = await whole_draft(visit, page)
    doubt(draft, Draft(), page.url)
    return await record_of(visit, Link(url), draft, page)


async def _read_stories(visit: RunBuilder, links: list[Link], early: Early | None) -> None:
    told_early: set[str] = set()
    last = visit.started
    fresh, known = await _candidates(visit, links)
    again = 0
    for link in known:
        if has_full_text(link.hint) and canonical_key(link.url) not in visit.past.closed:
            await file_story(visit, link, None)  # a feed with full text announces its revisions itself
        elif _changed(visit, link) and again < visit.limits.again and not visit.late():
            again += 1
            await read_story(visit, link, 0)
        else:
            visit.seen.append(Seen(link.url, "known", way=link.way))
    most = visit.limits.first if visit.past.last_success is None else visit.limits.articles
    for position, link in enumerate(fresh):
        if position >= most:
            if visit.past.last_success is None:
                why = f"{LEFT_OUT} the first visit, which takes {most}; `copydesk backfill` fetches it"
                visit.seen.append(Seen(link.url, "skipped", why, link.way))
            else:
                visit.queued.append(link.url)
            continue
        if visit.late() or visit.queued:
            visit.queued.append(link.url)
            continue
        visit.tell("reading stories", position, min(len(fresh), most))
        await read_story(visit, link, position)
        if early is not None and visit.clock() - last >= EARLY and (new := _sure(visit, told_early)):
            await early(new)
            told_early.update(record.key for record in new)
            last = visit.clock()
    if visit.past.last_success is None and len(fresh) > most:
        told = f"the first {most} stories were taken; {len(fresh) - most} others wait {WAITING}"
        visit.notes.insert(0, told)
    await not_of_one(visit)
    postponed = {one.url for one in visit.seen if one.outcome == "postponed"}
    for url in visit.queued:
        if url not in postponed:
            visit.seen.append(Seen(url, "queued", "left for the next visit"))


def _sure(visit: RunBuilder, told: Set[str]) -> list[Record]:
    """The records that may be delivered before the visit ends: those whose text occurs on no other page of it.

    The newest one waits for the next: a consent or login wall shows the same text for every story.
    """
    texts = Counter(record.text for record in visit.records)
    return [record for record in visit.records[:-1] if texts[record.text] == 1 and record.key not in told]


async def _candidates(visit: RunBuilder, links: list[Link]) -> tuple[list[Link], list[Link]]:
    """The links that are news, newest first, and those that are known."""
    known = visit.past.known
    fresh: dict[str, Link] = {}
    old: list[Link] = []
    async for link in yielding(links):
        key = canonical_key(link.url)
        if not wanted(link.url, visit.seed):
            visit.seen.append(Seen(link.url, "skipped", "the seed's include or exclude keeps it out", link.way))
        elif key in known:
            old.append(link)
        else:
            fresh[key] = link
    for place, url in enumerate(visit.past.queued):
        key = canonical_key(url)
        if key not in known:
            fresh.setdefault(key, Link(url, way="queued", position=10_000 + place))
    ordered = await _in_order(visit, list(fresh.values()))
    if visit.past.last_success is None:
        return ordered, old  # note what is not read now, or it would count as news at the next visit
    return ordered[: visit.limits.candidates], old


async def _in_order(visit: RunBuilder, links: list[Link]) -> list[Link]:
    """The stories in the order in which they are read.

    First those that readers see, in the order of the front, with a feed's stories in between by date; then those of
    sitemaps, then those only in a page's data. Stories that merely moved come last.
    """
    dates: dict[str, datetime | None] = {}
    only_moved: dict[str, bool] = {}
    async for link in yielding(links):
        dates[link.url], only_moved[link.url] = told_date(link, visit), moved(link, visit.past, visit.seed.name)
    oldest = datetime.min.replace(tzinfo=UTC)
    newest_first = sorted(links, key=lambda link: (dates[link.url] or oldest, -link.position), reverse=True)
    age = {link.url: place for place, link in enumerate(one for one in newest_first if one.way in BY_DATE)}

    def rank(link: Link) -> tuple[bool, int, int, int]:
        kind = LATER.get(link.way, 0)
        place = age[link.url] if link.way in BY_DATE else link.position
        if link.way == "rss" and link.seen_at is not None:
            place = min(place, link.seen_at)
        return only_moved[link.url], kind, place, link.position

    return sorted(links, key=rank)


def _changed(visit: RunBuilder, link: Link) -> bool:
    """Whether a front says that a young article changed since it was last read, and that read was long enough ago."""
    looked = visit.past.looked.get(canonical_key(link.url))
    told = moment_of(visit, link.hint.updated)
    if looked is None or told is None or not looked < told <= visit.started:
        return False
    published = told_date(link, visit)
    age = visit.started - published if published is not None else AGE
    return visit.started - looked >= max(AGAIN, age * AGAIN_SHARE)


def directly(discover: Callable[..., Links], extract: Callable[..., Draft]) -> Read:
    """A `Read` without processes, for tests and `try`: the steps called as they are."""

    class Direct:
        async def links(self, page: Page, seed: Seed, past: Past, now: datetime) -> Links:
            return discover(page, seed, past, now=now)

        async def draft(self, page: Page, seed: Seed, now: datetime) -> Draft:
            return extract(page, seed, now=now)

        async def record(self, article: Article, seed: Seed) -> Record:
            return read_record(article, seed)

        async def story(self, page: Page, article: Article, seed: Seed, *, telling: bool) -> Reading:
            return reading(extract(page, seed, now=article.first_seen), article, seed, telling=telling)

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
