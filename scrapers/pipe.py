"""The pipe: Seed → Run. The only place that knows the order of the steps.

It is given two doors, `fetch` and `read`; what they stand for (the web, worker processes; a dictionary, a direct
call) is not its business. Known trouble becomes a Failure in the Run; a bug goes through to the job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urljoin

from . import dates
from .discover import shape, sitemaps_of_robots
from .errors import CopydeskError, FetchError, Gone, Refused
from .model import Draft, Failure, Fetch, Front, Kind, Link, Links, Outcome, Page, Past, Record, Request, Run, Seen
from .normalise import normalise
from .seed import Seed
from .strange import strange
from .urls import canonical_key, published_form

WHOLE_AFTER = timedelta(days=1)  # a front is read whole at least so often, whatever its validators say
WHOLE_AFTER_UNCHANGED = 50
FULL_TEXT = 1000  # characters from which a feed's own text counts as the article
BACKFILL_FRONTS = 30  # sitemaps and listing pages that a backfill asks for
CUT_ENDS = ("…", "...", "[…]", "[...]", "[&#8230;]", "read more", "continue reading", "weiterlesen", "leer más")


class Read(Protocol):
    """The second door: a page in, what it says out. Raises CopydeskError."""

    async def links(self, page: Page, seed: Seed, past: Past, now: datetime) -> Links:
        """The stories that a front offers."""

    async def draft(self, page: Page, seed: Seed, now: datetime) -> Draft:
        """What an article's page seems to say."""


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """How much one visit may take (RELIABILITY P6, F1)."""

    candidates: int = 200
    articles: int = 50
    first: int = 30  # articles of a first visit
    again: int = 10  # known articles that a front calls changed
    parts: int = 10  # pages of one article
    deadline: float = 600.0  # seconds


@dataclass(slots=True)
class _Visit:
    """What a visit has gathered so far."""

    seed: Seed
    past: Past
    fetch: Fetch
    read: Read
    clock: Callable[[], datetime]
    limits: VisitLimits
    started: datetime
    records: list[Record] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    fronts: dict[str, Front] = field(default_factory=dict)
    queued: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ways: dict[str, int] = field(default_factory=dict)
    fresh_for: float | None = None
    title: str | None = None
    language: str | None = None
    redirected: str | None = None
    unchanged: int = 0

    def late(self) -> bool:
        return (self.clock() - self.started).total_seconds() > self.limits.deadline

    def fail(self, url: str, error: CopydeskError) -> None:
        self.failures.append(
            Failure(
                url=error.url or url,
                kind=type(error).__name__,
                reason=error.reason,
                status=getattr(error, "status", None),
                retry_after=getattr(error, "retry_after", None),
            )
        )


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
    visit = _Visit(seed, past, fetch, read, clock, limits, clock())
    links = await _offered(visit)
    odd = None
    if visit.fronts and visit.unchanged < len(visit.fronts):
        odd = strange(links, past, visit.started, title=visit.title)
    if odd is not None:
        # nothing is published and nothing removed; the next visit reads the fronts whole
        visit.failures.insert(0, Failure(url=seed.home, kind="PageChanged", reason=odd))
        visit.fronts.clear()
        visit.unchanged = 0
        visit.queued += past.queued
    else:
        await _read_stories(visit, links)
    return _run(visit, len(links))


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
    visit = _Visit(seed, Past(), fetch, read, clock, limits or VisitLimits(), clock())
    for old in known:
        if visit.late():
            visit.queued.append(old.url)
            continue
        try:
            page = await fetch(Request(old.url, etag=old.etag, last_modified=old.last_modified, ca_file=seed.ca_file))
            if page.not_modified:
                visit.seen.append(Seen(old.url, "unchanged"))
                continue
            draft = await _whole(visit, page)
            record = _normalised(visit, Link(old.url), draft, page)
        except CopydeskError as error:
            visit.fail(old.url, error)
            visit.seen.append(Seen(old.url, _outcome_of(error), error.reason))
            if isinstance(error, FetchError) and error.retry_after is not None:
                break
            continue
        visit.records.append(record)
    return _run(visit, 0)


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
    visit = _Visit(seed, replace(past, fronts=(), queued=()), fetch, read, clock, limits, clock())
    found: dict[str, Link] = {}
    todo = [(urljoin(seed.home, "/robots.txt"), "robots-all"), *((url, "sitemap") for url in seed.discover.sitemap)]
    todo += [(url, "listing") for url in seed.discover.pages or (seed.home,)]
    asked: set[str] = set()
    while todo and len(asked) < BACKFILL_FRONTS and not visit.late():
        url, way = todo.pop(0)
        if url in asked:
            continue
        asked.add(url)
        links = await _front(visit, url, way)
        if links is None:
            continue
        for link in links.items:
            key = canonical_key(link.url)
            when = _when(link, visit)
            if key not in past.known and (when is None or when >= since) and _wanted(link.url, seed):
                found.setdefault(key, replace(link, url=published_form(link.url)))
        todo += [(child, "sitemap") for child in links.sitemaps]
        if way == "listing" and links.next_page and len(found) < limit:
            todo.append((links.next_page, "listing"))
    dated = sorted(found.values(), key=lambda link: (_when(link, visit) or since).timestamp(), reverse=True)
    for link in dated[:limit]:
        if visit.late():
            visit.notes.append("the time of a visit is over; call it again for the rest")
            break
        await _story(visit, link, 0)
    kept = tuple(record for record in visit.records if record.published >= since)
    visit.fronts.clear()
    return replace(_run(visit, len(found)), records=kept, queued=past.queued)


