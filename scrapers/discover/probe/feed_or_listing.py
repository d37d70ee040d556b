"""`copydesk add URL`: which ways a site offers to its stories, ranked, and the seed that follows from them.

At most 12 requests through the `Fetch` that it is given; nothing is stored.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ...errors import CopydeskError, PageChanged, SeedError
from ...model import Fetch, Kind, Link, Links, Page, Request
from ...page import dates
from ...seed.seed import RESERVED, Discover, Expect, Seed
from ...urls.key import canonical_key
from ...urls.site import host, join, registrable, site
from ...urls.time_zones import time_zone_of
from ..feeds.robots import sitemaps_of_robots
from .declared import COMMON, cms_of, guesses, is_article, is_made_by_scripts

MAX_REQUESTS = 12
MAX_FEEDS = 3  # declared feeds that are asked
SAMPLES = 30  # stories of a way that are told
FULL_TEXT = 1000  # characters
FIELDS = ("title", "date", "summary", "image", "author", "full text")
_TRUST = {"rss": 40.0, "wordpress": 30.0, "news sitemap": 25.0, "listing": 15.0, "page state": 15.0, "sitemap": 0.0}
_LISTINGS = ("listing", "page state")  # a page for visitors, its stories read from its links or from its data
_FEW = 3  # stories; a page of a site shows more
_STALE = 14  # days that a way may lag behind the newest story of the others

ReadLinks = Callable[[Page], Awaitable[Links]]
"""Reads the links of a page in a worker process, where a crash does no harm."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the stories of a site, as it was found."""

    way: str  # "rss", "wordpress", "news sitemap", "sitemap", "listing", "page state"
    url: str
    stories: int
    coverage: Mapping[str, int]  # field → per cent of the stories that have it
    newest: str | None  # ISO 8601
    samples: tuple[Link, ...]
    score: float = 0.0
    why: str = ""  # why it is ranked here, in words
    keys: frozenset[str] = frozenset()  # canonical keys of its stories
    per_day: float | None = None
    declared: bool = False  # the site names it itself
    index: str | None = None  # the index of sitemaps that led to it: its parts get new names each month or year


@dataclass(frozen=True, slots=True)
class Survey:
    """What a site offers, best way first, and the seed that is proposed."""

    home: str
    title: str | None
    language: str | None
    cms: str | None
    ways: tuple[Way, ...]
    failures: tuple[tuple[str, str], ...]  # (address, why it gave nothing)
    requests: int
    seed: Seed
    reasons: Mapping[str, str] = field(default_factory=dict)  # key of the seed → why it is there


@dataclass(slots=True)
class _Search:
    fetch: Fetch
    read_links: ReadLinks
    ways: list[Way] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    rendered: bool = False  # its page gave its stories through a browser alone

    def may_ask(self, url: str) -> bool:
        return url not in self.asked and len(self.asked) < MAX_REQUESTS

    async def page(self, url: str, kind: Kind) -> Page | None:
        """A page, or None with its failure noted; nothing is asked twice or past the budget."""
        if not self.may_ask(url):
            return None
        self.asked.add(url)
        try:
            return await self.fetch(Request(url, kind=kind))
        except CopydeskError as error:
            self.failures.append((url, error.reason))
            return None

    async def links(self, page: Page) -> Links | None:
        try:
            return await self.read_links(page)
        except CopydeskError as error:
            self.failures.append((page.url, error.reason))
            return None

    async def way(self, way: str, url: str, *, declared: bool = False, index: str | None = None) -> Way | None:
        """Fetch one way and note it if it gives stories; an index of sitemaps is followed one step."""
        kind: Kind = "feed" if way == "rss" else "sitemap" if way == "sitemap" else "data"
        page = await self.page(url, kind)
        links = await self.links(page) if page else None
        if page is None or links is None:
            return None
        if not links.items and links.sitemaps:
            return await self.way(way, links.sitemaps[0], declared=declared, index=page.url)
        if way == "rss" and not any(link.way == "rss" for link in links.items):
            self.failures.append((url, "this is no feed"))
            return None
        if not links.items:
            self.failures.append((url, "it gives no stories"))
            return None
        if way == "sitemap" and any(link.hint.published for link in links.items):
            way = "news sitemap"
        found = replace(measured(way, page.url, links, declared=declared), index=index)
        self.ways.append(found)
        return found


