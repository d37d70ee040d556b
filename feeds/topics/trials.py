"""A query tried on what is stored, before anything is saved: what it catches, what it just misses, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ..model import Topic
from .match.document import Doc
from .match.evaluate import test_of
from .match.explain import why_not
from .match.rules import Rule, compile
from .query.spelling import quoted, written
from .query.tree import ANYWHERE, And, Everything, Near, Node, Not, Or, Source, Words, leaves

_STEM = 4  # common first letters of a query's word and a text's word that count as related
_FURTHER = 3  # letters that the longer of them may have more


@dataclass(frozen=True, slots=True)
class Tried:
    """A record that the query was tried on, and the clause that decided."""

    id: str
    title: str
    url: str
    source: str
    published: datetime
    clause: str


@dataclass(frozen=True, slots=True)
class Hit(Tried):
    """A record that the query catches."""


@dataclass(frozen=True, slots=True)
class Miss(Tried):
    """A record that the query just misses: the clause that failed, and what would have caught it, if we know."""

    advice: str = ""
    near: bool = True  # whether a clause more or less would have been enough


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome. `read_as`: the query as it was understood; `sources`: source → (caught, looked at)."""

    read_as: str
    looked_at: int
    hits: tuple[Hit, ...]
    caught: int
    near_misses: tuple[Miss, ...]
    sources: dict[str, tuple[int, int]]
    warnings: tuple[str, ...]


def trial(topic: Topic, docs: Iterable[Doc], *, now: datetime, most: int = 50) -> Trial:
    """`topic` tried on `docs`, in their order; at most `most` hits and near misses are listed, all are counted.

    Raises QueryError.
    """
    rule = compile(topic)
    hits: list[Hit] = []
    misses: list[tuple[float, int, Miss]] = []
    caught = looked_at = 0
    seen: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for doc in docs:
        looked_at += 1
        seen[doc.source] += 1
        if rule.holds(doc, now):
            caught += 1
            kept[doc.source] += 1
            if len(hits) < most:
                hits.append(_hit(doc, rule.clause(doc)))
        else:
            miss = _near_miss(rule, doc, now)
            if miss is not None:
                misses.append((miss[0], looked_at, miss[1]))
    misses.sort(key=lambda one: one[:2])
    return Trial(
        read_as=written(rule.node),
        looked_at=looked_at,
        hits=tuple(hits),
        caught=caught,
        near_misses=tuple(miss for _, _, miss in misses[:most]),
        sources={source: (kept[source], count) for source, count in sorted(seen.items())},
        warnings=tuple(_warnings(rule, caught, looked_at)),
    )


def hints(topic: Topic) -> list[str]:
    """What a query probably does not mean, seen without any record. Raises QueryError."""
    return _hints(compile(topic))


def sources_of(query: str | None) -> list[str]:
    """The names that a query asks for by `source:`, in lower case. Raises QueryError."""
    node = compile(Topic(name="query", title="query", query=query)).node
    return [leaf.name for leaf in leaves(node) if isinstance(leaf, Source)]


def near_miss(topic: Topic, doc: Doc, *, now: datetime) -> Miss | None:
    """Why a record is not in a topic, and what would catch it; `near` tells whether it came near. None if it is in.

    Raises QueryError.
    """
    rule = compile(topic)
    if rule.holds(doc, now):
        return None
    found = _near_miss(rule, doc, now)
    if found is not None:
        return found[1]
    return replace(_miss(doc, rule.barred(doc, now) or why_not(rule.node, doc), ""), near=False)


def _near_miss(rule: Rule, doc: Doc, now: datetime) -> tuple[float, Miss] | None:
    """How near a record came, the nearest having the smallest number; None when it is simply another story."""
    barred = rule.barred(doc, now)
    if barred is not None:
        return (1.0, _miss(doc, barred, "")) if rule.test(doc) and not isinstance(rule.node, Everything) else None
    distance, advice = _nearness(rule.node, doc)
    if distance > 1:
        return None
    return distance, _miss(doc, why_not(_nearest(rule.node, doc) if advice else rule.node, doc), advice)


def _nearest(node: Node, doc: Doc) -> Node:
    """Of alternatives the one that the record came nearest to."""
    while isinstance(node, Or):
        node = min(node.parts, key=lambda part: _nearness(part, doc)[0])
    return node


def _nearness(node: Node, doc: Doc) -> tuple[float, str]:
    """The distance of a whole query: one clause that fails makes a near miss only beside others that hold."""
    if isinstance(node, Or):
        return min((_nearness(part, doc) for part in node.parts), key=lambda one: one[0])
    distance, advice = _distance(node, doc)
    return (distance, advice) if distance < 1 or isinstance(node, And) else (distance + 1, "")


