"""Days of other calendars → year, month and day of the Gregorian one."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import pairwise

Day = tuple[int, int, int]
"""Year, month and day of the Gregorian calendar."""

ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民國": 1911, "民国": 1911}
"""The year before the first one of a Japanese era, and of the Republic of China."""

_JALALI_SURE = range(1244, 1473)  # years in which the cycle of 33 years is right
_HEBREW_YEARS = range(5600, 5900)
_HEBREW_EPOCH = -1373428  # days from 1 January of the year 1 to the first of Tishrei of the year 1

# The calendar of Umm al-Qura, three digits a year from 1389 on: a bit for each month that has thirty days.
_HIJRI_FIRST = 1389
_HIJRI_START = date(1969, 3, 19)
_HIJRI_MONTHS = (
    "aabab4aab2aba2baa6b4aba55aaab5556d2b54aea57526e936aaad555aa5b52ba95b49ba4db25d52daa5ad4aea56d4bd23d"
    "91da95b4ab5a56d2b693b49b6556a9754b6a56caad555b29b92ba95d4ada55aaab595749764baa5b52b6a56d2ae9572a755"
    "35a95d49ba4dd26d535aaaad4b6a57527a95b4ab5536c9ae4b6a96b4ada55d25d92dc96d4ad6556d2b693749b64d72ab54b"
    "6a5752b6956b2ad94dc95d4aea56caad5556"
)  # fmt: skip


def from_jalali(year: int, month: int, day: int) -> Day | None:
    """A Persian (solar Hijri) day."""
    if year not in _JALALI_SURE or not (1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)):
        return None
    first = _nowruz(year)
    found = first + timedelta(days=31 * (month - 1) if month <= 6 else 186 + 30 * (month - 7)) + timedelta(days=day - 1)
    return (found.year, found.month, found.day) if found < _nowruz(year + 1) else None


def _nowruz(year: int) -> date:
    year -= 979
    return date(1600, 3, 20) + timedelta(days=365 * year + year // 33 * 8 + (year % 33 + 3) // 4)


def from_buddhist(year: int) -> int | None:
    """The Gregorian year of one of the Buddhist era."""
    return year - 543 if 2400 <= year <= 2650 else None


@cache
def _hijri_starts() -> tuple[date, ...]:
    """The first day of every month that the table knows, and the day after the last one."""
    days = [_HIJRI_START]
    for place in range(0, len(_HIJRI_MONTHS), 3):
        mask = int(_HIJRI_MONTHS[place : place + 3], 16)
        for month in range(12):
            days.append(days[-1] + timedelta(days=29 + (mask >> (11 - month) & 1)))
    return tuple(days)


def from_hijri(year: int, month: int, day: int) -> Day | None:
    """An Islamic day by the calendar of Umm al-Qura."""
    place = (year - _HIJRI_FIRST) * 12 + month - 1
    starts = _hijri_starts()
    if not (0 <= place < len(starts) - 1 and 1 <= month <= 12 and day >= 1):
        return None
    found = starts[place] + timedelta(days=day - 1)
    return (found.year, found.month, found.day) if found < starts[place + 1] else None


def from_hebrew(year: int, month: int, day: int) -> Day | None:
    """A Hebrew day. Months count from Tishrei; 6 is Adar (in a leap year Adar II), 13 is Adar I of a leap year."""
    if year not in _HEBREW_YEARS or not (1 <= month <= 13 and 1 <= day <= 30):
        return None
    start, end = _tishrei(year), _tishrei(year + 1)
    leap = end - start > 355
    if month == 13 and not leap:
        return None
    spare = (end - start) - (383 if leap else 353)  # 0, 1 or 2: of Heshvan and Kislev
    lengths = [30, 30 if spare == 2 else 29, 29 if spare == 0 else 30, 29, 30]
    lengths += [30, 29] if leap else [29]
    lengths += [30, 29, 30, 29, 30, 29]
    place = month - 1 if month <= 5 else 5 if month == 13 else month - 1 + leap
    if day > lengths[place]:
        return None
    found = date(1, 1, 1) + timedelta(days=start + sum(lengths[:place]) + day - 1)
    return found.year, found.month, found.day


def _tishrei(year: int) -> int:
    """The first of Tishrei, in days since 1 January of the year 1."""
    months = (235 * year - 234) // 19
    parts = 12084 + 13753 * months
    day = 29 * months + parts // 25920
    if 3 * (day + 1) % 7 < 3:
        day += 1
    before, after = _elapsed(year - 1), _elapsed(year + 1)
    if after - day == 356:
        day += 2
    elif day - before == 382:
        day += 1
    return day + _HEBREW_EPOCH


def _elapsed(year: int) -> int:
    months = (235 * year - 234) // 19
    day = 29 * months + (12084 + 13753 * months) // 25920
    return day + 1 if 3 * (day + 1) % 7 < 3 else day


_LETTERS: dict[str, int] = dict(
    zip("אבגדהוזחטיכלמנסעפצקרשת", (*range(1, 10), *range(10, 100, 10), 100, 200, 300, 400), strict=True)
)
_LETTERS |= {"ך": 20, "ם": 40, "ן": 50, "ף": 80, "ץ": 90}


def hebrew_number(text: str) -> int | None:
    """The value of a Hebrew numeral ("ט״ו", "ה׳תשפ״ו"); None for a word that is none."""
    letters = text.replace('"', "").replace("'", "")
    if not letters or not all(c in _LETTERS for c in letters) or letters == text:
        return None
    thousands = text.startswith("ה'") and len(letters) > 2
    values = [_LETTERS[c] for c in (letters[1:] if thousands else letters)]
    if any(a < b for a, b in pairwise(values)):
        return None
    return sum(values)
