"""The page's data in its scripts: `__NEXT_DATA__`, Next's flight stream, Fusion, Nuxt, Apollo, Wix and their like.

Read only where the markup is thin: it holds the article of pages that are rendered in the browser. Nothing here
knows one system's names; it looks for the object that carries the page's headline beside a body or a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from scrapers.model import Image
from scrapers.page.scripts import MAX_DEPTH, decoded, load, load_at

from ..claims import MAX_NAME, MAX_SUBTITLE, Claims, distinct, tidy, words
from ..fields.authors import fold
from .json_blocks import BODIES, BODY_KEYS, MIN_BODY, key, prose
from .references import is_referring, resolve

MAX_SCRIPT = 3_000_000  # characters of one script
MAX_VISITS = 60_000  # values looked at on one page

_PUSH = re.compile(r"(?:__next_f|__NEXT_F__)[^\n]{0,40}?\.push\(")
_START = re.compile(r"(?:=|\(|:|return)\s{0,5}(?=[{\[][\"{\[])")
_ROW = re.compile(r"([0-9a-f]{1,6}):(T[0-9a-f]{1,8},|[A-Z]{0,2}(?=[\[{\"]))")

_TITLES = words("headline title articletitle name headlines newstitle heading contenttitle metatitle seotitle")
_PUBLISHED = words(
    """
    datepublished publisheddate publishdate publishedat publicationdate publishedtime pubdate firstpublisheddate
    firstpublished firstpublishdate displaydate publishtime published createdat createddate deploydt date datecreated
    dateline posteddate timestamp
    """
)
_UPDATED = words(
    """
    datemodified modifieddate updatedat lastmodified lastpublisheddate lastupdated updateddate updatedate modifiedat
    redeploydt
    """
)
_AUTHORS = words(
    "author authors byline bylines credits writers reporters writername reporter contributors writer reporterlist"
)
_SUBTITLES = words(
    """
    description subtitle standfirst subheadline subheadlines deck dek summary excerpt abstract lead teaser subheading
    """
)
_TAGS = words("keywords tags topics keyword taglist")
_SECTIONS = words("section sectionname category categoryname primarysection articlesection channel")
_IMAGES = words("image leadimage heroimage mainimage thumbnail imageurl ogimage featuredimage articleimagefilepath")


@dataclass(slots=True)
class _Found:
    """What the walk over a page's data collects."""

    visits: int = 0
    objects: list[dict[str, Any]] = field(default_factory=list)  # those that have a title beside something else
    texts: dict[str, str] = field(default_factory=dict)  # long texts of a flight stream, by their reference


def read(scripts: Iterable[tuple[str, str]], titles: Iterable[str], address: str) -> list[Claims]:
    """Claims of the objects that are the page's article, best first. `scripts` are (type, text) of the inline scripts,
    `titles` the headlines that the page is known by."""
    found = _Found()
    stream: list[str] = []
    for kind, text in scripts:
        if len(text) < MIN_BODY or len(text) > MAX_SCRIPT:
            continue
        for value in _values(kind, text, stream):
            _walk(value, found)
    if stream:
        for value in _flight("".join(stream), found):
            _walk(value, found)
    known = {fold(title) for title in titles if title}
    slug = address.split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1]
    ranked: list[tuple[float, int, Claims]] = []
    for value in found.objects:
        claims = _claims(value, found)
        likeness = max((_alike(fold(title), other) for title in claims.titles for other in known), default=0.0)
        if likeness < 0.6 and not (len(slug) > 8 and _names_address(value, slug)):
            continue
        length = max((len(body) for body in claims.bodies), default=0)
        ranked.append((likeness + min(length, 4000) / 4000 + 0.3 * bool(claims.published), length, claims))
    ranked.sort(key=lambda item: item[:2], reverse=True)
    best = [claims for _, _, claims in ranked[:3]]
    if best and not best[0].bodies and found.texts:  # the body stands alone in the stream
        longest = max(found.texts.values(), key=len)
        if len(longest) >= MIN_BODY and "<p" in longest:
            best.append(Claims("state", bodies=(longest,)))
    return best


def _alike(a: str, b: str) -> float:
    first, second = set(a.split()), set(b.split())
    return len(first & second) / max(len(first), len(second), 1)


def _names_address(value: dict[str, Any], slug: str) -> bool:
    return any(
        isinstance(v, str) and len(v) < 500 and slug in v
        for k, v in value.items()
        if key(k) in ("url", "slug", "id", "canonicalurl", "link", "path")
    )


def _values(kind: str, text: str, stream: list[str]) -> Iterator[Any]:
    """The JSON values in one script."""
    if "json" in kind or text[:1] in "{[":
        value = _loads(text)
        if is_referring(value):
            value = resolve(value)
        if value is not None:
            yield value
        return
    if _PUSH.search(text[:4000]):
        for match in list(_PUSH.finditer(text))[:2000]:
            value = load_at(text, match.end())[1]
            if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
                stream.append(value[1])
        return
    place = 0
    for _ in range(6):
        start = _START.search(text, place)
        if start is None:
            return
        end, value = load_at(text, start.end())
        if value is not None:
            yield value
        place = max(end, start.end() + 1)


def _loads(text: str) -> Any:
    """A JSON value, though something may follow it."""
    value = load(text)
    return load_at(text)[1] if value is None else value


