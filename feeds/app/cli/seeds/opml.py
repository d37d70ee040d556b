"""Lists of subscriptions: opml export, opml import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from scrapers import load_seeds, read_opml, seed_to_toml

from ....publish import index
from ...application import open_application
from ..command import (
    DONE,
    FAILED,
    USAGE,
    Ctx,
    tell_daemon,
    write_seed,
)
from ..output.prompts import counted

opml = App(name="opml", help="Lists of subscriptions (OPML).")


@opml.command
def export(*, ctx: Ctx) -> int:
    """Print the list of all topic and source feeds, for a feed reader.

    Example: `copydesk opml export > feeds.opml`
    """
    config = ctx.config()

    async def work() -> bytes:
        async with open_application(config) as app:
            return await app.thread.call(
                index.opml_document,
                app.thread.store,
                app.installation.publish_settings(),
                app.installation.topics,
            )

    ctx.output.print(ctx.run(work()).decode().rstrip())
    return DONE


@opml.command(name="import")
def import_(
    file: Annotated[Path, Parameter(help="An OPML file, as feed readers export it.")],
    *,
    dry_run: Annotated[bool, Parameter(negative="", help="Show what would be written.")] = False,
    ctx: Ctx,
) -> int:
    """Make a source of every subscription of a reader's file; FreshRSS's XPath recipes become selectors.

    Example: `copydesk opml import subscriptions.opml --dry-run`
    """
    config = ctx.config()
    try:
        document = file.read_bytes()
    except OSError as error:
        ctx.output.error(f"{file}: {error.strerror}")
        return USAGE
    seeds, _ = load_seeds(config.seeds_folder)
    imported = read_opml(document, taken=frozenset(seed.name for seed in seeds))
    for subscription in imported.subscriptions:
        target = config.seeds_folder / f"{subscription.seed.name}.toml"
        if not dry_run:
            write_seed(target, seed_to_toml(subscription.seed, dict(subscription.reasons)))
        ctx.output.print(f"{target}  {subscription.seed.title or subscription.seed.home}")
        for lost in subscription.lost:
            ctx.output.warn(f"  not carried over: {lost}")
    for reason in imported.skipped:
        ctx.output.warn(f"left out: {reason}")
    if imported.subscriptions and not dry_run:
        tell_daemon(config)
    if not imported.subscriptions:
        ctx.output.error(f"{file}: holds no subscription that can be a source")
        return FAILED
    ctx.output.say(
        f"{counted(len(imported.subscriptions), 'source')} {'would be' if dry_run else 'written'}"
        f"{' written' if dry_run else ''}, {len(imported.skipped)} left out"
    )
    return DONE
