"""A stable number between 0 and 1 for a text, to spread what would happen all at once."""

from __future__ import annotations

import hashlib


def share_of(text: str) -> float:
    """A stable number in [0, 1) for a text."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=4).digest()) / 2**32
