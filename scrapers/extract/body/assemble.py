"""Chosen units → the markup of the page that holds them: the tree as it is, with its attributes, without the rest.

Nothing is cleaned here: `scrapers.normalise.sanitise` alone decides which elements and attributes pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .units.blocks import Block, Element, Sheet

_VOID = frozenset(("br", "img", "input", "source", "wbr", "track", "embed", "param", "area", "col", "link", "meta"))


def markup(sheet: Sheet, units: Iterable[Block], left: frozenset[Element] = frozenset(), direction: str = "") -> str:
    """The markup of `units`, which are in order, with the elements around them.

    `left` are elements inside units that are left out. `direction` is that of the whole page's text.
    """
    out: list[str] = []
    opened: list[Element] = []
    skipped = sorted((element.start, element.end + 1) for element in left)
    reached = rule = 0  # token after the last unit, and place of the next rule among those of the sheet
    for unit in units:
        around = unit.element.parent if unit.parts else unit.element
        chain: list[Element] = []
        while around is not None and around.tag != "body":
            chain.append(around)
            around = around.parent
        chain.reverse()
        same = 0
        for mine, theirs in zip(chain, opened, strict=False):
            if mine is not theirs:
                break
            same += 1
        while len(opened) > same:
            out.append(f"</{opened.pop().tag}>")
        start = unit.element.start if unit.parts else unit.start
        while rule < len(sheet.rules) and sheet.rules[rule] < reached:
            rule += 1
        if out and rule < len(sheet.rules) and sheet.rules[rule] <= start:
            out.append("<hr>")
        for element in chain[same:]:
            out.append(f"<{_shown(sheet.tags[element.start])}>")
            opened.append(element)
        if unit.parts:
            reached = unit.element.end + 1
            out += _whole(sheet, unit.element, skipped)
        else:
            reached = unit.end
            out += _run(sheet, unit.start, unit.end)
    while opened:
        out.append(f"</{opened.pop().tag}>")
    found = "".join(out)
    return f'<div dir="{direction}">{found}</div>' if direction and found else found


def paragraphs(lines: Iterable[str]) -> str:
    """Lines of plain text as paragraphs."""
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)


def _shown(tag: str) -> str:
    """The opening tag of an element whose content is shown, although it hides before a click."""
    if "hidden=" in tag:
        tag = tag.replace(' hidden=""', "")
    if "none" in tag:
        tag = tag.replace("display:none", "").replace("display: none", "")
    return tag


def _whole(sheet: Sheet, element: Element, skipped: list[tuple[int, int]]) -> list[str]:
    """All tokens of an element except those of `skipped`."""
    out: list[str] = []
    at, end = element.start, min(element.end, len(sheet.tags) - 1)
    for start, after in skipped:
        if at <= start and after <= end:
            out += _written(sheet, at, start)
            at = after
    out += _written(sheet, at, end)
    out.append(f"</{element.tag}>")
    return out


def _written(sheet: Sheet, start: int, end: int) -> list[str]:
    """The tokens [start, end) that are shown."""
    return [f"<{tag}>{text}" for tag, text in zip(sheet.tags[start:end], sheet.texts[start:end], strict=True) if tag]


def _run(sheet: Sheet, start: int, end: int) -> list[str]:
    """The tokens of a run, balanced: missing end tags are added, surplus ones are left out."""
    text = sheet.texts[start]
    out = ["<br><br>" + text if sheet.tags[start] == "br" else text]
    stack: list[str] = []
    for tag, text in zip(sheet.tags[start + 1 : end], sheet.texts[start + 1 : end], strict=True):
        if not tag:
            continue
        if tag[:1] == "/":
            name = tag[1:]
            if name not in stack:
                out.append(text)
                continue
            while (last := stack.pop()) != name:
                out.append(f"</{last}>")
        elif (name := tag.partition(" ")[0]) not in _VOID:
            stack.append(name)
        out.append(f"<{tag}>{text}")
    out += [f"</{name}>" for name in reversed(stack)]
    return out
