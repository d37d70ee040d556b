"""A table in a given width: cells are never cut, minor columns are left out first, long texts wrap. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

GAP = 2  # spaces between two columns
WRAPPED = 24  # least characters of a column of sentences while minor columns can be left out
TIGHT = 8  # … when none is left, before a name is folded
NARROWEST = 4  # … of any column


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns are shown, how wide each is, and which were left out for want of room."""

    shown: Sequence[int]
    widths: Sequence[int]
    left_out: Sequence[int]


def lay_out(
    cells: Sequence[Sequence[str]], width: int | None, *, minor: Sequence[int] = (), wrap: Collection[int] = ()
) -> Layout:
    """Columns for rows of plain cells, the heads among them. `width` None: as wide as they are, all of them.

    Columns of `minor` are left out in this order; those of `wrap` are narrowed before any other column.
    """
    natural = [max(map(cell_len, column), default=0) for column in zip(*cells, strict=True)]
    shown = list(range(len(natural)))
    if width is None:
        return Layout(shown, natural, ())
    leaving = [column for column in minor if column in shown]
    while leaving and _least(natural, shown, wrap) > width:
        shown.remove(leaving.pop(0))
    widths = {column: natural[column] for column in shown}
    room = width - GAP * (len(shown) - 1)
    for narrower, least in (([column for column in shown if column in wrap], TIGHT), (shown, NARROWEST)):
        while sum(widths.values()) > room and any(widths[column] > least for column in narrower):
            widest = max(narrower, key=lambda column: widths[column])
            widths[widest] = max(least, widths[widest] - (sum(widths.values()) - room), _second(widths, narrower))
            if widths[widest] == natural[widest]:
                widths[widest] -= 1
    left_out = [column for column in range(len(natural)) if column not in shown]
    return Layout(shown, [widths[column] for column in shown], left_out)


def _least(natural: Sequence[int], shown: Sequence[int], wrap: Collection[int]) -> int:
    """The width with which nothing but the columns of `wrap` is folded."""
    return GAP * (len(shown) - 1) + sum(
        min(natural[column], WRAPPED) if column in wrap else natural[column] for column in shown
    )


def _second(widths: dict[int, int], among: Sequence[int]) -> int:
    """The width of the second widest column, to which the widest is narrowed at once; 0 where there is none."""
    found = sorted((widths[column] for column in among), reverse=True)
    return found[1] - 1 if len(found) > 1 else 0


def folded(cell: str, width: int) -> list[str]:
    """The lines of a cell: broken between words, and within a word that is wider than the column."""
    lines: list[str] = []
    line = ""
    for word in cell.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *whole, line = chop_cells(word, width) or [""]
        lines += whole
    return [*lines, line]
