"""docs/topics.md: every query in its tables is taken, and every field of the language is there."""

import re

import pytest

from feeds.topics import parse, subjects
from feeds.topics.match.conditions import FIELDS
from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "topics.md").read_text("utf-8")
QUERIES = [
    query.replace("\\|", "|")
    for row in re.findall(r"^\| (`.+?) \| ", TEXT, re.MULTILINE)
    for query in re.findall(r"`([^`]+)`", row)
]


@pytest.mark.parametrize("query", QUERIES)
def test_the_queries_of_the_tables_are_taken(query: str) -> None:
    parse(query)


def test_the_tables_are_read() -> None:
    assert len(QUERIES) > 25


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_described(field: str) -> None:
    assert f"`{field}:" in TEXT


def test_the_table_of_sections_in_the_document_is_one() -> None:
    (table,) = (block for block in re.findall(r"```toml\n(.+?)```", TEXT, re.DOTALL) if block.startswith("[sections]"))
    subjects(table)
