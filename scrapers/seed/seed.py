"""A source as data: `seeds/courier.toml` → `Seed`."""

from __future__ import annotations

import contextlib
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..urls.site import host, is_address
from . import credentials as secrets
from . import css, toml_mistakes
from .credentials import Credentials
from .durations import Seconds
from .impossible_values import wrong_path
from .mistake import Mistake
from .synonyms import SYNONYMS
from .without_pydantic import STRICT

NAME = re.compile(r"[a-z0-9-]{1,64}")
RESERVED = frozenset({"all", "archive", "demo", "health", "index", "kept", "opml", "removed", "starter", "status"})
_REQUIRED = {"home": "https://paper.example/", "user": "env:USER", "password": "env:PASSWORD"}
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}")
NEXT_PAGES = 50
FLOOR = 300.0  # seconds between two visits of a front (RELIABILITY R2); loopback sources may come sooner


@dataclass(frozen=True, slots=True)
class Discover:
    """Where the stories are offered. All empty: the program finds out itself."""

    __pydantic_config__ = STRICT

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

    __pydantic_config__ = STRICT

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
    """What is normal; less gives a warning."""

    __pydantic_config__ = STRICT

    records_per_day: float | None = None


@dataclass(frozen=True, slots=True)
class Seed:
    """One source. `name` is the file's stem: its key, its slug, its folder of sample pages."""

    __pydantic_config__ = STRICT

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


def load_seeds(folder: Path) -> tuple[tuple[Seed, ...], list[Mistake]]:
    """The seeds of a folder in the order of their names, and the mistakes of those that are left out."""
    seeds: list[Seed] = []
    mistakes: list[Mistake] = []
    if not folder.is_dir():
        return (), [Mistake(str(folder), "there is no such folder")]
    for path in sorted(folder.glob("*.toml")):
        seed, wrong = load_seed(path)
        mistakes += wrong
        if seed is not None:
            seeds.append(seed)
    return tuple(seeds), mistakes


def load_seed(path: Path) -> tuple[Seed | None, list[Mistake]]:
    """One seed file as a Seed, or None with all its mistakes."""
    return _of_file(path, toml_mistakes.load(path))


def read_seed(path: Path, text: str) -> tuple[Seed | None, list[Mistake]]:
    """The Seed that a file would be with this text, or None with all its mistakes; nothing is written."""
    return _of_file(path, toml_mistakes.of_text_itself(path.name, text))


def _of_file(path: Path, file: toml_mistakes.TomlFile) -> tuple[Seed | None, list[Mistake]]:
    if file.mistakes:
        return None, file.mistakes
    seed, found = from_table(path.stem, file.table, path.parent)
    mistakes = file.located(found)
    if wrong := wrong_name(path.stem):
        mistakes.insert(0, Mistake(file.name, wrong))
    return (None, mistakes) if mistakes else (seed, [])


def wrong_name(name: str) -> str | None:
    """Why a name cannot be a source's, or None."""
    if not NAME.fullmatch(name):
        return f"the file's name is the source's key: 1 to 64 of a-z, 0-9 and -, not {name!r}"
    return f"the name {name!r} is reserved; choose another" if name in RESERVED else None


def from_table(name: str, table: dict[str, Any], folder: Path | None = None) -> tuple[Seed | None, list[str]]:
    """A seed from the keys of its file, or None with all its mistakes: `KEY: what would be right`.

    `folder` is where its paths begin.
    """
    mistakes = []
    if "name" in table:
        mistakes.append("name: there is no such key; the file's name is the key, title is what people see")
        table = {key: value for key, value in table.items() if key != "name"}
    reading = toml_mistakes.read(Seed, {"name": name, **table}, _REQUIRED, SYNONYMS)
    if reading.value is None:
        return None, mistakes + reading.mistakes
    seed = _rooted(reading.value, folder or Path())
    mistakes += reading.and_also(toml_mistakes.coerced(Seed, table), _check(seed))
    return (None, mistakes) if mistakes else (seed, [])


