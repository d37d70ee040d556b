"""JSON-LD: what the publisher tells search engines. A block that cannot be read is left out, the others count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scrapers.model import File, Image
from scrapers.page.embeds import file_type
from scrapers.page.jsonld import MAX_BLOCKS, load
from scrapers.urls.site import join

from ..claims import MAX_NAME, MAX_SUBTITLE, Claims, distinct, tidy, words

MAX_DEPTH = 50
MAX_OBJECTS = 2000

ARTICLE_TYPES = frozenset(
    words(
        """
        Article NewsArticle BlogPosting ReportageNewsArticle OpinionNewsArticle AnalysisNewsArticle
        BackgroundNewsArticle ReviewNewsArticle AskPublicNewsArticle AdvertiserContentArticle
        LiveBlogPosting SocialMediaPosting TechArticle
        ScholarlyArticle MedicalScholarlyArticle SatiricalArticle Report Review CriticReview Recipe ClaimReview HowTo
        """
    )
)
_PAGE_TYPES = frozenset(
    ("WebPage", "ItemPage", "CreativeWork", "MedicalWebPage", "VideoObject", "DiscussionForumPosting")
)
_LISTS = frozenset(
    ("itemListElement", "hasPart", "relatedLink", "relatedArticle", "comment", "mentions", "isRelatedTo")
)

_FIELDS = re.compile(
    r"\"(headline|datePublished|dateModified|description|articleSection)\"\s{0,5}:\s{0,5}\"((?:[^\"\\\n]|\\.){1,1000})\""
)


def types(value: dict[str, Any]) -> list[str]:
    """The schema.org types of an object, without their namespace."""
    kind = value.get("@type") or value.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    return [k.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for k in kinds if isinstance(k, str)]


def read(blocks: list[str], address: str | None) -> list[Claims]:
    """What the page's JSON-LD blocks say of its article, its page and its site, best first."""
    objects: list[dict[str, Any]] = []
    rescued: list[Claims] = []
    for text in blocks[:MAX_BLOCKS]:
        value = load(text)
        if value is None:
            rescued.extend(_rescue(text))
            continue
        objects.extend(_objects(value))
        if len(objects) > MAX_OBJECTS:
            break
    known = {o["@id"]: o for o in objects if isinstance(o.get("@id"), str) and len(o) > 2}
    articles = [o for o in objects if _is_article(o)]
    pages = [o for o in objects if o not in articles and any(t in _PAGE_TYPES for t in types(o))]
    claims: list[Claims] = []
    for article in _own(articles, address)[:2]:
        claims.append(_claims(article, known, address))
    claims.extend(rescued)
    for page in _own(pages, address)[:2]:
        claims.append(_claims(page, known, address, who="jsonld page"))
    names = [tidy(o.get("name"), MAX_NAME) for o in objects if "WebSite" in types(o)]
    names += [
        tidy(o.get("name"), MAX_NAME) for o in objects if {"NewsMediaOrganization", "Organization"} & set(types(o))
    ]
    crumbs = next((_crumbs(o) for o in objects if "BreadcrumbList" in types(o)), [])
    episodes = [o for o in objects if "PodcastEpisode" in types(o)]
    if len(episodes) == 1:  # several: a list of them
        claims.append(Claims("jsonld site", files=tuple(_sounds(episodes[0], known))))
    if any(names) or crumbs:
        claims.append(Claims("jsonld site", publishers=distinct(names), sections=distinct(crumbs)))
    return claims


def _objects(value: Any, depth: int = 0, within: str = "") -> Iterator[dict[str, Any]]:
    """Every object of a block that may be the page, its article or its site; related stories are not entered."""
    if depth > 8:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _objects(item, depth + 1, within)
        return
    if not isinstance(value, dict):
        return
    yield value
    for key in ("@graph", "mainEntity", "mainEntityOfPage", "isPartOf", "publisher", "author", "liveBlogUpdate_"):
        inner = value.get(key)
        if isinstance(inner, dict | list):
            yield from _objects(inner, depth + 1, key)


def _is_article(value: dict[str, Any]) -> bool:
    return any(t in ARTICLE_TYPES for t in types(value)) and bool(
        value.get("headline") or value.get("name") or value.get("datePublished") or value.get("articleBody")
    )


