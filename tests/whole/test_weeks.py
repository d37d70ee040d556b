"""Days of made-up fronts, each hour: every story once, nothing else, and no address asked for beyond its plan."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.reliability.weeks.papers import papers
from benchmarks.reliability.weeks.replay import Outcome, weeks
from benchmarks.reliability.weeks.truth import Paper

DAYS = 2
PAPERS = ("renamer", "slugger", "ticker", "rebuilt", "sibling", "accident")  # the others take too long for a test


@pytest.mark.parametrize(
    "paper", [paper for paper in papers(DAYS) if paper.name in PAPERS], ids=lambda paper: paper.name
)
def test_days_of_a_front(paper: Paper, tmp_path: Path) -> None:
    done = weeks(paper, DAYS, tmp_path)
    assert done.stories > 10
    assert done.good, "\n".join([str(done), *done.told])


def test_a_bound_that_is_missed_is_no_good_outcome() -> None:
    fine = Outcome(stories=1000, found=1000, records=1000, most=4)
    assert fine.good
    missed = {"found": 998, "second": 2, "none": 4, "most": 5, "moved": 1, "alarms": Counter(failing=1)}
    for name, value in missed.items():
        one = Outcome(stories=1000, found=1000, records=1000, most=4)
        setattr(one, name, value)
        assert not one.good, name
