"""What stands around the headline: names, dates and a standfirst."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from scrapers.page.class_terms import ClassTerms, spaced

from ..body.class_names import (
    AUTHOR,
    AUTHOR_HREF,
    BY_ALONE,
    BY_INSIDE,
    BYLINE,
    DATE,
    INTRODUCTION,
    NOT_AUTHOR,
    NOT_SUBTITLE,
    OTHERS,
    OUTSIDE,
    PERSON,
    SUBTITLE,
)
from ..claims import MAX_NAME, MAX_SUBTITLE, tidy
from ..fields.authors import DEGREES_BEHIND, is_job, looks_like_a_person
from ..fields.headings import Heading
from ..lexicon.date_labels import Dated, behind_name, dated, is_sentence, kind_of, year_in
from .nodes import Attributes, elements, holds, text_beside

_EMBED = ClassTerms(
    r"twitter-tweet instagram-media fb-post (?:tiktok|bluesky|mastodon|tweet|social|wp-block)-embeds? embeds?"
)
_STORY = 3  # words of a link to a story; a name has fewer or leads to its author
_HEADLINE = 30  # characters of a link that may be a headline: more than a name has
MAX_NODES = 400  # looked at around one headline

_SKIPPED = frozenset(
    ("script", "style", "svg", "path", "img", "source", "picture", "h1", "br", "use", "button", "input")
)
_BLOCKS = frozenset(("p", "div", "h2", "h3", "span", "section", "strong", "header"))
_PARTS = "p, div, section, header, h1, h2, h3, time, figcaption, ul, button, form"
_DATED = re.compile(r"\b(?:date|datum|time|timestamp)s?\b")
_BARS = re.compile(r"\s{0,3}[|·•]\s{0,3}")
_MARK = "\x1f"  # stands in no text of a page
_ICONS = frozenset(("i", "svg", "span"))
_NAMING = ("class", "data-testid", "data-hook", "id")
_LABELS = frozenset(("span", "strong", "b", "label", "em", "small", "div", "p", "dt"))  # may name the date after them
_LINES = frozenset(("p", "div", "span", "li", "address", "small", "strong", "em", "b"))


@dataclass(slots=True)
class Around:
    """What stands near the headline."""

    authors: list[str] = field(default_factory=list)  # names in links to authors
    bylines: list[str] = field(default_factory=list)  # texts of marked elements, or that begin with "By" and its like
    perhaps: list[str] = field(
        default_factory=list
    )  # texts beside a date, an icon or a word, if nothing else names one
    dates: list[Dated] = field(default_factory=list)
    subtitles: list[str] = field(default_factory=list)  # texts of elements marked as a standfirst
    introductions: list[str] = field(default_factory=list)  # texts of elements that may be marked as one
    lines: list[str] = field(default_factory=list)  # other texts that are long enough for a standfirst
    labels: list[str] = field(default_factory=list)  # short texts, of which one may tell that the piece is paid for
    below: str = ""  # the first of them under the headline, where no byline and no date stands between

    def told(self) -> int:
        """How many names and dates were found."""
        return len(self.bylines) + len(self.dates) + len(self.authors)


def region(heading: Heading) -> list[LexborNode]:
    """The nodes around the headline: its block without the body, and its short neighbours."""
    node = heading.spot.node
    for _ in range(5):
        up = node.parent
        if up is None or up.tag in ("body", "html", "-document", None) or holds(up, 5, 40):
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
            outside = other.tag in OUTSIDE and not (forward and _is_signature(other))
            if outside or OTHERS.search(_named(other)) or (forward and other.css_first("h1") is not None):
                return
            if other.tag == "p" and len(other.text()) > 120:
                paragraphs += 1
                if paragraphs > 2:
                    return
            if holds(other, 3, 30):
                return
            yield other
        other = other.next if forward else other.prev


def _is_signature(node: LexborNode) -> bool:
    """Whether a `<footer>` between headline and text tells who wrote it and when, as Drupal has it."""
    return node.tag == "footer" and node.css_first("time") is not None and len(node.text()) < MAX_NAME


def around(heading: Heading | None) -> Around:
    """Names, dates and a standfirst near the headline."""
    found = Around()
    if heading is None:
        return found
    budget = MAX_NODES
    own = heading.spot.node.mem_id
    under = False
    for root in region(heading):
        for node in islice(elements(root), budget):
            budget -= 1
            if node.mem_id == own:
                under = True
            elif (tag := node.tag or "") not in _SKIPPED:
                lines, told = len(found.lines), found.told() if under else 0
                _look(node, tag, node.attributes, found)
                if under and len(found.lines) > lines:
                    found.below = found.lines[-1]
                    under = False
                elif under and found.told() > told:
                    under = False
        if budget <= 0:
            break
    return found


def _look(node: LexborNode, tag: str, attributes: Attributes, found: Around) -> None:
    """What one node tells."""
    name = " ".join([attributes.get(key) or "" for key in _NAMING]) if attributes else ""
    if tag == "time" or (tag == "abbr" and attributes.get("title")):
        text = tidy(node.text(), 120)
        value = attributes.get("datetime") or attributes.get("title") or ""
        if not in_quotation(node) and not is_of_linked(node):
            found.dates.extend(times(value, text, f"{name} {label(node)} {text}"))
        return
    if tag == "a":
        if _leads_to_author(attributes):
            found.authors.append(tidy(node.text(), MAX_NAME))
        return
    signs = _signs(name) if len(name) > 3 else _NOTHING
    if signs is not _NOTHING and _look_at_names(node, tag, name, signs, found):
        return
    if tag not in _LINES and tag not in _BLOCKS:
        return
    first = node.first_child
    if first is None:
        return
    begins_with_text = first.is_text_node
    if _is_person(first, begins_with_text=begins_with_text):
        text = tidy(node.text(separator=" "), MAX_NAME)
        if 4 < len(text) < 60:
            found.perhaps.append(text)
    if begins_with_text:
        _look_at_text(node, first, tag, name, found)


def _leads_to_author(attributes: Attributes) -> bool:
    href, rel = attributes.get("href") or "", attributes.get("rel") or ""
    return AUTHOR_HREF.search(href[:300]) is not None or "author" in rel


def _is_person(child: LexborNode, *, begins_with_text: bool) -> bool:
    """Whether an element with this first child begins with the icon of a person."""
    if begins_with_text:
        following = child.next
        if following is None or (child.text_content or "").strip():
            return False
        child = following
    return child.tag in _ICONS and PERSON.search(child.attributes.get("class") or "")


class _Signs(NamedTuple):
    """What an element holds according to its class names and ids."""

    author: bool = False
    subtitle: bool = False
    introduction: bool = False  # perhaps a standfirst
    date: bool = False
    signed: bool = False  # a date and a name


_NOTHING = _Signs()


@lru_cache(maxsize=4096)
def _signs(names: str) -> _Signs:
    subtitle, introduction = SUBTITLE.search(names), INTRODUCTION.search(names)
    if (subtitle or introduction) and NOT_SUBTITLE.search(names):
        subtitle = introduction = False
    author, date = AUTHOR.search(names), DATE.search(names)
    signed = author and date and not NOT_AUTHOR.search(_DATED.sub(" ", spaced(names)))
    author = author and not NOT_AUTHOR.search(names)
    return (
        _Signs(author, subtitle, introduction, date, signed) if author or subtitle or introduction or date else _NOTHING
    )


def _look_at_names(node: LexborNode, tag: str, name: str, signs: _Signs, found: Around) -> bool:
    """What the class names of a node say it holds; whether it is a date, and nothing else needs to be asked."""
    if signs.author and not is_of_another(node):
        text = _pieces(node)
        if 2 < len(text) < 160:
            found.bylines.append(text)
    if tag in _BLOCKS and (signs.subtitle or signs.introduction):
        text = tidy(node.text(), MAX_SUBTITLE)
        if 30 <= len(text) <= 1000 and not _holds_more(node):
            if signs.subtitle:
                found.subtitles.append(text)
            elif (link := node.css_first("a")) is None or tidy(link.text(), MAX_SUBTITLE) != text:
                found.introductions.append(text)  # else it is the teaser of another story
    if signs.date:
        text = tidy(node.text(separator=" "), 128)
        exact = node.attributes.get("title") or node.attributes.get("datetime") or ""
        if 8 <= len(exact) <= 60 and year_in(exact) and not in_quotation(node):
            found.dates.extend(times(exact, text, f"{name} {text}"))
            return True
        if 6 <= len(text) <= 100 and any(c.isdigit() for c in text):
            found.dates.append(dated(text, name))
            found.perhaps.extend(_named_beside(text))
            if signs.signed:
                pieces = _without_digits(text) or _without_digits(_pieces(node))
                found.perhaps.extend(piece for piece in pieces[:2] if 4 < len(piece) < 80)
            return True
    return False


def _without_digits(text: str) -> list[str]:
    """The parts of a line between bars that are no dates."""
    return [piece for piece in _BARS.split(text) if not any(c.isdigit() for c in piece)]


def _named(node: LexborNode) -> str:
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip()


def is_of_another(node: LexborNode) -> bool:
    """Whether a name stands among comments, or in an item of a list beside the link to another story."""
    up: LexborNode | None = node.parent
    for _ in range(5):
        if up is None or up.tag in ("article", "main", "body"):
            return False
        if OTHERS.search(_named(up)):
            return True
        if up.tag == "li":
            link = up.css_first("a[href]")
            return link is not None and not _leads_to_author(link.attributes) and len(link.text().split()) >= _STORY
        up = up.parent
    return False


def _pieces(node: LexborNode) -> str:
    """The texts of an element's parts with a bar between them."""
    pieces: list[str] = []
    length = 0
    for piece in node.text(separator=_MARK).split(_MARK):
        words = piece.split()
        if words:
            pieces.append(" ".join(words))
            length += len(pieces[-1])
            if length > 2 * MAX_NAME:  # no more is looked at
                break
    return tidy(" | ".join(pieces), MAX_NAME)


