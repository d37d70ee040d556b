"""Feeds → links: Atom (RFC 4287), RSS 0.9x to 2.0, RDF (RSS 1.0) by feedparser, JSON Feed 1.x by ourselves.

Every item is a link whose hint holds what the feed says of it. Markup is passed on as the feed has it: it is sanitised
later, once for all ways, where records are made.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import feedparser

from ...errors import PageChanged, ReadFailed
from ...model import Draft, File, Image, Link, Links, Page
from ...page import dates
from ...page.pictures import is_generic
from ...page.text import AUTHOR, clean
from ...seed.seed import Seed
from ...urls.key import canonical_key
from ...urls.site import join, join_place
from ..hints import without_shared_guids, witnessed
from ..markup_text import line, paragraphs, people, person_name, short, without_own_link, without_signature
from . import xml_guard

MAX_ITEMS = 2000
_MAX_TAGS = 30
# An e-mail pattern of feedparser takes quadratic time on long names of authors: they are cut before it sees them.
_LONG_NAME = re.compile(
    r"(<(?:author|name|email|dc:creator|managingEditor|webMaster|itunes:author|dc:contributor|itunes:name|itunes:email)"
    r"(?:\s[^<>]{0,300})?>)(<!\[CDATA\[[^\]<>]{300}|[^<>]{300})[^<>\]]{1,}",
    re.IGNORECASE,
)
# feedparser splits the names of elements at blanks, so that one in a namespace ends it with a ValueError.
_NAMESPACE = re.compile(r"(?<=\s)xmlns(?::[\w.-]{1,40})?=(\"[^\"<>]{0,300}\"|'[^'<>]{0,300}')")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#/])", re.IGNORECASE)


def read(page: Page, seed: Seed | None = None, *, now: datetime | None = None) -> Links:
    """The items of an XML feed, in the feed's order. Raises ReadFailed past the limits, PageChanged when it is none."""
    text = _LONG_NAME.sub(r"\1\2", xml_guard.with_escaped_ampersands(xml_guard.text_of(page)))
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
    if not found.get("version") and not found.get("entries"):
        raise PageChanged("there should be a feed here, but it is none", url=page.url)
    feed = found.get("feed") or feedparser.FeedParserDict()
    language = _one(feed.get("language")) or (seed.language if seed else None)
    items: list[Link] = []
    notes: list[str] = []
    for position, entry in enumerate((found.get("entries") or [])[:MAX_ITEMS]):
        try:
            link = _item(entry, page.url, position, language, seed, now, text)
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
        items=tuple(without_shared_guids(items)),
        next_page=join(page.url, following) if following else None,
        title=line(_one(feed.get("title"))),
        language=language,
        notes=tuple(notes[:10]),
    )


def _item(
    entry: Any,
    base: str,
    position: int,
    language: str | None,
    seed: Seed | None,
    now: datetime | None,
    source: str,
) -> Link | None:
    url = _address(entry, base)
    if url is None:
        return None
    full, summary = map(without_signature, _bodies(entry))
    summary = without_own_link(summary, url)
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
        authors=_authors(entry, source),
        published=when,
        updated=_date(updated, language, zone, now) if published else None,
        tags=_tags(entry),
        language=_language_of(entry) or language,
        image=_image(entry, url, full or summary),
        text=text,
        html=full if text else None,
        aliases=_aliases(entry, url, guid, base),
        guid=guid[:2000] if guid else None,
        license=_linked(entry, base, "license"),
        contributors=_contributors(entry),
        files=_files(entry, base),
        comments=_linked(entry, base, "replies", "text/html") or _joined(base, entry.get("comments")),
        comments_feed=_linked(entry, base, "replies", "+xml") or _joined(base, entry.get("wfw_commentrss")),
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
            if url and canonical_key(url) != canonical_key(base):  # the feed itself is no story
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
    moment = dates.read(raw, language=language, timezone=zone, now=now) or dates.read(
        raw, language=language, timezone=zone
    )
    return moment.iso() if moment else None


