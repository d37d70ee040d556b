"""A page's blocks → its units: parts that are kept or left out as a whole.

A list, a table, a list of terms, a quotation, preformatted text, or a figure with its caption is one unit; any other
run of text, pictures or players between two block-level tags is one by itself. Lists and tables used only for layout
are not units. Linear in the number of blocks.
"""

from __future__ import annotations

import re

from ..class_words import Flag
from ..phrases import credit_in
from .blocks import Block, Element, Sheet

_KINDS = {"ul": "list", "ol": "list", "dl": "terms", "table": "table", "blockquote": "quote", "pre": "code"}
_KINDS |= {"figure": "figure"}
_ITEMS = {"list": ("li",), "terms": ("dt", "dd"), "table": ("td", "th")}
_POST = re.compile(
    r"\b(?:twitter-(?:tweet|video)|instagram-media|tiktok-embed|bluesky-embed|mastodon-(?:embed|post)|text-post-media|fb-post|"
    r"fb-xfbml-parse-ignore|reddit-(?:embed|card)|imgur-embed)",
    re.I,
)
_PARTING = frozenset(("h1", "h2", "article", "section", "form", "main", "header"))  # never in a list item or cell
_LONG_ITEM = 900  # characters of an item on average: more, and the list only lays out the page
_LONG_CELL = 1200
_LONG_QUOTE = 4000
_CAPTION = 600  # characters of all captions of a figure: more, and it is prose
_LINE, _LABEL, _LINKED = 300, 25, 0.5  # characters of a caption without a name, of a label; share of linked ones
_PROSE = Flag.STANDFIRST | Flag.BODY | Flag.PARAGRAPH  # names of what is no caption
_MOST_NESTED = 12  # lists, tables and the like that begin at the same block
_BESIDE = 3  # blocks between a caption and its picture
_CLIMB = 3  # elements around a caption among which its picture is looked for


def into_units(sheet: Sheet, gone: set[Element]) -> Sheet:
    """The sheet with units in place of its blocks, without what stands in the elements `gone`."""
    blocks = sheet.blocks
    left = bytearray(len(blocks) + 1)  # blocks that are gone
    for element in gone:
        left[element.first : element.last] = b"\x01" * (element.last - element.first)
    figures = _named_figures(blocks)
    page = sum(block.length for block in blocks) + sum(one.length for one in sheet.passed)
    made: list[Block] = []
    places = [0] * (len(blocks) + 1)  # of each block in `made`
    until = 0  # blocks before this one belong to a unit
    elements: dict[int, list[Element]] = {}
    for element in sheet.elements if figures else sheet.notable:
        if element.last > element.first and (element.tag in _KINDS or element in figures):
            elements.setdefault(element.first, []).append(element)
    for at, block in enumerate(blocks):
        if at < until:
            places[at] = len(made) - 1
            continue
        places[at] = len(made)
        if left[at]:
            continue
        unit: Block | None = None
        for element in elements.get(at, [])[-_MOST_NESTED:]:
            kind = "figure" if element in figures else _KINDS[element.tag]
            parts = [one for one in blocks[element.first : element.last] if not left[one.index]]
            unit = _unit(element, kind, parts, page)
            if unit is not None:
                until = element.last
                break
        made.append(unit or block)
    places[len(blocks)] = len(made)
    for element in sheet.elements:
        element.first, element.last = places[element.first], places[element.last]
    for index, unit in enumerate(made):
        unit.index = index
    return Sheet(sheet.tags, sheet.texts, made, sheet.elements, sheet.rules, sheet.passed, sheet.notable)


def text_of(kind: str, parts: list[Block]) -> str:
    """The text of a unit: a line for each paragraph, item or row; the cells of a row are split by spaces."""
    if kind != "table":
        return "\n".join([part.text for part in parts])
    lines: list[str] = []
    row: Element | None = None
    for part in parts:
        one: Element | None = part.element
        while one is not None and one.tag != "tr":
            one = one.parent
        if one is not None and one is row:
            lines[-1] += " " + part.text
        else:
            lines.append(part.text)
        row = one
    return "\n".join(lines)


def _unit(element: Element, kind: str, parts: list[Block], page: int) -> Block | None:
    """The unit that an element makes of its blocks; None where it only lays out other things."""
    tags = {part.tag for part in parts}
    within = {part.element.parent.tag for part in parts if part.element.parent is not None}
    around = tags | within
    length = sum(part.length for part in parts)
    if kind == "figure":
        kind = _of_figure(parts, around)
        if not kind or (kind == "figure" and length > _CAPTION):
            return None
    if kind in _ITEMS:
        if around & _PARTING or not _has_items(element, kind, parts, length):
            return None
    elif kind == "quote" and (length > min(_LONG_QUOTE, 0.4 * page) or tags & _PARTING or "table" in within):
        return None
    said = [part for part in parts if part.length and not (kind == "figure" or part.tag == "figcaption")]
    unit = _joined(element, text_of(kind, said), parts, said)
    unit.kind = "post" if kind == "quote" and _is_post(element, parts) else kind
    return unit


