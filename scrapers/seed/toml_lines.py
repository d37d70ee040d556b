"""The line of each key of a TOML text, which the standard library's parser does not give."""

from __future__ import annotations

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*(?:([A-Za-z0-9_-]+)|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)')[ \t]*""")
_STRING = re.compile(r'"{3}(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'{3}.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_PLAIN = re.compile(r"[^,\]\}\n#]*")
_DEEPEST = 50  # lists and tables within each other; what lies deeper has the line of what holds it


def lines_of(text: str) -> dict[Path, int]:
    """Key → line, counted from 1; keys as paths: `("topics", 1, "query")`. `text` is valid TOML.

    Tables have the line of their header, elements of lists their own.
    """
    return dict(_Reader(text).read())


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text.removeprefix("\N{BYTE ORDER MARK}")
        self.at = 0
        self._line, self._counted = 1, 0
        self._tables: dict[Path, int] = {}  # a list of tables → how many of them there are so far

    def read(self) -> Iterator[tuple[Path, int]]:
        table: Path = ()
        while self._skip() < len(self.text):
            start = self.at
            if self.text.startswith("[", self.at):
                many = self.text.startswith("[[", self.at)
                self.at += 1 + many
                table = self._place(self._key(), new=many)
                self.at += 1 + many
                yield table, self._line_at(start)
            else:
                yield from self._pair(table, 0)
            if self.at == start:  # not TOML: nothing more to find
                return

    def _pair(self, table: Path, depth: int) -> Iterator[tuple[Path, int]]:
        start = self._skip()
        path = (*table, *self._key())
        yield path, self._line_at(start)
        self.at += 1  # the equals sign
        yield from self._value(path, depth)

    def _value(self, path: Path, depth: int) -> Iterator[tuple[Path, int]]:
        self._skip()
        opening = self.text[self.at : self.at + 1]
        if string := _STRING.match(self.text, self.at):
            self.at = string.end()
        elif opening in ("[", "{") and opening and depth < _DEEPEST:
            yield from self._many(path, opening, depth + 1)
        else:
            plain = _PLAIN.match(self.text, self.at)
            self.at = plain.end() if plain else self.at

    def _many(self, path: Path, opening: str, depth: int) -> Iterator[tuple[Path, int]]:
        """The elements of a list, or the keys of a table in a line."""
        self.at += 1
        number = 0
        while self._skip() < len(self.text) and self.text[self.at] not in "]}":
            start = self.at
            if opening == "[":
                yield (*path, number), self._line_at(start)
                yield from self._value((*path, number), depth)
                number += 1
            else:
                yield from self._pair(path, depth)
            self._skip()
            self.at += self.text.startswith(",", self.at)
            if self.at == start:
                break
        self.at += 1

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while found := _KEY.match(self.text, self.at):
            parts.append(next(part for part in found.groups() if part is not None))
            self.at = found.end()
            if not self.text.startswith(".", self.at):
                break
            self.at += 1
        return tuple(parts)

    def _place(self, key: tuple[str, ...], *, new: bool) -> Path:
        """Where a table is: a name of a list of tables means the last of them."""
        path: Path = ()
        for number, part in enumerate(key):
            path = (*path, part)
            if new and number == len(key) - 1:
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
        return path

    def _skip(self) -> int:
        """Skip white space and comments."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _line_at(self, place: int) -> int:
        self._line += self.text.count("\n", self._counted, place)
        self._counted = place
        return self._line