async def scrape_page(url: str, seed: Seed, fetch: Fetch, read: Read, *, clock: Callable[[], datetime]) -> Record:
    """One article by its address. Raises CopydeskError."""
    visit = _Visit(seed, Past(), fetch, read, clock, VisitLimits(), clock())
    page = await fetch(Request(url, ca_file=seed.ca_file, render=seed.render))
    return _normalised(visit, Link(url), await _whole(visit, page), page)


# --- the fronts


async def _offered(visit: _Visit) -> list[Link]:
    """The stories of every front, joined by their key; what one way does not tell, another one may."""
    found: dict[str, Link] = {}
    todo = _planned(visit.seed, visit.past)
    asked: set[str] = set()
    while todo:
        url, way = todo.pop(0)
        if url in asked or visit.late():
            continue
        asked.add(url)
        links = await _front(visit, url, way)
        if links is None:
            continue
        for offered in links.items:
            link = replace(offered, url=published_form(offered.url))  # a tracking parameter names no other page
            key = canonical_key(link.url)
            other = found.get(key)
            if other is None:
                found[key] = link
            else:
                first, second = (link, other) if _trust(link.way) > _trust(other.way) else (other, link)
                found[key] = replace(first, hint=first.hint.or_else(second.hint))
        todo += _further(visit, url, way, links, len(asked))
    return list(found.values())


def _planned(seed: Seed, past: Past) -> list[tuple[str, str]]:
    """The fronts to ask: those that the seed names, else the home page and what it led to before."""
    told = seed.discover
    if told.rss or told.sitemap or told.pages:
        return (
            [(url, "rss") for url in told.rss]
            + [(url, "sitemap") for url in told.sitemap]
            + [(url, "listing") for url in told.pages]
        )
    remembered = [(front.url, front.way) for front in past.fronts if front.way != "listing" and front.url != seed.home]
    return [(seed.home, "listing"), *remembered[:5]]


def _further(visit: _Visit, url: str, way: str, links: Links, asked: int) -> list[tuple[str, str]]:
    """Where a front leads: its next pages, the best declared feed, the children of a sitemap index."""
    told = visit.seed.discover
    further: list[tuple[str, str]] = []
    if links.next_page and way == "listing" and told.next_pages > asked - 1:
        further.append((links.next_page, "next"))
    if told.rss or told.sitemap or told.pages:
        return further + ([(child, "sitemap-part") for child in links.sitemaps[:3]] if way == "sitemap" else [])
    if way == "listing":
        known = {front.way for front in visit.past.fronts}
        if "rss" not in known:
            further += [(feed, "rss") for feed in links.feeds[:1]]
        if "sitemap" not in known:
            further += [(sitemap, "sitemap") for sitemap in links.sitemaps[:1]]
        if visit.past.last_success is None:
            further.append((urljoin(url, "/robots.txt"), "robots"))
    elif way in ("sitemap", "sitemap-part") and asked < 8:
        further += [(child, "sitemap-part") for child in links.sitemaps[:3]]
    elif way == "robots":
        further += [(sitemap, "sitemap") for sitemap in links.sitemaps[:1]]
    return further


