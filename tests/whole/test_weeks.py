"""Days of made-up fronts, each hour: every story once, nothing else, and no address asked for beyond its plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.reliability.weeks import Outcome, Paper, papers, weeks

DAYS = 2


@pytest.mark.parametrize("paper", list(papers(DAYS)), ids=lambda paper: paper.name)
def test_days_of_a_front(paper: Paper, tmp_path: Path) -> None:

    done = weeks(paper, DAYS, tmp_path)
    assert done.stories == len(paper.stories) > 10
    assert done.good, str(done)


def test_a_bound_that_is_missed_is_no_good_outcome() -> None:
    fine = Outcome(stories=1000, found=1000, records=1000, most=4)
    assert fine.good
    for name, value in (("found", 998), ("second", 2), ("none", 4), ("most", 5)):
        missed = Outcome(stories=1000, found=1000, records=1000, most=4)
        setattr(missed, name, value)
        assert not missed.good
