"""A query → its lexemes, each with its place. Curly, double and East Asian quotes all quote."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...errors import QueryError
from ..match.tokens import tokens

QUOTES = '"“”„‟«»″＂「」『』'
_CLOSES = {"「": "」", "『": "』", "«": "»"}
_MINUS = "-–—−"
_MARKS = {"(": "(", "（": "(", ")": ")", "）": ")"}
_STOPS = frozenset("()（）" + QUOTES)
_NEAR = re.compile(r"(?:NEAR/|AROUND\()\s{0,5}(\d{1,9})\s{0,5}\)?(?![^\s()])")
_FIELD = re.compile(r"([A-Za-z_]{1,20})[:：]")
_META = re.compile(r"[\\^$*+?\[\](){}|]")
URL_FIELDS = ("url", "inurl", "link")
_REGEX_END = re.compile(r"/(i?)(?![^\s()])")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """`kind`: word phrase exact regex field ( ) , NEAR( NEAR/ OR AND NOT end. `value`: what it means."""

    kind: str
    text: str
    value: str
    start: int
    end: int


def lex(query: str) -> list[Lexeme]:
    """The lexemes of `query`, an "end" behind them. Raises QueryError for quotes and patterns that never end."""
    found: list[Lexeme] = []
    at = 0
    depths: list[bool] = []  # of each open parenthesis whether it is NEAR's, where commas count
    while at < len(query):
        char = query[at]
        if char.isspace() or char in "\u200b\ufeff\u200e\u200f":
            at += 1
            continue
        lexeme = _one(query, at, bool(depths) and depths[-1], found)
        if lexeme.kind == "word" and not _after_field(found, at) and not tokens(lexeme.text):
            at = lexeme.end  # a sign between words, as in Johnson & Johnson
            continue
        if lexeme.kind in ("(", "NEAR("):
            depths.append(lexeme.kind == "NEAR(")
        elif lexeme.kind == ")" and depths:
            depths.pop()
        found.append(lexeme)
        at = lexeme.end
    found.append(Lexeme("end", "", "", len(query), len(query)))
    return found


def _one(query: str, at: int, in_near: bool, before: list[Lexeme]) -> Lexeme:
    mark = _MARKS.get(query[at])
    if mark is not None:
        return Lexeme(mark, mark, mark, at, at + 1)
    if query[at] == "," and in_near:
        return Lexeme(",", ",", ",", at, at + 1)
    if query[at] in QUOTES:
        return _phrase(query, at)
    if query[at] == "=" and at + 1 < len(query):
        return _exact(query, at)
    valued = _after_field(before, at)
    of_address = valued and before[-1].value in URL_FIELDS
    return (
        _pattern(query, at, of_address)
        or (None if valued else _sign(query, at))
        or _operator(query, at, of_address)
        or _word(query, at, in_near)
    )


def _pattern(query: str, at: int, of_address: bool) -> Lexeme | None:
    """A regular expression between slashes.

    In an address slashes are common: url:/sport/ is a piece of one, url:/^https.*live/ a pattern.
    """
    regex = _regex(query, at) if query[at] == "/" else None
    if regex is None or (of_address and (" " in regex.value or not _META.search(regex.value))):
        return None
    return regex


def _sign(query: str, at: int) -> Lexeme | None:
    """A minus that excludes or a # that names a tag, before something."""
    after = query[at + 1 : at + 2]
    if after and not after.isspace() and query[at] in _MINUS + "!":
        return Lexeme("NOT", query[at], "NOT", at, at + 1)
    if query[at] == "#" and after and after not in "()（） ":
        return Lexeme("field", "#", "tag", at, at + 1)
    return None


def _operator(query: str, at: int, of_address: bool) -> Lexeme | None:
    """NEAR in its two spellings, or the name of a field."""
    if query.startswith(("NEAR(", "NEAR（"), at):
        return Lexeme("NEAR(", "NEAR(", "NEAR", at, at + 5)
    near = _NEAR.match(query, at)
    if near:
        return Lexeme("NEAR/", near[0], near[1], at, near.end())
    field = None if of_address else _FIELD.match(query, at)
    return Lexeme("field", field[0], field[1].lower(), at, field.end()) if field else None


def _word(query: str, at: int, in_near: bool) -> Lexeme:
    end = at + 1
    while end < len(query) and not query[end].isspace() and query[end] not in _STOPS:
        if in_near and query[end] == ",":
            break
        end += 1
    text = query[at:end]
    kind = text if text in ("OR", "AND", "NOT") else "word"
    return Lexeme(kind, text, text, at, end)


def _after_field(before: list[Lexeme], at: int) -> bool:
    """Whether the value of a field begins here."""
    return bool(before) and before[-1].kind == "field" and before[-1].end == at


def _phrase(query: str, at: int) -> Lexeme:
    opening = query[at]
    closing = _CLOSES.get(opening)
    end = at + 1
    while end < len(query) and (query[end] != closing if closing else query[end] not in QUOTES):
        end += 1
    if end >= len(query):
        raise QueryError('this quotation is never closed; add a " at its end', query=query, position=at)
    stop = end + 1
    if query[stop : stop + 1] == "*":  # "nord str"*: the last word may go on
        stop += 1
    return Lexeme("phrase", query[at:stop], query[at + 1 : end] + query[end + 1 : stop], at, stop)


def _exact(query: str, at: int) -> Lexeme:
    if query[at + 1] in QUOTES:
        phrase = _phrase(query, at + 1)
        return Lexeme("exact", query[at : phrase.end], phrase.value, at, phrase.end)
    end = at + 1
    while end < len(query) and not query[end].isspace() and query[end] not in _STOPS:
        end += 1
    return Lexeme("exact", query[at:end], query[at + 1 : end], at, end)


def _regex(query: str, at: int) -> Lexeme | None:
    """/pattern/ or /pattern/i; None for a slash that begins a word, as in url:/sport/2026."""
    end = at + 1
    while end < len(query):
        if query[end] == "\\":
            end += 2
            continue
        if query[end] == "/":
            closing = _REGEX_END.match(query, end)
            if closing is not None:
                return Lexeme("regex", query[at : closing.end()], query[at + 1 : end], at, closing.end())
        end += 1
    return None
