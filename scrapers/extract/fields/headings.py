"""The headings of a page: their texts, the parts of them, and whether they stand in boilerplate."""
# ruff: noqa: E501  (the words of a list stay together)

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers.page.class_terms import ClassTerms

from ..claims import tidy
from ..readers.nodes import Parts, Spot
from ..rules import NONE_DISABLED, Disabled
from .authors import fold

MAX_HEADINGS = 24

_FURNITURE = ClassTerms(
    r"bread-?crumbs?\w* nav navigation (?<!under.)menu logo site-?title site-?name (?<!page.)(?<!article.)(?<!story.)(?<!post.)(?<!^c.)masthead related side-?bar side-?panel footer teaser newsletter comments? cookie "
    r"consent modal popup (?<!elementor.)widgets?(?!.hero) recommend\w{0,10} sr-only visually-?hidden screen-?reader-?text"
)
_KICKER = ClassTerms(
    r"kickers?\w* dachzeile overline eyebrow topline roofline roof volanta spitzmarke antet[ií]tulo topics? prefix category rubric\w* labels? "
    r"supra-?title suprat[ií]tulo pre-?title pre-?head headline-?intro hidden sr-only badges? ressort"
)
_FRONT = frozenset(("/", "./", "index.html", "/index.html", "index.php", "/index.php"))
_HOME = frozenset(("/", "./", "#", "index.html", "/index.html", "index.php", "/index.php"))
_LINES = frozenset(("br", "div", "p"))
_OPENING = frozenset("\u201c\u201e\u00ab\u2018\u201a")  # quotation marks that only begin
_ENDS = frozenset(".:!?|\u2026")
_HOST_ALONE = re.compile(r"(?:https?:)?//[^/?#]{3,100}/?", re.I)
_MARKED = (
    "[itemprop~=headline], h3, h4, h5, h6, [class*=headline i], [class*=title i], [class*=titel i], [class*=titre i], "
    "[class*=titulo i], [class*=titolo i], [class*=tytul i], [class*=rubrik i]"
)
_HEADLINE = ClassTerms(
    r"headlines? (?:entry|post|article|news|story|page|content)-?title title (?:artikel|beitrags?|seiten)-?titel titel (?:titre|titulo|titolo|tytul|rubrik)"
)
_SMALLER = frozenset(("h3", "h4", "h5", "h6"))
MAX_MARKED = 60  # elements of which one may be marked as the headline
_OUTSIDE = frozenset(("nav", "aside", "footer", "li", "form", "dialog"))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the page: its whole text, the texts of its parts, and whether it stands in boilerplate."""

    text: str
    parts: tuple[str, ...]
    short: str  # without the kicker, where the markup tells it apart
    spot: Spot
    boilerplate: bool


def headings(parts: Parts, disabled: Disabled = NONE_DISABLED) -> list[Heading]:
    """The first headings of the page in order, those without text left out."""
    found: list[Heading] = []
    second = 0
    for spot in (*parts.headings, *(s for s in parts.roles if s.tag not in ("h1", "h2"))):
        if spot.tag == "h2":
            second += 1
            if second > MAX_HEADINGS:
                continue
        node = spot.node
        alone = _is_text_alone(node)
        text = tidy(node.text() if alone else node.text(separator=" ", strip=False))
        if 2 <= len(text) <= 400:
            whole = text if alone else _lined(node)
            pieces = ((), whole) if alone else _pieces(node, whole, disabled)
            linked = not alone or spot.tag == "a"
            found.append(Heading(whole, *pieces, spot, _in_boilerplate(spot, linked=linked)))
        if len(found) >= MAX_HEADINGS:
            break
    return found


def _lined(node: LexborNode) -> str:
    """The text of a heading in one line: words on two lines of it are two, and so are a kicker and its headline."""
    words: list[str] = []
    for one in node.traverse(include_text=True):
        if one.is_text_node:
            text = one.text_content or ""
            if words and _are_glued(words[-1], text):
                words.append(" ")
            words.append(text)
        elif one.tag in _LINES:
            words.append(" ")
    return tidy("".join(words))


def _are_glued(before: str, after: str) -> bool:
    """Whether an inner element of several words ends, or begins, with no space where a sentence begins.

    `<span>Work of tomorrow</span>"We redecorate"` is shown on two lines by its style sheet; one word may be a part of
    a longer one (initials, a trade mark), so it stays where it is.
    """
    if not before or not after or before[-1].isspace() or min(len(before.split()), len(after.split())) < 2:
        return False
    if after[0] in _OPENING or after[0] == '"':
        return after[1:2].isalpha() and before[-1] != after[0]
    return after[0].isupper() and (before[-1].islower() or before[-1] in _ENDS)


def _pieces(node: LexborNode, whole: str, disabled: Disabled) -> tuple[tuple[str, ...], str]:
    """The texts of the elements inside a heading and its own text without them; and the whole without its kicker."""
    inner: list[str] = []
    kicker = ""
    for child in node.css("*")[1:12]:
        text = tidy(child.text())
        if len(text) > 2:
            inner.append(text)
            if not kicker and text[-1] != ":" and _KICKER.search(child.attributes.get("class") or ""):
                kicker = text
    own = tidy(node.text(deep=False, separator=" "))
    if not inner:
        return ((own,) if len(own) > 2 and own != whole else ()), whole  # beside it stands a number or a sign
    if len(own) > 2:
        inner.append(own)
    rest = whole.removeprefix(kicker).lstrip(" :|–—-·•/.") if kicker and "kicker" not in disabled else whole
    return tuple(dict.fromkeys(inner)), rest if len(rest.split()) >= 2 or len(rest) > 12 else whole


def _is_text_alone(node: LexborNode) -> bool:
    """Whether a node holds one text and nothing else, so that no query finds anything in it."""
    child = node.first_child
    return child is not None and child.is_text_node and child.next is None


def _in_boilerplate(spot: Spot, *, linked: bool) -> bool:
    """Whether a heading stands in boilerplate, by its names, its links and what is around it. `linked`: it may hold
    a link."""
    if _FURNITURE.search(spot.get("class")) or any("breadcrumb" in name for name in spot.attributes):
        return True
    if linked and any(_leads_home(link, _HOME) for link in spot.node.css("a")[:2]):
        return True  # the site's name that leads to its front
    node: LexborNode | None = spot.node.parent
    for _ in range(5):
        if node is None or node.tag in ("body", "main", "article"):
            return False
        if node.tag in _OUTSIDE:
            return True
        attributes = node.attributes
        if _FURNITURE.search((attributes.get("class") or "") + " " + (attributes.get("id") or "")):
            return True
        node = node.parent
    return False


def marked_texts(tree: LexborHTMLParser, sites: frozenset[str]) -> Iterator[str]:
    """The texts that are marked as a headline by their property, their class or a smaller heading.

    For pages on which nothing else is a headline: they are no link, no name of the site, and of several words.
    """
    for node in tree.css(_MARKED)[:MAX_MARKED]:
        attributes = node.attributes
        named = (
            (node.tag or "") in _SMALLER or "itemprop" in attributes or _HEADLINE.search(attributes.get("class") or "")
        )
        if not named or any(one.mem_id != node.mem_id for one in node.css("a[href], p, li")[:2]):
            continue
        text = tidy(_lined(node))
        long_enough = len(text.split()) >= 3 or (len(text) >= 6 and not text.isascii())
        if (
            long_enough
            and len(text) <= 200
            and fold(text) not in sites
            and not _in_boilerplate(Spot(0, "", attributes, node), linked=False)
        ):
            yield text


def _leads_home(link: LexborNode, fronts: frozenset[str]) -> bool:
    """Whether a link leads to a front: by one of these addresses, or to a host and nothing more."""
    href = link.attributes.get("href") or ""
    return href in fronts or _HOST_ALONE.fullmatch(href[:200]) is not None


def home_names(found: list[Heading]) -> list[str]:
    """The site's names that stand in headings leading to its front."""
    return [
        h.text
        for h in found
        if h.boilerplate and len(h.text) <= 60 and any(_leads_home(link, _FRONT) for link in h.spot.node.css("a")[:2])
    ]