def _named_beside(text: str) -> list[str]:
    """The name in a line of date and name: "03/01/2017 by Jane Doe", "By Jane Doe, 3 January 2017"."""
    match = BY_INSIDE.search(text)
    return [text[match.start() :].lstrip(" ,|·•–—-")] if match is not None else []


def _named_with_job(text: str) -> list[str]:
    """The name in a line of name, job and date between bars: "Jane Doe | Senior Writer | July 2, 2025"."""
    pieces = _BARS.split(text)
    return pieces[:1] if len(pieces) == 3 and is_job(pieces[1]) else []


def _look_at_text(node: LexborNode, first: LexborNode, tag: str, name: str, found: Around) -> None:
    """What a node that begins with text is by its form: a byline, a date, a label, a line."""
    alone = first.next is None
    if tag in _LINES:
        text = tidy(" ".join((first.text_content or "").split()), MAX_NAME) if alone else _pieces(node)
        if 5 < len(text) < 160 and BYLINE.match(text):
            found.bylines.append(text)
            if year_in(text):
                found.dates.append(dated(behind_name(text), name))
            return
        if len(text) <= 20 and BY_ALONE.fullmatch(text) and (named := text_beside(node)):
            found.perhaps.append(named)
            return
        if 8 <= len(text) <= 80 and year_in(text) and not is_of_linked(node):
            found.dates.append(dated(text, name))
            found.perhaps.extend(_named_with_job(text))
            if tag == "span" and looks_like_a_person(before := text_beside(node, back=True)):
                found.perhaps.append(before)
        elif "," in text and DEGREES_BEHIND.search(text) and not is_sentence(text):
            found.perhaps.append(text)
        elif 2 <= len(text) <= 40:
            found.labels.append(text)
    if tag in _BLOCKS:
        text = tidy(node.text(), MAX_SUBTITLE)
        if 40 <= len(text) <= 1000 and (alone or _is_one_block(node)) and not _in_picture(node):
            found.lines.append(text)


