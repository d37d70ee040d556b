"""The sentence that publishing systems put below every item of a feed is no part of it."""

from __future__ import annotations

import time

import pytest

from scrapers.discover.plain import without_signature


@pytest.mark.parametrize(
    "tail",
    [
        '<p>The post <a href="https://c.example/a">Quay closed</a> appeared first on <a href="https://c.example">C</a>.</p>',
        " The post Quay closed first appeared on The Courier.",
        '<p>La entrada <a href="https://c.example/a">Muelle</a> se publicó primero en <a href="https://c.example">C</a>.</p>',
        '<p>Der Beitrag <a href="https://c.example/a">Kai</a> erschien zuerst auf <a href="https://c.example">C</a>.</p>',
    ],
)
def test_it_goes(tail: str) -> None:
    assert without_signature("<p>The quay is closed.</p>" + tail) == "<p>The quay is closed.</p>"


@pytest.mark.parametrize("text", [None, "", "<p>The post office closed; it had first opened in 1900.</p>"])
def test_what_is_none_stays(text: str | None) -> None:
    assert without_signature(text) == text


def test_bait_costs_nothing() -> None:
    started = time.process_time()
    without_signature("The post " * 20_000)
    assert time.process_time() - started < 1