def _rooted(seed: Seed, folder: Path) -> Seed:
    """The seed with its paths made absolute, from the folder of its file."""

    def path(text: str) -> str:
        named = Path(text)
        with contextlib.suppress(RuntimeError):  # expanduser: no such user
            named = named.expanduser()
        return str((folder / named).absolute())

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
    """The seed with another home page; credentials and headers are not carried over to another host."""
    if origin(home) == origin(seed.home):
        return replace(seed, home=home)
    before = urlsplit(seed.home).hostname or ""  # its addresses are still the source's own
    hosts = tuple(dict.fromkeys((*seed.hosts, before)))
    return replace(seed, home=home, hosts=hosts, headers={}, cookies={}, credentials=None)


def origin(url: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port of an address; None for what is none."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None


def warnings(seed: Seed) -> list[str]:
    """What is allowed but unwise in a seed's headers, cookies and credentials, one a line."""
    found = secrets.warnings(seed.headers, seed.cookies, seed.credentials, seed.home)
    return [f"{seed.name}: {warning}" for warning in found]


def _check(seed: Seed) -> list[str]:
    """What is wrong in the values of a seed, one a line."""
    return [
        *_wrong_selectors(seed),
        *_wrong_addresses(seed),
        *_wrong_words(seed),
        *_wrong_numbers(seed),
        *_wrong_files(seed),
        *secrets.mistakes(seed.headers, seed.cookies, seed.credentials),
    ]


def _wrong_selectors(seed: Seed) -> Iterator[str]:
    if seed.discover.links is not None and (wrong := css.mistake(seed.discover.links)):
        yield f"discover.links: {wrong}"
    for entry in fields(seed.extract):
        value = getattr(seed.extract, entry.name)
        for selector in value if isinstance(value, tuple) else (value,):
            if selector is not None and (wrong := css.mistake(selector)):
                yield f"extract.{entry.name}: {wrong}"


def _wrong_addresses(seed: Seed) -> Iterator[str]:
    addresses = {
        "home": (seed.home,),
        "discover.rss": seed.discover.rss,
        "discover.sitemap": seed.discover.sitemap,
        "discover.pages": seed.discover.pages,
    }
    for key, urls in addresses.items():
        for url in urls:
            if not is_address(url):
                yield f"{key}: should be an address such as https://paper.example/, not {url!r}"
    for name in seed.hosts:
        if "/" in name or not is_address(f"https://{name}/"):
            yield f"hosts: should hold names such as media.example, not {name[:100]!r}"


def _wrong_words(seed: Seed) -> Iterator[str]:
    if seed.title is not None and not seed.title.strip():
        yield "title: should not be empty"
    if seed.language is not None and not LANGUAGE.fullmatch(seed.language):
        yield 'language: should be the tag of a language, such as "en" or "pt-BR"'
    if seed.timezone is not None:
        try:
            zoneinfo.ZoneInfo(seed.timezone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # "Europe" is a folder
            yield f'timezone: should be a name such as "Europe/Berlin", not {seed.timezone!r}'


def _wrong_numbers(seed: Seed) -> Iterator[str]:
    if not 0 <= seed.discover.next_pages <= NEXT_PAGES:
        yield f"discover.next_pages: should be between 0 and {NEXT_PAGES}"
    if seed.expect.records_per_day is not None and seed.expect.records_per_day < 0:
        yield "expect.records_per_day: should be a number from 0 on"
    for key, length in (("every", seed.every), ("every_min", seed.every_min), ("every_max", seed.every_max)):
        if length is not None and length < FLOOR and not is_loopback(seed.home):
            yield f'{key}: should be at least "{FLOOR / 60:.0f}m"; sites are visited politely'
    named = [length for length in (seed.every_min, seed.every, seed.every_max) if length is not None]
    if named != sorted(named):
        yield "every_min, every, every_max: should not grow smaller in this order"


def _wrong_files(seed: Seed) -> Iterator[str]:
    if seed.scraper is not None and not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", seed.scraper):
        yield "scraper: should be the name of a module in scrapers/sites/, without .py"
    if seed.ca_file is not None:
        if wrong := wrong_path(seed.ca_file):
            yield f"ca_file: {wrong}"
        elif not Path(seed.ca_file).is_file():
            yield f"ca_file: there is no such file: {seed.ca_file}"


def is_loopback(url: str) -> bool:
    """Whether an address names this machine."""
    name = host(url)
    return name == "localhost" or name == "::1" or name.startswith("127.")
