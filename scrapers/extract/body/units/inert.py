"""Content that a browser with scripts does not show as it stands: `<noscript>`, `<template>`, the inside of frames.

What belongs to the article is put in place: a declarative shadow root, a text that only `<noscript>` holds, the
fallback of a lazy picture. The rest is taken out, so that the tree is balanced when it is written.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers.page import shadow_roots
from scrapers.page.nesting import within_depth

# Never text of the page, or raw text that would not survive serialising and parsing again.
UNSEEN = "script, style, svg, noembed, noframes, xmp, plaintext, select, textarea, math"
_UNSEEN_OR_NOSCRIPT = f"{UNSEEN}, noscript"
_UNSEEN_OR_TEMPLATE = f"{UNSEEN}, template"
_MOST = 2_000_000  # characters of inert content that are read on one page
_NESTED = 4  # shadow roots within shadow roots
_STREAMED = 8  # parts within parts of a page that is sent bit by bit
_TEXT = 300  # characters of text from which the content of a <noscript> counts as the page's own
_SHOWN = ("<img", "<picture", "<iframe", "<video", "<audio")


def take_out(node: LexborNode, selector: str) -> None:
    """Take these elements out of `node`: one query for all of them, where `strip_tags` makes one for each name."""
    for one in reversed(node.css(selector)):  # what stands in another one goes before it
        one.decompose()


def unwrap_inert(body: LexborNode) -> None:
    """Put inert content in its place, or take it out."""
    nodes = body.css("noscript, iframe, template")
    if any(node.tag == "template" and (node.id or "")[:2] in ("B:", "P:") for node in nodes) and _place_streamed(body):
        nodes = body.css("noscript, iframe, template")
    budget = _MOST
    for depth in range(_NESTED):
        templates = False
        for node in nodes:
            if node.tag == "iframe":  # raw text inside would not be balanced
                if (inner := node.first_child) is not None:
                    inner.decompose()
                continue
            if node.tag == "noscript" and (inner := node.first_child) is not None and not inner.is_text_node:
                continue  # read before
            held: LexborNode | None = None
            if depth < _NESTED - 1 and budget > 0:
                if node.tag == "noscript":
                    text = node.text() or ""
                    budget -= len(text)
                    held = _fallback(text)
                elif "shadowrootmode" in node.attributes:
                    markup = node.html or ""
                    budget -= len(markup)
                    held = shadow_roots.content(markup)
                    if held is not None:
                        take_out(held, _UNSEEN_OR_NOSCRIPT)
                    templates = True
            if held is not None:
                node.replace_with(held)
            else:
                node.decompose()
        if not templates:
            return
        nodes = body.css("noscript, iframe, template")


def without_comments(html: str) -> str:
    """Markup without its comments.

    By plain finds: a pattern would search to the end for each comment that raw text opens and nothing closes. One sign
    alone is looked for in a quarter of the time that "<!--" takes, and few stand outside of comments.
    """
    kept: list[str] = []
    at = 0
    mark = html.find("!")
    while mark >= 0:
        if html.startswith("<!--", mark - 1):
            end = html.find("-->", mark + 3)
            if end < 0:
                break
            kept.append(html[at : mark - 1])
            at = end + 3
            mark = html.find("!", at)
        else:
            mark = html.find("!", mark + 1)
    return "".join([*kept, html[at:]]) if at else html


def _place_streamed(body: LexborNode) -> bool:
    """Put parts that a server sent late where they belong, as React's script does.

    `<div hidden id="S:1">` takes the place of `<template id="B:1">`.
    """
    moved = False
    for _ in range(_STREAMED):
        parts = {(node.id or "")[2:]: node for node in body.css('div[hidden][id^="S:"]')}
        places = [
            (template, parts.pop((template.id or "")[2:]))
            for template in (body.css('template[id^="B:"], template[id^="P:"]') if parts else [])
            if (template.id or "")[2:] in parts and not _is_within_part(template)
        ]
        for template, part in places:
            del part.attrs["hidden"]
            template.replace_with(part)  # by a copy
            part.decompose()
        if not places:
            break
        moved = True
    for node in body.css('div[hidden][id^="S:"]'):
        del node.attrs["hidden"]
    return moved


def _is_within_part(node: LexborNode) -> bool:
    around = node.parent
    while around is not None:
        if (around.id or "").startswith("S:") and "hidden" in around.attributes:
            return True
        around = around.parent
    return False


def _fallback(text: str) -> LexborNode | None:
    """What a reader without scripts is shown: pictures marked as fallbacks, a long text as the page's own."""
    shown = any(name in text for name in _SHOWN)
    if not shown and len(text) < _TEXT:
        return None
    inner = LexborHTMLParser(f"<!doctype html><body><noscript>{within_depth(text)}</noscript>").body
    held = inner.first_child if inner is not None else None
    if held is None or held.tag != "noscript":
        return None
    take_out(held, _UNSEEN_OR_TEMPLATE)
    if len(held.text()) < _TEXT or held.css_first("p") is None:
        return held if shown else None
    inner = LexborHTMLParser(f"<!doctype html><body><div>{within_depth(held.inner_html or '')}</div>").body
    return inner.first_child if inner is not None else None