async def _front(visit: _Visit, url: str, way: str) -> Links | None:
    """One front, asked for with its validators; None when it did not change or could not be had."""
    kinds: dict[str, Kind] = {
        "rss": "feed",
        "sitemap": "sitemap",
        "sitemap-part": "sitemap",
        "robots": "robots",
        "robots-all": "robots",
    }
    before = next((front for front in visit.past.fronts if front.url == url), None)
    conditional = (
        before is not None
        and before.whole is not None
        and visit.started - before.whole < WHOLE_AFTER
        and before.unchanged < WHOLE_AFTER_UNCHANGED
        and visit.past.failures == 0
        and not visit.past.queued
    )
    request = Request(
        url,
        kind=kinds.get(way, "page"),
        etag=before.etag if before and conditional else None,
        last_modified=before.last_modified if before and conditional else None,
        ca_file=visit.seed.ca_file,
        render=visit.seed.render and way in ("listing", "next"),
    )
    try:
        page = await visit.fetch(request)
        if way == "robots-all":
            return Links(sitemaps=tuple(sitemaps_of_robots(page.body.decode("utf-8", "replace"))))
        if way == "robots":
            news = [s for s in sitemaps_of_robots(page.body.decode("utf-8", "replace")) if "news" in s.lower()]
            return Links(sitemaps=tuple(news))
        if page.fresh_for and way in ("listing", "rss"):
            visit.fresh_for = min(page.fresh_for, visit.fresh_for or page.fresh_for)
        if page.not_modified and before is not None:
            visit.unchanged += 1
            visit.fronts[url] = replace(before, unchanged=before.unchanged + 1)
            return None
        slim = Past(navigation=visit.past.navigation, shapes=visit.past.shapes, last_success=visit.past.last_success)
        links = await visit.read.links(page, visit.seed, slim, visit.started)
    except CopydeskError as error:
        # robots.txt and the parts of a sitemap are a bonus: their absence is no failure of the source
        if way in ("robots", "robots-all", "sitemap-part", "next"):
            visit.notes.append(f"{url}: {error.reason}")
        else:
            visit.fail(url, error)
        return None
    if url == visit.seed.home:
        moved = page.hops and all(hop.status in (301, 308) for hop in page.hops)
        visit.redirected = page.url if moved else None
    if way not in ("next", "sitemap-part"):
        visit.fronts[url] = Front(
            url=url,
            way=way,
            etag=page.etag,
            last_modified=page.last_modified,
            whole=visit.started,
            links=len(links.items),
        )
    visit.title = visit.title or links.title
    visit.language = visit.language or links.language
    visit.notes += links.notes
    kind = "listing" if way == "next" else "sitemap" if way == "sitemap-part" else way
    visit.ways[kind] = visit.ways.get(kind, 0) + len(links.items)
    return links


def _trust(way: str) -> int:
    return {"rss": 3, "wordpress": 3, "sitemap": 2}.get(way, 1)


# --- the stories


async def _read_stories(visit: _Visit, links: list[Link]) -> None:
    fresh, known = _candidates(visit, links)
    again = 0
    for link in known:
        if _full_text(link.hint):
            _take(visit, link, None)  # a feed that carries the text tells of revisions by itself
        elif _changed(visit, link) and again < visit.limits.again and not visit.late():
            again += 1
            await _story(visit, link, 0)
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
        await _story(visit, link, position)
    for url in visit.queued:
        visit.seen.append(Seen(url, "queued", "left for the next visit"))


def _candidates(visit: _Visit, links: list[Link]) -> tuple[list[Link], list[Link]]:
    """The links that are news, newest first, and those that are known."""
    known = visit.past.known
    fresh: list[Link] = []
    old: list[Link] = []
    for link in links:
        if not _wanted(link.url, visit.seed):
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
    dated = [(_when(link, visit), link) for link in fresh]
    with_date = sorted((pair for pair in dated if pair[0] is not None), key=lambda pair: pair[0] or visit.started)
    without = sorted((link for when, link in dated if when is None), key=lambda link: link.position)
    ordered = [link for _, link in reversed(with_date)] + without
    return ordered[: visit.limits.candidates], old


def _wanted(url: str, seed: Seed) -> bool:
    told = seed.discover
    if told.include and not any(part in url for part in told.include):
        return False
    return not any(part in url for part in told.exclude)


def _changed(visit: _Visit, link: Link) -> bool:
    """Whether a front says that a young article changed after its page was read last."""
    looked = visit.past.looked.get(canonical_key(link.url))
    told = _moment(visit, link.hint.updated)
    return looked is not None and told is not None and looked < told <= visit.started


def _when(link: Link, visit: _Visit) -> datetime | None:
    return _moment(visit, link.hint.published)


def _moment(visit: _Visit, text: str | None) -> datetime | None:
    if not text:
        return None
    moment = dates.read(text, language=visit.seed.language, timezone=visit.seed.timezone, now=visit.started)
    if moment is None:
        return None
    return moment.when if moment.when.tzinfo else moment.when.replace(tzinfo=visit.started.tzinfo)


