"""Which source owns an address: the one of that site, or one with it among its `hosts`.

Any other source that lists the address gets a record of its own that points there. Its key is no address, so it never
takes the place, id or text of the owner's record, whichever comes first.
"""

from __future__ import annotations

from ..urls.site import site
from .seed import Seed

_POINTER = "via:"


def speaks_for(seed: Seed, url: str) -> bool:
    """Whether a source speaks for an address: it is on its own site, or on that of one of its `hosts`."""
    return site(url) in {site(seed.home), *(site(f"https://{name}/") for name in seed.hosts)}


def pointer_key(source: str, key: str) -> str:
    """The key of the record that a source has of another's address with the canonical key `key`."""
    return f"{_POINTER}{source}:{key}"


def pointed_at(key: str) -> str | None:
    """The canonical key of the address that a pointing record tells of; None for a record of its own site."""
    if not key.startswith(_POINTER):
        return None
    return key.removeprefix(_POINTER).partition(":")[2] or None
