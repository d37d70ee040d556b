"""Translates the English explanations of stories and sources for the desk and the health feed.

The program writes explanations in English: the same in the terminal, in logs and in the store. Here they are recognised
by their form and translated by the catalogue; texts that fit no form, such as those of a server or a library, stay as
they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from . import ENGLISH, translate

_LONGEST = 600  # characters that are looked at
_HOLE = re.compile(r"%\((\w+)\)s")
_OF_HOLE = {"field": "[a-z]+", "other": "[a-z]+", "what": "“.*”|[=/].*", "count": r"[\d,.]+"}
_OF_FORMS = frozenset({"clause", "reason"})  # placeholders whose value is itself such an explanation


def words(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is shown."""
    return message


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
FORMS = (
    # why a story is in a topic, or not
    words("%(what)s in the %(field)s"),
    words("no %(what)s in the %(field)s"),
    words("no %(what)s in title or text"),
    words("none of %(names)s and %(count)s more"),
    words("none of %(names)s"),
    words("excluded by %(clause)s"),
    words("everything is in this topic"),
    words("the source is %(name)s, wanted is %(query)s"),
    words("the language is %(name)s, wanted is %(query)s"),
    words("published %(time)s, wanted is %(query)s"),
    words("the source is %(name)s"),
    words("the language is %(name)s"),
    words("the subject is %(name)s"),
    words("another outlet had it first"),
    words("no other outlet had it first"),
    words("one outlet carries it"),
    words("%(count)s outlets carry it"),
    words("it is in the %(field)s, not in the %(other)s"),
    words("it is in the %(field)s: write %(query)s"),
    words("%(what)s is in the %(field)s: write %(query)s for any ending"),
    words("the words are there, but not within %(count)s of each other"),
    words("its words are there, but not in a row: without the quotation marks they may stand anywhere"),
    words("this catches none of %(count)s records"),
    words("this catches every one of %(count)s records"),
    words("this catches %(share)s %% of %(count)s records; is it meant so broadly?"),
    words("AND binds closer than OR: this is read as %(query)s"),
    # which articles are one story
    words("the same address"),
    words("the same address, nothing changed"),
    words("the same text word for word"),
    words("the same title and text at another address"),
    words("the same title and text as %(url)s"),
    words("the earliest"),
    words("the only one"),
    words("a preferred source"),
    words("%(name)s names it as the origin"),
    words("%(reason)s, after the former one was removed"),
    words("kept out by hand"),
    # how a source is doing
    words("nothing new for %(time)s, while %(longest)s was the longest pause so far"),
    words("no story for %(time)s, while %(longest)s was the longest pause so far"),
    words("a visit takes %(time)s, it used to take %(longest)s"),
    words("a bug: %(bug)s"),
    words("robots.txt forbids it"),
    words("the page is %(kind)s"),
)


def said(text: str, language: str) -> str:
    """An explanation in a language."""
    if language == ENGLISH or not text or len(text) > _LONGEST:
        return text
    whole = _translated(text, language)
    if whole is not None:
        return whole
    for joint in ("; ", ", "):
        if joint in text:
            parts = [_translated(part, language) for part in text.split(joint)]
            if any(part is not None for part in parts):
                return joint.join(part or was for part, was in zip(parts, text.split(joint), strict=True))
    return translate(text, language)


def field(name: str, language: str) -> str:
    """The name of a field in a language."""
    return translate(name, language) if name in FIELDS else name


def _translated(text: str, language: str) -> str | None:
    for form, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is None:
            continue
        filled = {
            hole: field(value, language)
            if hole in ("field", "other")
            else said(value, language)
            if hole in _OF_FORMS
            else value
            for hole, value in found.groupdict().items()
        }
        return translate(form, language) % filled
    return None


@lru_cache(1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((form, re.compile("".join(_pieces(form)), re.DOTALL)) for form in FORMS)


def _pieces(form: str) -> Iterator[str]:
    last = 0
    for hole in _HOLE.finditer(form):
        yield re.escape(form[last : hole.start()].replace("%%", "%"))
        yield f"(?P<{hole[1]}>{_OF_HOLE.get(hole[1], '.+?')})"
        last = hole.end()
    yield re.escape(form[last:].replace("%%", "%"))
