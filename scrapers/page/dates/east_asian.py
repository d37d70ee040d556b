"""Dates with characters for year, month and day: Chinese, Japanese, Korean; numbered months: Vietnamese, Mongolian."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import calendars
from .found import Found, Refused

_DIGIT = "〇零一二三四五六七八九十廿卅元"
_NUMBER = rf"(?:\d{{1,4}}|[{_DIGIT}]{{1,4}})"
_SIGNED = re.compile(
    rf"(?<!\d)(?:(?:(明治|大正|昭和|平成|令和|民國|民国|中華民國|西元|公元|[rhs](?=\d)|단기)\s?)?({_NUMBER})\s?(?:年|년)\s?"
    rf"(?:\([^()]{{1,12}}\)\s?)?)?({_NUMBER})\s?(?:月|월)\s?({_NUMBER})\s?(?:日|号|號|일)"
)
_LETTER_ERA = re.compile(r"(?<![^\W_])([rhs])\s?(\d{1,2})[./](\d\d?)[./](\d\d?)(?![\d./])")
_NUMBERED = re.compile(
    r"(?<![\d.,:/])(?:ngay )?(\d{1,2}) (?:thang|thg|thg\.) ?(\d{1,2})(?:(?:,| nam| năm)? ?(\d{4}))?(?![\d/:.,]\d|\d)"
)
_MONGOLIAN = re.compile(r"(?<!\d)(?:(\d{4}) (?:оны?|он) )?(\d{1,2})(?:-?[а-я]{1,2})? (?:сарын|сар) (\d{1,2})(?!\d)")
_ERA_LETTERS = {"r": "令和", "h": "平成", "s": "昭和"}
_VALUES = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0}


def number(text: str) -> int | None:
    """A number in digits or in Chinese numerals, by place (二〇二四) or by ten (十八)."""
    if text.isascii():
        return int(text)
    if text == "元":
        return 1
    if all(c in _VALUES for c in text):
        return int("".join(str(_VALUES[c]) for c in text))
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    if not ten or len(tens) > 1 or len(ones) > 1 or not all(c in _VALUES for c in tens + ones):
        return None
    return (_VALUES[tens] if tens else 1) * 10 + (_VALUES[ones] if ones else 0)


def dates(text: str, language: str, *, yearless: bool) -> Iterator[Found | Refused]:
    """The days of a text (spelled alike) whose parts are followed by their characters (年, 月, 日 …)."""
    if not text.isascii():
        for match in _SIGNED.finditer(text):
            yield from _signed(match, yearless=yearless)
        for match in _MONGOLIAN.finditer(text):
            yield from _plain(match, match[1], match[2], match[3], yearless=yearless)
    if language.startswith("ja"):
        for match in _LETTER_ERA.finditer(text):
            year = calendars.ERAS[_ERA_LETTERS[match[1]]] + int(match[2])
            yield Found(match.start(), match.end(), year, int(match[3]), int(match[4]))
    if "thang" in text or "thg" in text:
        for match in _NUMBERED.finditer(text):
            yield from _plain(match, match[3], match[2], match[1], yearless=yearless)


def _plain(
    match: re.Match[str], year: str | None, month: str, day: str, *, yearless: bool
) -> Iterator[Found | Refused]:
    if year:
        yield Found(match.start(), match.end(), int(year), int(month), int(day))
    elif yearless:
        yield Found(match.start(), match.end(), 0, int(month), int(day), None, sure=False)


def _signed(match: re.Match[str], *, yearless: bool) -> Iterator[Found | Refused]:
    era, told, month, day = match[1], match[2], number(match[3]), number(match[4])
    span = match.start(), match.end()
    if month is None or day is None or not (1 <= month <= 12 and 1 <= day <= 31):
        yield span
        return
    if told is None:
        if yearless:
            yield Found(*span, 0, month, day, None, sure=False)
        return
    year = number(told)
    if year is None:
        yield span
        return
    era = _ERA_LETTERS.get(era, era) if era else None
    era = "民國" if era == "中華民國" else era
    if era == "단기":
        year -= 2333
    elif era and era not in ("西元", "公元"):
        year += calendars.ERAS[era]
        if era not in ("民國", "民国") and not _in_era(era, year):
            yield span
            return
    elif len(told) == 3 and told.isascii() and 90 <= year <= 150:
        year += 1911  # the Republic's years, as Taiwan counts
    elif len(told) == 2 and told.isascii():
        year += 2000 if year < 70 else 1900
    yield Found(*span, year, month, day)


_LAST = {"明治": 1912, "大正": 1926, "昭和": 1989, "平成": 2019, "令和": 2099}


def _in_era(era: str, year: int) -> bool:
    """Whether an era had such a year."""
    return calendars.ERAS[era] < year <= _LAST[era]
