"""Progress of long work: a bar with the time left on a terminal, a line a step with -v, nothing with -q."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scrapers import Progress

from ..command import Context


def silent(what: str, done: int = 0, of: int = 0) -> None:
    """Show nothing."""


@contextmanager
def progress(ctx: Context, work: str) -> Iterator[Progress]:
    """A context that gives a progress function: called with the current step, steps done, and steps in all.

    It may be called from any thread.
    """
    output = ctx.output
    if output.quiet:
        yield silent
        return
    if not output.watched:
        output.say(work)

        def line(what: str, done: int = 0, of: int = 0) -> None:
            output.say(_line(what, done, of))

        yield line if ctx.verbose else silent
        return
    from rich.markup import escape
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[count]}"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=output.err, transient=True) as bars:
        bar = bars.add_task(escape(work), total=None, count="")

        def step(what: str, done: int = 0, of: int = 0) -> None:
            count = f"{done} of {of}" if of else ""
            bars.update(bar, description=escape(f"{work}: {what}"), completed=done, total=of or None, count=count)
            if ctx.verbose:
                bars.console.print(escape(_line(what, done, of)))

        yield step


def _line(what: str, done: int, of: int) -> str:
    return f"  {what}, {done} of {of}" if of else f"  {what}"
