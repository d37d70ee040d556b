"""Many rows by one statement of PostgreSQL: `INSERT … VALUES(?, ?)` becomes `INSERT … SELECT … FROM unnest(?, ?)`.

A statement for each row costs the server as much for its begin and end as for the row. Each column goes as one array in
the binary form of PostgreSQL's protocol, of a type that does not depend on its values: the server plans once.
"""

from __future__ import annotations

import re
import struct
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from .connection import Values

try:
    from psycopg.adapt import Dumper
    from psycopg.pq import Format

    _BINARY: Any = Format.BINARY
except ImportError:  # the extra `postgres`
    Dumper, _BINARY = object, None

MOST = 500  # rows of one statement
_INSERT = re.compile(r"INSERT INTO (\w+)(?:\(([\w, ]+)\))? VALUES\(")
_REST = re.compile(r"( ON CONFLICT( ?\([\w, ]+\))? DO NOTHING)?| ON CONFLICT ?\(([\w, ]+)\) DO UPDATE SET [^?%]+")
_CAST = re.compile(r"CAST\(\? AS (TEXT|BIGINT)\)")
_NULL = b"\xff\xff\xff\xff"  # in the place of a length
_INTEGER, _FLOAT = struct.Struct(">iq").pack, struct.Struct(">id").pack


class Texts(tuple[Any, ...]):
    """The values of a column of text."""

    __slots__ = ()


class Integers(tuple[Any, ...]):
    """… of whole numbers of 64 bits."""

    __slots__ = ()


class Floats(tuple[Any, ...]):
    """… of floating point numbers of 64 bits."""

    __slots__ = ()


class Blobs(tuple[Any, ...]):
    """… of bytes."""

    __slots__ = ()


_KINDS = {"text": Texts, "bigint": Integers, "double precision": Floats, "bytea": Blobs}


@dataclass(frozen=True, slots=True)
class ManyRows:
    """A statement for many rows, as psycopg takes it."""

    sql: str
    kinds: tuple[type[tuple[Any, ...]], ...]  # of its places
    unique: tuple[int, ...] | None  # the places that an upsert goes by

    def values(self, rows: Sequence[Values]) -> list[tuple[Any, ...]] | None:
        """The values of its places; None where rows have to be written one after the other, as one stands twice."""
        if self.unique is not None and len({tuple(row[at] for at in self.unique) for row in rows}) < len(rows):
            return None  # an upsert changes no row twice
        return [kind(column) for kind, column in zip(self.kinds, zip(*rows, strict=True), strict=True)]


def many_rows(sql: str, columns_of: Callable[[str], Mapping[str, str]]) -> ManyRows | None:
    """The statement that does for many rows what `sql` does for one; None where there is none.

    `columns_of` gives the columns of a table in their order, with the types of PostgreSQL.
    """
    begin = _INSERT.match(sql)
    if begin is None or "%" in sql:
        return None
    items, end = _items(sql, begin.end())
    rest = _REST.fullmatch(sql, end)
    if rest is None:
        return None
    types = columns_of(begin[1])
    names = list(types) if begin[2] is None else [name.strip() for name in begin[2].split(",")]
    told: list[str] = []
    kinds: list[type[tuple[Any, ...]]] = []
    places: dict[str, int] = {}
    for name, item in zip(names, items, strict=True):
        cast = _CAST.search(item)
        kind = _KINDS.get(types.get(name, "") if item == "?" else "" if cast is None else cast[1].lower())
        if kind is None or item.count("?") != 1:
            return None
        places[name] = len(kinds)
        told.append(item.replace("?", f"given.c{len(kinds)}"))
        kinds.append(kind)
    columns = "" if begin[2] is None else f"({begin[2]})"
    given = ", ".join(f"c{n}" for n in range(len(kinds)))
    text = (
        f"INSERT INTO {begin[1]}{columns} SELECT {', '.join(told)}"  # noqa: S608  of a statement of ours
        f" FROM unnest({', '.join(['%s'] * len(kinds))}) AS given({given}){rest[0]}"
    )
    unique = None if rest[3] is None else tuple(places[name.strip()] for name in rest[3].split(","))
    return ManyRows(text, tuple(kinds), unique)


def _items(sql: str, at: int) -> tuple[list[str], int]:
    """What stands between the brackets that are open at this place, by its commas; and the place behind them."""
    items, depth, begin, quoted = [], 0, at, False
    while depth >= 0:
        sign = sql[at]
        quoted ^= sign == "'"
        if not quoted:
            if sign in ",)" and not depth:
                items.append(sql[begin:at].strip())
                begin = at + 1
            depth += (sign == "(") - (sign == ")")
        at += 1
    return items, at


class _ArrayDumper(Dumper):  # type: ignore[misc]  # psycopg is there with its extra alone
    """An array in the binary form of the protocol: dimensions, whether one is NULL, type, length, first place."""

    format = _BINARY
    element = 0  # the number of its type in the catalogue of every server

    def dump(self, obj: tuple[Any, ...]) -> bytes:
        """The array; a value of another type than its column is a mistake of the caller."""
        head = struct.pack(">iiIii", 1, None in obj, self.element, len(obj), 1)
        return head + self.elements(obj)

    @abstractmethod
    def elements(self, values: tuple[Any, ...]) -> bytes:
        """Length and bytes of each."""


class _TextsDumper(_ArrayDumper):
    oid, element = 1009, 25

    def elements(self, values: tuple[Any, ...]) -> bytes:
        """NUL, which PostgreSQL's text cannot hold, becomes U+FFFD."""
        return _joined([None if value is None else value.replace("\0", "\ufffd").encode() for value in values])


class _IntegersDumper(_ArrayDumper):
    oid, element = 1016, 20

    def elements(self, values: tuple[Any, ...]) -> bytes:
        """64 bits each."""
        if None in values:
            return b"".join([_NULL if value is None else _INTEGER(8, value) for value in values])
        return b"".join(map(_INTEGER, repeat(8), values))


class _FloatsDumper(_ArrayDumper):
    oid, element = 1022, 701

    def elements(self, values: tuple[Any, ...]) -> bytes:
        """64 bits each."""
        return b"".join([_NULL if value is None else _FLOAT(8, value) for value in values])


class _BlobsDumper(_ArrayDumper):
    oid, element = 1001, 17

    def elements(self, values: tuple[Any, ...]) -> bytes:
        """As they are."""
        return _joined([None if value is None else bytes(value) for value in values])


def _joined(values: Iterable[bytes | None]) -> bytes:
    parts: list[bytes] = []
    for value in values:
        parts += (_NULL,) if value is None else (len(value).to_bytes(4, "big"), value)
    return b"".join(parts)


def register(raw: Any) -> None:
    """Teach a connection of psycopg to send arrays."""
    for kind, dumper in (
        (Texts, _TextsDumper),
        (Integers, _IntegersDumper),
        (Floats, _FloatsDumper),
        (Blobs, _BlobsDumper),
    ):
        raw.adapters.register_dumper(kind, dumper)
