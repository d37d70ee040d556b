"""The command that writes records for analysis: export."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ....store import Store, store_exists
from ...inspect import export as exports
from ...system.clock import utc_now
from ...system.output import moment
from ...system.suggestions import no_such
from ..command import DONE, USAGE, Ctx, a_moment, with_store
from ..output.progress import progress
from ..output.prompts import counted


def export(
    *,
    form: Annotated[exports.Form, Parameter(name="--format", help="jsonl, csv or parquet (extra `export`).")] = "jsonl",
    query: Annotated[str | None, Parameter(help="Only what fulfils a query in the language of topics.")] = None,
    since: Annotated[
        str | None, Parameter(help="Only what was published since a day, or within 7d.", validator=a_moment)
    ] = None,
    source: Annotated[tuple[str, ...], Parameter(help="Only of this source; may be given again.", negative="")] = (),
    to: Annotated[Path | None, Parameter(help="The file to write; standard output when not given.")] = None,
    force: Annotated[bool, Parameter(negative="", help="Write over a file that is there.")] = False,
    ctx: Ctx,
) -> int:
    """Write the stored records as lines of JSON, CSV or Parquet, newest first.

    Example: `copydesk export --format csv --query ferry --since 30d --to ferries.csv`
    """
    config = ctx.config()
    if mistake := _no_target(to, form, force=force):
        ctx.output.error(mistake)
        return USAGE
    now, start = utc_now(), None if since is None else moment(since)

    def work(store: Store) -> int:
        names = [one.name for one in store.sources.labels()]
        if unknown := next((name for name in source if name not in names), None):
            ctx.output.error(no_such("source", unknown, names))
            return USAGE
        found = exports.rows(store, query=query, since=start, sources=source, now=now)
        with progress(ctx, "exporting") as told:
            if to is None:
                count = exports.write(form, found, sys.stdout.buffer, lambda done: told("records", done, 0))
                sys.stdout.buffer.flush()
            else:
                fresh = exports.partial_of(to)
                try:
                    with fresh.open("wb") as file:
                        count = exports.write(form, found, file, lambda done: told("records", done, 0))
                    os.replace(fresh, to)
                finally:
                    fresh.unlink(missing_ok=True)
        ctx.output.say(f"{counted(count, 'record')}{f' in {to}' if to else ''}")
        return DONE

    if not store_exists(config.store_at):
        ctx.output.error(f"{config.store_at}: there is no store yet")
        return USAGE
    return with_store(ctx, work)


def _no_target(to: Path | None, form: exports.Form, *, force: bool) -> str | None:
    if to is None:
        return "--to: Parquet is no text; name the file to write" if form == "parquet" and sys.stdout.isatty() else None
    if to.is_dir():
        return f"{to}: is a folder; name the file to write"
    if to.exists() and not force:
        return f"{to}: is there already; --force writes over it"
    return None if to.parent.is_dir() else f"{to.parent}: there is no such folder"
