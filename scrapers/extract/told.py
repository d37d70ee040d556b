"""Bodies that data tell: JSON-LD's articleBody or a page's state, for pages whose markup lacks the text."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from scrapers.text import unescape

from .blocks import Block, cut
from .clean_html import paragraphs, write

_TAG = re.compile(r"<(?:p|br|div|h\d|figure|ul|section|span|a)\b[^<>]{0,2000}>", re.IGNORECASE)
_ESCAPED = re.compile(r"&lt;(?:p|br|div|h\d|figure|ul)\b", re.IGNORECASE)
_WORD = re.compile(r"\w{3,}")
_LIMIT = 500_000  # characters
_SPACES = re.compile(r"[ \t\r\f\v\xa0]{1,1000}")
MUCH_MORE = 2.0  # times as long as what the markup gives
IN_MARKUP = 0.75  # share of its words that make a body one that the markup has too
ENOUGH = 300  # characters that make a body at all


def read(body: str) -> tuple[str, str]:
    """Text and HTML of a body from data, which may be plain, HTML, or escaped HTML."""
    body = body[:_LIMIT]
    if not _TAG.search(body) and _ESCAPED.search(body):
        body = unescape(body)
    if not _TAG.search(body):
        lines = [_SPACES.sub(" ", line).strip() for line in unescape(body).split("\n")]
        lines = [line for line in lines if line]
        return "\n".join(lines), paragraphs(lines)
    if body.count("<") > 20_000:
        return "", ""
    sheet = cut(LexborHTMLParser(f"<html><body>{body}</body></html>", scripting=True))
    kept = [block for block in sheet.blocks if block.length or block.media]
    media = frozenset(token for block in kept for token in block.media)
    return "\n".join(b.text for b in kept if b.length and b.tag != "figcaption"), write(sheet, kept, media)


def longer(text: str, blocks: list[Block], bodies: tuple[str, ...]) -> str | None:
    """The told body that the page's markup lacks or shows a piece of: None where `text` is as good.

    What stands in the markup and was left out of `text` was left out for a reason.
    """
    for body in sorted(bodies, key=len, reverse=True):
        if len(body) < ENOUGH or len(body) <= len(text) * MUCH_MORE:
            break
        if _share_in(blocks, body) < IN_MARKUP:
            return body
    return None


def _share_in(blocks: list[Block], body: str) -> float:
    """The share of the told body's words that the blocks hold."""
    want = set(_WORD.findall(body[:20_000].lower()))
    have = set(_WORD.findall(" ".join(block.text for block in blocks)[:500_000].lower()))
    return len(want & have) / len(want) if want else 1.0
