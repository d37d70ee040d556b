"""Bytes of a page → a parsed tree: one parse a page, with limits that keep a hostile page cheap."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from ..errors import ReadFailed
from ..model import Page
from . import shadow_roots
from .charset import characters_of_utf8, decode
from .nesting import is_bounded, within_depth

MAX_BYTES = 10_000_000
MAX_TAGS = 50_000  # `<` in the body; the largest real news page measured has 8,093
MANY_TAGS = 3_000  # tags from which unclosed formatting is looked for; few real pages have as many

_WITHOUT_EVENTS = LexborDocumentOptions.WO_EVENTS.value
_NAMES = ("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
# Both cases are spelled out: the regex engine skips a branch that begins with a class faster than one ignoring case.
# The first letters stand before the branches, since most tags have none of them.
_FORMATTING = (
    "(?=[bcefinstuBCEFINSTU])(?:"
    + "|".join("".join(f"[{letter}{letter.upper()}]" for letter in name) for name in _NAMES)
    + r")(?=[\s/>])"
)
_OPENED = re.compile(f"<{_FORMATTING}".encode())
_CLOSED = re.compile(f"</{_FORMATTING}".encode())
_FORMATTING_TAG = re.compile(rf"</?(?:{'|'.join(_NAMES)})(?:[\s/][^>]{{0,500}})?>", re.IGNORECASE)
_MAX_UNCLOSED = 200  # real pages stay below a dozen


def parse(page: Page) -> LexborHTMLParser:
    """The page as a tree; `scripting=True` so that `<noscript>` in the head does not end the head.

    Declarative shadow roots stand in the tree as a browser shows them.

    Raises ReadFailed for a page over the limits (RELIABILITY P1).
    """
    body = page.body
    if len(body) > MAX_BYTES:
        raise ReadFailed(f"the page has {len(body)} bytes, the limit is {MAX_BYTES}", url=page.url)
    tags = len(body) - len(body.replace(b"<", b""))  # in a third of the time that `count` takes
    if tags > MAX_TAGS:
        raise ReadFailed(f"the page has more than {MAX_TAGS} tags", url=page.url)
    # Without events, whose only effect would be the text of a chosen <option> once more in its <select>.
    tree = LexborHTMLParser(_bounded(body, page.charset, tags), scripting=True, options=_WITHOUT_EVENTS)
    if tree.tags("template"):  # few pages have any
        shadow_roots.place(tree)
    return tree


def _bounded(body: bytes, declared: str | None, tags: int) -> bytes | str:
    """What the parser is given: mostly the bytes of the page, of which then no text is made, else its text."""
    characters = characters_of_utf8(body, declared)
    many = tags > MANY_TAGS
    if characters is not None and is_bounded(body, tags, characters) and not (many and _is_left_open(body)):
        return body
    text = decode(body, declared)
    return within_depth(without_unclosed_formatting(text) if many else text, tags)


def without_unclosed_formatting(html: str) -> str:
    """`html` without its formatting elements where hundreds are opened and not closed, else as it is.

    A parser opens them again in every later block: 25,000 in 25,000 paragraphs are a tree of 600 million nodes.
    """
    return _FORMATTING_TAG.sub("", html) if _is_left_open(html.encode("utf-8", "surrogatepass")) else html


def _is_left_open(html: bytes) -> bool:
    """Whether hundreds of formatting elements are opened and not closed."""
    opened = len(_OPENED.findall(html))
    return opened > _MAX_UNCLOSED and opened - len(_CLOSED.findall(html)) > _MAX_UNCLOSED