def _authors(entry: Any, source: str) -> tuple[str, ...]:
    """Names of authors. feedparser splits some e-mail addresses in two: the second half is no name."""
    names: list[str] = []
    for person in entry.get("authors", ()) or ():
        told = (person.get("name"), person.get("email") or "") if hasattr(person, "get") else (None, "")
        cut = told[0] and told[1] and (told[1] + told[0] in source or told[0] + told[1] in source)
        names += people(None if cut else told[0], AUTHOR)
    return tuple(dict.fromkeys(names or people(_one(entry.get("author")), AUTHOR)))[:20]


def _contributors(entry: Any) -> tuple[str, ...]:
    told = (person_name(one.get("name"), AUTHOR) for one in entry.get("contributors", ())[:20] if hasattr(one, "get"))
    return tuple(dict.fromkeys(filter(None, told)))


def _files(entry: Any, base: str) -> tuple[File, ...]:
    """Video and audio files that an item encloses."""
    found = []
    for enclosure in (entry.get("enclosures") or ())[:10]:
        kind = str(enclosure.get("type", "")).partition(";")[0].strip().lower()
        url = _joined(base, enclosure.get("href") or enclosure.get("url"))
        if url is not None and kind.startswith(("audio/", "video/")):
            told = str(enclosure.get("length", ""))
            length = int(told) if told.isascii() and told.isdecimal() and 1 < len(told) < 13 else None
            found.append(File(url, kind, length))
    return tuple(found)


def _linked(entry: Any, base: str, rel: str, kind: str = "") -> str | None:
    """The address of an item's first link of a relation, and of a media type where one is asked for."""
    links = (link for link in entry.get("links", ()) if link.get("rel") == rel and kind in link.get("type", ""))
    return next((url for link in links if (url := _joined(base, link.get("href"))) is not None), None)


def _joined(base: str, address: Any) -> str | None:
    return join_place(base, clean(address, 2000)) if isinstance(address, str) and address.strip() else None


def _tags(entry: Any) -> tuple[str, ...]:
    tags: list[str] = []
    for tag in (entry.get("tags") or ())[: 2 * _MAX_TAGS]:
        term = line(tag.get("label") or tag.get("term"), 100)
        if term and term not in tags:
            tags.append(term)
    return tuple(tags[:_MAX_TAGS])


def _image(entry: Any, base: str, markup: str | None) -> Image | None:
    """The picture: media:content, media:thumbnail, an enclosure, else the first `<img>` of the body."""
    return _media_image(entry, base) or _enclosed_image(entry, base) or _shown_image(base, markup or "")


def _media_image(entry: Any, base: str) -> Image | None:
    """The widest picture of media:content and media:thumbnail."""
    best: tuple[int, Image] | None = None
    for media in (*(entry.get("media_content") or ()), *(entry.get("media_thumbnail") or ())):
        address = media.get("url") or ""
        kind = f"{media.get('medium', '')} {media.get('type', '')}"
        if not ("image" in kind or _PICTURE.search(address) or (not kind.strip() and media.get("width"))):
            continue
        url = join(base, address)
        width, height = _number(media.get("width")), _number(media.get("height"))
        if url and not is_generic(url) and (best is None or (width or 0) > best[0]):
            best = (width or 0, Image(url, width=width, height=height))
    return best[1] if best else None


def _enclosed_image(entry: Any, base: str) -> Image | None:
    for enclosure in entry.get("enclosures") or ():
        address = enclosure.get("href") or enclosure.get("url") or ""
        if enclosure.get("type", "").startswith("image/") or _PICTURE.search(address):
            url = join(base, address)
            if url and not is_generic(url):
                return Image(url)
    return None


def _shown_image(base: str, markup: str) -> Image | None:
    found = re.search(r"""<img\b[^<>]{0,600}?\ssrc\s{0,9}=\s{0,9}["']([^"'<>\s]{8,1500})["']""", markup[:20_000])
    url = join(base, found[1].replace("&amp;", "&")) if found else None
    return Image(url) if url and not is_generic(url) else None


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
    return told if isinstance(told, str) else None


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 6 else None


def _one(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
