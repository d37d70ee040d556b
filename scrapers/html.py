"""Bytes of a page → a parsed tree: one parse a page, behind the gates that keep a hostile page cheap."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from .charset import decode
from .errors import ReadFailed
from .model import Page

MAX_BYTES = 5_000_000
MAX_TAGS = 50_000  # `<` in the body; the largest real news page measured has 8,093


def parse(page: Page) -> LexborHTMLParser:
    """The page as a tree; `scripting=True` so that `<noscript>` in the head does not end the head.

    Raises ReadFailed for a page over the limits (RELIABILITY P1).
    """
    if len(page.body) > MAX_BYTES:
        raise ReadFailed(f"the page has {len(page.body)} bytes, the limit is {MAX_BYTES}", url=page.url)
    if page.body.count(b"<") > MAX_TAGS:
        raise ReadFailed(f"the page has more than {MAX_TAGS} tags", url=page.url)
    return LexborHTMLParser(decode(page.body, page.charset), scripting=True)
