"""Tables that are built of plain boxes: rows that look alike, each with the same cells.

A comparison, the data of a product, a sheet of figures: short cells, few links. Such a grid is kept or left as a whole,
as a <table> is. Linear in the number of blocks.
"""

from __future__ import annotations

from collections.abc import Sequence

from .blocks import Block, Element

_ROWS, _CELLS = 3, 2  # of a grid, at least
_CLIMB = 5  # elements around a run of text that may be its cell and row
_SHORT = 200  # characters of a cell on average: more, and the boxes lay out prose
_LINKED = 0.1  # share of linked characters: more, and they are offers or other stories
_BOX = "div"


def grids(blocks: Sequence[Block], core: Element | None) -> list[list[int]]:
    """Places among `blocks`, which have text and are in order, of each grid in the core of the page."""
    inside: dict[Element, dict[Element, None]] = {}  # elements, and those in them that hold text, in order
    held: dict[Element, list[int]] = {}
    for at, block in enumerate(blocks):
        element = block.element.parent if block.parts else block.element
        for _ in range(_CLIMB):
            if element is None or element is core or element.parent is None:
                break
            held.setdefault(element, []).append(at)
            inside.setdefault(element.parent, {})[element] = None
            element = element.parent
    found: list[list[int]] = []
    for rows in list(inside.values()):
        if len(rows) >= _ROWS:
            for run in _alike(list(rows), inside):
                places = [at for row in run for at in held[row]]
                cells = sum(len(inside.get(row, ())) for row in run)
                length = sum(blocks[at].length for at in places)
                if length <= _SHORT * cells and sum(blocks[at].linked for at in places) < _LINKED * length:
                    found.append(places)
    return found


def _alike(rows: list[Element], inside: dict[Element, dict[Element, None]]) -> list[list[Element]]:
    """Runs of boxes, one after the other, that are named alike and hold boxes named as those of the widest row are.

    Empty cells are not seen, so rows may be of different width.
    """
    runs: list[list[Element]] = []
    last = ""
    for row in rows:
        name = _first_name(row) if row.tag == _BOX else ""
        if name and name == last:
            runs[-1].append(row)
        elif name:
            runs.append([row])
        last = name
    return [run for run in runs if len(run) >= _ROWS and _have_columns([list(inside.get(row, ())) for row in run])]


def _have_columns(rows: list[list[Element]]) -> bool:
    """Whether rows have cells of the same names, most of them several."""
    widest = {_first_name(cell) for cell in max(rows, key=len) if cell.tag == _BOX}
    several = sum(len(cells) >= _CELLS for cells in rows)
    return several * 2 > len(rows) and all(_first_name(cell) in widest for cells in rows for cell in cells)


def _first_name(element: Element) -> str:
    """The tag and first name of an element: names behind it tell rows of one kind apart, as the first and the last."""
    names = element.named().split(maxsplit=1)
    return names[0] if names else ""
