"""A source as data: `seeds/courier.toml` → `Seed`."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ConfigDict

from . import credentials, css, toml
from .durations import Seconds
from .urls import host

_STRICT = ConfigDict(extra="forbid")
NAME = re.compile(r"[a-z0-9-]{1,64}")
RESERVED = frozenset({"all", "archive", "demo", "health", "index", "kept", "opml", "starter", "status"})
FLOOR = 300.0  # seconds between two visits of a front (RELIABILITY R2); loopback sources may come sooner


@dataclass(frozen=True, slots=True)
class Discover:
    """Where the stories are offered. All empty: the program finds out by itself."""

    __pydantic_config__ = _STRICT

    rss: tuple[str, ...] = ()  # addresses of feeds
    sitemap: tuple[str, ...] = ()  # addresses of sitemaps
    pages: tuple[str, ...] = ()  # further listing pages besides `home`
    links: str | None = None  # CSS selector of the story links on a listing
    include: tuple[str, ...] = ()  # only addresses that contain one of these
    exclude: tuple[str, ...] = ()  # no address that contains one of these
    next_pages: int = 0  # follow rel=next so many times


@dataclass(frozen=True, slots=True)
class Extract:
    """CSS selectors for what the general reader gets wrong."""

    __pydantic_config__ = _STRICT

    title: str | None = None
    subtitle: str | None = None
    authors: str | None = None
    published: str | None = None
    updated: str | None = None
    section: str | None = None
    tags: str | None = None
    image: str | None = None
    body: str | None = None
    drop: tuple[str, ...] = ()  # removed before anything is read


@dataclass(frozen=True, slots=True)
class Expect:
    """What is normal. Less is worth a warning."""

    __pydantic_config__ = _STRICT

    records_per_day: float | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """HTTP Basic, for the seed's own host only."""

    __pydantic_config__ = _STRICT

    user: str  # a name, or "env:NAME" or "file:PATH"
    password: str = field(repr=False)  # "env:NAME" or "file:PATH"


@dataclass(frozen=True, slots=True)
class Seed:
    """One source. `name` is the file's stem: its key, its slug, its folder of sample pages."""

    __pydantic_config__ = _STRICT

    name: str
    home: str
    title: str | None = None
    language: str | None = None
    every: Seconds | None = None  # a fixed interval; left out: by the source's own rhythm
    every_min: Seconds | None = None  # limits of that rhythm
    every_max: Seconds | None = None
    timezone: str | None = None  # IANA name, for dates without a zone
    hosts: tuple[str, ...] = ()  # further hosts whose links belong to this source
    discover: Discover = Discover()
    extract: Extract = Extract()
    expect: Expect = Expect()
    scraper: str | None = None  # module in scrapers/sites/
    # These go to home's own scheme, host and port only; a value "env:NAME" or "file:PATH" is a secret kept elsewhere.
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # sent to the own host only
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)  # name = value; sent to the own host only
    credentials: Credentials | None = field(default=None, repr=False)  # HTTP Basic, sent to the own host only
    ca_file: str | None = None
    render: bool = False  # read pages through a browser


def load_seeds(folder: Path) -> tuple[tuple[Seed, ...], list[str]]:
    """The seeds of a folder in the order of their names, and the mistakes of those that are left out, one a line."""
    seeds: list[Seed] = []
    mistakes: list[str] = []
    if not folder.is_dir():
        return (), [f"{folder}: there is no such folder"]
    for path in sorted(folder.glob("*.toml")):
        seed, wrong = load_seed(path)
        mistakes += wrong
        if seed is not None:
            seeds.append(seed)
    return tuple(seeds), mistakes


def load_seed(path: Path) -> tuple[Seed | None, list[str]]:
    """One seed file as a Seed, or None with all its mistakes."""
    table, mistakes = toml.load(path)
    if mistakes:
        return None, mistakes
    return from_table(path.stem, table, str(path), path.parent)


