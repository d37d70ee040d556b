"""A mistake in a settings file: file, line, key, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .toml_lines import Path, lines_of

_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)")


class Mistake(str):
    """A mistake as the line that people are shown, `config.toml:31: topics.harbour.query: …`, with its parts."""

    __slots__ = ("file", "key", "line", "said")
    file: str  # as it was named to the program
    line: int | None  # counted from 1; None where the file as a whole is meant
    key: str  # dotted, "topics.harbour.query"; "" where the file as a whole is meant
    said: str  # what is wrong and what would be right

    def __new__(cls, file: str, said: str, *, key: str = "", line: int | None = None) -> Mistake:
        """The mistake of these parts."""
        file, key, said = _printable(file), _printable(key), _printable(said)
        place = file if line is None else f"{file}:{line}"
        made = super().__new__(cls, f"{place}: {key}: {said}" if key else f"{place}: {said}")
        made.file, made.line, made.key, made.said = file, line, key, said
        return made

    def as_json(self) -> dict[str, Any]:
        """The parts, for scripts."""
        return {"file": self.file, "line": self.line, "key": self.key or None, "message": self.said}


def _printable(text: str) -> str:
    """Text with unprintable characters escaped. Line breaks of a query stay, as a marker is shown below it."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text)


def of_text(file: str, text: str, table: Mapping[str, Any], found: Iterable[str]) -> list[Mistake]:
    """Mistakes `KEY: what would be right`, with the line of the key in the text of the file.

    A key is dotted, with places in lists counted from 0; a table of a list is shown by its `name`. Two keys, `a, b`,
    are shown as they are and have the line of the first that is there.
    """
    found = list(found)
    lines = lines_of(text) if found else {}
    return sorted(
        (_located(file, lines, table, one) for one in found), key=lambda one: (one.line is None, one.line or 0)
    )


def of_syntax(file: str, reason: str) -> Mistake:
    """The mistake of a text that is no TOML, as the standard library tells it."""
    place = _AT_LINE.search(reason)
    if place is None:
        return Mistake(file, f"is not TOML: {reason}")
    said = f"is not TOML: {reason[: place.start()]}, in column {place[2]}{reason[place.end() :]}"
    return Mistake(file, said, line=int(place[1]))


def _located(file: str, lines: Mapping[Path, int], table: Mapping[str, Any], text: str) -> Mistake:
    keys, separator, said = text.partition(": ")
    if not separator:
        return Mistake(file, text)
    paths = [_path(key) for key in keys.split(", ")]
    line = next((lines[path] for path in paths if path in lines), None)
    if line is None:  # a missing key has the line of its table
        line = _above(lines, paths[0])
    return Mistake(file, said, key=", ".join(_shown(path, table) for path in paths), line=line)


def _above(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of the nearest table that would hold a key that is not there."""
    for end in range(len(path) - 1, 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def _path(key: str) -> Path:
    return tuple(int(part) if part.isdecimal() else part for part in key.split("."))


def _shown(path: Path, table: Mapping[str, Any]) -> str:
    """A key for people: a table of a list by its name, else by its place counted from 1."""
    parts: list[str] = []
    here: Any = table
    for part in path:
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else None
            name = here.get("name") if isinstance(here, dict) else None
            shown = isinstance(name, str) and 0 < len(name) <= 64 and name.isprintable()
            parts.append(str(name) if shown else str(part + 1))
        else:
            here = here.get(part) if isinstance(here, dict) else None
            parts.append(part)
    return ".".join(parts)
