"""What is written as a date is read back or refused, and never read as another one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from babel.dates import format_datetime
from babel.localedata import locale_identifiers

from scrapers.page import dates
from scrapers.page.dates import calendars
from scrapers.page.dates.order import order_of
from scrapers.page.dates.words.months import HIJRI, JALALI, MONTHS

LANGUAGES = sorted(MONTHS)
WIDE = ("zh", "ja", "ko")
YEARS = (1970, 2099)
DATES = 5  # of each language
STRINGS = 10_000
LATER = datetime(2100, 6, 1, 12, tzinfo=UTC)  # a present after all that is written here


def random_day(chance: random.Random) -> datetime:
    first = datetime(YEARS[0], 1, 2, tzinfo=UTC)
    days = (datetime(YEARS[1], 12, 31, tzinfo=UTC) - first).days
    return first + timedelta(days=chance.randrange(days), minutes=chance.randrange(24 * 60))


def figures(when: datetime, language: str) -> Iterator[str]:
    """A day in digits, in the order of its language, and as machines write it."""
    day, month, year = when.day, when.month, when.year
    yield f"{year}-{month:02}-{day:02}"
    yield f"{year}/{month}/{day}"
    yield f"{year}. {month}. {day}."
    yield f"{day:02}.{month:02}.{year}"
    yield f"{day} | {month:02} | {year}"
    yield f"{year}{month:02}{day:02}"
    order = order_of(language.lower(), None)
    short = f"{year % 100:02}"
    for sign in "/-.":
        if order == "dmy":
            yield f"{day}{sign}{month}{sign}{year}"
            yield f"{day:02}{sign}{month:02}{sign}{short}"
        elif order == "mdy" and sign != ".":
            yield f"{month}{sign}{day}{sign}{year}"
            yield f"{month}{sign}{day}{sign}{short}"
        elif order == "ymd" and language != "fa":  # whose short years are Persian ones
            yield f"{short}{sign}{month:02}{sign}{day:02}"


def named(when: datetime, language: str) -> Iterator[str]:
    """A day with the name of its month."""
    for form in MONTHS[language].split()[when.month - 1].split("/"):
        name = form.replace("_", " ")
        for text in (name, name.upper(), name.title()):
            yield f"{when.day} {text} {when.year}"
            yield f"{when.day}. {text}, {when.year}"
            yield f"{text} {when.day}, {when.year}"
            yield f"{when.year} {text} {when.day}"


def wide(when: datetime) -> Iterator[str]:
    yield f"{when.year}年{when.month}月{when.day}日"
    yield f"{when.year}년 {when.month}월 {when.day}일"
    if when.year > 2019:
        yield f"令和{when.year - 2018}年{when.month}月{when.day}日"
    yield f"民國{when.year - 1911}年{when.month}月{when.day}日"


def clocks(when: datetime) -> Iterator[str]:
    half = "AM" if when.hour < 12 else "PM"
    yield f"{when.hour:02}:{when.minute:02}"
    yield f"{when.hour}:{when.minute:02}:07"
    yield f"{when.hour % 12 or 12}:{when.minute:02} {half}"
    yield f"{when.hour}h{when.minute:02}"


def check(text: str, language: str, when: datetime, *, century: bool = True, now: datetime | None = None) -> bool:
    """Whether a text is read; what is read must be the date that was written."""
    moment = dates.read(text, language=language, now=now)
    if moment is None:
        return False
    found = moment.when
    year = found.year == when.year or (not century and (found.year - when.year) % 100 == 0)
    assert year and (found.month, found.day) == (when.month, when.day), (text, language, moment.iso())
    assert not moment.exact or (found.hour, found.minute) == (when.hour, when.minute), (text, language, moment.iso())
    return True


BEFORE = ("Published", "Updated:", "Stand:", "von Ada Brunn,", "Reuters -", "3 min ·", "(12)", "№ 7,")


def same_day(found: datetime, when: datetime) -> bool:
    return (found.month, found.day) == (when.month, when.day) and (found.year - when.year) % 100 == 0


@pytest.mark.parametrize("language", [*LANGUAGES, *WIDE, "en-GB", "en-US", "xx"])
def test_what_is_written_is_read_back_or_refused(language: str) -> None:
    chance = random.Random(language)
    written = read = 0
    for _ in range(DATES):
        when = random_day(chance)
        texts = [*figures(when, language), *(named(when, language) if language in MONTHS else ()), *wide(when)]
        for text in dict.fromkeys(texts):  # days of two digits have no zeros, and many scripts no capitals
            clock = chance.choice(list(clocks(when)))
            read += check(text, language, when, century=False)
            check(f"{text}, {clock}", language, when, century=False)
            check(f"{clock} {text}", language, when, century=False)
            check(f"{text} {clock}", language, when, century=False, now=LATER)  # forms without a year are tried too
            both = f"{chance.choice(BEFORE)} {text} | {chance.choice(BEFORE)} {text}"
            told = dates.read_all(both, language=language, now=LATER)
            assert all(same_day(reading.moment.when, when) for reading in told), (both, language, told)
            written += 1
    assert read > 0.8 * written or language == "xx", f"{read} of {written}"


WITH_WEEKDAYS = ("EEE, d MMM y", "EEE. d MMM y", "EEE d MMM y, HH:mm", "EEE, MMM d, y", "EEEE d MMMM y", "EEE dd.MM.y")


@pytest.mark.parametrize(
    "language", [one for one in (*LANGUAGES, *WIDE, "en_GB", "en_US") if one in locale_identifiers()]
)
def test_a_weekday_beside_a_day_changes_nothing(language: str) -> None:
    chance = random.Random(language)
    for when in (random_day(chance) for _ in range(5 * DATES)):
        for pattern in WITH_WEEKDAYS:
            check(format_datetime(when, pattern, locale=language), language.replace("_", "-"), when)


@pytest.mark.parametrize("language", [*LANGUAGES, "en-GB"])
def test_a_day_without_a_year_is_the_last_such_one(language: str) -> None:
    chance = random.Random(language)
    now = datetime(2026, 6, 15, 12, tzinfo=UTC)
    read = written = 0
    for _ in range(DATES):
        when = random_day(chance)
        for form in MONTHS[language.split("-")[0]].split()[when.month - 1].split("/"):
            text = f"{when.day} {form.replace('_', ' ')}"
            assert dates.read(text, language=language) is None, text  # only a present makes a year of it
            moment = dates.read(text, language=language, now=now)
            written += 1
            if moment is None:
                continue
            read += 1
            assert (moment.when.month, moment.when.day) == (when.month, when.day), (text, moment.iso())
            assert not moment.exact
            leap = (when.month, when.day) == (2, 29)
            assert timedelta(days=-1) <= now - moment.when.replace(hour=12) < timedelta(days=4 * 366 if leap else 367)
    assert read > 0.8 * written, f"{read} of {written}"


AGO = {
    "en": "{} minutes ago", "de": "vor {} Minuten", "fr": "il y a {} minutes",
    "es": "hace {} minutos", "pt": "há {} minutos", "it": "{} minuti fa",
    "nl": "{} minuten geleden", "sv": "för {} minuter sedan", "da": "for {} minutter siden",
    "no": "for {} minutter siden", "fi": "{} minuuttia sitten", "pl": "{} minut temu",
    "cs": "před {} minutami", "sk": "pred {} minútami", "hu": "{} perce",
    "ro": "acum {} minute", "ru": "{} минут назад", "uk": "{} хвилин тому",
    "bg": "преди {} минути", "el": "πριν από {} λεπτά", "tr": "{} dakika önce",
    "ar": "منذ {} دقيقة", "he": "לפני {} דקות", "fa": "{} دقیقه پیش", "hi": "{} मिनट पहले",
    "th": "{} นาทีที่แล้ว", "vi": "{} phút trước", "id": "{} menit yang lalu", "ja": "{}分前",
    "ko": "{}분 전", "zh": "{}分钟前",
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(AGO))
def test_a_distance_is_that_distance(language: str) -> None:
    chance = random.Random(language)
    for _ in range(20):
        minutes = chance.randrange(2, 60)
        text = AGO[language].format(minutes)
        assert dates.read(text, language=language) is None
        moment = dates.read(text, language=language, now=LATER)
        assert moment is not None, text
        assert moment.when == LATER - timedelta(minutes=minutes), (text, moment.iso())


@pytest.mark.parametrize(
    ("convert", "months", "years", "language", "names"),
    [
        (calendars.from_jalali, 12, range(1300, 1470), "fa", JALALI),
        (calendars.from_hijri, 12, range(1400, 1490), "ar", HIJRI),
        (calendars.from_hebrew, 13, range(5700, 5850), "he", ""),
    ],
)
def test_days_of_other_calendars_follow_one_another(
    convert: Callable[[int, int, int], calendars.Day | None], months: int, years: range, language: str, names: str
) -> None:
    chance = random.Random(language)
    forms = [name.split("/")[0].replace("_", " ") for name in names.split()]
    for _ in range(40):
        year = chance.choice(years)
        order = [*range(1, 6), 13, *range(6, 13)] if months == 13 else list(range(1, 13))
        days = [day for month in order for number in range(1, 32) if (day := convert(year, month, number))]
        assert all((date(*b) - date(*a)).days == 1 for a, b in pairwise(days)), year
        after = convert(year + 1, 1, 1)
        assert after is not None and (date(*after) - date(*days[-1])).days == 1
        if forms:
            month = chance.randrange(1, 13)
            number = chance.randrange(1, 30)
            moment = dates.read(f"{number} {forms[month - 1]} {year}", language=language)
            wanted = convert(year, month, number)
            assert moment is not None and wanted is not None
            assert moment.when.date() == date(*wanted), (number, forms[month - 1], year)


def test_a_foreign_language_never_makes_another_date_of_it() -> None:
    chance = random.Random(7)
    for _ in range(200):
        when, own, other = random_day(chance), chance.choice(LANGUAGES), chance.choice(LANGUAGES)
        text = chance.choice(list(named(when, own)))
        moment = dates.read(text, language=other)
        if moment is None:
            continue
        months = {name.split("/")[0] for name in MONTHS[other].split()}
        shared = any(form in text.lower() for name in MONTHS[other].split() for form in name.split("/"))
        assert (moment.when.month, moment.when.day) == (when.month, when.day) or shared, (text, other, months)


PIECES = [
    *"abcdefghijklmnopqrstuvwxyz", *"0123456789", ".", ",", ":", "-", "/", " ", " ", " km", " %", "€", " ago",
    " Mai", " May", " mar", "ago", " m", " h", "IP ", "v", "#", "(", ")", " set", " jun",
]  # fmt: skip
WORDS = [
    "the",
    "may",
    "march",
    "second",
    "sun",
    "sat",
    "mon",
    "min",
    "mar",
    "jan",
    "august",
    "set",
    "out",
    "now",
    "ago",
    "day",
    "days",
    "hour",
    "week",
    "year",
    "today",
    "page",
    "vol",
    "no",
    "nr",
    "§",
    "Uhr",
    "um",
    "am",
    "vor",
    "Seite",
    "Mai",
    "Mär",
    "Sonne",
    "mit",
    "heute",
    "gestern",
    "vor",
    "der",
    "die",
    "einem",
    "Jahr",
    "Tag",
    "il",
    "y",
    "a",
    "un",
    "an",
    "le",
    "la",
    "fa",
    "ieri",
    "oggi",
    "hace",
    "ayer",
    "hoy",
    "un",
    "día",
    "dia",
    "há",
    "ontem",
    "昨日",
    "今日",
    "前",
    "年",
    "月",
    "日",
    "分",
    "号",
    "어제",
    "전",
    "일",
    "월",
    "вчера",
    "назад",
    "мая",
    "мар",
    "сен",
    "dün",
    "önce",
    "ene",
    "abr",
    "km",
    "%",
    "€",
    "$",
    "kg",
    "1",
    "2",
    "3",
    "4",
    "7",
    "12",
    "13",
    "24",
    "30",
    "31",
    "45",
    "99",
    "100",
    "365",
    "404",
    "911",
    "1080",
    "1984",
    "2024",
    "2025",
    "2.0",
    "3,5",
    "1:0",
    "2:1",
    "3-4",
    "1/2",
    "10/10",
    "24/7",
    "9.11",
    "11.9",
    "4.10.2",
    "192.168.0.1",
    "#7",
    "#12",
    "12:60",
    "25:00",
    "7h",
    "7pm",
    "7m",
    "5k",
    "4K",
    "8:8",
    "50/50",
    "16:9",
    "ISBN",
    "978-3-16",
    "+49",
    "030",
    "0800",
    "555-0199",
    "A380",
    "B2B",
]


@pytest.mark.parametrize("now", [None, LATER])
def test_random_strings_are_no_dates(now: datetime | None) -> None:
    """A year is told, never made up; only with a present a day without one or a distance is read."""
    chance = random.Random(11)
    read = 0
    for number in range(STRINGS):
        if number % 2:
            text = "".join(chance.choice(PIECES) for _ in range(chance.randrange(3, 30)))
        else:
            text = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(2, 9)))
        moment = dates.read(
            text, language=chance.choice(["en", "de", "es", "pt", "ja", "pl", "fr", "tr", "ru", "ko"]), now=now
        )
        if moment is None:
            continue
        year = str(moment.when.year)
        told = year in text or year[2:] in text
        if now is None:
            assert told, (text, moment.iso())
        else:
            assert told or now - moment.when < timedelta(days=400 * 366), (text, moment.iso())
            assert moment.when <= now + timedelta(days=1), (text, moment.iso())
        read += 1
    assert read < STRINGS / (50 if now is None else 16), read
