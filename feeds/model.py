"""The values that travel through `feeds`: Topic, Entry, Feed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from scrapers import Image, Record

Copies = Literal["one", "all", "mark"]


@dataclass(frozen=True, slots=True)
class Topic:
    """A named query. `name` is its key and slug, `title` what people see; no query is everything."""

    name: str
    title: str
    query: str | None = None
    subtitle: str | None = None
    language: str | None = None
    was: str | None = None  # former name: same feed id, the old address answers 301
    copies: Copies = "one"
    sources: tuple[str, ...] = ()  # only these sources
    exclude: tuple[str, ...] = ()  # not these sources
    max_age: float | None = None  # seconds
    full_text: bool = True
    images: Literal["keep", "strip", "none", "proxy"] = "keep"
    entries: int | None = None  # at least so many in the subscription document
    private: bool = False  # only readers with a token get it
    sort: Literal["published", "seen"] = "published"
    changes: bool = False  # a revised entry says what changed


@dataclass(frozen=True, slots=True)
class Category:
    """An atom:category."""

    term: str
    scheme: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """Another outlet that carries the same story."""

    url: str
    title: str
    source: str  # the seed's name
    publisher: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of an entry, for atom:source: everything here was frozen when the entry was first stored."""

    id: str  # the source's own feed id (urn:uuid:…)
    title: str
    url: str  # the site's home
    feed_url: str  # our feed of this source
    updated: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One story as it is published: the representative's content and who else carries it."""

    id: str  # the story's id (copies = "one"), or the record's
    record: Record  # the representative
    published: datetime
    updated: datetime
    origin: Origin
    copies: tuple[Copy, ...] = ()
    categories: tuple[Category, ...] = ()
    note: str | None = None  # a short "what changed", or "also at", off by default
    copy_of: str | None = None  # copies = "mark": id of the entry that told this story first
    # what compose makes of the record; renderers write these and never look into record.html or record.text
    content: str = ""  # HTML as it is published; empty in a feed of summaries
    summary: str = ""  # plain text
    image: Image | None = None  # the picture that Media RSS, enclosure and page show


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: what every document of this installation has in common."""

    title: str  # the configuration's title
    base_url: str  # where readers reach the folder, without a slash at the end
    rights: str | None = None
    language: str | None = None
    hubs: tuple[str, ...] = ()  # WebSub hubs that are announced
    picture_key: bytes | None = None  # signs the addresses of topics with images = "proxy"

    @property
    def icon(self) -> str:
        """Absolute URL of the square picture."""
        return f"{self.base_url}/icon.png"

    @property
    def logo(self) -> str:
        """Absolute URL of the picture that is twice as wide as high."""
        return f"{self.base_url}/logo.png"


@dataclass(frozen=True, slots=True)
class Feed:
    """One document, ready to be rendered: pure values, so that the same Feed is the same bytes (FEEDS 18)."""

    id: str
    title: str
    self_url: str  # base_url + path, without extension: renderers add .atom, .rss, .json
    page_url: str  # the page for people
    updated: datetime
    entries: tuple[Entry, ...] = ()
    subtitle: str | None = None
    language: str | None = None
    publisher: str = ""  # the configuration's title: generator's owner, author of last resort
    rights: str | None = None
    icon: str | None = None
    hubs: tuple[str, ...] = ()
    ttl: int = 30  # minutes, a stored and rounded value
    archive: int | None = None  # number of this archive document; None: the subscription document
    prev_archive: str | None = None  # path without extension, absolute URL
    next_archive: str | None = None
    current: str | None = None
    full_text: bool = True
    images: Literal["keep", "strip", "none", "proxy"] = "keep"
    links: tuple[tuple[str, str], ...] = field(default=())  # further (rel, href)
    logo: str | None = None
    home_url: str = ""  # the index page of the installation
    private: bool = False  # named in no list; pages say noindex
