"""What the store gives back: rows as plain values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from scrapers import Record

from ..likeness import without


def moment(seconds: float | None) -> datetime | None:
    """A stored time as an aware datetime."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def sure_moment(seconds: float) -> datetime:
    """A stored time that is always there."""
    return datetime.fromtimestamp(seconds, UTC)


def stamp(when: datetime) -> int:
    """An aware datetime as whole seconds since 1970."""
    return int(when.timestamp())


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of one source beside its seed."""

    name: str
    feed_id: str
    home: str
    title: str | None
    language: str | None
    added: datetime
    removed: datetime | None
    paused: bool
    due: datetime
    state: str
    cause: str
    since: datetime
    failures: int
    last_visit: datetime | None
    last_success: datetime | None
    last_new: datetime | None
    typical: float | None
    pace: str = ""  # why it is due then, for people
    redirected: str | None = None
    redirects: int = 0
    redirected_since: datetime | None = None
    records: int = 0
    fresh: int = 0  # records first seen within the last day

    def moved(self, now: datetime, after: timedelta) -> bool:
        """Whether the home has moved for good: the same permanent redirect on 3 visits over `after` (F9)."""
        return self.redirects >= 3 and self.redirected_since is not None and now - self.redirected_since >= after

    @property
    def label(self) -> str:
        """The name for people."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Visit:
    """One line of a source's log."""

    source: str
    kind: str
    started: datetime
    seconds: float
    links: int
    fresh: int
    revised: int
    failed: int
    outcome: str
    why: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What became of one link of one source."""

    source: str
    key: str
    url: str
    outcome: str
    why: str
    way: str
    first: datetime
    last: datetime
    tries: int
    again: datetime | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A record with what the store adds to it."""

    n: int
    record: Record
    story: int
    evidence: str
    updated: datetime  # our atom:updated
    revisions: int
    recheck: datetime | None
    quarantined: str | None
    furniture: tuple[int, ...] = ()  # lines of its text that its site has on many pages

    @property
    def own(self) -> Record:
        """The record as it is searched and put to topics: without the furniture of its site."""
        return unfurnished(self.record, self.furniture)


class Neighbour(NamedTuple):
    """What of a stored record tells the furniture of its site."""

    n: int
    key: str
    story: int
    title: str
    text: str
    furniture: tuple[int, ...]


def unfurnished(record: Record, furniture: Collection[int]) -> Record:
    """A record without these lines of its text."""
    return replace(record, text=without(record.text, furniture)) if furniture else record


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story: its id for life, and who stands for it."""

    n: int
    id: str
    first_seen: datetime
    published: datetime
    updated: datetime
    representative: int
    reason: str


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier version of a record."""

    at: datetime
    title: str
    text: str
    why: str
    public: bool


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic as it is stored."""

    name: str
    feed_id: str
    settings: str
    position: int
    added: datetime
    removed: datetime | None
    place: str | None  # a private topic's folder, and what its documents say for the token of a reader
    ttl: int
    may_shrink: bool
    dirty: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that a command asks of the daemon."""

    n: int
    kind: str
    payload: dict[str, Any]
    asked: datetime
    done: datetime | None
    result: dict[str, Any] | None
