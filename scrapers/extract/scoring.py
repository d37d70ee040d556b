"""The learned part: log odds that a block belongs to the article, from a table of small decision trees.

The table is written out as one Python function when it is loaded, as `dataclasses` does with `__init__`: comparisons
that stand in code cost less than half of walking the same trees as data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

HOPELESS = -2.5  # log odds: below, no rule asks how far below


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
    return f"({_written(low)} if f{int(number)} <= {float(border)!r} else {_written(high)})"


def _compiled(base: float, trees: list[Any], looks: list[Any], width: int) -> Callable[[list[float]], float]:
    """`looks`: after how many trees, below and above which log odds, the rest of them does not turn the answer.

    The `width` numbers of a row become local names first: each is asked for many times.
    """
    lines = ["def score(row):", f"    {', '.join(f'f{number}' for number in range(width))}, = row"]
    enough = {int(at): (float(low), float(high)) for at, low, high in looks}
    sums = [repr(base)]
    for at, tree in enumerate(trees, 1):
        sums.append(_written(tree))
        if at in enough or at == len(trees):  # one sum, from left to right, up to each look
            lines.append(f"    total = {' + '.join(sums)}")
            sums = ["total"]
        if at in enough:
            low, high = enough[at]
            lines.append(f"    if total < {low!r}: return min(total, {HOPELESS!r})")
            lines.append(f"    if total > {high!r}: return total")
    lines.append("    return total")
    made: dict[str, Any] = {}
    exec("\n".join(lines), made)  # noqa: S102  (numbers of our own table, put through int() and float())
    function: Callable[[list[float]], float] = made["score"]
    return function


_TABLE = json.loads(files(__package__).joinpath("weights.json").read_text("utf-8"))

ASKED: frozenset[str] = frozenset(_TABLE["names"][number] for tree in _TABLE["trees"] for number in _asked(tree))
"""Names of the features that the trees ask for."""

score = _compiled(float(_TABLE["base"]), _TABLE["trees"], _TABLE["looks"], len(_TABLE["names"]))
"""Log odds of the block with these numbers, in the order of `features.NAMES`."""

del _TABLE
