"""Translates the English explanations of stories and sources for the desk, the alarms and the health feed.

The program writes explanations in English: the same in the terminal, in logs and in the store. Here they are recognised
by their form and translated by the catalogue; texts that fit no form, such as those of a server or a library, stay as
they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from . import ENGLISH, times, translate, translate_count
from .forms import FORMS, Form, words

_LONGEST = 600  # characters that are looked at
_REMEMBERED = 2048  # texts: a page of the desk shows the same ones again and again
_JOINED = 3  # parts with a semicolon between them that one explanation has at most
_DEEPEST = 4  # explanations within explanations
_HOLE = re.compile(r"%\((\w+)\)s")
_NUMBER = r"[\d,.]+"
_LENGTH = r"[\d.]+ (?:s|min|h|d)"  # as `in_words` of the seeds writes a length of time
_OF_HOLE = {
    **dict.fromkeys(("field", "other"), "[a-z]+"),
    **dict.fromkeys(("count", "number", "all", "most", "least", "rest", "size", "minutes", "running", "year"), _NUMBER),
    **dict.fromkeys(("share", "before"), r"\d+%|[\d.]+"),
    "what": "“.*”|[=/].*",
    "rhythm": r"(?:[\d.]+ stor(?:y|ies) a (?:day|week)|less than one story a week)(?:, mostly .+)?",
    "day": r"[MTWFS][a-z]+day, \d{4}-\d\d-\d\d",
}
_EXPLAINED = frozenset({"clause", "reason", "kind", "pages", "rhythm", "fields", "place"})  # themselves explanations
_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_OF_ADDRESS = re.compile(r"(https?://\S+): (.+)", re.DOTALL)  # a note on a page

SUBJECTS = {  # of troubles that are not of a source or a topic
    "backup": words("copies of the store"),
    "daemon": words("daemon"),
    "disk": words("disk"),
    "folder": words("published folder"),
    "publisher": words("published feeds"),
    "store": words("store"),
    "work": words("scrapers"),
}
FIELDS = (
    words("title"),
    words("subtitle"),
    words("text"),
    words("section"),
    words("tags"),
    words("authors"),
    words("author"),
    words("published"),
    words("date"),
    words("updated"),
    words("image"),
    words("picture"),
    words("language"),
    words("publisher"),
    words("source"),
)


def said(text: str, language: str) -> str:
    """An explanation in a language."""
    if language == ENGLISH or not text or len(text) > _LONGEST:
        return text
    return _said(text, language)


@lru_cache(_REMEMBERED)
def _said(text: str, language: str, depth: int = 0) -> str:
    if depth > _DEEPEST:
        return text
    parts = text.split("; ")
    if len(parts) > 1 and (several := _several(parts, language, depth)) is not None:
        return several
    whole = _translated(text, language, depth)
    if whole is not None:
        return whole
    if ", " in text:
        clauses = [(part, _translated(part, language, depth)) for part in text.split(", ")]
        if any(translated is not None for _, translated in clauses):
            return ", ".join(part if translated is None else translated for part, translated in clauses)
    return translate(text, language)


def _several(parts: list[str], language: str, depth: int) -> str | None:
    """Several explanations in a row, each in a language; some have the joint inside. None: none was recognised."""
    done: list[str] = []
    known, at = False, 0
    while at < len(parts):
        for end in range(at + 1, min(at + _JOINED, len(parts)) + 1):
            translated = _translated("; ".join(parts[at:end]), language, depth)
            if translated is not None:
                done.append(translated)
                known, at = True, end
                break
        else:
            done.append(parts[at])
            at += 1
    return "; ".join(done) if known else None


def is_known(text: str) -> bool:
    """Whether a form fits the whole of an explanation, or of a note on a page."""
    note = _OF_ADDRESS.fullmatch(text)
    return next(_fitting(text), None) is not None or (note is not None and next(_fitting(note[2]), None) is not None)


def field(name: str, language: str) -> str:
    """The name of a field in a language."""
    return translate(name, language) if name in FIELDS else name


def about(subject: str, language: str) -> str:
    """What a trouble is about: "source:courier" → "courier", "topic:all" → "Thema all", "disk" → "Festplatte"."""
    kind, _, name = subject.partition(":")
    if kind == "topic" and name:
        return translate("topic %(name)s", language) % {"name": name}
    return name or (kind if language == ENGLISH else translate(SUBJECTS.get(kind, kind), language))


def length(value: str, language: str) -> str:
    """A length of time, as `in_words` of the seeds writes it, in a language: "3 d" → "3 Tg."."""
    if language == ENGLISH or re.fullmatch(_LENGTH, value) is None:
        return value
    number, _, unit = value.partition(" ")
    return times.length(float(number), unit, language)


def _translated(text: str, language: str, depth: int) -> str | None:
    for form, found in _fitting(text):
        filled = {hole: _filled(hole, value, language, depth) for hole, value in found.items()}
        if isinstance(form, str):
            return translate(form, language) % filled
        number = int(re.sub(r"\D", "", found["count"]) or 0)
        return translate_count(*form, number, language) % filled
    if note := _OF_ADDRESS.fullmatch(text):
        return f"{note[1]}: {_said(note[2], language, depth + 1)}"
    return None


def _filled(hole: str, value: str, language: str, depth: int) -> str:
    """What stands in a placeholder, in a language; as it is where it only looks like a day or a number."""
    try:
        return _in_language(hole, value, language, depth)
    except (ValueError, OverflowError):
        return value


def _in_language(hole: str, value: str, language: str, depth: int) -> str:
    if hole in ("field", "other"):
        return field(value, language)
    if hole in _EXPLAINED:
        return _said(value, language, depth + 1)
    if hole == "day":
        return times.weekday(date.fromisoformat(value[-10:]), language)
    if hole == "hours":
        return ", ".join(_weekday(part, language) for part in value.split(", "))
    if hole in ("time", "longest"):
        return length(value, language)
    if hole in ("share", "before") and value.endswith("%"):
        return times.percent(int(value[:-1]), language)
    return value


def _weekday(part: str, language: str) -> str:
    """The name of a day for "on Mondays"; anything else as it is."""
    name = part.removeprefix("on ")
    return times.weekday_name(_WEEKDAYS.index(name), language) if name in _WEEKDAYS else part


@dataclass(frozen=True, slots=True)
class _Pattern:
    form: Form
    pattern: re.Pattern[str]
    longest: str  # of its literal pieces: without it the pattern cannot fit


def _fitting(text: str) -> Iterator[tuple[Form, dict[str, str]]]:
    """The forms that fit a text, those with most literal characters first, with what fills their placeholders."""
    for one in _patterns():
        if one.longest in text and (found := one.pattern.fullmatch(text)) is not None:
            yield one.form, found.groupdict()


@lru_cache(1)
def _patterns() -> tuple[_Pattern, ...]:
    """A pattern for each English text."""
    texts = [(form, text) for form in FORMS for text in ((form,) if isinstance(form, str) else form)]
    texts.sort(key=lambda one: -sum(map(len, _literals(one[1]))))
    return tuple(_Pattern(form, _compiled(text), max(_literals(text), key=len)) for form, text in texts)


def _literals(text: str) -> list[str]:
    return [piece.replace("%%", "%") for piece in _HOLE.sub("\0", text).split("\0")]


def _compiled(text: str) -> re.Pattern[str]:
    holes = [f"(?P<{name}>{_OF_HOLE.get(name, '.+?')})" for name in _HOLE.findall(text)]
    literals = [re.escape(piece) for piece in _literals(text)]
    return re.compile("".join(a + b for a, b in zip(literals, [*holes, ""], strict=True)), re.DOTALL)
