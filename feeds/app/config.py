"""config.toml → Config: what this installation does. All mistakes of the file are reported together."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, WithJsonSchema

from scrapers import Proxy, Seconds, SeedError, toml

from ..errors import ConfigError, QueryError
from ..model import Topic
from ..topics import Subjects, subjects
from ..topics import compile as compile_query

_STRICT = ConfigDict(extra="forbid")
SLUG = re.compile(r"[a-z0-9-]{1,64}")
RESERVED = frozenset({"archive", "index", "opml"})


@dataclass(frozen=True, slots=True)
class StoreConfig:
    """[store] where records live."""

    __pydantic_config__ = _STRICT
    url: str = "sqlite:var/copydesk.db"
    backups: int = 7  # daily copies kept beside the store; 0: none are made
    keep: Seconds = 365 * 86400.0  # records leave with their archive documents when they are older; 0: never
    keep_entries: int = 50_000  # the archive of a feed holds at most so many, the oldest documents leave; 0: no limit
    allow_network: bool = False  # the file may lie on a network file system


def _hubs(value: object) -> object:
    if value in ("own", "none"):
        return value
    if isinstance(value, list) and all(isinstance(v, str) and v.startswith(("http://", "https://")) for v in value):
        return tuple(value)
    raise ValueError('should be "own", "none" or a list of hub addresses')


Hub = Annotated[
    "str | tuple[str, ...]",
    BeforeValidator(_hubs),
    WithJsonSchema({"oneOf": [{"enum": ["own", "none"]}, {"type": "array", "items": {"type": "string"}}]}),
]


@dataclass(frozen=True, slots=True)
class PublishConfig:
    """[publish] where the feeds go."""

    __pydantic_config__ = _STRICT
    folder: str = "var/public"
    entries: int = 50  # at least so many in a subscription document
    hub: Hub = "own"  # WebSub: "own", "none", or addresses of outside hubs


@dataclass(frozen=True, slots=True)
class WebConfig:
    """[web] the daemon's own server."""

    __pydantic_config__ = _STRICT
    listen: str = "127.0.0.1:8484"
    hosts: tuple[str, ...] = ()  # further names it answers to, besides base_url's and loopback
    proxies: tuple[str, ...] = ()  # addresses of proxies in front whose X-Forwarded-For is believed


@dataclass(frozen=True, slots=True)
class FetchConfig:
    """[fetch] limits of fetching."""

    __pydantic_config__ = _STRICT
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

    __pydantic_config__ = _STRICT
    format: Literal["text", "json"] = "text"


@dataclass(frozen=True, slots=True)
class AlarmConfig:
    """[alarms] who is told of troubles and of their end, once each; without any of them nobody is."""

    __pydantic_config__ = _STRICT
    after: Seconds = 86400.0  # a source that cannot be visited is told of after so long
    command: tuple[str, ...] = ()  # a program and its arguments, run without a shell; JSON on its standard input
    webhook: str | None = None  # address that gets a POST with JSON
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

    __pydantic_config__ = _STRICT
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
        )


