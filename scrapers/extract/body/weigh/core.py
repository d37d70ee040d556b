"""The core of a page: the element that holds most of its plain prose, in one container or split into several."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from ..class_words import Flag
from ..units.blocks import Block, Element, Sheet

_STRANGE = (
    Flag.COMMENT | Flag.RELATED | Flag.NAVIGATION | Flag.SHARE | Flag.AD | Flag.NEWSLETTER | Flag.OVERLAY | Flag.FOOTER
    | Flag.FORM | Flag.TAGS | Flag.BYLINE | Flag.CAPTION | Flag.TEASER | Flag.ASIDE | Flag.HIDDEN
)  # fmt: skip
_STRANGEST = Flag.COMMENT | Flag.NAVIGATION | Flag.OVERLAY | Flag.FOOTER
_END = re.compile(r"[.!?。！？…؟।][\"'”’»«“)\]]*$")
_COLUMN = re.compile(
    r'data-hook="post-description"|data-id="(?:content|rich-content)-viewer"|(?:^|[\s"])rich-content-viewer(?=[\s"])'
)
_ONE_OF_MANY = 0.2  # share of the prose that looks alike
_PART, _NEARLY_ALL = 0.6, 0.8  # shares of prose: of the core in what is around it, and of that on the page


@dataclass(slots=True)
class Core:
    """The core, and what was summed on the way to it."""

    best: Element  # the element with the greatest pull of prose
    core: Element  # the one that also holds the rest of the text, where that is split
    column: Element | None  # the column of a publishing system that is known
    masses: list[float]  # how much plain prose each unit holds
    total: float  # of the whole page
    by_signature: dict[str, list[float]]  # prose, units, characters and linked characters
    by_own: dict[str, list[float]]  # prose and units of elements with the same tag and names


def mass_of(block: Block) -> float:
    """How much plain prose a block holds."""
    if block.length < 30 or block.density > 0.5:
        return 0.0
    worth = min(block.length, 800) * (1 - block.density) ** 2
    if block.parts:
        worth *= 0.3 if block.kind == "table" else 0.6
    if block.length < 80:
        worth *= 0.5 if _END.search(block.text) else 0.2
    flags = block.element.all_flags()
    if flags & _STRANGE:
        worth *= 0.15 if flags & _STRANGEST else 0.4
    return worth


def signature(block: Block) -> str:
    """What similar blocks share: tag and names of the element and of the one around it, without digits."""
    element = block.element
    if not element.signature:
        parent = element.parent
        element.named()
        if parent is None:
            element.signature = element.tag
        else:
            parent.named()
            element.signature = f"{element.looks.nameless}<{parent.looks.nameless}"
    return element.signature


def find_core(sheet: Sheet, blocks: list[Block]) -> Core:
    """The core of a page with these units, of which each has text."""
    by_signature: dict[str, list[float]] = {}
    by_own: dict[str, list[float]] = {}
    total = 0.0
    masses: list[float] = []
    for block in blocks:
        element = block.element
        length = block.length
        linked = block.linked if block.linked < length else length
        name = element.signature or signature(block)
        sig = by_signature.get(name)
        if sig is None:
            sig = by_signature[name] = [0.0, 0.0, 0.0, 0.0]
        sig[1] += 1.0
        sig[2] += length
        sig[3] += linked
        name = element.looks.named
        own = by_own.get(name)
        if own is None:
            own = by_own[name] = [0.0, 0.0]
        own[1] += 1.0
        element.length += length
        element.linked += linked
        if length < 30 or block.density > 0.5:
            masses.append(0.0)
            continue
        m = mass_of(block)
        masses.append(m)
        total += m
        sig[0] += m
        own[0] += m
        element.mass += m
        element.pull += m
    # Elements stand in the order of the page: backwards, each has its sums before it is added to the one around it.
    best = blocks[0].element
    paragraphs = {block.element for block in blocks if block.parts}  # what holds no article
    for element in reversed(sheet.elements):
        if not element.length:
            continue
        pull = element.pull
        parent = element.parent
        is_paragraph = element.tag == "p" or element in paragraphs
        if pull > best.pull and not is_paragraph:
            best = element
        if parent is not None:
            parent.length += element.length
            parent.linked += element.linked
            if pull:
                parent.mass += element.mass
                parent.pull += pull if is_paragraph else pull * 0.6
    if (best.tag == "p" or best in paragraphs) and best.parent is not None:
        best = best.parent
    column = _known_column(sheet)
    core = column if column is not None else _whole(_widened(best, blocks, masses, by_signature), total)
    return Core(best, core, column, masses, total or 1.0, by_signature, by_own)


def _known_column(sheet: Sheet) -> Element | None:
    """The column of a post as a known publishing system writes it: Wix (Ricos)."""
    asked: dict[int, bool] = {}
    for element in sheet.notable:
        looks = element.looks
        if looks.attrs and element.last > element.first:
            known = asked.get(id(looks))
            if known is None:
                attrs = looks.attrs
                known = ("-viewer" in attrs or "post-description" in attrs) and _COLUMN.search(attrs) is not None
                asked[id(looks)] = known
            if known:
                return element
    return None


def _widened(best: Element, blocks: list[Block], masses: list[float], by_signature: dict[str, list[float]]) -> Element:
    """The container that also holds the rest of the text, where adverts or sections split it into several.

    Prose that looks like the prose inside `best` (the same tags and names around it) is taken for its continuation.
    """
    inside: dict[str, float] = defaultdict(float)
    for block, mass in zip(blocks, masses, strict=True):
        if mass and best.first <= block.index < best.last:
            inside[block.element.signature] += mass
    if not inside:
        return best
    main = max(inside, key=lambda name: inside[name])
    alike = {main} | {name for name, mass in inside.items() if mass >= 0.3 * inside[main]}
    wanted = [b.index for b, mass in zip(blocks, masses, strict=True) if mass and b.element.signature in alike]
    low, high = wanted[0], wanted[-1]
    core = best
    story = False
    while not (core.first <= low and high < core.last) and core.parent is not None:
        story = story or core.tag == "article"
        core = core.parent
    # One of many stories that look alike stays alone; an article of many sections does not.
    return best if story and inside[main] < _ONE_OF_MANY * by_signature[main][0] else core


def _whole(core: Element, total: float) -> Element:
    """The page's <main> or <article> around the core, where it has nearly all of the prose and the core a part of it.

    Sections with names of their own are one article; several <article>s are several stories.
    """
    around = core.parent
    story = core.tag == "article"
    while around is not None and not story:
        story = around.tag == "article"
        main = story or around.tag == "main" or 'role="main"' in around.looks.attrs
        if main and core.mass < _PART * around.mass and around.mass >= _NEARLY_ALL * total:
            return around
        around = around.parent
    return core
