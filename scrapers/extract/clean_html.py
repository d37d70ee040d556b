"""Kept blocks → clean HTML: written anew from their tokens; only the markup that is named here passes.

Headings, lists, quotes, links, figures with captions, tables and preformatted text stay; players and frames become
links; classes, ids and styles go.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .blocks import Block, Element, Sheet, Token, attributes, token

_STRUCTURE = frozenset(
    "ul ol li blockquote table tr td th figure figcaption pre dl dt dd h1 h2 h3 h4 h5 h6".split()  # noqa: SIM905
)
_HOLDS_TEXT = frozenset(("li", "td", "th", "figcaption", "pre", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"))
_RENAMED = {"h1": "h2"}
_INLINE = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "sub": "sub", "sup": "sup", "code": "code", "kbd": "kbd",
    "samp": "samp", "q": "q", "cite": "cite", "s": "s", "del": "del", "ins": "ins", "mark": "mark", "var": "var",
    "abbr": "abbr", "small": "small", "u": "u", "ruby": "ruby", "rt": "rt", "rp": "rp",
}  # fmt: skip
_LAZY = (
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-original-src",
    "data-hi-res-src",
    "data-full-src",
    "data-url",
)
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "srcset")


def picture(attrs: dict[str, str]) -> str | None:
    """The address of an <img>: of a lazy one the real picture, not the placeholder."""
    for name in _LAZY:
        value = attrs.get(name, "").strip()
        if value and not value.startswith(("data:", "{")) and (" " not in value) and ("/" in value or "." in value):
            return value
    src = attrs.get("src", "").strip()
    if src and not src.startswith("data:"):
        return src
    for name in _LAZY_SETS:
        first = attrs.get(name, "").split()
        if first and not first[0].startswith("data:"):
            return first[0].rstrip(",")
    return None


def write(sheet: Sheet, kept: Iterable[Block], media: frozenset[int]) -> str:
    """The HTML of `kept`, which are in order; of pictures and players only those in `media`, by their tokens."""
    out: list[str] = []
    opened: list[Element] = []
    for block in kept:
        chain: list[Element] = []
        element: Element | None = block.element
        while element is not None:
            if element.tag in _STRUCTURE:
                chain.append(element)
            element = element.parent
        chain.reverse()
        same = 0
        for mine, theirs in zip(chain, opened, strict=False):
            if mine is not theirs:
                break
            same += 1
        while len(opened) > same:
            out.append(f"</{_RENAMED.get(opened[-1].tag, opened[-1].tag)}>")
            opened.pop()
        for element in chain[same:]:
            out.append(f"<{_RENAMED.get(element.tag, element.tag)}>")
            opened.append(element)
        inner = _run([token(tag) for tag in sheet.tags[block.start : block.end]], block.start, media)
        if not inner:
            continue
        direct = any(e.tag in _HOLDS_TEXT for e in chain) and block.tag != "p"
        out.append(inner if direct or not block.length else f"<p>{inner}</p>")
    while opened:
        out.append(f"</{_RENAMED.get(opened[-1].tag, opened[-1].tag)}>")
        opened.pop()
    return "".join(out)


def paragraphs(lines: Iterable[str]) -> str:
    """Lines of plain text as paragraphs."""
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)


def _run(tokens: list[Token], start: int, media: frozenset[int]) -> str:
    out: list[str] = []
    stack: list[str] = []
    for at, (name, attrs, text) in enumerate(tokens):
        if name == "a":
            href = attributes(attrs).get("href", "").strip()
            if href and not href.lower().startswith(("javascript:", "#", "data:")):
                out.append(f'<a href="{escape(href)}">')
                stack.append("a")
            else:
                stack.append("")
        elif name == "/a":
            if stack and stack[-1] in ("a", "") and stack.pop():
                out.append("</a>")
        elif name in _INLINE:
            out.append(f"<{_INLINE[name]}>")
            stack.append(_INLINE[name])
        elif name.startswith("/") and name[1:] in _INLINE:  # "<a< b>" leaves one without a name
            tag = _INLINE[name[1:]]
            if stack and stack[-1] == tag:
                out.append(f"</{tag}>")
                stack.pop()
        elif name == "br" and at:
            out.append("<br>")
        elif start + at in media:
            out.append(_media(name, attributes(attrs)))
        if text:
            out.append(text)
    for tag in reversed(stack):
        if tag:
            out.append(f"</{tag}>")
    return "".join(out).strip()


def _media(name: str, attrs: dict[str, str]) -> str:
    if name in ("img", "amp-img", "image"):
        src = picture(attrs)
        return f'<img src="{escape(src)}" alt="{escape(attrs.get("alt", ""))}">' if src else ""
    src = attrs.get("src") or attrs.get("data-src") or ""
    if not src or src.startswith(("about:", "javascript:", "data:", "blob:")):
        return ""
    return f'<a href="{escape(src)}">{escape(attrs.get("title") or src)}</a>'