@dataclass(frozen=True, slots=True)
class Config:
    """The whole of config.toml. Paths are relative to `folder`, the folder of the file."""

    __pydantic_config__ = _STRICT
    contact: str
    title: str = "copydesk"
    base_url: str = "http://127.0.0.1:8484"
    seeds: str = "seeds"  # folder of the seed files
    store: StoreConfig = StoreConfig()
    publish: PublishConfig = PublishConfig()
    web: WebConfig = WebConfig()
    fetch: FetchConfig = FetchConfig()
    log: LogConfig = LogConfig()
    alarms: AlarmConfig = AlarmConfig()
    topics: tuple[TopicConfig, ...] = ()
    subjects: str | None = None  # a TOML table of your own: section or tag → IPTC Media Topic
    preferred: tuple[str, ...] = ()  # sources that are shown first when several carry a story
    folder: Path = field(default=Path(), init=False)

    def path(self, name: str) -> Path:
        """A path of the configuration, resolved against the folder of config.toml."""
        return self.folder / name

    @property
    def store_path(self) -> Path:
        """The SQLite file."""
        return self.path(self.store.url.removeprefix("sqlite:"))

    @property
    def public(self) -> Path:
        """The published folder."""
        return self.path(self.publish.folder)

    @property
    def private(self) -> Path:
        """The folder of the private topics, beside the store: no web server has a reason to look into it."""
        return self.store_path.parent / "private"

    @property
    def seeds_folder(self) -> Path:
        """The folder of the seed files."""
        return self.path(self.seeds)

    def proxy(self) -> Proxy | None:
        """The proxy, its password still where it is kept; a file of it is looked for beside config.toml."""
        told = self.fetch
        if told.proxy is None:
            return None
        password = told.proxy_password
        if password is not None and password.startswith("file:"):
            password = f"file:{self.path(password[5:])}"
        return Proxy(told.proxy, told.proxy_user, password)

    def all_topics(self) -> tuple[Topic, ...]:
        """The topics; without any in the file there is one, `all`."""
        if not self.topics:
            return (Topic(name="all", title=self.title),)
        return tuple(topic.topic() for topic in self.topics)

    def address(self) -> tuple[str, int]:
        """Host and port to listen at."""
        name, _, port = self.web.listen.rpartition(":")
        return name.strip("[]"), int(port)


def load(path: Path) -> Config:
    """The configuration of a file. Raises ConfigError with every mistake of the file."""
    table, mistakes = toml.load(path)
    if mistakes:
        raise ConfigError(mistakes)
    config, mistakes = toml.read(Config, table, str(path))
    if config is not None:
        object.__setattr__(config, "folder", path.parent.resolve())
        mistakes = [f"{path}: {mistake}" for mistake in _check(config)]
    if config is None or mistakes:
        raise ConfigError(mistakes)
    config = replace(config, base_url=config.base_url.rstrip("/"))
    object.__setattr__(config, "folder", path.parent.resolve())
    own_subjects(config)
    try:
        if (proxy := config.proxy()) is not None:
            proxy.login()
    except SeedError as error:
        raise ConfigError([f"{path}: {error.reason}"]) from error
    return config


def own_subjects(config: Config) -> Subjects:
    """What sections and tags stand for: the shipped table, the user's own before it. Raises ConfigError."""
    if config.subjects is None:
        return subjects()
    path = config.path(config.subjects)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: (subjects) cannot be read: {error}"]) from error
    return subjects(text, where=str(path))


def _check(config: Config) -> list[str]:
    mistakes = []
    if not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+|https?://\S+", config.contact):
        mistakes.append('contact: should be "mailto:you@example.org" or an address where sites can reach you')
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", config.base_url):
        mistakes.append(
            "base_url: should be the address under which readers reach the feeds, such as https://news.example.org"
        )
    if not re.fullmatch(r"sqlite:.+", config.store.url):
        mistakes.append('store.url: should be "sqlite:PATH"')
    if not re.fullmatch(r"\[[0-9a-fA-F:]+\]:\d{1,5}|[^\s:]+:\d{1,5}", config.web.listen) or config.address()[1] > 65535:
        mistakes.append('web.listen: should be "HOST:PORT", such as "127.0.0.1:8484"')
    if not 1 <= config.publish.entries <= 1000:
        mistakes.append("publish.entries: should be between 1 and 1000")
    if not 1 <= config.fetch.parallel <= 500:
        mistakes.append("fetch.parallel: should be between 1 and 500")
    if not 1 <= config.fetch.deadline <= 600:
        mistakes.append('fetch.deadline: should be between "1s" and "10m"')
    mistakes += _check_networks("fetch.allow_networks", 'networks such as "127.0.0.0/8"', config.fetch.allow_networks)
    mistakes += _check_networks("web.proxies", 'addresses such as "127.0.0.1" or networks', config.web.proxies)
    mistakes += _check_proxy(config.fetch)
    if config.store_path.parent.resolve().is_relative_to(config.public.resolve()):
        mistakes.append("store.url: should not lie inside publish.folder, which web servers may show to everybody")
    if config.store.keep_entries and not 1000 <= config.store.keep_entries <= 100_000_000:
        mistakes.append("store.keep_entries: should be at least 1000, or 0 for no limit")
    if not 0 <= config.store.backups <= 1000:
        mistakes.append("store.backups: should be between 0 and 1000")
    if 0 < config.store.keep < 7 * 86400:
        mistakes.append('store.keep: should be at least "7d", or 0 for ever')
    mistakes += _check_alarms(config.alarms)
    mistakes += _check_topics(config.topics)
    return mistakes


