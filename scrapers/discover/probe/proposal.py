"""A survey as the text of a seed file: each key with the reason for its choice."""

from __future__ import annotations

from collections.abc import Mapping

import tomlkit
from tomlkit.items import Item, Table

from ...seed.seed import Seed
from .feed_or_listing import Survey

SCHEMA = "#:schema ../copydesk-seed.schema.json\n"  # tells an editor what may stand in the file


def to_toml(survey: Survey) -> str:
    """The proposed seed of a survey as `seeds/NAME.toml`, with a comment for each choice."""
    return seed_to_toml(survey.seed, survey.reasons)


def seed_to_toml(seed: Seed, reasons: Mapping[str, str]) -> str:
    """A seed as TOML. Only what differs from the defaults is written; `reasons` gives comments by dotted key."""
    document = tomlkit.document()
    _put(document, "home", seed.home, reasons.get("home"))
    if seed.title:
        _put(document, "title", seed.title, reasons.get("title"))
    if seed.language:
        _put(document, "language", seed.language, reasons.get("language"))
    if seed.timezone:
        _put(document, "timezone", seed.timezone, reasons.get("timezone"))
    if seed.every is not None:
        _put(document, "every", _length(seed.every), reasons.get("every"))
    if seed.hosts:
        _put(document, "hosts", list(seed.hosts), reasons.get("hosts"))
    if seed.render:
        _put(document, "render", True, reasons.get("render"))
    tables: dict[str, dict[str, object]] = {
        "discover": {
            "rss": list(seed.discover.rss),
            "sitemap": list(seed.discover.sitemap),
            "pages": list(seed.discover.pages),
            "links": seed.discover.links,
            "include": list(seed.discover.include),
            "exclude": list(seed.discover.exclude),
            "next_pages": seed.discover.next_pages,
        },
        "extract": {
            name: getattr(seed.extract, name)
            for name in ("title", "subtitle", "authors", "published", "updated", "section", "tags", "image", "body")
        }
        | {"drop": list(seed.extract.drop)},
        "expect": {"records_per_day": seed.expect.records_per_day},
    }
    for name, keys in tables.items():
        filled = {key: value for key, value in keys.items() if value}
        if not filled:
            continue
        table = tomlkit.table()
        for key, value in filled.items():
            _put(table, key, value, reasons.get(f"{name}.{key}"))
        document[name] = table
    return SCHEMA + tomlkit.dumps(document)


def _length(seconds: float) -> str:
    """A length of time as seed files write it: "90s", "30m", "2h"."""
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds:.0f}s"


def _put(table: tomlkit.TOMLDocument | Table, key: str, value: object, reason: str | None) -> None:
    """One key, its reason in a comment above it (a comment behind a long address would be out of sight)."""
    item: Item = tomlkit.item(value)  # str, float, int or a list of str
    if reason:
        table.add(tomlkit.comment(" ".join(reason.split())[:110]))
    table.add(key, item)
