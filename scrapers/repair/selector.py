"""An element → the CSS selectors by which a person would name it, each with a cost: the lower, the more lasting.

Hand-written names last (`itemprop`, `story__title`, `<article>`); generated ones do not (`css-1x9f3k`), and neither do
positions (`nth-child`). The latter two are never used; classes for layout (`mt-4`, `col-md-6`) only when nothing else
is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from selectolax.lexbor import LexborNode

MOST_UP = 12  # elements above that may help to name one
MOST_NAMES = 5  # of one element
MOST = 90  # selectors of one element
BARE = 0.8  # extra cost of a bare tag: a page has many of them, and the next page may have one more

_IDENTIFIER = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]{0,60}")
_VALUE = re.compile(r"[A-Za-z0-9_:.\-/ ]{1,60}")
_PARTS = re.compile(r"[-_:./ ]+")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_COUNTED = re.compile(r"[A-Z]?[a-z]{1,12}\d{1,2}")  # h1, title2, Level3: numbers that people write
_MADE_BY = frozenset(("css", "sc", "jsx", "svelte", "emotion", "styled", "tss", "astro"))
_MEANING = frozenset(
    """title titles headline heading hed subtitle subhead standfirst dek lead lede deck summary intro description byline
    author authors writer reporter date dateline time published publish pubdate timestamp updated modified section
    category kicker rubric tag tags topic body content article articles story stories text post entry teaser card item
    news main stream feed river list listing image figure photo picture hero media link prose
    copy""".split()  # noqa: SIM905 a list of words reads best as words
)
_LOOKS = frozenset(
    """m mt mb ml mr mx my p pt pb pl pr px py w h d text bg flex grid col cols row rows font border rounded gap items
    justify self leading tracking order hidden block inline relative absolute fixed sticky clearfix container wrapper
    wrap inner outer float pull is has js no lazy loaded loading active visible first last even odd left right center
    small large xs sm md lg xl fade animate overflow shadow z top bottom space min max align u l o
    c""".split()  # noqa: SIM905 as above
)
# elements whose tag alone is telling, and its cost
_TAGS = {
    "h1": 0.9,
    "main": 0.9,
    "article": 0.9,
    "time": 1.1,
    "h2": 1.3,
    "h3": 1.3,
    "h4": 1.6,
    "header": 1.4,
    "figure": 1.4,
    "address": 1.4,
    "figcaption": 1.6,
    "aside": 1.6,
    "section": 2.2,
    "a": 2.4,
    "p": 2.6,
    "img": 2.4,
    "li": 2.6,
    "ul": 2.8,
    "ol": 2.8,
    "meta": 9.0,  # not by itself
    "span": 4.0,
    "div": 4.0,
}
_BARE = frozenset(
    ("div", "span", "p", "a", "li", "ul", "ol", "section", "img", "meta")
)  # a class says more without them
_TOLD = (
    "itemprop",
    "rel",
    "property",
    "name",
    "data-testid",
    "data-test",
    "data-qa",
    "data-hook",
    "data-component",
    "role",
)


def of_node(node: LexborNode, *, up: int = MOST_UP) -> list[tuple[str, float]]:
    """Selectors that name an element, the best first: by itself, inside an element above it, or inside two of them."""
    own = names(node)
    found = {name: cost + (BARE if name in _TAGS and name != "h1" else 0.0) for name, cost in own}
    above = [(tuple(names(element)[:3]), distance) for distance, element in enumerate(_above(node, up), 1)]
    for selector, cost in own[:4]:
        for place, (near, distance) in enumerate(above):
            for context, its in near:
                joint = 0.5 + 0.4 * its + 0.02 * distance
                _cheaper(found, f"{context} {selector}", cost + joint)
                if len(found) < MOST:
                    for far, theirs in ((one, c) for rest, _ in above[place + 1 :] for one, c in rest[:1]):
                        _cheaper(found, f"{far} {context} {selector}", cost + joint + 0.5 + 0.4 * theirs)
    return sorted(found.items(), key=lambda one: (one[1], one[0]))[:MOST]


def names(node: LexborNode) -> list[tuple[str, float]]:
    """Selectors of an element by itself, the best first: tag, classes, id, and telling attributes."""
    tag = node.tag or ""
    found: dict[str, float] = {}
    if tag in _TAGS and _TAGS[tag] < 9:
        found[tag] = _TAGS[tag]
    if not _IDENTIFIER.fullmatch(tag):
        return []
    attributes = node.attributes
    before = "" if tag in _BARE else tag
    for name in (attributes.get("class") or "").split()[:12]:
        if (cost := class_cost(name)) is not None:
            found[f"{before}.{name}"] = cost - (0.1 if before else 0.0)
        elif start := human_start(name):
            found[f'{before}[class*="{start}"]'] = 1.5
    identity = attributes.get("id") or ""
    if _IDENTIFIER.fullmatch(identity) and not is_made(identity) and not any(char.isdigit() for char in identity):
        found[f"#{identity}"] = 1.1
    found |= _attribute_names(tag, before, attributes)
    if tag == "time" and attributes.get("datetime"):
        found["time[datetime]"] = 1.15
    return sorted(found.items(), key=lambda one: (one[1], one[0]))[:MOST_NAMES]


def _attribute_names(tag: str, before: str, attributes: Mapping[str, str | None]) -> dict[str, float]:
    """Selectors by attributes that say what an element is, and their costs."""
    found: dict[str, float] = {}
    for name in _TOLD:
        value = (attributes.get(name) or "").strip()
        if value and _VALUE.fullmatch(value) and not is_made(value):
            cost = 0.7 if name in ("itemprop", "rel") else 1.9 if tag == "meta" else 1.1
            found[f'{tag if tag == "meta" else before}[{name}="{value}"]'] = cost
    return found


@lru_cache(maxsize=8192)
def class_cost(name: str) -> float | None:
    """How much a class costs; None for one that a build makes, or that is none that CSS can name plainly."""
    if not _IDENTIFIER.fullmatch(name) or is_made(name):
        return None
    words = [word.lower() for word in _CAMEL.findall(name)]
    if _MEANING.intersection(words):
        return 0.8 + 0.05 * max(0, len(words) - 3)
    return 2.6 if words and (words[0] in _LOOKS or len(name) < 3) else 1.3


def is_made(name: str) -> bool:
    """Whether a name looks generated by a build tool: it changes with the next build."""
    parts = [part for part in _PARTS.split(name) if part]
    if len(parts) > 1 and parts[0] in _MADE_BY:
        return True
    return name.startswith("_") or any(_is_made_part(part) for part in parts)


def human_start(name: str) -> str | None:
    """The hand-written part of a generated class: `Article_title__` of `Article_title__3KxYz`."""
    head, mark, tail = name.rpartition("__")
    if mark and len(head) >= 5 and _is_made_part(tail) and _IDENTIFIER.fullmatch(head) and not is_made(head):
        return f"{head}__"
    return None


def _is_made_part(part: str) -> bool:
    if part.isdigit():
        return len(part) >= 3
    if any(char.isdigit() for char in part):
        letters = part.rstrip("0123456789")
        return len(part) >= 4 and not (_COUNTED.fullmatch(part) and (len(letters) < 4 or _vowels(letters) > 0))
    words = _CAMEL.findall(part)
    if len(words) >= 2 and 5 <= len(part) <= 8 and min(map(len, words)) <= 2:
        return True  # kJhGfD, ewhhUZ; not articleURL
    return len(part) >= 6 and part.isascii() and part.isalpha() and _vowels(part) / len(part) < 0.15


def _vowels(text: str) -> int:
    return sum(char in "aeiouyAEIOUY" for char in text)


def _above(node: LexborNode, most: int) -> Iterator[LexborNode]:
    current = node.parent
    while current is not None and most > 0 and current.tag not in ("html", "body", "head", "-undef", "-document"):
        yield current
        current = current.parent
        most -= 1


def _cheaper(found: dict[str, float], selector: str, cost: float) -> None:
    if cost < found.get(selector, 99.0):
        found[selector] = cost
