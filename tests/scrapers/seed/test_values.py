"""What the values of a seed may be: each limit from both sides, each mistake word by word."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from scrapers import Seed
from scrapers.seed import css
from scrapers.seed.impossible_values import wrong_path
from scrapers.seed.mistake import Mistake, of_syntax, of_text
from scrapers.seed.seed import from_table, is_loopback, moved_to, origin, wrong_name
from scrapers.seed.toml_mistakes import Reading, _leave_out, coerced, load, read
from scrapers.seed.without_pydantic import STRICT

POLITE = 'should be at least "5m"; sites are visited politely'
ORDER = "every_min, every, every_max: should not grow smaller in this order"
TAG = 'language: should be the tag of a language, such as "en" or "pt-BR"'
MODULE = "scraper: should be the name of a module in scrapers/sites/, without .py"
STRING = 'should be a string in quotes, such as "…"'
NUMBER = "should be a number"
ADDRESS = "should be an address such as https://paper.example/"
ZONE = "timezone: should be a name such as \"Europe/Berlin\", not 'Mars'"
NAMED = "name: there is no such key; the file's name is the key, title is what people see"
ENDLESS = "should be a number that is not endless"
AROUND = "has descendants around :has(), which can take minutes; use > or a class instead"
LISTS = ("rss", "sitemap", "pages")
HOST = "hosts: should hold names such as media.example"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"title": " "}, ["title: should not be empty"]),
        ({"language": "pt-BR"}, []),
        ({"language": "e"}, [TAG]),
        ({"language": "en-"}, [TAG]),
        ({"timezone": "Mars"}, [ZONE]),
        ({"discover": {"next_pages": 50}}, []),
        ({"discover": {"next_pages": 51}}, ["discover.next_pages: should be between 0 and 50"]),
        ({"discover": {"next_pages": -1}}, ["discover.next_pages: should be between 0 and 50"]),
        ({"expect": {"records_per_day": 0}}, []),
        ({"expect": {"records_per_day": -0.5}}, ["expect.records_per_day: should be a number from 0 on"]),
        ({"every": 300, "every_max": 300.0}, []),
        ({"every": 299}, [f"every: {POLITE}"]),
        ({"every_min": "4m"}, [f"every_min: {POLITE}"]),
        ({"every_max": 1}, [f"every_max: {POLITE}"]),
        ({"every_min": "20m", "every": "10m"}, [ORDER]),
        ({"every_min": "20m", "every_max": "10m"}, [ORDER]),
        ({"scraper": "a" * 64}, []),
        ({"scraper": "a" * 65}, [MODULE]),
        ({"scraper": "9a"}, [MODULE]),
        ({"ca_file": "none.pem"}, ["ca_file: there is no such file: {folder}/none.pem"]),
        ({"ca_file": "a\nb"}, ["ca_file: should be a path in one line"]),
        ({"hosts": ["media.example"]}, []),
        ({"hosts": ["media.example/a"]}, [f"{HOST}, not 'media.example/a'"]),
        ({"hosts": [f"{'x' * 150}/"]}, [f"{HOST}, not {'x' * 100!r}"]),
        ({"home": "paper.example"}, [f"home: {ADDRESS}, not 'paper.example'"]),
        (
            {"discover": {"rss": ["x"], "sitemap": ["y"], "pages": ["z"]}},
            [f"discover.{key}: {ADDRESS}, not '{url}'" for key, url in zip(LISTS, "xyz", strict=True)],
        ),
        ({"discover": {"links": "h1["}}, ["discover.links: 'h1[' has a [ without its ]"]),
        ({"extract": {"drop": ["a", "b("], "body": ""}},
         ["extract.body: is empty", "extract.drop: 'b(' has a ( without its )"]),
        ({"render": "yes"}, ["render: should be true or false"]),
        ({"render": 1}, ["render: should be true or false"]),
        ({"discover": {"next_pages": "3"}}, [f"discover.next_pages: {NUMBER}"]),
        ({"discover": {"next_pages": True}}, [f"discover.next_pages: {NUMBER}"]),
        ({"expect": {"records_per_day": "5"}}, [f"expect.records_per_day: {NUMBER}"]),
        ({"expect": 5}, ["expect: should be a table, such as [expect]"]),
        ({"headers": "x"}, ["headers: should be a table, such as [headers]"]),
        ({"headers": {"a": 5}}, [f"headers.a: {STRING}"]),
        ({"credentials": {}}, ["credentials.user: is required", "credentials.password: is required"]),
        ({"hosts": "x"}, ['hosts: should be a list, such as ["…"]']),
        ({"hosts": [5]}, [f"hosts.0: {STRING}"]),
        ({"every": True}, ['every: should be a length of time such as "30m"']),
        ({"every": "soon"}, ['every: should be a length of time such as "90s", "30m", "2h" or "1d"']),
        ({"every": -1}, ['every: should be a length of time between 0 and "36500d"']),
        ({"name": "x"}, [NAMED]),
        ({"name": "x", "title": 5}, [NAMED, f"title: {STRING}"]),
        ({"extract": {"rss": []}}, ["extract.rss: there is no such key; it stands in [discover]"]),
        (
            {"expect": {"odd": 1}},
            ["expect.odd: there is no such key; known here: records_per_day"],
        ),
        # What is right of a file is looked at beside what is wrong, and each key is told of once.
        ({"title": 5, "timezone": "Mars"}, [f"title: {STRING}", ZONE]),
        ({"title": "a\0", "language": "e"}, ["title: should hold no control characters", TAG]),
        ({"expect": {"records_per_day": float("nan")}}, [f"expect.records_per_day: {ENDLESS}"]),
        ({"headers": {"a\0b": "x"}}, ["headers: a key holds a control character"]),
        ({"a\0b": "x"}, ["a key holds a control character"]),
    ],
)  # fmt: skip
def test_each_value_of_a_seed_is_right_or_told_with_what_would_be(
    tmp_path: Path, table: dict[str, Any], told: list[str]
) -> None:
    seed, mistakes = from_table("paper", {"home": "https://paper.example/", **table}, tmp_path)
    assert mistakes == [one.format(folder=tmp_path) for one in told]
    assert (seed is None) == bool(told)


@dataclass
class Part:
    """A table of a list."""

    __pydantic_config__ = STRICT

    word: str
    share: float = 0.0


@dataclass
class Settings:
    """Settings with tables, lists of them, and words of a few."""

    __pydantic_config__ = STRICT

    part: Part
    parts: tuple[Part, ...] = ()
    perhaps: Part | None = None
    one_of: Literal["a", "b"] = "a"
    on: bool = False
    made: str = field(default="", init=False)


def test_what_is_wrong_is_left_out_and_the_rest_is_kept() -> None:
    table: dict[str, Any] = {
        "parts": [{"word": "x"}, {"word": 5, "share": 2}, {"share": 0.5}, {"word": "y", "wrd": "z"}],
        "one_of": "c",
        "on": [],
        "perhaps": {"word": "w", "wordd": 1},
        "made": "x",
    }
    reading = read(Settings, table, {"word": "STAND-IN", "part": {"word": "whole"}})
    keys = "part, parts, perhaps, one_of, on"
    assert sorted(reading.mistakes) == [
        f"made: there is no such key; known here: {keys}",
        "on: should be true or false",
        "one_of: should be 'a' or 'b', not 'c'",
        "part: is required",
        f"parts.1.word: {STRING}",
        "parts.2.word: is required",
        'parts.3.wrd: there is no such key; did you mean "word"?',
        'perhaps.wordd: there is no such key; did you mean "word"?',
    ]
    assert reading.value == Settings(
        Part("whole"),
        (Part("x"), Part("STAND-IN", 2.0), Part("STAND-IN", 0.5), Part("y")),
        Part("w"),
    )
    assert table["parts"][1] == {"word": 5, "share": 2}, "the table of the file stays as it is"


@pytest.mark.parametrize(
    ("place", "left"),
    [
        (("a",), {"b": [{"c": 1}, 2], "d": "x"}),
        (("b", 0, "c"), {"a": {"c": 1}, "b": [{}, 2], "d": "x"}),
        (("b", 0), {"a": {"c": 1}, "d": "x", "b": [{"c": 1}, 2]}),  # a table of a list stays in its place
        (("b", 1), {"a": {"c": 1}, "d": "x"}),
        (("b", 2), {"a": {"c": 1}, "d": "x"}),
        (("d",), {"a": {"c": 1}, "b": [{"c": 1}, 2], "d": "stand-in"}),
        (("d", "e"), {"a": {"c": 1}, "b": [{"c": 1}, 2], "d": "stand-in"}),
        (("e",), {"a": {"c": 1}, "b": [{"c": 1}, 2], "d": "x", "e": "other"}),
        (("a", "e"), {"a": {"c": 1, "e": "other"}, "b": [{"c": 1}, 2], "d": "x"}),
        (("z",), {"a": {"c": 1}, "b": [{"c": 1}, 2], "d": "x"}),
    ],
)
def test_what_is_left_of_a_table_without_a_place(place: tuple[Any, ...], left: dict[str, Any]) -> None:
    table: dict[str, Any] = {"a": {"c": 1}, "b": [{"c": 1}, 2], "d": "x"}
    _leave_out(table, place, {"d": "stand-in", "e": "other"})
    assert table == left


def test_without_stand_ins_there_is_no_value_and_the_mistakes_are_the_same() -> None:
    assert read(Settings, {"on": "x"}, {}) == Reading(None, ["part: is required", "on: should be true or false"])


def test_what_would_be_turned_into_something_else_is_told_wherever_it_stands() -> None:
    table = {"on": 1, "part": {"share": "0.5"}, "parts": [{"share": 1}, 5, {"share": False}], "perhaps": {"share": 1.5}}
    assert list(coerced(Settings, table)) == [
        "on: should be true or false",
        f"part.share: {NUMBER}",
        f"parts.2.share: {NUMBER}",
    ]


def test_of_each_further_check_only_keys_without_a_mistake_are_told() -> None:
    reading = Reading(None, ["a: first"])
    assert reading.and_also(["a: second", "b: x", "b: y"], ["b: z", "c: w"]) == ["a: first", "b: x", "b: y", "c: w"]
    assert reading.mistakes == ["a: first"]


def test_a_file_that_cannot_be_read_is_a_mistake_that_says_why(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    (tmp_path / "marked.toml").write_bytes(b"\xef\xbb\xbfa = 1")
    reasons = {
        "none.toml": "there is no such file",
        "": "cannot be read: Is a directory",
        "bytes.toml": "is not UTF-8 text",
    }
    for name, told in reasons.items():
        path = tmp_path / name
        file = load(path)
        assert (file.mistakes, file.table, file.text) == ([Mistake(str(path), told)], {}, "")
    assert load(tmp_path / "marked.toml").table == {"a": 1}


def test_mistakes_come_in_the_order_of_their_lines_and_those_without_one_last() -> None:
    text, table = "b = 1\na = 2\n[c]\n", {"b": 1, "a": 2, "c": {}}
    found = of_text("f", text, table, ["file", "a: x", "c.d.e: w", "z, b: y", "zz: v"])
    assert found == ["f:1: z, b: y", "f:2: a: x", "f:3: c.d.e: w", "f: file", "f: zz: v"]
    assert found[3].as_json() == {"file": "f", "line": None, "key": None, "message": "file"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [("quay", "quay"), ("q", "q"), ("x" * 64, "x" * 64), ("x" * 65, "1"), ("", "1"), ("a\0", "1"), (5, "1")],
)
def test_a_table_of_a_list_is_shown_by_a_name_that_can_be_shown(name: object, shown: str) -> None:
    assert of_text("f", "", {"a": [{"name": name}]}, ["a.0.b: x"]) == [f"f: a.{shown}.b: x"]


def test_a_table_of_a_list_that_is_not_there_is_shown_by_its_number() -> None:
    found = of_text("f", "", {"a": [{}], "b": 1}, ["a.1.c: x", "b.0: x", "b.c: x"])
    assert found == ["f: a.2.c: x", "f: b.1: x", "f: b.c: x"]


def test_unprintable_signs_of_a_mistake_are_escaped_and_line_breaks_stay() -> None:
    assert Mistake("f\x1b", "a\tb\nc", key="k\0") == "f\\x1b: k\\x00: a\\tb\nc"


def test_a_reason_with_and_without_a_place() -> None:
    assert of_syntax("f", "Odd value (at line 7, column 3) here") == "f:7: is not TOML: Odd value, in column 3 here"
    assert of_syntax("f", "Odd value (at end of document)") == "f: is not TOML: Odd value (at end of document)"
    assert of_syntax("f", "Odd").line is None


@pytest.mark.parametrize(
    ("selector", "told"),
    [
        (" ", "is empty"),
        ("a" * 500, None),
        ("a" * 501, "is longer than 500 characters"),
        ("a[b='c", '"a[b=\'c" has a quotation mark that is not closed'),
        ('a[b="c', "'a[b=\"c' has a quotation mark that is not closed"),
        ("a[b", "'a[b' has a [ without its ]"),
        ("a:not(b", "'a:not(b' has a ( without its )"),
        ("a[b='(['], a[c=\"'\"]", None),
        ("a,,b", "'a,,b' is no CSS selector that can be used here"),
        ("div > p:has(a) b", f"'div > p:has(a) b' {AROUND}"),
        ("b, div p:has(a):has(b)", f"'b, div p:has(a):has(b)' {AROUND}"),
        ("div p:has(a)", None),
        (" p:has(a) b", None),
        ("p:has(a):has(b)", None),
        ("div p, p:has(a) b", None),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_selector(selector: str, told: str | None) -> None:
    assert css.mistake(selector) == told


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("a/b c", None),
        ("", "should be a path, not empty"),
        (" ", "should be a path, not empty"),
        ("a\0", "should be a path in one line"),
        ("a\nb", "should be a path in one line"),
        ("x/" + "é" * 127 + "x", None),
        ("x/" + "é" * 128 + "/y", "should be a path of names of at most 255 bytes"),
        ("ab/" * 1333 + "a", None),
        ("ab/" * 1333 + "ab", "should be a path of names of at most 255 bytes"),
    ],
)
def test_what_no_file_can_be_called(path: str, told: str | None) -> None:
    assert wrong_path(path) == told


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://a.example/x", ("https", "a.example", 443)),
        ("http://a.example", ("http", "a.example", 80)),
        ("https://a.example:8443/", ("https", "a.example", 8443)),
        ("ftp://a.example/", ("ftp", "a.example", None)),
        ("a", ("", "", None)),
        ("http://a:b/", None),
        ("http://[", None),
    ],
)
def test_the_origin_of_an_address(url: str, parts: tuple[str, str, int | None] | None) -> None:
    assert origin(url) == parts


def test_which_addresses_name_this_machine() -> None:
    for here in ("http://localhost/", "http://127.5.5.5:8/", "http://[::1]/"):
        assert is_loopback(here)
    for other in ("http://128.0.0.1/", "http://localhost.example/", "http://a127.0.0.1/", "http://10.0.0.1/"):
        assert not is_loopback(other)


def test_a_seed_that_moves_keeps_its_former_host_once_behind_those_it_had() -> None:
    seed = Seed("paper", "https://paper.example/", hosts=("media.example",), headers={"A": "b"})
    moved = moved_to(seed, "https://daily.example/")
    assert (moved.home, moved.hosts, moved.headers) == (
        "https://daily.example/",
        ("media.example", "paper.example"),
        {},
    )
    again = moved_to(moved_to(moved, "https://paper.example/"), "https://daily.example/")
    assert again.hosts == ("media.example", "paper.example", "daily.example")
    assert moved_to(seed, "https://paper.example/news").hosts == seed.hosts


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a" * 64, None),
        ("a" * 65, f"the file's name is the source's key: 1 to 64 of a-z, 0-9 and -, not {'a' * 65!r}"),
        ("", "the file's name is the source's key: 1 to 64 of a-z, 0-9 and -, not ''"),
        ("status", "the name 'status' is reserved; choose another"),
    ],
)
def test_which_names_a_source_may_have(name: str, told: str | None) -> None:
    assert wrong_name(name) == told
