"""Lengths of time as people write them: "30m", "2h", "1d"."""

from __future__ import annotations

import re
from typing import Annotated

from .without_pydantic import Written

_FORM = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s{0,3}(s|m|h|d|w)", re.ASCII)
LONGEST = 36_500 * 86_400  # a century of seconds: calendars end
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds(value: object) -> float:
    """The seconds in "90s", "30m", "2h", "7d", "1w" or in a bare number of seconds. Raises ValueError otherwise."""
    if isinstance(value, bool):
        raise ValueError('should be a length of time such as "30m"')
    if isinstance(value, int | float):
        length = float(value)
    else:
        match = _FORM.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            raise ValueError('should be a length of time such as "90s", "30m", "2h" or "1d"')
        length = float(match[1]) * _UNITS[match[2]]
    if not 0 <= length <= LONGEST:  # also of a NaN
        raise ValueError('should be a length of time between 0 and "36500d"')
    return length


def in_words(length: float) -> str:
    """A length of time for people, in its largest fitting unit: "45 s", "30 min", "2 h", "3 d"."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if length >= size:
            return f"{length / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{length:.0f} s"


Seconds = Annotated[float, Written(seconds, {"type": ["string", "number"], "examples": ["90s", "30m", "2h", "1d"]})]
"""Seconds, written as a string with a unit in TOML."""
