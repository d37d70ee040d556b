"""Dates as pages and feeds write them: a string → a moment, or nothing. Pure; no clock is read here.

ISO 8601 and RFC 5322 come first, then the names of the months in some forty languages, then figures alone in the order
of the page's language. Distances ("2 hours ago") are read only when the caller says what time it is. `dateparser`
is asked last, and only with the page's own language. A text is cut to 128 characters first: longer date strings
have kept such parsers busy for minutes.
"""

from __future__ import annotations

import re
import unicodedata
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from .months import AGO, CJK_UNITS, FURTHER, JALALI, MONTHS, NEAR, ONE, SMALL, UNITS, US_ZONES, ZONES

MAX_LENGTH = 128  # characters of a date that are looked at
FIRST_YEAR = 1995  # older is a mistake or an archive, not news
LAST_YEAR = 2100

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
_HALVES = "午前|午後|上午|下午|오전|오후|凌晨|晚上|早上"
_CJK_TIME = re.compile(rf"({_HALVES})?\s?(\d\d?)\s?(?:[時时点點]|시)\s?(?:(\d\d?)\s?(?:分|분))?", re.ASCII)
_HALF = re.compile(rf"(?:{_HALVES})\s?$")
_CJK_AGO = re.compile(r"(\d{1,4})\s?(" + "|".join(sorted(CJK_UNITS, key=len, reverse=True)) + r")\s?[前전]")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?([./\-])\s?(\d\d?)\s?\2\s?(\d\d?)(?!\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(?<![\d.])(\d\d?)\s?([./\-])\s?(\d\d?)\s?\2\s?(\d{4}|\d\d)(?![\d.]\d|\d)", re.ASCII)
_TIME = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-4])\s?(?:[:.٫]|[hH]|(?<=\d)\s?[hH]\s?)\s?([0-5]\d)(?::([0-5]\d)(?:[.,]\d{1,9})?)?(?![\d])"
    r"\s{0,3}(?:([ap])\.?\s?m\b\.?)?",
    re.I | re.ASCII,
)
_HOUR = re.compile(r"(?<![\d:.])(\d\d?)\s{0,2}(?:([ap])\.?\s?m\b\.?|uhr\b|h\b(?!\s?\d))", re.I | re.ASCII)
_OFFSET = re.compile(r"(?:(?:UTC|GMT)\s?)?([+\-−])(\d\d?):?(\d\d)?(?!\d)", re.ASCII | re.I)
_ZONE_WORD = re.compile(r"[A-Za-zМСКмск]{1,5}")
_TOKEN = re.compile(r"\d+|[^\s\d,:;|/()\[\]\-–—·•+،]+")
_AMOUNT = re.compile(r"\d{1,4}")
_SHORT = re.compile(r"(\d{1,3})\s?([hdm])", re.ASCII | re.I)
_DIGITS = {
    zero + n: str(n) for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10, 0xBE6, 0xC66, 0x6F0) for n in range(10)
}
_PM = ("午後", "下午", "오후", "晚上")
_JALALI = {name: month for month, name in enumerate(JALALI, 1)}
_MONTH_FIRST = frozenset({"en", "en-us", "en-ph", "en-ca"})  # 3/4/2024 is the fourth of March there


@dataclass(frozen=True, slots=True)
class Moment:
    """A date that was read. `when` is aware: in the zone that the text names, else in the one given, else in UTC."""

    when: datetime
    exact: bool  # the text tells the time of the day
    zoned: bool  # the text tells the zone

    def iso(self) -> str:
        """ISO 8601, no more exact than what was read: a day, a local time without offset, or a time with its offset."""
        if not self.exact:
            return self.when.date().isoformat()
        return (self.when if self.zoned else self.when.replace(tzinfo=None)).isoformat()


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
    zone = _zone(timezone)
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


@lru_cache(maxsize=256)
def _zone(name: str | None) -> tzinfo | None:
    """The zone of an IANA name; None for none and for names that do not exist."""
    if not name:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


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
    if hour is None and (clock := _clock(text[match.end() :])) is not None:
        return _moment(int(year), int(month), int(day), clock, zone)
    told = _offset(offset) or (None if hour is None else _named_zone(text[match.end() : match.end() + 16]))
    time = None if hour is None else (int(hour), int(minute), int(second or 0), told)
    return _moment(int(year), int(month), int(day), time, zone)


_Clock = tuple[int, int, int, tzinfo | None]


def _moment(year: int, month: int, day: int, clock: _Clock | None, zone: tzinfo | None) -> Moment | None:
    if 2500 <= year <= 2650:  # the Buddhist era, as Thai pages count
        year -= 543
    elif 1370 <= year <= 1480:
        return None  # a Persian or Islamic year in figures: which calendar is not told
    hour, minute, second, told = clock or (0, 0, 0, None)
    try:
        if hour == 24:
            hour = 0
        when = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=told or zone or UTC)
        if told is None and zone is not None:  # a local time that does not exist moves forward (D5)
            there_and_back = when.astimezone(UTC).astimezone(zone)
            if there_and_back.replace(tzinfo=None) != when.replace(tzinfo=None):
                when = there_and_back
        when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Moment(when, exact=clock is not None, zoned=told is not None)


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text[0] not in "+-−":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:4] or 0)
    if hours > 14 or minutes > 59:
        return None
    return timezone_of((hours * 60 + minutes) * (1 if text[0] == "+" else -1))