async def _story(visit: _Visit, link: Link, position: int) -> None:
    """One story: its page read, or taken whole from the feed; what the link told fills the gaps."""
    if _full_text(link.hint):
        _take(visit, link, None, position)
        return
    try:
        page = await visit.fetch(Request(link.url, ca_file=visit.seed.ca_file, render=visit.seed.render))
        draft = await _whole(visit, page)
    except Refused as error:
        if error.retry_after is not None:
            visit.queued.append(link.url)
            visit.fail(link.url, error)
        elif link.way == "rss" and link.hint.title and link.hint.subtitle:
            # the page is closed to us, but the publisher offers title and summary in the feed
            hint = replace(link.hint, text=link.hint.subtitle, html=None, paywalled=True)
            _take(visit, replace(link, hint=hint), None, position)
        else:
            visit.fail(link.url, error)
            visit.seen.append(Seen(link.url, "refused", error.reason, link.way))
        return
    except CopydeskError as error:
        visit.fail(link.url, error)
        visit.seen.append(Seen(link.url, _outcome_of(error), error.reason, link.way))
        return
    _take(visit, replace(link, hint=draft.or_else(replace(link.hint, html=None, text=None))), page, position)


def _take(visit: _Visit, link: Link, page: Page | None, position: int = 0) -> None:
    """File a story as a record of this visit, or say why it is none."""
    try:
        record = _normalised(visit, link, link.hint, page, position)
    except CopydeskError as error:
        visit.fail(link.url, error)
        visit.seen.append(Seen(link.url, "failed", error.reason, link.way))
        return
    visit.records.append(record)
    visit.seen.append(Seen(link.url, "kept", way=link.way))


def _normalised(visit: _Visit, link: Link, draft: Draft, page: Page | None, position: int = 0) -> Record:
    record = normalise(
        draft,
        url=page.url if page else link.url,
        asked=link.url,
        seed=visit.seed,
        first_seen=visit.started,
        position=position if visit.past.last_success is None else 0,
        site_title=visit.title,
    )
    way = "page" if page else "hint" if draft.paywalled and draft.text == draft.subtitle else "feed"
    return replace(
        record, way=way, etag=page.etag if page else None, last_modified=page.last_modified if page else None
    )


async def _whole(visit: _Visit, page: Page) -> Draft:
    """The draft of an article, its further pages joined."""
    draft = await visit.read.draft(page, visit.seed, visit.started)
    seen = {canonical_key(page.url)}
    texts, htmls = [draft.text or ""], [draft.html or ""]
    following = draft.next_page
    while following and canonical_key(following) not in seen and len(seen) < visit.limits.parts and not visit.late():
        seen.add(canonical_key(following))
        try:
            part = await visit.read.draft(
                await visit.fetch(Request(following, ca_file=visit.seed.ca_file)), visit.seed, visit.started
            )
        except CopydeskError as error:
            visit.notes.append(f"{following}: {error.reason}")
            break
        texts.append(part.text or "")
        htmls.append(part.html or "")
        following = part.next_page
    if len(texts) == 1:
        return draft
    return replace(draft, text="\n".join(filter(None, texts)), html="".join(htmls))


def _full_text(hint: Draft) -> bool:
    """Whether a feed's item carries the article itself, not its beginning."""
    text = (hint.text or "").rstrip()
    return len(text) >= FULL_TEXT and not text[-40:].casefold().endswith(CUT_ENDS)


def _outcome_of(error: CopydeskError) -> Outcome:
    if isinstance(error, Gone):
        return "gone"
    return "refused" if isinstance(error, Refused) else "failed"


def _run(visit: _Visit, links: int) -> Run:
    shapes = dict(visit.past.shapes)
    for record in visit.records:
        pattern = shape(record.url)
        shapes[pattern] = shapes.get(pattern, 0) + 1
    return Run(
        source=visit.seed.name,
        started=visit.started,
        finished=visit.clock(),
        records=tuple(visit.records),
        failures=tuple(visit.failures),
        seen=tuple(visit.seen),
        fronts=tuple(visit.fronts.values()),
        queued=tuple(visit.queued),
        fresh_for=visit.fresh_for,
        title=visit.title,
        language=visit.language,
        links=links,
        unchanged=bool(visit.fronts) and visit.unchanged == len(visit.fronts),
        redirected=visit.redirected,
        ways=visit.ways,
        shapes=dict(sorted(shapes.items(), key=lambda item: (-item[1], item[0]))[:30]),
        notes=tuple(visit.notes[:20]),
    )


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
