"""Links that open the desk once: printed at the start and by `copydesk desk link`."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest

LIFE = 3600.0  # seconds that an unused link works
MOST = 20  # unused links at once; the oldest makes room
_BYTES = 24


def make_link_token() -> str:
    """A new token for a link: letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(_BYTES)


def link_digest(token: str) -> str:
    """What is told of a token to the daemon, and kept by it."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


class OneTimeLinks:
    """The links that still work, as digests. They belong to the loop, and end with the process."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._until: dict[str, float] = {}

    def add(self, digest: str) -> None:
        """From now on the token of this digest opens the desk, once."""
        self._until[digest] = self._monotonic() + LIFE
        while len(self._until) > MOST:
            del self._until[next(iter(self._until))]

    def use(self, token: str) -> bool:
        """Whether a token opens the desk; it does not do so again."""
        shown, found = link_digest(token), None
        for digest in self._until:
            if compare_digest(digest, shown):
                found = digest
        return found is not None and self._until.pop(found) > self._monotonic()
