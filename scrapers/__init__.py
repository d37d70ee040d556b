"""Page → record. The public interface: `feeds` imports these names and no others."""

import importlib
from typing import TYPE_CHECKING

from .errors import (
    UNLIKE,
    CopydeskError,
    FetchError,
    Forbidden,
    Gone,
    PageChanged,
    ReadFailed,
    Refused,
    SeedError,
    Unreachable,
    Unread,
)
from .model import (
    FRONT,
    LEFT_OUT,
    PLAYER,
    WAITING,
    Article,
    Draft,
    Failure,
    Fetch,
    File,
    Front,
    Hop,
    Image,
    Link,
    Links,
    Page,
    Past,
    Progress,
    Reading,
    Record,
    Request,
    Run,
    Sample,
    Seen,
    folded_title,
)

if TYPE_CHECKING:
    from .crawl.backfill import backfill
    from .crawl.dispatch import read_draft, read_links, read_story_page
    from .crawl.imported_articles import Given, read_given
    from .crawl.library import PageReport, Story, find_stories, probe_page, read_article
    from .crawl.page_and_link import read_record
    from .crawl.run_builder import Read, VisitLimits
    from .crawl.scrape import revisit, scrape, scrape_page
    from .discover.feeds.opml import Imported, Subscription, read_opml
    from .discover.listing.listing_or_article import is_listing
    from .discover.probe.feed_or_listing import ReadLinks, Survey, Way, name_of, probe
    from .discover.probe.proposal import seed_to_toml, to_toml
    from .extract.body.phrases import split_credit
    from .fetch import (
        Answer,
        Fetcher,
        HostPace,
        HostTurn,
        Limits,
        Paces,
        PacesAway,
        Proxy,
        Robots,
        SharedPaces,
        redact,
    )
    from .fetch.files_asked import FileHead, FilesAsked
    from .fetch.http.headers import robots_directives
    from .fetch.robots import read_robots
    from .normalise.is_sanitised import is_sanitised
    from .normalise.record import fingerprint
    from .normalise.record import normalise as to_record
    from .page.embeds import medium_of
    from .page.latin_text import LatinFolding
    from .page.pictures import same_picture
    from .repair.examine import examine, sights
    from .repair.model import Examination, Known, Offered, Pointed, Repair, Sight, selectors_of, with_selectors
    from .repair.pointing import point
    from .repair.rewrite import rewritten
    from .schedule.next_visit import SAME_TIME, Standing, longest_interval, standing
    from .schedule.retry import ask_again
    from .seed import toml_mistakes as toml
    from .seed.credentials import Credentials, is_reference, reveal
    from .seed.durations import Seconds, in_words, seconds
    from .seed.impossible_values import wrong_path
    from .seed.mistake import Mistake
    from .seed.ownership import pointed_at, pointer_key, speaks_for
    from .seed.seed import RESERVED as RESERVED_SOURCES
    from .seed.seed import Discover, Expect, Extract, Seed, is_loopback, load_seed, load_seeds, moved_to, read_seed
    from .seed.seed import warnings as seed_warnings
    from .seed.without_pydantic import STRICT, Written
    from .stable_hash import share_of
    from .urls.article_number import article_number
    from .urls.atom_ids import feed_id, record_id, story_id
    from .urls.key import canonical_key
    from .urls.published_form import published_form
    from .urls.site import host, is_address, same_site, site

