"""Stories in the data embedded in a page: JSON-LD, framework state, the Wix warm-up block."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from ...model import Draft, LinkWay
from ...page import jsonld, scripts
from ..listing.url_shapes import key_of
from . import story_objects, wix

MAX_STATE = 3_000_000  # characters of a framework's state
MAX_DEPTH = 50
ARTICLE_TYPES = frozenset(
    {"newsarticle", "article", "blogposting", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle",
     "reviewnewsarticle", "liveblogposting", "socialmediaposting", "techarticle", "report", "advertisercontentarticle"}
)  # fmt: skip
_ASSIGNED = re.compile(
    r"(?:window\.|self\.)?(?:__NUXT__|__INITIAL_STATE__|__PRELOADED_STATE__|__APOLLO_STATE__|__DATA__|__STATE__)\s{0,4}=\s{0,4}"
)


@dataclass(slots=True)
class Data:
    """Stories found in data. Addresses are compared by `url_shapes.key_of`."""

    sure: dict[str, tuple[str, Draft]] = field(default_factory=dict)  # JSON-LD, Wix: these are stories
    maybe: dict[str, tuple[str, Draft]] = field(default_factory=dict)  # other state: weak evidence
    single: dict[str, Draft] = field(default_factory=dict)  # dated objects outside of lists, by address: weaker still
    slugs: dict[str, str] = field(default_factory=dict)  # Wix: a post's slug → its key; it is unique on a site
    way: dict[str, LinkWay] = field(default_factory=dict)  # by key

    def add(self, url: str, hint: Draft, way: LinkWay) -> None:
        """Another witness for a story; the first one to fill a field keeps it."""
        key = key_of(url)
        table = self.maybe if way == "state" else self.sure
        if key in table:
            known_url, known = table[key]
            table[key] = (known_url, known.or_else(hint))
        else:
            table[key] = (url, hint)
            self.way.setdefault(key, way)

    def find(self, key: str) -> str:
        """The key under which the data list an address: its own, or for Wix the one with the same slug."""
        if key in self.sure or key in self.maybe or not self.slugs:
            return key
        return self.slugs.get(_slug(key), key)

    def hint(self, key: str) -> Draft | None:
        """What the data tell of an address, given by its key."""
        told = [table[key][1] for table in (self.sure, self.maybe) if key in table]
        return told[0].or_else(told[1]) if len(told) == 2 else told[0] if told else None


def _slug(address: str) -> str:
    """The last part of an address, without accents (file names on mirrors lose them) and extension."""
    last = unquote(address.partition("?")[0]).rstrip("/").rpartition("/")[2].lower().removesuffix(".html")
    return "".join(c for c in unicodedata.normalize("NFKD", last) if not unicodedata.combining(c))


def read(tree: LexborHTMLParser, base: str) -> Data:
    """All stories that the page's scripts tell of. Unreadable or oversized blocks are passed over."""
    data = Data()
    blocks = 0
    for node in tree.css("script"):
        attributes = node.attributes
        kind = (attributes.get("type") or "").lower()
        name = attributes.get("id") or ""
        if "ld+json" in kind:
            blocks += 1
            text = node.text()
            if blocks <= jsonld.MAX_BLOCKS:
                for url, hint in _linked(jsonld.load(text), base):
                    data.add(url, hint, "jsonld")
        elif name == "wix-warmup-data":
            for url, hint in wix.posts(_loaded(node.text(), wix.MAX_TEXT), base):
                data.add(url, hint, "wix")
                data.slugs.setdefault(_slug(url), key_of(url))
        elif name in ("__NEXT_DATA__", "__NUXT_DATA__") or (kind == "application/json" and not name.startswith("wix-")):
            text = node.text()
            if 200 < len(text) <= MAX_STATE:
                for url, hint in story_objects.stories(_loaded(text), base, fewest=2, apart=data.single):
                    data.add(url, hint, "state")
        elif not kind or "javascript" in kind:
            text = node.text() if not attributes.get("src") else ""
            found = _ASSIGNED.search(text[:2000]) if 200 < len(text) <= MAX_STATE else None
            if found:
                value = _assigned(text, found.end())
                for url, hint in story_objects.stories(value, base, fewest=2, apart=data.single):
                    data.add(url, hint, "state")
    return data


def _loaded(text: str, most: int = MAX_STATE) -> Any:
    """A JSON text as values; None when it is too large, too deep or broken."""
    text = text.strip()
    return scripts.load(text, depth=MAX_DEPTH) if text and len(text) <= most else None


def _assigned(text: str, start: int) -> Any:
    """The JSON value at a place of a script; None when it is no JSON (a function, an expression)."""
    return scripts.load_at(text, start, depth=MAX_DEPTH)[1] if text.startswith(("{", "["), start) else None


def _linked(told: Any, base: str) -> Iterator[tuple[str, Draft]]:
    """Stories of JSON-LD: articles with an address, and the members of an ItemList."""
    queue: list[Any] = [told]
    looked = 0
    while queue and looked < 20_000:
        value = queue.pop(0)
        looked += 1
        if isinstance(value, list):
            queue += value[:2000]
            continue
        if not isinstance(value, Mapping):
            continue
        kinds = {str(kind).rpartition("/")[2].lower() for kind in _listed(value.get("@type"))}
        if kinds & ARTICLE_TYPES:
            found = story_objects.story(_with_address(value), base, "jsonld")
            if found:
                yield found
        elif "itemlist" in kinds:
            for member in _listed(value.get("itemListElement"))[:500]:
                item = member.get("item") if isinstance(member, Mapping) else member
                if isinstance(item, str):
                    item = {**member, "url": item} if isinstance(member, Mapping) else {"url": item}
                elif not isinstance(item, Mapping):
                    item = member
                if not isinstance(item, Mapping):
                    continue
                inner = {str(kind).rpartition("/")[2].lower() for kind in _listed(item.get("@type"))}
                if inner - ARTICLE_TYPES - {"listitem", "webpage", "creativework", "thing"}:
                    continue  # a list of products, places or events
                found = story_objects.story(_with_address(item), base, "jsonld")
                if found:
                    yield found
            continue
        queue += [inner for inner in value.values() if isinstance(inner, list | Mapping)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _with_address(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """An article whose address stands in `mainEntityOfPage` or `@id`."""
    if isinstance(item.get("url"), str):
        return item
    page = item.get("mainEntityOfPage")
    address = page.get("@id") or page.get("url") if isinstance(page, Mapping) else page
    if not isinstance(address, str):
        address = item.get("@id")
    return {**item, "url": address} if isinstance(address, str) and address.startswith(("http", "/")) else item
