"""The values that travel through `scrapers`: plain, frozen, fully typed.

Request → Page → Links → Page → Draft → Record, gathered in a Run. Partial knowledge has types of its own
(`Draft`, `Link`), so that a `Record` never lacks a title and never holds a naive date.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Literal

Kind = Literal["page", "feed", "sitemap", "robots", "data"]


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for. `kind` decides the limits of size and the media types that are welcome."""

    url: str
    kind: Kind = "page"
    etag: str | None = None  # validators of the copy that we hold
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    ca_file: str | None = None
    render: bool = False  # through a browser, where the extra is installed


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect that was followed."""

    status: int
    url: str  # where it led


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, whole. `body` is decoded from its transfer and content coding, not from its charset."""

    url: str  # the address after redirects
    body: bytes = b""
    content_type: str = "text/html"  # media type alone, lower case
    charset: str | None = None  # label of the HTTP header, if any
    status: int = 200
    asked: str | None = None  # the address that was asked for, where it differs
    hops: tuple[Hop, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    fresh_for: float | None = None  # seconds, from Cache-Control or Expires
    not_modified: bool = False  # 304: the body is the one that we hold
    fetched: datetime | None = None
    robots: tuple[str, ...] = ()  # X-Robots-Tag directives, lower case
    links: tuple[tuple[str, str], ...] = ()  # (rel, absolute URL) of the Link header


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article."""

    url: str
    caption: str | None = None
    credit: str | None = None
    alt: str | None = None
    width: int | None = None
    height: int | None = None
    type: str | None = None  # media type and bytes, where somebody told them: only both make an enclosure
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a page seems to say: raw and partial. Dates are strings as found, URLs may still be relative.

    `text` is the body in paragraphs parted by newlines; `html` the same body as clean markup (not yet sanitised).
    `witnesses` tells for each field which witness gave it.
    """

    title: str | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    canonical: str | None = None
    publisher: str | None = None
    image: Image | None = None
    text: str | None = None
    html: str | None = None
    aliases: tuple[str, ...] = ()  # further addresses of the same article (og:url, amphtml, guid that is a URL)
    guid: str | None = None  # the feed's own id, believed only inside its source
    published_estimated: bool = False  # a guess from running text
    paywalled: bool = False
    sponsored: bool = False
    next_page: str | None = None  # the article's next page, where it is parted
    robots: tuple[str, ...] = ()  # what its page holds back: noarchive, max-snippet:50 …
    witnesses: Mapping[str, str] = field(default_factory=dict)

    def or_else(self, other: Draft) -> Draft:
        """This draft with its gaps filled from `other`; each filled field keeps the name of its witness."""
        changes: dict[str, object] = {}
        who = dict(self.witnesses)
        for f in fields(self):
            if f.name == "witnesses":
                continue
            mine, theirs = getattr(self, f.name), getattr(other, f.name)
            if not mine and theirs:
                changes[f.name] = theirs
                if f.name in other.witnesses:
                    who[f.name] = other.witnesses[f.name]
        if not changes:
            return self
        return replace(self, witnesses=who, **changes)  # type: ignore[arg-type]  # names and types come from fields()


@dataclass(frozen=True, slots=True)
class Link:
    """One story that a front offers: its address, the way it was found, and what the link itself tells of it."""

    url: str
    way: str = "listing"  # "rss", "sitemap", "jsonld", "listing", "wordpress", "state" …
    hint: Draft = Draft()
    position: int = 0  # place on its way, first is 0
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Links:
    """What a front gives: stories, and where else the site says that it offers some."""

    items: tuple[Link, ...] = ()
    feeds: tuple[str, ...] = ()  # declared feeds, best first
    sitemaps: tuple[str, ...] = ()  # child sitemaps (of an index) or declared ones
    next_page: str | None = None
    title: str | None = None  # the site's or the feed's own name
    language: str | None = None
    notes: tuple[str, ...] = ()  # what was strange, in words
    passed: frozenset[str] = frozenset()  # keys of the site's own links that are no stories: menus, lists, services


@dataclass(frozen=True, slots=True)
class Record:
    """One article as one source carries it. Complete: it has an id, a title, a text and aware dates in UTC."""

    id: str  # urn:uuid:…, minted at first sight from `key`
    key: str  # the canonical URL key
    url: str  # the address for people
    source: str  # the seed's name
    title: str
    text: str  # paragraphs parted by newlines
    html: str  # sanitised, absolute addresses
    published: datetime
    first_seen: datetime
    published_estimated: bool = False
    updated: datetime | None = None  # what the page says of its last change
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    publisher: str | None = None
    image: Image | None = None
    paywalled: bool = False
    sponsored: bool = False
    aliases: tuple[str, ...] = ()  # canonical keys of every address that names this article, `key` among them
    canonical: str | None = None  # rel=canonical on another site: evidence of origin
    guid: str | None = None
    etag: str | None = None  # of the article's own page, for a conditional revisit
    last_modified: str | None = None
    way: str = "page"  # "page": read from its own page; "feed": whole from a feed; "hint": only what a feed told
    fingerprint: str = ""  # hash of title and text as a reader would compare them
    robots: tuple[str, ...] = ()  # what its page holds back: noarchive, max-snippet:50 …
    witnesses: Mapping[str, str] = field(default_factory=dict)


Outcome = Literal["kept", "known", "unchanged", "revised", "refused", "failed", "gone", "skipped", "queued"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one link of a visit."""

    url: str
    outcome: Outcome
    why: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """One known failure of a visit: of the source itself (`url` is a front) or of one page."""

    url: str
    kind: str  # name of the CopydeskError class
    reason: str
    status: int | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A page that was not what it should be, and why: for a person who looks."""

    page: Page
    why: str


@dataclass(frozen=True, slots=True)
class Front:
    """A page, feed or sitemap on which a source offers stories, and what to ask for it with next time."""

    url: str
    way: str = "listing"  # "listing", "rss", "sitemap", "wordpress" …
    etag: str | None = None
    last_modified: str | None = None
    whole: datetime | None = None  # when it was last read whole
    unchanged: int = 0  # 304 answers since then
    links: int = 0  # stories that it gave when last read whole


@dataclass(frozen=True, slots=True)
class Past:
    """What the store remembers of a source, read once before a visit."""

    known: frozenset[str] = frozenset()  # canonical keys that are records, or need no further look
    fronts: tuple[Front, ...] = ()  # where this source offered stories so far
    queued: tuple[str, ...] = ()  # addresses left over from a visit that ran out of time
    failures: int = 0  # visits in a row without a usable front
    last_visit: datetime | None = None
    last_success: datetime | None = None
    typical: float | None = None  # median number of links that a good visit gives
    due: datetime | None = None
    navigation: frozenset[str] = frozenset()  # keys shown for days without being taken for stories: they are no news
    passed: Mapping[str, int] = field(default_factory=dict)  # … not yet for as many days: key → on how many
    shapes: Mapping[str, int] = field(default_factory=dict)  # URL shapes of this source's proven articles
    looked: Mapping[str, datetime] = field(default_factory=dict)  # young records: when their page was read last, by key
    began: datetime | None = None  # when its first story was found
    arrivals: tuple[tuple[int, int], ...] = ()  # (hour since 1970, stories that came in it) of four weeks, in order


@dataclass(frozen=True, slots=True)
class Run:
    """One visit of one source, as plain values: what it gave and what went wrong."""

    source: str
    started: datetime
    finished: datetime
    records: tuple[Record, ...] = ()
    failures: tuple[Failure, ...] = ()
    seen: tuple[Seen, ...] = ()
    fronts: tuple[Front, ...] = ()  # every front that answered, as it is to be remembered
    queued: tuple[str, ...] = ()
    fresh_for: float | None = None
    title: str | None = None  # what the site calls itself
    language: str | None = None
    links: int = 0  # how many stories the fronts offered
    passed: frozenset[str] | None = None  # keys of what listings show besides stories; None: none was read
    chosen: int | None = None  # … of them by the seed's selector; None: no listing was read with one
    unchanged: bool = False  # every front answered 304
    redirected: str | None = None  # permanent new address of the home
    ways: Mapping[str, int] = field(default_factory=dict)  # way → number of links it gave
    shapes: Mapping[str, int] = field(default_factory=dict)  # URL shapes of proven articles, with counts
    notes: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()  # a few pages that failed, cut


Fetch = Callable[[Request], Awaitable[Page]]
"""The one door to the web: a request in, a page out, or a FetchError."""
