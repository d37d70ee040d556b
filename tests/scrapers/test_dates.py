"""Dates as pages write them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrapers import dates
from scrapers.dates.months import MONTHS

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024-03-18", "2024-03-18"),
        ("2024-03-18T10:00:00+01:00", "2024-03-18T10:00:00+01:00"),
        ("2024-03-18T10:00:00.123Z", "2024-03-18T10:00:00+00:00"),
        ("2024-03-18T10:00:00-0500", "2024-03-18T10:00:00-05:00"),
        ("2024-03-18 10:00", "2024-03-18T10:00:00"),
        ("20240318T100000Z", "2024-03-18T10:00:00+00:00"),
        ("20240318", "2024-03-18"),
        ("1710756000", "2024-03-18T10:00:00+00:00"),
        ("1710756000000", "2024-03-18T10:00:00+00:00"),
        ("Mon, 18 Mar 2024 10:00:00 GMT", "2024-03-18T10:00:00+00:00"),
        ("Mon, 18 Mar 2024 10:00:00 +0530", "2024-03-18T10:00:00+05:30"),
    ],
)
def test_machines(text: str, wanted: str) -> None:
    moment = dates.read(text)
    assert moment is not None
    assert moment.iso() == wanted


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("18. März 2024, 14:30 Uhr", "de", "2024-03-18T14:30:00"),
        ("Stand: 18.03.2024 | 14.30 Uhr", "de", "2024-03-18"),
        ("18.3.2024 klo 14.30", "fi", "2024-03-18"),
        ("March 18, 2024 at 6:30 p.m. EDT", "en", "2024-03-18T18:30:00-04:00"),
        ("Published 10:30 18 March 2024", "en", "2024-03-18T10:30:00"),
        ("Sept. 9, 2019 2:30pm", "en", "2019-09-09T14:30:00"),
        ("le 1er mars 2024 à 10h20", "fr", "2024-03-01T10:20:00"),
        ("17 de dez. de 2018", "pt", "2018-12-17"),
        ("9 sept 2024", "es", "2024-09-09"),
        ("2024. gada 18. marts", "lv", "2024-03-18"),
        ("2024 m. kovo 18 d. 10:20", "lt", "2024-03-18T10:20:00"),
        ("2024. március 18. 10:20", "hu", "2024-03-18T10:20:00"),
        ("18 listopada 2024", "pl", "2024-11-18"),
        ("18. listopada 2024.", "hr", "2024-10-18"),  # the same word, another month
        ("18 марта 2024, 10:20 МСК", "ru", "2024-03-18T10:20:00+03:00"),
        ("30 Νοεμβρίου 2024", "el", "2024-11-30"),
        ("18 Mart 2024 Pazartesi 10:20", "tr", "2024-03-18T10:20:00"),
        ("18 tháng 3, 2024", "vi", "2024-03-18"),
        ("2024年3月18日 14:05", "ja", "2024-03-18T14:05:00"),
        ("2024年3月18日 午後2時5分", "ja", "2024-03-18T14:05:00"),
        ("令和6年3月18日", "ja", "2024-03-18"),
        ("2024. 3. 18. 오후 2:05", "ko", "2024-03-18T14:05:00"),
        ("입력 2024.03.18 14:05", "ko", "2024-03-18T14:05:00"),
        ("18 มี.ค. 2567 10:30", "th", "2024-03-18T10:30:00"),
        ("الثلاثاء 18 آذار 2024", "ar", "2024-03-18"),
        ("۲۸ اسفند ۱۴۰۲", "fa", "2024-03-18"),
        ("18 במרץ 2024", "he", "2024-03-18"),
        ("১৮ মার্চ ২০২৪, ১০:৩০", "bn", "2024-03-18T10:30:00"),
        ("18 मार्च 2024", "hi", "2024-03-18"),
        ("18-Mar-2024", "en", "2024-03-18"),
        ("18 March 24", "en", "2024-03-18"),
    ],
)
def test_people(text: str, language: str, wanted: str) -> None:
    moment = dates.read(text, language=language)
    assert moment is not None
    assert moment.iso().startswith(wanted)


@pytest.mark.parametrize(
    ("language", "timezone", "wanted"),
    [
        ("en-US", None, "2024-03-04"),
        ("en", None, "2024-03-04"),
        ("en", "Europe/London", "2024-04-03"),
        ("en-GB", None, "2024-04-03"),
        ("fr", None, "2024-04-03"),
        (None, None, "2024-04-03"),
    ],
)
def test_ambiguous_order_follows_the_language(language: str | None, timezone: str | None, wanted: str) -> None:
    moment = dates.read("3/4/2024", language=language, timezone=timezone)
    assert moment is not None
    assert moment.iso() == wanted


def test_a_dot_puts_the_day_first() -> None:
    moment = dates.read("3.4.2024", language="en-US")
    assert moment is not None
    assert moment.iso() == "2024-04-03"


@pytest.mark.parametrize("language", sorted(MONTHS))
def test_every_month_of_every_language(language: str) -> None:
    for month, forms in enumerate(MONTHS[language].split(), 1):
        name = forms.split("/")[0].replace("_", " ")
        moment = dates.read(f"18 {name} 2024", language=language)
        assert moment is not None, name
        assert (moment.when.month, moment.when.day) == (month, 18), name


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2 hours ago", 2),
        ("23 hours ago", 23),
        ("vor 2 Std.", 2),
        ("hace 3 horas", 3),
        ("il y a 2 heures", 2),
        ("3時間前", 3),
        ("3시간 전", 3),
        ("5 days ago", 120),
        ("an hour ago", 1),
        ("2 h", 2),
        ("2 часа назад", 2),
        ("för 2 timmar sedan", 2),
    ],
)
def test_distances_need_a_now(text: str, hours: int) -> None:
    assert dates.read(text) is None
    moment = dates.read(text, now=NOW)
    assert moment is not None
    assert moment.when == NOW - timedelta(hours=hours)


def test_days_near_today() -> None:
    moment = dates.read("heute, 10:30 Uhr", language="de", timezone="Europe/Berlin", now=NOW)
    assert moment is not None
    assert moment.when.isoformat() == "2026-11-24T10:30:00+01:00"
    yesterday = dates.read("yesterday", now=NOW)
    assert yesterday is not None
    assert yesterday.iso() == "2026-11-23"


def test_a_date_without_a_year_is_the_last_such_day() -> None:
    assert dates.read("Mar 14") is None
    march, december = dates.read("Mar 14", now=NOW), dates.read("Dec 31", now=NOW)
    assert march is not None
    assert march.iso() == "2026-03-14"
    assert december is not None
    assert december.iso() == "2025-12-31"


def test_the_zone_that_was_given_is_for_times_without_one() -> None:
    moment = dates.read("2024-07-01 10:00", timezone="America/New_York")
    assert moment is not None
    assert moment.when.astimezone(UTC).isoformat() == "2024-07-01T14:00:00+00:00"
    assert not moment.zoned
    own = dates.read("2024-07-01 10:00 CEST", timezone="America/New_York")
    assert own is not None
    assert own.when.astimezone(UTC).hour == 8
    assert own.zoned


def test_a_local_time_that_does_not_exist_moves_forward() -> None:
    moment = dates.read("2024-03-31 02:30", timezone="Europe/Berlin")
    assert moment is not None
    assert moment.when.isoformat() == "2024-03-31T03:30:00+02:00"


@pytest.mark.parametrize(
    "text", ["", "news", "4 min read", "1984-01-01", "31.02.2024", "2024-13-40", "version 2.4.10", "99/99/2024"]
)
def test_no_dates(text: str) -> None:
    assert dates.read(text, language="en", now=NOW) is None


def test_the_future_is_not_believed_when_now_is_known() -> None:
    assert dates.read("2030-01-01", now=NOW) is None
    assert dates.read("2030-01-01") is not None


def test_rare_languages_go_to_dateparser() -> None:
    moment = dates.read("18 lipiec 2024", language="hsb")
    assert moment is None or moment.when.year == 2024
    swahili = dates.read("18 Machi 2024", language="sw")
    assert swahili is not None
    assert swahili.iso() == "2024-03-18"
    khmer = dates.read("18 មីនា 2024", language="km")
    assert khmer is not None
    assert khmer.iso() == "2024-03-18"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.sampled_from([None, "en", "de", "ja", "fa", "th", "xx"]))
@example("² March 2024", "en")
@example("tháng ² 2024", "vi")
def test_any_text_gives_a_date_or_nothing(text: str, language: str | None) -> None:
    moment = dates.read(text, language=language, now=NOW)
    assert moment is None or (moment.when.tzinfo is not None and moment.when.year >= dates.FIRST_YEAR)


@pytest.mark.parametrize("bait", ["1" * 100_000, "1." * 50_000, "12:" * 40_000, "Mar " * 25_000, "2024-" * 20_000])
def test_long_baits_cost_nothing(bait: str) -> None:
    start = time.process_time()
    for _ in range(20):
        dates.read(bait, language="en", now=NOW)
    assert time.process_time() - start < 0.5
