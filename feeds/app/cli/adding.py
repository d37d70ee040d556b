"""Commands that add sources: add, opml import."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from cyclopts import Parameter
from rich.markup import escape

from scrapers import (
    FetchError,
    Links,
    Page,
    Past,
    Seed,
    Survey,
    canonical_key,
    load_seeds,
    probe,
    read_opml,
    seed_to_toml,
)

from ...store import open_store
from ..config import Config
from ..desk import utc_now
from ..explain import bad_name
from ..fetching import open_door
from ..workers import Workers
from . import DONE, FAILED, USAGE, Context, Ctx, Json, app
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
    """Find how a site offers its stories, show it, and write seeds/NAME.toml.

    Exit codes: 0 done or not wanted · 2 no address, or a source already · 6 no answer, or no stories.
    """
    config = ctx.config()
    seeds, _ = load_seeds(config.seeds_folder)
    taken = frozenset(seed.name for seed in seeds)
    mistake = bad_name(name) if name else None
    if mistake is None and name in taken:
        mistake = f"{config.seeds_folder / name}.toml: is there already"
    address = _address(url)
    if address is None:
        mistake = f"{url}: should be an address such as https://paper.example/"
    elif mistake is None and name is None:
        mistake = _there(config, seeds, address)
    if mistake or address is None:
        ctx.output.error(mistake or url)
        return USAGE
    survey = _asked(ctx, config, address, taken, typed="://" in url)
    if name is None and (mistake := _there(config, seeds, survey.home)):
        ctx.output.error(mistake)
        return USAGE
    target = config.seeds_folder / f"{name or survey.seed.name}.toml"
    text = seed_to_toml(survey.seed, survey.reasons)
    if json:
        ctx.output.json(_as_json(survey, target, text))
    else:
        _show(ctx.output, survey, text)
    if not survey.ways:
        why = next((reason for _, reason in survey.failures if reason.startswith("scripts make")), "")
        ctx.output.error(f"{survey.home}: no stories were found there{'; ' + why if why else ''}")
        return FAILED
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


def _address(told: str) -> str | None:
    """What a person typed as an address: `paper.example` is one too; None for what cannot be one."""
    url = told.strip()
    if "://" not in url and not url.startswith(("/", ".", "-")) and "@" not in url and "." in url.partition("/")[0]:
        url = f"https://{url}"
    if not url.lower().startswith(("http://", "https://")) or any(sign.isspace() for sign in url):
        return None
    if not canonical_key(url) or not urlsplit(url).netloc:
        return None
    parts = urlsplit(url)  # the scheme is in lower case by now
    name = parts.netloc if "@" in parts.netloc else parts.netloc.lower()
    return parts._replace(netloc=name, path=parts.path or "/").geturl()


def _asked(ctx: Context, config: Config, address: str, taken: frozenset[str], *, typed: bool) -> Survey:
    """The survey of an address. Where no scheme was typed and nobody answers to https, http is asked, and it is said.

    A site that speaks https with a wrong certificate is not asked without one: that is for a person to decide.
    """
    try:
        return ctx.run(_survey(config, address, taken))
    except FetchError as error:
        told, asked = urlsplit(error.url or ""), urlsplit(address)
        if typed or not error.unconnected or (told.scheme, told.netloc) != (asked.scheme, asked.netloc):
            raise
        plain = asked._replace(scheme="http").geturl()
        ctx.output.warn(f"{address}: {error.reason}; asking {plain}")
    survey = ctx.run(_survey(config, plain, taken))
    if survey.home == plain:
        survey = replace(survey, reasons={**survey.reasons, "home": "what was asked for; https is not answered there"})
    return survey


def _there(config: Config, seeds: Sequence[Seed], url: str) -> str | None:
    """What to say when a seed has this home or feed already."""
    key = canonical_key(url)
    for seed in seeds:
        if key in {canonical_key(own) for own in (seed.home, *seed.discover.rss, *seed.discover.pages)}:
            return f"{url} is a source already: {config.seeds_folder / seed.name}.toml (--name NAME adds it once more)"
    return None


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
    try:
        return input().strip().lower() in ("", "y", "yes")
    except EOFError:  # Ctrl-D: no answer is no consent
        ctx.output.err.print()
        return False


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
