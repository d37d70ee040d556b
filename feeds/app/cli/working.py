"""Commands that work on the web: run, fetch, try, feed, publish."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import structlog
from cyclopts import Parameter

from scrapers import CopydeskError

from ... import edition, pipe
from ...folder import Folder
from ...publish_s3 import push
from ...store import Lock
from .. import logs, look, wishes
from ..desk import Desk, utc_now
from ..memory import collect_seldom, one_arena
from . import CONFIGURATION, DONE, FAILED, USAGE, Context, Ctx, Json, app
from .output import moment

log = structlog.get_logger()


@app.command
def run(
    *,
    once: Annotated[bool, Parameter(negative="", help="Visit all that is due, publish, and end.")] = False,
    web: Annotated[bool, Parameter(help="Serve the feeds over HTTP as well.")] = True,
    ctx: Ctx,
) -> int:
    """The daemon: visits the sources, publishes the feeds, and serves them."""
    one_arena()
    collect_seldom()
    config = ctx.config()
    logs.configure(form=config.log.format, level=ctx.level)

    async def work() -> int:
        from ..daemon import Daemon
        from ..once import once as visit_once

        async with Desk(config, daemon=True) as desk:
            if once:
                return await _round(ctx, desk, visit_once)
            daemon = Daemon(desk, ctx.path, on_ready=lambda address: _ready(ctx, desk, address))
            return await daemon.run(web=web)

    return ctx.run(work())


def _ready(ctx: Context, desk: Desk, address: str) -> None:
    log.info("ready", sources=len(desk.seeds), topics=len(desk.topics), folder=str(desk.config.public))
    if address:
        ctx.output.say(f"Feeds and status at {address}/ – stop with Ctrl-C")


async def _round(ctx: Context, desk: Desk, visit_once: Any) -> int:
    """`run --once`, with a progress bar when a person watches."""
    dues = await desk.in_store(desk.store.dues)
    total = sum(due <= desk.clock() and name in desk.seeds for name, due in dues.items())
    if not ctx.output.watched or ctx.output.quiet:
        return int(await visit_once(desk))
    from rich.progress import Progress

    with Progress(console=ctx.output.err, transient=True) as progress:
        bar = progress.add_task("visiting", total=total)

        async def done(name: str, kept: pipe.Kept | None) -> None:
            progress.update(bar, advance=1, description=name)

        return int(await visit_once(desk, done))


@app.command
def fetch(
    *what: Annotated[str, Parameter(help="Names of sources, or addresses of articles.")],
    keep: Annotated[
        bool, Parameter(negative="", help="File articles given by their address, and publish them.")
    ] = False,
    json: Json = False,
    ctx: Ctx,
) -> int:
    """Fetch now, once: sources by their names, or articles by their addresses."""
    if not what:
        ctx.output.error("fetch: name a source, or give the address of an article")
        return USAGE
    config = ctx.config()
    urls = [one for one in what if one.startswith(("http://", "https://"))]
    names = [one for one in what if one not in urls]
    daemon = Lock(config.store_path).holder() is not None

    async def work() -> int:
        async with Desk(config, daemon=not daemon and (bool(names) or keep)) as desk:
            unknown = [name for name in names if name not in desk.seeds]
            if unknown:
                ctx.output.error(f"there is no source {', '.join(unknown)}; known: {', '.join(desk.seeds) or 'none'}")
                return USAGE
            results = []
            for name in names:
                with ctx.output.working(f"visiting {name}"):
                    results.append(await _fetch_source(desk, name, daemon))
            for url in urls:
                with ctx.output.working(f"fetching {url}"):
                    results.append(await _fetch_url(desk, url, keep, daemon))
            if desk.daemon:
                await desk.press.publish()
        _print_fetched(ctx, results, json)
        return FAILED if any(line.get("why") or "error" in line for line in results) else DONE

    return ctx.run(work())


async def _fetch_source(desk: Desk, name: str, daemon: bool) -> dict[str, Any]:
    """Visit one source, or have the running daemon do it; what came of it."""
    error = ""
    if daemon:
        error = (await wishes.ask(desk, "visit", {"names": [name]})).get("error", "")
    else:
        await desk.visit(name, kind="fetch")
    state = await desk.in_store(desk.store.source, name)
    visits = await desk.in_store(desk.store.visits, name, 1)
    line: dict[str, Any] = {"source": name, "state": state.state if state else "new", "why": error}
    if visits and not error:
        last = visits[0]
        line |= {"links": last.links, "new": last.fresh, "revised": last.revised, "failed": last.failed}
        line["why"] = last.why if last.outcome == "failed" else ""
    return line


async def _fetch_url(desk: Desk, url: str, keep: bool, daemon: bool) -> dict[str, Any]:
    """One article; the running daemon files it when it is to be kept."""
    try:
        if daemon and keep:
            answer = await wishes.ask(desk, "fetch_url", {"url": url})
            if "error" in answer:
                raise CopydeskError(answer["error"], url=url)
            stored = await desk.in_store(desk.store.stored_by_id, answer["id"])
            if stored is None:
                raise CopydeskError("it was kept and is already gone again", url=url)
            record, new = stored.record, bool(answer["new"])
        else:
            record, kept = await desk.fetch_url(url, keep=keep)
            new = bool(kept and kept.fresh)
    except CopydeskError as error:
        return {"url": url, "error": error.reason}
    return look.record_table(record) | {"kept": keep, "new": new and keep}


def _print_fetched(ctx: Context, results: list[dict[str, Any]], json: bool) -> None:
    if json:
        ctx.output.json(results)
        return
    sources = [line for line in results if "source" in line and "links" in line]
    if sources:
        ctx.output.table(
            ["source", "state", "links", "new", "revised", "failed", "why"],
            [
                [str(line.get(key, "")) for key in ("source", "state", "links", "new", "revised", "failed", "why")]
                for line in sources
            ],
            right=["links", "new", "revised", "failed"],
        )
    for line in results:
        if "error" in line:
            ctx.output.error(f"{line['url']}: {line['error']}")
        elif "text" in line:
            look.print_record(ctx.output, line)
            if line["kept"]:
                ctx.output.say("kept, and published" if line["new"] else "known already")


@app.command
def backfill(
    name: Annotated[str, Parameter(help="The name of a source.")],
    *,
    since: Annotated[str, Parameter(help="A day such as 2026-01-31, or a length of time such as 30d.")],
    limit: Annotated[int, Parameter(help="At most so many stories.")] = 100,
    ctx: Ctx,
) -> int:
    """Fetch older stories of a source from its sitemaps and archive pages, politely. Again for more."""
    config = ctx.config()
    start = moment(since)
    if start is None:
        ctx.output.error(f"--since: should be a day such as 2026-01-31 or a length of time such as 30d, not {since!r}")
        return USAGE
    daemon = Lock(config.store_path).holder() is not None

    async def work() -> int:
        async with Desk(config, daemon=not daemon) as desk:
            if name not in desk.seeds:
                ctx.output.error(f"there is no source {name}; known: {', '.join(desk.seeds) or 'none'}")
                return USAGE
            if daemon:
                payload = {"name": name, "since": start.isoformat(), "limit": limit}
                answer = await wishes.ask(desk, "backfill", payload)
                if "error" in answer:
                    raise CopydeskError(answer["error"])
                fresh = answer["new"]
            else:
                fresh = len((await desk.backfill(name, since=start, limit=limit)).fresh)
                await desk.press.publish()
        ctx.output.print(f"{fresh} older stories of {name} are kept")
        return DONE

    return ctx.run(work())


@app.command(name="try")
def try_(
    what: Annotated[str, Parameter(help="A source's name, an address, or a saved page (a file, also .gz).")],
    *,
    url: Annotated[str | None, Parameter(help="The address of a saved page.")] = None,
    seed: Annotated[str | None, Parameter(help="Read it with the selectors of this source.")] = None,
    kind: Annotated[look.Kind, Parameter(name="--as", help="What the page is; found out when not given.")] = "auto",
    html: Annotated[bool, Parameter(negative="", help="Print the clean HTML of the body.")] = False,
    explain: Annotated[bool, Parameter(negative="", help="Tell which witness said what.")] = False,
    json: Json = False,
    ctx: Ctx,
) -> int:
    """What would be read from a page, and which witness gave each field. Stores nothing."""
    file = Path(what)
    is_file = file.is_file()
    is_url = what.startswith(("http://", "https://"))
    config = ctx.config() if ctx.path.exists() else look.CONFIG_FOR_FILES
    if not is_url and not is_file and not ctx.path.exists():
        ctx.output.error(f"{what}: is no address, no file, and without {ctx.path} no source either")
        return USAGE

    async def work() -> int:
        seeds = look.seeds_of(config)
        if seed is not None and seed not in seeds:
            ctx.output.error(f"there is no source {seed}; known: {', '.join(seeds) or 'none'}")
            return USAGE
        if is_url or (what in seeds and not is_file):
            if config is look.CONFIG_FOR_FILES:
                ctx.output.error(f"{ctx.path}: needed to fetch pages (its `contact` tells sites who asks)")
                return CONFIGURATION
            sight = await look.at_address(config, what, seeds, seed, kind)
        elif is_file:
            sight = look.at_file(file, url, seeds.get(seed or ""), kind, utc_now())
        else:
            ctx.output.error(f"{what}: is no address, no file, and no source; known: {', '.join(seeds) or 'none'}")
            return USAGE
        if json:
            ctx.output.json(sight.as_json())
        else:
            look.print_sight(ctx.output, sight, html=html, explain=explain)
        return DONE

    return ctx.run(work())


@app.command
def feed(
    topic: Annotated[str, Parameter(help="The name of a topic.")],
    *,
    form: Annotated[look.Form, Parameter(name="--format", help="atom, rss or json.")] = "atom",
    ctx: Ctx,
) -> int:
    """Print a topic's feed, as it would be published now."""
    config = ctx.config()

    async def work() -> int:
        async with Desk(config) as desk:
            if topic not in {known.name for known in desk.topics}:
                ctx.output.error(f"there is no topic {topic}; known: {', '.join(t.name for t in desk.topics)}")
                return USAGE
            data = await desk.in_store(edition.document, desk.store, desk.press.house(), desk.topics, topic, form)
        if data is None:
            ctx.output.error(f"the topic {topic} has no entries yet")
            return FAILED
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return DONE

    return ctx.run(work())


@app.command
def publish(
    *,
    to: Annotated[str | None, Parameter(help="Also send the folder to an object store, such as s3://BUCKET.")] = None,
    ctx: Ctx,
) -> int:
    """Write the folder of feeds and pages without the daemon; what did not change is left alone."""
    config = ctx.config()
    daemon = Lock(config.store_path).holder() is not None

    async def work() -> int:
        async with Desk(config, daemon=not daemon) as desk:
            if daemon:
                answer = await wishes.ask(desk, "publish", {"all": True})
                if "error" in answer:
                    raise CopydeskError(answer["error"])
                return int(answer["files"])
            return len(await desk.press.publish_all())

    with ctx.output.working("publishing"):
        written = ctx.run(work())
    ctx.output.say(f"{written} files written to {config.public}")
    if to is not None:
        with ctx.output.working(f"sending to {to}"):
            pushed = push(Folder(config.public), to)
        ctx.output.say(f"{len(pushed.sent)} sent, {len(pushed.removed)} removed, {pushed.unchanged} unchanged at {to}")
    return DONE
