"""The command that finds selectors again: repair."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.markup import escape

from scrapers import CopydeskError, Seed, load_seeds, rewritten, selectors_of

from ....store import lock_of, open_store, store_exists
from ...application import open_application
from ...config.config import Config
from ...daemon.control import ask
from ...system.clock import utc_now
from ...system.output import STATE_COLOURS, Output
from ...system.suggestions import no_such
from ..command import DONE, FAILED, USAGE, Ctx, Json, tell_daemon
from ..output.prompts import agreed_to_write

_COLOURS = {"holds": STATE_COLOURS["ok"], "certain": "cyan", "unsure": "yellow", "lost": "red", "unknown": "dim"}
_PAGES_SHOWN = 2


def repair(
    name: Annotated[str, Parameter(help="The name of a source.")],
    *,
    write: Annotated[
        bool,
        Parameter(name=["--write", "--yes", "-y"], negative="", help="Write what is certain into the seed, unasked."),
    ] = False,
    unsure: Annotated[bool, Parameter(negative="", help="Take what is not certain, too.")] = False,
    dry_run: Annotated[bool, Parameter(negative="", help="Show what was found, write nothing.")] = False,
    json: Json = False,
    ctx: Ctx,
) -> int:
    """Find the selectors of a source again after a redesign, by the stories and articles that are stored of it.

    Example: `copydesk repair courier --dry-run`
    """
    config = ctx.config()
    seeds, mistakes = load_seeds(config.seeds_folder)
    by_name = {seed.name: seed for seed in seeds}
    target = config.seeds_folder / f"{name}.toml"
    if name not in by_name:
        ctx.output.error(_unknown(name, list(by_name), target, mistakes))
        return USAGE
    seed = by_name[name]
    if seed.scraper:
        ctx.output.error(f"{name} is read by scrapers/sites/{seed.scraper}.py, which only a person can repair")
        return FAILED
    if not selectors_of(seed):
        ctx.output.say(f"{name} needs no repair: its seed has no selectors, so its pages are read without any")
        return DONE
    if not _has_records(config, seed):
        ctx.output.error(f"nothing that selectors gave is stored of {name}, so there is nothing to compare with")
        return FAILED
    with ctx.output.working(f"looking at {name}"):
        found = ctx.run(_examined(config, name))
    chosen = _chosen(found["selectors"], unsure=unsure)
    written = False
    if not json:
        _show(ctx.output, found)
        if chosen and not dry_run and (write or agreed_to_write(ctx.output, target)):
            written = True
    else:
        written = bool(chosen) and write and not dry_run
    if written:
        _rewrite(target, chosen)
        _is_written(config, name, chosen)
    if json:
        ctx.output.json(found | {"file": str(target), "written": chosen if written else {}})
    else:
        _conclude(ctx.output, found["selectors"], chosen, target, written=written, asked=not dry_run)
    left = [one for one in found["selectors"] if one["state"] in ("lost", "unsure") and one["field"] not in chosen]
    return FAILED if left else DONE


async def _examined(config: Config, name: str) -> dict[str, Any]:
    """Examine the source, by the running daemon where there is one: two processes never visit a host at once."""
    daemon = lock_of(config.store_at).holder() is not None
    async with open_application(config, daemon=not daemon) as app:
        found = await ask(app, "repair", {"name": name}) if daemon else await app.repairs.examination(name)
    if "error" in found:
        raise CopydeskError(found["error"])
    return found


def _unknown(name: str, known: Sequence[str], target: Path, mistakes: Sequence[str]) -> str:
    broken = [mistake for mistake in mistakes if mistake.startswith(f"{target}:")]
    if broken:
        return "\n".join(broken)
    return no_such("source", name, known)


def _has_records(config: Config, seed: Seed) -> bool:
    if not store_exists(config.store_at):
        return False
    store = open_store(config.store_at)
    try:
        listed = bool(seed.discover.links) and bool(store.repairs.offered(seed.name))
        return listed or bool(store.repairs.records_by_selectors(seed.name, 1))
    finally:
        store.close()


def _chosen(selectors: Sequence[Mapping[str, Any]], *, unsure: bool) -> dict[str, str]:
    """What would be written: what is certain, and what the daemon uses already."""
    chosen = {}
    for one in selectors:
        if one["state"] == "certain" or (unsure and one["state"] == "unsure"):
            chosen[one["field"]] = one["new"]
        elif one["in_use"] and one["state"] != "holds":
            chosen[one["field"]] = one["in_use"]
    return chosen


def _show(output: Output, found: Mapping[str, Any]) -> None:
    count = len(found["pages"])
    output.markup(f"[bold]{escape(found['source'])}[/]  {count} page{'' if count == 1 else 's'} compared")
    for one in found["selectors"]:
        colour = _COLOURS[one["state"]]
        output.markup(f"\n[bold]{escape(one['field'])}[/]  [{colour}]{one['state']}[/]  {escape(one['evidence'])}")
        output.markup(f"  [cyan]now[/]     {escape(one['old'])}")
        if one["new"]:
            output.markup(f"  [cyan]new[/]     {escape(one['new'])}")
        if one["in_use"]:
            output.markup(f"  [cyan]in use[/]  {escape(one['in_use'])}  [dim]in the place of what the seed says[/]")
        for sample in one["samples"][:_PAGES_SHOWN]:
            output.markup(f"  [dim]{escape(sample['url'])}[/]")
            if sample["before"] == sample["after"] == sample["wanted"]:
                output.markup(f"    [dim]as before[/] {escape(sample['after'])}")
                continue
            for label, key in (("before", "before"), ("after", "after"), ("stored", "wanted")):
                if sample[key] or key != "wanted":
                    output.markup(f"    [dim]{label:<9}[/] {escape(sample[key] or '–')}")
    for note in found["notes"]:
        output.warn(note)
    output.print()


def _rewrite(target: Path, chosen: Mapping[str, str]) -> None:
    """Write the selectors into the file, atomically; the rest of it stays."""
    text = rewritten(target.read_bytes().decode("utf-8"), chosen, f"repaired {utc_now():%Y-%m-%d}")
    fresh = target.with_name(f".{target.name}.new")
    fresh.write_bytes(text.encode("utf-8"))
    shutil.copymode(target, fresh)
    os.replace(fresh, target)


def _is_written(config: Config, name: str, chosen: Mapping[str, str]) -> None:
    """Drop the stored replacements of these selectors; a running daemon reads the seed anew."""
    store = open_store(config.store_at)
    try:
        with store.transaction():
            store.repairs.drop(name, chosen)
    finally:
        store.close()
    tell_daemon(config)


def _conclude(
    output: Output,
    selectors: Sequence[Mapping[str, Any]],
    chosen: Mapping[str, str],
    target: Path,
    *,
    written: bool,
    asked: bool,
) -> None:
    if written:
        output.say(f"{target} is written: {', '.join(chosen)}")
    elif all(one["state"] == "holds" for one in selectors):
        output.say("nothing to repair")
    elif chosen:
        output.say("nothing was written" if asked else f"without --dry-run {target} would get: {', '.join(chosen)}")
    if any(one["state"] == "unsure" and one["field"] not in chosen for one in selectors):
        output.say("what is unsure is written with --unsure; `copydesk try --seed` shows what a selector reads")