async def probe(home: str, fetch: Fetch, read_links: ReadLinks, *, taken: frozenset[str] = frozenset()) -> Survey:
    """Asks the page, its declared feeds, what its CMS offers by convention, robots.txt and its sitemaps.

    `taken` are names of seeds that exist already. A page that scripts make is asked for once more through the browser
    when nothing else gives stories. Raises CopydeskError when the page itself cannot be had or read, PageChanged when
    it is an article.
    """
    search = _Search(fetch, read_links)
    search.asked.add(home)
    front = await fetch(Request(home))
    if is_article(front):
        raise PageChanged(f"this is an article; did you mean {join(front.url, '/')}?", url=front.url)
    links = await read_links(front)
    feed_itself = any(link.way == "rss" for link in links.items)
    if links.items:
        way = _way_of_front(links)
        search.ways.append(measured(way, front.url, links, declared=way not in _LISTINGS))
    if not feed_itself:
        await _ask_further(search, front, links)
        if all(way.stories < _FEW for way in search.ways) and is_made_by_scripts(front):
            links = await _rendered(search, front) or links
    ways = _ranked(search.ways)
    seed, reasons = _proposed(front, links, ways, taken)
    if search.rendered:
        seed = replace(seed, render=True)
        reasons["render"] = "scripts make the page: without a browser it shows no stories"
    return Survey(
        home=front.url,
        title=links.title,
        language=links.language,
        cms=cms_of(front),
        ways=ways,
        failures=tuple(search.failures),
        requests=len(search.asked),
        seed=seed,
        reasons=reasons,
    )


def _way_of_front(links: Links) -> str:
    """The kind of the front page, by how its stories were found."""
    found = {link.way for link in links.items}
    if "rss" in found:
        return "rss"
    if links.items[0].way == "wordpress":
        return "wordpress"
    return "listing" if "listing" in found else "sitemap" if "sitemap" in found else "page state"


async def _rendered(search: _Search, front: Page) -> Links | None:
    """The page through the browser, where that shows stories; why not is among the failures."""
    try:
        page = await search.fetch(Request(front.url, render=True))
        links = await search.read_links(page)
    except SeedError as error:
        search.failures.append((front.url, f"scripts make this page, and {error.reason}"))
        return None
    except CopydeskError as error:
        search.failures.append((front.url, f"through the browser: {error.reason}"))
        return None
    if len(links.items) < _FEW:
        search.failures.append((front.url, "scripts make this page, and the browser shows no stories either"))
        return None
    search.rendered = True
    search.ways = [way for way in search.ways if way.way not in _LISTINGS]
    search.ways.append(measured(_way_of_front(links), page.url, links))
    return links


async def _ask_further(search: _Search, front: Page, links: Links) -> None:
    """The ways besides the page itself, most promising first, until the budget is spent."""
    for feed in links.feeds[:MAX_FEEDS]:
        await search.way("rss", feed, declared=True)
    robots = await search.page(join(front.url, "/robots.txt") or front.url, "robots")
    named = sitemaps_of_robots(robots.body.decode("utf-8", "replace")) if robots else ()
    for sitemap in sorted(named, key=lambda url: "news" not in url.lower())[:2]:
        await search.way("sitemap", sitemap, declared=True)
    told = guesses(front)
    common = {join(front.url, address) for address in COMMON}
    for way, url in told:
        have = {found.way for found in search.ways}
        if way == "rss" and ("rss" in have or (url in common and len(search.asked) > MAX_REQUESTS - 2)):
            continue
        if way == "wordpress" and any(found.coverage["full text"] > 80 for found in search.ways):
            continue
        if way == "sitemap" and {"news sitemap", "sitemap"} & have:
            continue
        await search.way(way, url)


