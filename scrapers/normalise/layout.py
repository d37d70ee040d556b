"""What must be known of an element's content before it is written: one pass over the tree, in linear time."""

from __future__ import annotations

import unicodedata
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

_LEAVES = frozenset(("pre", "h1", "h2", "h3", "h4", "h5", "h6", "summary"))
_IN_NO_CODE = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))  # tables and lists number the lines of code
_FAR = 60  # elements between a table and the one around it
_NEAR = 8  # elements between a caption and its figure
_ROWS = 2000  # that are looked at
_WORDS = 60  # characters of text that are no label of a counter
_NODES, _SIGNS = 40, 300  # nodes of a box, and characters of each, in which its first letter is looked for
_PROSE = 1500  # characters: a cell this long holds prose, not data


def captioned_figures(tree: LexborNode) -> set[int]:
    """The figures that have a caption, by their place in memory."""
    return {figure.mem_id for one in tree.css("figcaption") if (figure := _around(one, "figure", _NEAR)) is not None}


def has_layout(html: str) -> bool:
    """Whether a body that the sanitiser wrote, which nests little, has a table that is used only for layout."""
    tree = LexborHTMLParser(f"<!doctype html><body>{html}").body if "<table" in html else None
    return tree is not None and bool(layout_tables(tree))


def layout_tables(tree: LexborNode) -> set[int]:
    """The tables that only put things side by side: those around tables, with one cell, with prose in a cell."""
    tables = tree.css("table")
    found: set[int] = set()
    for table in tables:
        outer = _around(table, "table", _FAR)
        if outer is not None:
            found.add(outer.mem_id)
    for table in tables:
        if table.mem_id not in found and _is_layout(table):
            found.add(table.mem_id)
    return found


def broken_leaves(tree: LexborNode) -> set[int]:
    """Headings and <pre> that hold tables, lists or headings: their tag is dropped, their content kept."""
    found: set[int] = set()
    for one in tree.css("table, ul, ol, dl, h1, h2, h3, h4, h5, h6"):
        above = one.parent
        for _ in range(_NEAR):
            if above is None or above.tag in ("td", "th", "body"):
                break
            if above.tag in _LEAVES and (above.tag != "pre" or one.tag in _IN_NO_CODE):
                found.add(above.mem_id)
            above = above.parent
    return found


def _around(node: LexborNode, tag: str, far: int) -> LexborNode | None:
    """The nearest element of that name around `node`."""
    above = node.parent
    for _ in range(far):
        if above is None or above.tag == tag:
            return above
        above = above.parent
    return None


def _is_layout(table: LexborNode) -> bool:
    if table.attributes.get("role") in ("presentation", "none"):
        return True
    cells = rows = 0
    for part in islice(table.iter(), _ROWS):
        for row in (part,) if part.tag == "tr" else islice(part.iter(), _ROWS):
            if row.tag != "tr":
                continue
            rows += 1
            for cell in islice(row.iter(), _ROWS):
                if cell.tag in ("td", "th"):
                    cells += 1
                    if len(cell.text()) > _PROSE:
                        return True
    return cells == 1 and rows == 1


def holds_prose(node: LexborNode) -> bool:
    """Whether there is prose below a node: then it is only hidden until a script shows it."""
    length = 0
    for one in node.traverse(include_text=True):
        if one.is_text_node and one.parent is not None and one.parent.tag not in ("script", "style"):
            length += len((one.text_content or "").strip())
            if length >= _WORDS:
                return True
    return False


def begins_right_to_left(box: LexborNode) -> bool:
    """Whether the first letter in a box is of a script that is written from right to left."""
    for node in islice(box.traverse(include_text=True), _NODES):
        if node.is_text_node:
            for sign in (node.text_content or "")[:_SIGNS]:
                kind = unicodedata.bidirectional(sign)
                if kind in ("L", "R", "AL"):
                    return kind != "L"
    return False
