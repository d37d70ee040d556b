"""Commands for sources: their list, pause, resume, rename, remove."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from cyclopts import App, Parameter

from ....errors import WrongName
from ....store import Store
from ...jobs import source_changes
from ...system.clock import utc_now
from ..command import (
    DONE,
    USAGE,
    Context,
    Ctx,
    Json,
    Name,
    with_store,
)
from ..output.prompts import DryRun, Yes, agreed_to_remove, counted
from ..status import status

T = TypeVar("T")
sources = App(name="sources", help="The sources: how they are doing; pause, resume, rename, remove.")


@sources.default
def list_sources(*, json: Json = False, ctx: Ctx) -> int:
    """The sources with their states, visits, and how many stories they bring a day.

    Example: `copydesk sources`
    """
    return status(json=json, ctx=ctx)


@sources.command
def pause(name: Name, *, ctx: Ctx) -> int:
    """Stop visiting a source; what it gave stays.

    Example: `copydesk sources pause courier`
    """
    return _pause(ctx, name, True)


@sources.command
def resume(name: Name, *, ctx: Ctx) -> int:
    """Visit a paused source again.

    Example: `copydesk sources resume courier`
    """
    return _pause(ctx, name, False)


def _pause(ctx: Context, name: str, paused: bool) -> int:
    config = ctx.config()
    return _changed(
        ctx,
        lambda store: source_changes.set_paused(store, config, name, paused, utc_now()),
        lambda _: f"{name} is {'paused' if paused else 'visited again'}",
    )


def _changed(ctx: Context, change: Callable[[Store], T], told: Callable[[T], str]) -> int:
    """Make a change and print it; the exit code."""
    try:
        if said := told(with_store(ctx, change)):
            ctx.output.print(said)
    except WrongName as error:
        ctx.output.error(error.reason)
        return USAGE
    return DONE


@sources.command
def rename(name: Name, to: Annotated[str, Parameter(help="Its new name.")], *, ctx: Ctx) -> int:
    """Give a source another name: its seed file and samples move, its feed keeps its id, the old address moves.

    Example: `copydesk sources rename courier the-courier`
    """
    config = ctx.config()
    return _changed(
        ctx,
        lambda store: source_changes.rename(store, config, name, to, utc_now()),
        lambda _: f"{name} is now {to}: {config.base_url}/s/{to}.atom",
    )


@sources.command
def remove(
    name: Name,
    *,
    records: Annotated[bool, Parameter(negative="", help="Remove its records too, for good.")] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    ctx: Ctx,
) -> int:
    """Remove a source: its seed goes to seeds/removed/, its records stay unless --records is given.

    The seed and its samples come back when they are moved back; records that are removed do not.

    Example: `copydesk sources remove courier --records --dry-run`
    """
    config = ctx.config()

    def change(store: Store) -> str:
        count = next((one.records for one in store.sources.all(utc_now()) if one.name == name), None)
        what = f"the source {name}; its records stay"
        if records:
            what = f"{counted(count or 0, 'record')} of {name} for good"
        source_changes.require(store, config, name)
        if dry_run:
            return f"would remove {what}"
        if not agreed_to_remove(ctx.output, what, yes=yes):
            return ""
        gone = source_changes.remove(store, config, name, utc_now(), records=records)
        kept = f"its seed is kept in {config.seeds_folder / source_changes.REMOVED}"
        gone_too = f" with {counted(gone, 'record')}" if records else "; its records stay"
        return f"{name} is removed{gone_too}; {kept}"

    return _changed(ctx, change, lambda said: said)
