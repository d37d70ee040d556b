"""Dates as pages and feeds write them: a string → a moment, or nothing. Pure; no clock is read here.

ISO 8601 and RFC 5322 come first, then the names of the months in some forty languages, then figures alone in the order
of the page's language. Distances ("2 hours ago") are read only when the caller says what time it is. `dateparser`
is asked last, and only with the page's own language. A text is cut to 128 characters first: longer date strings
have kept such parsers busy for minutes.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo

from .clocks import FIRST_YEAR, LAST_YEAR, Clock, Moment, clock_of, moment_of, named_zone, offset_of, zone_of
from .month_names import TOKEN, by_name
from .months import AGO, CJK_UNITS, FURTHER, NEAR, ONE, UNITS

__all__ = ["Moment", "read"]

MAX_LENGTH = 128  # characters of a date that are looked at

_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d\d?)-(\d\d?)(?!\d)"
    r"(?:(?:[T_,]|\s){1,3}(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s{0,2}"
    r"(Z(?![a-z])|UTC|GMT|[+\-−]\d\d:?\d\d(?!\d)|[+\-−]\d\d?(?![\d:]))?)?",
    re.I | re.ASCII,
)
_ISO_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(Z|[+\-]\d{4})?)?", re.ASCII)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d{1,6})?", re.ASCII)
_CJK = re.compile(
    r"(?:(\d{4})|(令和|平成|民國|民国)\s?(\d{1,3}|元))\s?[年년]\s?(\d\d?)\s?[月월]\s?(\d\d?)\s?(?:[日号號]|일|(?!\d))",
    re.ASCII,
)
_CJK_AGO = re.compile(r"(\d{1,4})\s?(" + "|".join(sorted(CJK_UNITS, key=len, reverse=True)) + r")\s?[前전]")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?([./\-])\s?(\d\d?)\s?\2\s?(\d\d?)(?!\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(?<![\d.])(\d\d?)\s?([./\-])\s?(\d\d?)\s?\2\s?(\d{4}|\d\d)(?![\d.]\d|\d)", re.ASCII)
_AMOUNT = re.compile(r"\d{1,4}")
_SHORT = re.compile(r"(\d{1,3})\s?([hdm])", re.ASCII | re.I)
_DIGITS = {
    zero + n: str(n) for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10, 0xBE6, 0xC66, 0x6F0) for n in range(10)
}
_MONTH_FIRST = frozenset({"en", "en-us", "en-ph", "en-ca"})  # 3/4/2024 is the fourth of March there


def read(
    text: str, *, language: str | None = None, timezone: str | None = None, now: datetime | None = None
) -> Moment | None:
    """The first date in `text` (only its first 128 characters count), or None.

    `language` (BCP 47) decides the order of day and month and which month names are meant. `timezone` (IANA) is
    the zone of times without one. Distances from now and dates without a year are read only when `now` is given,
    and then nothing later than the day after it is believed.
    """
    text = text[:MAX_LENGTH].strip()
    if len(text) < 2:
        return None
    zone = zone_of(timezone)
    moment = _machine(text, zone)
    if moment is None:
        if not text.isascii():
            text = unicodedata.normalize("NFC", text).translate(_DIGITS)
        moment = _written(text, (language or "").lower().replace("_", "-"), timezone, zone, now)
    if moment is None or not FIRST_YEAR <= moment.when.year <= LAST_YEAR:
        return None
    if now is not None and moment.when > now + timedelta(days=1):
        return None
    return moment


def _machine(text: str, zone: tzinfo | None) -> Moment | None:
    """ISO 8601 in its common forms, and seconds or milliseconds since 1970."""
    match = _ISO.search(text)
    if match is None and text[0].isdigit():
        match = _ISO_BASIC.fullmatch(text)
        if match is None and (epoch := _EPOCH.fullmatch(text)):
            return Moment(datetime.fromtimestamp(int(epoch[1]), UTC), exact=True, zoned=True)
    if match is None:
        return None
    year, month, day, hour, minute, second, offset = match.groups()
    if hour is None and (clock := clock_of(text[match.end() :])) is not None:
        return moment_of(int(year), int(month), int(day), clock, zone)
    told = offset_of(offset) or (None if hour is None else named_zone(text[match.end() : match.end() + 16]))
    time = None if hour is None else (int(hour), int(minute), int(second or 0), told)
    return moment_of(int(year), int(month), int(day), time, zone)


def _written(
    text: str, language: str, zone_name: str | None, zone: tzinfo | None, now: datetime | None
) -> Moment | None:
    """A date as people write it."""
    if match := _CJK.search(text):
        if match[1]:
            year = int(match[1])
        else:
            base = {"令和": 2018, "平成": 1988}.get(match[2], 1911)
            year = base + (1 if match[3] == "元" else int(match[3]))
        return moment_of(year, int(match[4]), int(match[5]), clock_of(_around(text, match)), zone)
    if (found := by_name(text, language, None)) is not None:
        year, month, day, rest = found
        return moment_of(year, month, day, clock_of(rest), zone)
    if match := _YEAR_FIRST.search(text):
        moment = moment_of(int(match[1]), int(match[3]), int(match[4]), clock_of(_around(text, match)), zone)
        if moment is not None:
            return moment
    if match := _YEAR_LAST.search(text):
        moment = _by_figures(match, clock_of(_around(text, match)), language, zone_name, zone)
        if moment is not None:
            return moment
    if now is not None:
        moment = _relative(text, now, zone)
        if moment is not None:
            return moment
        if (found := by_name(text, language, now)) is not None:
            year, month, day, rest = found
            return moment_of(year, month, day, clock_of(rest), zone)
    return _last_resort(text, language, zone)


def _around(text: str, match: re.Match[str]) -> str:
    """The text without the date itself, what follows it first: there the time stands."""
    return text[match.end() :] + " \n " + text[: match.start()]


def _by_figures(
    match: re.Match[str], clock: Clock | None, language: str, zone_name: str | None, zone: tzinfo | None
) -> Moment | None:
    """Day, month and year in figures. A dot puts the day first; else the language decides, never the values."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if len(match[4]) == 2:
        if len(match[1]) + len(match[3]) < 3:
            return None  # 2.4.10 is a version
        year += 2000 if year < 70 else 1900
    american = match[2] != "." and language in _MONTH_FIRST
    if american and language == "en" and zone_name and not zone_name.startswith(("America/", "US/", "Asia/Manila")):
        american = False
    if american:
        moment = moment_of(year, first, second, clock, zone)
        return moment if moment is not None else moment_of(year, second, first, clock, zone)
    moment = moment_of(year, second, first, clock, zone)
    return moment if moment is not None else moment_of(year, first, second, clock, zone)


