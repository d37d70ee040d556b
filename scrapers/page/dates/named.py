"""Dates in which a month is called by its name, in some seventy languages and three other calendars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from . import calendars
from .found import Found, Refused
from .moment import FIRST_YEAR, LAST_YEAR, Clock
from .month_names import Name, name_of
from .spelling import Token, tokens, words
from .time_of_day import times_from
from .words.months import SMALL
from .words.weekdays import WEEKDAYS

_SMALL = frozenset(words(SMALL))
_ORDINALS = re.compile(r"(?:st|nd|rd|th|er|ère|re|º|ª|o|a|e|i|én|an|-?го|го|й|ú|mh|ыл|ที่|:a|:e|ს|ე)(?![^\W\d_])")
_WEEKDAYS = frozenset(words(WEEKDAYS))
_TIME_TAIL = re.compile(r"\s?(?:[:.h]\s?\d|uhr|am\b|pm\b|[%€$])")
_BETWEEN = frozenset(".,-/|'()–_")
_GENITIVE = (
    "ko",
    "ren",
    "aren",
    "da",
    "ta",
    "de",
    "la",
    "dan",
    "nda",
    "nde",
    "ya",
    "lik",
    "s",
    "n",
    "a",
    "u",
    "e",
    "ի",
    "ს",
)


_LONGEST_SURE = 5  # characters: shorter words are not inflected


def dates(text: str, language: str, *, yearless: bool) -> Iterator[Found | Refused]:
    """The days of a text (spelled alike) in which a month is named."""
    parts = tokens(text)
    taken = 0
    for place, token in enumerate(parts):
        if place < taken or token.kind != "word":
            continue
        name, last = _month_at(parts, place, language, text)
        if name is None:
            continue
        last = _twice(parts, last, name, language, text)
        found = _around(parts, place, last, name, text, language, yearless=yearless)
        if found is not None:
            taken = last + 1
            yield found


def _bare(word: str) -> str:
    """A name without the word for "month" that Khmer and Burmese write together with it."""
    return word.removeprefix("ខែ").removesuffix("လ")


def _month_at(parts: list[Token], place: int, language: str, text: str) -> tuple[Name | None, int]:
    """The month that begins at a token, of one word or two; and the place of its last token."""
    word = parts[place].text
    if place + 1 < len(parts) and parts[place + 1].kind == "word":
        second = parts[place + 1]
        two = f"{word} {second.text}"
        name = name_of(two, language)
        if name is not None:
            quote = place + 2 < len(parts) and parts[place + 2].text == "'"
            return name, place + (2 if quote else 1)
    word = word.rstrip(".॰")
    if word in ("арван",) and place + 2 < len(parts):  # Mongolian counts its months
        return name_of(f"арван{parts[place + 1].text} {parts[place + 2].text}", language), place + 2
    quoted = place + 1 < len(parts) and parts[place + 1].text == "'" and parts[place + 1].start == parts[place].end
    if quoted and (name := name_of(word + "'", language)):
        return name, place + 1
    name = name_of(word, language) or name_of(_bare(word), language)
    if name is None and "'" in word:
        name = name_of(word.rpartition("'")[2], language)
    if name is None and len(word) > _LONGEST_SURE and word.endswith(_GENITIVE):  # of Basque, Georgian, Armenian…
        for ending in _GENITIVE:
            if (
                len(word) > len(ending) + 4
                and word.endswith(ending)
                and (name := name_of(word[: -len(ending)], language))
            ):
                break
    if name is None and word in ("thang", "thg", "сарын", "сар", "月"):
        return None, place
    return name, place


def _twice(parts: list[Token], last: int, name: Name, language: str, text: str) -> int:
    """The last token of a month that is called by two names, as Arabic papers do: "نيسان / أبريل", "نيسان (أبريل)"."""
    if last + 2 >= len(parts) or parts[last + 1].text not in "/(" or parts[last + 2].kind != "word":
        return last
    other, end = _month_at(parts, last + 2, language, text)
    if other is None or other[:2] != name[:2]:
        return last
    closed = parts[last + 1].text == "(" and end + 1 < len(parts) and parts[end + 1].text == ")"
    return end + 1 if closed else end


_NUMBER_BEFORE = re.compile(r"(?:[^\W_]|\d[.,:/-])$")
_NUMBER_BEHIND = re.compile(r"[.,:/-]\d")


def _stands_alone(day: _Number, span: list[int], text: str) -> bool:
    """Whether a day without a year is a number by itself: neither "May 4K" nor "March 3,5" nor "x5 jun" nor "jun3"."""
    if day.end == span[0] or span[1] == day.start:
        return not text[span[0] : span[1]].isascii()  # some scripts put no blank between
    if _NUMBER_BEFORE.search(text[max(0, day.start - 2) : day.start]) or _NUMBER_BEHIND.match(text, day.end):
        return False
    behind = text[day.end : day.end + 1]
    return not behind.isalpha() or not behind.isascii() or _ORDINALS.match(text, day.end) is not None


class _Number(NamedTuple):
    value: int
    digits: int
    start: int
    end: int
    place: int


def _around(
    parts: list[Token], first: int, last: int, name: Name, text: str, language: str, *, yearless: bool
) -> Found | Refused | None:
    """The day around a month's name: all numbers beside it are its day and its year, else None."""
    before = _numbers(parts, first, -1, text, name, language)
    after = _numbers(parts, last, 1, text, name, language)
    span = [parts[first].start, parts[last].end]
    chosen = _day_and_year(before, after, text, name)
    if chosen is None:
        near = [*before[:1], *after[:1]]
        if any(n.digits > 2 for n in near):
            return min(span[0], *(n.start for n in near)), max(span[1], *(n.end for n in near))
        return None
    day, year = chosen
    start = min(span[0], day.start, year.start if year else day.start)
    end = max(span[1], day.end, year.end if year else day.end)
    clock = None
    if year is None and name.calendar == "gregorian":
        year, clock, end = _year_behind_time(parts, text, end, language)
    if year is None:
        usable = yearless and name.own and name.calendar == "gregorian" and _stands_alone(day, span, text)
        return Found(start, end, 0, name.month, day.value, None, sure=False) if usable else None
    if year.digits == 2 and not name.own:
        return None
    gregorian = _in_calendar(year, name.month, day.value, name.calendar, text, end, language)
    return Found(start, end, *gregorian, clock) if gregorian else (start, end)


