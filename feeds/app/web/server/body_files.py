"""Bodies that are sent again and again, as files in memory: the kernel sends these from where they lie."""

from __future__ import annotations

import os
from collections import OrderedDict

MOST = 8_000_000  # bytes of all files
LEAST = 16_384  # bytes of a body below which a copy costs less than another call


class BodyFiles:
    """A bounded cache, least recently used first out. Empty where the system has no files in memory (Linux has)."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self.size = 0
        self._files: OrderedDict[int, tuple[bytes, int]] = OrderedDict()  # by the identity of a body, which is kept

    def file_of(self, body: bytes | memoryview) -> int | None:
        """The descriptor of a file with a body, for use at once; None for what is not worth one."""
        if not isinstance(body, bytes) or not LEAST <= len(body) <= self._most // 4 or not hasattr(os, "memfd_create"):
            return None
        known = self._files.get(id(body))
        if known is not None:
            self._files.move_to_end(id(body))
            return known[1]
        try:
            file = os.memfd_create("body")
        except OSError:  # no descriptor is left
            return None
        try:
            written = os.write(file, body)
        except OSError:
            written = 0
        if written < len(body):
            os.close(file)
            return None
        self._files[id(body)] = body, file
        self.size += len(body)
        while self.size > self._most:
            self._drop_oldest()
        return file

    def close(self) -> None:
        """Give all files back."""
        while self._files:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        _, (body, file) = self._files.popitem(last=False)
        self.size -= len(body)
        os.close(file)
