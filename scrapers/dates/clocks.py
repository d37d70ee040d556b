"""Moments: times of day and zones as pages write them, and the dates that are made of them."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from .months import US_ZONES, ZONES

FIRST_YEAR = 1995  # older is a mistake or an archive, not news
LAST_YEAR = 2100
_HALVES = "午前|午後|上午|下午|오전|오후|凌晨|晚上|早上"
_CJK_TIME = re.compile(rf"({_HALVES})?\s?(\d\d?)\s?(?:[時时点點]|시)\s?(?:(\d\d?)\s?(?:分|분))?", re.ASCII)
_HALF = re.compile(rf"(?:{_HALVES})\s?$")
_TIME = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-4])\s?(?:[:.٫]|[hH]|(?<=\d)\s?[hH]\s?)\s?([0-5]\d)(?::([0-5]\d)(?:[.,]\d{1,9})?)?(?![\d])"
    r"\s{0,3}(?:([ap])\.?\s?m\b\.?)?",
    re.I | re.ASCII,
)
_HOUR = re.compile(r"(?<![\d:.])(\d\d?)\s{0,2}(?:([ap])\.?\s?m\b\.?|uhr\b|h\b(?!\s?\d))", re.I | re.ASCII)
_OFFSET = re.compile(r"(?:(?:UTC|GMT)\s?)?([+\-−])(\d\d?):?(\d\d)?(?!\d)", re.ASCII | re.I)
_ZONE_WORD = re.compile(r"[A-Za-zМСКмск]{1,5}")
_PM = ("午後", "下午", "오후", "晚上")

Clock = tuple[int, int, int, tzinfo | None]
"""Hour, minute, second and the zone that is told beside them."""


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


@lru_cache(maxsize=256)
def zone_of(name: str | None) -> tzinfo | None:
    """The zone of an IANA name; None for none and for names that do not exist."""
    if not name:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def moment_of(year: int, month: int, day: int, clock: Clock | None, zone: tzinfo | None) -> Moment | None:
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


def offset_of(text: str | None) -> tzinfo | None:
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


def clock_of(text: str) -> Clock | None:
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
    return hour, minute, second, named_zone(text[match.end() : match.end() + 16])


def named_zone(rest: str) -> tzinfo | None:
    """The zone right after a time: an offset, or an abbreviation."""
    rest = rest.lstrip(" ,(")
    if match := _OFFSET.match(rest):
        return offset_of(match[1] + match[2].zfill(2) + (match[3] or "00"))
    if match := _ZONE_WORD.match(rest):
        word = match[0].lower()
        if word.lower() in ("uhr", "am", "pm", "h"):
            return named_zone(rest[match.end() :])
        if word in ZONES:
            if word in ("gmt", "utc") and (more := _OFFSET.match(rest[match.end() :].lstrip())):
                return offset_of(more[1] + more[2].zfill(2) + (more[3] or "00"))
            return timezone_of(ZONES[word])
        if word in US_ZONES and match[0].isupper():
            return zone_of(US_ZONES[word])
    return None
