"""A query in the topic language → its tree, or a QueryError that points at the character and says what is right.

    query  = both ("OR" both)*
    both   = part (["AND"] part)*                 part = ["NOT" | "-" | "!"] part | close
    close  = atom (("NEAR/n" | "AROUND(n)") atom)*
    atom   = "(" query ")" | field ":" value | "phrase" | word | prefix* | =exact | /regex/ | #tag
           | NEAR("a" "b", n)

Operators are in capitals. Limits: 4,000 characters, depth 20, 200 terms, prefixes of three letters, and something to
look for in each alternative: a rule that only excludes would be everything.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from ...errors import QueryError
from ..match.conditions import FIELDS, condition, pattern, words
from .lexer import Lexeme, lex
from .tree import ANYWHERE, And, Near, Node, Not, Or, Words

MAX_LENGTH = 4000
MAX_DEPTH = 20
MAX_TERMS = 200
MAX_DISTANCE = 1000
_SURROGATE = re.compile("[\ud800-\udfff]")  # what Python makes of bytes of a command line that are no UTF-8


def parse(query: str) -> Node:
    """The tree of `query`; raises QueryError. Any string takes less than 50 ms."""
    if len(query) > MAX_LENGTH:
        raise QueryError(
            f"the query has {len(query):,} characters; at most {MAX_LENGTH:,} are read",
            query=query,
            position=MAX_LENGTH,
        )
    if odd := _SURROGATE.search(query):
        raise QueryError("this is no character; the query should be UTF-8", query=query, position=odd.start())
    parser = _Parser(query, lex(query))
    node = parser.whole()
    loose = _unanchored(node)
    if loose is not None:
        raise QueryError(
            "this only excludes, which would leave everything; add a word, or a condition such as lang:en, "
            "that stories must fulfil",
            query=query,
            position=loose.span[0],
        )
    return node


class _Parser:
    def __init__(self, query: str, lexemes: list[Lexeme]) -> None:
        self.query = query
        self.lexemes = lexemes
        self.at = 0
        self.depth = 0
        self.terms = 0

    def whole(self) -> Node:
        if self.now.kind == "end":
            raise self.error("there is no word in this query; only letters and digits are searched", self.now)
        node = self.either(ANYWHERE)
        if self.now.kind == ")":
            raise self.error("this ')' closes nothing; take it away, or open a '(' before", self.now)
        return node

    @property
    def now(self) -> Lexeme:
        return self.lexemes[self.at]

    def next(self) -> Lexeme:
        lexeme = self.lexemes[self.at]
        self.at += lexeme.kind != "end"
        return lexeme

    def error(self, reason: str, lexeme: Lexeme) -> QueryError:
        return QueryError(reason, query=self.query, position=min(lexeme.start, len(self.query)))

    def either(self, fields: tuple[str, ...]) -> Node:
        parts = [self.both(fields)]
        while self.now.kind == "OR":
            operator = self.next()
            if self.now.kind in ("end", ")", "OR", "AND"):
                raise self.error("something must follow OR, as in: kyiv OR kiev", operator)
            parts.append(self.both(fields))
        return _joined(Or, parts)

    def both(self, fields: tuple[str, ...]) -> Node:
        if self.now.kind in ("OR", "AND"):
            raise self.error(
                f"something must come before {self.now.kind}; for the word itself write "
                f'"{self.now.kind.lower()}" in quotes',
                self.now,
            )
        parts = [self.part(fields)]
        while self.now.kind not in ("OR", ")", "end"):
            if self.now.kind == "AND":
                operator = self.next()
                if self.now.kind in ("end", ")", "OR", "AND"):
                    raise self.error("something must follow AND, as in: kyiv AND drone", operator)
            parts.append(self.part(fields))
        return _joined(And, parts)

    def part(self, fields: tuple[str, ...]) -> Node:
        if self.now.kind == "NOT":
            operator = self.next()
            if self.now.kind in ("end", ")", "OR", "AND"):
                example = "drone NOT sport" if operator.text == "NOT" else f"drone {operator.text}sport"
                raise self.error(f"something must follow {operator.text}, as in: {example}", operator)
            self.deeper(operator)
            part = self.part(fields)
            self.depth -= 1
            if isinstance(part, Not):
                return part.part
            return Not(part, span=(operator.start, part.span[1]))
        return self.close(fields)

    def close(self, fields: tuple[str, ...]) -> Node:
        left = self.atom(fields)
        while self.now.kind == "NEAR/":
            operator = self.next()
            if self.now.kind not in ("word", "phrase"):
                raise self.error(f"a word or a phrase must follow {operator.text}", operator)
            right = self.atom(fields)
            if isinstance(left, Words) and isinstance(right, Words) and not (left.exact or right.exact):
                left = Near((left, right), self.distance(operator), fields, span=(left.span[0], right.span[1]))
            else:
                raise self.error(
                    f'{operator.text} stands between two words or phrases; for more of them write NEAR(a b "c d", 10)',
                    operator,
                )
        return left

    def atom(self, fields: tuple[str, ...]) -> Node:
        lexeme = self.next()
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise self.error(f"more than {MAX_TERMS} terms; make several topics of it", lexeme)
        if lexeme.kind == "(":
            self.terms -= 1
            return self.group(lexeme, fields)
        if lexeme.kind in ("word", "phrase", "exact"):
            return words(lexeme, fields, self.query)
        if lexeme.kind == "regex":
            return pattern(lexeme, fields, self.query)
        if lexeme.kind == "field":
            return self.field(lexeme, fields)
        if lexeme.kind == "NEAR(":
            return self.near(lexeme, fields)
        if lexeme.kind == "NEAR/":
            raise self.error(f"a word must come before {lexeme.text}, as in: gas {lexeme.text} pipeline", lexeme)
        if lexeme.kind == ",":
            raise self.error("a comma stands only inside NEAR(a b, 10); between words a space is enough", lexeme)
        if lexeme.kind == "end":
            raise self.error("something is missing at the end", lexeme)
        raise self.error(f"{lexeme.text!r} is not expected here", lexeme)

    def group(self, opening: Lexeme, fields: tuple[str, ...]) -> Node:
        self.deeper(opening)
        if self.now.kind == ")":
            raise self.error("there is nothing between these parentheses", opening)
        if self.now.kind == "end":
            raise self.error("this '(' is never closed", opening)
        node = self.either(fields)
        if self.now.kind != ")":
            raise self.error("this '(' is never closed; add a ')'", opening)
        self.next()
        self.depth -= 1
        return node

    def deeper(self, lexeme: Lexeme) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"more than {MAX_DEPTH} levels of parentheses", lexeme)

    def field(self, lexeme: Lexeme, fields: tuple[str, ...]) -> Node:
        name = FIELDS.get(lexeme.value)
        if name is None:
            near = difflib.get_close_matches(lexeme.value, FIELDS, 1)
            guess = f"did you mean {near[0]}:?" if near else f"there are {', '.join(sorted(set(FIELDS.values())))}."
            raise self.error(
                f"there is no field {lexeme.value!r}: {guess} For the words themselves, put them in quotes", lexeme
            )
        if fields != ANYWHERE:
            raise self.error(f"{lexeme.value}: cannot stand inside the parentheses of another field", lexeme)
        value = self.now
        if value.kind == "end" or value.start > lexeme.end:
            raise self.error(f"the value must follow {lexeme.value}: without a space, as in {_example(name)}", lexeme)
        if value.text[0] in "-!":
            raise self.error(f"the {value.text[0]} stands before the field, as in -{_example(name)}", value)
        self.terms -= 1
        if name in ("title", "text", "author", "section", "tag"):
            if value.kind not in ("(", "word", "phrase", "exact", "regex", "NEAR("):
                raise self.error(f"after {lexeme.value}: comes a word, as in {_example(name)}", value)
            return self.atom((name,)) if value.kind == "(" else self.close((name,))
        self.terms += 1
        if value.kind == "(":
            self.next()
            return self.alternatives(lexeme, name, value)
        if value.kind == "regex" and name == "url":
            return pattern(self.next(), ("url",), self.query)
        if value.kind not in ("word", "phrase", "exact", "field"):
            raise self.error(f"after {lexeme.value}: comes a value, as in {_example(name)}", value)
        return self.one_condition(lexeme, name)

    def one_condition(self, lexeme: Lexeme, name: str) -> Node:
        """One value of a field that is no text; what lies against it belongs to it, as in topic:medtop:20000344."""
        start = self.now.start
        quoted = self.now.value if self.now.kind == "phrase" else None
        end = self.next().end
        while quoted is None and self.now.start == end and self.now.kind in ("word", "field", "exact", ","):
            end = self.next().end
        value = quoted if quoted is not None else self.query[start:end]
        return condition(name, value, (lexeme.start, end), start, self.query)

    def alternatives(self, lexeme: Lexeme, name: str, opening: Lexeme) -> Node:
        """source:(a OR b): the only form of a group that makes sense for a field with one value."""
        parts: list[Node] = []
        while True:
            if self.now.kind not in ("word", "phrase", "exact", "field"):
                raise self.error(f"in {lexeme.value}:( … ) stand values separated by OR", self.now)
            self.terms += 1
            if self.terms > MAX_TERMS:
                raise self.error(f"more than {MAX_TERMS} terms; make several topics of it", self.now)
            parts.append(self.one_condition(lexeme, name))
            if self.now.kind == ")":
                closing = self.next()
                break
            if self.now.kind != "OR":
                raise self.error(f"in {lexeme.value}:( … ) stand values separated by OR, closed by ')'", self.now)
            self.next()
        if len(parts) == 1:
            return parts[0]
        return Or(tuple(parts), span=(lexeme.start, closing.end))

    def near(self, opening: Lexeme, fields: tuple[str, ...]) -> Node:
        phrases: list[Words] = []
        distance = 10
        while True:
            lexeme = self.next()
            if lexeme.kind in ("word", "phrase"):
                self.terms += 1
                phrase = words(lexeme, fields, self.query)
                phrases.append(phrase)
            elif lexeme.kind == "," and self.now.kind == "word" and self.lexemes[self.at + 1].kind == ")":
                distance = self.distance(self.next())
            elif lexeme.kind == ")":
                break
            else:
                raise self.error(
                    'NEAR looks like this: NEAR(gas "nord stream", 10), with words or phrases and a distance', lexeme
                )
        if self.terms > MAX_TERMS:
            raise self.error(f"more than {MAX_TERMS} terms; make several topics of it", opening)
        if len(phrases) < 2:
            raise self.error("NEAR needs at least two words or phrases, as in NEAR(gas pipeline, 10)", opening)
        return Near(tuple(phrases), distance, fields, span=(opening.start, lexeme.end))

    def distance(self, lexeme: Lexeme) -> int:
        text = lexeme.value
        if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= MAX_DISTANCE):
            raise self.error(f"the distance is a number of words from 1 to {MAX_DISTANCE:,}, not {text!r}", lexeme)
        return int(text)


def _unanchored(node: Node) -> Node | None:
    """A part that would have to hold for everything but something; None when each alternative looks for something."""
    if isinstance(node, Not):
        return node
    if isinstance(node, Or):
        return next((loose for part in node.parts if (loose := _unanchored(part)) is not None), None)
    if isinstance(node, And):
        return node.parts[0] if all(_unanchored(part) is not None for part in node.parts) else None
    return None


def _example(name: str) -> str:
    return {
        "after": "after:2026-01-31",
        "author": 'author:"Jane Doe"',
        "before": "before:2026-01-31",
        "copies": "copies:no",
        "lang": "lang:en",
        "outlets": "outlets:>=3",
        "source": "source:courier",
        "topic": "topic:politics",
        "url": "url:/sport/",
    }.get(name, f'{name}:word or {name}:"two words"')


def _joined(kind: type[And | Or], parts: Sequence[Node]) -> Node:
    """Parts as one node, without a node of the same kind inside it."""
    if len(parts) == 1:
        return parts[0]
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
    return kind(tuple(flat), span=(flat[0].span[0], flat[-1].span[1]))
