"""A query tried while it is typed: its hits and near misses of the last weeks, within a time limit.

The word index tells which records may match. Where it alone decides, all that it finds are hits; else records are
checked one by one, the newest first, until the time is up.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from ...model import Topic
from ...store import Store
from ...topics import Doc, Miss, Node, Rule, compile, doc, hints, trial, written
from ...topics.query.tree import WORD_FIELDS, And, Everything, Near, Not, Or, Words, leaves
from ...topics.trials import Hit

DAYS = 30
MOST = 10_000  # of the newest records are looked at
LISTED = 12  # hits, and near misses
NEAR = 60  # records sharing a word with the query that are checked for near misses
SECONDS = 0.1  # of processor time for looking at records one by one
KEPT = 300  # records that are held cut into tokens
_STEM = 4  # letters of a word after which any ending counts as near


@dataclass(frozen=True, slots=True)
class Tried:
    """What a query catches of the last weeks."""

    read_as: str
    caught: int
    looked_at: int
    complete: bool  # False: `caught` is a lower bound
    hits: tuple[Hit, ...]
    near_misses: tuple[Miss, ...]
    by_day: tuple[int, ...]  # the oldest day first
    sources: dict[str, int]
    overlap: dict[str, int]  # other topic → records that are in both
    warnings: tuple[str, ...]


class QuickTrials:
    """Tries of one store. Holds a few records ready; to be used in the thread of the store alone."""

    def __init__(self, spent: Callable[[], float] = time.thread_time) -> None:
        """`spent`: gives the processor seconds of this thread, so that a busy machine does not count."""
        self._spent = spent
        self._docs: OrderedDict[int, Doc] = OrderedDict()

    def tried(self, store: Store, topic: Topic, now: datetime) -> Tried:
        """A topic tried on what came within the last weeks. Raises QueryError."""
        rule = compile(topic)
        end = self._spent() + SECONDS
        since = now - timedelta(days=DAYS)
        numbers = list(islice(store.search.candidates(rule, now=now, since=since), MOST))
        total = store.arrivals.count_since(since)
        complete = _is_settled(rule.node)
        shown: list[int] = []
        if complete:
            caught = numbers
            shown = numbers[:LISTED]
        else:
            caught, complete = [], True
            for n in numbers:
                if self._spent() > end and len(caught) >= LISTED:
                    complete = False
                    break
                found = self._doc(store, n)
                if found is not None and rule.holds(found, now):
                    caught.append(n)
            shown = caught[:LISTED]
        near: Iterable[int] = ()
        if 2 * len(caught) < total:  # a query that catches most has no near misses
            near = islice(self._near(store, rule, since, frozenset(caught)), NEAR)
        listed = trial(topic, self._looked_at(store, shown, near, end + SECONDS), now=now, most=LISTED)
        by_day, sources, overlap = store.arrivals.spread(caught, now, DAYS)
        overlap.pop(topic.name, None)
        return Tried(
            read_as=written(rule.node),
            caught=len(caught),
            looked_at=total,
            complete=complete and len(numbers) < MOST,
            hits=listed.hits,
            near_misses=listed.near_misses,
            by_day=tuple(by_day),
            sources=sources,
            overlap=overlap,
            warnings=tuple(_warnings(topic, rule, len(caught), total)),
        )

    def _looked_at(self, store: Store, shown: Iterable[int], near: Iterable[int], end: float) -> Iterator[Doc]:
        for n in shown:
            if (found := self._doc(store, n)) is not None:
                yield found
        for n in near:
            if self._spent() > end:
                return
            if (found := self._doc(store, n)) is not None:
                yield found

    def _near(self, store: Store, rule: Rule, since: datetime, caught: frozenset[int]) -> Iterator[int]:
        """The newest records that share a word of the query, or how it begins, and are not caught."""
        parts: list[Node] = []
        for leaf in leaves(rule.node):
            if isinstance(leaf, Near):
                parts += leaf.phrases
            elif isinstance(leaf, Words):
                parts += [_loose(replace(leaf, tokens=(token,), exact=None)) for token in leaf.tokens]
        if parts:
            found = store.search.candidates(Or(tuple(parts)), since=since)
            yield from (n for n in found if n not in caught)

    def _doc(self, store: Store, n: int) -> Doc | None:
        held = self._docs.get(n)
        if held is not None:
            self._docs.move_to_end(n)
            return held
        stored = store.records.get(n)
        if stored is None:
            return None
        outlets, is_copy = store.stories.outlets(stored.story, stored.n)
        made = self._docs[n] = doc(stored.own, outlets=outlets, is_copy=is_copy)
        while len(self._docs) > KEPT:
            self._docs.popitem(last=False)
        return made


def _loose(word: Words) -> Words:
    """A word with any ending and in any field, to find near misses."""
    token = word.tokens[0]
    if len(token) <= _STEM:
        return replace(word, fields=WORD_FIELDS)
    stem = token[: max(_STEM, len(token) - 2)]
    return replace(word, tokens=(stem,), prefix=True, fields=WORD_FIELDS)


def _is_settled(node: Node) -> bool:
    """Whether the word index alone decides a query."""
    if isinstance(node, Words):
        return node.exact is None
    if isinstance(node, Near | Everything):
        return True
    if isinstance(node, Or):
        return all(_is_settled(part) for part in node.parts)
    if isinstance(node, And):
        return all(_is_settled(part.part if isinstance(part, Not) else part) for part in node.parts) and any(
            not isinstance(part, Not | Everything) for part in node.parts
        )
    return False


def _warnings(topic: Topic, rule: Rule, caught: int, total: int) -> Iterator[str]:
    yield from hints(topic)
    if total and not caught:
        yield f"this catches none of {total:,} records"
    elif total >= 20 and caught > 0.5 * total and not isinstance(rule.node, Everything):
        yield f"this catches {100 * caught // total} % of {total:,} records; is it meant so broadly?"