def _numbers(parts: list[Token], place: int, step: int, text: str, name: Name, language: str) -> list[_Number]:
    """Up to two numbers beside a month's name, with nothing but punctuation, weekdays and small words between."""
    found: list[_Number] = []
    at = place + step
    signs = skipped = 0
    while 0 <= at < len(parts) and len(found) < 2 and skipped < 3 and signs < 4:
        token = parts[at]
        if token.kind == "number":
            if len(token.text) > 4 or _in_time(text, token):
                break
            found.append(_Number(int(token.text), len(token.text), token.start, token.end, at))
            signs = skipped = 0
        elif (
            name.calendar == "hebrew"
            and token.kind in ("word", "sign")
            and (number := _hebrew(parts, at, text)) is not None
        ):
            if not found or found[-1].start != number.start:  # it is several tokens
                found.append(number)
            signs = skipped = 0
        elif token.kind == "word":
            if (
                token.text.rstrip(".") not in _SMALL
                and (token.text not in _WEEKDAYS or name_of(token.text, language) is not None)
                and not (step < 0 and _ORDINALS.fullmatch(token.text))
            ):
                break
            skipped += 1
        elif token.text in _BETWEEN or token.text in "ºª°":
            if token.text == "|":
                break
            signs += 1
        else:
            break
        at += step
    return found


def _hebrew(parts: list[Token], at: int, text: str) -> _Number | None:
    """A Hebrew numeral; its quotation mark splits it into three tokens."""
    token = parts[at]
    start, end = token.start, token.end
    while start > 0 and (text[start - 1] in "\"'" or "\u05d0" <= text[start - 1] <= "\u05ea"):
        start -= 1
    while end < len(text) and (text[end] in "\"'" or "\u05d0" <= text[end] <= "\u05ea"):
        end += 1
    word = text[start:end]
    value = calendars.hebrew_number(word) or calendars.hebrew_number(word[1:] if word[:1] in "בהל" else "")
    if value is None:
        return None
    if value > 400:
        value = value + 5000 if value < 1000 else value
    return _Number(value, 2 if value <= 30 else 4, start, end, at)


def _in_time(text: str, token: Token) -> bool:
    """Whether a number belongs to a time such as 10:30 or 14h30."""
    after, before = text[token.end : token.end + 2], text[max(0, token.start - 2) : token.start]
    if len(after) == 2 and after[0] in ":h" and after[1].isdigit():
        return True
    return len(before) == 2 and before[1] == ":" and before[0].isdigit()


