"""The number of an article at the end of its address, and what only looks like one."""

from __future__ import annotations

import pytest

from scrapers.urls.article_number import article_number


@pytest.mark.parametrize(
    ("end", "number"),
    [
        ("cyclist-falls-7304411", "7304411"),
        ("cyclist-falls-20261124", None),  # a day
        ("cyclist-falls-202611241530", None),  # and a time
        ("cyclist-falls-24112026", None),
        ("cyclist-falls-20261399", "20261399"),  # no day that there is
        ("cyclist-falls-18991224", "18991224"),  # before there were pages
        ("cyclist-falls", None),
        ("cyclist-falls-12", None),
    ],
)
def test_a_long_number_that_is_no_date_is_that_of_the_article(end: str, number: str | None) -> None:
    assert article_number(f"https://post.example/{end}") == number
