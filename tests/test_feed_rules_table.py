"""docs/feeds.md numbers its rules: each that is referred to has a row, and each row names what is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "feeds.md").read_text("utf-8")
ROWS = {int(n): row for row, n in re.findall(r"^(\| FEEDS (\d+): .*)$", TEXT, re.MULTILINE)}
REFERENCE = re.compile(r"FEEDS (\d+)(?:(?:–| to )(\d+))?(?:(?:,| and) (\d+)(?!\d))?")


def numbers(text: str) -> set[int]:
    """The rules that a text refers to."""
    found: set[int] = set()
    for first, last, further in REFERENCE.findall(text):
        found.update(range(int(first), int(last or first) + 1), [int(further)] if further else [])
    return found


def test_references_are_read() -> None:
    assert numbers("(FEEDS 5), FEEDS 44, 46 and FEEDS 23–25 and 46") == {5, 44, 46, 23, 24, 25}
    assert numbers("FEEDS 47 to 50") == {47, 48, 49, 50}


def test_every_reference_has_a_row() -> None:
    used = set()
    for folder in ("feeds", "scrapers", "tests", "benchmarks", "docs"):
        for path in sorted([*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.md")]):
            if path != Path(__file__).resolve():
                used |= numbers(path.read_text("utf-8"))
    assert len(used) > 10
    assert used == set(ROWS)


def test_every_row_names_what_is_there() -> None:
    there = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        there.update(re.findall(r"def (test_\w+)", path.read_text("utf-8")))
    for row in ROWS.values():
        places = re.findall(r"`((?:feeds|scrapers|tests)/[\w/]+\.py)`", row)
        assert places, row
        assert [name for name in places if not (ROOT / name).is_file()] == []
        assert set(re.findall(r"`(test_\w+)`", row)) <= there, row
