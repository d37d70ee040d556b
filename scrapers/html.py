"""Bytes of a page → a parsed tree: one parse a page, behind the gates that keep a hostile page cheap."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from .charset import decode
from .errors import ReadFailed
from .model import Page

MAX_BYTES = 5_000_000
MAX_TAGS = 50_000  # `<` in the body; the largest real news page measured has 8,093
MANY_TAGS = 3_000  # so many are looked at for formatting that nobody closes; few real pages have them

_NAMES = ("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
# Both cases are spelled out: a branch that begins with a class is passed over at once, one that ignores case is not.
_FORMATTING = re.compile(
    "<(/?)(?:" + "|".join("".join(f"[{sign}{sign.upper()}]" for sign in name) for name in _NAMES) + r")(?=[\s/>])"
)
_FORMATTING_TAG = re.compile(rf"</?(?:{'|'.join(_NAMES)})(?:[\s/][^>]{{0,500}})?>", re.IGNORECASE)
_MAX_UNCLOSED = 200  # real pages stay below a dozen


def parse(page: Page) -> LexborHTMLParser:
    """The page as a tree; `scripting=True` so that `<noscript>` in the head does not end the head.

    Raises ReadFailed for a page over the limits (RELIABILITY P1).
    """
    if len(page.body) > MAX_BYTES:
        raise ReadFailed(f"the page has {len(page.body)} bytes, the limit is {MAX_BYTES}", url=page.url)
    tags = page.body.count(b"<")
    if tags > MAX_TAGS:
        raise ReadFailed(f"the page has more than {MAX_TAGS} tags", url=page.url)
    text = decode(page.body, page.charset)
    if tags > MANY_TAGS:
        text = without_unclosed_formatting(text)
    return LexborHTMLParser(text, scripting=True)


def without_unclosed_formatting(html: str) -> str:
    """`html` without its formatting elements where hundreds are opened and not closed, else as it is.

    A parser opens them again in every later block: 25,000 in 25,000 paragraphs are a tree of 600 million nodes.
    """
    slashes = _FORMATTING.findall(html)
    closed = slashes.count("/")
    return _FORMATTING_TAG.sub("", html) if len(slashes) - 2 * closed > _MAX_UNCLOSED else html
