"""Page → record. What stands here is the door: `feeds` imports these names and no others."""

from typing import TYPE_CHECKING

from . import toml
from .durations import Seconds, in_words
from .errors import (
    CopydeskError,
    FetchError,
    Forbidden,
    Gone,
    PageChanged,
    ReadFailed,
    Refused,
    SeedError,
    Unreachable,
)
from .fetch import HostPace, Limits, Paces, redact
from .model import Draft, Failure, Fetch, Front, Hop, Image, Link, Links, Page, Past, Record, Request, Run, Seen
from .seed import Discover, Expect, Extract, Seed, is_loopback, load_seed, load_seeds

if TYPE_CHECKING:
    from .fetch import Answer, Fetcher, Robots

__all__ = [
    "Answer",
    "CopydeskError",
    "Discover",
    "Draft",
    "Expect",
    "Extract",
    "Failure",
    "Fetch",
    "FetchError",
    "Fetcher",
    "Forbidden",
    "Front",
    "Gone",
    "Hop",
    "HostPace",
    "Image",
    "Limits",
    "Link",
    "Links",
    "Paces",
    "Page",
    "PageChanged",
    "Past",
    "ReadFailed",
    "Record",
    "Refused",
    "Request",
    "Robots",
    "Run",
    "Seconds",
    "Seed",
    "SeedError",
    "Seen",
    "Unreachable",
    "in_words",
    "is_loopback",
    "load_seed",
    "load_seeds",
    "redact",
    "toml",
]


def __getattr__(name: str) -> object:
    # What imports httpx comes in when it is asked for: parse workers and most commands never need it.
    if name in ("Answer", "Fetcher", "Robots"):
        from . import fetch

        return getattr(fetch, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
