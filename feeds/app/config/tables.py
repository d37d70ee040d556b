"""The tables of config.toml as values. Pure data; `checks.py` validates them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Literal

from scrapers import STRICT, Seconds, Written, is_address

from ...model import Audience, Topic

SLUG = re.compile(r"[a-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class StoreConfig:
    """[store] where records live."""

    __pydantic_config__ = STRICT
    url: str = "sqlite:var/copydesk.db"  # "sqlite:PATH", or "postgresql://USER@HOST/DATABASE" (extra `postgres`)
    password: str | None = None  # "env:NAME" or "file:PATH": of the user of a PostgreSQL server
    folder: str = "var"  # with PostgreSQL: what lies on this machine beside it, such as copies and private feeds
    backups: int = 7  # daily copies kept beside the store; 0: none are made
    keep: Seconds = 365 * 86400.0  # records leave with their archive documents when they are older; 0: never
    keep_entries: int = 50_000  # the archive of a feed holds at most so many, the oldest documents leave; 0: no limit
    allow_network: bool = False  # the file may lie on a network file system


def _hubs(value: object) -> object:
    if value in ("own", "none"):
        return value
    if isinstance(value, list) and all(isinstance(v, str) and is_address(v) for v in value):
        return tuple(value)
    raise ValueError('should be "own", "none" or a list of hub addresses')


Hub = Annotated[
    "str | tuple[str, ...]",
    Written(_hubs, {"oneOf": [{"enum": ["own", "none"]}, {"type": "array", "items": {"type": "string"}}]}),
]


@dataclass(frozen=True, slots=True)
class PublishConfig:
    """[publish] where the feeds go."""

    __pydantic_config__ = STRICT
    folder: str = "var/public"
    entries: int = 50  # at least so many in a subscription document
    hub: Hub = "own"  # WebSub: "own", "none", or addresses of outside hubs
    hub_networks: tuple[str, ...] = ()  # private ranges in which subscribers and hubs may be; else public ones alone
    audience: Audience | None = None  # who reads the feeds; left out: private while base_url is a local name
    compress: Literal["asked", "ahead"] = "asked"  # "ahead": .gz, .br and .zst files for another web server


@dataclass(frozen=True, slots=True)
class WebConfig:
    """[web] the daemon's own server."""

    __pydantic_config__ = STRICT
    listen: str = "127.0.0.1:8484"
    hosts: tuple[str, ...] = ()  # further names it answers to, besides base_url's and loopback
    proxies: tuple[str, ...] = ()  # addresses of proxies in front whose X-Forwarded-For and -Proto are believed
    desk: bool = True  # the owner's pages at /desk
    api: bool = True  # the interface for programs at /api/v1, for those with a token
    on_demand: bool = False  # /feed?url=…: any listing as a feed, for those with a token or a signed address
    on_demand_feeds: int = 20  # listings of one token at the same time
    on_demand_keep: Seconds = 7 * 86400.0  # a listing that nobody asks for stays so long
    pages: bool = True  # pages of stories, of days and of searches; false where the folder is served by itself


@dataclass(frozen=True, slots=True)
class FetchConfig:
    """[fetch] limits of fetching."""

    __pydantic_config__ = STRICT
    deadline: Seconds = 60.0  # one request with its redirects
    allow_networks: tuple[str, ...] = ()  # e.g. ["127.0.0.0/8"] for a local test site
    parallel: int = 20  # sources visited at the same time
    local_gap: Seconds | None = None  # seconds between requests to loopback addresses inside allow_networks
    proxy: str | None = None  # an HTTP proxy that everything goes through: "http://HOST:PORT"
    proxy_user: str | None = None  # the name to log in to it with
    proxy_password: str | None = field(default=None, repr=False)  # "env:NAME" or "file:PATH"


@dataclass(frozen=True, slots=True)
class LogConfig:
    """[log] what the daemon tells."""

    __pydantic_config__ = STRICT
    format: Literal["text", "json"] = "text"


@dataclass(frozen=True, slots=True)
class AlarmConfig:
    """[alarms] who is told of troubles and of their end, once each; without any of them nobody is."""

    __pydantic_config__ = STRICT
    after: Seconds = 86400.0  # a source that cannot be visited is told of after so long
    command: tuple[str, ...] = ()  # a program and its arguments, run without a shell; JSON on its standard input
    webhook: str | None = None  # address that gets a POST with JSON
    webhook_networks: tuple[str, ...] = ()  # private ranges in which it may be; else public addresses alone
    webhook_file: str | None = None  # file that holds that address, when it is a secret
    mail: str | None = None  # address that gets mail
    sender: str | None = None  # address that the mail comes from; left out: that of mail
    smtp: str = "127.0.0.1:25"  # HOST:PORT of the mail server
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str | None = None  # name to log in with
    smtp_password_file: str | None = None  # file that holds the password


@dataclass(frozen=True, slots=True)
class TopicConfig:
    """[[topics]] one topic feed; `name` is its key and slug, `title` what people see."""

    __pydantic_config__ = STRICT
    name: str
    title: str | None = None
    query: str | None = None
    subtitle: str | None = None
    language: str | None = None
    was: str | None = None
    copies: Literal["one", "all", "mark"] = "one"
    sources: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_age: Seconds | None = None
    full_text: bool = True
    images: Literal["keep", "strip", "none", "proxy"] = "keep"
    entries: int | None = None
    private: bool = False
    sort: Literal["published", "seen"] = "published"
    changes: bool = False  # a revised entry says in a line what changed
    audience: Audience | None = None  # who reads this feed; left out: as publish.audience

    def topic(self) -> Topic:
        """The topic as the steps know it."""
        return Topic(
            name=self.name,
            title=self.title or self.name,
            query=self.query,
            subtitle=self.subtitle,
            language=self.language,
            was=self.was,
            copies=self.copies,
            sources=self.sources,
            exclude=self.exclude,
            max_age=self.max_age,
            full_text=self.full_text,
            images=self.images,
            entries=self.entries,
            private=self.private,
            sort=self.sort,
            changes=self.changes,
            audience=self.audience,
        )
