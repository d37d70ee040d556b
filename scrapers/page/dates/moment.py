"""Moments: a day, a time of day and a zone combined."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

FIRST_YEAR = 1800
LAST_YEAR = 2100

Clock = tuple[int, int, int, tzinfo | None]
"""Hour, minute, second and the zone that is told beside them. Hour 24 is midnight at the end of the day."""

_ZEROS = frozenset(
    (date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1970, 1, 1))
)  # placeholders that systems write for no date


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
    """The zone of an IANA name; None for no name and for unknown names."""
    if not name or len(name) > 64:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def timezone_of(minutes: int) -> tzinfo:
    """The fixed zone so many minutes east of Greenwich."""
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def moment_of(year: int, month: int, day: int, clock: Clock | None, zone: tzinfo | None) -> Moment | None:
    """The moment of a Gregorian day; None for a day that does not exist, and for the zeros of clocks and tables."""
    hour, minute, second, told = clock or (0, 0, 0, None)
    if not FIRST_YEAR <= year <= LAST_YEAR or (hour == 24 and (minute or second)):
        return None
    try:
        when = datetime(year, month, day, hour % 24, minute, min(second, 59), tzinfo=told or zone or UTC)
        if hour == 24:
            when += timedelta(days=1)
        if told is None and zone is not None:  # a local time that does not exist moves forward (D5)
            there_and_back = when.astimezone(UTC).astimezone(zone)
            if there_and_back.replace(tzinfo=None) != when.replace(tzinfo=None):
                when = there_and_back
        if when.date() in _ZEROS or abs(when.timestamp()) < 86_400:
            return None
    except (ValueError, OverflowError):
        return None
    return Moment(when, exact=clock is not None, zoned=told is not None)
