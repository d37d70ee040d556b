"""Times of day as pages write them, with the half of the day and the zone beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import NamedTuple

from .moment import Clock, timezone_of, zone_of
from .spelling import words
from .words.time_of_day import CLOCK_WORDS, HALVES, OWN_HALVES, US_ZONES, ZONES, Part
from .words.weekdays import WEEKDAYS

_TIME = re.compile(
    r"(?<!\d)(?<!\d[.,:])(\d\d?)(?:(\s?[:h]\s?|u|\.)([0-5]\d)(?:[:.]([0-5]\d|60)(?:[.,]\d{1,9})?)?(?![\d])(?![:.,]\d)|"
    r"(?:\s?[시時时点點](?:\s?(\d\d?)\s?분|\s?(\d\d?)\s?分|\s?半)?)(?:\s?(\d\d?)\s?[초秒])?)"
)
_HOUR = re.compile(r"(?<!\d)(?<!\d[:.,/-])(\d\d?)(?![\d:.,/]\d|\d)(?=\s?([^\W\d_]|[ap]\.))")
_OFFSET = re.compile(r"(?:(?:utc|gmt)\s?)?([+\-])\s?(\d\d?)(?::?([0-5]\d))?(?![\d:])")
_ZONE_NAME = re.compile(
    r"[\[(]?((?:africa|america|antarctica|asia|atlantic|australia|europe|indian|pacific)/[a-z_]{3,20}(?:/[a-z_]{3,20})?)"
)
_ZONE_WORD = re.compile(r"[a-zа-я]{1,5}(?![^\W\d_])")
_AM_PM = re.compile(r"([ap])\.?\s?m\b\.?")
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+", re.UNICODE)
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_DOTTED = (
    "uhr",
    "klo",
    "kl",
    "kl.",
    "ore",
    "alle",
    "pukul",
    "jam",
    "kell",
    "ob",
    "h",
    "wib",
    "wita",
    "wit",
    "น.",
    "น",
    "ura",
    "dnes",
    "at",
    "um",
    "godz",
    "godz.",
    "ora",
    "plkst",
    "plkst.",
    "saat",
    "val",
)
_DOT_LANGUAGES = ("da", "fi", "id", "si")
_DAY_BEFORE = re.compile(r"(?:\d{4}\.?|[./]\d\d|\d-\d\d)\s?[,|\-]?$")
REACH = 40  # characters between a day and its time
_KNOWN = frozenset(part for word in words(CLOCK_WORDS + " " + WEEKDAYS) for part in word.replace("-", " ").split())


class Time(NamedTuple):
    """A time of day in a text."""

    start: int
    end: int
    clock: Clock


_Halves = dict[str, list[tuple[str, Part]]]
_ANY_HALVES: dict[str, Part] = {word: part for part, text in HALVES.items() for word in words(text)}


@lru_cache(maxsize=128)
def _halves(language: str) -> tuple[_Halves, _Halves]:
    """The words for halves of the day, longest first, by their first and by their last character."""
    table = _ANY_HALVES.copy()
    am, pm = OWN_HALVES.get(language.split("-")[0], ("", ""))
    table |= dict.fromkeys(words(am), "am")
    table |= dict.fromkeys(words(pm), "pm")
    longest_first = sorted(table.items(), key=lambda item: -len(item[0]))
    first: dict[str, list[tuple[str, Part]]] = {}
    last: dict[str, list[tuple[str, Part]]] = {}
    for item in longest_first:
        first.setdefault(item[0][0], []).append(item)
        last.setdefault(item[0][-1], []).append(item)
    return first, last


@lru_cache(maxsize=256)
def times(text: str, language: str) -> tuple[Time, ...]:
    """The times of day in a text that `alike` gave, in order."""
    return tuple(_times(text, language)) if _DIGIT.search(text) else ()


def _times(text: str, language: str) -> Iterator[Time]:
    at = 0
    spelled, bare = _TIME.search(text), _HOUR.search(text)
    while True:
        # a match still ahead is kept, as searching again each time would be quadratic
        if spelled is not None and spelled.start() < at:
            spelled = _TIME.search(text, at)
        if bare is not None and bare.start() < at:
            bare = _HOUR.search(text, at)
        found = [m for m in (spelled, bare) if m is not None]
        if not found:
            return
        match = min(found, key=lambda m: (m.start(), m.re is _HOUR))
        time = _spelled(match, text, language) if match.re is _TIME else _hour(match, text, language)
        if time is None and match.re is _TIME:
            hour = _HOUR.match(text, match.start())
            time = _hour(hour, text, language) if hour is not None else None
        if time is not None:
            yield time
        at = max(match.end(), time.end if time is not None else 0)


def _spelled(match: re.Match[str], text: str, language: str) -> Time | None:
    hour, minute = int(match[1]), int(match[3] or match[5] or match[6] or 0)
    if match[2] is None and match[0].rstrip().endswith("半"):
        minute = 30
    second = int(match[4] or match[7] or 0)
    start, end, part = _part(match.start(), match.end(), text, language)
    if match[2] == "." and part is None and not _is_dotted(text, match, language):
        return None
    if match[2] and "h" in match[2] and hour > 24:
        return None
    rest = text[end : end + 1]
    if part is None and rest and rest.isalpha() and rest.isascii() and not _follows(text, end):
        return None
    return _time(start, end, hour, minute, second, part, text)


def _follows(text: str, at: int) -> bool:
    """Whether the letters right after a time are known: a zone, "Uhr", "h"."""
    word = _LETTERS.match(text, at)
    return word is not None and (word[0] in ZONES or word[0] in ("h", "uhr", "hrs", "t"))


def _is_dotted(text: str, match: re.Match[str], language: str) -> bool:
    """Whether a word beside "14.30" says that it is a time, or a day stands right before it."""
    start, end = match.span()
    if text[end : end + 8].lstrip().startswith(_DOTTED):
        return True
    before = text[max(0, start - 12) : start].rstrip(" :")
    if before.endswith(_DOTTED):
        return True
    whole = len(match[1]) == 2 or language.startswith(_DOT_LANGUAGES)
    return whole and bool(_DAY_BEFORE.search(before))


def _hour(match: re.Match[str], text: str, language: str) -> Time | None:
    """A time without minutes: it needs a half of the day, "Uhr" or "h"."""
    start, end, part = _part(match.start(), match.end(1), text, language)
    if part is None:
        word = _LETTERS.match(text, end + (text[end : end + 1] == " "))
        if word is None or word[0] not in ("uhr", "h"):
            return None
        end = word.end()
    return _time(start, end, int(match[1]), 0, 0, part, text)


def _part(start: int, end: int, text: str, language: str) -> tuple[int, int, Part | None]:
    """The half of the day beside a time, and the span with it."""
    first, last = _halves(language)
    at = end
    while at < len(text) and at - end < 3 and text[at] == " ":
        at += 1
    german = language.startswith("de")
    if (behind := first.get(text[at : at + 1])) is not None:
        for word, part in behind:
            if text.startswith(word, at) and _ends(text, at + len(word), word) and not (german and word == "am"):
                return start, at + len(word), part
        if (found := _AM_PM.match(text, at)) and not german:
            return start, found.end(), "am" if found[1] == "a" else "pm"
    before = text[max(0, start - 24) : start].rstrip(" :,.")
    for word, part in last.get(before[-1:], ()):
        if (len(word) > 1 or _WIDE.match(word)) and before.endswith(word):
            place = len(before) - len(word)
            if place == 0 or not before[place - 1].isalpha() or _WIDE.match(word):
                return start - (len(text[max(0, start - 24) : start]) - place), end, part
    return start, end, None


def _ends(text: str, at: int, word: str) -> bool:
    """Whether no letter follows a word of an alphabet."""
    return bool(_WIDE.match(word[-1])) or not text[at : at + 1].isalpha()


def _time(start: int, end: int, hour: int, minute: int, second: int, part: Part | None, text: str) -> Time | None:
    hours = _of_day(hour, part)
    if hours is None or minute > 59 or hours > 24 or (hours == 24 and minute):
        return None
    zone, end = zone_after(text, end)
    return Time(start, end, (hours, minute, second, zone))


def _of_day(hour: int, part: Part | None) -> int | None:
    """The hour of 24 that an hour of a part of the day means; None where that is not sure."""
    if part is None or hour > 12:
        return hour
    if part == "am":
        return hour % 12
    if part == "pm":
        return hour % 12 + 12
    if part == "noon":
        return hour if hour in (10, 11, 12) else hour + 12 if 1 <= hour <= 4 else None
    if part == "evening":
        return hour + 12 if 4 <= hour <= 11 else None
    return hour + 12 if 7 <= hour <= 11 else hour if hour < 7 else None


def zone_after(text: str, at: int) -> tuple[tzinfo | None, int]:
    """The zone right after a time, an offset or an abbreviation; and where it ends."""
    start = at
    while at < len(text) and at - start < 4 and text[at] in " ,([":
        at += 1
    if match := _OFFSET.match(text, at):
        return offset_of(match[1] + match[2].zfill(2) + (match[3] or "00")), match.end()
    if match := _ZONE_NAME.match(text, at):
        name = "/".join("_".join(p.capitalize() for p in part.split("_")) for part in match[1].split("/"))
        zone = zone_of(name)
        return (zone, match.end()) if zone is not None else (None, start)
    if match := _ZONE_WORD.match(text, at):
        word = match[0]
        if word in ("uhr", "h", "hrs", "น"):
            zone, end = zone_after(text, match.end())
            return (zone, end) if zone is not None else (None, match.end())
        if word in ZONES:
            if word in ("gmt", "utc") and (more := _OFFSET.match(text, at)):
                return offset_of(more[1] + more[2].zfill(2) + (more[3] or "00")), more.end()
            return timezone_of(ZONES[word]), match.end()
        if word in US_ZONES:
            return zone_of(US_ZONES[word]), match.end()
    return None, start


def offset_of(text: str | None) -> tzinfo | None:
    """The zone of an offset such as "+05:30", "-0500" or "Z"; None for one that does not exist."""
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:4] or 0)
    if hours > 14 or minutes > 59:
        return None
    return timezone_of((hours * 60 + minutes) * (1 if text[0] == "+" else -1))


def beside(text: str, start: int, end: int, language: str, taken: list[tuple[int, int]]) -> Time | None:
    """The time of day that belongs to the day at `start` to `end`: the next one after it, else the last before it.

    `taken` are the spans of all days of the text: no time is looked for beyond them.
    """
    right = min((s for s, _ in taken if s >= end), default=len(text))
    left = max((e for _, e in taken if e <= start), default=0)
    following = text[:right]
    for time in times_from(following, end, language):
        if _is_gap(text[end : time.start]):
            return time
        break
    last = None
    for time in times_from(text[:start], left, language):
        last = time
    if last is not None and _is_gap(text[last.end : start]):
        return last
    return None


def times_from(text: str, at: int, language: str) -> Iterator[Time]:
    """The times of day in `text` from a place on."""
    for time in times(text, language):
        if time.start >= at:
            yield time


def _is_gap(text: str) -> bool:
    """Whether only punctuation, weekdays and small words stand between a day and a time."""
    if len(text) > REACH or any(c.isdigit() for c in text):
        return False
    return all(len(word) <= 3 or word in _KNOWN or _WIDE.match(word) for word in _LETTERS.findall(text))
