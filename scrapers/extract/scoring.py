"""The learned part: log odds that a block belongs to the article, from a table of small decision trees."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

Tree = (
    float | tuple[int, float, Any, Any]
)  # a leaf, or (number of the feature, border, tree at or below it, tree above)


def _read(tree: Any) -> Tree:
    return tree if not isinstance(tree, list) else (tree[0], tree[1], _read(tree[2]), _read(tree[3]))


_TABLE = json.loads(files(__package__).joinpath("weights.json").read_text("utf-8"))
_BASE: float = _TABLE["base"]
_TREES: list[Tree] = [_read(tree) for tree in _TABLE["trees"]]


_PARTS = tuple(tuple(_TREES[at : at + 20]) for at in range(0, len(_TREES), 20))
_HOPELESS, _CERTAIN = -2.5, 2.0  # log odds that the trees which are left do not turn any more


def score(row: list[float]) -> float:
    """Log odds of the block with these numbers."""
    total = _BASE
    for part in _PARTS:
        for tree in part:
            while tree.__class__ is tuple:
                tree = tree[2] if row[tree[0]] <= tree[1] else tree[3]
            total += tree  # type: ignore[operator]
        if not _HOPELESS < total < _CERTAIN:
            break
    return total
