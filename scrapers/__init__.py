"""Page → record. What stands here is the door: `feeds` imports these names and no others."""

import importlib
from typing import TYPE_CHECKING

from . import toml
from .credentials import warnings as seed_warnings
from .durations import Seconds, in_words, seconds
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
from .fetch import HostPace, Limits, Paces, Proxy, redact
from .ids import feed_id, record_id, story_id
from .model import (
    Draft,
    Failure,
    Fetch,
    Front,
    Hop,
    Image,
    Link,
    Links,
    Page,
    Past,
    Record,
    Request,
    Run,
    Sample,
    Seen,
)
from .normalise import fingerprint
from .normalise import normalise as to_record
from .repair.model import Examination, Known, Offered, Repair, Sight, selectors_of, with_selectors
from .seed import RESERVED as RESERVED_SOURCES
from .seed import Credentials, Discover, Expect, Extract, Seed, is_loopback, load_seed, load_seeds, moved_to
from .urls import canonical_key, host, published_form, same_site, site

if TYPE_CHECKING:
    from .discover.opml import Imported, Subscription, read_opml
    from .discover.probe import ReadLinks, Survey, Way, name_of, probe
    from .discover.proposal import seed_to_toml, to_toml
    from .fetch import Answer, Fetcher, Robots
    from .older import backfill
    from .pipe import revisit, scrape, scrape_page
    from .reading import read_draft, read_links
    from .repair.examine import examine, sights
    from .repair.rewrite import rewritten
    from .schedule import SAME_TIME, Standing, ask_again, longest_interval, standing
    from .visit import Read, VisitLimits

# What imports httpx or a parser comes in when it is asked for: workers need no httpx, most commands neither.
_LATER = {
    "Survey": "discover.probe",
    "probe": "discover.probe",
    "read_opml": "discover.opml",
    "seed_to_toml": "discover.proposal",
    "Answer": "fetch",
    "Fetcher": "fetch",
    "Imported": "discover.opml",
    "SAME_TIME": "schedule",
    "Read": "visit",
    "ReadLinks": "discover.probe",
    "Robots": "fetch",
    "Standing": "schedule",
    "Subscription": "discover.opml",
    "VisitLimits": "visit",
    "Way": "discover.probe",
    "ask_again": "schedule",
    "backfill": "older",
    "examine": "repair.examine",
    "longest_interval": "schedule",
    "name_of": "discover.probe",
    "read_draft": "reading",
    "read_links": "reading",
    "revisit": "pipe",
    "rewritten": "repair.rewrite",
    "scrape": "pipe",
    "scrape_page": "pipe",
    "sights": "repair.examine",
    "standing": "schedule",
    "to_toml": "discover.proposal",
}

__all__ = [
    "RESERVED_SOURCES",
    "SAME_TIME",
    "Answer",
    "CopydeskError",
    "Credentials",
    "Discover",
    "Draft",
    "Examination",
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
    "Imported",
    "Known",
    "Limits",
    "Link",
    "Links",
    "Offered",
    "Paces",
    "Page",
    "PageChanged",
    "Past",
    "Proxy",
    "Read",
    "ReadFailed",
    "ReadLinks",
    "Record",
    "Refused",
    "Repair",
    "Request",
    "Robots",
    "Run",
    "Sample",
    "Seconds",
    "Seed",
    "SeedError",
    "Seen",
    "Sight",
    "Standing",
    "Subscription",
    "Survey",
    "Unreachable",
    "VisitLimits",
    "Way",
    "ask_again",
    "backfill",
    "canonical_key",
    "examine",
    "feed_id",
    "fingerprint",
    "host",
    "in_words",
    "is_loopback",
    "load_seed",
    "load_seeds",
    "longest_interval",
    "moved_to",
    "name_of",
    "probe",
    "published_form",
    "read_draft",
    "read_links",
    "read_opml",
    "record_id",
    "redact",
    "revisit",
    "rewritten",
    "same_site",
    "scrape",
    "scrape_page",
    "seconds",
    "seed_to_toml",
    "seed_warnings",
    "selectors_of",
    "sights",
    "site",
    "standing",
    "story_id",
    "to_record",
    "to_toml",
    "toml",
    "with_selectors",
]


def __getattr__(name: str) -> object:
    if name in _LATER:
        return getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
