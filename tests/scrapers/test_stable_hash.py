"""A stable share of one for a text."""

import pytest

from scrapers.stable_hash import share_of


def test_it_is_the_same_for_ever_and_spreads() -> None:
    assert share_of("courier") == share_of("courier") != share_of("gazette")
    assert share_of("courier") == pytest.approx(0.11049641435965896)
    shares = sorted(share_of(f"source-{n}") for n in range(1000))
    assert 0 <= shares[0] < 0.02
    assert 0.98 < shares[-1] < 1
    assert 0.4 < shares[500] < 0.6
