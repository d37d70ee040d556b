"""docs/design.md: the drawing of the rooms is that of the import contracts, and every path is there."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/design.md"


@pytest.fixture(scope="module")
def rooms() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rooms", ROOT / "docs/rooms.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_drawing_is_up_to_date(rooms: ModuleType) -> None:
    page = PAGE.read_text("utf-8")
    assert rooms.with_drawing(page) == page, "python docs/rooms.py draws it anew"


def test_every_room_has_a_purpose(rooms: ModuleType) -> None:
    named = [f"{package}.{room}" for package, layers in rooms.contracts() for layer in layers for room in layer]
    assert len(named) > 30
    assert [room for room in named if not rooms.purpose(room).endswith(".")] == []


def test_every_path_that_is_named_is_there() -> None:
    named = re.findall(r"`((?:feeds|scrapers|docs|benchmarks|tests)/[\w/.]+)`", PAGE.read_text("utf-8"))
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []
