"""What a form finds in a text: a day and its span."""

from __future__ import annotations

from typing import NamedTuple

from .moment import Clock


class Found(NamedTuple):
    """A day in a text. `clock` is given by forms that hold their time of day; else it is looked for beside the day."""

    start: int
    end: int
    year: int
    month: int
    day: int
    clock: Clock | None = None
    sure: bool = True  # False for forms without a year, whose day is the last such one


Refused = tuple[int, int]
"""The span of what looks like a date and is none: nothing inside it may be read as another one."""
