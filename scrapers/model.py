"""The values that travel through `scrapers`: plain, frozen, fully typed.

Request → Page → Links → Page → Draft → Record, gathered in a Run. Partial data have types of their own
(`Draft`, `Link`), so that a `Record` never lacks a title and never holds a naive date.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Literal

Kind = Literal["page", "feed", "sitemap", "robots", "data", "file"]
LinkWay = Literal["listing", "rss", "sitemap", "jsonld", "state", "wordpress", "wix", "queued"]
FrontWay = Literal["listing", "rss", "sitemap", "sitemap-part", "next", "robots", "robots-all"]
RecordWay = Literal["page", "feed", "hint", "published"]
FailureKind = Literal[
    "bug", "CopydeskError", "FetchError", "Unreachable", "Refused", "Gone", "Forbidden", "PageChanged", "ReadFailed",
    "Unread", "SeedError",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for. `kind` decides the limits of size and the media types that are welcome.

    A "file" is not fetched: only its head is asked for, once in the life of a process.
    """

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
    length: int | None = None  # bytes, as the head of a file tells them


@dataclass(frozen=True, slots=True)
class File:
    """A video or audio file of an article, or the page of a player (`type` text/html)."""

    url: str
    type: str | None = None  # media type
    length: int | None = None  # bytes
    width: int | None = None  # pixels, of a player
    height: int | None = None


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

    `text` is the body in paragraphs split by newlines; `html` the same body as clean markup (not yet sanitised).
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
    base: str | None = None  # what relative addresses in `html` are resolved against, where it is not the page's own
    aliases: tuple[str, ...] = ()  # further addresses of the same article (og:url, amphtml, guid that is a URL)
    guid: str | None = None  # the feed's own id, believed only inside its source
    published_estimated: bool = False  # a guess from running text
    paywalled: bool = False
    sponsored: bool = False
    next_page: str | None = None  # the article's next page, where it is split
    unlike: str | None = None  # what the page is instead of a story: "a consent wall", "a login" …
    robots: tuple[str, ...] = ()  # what its page holds back: noarchive, max-snippet:50 …
    license: str | None = None  # address of the licence that it names, or the licence's name
    contributors: tuple[str, ...] = ()  # contributors that it names, besides the authors
    comments: str | None = None  # the page of its readers' comments
    comments_feed: str | None = None
    files: tuple[File, ...] = ()  # video and audio files whose type or length is known
    witnesses: Mapping[str, str] = field(default_factory=dict)

    def or_else(self, other: Draft) -> Draft:
        """This draft with its empty fields filled from `other`; each field keeps the name of its witness."""
        changes: dict[str, object] = {}
        who = dict(self.witnesses)
        for f in fields(self):
            if f.name in ("witnesses", "base"):
                continue
            mine, theirs = getattr(self, f.name), getattr(other, f.name)
            if not mine and theirs:
                changes[f.name] = theirs
                if f.name in other.witnesses:
                    who[f.name] = other.witnesses[f.name]
        if not changes:
            return self
        if "html" in changes:
            changes["base"] = other.base
        return replace(self, witnesses=who, **changes)  # type: ignore[arg-type]  # names and types come from fields()


@dataclass(frozen=True, slots=True)
class Link:
    """One story that a front offers: its address, the way it was found, and what the link itself tells of it."""

    url: str
    way: LinkWay = "listing"
    hint: Draft = Draft()
    position: int = 0  # place on its way, first is 0
    score: float = 1.0
    seen_at: int | None = None  # its place on a listing, where another way offers it too


@dataclass(frozen=True, slots=True)
class Links:
    """What a front gives: stories, and further places where the site offers some."""

    items: tuple[Link, ...] = ()
    feeds: tuple[str, ...] = ()  # declared feeds, best first
    sitemaps: tuple[str, ...] = ()  # child sitemaps (of an index) or declared ones
    next_page: str | None = None
    title: str | None = None  # the site's or the feed's own name
    language: str | None = None
    notes: tuple[str, ...] = ()  # what was unusual, in words
    passed: frozenset[str] = frozenset()  # keys of the site's own links that are no stories: menus, lists, services
    services: tuple[str, ...] = ()  # what looks like stories of a listing and leads to shops, jobs or advertising


