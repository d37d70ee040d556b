"""The day of an address: folders, an agency's constant before the day, several days, days in names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrapers.urls.days import day_of

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2026/03/04/story", "2026-03-04"),
        ("/2026-03-04/story", "2026-03-04"),
        ("/20260304/story", "2026-03-04"),
        ("/19950704/story", "1995-07-04"),  # the oldest year without dividers
        ("/19941231/story", None),
        ("/2026/3/4/story", "2026-03-04"),
        ("/2026/mar/04/story", "2026-03-04"),
        ("/article/20260304143000/story", "2026-03-04"),
        ("/1991/05/17/story", "1991-05-17"),  # an archive
        # an agency's constant, then the day
        ("/wire/urn-newsml-agency-com-20090101-260304-99-4711", "2026-03-04"),
        ("/wire/urn:newsml:agency.com:20090101:260304-99-4711/", "2026-03-04"),
        ("/agency-20090101-20260304-story", "2026-03-04"),
        ("/agency-20260304-123456-story", "2026-03-04"),  # the second is a number
        # two folders that look like days
        ("/20090101/2026/03/04/story", "2026-03-04"),
        ("/2026/03/04/19450508-the-last-day", "2026-03-04"),
        ("/2099/12/31/2026/03/04/story", "2026-03-04"),
        # at the end of a name, where it is recent
        ("/news/story-20260304.html", "2026-03-04"),
        ("/news/story-2026-03-04", "2026-03-04"),
        ("/agency-20260304-story", "2026-03-04"),
        ("/news/what-was-said-on-2001-09-11", None),
        ("/news/19450508-the-last-day", None),
        ("/2099/12/31/story", None),
        ("/news/20261399/story", None),
        ("/news/12345678/story", None),
        ("/news/story-4711", None),
        ("/news/story-20261399.html", None),
        ("/news/story-2026-02-30", None),
        ("/news/story-2025-04-15", "2025-04-15"),  # 400 days ago
        ("/news/story-2025-04-14", None),
        ("/news/story-2026-05-22", "2026-05-22"),
        ("/news/story-2026-05-23", None),
        ("/", None),
    ],
)
def test_the_day_of_an_address(path: str, day: str | None) -> None:
    found = day_of(path, NOW)
    assert (found.isoformat() if found else None) == day


def test_without_a_clock_a_name_tells_no_day() -> None:
    assert day_of("/news/story-20260304.html") is None
    assert day_of("/2026/03/04/story") is not None