def _is_day(number: _Number) -> bool:
    return number.digits <= 2 and 1 <= number.value <= 31


def _is_year(number: _Number, calendar: str) -> bool:
    if number.digits != 4:
        return False
    if calendar == "jalali":
        return 1244 <= number.value <= 1472
    if calendar == "hijri":
        return 1300 <= number.value <= 1500
    if calendar == "hebrew":
        return 5600 <= number.value <= 5900
    return FIRST_YEAR <= number.value <= LAST_YEAR or 2400 <= number.value <= 2650


def _day_and_year(
    before: list[_Number], after: list[_Number], text: str, name: Name
) -> tuple[_Number, _Number | None] | None:
    """Which number is the day and which the year. None where one of the nearest is neither."""
    if before and _is_day(before[0]) and not _year_in(after[1:], name):
        return _day_first(before, after, text, name)
    if after and _is_day(after[0]):
        return _month_first(before, after, text, name)
    return None


def _year_in(numbers: list[_Number], name: Name) -> _Number | None:
    """The first of some numbers, where it can be a year."""
    return numbers[0] if numbers and _is_year(numbers[0], name.calendar) else None


def _day_first(
    before: list[_Number], after: list[_Number], text: str, name: Name
) -> tuple[_Number, _Number | None] | None:
    """18 March 2024 · 2024. gada 18. marts · 18-Mar-24 · 18 March."""
    day = before[0]
    if found := _year_in(after, name) or _year_in(before[1:], name):
        return day, found
    if before[1:] and before[1].digits >= 3:
        return None
    if not after:
        return day, None
    if after[0].digits == 2 and _is_short_year(text, day, after[0]):
        return day, after[0]
    return None if after[0].digits >= 3 or "," not in text[day.end : after[0].start] else (day, None)


def _month_first(
    before: list[_Number], after: list[_Number], text: str, name: Name
) -> tuple[_Number, _Number | None] | None:
    """March 18, 2024 · 2024 március 18 · Mar 18 '24 · March 18."""
    day = after[0]
    if found := _year_in(after[1:], name) or _year_in(before, name):
        return day, found
    if before and before[0].digits >= 3:
        return None
    if not after[1:]:
        return day, None
    if after[1].digits == 2 and text[after[1].start - 1] == "'":
        return day, after[1]
    close = text[day.end : after[1].start].strip(" ") in ("", ".", "-", "/")
    return None if after[1].digits >= 3 or close else (day, None)


def _is_short_year(text: str, day: _Number, number: _Number) -> bool:
    """Whether two digits behind a month's name are its year: close by, not of a time, not behind a comma."""
    gap = text[day.end : number.start]
    glued = text[number.start - 1]
    if glued.isascii() and glued.isalpha():
        return False  # "jun86"
    return "," not in gap and len(gap) <= 20 and _TIME_TAIL.match(text, number.end) is None


def _year_behind_time(
    parts: list[Token], text: str, end: int, language: str
) -> tuple[_Number | None, Clock | None, int]:
    """The year of "Mon Mar 18 10:00:00 +0000 2024": behind the time of day."""
    for time in times_from(text, end, language):
        if text[end : time.start].strip(" ,") or time.clock is None:
            break
        for at, token in enumerate(parts):
            if token.start >= time.end:
                if token.kind == "number" and len(token.text) == 4 and not text[time.end : token.start].strip(" ,)"):
                    number = _Number(int(token.text), 4, token.start, token.end, at)
                    if _is_year(number, "gregorian"):
                        return number, time.clock, token.end
                break
        break
    return None, None, end


def _in_calendar(
    year: _Number, month: int, day: int, calendar: str, text: str, end: int, language: str
) -> calendars.Day | None:
    value = year.value
    if calendar == "jalali":
        return calendars.from_jalali(value, month, day)
    if calendar == "hijri":
        return calendars.from_hijri(value, month, day)
    if calendar == "hebrew":
        return calendars.from_hebrew(value, month, day)
    if year.digits == 2:
        if language.startswith("th"):  # 67 is 2567 there, but 24 may be ours
            return (2500 + value - 543, month, day) if value >= 43 else None
        value += 2000 if value < 70 else 1900
    return calendars.from_buddhist(value) or value, month, day
