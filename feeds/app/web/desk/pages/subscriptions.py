"""Sites carried over from another reader: an OPML document → what would be followed → seeds."""

from __future__ import annotations

import asyncio

import structlog

import scrapers
from scrapers import Seed, load_seeds

from .....errors import WrongName
from ....jobs import following
from ..values import Ask, Goto, Page, Refused, Reply

log = structlog.get_logger()
LONGEST = 60_000  # characters of a document
MOST = 150  # subscriptions at once: a form has so many fields


async def form(ask: Ask) -> Page:
    """The form for a document."""
    return Page("opml.html", {"text": "", "rows": [], "skipped": ()})


async def change(ask: Ask) -> Reply:
    """Show what a document holds, or follow those that are chosen."""
    if ask.said("do", 20) not in ("look", "write"):
        raise Refused(400, ask.words("This is no form of ours."))
    text = ask.said("file", LONGEST) or ask.said("text", LONGEST)
    config = ask.app.installation.config
    seeds, _ = await asyncio.to_thread(load_seeds, config.seeds_folder)
    taken = frozenset(seed.name for seed in seeds)
    found = await asyncio.to_thread(scrapers.read_opml, text.encode(), taken=taken)
    told = found.subscriptions[:MOST]
    if ask.said("do") != "write":
        rows = [(one, _there(seeds, one.seed)) for one in told]
        return Page("opml.html", {"text": text, "rows": rows, "skipped": found.skipped})
    chosen = [one for one in told if ask.said(f"take.{one.seed.name}") == "yes" and not _there(seeds, one.seed)]
    if not chosen:
        raise Refused(422, ask.words("Nothing was chosen that is not followed already."))

    def write() -> None:
        for one in chosen:
            following.write_seed(config, one.seed.name, scrapers.seed_to_toml(one.seed, dict(one.reasons)))

    try:
        await asyncio.to_thread(write)
    except WrongName as error:
        raise Refused(409, error.reason) from error
    log.info("desk: sites were carried over", sources=len(chosen), client=ask.session.client)
    await ask.tools.perform("reload", {})
    return Goto("/sources", ask.words("Followed from now on: %(count)s", count=len(chosen)))


def _there(seeds: tuple[Seed, ...], seed: Seed) -> bool:
    """Whether a site, or the feed of it, is followed already."""
    return any(following.followed_by(seeds, url) for url in (seed.home, *seed.discover.rss))
