"""Counts → the shapes of a chart, drawn by a template as SVG: everything in whole units of its own box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

HEIGHT = 100
WIDTH = 10  # of one column, with its gap
GAP = 2
COLOURS = 6  # that the style sheet has; what comes after them is the last one


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a column: a rectangle and what it stands for."""

    x: int
    y: float
    width: int
    height: float
    colour: int
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of columns."""

    width: int
    height: int
    pieces: tuple[Piece, ...]
    highest: int
    total: int
    names: tuple[tuple[str, int, int], ...] = ()  # of a stacked one: (name, colour, its sum), the largest first


def by_day(counts: Sequence[int], today: date) -> Chart:
    """One column a day, today last. Each is told with its day and count."""
    highest = max((*counts, 1))
    pieces = []
    for n, count in enumerate(counts):
        day = today - timedelta(days=len(counts) - 1 - n)
        height = round(HEIGHT * count / highest, 1) if count else 0.0
        pieces.append(Piece(n * WIDTH, HEIGHT - height, WIDTH - GAP, height, 0, f"{day.isoformat()}: {count}"))
    return Chart(len(counts) * WIDTH, HEIGHT, tuple(pieces), max((*counts, 0)), sum(counts))


def stacked(columns: Sequence[str], series: Mapping[str, Sequence[int]]) -> Chart:
    """One column for each of `columns`, stacked by name; the smallest series share the last colour."""
    sums = {name: sum(counts) for name, counts in series.items()}
    names = sorted((name for name in series if sums[name]), key=lambda name: (-sums[name], name))
    totals = [sum(series[name][n] for name in names) for n in range(len(columns))]
    highest = max((*totals, 1))
    pieces = []
    for n, column in enumerate(columns):
        top = float(HEIGHT)
        for place, name in enumerate(names):
            count = series[name][n]
            if count:
                height = round(HEIGHT * count / highest, 1)
                top -= height
                colour = min(place, COLOURS - 1)
                pieces.append(
                    Piece(n * WIDTH, round(top, 1), WIDTH - GAP, height, colour, f"{column}, {name}: {count}")
                )
    legend = tuple((name, min(place, COLOURS - 1), sums[name]) for place, name in enumerate(names))
    return Chart(len(columns) * WIDTH, HEIGHT, tuple(pieces), max((*totals, 0)), sum(totals), legend)
