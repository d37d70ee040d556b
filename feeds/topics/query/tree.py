"""A query as a tree of plain values. Each node knows its place in the query, so that messages can quote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

WORD_FIELDS = ("title", "text", "author", "section", "tag")
ANYWHERE = ("title", "text")  # where a word without a field is looked for

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Words:
    """A word or a phrase: its tokens in a row. `prefix`: the last token may go on; `exact`: spelled just so."""

    tokens: tuple[str, ...]
    fields: tuple[str, ...] = ANYWHERE
    prefix: bool = False
    exact: str | None = None
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Near:
    """Phrases within `distance` tokens: between the end of each and the start of the last one (FTS5's NEAR)."""

    phrases: tuple[Words, ...]
    distance: int = 10
    fields: tuple[str, ...] = ANYWHERE
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression (RE2: linear time) that is found somewhere in a field."""

    pattern: str
    fields: tuple[str, ...] = ANYWHERE
    ignore_case: bool = False
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Source:
    """`source:` the seed's name, a domain that the story's address belongs to, or the publisher's name."""

    name: str
    tokens: tuple[str, ...] = ()
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Language:
    """`lang:de` also de-AT."""

    tag: str
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Address:
    """`url:` a piece of the address, whatever its case."""

    piece: str
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Medtop:
    """`topic:` an IPTC Media Topic or one below it."""

    code: str  # eight digits
    label: str = ""
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Date:
    """`before:` or `after:` a time; a day begins at midnight UTC, and `after:` includes its own beginning."""

    when: datetime
    side: Literal["before", "after"] = "after"
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Copies:
    """`copies:no`: stories that no other outlet had first; `copies:only`: the others."""

    wanted: bool
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Outlets:
    """`outlets:>=3`: how many outlets carry the story."""

    least: int = 0
    most: int | None = None
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Not:
    part: Node
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Everything:
    """No query at all."""

    span: Span = (0, 0)


Leaf = Words | Near | Pattern | Source | Language | Address | Medtop | Date | Copies | Outlets | Everything
Node = Leaf | And | Or | Not


def leaves(node: Node) -> Iterator[Leaf]:
    """The conditions of a tree from left to right."""
    waiting: list[Node] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, And | Or):
            waiting.extend(reversed(one.parts))
        elif isinstance(one, Not):
            waiting.append(one.part)
        else:
            yield one
