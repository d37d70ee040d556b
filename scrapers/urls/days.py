"""The day that an address tells: of a folder, of an agency's message, or at the end of a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

_AGENCY = re.compile(r"(?<!\d)((?:19|20)\d{6})[-_:.]((?:20)?\d{6})(?!\d)")  # a constant or a day, then the day
_DIVIDED = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=[/_-]|$)")
_COMPACT = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d)[/-]?(\d\d)(?:\d{4}|\d{6})?(?=[/_-]|$)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS = re.compile(rf"/((?:19|20)\d\d)[/-]({'|'.join(_MONTHS)})[/-](\d\d?)(?=[/_-]|$)", re.IGNORECASE)
_IN_NAME = re.compile(
    r"(?:/[a-z]{2,8}|[-_])[-_]?(20\d\d)(-?)(\d\d)\2(\d\d)(?=-[^/]{1,300}$|(?:\.[a-z]{2,5})?/?$)", re.IGNORECASE
)
_OLDEST = 1995  # for days without dividers: eight digits may be anything
_RECENT = timedelta(days=400)  # a day in a name is that of its story only if it is recent
_AHEAD = timedelta(days=2)


def day_of(path: str, now: datetime | None = None) -> date | None:
    """The day in the path of an address; of several the plausible one. `now` keeps days of the future out.

    A day in a name, behind its words, counts only with `now` and if it is recent: "what-was-said-on-2001-09-11".
    """
    latest = now.date() + _AHEAD if now is not None else date.max
    for first, second in _AGENCY.findall(path):
        found = [day for day in (_of(second), _of(first)) if day is not None and day.year >= _OLDEST and day <= latest]
        if found:
            return found[0]
    told = [day for day in _of_folders(path) if day <= latest]
    plain = [day for day in told if (day.month, day.day) != (1, 1)]  # a first of January is often a constant
    if told:
        return (plain or told)[0]
    if now is not None and (name := _IN_NAME.search(path)):
        day = _made(name[1], name[3], name[4])
        return day if day is not None and now.date() - _RECENT <= day <= latest else None
    return None


def _of_folders(path: str) -> Iterator[date]:
    found: list[tuple[int, date | None]] = [(m.start(), _made(*m.groups())) for m in _DIVIDED.finditer(path)]
    found += [(m.start(), _made(*m.groups())) for m in _COMPACT.finditer(path) if int(m[1]) >= _OLDEST]
    found += [(m.start(), _made(m[1], str(_MONTHS.index(m[2].lower()) + 1), m[3])) for m in _WORDS.finditer(path)]
    for _, day in sorted(found, key=lambda one: one[0]):
        if day is not None:
            yield day


def _of(digits: str) -> date | None:
    digits = digits if len(digits) == 8 else f"20{digits}"
    return _made(digits[:4], digits[4:6], digits[6:])


def _made(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
