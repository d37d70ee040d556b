"""The links of a page and the places where they stand: collected in one pass, each element looked at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...page.text import clean
from ...urls.site import join, site
from .url_shapes import is_file, path_of, shape

MAX_ANCHORS = 6000
MAX_TEXT = 600  # characters of a link's text that are looked at
NONE, MANY = -1, -2  # number of story links beneath a place, where it is not one
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
UNSEEN = ["script", "style", "noscript", "template", "svg", "iframe", "object", "select", "math"]

# Headlines by convention: Wix, microformats, microdata, WordPress.
MARKS = '[data-hook="post-title"], [itemprop="headline"], .p-name, .u-url, .entry-title, .post-title'

# Words in class names, ids and roles that tell what a part of a page is; each kind is one flag.
_ZONES = {
    "nav": "nav navi navigation navbar menu submenu subnav topbar toolbar breadcrumb breadcrumbs dropdown burger tabs "
    "menubar sitemap quicklinks",
    "foot": "footer foot colophon contentinfo bottom",
    "aside": "aside sidebar widget widgets rail complementary secondary",
    "related": "related popular trending recommended recommendations mostread meistgelesen latest recent top toplist "
    "teaserlist also more mehr weitere",
    "social": "social share sharing follow sns facebook twitter",
    "comment": "comment comments disqus reply replies respond",
    "meta": "byline author authors meta tags tag category categories cat label labels topic topics kicker rubric info "
    "credit taxonomy postmeta metadata terms",
    "pager": "pagination pager paging pagenavi pages page-numbers next prev previous",
    "ad": "ad ads advert advertisement sponsor sponsored anzeige banner promo promotion commercial partner affiliate",
    "story": "article post entry teaser card story hentry item blogpost",
    "title": "title headline heading caption titel header hdl",
    "stream": "main content feed stream list listing articles posts stories news archive loop blog river results",
    "header": "masthead branding logo siteheader",
    "legal": "cookie consent gdpr privacy legal copyright overlay modal popup",
    "form": "form search login signup newsletter subscribe subscription",
    "media": "video gallery podcast audio slideshow carousel slider",
}
FLAGS = {name: 1 << n for n, name in enumerate(_ZONES)}
_WORD_FLAGS: dict[str, int] = {}
for _name, _words in _ZONES.items():
    for _word in _words.split():
        _WORD_FLAGS[_word] = _WORD_FLAGS.get(_word, 0) | FLAGS[_name]
_TAG_FLAGS = {
    "nav": FLAGS["nav"], "footer": FLAGS["foot"], "aside": FLAGS["aside"], "article": FLAGS["story"],
    "main": FLAGS["stream"], "form": FLAGS["form"],
}  # fmt: skip
_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+/(?!.*/\.)[!-~]*$")
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(slots=True, eq=False)
class Place:
    """An element above at least one link."""

    node: LexborNode
    tag: str
    up: Place | None
    depth: int
    path: int  # hash of the tags from the root down to here
    look: str  # tag and first class
    own: int  # flags of the element itself
    flags: int  # … and of everything above
    only: int = NONE  # number of the one candidate beneath, or NONE, or MANY


@dataclass(slots=True, eq=False)
class Anchor:
    """One `<a>`."""

    place: Place
    text: str
    order: int  # place among all links of the page
    rel: str
    label: str  # title or aria-label
    heading: str | None = None  # text of the heading in or around it
    posted: bool = False  # it holds the headline of a Wix post, a certain sign
    marked: bool = False  # the markup says by a convention that it is a story's headline


@dataclass(slots=True, eq=False)
class Candidate:
    """One address that the page links to, with all its links."""

    number: int
    url: str
    host: str
    site: str
    path: str  # as `shapes.path_of` gives it
    query: str
    shape: str
    kinds: frozenset[str]  # the parts of the shape
    last: str  # … the last of them
    anchors: list[Anchor] = field(default_factory=list)
    title: str = ""  # best text of its links
    heading: str | None = None
    box_heading: str | None = None  # a heading beside the link, in a box with no other story
    times: list[LexborNode] = field(default_factory=list)
    images: int = 0
    paragraph: str = ""  # longest paragraph in its box

    @property
    def marked(self) -> bool:
        """Whether the markup says by a convention that this is a story (Wix, microformats, microdata, WordPress)."""
        return any(anchor.marked for anchor in self.anchors)

    @property
    def key(self) -> str:
        """As `shapes.key_of` gives it."""
        return f"{self.host.removeprefix('www.')}{self.path}{'?' + self.query if self.query else ''}"


@dataclass(slots=True)
class Collected:
    """All links of a page."""

    candidates: list[Candidate]
    places: dict[int, Place]
    total: int  # links in the page


def collect(tree: LexborHTMLParser, base: str, include: Sequence[str] = ()) -> Collected:
    """Every http(s) address that the page links to, each once, in the page's order. Strips scripts.

    Pictures, documents and other files are left out, except those with a part of `include` in their address.
    """
    tree.strip_tags(UNSEEN)
    places: dict[int, Place] = {}
    found: dict[str, Candidate] = {}
    here = base.partition("#")[0].rstrip("/")
    total = 0
    known: dict[str, str | None] = {}  # href → address; teasers repeat it
    for order, node in enumerate(tree.css("a[href]")[:MAX_ANCHORS]):
        total += 1
        attributes = node.attributes
        href = (attributes.get("href") or "").strip()
        if href not in known:
            known[href] = _absolute(base, href)
        url = known[href]
        if url is None or url.rstrip("/") == here or (is_file(url) and not any(part in url for part in include)):
            continue
        place = _place(node, places)
        text = node.text(separator=" ")[: 4 * MAX_TEXT]
        label = attributes.get("title") or attributes.get("aria-label") or ""
        label = clean(label, 300) if label else ""
        anchor = Anchor(place, clean(text, MAX_TEXT), order, (attributes.get("rel") or "").lower(), label)
        key = _same(url)
        candidate = found.get(key)
        if candidate is None:
            candidate = found[key] = _candidate(len(found), url)
        candidate.anchors.append(anchor)
    collected = Collected(list(found.values()), places, total)
    _add_headings(tree, collected)
    return collected


def chain(place: Place | None, most: int = 64) -> Iterator[Place]:
    """A place and what stands above it, at most `most` of them."""
    while place is not None and most > 0:
        yield place
        place = place.up
        most -= 1


def _absolute(base: str, href: str) -> str | None:
    """The http(s) address that a link means; None for places on the same page, scripts and the like."""
    if not href or href[0] == "#" or len(href) > 2000:
        return None
    if _PLAIN.match(href):  # the common case, without the work of resolving
        return href.partition("#")[0]
    return join(base, href)


def _candidate(number: int, url: str) -> Candidate:
    parts = urlsplit(url)
    form = shape(url)
    kinds = form.partition("?")[0].partition(".")[0].split("/")
    name = (parts.hostname or "").lower()
    return Candidate(
        number,
        url,
        name,
        _site(parts.netloc.lower()),
        path_of(url),
        parts.query,
        form,
        frozenset(kinds) - {""},
        kinds[-1],
    )


@lru_cache(maxsize=2000)
def _site(netloc: str) -> str:
    return site(f"https://{netloc}/")


def _same(url: str) -> str:
    """The key by which two links of one page name one story."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _place(node: LexborNode, places: dict[int, Place]) -> Place:
    """The place of a node; those above it are made as needed."""
    stack: list[LexborNode] = []
    current: LexborNode | None = node
    above: Place | None = None
    while current is not None:
        above = places.get(current.mem_id)
        if above is not None:
            break
        stack.append(current)
        current = current.parent
    for element in reversed(stack):
        above = _made(element, above)
        places[element.mem_id] = above
    assert above is not None
    return above


