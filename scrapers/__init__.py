"""Page → record. What stands here is the door: `feeds` imports these names and no others."""

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
from .model import Draft, Failure, Fetch, Front, Hop, Image, Link, Links, Page, Past, Record, Request, Run, Seen
from .seed import Discover, Expect, Extract, Seed, is_loopback, load_seed, load_seeds

__all__ = [
    "CopydeskError",
    "Discover",
    "Draft",
    "Expect",
    "Extract",
    "Failure",
    "Fetch",
    "FetchError",
    "Forbidden",
    "Front",
    "Gone",
    "Hop",
    "Image",
    "Link",
    "Links",
    "Page",
    "PageChanged",
    "Past",
    "ReadFailed",
    "Record",
    "Refused",
    "Request",
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
    "toml",
]
