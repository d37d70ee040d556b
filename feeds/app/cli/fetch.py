"""Commands that fetch on demand: fetch, backfill."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from scrapers import WAITING, CopydeskError, canonical_key

from ...store import StoreBusy, Visit, lock_of
from ..application import Application, open_application
from ..daemon.control import ask
from ..daemon.scheduler import visit_and_repair
from ..inspect import preview
from ..inspect.explain import covered, filed_elsewhere
from ..system.output import sure_moment
from ..system.suggestions import no_such
from .command import (
    DONE,
    FAILED,
    USAGE,
    Context,
    Ctx,
    Json,
    a_count,
    a_moment,
    no_wrong_address,
)
from .output.progress import progress
from .output.prompts import counted


def fetch(
    *what: Annotated[str, Parameter(help="Names of sources, or addresses of articles.", validator=no_wrong_address)],
    keep: Annotated[
        bool, Parameter(negative="", help="File articles given by their address, and publish them.")
    ] = False,
    json: Json = False,
    ctx: Ctx,
) -> int:
    """Fetch now, once: sources by their names, or articles by their addresses.

    Example: `copydesk fetch courier` · `copydesk fetch https://courier.example/2026/03/quay --keep`
    """
    if not what:
        ctx.output.error("fetch: name a source, or give the address of an article")
        return USAGE
    config = ctx.config()
    urls = [one for one in what if one.startswith(("http://", "https://"))]
    names = [one for one in what if one not in urls]
    daemon = lock_of(config.store_at).holder() is not None

    async def work() -> int:
        async with open_application(config, daemon=not daemon and (bool(names) or keep)) as app:
            unknown = [name for name in names if name not in app.installation.seeds]
            if unknown:
                for name in unknown:
                    ctx.output.error(no_such("source", name, list(app.installation.seeds)))
                return USAGE
            results = []
            for name in names:
                with progress(ctx, f"visiting {name}") as app.jobs.progress:
                    results.append(await _fetch_source(app, name, daemon))
            for url in urls:
                with ctx.output.working(f"fetching {url}"):
                    results.append(await _fetch_url(app, url, keep, daemon))
            if app.daemon:
                with ctx.output.working("publishing"):
                    await app.publisher.publish()
        _print_fetched(ctx, results, json)
        return FAILED if any(line.get("why") or "error" in line for line in results) else DONE

    return ctx.run(work())


async def _fetch_source(app: Application, name: str, daemon: bool) -> dict[str, Any]:
    """Visit one source, or have the running daemon do it; the result."""
    error = ""
    if daemon:
        error = (await ask(app, "visit", {"names": [name]})).get("error", "")
    else:
        await visit_and_repair(app, name, "fetch")
    state = await app.thread.call(app.thread.store.sources.get, name)
    visits = await app.thread.call(app.thread.store.visits.newest, name, 1)
    line: dict[str, Any] = {"source": name, "state": state.state if state else "new", "why": error}
    if visits and not error:
        last = visits[0]
        line |= {"links": last.links, "new": last.fresh, "revised": last.revised, "failed": last.failed}
        line["why"] = last.why if last.outcome == "failed" else ""
        line["waiting"] = next((note for note in last.notes if note.endswith(WAITING)), "")
        if not last.fresh and not (state and state.last_new):
            links = await app.thread.call(app.thread.store.outcomes.recent, name, last.links)
            keys = {canonical_key(row["url"]) for row in links}
            elsewhere = await app.thread.call(filed_elsewhere, app.thread.store, name, keys)
            line["covered"] = covered(len(keys), elsewhere)
    return line


async def _fetch_url(app: Application, url: str, keep: bool, daemon: bool) -> dict[str, Any]:
    """One article; the running daemon files it when it is to be kept."""
    try:
        if daemon and keep:
            answer = await ask(app, "fetch_url", {"url": url})
            if "error" in answer:
                raise CopydeskError(answer["error"], url=url)
            stored = await app.thread.call(app.thread.store.records.by_id, answer["id"])
            if stored is None:
                raise CopydeskError("it was kept and is already gone again", url=url)
            record, new = stored.record, bool(answer["new"])
        else:
            record, kept = await app.jobs.fetch_url(url, keep=keep)
            new = bool(kept and kept.fresh)
    except StoreBusy:
        raise  # an error of the store, not of this address
    except CopydeskError as error:
        return {"url": url, "error": error.reason}
    return preview.record_table(record) | {"kept": keep, "new": new and keep}


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
            minor=["revised", "links"],
            wrap=["why"],
        )
    for line in results:
        if line.get("why") and "links" not in line:  # what the running daemon answered instead of a visit
            ctx.output.error(f"{line['source']}: {line['why']}")
        if line.get("waiting"):
            ctx.output.say(f"{line['source']}: {line['waiting']}")
        if line.get("covered"):
            ctx.output.warn(f"{line['source']}: {line['covered']}")
        if "error" in line:
            ctx.output.error(f"{line['url']}: {line['error']}")
        elif "text" in line:
            preview.print_record(ctx.output, line)
            if line["kept"]:
                under = f"under {line['source']}"
                ctx.output.say(f"kept {under}, and published" if line["new"] else f"known already, {under}")


def backfill(
    name: Annotated[str, Parameter(help="The name of a source.")],
    *,
    since: Annotated[
        str, Parameter(help="A day such as 2026-01-31, or a length of time such as 30d.", validator=a_moment)
    ],
    limit: Annotated[int, Parameter(help="At most so many stories.", validator=a_count)] = 100,
    ctx: Ctx,
) -> int:
    """Fetch older stories of a source from its sitemaps and archive pages, politely. Again for more.

    Example: `copydesk backfill courier --since 30d --limit 200`
    """
    config = ctx.config()
    start = sure_moment(since)
    daemon = lock_of(config.store_at).holder() is not None

    async def work() -> int:
        async with open_application(config, daemon=not daemon) as app:
            if name not in app.installation.seeds:
                ctx.output.error(no_such("source", name, list(app.installation.seeds)))
                return USAGE
            with progress(ctx, f"older stories of {name}") as app.jobs.progress:
                if daemon:
                    payload = {"name": name, "since": start.isoformat(), "limit": limit}
                    answer = await ask(app, "backfill", payload)
                    if "error" in answer:
                        raise CopydeskError(answer["error"])
                else:
                    await app.jobs.backfill(name, since=start, limit=limit)
                    await app.publisher.publish()
            (last,) = await app.thread.call(app.thread.store.visits.newest, name, 1)
        return _print_backfilled(ctx, name, last, limit)

    return ctx.run(work())


def _print_backfilled(ctx: Context, name: str, visit: Visit, limit: int) -> int:
    """Print what a backfill did: found, kept, failed, and whether there is more."""
    if visit.outcome == "failed":
        ctx.output.error(f"{name}: {visit.why}")
        return FAILED
    failed = f", {visit.failed} could not be read" if visit.failed else ""
    ctx.output.print(
        f"{name}: {counted(visit.fresh, 'older story', 'older stories')} kept of {visit.links} found{failed}"
    )
    for note in visit.notes:
        ctx.output.say(note)
    if visit.links > limit:
        ctx.output.say(f"--limit {limit} was reached; say it again for the next ones")
    return DONE
