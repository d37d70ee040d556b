"""What commands print: data on standard output, everything else on standard error; colour only on a terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.markup import escape

STATE_COLOURS = {
    "ok": "green",
    "new": "cyan",
    "slow": "yellow",
    "degraded": "yellow",
    "failing": "red",
    "gone": "red",
    "paused": "dim",
    "removed": "dim",
}


class _Console(Console):
    """A console whose reader may close the pipe, as `head` does: raises BrokenPipeError instead of exiting with 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class Output:
    """The two streams of a command."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.out = _Console(soft_wrap=True, highlight=False, emoji=False)
        self.err = _Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)
        self.quiet = quiet

    @property
    def watched(self) -> bool:
        """Whether a person looks at the diagnostics."""
        return self.err.is_terminal

    def print(self, text: str = "", *, style: str | None = None) -> None:
        """A line of data, as it is."""
        self.out.print(escape(text), style=style)

    def markup(self, text: str) -> None:
        """A line with colours; what comes from outside must have been escaped."""
        self.out.print(text)

    def json(self, value: Any) -> None:
        """A value for scripts."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")

    def working(self, text: str) -> AbstractContextManager[object]:
        """Show what is being done: a spinner while a person watches, else a line."""
        if self.quiet:
            return nullcontext()
        if self.watched:
            return self.err.status(escape(text))
        self.say(text)
        return nullcontext()

    def say(self, text: str) -> None:
        """A line about the work, silent with --quiet."""
        if not self.quiet:
            self.err.print(escape(text))

    def warn(self, text: str) -> None:
        """A line that a person should read."""
        self.err.print(escape(text), style="yellow")

    def error(self, text: str) -> None:
        """Why a command could not do its work."""
        self.err.print(escape(text), style="red")

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        right: Sequence[str] = (),
        minor: Sequence[str] = (),
        wrap: Sequence[str] = (),
    ) -> None:
        """A table that fits the terminal; elsewhere it is as wide as it is. Cells are plain text, and never cut.

        `minor`: columns that are left out, in this order, when there is no room; their names are printed.
        `wrap`: columns of sentences, which are broken into lines.
        """
        from .table import GAP, folded, lay_out

        cells = [list(columns), *([_line(cell) for cell in row] for row in rows)]
        at = {column: number for number, column in enumerate(columns)}
        layout = lay_out(cells, self._width(), minor=[at[one] for one in minor], wrap=[at[one] for one in wrap])
        shown = list(zip(layout.shown, layout.widths, strict=True))
        for number, row in enumerate(cells):
            parts = [folded(row[column], width) for column, width in shown]
            for line in range(max(map(len, parts))):
                self.out.print(
                    (" " * GAP)
                    .join(
                        _cell(
                            columns[column] if number else "",
                            part[line] if line < len(part) else "",
                            width,
                            right=columns[column] in right,
                        )
                        for (column, width), part in zip(shown, parts, strict=True)
                    )
                    .rstrip(),
                    style=None if number else "bold",
                )
        if layout.left_out:
            self.say(f"not shown for want of room: {', '.join(columns[column] for column in layout.left_out)}")

    def _width(self) -> int | None:
        """Characters of a line: those of the terminal, or of COLUMNS where it is set; None where lines have no end."""
        if self.out.is_terminal or os.environ.get("COLUMNS", "").isdecimal():
            return max(20, self.out.width)
        return None


def _line(cell: str) -> str:
    return " ".join(cell.split())


def _cell(column: str, text: str, width: int, *, right: bool) -> str:
    """A cell with the spaces that fill its column; a state has its colour."""
    from rich.cells import cell_len

    filling = " " * (width - cell_len(text))
    colour = STATE_COLOURS.get(text) if column == "state" else None
    shown = f"[{colour}]{escape(text)}[/]" if colour else escape(text)
    return filling + shown if right else shown + filling


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def ago(when: datetime | None, now: datetime) -> str:
    """How long ago, or how long from now, in words."""
    from scrapers import in_words

    if when is None:
        return "–"
    seconds = (now - when).total_seconds()
    if seconds >= 0:
        return f"{in_words(seconds)} ago" if seconds >= 1 else "now"
    return f"in {in_words(-seconds)}"


def sure_moment(text: str) -> datetime:
    """What `moment` gives of a text that was checked."""
    found = moment(text)
    if found is None:
        raise ValueError(text)
    return found


def moment(text: str) -> datetime | None:
    """A day in UTC, or a length of time before now."""
    from scrapers import seconds

    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        pass
    try:
        return datetime.now(UTC) - timedelta(seconds=seconds(text))
    except (ValueError, OverflowError):
        return None
