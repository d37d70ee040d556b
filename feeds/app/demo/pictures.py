"""Pictures for the sample stories: drawn here, so that the demo needs no files and no internet."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from hashlib import blake2b


@lru_cache(maxsize=256)
def png(key: str, width: int, height: int) -> bytes:
    """A PNG of a sky over water in colours that `key` chooses; the same key gives the same picture."""
    hue = blake2b(key.encode(), digest_size=8).digest()
    horizon = height * (35 + hue[0] % 30) // 100
    sky = tuple(120 + hue[i] % 100 for i in (1, 2, 3))
    water = tuple(20 + hue[i] % 90 for i in (4, 5, 6))
    rows = bytearray()
    for y in range(height):
        if y < horizon:
            colour = bytes(min(255, c + 60 * y // max(1, horizon)) for c in sky)
        else:
            colour = bytes(max(0, c - 15 * (y - horizon) // max(1, height - horizon)) for c in water)
        rows += b"\0" + colour * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(rows), 6))
        + _chunk(b"IEND")
    )


def _chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
