"""JSON in scripts and in strings: its depth is checked, its ends are found, its wrappings are taken off."""

from __future__ import annotations

import base64
import json

import pytest

from scrapers.page.scripts import MAX_DEPTH, decoded, deeper_than, load, load_at
from tests.support.timing import least


def test_brackets_in_strings_are_no_depth() -> None:
    assert not deeper_than(3, json.dumps({"a": "[" * 50}))
    assert deeper_than(3, "[[[[1]]]]")
    assert not deeper_than(4, "[[[[1]]]]")
    assert load(json.dumps(["{" * (MAX_DEPTH + 5)])) == ["{" * (MAX_DEPTH + 5)]
    assert load("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) is None


def test_what_is_broken_or_no_number_is_none() -> None:
    assert load('{"a": NaN}') == {"a": None}
    assert load('{"a": }') is None
    assert load('"line\nbreak"') == "line\nbreak"


def test_a_value_is_found_where_it_begins() -> None:
    text = 'window.state = {"a": undefined, "b": [1]}; start()'
    end, value = load_at(text, text.index("{"))
    assert value == {"a": None, "b": [1]}
    assert load_at("x = function() {}", 4) == (4, None)
    end, value = load_at('[1, 2]; more("[")')
    assert (end, value) == (6, [1, 2])


@pytest.mark.parametrize("text", ['{"a": "Kö"}', '[{"title": "Ferry 🚢 back"}]'])
def test_base64_with_and_without_escape(text: str) -> None:
    assert decoded(base64.b64encode(text.encode()).decode()) == text
    units = text.encode("utf-16-le")
    escaped = "".join(f"%u{units[n] | units[n + 1] << 8:04X}" for n in range(0, len(units), 2))
    assert decoded(base64.b64encode(escaped.encode()).decode().rstrip("=")) == text


@pytest.mark.parametrize(
    "bait", ["[" * 500_000, '["' * 200_000, '"' * 500_000, '{"a":' * 100_000, "undefined" * 50_000]
)
def test_baits_are_cheap(bait: str) -> None:
    for read in (load, load_at, decoded):
        assert least(lambda: read(bait), 1.0) < 1.0  # noqa: B023  it is called here
