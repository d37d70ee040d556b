"""Dates in digits: ISO 8601, the orders of the languages, days without a year, seconds since 1970."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from . import calendars
from .found import Found, Refused
from .moment import FIRST_YEAR, LAST_YEAR, Moment, moment_of
from .order import Order, order_of
from .time_of_day import offset_of, zone_after

_ISO = re.compile(
    r"(?<![\d.,/])(?<!\d[-:])(\d{4})([-:])(\d\d?)\2(\d\d?)(?!\d)(?![-:]\d)"
    r"(?:(?:t|_|,|\s){1,3}(\d\d?):([0-5]\d)(?::([0-5]\d|60)(?:[.,]\d{1,9})?)?(?![\d:]))?"
)
_ISO_ALONE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[t ](\d\d):([0-5]\d)(?::([0-5]\d|60)(?:[.,]\d{1,9})?)?\s?(z|[+\-]\d\d:?(?:\d\d)?)?)?"
)
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[t ]?(\d\d)(\d\d)(\d\d)?(?:\.\d{1,9})?(z|[+\-]\d\d:?(?:\d\d)?)?)?")
_EPOCH = re.compile(r"(?:/date\()?(1\d{9})(\d{3}|\d{6})?(?:\.\d{1,9})?(?:[+\-]\d{4})?(?:\)/)?")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?<!\d[.,/:\-|])(\d{4})\s?([./\-|])\s?(\d\d?)\s?\2\s?(\d\d?)(?!\d)(?![./\-|,]\d(?!\d?[:h]))"
)
_YEAR_LAST = re.compile(
    r"(?<!\d)(?<!\d[.,/:\-|])(?<!\d\s[|])(?<!\d{4}\s)(\d\d?)\s?([./\-|])\s?(\d\d?)\s?\2\s?(\d{4}|'?\d\d|\d)(?!\d)(?![./|,]\d|\s[|]\s\d\d(?![\d:.h])|-\d(?!\d?[:h])|:)"
)
_NO_YEAR = re.compile(r"(?<!\d)(?<!\d[.,/:\-])(\d\d?)([./\-])\s?(\d\d?)(\.(?!\d))?(?![\d])(?![./\-:,]\d)")
_MINGUO = re.compile(r"(?<![\d.])(1[01]\d|9\d)([/.])(\d\d)\2(\d\d)(?![\d/.])")
_TIME = re.compile(
    r"(?:\s?\([^\d()]{1,4}\))?[ ,|(\-]{1,4}(?:(?:um|kl|klo|at|a las|à|ob|o|u|alle|ore|в|о)\.?\s)?"
    r"\d\d?[:.h][0-5]\d(?!\d)"
)
_PERSIAN = ("fa", "ckb", "lrc", "glk", "mzn")


def machine(text: str, zone: tzinfo | None) -> Moment | None:
    """A text that is nothing but a machine's date: ISO 8601, seconds (or finer) since 1970."""
    if match := _ISO_ALONE.fullmatch(text):
        year, month, day, hour, minute, second, offset = match.groups()
        clock = (int(hour), int(minute), int(second or 0), offset_of(offset)) if hour else None
        if offset is None or clock is None or clock[3] is not None:
            return moment_of(int(year), int(month), int(day), clock, zone)
    if match := _BASIC.fullmatch(text):
        year, month, day, hour, minute, second, offset = match.groups()
        clock = (int(hour), int(minute), int(second or 0), offset_of(offset)) if hour else None
        moment = moment_of(int(year), int(month), int(day), clock, zone)
        if moment is not None:
            return moment
    if match := _EPOCH.fullmatch(text):
        return Moment(datetime.fromtimestamp(int(match[1]), UTC), exact=True, zoned=True)
    return None


def iso(text: str) -> Iterator[Found | Refused]:
    """Dates of ISO 8601 with dashes (or colons, as cameras write them), with or without a time."""
    for match in _ISO.finditer(text):
        year, _, month, day, hour, minute, second = match.groups()
        if match[2] == ":" and hour is None:
            continue
        end, clock = match.end(), None
        if hour is not None:
            rest = text[end : end + 4].lstrip()
            if rest[:2] not in ("am", "pm") and (not rest[:1].isalpha() or rest[0].isascii()):
                zone, end = zone_after(text, end)
                clock = (int(hour), int(minute), int(second or 0), zone)
            else:  # AM or PM follows: `time_of_day` reads it
                end = match.end(4)
        numbers = int(year), int(month), int(day)
        if not 1300 <= numbers[0] <= 1472 and not 2400 <= numbers[0] <= 2650:
            yield Found(match.start(), end, *numbers, clock)


