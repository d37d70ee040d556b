"""What is wrong with the tables of config.toml: `KEY: what would be right`."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from scrapers import is_address, is_reference

from ...errors import QueryError
from ...store.database.location import is_postgres, wrong_url
from ...topics import compile as compile_query
from .tables import SLUG, AlarmConfig, FetchConfig, StoreConfig, TopicConfig

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}")
RESERVED = frozenset({"archive", "index", "opml"})


def is_host_and_port(text: str) -> bool:
    """Whether this is `HOST:PORT`, with an IPv6 address in brackets."""
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:]+)\]|[^\s:\[\]/]{1,253}):([0-9]{1,5})", text)
    if found is None or int(found[2]) > 65535:
        return False
    try:
        return found[1] is None or ipaddress.IPv6Address(found[1]) is not None
    except ValueError:
        return False


def check_networks(key: str, right: str, told: Iterable[str]) -> list[str]:
    """What is wrong with a list of networks."""
    mistakes = []
    for network in told:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            mistakes.append(f"{key}: should hold {right}, not {network!r}")
    return mistakes


def check_store(store: StoreConfig) -> list[str]:
    """What is wrong with the store's location and login."""
    mistakes = []
    if (wrong := wrong_url(store.url)) is not None:
        mistakes.append(f"store.url: {wrong}")
    if store.password is not None and not is_reference(store.password):
        mistakes.append('store.password: is a secret: keep it elsewhere and write "env:NAME" or "file:PATH"')
    elif store.password is not None and not is_postgres(store.url):
        mistakes.append("store.password: is of a PostgreSQL server; the store is in a file")
    return mistakes


def check_proxy(fetch: FetchConfig) -> list[str]:
    """What is wrong with the proxy and its login."""
    mistakes = []
    if (
        fetch.proxy is not None
        and not re.fullmatch(r"https?://(\[[0-9a-fA-F:]+\]|[^\s:/?#@]+)(:\d{1,5})?/?", fetch.proxy)
    ) or (fetch.proxy is not None and not is_address(fetch.proxy)):
        # it may hold a password, so it is not repeated
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


def check_alarms(alarms: AlarmConfig) -> list[str]:
    """What is wrong with the channels of alarms."""
    mistakes = []
    if alarms.webhook is not None and not is_address(alarms.webhook):
        mistakes.append("alarms.webhook: should be an address such as https://chat.example.org/hooks/copydesk")
    for key, address in (("mail", alarms.mail), ("sender", alarms.sender)):
        if address is not None and not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", address):
            mistakes.append(f"alarms.{key}: should be one address such as desk@example.org")
    if not is_host_and_port(alarms.smtp):
        mistakes.append('alarms.smtp: should be "HOST:PORT", such as "127.0.0.1:25"')
    if alarms.smtp_user is not None and alarms.smtp_password_file is None:
        mistakes.append("alarms.smtp_password_file: is required when smtp_user is given")
    return mistakes


def check_topics(topics: tuple[TopicConfig, ...]) -> list[str]:
    """What is wrong with the topics."""
    mistakes = []
    names: set[str] = set()
    for number, topic in enumerate(topics):
        key = f"topics.{number}"
        if not SLUG.fullmatch(topic.name):
            mistakes.append(f"{key}.name: should be 1 to 64 of a-z, 0-9 and -; title is what people see")
        elif topic.name in RESERVED:
            mistakes.append(f"{key}.name: {topic.name!r} is reserved; choose another")
        if topic.name in names:
            mistakes.append(f"{key}.name: there is another topic of that name")
        names.add(topic.name)
        if topic.title is not None and not topic.title.strip():
            mistakes.append(f"{key}.title: should not be empty")
        if topic.language is not None and not LANGUAGE.fullmatch(topic.language):
            mistakes.append(f'{key}.language: should be the tag of a language, such as "en" or "pt-BR"')
        if topic.entries is not None and not 1 <= topic.entries <= 1000:
            mistakes.append(f"{key}.entries: should be between 1 and 1000")
        if topic.was is not None and not SLUG.fullmatch(topic.was):
            mistakes.append(f"{key}.was: should be the former name of the topic")
        try:
            compile_query(topic.topic())
        except QueryError as error:
            mistakes.append(f"{key}.query: {error.reason}\n    {error.query}\n    {' ' * error.position}^")
    for number, topic in enumerate(topics):
        if topic.was in names:
            mistakes.append(f"topics.{number}.was: a topic of that name is still there")
    return mistakes
