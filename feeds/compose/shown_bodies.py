"""A cache of entry bodies: a record is in several documents, and its body is made once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import NamedTuple

import xxhash

from scrapers import Image

from ..model import Media

MOST = 8_000_000  # characters that are remembered


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
        self._kept: OrderedDict[Hashable, ShownBody] = OrderedDict()
        self.size = 0  # characters that are kept

    def get(self, key: Hashable, make: Callable[[], ShownBody]) -> ShownBody:
        """The body under a key, which covers all its inputs; made where it is not cached."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self.size += len(made.content)
            while self.size > self._most:
                _, oldest = self._kept.popitem(last=False)
                self.size -= len(oldest.content)
        return made


def digest(text: str) -> bytes:
    """A digest of a long text, for a key."""
    return xxhash.xxh3_128_digest(text.encode("utf-8", "surrogatepass"))
