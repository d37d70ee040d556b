"""A query as a tree of plain values. Each node knows its place in the query, so that messages can quote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

WORD_FIELDS = ("title", "text", "author", "section", "tag")
ANYWHERE = ("title", "text")  # where a word without a field is looked for

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a query, from the first character of its span to before the second."""

    span: Span = field(default=(0, 0), kw_only=True)


@dataclass(frozen=True, slots=True)
class Words(Piece):
    """A word or a phrase: its tokens in a row. `prefix`: the last token may go on; `exact`: spelled just so."""

    tokens: tuple[str, ...]
    fields: tuple[str, ...] = ANYWHERE
    prefix: bool = False
    exact: str | None = None


@dataclass(frozen=True, slots=True)
class Near(Piece):
    """Phrases within `distance` tokens: between the end of each and the start of the last one (FTS5's NEAR)."""

    phrases: tuple[Words, ...]
    distance: int = 10
    fields: tuple[str, ...] = ANYWHERE


@dataclass(frozen=True, slots=True)
class Pattern(Piece):
    """A regular expression (RE2: linear time) that is found somewhere in a field."""

    pattern: str
    fields: tuple[str, ...] = ANYWHERE
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Source(Piece):
    """`source:` the seed's name, a domain that the story's address belongs to, or the publisher's name."""

    name: str
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Language(Piece):
    """`lang:de` also de-AT."""

    tag: str


@dataclass(frozen=True, slots=True)
class Address(Piece):
    """`url:` a piece of the address, whatever its case."""

    piece: str


@dataclass(frozen=True, slots=True)
class Medtop(Piece):
    """`topic:` an IPTC Media Topic or one below it."""

    code: str  # eight digits
    label: str = ""


@dataclass(frozen=True, slots=True)
class Date(Piece):
    """`before:` or `after:` a time; a day begins at midnight UTC, and `after:` includes its own beginning."""

    when: datetime
    side: Literal["before", "after"] = "after"


@dataclass(frozen=True, slots=True)
class Copies(Piece):
    """`copies:no`: stories that no other outlet had first; `copies:only`: the others."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class Outlets(Piece):
    """`outlets:>=3`: how many outlets carry the story."""

    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class And(Piece):
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Piece):
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Piece):
    part: Node


@dataclass(frozen=True, slots=True)
class Everything(Piece):
    """No query at all."""


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
