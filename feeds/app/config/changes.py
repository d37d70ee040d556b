"""What a reload of the settings changed, and what of it waits for a restart. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from scrapers import Seed

from .config import Config
from .tables import TopicConfig

# Settings that take effect at the start only: the store, the server, the fetcher, the log.
AT_START = ("contact", "fetch", "log", "publish.folder", "publish.hub", "publish.hub_networks", "store", "web")


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys and sources in words: `topics.harbour.query`, `source quay: new`."""

    applied: tuple[str, ...]
    waiting: tuple[str, ...]  # for a restart


def changes(before: Config, after: Config, seeds: Mapping[str, Seed], seeds_after: Mapping[str, Seed]) -> Changes:
    """What differs after a reload. `before` is the configuration in use, with what was opened at the start."""
    found = list(_keys("", before, after))
    waiting = tuple(key for key in found if key in AT_START or key.startswith(tuple(f"{one}." for one in AT_START)))
    applied = [key for key in found if key not in waiting]
    for name in sorted(seeds.keys() | seeds_after.keys()):
        if name not in seeds_after:
            applied.append(f"source {name}: removed")
        elif name not in seeds:
            applied.append(f"source {name}: new")
        elif seeds[name] != seeds_after[name]:
            applied.append(f"source {name}: {', '.join(_keys('', seeds[name], seeds_after[name]))}")
    return Changes(tuple(applied), waiting)


def _keys(above: str, before: Any, after: Any) -> Iterator[str]:
    """The dotted keys whose values differ."""
    for field in fields(before):
        if not field.init:
            continue
        key, old, new = above + field.name, getattr(before, field.name), getattr(after, field.name)
        if old == new:
            continue
        if is_dataclass(old) and is_dataclass(new):
            yield from _keys(f"{key}.", old, new)
        elif field.name == "topics" and isinstance(before, Config):
            yield from _topics(old, new)
        else:
            yield key


def _topics(before: tuple[TopicConfig, ...], after: tuple[TopicConfig, ...]) -> Iterator[str]:
    old, new = {topic.name: topic for topic in before}, {topic.name: topic for topic in after}
    for name in old.keys() - new.keys():
        yield f"topics.{name}: removed"
    for name, topic in new.items():
        if name not in old:
            yield f"topics.{name}: new"
        elif topic != old[name]:
            yield from _keys(f"topics.{name}.", old[name], topic)