@dataclass(frozen=True, slots=True)
class Record:
    """One article as one source carries it. Complete: it has an id, a title, a text and aware dates in UTC."""

    id: str  # urn:uuid:…, minted at first sight from `key`
    key: str  # the canonical URL key
    url: str  # the address for people
    source: str  # the seed's name
    title: str
    text: str  # paragraphs split by newlines
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
    # "page": read from its own page; "feed": whole from a feed; "hint": only what a front told; "published": recovered
    way: RecordWay = "page"
    fingerprint: str = ""  # hash of title and text as a reader would compare them
    robots: tuple[str, ...] = ()  # what its page holds back: noarchive, max-snippet:50 …
    license: str | None = None  # address of its licence, or the licence's name
    contributors: tuple[str, ...] = ()  # contributors that its page names, none of them an author
    comments: str | None = None  # address of the page of its readers' comments
    comments_feed: str | None = None
    files: tuple[File, ...] = ()  # video and audio files whose type or length is known
    witnesses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Article:
    """A draft and its context: the input of a record.

    `url` is the address after redirects, `asked` the one that was asked for. `position` is the place on the front of a
    first visit, else 0.
    """

    draft: Draft
    url: str
    first_seen: datetime
    asked: str | None = None
    position: int = 0
    site_title: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the page of a story gave: its record, or the reason why it is no story.

    `draft` is without its text then. Where the article goes on over further pages there is neither, and the draft is
    whole.
    """

    draft: Draft
    record: Record | None = None
    reason: str | None = None


PLAYER = "text/html"  # the `type` of a File that is the page of a player
LEFT_OUT = "left out by"  # the start of the reason why a link was skipped that a backfill may fetch
WAITING = "for `copydesk backfill`"  # the end of the note on such links in the log of a visit
FRONT: Literal["front"] = "front"  # the way of a feed or sitemap itself, which is no story's link

Outcome = Literal[
    "kept", "known", "unchanged", "revised", "refused", "failed", "gone", "skipped", "queued", "postponed"
]


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one link of a visit."""

    url: str
    outcome: Outcome
    why: str = ""
    way: LinkWay | Literal["", "front"] = ""
    record: str = ""  # the id of the record whose page was read again


@dataclass(frozen=True, slots=True)
class Failure:
    """One known failure of a visit: of the source itself (`url` is a front) or of one page."""

    url: str
    kind: FailureKind  # name of the CopydeskError class
    reason: str
    status: int | None = None
    retry_after: float | None = None
    asked: str = ""  # the address that was asked for, where `url` tells of another: after redirects, without secrets


@dataclass(frozen=True, slots=True)
class Sample:
    """A page that was not what it should be, and why, kept for inspection."""

    page: Page
    why: str


@dataclass(frozen=True, slots=True)
class Front:
    """A page, feed or sitemap on which a source offers stories, with the validators for the next request."""

    url: str
    way: FrontWay = "listing"
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
    looked: Mapping[str, datetime] = field(default_factory=dict)  # young records: key → when their page was last read
    began: datetime | None = None  # when its first story was found
    closed: frozenset[str] = (
        frozenset()
    )  # known keys that were left out or removed: a feed's item about them is no news
    left_out: frozenset[str] = frozenset()  # addresses of those that a first visit left out: a backfill fetches them
    dead: frozenset[str] = (
        frozenset()
    )  # keys of feeds and sitemaps that answered 404 or 410 and are not asked again yet
    titles: frozenset[str] = frozenset()  # folded headlines of the newest records
    arrivals: tuple[tuple[int, int], ...] = ()  # (hour since 1970, stories that arrived in it) of four weeks, in order


@dataclass(frozen=True, slots=True)
class Run:
    """One visit of one source, as plain values: its records and its failures."""

    source: str
    started: datetime
    finished: datetime
    records: tuple[Record, ...] = ()
    failures: tuple[Failure, ...] = ()
    seen: tuple[Seen, ...] = ()
    fronts: tuple[Front, ...] = ()  # every front that answered, as it is to be stored
    queued: tuple[str, ...] = ()
    fresh_for: float | None = None
    title: str | None = None  # what the site calls itself
    language: str | None = None
    links: int = 0  # how many stories the fronts offered
    passed: frozenset[str] | None = None  # keys of links on listings that are no stories; None: no listing was read
    chosen: int | None = None  # … of them by the seed's selector; None: no listing was read with one
    unchanged: bool = False  # every front answered 304
    redirected: str | None = None  # permanent new address of the home
    ways: Mapping[str, int] = field(default_factory=dict)  # way → number of links it gave
    shapes: Mapping[str, int] = field(default_factory=dict)  # URL shapes of proven articles, with counts
    notes: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()  # a few pages that failed, cut


Fetch = Callable[[Request], Awaitable[Page]]
Progress = Callable[[str, int, int], None]
"""Called for each step of long work: the current step in words, steps done, steps in all (0: unknown)."""
"""The only way to the web: a request in, a page out, or a FetchError."""


def folded_title(title: str) -> str:
    """A headline reduced to its letters and digits, folded, to compare those of different fronts."""
    return " ".join("".join(char if char.isalnum() else " " for char in title.casefold()).split())