def _own(candidates: list[dict[str, Any]], address: str | None) -> list[dict[str, Any]]:
    """The candidates in the order of how sure it is that they mean this page: by address, then by completeness."""
    if len(candidates) < 2:
        return candidates
    path = _path(address or "")

    def rank(value: dict[str, Any]) -> tuple[bool, int]:
        addresses = [a for key in ("url", "mainEntityOfPage", "@id") for a in _addresses(value.get(key))]
        same = bool(path) and any(_path(a) == path for a in addresses)
        keys = sum(bool(value.get(k)) for k in ("headline", "datePublished", "author", "articleBody", "image"))
        weak = any(t in ("Review", "ClaimReview", "CriticReview", "Recipe", "HowTo") for t in types(value))
        return same, keys - 3 * weak

    ranked = sorted(candidates, key=rank, reverse=True)
    if rank(ranked[0])[0]:
        return [c for c in ranked if rank(c)[0]]
    return ranked if len(ranked) <= 4 else ranked[:1]  # five articles and none of them this page: a list


def _path(url: str) -> str:
    return url.split("#", 1)[0].split("?", 1)[0].partition("://")[2].rstrip("/").removeprefix("www.").lower()


def _addresses(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [v for v in (value.get("@id"), value.get("url")) if isinstance(v, str)]
    if isinstance(value, list):
        return [a for item in value[:5] for a in _addresses(item)]
    return []


def _claims(
    value: dict[str, Any], known: dict[str, dict[str, Any]], address: str | None, who: str = "jsonld"
) -> Claims:
    published = [tidy(value.get(k), 128) for k in ("datePublished", "dateCreated", "uploadDate")]
    free = value.get("isAccessibleForFree")
    kind = next((t for t in types(value)), None)
    is_page = who != "jsonld"
    return Claims(
        who=who,
        titles=distinct([tidy(value.get(k)) for k in ("headline", "name", "alternativeHeadline")]),
        subtitles=distinct(
            [tidy(value.get(k), MAX_SUBTITLE) for k in ("description", "alternativeHeadline", "abstract")]
        ),
        authors=distinct(_names(value.get("author") or value.get("creator"), known)),
        published=distinct(published),
        updated=distinct([tidy(value.get("dateModified"), 128)]),
        sections=distinct(_strings(value.get("articleSection"))),
        tags=distinct(_tags(value, known)),
        languages=distinct(_strings(value.get("inLanguage"))),
        urls=distinct([*_addresses(value.get("url")), *_addresses(value.get("mainEntityOfPage"))]),
        publishers=distinct(_names(value.get("publisher") or value.get("sourceOrganization"), known)),
        images=() if is_page and not value.get("image") else tuple(_images(value, known, address)),
        bodies=distinct(
            [b for b in (_text(value.get(k)) for k in ("articleBody", "text", "reviewBody")) if len(b) > 80]
        ),
        licenses=distinct(
            [tidy(one, 2000) for one in (_addresses(value.get("license")) or _strings(value.get("license")))]
        ),
        contributors=distinct(_names(value.get("contributor"), known)),
        comments=distinct(_addresses(value.get("discussionUrl"))),
        files=tuple(_sounds(value, known)),
        free=free if isinstance(free, bool) else {"false": False, "true": True}.get(str(free).strip().lower()),
        kind=kind,
    )


def _text(value: Any) -> str:
    """A body as given: its line breaks matter."""
    if isinstance(value, list):
        value = "\n".join(v for v in value if isinstance(v, str))
    return value.strip() if isinstance(value, str) else ""


def _strings(value: Any) -> list[str]:
    if isinstance(value, list):
        return [s for item in value[:60] for s in _strings(item)]
    if isinstance(value, dict):
        return [tidy(value.get("name") or value.get("@value"), MAX_NAME)]
    return [tidy(value, MAX_NAME)]


def _names(value: Any, known: dict[str, dict[str, Any]], depth: int = 0) -> list[str]:
    """Names of persons and organisations in every shape that they come in."""
    if isinstance(value, list):
        return [name for item in value[:40] for name in _names(item, known, depth + 1)] if depth < 4 else []
    if isinstance(value, dict):
        reference = value.get("@id")
        if not value.get("name") and isinstance(reference, str) and reference in known:
            value = known[reference]
        name = value.get("name")
        if isinstance(name, list | dict):
            return _names(name, known, depth + 1) if depth < 4 else []
        if not name and (value.get("givenName") or value.get("familyName")):
            name = f"{value.get('givenName') or ''} {value.get('familyName') or ''}"
        if not name and isinstance(value.get("@value"), str):
            name = value["@value"]
        return [tidy(name, MAX_NAME)]
    if isinstance(value, str) and value in known and depth < 4:
        return _names(known[value], known, depth + 1)  # an @id that is written as plain text
    return [tidy(value, MAX_NAME)]


def _tags(value: dict[str, Any], known: dict[str, dict[str, Any]]) -> list[str]:
    keywords = value.get("keywords")
    found: list[str] = []
    for item in keywords if isinstance(keywords, list) else [keywords]:
        if isinstance(item, str):
            parts = item.split(";") if ";" in item and "," not in item else item.split(",")
            found += [tidy(p, MAX_NAME) for p in parts]
        else:
            found += _strings(item)
    return found


def _images(value: dict[str, Any], known: dict[str, dict[str, Any]], address: str | None) -> Iterator[Image]:
    images = value.get("image") or value.get("primaryImageOfPage") or value.get("thumbnailUrl")
    for item in (images if isinstance(images, list) else [images])[:8]:
        found = item
        if (
            isinstance(found, dict)
            and isinstance(found.get("@id"), str)
            and not (found.get("url") or found.get("contentUrl"))
        ):
            found = known.get(found["@id"], found)
        if isinstance(found, dict):
            source = found.get("url") or found.get("contentUrl") or found.get("@id")
            source = source[0] if isinstance(source, list) and source else source
            caption, credit = tidy(found.get("caption"), 1000), tidy(found.get("creditText"), MAX_NAME)
            width, height = _pixels(found.get("width")), _pixels(found.get("height"))
        else:
            source, caption, credit, width, height = found, "", "", None, None
        if isinstance(source, str) and 4 < len(source) <= 2000:
            url = source if source.startswith("http") else join(address or "", source) or source
            yield Image(url, caption=caption or None, credit=credit or None, width=width, height=height)


def _sounds(value: dict[str, Any], known: dict[str, dict[str, Any]]) -> Iterator[File]:
    """The sound files that an article or an episode names as its own."""
    for key in ("audio", "associatedMedia", "encoding"):
        told = value.get(key)
        for item in (told if isinstance(told, list) else [told])[:4]:
            one = known.get(item, {"contentUrl": item} if key == "audio" else {}) if isinstance(item, str) else item
            if not isinstance(one, dict):
                continue
            if not one.get("contentUrl") and isinstance(one.get("@id"), str):
                one = known.get(one["@id"], one)
            address = one.get("contentUrl")
            if not isinstance(address, str) or not 4 < len(address) <= 2000:
                continue
            kind = file_type(address, tidy(one.get("encodingFormat") or one.get("fileFormat"), 100))
            if kind.startswith("audio/") or (not kind and "AudioObject" in types(one)):
                yield File(address, kind or None)


def _pixels(value: Any) -> int | None:
    if isinstance(value, dict):
        value = value.get("@value") or value.get("value")
    text = str(value).removesuffix("px").strip() if isinstance(value, int | float | str) else ""
    text = text.removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None


def _crumbs(value: dict[str, Any]) -> list[str]:
    items = value.get("itemListElement")
    found: list[str] = []
    for item in items[:12] if isinstance(items, list) else []:
        if not isinstance(item, dict):
            continue
        inner = item.get("item")
        found.append(tidy(item.get("name") or (inner.get("name") if isinstance(inner, dict) else None), MAX_NAME))
    return found


def _rescue(text: str) -> list[Claims]:
    """Single fields out of a block that is no JSON at all, if it is about an article."""
    text = text[:200_000]
    if "Article" not in text[:4000] and "BlogPosting" not in text[:4000]:
        return []
    fields: dict[str, str] = {}
    for match in _FIELDS.finditer(text):
        fields.setdefault(match[1], tidy(match[2].replace('\\"', '"').replace("\\/", "/"), MAX_SUBTITLE))
    if not fields:
        return []

    def one(key: str) -> tuple[str, ...]:
        return distinct([fields.get(key, "")])

    return [
        Claims(
            "jsonld",
            titles=one("headline"),
            subtitles=one("description"),
            published=one("datePublished"),
            updated=one("dateModified"),
            sections=one("articleSection"),
        )
    ]
