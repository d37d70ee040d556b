"""What a front offers, whatever it is: a feed, a sitemap, a JSON answer or a listing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..model import Link, Links, Page, Past
from ..seed.seed import Seed
from ..urls.site import site
from .data import json_api
from .feeds import sitemap, syndication, xml_guard
from .listing.links import read as read_listing
from .listing.url_shapes import is_file


def discover(page: Page, seed: Seed | None = None, past: Past | None = None, *, now: datetime | None = None) -> Links:
    """The stories that a page offers, and the further ways to stories that it names.

    The page may be a feed, a sitemap, an index of sitemaps, a JSON answer or a listing; its bytes and media type
    decide. `now` is needed for dates such as "2 hours ago". Raises ReadFailed past the limits of RELIABILITY P,
    PageChanged for a feed or JSON without the structure of stories.
    """
    kind = kind_of(page)
    if kind == "feed":
        links = syndication.read(page, seed, now=now)
    elif kind == "sitemap":
        links = sitemap.read(page, seed, now=now)
    elif kind == "addresses":
        links = sitemap.read_text(page)
    elif kind == "json":
        links = json_api.read(page, seed, now=now)
    else:
        return read_listing(page, seed, past, now=now)
    return replace(links, items=tuple(_once(links.items, page.url, seed)))


def kind_of(page: Page) -> str:
    """What a page is: "feed", "sitemap", "addresses" (a sitemap in plain text), "json" or "html"."""
    head = page.body[:3000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if page.body.startswith(b"\x1f\x8b"):
        return "sitemap"
    if head[:1] in (b"{", b"[") and ("json" in page.content_type or page.content_type in ("", "text/plain")):
        return "json"
    text = head.decode("utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1", "replace")
    root = xml_guard.root_name(text)
    if root in ("urlset", "sitemapindex"):
        return "sitemap"
    if root in ("rss", "feed", "rdf"):
        return "feed"
    if "json" in page.content_type:
        return "json"
    if page.content_type == "text/plain" and text.startswith(("http://", "https://")) and "<" not in text[:200]:
        return "addresses"
    if page.content_type.endswith(("rss+xml", "atom+xml", "rdf+xml")) and root != "html":
        return "feed"
    return "html"


def _once(items: tuple[Link, ...], base: str, seed: Seed | None) -> list[Link]:
    """Each address once, of the page's or the seed's site only; all of a feed that leads elsewhere: an aggregator."""
    homes = {site(base), *(site(f"https://{name}/") for name in (seed.hosts if seed else ()))}
    if seed:
        homes.add(site(seed.home))
    wanted = seed.discover.include if seed else ()
    items = tuple(
        link for link in items if link.hint.text or not is_file(link.url) or any(part in link.url for part in wanted)
    )  # a picture is no story
    inside = [link for link in items if site(link.url) in homes]
    kept = inside if len(inside) * 2 > len(items) else list(items)
    seen: dict[str, Link] = {}
    for link in kept:
        seen.setdefault(link.url, link)
    return list(seen.values())
