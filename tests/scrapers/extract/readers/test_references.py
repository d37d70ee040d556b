"""Page state whose values refer to each other by their places."""

from __future__ import annotations

import json

import pytest

from scrapers.extract import extract
from scrapers.extract.readers.references import MOST, is_referring, resolve
from scrapers.model import Page
from tests.support.timing import least

STORY = [
    ["ShallowReactive", 1],
    {"data": 2, "once": 9},
    ["Reactive", 3],
    {"story": 4},
    {"title": 5, "body": 6, "publishedAt": 7, "tags": 8},
    "The ford is open again",
    "<p>" + "The ford below the mill can be crossed again since the river fell on Sunday night. " * 6 + "</p>",
    ["Date", "2026-03-04T06:30:00.000Z"],
    [10, 11],
    ["Set"],
    "ford",
    "river",
]


def test_the_values_stand_where_they_are_referred_to() -> None:
    assert is_referring(STORY)
    story = resolve(STORY)["data"]["story"]
    assert story["title"] == "The ford is open again"
    assert story["publishedAt"] == "2026-03-04T06:30:00.000Z"
    assert story["tags"] == ["ford", "river"]


@pytest.mark.parametrize(
    "value", [None, {}, [], [1, 2, 3], ["a", "b", "c"], [{"a": "b"}, 1, 2], [["x", 1], 2, 3], [{}, 1, 2]]
)
def test_other_lists_are_left_alone(value: object) -> None:
    assert not is_referring(value)


@pytest.mark.parametrize(
    "value", [[["Ref", 0], 1, 2], [{"a": 0, "b": 0}, 1, 2], [{"a": 1}, [1] * 2000, 0], [{"a": 99, "b": -1}, 1, 2]]
)
def test_what_refers_to_itself_or_to_nothing_ends(value: list[object]) -> None:
    assert len(json.dumps(resolve(value))) < 40 * MOST
    assert least(lambda: json.dumps(resolve(value)), 5.0) < 5.0


def test_an_article_in_such_a_state_is_read() -> None:
    page = (
        "<html><head><title>The ford is open again</title></head><body><div id='__nuxt'></div>"
        f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(STORY)}</script></body></html>'
    )
    draft = extract(Page("https://herald.example/ford", page.encode()))
    assert draft.text is not None
    assert draft.text.startswith("The ford below the mill can be crossed again")
    assert draft.published == "2026-03-04T06:30:00+00:00"


def test_maps_lists_and_objects_by_their_places() -> None:
    for values, found in (
        ([["Map", 1, 2, 3, 4], "a", "x", "b", "y"], {"a": "x", "b": "y"}),
        ([["Reactive", 1], ["Map", 3, 4], "wrong", "a", "x"], {"a": "x"}),
        ([["null", "a", 1, "b", 2], "x", "y"], {"a": "x", "b": "y"}),
        ([["Date", "2026-03-01"]], "2026-03-01"),
        ([["Date"]], None),
        ([["Set", 1, 2], "x", "y"], ["x", "y"]),
        ([[1, 2], "x", "y"], ["x", "y"]),
        ([{"a": 1, "b": 9, "c": -1}, "x"], {"a": "x", "b": None, "c": None}),
        ([[]], []),
    ):
        assert resolve(values) == found, values