def _check_networks(key: str, right: str, told: Iterable[str]) -> list[str]:
    mistakes = []
    for network in told:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            mistakes.append(f"{key}: should hold {right}, not {network!r}")
    return mistakes


def _check_proxy(fetch: FetchConfig) -> list[str]:
    mistakes = []
    if fetch.proxy is not None and not re.fullmatch(
        r"https?://(\[[0-9a-fA-F:]+\]|[^\s:/?#@]+)(:\d{1,5})?/?", fetch.proxy
    ):
        # what stands there may hold a password: it is not repeated
        mistakes.append('fetch.proxy: should be "http://HOST:PORT"; a login goes into proxy_user and proxy_password')
    if fetch.proxy is None and (fetch.proxy_user or fetch.proxy_password):
        mistakes.append("fetch.proxy: is required when proxy_user or proxy_password is given")
    if (fetch.proxy_user is None) != (fetch.proxy_password is None):
        mistakes.append("fetch.proxy_user, fetch.proxy_password: are given together")
    if fetch.proxy_user is not None and (":" in fetch.proxy_user or not fetch.proxy_user.isprintable()):
        mistakes.append("fetch.proxy_user: a colon or a control character cannot be in a user name")
    if fetch.proxy_password is not None and not fetch.proxy_password.startswith(("env:", "file:")):
        mistakes.append('fetch.proxy_password: is a secret: keep it elsewhere and write "env:NAME" or "file:PATH"')
    return mistakes


def _check_alarms(alarms: AlarmConfig) -> list[str]:
    mistakes = []
    if alarms.webhook is not None and not re.fullmatch(r"https?://\S+", alarms.webhook):
        mistakes.append("alarms.webhook: should be an address such as https://chat.example.org/hooks/copydesk")
    for key, address in (("mail", alarms.mail), ("sender", alarms.sender)):
        if address is not None and not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", address):
            mistakes.append(f"alarms.{key}: should be one address such as desk@example.org")
    if (
        not re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^\s:]+):\d{1,5}", alarms.smtp)
        or int(alarms.smtp.rpartition(":")[2]) > 65535
    ):
        mistakes.append('alarms.smtp: should be "HOST:PORT", such as "127.0.0.1:25"')
    if alarms.smtp_user is not None and alarms.smtp_password_file is None:
        mistakes.append("alarms.smtp_password_file: is required when smtp_user is given")
    return mistakes


def _check_topics(topics: tuple[TopicConfig, ...]) -> list[str]:
    mistakes = []
    names: set[str] = set()
    for number, topic in enumerate(topics, 1):
        key = f"topics.{number} ({topic.name})"
        if not SLUG.fullmatch(topic.name):
            mistakes.append(f"{key}: name: should be 1 to 64 of a-z, 0-9 and -; title is what people see")
        elif topic.name in RESERVED:
            mistakes.append(f"{key}: name: {topic.name!r} is reserved; choose another")
        if topic.name in names:
            mistakes.append(f"{key}: name: there is another topic of that name")
        names.add(topic.name)
        if topic.was is not None and not SLUG.fullmatch(topic.was):
            mistakes.append(f"{key}: was: should be the former name of the topic")
        try:
            compile_query(topic.topic())
        except QueryError as error:
            mistakes.append(f"{key}: query: {error.reason}\n    {error.query}\n    {' ' * error.position}^")
    for number, topic in enumerate(topics, 1):
        if topic.was in names:
            mistakes.append(f"topics.{number} ({topic.name}): was: a topic of that name is still there")
    return mistakes
