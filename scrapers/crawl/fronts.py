"""The fronts of a source: the pages, feeds and sitemaps on which it offers stories, asked and joined."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin

from ..discover.feeds.robots import sitemaps_of_robots
from ..errors import CopydeskError, Gone
from ..model import FRONT, Front, FrontWay, Kind, Link, Links, LinkWay, Page, Past, Request, Seen
from ..seed.seed import Seed
from ..urls.key import canonical_key
from ..urls.published_form import published_form
from ..urls.services import names_paid
from .cooperative_iteration import yielding
from .run_builder import RunBuilder

WHOLE_AFTER = timedelta(days=1)  # a front is read whole at least this often, whatever its validators say
WHOLE_AFTER_UNCHANGED = 50
_KINDS: dict[FrontWay, Kind] = {
    "rss": "feed",
    "sitemap": "sitemap",
    "sitemap-part": "sitemap",
    "robots": "robots",
    "robots-all": "robots",
}


async def offered(visit: RunBuilder) -> list[Link]:
    """The stories of every front, merged by their key: one way fills the fields that another lacks."""
    found: dict[str, Link] = {}
    todo = _planned(visit.seed, visit.past)
    asked: set[str] = set()
    while todo:
        url, way = todo.pop(0)
        if url in asked or visit.late():
            continue
        asked.add(url)
        links = await ask_front(visit, url, way)
        if links is None:
            continue
        paid = _paid(links, visit.seed)
        for url in (*links.services, *paid):
            visit.seen.append(Seen(url, "skipped", "its address is that of a shop, jobs or advertising", "listing"))
        async for offered in yielding(links.items):
            if offered.url in paid:
                continue
            link = replace(offered, url=published_form(offered.url))  # a tracking parameter names no other page
            key = canonical_key(link.url)
            other = found.get(key)
            if other is None:
                found[key] = link
            else:
                first, second = (link, other) if _trust(link.way) > _trust(other.way) else (other, link)
                places = [one.position for one in (first, second) if one.way == "listing"]
                places += [one.seen_at for one in (first, second) if one.seen_at is not None]
                seen_at = min(places, default=None)
                found[key] = replace(first, hint=first.hint.or_else(second.hint), seen_at=seen_at)
        todo += _further(visit, url, way, links, len(asked))
    for url in asked:
        found.pop(canonical_key(url), None)  # a front is no story of its own
    if visit.passed:
        visit.passed -= found.keys()  # a story of one front may be a mere mention on another
    return list(found.values())


def _planned(seed: Seed, past: Past) -> list[tuple[str, FrontWay]]:
    """The fronts to ask: those that the seed names, else the home page and what it led to before."""
    told = seed.discover
    if told.rss or told.sitemap or told.pages:
        named: list[tuple[str, FrontWay]] = [
            *((url, "rss") for url in told.rss),
            *((url, "sitemap") for url in told.sitemap),
            *((url, "listing") for url in told.pages),
        ]
        return [one for one in named if canonical_key(one[0]) not in past.dead] or named
    remembered = [
        (front.url, front.way)
        for front in past.fronts
        if front.way != "listing" and front.url != seed.home and canonical_key(front.url) not in past.dead
    ]
    return [(seed.home, "listing"), *remembered[:5]]


def _paid(links: Links, seed: Seed) -> frozenset[str]:
    """The items of a feed or sitemap whose address says that they are paid for; none where most are."""
    found = frozenset(link.url for link in links.items if names_paid(link.url))
    wanted = seed.discover.include
    found = frozenset(url for url in found if not any(part in url for part in wanted))
    return found if len(found) * 2 <= len(links.items) else frozenset()


def _is_alone(url: str, seed: Seed) -> bool:
    """Whether a front is the home page, or the only one that the seed names: it is asked for at every visit."""
    return url == seed.home or written(seed) == (url,)


def written(seed: Seed) -> tuple[str, ...]:
    """The fronts that a seed names."""
    return (*seed.discover.rss, *seed.discover.sitemap, *seed.discover.pages)


def _further(visit: RunBuilder, url: str, way: FrontWay, links: Links, asked: int) -> list[tuple[str, FrontWay]]:
    """Where a front leads: its next pages, the best declared feed, the children of a sitemap index."""
    further = _named_by(visit, url, way, links, asked)
    return [(place, kind) for place, kind in further if kind == "next" or canonical_key(place) not in visit.past.dead]


def _named_by(visit: RunBuilder, url: str, way: FrontWay, links: Links, asked: int) -> list[tuple[str, FrontWay]]:
    """What a front names, whether it is there or not."""
    told = visit.seed.discover
    further: list[tuple[str, FrontWay]] = []
    if links.next_page and way == "listing" and told.next_pages > asked - 1:
        further.append((links.next_page, "next"))
    if told.rss or told.sitemap or told.pages:
        return further + ([(child, "sitemap-part") for child in links.sitemaps[:3]] if way == "sitemap" else [])
    if way == "listing":
        further += _declared(visit.past, url, links)
    elif way in ("sitemap", "sitemap-part") and asked < 8:
        further += [(child, "sitemap-part") for child in links.sitemaps[:3]]
    elif way == "robots":
        further += [(sitemap, "sitemap") for sitemap in links.sitemaps[:1]]
    return further


def _declared(past: Past, url: str, links: Links) -> list[tuple[str, FrontWay]]:
    """The feed and the sitemap that a listing declares, where none is known; before the first success robots.txt."""
    further: list[tuple[str, FrontWay]] = []
    known = {front.way for front in past.fronts}
    feeds = [feed for feed in links.feeds if canonical_key(feed) not in past.dead]
    if not any(front.way == "rss" and front.url in feeds for front in past.fronts):
        further += [(feed, "rss") for feed in feeds[:1]]  # the first one, or one that took another's place
    if "sitemap" not in known:
        sitemaps = [sitemap for sitemap in links.sitemaps if canonical_key(sitemap) not in past.dead]
        further += [(sitemap, "sitemap") for sitemap in sitemaps[:1]]
    if past.last_success is None:
        further.append((urljoin(url, "/robots.txt"), "robots"))
    return further


async def ask_front(visit: RunBuilder, url: str, way: FrontWay) -> Links | None:
    """One front, asked for with its validators; None when it did not change or could not be had."""
    before = next((front for front in visit.past.fronts if front.url == url), None)
    page = None
    try:
        page = await visit.fetch(_request(visit, url, way, before))
        if way in ("robots", "robots-all"):
            return _sitemaps(page, news_only=way == "robots")
        if page.fresh_for and way in ("listing", "rss"):
            visit.fresh_for = min(page.fresh_for, visit.fresh_for or page.fresh_for)
        if page.not_modified and before is not None:
            visit.unchanged += 1
            visit.fronts[url] = replace(before, unchanged=before.unchanged + 1)
            return None
        past = visit.past
        slim = Past(navigation=past.navigation, passed=past.passed, shapes=past.shapes, last_success=past.last_success)
        links = await visit.read.links(page, visit.seed, slim, visit.started)
    except CopydeskError as error:
        # robots.txt and the parts of a sitemap are optional: their absence is no failure of the source
        if way in ("robots", "robots-all", "sitemap-part", "next"):
            visit.notes.append(f"{url}: {error.reason}")
        else:
            visit.fail(url, error)
            visit.keep_sample(page, error)
        if isinstance(error, Gone) and way not in ("robots", "robots-all", "next") and not _is_alone(url, visit.seed):
            visit.seen.append(Seen(url, "gone", error.reason, FRONT))
        return None
    _remember_front(visit, url, way, page, links)
    _count(visit, way, links)
    return links


def _request(visit: RunBuilder, url: str, way: FrontWay, before: Front | None) -> Request:
    """The request for a front: with its validators, but whole once a day and after a visit that went wrong."""
    conditional = (
        before is not None
        and before.whole is not None
        and visit.started - before.whole < WHOLE_AFTER
        and before.unchanged < WHOLE_AFTER_UNCHANGED
        and visit.past.failures == 0
        and not visit.past.queued
    )
    return Request(
        url,
        kind=_KINDS.get(way, "page"),
        etag=before.etag if before and conditional else None,
        last_modified=before.last_modified if before and conditional else None,
        ca_file=visit.seed.ca_file,
        render=visit.seed.render and way in ("listing", "next"),
    )


def _sitemaps(robots: Page, *, news_only: bool) -> Links:
    """The sitemaps that a robots.txt names."""
    named = sitemaps_of_robots(robots.body.decode("utf-8", "replace"))
    return Links(sitemaps=tuple(s for s in named if not news_only or "news" in s.lower()))


def _remember_front(visit: RunBuilder, url: str, way: FrontWay, page: Page, links: Links) -> None:
    """What the next visit needs to know of a front that was read."""
    if visit.front is None:
        visit.front = visit.cut(page)
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


def _count(visit: RunBuilder, way: FrontWay, links: Links) -> None:
    """Add what a front said to the visit's names and counts."""
    visit.title = visit.title or links.title
    visit.language = visit.language or links.language
    visit.notes += links.notes
    kind = "listing" if way == "next" else "sitemap" if way == "sitemap-part" else way
    visit.ways[kind] = visit.ways.get(kind, 0) + len(links.items)
    if kind == "listing":
        visit.passed = (visit.passed or set()) | links.passed
    if kind == "listing" and visit.seed.discover.links:
        visit.chosen = (visit.chosen or 0) + sum(link.way == "listing" for link in links.items)


def _trust(way: LinkWay) -> int:
    return {"rss": 3, "wordpress": 3, "sitemap": 2}.get(way, 1)
