"""Why a record is in a topic, and why another is not, in words that name the clause that decided."""

from __future__ import annotations

from .conditions import compiled_pattern
from .document import Doc
from .evaluate import starts, test_of
from .query import (
    ANYWHERE,
    Address,
    And,
    Copies,
    Date,
    Everything,
    Language,
    Leaf,
    Medtop,
    Near,
    Node,
    Not,
    Or,
    Outlets,
    Pattern,
    Source,
    Words,
)

_LONGEST = 400  # characters of an explanation


def why(node: Node, doc: Doc) -> str:
    """Of a document that fulfils `node` the clause that decided: `“kyiv” in the title, no “sport”`."""
    return _short(_why(node, doc))


def why_not(node: Node, doc: Doc) -> str:
    """Of a document that does not fulfil `node` the clause that failed: `“sport” is in the text`."""
    return _short(_why_not(node, doc))


def written(node: Node) -> str:
    """The tree as a query, every parenthesis written: what the program understood."""
    if isinstance(node, And | Or):
        joint = " AND " if isinstance(node, And) else " OR "
        return joint.join(f"({written(part)})" if isinstance(part, And | Or) else written(part) for part in node.parts)
    if isinstance(node, Not):
        inner = written(node.part)
        return f"NOT ({inner})" if isinstance(node.part, And | Or) else f"NOT {inner}"
    return _leaf(node)


def _why(node: Node, doc: Doc) -> str:
    if isinstance(node, And):
        return ", ".join(_why(part, doc) for part in node.parts)
    if isinstance(node, Or):
        for part in node.parts:
            if test_of(part)(doc):
                return _why(part, doc)
        return written(node)
    if isinstance(node, Not):
        return f"no {_quoted(node.part)}" if isinstance(node.part, Words) else f"not {written(node.part)}"
    if isinstance(node, Words):
        return f"{_quoted(node, _met(node, doc))} in the {_place(node, doc)}"
    if isinstance(node, Near):
        place = next((field for field in node.fields if test_of(_within(node, field))(doc)), node.fields[0])
        return f"{' near '.join(map(_quoted, node.phrases))} in the {place}"
    if isinstance(node, Pattern):
        pattern = compiled_pattern(node)
        for field in node.fields:
            found = pattern.search(doc.raw(field))
            if found is not None:
                return f"{_leaf(node)}: “{found.group(0)[:80]}” in the {field}"
    if isinstance(node, Everything):
        return "everything is in this topic"
    return _fact(node, doc)


def _why_not(node: Node, doc: Doc) -> str:
    if isinstance(node, And):
        return ", ".join(_why_not(part, doc) for part in node.parts if not test_of(part)(doc))
    if isinstance(node, Or):
        return (
            f"none of {', '.join(_quoted(part) if isinstance(part, Words) else written(part) for part in node.parts)}"
        )
    if isinstance(node, Not):
        return f"excluded by {_why(node.part, doc)}"
    if isinstance(node, Words):
        where = "" if node.fields == ANYWHERE else f" in the {node.fields[0]}"
        return f"no {_quoted(node)}{where}"
    if isinstance(node, Near | Pattern | Address):
        return f"no {_leaf(node)}"
    return f"{_fact(node, doc)}, wanted is {_leaf(node)}"


def _fact(node: Leaf, doc: Doc) -> str:
    """What the document says to a condition that is no search for words."""
    if isinstance(node, Source):
        return f"the source is {doc.source}"
    if isinstance(node, Language):
        return f"the language is {doc.language or 'unknown'}"
    if isinstance(node, Address):
        return f"“{node.piece}” in the address"
    if isinstance(node, Medtop):
        return f"the subject is {node.label}" if node.code in doc.medtops else "the subject is another"
    if isinstance(node, Date):
        return f"published {doc.published:%Y-%m-%d %H:%M}"
    if isinstance(node, Copies):
        return "another outlet had it first" if doc.is_copy else "no other outlet had it first"
    if isinstance(node, Outlets):
        return f"{doc.outlets} outlets carry it" if doc.outlets != 1 else "one outlet carries it"
    return _leaf(node)


def _place(node: Words, doc: Doc) -> str:
    test = {field: test_of(_in_field(node, field)) for field in node.fields}
    return next((field for field in node.fields if test[field](doc)), node.fields[0])


def _met(node: Words, doc: Doc) -> str | None:
    """Of a prefix the word that was met."""
    if not node.prefix:
        return None
    for field in node.fields:
        for begin in starts(node, doc, field)[:1]:
            return " ".join(doc.tokens[field][begin : begin + len(node.tokens)])
    return None


def _in_field(node: Words, field: str) -> Words:
    return Words(node.tokens, (field,), node.prefix, node.exact, node.span)


def _within(node: Near, field: str) -> Near:
    return Near(node.phrases, node.distance, (field,), node.span)


def _quoted(node: Node, met: str | None = None) -> str:
    if not isinstance(node, Words):
        return written(node)
    words = met or node.exact or " ".join(node.tokens) + ("*" if node.prefix else "")
    return f"“{words}”"


def _leaf(node: Leaf) -> str:
    if isinstance(node, Words):
        before = "" if node.fields == ANYWHERE else f"{node.fields[0]}:"
        if node.exact is not None:
            return f'{before}="{node.exact}"'
        words = " ".join(node.tokens)
        star = "*" if node.prefix else ""
        return f'{before}"{words}"{star}' if len(node.tokens) > 1 else f"{before}{words}{star}"
    if isinstance(node, Near):
        before = "" if node.fields == ANYWHERE else f"{node.fields[0]}:"
        phrases = " ".join(_leaf(Words(one.tokens, prefix=one.prefix)) for one in node.phrases)
        return f"{before}NEAR({phrases}, {node.distance})"
    if isinstance(node, Pattern):
        before = "" if node.fields == ANYWHERE else f"{node.fields[0]}:"
        return f"{before}/{node.pattern}/{'i' if node.ignore_case else ''}"
    if isinstance(node, Source):
        return f'source:"{node.name}"' if " " in node.name else f"source:{node.name}"
    if isinstance(node, Language):
        return f"lang:{node.tag}"
    if isinstance(node, Address):
        return f'url:"{node.piece}"'
    if isinstance(node, Medtop):
        return f"topic:medtop:{node.code}"
    if isinstance(node, Date):
        day = node.when.hour == node.when.minute == node.when.second == 0
        return f"{node.side}:{node.when:%Y-%m-%d}" if day else f"{node.side}:{node.when:%Y-%m-%dT%H:%M:%S}"
    if isinstance(node, Copies):
        return f"copies:{'only' if node.wanted else 'no'}"
    if isinstance(node, Outlets):
        if node.most is None:
            return f"outlets:>={node.least}"
        return f"outlets:{node.least}" if node.least == node.most else f"outlets:<={node.most}"
    return "everything"


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
