"""Commands that look: status, check, topics, sources, log, why, history, opml."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from cyclopts import App, Parameter
from rich.markup import escape

from scrapers import load_seeds, seed_warnings

from ... import frontpage
from ...store import Store, open_store
from ...store.tokens import closed_topics
from .. import explain, failed_pages, status
from ..desk import Desk, utc_now
from . import CONFIGURATION, DONE, FAILED, UNUSABLE, USAGE, Context, Ctx, Json, app
from .output import ago, moment

T = TypeVar("T")


def with_store(ctx: Context, work: Callable[[Store], T]) -> T:
    """Work on the store of the configuration, beside a daemon or without one."""
    config = ctx.config()
    store = open_store(config.store_path)
    try:
        return work(store)
    finally:
        store.close()


@app.command(name="status")
def status_(*, json: Json = False, ctx: Ctx) -> int:
    """How every source and topic is doing, at a glance."""
    config = ctx.config()
    now = utc_now()
    _, mistakes = load_seeds(config.seeds_folder)
    found = with_store(ctx, lambda store: status.report(store, config, mistakes, now))
    for row in found["sources"]:
        row["failed_pages"] = failed_pages.as_json(failed_pages.of_source(config, row["name"]))
    if json:
        ctx.output.json(found)
        return DONE
    daemon = found["daemon"]
    ctx.output.markup(
        f"[bold]{config.title}[/]  "
        + (f"daemon running (process {daemon})" if daemon else "[yellow]no daemon is running[/]")
        + f"  {config.base_url}"
    )
    ctx.output.table(
        ["source", "state", "records", "new/day", "usual", "last visit", "next visit", "why"],
        [
            [
                row["name"],
                row["state"],
                str(row["records"]),
                str(row["fresh"]),
                "–" if row["usual"] is None else f"{row['usual']:.0f}",
                ago(row["last_visit"], now),
                ago(row["due"], now) if row["state"] not in ("paused", "removed") else "–",
                row["cause"] or row["pace"],
            ]
            for row in found["sources"]
        ],
        right=["records", "new/day", "usual"],
    )
    if not found["sources"]:
        ctx.output.say("no source was visited yet; `copydesk run` starts the daemon, `copydesk add URL` adds a source")
    for row in found["sources"]:
        for page in row["failed_pages"] if row["state"] not in ("ok", "slow", "paused", "removed") else ():
            ctx.output.say(f"{row['name']}: {page['why']}: {page['file']}")
    for trouble in found["troubles"]:
        if not trouble["about"].startswith("source:"):
            about = trouble["about"].replace(":", " ")
            ctx.output.warn(f"{about}: {trouble['cause']}, since {ago(trouble['since'], now)}")
    for mistake in mistakes:
        ctx.output.warn(f"left out: {mistake}")
    return DONE


@app.command
def check(*, json: Json = False, ctx: Ctx) -> int:
    """Check configuration, seeds and store; every mistake is named."""
    config = ctx.config()  # raises with all its mistakes
    seeds, mistakes = load_seeds(config.seeds_folder)
    problems: list[str] = []
    notes = [*explain.warnings(config, seeds), *(line for seed in seeds for line in seed_warnings(seed))]
    if config.store_path.exists():
        problems, of_store, closed = with_store(
            ctx, lambda store: (store.problems(), store.warnings(), closed_topics(store.db))
        )
        notes += of_store
        notes += [f"nobody can read the private topic {name}: `copydesk token add {name}`" for name in closed]
    if json:
        ctx.output.json({"seeds": mistakes, "store": problems, "warnings": notes})
    else:
        for line in mistakes:
            ctx.output.error(line)
        for line in problems:
            ctx.output.error(f"{config.store_path}: {line}")
        for line in notes:
            ctx.output.warn(line)
        if not mistakes and not problems:
            ctx.output.print(f"{len(seeds)} sources and {len(config.all_topics())} topics are in order")
    return UNUSABLE if problems else CONFIGURATION if mistakes else DONE


topics = App(name="topics", help="The topics: what they hold, and trying out a query.")
app.command(topics)


@topics.default
def list_topics(*, json: Json = False, ctx: Ctx) -> int:
    """The topics with their counts and newest stories."""
    config = ctx.config()
    now = utc_now()
    counts = with_store(ctx, lambda store: store.topic_counts(now))
    rows: list[dict[str, Any]] = []
    for topic in config.all_topics():
        stories, fresh, newest = counts.get(topic.name, (0, 0, None))
        rows.append(
            {
                "name": topic.name,
                "title": topic.title,
                "query": topic.query,
                "stories": stories,
                "fresh": fresh,
                "newest": newest,
                "url": None if topic.private else f"{config.base_url}/t/{topic.name}.atom",
            }
        )
    if json:
        ctx.output.json(rows)
        return DONE
    ctx.output.table(
        ["topic", "title", "stories", "new/day", "newest", "query"],
        [
            [
                r["name"],
                r["title"],
                str(r["stories"]),
                str(r["fresh"]),
                ago(r["newest"], now),
                r["query"] or "(everything)",
            ]
            for r in rows
        ],
        right=["stories", "new/day"],
    )
    return DONE


sources = App(name="sources", help="The sources: how they are doing; pause, resume, rename, remove.")
app.command(sources)


@sources.default
def list_sources(*, json: Json = False, ctx: Ctx) -> int:
    """The sources with their states, visits, and how many stories they bring a day."""
    return status_(json=json, ctx=ctx)


Name = Annotated[str, Parameter(help="The name of a source.")]


def _known(ctx: Context, store: Store, name: str) -> bool:
    if store.source(name) is not None:
        return True
    ctx.output.error(f"there is no source {name}; `copydesk sources` lists them")
    return False


@sources.command
def pause(name: Name, *, ctx: Ctx) -> int:
    """Stop visiting a source; what it gave stays."""
    return _pause(ctx, name, True)


@sources.command
def resume(name: Name, *, ctx: Ctx) -> int:
    """Visit a paused source again."""
    return _pause(ctx, name, False)


def _pause(ctx: Context, name: str, paused: bool) -> int:
    def work(store: Store) -> int:
        if not _known(ctx, store, name):
            return USAGE
        if not (ctx.config().seeds_folder / f"{name}.toml").exists():
            ctx.output.error(f"{name} has no seed any more, so it is not visited anyway")
            return USAGE
        store.set_paused(name, paused)
        store.wish("reload", {}, utc_now())
        ctx.output.print(f"{name} is {'paused' if paused else 'visited again'}")
        return DONE

    return with_store(ctx, work)


@sources.command
def rename(name: Name, to: Annotated[str, Parameter(help="Its new name.")], *, ctx: Ctx) -> int:
    """Give a source another name: its seed file and samples move, its feed keeps its id, the old address moves."""
    config = ctx.config()
    mistake = explain.bad_name(to)
    old, new = config.seeds_folder / f"{name}.toml", config.seeds_folder / f"{to}.toml"
    if mistake or new.exists():
        ctx.output.error(mistake or f"{new}: is there already")
        return USAGE

    def work(store: Store) -> int:
        if not _known(ctx, store, name):
            return USAGE
        store.rename_source(name, to, utc_now())
        failed_pages.rename(config, name, to)
        if old.exists():
            old.rename(new)
        if (config.seeds_folder / name).is_dir():
            (config.seeds_folder / name).rename(config.seeds_folder / to)
        store.wish("reload", {}, utc_now())
        ctx.output.print(f"{name} is now {to}: {config.base_url}/s/{to}.atom")
        return DONE

    return with_store(ctx, work)


@sources.command
def remove(
    name: Name,
    *,
    records: Annotated[bool, Parameter(negative="", help="Remove its records too.")] = False,
    ctx: Ctx,
) -> int:
    """Remove a source: its seed file goes, its records stay unless --records is given."""
    config = ctx.config()

    def work(store: Store) -> int:
        if not _known(ctx, store, name):
            return USAGE
        (config.seeds_folder / f"{name}.toml").unlink(missing_ok=True)
        if (config.seeds_folder / name).is_dir():
            shutil.rmtree(config.seeds_folder / name)
        gone = store.forget_source(name, utc_now()) if records else 0
        failed_pages.forget_source(config, name)
        store.wish("reload", {}, utc_now())
        ctx.output.print(f"{name} is removed" + (f" with {gone} records" if records else "; its records stay"))
        return DONE

    return with_store(ctx, work)


@app.command
def log(
    name: Name, *, limit: Annotated[int, Parameter(help="How many visits.")] = 20, json: Json = False, ctx: Ctx
) -> int:
    """The latest visits of a source and what became of its links."""

    def work(store: Store) -> int:
        if not _known(ctx, store, name):
            return USAGE
        visits = store.visits(name, limit)
        links = store.recent_outcomes(name, limit)
        if json:
            ctx.output.json(
                {
                    "visits": [
                        {field: getattr(visit, field) for field in visit.__dataclass_fields__} for visit in visits
                    ],
                    "links": links,
                }
            )
            return DONE
        now = utc_now()
        ctx.output.table(
            ["visit", "kind", "took", "links", "new", "revised", "failed", "outcome", "why"],
            [
                [
                    ago(v.started, now),
                    v.kind,
                    f"{v.seconds:.1f} s",
                    str(v.links),
                    str(v.fresh),
                    str(v.revised),
                    str(v.failed),
                    v.outcome,
                    v.why or "; ".join(v.notes),
                ]
                for v in visits
            ],
            right=["links", "new", "revised", "failed"],
        )
        ctx.output.print()
        ctx.output.table(
            ["outcome", "way", "link", "why"], [[row["outcome"], row["way"], row["url"], row["why"]] for row in links]
        )
        return DONE

    return with_store(ctx, work)


Address = Annotated[str, Parameter(help="The address of a page.")]


@app.command
def why(url: Address, *, json: Json = False, ctx: Ctx) -> int:
    """What became of a page: fetched or not, which record, story and topics, where published, and why."""
    config = ctx.config()
    found = with_store(ctx, lambda store: explain.why(store, config, url, utc_now()))
    if json:
        ctx.output.json(found)
    else:
        for line in explain.in_words(found):
            ctx.output.print(line)
    return DONE if found["known"] else FAILED


@app.command
def history(url: Address, *, json: Json = False, ctx: Ctx) -> int:
    """The versions of an article that were seen, and what changed, in words."""
    found = with_store(ctx, lambda store: explain.history(store, url))
    if found is None:
        ctx.output.error(f"{url}: is no record; `copydesk why` tells what became of it")
        return FAILED
    if json:
        ctx.output.json(found)
    else:
        for line in explain.history_in_words(found):
            ctx.output.print(line)
    return DONE


@app.command
def search(
    query: Annotated[str, Parameter(help="A query in the language of topics.")],
    *,
    since: Annotated[str | None, Parameter(help="Only what was published since a day, or within 7d.")] = None,
    best: Annotated[bool, Parameter(negative="", help="The best first, not the newest.")] = False,
    limit: Annotated[int, Parameter(help="At most so many.")] = 20,
    json: Json = False,
    ctx: Ctx,
) -> int:
    """Search what is stored."""
    start = None if since is None else moment(since)
    if since is not None and start is None:
        ctx.output.error(f"--since: should be a day such as 2026-01-31 or a length of time such as 7d, not {since!r}")
        return USAGE
    now = utc_now()
    found = with_store(ctx, lambda store: explain.search(store, query, since=start, best=best, limit=limit, now=now))
    if json:
        ctx.output.json(found)
        return DONE
    for row in found:
        ctx.output.markup(
            f"[cyan]{row['published']:%Y-%m-%d %H:%M}[/]  {escape(row['title'])}  [dim]{escape(row['source'])}[/]"
        )
        ctx.output.markup(f"{'':18}[dim]{escape(row['url'])}  {escape(row['clause'])}[/]")
    ctx.output.say(f"{len(found)} found" if found else "nothing found")
    return DONE


opml = App(name="opml", help="Lists of subscriptions (OPML).")
app.command(opml)


@opml.command
def export(*, ctx: Ctx) -> int:
    """Print the list of all topic and source feeds, for a feed reader."""
    config = ctx.config()

    async def work() -> bytes:
        async with Desk(config) as desk:
            return await desk.in_store(frontpage.subscriptions, desk.store, desk.press.house(), desk.topics)

    ctx.output.print(ctx.run(work()).decode().rstrip())
    return DONE
