"""Days of other calendars, against tables that anybody can look up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scrapers.page.dates.calendars import from_hebrew, from_hijri
from scrapers.page.dates.named import name_of


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (5762, (2001, 9, 18)), (5763, (2002, 9, 7)), (5764, (2003, 9, 27)), (5765, (2004, 9, 16)),
        (5766, (2005, 10, 4)), (5767, (2006, 9, 23)), (5768, (2007, 9, 13)), (5769, (2008, 9, 30)),
        (5770, (2009, 9, 19)), (5771, (2010, 9, 9)), (5772, (2011, 9, 29)), (5773, (2012, 9, 17)),
        (5774, (2013, 9, 5)), (5775, (2014, 9, 25)), (5776, (2015, 9, 14)), (5777, (2016, 10, 3)),
        (5778, (2017, 9, 21)), (5779, (2018, 9, 10)), (5780, (2019, 9, 30)), (5781, (2020, 9, 19)),
        (5782, (2021, 9, 7)), (5783, (2022, 9, 26)), (5784, (2023, 9, 16)), (5785, (2024, 10, 3)),
        (5786, (2025, 9, 23)), (5787, (2026, 9, 12)), (5788, (2027, 10, 2)), (5789, (2028, 9, 21)),
        (5790, (2029, 9, 10)),
    ],
)  # fmt: skip
def test_the_first_day_of_a_hebrew_year(year: int, day: tuple[int, int, int]) -> None:
    assert from_hebrew(year, 1, 1) == day


def test_every_day_of_the_hebrew_years_follows_the_one_before() -> None:
    """No day is left out or comes twice, through common and leap years of all their six lengths."""
    order = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 10, 11, 12]  # Adar I, where there is one, stands before Adar II
    days = [
        date(*found)
        for year in range(5762, 5790)
        for month in order
        for day in range(1, 31)
        if (found := from_hebrew(year, month, day)) is not None
    ]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


@pytest.mark.parametrize("day", [(5786, 0, 1), (5786, 14, 1), (5786, 1, 0), (5786, 1, 31), (5786, 13, 1), (5599, 1, 1)])
def test_what_is_no_hebrew_day(day: tuple[int, int, int]) -> None:
    assert from_hebrew(*day) is None


@pytest.mark.parametrize("day", [(1447, 0, 1), (1447, 13, 1), (1447, 1, 0), (1447, 1, 31), (1, 1, 1)])
def test_what_is_no_islamic_day(day: tuple[int, int, int]) -> None:
    assert from_hijri(*day) is None


def test_months_of_other_calendars_are_sure_where_they_are_written() -> None:
    """A Persian month is one on a Persian page; elsewhere the word may mean something else."""
    word = "خرداد"
    persian, german = name_of(word, "fa"), name_of(word, "de")
    assert persian is not None and (persian.month, persian.calendar, persian.own) == (3, "jalali", True)
    assert german is None or not german.own
    hebrew = name_of("תשרי", "de")
    assert hebrew is not None and (hebrew.month, hebrew.calendar, hebrew.own) == (1, "hebrew", True)
