"""Two days of a small newsroom within seconds: the short form of `python -m benchmarks.soak`."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.reliability.soak.desk import soak
from benchmarks.reliability.soak.ledger import Day, Report

pytestmark = pytest.mark.xdist_group("soak")


def test_two_days_lose_double_and_move_nothing(tmp_path: Path) -> None:
    report = soak(tmp_path / "desk", days=2, sites=3, seed=3, busy=0.5)
    assert report.faults == []
    assert len(report.days) == 2
    assert sum(day.fresh for day in report.days) > 20
    assert report.days[-1].stories < report.days[-1].records, "sites carry the stories of others"
    assert sum(day.revised for day in report.days) > 0


def test_what_grows_is_told() -> None:
    def day(number: int, each: float) -> Day:
        grown = number * each
        return Day(
            visits=500,
            most_visits=40,
            requests=1000,
            fresh=100,
            revised=10,
            records=1000 + int(grown),
            stories=900,
            files=300,
            published_mb=10,
            store_mb=12 + grown / 20,
            memory_mb=120 + grown / 50,
            descriptors=30 + int(grown / 50),
            troubles=0,
            seconds=10,
        )

    assert Report(days=[day(n, 0) for n in range(30)]).growth(7) == []
    found = " ".join(Report(days=[day(n, 50) for n in range(30)]).growth(7))
    for name in ("memory", "descriptors", "MB of the store", "records"):
        assert name in found
    assert "published" not in found
