"""config.toml → Config: what this installation does. All mistakes of the file are reported together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from scrapers import STRICT, Proxy, SeedError, is_address, wrong_path
from scrapers.seed import toml_mistakes as toml

from ...errors import ConfigError, StoreUnusable
from ...messages import PageLocale
from ...messages.times import zone
from ...model import Audience, Topic, is_local
from ...store.database.location import Location, PostgresLocation, is_postgres
from ...topics import Subjects, subjects
from .checks import check_alarms, check_networks, check_proxy, check_store, check_topics, is_host_and_port
from .synonyms import SYNONYMS
from .tables import AlarmConfig, FetchConfig, LogConfig, PublishConfig, StoreConfig, TopicConfig, WebConfig

PageLanguage = Literal["en", "de", "es", "fr", "it", "nl", "pl", "pt", "uk"]
_REQUIRED = {"contact": "mailto:desk@example.org", "name": "unnamed"}


@dataclass(frozen=True, slots=True)
class Config:
    """The whole of config.toml. Paths are relative to `folder`, the folder of the file."""

    __pydantic_config__ = STRICT
    contact: str
    title: str = "copydesk"
    language: PageLanguage = "en"  # language of our own words on pages, unless the reader asks for another
    timezone: str = "UTC"  # zone of the times that people see, by its name in the IANA database: "Europe/Berlin"
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
        """The SQLite file. Raises StoreUnusable where the store is in PostgreSQL."""
        if is_postgres(self.store.url):
            raise StoreUnusable(f"{self.store.url}: this needs a store in a file")
        return self.path(self.store.url.removeprefix("sqlite:"))

    @property
    def store_at(self) -> Location:
        """Where the store is: the SQLite file, or a database of a PostgreSQL server."""
        if not is_postgres(self.store.url):
            return self.store_path
        password = self.store.password
        if password is not None and password.startswith("file:"):
            password = f"file:{self.path(password[5:])}"
        return PostgresLocation(self.store.url, self.store_folder, password)

    @property
    def store_folder(self) -> Path:
        """The folder on this machine for files beside the store (copies, private feeds)."""
        return self.path(self.store.folder) if is_postgres(self.store.url) else self.store_path.parent

    @property
    def audience(self) -> Audience:
        """Who reads the feeds: as publish.audience says, else private while base_url is a local name."""
        return self.publish.audience or ("private" if is_local(self.base_url) else "public")

    @property
    def page_locale(self) -> PageLocale:
        """Language and time zone of pages."""
        return PageLocale(self.language, self.timezone)

    @property
    def public(self) -> Path:
        """The published folder."""
        return self.path(self.publish.folder)

    @property
    def private(self) -> Path:
        """The folder of the private topics, beside the store: no web server has a reason to look into it."""
        return self.store_folder / "private"

    @property
    def seeds_folder(self) -> Path:
        """The folder of the seed files."""
        return self.path(self.seeds)

    def proxy(self) -> Proxy | None:
        """The proxy, its password not yet looked up; a relative path of its file starts beside config.toml."""
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
    config, mistakes = examined(path)
    if config is None or mistakes:
        raise ConfigError(mistakes)
    return config


def examined(path: Path) -> tuple[Config | None, Sequence[str]]:
    """The valid part of the configuration in a file, and every mistake; None where nothing of it can be used."""
    file = toml.load(path)
    if file.mistakes:
        return None, file.mistakes
    reading = toml.read(Config, file.table, _REQUIRED, SYNONYMS)
    if reading.value is None:
        return None, file.located(reading.mistakes)
    config = replace(reading.value, base_url=reading.value.base_url.rstrip("/"))
    object.__setattr__(config, "folder", path.parent.resolve())
    wrong = reading.and_also(toml.coerced(Config, file.table), _check_paths(config), _check(config))
    mistakes: list[str] = [*file.located(wrong)]
    try:
        if not mistakes and config.subjects is not None:
            own_subjects(config)
    except ConfigError as error:
        of_file = all(one.startswith("subjects: ") for one in error.mistakes)
        mistakes += file.located(error.mistakes) if of_file else error.mistakes
    try:
        if not mistakes and (proxy := config.proxy()) is not None:
            proxy.login()
    except SeedError as error:
        mistakes += file.located([error.reason])
    return config, mistakes


def own_subjects(config: Config) -> Subjects:
    """Sections and tags → subjects: the shipped table, overridden by the user's own. Raises ConfigError."""
    if config.subjects is None:
        return subjects()
    path = config.path(config.subjects)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError([f"subjects: {path} cannot be read: {why}"]) from error
    return subjects(text, where=str(path))


