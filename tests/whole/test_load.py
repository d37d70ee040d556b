"""`python -m benchmarks.load` in small: visits come in time, the stop in the middle of the work is soon and clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.speed.load import STORIES, measure
from tests.support.waiting import PATIENCE

SITES = 10


@pytest.mark.xdist_group("whole")
def test_many_sites_are_visited_in_time_and_the_stop_is_clean(tmp_path: Path) -> None:
    report = measure(tmp_path, SITES, 3.0, 0.25, idle=False)
    assert report.exit_code == 0
    assert report.stop_seconds < PATIENCE / 2
    assert report.stories >= SITES * STORIES
    assert len(report.lateness) >= SITES  # each source once at least, also on a busy machine
    assert report.late(0.5) < PATIENCE / 2
