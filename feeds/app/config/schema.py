"""Types of the configuration → JSON Schema (2020-12), so that editors complete and check config.toml and seeds.

Made from the dataclasses themselves; the comment behind a field is what the editor shows.
"""

from __future__ import annotations

import inspect
import io
import tokenize
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter

from scrapers import Seed

from .checks import RESERVED
from .config import Config

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# What `check` asks of a value beyond its type, as far as a schema can say it.
_NAME = {"pattern": "^[a-z0-9-]{1,64}$"}
_WEB = {"pattern": "^https?://[^/]"}
LIMITS: dict[str, dict[str, dict[str, Any]]] = {
    "Config": {
        "contact": {"pattern": "^(mailto:[^@\\s]+@[^@\\s]+|https?://\\S+)$"},
        "base_url": {"pattern": "^https?://[^\\s/?#@]+(/[^\\s?#]*)?$"},
    },
    "StoreConfig": {
        "url": {"pattern": "^(sqlite:.|postgres(ql)?://)"},
        "password": {"pattern": "^(env|file):."},
        "backups": {"minimum": 0, "maximum": 1000},
    },
    "PublishConfig": {"entries": {"minimum": 1, "maximum": 1000}},
    "FetchConfig": {"parallel": {"minimum": 1, "maximum": 500}},
    "WebConfig": {"listen": {"pattern": "^(\\[[0-9a-fA-F:]+\\]|[^\\s:]+):\\d{1,5}$"}},
    "TopicConfig": {"name": _NAME | {"not": {"enum": sorted(RESERVED)}}, "was": _NAME},
    "Seed": {"home": _WEB, "scraper": {"pattern": "^[a-z][a-z0-9_]{0,63}$"}},
    "Discover": {key: {"items": {"type": "string"} | _WEB} for key in ("rss", "sitemap", "pages")},
}
FILES = {"config": "copydesk.schema.json", "seed": "copydesk-seed.schema.json"}


def config_schema() -> dict[str, Any]:
    """JSON Schema of config.toml."""
    return _schema(Config, "copydesk: config.toml")


def seed_schema() -> dict[str, Any]:
    """JSON Schema of a file of the folder `seeds`; its name is the file's stem and no key."""
    found = _schema(Seed, "copydesk: a source")
    del found["properties"]["name"]
    found["required"].remove("name")
    found["additionalProperties"] = False
    return found


def keys(schema: dict[str, Any], before: str = "") -> Iterator[str]:
    """Every key that a schema knows, dotted: "fetch.deadline"; of a list of tables as of one: "topics.name"."""
    for name, value in _resolved(schema, schema).get("properties", {}).items():
        yield before + name
        inner = _resolved(schema, value)
        inner = _resolved(schema, inner.get("items", inner) if isinstance(inner.get("items", inner), dict) else inner)
        if inner.get("type") == "object" and "properties" in inner:
            yield from keys({**inner, "$defs": schema.get("$defs", {})}, f"{before}{name}.")


def _resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """The part of a schema that a $ref stands for."""
    reference = part.get("$ref", "")
    found: dict[str, Any] = schema["$defs"][reference.removeprefix("#/$defs/")] if reference else part
    return found


def _schema(kind: type, title: str) -> dict[str, Any]:
    found = TypeAdapter(kind).json_schema()
    for part in _dataclasses(kind):
        place = found if part is kind else found.get("$defs", {}).get(part.__name__)
        if place is None:
            continue
        place["description"] = (inspect.getdoc(part) or "").split("\n\n")[0]
        for name, words in comments(part).items():
            if name in place["properties"]:
                place["properties"][name]["description"] = words
        for name, limits in LIMITS.get(part.__name__, {}).items():
            _limit(place["properties"][name], limits)
    found["$schema"] = DIALECT
    found["title"] = title
    return found


def _limit(value: dict[str, Any], limits: dict[str, Any]) -> None:
    """Add limits to the schema of a value; for an optional one, to that of the value itself."""
    options = [one for one in value.get("anyOf", [value]) if one.get("type") != "null"]
    for option in options:
        option.update(limits)


def _dataclasses(kind: type) -> list[type]:
    """The dataclass and those that its fields hold."""
    found = [kind]
    for hint in get_type_hints(kind).values():
        for part in (hint, *get_args(hint)):
            if isinstance(part, type) and is_dataclass(part):
                found += [inner for inner in _dataclasses(part) if inner not in found]
    return found


def comments(kind: type, source: str | None = None) -> dict[str, str]:
    """Field → the comment behind it in the source; the fields of `kind` that have one.

    `source` is that of `kind` alone, where it is known already.
    """
    names = {field.name for field in fields(kind)}
    found: dict[str, str] = {}
    first = ""
    source = inspect.cleandoc(source or inspect.getsource(kind))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and token.line[: token.start[1]].strip() == "":
            first = token.string
        elif token.type == tokenize.COMMENT and first in names and token.line.strip().startswith(f"{first}:"):
            found[first] = token.string.removeprefix("#").strip()
    return found
