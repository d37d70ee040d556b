"""The nodes of a page that the witnesses read, gathered in one query over the tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..claims import MAX_NAME, tidy

MAX_NODES = 4000  # of one page; the largest real page measured gives some six hundred

_QUERY = (
    "style, html, base[href], meta, link[rel], title, script, h1, h2, [role=heading], time, abbr[title], "
    "[rel~=author], [rel~=sponsored], [rel~=license], [itemprop]"
)

Attributes = dict[str, str | None]


class Spot(NamedTuple):
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
    roles: list[Spot] = field(default_factory=list)  # other elements that say they are headings
    times: list[Spot] = field(default_factory=list)  # <time>, and <abbr> with a title
    rels: list[Spot] = field(default_factory=list)  # links with rel author, sponsored or license
    props: list[Spot] = field(default_factory=list)  # microdata

    def ld_texts(self) -> list[str]:
        """JSON-LD, also where a framework wrote it into `<meta content>` in place of a script."""
        metas = [one.get("content") or "" for one in self.metas if "ld+json" in (one.get("name") or "").lower()]
        return [*(node.text() for node in self.ld), *metas]


def elements(node: LexborNode) -> Iterator[LexborNode]:
    """An element and those below it, in order; lazy, so stopping early costs only what was walked."""
    return (one for one in node.traverse() if (one.tag or "-")[0] not in "-!")


def holds(node: LexborNode, paragraphs: int, links: int) -> bool:
    """Whether an element holds more than so many `<p>` or more than so many `<a>`, itself counted."""
    for one in node.traverse():
        if one.tag == "p":
            paragraphs -= 1
        elif one.tag == "a":
            links -= 1
        if paragraphs < 0 or links < 0:
            return True
    return False


def text_beside(node: LexborNode, *, back: bool = False) -> str:
    """The text of the next element, or of one of the same kind before, where it is short."""
    other = node.prev if back else node.next
    while other is not None and not other.is_element_node:
        if (other.text_content or "").strip():
            return ""
        other = other.prev if back else other.next
    if other is None or (back and other.tag != node.tag):
        return ""
    text = tidy(other.text(separator=" "), MAX_NAME)
    return text if 2 < len(text) < 80 else ""


def gather(tree: LexborHTMLParser) -> Parts:
    """One walk over the nodes that can bear witness. The tree loses its style sheets: they stand even in headings."""
    parts = Parts()
    styles: list[LexborNode] = []
    place, last = -1, 0
    for node in tree.css(_QUERY):
        if node.mem_id == last:  # it fits several parts of the query, and comes once for each
            continue
        last = node.mem_id
        tag = node.tag or ""
        if tag == "style":
            styles.append(node)
            continue
        place += 1
        if place >= MAX_NODES:
            continue
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
        elif tag in ("time", "abbr"):
            parts.times.append(spot)
        elif "heading" in (attributes.get("role") or ""):
            parts.roles.append(spot)
        if attributes.get("rel") and tag != "link":
            parts.rels.append(spot)
        if attributes.get("itemprop"):
            parts.props.append(spot)
    for style in styles:
        style.decompose()
    return parts