_LENGTHS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2629800, "year": 31557600}


def _relative(text: str, now: datetime, zone: tzinfo | None) -> Moment | None:
    """Distances from now, and days called by their distance from today."""
    if match := _CJK_AGO.search(text):
        return _back(now, int(match[1]), CJK_UNITS[match[2]])
    tokens = [m[0].lower().strip(".") for m in TOKEN.finditer(text)]
    if any(token in AGO for token in tokens) or "ที่แล้ว" in text:
        for i, token in enumerate(tokens):
            amount = int(token) if _AMOUNT.fullmatch(token) else int(token in ONE)
            if amount and i + 1 < len(tokens):
                unit = UNITS.get(tokens[i + 1])
                if unit is not None:
                    return _back(now, amount, unit)
    if match := _SHORT.fullmatch(text):
        return _back(now, int(match[1]), {"h": "hour", "d": "day", "m": "minute"}[match[2].lower()])
    for token in tokens:
        if token in NEAR:
            here = now.astimezone(zone) if zone else now
            day = here - timedelta(days=NEAR[token])
            return moment_of(day.year, day.month, day.day, clock_of(text), zone)
    return None


def _back(now: datetime, amount: int, unit: str) -> Moment | None:
    try:
        when = now - timedelta(seconds=amount * _LENGTHS[unit])
    except OverflowError:
        return None
    return Moment(when, exact=unit in ("second", "minute", "hour"), zoned=True)


def _last_resort(text: str, language: str, zone: tzinfo | None) -> Moment | None:
    """What `dateparser` makes of a text with a day and a year, in the page's own language alone."""
    own = language.split("-")[0]
    if own not in FURTHER or not re.search(r"(?<!\d)\d{4}(?!\d)", text) or len(text) > 64:
        return None
    import dateparser

    try:
        when = dateparser.parse(
            text,
            languages=[own],
            settings={"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]},
        )
    except Exception:  # noqa: BLE001  # a third-party parser on hostile text: whatever it raises, the text is no date
        return None
    if when is None:
        return None
    exact = (when.hour, when.minute, when.second) != (0, 0, 0)
    clock = (when.hour, when.minute, when.second, when.tzinfo) if exact else None
    return moment_of(when.year, when.month, when.day, clock, zone)
