"""A table of a settings file as a frozen value, where each value already has its field's type.

Most files are right, and reading one should not cost the import of pydantic. In any doubt `plain` gives None and leaves
the table, and the error messages, to pydantic; it never gives a value that pydantic would not give.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core.core_schema import CoreSchema

T = TypeVar("T")

STRICT = {"extra": "forbid"}
"""`__pydantic_config__` of a value that refuses unknown keys."""


@dataclass(frozen=True, slots=True)
class Written:
    """Annotation of a field whose form in the file differs from its value."""

    read: Callable[[object], object]  # raises ValueError with what would be right
    json_schema: Mapping[str, Any]  # of what is written

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """For pydantic: `read` comes before the field's own type."""
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """For pydantic: the schema of what is written."""
        return dict(self.json_schema)

    def __hash__(self) -> int:
        """Hashable, as typing requires of an annotation."""
        return hash(self.read)


class _Unsure(Exception):
    """This module cannot decide; pydantic has to."""


def plain(kind: type[T], table: Mapping[str, object]) -> T | None:
    """`table` as a value of the dataclass `kind`; None where pydantic has to read it."""
    try:
        return cast("T", _value(kind, table))
    except _Unsure:
        return None


def _value(hint: Any, told: object) -> object:
    if isinstance(hint, type) and is_dataclass(hint):
        return _of_table(hint, told)
    if hint in (str, bool, int) and type(told) is hint:
        return told
    if hint is float and type(told) in (int, float):
        return float(cast("float", told))
    return _of_form(get_origin(hint), get_args(hint), told)


def _of_form(form: object, parts: tuple[Any, ...], told: object) -> object:
    """A value of a type that is made of others."""
    if form is Annotated and len(parts) == 2 and isinstance(parts[1], Written):
        try:
            return _value(parts[0], parts[1].read(told))
        except ValueError:
            raise _Unsure from None
    if form is tuple and isinstance(told, list | tuple) and parts[1:] == (...,):
        return tuple(_value(parts[0], one) for one in told)
    if form is Mapping and isinstance(told, dict) and parts[0] is str:
        return {key: _value(parts[1], value) for key, value in told.items()}
    if form is Literal and isinstance(told, str) and told in parts:
        return told
    if form in (Union, types.UnionType):
        for part in parts:
            if part is not types.NoneType:
                try:
                    return _value(part, told)
                except _Unsure:
                    continue
    raise _Unsure


def _of_table(kind: type, told: object) -> object:
    hints = _hints(kind)
    if not isinstance(told, dict) or not told.keys() <= hints.keys():
        raise _Unsure
    try:
        return kind(**{key: _value(hints[key], value) for key, value in told.items()})
    except TypeError:  # a key is missing
        raise _Unsure from None


@cache
def _hints(kind: type) -> dict[str, Any]:
    """The types of the fields that a table may give."""
    from typing import get_type_hints

    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in fields(kind) if field.init}
