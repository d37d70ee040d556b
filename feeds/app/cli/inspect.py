"""Commands that look: check, log, why, history, search."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from ...messages import times
from ...store import Store
from ..inspect import check as checks
from ..inspect import explain
from ..system.clock import utc_now
from ..system.output import ago, moment
from ..system.suggestions import no_such
from .command import (
    CONFIGURATION,
    DONE,
    FAILED,
    UNUSABLE,
    USAGE,
    Ctx,
    Json,
    Name,
    a_count,
    a_moment,
    an_address,
    known,
    with_store,
)


def check(*, json: Json = False, ctx: Ctx) -> int:
    """Check configuration, seeds and store; every mistake is named.

    One line for each: file, line, key, and what would be right. Exit codes: 0 in order · 3 mistakes in configuration
    or seeds · 5 the store is damaged.

    Example: `copydesk check`
    """
    found = checks.check(ctx.path)
    if json:
        ctx.output.json(found.as_json())
    else:
        for mistake in (*found.mistakes, *found.store):
            ctx.output.error(mistake)
        for line in found.warnings:
            ctx.output.warn(line)
        if not found.mistakes and not found.store:
            ctx.output.print(f"{found.sources} sources and {found.topics} topics are in order")
    return UNUSABLE if found.store else CONFIGURATION if found.mistakes else DONE


def log(
    name: Name,
    *,
    limit: Annotated[int, Parameter(help="How many visits.", validator=a_count)] = 20,
    json: Json = False,
    ctx: Ctx,
) -> int:
    """The latest visits of a source and what became of its links.

    Example: `copydesk log courier --limit 5`
    """

    config = ctx.config()

    def work(store: Store) -> int:
        if not known(ctx, config, store, name):
            return USAGE
        visits = store.visits.newest(name, limit)
        links = store.outcomes.recent(name, limit)
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
            minor=["took", "kind", "revised", "links"],
            wrap=["why"],
        )
        ctx.output.print()
        ctx.output.table(
            ["outcome", "way", "link", "why"],
            [[row["outcome"], row["way"], row["url"], row["why"]] for row in links],
            minor=["way"],
            wrap=["link", "why"],
        )
        return DONE

    return with_store(ctx, work)


Address = Annotated[str, Parameter(help="The address of a page.", validator=an_address)]


def why(
    url: Address,
    *,
    topic: Annotated[str | None, Parameter(help="Tell of this topic only: why the article is in it, or not.")] = None,
    json: Json = False,
    ctx: Ctx,
) -> int:
    """What became of a page: fetched or not, which record, story and topics, where published, and why.

    Of each topic that an article is not in it names what was missing, and what would have caught it.

    Example: `copydesk why https://courier.example/2026/03/quay --topic harbour`
    """
    config = ctx.config()
    names = [one.name for one in config.all_topics()]
    if topic is not None and topic not in names:
        ctx.output.error(no_such("topic", topic, names))
        return USAGE
    found = with_store(ctx, lambda store: explain.why(store, config, url, utc_now(), topic))
    if json:
        ctx.output.json(found)
    else:
        for line in explain.in_words(found, config.timezone):
            ctx.output.print(line)
    return DONE if found["known"] else FAILED


def history(url: Address, *, json: Json = False, ctx: Ctx) -> int:
    """The versions of an article that were seen, and what changed, in words.

    Example: `copydesk history https://courier.example/2026/03/quay`
    """
    found = with_store(ctx, lambda store: explain.history(store, url))
    if found is None:
        ctx.output.error(f"{url}: is no record; `copydesk why` tells what became of it")
        return FAILED
    if json:
        ctx.output.json(found)
    else:
        for line in explain.history_in_words(found, ctx.config().timezone):
            ctx.output.print(line)
    return DONE


def search(
    query: Annotated[str, Parameter(help="A query in the language of topics.")],
    *,
    since: Annotated[
        str | None, Parameter(help="Only what was published since a day, or within 7d.", validator=a_moment)
    ] = None,
    best: Annotated[bool, Parameter(negative="", help="The best first, not the newest.")] = False,
    limit: Annotated[int, Parameter(help="At most so many.", validator=a_count)] = 20,
    json: Json = False,
    ctx: Ctx,
) -> int:
    """Search what is stored.

    Example: `copydesk search 'ferry OR "fishing boats"' --since 7d`
    """
    start = None if since is None else moment(since)
    now = utc_now()
    found = with_store(ctx, lambda store: explain.search(store, query, since=start, best=best, limit=limit, now=now))
    if json:
        ctx.output.json(found)
        return DONE
    timezone = ctx.config().timezone
    for row in found:
        published = row["published"].astimezone(times.zone(timezone))
        ctx.output.markup(
            f"[cyan]{published:%Y-%m-%d %H:%M}[/]  {escape(row['title'])}  [dim]{escape(row['source'])}[/]"
        )
        ctx.output.markup(f"{'':18}[dim]{escape(row['url'])}  {escape(row['clause'])}[/]")
    ctx.output.say(f"{len(found)} found; times are those of {times.zone_name(timezone)}" if found else "nothing found")
    return DONE
