"""JSON answers → links: JSON Feed, WordPress REST, and any list of objects that have a title and an address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ...errors import PageChanged, ReadFailed
from ...model import Draft, Image, Link, Links, Page
from ...page import dates
from ...page.charset import decode
from ...page.scripts import deeper_than
from ...page.text import AUTHOR, clean
from ...seed.seed import Seed
from ...urls.site import join
from ..feeds import xml_guard
from ..hints import without_shared_guids, witnessed
from ..markup_text import line, paragraphs, people, short
from . import story_objects

MAX_DEPTH = 50
MAX_ITEMS = 1000


def load(text: str, url: str | None = None) -> Any:
    """A JSON text as values, its depth checked before it is read. Raises ReadFailed."""
    if deeper_than(MAX_DEPTH, text):
        raise ReadFailed(f"the JSON is nested deeper than {MAX_DEPTH}", url=url)
    try:
        return json.loads(text, strict=False, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise ReadFailed(f"the JSON cannot be read: {error}", url=url) from error


def read(page: Page, seed: Seed | None = None, *, now: datetime | None = None) -> Links:
    """The stories of a JSON answer. Raises ReadFailed past the limits, PageChanged when no stories are in it."""
    if len(page.body) > xml_guard.MAX_BYTES:
        raise ReadFailed(f"the document has {len(page.body)} bytes, the limit is {xml_guard.MAX_BYTES}", url=page.url)
    told = load(decode(page.body, page.charset or "utf-8"), page.url)
    if isinstance(told, dict) and "jsonfeed.org" in str(told.get("version", "")):
        return _json_feed(told, page.url, seed, now)
    posts = told.get("posts") if isinstance(told, dict) else told
    if isinstance(posts, list) and any(_is_wordpress(post) for post in posts):
        return _wordpress(posts, page.url, seed, now)
    items = story_objects.stories(told, page.url)
    if not items:
        raise PageChanged("no stories are in this JSON", url=page.url)
    return Links(items=tuple(Link(url, "state", hint, n) for n, (url, hint) in enumerate(items)))


def _json_feed(told: Mapping[str, Any], base: str, seed: Seed | None, now: datetime | None) -> Links:
    language = _text(told.get("language")) or (seed.language if seed else None)
    items: list[Link] = []
    notes: list[str] = []
    entries = told.get("items")
    for position, entry in enumerate(entries[:MAX_ITEMS] if isinstance(entries, list) else ()):
        if not isinstance(entry, dict):
            continue
        link = _json_feed_link(entry, base, position, language, seed, now)
        if link is None:
            notes.append(f"item {position + 1} has no address")
        else:
            items.append(link)
    following = _text(told.get("next_url"))
    return Links(
        items=tuple(without_shared_guids(items)),
        next_page=join(base, following) if following else None,
        title=line(_text(told.get("title"))),
        language=language,
        notes=tuple(notes[:10]),
    )


def _json_feed_link(
    entry: Mapping[str, Any], base: str, position: int, language: str | None, seed: Seed | None, now: datetime | None
) -> Link | None:
    """One item of a JSON Feed; None where it has no address."""
    guid = _text(entry.get("id"))
    url = join(base, _text(entry.get("url")) or _text(entry.get("external_url")) or guid or "")
    if url is None or not (entry.get("url") or entry.get("external_url") or (guid or "").startswith("http")):
        return None
    markup = _text(entry.get("content_html"))
    plain = _text(entry.get("content_text"))
    people = entry.get("authors") or [entry.get("author")]
    tags = entry.get("tags")
    picture = join(base, _text(entry.get("image")) or _text(entry.get("banner_image")) or "")
    hint = Draft(
        title=line(_text(entry.get("title"))),
        subtitle=short(line(_text(entry.get("summary")))),
        authors=_names(people),
        published=_date(entry.get("date_published") or entry.get("date_modified"), seed, now),
        updated=_date(entry.get("date_modified"), seed, now),
        tags=tuple(filter(None, (clean(str(tag), 100) for tag in tags)))[:30] if isinstance(tags, list) else (),
        language=_text(entry.get("language")) or language,
        image=Image(picture) if picture and (entry.get("image") or entry.get("banner_image")) else None,
        text=paragraphs(markup) or plain,
        html=markup,
        guid=guid,
    )
    return Link(url, "rss", witnessed(hint, "feed"), position)


def _is_wordpress(post: object) -> bool:
    """A post of WordPress itself (`link`, `title.rendered`) or of WordPress.com (`URL`, `title`)."""
    if not isinstance(post, dict):
        return False
    return ("link" in post and isinstance(post.get("title"), dict)) or ("URL" in post and "title" in post)


def _wordpress(posts: list[Any], base: str, seed: Seed | None, now: datetime | None) -> Links:
    items: list[Link] = []
    for post in posts[:MAX_ITEMS]:
        if not _is_wordpress(post):
            continue
        url = join(base, _text(post.get("link")) or _text(post.get("URL")) or "")
        if url is None:
            continue
        markup = _rendered(post.get("content"))
        embedded = post.get("_embedded") if isinstance(post.get("_embedded"), dict) else {}
        hint = Draft(
            title=line(_rendered(post.get("title"))),
            subtitle=short(line(_rendered(post.get("excerpt")))),
            authors=_names(embedded.get("author") or [post.get("author")]),
            published=_date(_utc(post, "date"), seed, now),
            updated=_date(_utc(post, "modified"), seed, now),
            tags=_terms(embedded, "post_tag"),
            section=next(iter(_terms(embedded, "category")), None),
            image=_featured(post, embedded, base),
            text=paragraphs(markup),
            html=markup,
            guid=_rendered(post.get("guid")) or _text(post.get("guid")),
        )
        items.append(Link(url, "wordpress", witnessed(hint, "wordpress"), len(items)))
    return Links(items=tuple(items))


def _rendered(value: object) -> str | None:
    return _text(value.get("rendered")) if isinstance(value, dict) else _text(value)


def _utc(post: Mapping[str, Any], name: str) -> str | None:
    """WordPress writes times without a zone: `…_gmt` is UTC."""
    gmt = _text(post.get(f"{name}_gmt"))
    return f"{gmt}Z" if gmt else _text(post.get(name))


def _terms(embedded: Mapping[str, Any], taxonomy: str) -> tuple[str, ...]:
    groups = embedded.get("wp:term")
    names: list[str] = []
    for group in groups if isinstance(groups, list) else ():
        for term in group if isinstance(group, list) else ():
            if isinstance(term, dict) and term.get("taxonomy") == taxonomy and (name := line(_text(term.get("name")))):
                names.append(name)
    return tuple(names[:30])


def _featured(post: Mapping[str, Any], embedded: Mapping[str, Any], base: str) -> Image | None:
    media = embedded.get("wp:featuredmedia")
    first = media[0] if isinstance(media, list) and media and isinstance(media[0], dict) else {}
    address = _text(first.get("source_url")) or _text(post.get("jetpack_featured_media_url"))
    address = address or _text(post.get("featured_image"))
    url = join(base, address) if address else None
    return Image(url, alt=line(_text(first.get("alt_text")))) if url else None


def _names(persons: object) -> tuple[str, ...]:
    names: list[str] = []
    for person in persons if isinstance(persons, list) else ():
        names += people(_text(person.get("name")) if isinstance(person, dict) else _text(person), AUTHOR)
    return tuple(dict.fromkeys(names))[:20]


def _date(raw: object, seed: Seed | None, now: datetime | None) -> str | None:
    text = _text(raw)
    if text is None:
        return None
    moment = dates.read(text, timezone=seed.timezone if seed else None, now=now)
    return moment.iso() if moment else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
