"""Feeds → links: Atom (RFC 4287), RSS 0.9x to 2.0, RDF (RSS 1.0) by feedparser, JSON Feed 1.x by ourselves.

Every item is a link whose hint holds what the feed says of it. Markup comes out as it is in the feed: nothing here
is sanitised, that is done once, for all ways, where records are made.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import feedparser

from .. import dates
from ..errors import PageChanged, ReadFailed
from ..model import Draft, Image, Link, Links, Page
from ..seed import Seed
from ..text import AUTHOR, clean
from ..urls import join
from . import gate
from .hints import witnessed
from .plain import line, paragraphs, short, without_signature

MAX_ITEMS = 2000
_MAX_TAGS = 30
_TRUSTED_DATE = 128  # characters; longer "dates" have kept parsers busy for minutes
# An e-mail pattern of feedparser takes quadratic time on long names of authors: they are cut before it sees them.
_LONG_NAME = re.compile(
    r"(<(?:author|name|email|dc:creator|managingEditor|webMaster|itunes:author|dc:contributor|itunes:name|itunes:email)"
    r"(?:\s[^<>]{0,300})?>)(<!\[CDATA\[[^\]<>]{300}|[^<>]{300})[^<>\]]{1,}",
    re.IGNORECASE,
)
# feedparser parts the names of elements at blanks, so that one in a namespace ends it with a ValueError.
_NAMESPACE = re.compile(r"(?<=\s)xmlns(?::[\w.-]{1,40})?=(\"[^\"<>]{0,300}\"|'[^'<>]{0,300}')")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#/])", re.IGNORECASE)


def read(page: Page, seed: Seed | None = None, *, now: datetime | None = None) -> Links:
    """The items of an XML feed, in the feed's order. Raises ReadFailed past the limits, PageChanged when it is none."""
    text = _LONG_NAME.sub(r"\1\2", gate.text_of(page))
    text = _NAMESPACE.sub(lambda found: "".join(found[0].split(" ")) if " " in found[1] else found[0], text)
    try:
        found = feedparser.parse(
            io.BytesIO(text.encode("utf-8")),  # never a str: feedparser would open what looks like an address or a file
            response_headers={"content-location": page.url, "content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # a third-party parser on foreign bytes: whatever it raises, the feed cannot be read
        raise ReadFailed(f"the feed cannot be read: {error}", url=page.url) from error
    if not found.version and not found.entries:
        raise PageChanged("there should be a feed here, but it is none", url=page.url)
    feed = found.feed
    language = _one(feed.get("language")) or (seed.language if seed else None)
    items: list[Link] = []
    notes: list[str] = []
    for position, entry in enumerate(found.entries[:MAX_ITEMS]):
        try:
            link = _item(entry, page.url, position, language, seed, now)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            notes.append(f"item {position + 1} could not be read: {error}")
            continue
        if link is None:
            notes.append(f"item {position + 1} has no address")
        else:
            items.append(link)
    if found.get("bozo") and not items:
        notes.append(f"the feed is not well formed: {found.get('bozo_exception')}")
    following = next((ln.get("href") for ln in feed.get("links", ()) if ln.get("rel") == "next"), None)
    return Links(
        items=tuple(items),
        next_page=join(page.url, following) if following else None,
        title=line(_one(feed.get("title"))),
        language=language,
        notes=tuple(notes[:10]),
    )


def _item(
    entry: Any, base: str, position: int, language: str | None, seed: Seed | None, now: datetime | None
) -> Link | None:
    url = _address(entry, base)
    if url is None:
        return None
    full, summary = map(without_signature, _bodies(entry))
    text = paragraphs(full)
    subtitle = short(line(summary, 4000))
    if text is None and subtitle is None and full:
        subtitle = short(line(full, 4000))
    published = entry.get("published") or entry.get("created")
    updated = entry.get("updated") if "updated" in entry else None
    guid = _one(entry.get("id"))
    zone = seed.timezone if seed else None
    when = _date(published or updated, language, zone, now)
    hint = Draft(
        title=line(_one(entry.get("title"))),
        subtitle=subtitle,
        authors=_authors(entry),
        published=when,
        updated=_date(updated, language, zone, now) if published else None,
        tags=_tags(entry),
        language=_language_of(entry) or language,
        image=_image(entry, url, full or summary),
        text=text,
        html=full if text else None,
        aliases=_aliases(entry, url, guid, base),
        guid=guid[:2000] if guid else None,
    )
    return Link(url, "rss", witnessed(hint, "feed"), position)


def _address(entry: Any, base: str) -> str | None:
    """The address of the story: the original one where a feed service stands between, else the entry's link."""
    candidates = [entry.get("feedburner_origlink"), entry.get("link")]
    for rel in ("alternate", "related", None):
        candidates += [ln.get("href") for ln in entry.get("links", ()) if ln.get("rel") == rel]
    guid = _one(entry.get("id")) or ""
    if guid.startswith(("http://", "https://")):
        candidates.append(guid)
    for href in candidates:
        if isinstance(href, str) and href.strip():
            url = join(base, clean(href, 2000).replace(" ", "%20"))
            if url:
                return url
    return None


def _bodies(entry: Any) -> tuple[str | None, str | None]:
    """(the full text as markup, the summary as markup): the full text is `content`, or a summary that is long."""
    contents = [c.get("value") for c in entry.get("content", ()) if isinstance(c.get("value"), str)]
    full = max(contents, key=len, default=None)
    summary = entry.get("summary")
    summary = summary if isinstance(summary, str) else None
    if full is not None and summary == full:
        summary = None
    if full is None and summary is not None and _is_body(summary):
        full, summary = summary, None  # RSS 2.0 lets `description` carry the whole item
    return full, summary


def _is_body(markup: str) -> bool:
    lower = markup[:200_000].lower()
    return len(markup) > 1500 and ("<p" in lower or "<br" in lower)


def _date(raw: Any, language: str | None, zone: str | None, now: datetime | None) -> str | None:
    if not isinstance(raw, str) or not raw.strip():
        return None
    moment = dates.read(raw, language=language, timezone=zone, now=now)
    return moment.iso() if moment else clean(raw, _TRUSTED_DATE) or None


def _authors(entry: Any) -> tuple[str, ...]:
    names: list[str] = []
    for person in entry.get("authors", ()) or ():
        name = line(person.get("name"), AUTHOR) if hasattr(person, "get") else None
        if name and name not in names:
            names.append(name)
    if not names and (name := line(_one(entry.get("author")), AUTHOR)):
        names.append(name)
    return tuple(names[:20])


def _tags(entry: Any) -> tuple[str, ...]:
    tags: list[str] = []
    for tag in (entry.get("tags") or ())[: 2 * _MAX_TAGS]:
        term = line(tag.get("label") or tag.get("term"), 100)
        if term and term not in tags:
            tags.append(term)
    return tuple(tags[:_MAX_TAGS])


def _image(entry: Any, base: str, markup: str | None) -> Image | None:
    """The picture: media:content, media:thumbnail, an enclosure, else the first `<img>` of the body."""
    best: tuple[int, Image] | None = None
    for media in (*(entry.get("media_content") or ()), *(entry.get("media_thumbnail") or ())):
        address = media.get("url") or ""
        kind = f"{media.get('medium', '')} {media.get('type', '')}"
        if not ("image" in kind or _PICTURE.search(address) or (not kind.strip() and media.get("width"))):
            continue
        url = join(base, address)
        width, height = _number(media.get("width")), _number(media.get("height"))
        if url and (best is None or (width or 0) > best[0]):
            best = (width or 0, Image(url, width=width, height=height))
    if best:
        return best[1]
    for enclosure in entry.get("enclosures") or ():
        address = enclosure.get("href") or enclosure.get("url") or ""
        if enclosure.get("type", "").startswith("image/") or _PICTURE.search(address):
            url = join(base, address)
            if url:
                return Image(url)
    found = re.search(
        r"""<img\b[^<>]{0,600}?\ssrc\s{0,9}=\s{0,9}["']([^"'<>\s]{8,1500})["']""", (markup or "")[:20_000]
    )
    url = join(base, found[1].replace("&amp;", "&")) if found else None
    return Image(url) if url else None


def _aliases(entry: Any, url: str, guid: str | None, base: str) -> tuple[str, ...]:
    """Further addresses of the story: a link through a feed service, a guid that is a permanent link."""
    found: list[str] = []
    for candidate in (entry.get("link"), guid if entry.get("guidislink", True) else None):
        if isinstance(candidate, str) and candidate.startswith(("http://", "https://")):
            other = join(base, candidate)
            if other and other != url and other not in found:
                found.append(other)
    return tuple(found)


def _language_of(entry: Any) -> str | None:
    told = (entry.get("title_detail") or {}).get("language") or entry.get("dc_language")
    return told if isinstance(told, str) and told else None


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 6 else None


def _one(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
