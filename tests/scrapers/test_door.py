"""The doors of packages: what they list, what they load later, and what they give are the same names."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from types import ModuleType
from typing import get_args

import pytest

import feeds.topics
import scrapers
from scrapers import errors
from scrapers.model import FailureKind


def names_of(body: list[ast.stmt]) -> set[str]:
    """What import statements bind."""
    return {alias.asname or alias.name for node in body if isinstance(node, ast.ImportFrom) for alias in node.names}


def source(door: ModuleType) -> ast.Module:
    with open(str(door.__file__), encoding="utf-8") as file:
        return ast.parse(file.read())


doors = pytest.mark.parametrize("door", [scrapers, feeds.topics], ids=lambda door: door.__name__)


@doors
def test_every_listed_name_is_there(door: ModuleType) -> None:
    assert len(door.__all__) == len(set(door.__all__))
    for name in door.__all__:
        assert getattr(door, name) is not None, name


@doors
def test_what_is_loaded_later_is_what_types_are_told(door: ModuleType) -> None:
    told = [node for node in source(door).body if isinstance(node, ast.If)]
    assert len(told) == 1
    assert names_of(told[0].body) == set(door._LATER)
    for node in told[0].body:
        assert isinstance(node, ast.ImportFrom)
        for alias in node.names:
            where = f"{node.module}:{alias.name}" if alias.asname else node.module
            assert door._LATER[alias.asname or alias.name] == where, alias.name


@doors
def test_everything_that_is_imported_is_listed(door: ModuleType) -> None:
    at_once = names_of(source(door).body) - {"TYPE_CHECKING"}
    assert at_once | set(door._LATER) == set(door.__all__)
    assert not at_once & set(door._LATER)


@doors
def test_no_module_has_the_name_of_what_is_loaded_later(door: ModuleType) -> None:
    """Its import would take the place of the name."""
    parts = {where.split(".")[0].split(":")[0] for where in door._LATER.values()}
    assert not parts & (set(door._LATER) - {"toml"})


@doors
def test_a_name_that_is_not_there_is_an_attribute_error(door: ModuleType) -> None:
    assert not hasattr(door, "nothing_of_the_kind")


def test_the_door_costs_no_parser_and_no_client() -> None:
    code = "import sys, scrapers; print(sorted({'httpx', 'feedparser', 'selectolax', 'lxml'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("[]", "['selectolax']"), done.stdout


def test_fetchs_own_door_agrees_too() -> None:
    fetch = importlib.import_module("scrapers.fetch")
    for name in fetch.__all__:
        assert getattr(fetch, name) is not None, name


def test_kinds_of_failures_are_the_names_of_the_errors() -> None:
    classes = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.CopydeskError)
    }
    assert set(get_args(FailureKind)) == classes | {"bug"}
