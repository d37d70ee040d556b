"""A TOML file → a frozen value, with every mistake named: file, line, key, and what would be right."""

from __future__ import annotations

import copy
import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, get_args, get_origin

from .impossible_values import wrong_values
from .mistake import Mistake, of_syntax, of_text
from .synonyms import Synonyms
from .without_pydantic import plain

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}  # making one takes milliseconds, using it microseconds


@dataclass(frozen=True, slots=True)
class TomlFile:
    """The text and the table of a TOML file; both are empty where `mistakes` says why it cannot be read."""

    name: str
    text: str
    table: dict[str, Any]
    mistakes: list[Mistake]

    def located(self, found: Iterable[str]) -> list[Mistake]:
        """Mistakes `KEY: what would be right`, with file and line."""
        return of_text(self.name, self.text, self.table, found)


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A table as a value. With `mistakes`, `KEY: what would be right`, it holds what is right of it, or is None."""

    value: T | None
    mistakes: list[str]

    def and_also(self, *further: Iterable[str]) -> list[str]:
        """The mistakes, and of each further check those whose key has none from an earlier one."""
        found = [*self.mistakes]
        for check in further:
            told = {mistake.partition(": ")[0] for mistake in found}
            found += [one for one in check if one.partition(": ")[0] not in told]
        return found


def load(path: Path) -> TomlFile:
    """A TOML file, read; an unreadable one has a mistake."""
    name = str(path)
    try:
        return of_text_itself(name, path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        mistake = Mistake(name, "there is no such file")
    except OSError as error:
        mistake = Mistake(name, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        mistake = Mistake(name, "is not UTF-8 text")
    return TomlFile(name, "", {}, [mistake])


def of_text_itself(name: str, text: str) -> TomlFile:
    """A text as if it were a TOML file; an unreadable one has a mistake."""
    try:
        return TomlFile(name, text, tomllib.loads(text), [])
    except tomllib.TOMLDecodeError as error:
        mistake = of_syntax(name, str(error))
    except RecursionError:
        mistake = Mistake(name, "is not TOML: it is nested too deep")
    except ValueError:  # tomllib raises int()'s own ValueError for more than 4,300 digits
        mistake = Mistake(name, "is not TOML: it holds a number that is too long")
    return TomlFile(name, "", {}, [mistake])


def read(kind: type[T], table: dict[str, Any], required: Mapping[str, str], synonyms: Synonyms = ()) -> Reading[T]:
    """`table` as a value of the dataclass `kind`, with all its mistakes in words.

    `required` has a stand-in for each required key, used where it is missing while the rest is checked. `synonyms`
    says what would be right in the place of keys that people type.
    """
    mistakes: list[str] = []
    rest = table
    if not (odd := list(wrong_values(table))) and (value := plain(kind, table)) is not None:
        return Reading(value, mistakes)
    from pydantic import ValidationError  # imported on first use: slow, and needed only for mistakes

    if odd:
        rest = copy.deepcopy(table)
        for place, said in odd:
            key = ".".join(str(part) for part in (place[:-1] if said.startswith("a key") else place))
            mistakes.append(f"{key}: {said}" if key else said)
            _leave_out(rest, place, required)
    try:
        return Reading(_adapter(kind).validate_python(rest), mistakes)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    mistakes += [_in_words(kind, one, synonyms) for one in errors]
    rest = copy.deepcopy(rest)
    for one in errors:
        _leave_out(rest, one["loc"], required)
    try:
        return Reading(_adapter(kind).validate_python(rest), mistakes)
    except ValidationError:
        return Reading(None, mistakes)


def coerced(kind: type, table: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Values that pydantic would turn into what a field wants, `render = "yes"`, though its schema refuses them."""
    hints = _hints(kind)
    for name, value in table.items():
        hint = hints.get(name)
        options = [hint] if get_origin(hint) is Annotated else [hint, *get_args(hint)]  # its own reader judges that one
        inner = next((one for one in options if isinstance(one, type) and is_dataclass(one)), None)
        if inner is not None:
            for place, part in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(part, dict):
                    yield from coerced(inner, part, f"{above}{name}." if place is None else f"{above}{name}.{place}.")
        elif bool in options and not isinstance(value, bool):
            yield f"{above}{name}: should be true or false"
        elif (int in options or float in options) and isinstance(value, bool | str):
            yield f"{above}{name}: should be a number"


@cache
def _hints(kind: type) -> dict[str, Any]:
    """The types of a dataclass's fields: finding them out takes longer than all else that a file is read for."""
    from typing import get_type_hints

    return get_type_hints(kind, include_extras=True)


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    from pydantic import TypeAdapter

    return _ADAPTERS.get(kind) or _ADAPTERS.setdefault(kind, TypeAdapter(kind))


def _leave_out(table: Any, place: Iterable[Any], required: Mapping[str, str]) -> None:
    """Take what is wrong out of a table. A table of a list stays in its place, so that the others keep theirs."""
    holder: Any = None
    key: Any = None
    here = table
    for part in place:
        inside = isinstance(part, int) and isinstance(here, list) and part < len(here) and isinstance(here[part], dict)
        if inside or (isinstance(here, dict) and part in here):
            holder, key, here = here, part, here[part]
        elif isinstance(here, dict) and part in required:
            here[part] = required[part]
            return
        else:
            break
    if isinstance(holder, dict):
        del holder[key]
        if key in required:
            holder[key] = required[key]


def _in_words(kind: type, error: Any, synonyms: Synonyms) -> str:
    place = [str(part) for part in error["loc"] if not str(part).startswith(("function-", "constrained-"))]
    key = ".".join(place)
    what = error["type"]
    if what in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"{key}: there is no such key; {_right_instead(kind, place, synonyms)}"
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


def _right_instead(kind: type, place: list[str], synonyms: Synonyms) -> str:
    """What would be right in the place of a key that does not exist."""
    typed = ".".join(part for part in place if not part.isdigit()).lower()
    for above, keys, right in synonyms:
        if any(typed == above + key for key in keys):
            return right
    if elsewhere := [above for above in _tables(kind) if place[-1] in _keys(kind, filter(None, [above]))]:
        names = [f"in [{above}]" if above else "at the top of the file, before any [table]" for above in elsewhere]
        return f"it stands {' or '.join(names)}"
    known = list(_keys(kind, place[:-1]))
    near = difflib.get_close_matches(place[-1], known, n=1)
    return f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(known)}"


def _tables(kind: type) -> Iterator[str]:
    """The tables of a file that are no lists, by name; "" for its top."""
    import typing

    yield ""
    for name, hint in typing.get_type_hints(kind).items():
        options = [hint, *(get_args(hint) if get_origin(hint) is not tuple else ())]
        if any(isinstance(one, type) and is_dataclass(one) for one in options):
            yield name


def _keys(kind: type, place: Iterable[str]) -> Iterable[str]:
    """The keys that the dataclass at `place` below `kind` knows."""

    for part in place:
        if part.isdigit():
            continue
        hints = _hints(kind)
        inner = hints.get(part)
        options = [inner, *get_args(inner)]
        found = next((o for o in options if isinstance(o, type) and is_dataclass(o)), None)
        if found is None:
            return ()
        kind = found
    return [f.name for f in fields(kind) if f.init] if is_dataclass(kind) else ()
