"""A reader's OPML file → seeds: feeds as they are, FreshRSS's XPath recipes as CSS as far as CSS can say them.

OPML 2.0 (http://opml.org/spec2.opml); the recipes are the `frss:` attributes that FreshRSS writes. What cannot be
carried over is reported for each subscription, never dropped silently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlsplit

from lxml import etree

from ...errors import PageChanged
from ...model import Page
from ...seed.css import mistake
from ...seed.seed import Discover, Extract, Seed
from ...urls.site import join
from ..markup_text import line
from ..probe.feed_or_listing import name_of
from . import xml_guard
from .xpath import Untranslatable, attribute_and_css, to_css

MAX_SUBSCRIPTIONS = 5000
_FRESHRSS = "https://freshrss.org/opml"
_CATEGORY_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Subscription:
    """One entry of an OPML file as a seed. `lost` says in words what could not be carried over."""

    seed: Seed
    folders: tuple[str, ...] = ()
    kind: str = "feed"  # "feed", "recipe" (FreshRSS XPath), "bridge" (RSSHub or RSS-Bridge)
    reasons: tuple[tuple[str, str], ...] = ()  # (key, why)
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """Everything that an OPML file holds."""

    title: str | None
    subscriptions: tuple[Subscription, ...]
    skipped: tuple[str, ...]  # entries that are no sources, with the reason


def read_opml(document: bytes, *, taken: frozenset[str] = frozenset()) -> Imported:
    """The subscriptions of an OPML file, in its order. Raises PageChanged when it is none, ReadFailed past the limits.

    `taken` are names of seeds that exist already.
    """
    root = xml_guard.tree_of(Page("file:///subscriptions.opml", document, "text/x-opml"))
    if xml_guard.local(root) != "opml":
        raise PageChanged("this is no OPML file: its first element should be <opml>")
    body = next((child for child in root if xml_guard.local(child) == "body"), None)
    titles = [node.text for node in root.iter() if xml_guard.local(node) == "title"]
    names = set(taken)
    found: list[Subscription] = []
    skipped: list[str] = []
    seen: set[str] = set()
    for outline, folders in _outlines(body, (), 0) if body is not None else ():
        if len(found) >= MAX_SUBSCRIPTIONS:
            skipped.append(f"more than {MAX_SUBSCRIPTIONS} subscriptions: the rest was left out")
            break
        try:
            subscription = _subscription(outline, folders, frozenset(names))
        except ValueError as error:
            skipped.append(str(error))
            continue
        where = subscription.seed.discover.rss or (subscription.seed.home,)
        if where[0] in seen:
            skipped.append(f"{where[0]}: it is in the file twice")
            continue
        seen.add(where[0])
        names.add(subscription.seed.name)
        found.append(subscription)
    return Imported(line(titles[0]) if titles else None, tuple(found), tuple(skipped))


def _outlines(
    parent: etree._Element, folders: tuple[str, ...], depth: int
) -> list[tuple[etree._Element, tuple[str, ...]]]:
    """The outlines that are subscriptions, each with the folders above it."""
    found: list[tuple[etree._Element, tuple[str, ...]]] = []
    for outline in parent:
        if xml_guard.local(outline) != "outline":
            continue
        if _get(outline, "xmlUrl") or _get(outline, "type"):
            found.append((outline, folders))
        elif depth < _CATEGORY_DEPTH:
            name = line(_get(outline, "text") or _get(outline, "title"))
            found += _outlines(outline, (*folders, name) if name else folders, depth + 1)
    return found


def _get(outline: etree._Element, name: str) -> str:
    """An attribute whatever the case of its name, since files differ (`xmlUrl`, `xmlurl`)."""
    for key, value in outline.attrib.items():
        if str(key).lower() == name.lower():
            return str(value).strip()
    return ""


def _recipe(outline: etree._Element) -> dict[str, str]:
    """FreshRSS's own attributes, by name without namespace."""
    return {
        str(key).rpartition("}")[2]: str(value)
        for key, value in outline.attrib.items()
        if str(key).startswith("{" + _FRESHRSS)
    }


def _absolute(text: str) -> str | None:
    """An http(s) address as a seed may hold it, its spaces encoded; None for any other text."""
    url = join(text, "") if text.startswith(("http://", "https://")) else None
    return None if url is None else re.sub(r"\s", lambda space: quote(space[0]), url)


