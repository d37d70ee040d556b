"""The fields of the topic language: a value → a condition, checked when the query is parsed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from ...errors import QueryError
from ..query.lexer import Lexeme
from ..query.tree import Address, Copies, Date, Language, Leaf, Medtop, Outlets, Pattern, Source, Span, Words
from ..subjects.iptc import MediaTopics, media_topics
from .tokens import is_single, tokens

FIELDS = {
    "title": "title",
    "intitle": "title",
    "text": "text",
    "intext": "text",
    "body": "text",
    "author": "author",
    "by": "author",
    "source": "source",
    "site": "source",
    "feed": "source",
    "section": "section",
    "category": "section",
    "tag": "tag",
    "label": "tag",
    "lang": "lang",
    "language": "lang",
    "url": "url",
    "inurl": "url",
    "link": "url",
    "topic": "topic",
    "before": "before",
    "until": "before",
    "after": "after",
    "since": "after",
    "copies": "copies",
    "outlets": "outlets",
}
PREFIX = 3  # letters that a word* must have
MAX_PATTERN = 500
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?Z?)?)?)?")
_OUTLETS = re.compile(r"(>=|≥|>|<=|≤|<|=)?(\d{1,4})(\+)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3}")

_Wrong = Callable[[str], QueryError]


@cache
def _options(*, ignore_case: bool) -> Any:
    import re2  # most topics have no pattern

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    options.case_sensitive = not ignore_case
    return options


def words(lexeme: Lexeme, fields: tuple[str, ...], query: str) -> Words:
    """A word, phrase, prefix or exact form as a condition on `fields`."""
    value, span = lexeme.value, (lexeme.start, lexeme.end)
    prefix = value.endswith("*")
    if prefix:
        value = value.rstrip("*")
    if "*" in value:
        raise QueryError(
            "a * stands only at the end of a word, as in econom*",
            query=query,
            position=lexeme.start + lexeme.text.index("*"),
        )
    found = tuple(tokens(value))
    if not found:
        raise QueryError(
            f"there is no word in {lexeme.text!r}; only letters and digits are searched",
            query=query,
            position=lexeme.start,
        )
    if prefix and is_single(found[-1]):
        prefix = False  # each character is a token: the phrase says the same
    if prefix and len(found[-1]) < PREFIX:
        raise QueryError(
            f"write at least {PREFIX} letters before the *: {lexeme.text} would be nearly everything",
            query=query,
            position=lexeme.start,
        )
    exact = None
    if lexeme.kind == "exact":
        if prefix:
            raise QueryError(
                "=word is the exact form, word* any that begins so; choose one", query=query, position=lexeme.start
            )
        exact = unicodedata.normalize("NFC", " ".join(value.split()))
    return Words(found, fields, prefix, exact, span=span)


def pattern(lexeme: Lexeme, fields: tuple[str, ...], query: str) -> Pattern:
    """/regex/ as a condition on `fields`, compiled once to see whether RE2 takes it."""
    ignore_case = lexeme.text.endswith("i") and lexeme.text[-2] == "/"
    if not lexeme.value:
        raise QueryError("there is nothing between these slashes", query=query, position=lexeme.start)
    if len(lexeme.value) > MAX_PATTERN:
        raise QueryError(f"a pattern has at most {MAX_PATTERN} characters", query=query, position=lexeme.start)
    import re2

    node = Pattern(lexeme.value, fields, ignore_case, span=(lexeme.start, lexeme.end))
    try:
        compiled = compiled_pattern(node)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error.args[0])
        raise QueryError(
            f"this pattern cannot be used: {reason} (RE2 syntax: no lookaround, no back-references)",
            query=query,
            position=lexeme.start,
        ) from error
    if compiled.search("") is not None:
        raise QueryError("this pattern matches even an empty text, so everything", query=query, position=lexeme.start)
    return node


def compiled_pattern(node: Pattern) -> Any:
    """The pattern of a node that was checked."""
    import re2

    return re2.compile(node.pattern, _options(ignore_case=node.ignore_case))


def condition(field: str, value: str, span: Span, at: int, query: str) -> Leaf:
    """The condition that `field` sets with `value`; `at` is the place of the value in the query."""

    def wrong(reason: str) -> QueryError:
        return QueryError(reason, query=query, position=at)

    value = value.strip()
    if not value:
        raise wrong(f"{field}: has no value")
    if field == "source":
        return Source(value.lower(), tuple(tokens(value)), span=span)
    if field == "lang":
        if not _LANGUAGE.fullmatch(value):
            raise wrong(f"lang: takes a language code such as en or pt-BR, not {value!r}")
        return Language(value.lower().replace("_", "-"), span=span)
    if field == "url":
        if '"' in value:
            raise wrong("url: takes a part of an address, which holds no quotation mark")
        return Address(value.lower(), span=span)
    if field in ("before", "after"):
        return Date(_date(value, wrong_date=wrong), "before" if field == "before" else "after", span=span)
    if field == "copies":
        wanted = {"no": False, "none": False, "only": True, "yes": True}.get(value.lower())
        if wanted is None:
            raise wrong(f"copies: is no (originals alone) or only (copies alone), not {value!r}")
        return Copies(wanted, span=span)
    if field == "outlets":
        return _outlets(value, span, wrong)
    return _medtop(value, span, wrong, media_topics())


def _date(value: str, *, wrong_date: _Wrong) -> datetime:
    found = _DATE.fullmatch(value)
    try:
        if found is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups())
        return datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=UTC)
    except ValueError:
        raise wrong_date(f"a date looks like 2026-01-31 (or 2026-01, 2026, 2026-01-31T12:00), not {value!r}") from None


def _outlets(value: str, span: Span, wrong: _Wrong) -> Outlets:
    found = _OUTLETS.fullmatch(value.replace(" ", ""))
    if found is None:
        raise wrong(f"outlets: takes a number, as in outlets:>=3, not {value!r}")
    sign, number = found[1] or ("" if not found[3] else ">="), int(found[2])
    if sign in (">=", "≥", ">", ""):
        least = number + (sign == ">")
        return Outlets(least, None if sign else number, span=span)
    if sign == "=":
        return Outlets(number, number, span=span)
    most = number - (sign == "<")
    if most < 1:
        raise wrong("every story has at least one outlet")
    return Outlets(0, most, span=span)


def _medtop(value: str, span: Span, wrong: _Wrong, known: MediaTopics) -> Medtop:
    concept = known.find(value)
    if concept is None:
        near = known.similar(value)
        guess = (
            f"did you mean {' or '.join(repr(label) for label in near)}?"
            if near
            else "the names are at https://cv.iptc.org/newscodes/mediatopic/"
        )
        raise wrong(f"there is no IPTC Media Topic {value!r}; {guess}")
    return Medtop(concept.code, concept.label, span=span)