def _distance(node: Node, doc: Doc) -> tuple[float, str]:
    """How many clauses would have to be otherwise, and advice for the first of them. Akin words are half a clause."""
    if isinstance(node, And):
        parts = [_distance(part, doc) for part in node.parts]
        met = [part for part, (distance, _) in zip(node.parts, parts, strict=True) if not distance]
        total = sum(distance for distance, _ in parts)
        if total >= 1 and not any(not isinstance(part, Not) for part in met):
            total += 1  # that it holds nothing excluded is no nearness
        return total, next((advice for distance, advice in parts if distance and advice), "")
    if isinstance(node, Or):
        return min((_distance(part, doc) for part in node.parts), key=lambda one: one[0])
    if test_of(node)(doc):
        return 0.0, ""
    if isinstance(node, Not):
        return 1.0, ""
    advice = _advice(node, doc)
    return (0.5, advice) if advice else (1.0, "")


def _advice(node: Node, doc: Doc) -> str:
    """What would catch a record that holds nearly the words of a clause."""
    if isinstance(node, Near):
        loose = [replace(phrase, fields=node.fields) for phrase in node.phrases]
        if all(test_of(phrase)(doc) for phrase in loose):
            return f"the words are there, but not within {node.distance} of each other"
        return ""
    if not isinstance(node, Words):
        return ""
    if node.exact is not None and test_of(replace(node, exact=None))(doc):
        return f"it is there in another spelling: without the = any case and accents count as {quoted(node)}"
    others = [field for field in ("title", "text", "tag", "author", "section") if field not in node.fields]
    for field in others:
        if test_of(replace(node, fields=(field,)))(doc):
            if node.fields == ANYWHERE:
                return f"it is in the {field}: write {field}:{written(replace(node, fields=ANYWHERE))}"
            return f"it is in the {field}, not in the {node.fields[0]}"
    if len(node.tokens) > 1:
        if all(any(token in doc.vocabulary[field] for field in node.fields) for token in node.tokens):
            return "its words are there, but not in a row: without the quotation marks they may stand anywhere"
        return ""
    return _akin(node, doc)


def _akin(node: Words, doc: Doc) -> str:
    word = node.tokens[0]
    if len(word) < _STEM or node.prefix:
        return ""
    for field in node.fields:
        for token in doc.beginning(field, word[:_STEM]):
            if token.startswith(word) and len(token) <= len(word) + _FURTHER:
                return f"“{token}” is in the {field}: write {word}* for any ending"
            if word.startswith(token) and len(word) <= len(token) + _FURTHER:
                return f"“{token}” is in the {field}: write {token}* for any ending"
    return ""


def _warnings(rule: Rule, caught: int, looked_at: int) -> list[str]:
    found = _hints(rule)
    if not looked_at:
        found.append("there was no record to try the query on")
    elif not caught:
        found.append(f"this catches none of {looked_at:,} records")
    elif looked_at >= 20 and caught == looked_at and not isinstance(rule.node, Everything):
        found.append(f"this catches every one of {looked_at:,} records")
    elif looked_at >= 20 and caught > 0.5 * looked_at and not isinstance(rule.node, Everything):
        found.append(f"this catches {100 * caught // looked_at} % of {looked_at:,} records; is it meant so broadly?")
    return found


def _hints(rule: Rule) -> list[str]:
    """Lower-case operators, and AND beside OR without parentheses."""
    found = []
    query = rule.topic.query or ""
    for leaf in leaves(rule.node):
        if isinstance(leaf, Words) and leaf.tokens in (("or",), ("and",), ("not",)) and leaf.fields == ANYWHERE:
            word = leaf.tokens[0]
            if query[leaf.span[0] : leaf.span[1]] == word:
                found.append(f"“{word}” is searched as a word; the operator is written {word.upper()}")
    if isinstance(rule.node, Or) and any(isinstance(part, And) for part in rule.node.parts) and "(" not in query:
        found.append(f"AND binds closer than OR: this is read as {written(rule.node)}")
    return list(dict.fromkeys(found))


def _hit(doc: Doc, clause: str) -> Hit:
    record = doc.record
    return Hit(record.id, record.title, record.url, record.source, record.published, clause)


def _miss(doc: Doc, clause: str, advice: str) -> Miss:
    record = doc.record
    return Miss(record.id, record.title, record.url, record.source, record.published, clause, advice)
