"""Tokens that open private topics: made here, and known to the store as hashes alone (RELIABILITY W6)."""

from __future__ import annotations

import secrets
from hashlib import sha256

BYTES = 24  # of chance: 192 bits, 32 characters of an address


def make() -> str:
    """A new token: letters, digits, `-` and `_`. Whoever has it may read one topic; it is shown once and not kept."""
    return secrets.token_urlsafe(BYTES)


def digest(token: str) -> bytes:
    """What is kept of a token. So much chance needs neither salt nor a slow hash: nobody can go through all of them."""
    return sha256(token.encode()).digest()
