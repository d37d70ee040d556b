"""Dates as Babel's locale data write them, read back: `python -m benchmarks.dates [DATES]`.

For each of some eighty languages, random days of 1970 to 2099 are written in the four lengths of CLDR, with and
without a time, and read by `scrapers.page.dates`. Wrong ones are the worst kind: there must be none.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from babel.dates import format_date, format_datetime

from scrapers.page import dates

LOCALES = (
    "af", "am", "ar", "az", "be", "bg", "bn", "br", "bs", "ca", "cs", "cy", "da", "de", "de_AT", "el", "en",
    "en_GB", "en_US", "es", "et", "eu", "fa", "fi", "fil", "fo", "fr", "fy", "ga", "gl", "gu", "he", "hi", "hr",
    "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "km", "kn", "ko", "ky", "lb", "lo", "lt", "lv", "mk", "ml",
    "mn", "mr", "ms", "mt", "my", "nb", "ne", "nl", "nn", "or", "pa", "pl", "ps", "pt", "rm", "ro", "ru", "si",
    "sk", "sl", "so", "sq", "sr", "sr_Latn", "sv", "sw", "ta", "te", "tg", "th", "tk", "tr", "uk", "ur", "uz",
    "vi", "zh", "zh_Hant", "zh_TW", "zu",
)  # fmt: skip
LENGTHS = ("full", "long", "medium", "short")


def written(when: datetime, locale: str) -> Iterator[tuple[str, str]]:
    """(length, text) of a moment, as the locale writes it."""
    for length in LENGTHS:
        day = format_date(when, length, locale=locale)
        yield length, day
        if length in ("medium", "short"):
            yield length + " with time", format_datetime(when, length, locale=locale)
        else:
            yield length + " with time", f"{day}, {format_datetime(when, 'H:mm', locale=locale)}"


def main() -> int:
    """Print what was wrong or not read, and the sums; 1 when a date was read as another one."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    chance = random.Random(5)
    sums: Counter[str] = Counter()
    shown: set[tuple[str, str, str]] = set()
    for locale in LOCALES:
        for _ in range(count):
            when = datetime(
                chance.randrange(1970, 2100), chance.randrange(1, 13), chance.randrange(2, 29), chance.randrange(24),
                chance.randrange(60), tzinfo=UTC,
            )  # fmt: skip
            for length, text in written(when, locale):
                moment = dates.read(text, language=locale.replace("_", "-"))
                told = "refused" if moment is None else "read" if _is_same(moment, when, length) else "wrong"
                sums[told] += 1
                if told != "read" and (locale, length, told) not in shown:
                    shown.add((locale, length, told))
                    print(f"{told:8} {locale:8} {length:18} {text}  {moment.iso() if moment else ''}")
    print(", ".join(f"{name} {number}" for name, number in sums.items()))
    return 1 if sums["wrong"] else 0


def _is_same(moment: dates.Moment, when: datetime, length: str) -> bool:
    found = moment.when
    years = found.year - when.year
    if (found.month, found.day) != (when.month, when.day) or (years % 100 if length.startswith("short") else years):
        return False
    return not moment.exact or (found.hour, found.minute) == (when.hour, when.minute)


if __name__ == "__main__":
    sys.exit(main())