def _check(config: Config) -> list[str]:
    mistakes: list[str] = []
    if not config.title.strip():
        mistakes.append("title: should not be empty")
    reachable = re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", config.contact) or is_address(config.contact)
    if not reachable or not config.contact.isascii() or len(config.contact) > 200:  # it is sent with every request
        mistakes.append('contact: should be "mailto:you@example.org" or an address where sites can reach you')
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", config.base_url) or not is_address(config.base_url):
        mistakes.append(
            "base_url: should be the address under which readers reach the feeds, such as https://news.example.org"
        )
    try:
        zone(config.timezone)
    except ValueError:
        mistakes.append('timezone: should be a zone of the IANA database, such as "Europe/Berlin" or "UTC"')
    mistakes += check_store(config.store)
    if not is_host_and_port(config.web.listen):
        mistakes.append('web.listen: should be "HOST:PORT", such as "127.0.0.1:8484"')
    if not 1 <= config.publish.entries <= 1000:
        mistakes.append("publish.entries: should be between 1 and 1000")
    if not 1 <= config.web.on_demand_feeds <= 500:
        mistakes.append("web.on_demand_feeds: should be between 1 and 500")
    if not 86400 <= config.web.on_demand_keep <= 366 * 86400:
        mistakes.append('web.on_demand_keep: should be between "1d" and "366d"')
    if not 1 <= config.fetch.parallel <= 500:
        mistakes.append("fetch.parallel: should be between 1 and 500")
    if not 1 <= config.fetch.deadline <= 600:
        mistakes.append('fetch.deadline: should be between "1s" and "10m"')
    mistakes += check_networks("fetch.allow_networks", 'networks such as "127.0.0.0/8"', config.fetch.allow_networks)
    networks = 'networks such as "192.168.1.0/24"'
    mistakes += check_networks("publish.hub_networks", networks, config.publish.hub_networks)
    mistakes += check_networks("alarms.webhook_networks", networks, config.alarms.webhook_networks)
    mistakes += check_networks("web.proxies", 'addresses such as "127.0.0.1" or networks', config.web.proxies)
    mistakes += check_proxy(config.fetch)
    if config.publish.folder.strip() and config.store_folder.resolve().is_relative_to(config.public.resolve()):
        key = "folder" if is_postgres(config.store.url) else "url"
        mistakes.append(f"store.{key}: should not lie inside publish.folder, which web servers may show to everybody")
    if config.store.keep_entries and not 1000 <= config.store.keep_entries <= 100_000_000:
        mistakes.append("store.keep_entries: should be at least 1000, or 0 for no limit")
    if not 0 <= config.store.backups <= 1000:
        mistakes.append("store.backups: should be between 0 and 1000")
    if 0 < config.store.keep < 7 * 86400:
        mistakes.append('store.keep: should be at least "7d", or 0 for ever')
    mistakes += check_alarms(config.alarms)
    mistakes += check_topics(config.topics)
    return mistakes


def _check_paths(config: Config) -> list[str]:
    told = {
        "seeds": config.seeds,
        "store.url": None if is_postgres(config.store.url) else config.store.url.removeprefix("sqlite:"),
        "store.folder": config.store.folder,
        "publish.folder": config.publish.folder,
        "subjects": config.subjects,
        "alarms.webhook_file": config.alarms.webhook_file,
        "alarms.smtp_password_file": config.alarms.smtp_password_file,
    }
    return [f"{key}: {wrong}" for key, path in told.items() if path is not None and (wrong := wrong_path(path))]
