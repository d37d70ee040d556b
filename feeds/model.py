"""The values that travel through `feeds`: Topic, Entry, Feed."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from scrapers import Image, Record

from .messages import UTC_ENGLISH, PageLocale

Copies = Literal["one", "all", "mark"]
FeedKind = Literal["topic", "source"]
Audience = Literal["private", "public"]


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
    audience: Audience | None = None  # who reads the feed; None: as the installation says


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
class Media:
    """A picture, video or audio file of an entry besides its lead picture."""

    url: str
    medium: Literal["image", "video", "audio"]
    type: str | None = None  # media type, where known
    width: int | None = None  # pixels
    height: int | None = None
    caption: str = ""
    poster: str | None = None  # a film's still picture
    length: int | None = None  # bytes, where known
    credit: str = ""
    player: bool = False  # `url` is the page of a service that plays it, and not the file


@dataclass(frozen=True, slots=True)
class Note:
    """What changed last in an entry: when, and in which words the store has it (English)."""

    at: datetime
    change: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Entry:
    """One story as it is published: the representative's content and who else carries it."""

    id: str  # the story's id (copies = "one"), or the record's
    record: Record  # the representative
    published: datetime
    updated: datetime
    origin: Origin
    copies: tuple[Copy, ...] = ()
    categories: tuple[Category, ...] = ()
    note: Note | None = None  # what changed last, in a topic that tells it
    copy_of: str | None = None  # copies = "mark": id of the entry that told this story first
    # what compose makes of the record; renderers write these and never look into record.html or record.text
    content: str = ""  # HTML as it is published; empty in a feed of summaries
    summary: str = ""  # plain text
    rights: str | None = None  # the licence of the article in words, with its address
    image: Image | None = None  # the picture that Media RSS, enclosure and page show
    media: tuple[Media, ...] = ()  # what else the content shows, for Media RSS and enclosures
    weight: int | None = None  # bytes that it takes in a document, about, where they were counted

    @property
    def first_seen(self) -> datetime:
        """When its record was found."""
        return self.record.first_seen

    @property
    def files(self) -> tuple[Media, ...]:
        """Films and sounds whose media type is known: the enclosures of a podcast's or a video's page."""
        return tuple(one for one in self.media if one.medium != "image" and one.type and not one.player)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: what every document of this installation has in common."""

    title: str  # the configuration's title
    base_url: str  # where readers reach the folder, without a slash at the end
    rights: str | None = None
    language: str | None = None
    hubs: tuple[str, ...] = ()  # WebSub hubs that are announced
    audience: Audience = "public"  # whether directives of pages such as `noarchive` bind
    picture_key: bytes | None = None  # signs the addresses of topics with images = "proxy"
    page_locale: PageLocale = UTC_ENGLISH  # of the pages, for whoever asks for no other language
    pages: bool = False  # our own server answers beside the documents: pages of stories, of days, and of searches

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
    page_locale: PageLocale = UTC_ENGLISH  # of its page, for whoever asks for no other language
    pages: bool = False  # there are pages of its stories and days, and a search, below `self_url`


def is_local(url: str) -> bool:
    """Whether an address is one of a person's own network: loopback, a private network, or a local name."""
    try:
        name = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    try:
        return ipaddress.ip_address(name).is_private
    except ValueError:
        return name == "localhost" or name.endswith((".localhost", ".local", ".lan", ".home.arpa"))