def _made(node: LexborNode, up: Place | None) -> Place:
    tag = node.tag or "-"
    attributes = node.attributes if tag[0] not in "-!#" else {}
    names = attributes.get("class") or ""
    told = f"{names} {attributes.get('id') or ''} {attributes.get('role') or ''} {attributes.get('data-hook') or ''}"
    own = _TAG_FLAGS.get(tag, 0) | (_flags(told[:300]) if len(told) > 3 and tag not in ("body", "html") else 0)
    return Place(
        node=node,
        tag=tag,
        up=up,
        depth=up.depth + 1 if up else 0,
        path=hash((up.path if up else 0, tag)),
        look=f"{tag}.{names.split(None, 1)[0] if names.strip() else ''}",
        own=own,
        flags=own | (up.flags if up else 0),
    )


@lru_cache(maxsize=20_000)
def _flags(told: str) -> int:
    flags = 0
    for part in _NAME_PARTS.findall(told)[:40]:
        flags |= _WORD_FLAGS.get(part.lower(), 0)
    return flags


def _add_headings(tree: LexborHTMLParser, collected: Collected) -> None:
    """Each link's heading: the one around it, or the one in it."""
    inside: dict[int, str] = {}
    named: set[int] = set()
    posted: set[int] = set()
    for node in tree.css(f"h1, h2, h3, h4, h5, h6, {MARKS}"):
        current: LexborNode | None = node
        for _ in range(8):
            if current is None or current.tag == "body":
                break
            if current.tag == "a":
                text = clean(node.text(separator=" ")[: 4 * MAX_TEXT], 300)
                if len(text) > len(inside.get(current.mem_id, "")):  # a kicker is often a heading of its own
                    inside[current.mem_id] = text
                if node.tag not in HEADINGS or node.attributes.get("data-hook") == "post-title":
                    named.add(current.mem_id)
                    if node.attributes.get("data-hook") == "post-title":
                        posted.add(current.mem_id)
                break
            current = current.parent
        place = collected.places.get(node.mem_id)
        if place is not None and node.tag not in HEADINGS:
            named.add(node.mem_id)
    for candidate in collected.candidates:
        for anchor in candidate.anchors:
            anchor.heading = inside.get(anchor.place.node.mem_id) or None
            anchor.posted = anchor.place.node.mem_id in posted
            anchor.marked = anchor.place.node.mem_id in named
            for place in chain(anchor.place.up, 4):
                if place.tag in HEADINGS and anchor.heading is None:
                    anchor.heading = anchor.text
                if place.node.mem_id in named:
                    anchor.marked = True
            if anchor.heading and len(anchor.heading) > len(candidate.heading or ""):
                candidate.heading = anchor.heading


def mark(collected: Collected, members: list[Candidate]) -> None:
    """Note for each place which of `members` lies beneath it: none, one, or many."""
    for place in collected.places.values():
        place.only = NONE
    for candidate in members:
        number = candidate.number
        for anchor in candidate.anchors:
            above: Place | None = anchor.place
            while above is not None and above.only != MANY:
                if above.only == NONE:
                    above.only = number
                elif above.only != number:
                    above.only = MANY
                above = above.up
