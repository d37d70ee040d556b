"""What a page for readers is about, by its path: everything that is public, a topic or a source.

A page lies below the page of its feed, and whoever may read the feed may read it: `/story/ID` and `/t/NAME/story/ID`,
`/search` and `/s/NAME/search`, `/2026-01-31` and `/t/NAME/2026-01-31`. Those of a private topic lie below the address
with the reader's token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ....model import Topic
from ..document_routes import DocumentRoutes
from ..token_gate import TOO_MANY

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PATH = re.compile(
    rf"(?P<stem>(?:[ts](?:/[A-Za-z0-9_-]{{1,128}}){{1,2}}(?=/))?)/?"
    rf"(?:story/(?P<story>{_UUID})|(?P<search>search)|(?P<day>\d{{4}}-\d\d-\d\d))"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a path asks for: `stem` is the address of the feed (empty: of everything), and one of the others is set."""

    stem: str
    story: str | None = None  # an id without `urn:uuid:`
    search: bool = False
    day: date | None = None

    @property
    def what(self) -> Literal["story", "search", "day"]:
        """Which kind of page it is."""
        return "story" if self.story is not None else "search" if self.search else "day"

    @property
    def tail(self) -> str:
        """The part of the path after the feed's address."""
        if self.story is not None:
            return f"/story/{self.story}"
        return "/search" if self.day is None else f"/{self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a page is about. `topic` has the settings that hold for what is shown."""

    kind: Literal["everything", "topic", "source"]
    path: str  # of its feed as this reader knows it: "", `t/NAME`, `t/TOKEN/NAME`, `s/NAME`
    name: str = ""  # of the topic or source
    private: bool = False
    ttl: int = 30  # minutes to the next expected change


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The feed has another name now: the path of its page."""

    path: str


def wanted(name: str) -> Wanted | None:
    """What a path without its leading slash asks for; None when it is no page of these."""
    found = _PATH.fullmatch(name)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found["day"]) if found["day"] else None
    except ValueError:  # the 31st of February
        return None
    return Wanted(found["stem"], found["story"], found["search"] is not None, day)


def scope_of(
    stem: str, routes: DocumentRoutes, authorization: bytes | None, client: str
) -> Scope | Elsewhere | Literal["gone", "too many tries"] | None:
    """The scope of a feed's address for this client; None when there is none, or none for this client."""
    if not stem:
        return Scope("everything", "")
    place = routes.place(stem)
    if place is not None:
        if place.state == "gone":
            return "gone"
        if place.state == "moved" and place.to is not None:
            return Elsewhere(place.to)
        kind: Literal["topic", "source"] = "topic" if stem.startswith("t/") else "source"
        return Scope(kind, stem, stem[2:], ttl=place.ttl)
    access = routes.gate.enter(stem, authorization, client)
    if access is None or access == TOO_MANY:
        return access
    if access.topic.gone:
        return "gone"
    if access.to is not None:
        return Elsewhere(access.to)
    return Scope("topic", access.stem, access.stem.rpartition("/")[2], private=True, ttl=access.topic.ttl)


def as_topic(query: str | None) -> Topic:
    """A query as a topic of its own; none is everything."""
    return Topic(name="search", title="search", query=query or None)


def settings_of(scope: Scope, topics: Mapping[str, Topic], title: str, language: str | None) -> Topic | None:
    """The topic whose settings hold in a scope; of a source and of everything, those that a source's feed has."""
    if scope.kind == "topic":
        return topics.get(scope.name)
    return Topic(name=scope.name, title=title, copies="all" if scope.kind == "source" else "one", language=language)
