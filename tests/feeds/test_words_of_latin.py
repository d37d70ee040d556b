"""The words of texts of Latin-1, which are cut at once, are those of the slow way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.identity.similarity import sketch
from feeds.topics.match import tokens as matched
from scrapers.page.latin_text import SIGNS, LatinFolding

TEXTS = st.text(st.sampled_from("".join(map(chr, range(256))) + SIGNS + "aZ9&#+., "), max_size=60)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("code", [*range(256), *map(ord, SIGNS)])
def test_the_words_around_each_character_are_those_of_the_slow_way(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    char = chr(code)
    text = f"Ab{char}cD 1{char}2 {char} {char}{char}x"
    fast = _read(text)
    _slowly(monkeypatch)
    assert fast == _read(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_all_that_is_read_of_a_text_is_that_of_the_slow_way(text: str) -> None:
    fast = _read(text)
    with pytest.MonkeyPatch.context() as patch:
        _slowly(patch)
        assert fast == _read(text)


def _read(text: str) -> tuple[object, ...]:
    seen = sketch.look(text, text, NOW)
    facts = (seen.names, seen.numbers, seen.title, seen.count([*seen.title, "x", "ab"]))
    return seen, facts, sketch.words(text), matched.tokens(text)


def _slowly(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(LatinFolding, "__call__", lambda fold, text: None)
