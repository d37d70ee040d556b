"""The canonical key of an address.

The key is kept for ever: ids are minted from it, so what this module makes of an address must not change. It is a
table-driven form of RFC 3986 §6 that goes further where news sites do: http and https are one, so are the `www.`,
mobile and accelerated hosts, campaign and session parameters go, and pages that only redirect are unwrapped.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from . import tracking_params
from .parts import split, trimmed
from .site import LONGEST


@lru_cache(maxsize=8192)
def canonical_key(url: str) -> str:
    """The key under which an address is known for ever: `host/path?query`, without scheme.

    Two addresses with one key are one article. Idempotent; any string gives a key: what is no web address is its own
    key, and one of more than 2,000 characters is known by its hash. Ports other than 80 and 443 stay.
    """
    url = trimmed(url)
    seen = 0
    while True:
        parts = split(url)
        if parts is None:
            return _bounded(url)
        target = parts.leads_to()
        if target is None:
            parts = parts.without_amp()
            target = parts.leads_to()
        if target is None:
            return _bounded(parts.key())
        if seen >= 8:
            return _hashed(parts.key())  # an endless chain of redirect pages; unwrapped once more, its key would differ
        seen += 1
        url = trimmed(target)


def article_like(url: str) -> bool:
    """Whether an address can be an article's: not a home page, and not a section as far as its form tells.

    Meant for `rel=canonical`: a section that is taken for an article would merge all its articles, an article that is
    taken for a section only costs one alias. So a doubtful form is none.
    """
    parts = split(trimmed(url))
    if parts is None:
        return False
    if any(value and any(c.isdigit() for c in value) and name != "page" for name, value in parts.query):
        return True
    if not parts.path or any(part.lower() in tracking_params.SECTION_PARTS for part in parts.path[:-1]):
        return False
    last = unquote_to_bytes(parts.path[-1]).decode("utf-8", "replace")
    stem, dot, ending = last.rpartition(".")
    if dot and stem and ending.lower() in ("html", "htm", "php", "aspx", "asp", "shtml", "jsp", "ece", "story"):
        return any(c.isdigit() for c in stem) or len(stem) >= 12 or len(re.findall(r"[-_]", stem)) >= 2
    hyphens = last.count("-") + last.count("_")
    dated = any(part.isdigit() and len(part) in (2, 4, 6, 8) for part in parts.path[:-1])
    return (
        sum(c.isdigit() for c in last) >= 3
        or hyphens >= 3
        or len(last) >= 24
        or (dated and not last.isdigit())
        or (not last.isascii() and len(last) >= 8)
    )


def _bounded(key: str) -> str:
    return key if len(key) <= LONGEST else _hashed(key)


def _hashed(key: str) -> str:
    return "sha256:" + hashlib.sha256(key.encode("utf-8")).hexdigest()
