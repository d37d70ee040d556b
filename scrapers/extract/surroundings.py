"""What stands around the headline: names, dates and a standfirst."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from .claims import MAX_NAME, MAX_SUBTITLE, tidy
from .headline import Heading
from .parts import Attributes
from .signs import (
    AUTHOR,
    AUTHOR_HREF,
    BYLINE,
    DATE,
    INTRODUCTION,
    NOT_AUTHOR,
    NOT_SUBTITLE,
    OTHERS,
    OUTSIDE,
    SUBTITLE,
    YEAR,
    Dated,
    dated,
)

MAX_NODES = 400  # looked at around one headline

_SKIPPED = frozenset(
    ("script", "style", "svg", "path", "img", "source", "picture", "h1", "br", "use", "button", "input")
)
_BLOCKS = frozenset(("p", "div", "h2", "h3", "span", "section", "strong", "header"))
_PARTS = "p, div, section, header, h1, h2, h3, time, figcaption, ul, button, form"
_LINES = frozenset(("p", "div", "span", "li", "address", "small", "strong", "em", "b"))


@dataclass(slots=True)
class Around:
    """What stands near the headline."""

    authors: list[str] = field(default_factory=list)  # names in links to authors
    bylines: list[str] = field(default_factory=list)  # texts of marked elements, or that begin with "By" and its like
    dates: list[Dated] = field(default_factory=list)
    subtitles: list[str] = field(default_factory=list)  # texts of elements marked as a standfirst
    introductions: list[str] = field(default_factory=list)  # texts of elements that may be marked as one
    lines: list[str] = field(default_factory=list)  # other texts that are long enough for a standfirst
    labels: list[str] = field(default_factory=list)  # short texts, of which one may tell that the piece is paid for
    below: str = ""  # the first of them under the headline, where no byline and no date stands between


def region(heading: Heading) -> list[LexborNode]:
    """The nodes around the headline: its block without the body, and its short neighbours."""
    node = heading.spot.node
    for _ in range(5):
        up = node.parent
        if up is None or up.tag in ("body", "html", "-document", None) or len(up.css("p")) > 5 or len(up.css("a")) > 40:
            break
        node = up
    return [node, *_neighbours(node, forward=True, limit=6), *_neighbours(node, forward=False, limit=3)]


def _neighbours(node: LexborNode, *, forward: bool, limit: int) -> Iterator[LexborNode]:
    """The elements beside a node, until one holds several paragraphs: there the body begins."""
    other = node.next if forward else node.prev
    seen = paragraphs = 0
    while other is not None and seen < limit:
        if other.is_element_node and other.tag not in ("script", "style", "noscript", "template"):
            seen += 1
            if other.tag in OUTSIDE or OTHERS.search(other.attributes.get("class") or ""):
                return
            if other.tag == "p" and len(other.text()) > 120:
                paragraphs += 1
                if paragraphs > 2:
                    return
            if len(other.css("p")) > 3 or len(other.css("a")) > 30:
                return
            yield other
        other = other.next if forward else other.prev


def around(heading: Heading | None) -> Around:
    """Names, dates and a standfirst near the headline."""
    found = Around()
    if heading is None:
        return found
    budget = MAX_NODES
    own = heading.spot.node.mem_id
    under = False
    for root in region(heading):
        for node in root.css("*")[:budget]:
            budget -= 1
            if node.mem_id == own:
                under = True
            elif node.tag not in _SKIPPED:
                before = len(found.lines), len(found.bylines) + len(found.dates) + len(found.authors)
                _look(node, node.tag or "", node.attributes, found)
                if under and len(found.lines) > before[0]:
                    found.below = found.lines[-1]
                    under = False
                elif under and len(found.bylines) + len(found.dates) + len(found.authors) > before[1]:
                    under = False
        if budget <= 0:
            break
    return found


def _look(node: LexborNode, tag: str, attributes: Attributes, found: Around) -> None:
    """What one node tells."""
    name = " ".join(attributes.get(key) or "" for key in ("class", "data-testid", "data-hook", "id"))
    if tag == "time":
        text = tidy(node.text(), 120)
        found.dates.extend(times(attributes.get("datetime") or "", text, f"{name} {label(node)} {text}"))
        return
    if tag == "a":
        if AUTHOR_HREF.search((attributes.get("href") or "")[:300]) or "author" in (attributes.get("rel") or ""):
            found.authors.append(tidy(node.text(), MAX_NAME))
        return
    if len(name) > 2:
        if AUTHOR.search(name) and not NOT_AUTHOR.search(name):
            text = tidy(node.text(separator=" | "), MAX_NAME)
            if 2 < len(text) < 160:
                found.bylines.append(text)
        sure = tag in _BLOCKS and SUBTITLE.search(name)
        if (sure or (tag in _BLOCKS and INTRODUCTION.search(name))) and not NOT_SUBTITLE.search(name):
            text = tidy(node.text(), MAX_SUBTITLE)
            if 30 <= len(text) <= 1000 and not _holds_more(node):
                if sure:
                    found.subtitles.append(text)
                elif (link := node.css_first("a")) is None or tidy(link.text(), MAX_SUBTITLE) != text:
                    found.introductions.append(text)  # else it is the teaser of another story
        if DATE.search(name):
            text = tidy(node.text(separator=" "), 128)
            if 6 <= len(text) <= 100 and any(c.isdigit() for c in text):
                found.dates.append(dated(text, name))
                return
    child = node.first_child
    if child is None or child.tag != "-text":
        return
    if tag in _LINES:
        text = tidy(node.text(separator=" | "), MAX_NAME)
        if 5 < len(text) < 160 and BYLINE.match(text):
            found.bylines.append(text)
            return
        if 8 <= len(text) <= 80 and YEAR.search(text):
            found.dates.append(dated(text, name))
        elif 2 <= len(text) <= 40:
            found.labels.append(text)
    if tag in _BLOCKS:
        text = tidy(node.text(), MAX_SUBTITLE)
        if 40 <= len(text) <= 1000 and _is_one_block(node) and not _in_picture(node):
            found.lines.append(text)


def _is_one_block(node: LexborNode) -> bool:
    """Whether an element holds text and no further blocks."""
    return all(inner.mem_id == node.mem_id for inner in node.css(_PARTS)[:2])  # a node is among its own matches


def _holds_more(node: LexborNode) -> bool:
    """Whether an element is more than a standfirst: it holds a heading, a picture with its caption, a time, a list."""
    return node.css_first("h1, figcaption, time, form, li, button") is not None or _in_picture(node)


def _in_picture(node: LexborNode) -> bool:
    up: LexborNode | None = node
    for _ in range(4):
        if up is None:
            return False
        if up.tag in ("figure", "figcaption"):
            return True
        up = up.parent
    return False


def times(value: str, text: str, context: str) -> Iterator[Dated]:
    """The date of a `<time>`: its attribute, and its text where that tells the time of day as well."""
    kind = dated(text, context).kind
    if len(value) >= 8:
        yield Dated(value, kind)
        if ":" in value or ":" not in text:
            return
    if text:
        yield Dated(text, kind)


def label(node: LexborNode) -> str:
    """The words right before a date, such as "Updated"."""
    parent = node.parent
    if parent is None:
        return ""
    own = parent.text(deep=False)
    previous = node.prev
    before = (
        previous.text()
        if previous is not None
        and previous.is_element_node
        and previous.tag in ("span", "strong", "b", "label", "em", "small", "div")
        else ""
    )
    attributes = parent.attributes
    return (own[:60] + " " + before[:60] + " " + (attributes.get("class") or "")[:80]).strip()
