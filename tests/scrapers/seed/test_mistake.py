"""A mistake names the line of its key, wherever in TOML the key stands."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers import Seed, load_seed
from scrapers.seed.impossible_values import LARGEST, wrong_values
from scrapers.seed.mistake import Mistake, of_text
from scrapers.seed.seed import Discover
from scrapers.seed.toml_lines import lines_of
from scrapers.seed.toml_mistakes import _tables, of_text_itself

EVERY_FORM = '''# a comment
plain = 1
"quoted key".dotted = """several
lines""" # = no key
list = [
  "a", # ] no end
  "b",
  { inner = 1, more = ["x",
    "y"] },
]
[table]
text = 'it''
[table.below]
when=2026-01-01
[[topics]]
name = "quay"
[topics.own]
z = 1
[[topics]]
name = "ferry"
query = \'\'\'
[no] = header
\'\'\'
sources=[]
'''.replace("'it''", "'it'")


def test_every_form_of_a_key_has_its_line() -> None:
    tomllib.loads(EVERY_FORM)  # it is TOML
    assert lines_of(EVERY_FORM) == {
        ("plain",): 2,
        ("quoted key", "dotted"): 3,
        ("list",): 5,
        ("list", 0): 6,
        ("list", 1): 7,
        ("list", 2): 8,
        ("list", 2, "inner"): 8,
        ("list", 2, "more"): 8,
        ("list", 2, "more", 0): 8,
        ("list", 2, "more", 1): 9,
        ("table",): 11,
        ("table", "text"): 12,
        ("table", "below"): 13,
        ("table", "below", "when"): 14,
        ("topics", 0): 15,
        ("topics", 0, "name"): 16,
        ("topics", 0, "own"): 17,
        ("topics", 0, "own", "z"): 18,
        ("topics", 1): 19,
        ("topics", 1, "name"): 20,
        ("topics", 1, "query"): 21,
        ("topics", 1, "sources"): 24,
    }


def test_spaces_and_comments_stand_anywhere_between_the_parts_of_a_value() -> None:
    first = 'a = ["b" , # c\n\'d\'\n , {e = "f" , g = [ ] ,\nh = {} } , ] # i\n# j\n k . l = "m" \n'
    text = f'{first}[ n . "o p" ] # q\nr=[[1,\n2],3]'
    tomllib.loads(text.replace(",\nh", ", h"))  # it is TOML but for a line break
    assert lines_of(text) == {
        ("a",): 1, ("a", 0): 1, ("a", 1): 2, ("a", 2): 3, ("a", 2, "e"): 3, ("a", 2, "g"): 3, ("a", 2, "h"): 4,
        ("k", "l"): 6, ("n", "o p"): 7, ("n", "o p", "r"): 8, ("n", "o p", "r", 0): 8, ("n", "o p", "r", 0, 0): 8,
        ("n", "o p", "r", 0, 1): 9, ("n", "o p", "r", 1): 9,
    }  # fmt: skip


def test_what_lies_very_deep_has_the_line_of_what_holds_it() -> None:
    found = lines_of(f"a = {'[' * 60}1{']' * 60}\nb = 1")
    assert max(map(len, found)) == 51 and found["a",] == 1


@given(st.text(alphabet="ab.=[]{}\"'#,\n \\0é", max_size=200))
def test_any_text_has_an_end(text: str) -> None:
    for line in lines_of(text).values():
        assert 1 <= line <= text.count("\n") + 1


def test_a_mistake_is_its_line_and_keeps_its_parts() -> None:
    table = {"topics": [{"name": "quay"}, {"title": "no name"}], "list": ["a"]}
    text = '[[topics]]\nname = "quay"\nquery = "("\n[[topics]]\ntitle = "no name"\n'
    first, second, third = of_text(
        "c.toml", text, table, ["topics.1.name: is required", "topics.0.query: what", "x, y: no"]
    )
    assert (first, first.line, first.key, first.said) == (
        "c.toml:3: topics.quay.query: what",
        3,
        "topics.quay.query",
        "what",
    )
    assert second == "c.toml:4: topics.2.name: is required"  # a table without a name is counted, from one
    assert (third, third.line) == ("c.toml: x, y: no", None)
    assert first.as_json() == {"file": "c.toml", "line": 3, "key": "topics.quay.query", "message": "what"}
    assert isinstance(first, str) and Mistake("a", "b") == "a: b"


def test_text_that_is_no_toml_has_the_line_where_it_breaks(tmp_path: Path) -> None:
    (tmp_path / "courier.toml").write_text('home = "https://courier.example/"\nevery = \n')
    _, (mistake,) = load_seed(tmp_path / "courier.toml")
    assert mistake.line == 2
    assert "is not TOML: Invalid value, in column 9" in mistake


@pytest.mark.parametrize("key", ["evry", "every"])
def test_the_keys_and_the_values_of_a_seed_are_looked_at_together(tmp_path: Path, key: str) -> None:
    (tmp_path / "courier.toml").write_text(
        f'home = "courier.example"\n{key} = "soon"\ntimezone = "Berlin"\n[extract]\ntitle = "h1["\n'
    )
    seed, mistakes = load_seed(tmp_path / "courier.toml")
    assert seed is None
    assert [(one.line, one.key) for one in mistakes] == [
        (1, "home"),
        (2, key),
        (3, "timezone"),
        (5, "extract.title"),
    ]


@dataclass
class Settings:
    """Settings of a file: words, tables, and lists of tables."""

    name: str
    one: Seed
    perhaps: Discover | None
    many: tuple[Discover, ...]
    words: tuple[str, ...] | None = None


def test_the_tables_of_a_file_that_are_no_lists() -> None:
    assert list(_tables(Settings)) == ["", "one", "perhaps"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"most = {'1' * 4301}", "is not TOML: it holds a number that is too long"),
        (f"deep = {'[' * 5000}", "is not TOML: it is nested too deep"),
    ],
)
def test_a_text_that_cannot_be_read_is_one_mistake_of_its_file(text: str, told: str) -> None:
    assert of_text_itself("courier.toml", text).mistakes == [Mistake("courier.toml", told)]


@pytest.mark.parametrize("number", [LARGEST, -LARGEST, float(LARGEST)])
def test_the_largest_number_is_no_mistake_and_the_next_one_is(number: float) -> None:
    assert not list(wrong_values([number], ("most",)))
    assert list(wrong_values([number * 2], ("most",))) == [(("most", 0), "should be a smaller number")]
    assert list(wrong_values({"most": LARGEST + 1}, ())) == [(("most",), "should be a smaller number")]
