"""Rows as values: the columns of a row are the fields of a dataclass that have their names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar, get_origin, get_type_hints

from ...rows import moment, sure_moment
from .connection import Connection, Row

T = TypeVar("T")
Convert = Callable[[Any], Any]


def value_of(kind: type[T], row: Row) -> T:
    """A row as a value of this dataclass."""
    read, converted = _columns(kind)  # type: ignore[arg-type]  # a class has a hash
    values = list(read(row))
    for place, convert in converted:
        values[place] = convert(values[place])
    return kind(*values)


def rows_numbered(db: Connection, table: str, numbers: Iterable[int]) -> Iterable[Row]:
    """The rows of a table with these numbers."""
    rows = db.execute(
        f"SELECT * FROM {table} WHERE n IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",  # noqa: S608  our names
        (json.dumps(sorted(numbers)),),
    )
    return rows.fetchall()


@cache
def _columns(kind: type[Any]) -> tuple[Callable[[Row], tuple[Any, ...]], tuple[tuple[int, Convert], ...]]:
    """What reads the columns of a dataclass, and the places of those that are converted."""
    hints, names = get_type_hints(kind), [field.name for field in fields(kind)]
    converters = [(place, _converter(hints[name])) for place, name in enumerate(names)]
    return itemgetter(*names), tuple((place, convert) for place, convert in converters if convert is not None)


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
