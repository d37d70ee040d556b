"""Which month a word names, in some eighty languages and three other calendars."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from .spelling import alike, words
from .words.months import HEBREW, HIJRI, JALALI, MONTHS
from .words.weekdays import WEEKDAYS

_RELATIVES = {"nb": "no", "nn": "no", "bs": "sr", "sh": "sr", "fil": "tl", "iw": "he", "in": "id", "prs": "fa"}
_SHORTEST = 3  # characters of a month's name in a language that the page is not in
_WEEKDAYS = frozenset(words(WEEKDAYS))


class Name(NamedTuple):
    """What a word says of a month: its number in its calendar."""

    month: int
    calendar: str  # gregorian, jalali, hebrew, hijri
    own: bool  # in the language of the page, or in English


def _forms(table: str) -> dict[str, int]:
    """The whole names of a table and their months."""
    return {
        alike(name.replace("_", " ")).rstrip("."): month
        for month, names in enumerate(table.split(), 1)
        for name in names.split("/")
    }


@lru_cache(maxsize=128)
def _language(language: str) -> dict[str, int]:
    """Every form of a month in one language, beginnings of three letters among them, that means one month only."""
    whole = _forms(MONTHS[language])
    cut: dict[str, set[int]] = {}
    for name, month in whole.items():
        if name.isalpha() and not "\u0590" <= name[0] < "\u10a0":
            for end in range(5 if language == "fi" else 3, len(name)):  # Finnish cuts to marrask.
                cut.setdefault(name[:end], set()).add(month)
    return {form: next(iter(months)) for form, months in cut.items() if len(months) == 1} | whole


@lru_cache(maxsize=1)
def _everywhere() -> dict[str, int]:
    """Forms that mean the same month in every language that has them; elsewhere they are no words of a table."""
    seen: dict[str, set[int]] = {}
    for language in MONTHS:
        for form, month in _language(language).items():
            seen.setdefault(form, set()).add(month)
    return {form: next(iter(months)) for form, months in seen.items() if len(months) == 1}


@lru_cache(maxsize=128)
def _own(language: str) -> dict[str, int]:
    """The forms of the page's language, and of English where the language has no other meaning for them."""
    own = language.split("-")[0]
    own = _RELATIVES.get(own, own)
    table = dict(_language("en"))
    if own in MONTHS:
        table |= _language(own)
    return table


@lru_cache(maxsize=1)
def _others() -> dict[str, tuple[int, str]]:
    """Months of other calendars."""
    table = {form: (month, "hebrew") for form, month in _forms(HEBREW).items()}
    table |= {form: (month, "hijri") for form, month in _forms(HIJRI).items()}
    return table | {form: (month, "jalali") for form, month in _forms(JALALI).items()}


def _is_foreign_word(word: str) -> bool:
    """Whether a word is a weekday, or too short, for a month of another language: "Sat" is Saturday, "du" is "of"."""
    if word.isascii() and len(word) < _SHORTEST:
        return True
    return word in _WEEKDAYS and word not in _language("en")


@lru_cache(maxsize=4096)
def name_of(word: str, language: str) -> Name | None:
    """The month that a word (spelled alike, without its closing dot) names."""
    own = language.split("-")[0]
    other = _others().get(word)
    if other is not None and (other[1] != "jalali" or own in ("fa", "prs", "ps", "")):
        return Name(*other, own=True)
    month = _own(language).get(word) if own else None
    if month is not None:
        return Name(month, "gregorian", own=True)
    month = _everywhere().get(word)
    if month is not None and not _is_foreign_word(word):
        return Name(month, "gregorian", own=not own)
    if other is not None:
        return Name(*other, own=False)
    return None