def _is_one_block(node: LexborNode) -> bool:
    """Whether an element holds text and no further blocks."""
    return all(inner.mem_id == node.mem_id for inner in node.css(_PARTS)[:2])  # `css` also matches the node itself


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
    """The date of a `<time>` or `<abbr>`: its attribute beside its text; or the text alone."""
    kind = kind_of(text, context)
    if len(value) >= 8:
        yield Dated(value, kind, shown=text)
    elif text:
        yield Dated(text, kind, sentence=is_sentence(text))


def in_quotation(node: LexborNode) -> bool:
    """Whether a node stands in a quotation or an embedded post: its date is that post's."""
    up: LexborNode | None = node
    for _ in range(8):
        if up is None or up.tag in ("body", "article", "main"):
            return False
        if up.tag == "blockquote" or _EMBED.search(up.attributes.get("class") or ""):
            return True
        up = up.parent
    return False


def is_of_linked(node: LexborNode) -> bool:
    """Whether a date stands in an item of a list beside the linked headline of another story."""
    up: LexborNode | None = node
    for _ in range(5):
        if up is None or up.tag in ("ul", "ol", "article", "body"):
            return False
        if up.tag == "li":
            return any(len(tidy(link.text(), _HEADLINE)) >= _HEADLINE for link in up.css("a[href]")[:3])
        up = up.parent
    return False


def label(node: LexborNode) -> str:
    """The words right before a date, such as "Updated"."""
    parent = node.parent
    if parent is None:
        return ""
    own = parent.text(deep=False)
    previous = node.prev
    while previous is not None and previous.is_text_node and not (previous.text_content or "").strip():
        previous = previous.prev
    before = ""
    if previous is not None and previous.is_element_node and previous.tag in _LABELS:
        before = previous.text()
        if previous.tag in ("p", "dt") and len(before) > 40:
            before = ""  # a paragraph
    attributes = parent.attributes
    return (own[:60] + " " + before[:60] + " " + (attributes.get("class") or "")[:80]).strip()
