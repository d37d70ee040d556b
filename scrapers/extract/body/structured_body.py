"""Bodies from data: JSON-LD's articleBody or a page's state, for pages whose markup lacks the text."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from scrapers.page.nesting import within_depth
from scrapers.page.text import unescape

from .assemble import paragraphs
from .units.blocks import Block
from .units.cutting import cut
from .units.grouping import into_units

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
    sheet = into_units(cut(LexborHTMLParser(f"<html><body>{within_depth(body)}</body></html>", scripting=True)), set())
    return "\n".join(unit.text for unit in sheet.blocks if unit.length), body


def longer(text: str, blocks: list[Block], bodies: tuple[str, ...]) -> str | None:
    """The body from data, if the page's markup lacks it or shows only a piece of it; None where `text` is as good.

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