def _joined(element: Element, text: str, parts: list[Block], said: list[Block]) -> Block:
    """One block of an element's parts, with the text and the counts of those that are `said`."""
    linked, links, strong = sum(p.linked for p in said), sum(p.links for p in said), sum(p.strong for p in said)
    unit = Block(element, parts[0].start, parts[-1].end, text, linked, links, strong)
    unit.tag = element.tag
    unit.media = tuple([token for part in parts for token in part.media])
    unit.parts = tuple(parts)
    return unit


def _has_items(element: Element, kind: str, parts: list[Block], length: int) -> bool:
    """Whether a list or a table holds items, and does not only lay out the page."""
    items = _items(element, _ITEMS[kind], parts)
    if not items or _holds_table(element, parts):
        return False
    if kind == "table":
        return length <= _LONG_CELL * items and not _lays_out(parts, length)
    return length <= _LONG_ITEM * items and not any(part.tag in ("h2", "h3") for part in parts)


def _is_post(element: Element, parts: list[Block]) -> bool:
    """Whether a quotation is a network's: by its own names, or those of the quotation that a figure holds."""
    one: Element | None = parts[0].element
    while one is not None and one is not element:
        if one.tag == "blockquote" and _POST.search(one.looks.attrs):
            return True
        one = one.parent
    return bool(_POST.search(element.looks.attrs))


def _of_figure(parts: list[Block], tags: set[str]) -> str:
    """What a <figure> holds: a table, a quotation, code, or pictures and players with a caption."""
    if any(part.media for part in parts):
        return "figure"
    if tags & {"td", "th", "tr"}:
        return "table"
    if "blockquote" in tags:
        return "quote"
    return "code" if "pre" in tags else ""


def _items(element: Element, names: tuple[str, ...], parts: list[Block]) -> int:
    """How many items of a list, or cells of a table, hold something."""
    seen: set[Element] = set()
    for part in parts:
        one: Element | None = part.element
        while one is not None and one is not element and one.tag not in names:
            one = one.parent
        if one is not None and one is not element:
            seen.add(one)
    return len(seen)


def _holds_table(element: Element, parts: list[Block]) -> bool:
    """Whether a table stands within a list or a table: then the outer one lays out the page."""
    for part in parts:
        one = part.element
        while one is not element and one.parent is not None:
            if one.tag == "table":
                return True
            one = one.parent
    return False


def _lays_out(parts: list[Block], length: int) -> bool:
    """Whether one cell of a table holds nearly all of it, in several blocks."""
    cells: dict[Element, list[int]] = {}
    for part in parts:
        one: Element | None = part.element
        while one is not None and one.tag not in ("td", "th"):
            one = one.parent
        if one is not None:
            held = cells.setdefault(one, [0, 0])
            held[0] += part.length
            held[1] += 1
    most, blocks = max(cells.values(), default=[0, 0])
    return (most > 0.7 * length and blocks > 2) or (most > _LONG_CELL)


def _named_figures(blocks: list[Block]) -> set[Element]:
    """Elements that are no <figure> but hold nothing except pictures and their caption: what is named so, ends with a
    credit, or is one short line without a tag of its own."""
    found: set[Element] = set()
    near = {at + step for at, block in enumerate(blocks) if block.media for step in range(-_BESIDE, _BESIDE + 1)}
    for at in sorted(near):
        if not 0 <= at < len(blocks):
            continue
        block = blocks[at]
        if not 0 < block.length <= _CAPTION or block.element.tag == "figcaption":
            continue
        plain = _is_plain_line(block)
        if plain or block.element.own_flags() & Flag.CAPTION or credit_in(block.text) is not None:
            figure = _figure_around(block, block.element if plain else block.element.parent, blocks)
            if figure is not None:
                found.add(figure)
    return found


def _is_plain_line(block: Block) -> bool:
    """Whether a block is as long as a caption and no paragraph, heading, label or link."""
    return (
        block.element.tag == "div"
        and _LABEL <= block.length <= _LINE
        and block.density < _LINKED
        and not block.element.own_flags() & _PROSE
    )


def _figure_around(caption: Block, around: Element | None, blocks: list[Block]) -> Element | None:
    """The nearest element that holds a picture, from `around` on, if it holds the caption and nothing else."""
    one = around
    for _ in range(_CLIMB):
        if one is None or one.tag in ("body", "main", "article", "figure", "td", "li") or one.last - one.first > 8:
            return None
        parts = blocks[one.first : one.last]
        if any(part.media for part in parts):
            held = sum(part.length for part in parts) <= _CAPTION and all(
                not part.length or part is caption or _is_caption(part) for part in parts
            )
            return one if held else None
        one = one.parent
    return None


def _is_caption(part: Block) -> bool:
    """Whether the names of a block's element, or of the one around it, say that it is a caption."""
    element = part.element
    return bool((element.own_flags() | (element.parent or element).own_flags()) & Flag.CAPTION)