def _flight(stream: str, found: _Found) -> Iterator[Any]:
    """The rows of Next's flight stream: JSON values, and long texts that they refer to as "$id"."""
    place = 0
    data: bytes | None = None
    for _ in range(5000):
        match = _ROW.match(stream, place)
        if match is None:
            newline = stream.find("\n", place)
            if newline < 0:
                return
            place = newline + 1
            continue
        if match[2].startswith("T"):
            length = int(match[2][1:-1], 16)  # in bytes
            data = stream[match.end() :].encode()[:length]
            text = data.decode(errors="ignore")
            found.texts["$" + match[1]] = text
            place = match.end() + len(text)
            continue
        line_end = stream.find("\n", match.end())
        line_end = len(stream) if line_end < 0 else line_end
        value = _loads(stream[match.end() : line_end])
        if value is not None:
            yield value
        place = line_end + 1


def unwrap(text: str) -> Any:
    """JSON inside a string: as text, or base64 of JSON, or base64 of JSON that went through JavaScript's escape()."""
    start = text[:4]
    if start[:1] in ("{", "["):
        return _loads(text) if '"' in text[:40] else None
    if start not in ("JTdi", "JTdC", "JTVi", "JTVC", "eyJ0") and not text.startswith(("eyJ", "W3si")):
        return None
    plain = decoded(text)
    return None if plain is None else _loads(plain)


def _walk(value: Any, found: _Found) -> None:
    """Collects every object that has a title beside a body, a date or an author."""
    stack: list[tuple[Any, int]] = [(value, 0)]
    while stack and found.visits < MAX_VISITS:
        item, depth = stack.pop()
        found.visits += 1
        if depth > MAX_DEPTH:
            continue
        if isinstance(item, dict):
            names = {key(k) for k in item if isinstance(k, str)}
            if names & _TITLE_SET and (names & BODY_KEYS or names & _DATE_SET):
                found.objects.append(item)
                if len(found.objects) > 400:
                    return
            stack.extend(
                (v, depth + 1)
                for v in item.values()
                if isinstance(v, dict | list) or (isinstance(v, str) and len(v) > 200)
            )
        elif isinstance(item, list):
            stack.extend((v, depth + 1) for v in item[:500] if isinstance(v, dict | list))
        elif isinstance(item, str) and depth < 12:
            inner = unwrap(item)
            if isinstance(inner, dict | list):
                stack.append((inner, depth + 1))


_TITLE_SET = frozenset(_TITLES)
_DATE_SET = frozenset(_PUBLISHED)


def _claims(value: dict[str, Any], found: _Found) -> Claims:
    by_key = {key(k): v for k, v in value.items() if isinstance(k, str)}

    def texts(names: tuple[str, ...], limit: int) -> tuple[str, ...]:
        return distinct([_plain(by_key[name], limit) for name in names if name in by_key])

    bodies: list[str] = []
    for name in BODIES:
        if name in by_key:
            inner = by_key[name]
            if isinstance(inner, str) and inner.startswith("$"):
                inner = found.texts.get(inner, "")
            body = prose(inner)
            if len(body) >= MIN_BODY:
                bodies.append(body)
    bodies.sort(key=len, reverse=True)
    images: list[Image] = []
    for name in _IMAGES:
        inner = by_key.get(name)
        url = inner.get("url") or inner.get("src") if isinstance(inner, dict) else inner
        if isinstance(url, str) and url.startswith(("http", "/")) and len(url) < 2000:
            images.append(Image(url))
    return Claims(
        "state",
        titles=texts(_TITLES, 500),
        subtitles=texts(_SUBTITLES, MAX_SUBTITLE),
        authors=distinct([name for k in _AUTHORS if k in by_key for name in _people(by_key[k])]),
        published=texts(_PUBLISHED, 128),
        updated=texts(_UPDATED, 128),
        sections=texts(_SECTIONS, MAX_NAME),
        tags=distinct([name for k in _TAGS if k in by_key for name in _people(by_key[k])]),
        images=tuple(images[:2]),
        bodies=tuple(bodies[:2]),
    )


def _plain(value: Any, limit: int) -> str:
    """A text, or the text of an object that wraps one ({"basic": …}, {"rendered": …}); numbers count as dates do."""
    if isinstance(value, dict):
        value = next(
            (
                v
                for k, v in value.items()
                if key(k) in ("basic", "rendered", "text", "value", "default", "name", "title") and isinstance(v, str)
            ),
            None,
        )
    if isinstance(value, int) and not isinstance(value, bool) and 10**9 <= value < 10**14:
        return str(value)
    text = tidy(value, limit)
    return "" if text.startswith(("$", "{", "[")) or "<" in text[:3] else text


def _people(value: Any, depth: int = 0) -> list[str]:
    """Names out of a text, a list of texts, or objects with a name."""
    if depth > 4:
        return []
    if isinstance(value, list):
        return [name for item in value[:30] for name in _people(item, depth + 1)]
    if isinstance(value, dict):
        for name in (
            "name",
            "displayName",
            "display_name",
            "title",
            "fullName",
            "byline",
            "text",
            "slug_name",
            "default",
        ):
            if isinstance(value.get(name), str):
                return [tidy(value[name], MAX_NAME)]
        return [name for k in ("by", "authors", "items") if k in value for name in _people(value[k], depth + 1)]
    return [tidy(part, MAX_NAME) for part in value.split(",")] if isinstance(value, str) and len(value) < 400 else []
