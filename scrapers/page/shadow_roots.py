"""Declarative shadow roots: markup in `<template shadowrootmode>`, which a browser shows in the element that holds it.

A parser keeps the content of a template apart from the tree: no query finds its headline, its byline, its `<time>`.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .nesting import within_depth

_QUERY = "template[shadowrootmode]"
_NESTED = 4  # shadow roots within shadow roots
_MOST = 2_000_000  # characters of them that are read on one page


def place(tree: LexborHTMLParser) -> None:
    """Put the content of every shadow root of a page where a browser shows it; those over the limits stay inert."""
    budget = _MOST
    for template in tree.css(_QUERY):
        markup = template.html or ""
        budget -= len(markup)
        if budget < 0:
            return
        if (held := content(markup)) is not None:
            template.replace_with(held)  # by a copy, in which templates are empty


def content(markup: str, depth: int = _NESTED) -> LexborNode | None:
    """What a template holds, those within it in their places too, in one `<div>`; `markup` is that of the template."""
    start, end = markup.find(">"), markup.rfind("</template>")
    inner = f"<!doctype html><body><div>{within_depth(markup[start + 1 : end])}</div>"
    body = LexborHTMLParser(inner, scripting=True).body
    if body is None or body.first_child is None:
        return None
    for template in body.css(_QUERY) if depth > 1 and "shadowrootmode" in inner else ():
        if (held := content(template.html or "", depth - 1)) is not None:
            template.replace_with(held)
    return body.first_child
