"""A TOML file → a frozen value, with every mistake named: file, key, and what would be right."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}  # making one takes milliseconds, using it microseconds


def load(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The table of a TOML file, and its mistakes (a file that cannot be read gives an empty table and one mistake)."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig")), []
    except FileNotFoundError:
        return {}, [f"{path}: there is no such file"]
    except OSError as error:
        return {}, [f"{path}: cannot be read: {error.strerror}"]
    except UnicodeDecodeError:
        return {}, [f"{path}: is not UTF-8 text"]
    except tomllib.TOMLDecodeError as error:
        return {}, [f"{path}: is not TOML: {error}"]
    except RecursionError:
        return {}, [f"{path}: is not TOML: it is nested too deep"]
    except ValueError:  # tomllib passes on what int() says of more than 4,300 digits
        return {}, [f"{path}: is not TOML: it holds a number that is too long"]


def read(kind: type[T], table: dict[str, Any], where: str) -> tuple[T | None, list[str]]:
    """`table` as a value of the dataclass `kind`, or None with all its mistakes in words, one a line."""
    try:
        adapter = _ADAPTERS.get(kind) or _ADAPTERS.setdefault(kind, TypeAdapter(kind))
        return adapter.validate_python(table), []
    except ValidationError as error:
        return None, [f"{where}: {_in_words(kind, one)}" for one in error.errors(include_url=False)]


def _in_words(kind: type, error: Any) -> str:
    place = [str(part) for part in error["loc"] if not str(part).startswith(("function-", "constrained-"))]
    key = ".".join(place)
    what = error["type"]
    if what in ("unexpected_keyword_argument", "extra_forbidden"):
        known = list(_keys(kind, place[:-1]))
        near = difflib.get_close_matches(place[-1], known, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else f"; known here: {', '.join(known)}"
        return f"{key}: there is no such key{hint}"
    if what in ("missing", "missing_argument"):
        return f"{key}: is required"
    if what.startswith(("tuple_type", "list_type")):
        return f'{key}: should be a list, such as ["…"]'
    if what.startswith("string_type"):
        return f'{key}: should be a string in quotes, such as "…"'
    if what.startswith("bool"):
        return f"{key}: should be true or false"
    if what.startswith(("int", "float")):
        return f"{key}: should be a number"
    if what.startswith(("dataclass_type", "dict_type", "mapping_type")):
        return f"{key}: should be a table, such as [{key}]"
    if what == "literal_error":
        return f"{key}: should be {error['ctx']['expected']}, not {error['input']!r}"
    return f"{key}: {error['msg'].removeprefix('Value error, ')}"


def _keys(kind: type, place: Iterable[str]) -> Iterable[str]:
    """The keys that the dataclass at `place` below `kind` knows."""
    import typing

    for part in place:
        if part.isdigit():
            continue
        hints = typing.get_type_hints(kind)
        inner = hints.get(part)
        options = [inner, *get_args(inner)]
        found = next((o for o in options if isinstance(o, type) and is_dataclass(o)), None)
        if found is None:
            return ()
        kind = found
    return [f.name for f in fields(kind) if f.init] if is_dataclass(kind) else ()