def figures(
    text: str, language: str, zone_name: str | None, *, persian: bool, yearless: bool
) -> Iterator[Found | Refused]:
    """Day, month and year in digits. The language decides the order; ambiguous dates are refused."""
    order = order_of(language, zone_name)
    persian = persian and not language.startswith(("ur", "ar"))
    jalali = persian or language.split("-")[0] in _PERSIAN
    for match in _YEAR_FIRST.finditer(text):
        day = _gregorian(int(match[1]), int(match[3]), int(match[4]), text, match.end(), jalali=jalali)
        yield Found(match.start(), match.end(), *day) if day else (match.start(), match.end())
    for match in _YEAR_LAST.finditer(text):
        if match[2] == "|" and len(match[4]) < 4:
            continue
        numbers = _ordered(match, order, alone=_is_alone(text), jalali=jalali)
        day = _gregorian(*numbers, text, match.end(), jalali=jalali) if numbers else None
        yield Found(match.start(), match.end(), *day) if day else (match.start(), match.end())
    if language.startswith(("zh-tw", "zh-hant")):
        for match in _MINGUO.finditer(text):
            yield Found(match.start(), match.end(), int(match[1]) + 1911, int(match[3]), int(match[4]))
    if yearless:
        yield from _without_year(text, order)


def _ordered(match: re.Match[str], order: Order | None, *, alone: bool, jalali: bool) -> tuple[int, int, int] | None:
    """Year, month and day of three numbers of which the last may be the year."""
    if len(match[4].lstrip("'")) == 4:
        return _with_year(match, order)
    return _with_short_year(match, order, alone=alone, jalali=jalali)


def _with_year(match: re.Match[str], order: Order | None) -> tuple[int, int, int] | None:
    first, second, last = int(match[1]), int(match[3]), int(match[4].lstrip("'"))
    dot = match[2] == "."
    if dot or match[2] == "|" or first > 12 or first == second:
        return (last, second, first) if second <= 12 else (last, first, second) if not dot else None
    if order == "mdy" or second > 12:
        return last, first, second
    return (last, second, first) if order == "dmy" else None


def _with_short_year(
    match: re.Match[str], order: Order | None, *, alone: bool, jalali: bool
) -> tuple[int, int, int] | None:
    first, second, last = int(match[1]), int(match[3]), int(match[4].lstrip("'"))
    dot = match[2] == "."
    if dot and len(match[1]) + len(match[3]) < 3 and not alone:
        return None  # 2.4.10 is a version
    if order != "ymd" and len(match[4]) == 1:
        return None
    if jalali:
        return 1400 + first if first < 50 else 1300 + first, second, last
    if order is None:
        return (_year(last), second, first) if not dot and 12 < first <= 31 < last and second <= 12 else None
    if order == "ymd":
        return (_year(first), second, last) if len(match[1]) == 2 else None  # 4.10.2 is a version
    if order == "mdy" and not dot and first <= 12:
        return _year(last), first, second
    return (_year(last), second, first) if second <= 12 or dot else (_year(last), first, second)


def _year(two: int) -> int:
    return two + (2000 if two < 70 else 1900)


def _is_alone(text: str) -> bool:
    """Whether a text holds few letters beside the digits."""
    return not any(c.isalpha() for c in text)


def _gregorian(year: int, month: int, day: int, text: str, end: int, *, jalali: bool) -> calendars.Day | None:
    """The day in our calendar; None for one that does not exist, or of a calendar that is not told."""
    if 1300 <= year <= 1499:
        if "ه" in text[end : end + 4]:
            return calendars.from_hijri(year, month, day)
        return calendars.from_jalali(year, month, day) if jalali else None
    year = calendars.from_buddhist(year) or year
    return (year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 and FIRST_YEAR <= year <= LAST_YEAR else None


def _without_year(text: str, order: Order | None) -> Iterator[Found | Refused]:
    """29.11. · 29.11. 02:30 · 11/29 02:30: with a closing dot, with a time behind, or alone."""
    for match in _NO_YEAR.finditer(text):
        first, second = int(match[1]), int(match[3])
        timed = _TIME.match(text, match.end())
        whole = match[0] == text.strip(" ()[]|,-–:")
        if not (timed or whole or match[4]) or (match[2] != "." and match[4]):
            continue
        if match[2] == "." and not match[4] and not timed:
            continue
        if match[2] == "-" and order != "ymd":
            continue
        if (match[2] == "." and order != "ymd") or order == "dmy":
            day, month = first, second
        elif order in ("mdy", "ymd"):
            month, day = first, second
        else:
            continue
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield Found(match.start(), match.end(), 0, month, day, None, sure=False)
