"""Ten times kill -9 while the script is played: each story once, ids and dates unmoved, files whole at every look."""

from __future__ import annotations

from pathlib import Path

from benchmarks.reliability.kills import play


def test_ten_kills_leave_nothing_broken(tmp_path: Path) -> None:
    report = play(tmp_path, kills=10, seed=1)
    assert report.faults == ()
    assert report.wrong == ()
    assert report.stories >= 60
    assert report.looks > 20
