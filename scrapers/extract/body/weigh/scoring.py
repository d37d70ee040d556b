"""The learned part: log odds that a unit belongs to the article, from two tables of small decision trees.

The first looks at a unit alone, the second at a unit with its neighbours. Each table is written out as one Python
function when it is loaded, as `dataclasses` does with `__init__`: compiled comparisons cost less than half of walking
the same trees as data.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

_SHORT_NUMBERED = 250  # constants of a function that are reached fastest, but for a few of its own
HOPELESS = -2.5  # log odds: no rule distinguishes values below this


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


def _numbers(tree: Any) -> Iterator[float]:
    """Borders and leaves of a tree."""
    if isinstance(tree, list):
        yield float(tree[1])
        yield from _numbers(tree[2])
        yield from _numbers(tree[3])
    else:
        yield float(tree)


def _compiled(base: float, trees: list[Any], looks: list[Any]) -> Callable[[list[float]], float]:
    """The function of a row that sums a base and the trees, compiled.

    `looks` are (number of trees, low, high): below or above these log odds the remaining trees cannot change the
    answer. The numbers of a row become local names first: each is used many times.
    """
    numbers = range(max(number for tree in trees for number in _asked(tree)) + 1)
    lines = ["def score(row):", f"    {', '.join(f'f{number}' for number in numbers)}, *_ = row"]
    # A constant beyond the first 256 of a function takes an instruction more each time. They are numbered as they are
    # met: a line that is never run meets the commonest first.
    common = Counter(number for tree in trees for number in _numbers(tree)).most_common(_SHORT_NUMBERED)
    lines.append(f"    if row is None: return row + {' + '.join(repr(number) for number, _ in common)}")
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


_TABLES = json.loads(files(__package__).joinpath("weights.json").read_text("utf-8"))


def _read(table: dict[str, Any]) -> Callable[[list[float]], float]:
    return _compiled(float(table["base"]), table["trees"], table["looks"])


ASKED: frozenset[str] = frozenset(
    _TABLES["alone"]["names"][number] for tree in _TABLES["alone"]["trees"] for number in _asked(tree)
)
"""Names of the features that the first trees ask for."""

score = _read(_TABLES["alone"])
"""Log odds of the unit with these numbers, in the order of `features.NAMES`."""

rescore = _read(_TABLES["beside"])
"""Log odds of the unit once those of its neighbours are known: numbers in the order of `context.NAMES`."""

del _TABLES