def timezone_of(minutes: int) -> tzinfo:
    """The fixed zone so many minutes east of Greenwich."""
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def _clock(text: str) -> _Clock | None:
    """The first time of day in `text`, with the zone that follows it."""
    if match := _TIME.search(text):
        hour, minute, second, half = int(match[1]), int(match[2]), int(match[3] or 0), match[4]
        if half is None and match.start() and (before := _HALF.search(text[: match.start()])):
            half = "p" if before[0].strip() in _PM else "a"
    elif match := _HOUR.search(text):
        hour, minute, second, half = int(match[1]), 0, 0, match[2]
    elif match := _CJK_TIME.search(text):
        hour, minute, second = int(match[2]), int(match[3] or 0), 0
        half = None if match[1] is None else "p" if match[1] in _PM else "a"
    else:
        return None
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    if hour > 24 or minute > 59:
        return None
    return hour, minute, second, _named_zone(text[match.end() : match.end() + 16])


def _named_zone(rest: str) -> tzinfo | None:
    """The zone right after a time: an offset, or an abbreviation."""
    rest = rest.lstrip(" ,(")
    if match := _OFFSET.match(rest):
        return _offset(match[1] + match[2].zfill(2) + (match[3] or "00"))
    if match := _ZONE_WORD.match(rest):
        word = match[0].lower()
        if word.lower() in ("uhr", "am", "pm", "h"):
            return _named_zone(rest[match.end() :])
        if word in ZONES:
            if word in ("gmt", "utc") and (more := _OFFSET.match(rest[match.end() :].lstrip())):
                return _offset(more[1] + more[2].zfill(2) + (more[3] or "00"))
            return timezone_of(ZONES[word])
        if word in US_ZONES and match[0].isupper():
            return _zone(US_ZONES[word])
    return None


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
        return _moment(year, int(match[4]), int(match[5]), _clock(_around(text, match)), zone)
    if (found := _by_name(text, language, None)) is not None:
        year, month, day, rest = found
        return _moment(year, month, day, _clock(rest), zone)
    if match := _YEAR_FIRST.search(text):
        moment = _moment(int(match[1]), int(match[3]), int(match[4]), _clock(_around(text, match)), zone)
        if moment is not None:
            return moment
    if match := _YEAR_LAST.search(text):
        moment = _by_figures(match, _clock(_around(text, match)), language, zone_name, zone)
        if moment is not None:
            return moment
    if now is not None:
        moment = _relative(text, now, zone)
        if moment is not None:
            return moment
        if (found := _by_name(text, language, now)) is not None:
            year, month, day, rest = found
            return _moment(year, month, day, _clock(rest), zone)
    return _last_resort(text, language, zone)


def _around(text: str, match: re.Match[str]) -> str:
    """The text without the date itself, what follows it first: there the time stands."""
    return text[match.end() :] + " \n " + text[: match.start()]


def _by_figures(
    match: re.Match[str], clock: _Clock | None, language: str, zone_name: str | None, zone: tzinfo | None
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
        moment = _moment(year, first, second, clock, zone)
        return moment if moment is not None else _moment(year, second, first, clock, zone)
    moment = _moment(year, second, first, clock, zone)
    return moment if moment is not None else _moment(year, first, second, clock, zone)


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


def _by_name(text: str, language: str, now: datetime | None) -> tuple[int, int, int, str] | None:
    """Year, month, day and the text around them, where a month is called by its name."""
    table = _table(language)
    spans = [(m[0].lower().strip("."), m.start(), m.end(), m[0]) for m in _TOKEN.finditer(text) if m[0] != "."]
    for i, (word, start, end, raw) in enumerate(spans):
        if word[:1].isdigit():
            continue
        month = table.get(word) or table.get(raw.lower())
        if month is None and i + 1 < len(spans):  # names of two words (Levantine Arabic)
            month = table.get(f"{word} {spans[i + 1][0]}")
        jalali = _JALALI.get(word) if month is None or language.startswith("fa") else None
        if month is None and jalali is None:
            if word == "tháng" and i + 1 < len(spans) and spans[i + 1][0].isdigit():
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
        if word.isdigit() and len(word) <= 4:
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


_LENGTHS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2629800, "year": 31557600}


def _relative(text: str, now: datetime, zone: tzinfo | None) -> Moment | None:
    """Distances from now, and days called by their distance from today."""
    if match := _CJK_AGO.search(text):
        return _back(now, int(match[1]), CJK_UNITS[match[2]])
    tokens = [m[0].lower().strip(".") for m in _TOKEN.finditer(text)]
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
            return _moment(day.year, day.month, day.day, _clock(text), zone)
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
    return _moment(when.year, when.month, when.day, clock, zone)