def from_table(
    name: str, table: dict[str, Any], where: str, folder: Path | None = None
) -> tuple[Seed | None, list[str]]:
    """A seed from the keys of its file. `where` names the file in the mistakes; `folder` is where its paths begin."""
    mistakes = []
    if not NAME.fullmatch(name):
        mistakes.append(f"{where}: the file's name is the source's key: 1 to 64 of a-z, 0-9 and -, not {name!r}")
    elif name in RESERVED:
        mistakes.append(f"{where}: the name {name!r} is reserved; choose another")
    if "name" in table:
        mistakes.append(f"{where}: name: there is no such key; the file's name is the key, title is what people see")
        table = {key: value for key, value in table.items() if key != "name"}
    seed, wrong = toml.read(Seed, {"name": name, **table}, where)
    mistakes += wrong
    if seed is None:
        return None, mistakes
    seed = _rooted(seed, folder or Path())
    mistakes += [f"{where}: {mistake}" for mistake in _check(seed)]
    return (None, mistakes) if mistakes else (seed, [])


def _rooted(seed: Seed, folder: Path) -> Seed:
    """The seed with its paths made absolute, from the folder of its file."""

    def path(text: str) -> str:
        return str((folder / Path(text).expanduser()).absolute())

    def value(text: str) -> str:
        return f"file:{path(text[5:])}" if text.startswith("file:") else text

    login = seed.credentials
    return replace(
        seed,
        headers={name: value(text) for name, text in seed.headers.items()},
        cookies={name: value(text) for name, text in seed.cookies.items()},
        credentials=None if login is None else Credentials(value(login.user), value(login.password)),
        ca_file=None if seed.ca_file is None else path(seed.ca_file),
    )


def moved_to(seed: Seed, home: str) -> Seed:
    """The seed with another front page; what is for its own host alone does not move to another one."""
    if origin(home) == origin(seed.home):
        return replace(seed, home=home)
    return replace(seed, home=home, headers={}, cookies={}, credentials=None)


def origin(url: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port of an address; None for what is none."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None


def _check(seed: Seed) -> list[str]:
    mistakes = []
    if seed.discover.links is not None and (wrong := css.mistake(seed.discover.links)):
        mistakes.append(f"discover.links: {wrong}")
    for entry in fields(seed.extract):
        value = getattr(seed.extract, entry.name)
        for selector in value if isinstance(value, tuple) else (value,):
            if selector is not None and (wrong := css.mistake(selector)):
                mistakes.append(f"extract.{entry.name}: {wrong}")
    addresses = {
        "home": (seed.home,),
        "discover.rss": seed.discover.rss,
        "discover.sitemap": seed.discover.sitemap,
        "discover.pages": seed.discover.pages,
    }
    for key, urls in addresses.items():
        for url in urls:
            if not url.startswith(("http://", "https://")) or not host(url):
                mistakes.append(f"{key}: should be an address such as https://paper.example/, not {url!r}")
    for key, length in (("every", seed.every), ("every_min", seed.every_min), ("every_max", seed.every_max)):
        if length is not None and length < FLOOR and not is_loopback(seed.home):
            mistakes.append(f'{key}: should be at least "{FLOOR / 60:.0f}m"; sites are visited politely')
    named = [length for length in (seed.every_min, seed.every, seed.every_max) if length is not None]
    if named != sorted(named):
        mistakes.append("every_min, every, every_max: should not grow smaller in this order")
    if seed.timezone is not None:
        try:
            zoneinfo.ZoneInfo(seed.timezone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # "Europe" is a folder
            mistakes.append(f'timezone: should be a name such as "Europe/Berlin", not {seed.timezone!r}')
    if seed.scraper is not None and not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", seed.scraper):
        mistakes.append("scraper: should be the name of a module in scrapers/sites/, without .py")
    if seed.ca_file is not None and not Path(seed.ca_file).is_file():
        mistakes.append(f"ca_file: there is no such file: {seed.ca_file}")
    mistakes += credentials.mistakes(seed)
    return mistakes


def is_loopback(url: str) -> bool:
    """Whether an address names this machine."""
    name = host(url)
    return name == "localhost" or name == "::1" or name.startswith("127.")
