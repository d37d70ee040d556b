"""Times of day: each spelling, each half of the day, zones, and what only looks like a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.page import dates
from scrapers.page.dates import named, time_of_day
from scrapers.page.dates.spelling import Token, alike

DAY = datetime(2026, 11, 24, tzinfo=UTC)


def read(text: str, language: str = "en") -> list[tuple[str, tuple[int, int, int], str]]:
    """The times of a text: what of it they are, hour, minute and second, and the zone."""
    spelled = alike(text)
    found = time_of_day.times(spelled, language)
    return [(spelled[one.start : one.end], one.clock[:3], str(one.clock[3] or "")) for one in found]


@pytest.mark.parametrize(
    ("text", "language", "clock"),
    [
        ("9:05", "en", (9, 5, 0)),
        ("0:00", "en", (0, 0, 0)),
        ("24:00", "en", (24, 0, 0)),
        ("9:30:59", "en", (9, 30, 59)),
        ("9:30:15.123", "en", (9, 30, 15)),
        ("9:30:60", "en", (9, 30, 60)),  # a leap second
        ("9.05 uhr", "de", (9, 5, 0)),
        ("14h30", "fr", (14, 30, 0)),
        ("14h", "fr", (14, 0, 0)),
        ("14 uhr", "de", (14, 0, 0)),
        ("9 am", "en", (9, 0, 0)),
        ("9 p.m", "en", (21, 0, 0)),
        ("12 am", "en", (0, 0, 0)),
        ("12 pm", "en", (12, 0, 0)),
        ("13 pm", "en", (13, 0, 0)),
        ("am 9:30", "en", (9, 30, 0)),
        ("fm 9.30", "sv", (9, 30, 0)),
        ("9.30 em", "sv", (21, 30, 0)),
        ("上午9时30分", "zh", (9, 30, 0)),
        ("下午3时15分20秒", "zh", (15, 15, 20)),
        ("9時30分", "ja", (9, 30, 0)),
        ("夜9時", "ja", (21, 0, 0)),
        ("朝9時", "ja", (9, 0, 0)),
        ("밤 9시", "ko", (21, 0, 0)),
        ("下午3点半", "zh", (15, 30, 0)),
        ("下午3點", "zh", (15, 0, 0)),
        ("오후 3시 30분", "ko", (15, 30, 0)),
        ("오후 3시", "ko", (15, 0, 0)),
        ("晚上8点", "zh", (20, 0, 0)),
        ("中午12点", "zh", (12, 0, 0)),
        ("中午10点", "zh", (10, 0, 0)),
        ("中午1点", "zh", (13, 0, 0)),
        ("中午4点", "zh", (16, 0, 0)),
        ("4 вечера", "ru", (16, 0, 0)),
        ("11 вечера", "ru", (23, 0, 0)),
        ("2 ночи", "ru", (2, 0, 0)),
        ("6 ночи", "ru", (6, 0, 0)),
        ("7 ночи", "ru", (19, 0, 0)),
        ("11 ночи", "ru", (23, 0, 0)),
        ("9.30 abends", "de", (21, 30, 0)),
    ],
)
def test_a_time_is_read_whole(text: str, language: str, clock: tuple[int, int, int]) -> None:
    (found,) = read(text, language)
    assert found[1] == clock
    assert found[0] == alike(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("9.05", "en"),  # an amount
        ("09.05", "da"),  # no day stands before it
        ("25h30", "fr"),
        ("24:01", "en"),
        ("25:00", "en"),
        ("23:60", "en"),
        ("9:30:61", "en"),
        ("9:30,5", "en"),
        ("123:45", "en"),
        ("12:345", "en"),
        ("12:34:5", "en"),
        ("1:2", "en"),
        ("1.12:30", "en"),
        ("9:30x", "en"),
        ("14 horses", "en"),
        ("9 amber", "en"),  # no half of a day: a letter follows
        ("9 pmx", "en"),
        ("9 am markt", "de"),  # German "at the"
        ("晚上3点", "zh"),  # neither 3 nor 15 is in the evening
        ("中午5点", "zh"),
        ("3 вечера", "ru"),
        ("12 ночи", "ru"),
        ("abends 9", "de"),
        ("10分", "zh"),
    ],
)
def test_what_only_looks_like_a_time_is_none(text: str, language: str) -> None:
    assert read(text, language) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("18.3.2024 9.05", "fi"),
        ("18.03.2024 | 09.05", "de"),
        ("kl. 9.05", "sv"),
        ("klo: 9.05", "fi"),
        ("9.05 uhr", "de"),
    ],
)
def test_a_dotted_time_needs_a_day_or_a_word_beside_it(text: str, language: str) -> None:
    assert [clock for _, clock, _ in read(text, language)] == [(9, 5, 0)]


def test_half_of_the_day_is_no_end_of_another_word() -> None:
    assert read("xam 9:30") == [("9:30", (9, 30, 0), "")]
    assert read("xpm 9:30") == [("9:30", (9, 30, 0), "")]
    assert read("pm 9:30") == [("pm 9:30", (21, 30, 0), "")]
    assert read("夜9:30", "ja")[0][1] == (21, 30, 0)  # wide letters have no borders between words
    assert read("昨日夜9:30", "ja")[0][1] == (21, 30, 0)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("9:30utc", "UTC"),
        ("9:30 z", "UTC"),
        ("9:30 gmt+2", "UTC+02:00"),
        ("9:30 utc -3", "UTC-03:00"),
        ("9:30 +05:30", "UTC+05:30"),
        ("9:30+0530", "UTC+05:30"),
        ("9:30 (est)", "UTC-05:00"),
        ("9:30, cet", "UTC+01:00"),
        ("3 p.m. est", "UTC-05:00"),
        ("9:30 et", "America/New_York"),
        ("9:30 [europe/berlin]", "Europe/Berlin"),
        ("9:30 america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"),
        ("9:30 uhr mez", "UTC+01:00"),
        ("9:30 h cet", "UTC+01:00"),
        ("9:30 uhr", ""),
        ("9:30 mars/olympus", ""),
        ("9:30 europe/nowhere", ""),
        ("9:30 +15:00", ""),  # no such zone: the offset is not taken for the next time
        ("9:30      est", ""),  # too far away
        ("9:30 estonia", ""),
    ],
)
def test_zone_beside_a_time(text: str, zone: str) -> None:
    (found,) = read(text)
    assert found[1:] == ((15 if text[0] == "3" else 9, 0 if text[0] == "3" else 30, 0), zone)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        (None, None), ("", None), ("Z", 0), ("+05:30", 330), ("-0500", -300), ("-0530", -330), ("+14", 840),
        ("+1400", 840), ("+1459", 899), ("+1500", None), ("+0560", None), ("+05", 300),
    ],
)  # fmt: skip
def test_offset(text: str | None, minutes: int | None) -> None:
    zone = time_of_day.offset_of(text)
    assert (None if zone is None else zone.utcoffset(None)) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10:30 on 24 November 2026", (10, 30)),
        ("24 November 2026, 10:30", (10, 30)),
        ("8:15 | 24 November 2026, 10:30", (10, 30)),  # the one that follows
        ("8:15, 9:45, 24 November 2026", (9, 45)),  # else the nearest before
        ("24 November 2026 in 3 parts, 10:30", (0, 0)),  # a number between them
        ("24 November 2026. The harbour master opens the bridge 10:30", (0, 0)),
        ("24 November 2026 on Tuesday at 10:30", (10, 30)),
        ("24 November 2026" + " " * 41 + "10:30", (0, 0)),
    ],
)
def test_time_that_belongs_to_a_day(text: str, wanted: tuple[int, int]) -> None:
    moment = dates.read(text, language="en")
    assert moment is not None
    assert (moment.when.hour, moment.when.minute) == wanted


def test_time_of_another_day_is_not_taken() -> None:
    found = time_of_day.beside("24.11. 25.11. 10:30", 0, 6, "en", [(0, 6), (7, 13)])
    assert found is None
    found = time_of_day.beside("24.11. 25.11. 10:30", 7, 13, "en", [(0, 6), (7, 13)])
    assert found is not None and found.clock[:2] == (10, 30)
    found = time_of_day.beside("9:15 24.11. 25.11.", 12, 18, "en", [(5, 11), (12, 18)])
    assert found is None


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_every_time_is_read_in_each_spelling(hour: int, minute: int, second: int) -> None:
    spellings = {
        f"{hour}:{minute:02}:{second:02}": (hour, minute, second),
        f"{hour:02}.{minute:02} Uhr": (hour, minute, 0),
        f"{hour}h{minute:02}": (hour, minute, 0),
        f"{hour}时{minute}分{second}秒": (hour, minute, second),
        f"{hour}時{minute}分": (hour, minute, 0),
        f"{hour % 12 or 12}:{minute:02} {'ap'[hour // 12]}m": (hour, minute, 0),
    }
    for text, clock in spellings.items():
        assert [one[1] for one in read(text)] == [clock], text


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("<10>:30", True),
        ("<14>h30", True),
        ("10:<30>", True),
        ("at 1:<30>", True),
        ("<10>:x", False),
        ("<10>:", False),
        ("<10>h 30", False),
        ("<10>.30", False),
        ("x:<30>", False),
        (":<30>", False),
        ("10h<30>", False),
        ("10.<30>", False),
        ("<10>", False),
    ],
)
def test_whether_a_number_belongs_to_a_time(text: str, inside: bool) -> None:
    start, end = text.index("<"), text.index(">") - 1
    token = Token("number", text[start + 1 : end + 1], start, end)
    assert named._in_time(text.replace("<", "").replace(">", ""), token) is inside
