"""Commands around topics: trying a query, carrying queries over from readers, applying topics anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter
from rich.markup import escape

from ... import pipe
from ...model import Topic
from ...store import Store, lock_of
from ...topics import Doc, Trial, doc, from_freshrss, from_miniflux, trial
from ..application import open_application
from ..daemon.control import ask
from ..system.clock import utc_now
from ..system.output import Output, sure_moment
from .command import DONE, FAILED, USAGE, Ctx, Json, a_moment, with_store
from .output.progress import progress
from .output.topic_table import topic_table

SHOWN = 10  # hits, and near misses, that are listed


topics = App(name="topics", help="The topics: what they hold, and trying out a query.")


@topics.default
def list_topics(*, json: Json = False, ctx: Ctx) -> int:
    """The topics with their counts and newest stories.

    Example: `copydesk topics --json`
    """
    config = ctx.config()
    now = utc_now()
    counts = with_store(ctx, lambda store: store.topics.counts(now))
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
    topic_table(ctx.output, rows, now, queries=True)
    return DONE


@topics.command(name="test")
def try_query(
    query: Annotated[str, Parameter(help="A query in the language of topics.")],
    *,
    since: Annotated[
        str, Parameter(help="Try it on what was published since a day, or within 7d.", validator=a_moment)
    ] = "7d",
    language: Annotated[str | None, Parameter(help="Only records in this language.")] = None,
    json: Json = False,
    ctx: Ctx,
) -> int:
    """Try a query on what is stored: hits, near misses, the clause that decided, counts per source. Saves nothing.

    Example: `copydesk topics test 'title:(quay OR ferry) -sport' --since 30d`
    """
    start = sure_moment(since)
    now = utc_now()
    topic = Topic(name="test", title="test", query=query, language=language)

    def docs(store: Store) -> Iterator[Doc]:
        for stored in store.records.since(start):
            outlets, is_copy = store.stories.outlets(stored.story, stored.n)
            yield doc(stored.own, outlets=outlets, is_copy=is_copy)

    found = with_store(ctx, lambda store: trial(topic, docs(store), now=now, most=SHOWN if not json else 1000))
    if json:
        ctx.output.json(_as_json(found))
    else:
        _show(ctx.output, found)
    return DONE


def _as_json(found: Trial) -> dict[str, Any]:
    def one(row: Any) -> dict[str, Any]:
        return {field: getattr(row, field) for field in row.__dataclass_fields__}

    return {
        "read_as": found.read_as,
        "looked_at": found.looked_at,
        "caught": found.caught,
        "hits": [one(hit) for hit in found.hits],
        "near_misses": [one(miss) for miss in found.near_misses],
        "sources": {name: {"caught": caught, "of": of} for name, (caught, of) in found.sources.items()},
        "warnings": list(found.warnings),
    }


def _show(output: Output, found: Trial) -> None:
    output.markup(f"read as [bold]{escape(found.read_as)}[/]")
    output.markup(f"[green]{found.caught}[/] of {found.looked_at} records\n")
    for hit in found.hits:
        output.markup(f"[green]✓[/] {escape(hit.title)}  [dim]{escape(hit.source)}: {escape(hit.clause)}[/]")
    if found.caught > len(found.hits):
        output.markup(f"  [dim]and {found.caught - len(found.hits)} more[/]")
    if found.near_misses:
        output.markup("\nnear misses")
    for miss in found.near_misses:
        advice = f" – {miss.advice}" if miss.advice else ""
        output.markup(
            f"[yellow]✗[/] {escape(miss.title)}  [dim]{escape(miss.source)}: {escape(miss.clause)}{escape(advice)}[/]"
        )
    output.print()
    output.table(
        ["source", "caught", "of"],
        [[name, str(caught), str(of)] for name, (caught, of) in found.sources.items()],
        right=["caught", "of"],
    )
    for warning in found.warnings:
        output.warn(warning)


@topics.command(name="import")
def import_query(
    what: Annotated[str, Parameter(help="A FreshRSS search, or a file with Miniflux's keep lines.")],
    *,
    of: Annotated[Literal["freshrss", "miniflux"], Parameter(name="--from", help="The reader.")] = "freshrss",
    block: Annotated[Path | None, Parameter(help="A file with Miniflux's block lines.")] = None,
    ctx: Ctx,
) -> int:
    """Carry a query over from a reader, with what could not be carried over. Prints it; saves nothing.

    Example: `copydesk topics import 'intitle:ferry author:pell'`
    """
    try:
        if of == "miniflux":
            keep = Path(what).read_text(encoding="utf-8")
            imported = from_miniflux(keep, block.read_text(encoding="utf-8") if block else "")
        else:
            imported = from_freshrss(what)
    except OSError as error:
        ctx.output.error(f"{error.filename}: {error.strerror}")
        return USAGE
    for note in imported.notes:
        ctx.output.warn(note)
    if imported.query is None:
        ctx.output.error("nothing of it could be carried over")
        return FAILED
    ctx.output.print(imported.query)
    return DONE


def retopic(*, ctx: Ctx) -> int:
    """Apply every topic to all that is stored again; no entry's dates move.

    Example: `copydesk retopic`
    """
    config = ctx.config()
    daemon = lock_of(config.store_at).holder() is not None

    async def work() -> dict[str, Any]:
        async with open_application(config, daemon=not daemon) as app:
            if daemon:
                return await ask(app, "retopic", {})
            found = await app.thread.call(
                pipe.retopic,
                app.thread.store,
                app.installation.topics,
                app.clock(),
                app.installation.engine.subjects,
                told,
            )
            await app.publisher.publish()
            return dict(found)

    with progress(ctx, "applying the topics") as told:
        found = ctx.run(work())
    if "error" in found:
        ctx.output.error(found["error"])
        return FAILED
    ctx.output.table(["topic", "records"], [[name, str(count)] for name, count in found.items()], right=["records"])
    return DONE
