"""The schemas fit the types, the starter files and the documentation."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from feeds.app.newsroom import Newsroom
from feeds.app.resources import seeds_folder, starter_config
from feeds.app.schema import config_schema, keys, seed_schema

ROOT = Path(__file__).parents[2]


def mistakes(schema: dict[str, Any], toml: str) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(tomllib.loads(toml))]


@pytest.mark.parametrize("schema", [config_schema(), seed_schema()])
def test_a_schema_is_one(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_what_the_program_accepts_and_refuses_the_schema_does_too(tmp_path: Path) -> None:
    schema = config_schema()
    assert mistakes(schema, 'contact = "mailto:a@example.org"') == []
    assert mistakes(schema, Newsroom(tmp_path, speed=None).config_toml()) == []
    assert mistakes(schema, 'contact = "mailto:a@example.org"\n[fetch]\ndeadline = "30s"') == []
    assert "'contact' is a required property" in mistakes(schema, 'title = "x"')[0]
    for wrong in ('titel = "x"', "[fetch]\nparallel = true", '[[topics]]\ntitle = "x"', "[publish]\nfolders = 1"):
        assert len(mistakes(schema, f'contact = "mailto:a@example.org"\n{wrong}')) == 1
    assert mistakes(seed_schema(), 'home = "https://courier.example/"\nextract = { title = "h1", drop = [".x"] }') == []
    assert len(mistakes(seed_schema(), 'home = "https://courier.example/"\nname = "courier"')) == 1
    assert len(mistakes(seed_schema(), 'home = "https://courier.example/"\nextract = { titel = "h1" }')) == 1


def test_the_comment_behind_a_field_is_its_description() -> None:
    table = config_schema()["$defs"]["FetchConfig"]
    assert table["properties"]["parallel"]["description"] == "sources visited at the same time"
    assert table["description"] == "[fetch] limits of fetching."


def test_every_key_is_in_the_documentation() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    named = set(re.findall(r"`([\w.]+)`", text))
    tables = set(re.findall(r"`(?:\[+)(\w+)\]+`", text))
    missing = []
    for schema in (config_schema(), seed_schema()):
        for key in keys(schema):
            whole, last = key, key.rpartition(".")[2]
            if whole not in named and last not in named and last not in tables:
                missing.append(key)
    assert missing == []
    assert {"fetch.deadline", "topics.name"} <= set(keys(config_schema()))
    assert {"discover.rss", "extract.drop", "expect.records_per_day"} <= set(keys(seed_schema()))


def test_the_starter_files_fit_the_schemas() -> None:
    assert mistakes(config_schema(), starter_config().read_text("utf-8")) == []
    seeds = sorted(seeds_folder().glob("*.toml"))
    assert len(seeds) >= 12
    for path in seeds:
        assert mistakes(seed_schema(), path.read_text("utf-8")) == [], path.name
