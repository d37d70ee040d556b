"""What is read without pydantic is what pydantic would read; what is not plain is left to it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from feeds.app.config.config import Config
from scrapers.seed.seed import Seed
from scrapers.seed.without_pydantic import plain

ROOT = Path(__file__).resolve().parents[3]
ADAPTERS = {kind: TypeAdapter(kind) for kind in (Seed, Config)}

# values of every kind that TOML knows, right and wrong for most keys
LEAVES = st.one_of(
    st.sampled_from(["30m", "none", "own", "en", "https://paper.example/", "one", "starttls", "", "yes", "1"]),
    st.booleans(),
    st.integers(-3, 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
)
VALUES = st.one_of(
    LEAVES,
    st.lists(LEAVES, max_size=2),
    st.dictionaries(st.sampled_from(["a", "links", "rss", "user"]), LEAVES, max_size=2),
)
KEYS = {
    Seed: ["home", "title", "every", "hosts", "discover", "extract", "headers", "credentials", "render", "odd"],
    Config: ["contact", "title", "language", "seeds", "store", "publish", "web", "fetch", "preferred", "odd"],
}
TABLES = {
    "discover": ["rss", "links", "next_pages", "odd"],
    "extract": ["title", "drop", "body"],
    "credentials": ["user", "password"],
    "store": ["url", "keep", "backups"],
    "publish": ["hub", "entries", "audience"],
    "web": ["desk", "on_demand_keep", "hosts"],
    "fetch": ["deadline", "local_gap", "parallel"],
}


def tables(kind: type) -> st.SearchStrategy[dict[str, Any]]:
    parts = {
        key: st.one_of(VALUES, st.dictionaries(st.sampled_from(TABLES[key]), VALUES, max_size=3))
        if key in TABLES
        else VALUES
        for key in KEYS[kind]
    }
    return st.fixed_dictionaries({}, optional=parts)


def by_pydantic(kind: type, table: dict[str, Any]) -> object:
    try:
        return ADAPTERS[kind].validate_python(table)
    except ValidationError:
        return None


@pytest.mark.parametrize("kind", KEYS)
def test_a_plain_value_is_what_pydantic_gives(kind: type) -> None:
    @given(tables(kind))
    def agree(table: dict[str, Any]) -> None:
        required = {"name": "paper", "home": "https://paper.example/"} if kind is Seed else {"contact": "mailto:a@b.c"}
        whole = required | table
        found = plain(kind, whole)
        if found is not None:
            assert found == by_pydantic(kind, whole)
            assert repr(found) == repr(by_pydantic(kind, whole))  # 1 and 1.0 are equal, and not the same

    agree()


SEEDS = [path for path in sorted((ROOT / "seeds").rglob("*.toml")) if "home" in tomllib.loads(path.read_text("utf-8"))]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_every_seed_of_ours_is_plain(path: Path) -> None:
    table = tomllib.loads(path.read_text("utf-8"))
    found = plain(Seed, {"name": path.stem, **table})
    assert found is not None
    assert found == by_pydantic(Seed, {"name": path.stem, **table})


def test_our_configuration_is_plain() -> None:
    table = tomllib.loads((ROOT / "config.toml").read_text("utf-8"))
    assert plain(Config, table) == by_pydantic(Config, table) != None  # noqa: E711  (a chain)


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"home": 1},
        {"home": "https://a.example/", "render": "yes"},
        {"home": "https://a.example/", "render": 1},
        {"home": "https://a.example/", "odd": 1},
        {"home": "https://a.example/", "every": "soon"},
        {"home": "https://a.example/", "hosts": "a.example"},
        {"home": "https://a.example/", "discover": {"next_pages": True}},
        {"home": "https://a.example/", "discover": {"next_pages": 1.0}},
        {"home": "https://a.example/", "discover": ["https://a.example/"]},
        {"home": "https://a.example/", "credentials": {"user": "env:A"}},
        {"home": "https://a.example/", "headers": {"X-A": 1}},
    ],
)
def test_what_is_not_plain_is_left_to_pydantic(table: dict[str, Any]) -> None:
    assert plain(Seed, {"name": "paper", **table}) is None


def test_reading_what_is_right_imports_no_pydantic() -> None:
    code = (
        "import sys, pathlib; from feeds.app.config.config import load; from scrapers import load_seeds;"
        " load(pathlib.Path('config.toml')); seeds, wrong = load_seeds(pathlib.Path('seeds'));"
        " assert seeds and not wrong, wrong; print('pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
