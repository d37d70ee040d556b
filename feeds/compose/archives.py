"""Which stories close into the next archive documents (RFC 5005 §4). Pure.

Until its archive document is full, a story stays in the subscription document, so that both together always hold every
story. A closed document is frozen: a story corrected later appears again in the subscription document, and readers take
the entry with the latest `updated`.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

FULL = 100  # entries
FULL_BYTES = 1_000_000  # bytes that fill a document as well, so that waiting stories fit into the subscription document
BACKFILLED = timedelta(days=7)  # age of a story when found, from which it counts as backfilled
BACKFILLED_AT_ONCE = 20  # backfilled stories that close at once: they must not flood the subscription document


@dataclass(frozen=True, slots=True)
class Waiting:
    """A story that is in no archive yet."""

    id: str  # of its entry
    arrived: datetime
    published: datetime
    size: int  # bytes of its entry, about


@dataclass(frozen=True, slots=True)
class Closing:
    """A document to be closed, with its entries in the order of their arrival."""

    number: int
    entries: tuple[str, ...]
    followed: bool = False  # the next one closes at the same time


@dataclass(frozen=True, slots=True)
class Closed:
    """A document that was closed, as it is stored."""

    number: int
    entries: tuple[str, ...]
    followed: bool


def plan(waiting: Sequence[Waiting], *, last: int, shown: Set[str] = frozenset()) -> tuple[Closing, ...]:
    """The documents that close now, numbered from `last` + 1 on.

    `shown` are the ids that the subscription document holds for their own sake, being among the newest: back-filled
    stories among them need no haste.
    """
    rest = sorted(waiting, key=lambda story: (story.arrived, story.id))
    groups: list[list[Waiting]] = []
    while (count := _full(rest)) is not None:
        groups.append(rest[:count])
        rest = rest[count:]
    old = [story for story in rest if story.arrived - story.published > BACKFILLED and story.id not in shown]
    if len(old) >= BACKFILLED_AT_ONCE:
        groups.append(old)
    return tuple(
        Closing(last + place, tuple(story.id for story in group), followed=place < len(groups))
        for place, group in enumerate(groups, 1)
    )


def _full(stories: Sequence[Waiting]) -> int | None:
    """How many of the first stories fill a document; None if they do not."""
    size = 0
    for count, story in enumerate(stories):
        size += story.size
        if size > FULL_BYTES:
            return max(count, 1)
        if count + 1 == FULL:
            return FULL
    return None
