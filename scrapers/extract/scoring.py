"""The learned part: log odds that a block belongs to the article, from a table of small decision trees.

The table is written out as one Python function when it is loaded, as `dataclasses` does with `__init__`: comparisons
that stand in code cost less than half of walking the same trees as data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

_TOGETHER = 20  # trees, between two looks at whether the rest can turn the answer
_HOPELESS, _CERTAIN = -2.5, 2.0  # log odds that the trees which are left do not turn any more


def _asked(tree: Any) -> Iterator[int]:
    """Numbers of the features that a tree asks for."""
    if isinstance(tree, list):
        yield int(tree[0])
        yield from _asked(tree[2])
        yield from _asked(tree[3])


def _written(tree: Any) -> str:
    """A tree, [feature, border, tree at or below it, tree above] or a leaf, as an expression of numbers alone."""
    if not isinstance(tree, list):
        return repr(float(tree))
    number, border, low, high = tree
    return f"({_written(low)} if row[{int(number)}] <= {float(border)!r} else {_written(high)})"


def _compiled(base: float, trees: list[Any]) -> Callable[[list[float]], float]:
    lines = ["def score(row):", f"    total = {base!r}"]
    for at, tree in enumerate(trees, 1):
        lines.append(f"    total += {_written(tree)}")
        if at % _TOGETHER == 0 and at < len(trees):
            lines.append(f"    if not {_HOPELESS!r} < total < {_CERTAIN!r}: return total")
    lines.append("    return total")
    made: dict[str, Any] = {}
    exec("\n".join(lines), made)  # noqa: S102  (numbers of our own table, put through int() and float())
    function: Callable[[list[float]], float] = made["score"]
    return function


_TABLE = json.loads(files(__package__).joinpath("weights.json").read_text("utf-8"))

ASKED: frozenset[str] = frozenset(_TABLE["names"][number] for tree in _TABLE["trees"] for number in _asked(tree))
"""Names of the features that the trees ask for."""

score = _compiled(float(_TABLE["base"]), _TABLE["trees"])
"""Log odds of the block with these numbers, in the order of `features.NAMES`."""

del _TABLE
