"""Rows as values: the columns of a row are the fields of a dataclass that have their names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, get_origin, get_type_hints

from ...rows import moment, sure_moment
from .connection import Connection, Row

T = TypeVar("T")
Convert = Callable[[Any], Any]


def value_of(kind: type[T], row: Row, **told: Any) -> T:
    """A row as a value of this dataclass; `told` are the fields that no column has as they are."""
    for name, convert in _columns(kind):  # type: ignore[arg-type]  # a class has a hash
        if name not in told:
            told[name] = row[name] if convert is None else convert(row[name])
    return kind(**told)


def rows_numbered(db: Connection, table: str, numbers: Iterable[int]) -> Iterable[Row]:
    """The rows of a table with these numbers."""
    return db.execute(
        f"SELECT * FROM {table} WHERE n IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",  # noqa: S608  our names
        (json.dumps(sorted(numbers)),),
    )


@cache
def _columns(kind: type[Any]) -> tuple[tuple[str, Convert | None], ...]:
    """The fields of a dataclass, each with what makes its value of what the database has."""
    hints = get_type_hints(kind)
    return tuple((field.name, _converter(hints[field.name])) for field in fields(kind))


def _converter(hint: Any) -> Convert | None:
    if hint == datetime | None:
        return moment
    if get_origin(hint) is tuple:
        return tuple_of
    if hint is datetime:
        return sure_moment
    return bool if hint is bool else None


def tuple_of(text: str) -> tuple[Any, ...]:
    """The values of a column that holds a list."""
    return tuple(json.loads(text)) if text != "[]" else ()
