"""The zone that `add` proposes for a source."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from scrapers.urls.time_zones import _BY_COUNTRY, _BY_LANGUAGE, time_zone_of


@pytest.mark.parametrize("zone", sorted({*_BY_COUNTRY.values(), *_BY_LANGUAGE.values()}))
def test_each_zone_is_known(zone: str) -> None:
    assert ZoneInfo(zone).key == zone


@pytest.mark.parametrize(
    ("host", "language", "zone"),
    [
        ("www.nuuka.example.jp", "en", "Asia/Tokyo"),
        ("tarn.de", None, "Europe/Berlin"),
        ("www.vik.co.uk", "en-GB", "Europe/London"),
        ("paper.com", "ja", "Asia/Tokyo"),
        ("paper.news", "uk-UA", "Europe/Kyiv"),
        ("PAPER.PL.", "pl", "Europe/Warsaw"),
        ("127.0.0.1", "el", "Europe/Athens"),
    ],
)
def test_the_country_of_the_address_tells_it_and_else_a_language_of_one_zone(
    host: str, language: str | None, zone: str
) -> None:
    assert time_zone_of(host, language) == zone


@pytest.mark.parametrize(
    ("host", "language"),
    [
        ("paper.com", "en"),
        ("paper.com", "es"),
        ("paper.com", None),
        ("startup.io", "de"),
        ("paper.com.au", "en"),
        ("", ""),
    ],
)
def test_none_is_guessed_where_there_are_several(host: str, language: str | None) -> None:
    assert time_zone_of(host, language) is None


def test_a_zone_that_this_system_does_not_know_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_BY_COUNTRY, "de", "Europe/Nowhere")
    monkeypatch.setitem(_BY_LANGUAGE, "ja", "Asia/Nowhere")
    assert time_zone_of("tarn.de", "de") is None
    assert time_zone_of("paper.com", "ja") is None
