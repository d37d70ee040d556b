"""A seed file with other selectors: the rest of it stays byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Item, String

from ..errors import SeedError


def rewritten(text: str, changes: Mapping[str, str], note: str) -> str:
    """The text of a seed file with the selectors of `changes` (dotted key → selector) in the place of the old ones.

    `note` goes behind each in a comment, with what stood there; a comment that is there already stays in front of it.
    Raises SeedError for a key that the file does not have.
    """
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise SeedError(f"is no TOML: {error}") from error
    told: dict[int, tuple[Item, list[str]]] = {}
    for field, selector in changes.items():
        part, _, name = field.partition(".")
        table: Any = document.get(part)
        if table is None or name not in table:
            raise SeedError(f"{field}: is not in the file")
        old = str(table[name])
        table[name] = _quoted(selector, table.item(name) if hasattr(table, "item") else table[name])
        # no comment may follow a value inside { … }
        holder = table if isinstance(table, InlineTable) else table[name]
        what = f"{name} was {old}" if holder is table else f"was {old}"
        told.setdefault(id(holder), (holder, []))[1].append(what)
    for holder, were in told.values():
        before = holder.trivia.comment.lstrip("# ").rstrip()
        comment = f"{note}: {', '.join(were)}"
        if not holder.trivia.comment_ws:
            holder.trivia.comment_ws = "  "
        holder.trivia.comment = f"# {before}; {comment}" if before else f"# {comment}"
    return tomlkit.dumps(document)


def _quoted(selector: str, old: Item) -> String:
    """The selector as TOML, in quotes that need no escapes; where the old value stood, as it stood."""
    literal = '"' in selector and "'" not in selector
    item = tomlkit.string(selector, literal=literal)
    item.trivia.indent = old.trivia.indent
    item.trivia.comment_ws = old.trivia.comment_ws
    item.trivia.comment = old.trivia.comment
    item.trivia.trail = old.trivia.trail
    return item
