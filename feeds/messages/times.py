"""Days, times and other measures as people read them, in the language of a page and the zone of the installation.

Pure. The formats are those of the Unicode CLDR. English is written as in Britain: the day first, and hours up to 24.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from . import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from babel import Locale


@lru_cache(16)
def zone(name: str) -> tzinfo:
    """The zone of a name in the IANA database. Raises ValueError when there is none."""
    if name == "UTC":  # is there without the database too
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # also a folder of the database, or a path
        raise ValueError(f"no time zone is called {name!r}") from error


def weekday(when: date, language: str) -> str:
    """A day with its weekday: "Friday 20 November 2026"."""
    return _date(when.year, when.month, when.day, "full", language)


def day(when: date, language: str) -> str:
    """A day: "20 November 2026"."""
    return _date(when.year, when.month, when.day, "long", language)


def clock(when: datetime, language: str) -> str:
    """The time of a moment in the zone that it has: "14:05"."""
    return _clock(when.hour, when.minute, language)


@lru_cache(1024)  # the stories of a page are of few days
def _date(year: int, month: int, day: int, form: str, language: str) -> str:
    from babel.dates import format_date  # imported on first use: slow, and most commands write no page

    return format_date(date(year, month, day), form, locale=_locale(language))


@lru_cache(4096)
def _clock(hour: int, minute: int, language: str) -> str:
    from babel.dates import format_time

    return format_time(datetime(2000, 1, 1, hour, minute, tzinfo=UTC), "short", tzinfo=UTC, locale=_locale(language))


def length(number: float, unit: str, language: str) -> str:
    """A length of time in a unit (s, min, h or d) that is written short, as in tables: "3 Tg.", "2,5 godz."."""
    from babel.units import format_unit

    name = {"s": "second", "min": "minute", "h": "hour", "d": "day"}[unit]
    return format_unit(number, f"duration-{name}", "short", locale=_locale(language))


def percent(number: int, language: str) -> str:
    """A number of hundredths: "12 %"."""
    from babel.numbers import format_percent

    return format_percent(number / 100, locale=_locale(language))


def decimal(number: float, language: str) -> str:
    """A number with one digit behind its point or comma: "1,5"."""
    from babel.numbers import format_decimal

    return format_decimal(number, "#,##0.0", locale=_locale(language))


def size(count: int, language: str) -> str:
    """A number of bytes in the largest unit of thousands that fits: "1,5 MB"."""
    from babel.units import format_unit

    number, unit = float(count), "byte"
    for larger in ("kilobyte", "megabyte", "gigabyte", "terabyte"):
        if number < 1000:
            break
        number, unit = number / 1000, larger
    pattern = "#,##0" if unit == "byte" else "#,##0.0"
    return format_unit(number, f"digital-{unit}", "short", format=pattern, locale=_locale(language))


def weekday_name(number: int, language: str) -> str:
    """What a day of the week is called: 0 is Monday."""
    from babel.dates import get_day_names

    return str(get_day_names("wide", context="stand-alone", locale=_locale(language))[number])


def in_digits(when: datetime, name: str) -> str:
    """A moment for a terminal, in a zone that it names: "2026-11-20 14:05 Europe/Berlin"."""
    return f"{when.astimezone(zone(name)):%Y-%m-%d %H:%M} {zone_name(name)}"


def zone_name(name: str) -> str:
    """What a page calls a zone: its name in the IANA database, which is the same in every language."""
    return name.replace("_", " ")


def language_name(tag: str, language: str) -> str | None:
    """What a language (BCP 47) is called in another one; None where nobody has a name for it."""
    return _locale(language).languages.get(tag.lower().partition("-")[0])


@lru_cache(len(LANGUAGES) + 1)
def _locale(language: str) -> Locale:
    from babel import Locale

    primary = language.lower().partition("-")[0]
    return Locale(primary) if primary in LANGUAGES else Locale(ENGLISH, "GB")
