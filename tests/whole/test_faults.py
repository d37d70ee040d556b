"""The real daemon among healthy and misbehaving sites; `python -m benchmarks.faults` does it with every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.reliability.faults import measure

# some of each kind, of those that are not worth another try within the visit
FAULTS = ("drip-headers", "endless-body", "bomb-gzip", "truncated-gzip", "redirect-loop", "surplus", "image")


@pytest.mark.xdist_group("faults")
def test_healthy_sources_are_complete_and_bad_ones_say_why(tmp_path: Path) -> None:
    report = measure(tmp_path, FAULTS, deadline=8, compare=False)
    assert report.complaints() == []
    assert report.bad["bad-bomb-gzip"] == ("failing", "the answer is larger than 10000000 bytes")
    assert report.bad["bad-drip-headers"] == ("failing", "no whole answer within 8 s")
