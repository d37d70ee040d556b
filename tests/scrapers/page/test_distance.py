"""Distances from now, and days called by their distance from today: each part of an amount, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.page.dates import distance
from scrapers.page.dates.distance import SECONDS
from scrapers.page.dates.spelling import alike

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def ago(text: str, language: str = "en") -> timedelta | None:
    """How far before now a text is."""
    moment = distance.read(alike(text), language, NOW, None)
    return None if moment is None else NOW - moment.when


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("just now", "en", timedelta()),
        ("Now!", "en", timedelta()),
        ("2h", "en", timedelta(hours=2)),
        ("2 h", "en", timedelta(hours=2)),
        ("~2h", "en", timedelta(hours=2)),
        ("5m", "en", timedelta(minutes=5)),
        ("3 d", "en", timedelta(days=3)),
        ("3y", "en", timedelta(seconds=3 * SECONDS["year"])),
        ("3mo", "en", timedelta(seconds=3 * SECONDS["month"])),
        ("1h 10m", "en", timedelta(hours=1, minutes=10)),
        ("1 h. 5 min. ago", "en", timedelta(hours=1, minutes=5)),
        ("posted 2h ago", "en", timedelta(hours=2)),
        ("2 hours ago", "en", timedelta(hours=2)),
        ("2 min. ago", "en", timedelta(minutes=2)),
        ("an hour ago", "en", timedelta(hours=1)),
        ("1 hour and 10 minutes ago", "en", timedelta(hours=1, minutes=10)),
        ("1 day, 2 hours and 3 minutes ago", "en", timedelta(days=1, hours=2, minutes=3)),
        ("1 week 2 days 3 hours 4 minutes ago", "en", timedelta(weeks=1, days=2, hours=3, minutes=4)),
        ("100 years ago", "en", timedelta(seconds=100 * SECONDS["year"])),
        ("9999 s ago", "en", timedelta(seconds=9999)),
        ("vor einer Stunde", "de", timedelta(hours=1)),
        ("vor 2 Stunden", "de", timedelta(hours=2)),
        ("hace 3 días", "es", timedelta(days=3)),
        ("il y a 5 minutes", "fr", timedelta(minutes=5)),
        ("3 timmar sedan", "sv", timedelta(hours=3)),
        ("2 godziny temu", "pl", timedelta(hours=2)),
        ("منذ ساعة", "ar", timedelta(hours=1)),
        ("منذ ساعتين", "ar", timedelta(hours=2)),
        ("قبل 3 ساعات", "ar", timedelta(hours=3)),
        ("לפני שעה", "he", timedelta(hours=1)),
        ("לפני שעתיים", "he", timedelta(hours=2)),
        ("2小时前", "zh", timedelta(hours=2)),
        ("两小时前", "zh", timedelta(hours=2)),
        ("十分钟前", "zh", timedelta(minutes=10)),
        ("1時間5分前", "ja", timedelta(hours=1, minutes=5)),
        ("3시간 전", "ko", timedelta(hours=3)),
        ("3 ชั่วโมงที่แล้ว", "th", timedelta(hours=3)),
    ],
)
def test_a_distance(text: str, language: str, wanted: timedelta) -> None:
    assert ago(text, language) == wanted


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2 hours", "en"),  # a length, no distance
        ("2h later", "en"),
        ("since 2h", "en"),
        ("hours 2 ago", "en"),
        ("10 minutes 1 hour ago", "en"),  # the larger comes first
        ("1 hour 2 hours ago", "en"),
        ("2.5 hours ago", "en"),
        ("2,5 hours ago", "en"),
        ("10:2 hours ago", "en"),
        ("3/4 hours ago", "en"),
        ("12345 hours ago", "en"),
        ("200 years ago", "en"),
        ("9999 years ago", "en"),
        ("2 dogs ago", "en"),
        ("2 ago", "en"),
        ("ago", "en"),
        ("half an hour ago", "en"),  # halves are never left out
        ("vor einer halben Stunde", "de"),
        ("2 hours and a half ago", "en"),
        ("1时半前", "zh"),
        ("1小时半前", "zh"),
        ("一个半小时前", "zh"),
        ("3 la", "en"),  # an article of other languages
        ("12 agonies", "en"),
        ("2 hours agoraphobia", "en"),
        ("2 hours agos", "en"),
        ("منذ ساعة الصفر", "ar"),
    ],
)
def test_what_is_no_distance(text: str, language: str) -> None:
    assert ago(text, language) is None


@pytest.mark.parametrize(
    ("text", "exact"),
    [("3 seconds ago", True), ("3 minutes ago", True), ("3 hours ago", True), ("1 day 3 hours ago", True)]
    + [(f"3 {unit}s ago", False) for unit in ("day", "week", "month", "year")],
)
def test_a_distance_in_days_tells_no_hour(text: str, exact: bool) -> None:
    moment = distance.read(text, "en", NOW, None)
    assert moment is not None
    assert (moment.exact, moment.zoned) == (exact, True)


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("yesterday", "en", "2026-11-23"),
        ("Yesterday, 10:30", "en", "2026-11-23T10:30:00"),
        ("10:30 yesterday", "en", "2026-11-23T10:30:00"),
        ("Today 3 pm", "en", "2026-11-24T15:00:00"),
        ("the day before yesterday", "en", "2026-11-22"),
        ("gestern, 18:02 Uhr", "de", "2026-11-23T18:02:00"),
        ("heute", "de", "2026-11-24"),
        ("hier", "fr", "2026-11-23"),
        ("gestern", "", "2026-11-23"),  # a word of one meaning in all languages
        ("昨天 09:15", "zh", "2026-11-23T09:15:00"),
    ],
)
def test_a_day_near_today(text: str, language: str, wanted: str) -> None:
    moment = distance.read(alike(text), language, NOW, None)
    assert moment is not None
    assert moment.iso() == wanted


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hier", ""),  # German for "here"
        ("hier", "de"),
        ("yesterday 5 dogs", "en"),
        ("yesterdayish", "en"),
        ("ofyesterday", "en"),
        ("yesterday we went to the harbour to look at ships", "en"),
        ("10:30 yesterday fishermen mended nets beside the lighthouse", "en"),
    ],
)
def test_what_is_no_day_near_today(text: str, language: str) -> None:
    assert distance.read(alike(text), language, NOW, None) is None


def test_today_is_that_of_the_zone() -> None:
    late, far = datetime(2026, 11, 24, 23, 0, tzinfo=UTC), timezone(timedelta(hours=2))
    moment = distance.read("yesterday", "en", late, far)
    assert moment is not None
    assert moment.when.date().isoformat() == "2026-11-24"
    moment = distance.read("yesterday", "en", late, None)
    assert moment is not None
    assert moment.when.date().isoformat() == "2026-11-23"


@given(st.integers(1, 9999), st.sampled_from(sorted(SECONDS)))
def test_every_amount_of_every_unit(amount: int, unit: str) -> None:
    wanted = timedelta(seconds=amount * SECONDS[unit])
    found = ago(f"{amount} {unit}{'s' * (amount > 1)} ago")
    if wanted < timedelta(days=365 * 120):
        assert found == wanted
    else:
        assert found is None or (NOW - found).year >= 1900
