"""A query → its lexemes, each with its place. As forgiving as keyboards are wilful: curly quotes are quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import QueryError
from .words import tokens

QUOTES = '"“”„‟«»″＂「」『』'
_CLOSES = {"「": "」", "『": "』", "«": "»"}
_MINUS = "-–—−"
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
    char = query[at]
    valued = _after_field(before, at)
    if char in "(（":
        return Lexeme("(", "(", "(", at, at + 1)
    if char in ")）":
        return Lexeme(")", ")", ")", at, at + 1)
    if char == "," and in_near:
        return Lexeme(",", ",", ",", at, at + 1)
    if char in QUOTES:
        return _phrase(query, at)
    if char == "=" and at + 1 < len(query):
        return _exact(query, at)
    if char == "/":
        regex = _regex(query, at)
        # In an address slashes are common: url:/sport/ is a piece of one, url:/^https.*live/ a pattern.
        address = valued and before[-1].value in URL_FIELDS
        if regex is not None and not (address and (" " in regex.value or not _META.search(regex.value))):
            return regex
    if not valued and char in _MINUS + "!" and at + 1 < len(query) and not query[at + 1].isspace():
        return Lexeme("NOT", char, "NOT", at, at + 1)
    if char == "#" and at + 1 < len(query) and not valued and query[at + 1] not in "()（） ":
        return Lexeme("field", "#", "tag", at, at + 1)
    if query.startswith(("NEAR(", "NEAR（"), at):
        return Lexeme("NEAR(", "NEAR(", "NEAR", at, at + 5)
    near = _NEAR.match(query, at)
    if near:
        return Lexeme("NEAR/", near[0], near[1], at, near.end())
    field = _FIELD.match(query, at)
    if field and not (valued and before[-1].value in URL_FIELDS):
        return Lexeme("field", field[0], field[1].lower(), at, field.end())
    end = at + 1
    while end < len(query) and not query[end].isspace() and query[end] not in _STOPS:
        if in_near and query[end] == ",":
            break
        end += 1
    text = query[at:end]
    if text in ("OR", "AND", "NOT"):
        return Lexeme(text, text, text, at, end)
    return Lexeme("word", text, text, at, end)


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
