"""A body's markup as a tree, and the text that it holds."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..page.html import without_unclosed_formatting
from ..page.nesting import levelled
from ..page.text import clean_paragraphs
from .allowed_html import DROPPED, LINES

MAX_IN = 2_000_000  # characters that are looked at


def to_text(html: str) -> str:
    """The text of a sanitised body: its paragraphs and lines split by newlines, the cells of a row by spaces."""
    tree = parsed(html)
    words: list[str] = []
    node = tree.first_child if tree is not None else None
    depth = 0
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            words.append(node.text_content or "")
        elif tag not in DROPPED:
            if tag in ("td", "th"):
                words.append(" ")
            elif tag in LINES:
                words.append("\n")
            child = node.first_child
            if child is not None:
                node = child
                depth += 1
                continue
        while node.next is None and depth and node.parent is not None:
            node = node.parent
            depth -= 1
            if node.tag in LINES:
                words.append("\n")
        node = node.next
    return clean_paragraphs("".join(words))


def parsed(html: str) -> LexborNode | None:
    """A body as a tree of bounded depth; None where the parser gives none."""
    html = html[:MAX_IN]
    html = without_unclosed_formatting(html)
    html = levelled(html)
    # With a doctype (else tables stay inside paragraphs) and a body, so that nothing is moved into the head.
    return LexborHTMLParser(f"<!doctype html><body>{html}").body
