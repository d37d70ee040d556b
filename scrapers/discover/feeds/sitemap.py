"""Sitemaps (sitemaps.org 0.9) → links: news sitemaps with title and time, ordinary ones, indexes, text lists.

Newest first. An index names its children by `Links.sitemaps`: those that may hold stories, newest first, at most 50.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from lxml import etree

from ...model import Draft, Image, Link, Links, Page
from ...page import dates
from ...page.text import AUTHOR, clean
from ...seed.seed import Seed
from ...urls.site import host, join
from ..listing.url_shapes import is_file, may_be_story
from ..markup_text import line
from . import xml_guard

MAX_CHILDREN = 50
MAX_ITEMS = 5000
_STORIES, _NO_STORIES = (  # names of children of an index
    re.compile("|".join(words.split()), re.IGNORECASE)
    for words in (
        "post(?!-tag) news article artikel stor(?:y|ies) noticia nachricht beitrag blog content",
        "categor kategorie taxonom tag(?!es) author autor user profile image video product produkt attachment media "
        "podcast event forum topic thema location recipe rezept static section rubrik",
    )
)
_SITEMAP = re.compile(r"\.xml(?:\.gz)?$", re.IGNORECASE)
_FIGURES = re.compile(r"\d+")


def read(page: Page, seed: Seed | None = None, *, now: datetime | None = None) -> Links:
    """The stories of a sitemap, or the children of an index. Raises ReadFailed past the limits."""
    root = xml_guard.tree_of(page)
    if xml_guard.local(root) == "sitemapindex":
        return Links(sitemaps=_children(root, page.url, "sitemap") or _children(root, page.url, "url"))
    entries = [e for e in root if xml_guard.local(e) == "url"][: 4 * MAX_ITEMS]
    if _is_index(entries, page.url):
        return Links(sitemaps=_children(root, page.url, "url"))
    links: list[Link] = []
    notes: list[str] = []
    for entry in entries:
        try:
            link = _entry(entry, page.url, seed, now)
        except (ValueError, TypeError, AttributeError) as error:
            notes.append(f"an entry could not be read: {error}")
            continue
        if link and (link.hint.title or may_be_story(link.url)):
            links.append(link)
    if not any(link.hint.published for link in links):
        links = _believed(links)
    links.sort(key=_age, reverse=True)
    links = [replace(link, position=n) for n, link in enumerate(links)]
    return Links(items=tuple(links[:MAX_ITEMS]), notes=tuple(notes[:10]))


def read_text(page: Page) -> Links:
    """The addresses of a sitemap that is a text file with one address a line."""
    found: list[Link] = []
    for row in xml_guard.text_of(page).splitlines()[:MAX_ITEMS]:
        url = join(page.url, row.strip()) if row.startswith(("http://", "https://")) else None
        if url:
            found.append(Link(url, "sitemap", position=len(found)))
    return Links(items=tuple(found))


def _is_index(entries: list[etree._Element], base: str) -> bool:
    """Whether most entries of a `<urlset>` are sitemaps: an index under another name."""
    places = [told for entry in entries[:200] if (told := _texts(entry).get("loc", ""))]
    return bool(places) and 2 * sum(bool(_SITEMAP.search(place.partition("?")[0])) for place in places) > len(places)


def _children(root: etree._Element, base: str, name: str) -> tuple[str, ...]:
    """The children that may hold stories, best first: news before the rest, then the newest."""
    ranked: list[tuple[int, float, list[int], int, str]] = []
    for place, child in enumerate(root):
        if xml_guard.local(child) != name:
            continue
        told = _texts(child)
        url = join(base, told.get("loc", "")) if told.get("loc") else None
        if not url or url == base or (name == "url" and not _SITEMAP.search(url.partition("?")[0])):
            continue
        moment = dates.read(told.get("lastmod", "")) if told.get("lastmod") else None
        path = url.split("/", 3)[-1]
        rank = _rank(path)
        if rank < 0 and not moment:
            continue
        stamp = moment.when.timestamp() if moment else 0.0
        ranked.append((rank, stamp, [int(n[:9]) for n in _FIGURES.findall(path)[:6]], -place, url))
    ranked.sort(reverse=True)
    return tuple(dict.fromkeys(url for *_, url in ranked))[:MAX_CHILDREN]


def _rank(name: str) -> int:
    if re.search(r"news(?!letter)", name, re.IGNORECASE) and not _NO_STORIES.search(name):
        return 2
    if _NO_STORIES.search(name):
        return -1
    return 1 if _STORIES.search(name) else 0


def _texts(element: etree._Element) -> dict[str, str]:
    """The texts of an element's children by their local names."""
    return {xml_guard.local(child): (child.text or "").strip() for child in element}


def _entry(entry: etree._Element, base: str, seed: Seed | None, now: datetime | None) -> Link | None:
    told = _texts(entry)
    url = join(base, told.get("loc", "")[:2000]) if told.get("loc") else None
    if not url or not host(url) or is_file(url):
        return None
    language = seed.language if seed else None
    zone = seed.timezone if seed else None
    news = next((child for child in entry if xml_guard.local(child) == "news"), None)
    image = next((child for child in entry if xml_guard.local(child) == "image"), None)
    hint = Draft(updated=_date(told.get("lastmod"), None, zone, now))
    if news is not None:
        of_news = _texts(news)
        publication = next((_texts(child) for child in news if xml_guard.local(child) == "publication"), {})
        title = line(of_news.get("title"))
        published = _date(of_news.get("publication_date"), language, zone, now)
        tags = tuple(filter(None, (clean(tag, 100) for tag in of_news.get("keywords", "").split(",")[:30])))
        hint = Draft(
            title=title,
            published=published,
            updated=hint.updated,
            tags=tags,
            language=clean(publication.get("language", ""), 20) or None,
            publisher=clean(publication.get("name", ""), AUTHOR) or None,
            witnesses={
                name: "news sitemap"
                for name, value in (("title", title), ("published", published), ("tags", tags))
                if value
            },
        )
    if image is not None:
        picture = join(base, _texts(image).get("loc", "")[:2000])
        if picture:
            hint = replace(hint, image=Image(picture), witnesses={**hint.witnesses, "image": "sitemap"})
    return Link(url, "sitemap", hint)


def _date(raw: str | None, language: str | None, zone: str | None, now: datetime | None) -> str | None:
    moment = dates.read(raw, language=language, timezone=zone, now=now) if raw else None
    return moment.iso() if moment else None


def _believed(links: list[Link]) -> list[Link]:
    """The links; lastmod is used only where it differs between entries (else it is the time of the build)."""
    stamps = {link.hint.updated for link in links if link.hint.updated}
    if len(stamps) >= max(2, len(links) // 50):
        return links
    return [replace(link, hint=replace(link.hint, updated=None)) for link in links]


def _age(link: Link) -> float:
    moment = dates.read(link.hint.published or link.hint.updated or "")
    return moment.when.astimezone(UTC).timestamp() if moment else 0.0
