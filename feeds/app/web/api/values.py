"""What the interface takes and gives: each dataclass is a schema of the OpenAPI document, and comments describe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request was not done (RFC 9457)."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"
    position: int | None = None  # of a wrong query: the character where, counted from 0
    errors: list[str] | None = None  # of a wrong body: each mistake with its key


@dataclass(frozen=True, slots=True)
class Source:
    """A source, and how it is doing."""

    name: str
    title: str
    home: str
    state: str  # new, ok, slow, degraded, failing, gone, paused or removed
    cause: str  # why it is not ok, in words
    since: datetime
    last_visit: datetime | None
    last_success: datetime | None
    last_new: datetime | None
    due: datetime
    pace: str  # why it is due then, in words
    records: int
    fresh: int  # records first seen within a day
    feed: str


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources."""

    sources: list[Source]


@dataclass(frozen=True, slots=True)
class NewSource:
    """A site that is to be followed."""

    __pydantic_config__ = _STRICT
    url: str
    name: str | None = None  # its key; left out: made from its address


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What is to be otherwise with a source; what is left out stays."""

    __pydantic_config__ = _STRICT
    paused: bool | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed."""

    name: str
    records: int  # that went with it


@dataclass(frozen=True, slots=True)
class Visited:
    """What a visit led to."""

    name: str
    visited: bool
    detail: str  # why it was not visited; empty when it was


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, and what it holds."""

    name: str
    title: str
    query: str | None  # none: everything
    subtitle: str | None
    language: str | None
    copies: Literal["one", "all", "mark"]
    private: bool
    stories: int
    fresh: int  # stories first seen within a day
    newest: datetime | None
    feed: str | None  # none of a private topic: its readers have addresses of their own


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics in the order of the configuration."""

    topics: list[Topic]


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """A topic as config.toml has it. What is left out of a change stays; null puts a setting back to its default."""

    __pydantic_config__ = _STRICT
    name: str | None = None  # its key; a new topic needs one, another name than it has moves its feed
    title: str | None = None
    query: str | None = None
    subtitle: str | None = None
    language: str | None = None
    copies: Literal["one", "all", "mark"] | None = None
    sources: list[str] | None = None
    exclude: list[str] | None = None
    max_age: str | None = None  # a length of time such as 36h or 7d
    full_text: bool | None = None
    images: Literal["keep", "strip", "none", "proxy"] | None = None
    entries: int | None = None
    private: bool | None = None
    sort: Literal["published", "seen"] | None = None
    changes: bool | None = None
    audience: Literal["private", "public"] | None = None


@dataclass(frozen=True, slots=True)
class AlsoAt:
    """Another outlet that carries a story."""

    title: str
    url: str
    publisher: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a story for which `updated` moved."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Story:
    """A story: the article that stands for it, and who else carries it."""

    id: str  # urn:uuid:…, as in the feeds
    url: str
    title: str
    subtitle: str | None
    summary: str
    source: str
    publisher: str
    authors: list[str]
    published: datetime
    published_estimated: bool
    updated: datetime
    language: str | None
    section: str | None
    tags: list[str]
    image: str | None
    also_at: list[AlsoAt]
    topics: list[str]  # the names of those that hold it, private ones too
    page: str | None  # its page for readers
    content: str | None = None  # HTML, where it was asked for


@dataclass(frozen=True, slots=True)
class Stories:
    """A piece of what a query finds, in the order of arrival, the newest first."""

    stories: list[Story]
    next: str | None  # the cursor of the next piece; none: nothing is left
    searched_back_to: datetime | None  # when the article that was looked at last was published, where it goes on


@dataclass(frozen=True, slots=True)
class WholeStory:
    """A story with its text and its changes."""

    story: Story
    text: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class StoryChange:
    """What is to be otherwise with a story."""

    __pydantic_config__ = _STRICT
    held: bool  # kept out of all feeds and archives, until it is let back


@dataclass(frozen=True, slots=True)
class Held:
    """Whether an article is kept out of the feeds by hand."""

    id: str
    held: bool


@dataclass(frozen=True, slots=True)
class Try:
    """A page that is to be read."""

    __pydantic_config__ = _STRICT
    url: str
    kind: Literal["auto", "article", "listing"] = "auto"  # what the page is; found out when it is not told
    source: str | None = None  # whose selectors are used


@dataclass(frozen=True, slots=True)
class Tried:
    """What was read from a page; nothing is kept. One of the two is there."""

    record: dict[str, Any] | None  # as `copydesk try --json` gives it
    listing: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Why:
    """What became of an address."""

    url: str
    known: bool
    outcomes: list[dict[str, Any]]  # in each source that was offered it
    record: dict[str, Any] | None
    visits: dict[str, str]  # source → why it is due then
    sources_of_site: list[str]  # of an address that is not known


@dataclass(frozen=True, slots=True)
class Trouble:
    """What needs a person."""

    about: str
    kind: str
    state: str
    cause: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """How the installation is doing."""

    ok: bool
    facts: dict[str, Any]  # as /health gives them
    troubles: list[Trouble]
