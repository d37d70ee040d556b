"""Stories in JSON: JSON-LD, the state that frameworks leave in a page (`__NEXT_DATA__`), answers of unknown APIs.

A story is an object that has a title and an address. Lists of such objects count; single ones (the lead of a front, a
store by ids) only with a date, and where there are more: a page's state also holds its menus, which have titles and
addresses too, but no dates and no texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...model import Draft, Image
from ...page import dates
from ...page.text import AUTHOR
from ...urls.site import join
from ..hints import witnessed
from ..markup_text import line, short

TITLES = ("headline", "title", "name", "heading", "headLine", "teaserTitle", "titleText", "shortTitle")
ADDRESSES = (
    "url", "link", "href", "canonicalUrl", "canonical_url", "permalink", "webUrl", "web_url", "fullUrl", "websiteUrl",
    "website_url", "path", "uri", "pageUrl", "articleUrl", "seoUrl", "URL",
)  # fmt: skip
PUBLISHED = (
    "datePublished", "publishedAt", "published_at", "publishDate", "publish_date", "publishedDate", "published_date",
    "firstPublishedDate", "firstPublished", "first_publish_date", "publicationDate", "publication_date", "pubDate",
    "published", "publishOn", "displayDate", "display_date", "createdAt", "created_at", "dateCreated", "date",
    "timestamp", "datetime", "time",
)  # fmt: skip
UPDATED = ("dateModified", "updatedAt", "updated_at", "lastPublishedDate", "modified", "modifiedAt", "updated")
SUMMARIES = (
    "description", "excerpt", "summary", "standfirst", "dek", "subtitle", "teaser", "teaserText", "abstract", "lead",
    "customExcerpt", "intro",
)  # fmt: skip
IMAGES = (
    "image", "imageUrl", "image_url", "mainImage", "thumbnail", "thumbnailUrl", "thumbnail_url", "coverMedia", "photo",
    "picture", "promoImage", "leadImage", "assetUrl",
)  # fmt: skip
_DATED = frozenset(PUBLISHED)
_SEVERAL = 2  # single objects with a date; one alone may be the page itself
AUTHORS = ("author", "authors", "byline", "creator", "owner", "writers")
_WALK = 60_000  # values that are looked at in one document


def stories(told: Any, base: str, *, fewest: int = 1, apart: dict[str, Draft] | None = None) -> list[tuple[str, Draft]]:
    """The stories in a JSON value: objects of one list that have a title and an address, then single ones with a date.

    A list counts when at least one of its objects also has a date, a summary or a picture. Single ones are added to
    `apart` where that is given: what a page shows of them is better told by the page.
    """
    found: dict[str, Draft] = {}
    single: list[Mapping[str, Any]] = []
    for group in _lists(told, single):
        members = [(url, hint) for item in group if (pair := story(item, base)) for url, hint in (pair,)]
        if len(members) < fewest or not any(h.published or h.subtitle or h.image for _, h in members):
            continue
        for url, hint in members:
            found[url] = found[url].or_else(hint) if url in found else hint
    pairs = [pair for item in single if (pair := story(item, base)) is not None and pair[1].published]
    if found or len({url for url, _ in pairs}) >= _SEVERAL:
        for url, hint in pairs:
            if apart is None or url in found:
                found[url] = found[url].or_else(hint) if url in found else hint
            else:
                apart.setdefault(url, hint)
    return list(found.items())


def story(item: object, base: str, who: str = "state") -> tuple[str, Draft] | None:
    """(address, what the object tells) when it has a title and an address."""
    if not isinstance(item, Mapping):
        return None
    for wrapped in ("item", "node", "article", "data", "attributes", "content", "fields"):
        inner = item.get(wrapped)
        if isinstance(inner, Mapping) and _first(inner, TITLES) and _address(inner):
            item = inner
            break
    title = _first(item, TITLES)
    address = _address(item)
    if not title or not address:
        return None
    url = join(base, address)
    title = line(title)
    if url is None or title is None:
        return None
    hint = Draft(
        title=title,
        subtitle=short(line(_first(item, SUMMARIES))),
        authors=_authors(item),
        published=_date(item, PUBLISHED),
        updated=_date(item, UPDATED),
        image=_image(item, base),
    )
    return url, witnessed(hint, who)


def _lists(told: Any, single: list[Mapping[str, Any]]) -> Iterator[list[Any]]:
    """Every list of objects, outer before inner, in the document's order; `single` is given the other dated objects."""
    queue = [told]
    looked = 0
    while queue and looked < _WALK:
        value = queue.pop()
        looked += 1
        if isinstance(value, list):
            if any(isinstance(item, Mapping) for item in value):
                yield value
            queue += [item for item in reversed(value) if isinstance(item, list | Mapping)]
        elif isinstance(value, Mapping):
            if not _DATED.isdisjoint(value):
                single.append(value)
            queue += [item for item in reversed(list(value.values())) if isinstance(item, list | Mapping)]


def _address(item: Mapping[str, Any]) -> str | None:
    for name in ADDRESSES:
        value = item.get(name)
        if isinstance(value, Mapping):
            base, path = value.get("base"), value.get("path")
            if isinstance(path, str):
                value = f"{(base if isinstance(base, str) else '').rstrip('/')}{path}"
            else:
                value = value.get("url") or value.get("href")
        if isinstance(value, str) and 1 < len(value.strip()) < 2000:
            value = value.strip()
            if value.startswith(("http://", "https://", "/")):
                return value
    return None


def _first(item: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = item.get(name)
        if isinstance(value, Mapping):
            value = value.get("rendered") or value.get("text") or value.get("main") or value.get("basic")
        if isinstance(value, str) and value.strip():
            return value
    return None


def _date(item: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = item.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 8e8 < value < 8e12:
            value = str(int(value))
        if isinstance(value, str) and value.strip():
            moment = dates.read(value)
            if moment:
                return moment.iso()
    return None


def _image(item: Mapping[str, Any], base: str) -> Image | None:
    for name in IMAGES:
        address = _picture(item.get(name), 0)
        url = join(base, address) if address else None
        if url:
            return Image(url)
    return None


def _picture(value: object, depth: int) -> str | None:
    if isinstance(value, str):
        value = value.strip()
        return value if value.startswith(("http://", "https://", "/")) and len(value) < 2000 else None
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping) and depth < 4:
        for name in ("url", "src", "contentUrl", "image", "source_url", "default"):
            found = _picture(value.get(name), depth + 1)
            if found:
                return found
    elif isinstance(value, str):
        return _picture(value, depth + 1)
    return None


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    for name in AUTHORS:
        value = item.get(name)
        people = value if isinstance(value, list) else [value]
        names: list[str] = []
        for person in people[:20]:
            if isinstance(person, Mapping):
                person = person.get("name") or person.get("fullName") or person.get("displayName")
            text = line(person, AUTHOR) if isinstance(person, str) and not person.startswith("http") else None
            if text and text not in names:
                names.append(text)
        if names:
            return tuple(names)
    return ()
