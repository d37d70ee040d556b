"""Rows of the store as plain values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any, Literal, NamedTuple, TypeVar

from scrapers import Record

State = Literal["new", "ok", "slow", "degraded", "failing", "gone"]
"""How a source is doing; troubles have one too."""
VisitKind = Literal["visit", "fetch", "revisit", "backfill"]
VisitOutcome = Literal["ok", "unchanged", "failed"]
V = TypeVar("V")
HELD = "kept out by hand"  # why a record is in no feed when a person said so


def changed(value: V, **told: Any) -> V:
    """As `dataclasses.replace`, in a third of the time: of a value whose fields are all given to its class."""
    read, places = _fields(type(value))  # type: ignore[arg-type]  # a class has a hash
    values = list(read(value))
    for name, one in told.items():
        values[places[name]] = one
    return type(value)(*values)


@cache
def _fields(kind: type[Any]) -> tuple[Callable[[Any], tuple[Any, ...]], dict[str, int]]:
    names = [one.name for one in fields(kind)]
    return attrgetter(*names), {name: place for place, name in enumerate(names)}


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
    """The stored state of one source, beside its seed."""

    name: str
    feed_id: str
    home: str
    title: str | None
    language: str | None
    added: datetime
    removed: datetime | None
    paused: bool
    due: datetime
    state: State
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
    may_shrink: bool = False  # its feed lost records for a reason

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
    kind: VisitKind
    started: datetime
    seconds: float
    links: int
    fresh: int
    revised: int
    failed: int
    outcome: VisitOutcome
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
    """A record with the columns that the store adds."""

    n: int
    record: Record
    story: int
    evidence: str
    updated: datetime  # our atom:updated
    revisions: int
    recheck: datetime | None
    quarantined: str | None
    boilerplate: tuple[int, ...] = ()  # lines of its text that its site has on many pages

    @property
    def own(self) -> Record:
        """The record as it is searched and matched to topics: without the boilerplate of its site."""
        return without_boilerplate(self.record, self.boilerplate)


class Neighbour(NamedTuple):
    """The part of a stored record that is needed to find boilerplate."""

    n: int
    key: str
    story: int
    title: str
    text: str
    boilerplate: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story or a record of which a feed may show an entry: what decides whether it does, without its texts."""

    n: int
    id: str  # of the entry
    published: datetime
    updated: datetime
    first_seen: datetime


def candidate(row: Sequence[Any]) -> Candidate:
    """A row of number, id and three stamps as a value."""
    n, identity, published, updated, first_seen = row
    return Candidate(n, identity, sure_moment(published), sure_moment(updated), sure_moment(first_seen))


def without(text: str, lines: Collection[int]) -> str:
    """A text without the lines of these numbers."""
    if not lines:
        return text
    return "\n".join(line for number, line in enumerate(text.split("\n")) if number not in lines)


def without_boilerplate(record: Record, boilerplate: Collection[int]) -> Record:
    """A record without these lines of its text."""
    return replace(record, text=without(record.text, boilerplate)) if boilerplate else record


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
class ControlRequest:
    """A request of a command to the daemon."""

    n: int
    kind: str
    payload: dict[str, Any]
    asked: datetime
    done: datetime | None
    result: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """A trouble as it is stored."""

    n: int
    subject: str
    kind: str
    state: State
    cause: str
    since: datetime
    opened: datetime
    closed: datetime | None

    @property
    def name(self) -> str:
        """The source or topic that it is about, or what else."""
        return self.subject.partition(":")[2] or self.subject


@dataclass(frozen=True, slots=True)
class Subscription:
    """A confirmed subscription. `until` is in seconds since 1970."""

    callback: str
    topic: str
    until: float
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A document that a subscriber is still owed: always the newest one, however many changes it missed."""

    callback: str
    topic: str
    secret: str | None
    version: int  # counts the changes since the last delivery
    since: float  # when it was first owed
    tries: int
