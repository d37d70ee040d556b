"""Dates in which a month is called by its name, in some forty languages."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from .clocks import FIRST_YEAR, LAST_YEAR
from .months import JALALI, MONTHS, SMALL

TOKEN = re.compile(r"\d+|[^\s\d,:;|/()\[\]\-–—·•+،]+")
_JALALI = {name: month for month, name in enumerate(JALALI, 1)}


def _names(language: str) -> dict[str, int]:
    """Every form of a month's name that means one month only."""
    forms: dict[str, int] = {}
    clashes: set[str] = set()
    for month, names in enumerate(MONTHS[language].split(), 1):
        for name in names.split("/"):
            name = unicodedata.normalize("NFC", name.replace("_", " "))
            ends = range(3, len(name) + 1) if name.isalpha() and name[0] < "\u0590" else (len(name),)
            for end in ends:
                form = name[:end]
                if forms.setdefault(form, month) != month and form != name:
                    clashes.add(form)
                elif form == name:
                    forms[form] = month
                    clashes.discard(form)
    return {form: month for form, month in forms.items() if form not in clashes}


@lru_cache(maxsize=64)
def _table(language: str) -> dict[str, int]:
    """Month names of one language over those of all languages."""
    table = dict(_all())
    own = language.split("-")[0]
    own = {"nb": "no", "nn": "no", "bs": "sr", "fil": "tl"}.get(own, own)
    if own in MONTHS:
        table.update(_names(own))
    return table


@lru_cache(maxsize=1)
def _all() -> dict[str, int]:
    """Month names of all languages; where two disagree, the language named first in the table wins."""
    table: dict[str, int] = {}
    for language in MONTHS:
        for form, month in _names(language).items():
            table.setdefault(form, month)
    return table


def by_name(text: str, language: str, now: datetime | None) -> tuple[int, int, int, str] | None:
    """Year, month, day and the text around them, where a month is called by its name."""
    table = _table(language)
    spans = [(m[0].lower().strip("."), m.start(), m.end(), m[0]) for m in TOKEN.finditer(text) if m[0] != "."]
    for i, (word, start, end, raw) in enumerate(spans):
        if word[:1].isdigit():
            continue
        month = table.get(word) or table.get(raw.lower())
        if month is None and i + 1 < len(spans):  # names of two words (Levantine Arabic)
            month = table.get(f"{word} {spans[i + 1][0]}")
        jalali = _JALALI.get(word) if month is None or language.startswith("fa") else None
        if month is None and jalali is None:
            if word == "tháng" and i + 1 < len(spans) and spans[i + 1][0].isdecimal():
                month = int(spans[i + 1][0])
                if not 1 <= month <= 12:
                    continue
                spans[i + 1] = ("", *spans[i + 1][1:])
            else:
                continue
        before = _numbers(spans, i, -1, table)
        after = _numbers(spans, i, 1, table)
        parts = _day_and_year(before, after, text)
        if parts is None:
            continue
        day, year, left, right = parts
        left, right = min(start, left), max(end, right)
        if jalali is not None and (year is None or 1370 <= year <= 1480):
            if year is None:
                continue
            converted = _from_jalali(year, jalali, day)
            return (*converted, text[right:] + " \n " + text[:left]) if converted else None
        if month is None:
            continue
        if year is None:
            if now is None:
                continue
            year = now.year if (month, day) <= (now.month, now.day + 1) else now.year - 1
        return year, month, day, text[right:] + " \n " + text[:left]
    return None


def _numbers(
    spans: list[tuple[str, int, int, str]], i: int, step: int, table: dict[str, int]
) -> list[tuple[int, int, int]]:
    """Up to two numbers next to token i on one side, with their places; small words between them are stepped over."""
    found: list[tuple[int, int, int]] = []
    skipped = 0
    j = i + step
    while 0 <= j < len(spans) and len(found) < 2 and skipped < 3:
        word, start, end, _ = spans[j]
        if word.isdecimal() and len(word) <= 4:
            found.append((int(word), start, end))
        elif word in table:
            break
        elif word and (word in SMALL or len(word) <= 4 or (found and len(word) <= 6) or step < 0):
            skipped += 1
        elif word:
            break
        j += step
    return found


def _day_and_year(
    before: list[tuple[int, int, int]], after: list[tuple[int, int, int]], text: str
) -> tuple[int, int | None, int, int] | None:
    """Which number near a month's name is the day and which the year, and the span that they cover."""

    def is_day(n: tuple[int, int, int]) -> bool:
        return 1 <= n[0] <= 31 and n[2] - n[1] <= 2 and not _part_of_time(text, n)

    def is_year(n: tuple[int, int, int]) -> bool:
        return n[2] - n[1] == 4 and (FIRST_YEAR <= n[0] <= LAST_YEAR or 2538 <= n[0] <= 2650 or 1370 <= n[0] <= 1480)

    day = next((n for n in before[:1] if is_day(n)), None)
    if day is not None:  # 18 March 2024 · 2024. gada 18. marts · 18 mars 24
        year = next((n for n in after[:1] if is_year(n)), None) or next((n for n in before[1:2] if is_year(n)), None)
        if year is None and after and after[0][2] - after[0][1] == 2 and text[after[0][1] - 1] in "'’" + " -/":
            short = after[0]
            if 0 <= short[0] <= 69 and not _part_of_time(text, short) and _near(text, day, short):
                year = (2000 + short[0], short[1], short[2])
    else:
        day = next((n for n in after[:1] if is_day(n)), None)
        if day is None:
            return None
        # March 18, 2024 · 2024 március 18
        year = next((n for n in after[1:2] if is_year(n)), None) or next((n for n in before[:1] if is_year(n)), None)
    numbers = [day] if year is None else [day, year]
    return day[0], None if year is None else year[0], min(n[1] for n in numbers), max(n[2] for n in numbers)


def _near(text: str, day: tuple[int, int, int], year: tuple[int, int, int]) -> bool:
    return year[1] - day[2] <= 16 and "," not in text[day[2] : year[1]]


def _part_of_time(text: str, number: tuple[int, int, int]) -> bool:
    """Whether a number belongs to a time such as 10:30 (dots also end ordinals, so they do not count)."""
    _, start, end = number
    return (text[end : end + 1] in ":h" and text[end + 1 : end + 2].isdigit()) or (
        start > 1 and text[start - 1] in ":" and text[start - 2].isdigit()
    )


def _from_jalali(year: int, month: int, day: int) -> tuple[int, int, int] | None:
    """A Persian date as year, month, day of ours, by the 33-year cycle (right for 1244 to 1472 of that calendar)."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    year -= 979
    days = 365 * year + year // 33 * 8 + (year % 33 + 3) // 4 + day - 1
    days += 31 * (month - 1) if month <= 6 else 186 + 30 * (month - 7)
    try:
        when = datetime(1600, 3, 20, tzinfo=UTC) + timedelta(days=days)
    except OverflowError:
        return None
    return when.year, when.month, when.day
