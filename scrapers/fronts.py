"""The fronts of a source: the pages, feeds and sitemaps on which it offers stories, asked and joined."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin

from .discover import sitemaps_of_robots
from .errors import CopydeskError
from .model import Front, Kind, Link, Links, Past, Request
from .seed import Seed
from .urls import canonical_key, published_form
from .visit import Visit

WHOLE_AFTER = timedelta(days=1)  # a front is read whole at least so often, whatever its validators say
WHOLE_AFTER_UNCHANGED = 50


async def offered(visit: Visit) -> list[Link]:
    """The stories of every front, joined by their key; what one way does not tell, another one may."""
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
    if visit.passed:
        visit.passed -= found.keys()  # a story of one front may be a mere mention on another
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


def _further(visit: Visit, url: str, way: str, links: Links, asked: int) -> list[tuple[str, str]]:
    """Where a front leads: its next pages, the best declared feed, the children of a sitemap index."""
    told = visit.seed.discover
    further: list[tuple[str, str]] = []
    if links.next_page and way == "listing" and told.next_pages > asked - 1:
        further.append((links.next_page, "next"))
    if told.rss or told.sitemap or told.pages:
        return further + ([(child, "sitemap-part") for child in links.sitemaps[:3]] if way == "sitemap" else [])
    if way == "listing":
        known = {front.way for front in visit.past.fronts}
        if not any(front.way == "rss" and front.url in links.feeds for front in visit.past.fronts):
            further += [(feed, "rss") for feed in links.feeds[:1]]  # the first one, or one that took another's place
        if "sitemap" not in known:
            further += [(sitemap, "sitemap") for sitemap in links.sitemaps[:1]]
        if visit.past.last_success is None:
            further.append((urljoin(url, "/robots.txt"), "robots"))
    elif way in ("sitemap", "sitemap-part") and asked < 8:
        further += [(child, "sitemap-part") for child in links.sitemaps[:3]]
    elif way == "robots":
        further += [(sitemap, "sitemap") for sitemap in links.sitemaps[:1]]
    return further


async def ask_front(visit: Visit, url: str, way: str) -> Links | None:
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
    page = None
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
        past = visit.past
        slim = Past(navigation=past.navigation, passed=past.passed, shapes=past.shapes, last_success=past.last_success)
        links = await visit.read.links(page, visit.seed, slim, visit.started)
    except CopydeskError as error:
        # robots.txt and the parts of a sitemap are a bonus: their absence is no failure of the source
        if way in ("robots", "robots-all", "sitemap-part", "next"):
            visit.notes.append(f"{url}: {error.reason}")
        else:
            visit.fail(url, error)
            visit.keep_sample(page, error)
        return None
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
    visit.title = visit.title or links.title
    visit.language = visit.language or links.language
    visit.notes += links.notes
    kind = "listing" if way == "next" else "sitemap" if way == "sitemap-part" else way
    visit.ways[kind] = visit.ways.get(kind, 0) + len(links.items)
    if kind == "listing":
        visit.passed = (visit.passed or set()) | links.passed
    if kind == "listing" and visit.seed.discover.links:
        visit.chosen = (visit.chosen or 0) + sum(link.way == "listing" for link in links.items)
    return links


def _trust(way: str) -> int:
    return {"rss": 3, "wordpress": 3, "sitemap": 2}.get(way, 1)
