"""Page → record. What stands here is the door: `feeds` imports these names and no others."""

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
from .model import Draft, Failure, Fetch, Hop, Image, Link, Links, Page, Past, Record, Request, Run, Seen, Validators
from .seed import Discover, Expect, Extract, Seed

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
    "Seed",
    "SeedError",
    "Seen",
    "Unreachable",
    "Validators",
]