# Everything but plain values is imported on first use: workers need no httpx, most commands neither httpx nor a parser.
_LATER = {
    "Answer": "fetch",
    "Credentials": "seed.credentials",
    "Discover": "seed.seed",
    "Examination": "repair.model",
    "Expect": "seed.seed",
    "Extract": "seed.seed",
    "Fetcher": "fetch",
    "FileHead": "fetch.files_asked",
    "FilesAsked": "fetch.files_asked",
    "Given": "crawl.imported_articles",
    "HostPace": "fetch",
    "HostTurn": "fetch",
    "Imported": "discover.feeds.opml",
    "Known": "repair.model",
    "LatinFolding": "page.latin_text",
    "Limits": "fetch",
    "Mistake": "seed.mistake",
    "Offered": "repair.model",
    "Paces": "fetch",
    "PacesAway": "fetch",
    "PageReport": "crawl.library",
    "Pointed": "repair.model",
    "Proxy": "fetch",
    "RESERVED_SOURCES": "seed.seed:RESERVED",
    "Read": "crawl.run_builder",
    "ReadLinks": "discover.probe.feed_or_listing",
    "Repair": "repair.model",
    "Robots": "fetch",
    "SharedPaces": "fetch",
    "SAME_TIME": "schedule.next_visit",
    "STRICT": "seed.without_pydantic",
    "Seconds": "seed.durations",
    "Seed": "seed.seed",
    "Sight": "repair.model",
    "Standing": "schedule.next_visit",
    "Story": "crawl.library",
    "Subscription": "discover.feeds.opml",
    "Survey": "discover.probe.feed_or_listing",
    "VisitLimits": "crawl.run_builder",
    "Way": "discover.probe.feed_or_listing",
    "Written": "seed.without_pydantic",
    "article_number": "urls.article_number",
    "ask_again": "schedule.retry",
    "backfill": "crawl.backfill",
    "canonical_key": "urls.key",
    "examine": "repair.examine",
    "feed_id": "urls.atom_ids",
    "find_stories": "crawl.library",
    "fingerprint": "normalise.record",
    "host": "urls.site",
    "in_words": "seed.durations",
    "is_address": "urls.site",
    "is_listing": "discover.listing.listing_or_article",
    "is_loopback": "seed.seed",
    "is_reference": "seed.credentials",
    "is_sanitised": "normalise.is_sanitised",
    "load_seed": "seed.seed",
    "load_seeds": "seed.seed",
    "longest_interval": "schedule.next_visit",
    "medium_of": "page.embeds",
    "moved_to": "seed.seed",
    "name_of": "discover.probe.feed_or_listing",
    "point": "repair.pointing",
    "pointed_at": "seed.ownership",
    "pointer_key": "seed.ownership",
    "probe": "discover.probe.feed_or_listing",
    "probe_page": "crawl.library",
    "published_form": "urls.published_form",
    "read_article": "crawl.library",
    "read_draft": "crawl.dispatch",
    "read_given": "crawl.imported_articles",
    "read_links": "crawl.dispatch",
    "read_opml": "discover.feeds.opml",
    "read_record": "crawl.page_and_link",
    "read_robots": "fetch.robots",
    "read_seed": "seed.seed",
    "read_story_page": "crawl.dispatch",
    "record_id": "urls.atom_ids",
    "redact": "fetch",
    "reveal": "seed.credentials",
    "revisit": "crawl.scrape",
    "rewritten": "repair.rewrite",
    "robots_directives": "fetch.http.headers",
    "same_picture": "page.pictures",
    "same_site": "urls.site",
    "scrape": "crawl.scrape",
    "scrape_page": "crawl.scrape",
    "seconds": "seed.durations",
    "seed_to_toml": "discover.probe.proposal",
    "seed_warnings": "seed.seed:warnings",
    "selectors_of": "repair.model",
    "share_of": "stable_hash",
    "sights": "repair.examine",
    "site": "urls.site",
    "speaks_for": "seed.ownership",
    "split_credit": "extract.body.phrases",
    "standing": "schedule.next_visit",
    "story_id": "urls.atom_ids",
    "to_record": "normalise.record:normalise",
    "to_toml": "discover.probe.proposal",
    "toml": "seed:toml_mistakes",
    "with_selectors": "repair.model",
    "wrong_path": "seed.impossible_values",
}

__all__ = [
    "FRONT",
    "LEFT_OUT",
    "PLAYER",
    "RESERVED_SOURCES",
    "SAME_TIME",
    "STRICT",
    "UNLIKE",
    "WAITING",
    "Answer",
    "Article",
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
    "File",
    "FileHead",
    "FilesAsked",
    "Forbidden",
    "Front",
    "Given",
    "Gone",
    "Hop",
    "HostPace",
    "HostTurn",
    "Image",
    "Imported",
    "Known",
    "LatinFolding",
    "Limits",
    "Link",
    "Links",
    "Mistake",
    "Offered",
    "Paces",
    "PacesAway",
    "Page",
    "PageChanged",
    "PageReport",
    "Past",
    "Pointed",
    "Progress",
    "Proxy",
    "Read",
    "ReadFailed",
    "ReadLinks",
    "Reading",
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
    "SharedPaces",
    "Sight",
    "Standing",
    "Story",
    "Subscription",
    "Survey",
    "Unreachable",
    "Unread",
    "VisitLimits",
    "Way",
    "Written",
    "article_number",
    "ask_again",
    "backfill",
    "canonical_key",
    "examine",
    "feed_id",
    "find_stories",
    "fingerprint",
    "folded_title",
    "host",
    "in_words",
    "is_address",
    "is_listing",
    "is_loopback",
    "is_reference",
    "is_sanitised",
    "load_seed",
    "load_seeds",
    "longest_interval",
    "medium_of",
    "moved_to",
    "name_of",
    "point",
    "pointed_at",
    "pointer_key",
    "probe",
    "probe_page",
    "published_form",
    "read_article",
    "read_draft",
    "read_given",
    "read_links",
    "read_opml",
    "read_record",
    "read_robots",
    "read_seed",
    "read_story_page",
    "record_id",
    "redact",
    "reveal",
    "revisit",
    "rewritten",
    "robots_directives",
    "same_picture",
    "same_site",
    "scrape",
    "scrape_page",
    "seconds",
    "seed_to_toml",
    "seed_warnings",
    "selectors_of",
    "share_of",
    "sights",
    "site",
    "speaks_for",
    "split_credit",
    "standing",
    "story_id",
    "to_record",
    "to_toml",
    "toml",
    "with_selectors",
    "wrong_path",
]


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _LATER[name].partition(":")
    if name == "toml":  # a module itself
        module = f"{module}.{attribute}"
    holder = importlib.import_module(f"{__name__}.{module}")
    found: object = holder if name == "toml" else getattr(holder, attribute or name)
    globals()[name] = found  # so that it is looked up once
    return found
