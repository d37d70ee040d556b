"""The few nodes of a page that the witnesses read, gathered in one query over the tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_NODES = 4000  # of one page; the largest real page measured gives some six hundred

_QUERY = "html, base[href], meta, link[rel], title, script, h1, h2, time, [rel~=author], [rel~=sponsored], [itemprop]"

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
    rels: list[Spot] = field(default_factory=list)  # links with rel author or sponsored
    props: list[Spot] = field(default_factory=list)  # microdata


def gather(tree: LexborHTMLParser) -> Parts:
    """One walk over the nodes that can bear witness. The tree loses its style sheets: they stand even in headings."""
    tree.strip_tags(["style"], recursive=True)
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
        if attributes.get("rel") and tag != "link":
            parts.rels.append(spot)
        if attributes.get("itemprop"):
            parts.props.append(spot)
    return parts
