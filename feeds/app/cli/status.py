"""The command that shows how everything is doing: status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.markup import escape

from scrapers import load_seeds

from ...store import StoreBusy
from ...store.database.location import PostgresLocation
from ..config.config import Config
from ..inspect import live
from ..inspect import status as health
from ..jobs import failed_pages
from ..system.clock import utc_now
from ..system.output import Output, ago
from .command import DONE, Ctx, Json, with_store
from .output.topic_table import topic_table

QUIET_STATES = ("ok", "slow", "paused", "removed", "new")


def status(*, json: Json = False, ctx: Ctx) -> int:
    """How every source and topic is doing, at a glance.

    Example: `copydesk status --json`
    """
    config = ctx.config()
    now = utc_now()
    seeds, mistakes = load_seeds(config.seeds_folder)
    found = with_store(ctx, lambda store: health.report(store, config, mistakes, now))
    health.with_what_is_new(found, config, seeds, now)
    found["health"] = live.asked(config, found["daemon"])
    found["work"] = _work(ctx, config)
    for row in found["sources"]:
        row["failed_pages"] = failed_pages.as_json(failed_pages.of_source(config, row["name"]))
    if json:
        ctx.output.json(found)
        return DONE
    daemon = found["daemon"]
    ctx.output.markup(
        f"[bold]{escape(config.title)}[/]  " + _daemon(daemon, found["health"]) + f"  {escape(config.base_url)}"
    )
    for line in health.work_in_words(found["work"]) if found["work"] else ():
        ctx.output.print(line)
    show_sources(ctx.output, found["sources"], now, running=bool(daemon))
    if found["sources"]:
        ctx.output.print()
        topic_table(ctx.output, found["topics"], now)
        ctx.output.print(f"\nfeeds of sources: {config.base_url}/s/SOURCE.atom")
        ctx.output.print(f"all feeds, for a reader: {config.base_url}/opml.xml")
        ctx.output.print(health.audience_in_words(found))
    else:
        ctx.output.say("there is no source yet; `copydesk add URL` adds one")
    _troubles(ctx.output, found, mistakes, now)
    return DONE


def _daemon(process: int | None, facts: Mapping[str, Any] | None) -> str:
    """Whether a daemon runs and works, in words for the terminal."""
    if not process:
        return "[yellow]no daemon is running[/]"
    if facts is not None and not facts["ok"]:
        return f"[red]the daemon (process {process}) does not work: {escape(str(facts['why']))}[/]"
    return f"daemon running (process {process})"


def _work(ctx: Ctx, config: Config) -> dict[str, Any] | None:
    """Scrapers and what waits for them; None where this machine makes its visits itself."""
    at = config.store_at
    if not isinstance(at, PostgresLocation):
        return None
    from ..jobs.queue.opening import open_work, report_of

    async def ask() -> dict[str, Any]:
        async with open_work(at.conninfo) as work:
            return await report_of(work)

    try:
        return ctx.run(ask())
    except StoreBusy as error:
        return {"why": error.reason, "scrapers": []}


def show_sources(output: Output, sources: Sequence[dict[str, Any]], now: datetime, *, running: bool) -> None:
    """The sources of a report as a table."""
    if not sources:
        return
    output.table(
        ["source", "state", "records", "new/day", "usual", "last visit", "next visit", "why"],
        [
            [
                row["name"],
                row["state"],
                str(row["records"]),
                str(row["fresh"]),
                "–" if row["usual"] is None else f"{row['usual']:.0f}",
                ago(row["last_visit"], now),
                _next(row, now, running=running),
                _why(row),
            ]
            for row in sources
        ],
        right=["records", "new/day", "usual"],
        minor=["usual", "new/day", "records", "last visit", "next visit"],
        wrap=["why"],
    )


def _next(row: dict[str, Any], now: datetime, *, running: bool) -> str:
    """When a source is visited next, in words."""
    if row["state"] in ("paused", "removed"):
        return "–"
    if row["due"] is None or row["due"] <= now:
        return "now" if running else "with the daemon"
    return ago(row["due"], now)


def _why(row: dict[str, Any]) -> str:
    """Why a source is as it is, or why it is visited when it is."""
    if row["cause"]:
        return str(row["cause"])
    if row["state"] in ("paused", "removed"):
        return f"`copydesk sources resume {row['name']}` visits it again" if row["state"] == "paused" else ""
    return "never visited yet" if row["last_visit"] is None else str(row["pace"] or "")


def _troubles(output: Output, found: dict[str, Any], mistakes: Sequence[str], now: datetime) -> None:
    for row in found["sources"]:
        for page in row["failed_pages"] if row["state"] not in QUIET_STATES else ():
            output.say(f"{row['name']}: {page['why']}: {Path(page['file'])}")
        for way in row["gone"]:
            output.say(f"{row['name']}: {way['url']}: {way['why']}; it is asked for again {ago(way['again'], now)}")
    disk = (found["health"] or {}).get("disk")
    told = {trouble["cause"] for trouble in found["troubles"]}
    if disk and disk not in told:
        output.warn(f"disk: {disk}")
    for trouble in found["troubles"]:
        if not trouble["about"].startswith("source:"):
            about = trouble["about"].replace(":", " ")
            output.warn(f"{about}: {trouble['cause']}, since {ago(trouble['since'], now)}")
    for mistake in mistakes:
        output.warn(f"left out: {mistake}")
