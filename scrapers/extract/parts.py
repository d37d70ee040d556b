"""The few nodes of a page that the witnesses read, gathered in one query over the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_NODES = 4000  # of one page; the largest real page measured gives some six hundred

_QUERY = (
    "html, base[href], meta, link[rel], title, script, h1, h2, time, [rel~=author], [rel~=tag], [rel~=sponsored], "
    "a[href*='/tag/'], a[href*='/tags/'], a[href*='/topic'], a[href*='/them'], a[href*='/schlagwort'], "
    "a[href*='/etiqueta'], a[href*='/tema'], a[href*='/keyword'], "
    "[itemprop], [class*=byline i], [class*=author i], [class*=autor i], [class*=tags i], [data-hook]"
)

_TO_TAG = re.compile(
    r"/(?:tags?|topics?|thema|themen|schlagwort|schlagworte|etiquetas?|temas?|keywords?)/[^/?#]{2,}", re.I
)

Attributes = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Spot:
    """A node with what is known of it already: its tag, its attributes and its place among the gathered nodes."""

    place: int
    tag: str
    attributes: Attributes
    node: LexborNode

    def get(self, name: str) -> str:
        """The value of an attribute, empty where there is none."""
        return self.attributes.get(name) or ""


@dataclass(slots=True)
class Parts:
    """Nodes in document order, by what they may witness."""

    language: str | None = None
    base: str | None = None
    title: str = ""
    metas: list[Attributes] = field(default_factory=list)
    links: list[Attributes] = field(default_factory=list)
    ld: list[LexborNode] = field(default_factory=list)  # JSON-LD scripts
    scripts: list[Spot] = field(default_factory=list)  # other scripts without src
    headings: list[Spot] = field(default_factory=list)  # h1 and h2
    times: list[Spot] = field(default_factory=list)
    rels: list[Spot] = field(default_factory=list)  # links with rel author, tag or sponsored
    tags: list[Spot] = field(default_factory=list)  # links to the page of a tag
    props: list[Spot] = field(default_factory=list)  # microdata
    classed: list[Spot] = field(default_factory=list)  # by class: bylines, authors, tags; by data-hook


def gather(tree: LexborHTMLParser) -> Parts:
    """One walk over the nodes that can bear witness."""
    parts = Parts()
    for place, node in enumerate(tree.css(_QUERY)[:MAX_NODES]):
        tag = node.tag or ""
        attributes = node.attributes
        if tag == "meta":
            parts.metas.append(attributes)
        elif tag == "script":
            kind = (attributes.get("type") or "").lower()
            if "ld+json" in kind:
                parts.ld.append(node)
            elif not attributes.get("src"):
                parts.scripts.append(Spot(place, tag, attributes, node))
            continue
        elif tag == "link":
            parts.links.append(attributes)
        elif tag == "title":
            if not parts.title and node.parent is not None and node.parent.tag == "head":
                parts.title = node.text()
            continue
        elif tag == "html":
            parts.language = attributes.get("lang") or attributes.get("xml:lang")
            continue
        elif tag == "base":
            parts.base = parts.base or attributes.get("href")
            continue
        spot = Spot(place, tag, attributes, node)
        if tag in ("h1", "h2"):
            parts.headings.append(spot)
        elif tag == "time":
            parts.times.append(spot)
        rel = attributes.get("rel")
        if rel and tag != "link":
            parts.rels.append(spot)
        if tag == "a" and ("tag" in (rel or "").split() or _TO_TAG.search((attributes.get("href") or "")[:500])):
            parts.tags.append(spot)
        if attributes.get("itemprop"):
            parts.props.append(spot)
        if attributes.get("class") or attributes.get("data-hook"):
            parts.classed.append(spot)
    return parts
