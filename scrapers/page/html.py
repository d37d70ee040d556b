"""Bytes of a page → a parsed tree: one parse a page, with limits that keep a hostile page cheap."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from ..errors import ReadFailed
from ..model import Page
from . import shadow_roots
from .charset import decoded
from .nesting import within_depth

MAX_BYTES = 10_000_000
MAX_TAGS = 50_000  # `<` in the body; the largest real news page measured has 8,093
MANY_TAGS = 3_000  # tags from which unclosed formatting is looked for; few real pages have as many

_NAMES = ("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
# Both cases are spelled out: the regex engine skips a branch that begins with a class faster than one ignoring case.
_FORMATTING = re.compile(
    "<(/?)(?:" + "|".join("".join(f"[{letter}{letter.upper()}]" for letter in name) for name in _NAMES) + r")(?=[\s/>])"
)
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
    text, is_utf8 = decoded(body, page.charset)
    bounded = within_depth(without_unclosed_formatting(text) if tags > MANY_TAGS else text, tags)
    # What the parser takes is UTF-8: mostly that of the page itself, which is not to be written once more.
    tree = LexborHTMLParser(body if is_utf8 and bounded is text else bounded, scripting=True)
    if tree.tags("template") and "shadowrootmode" in text:  # few pages have any
        shadow_roots.place(tree)
    return tree


def without_unclosed_formatting(html: str) -> str:
    """`html` without its formatting elements where hundreds are opened and not closed, else as it is.

    A parser opens them again in every later block: 25,000 in 25,000 paragraphs are a tree of 600 million nodes.
    """
    if html.count("<") <= _MAX_UNCLOSED:
        return html
    slashes = _FORMATTING.findall(html)
    closed = slashes.count("/")
    return _FORMATTING_TAG.sub("", html) if len(slashes) - 2 * closed > _MAX_UNCLOSED else html