def _subscription(outline: etree._Element, folders: tuple[str, ...], taken: frozenset[str]) -> Subscription:
    address = _get(outline, "xmlUrl")
    title = line(_get(outline, "title") or _get(outline, "text"))
    url = _absolute(address)
    if url is None:
        raise ValueError(f"{title or address or 'an entry'}: it has no http(s) address")
    home = _absolute(_get(outline, "htmlUrl"))
    recipe = _recipe(outline)
    kind = (_get(outline, "type") or recipe.get("type") or "rss").lower()
    if "xpath" in kind or any(name.startswith("xPath") for name in recipe):
        return _of_recipe(url, title, folders, recipe, kind, taken)
    seed = Seed(name=name_of(home or url, taken), home=home or url, title=title, discover=Discover(rss=(url,)))
    lost: list[str] = []
    reasons = [("discover.rss", "the feed of the subscription")]
    family = _bridge(url)
    if family:
        reasons = [("discover.rss", f"a feed that {family} makes; it is read as any other")]
        of_bridge = dict(parse_qsl(urlsplit(url).query))
        page = next((v for v in of_bridge.values() if v.startswith(("http://", "https://"))), None)
        if page and home is None:
            lost.append(f"{family} makes this feed from {page}; `copydesk add {page}` may do without it")
    if "json" in kind and kind != "json" and "jsonfeed" not in kind:
        lost.append("a recipe for JSON (dot notation) is not understood; the address is read as a feed")
    if css := recipe.get("cssFullContent"):
        seed, said = _with_body(seed, css, recipe.get("cssFullContentFilter", ""))
        lost += said
    lost += _filters(recipe)
    return Subscription(seed, folders, "bridge" if family else "feed", tuple(reasons), tuple(lost))


def _of_recipe(
    url: str, title: str | None, folders: tuple[str, ...], recipe: dict[str, str], kind: str, taken: frozenset[str]
) -> Subscription:
    """A listing that FreshRSS scrapes by XPath: the item and its link become `discover.links`."""
    lost: list[str] = []
    reasons: list[tuple[str, str]] = []
    seed = Seed(name=name_of(url, taken), home=url, title=title)
    if "xml" in kind:
        lost.append("XPath over XML is not carried over; the address is read as a feed")
        return Subscription(
            replace(seed, discover=Discover(rss=(url,))), folders, "recipe", (), (*lost, *_filters(recipe))
        )
    item = recipe.get("xPathItem", "")
    links = None
    try:
        items = to_css(item).split(", ") if item else []
        try:
            link_css, _ = attribute_and_css(recipe.get("xPathItemUri", "") or "descendant::a/@href")
        except Untranslatable as error:
            lost.append(f"xPathItemUri {recipe.get('xPathItemUri')!r}: {error}; the first link of each item is taken")
            link_css = ""
        links = ", ".join(f"{one} {link_css}".strip() for one in items)
    except Untranslatable as error:
        lost.append(f"xPathItem {item!r}: {error}; the program finds the stories by itself")
    if links and (wrong := mistake(links)):
        lost.append(f"xPathItem {item!r}: {wrong}; the program finds the stories by itself")
    elif links:
        seed = replace(seed, discover=Discover(links=links))
        reasons.append(("discover.links", f"from the XPath {item}"))
    for name, value in recipe.items():
        if name.startswith("xPathItem") and name not in ("xPathItem", "xPathItemUri") and value.strip():
            lost.append(f"{name} {value!r}: read from the story's own page instead of the listing")
    if recipe.get("xPathFeedTitle") and not title:
        lost.append("xPathFeedTitle: the page's own title is taken")
    if css := recipe.get("cssFullContent"):
        seed, said = _with_body(seed, css, recipe.get("cssFullContentFilter", ""))
        lost += said
    return Subscription(seed, folders, "recipe", tuple(reasons), (*lost, *_filters(recipe)))


def _with_body(seed: Seed, css: str, drop: str) -> tuple[Seed, list[str]]:
    """FreshRSS's selector for the full text is CSS already."""
    if wrong := mistake(css.strip()):
        return seed, [f"cssFullContent: {wrong}"]
    parts = [part.strip() for part in drop.split(",") if part.strip()]
    lost = [f"cssFullContentFilter: {wrong}" for part in parts if (wrong := mistake(part))]
    dropped = tuple(part for part in parts if not mistake(part))
    return replace(seed, extract=Extract(body=css.strip(), drop=dropped)), lost


def _filters(recipe: dict[str, str]) -> list[str]:
    found = []
    if recipe.get("filtersActionRead"):
        found.append("filters that mark entries as read stay with the reader; topics have queries of their own")
    if any(name.startswith("CURLOPT") for name in recipe):
        found.append(
            "settings of the request (cookies, user agent, proxy) are not carried over; see the seed's headers"
        )
    return found


def _bridge(url: str) -> str | None:
    """The name of the service that makes a feed out of a page, when the address shows it."""
    parts = urlsplit(url)
    if "rsshub" in (parts.hostname or ""):
        return "RSSHub"
    query = dict(parse_qsl(parts.query))
    if query.get("action") == "display" and "bridge" in query:
        return "RSS-Bridge"
    if re.search(r"rss-?bridge", parts.netloc + parts.path, re.IGNORECASE):
        return "RSS-Bridge"
    return None
