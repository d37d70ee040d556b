"""Dates as pages write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrapers.page import dates
from scrapers.page.dates.words.distance import NEAR
from scrapers.page.dates.words.months import MONTHS
from tests.support.cases import each
from tests.support.timing import least

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@each(
    "text, language, wanted",
    by_machines=[
        ("2024-03-18", None, "2024-03-18"),
        ("2024-03-18T10:00:00+01:00", None, "2024-03-18T10:00:00+01:00"),
        ("2024-03-18T10:00:00.123Z", None, "2024-03-18T10:00:00+00:00"),
        ("2024-03-18T10:00:00-0500", None, "2024-03-18T10:00:00-05:00"),
        ("2024-03-18 10:00", None, "2024-03-18T10:00:00"),
        ("20240318T100000Z", None, "2024-03-18T10:00:00+00:00"),
        ("20240318", None, "2024-03-18"),
        ("1710756000", None, "2024-03-18T10:00:00+00:00"),
        ("1710756000000", None, "2024-03-18T10:00:00+00:00"),
        ("Mon, 18 Mar 2024 10:00:00 GMT", None, "2024-03-18T10:00:00+00:00"),
        ("Mon, 18 Mar 2024 10:00:00 +0530", None, "2024-03-18T10:00:00+05:30"),
    ],
    in_rare_languages=[
        ("18 Machi 2024", "sw", "2024-03-18"),
        ("18 មីនា 2024", "km", "2024-03-18"),
        ("2024 оны 3 сарын 18", "mn", "2024-03-18"),
        ("18 наурыз 2024", "kk", "2024-03-18"),
        ("18-mart, 2024", "uz", "2024-03-18"),
        ("18 märts 2024", "et", "2024-03-18"),
        ("2024(e)ko martxoaren 18(a)", "eu", "2024-03-18"),
        ("18 მარ. 2024", "ka", "2024-03-18"),
        ("२०२४ मार्च १८", "ne", "2024-03-18"),
    ],
    with_the_half_of_the_day=[
        ("الأربعاء، 04 مارس 2026 02:30 م", "ar", "2026-03-04T14:30:00"),
        ("04 مارس 2026 - 02:30 ص", "ar", "2026-03-04T02:30:00"),
        ("4 مارس 2026م 02:30", "ar", "2026-03-04T02:30:00"),  # that letter marks the era
        ("4 Μαρτίου 2026, 02:30 μμ", "el", "2026-03-04T14:30:00"),
        ("4 Μαρτίου 2026, 02:30 π.μ.", "el", "2026-03-04T02:30:00"),
        ("4 मार्च 2026, अपराह्न 2:30", "hi", "2026-03-04T14:30:00"),
        ("4 มีนาคม 2569 2:30 หลังเที่ยง", "th", "2026-03-04T14:30:00"),
        ("4 มีนาคม 2569 เวลา 14.30 น.", "th", "2026-03-04T14:30:00"),
        ("2026. 3. 4. 오후 2:30", "ko", "2026-03-04T14:30:00"),
        ("2026年3月4日 下午2:30", "zh", "2026-03-04T14:30:00"),
        ("2026年3月4日 凌晨0:30", "zh", "2026-03-04T00:30:00"),
        ("2026年3月4日 午後2時半", "ja", "2026-03-04T14:30:00"),
        ("2026-03-04 02:30 PM", "en", "2026-03-04T14:30:00"),
        ("March 4, 2026 12:05 AM", "en", "2026-03-04T00:05:00"),
        ("4 de marzo de 2026 a las 2:30 p. m.", "es", "2026-03-04T14:30:00"),
        ("2026. március 4. du. 2:30", "hu", "2026-03-04T14:30:00"),
        ("4. März 2026, 24:00 Uhr", "de", "2026-03-05T00:00:00"),
        ("2026年3月4日 晚上12:30", "zh", "2026-03-04"),  # the night before or after: not told
    ],
    in_other_calendars=[
        ("18 آذار / أبريل 2024", "ar", None),  # two months
        ("۱۴۰۴/۱۲/۱۳ - ۱۴:۵۲", "fa", "2026-03-04T14:52:00"),
        ("۱۳ اسفند ۱۴۰۴", "fa", "2026-03-04"),
        ("۰۴/۱۲/۱۳", "fa", "2026-03-04"),
        ("1404/12/13", "en", None),
        ("۳۰ اسفند ۱۴۰۴", "fa", None),  # no leap year
        ("4 มี.ค. 69", "th", "2026-03-04"),
        ("4 มี.ค. 26", "th", None),  # of which era is not told
        ("ט״ו באדר תשפ״ו", "he", "2026-03-04"),
        ("15 באדר 5786", "he", "2026-03-04"),
        ("令和8年3月4日", "ja", "2026-03-04"),
        ("25年3月4日", "zh", "2025-03-04"),
        ("98年3月4日", "ja", "1998-03-04"),
        ("70年3月4日", "zh", "1970-03-04"),
        ("R8.3.4", "ja", "2026-03-04"),
        ("昭和70年3月4日", "ja", None),
        ("民國115年3月4日", "zh-TW", "2026-03-04"),
        ("115/03/04", "zh-Hant", "2026-03-04"),
        ("二〇二六年三月四日", "zh", "2026-03-04"),
        ("15 رمضان 1447هـ", "ar", "2026-03-04"),
        ("الأربعاء 15 رمضان 1447هـ - 4 مارس 2026م", "ar", "2026-03-04"),
    ],
)
def test_written_dates(text: str, language: str | None, wanted: str | None) -> None:
    moment = dates.read(text, language=language)
    assert (moment and moment.iso()) == wanted


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
        ("نشر الثلاثاء 18 آذار / مارس 2024 09:22 مساء", "ar", "2024-03-18T21:22:00"),  # a month by both of its names
        ("18 كانون الثاني (يناير) 2024", "ar", "2024-01-18"),
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
        ("en-CA", None, None),
        ("xx", None, None),
        (None, None, None),
    ],
)
def test_ambiguous_order_follows_the_language(language: str | None, timezone: str | None, wanted: str | None) -> None:
    for text in ("3/4/2024", "3-4-2024", "3/4/24"):
        moment = dates.read(text, language=language, timezone=timezone)
        assert (moment and moment.iso()) == wanted, text


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
    "text",
    [
        "",
        "news",
        "4 min read",
        "31.02.2024",
        "2024-13-40",
        "version 2.4.10",
        "99/99/2024",
        "31 February 2024",
        "March 2024",
        "0001-01-01T00:00:00Z",
        "1 January 0001",
        "1970-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "1970-01-01T08:00:00+08:00",
        "12:30:45",
        "192.168.10.24",
        "2024-W12-1",
        "18.03",
        "1.5 hours ago",
        "2-3 hours ago",
        "18 March 9999",
        "+49 30 18-03-24-55",
    ],
)
def test_no_dates(text: str) -> None:
    assert dates.read(text, language="en", now=NOW) is None


def test_the_future_is_not_believed_when_now_is_known() -> None:
    assert dates.read("2030-01-01", now=NOW) is None
    assert dates.read("2030-01-01") is not None


@pytest.mark.parametrize(
    ("text", "language", "minutes"),
    [
        ("1h 10m ago", "en", 70),
        ("5m ago", "en", 5),
        ("1mo ago", "en", 43830),
        ("1小时10分前", "zh", 70),
        ("2小時5分鐘前", "zh-TW", 125),
        ("há 3 dias", "pt", 4320),
        ("2 t siden", "da", 120),
        ("il y a 1 heure et 10 minutes", "fr", 70),
        ("vor 2 Std. 5 Min.", "de", 125),
        ("منذ ساعتين", "ar", 120),
        ("منذ ساعة", "ar", 60),
        ("לפני 3 שעות", "he", 180),
        ("۳ ساعت پیش", "fa", 180),
        ("2 saat önce", "tr", 120),
        ("3 ชั่วโมงที่แล้ว", "th", 180),
        ("2 giờ trước", "vi", 120),
        ("2 घंटे पहले", "hi", 120),
        ("five minutes ago", "en", 5),
        ("刚刚", "zh", 0),
    ],
)
def test_distances(text: str, language: str, minutes: int) -> None:
    moment = dates.read(text, language=language, now=NOW)
    assert moment is not None
    assert moment.when == NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text",
    [
        "vor einer halben Stunde",
        "2 hours",
        "1 hour 5 hours ago",
        "10:5 minutes ago",
        "gestern war alles besser als heute",
    ],
)
def test_no_distances(text: str) -> None:
    assert dates.read(text, language="de", now=NOW) is None


@pytest.mark.parametrize("language", sorted(NEAR[1]))
def test_yesterday(language: str) -> None:
    for word in NEAR[1][language].split():
        moment = dates.read(word.replace("_", " ") + " 10:30", language=language, now=NOW)
        assert moment is not None, word
        assert moment.iso() == "2026-11-23T10:30:00", word


def test_a_word_is_read_in_its_own_language_alone() -> None:
    assert dates.read("hier", language="de", now=NOW) is None
    assert dates.read("hier", now=NOW) is None
    assert dates.read("5 ago", language="en", now=NOW) is None
    spanish = dates.read("5 ago", language="es", now=NOW)
    assert spanish is not None
    assert spanish.iso() == "2026-08-05"
    assert dates.read("5 listopada 2024") is None  # October or November
    assert dates.read("5 listopada") is None


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("24.11. 02:30 Uhr", "de", "2026-11-24T02:30:00"),
        ("26.11. 02:30 Uhr", "de", "2025-11-26T02:30:00"),
        ("11/24 02:30", "ja", "2026-11-24T02:30:00"),
        ("11-24 02:30", "zh", "2026-11-24T02:30:00"),
        ("11月24日 02:30", "zh", "2026-11-24T02:30:00"),
        ("11월 24일 02:30", "ko", "2026-11-24T02:30:00"),
        ("29 февраля, 10:20", "ru", "2024-02-29T10:20:00"),
        ("3/4", None, None),
        ("9/10 readers", "en", None),
        ("1.5", "de", None),
    ],
)
def test_days_without_a_year(text: str, language: str | None, wanted: str | None) -> None:
    moment = dates.read(text, language=language, now=NOW)
    assert (moment and moment.iso()) == wanted
    assert dates.read(text, language=language) is None


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("26 | 01 | 2022", "de", "2022-01-26"),
        ("05 | 25 | 2022", "de", "2022-05-25"),
        ("05.25.2022", "de", None),
        ("5/25/2022", "en-GB", "2022-05-25"),
        ("4/3/26", "en-GB", "2026-03-04"),
        ("4/3/26", "en-US", "2026-04-03"),
        ("26.01.22", "de", "2022-01-26"),
        ("26.01.22", "ko", "2026-01-22"),
        ("26.01.22", None, None),
        ("3 May 1991", "en", "1991-05-03"),
        ("1899-12-30", None, None),
        ("5 March 18, 2024", "en", "2024-03-18"),
        ("Wed Oct 10 20:19:24 +0000 2018", "en", "2018-10-10T20:19:24+00:00"),
        ("2024-03-18T10:00:00+01:00[Europe/Berlin]", None, "2024-03-18T10:00:00+01:00"),
        ("2024:03:18 10:00:00", None, "2024-03-18T10:00:00"),
        ("/Date(1710756000000)/", None, "2024-03-18T10:00:00+00:00"),
        ("8 hours on 18 March 2024 10.30 Uhr", "de", "2024-03-18T10:30:00"),
    ],
)
def test_figures(text: str, language: str | None, wanted: str | None) -> None:
    moment = dates.read(text, language=language, now=NOW)
    assert (moment and moment.iso()) == wanted


def test_every_date_of_a_line_has_its_label() -> None:
    found = dates.read_all("Published 2 May 2024 10:30 | Updated 3 May 2024", language="en")
    assert [(r.moment.iso(), r.before.strip(" |")) for r in found] == [
        ("2024-05-02T10:30:00", "published"),
        ("2024-05-03", "updated"),
    ]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.sampled_from([None, "en", "de", "ja", "fa", "th", "xx"]))
@example("² March 2024", "en")
@example("tháng ² 2024", "vi")
def test_any_text_gives_a_date_or_nothing(text: str, language: str | None) -> None:
    moment = dates.read(text, language=language, now=NOW)
    assert moment is None or (moment.when.tzinfo is not None and moment.when.year >= dates.FIRST_YEAR)


@pytest.mark.parametrize("bait", ["1" * 100_000, "1." * 50_000, "12:" * 40_000, "Mar " * 25_000, "2024-" * 20_000])
def test_long_baits_cost_nothing(bait: str) -> None:
    assert least(lambda: [dates.read(bait, language="en", now=NOW) for _ in range(20)], 0.5) < 0.5


@pytest.mark.parametrize("text", ["45 March 2026", "March 45, 2026", "0 March 2026", "45. März 2026"])
def test_a_number_that_no_month_has_is_no_day(text: str) -> None:
    found = dates.read(text, language="en", now=NOW)
    assert found is None or found.when.day == 1


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("18.03.2024, 14.30", True),
        ("18.03.2024 - 14.30", True),
        ("18.03.2024 Seite 14.30", False),
        ("18.03.2024 um 14.30 Uhr", True),
        ("um 14.30, 18. März 2024", True),
    ],
)
def test_a_dotted_time_stands_beside_a_day_or_a_word_that_says_so(text: str, time: bool) -> None:
    found = dates.read(text, language="de", now=NOW)
    assert found is not None
    assert ((found.when.hour, found.when.minute) == (14, 30)) is time


@pytest.mark.parametrize(("text", "time"), [("at 9.30, 18 March 2024", True), ("it 9.30, 18 March 2024", False)])
def test_the_word_before_a_dotted_time_may_be_the_first_of_the_text(text: str, time: bool) -> None:
    found = dates.read(text, language="en", now=NOW)
    assert found is not None
    assert ((found.when.hour, found.when.minute) == (9, 30)) is time
