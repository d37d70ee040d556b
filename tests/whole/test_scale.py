"""Small sizes of `benchmarks.scale`: gaps by the sites' own logs, and kills of scrapers, desks and the server."""

from __future__ import annotations

import pytest

from benchmarks.reliability.scale.costs import measure
from benchmarks.reliability.scale.desk import Cost, play
from benchmarks.reliability.scale.installation import GAP
from benchmarks.reliability.scale.kills import kill
from tests.support.postgres import Postgres

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("scale")]


def test_no_site_is_asked_twice_at_once_or_sooner_than_its_gap(postgres_own: Postgres) -> None:
    found = measure(2, 5, 1.0, postgres_own, each=True, warm=0.0)
    assert found.least_pause >= GAP and found.missing == 0
    assert found.visits[0] >= 1


def test_kills_lose_nothing_and_double_nothing(postgres_own: Postgres) -> None:
    assert postgres_own.pid  # skips loudly where there is none; the run starts its own, which it restarts
    found = kill(4, 5, seed=3, still=5.0)
    assert found.records == found.stories > 0
    assert found.least_pause >= GAP
    assert [fault for fault in found.faults if "was gone for" not in fault] == []


def test_a_hundred_thousand_sources_are_visited_in_time_by_the_measured_cost() -> None:
    days = play(100_000, Cost(desk=20.0, database=15.0, taking_in=0, wake=0, megabytes=0))
    assert days.late <= 0.05 * days.interval
    assert days.deepest <= 600
