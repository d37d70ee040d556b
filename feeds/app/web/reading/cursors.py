"""Opaque cursors for the next piece of a list."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

_WORD = re.compile(r"[A-Za-z0-9_-]{2,64}")
_LARGEST = 2**62


def cursor(*numbers: int) -> str:
    """The cursor for these numbers."""
    return urlsafe_b64encode(".".join(map(str, numbers)).encode()).decode().rstrip("=")


def numbers_of(word: str, count: int) -> tuple[int, ...] | None:
    """The `count` numbers of a cursor; None for any other text."""
    if not _WORD.fullmatch(word):
        return None
    try:
        parts = urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode("ascii").split(".")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    if len(parts) != count or not all(re.fullmatch(r"-?[0-9]{1,19}", part) for part in parts):
        return None
    numbers = tuple(map(int, parts))
    return numbers if all(abs(one) < _LARGEST for one in numbers) else None
