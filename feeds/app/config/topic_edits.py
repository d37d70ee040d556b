"""config.toml with another topic: everything around it, comments and order, stays byte for byte."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, InlineTable

from ...errors import ConfigError, WrongName
from .config import Config, examined
from .tables import TopicConfig

DEFAULTS = {
    field.name: field.default for field in dataclasses.fields(TopicConfig) if field.default is not dataclasses.MISSING
}


def with_topic(text: str, name: str | None, settings: Mapping[str, Any], *, title: str = "copydesk") -> str:
    """The file with the topic `name` as `settings` have it, or with a new topic. A setting of its default is left out.

    `settings` holds names of `[[topics]]`; what it does not name stays. Where the file has no topics, there is one that
    holds everything: it is written out beside the new one. Raises ConfigError, WrongName.
    """
    document = _parsed(text)
    topics = document.get("topics")
    if name is None:
        fresh = tomlkit.inline_table() if isinstance(topics, Array) else tomlkit.table()
        _put(fresh, settings)
        if topics is None:
            everything = tomlkit.table()
            _put(everything, {"name": "all", "title": title})
            topics = tomlkit.aot()
            everything.add(tomlkit.nl())
            topics.append(everything)
            topics.append(fresh)
            document.add(tomlkit.nl())
            document.add("topics", topics)
        else:
            if isinstance(topics, AoT) and len(topics) and not _is_blank(topics[-1]):
                topics[-1].add(tomlkit.nl())
            if isinstance(topics, AoT) and not _ends_with(document, topics):
                fresh.add(tomlkit.nl())
            topics.append(fresh)
    else:
        _put(_found(topics, name), settings)
    return tomlkit.dumps(document)


def without_topic(text: str, name: str) -> str:
    """The file without a topic. Raises ConfigError, WrongName."""
    document = _parsed(text)
    topics = document.get("topics")
    table: Any = _found(topics, name)
    if isinstance(topics, Array):
        topics.remove(table)
        return tomlkit.dumps(document)
    _trailing(table)  # comments behind its last key belong to what follows
    body = table.as_string()
    begins = text.index(body)
    header = text.rindex("[[", 0, begins)
    return text[:header] + text[begins + len(body) :]


def checked(path: Path, text: str) -> Config:
    """The configuration that a file would have with this text. Raises ConfigError with every mistake."""
    trial = path.with_name(f".{path.name}.trial")
    trial.write_text(text, encoding="utf-8")
    try:
        config, mistakes = examined(trial)
    finally:
        trial.unlink()
    if config is None or mistakes:
        raise ConfigError([str(one).replace(str(trial), path.name) for one in mistakes])
    return config


def _parsed(text: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise ConfigError([f"config.toml: is not TOML: {error}"]) from error


def _found(topics: Any, name: str) -> MutableMapping[str, Any]:
    found = [one for one in (topics if isinstance(topics, AoT | Array) else ()) if one.get("name") == name]
    if not found:
        raise WrongName(f"there is no topic {name} in the file")
    table: MutableMapping[str, Any] = found[0]
    return table


def _trailing(table: Any) -> list[Any]:
    """Take the comments and blank lines behind the last key of a table out of it: they belong to what follows."""
    body = table.value.body
    last = max((n for n, (key, _) in enumerate(body) if key is not None), default=-1)
    found = [item for _, item in body[last + 1 :]]
    del body[last + 1 :]
    return found


def _is_blank(table: Any) -> bool:
    """Whether a table ends with a blank line."""
    return bool(table.as_string().endswith("\n\n"))


def _ends_with(document: tomlkit.TOMLDocument, topics: Any) -> bool:
    """Whether nothing follows the topics in a file."""
    return bool(document.body and document.body[-1][1] is topics)


def _put(table: MutableMapping[str, Any], settings: Mapping[str, Any]) -> None:
    behind = [] if isinstance(table, InlineTable) else _trailing(table)
    for key, value in settings.items():
        value = list(value) if isinstance(value, tuple) else value
        default = DEFAULTS.get(key)
        if value is None or value == (list(default) if isinstance(default, tuple) else default):
            if key in table:
                del table[key]
        elif table.get(key) != value:
            table[key] = _quoted(value, isinstance(table, InlineTable))
    for item in behind:
        table.add(item)  # type: ignore[attr-defined]  # a table of tomlkit


def _quoted(value: Any, inline: bool) -> Any:
    """A value as a person would write it: a query in quotes that need no escapes, a long one over several lines."""
    if not isinstance(value, str):
        return value
    if "\n" in value and not inline and "'''" not in value:
        return tomlkit.string(value, literal=True, multiline=True)
    return tomlkit.string(value, literal='"' in value and "'" not in value and "\n" not in value)
