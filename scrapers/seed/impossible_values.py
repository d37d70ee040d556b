"""What no value of a settings file may be, whatever its key: infinite numbers, control characters, impossible paths."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

Place = tuple[str | int, ...]

LARGEST = 2**53  # larger integers of TOML lose precision in JSON and floating point
LONGEST_NAME, LONGEST_PATH = 255, 4000  # bytes that file systems take
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # a query may have lines and tabs


def wrong_values(table: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Each impossible value of a table: its place, and what would be right."""
    if isinstance(table, dict):
        for key, value in table.items():
            if _CONTROL.search(key):
                yield (*place, key), "a key holds a control character"
            else:
                yield from wrong_values(value, (*place, key))
    elif isinstance(table, list):
        for n, value in enumerate(table):
            yield from wrong_values(value, (*place, n))
    elif isinstance(table, str):
        if _CONTROL.search(table):
            yield place, "should hold no control characters"
    elif isinstance(table, float) and not math.isfinite(table):
        yield place, "should be a number that is not endless"
    elif isinstance(table, int | float) and abs(table) > LARGEST:
        yield place, "should be a smaller number"


def wrong_path(path: str) -> str | None:
    """Why no file can have this path, None when one can."""
    data = path.encode("utf-8", "replace")
    if not path.strip():
        return "should be a path, not empty"
    if "\0" in path or "\n" in path:
        return "should be a path in one line"
    if len(data) > LONGEST_PATH or any(len(name) > LONGEST_NAME for name in data.split(b"/")):
        return f"should be a path of names of at most {LONGEST_NAME} bytes"
    return None
