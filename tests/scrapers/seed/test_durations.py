"""Lengths of time, as people write and read them."""

from __future__ import annotations

import pytest

from scrapers.seed.durations import in_words, seconds


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (90, "1.5 min"),
        (3599, "60 min"),
        (3600, "1 h"),
        (5400, "1.5 h"),
        (86399, "24 h"),
        (86400, "1 d"),
        (10 * 86400, "10 d"),
    ],
)
def test_in_the_largest_unit_that_fits(length: float, words: str) -> None:
    assert in_words(length) == words


@pytest.mark.parametrize(
    ("told", "length"),
    [
        ("90s", 90),
        (" 30m ", 1800),
        ("2h", 7200),
        ("7d", 604_800),
        ("1w", 604_800),
        (45, 45),
        (0.5, 0.5),
        ("36500d", 3_153_600_000),
    ],
)
def test_a_length_is_read(told: object, length: float) -> None:
    assert seconds(told) == length


@pytest.mark.parametrize(
    "told", [True, None, "", "soon", "5", "5 y", "-5m", -1, float("nan"), float("inf"), "36501d", [60]]
)
def test_what_is_none_is_refused(told: object) -> None:
    with pytest.raises(ValueError, match="should be a length of time"):
        seconds(told)
