"""docs/reliability.md names tests as proofs: each of them has to be there, and every requirement has its row."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "reliability.md").read_text("utf-8")
NUMBERED = {"F": 19, "P": 8, "D": 9, "S": 10, "U": 5, "J": 7, "W": 10, "X": 4, "R": 4}


def test_every_proof_is_there() -> None:
    there = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        there.update(re.findall(r"def (test_\w+)", path.read_text("utf-8")))
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    assert len(named) > 100
    assert sorted(named - there) == []
    files = re.findall(r"`(tests/[\w/]+\.py)`", TEXT)
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_every_benchmark_is_there() -> None:
    there = {path.stem for path in (ROOT / "benchmarks").rglob("*.py")}
    there |= {path.parent.name for path in (ROOT / "benchmarks").rglob("__main__.py")}
    named = set(re.findall(r"\bbenchmarks\.(\w+)", TEXT))
    assert {"faults", "kills", "load", "fuzz", "mutants", "rhythm", "serve"} <= named
    assert sorted(named - there) == []


def test_every_place_is_there() -> None:
    named = re.findall(r"`((?:feeds|scrapers)/[\w/]+\.py)`", TEXT)
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_every_requirement_has_a_row() -> None:
    rows = re.findall(r"^\| ([A-Z])(\d*)\b", TEXT, re.MULTILINE)
    assert len(rows) == len(set(rows))
    wanted = {(letter, str(n)) for letter, count in NUMBERED.items() for n in range(1, count + 1)}
    assert set(rows) == wanted | {("C", ""), ("V", ""), ("O", "")}
