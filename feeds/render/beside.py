"""What was made of a value, remembered for as long as the value is there. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import ref

V = TypeVar("V")
M = TypeVar("M")


class Beside(Generic[V, M]):
    """Something beside each value that it was made of, by the value itself: an equal one has its own.

    Two threads may both make it; one of the two stays.
    """

    def __init__(self, make: Callable[[V], M]) -> None:
        self._make = make
        self._made: dict[int, tuple[ref[V], M]] = {}

    def __len__(self) -> int:
        return len(self._made)

    def of(self, value: V) -> M:
        """What is made of this value."""
        place = id(value)
        known = self._made.get(place)
        if known is None or known[0]() is not value:
            made = self._make(value)
            known = self._made[place] = ref(value, lambda _: self._made.pop(place, None)), made
        return known[1]
