"""A search in a feed: a bounded number of records is checked for one page, with a cursor for the next.

Results are in the order of arrival, which can be read in pieces in a store of any size. The work of the word index is
bounded by limiting the query (`affordable`): phrases of common words and short prefixes read the whole index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ....errors import QueryError
from ....store import Store
from ....store.search.browse import Arrivals
from ....topics import Rule, Subjects, compile, doc, settled_of
from ....topics.query.tree import Near, Words, leaves
from .scope import Scope, as_topic

STORIES = 30  # on one page
PIECES = (300, 3000)  # records that are checked for it, without their texts: the first batch, then all
TEXT = 200_000  # characters of texts that are read for it
COST = 16  # what the words of a query may cost
_FRAME = 1000  # characters that a record counts besides its text
_SHORT = 3  # letters of a short prefix


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a search."""

    records: tuple[int, ...]  # numbers, each of another story
    stories: tuple[int, ...]  # numbers of their stories
    more: int | None  # the number of the record behind which it goes on; None: nothing is left
    back_to: datetime | None = None  # when the record that was looked at last was published, where it goes on


def affordable(query: str | None) -> Rule:
    """The rule of a query that anybody may ask for. Raises QueryError, also for one that costs too much."""
    rule = compile(as_topic(query))
    cost = 0
    for leaf in leaves(rule.node):
        if isinstance(leaf, Near):
            cost += 3
        elif isinstance(leaf, Words):
            cost += 2 if len(leaf.tokens) > 1 else 0
            cost += (6 if len(leaf.tokens[-1]) <= _SHORT else 1) if leaf.prefix else 0
        if cost > COST:
            raise QueryError(
                f"this is too much for one search: up to {COST // 2} phrases, or {COST // 6} beginnings of three"
                " letters; a topic can have more",
                query=query or "",
                position=leaf.span[0],
            )
    return rule


def search(
    store: Store,
    scope: Scope,
    rule: Rule,
    subjects: Subjects,
    now: datetime,
    *,
    before: int | None,
    most: int = STORIES,
) -> Found:
    """The next stories of a scope that fulfil a rule, behind the record numbered `before`."""
    found: dict[int, int] = {}  # story → record
    left, back_to = TEXT, None
    for rows in PIECES:
        piece = store.browse.arrivals(rule.node, (scope.kind, scope.name), before=before, rows=rows)
        left, stopped = _look(store, piece, rule, subjects, now, found, left, most)
        if stopped is not None:
            last = piece.found[stopped]
            more = None if piece.last is None and last is piece.found[-1] else last.n
            return Found(tuple(found.values()), tuple(found), more, last.facts.published)
        before = piece.last
        back_to = piece.found[-1].facts.published if piece.found else back_to
        if before is None:
            return Found(tuple(found.values()), tuple(found), None)
    return Found(tuple(found.values()), tuple(found), before, back_to)


def _look(
    store: Store,
    piece: Arrivals,
    rule: Rule,
    subjects: Subjects,
    now: datetime,
    found: dict[int, int],
    left: int,
    most: int,
) -> tuple[int, int | None]:
    """Put what fulfils a rule into `found`. Characters that may still be read, and the place of the record at which
    the page was full; None: all of the piece was looked at."""
    settled = settled_of(rule.node)
    for place, one in enumerate(piece.found):
        if not (one.story in found or rule.barred(one.facts, now) is not None):
            holds = True if piece.exact else settled(one.facts)
            stored = store.records.get(one.n) if holds is None else None
            if stored is not None:
                left -= len(stored.record.text) + _FRAME
                outlets, is_copy = store.stories.outlets(one.story, one.n)
                medtops = subjects.of(stored.record)
                holds = rule.test(doc(stored.own, outlets=outlets, is_copy=is_copy, medtops=medtops))
            if holds:
                found[one.story] = one.n
        if len(found) >= most or left <= 0:
            return left, place
    return left, None
