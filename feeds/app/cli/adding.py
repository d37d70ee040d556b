"""Commands that add sources: add, opml import."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.markup import escape

from scrapers import Links, Page, Past, Seed, Survey, load_seeds, probe, read_opml, seed_to_toml

from ...store import open_store
from ..config import Config
from ..desk import utc_now
from ..explain import bad_name
from ..fetching import open_door
from ..workers import Workers
from . import DONE, USAGE, Context, Ctx, Json, app
from .looking import opml
from .output import Output


@app.command
def add(
    url: Annotated[str, Parameter(help="The address of a site or of one of its sections.")],
    *,
    name: Annotated[str | None, Parameter(help="The source's name; made from the address when not given.")] = None,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative="", help="Write the seed without asking.")] = False,
    dry_run: Annotated[bool, Parameter(negative="", help="Show what was found, write nothing.")] = False,
    json: Json = False,
    ctx: Ctx,
) -> int:
    """Find how a site offers its stories, show it, and write seeds/NAME.toml."""
    config = ctx.config()
    seeds, _ = load_seeds(config.seeds_folder)
    taken = frozenset(seed.name for seed in seeds)
    mistake = bad_name(name) if name else None
    if mistake is None and name in taken:
        mistake = f"{config.seeds_folder / name}.toml: is there already"
    if not url.startswith(("http://", "https://")):
        mistake = f"{url}: should be an address such as https://paper.example/"
    if mistake:
        ctx.output.error(mistake)
        return USAGE
    survey = ctx.run(_survey(config, url, taken))
    target = config.seeds_folder / f"{name or survey.seed.name}.toml"
    text = seed_to_toml(survey.seed, survey.reasons)
    if json:
        ctx.output.json(_as_json(survey, target, text))
    else:
        _show(ctx.output, survey, text)
    if dry_run:
        return DONE
    if not yes and not agreed(ctx, target):
        ctx.output.say("nothing was written")
        return DONE
    _write(target, text)
    tell_daemon(config)
    ctx.output.say(f"{target} is written")
    if not json:
        ctx.output.print(f"{config.base_url}/s/{target.stem}.atom")
    return DONE


async def _survey(config: Config, url: str, taken: frozenset[str]) -> Survey:
    """Ask the site, through the same door and the same workers as a visit."""
    fetcher = open_door(config)
    seed = Seed(name="new", home=url)
    now = utc_now()
    try:
        async with Workers(1) as read, fetcher.visit(seed) as fetch:

            async def read_links(page: Page) -> Links:
                return await read.links(page, seed, Past(), now)

            return await probe(url, fetch, read_links, taken=taken)
    finally:
        await fetcher.aclose()


def _show(output: Output, survey: Survey, text: str) -> None:
    by = f" · made with {survey.cms}" if survey.cms else ""
    output.markup(f"[bold]{escape(survey.title or survey.home)}[/]{escape(by)} · {survey.requests} requests\n")
    fields = list(survey.ways[0].coverage) if survey.ways else []
    output.table(
        ["way", "stories", "newest", *fields, "address"],
        [
            [
                way.way,
                str(way.stories),
                (way.newest or "–")[:10],
                *(f"{way.coverage[field]} %" for field in fields),
                way.url,
            ]
            for way in survey.ways
        ],
        right=["stories", *fields],
    )
    for way in survey.ways:
        output.markup(f"\n[bold]{escape(way.way)}[/] [dim]{escape(way.why)}[/]")
        for link in way.samples:
            output.markup(f"  {escape(link.hint.title or '(no title)')}  [dim]{escape(link.url)}[/]")
    for address, reason in survey.failures:
        output.markup(f"[dim]{escape(address)}: {escape(reason)}[/]")
    output.print()
    output.print(text.rstrip())
    output.print()


def _as_json(survey: Survey, target: Path, text: str) -> dict[str, Any]:
    return {
        "home": survey.home,
        "title": survey.title,
        "language": survey.language,
        "cms": survey.cms,
        "requests": survey.requests,
        "ways": [
            {
                "way": way.way,
                "url": way.url,
                "stories": way.stories,
                "coverage": dict(way.coverage),
                "newest": way.newest,
                "why": way.why,
                "samples": [{"title": link.hint.title, "url": link.url} for link in way.samples],
            }
            for way in survey.ways
        ],
        "failures": [{"url": address, "reason": reason} for address, reason in survey.failures],
        "file": str(target),
        "seed": text,
    }


def agreed(ctx: Context, target: Path) -> bool:
    """Whether the person at the terminal wants this file written."""
    if not sys.stdin.isatty():
        ctx.output.warn("not written: there is nobody to ask; --yes writes without asking")
        return False
    ctx.output.err.print(f"Write {escape(str(target))}? \\[Y/n] ", end="")
    return input().strip().lower() in ("", "y", "yes")


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def tell_daemon(config: Config) -> None:
    """A running daemon reads the seeds anew at once; without one there is nobody to tell."""
    if not config.store_path.exists():
        return
    store = open_store(config.store_path)
    try:
        store.wish("reload", {}, utc_now())
    finally:
        store.close()


@opml.command(name="import")
def import_(
    file: Annotated[Path, Parameter(help="An OPML file, as feed readers export it.")],
    *,
    dry_run: Annotated[bool, Parameter(negative="", help="Show what would be written.")] = False,
    ctx: Ctx,
) -> int:
    """Make a source of every subscription of a reader's file; FreshRSS's XPath recipes become selectors."""
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
            _write(target, seed_to_toml(subscription.seed, dict(subscription.reasons)))
        ctx.output.print(f"{target}  {subscription.seed.title or subscription.seed.home}")
        for lost in subscription.lost:
            ctx.output.warn(f"  not carried over: {lost}")
    for reason in imported.skipped:
        ctx.output.warn(f"left out: {reason}")
    if imported.subscriptions and not dry_run:
        tell_daemon(config)
    ctx.output.say(f"{len(imported.subscriptions)} sources {'would be' if dry_run else 'are'} written")
    return DONE
