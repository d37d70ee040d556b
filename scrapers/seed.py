"""A source as data: `seeds/courier.toml` → `Seed`. Reading them is in `scrapers.seeds`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Discover:
    """Where the stories are offered. All empty: the program finds out by itself."""

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

    records_per_day: float | None = None


@dataclass(frozen=True, slots=True)
class Seed:
    """One source. `name` is the file's stem: its key, its slug, its folder of sample pages."""

    name: str
    home: str
    title: str | None = None
    language: str | None = None
    every: float = 1800.0  # seconds
    timezone: str | None = None  # IANA name, for dates without a zone
    hosts: tuple[str, ...] = ()  # further hosts whose links belong to this source
    discover: Discover = Discover()
    extract: Extract = Extract()
    expect: Expect = Expect()
    scraper: str | None = None  # module in scrapers/sites/
    headers: Mapping[str, str] = field(default_factory=dict)
    ca_file: str | None = None
    render: bool = False
