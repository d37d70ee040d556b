"""A cache of entry bodies: a record is in several documents, and its body is made once."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import NamedTuple

from scrapers import Image

from ..model import Media

MOST = 8_000_000  # bytes that are remembered
_HELD = 700  # about as many as a body takes beside its content: its picture, its place, the objects
_MEDIUM = 500  # and each medium


class ShownBody(NamedTuple):
    """The parts of an article that an entry shows."""

    content: str
    image: Image | None
    media: tuple[Media, ...]


class ShownBodies:
    """A bounded LRU cache of bodies. Safe for threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[int, ShownBody] = OrderedDict()
        self.size = 0  # bytes that are kept

    def get(self, inputs: Hashable, make: Callable[[], ShownBody]) -> ShownBody:
        """The body that is made of these, which are all that it depends on; made where it is not cached.

        Of the inputs only their hash is kept: they are as large as the body.
        """
        key = hash(inputs)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self.size += _size(made)
            while self.size > self._most:
                _, oldest = self._kept.popitem(last=False)
                self.size -= _size(oldest)
        return made


def _size(body: ShownBody) -> int:
    return sys.getsizeof(body.content) + _HELD + _MEDIUM * len(body.media)
