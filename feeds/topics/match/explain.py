"""Why a record is in a topic, and why another is not, in words that name the clause that decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..query import tree
from ..query.spelling import quoted, spelled, written
from .conditions import compiled_pattern
from .document import Doc
from .evaluate import starts, test_of

_NAMED = 8  # alternatives that are named
_LONGEST = 400  # characters of an explanation


Clause = Callable[[Doc], str | None]


def why(node: tree.Node, doc: Doc) -> str:
    """Of a document that fulfils `node` the clause that decided: `“kyiv” in the title, no “sport”`."""
    return clause_of(node)(doc) or ""


def clause_of(node: tree.Node) -> Clause:
    """A function that gives the deciding clause of a document, None of one that does not fulfil `node`.

    Built once a rule: a busy topic explains itself a thousand times a day.
    """
    if isinstance(node, tree.Or):
        return _first(tuple(clause_of(part) for part in node.parts))
    if isinstance(node, tree.And):
        return _every(tuple(clause_of(part) for part in node.parts))
    if isinstance(node, tree.Not):
        inner = test_of(node.part)
        absent = f"no {quoted(node.part)}" if isinstance(node.part, tree.Words) else f"not {written(node.part)}"
        return lambda doc: None if inner(doc) else absent
    if isinstance(node, tree.Words) and node.prefix:
        return _prefix(node)
    if isinstance(node, tree.Words | tree.Near):
        return _words(node)
    test = test_of(node)
    return lambda doc: _short(_why(node, doc)) if test(doc) else None


def _first(clauses: tuple[Clause, ...]) -> Clause:
    def clause(doc: Doc) -> str | None:
        for one in clauses:
            found = one(doc)
            if found is not None:
                return found
        return None

    return clause


def _every(clauses: tuple[Clause, ...]) -> Clause:
    def clause(doc: Doc) -> str | None:
        found = []
        for one in clauses:
            words = one(doc)
            if words is None:
                return None
            found.append(words)
        return _short(", ".join(found))

    return clause


def _prefix(node: tree.Words) -> Clause:
    def clause(doc: Doc) -> str | None:
        for field in node.fields:
            begins = starts(node, doc, field)
            if begins:
                met = " ".join(doc.tokens[field][begins[0] : begins[0] + len(node.tokens)])
                return f"“{met}” in the {field}"
        return None

    return clause


def _words(node: tree.Words | tree.Near) -> Clause:
    """Which field it is in, the title before the text."""
    said = " near ".join(map(quoted, node.phrases)) if isinstance(node, tree.Near) else quoted(node)
    tests = tuple((test_of(replace(node, fields=(field,))), f"{said} in the {field}") for field in node.fields)

    def clause(doc: Doc) -> str | None:
        for test, words in tests:
            if test(doc):
                return words
        return None

    return clause


def why_not(node: tree.Node, doc: Doc) -> str:
    """Of a document that does not fulfil `node` the clause that failed: `“sport” is in the text`."""
    return _short(_why_not(node, doc))


def _why(node: tree.Leaf, doc: Doc) -> str:
    if isinstance(node, tree.Pattern):
        pattern = compiled_pattern(node)
        for field in node.fields:
            found = pattern.search(doc.raw(field))
            if found is not None:
                return f"{spelled(node)}: “{found.group(0)[:80]}” in the {field}"
    if isinstance(node, tree.Everything):
        return "everything is in this topic"
    return _fact(node, doc)


def _why_not(node: tree.Node, doc: Doc) -> str:
    if isinstance(node, tree.And):
        return ", ".join(_why_not(part, doc) for part in node.parts if not test_of(part)(doc))
    if isinstance(node, tree.Or):
        named = [*dict.fromkeys(quoted(part) if isinstance(part, tree.Words) else written(part) for part in node.parts)]
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED + 1 else ""
        return f"none of {', '.join(named[:_NAMED] if more else named)}{more}"
    if isinstance(node, tree.Not):
        return f"excluded by {why(node.part, doc)}"
    if isinstance(node, tree.Words):
        where = "title or text" if node.fields == tree.ANYWHERE else f"the {node.fields[0]}"
        return f"no {quoted(node)} in {where}"
    if isinstance(node, tree.Near | tree.Pattern | tree.Address):
        return f"no {spelled(node)}"
    return f"{_fact(node, doc)}, wanted is {spelled(node)}"


def _fact(node: tree.Leaf, doc: Doc) -> str:
    """What the document says to a condition that is no search for words."""
    if isinstance(node, tree.Source):
        return f"the source is {doc.source}"
    if isinstance(node, tree.Language):
        return f"the language is {doc.language or 'unknown'}"
    if isinstance(node, tree.Address):
        return f"“{node.piece}” in the address"
    if isinstance(node, tree.Medtop):
        return f"the subject is {node.label}" if node.code in doc.medtops else "the subject is another"
    if isinstance(node, tree.Date):
        return f"published {doc.published:%Y-%m-%d %H:%M}"
    if isinstance(node, tree.Copies):
        return "another outlet had it first" if doc.is_copy else "no other outlet had it first"
    if isinstance(node, tree.Outlets):
        return f"{doc.outlets} outlets carry it" if doc.outlets != 1 else "one outlet carries it"
    return spelled(node)


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
