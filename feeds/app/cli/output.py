"""What commands print: data on standard output, everything else on standard error; colour only on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scrapers import in_words, seconds

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


class Output:
    """The two streams of a command."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.out = Console(soft_wrap=True, highlight=False)
        self.err = Console(stderr=True, soft_wrap=True, highlight=False)
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
        """What is being done, moving while a person watches and a line when not."""
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
        keep: Sequence[str] = (),
    ) -> None:
        """A table that fits the terminal. Cells are plain text; `keep` names columns that are never cut."""
        table = Table(box=None, pad_edge=False, header_style="bold", expand=False)
        for column in columns:
            table.add_column(
                column,
                justify="right" if column in right else "left",
                no_wrap=True,
                overflow="ellipsis",
                min_width=None if column not in keep else len(column),
            )
        for row in rows:
            table.add_row(*[_cell(column, cell) for column, cell in zip(columns, row, strict=True)])
        console = Console(highlight=False, width=None if self.out.is_terminal else 160)
        console.print(table)


def _cell(column: str, cell: str) -> str:
    colour = STATE_COLOURS.get(cell) if column == "state" else None
    return f"[{colour}]{escape(cell)}[/]" if colour else escape(cell)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def ago(when: datetime | None, now: datetime) -> str:
    """How long ago, or how long from now, in words."""
    if when is None:
        return "–"
    seconds = (now - when).total_seconds()
    if seconds >= 0:
        return f"{in_words(seconds)} ago" if seconds >= 1 else "now"
    return f"in {in_words(-seconds)}"


def moment(text: str) -> datetime | None:
    """A day in UTC, or a length of time before now."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        pass
    try:
        return datetime.now(UTC) - timedelta(seconds=seconds(text))
    except ValueError:
        return None
