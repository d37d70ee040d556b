"""Following a new site: an address as a person types it → what the site offers → a seed file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import scrapers
from scrapers import (
    CopydeskError,
    Fetcher,
    FetchError,
    Links,
    Page,
    Past,
    Request,
    Seed,
    canonical_key,
)

from ...errors import WrongName
from ..config.config import Config
from ..workers.pool import Workers

ASKING = "; asking "  # separates the https error from the address that is asked instead

Told = Callable[[str, str], None]
"""Called for each step of a survey: an address and its result ("" while it is asked)."""


def address_of(told: str) -> str | None:
    """What a person typed as an address: `paper.example` is one too; None for what cannot be one."""
    url = told.strip()
    if "://" not in url and not url.startswith(("/", ".", "-")) and "@" not in url and "." in url.partition("/")[0]:
        url = f"https://{url}"
    if not url.lower().startswith(("http://", "https://")) or any(sign.isspace() for sign in url):
        return None
    try:
        parts = urlsplit(url)  # the scheme is in lower case by now
    except ValueError:
        return None
    if not parts.netloc:
        return None
    name = parts.netloc if "@" in parts.netloc else parts.netloc.lower()
    return parts._replace(netloc=name, path=parts.path or "/").geturl()


def names_a_scheme(told: str) -> bool:
    """Whether a person typed `https://` or `http://` themselves; else http may be asked where https is not answered."""
    return "://" in told


def followed_by(seeds: Sequence[Seed], url: str) -> Seed | None:
    """The seed that has this home or feed already."""
    key = canonical_key(url)
    for seed in seeds:
        if key in {canonical_key(own) for own in (seed.home, *seed.discover.rss, *seed.discover.pages)}:
            return seed
    return None


async def survey_of(
    fetcher: Fetcher,
    read: Workers,
    url: str,
    taken: frozenset[str],
    now: datetime,
    *,
    typed: bool = True,
    told: Told = lambda url, outcome: None,
) -> scrapers.Survey:
    """What a site offers, asked through the same door and read by the same workers as on a visit. Raises CopydeskError.

    `taken` are names of seeds that exist. With `typed` False nobody named a scheme: where nobody answers to https, http
    is asked. A site that speaks https with a wrong certificate is not asked without one: a person has to decide that.
    """
    try:
        return await _survey(fetcher, read, url, taken, now, told)
    except FetchError as error:
        said, asked = urlsplit(error.url or ""), urlsplit(url)
        if typed or not error.unconnected or (said.scheme, said.netloc) != (asked.scheme, asked.netloc):
            raise
        plain = asked._replace(scheme="http").geturl()
        told(url, f"{error.reason}{ASKING}{plain}")
    survey = await _survey(fetcher, read, plain, taken, now, told)
    if survey.home == plain:
        survey = replace(survey, reasons={**survey.reasons, "home": "what was asked for; https is not answered there"})
    return survey


async def _survey(
    fetcher: Fetcher, read: Workers, url: str, taken: frozenset[str], now: datetime, told: Told
) -> scrapers.Survey:
    seed = Seed(name="new", home=url)
    async with fetcher.visit(seed) as fetch:

        async def watched(request: Request) -> Page:
            told(request.url, "")
            try:
                page = await fetch(request)
            except CopydeskError as error:
                told(request.url, error.reason)
                raise
            told(request.url, f"{len(page.body) // 1024 + 1} KB")
            return page

        async def read_links(page: Page) -> Links:
            return await read.links(page, seed, Past(), now)

        return await scrapers.probe(url, watched, read_links, taken=taken)


def seed_text(survey: scrapers.Survey) -> str:
    """The seed file that a survey proposes, with its reasons as comments."""
    return scrapers.seed_to_toml(survey.seed, survey.reasons)


def write_seed(config: Config, name: str, text: str) -> Path:
    """Write a new seed file. Raises WrongName where there is one of that name, whoever wrote it."""
    target = config.seeds_folder / f"{name}.toml"
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    fresh.write_text(text, encoding="utf-8")
    try:
        os.link(fresh, target)  # created atomically, never replacing a file
    except FileExistsError as error:
        raise WrongName(f"{target}: is there already") from error
    finally:
        fresh.unlink()
    return target