def measured(way: str, url: str, links: Links, *, declared: bool = False) -> Way:
    """What a way gives: how many stories, how complete their fields are, how fresh they are."""
    items = links.items
    told = [
        (
            bool(link.hint.title),
            bool(link.hint.published),
            bool(link.hint.subtitle),
            link.hint.image is not None,
            bool(link.hint.authors),
            len(link.hint.text or "") >= FULL_TEXT,
        )
        for link in items
    ]
    coverage = {
        name: round(100 * sum(row[n] for row in told) / len(told)) if told else 0 for n, name in enumerate(FIELDS)
    }
    days = sorted(moment for link in items[:1000] if (moment := _moment(link)) is not None)
    per_day = None
    if len(days) >= 5:
        recent = days[-50:][-max(5, len(days[-50:]) * 2 // 3) :]  # an evergreen among the news is no measure
        span = (recent[-1] - recent[0]).total_seconds() / 86400
        per_day = (len(recent) - 1) / max(span, 0.25)
    return Way(
        way=way,
        url=url,
        stories=len(items),
        coverage=coverage,
        newest=days[-1].isoformat() if days else None,
        samples=tuple(items[:SAMPLES]),
        keys=frozenset(canonical_key(link.url) for link in items[:1000]),
        per_day=per_day,
        declared=declared,
    )


def _moment(link: Link) -> datetime | None:
    moment = dates.read(link.hint.published) if link.hint.published else None
    return moment.when.astimezone(UTC) if moment else None


def _ranked(ways: list[Way]) -> tuple[Way, ...]:
    """Best first: trust in the kind of way, then stories, completeness and freshness; each says why."""
    newest = max((datetime.fromisoformat(w.newest) for w in ways if w.newest), default=None)
    ranked = []
    for way in ways:
        score = _TRUST[way.way] + 5 * way.declared + min(way.stories, 30) / 2
        score += sum(way.coverage.values()) / len(FIELDS) / 5 + way.coverage["full text"] / 10
        said = [f"{way.stories} stories"]
        if way.declared:
            said.insert(0, "named by the site itself")
        if way.coverage["full text"] >= 80:
            said.append("with their full text")
        elif way.coverage["summary"] >= 80:
            said.append("with summaries")
        if way.coverage["date"] < 50:
            said.append("mostly undated")
        if newest and way.newest:
            late = (newest - datetime.fromisoformat(way.newest)).days
            if late > _STALE:
                score -= 40
                said.append(f"{late} days behind the newest story of another way")
        if way.stories < 3:
            score -= 20
            said.append("very few")
        ranked.append(replace(way, score=round(score, 1), why=", ".join(said)))
    return tuple(sorted(ranked, key=lambda way: -way.score))


def _proposed(front: Page, links: Links, ways: tuple[Way, ...], taken: frozenset[str]) -> tuple[Seed, dict[str, str]]:
    """The seed that follows from what was seen, and for each of its keys the reason."""
    reasons: dict[str, str] = {"home": "what was asked for"}
    if front.hops:
        reasons["home"] = "where the address that was asked for leads"
    good = [way for way in ways if way.score > 0]
    told = _proposed_fronts(good, reasons)
    expect = _proposed_rate(good, reasons)
    elsewhere = _elsewhere(front, links)
    if elsewhere:
        reasons["hosts"] = "most stories of the page are there"
    if links.title:
        reasons["title"] = "what the site calls itself"
    if links.language:
        reasons["language"] = "what its pages declare; decides the order of day and month"
    zone = time_zone_of(host(front.url), links.language)
    if zone:
        reasons["timezone"] = "of times that tell none; that of its country or language"
    seed = Seed(
        name=name_of(front.url, taken),
        home=front.url,
        title=links.title,
        language=links.language,
        timezone=zone,
        hosts=elsewhere,
        discover=told,
        expect=expect,
    )
    return seed, reasons


def _proposed_fronts(good: list[Way], reasons: dict[str, str]) -> Discover:
    """The feed, the news sitemap and the listing that are worth asking, else a sitemap; adds the reason of each."""
    feed = next((way for way in good if way.way == "rss"), None)
    news = next((way for way in good if way.way == "news sitemap"), None)
    listing = next((way for way in good if way.way in _LISTINGS), None)
    told = Discover()
    if feed is not None:
        told = replace(told, rss=(feed.url,))
        reasons["discover.rss"] = feed.why
    if news is not None and (feed is None or len(news.keys - feed.keys) >= 3):
        told = replace(told, sitemap=(_lasting(news),))
        reasons["discover.sitemap"] = f"a news sitemap with exact times: {news.why}"
    elif feed is None and (listing is None or listing.stories < _FEW):
        plain = next((way for way in good if way.way == "sitemap"), None)
        if plain is not None:
            told = replace(told, sitemap=(plain.index or plain.url,))
            reasons["discover.sitemap"] = f"no feed and no page shows its stories: {plain.why}"
    if (told.rss or told.sitemap) and listing is not None and listing.stories >= 3:
        other = len(listing.keys - frozenset().union(*(w.keys for w in (feed, news) if w is not None)))
        told = replace(told, pages=(listing.url,))
        reasons["discover.pages"] = (
            f"shows {other} stories that the other ways lack" if other else "so that a feed gone silent is noticed"
        )
    return told


def _lasting(way: Way) -> str:
    """The address of a sitemap; its index where a number in its name says that others will follow."""
    numbered = any(letter.isdigit() for letter in way.url.rpartition("/")[2])
    return way.index if way.index is not None and numbered else way.url


def _proposed_rate(good: list[Way], reasons: dict[str, str]) -> Expect:
    """The number of records a day below which a warning is due; adds the reason."""
    rate = max((way.per_day for way in good if way.per_day is not None and way.way != "sitemap"), default=None)
    if rate is None or rate < 0.2:  # rarer, and every quiet week would be a warning
        return Expect()
    reasons["expect.records_per_day"] = f"a third of the {rate:.1f} a day that were seen; fewer is worth a warning"
    return Expect(records_per_day=round(rate / 3, 2))


def _elsewhere(front: Page, links: Links) -> tuple[str, ...]:
    """The one other host that most stories of a page lead to; none for an aggregator, which leads to many."""
    own = site(front.url)
    hosts = Counter(host(link.url) for link in links.items if site(link.url) != own)
    return tuple(name for name, count in hosts.most_common(1) if count >= _FEW and 2 * count >= len(links.items))


def name_of(url: str, taken: frozenset[str] = frozenset()) -> str:
    """A name for a seed: the site's own word (`volkszeitung` for www.volkszeitung.example), free and allowed."""
    domain = host(url)
    label = registrable(domain).split(".")[0]
    first = [part for part in domain.removeprefix("www.").split(".") if part]
    if first and first[0] != label and not domain.replace(".", "").isdigit() and len(first) > 2:
        label = f"{first[0]}-{label}"  # a site of its own under a common roof
    if domain.replace(".", "").replace(":", "").isdigit() or domain in ("localhost", "::1"):
        label = f"local-{urlsplit(url).port or 80}"
    name = re.sub(r"[^a-z0-9]{1,64}", "-", label.lower()[:64]).strip("-")[:56] or "site"
    wanted, count = name, 2
    while wanted in taken or wanted in RESERVED:
        wanted, count = f"{name}-{count}", count + 1
    return wanted
