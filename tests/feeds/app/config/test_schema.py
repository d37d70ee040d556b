"""The schemas fit the types, the starter files and the documentation."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from feeds.app.config.config import examined
from feeds.app.config.schema import config_schema, keys, seed_schema
from feeds.app.demo.newsroom import Newsroom
from feeds.app.system.resources import seeds_folder, starter_config
from scrapers import load_seed
from tests.support.paths import ROOT


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


CONFIG = 'contact = "mailto:a@paper.example"\n'
SEED = 'home = "https://courier.example/"\n'
RIGHT = [
    CONFIG,
    CONFIG + 'base_url = "https://news.paper.example/desk"\n[web]\nlisten = "[::1]:8080"',
    CONFIG + '[publish]\nentries = 1000\nhub = "none"\n[fetch]\ndeadline = 30\nparallel = 500',
    CONFIG + '[publish]\nhub = ["https://hub.paper.example/"]\n[store]\nkeep = "30d"\nbackups = 0',
    CONFIG + '[[topics]]\nname = "quay"\nwas = "pier"\nmax_age = "7d"\ncopies = "mark"\nentries = 3',
    CONFIG + '[log]\nformat = "json"\n[alarms]\nmail = "desk@paper.example"',
]
WRONG = [
    "",
    'contact = "me"',
    CONFIG + 'base_url = "paper.example"',
    CONFIG + 'titel = "x"',
    CONFIG + "title = 5",
    CONFIG + 'preferred = "courier"',
    CONFIG + "[publish]\nentries = 0",
    CONFIG + '[publish]\nentries = "many"',
    CONFIG + '[publish]\nhub = "theirs"',
    CONFIG + '[web]\nlisten = "8484"',
    CONFIG + '[store]\nurl = "mysql:x"',
    CONFIG + "[store]\nbackups = -1",
    CONFIG + '[store]\nbackups = "7"',
    CONFIG + '[[topics]]\nname = "a"\nprivate = 1',
    CONFIG + "[publish]\nentries = true",
    CONFIG + "[fetch]\nparallel = 0",
    CONFIG + '[log]\nformat = "xml"',
    CONFIG + '[[topics]]\ntitle = "x"',
    CONFIG + '[[topics]]\nname = "A B"',
    CONFIG + '[[topics]]\nname = "index"',
    CONFIG + '[[topics]]\nname = "a"\nwas = "A B"',
    CONFIG + '[[topics]]\nname = "a"\ncopies = "two"',
    CONFIG + '[topics]\nname = "a"',
]
RIGHT_SEEDS = [
    SEED,
    SEED + 'every = "20m"\ntimezone = "Europe/Berlin"\nhosts = ["courier.example"]\nrender = true',
    SEED + 'discover = { rss = ["https://courier.example/rss"], links = "h2 a" }\nexpect = { records_per_day = 5 }',
    SEED + 'headers = { X-Key = "1" }\ncookies = { consent = "1" }\nscraper = "courier"',
]
WRONG_SEEDS = [
    "",
    "home = 5",
    'home = "courier.example"',
    SEED + 'name = "x"',
    SEED + 'evry = "20m"',
    SEED + "every = [1]",
    SEED + 'discover = { rss = "https://courier.example/rss" }',
    SEED + 'discover = { rss = ["courier.example/rss"] }',
    SEED + 'extract = { titel = "h1" }',
    SEED + 'render = "yes"',
    SEED + 'scraper = "../courier"',
    SEED + 'credentials = { user = "desk" }',
]


@pytest.mark.parametrize("right", [True, False])
def test_the_schema_and_check_agree(tmp_path: Path, right: bool) -> None:
    for schema, check, texts in (
        (config_schema(), examined, RIGHT if right else WRONG),
        (seed_schema(), load_seed, RIGHT_SEEDS if right else WRONG_SEEDS),
    ):
        for text in texts:
            path = tmp_path / "courier.toml"
            path.write_text(text)
            assert bool(check(path)[1]) != right, text
            assert bool(mistakes(schema, text)) != right, text


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


def optional(schema: Any) -> Iterator[list[dict[str, Any]]]:
    """The ways of every value that may be left out."""
    for value in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from optional(value)
    if isinstance(schema, dict) and {"type": "null"} in schema.get("anyOf", ()):
        yield schema["anyOf"]


@pytest.mark.parametrize("schema", [config_schema(), seed_schema()])
def test_limits_are_those_of_a_value_not_of_its_absence(schema: dict[str, Any]) -> None:
    text = json.dumps(schema)
    assert text.count('"type": "null"') == len(list(optional(schema))) > 2, "nothing else is said of no value"
