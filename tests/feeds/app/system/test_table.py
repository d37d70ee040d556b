"""A table fits its width: nothing is cut, minor columns leave first and are named, sentences wrap."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from feeds.app.system.output import Output
from feeds.app.system.table import folded, lay_out

COLUMNS = ["source", "state", "records", "usual", "why"]
WHY = "the server did not answer within a minute, for the third time today; it is asked again in an hour"
ROWS = [["the-lakeshore-and-district-courier", "degraded", "12", "3", WHY], ["quay", "ok", "1", "–", ""]]


def shown(width: int | None, *, quiet: bool = False) -> tuple[str, str]:
    output = Output(quiet=quiet)
    out, err = io.StringIO(), io.StringIO()
    output.out = Console(
        file=out,
        soft_wrap=True,
        highlight=False,
        width=width or 80,
        force_terminal=width is not None,
        color_system=None,
    )
    output.err = Console(file=err, soft_wrap=True)
    output.table(COLUMNS, ROWS, right=["records", "usual"], minor=["usual", "records"], wrap=["why"])
    return re.sub("\x1b\\[[0-9;]*m", "", out.getvalue()), err.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_table_fits_and_cuts_nothing(width: int) -> None:
    out, _ = shown(width)
    lines = out.splitlines()
    assert max(map(cell_len, lines)) <= width
    assert "the-lakeshore-and-district-courier  degraded" in out
    at = lines[0].index("why")
    assert " ".join(line[at:] for line in lines[1:-1]).split() == WHY.split()
    assert "…" not in out


def test_what_leaves_is_said() -> None:
    assert shown(60)[1] == "not shown for want of room: records, usual\n"
    assert shown(60, quiet=True)[1] == ""
    assert shown(100)[1] == ""


def test_elsewhere_than_on_a_terminal_a_row_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    out, err = shown(None)
    head, first, second = out.splitlines()
    assert first.split() == [*ROWS[0][:4], *WHY.split()]
    assert second.split() == ROWS[1][:4]
    assert head.split() == COLUMNS
    assert err == ""


def test_a_name_that_is_wider_than_all_is_folded() -> None:
    cells = [["source", "state"], ["x" * 90, "failing"]]
    layout = lay_out(cells, 40, minor=[], wrap=[])
    assert sum(layout.widths) + 2 == 40 and layout.widths[1] == len("failing")
    assert "".join(folded("x" * 90, layout.widths[0])) == "x" * 90


@given(
    st.lists(st.lists(st.text(alphabet="ab é日 ", max_size=40), min_size=4, max_size=4), min_size=1, max_size=4),
    st.integers(24, 120),
)
def test_any_table_fits(cells: list[list[str]], width: int) -> None:
    layout = lay_out(cells, width, minor=[3, 1], wrap=[2])
    assert sum(layout.widths) + 2 * (len(layout.shown) - 1) <= width
    assert sorted([*layout.shown, *layout.left_out]) == [0, 1, 2, 3]
    for row in cells:
        for column, wide in zip(layout.shown, layout.widths, strict=True):
            lines = folded(" ".join(row[column].split()), max(wide, 2))
            assert "".join("".join(lines).split()) == "".join(row[column].split())


def test_a_column_leaves_only_where_the_others_do_not_fit() -> None:
    cells = [["ab", "cde", "fghi"]]
    for width, left_out in ((13, []), (12, [1])):
        layout = lay_out(cells, width, minor=[1])
        assert (layout.left_out, list(layout.widths)) == (left_out, [2, 4] if left_out else [2, 3, 4]), width
    none_wide = lay_out(cells, None, minor=[1])
    assert (list(none_wide.shown), list(none_wide.widths), list(none_wide.left_out)) == ([0, 1, 2], [2, 3, 4], [])


@pytest.mark.parametrize(
    ("cell", "width", "lines"),
    [("one two three", 7, ["one two", "three"]), ("abcdefgh", 3, ["abc", "def", "gh"]), ("", 4, [""]),
     ("a abcdefg b", 4, ["a", "abcd", "efg", "b"]), ("one  two", 4, ["one ", "two"])],
)  # fmt: skip
def test_the_lines_of_a_cell(cell: str, width: int, lines: list[str]) -> None:
    assert folded(cell, width) == lines
