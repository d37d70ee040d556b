"""The trees as they are compiled give what walking them gives, whatever the numbers of a row."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from scrapers.extract.body.weigh.scoring import HOPELESS, rescore, score

TABLES = json.loads(files("scrapers.extract.body.weigh").joinpath("weights.json").read_text("utf-8"))


def leaf(tree: Any, row: list[float]) -> float:
    while isinstance(tree, list):
        tree = tree[2] if row[tree[0]] <= tree[1] else tree[3]
    return float(tree)


def walked(table: dict[str, Any], row: list[float]) -> float:
    """The sum of the leaves, up to the first look that tells that the others change nothing."""
    looks = {at: (low, high) for at, low, high in table["looks"]}
    total = float(table["base"])
    for at, tree in enumerate(table["trees"], 1):
        total += leaf(tree, row)
        low, high = looks.get(at, (float("-inf"), float("inf")))
        if total < low:
            return min(total, HOPELESS)
        if total > high:
            return total
    return total


def borders(tree: Any, found: dict[int, list[float]]) -> None:
    if isinstance(tree, list):
        found.setdefault(tree[0], []).append(float(tree[1]))
        borders(tree[2], found)
        borders(tree[3], found)


@pytest.mark.parametrize(("name", "compiled"), [("alone", score), ("beside", rescore)])
def test_compiled_trees_give_what_walking_them_gives(name: str, compiled: Callable[[list[float]], float]) -> None:
    table = TABLES[name]
    asked: dict[int, list[float]] = {}
    for tree in table["trees"]:
        borders(tree, asked)
    chance = random.Random(7)
    for _ in range(300):
        row = [chance.choice((0.0, 1.0, -1.0, float("nan"), chance.uniform(-9, 60))) for _ in table["names"]]
        for number, some in asked.items():
            if chance.random() < 0.7:  # right at a border, and beside one
                row[number] = chance.choice(some) + chance.choice((0.0, 0.0, 1e-9, -1e-9))
        assert compiled(row) == walked(table, row)
