"""Commands that add sources: add, opml import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from cyclopts import Parameter
from rich.markup import escape

from scrapers import Progress, Seed, Survey, load_seeds

from ....store import open_store, store_exists
from ...config.config import Config
from ...inspect.explain import covered, filed_elsewhere
from ...jobs import following
from ...jobs.fetcher import open_fetcher
from ...jobs.source_changes import bad_name
from ...system.clock import utc_now
from ...system.output import Output
from ...workers.pool import Workers
from ..command import DONE, FAILED, USAGE, Context, Ctx, Json, tell_daemon
from ..output.progress import progress
from ..output.prompts import agreed_to_write

SHOWN = 3  # stories of a way
MOST_REQUESTS = 12  # requests that a survey usually makes


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

    Example: `copydesk add https://www.paper.example/` · `copydesk add paper.example/arts --name arts --yes`
    """
    config = ctx.config()
    seeds, _ = load_seeds(config.seeds_folder)
    taken = frozenset(seed.name for seed in seeds)
    mistake = bad_name(name) if name else None
    if mistake is None and name in taken:
        mistake = f"{config.seeds_folder / name}.toml: is there already"
    address = following.address_of(url)
    if address is None:
        mistake = f"{url}: should be an address such as https://paper.example/"
    elif mistake is None and name is None:
        mistake = _there(config, seeds, address)
    if mistake or address is None:
        ctx.output.error(mistake or url)
        return USAGE
    with progress(ctx, "looking for stories") as step:
        survey = ctx.run(_survey(ctx, config, address, taken, step, typed=following.names_a_scheme(url)))
    if name is None and (mistake := _there(config, seeds, survey.home)):
        ctx.output.error(mistake)
        return USAGE
    target = config.seeds_folder / f"{name or survey.seed.name}.toml"
    text = following.seed_text(survey)
    if json:
        ctx.output.json(_as_json(survey, target, text))
    else:
        _show(ctx.output, survey, text)
    if not survey.ways:
        why = next((reason for _, reason in survey.failures if reason.startswith("scripts make")), "")
        ctx.output.error(f"{survey.home}: no stories were found there{'; ' + why if why else ''}")
        return FAILED
    if store_exists(config.store_at) and (same := _covered(config, target.stem, survey)):
        ctx.output.warn(same)
    if dry_run:
        return DONE
    if not yes and not agreed_to_write(ctx.output, target):
        ctx.output.say("nothing was written")
        return DONE
    following.write_seed(config, target.stem, text)
    tell_daemon(config)
    ctx.output.say(f"{target} is written")
    if not json:
        ctx.output.print(f"{config.base_url}/s/{target.stem}.atom")
    return DONE


def _there(config: Config, seeds: Sequence[Seed], url: str) -> str | None:
    """The message when a seed has this home or feed already, else None."""
    seed = following.followed_by(seeds, url)
    if seed is None:
        return None
    return f"{url} is a source already: {config.seeds_folder / seed.name}.toml (--name NAME adds it once more)"


async def _survey(
    ctx: Context, config: Config, url: str, taken: frozenset[str], step: Progress, *, typed: bool
) -> Survey:
    """Survey the site by the same fetcher and workers as a visit; prints when http is asked instead of https."""
    asked = 0

    def told(address: str, outcome: str) -> None:
        nonlocal asked
        if following.ASKING in outcome:
            ctx.output.warn(f"{address}: {outcome}")
        elif not outcome:
            asked += 1
            step(f"asking for {urlsplit(address).path or '/'}", asked, max(asked, MOST_REQUESTS))

    fetcher = open_fetcher(config)
    try:
        async with Workers(1) as read:
            return await following.survey_of(fetcher, read, url, taken, utc_now(), typed=typed, told=told)
    finally:
        await fetcher.aclose()


def _covered(config: Config, name: str, survey: Survey) -> str | None:
    """A sentence that other sources have most of a site's stories already; None where most of them are new."""
    store = open_store(config.store_at)
    try:
        keys = survey.ways[0].keys
        return covered(len(keys), filed_elsewhere(store, name, keys))
    finally:
        store.close()


def _failures(survey: Survey) -> Iterator[str]:
    """Why addresses gave nothing; several with the same reason in one line."""
    by_reason: dict[str, list[str]] = {}
    for address, reason in survey.failures:
        by_reason.setdefault(reason, []).append(address)
    for reason, addresses in by_reason.items():
        if len(addresses) == 1:
            yield f"{addresses[0]}: {reason}"
        else:
            places = ", ".join(urlsplit(address).path or "/" for address in addresses)
            yield f"{len(addresses)} places: {reason} ({places})"


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
        minor=[*reversed(fields), "newest"],
    )
    for way in survey.ways:
        output.markup(f"\n[bold]{escape(way.way)}[/] [dim]{escape(way.why)}[/]")
        for link in way.samples[:SHOWN]:
            output.markup(f"  {escape(link.hint.title or '(no title)')}  [dim]{escape(link.url)}[/]")
    for line in _failures(survey):
        output.markup(f"[dim]{escape(line)}[/]")
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
                "samples": [{"title": link.hint.title, "url": link.url} for link in way.samples[:SHOWN]],
            }
            for way in survey.ways
        ],
        "failures": [{"url": address, "reason": reason} for address, reason in survey.failures],
        "file": str(target),
        "seed": text,
    }
