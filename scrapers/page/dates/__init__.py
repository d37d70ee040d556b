"""Dates as pages and feeds write them: a string → a moment, or nothing. Pure; no clock is read here.

One grammar of forms. A form reads a whole date or refuses it; no part of a refused span is read as another date. The
language decides the order of digits and the meaning of words; without it only unambiguous dates are read. Only a
missing year is filled in: the last such day before `now`. A text is cut to 128 characters first.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from . import distance, east_asian, named, numeric
from .found import Found
from .moment import FIRST_YEAR, LAST_YEAR, Moment, moment_of, zone_of
from .spelling import alike
from .time_of_day import beside

__all__ = ["FIRST_YEAR", "LAST_YEAR", "MAX_LENGTH", "Moment", "Reading", "read", "read_all", "zone_of"]

MAX_LENGTH = 128  # characters of a date that are looked at
_PERSIAN_DIGITS = re.compile("[\u06f0-\u06f9]")
_DIGIT = re.compile(r"\d")
_FIGURES = re.compile(r"\d\s?[./\-:|]\s?'?\d")  # all forms in digits have two numbers with one character between
_AHEAD = timedelta(days=1)


class Reading(NamedTuple):
    """A date in a text, and the words that stand before it (since the date before)."""

    moment: Moment
    before: str


def read(
    text: str, *, language: str | None = None, timezone: str | None = None, now: datetime | None = None
) -> Moment | None:
    """The first date in `text` (only its first 128 characters count), or None.

    `language` (BCP 47) decides the order of day and month and which month names are meant. `timezone` (IANA) is
    the zone of times without one. Distances from now and dates without a year are read only when `now` is given,
    and then nothing later than the day after it is believed.
    """
    text = _cut(text)
    if len(text) < 2:
        return None
    moment = _first(text, _tag(language), timezone, now)
    return moment if moment is not None and _is_past(moment, now) else None


def read_all(
    text: str, *, language: str | None = None, timezone: str | None = None, now: datetime | None = None
) -> list[Reading]:
    """Every date in a line such as "Published 2 May 2024 | Updated 3 May 2024", with the words before each."""
    found = _readings(_cut(text), _tag(language), timezone, now)
    return [reading for reading in found if _is_past(reading.moment, now)]


def _cut(text: str) -> str:
    """At most 128 characters, without a cut word or number at the end."""
    if len(text) <= MAX_LENGTH:
        return text.strip()
    text = text[:MAX_LENGTH]
    return (text.rpartition(" ")[0] if " " in text else text).strip()


def _tag(language: str | None) -> str:
    return (language or "").lower().replace("_", "-")


def _is_past(moment: Moment, now: datetime | None) -> bool:
    return now is None or moment.when <= now + _AHEAD


@lru_cache(maxsize=512)
def _first(text: str, language: str, zone_name: str | None, now: datetime | None) -> Moment | None:
    """The first date of a text, whatever its form."""
    zone = zone_of(zone_name)
    if text.isascii() and (moment := numeric.machine(text.lower(), zone)) is not None:
        return moment
    found = _readings(text, language, zone_name, now)
    if found:
        return found[0].moment
    return distance.read(alike(text), language, now, zone) if now is not None else None


@lru_cache(maxsize=512)
def _readings(text: str, language: str, zone_name: str | None, now: datetime | None) -> tuple[Reading, ...]:
    """The days of a text in order, each with its time of day. Cached, as a page shows one date several times."""
    plain, zone = alike(text), zone_of(zone_name)
    days = _days(text, plain, language, zone_name, yearless=now is not None)
    spans = [(day.start, day.end) for day in days]
    found: list[Reading] = []
    last = 0
    for day in days:
        clock, end = day.clock, day.end
        if clock is None:
            time = beside(plain, day.start, day.end, language, spans)
            if time is not None:
                clock, end = time.clock, max(end, time.end)
        moment = (
            moment_of(day.year, day.month, day.day, clock, zone)
            if day.sure
            else _last_such(day, clock, zone, now or datetime(1, 1, 1, tzinfo=UTC))
        )
        if moment is not None:
            found.append(Reading(moment, plain[last : day.start]))
        last = end
    return tuple(found)


def _days(text: str, plain: str, language: str, zone_name: str | None, *, yearless: bool) -> list[Found]:
    """The days of a text in order. Of two that overlap the longer one counts; refused spans count as well."""
    has_digit = _DIGIT.search(plain) is not None
    found: list[Found | tuple[int, int]] = []
    if has_digit and _FIGURES.search(plain) is not None:
        found += numeric.iso(plain)
        persian = bool(_PERSIAN_DIGITS.search(text))
        found += numeric.figures(plain, language, zone_name, persian=persian, yearless=yearless)
    found += east_asian.dates(plain, language, yearless=yearless)
    if has_digit or '"' in plain:
        found += named.dates(plain, language, yearless=yearless)
    taken: list[tuple[int, int]] = []
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: (isinstance(f, Found) and not f.sure, f[0] - f[1], f[0])):
        if any(item[0] < end and start < item[1] for start, end in taken):
            continue
        taken.append((item[0], item[1]))
        if isinstance(item, Found):
            kept.append(item)
    return sorted(kept)


def _last_such(
    day: Found, clock: tuple[int, int, int, tzinfo | None] | None, zone: tzinfo | None, now: datetime
) -> Moment | None:
    """The last day of that name, tomorrow included (elsewhere it has begun)."""
    here = now.astimezone(zone) if zone else now
    for year in range(here.year + 1, max(here.year - 9, 0), -1):
        moment = moment_of(year, day.month, day.day, clock, zone)
        if moment is not None and moment.when.date() <= (here + _AHEAD).date():
            return moment
    return None
