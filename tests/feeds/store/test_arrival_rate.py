"""From stored stories to the next visit: the rhythm is read before a visit and decides after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds import pipe
from feeds.store import Store
from feeds.topics import Engine
from scrapers import Front, Past, Record, Run, Seed
from tests.support.stores import Opener, knowing
from tests.support.stories import record_at

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = int(NOW.timestamp() // 3600)
SEED = Seed(name="courier", home="https://courier.example/")


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    with knowing(opener(), [SEED], NOW - timedelta(days=30)) as store:
        yield store


def record(n: int, found: datetime, published: datetime | None = None) -> Record:
    made = record_at(f"courier.example/{n}", f"Story number {n}", f"Text of story {n}.", found)
    return replace(made, published=published or found, published_estimated=published is None)


def fill(store: Store, records: list[Record]) -> None:
    with store.transaction():
        for one in records:
            store.records.add(one, store.stories.add(one, one.first_seen), "new", one.first_seen)


def visit(*records: Record, kind: str = "visit", at: datetime = NOW) -> Run:
    return Run("courier", at, at, records=records, fronts=(Front(SEED.home),), links=20)


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def test_a_story_counts_when_it_came_not_when_it_was_found(store: Store) -> None:
    fill(
        store,
        [
            record(1, ago(30)),  # without a date: when it was found
            record(2, ago(30), ago(32.5)),  # dated shortly before
            record(3, ago(30), ago(90)),  # an old date is no hour of arrival
            record(4, ago(24 * 29)),  # longer ago than is learnt from
        ],
    )
    past = store.visits.past("courier", NOW)
    assert past.arrivals == ((HOUR - 33, 1), (HOUR - 30, 2))
    assert past.began == ago(24 * 29)


def test_a_back_fill_is_no_rhythm(store: Store) -> None:
    run = visit(record(1, ago(5)), record(2, ago(5)), at=ago(5))
    pipe.keep(store, run, SEED, Past(last_success=ago(9)), Engine(()), now=ago(5), kind="backfill")
    pipe.keep(store, visit(record(3, ago(2)), at=ago(2)), SEED, Past(last_success=ago(9)), Engine(()), now=ago(2))
    assert store.visits.past("courier", NOW).arrivals == ((HOUR - 2, 1),)


def test_an_index_is_enough_to_read_it(store: Store) -> None:
    if store.db.kind != "sqlite":
        pytest.skip("the plan is SQLite's")
    asked: list[str] = []
    store.db._raw.set_trace_callback(asked.append)
    store.visits.past("courier", NOW)
    store.db._raw.set_trace_callback(None)
    (query,) = [text for text in asked if "/ 3600" in text]
    plan = " ".join(row["detail"] for row in store.db.execute(f"EXPLAIN QUERY PLAN {query}"))
    assert "COVERING INDEX record_arrival" in plan


def test_the_rhythm_decides_when_the_source_is_due_and_is_told(store: Store) -> None:
    """Twelve stories a day, from six to eighteen: at noon soon again, in the night later."""
    fill(
        store,
        [record(h, ago(h)) for h in range(1, 24 * 20) if ago(h).hour in range(6, 18)] + [record(10000, ago(24 * 21))],
    )
    kept = pipe.keep(store, visit(), SEED, store.visits.past("courier", NOW), Engine(()), now=NOW)
    assert 15 < (kept.due - NOW).total_seconds() / 60 < 35
    state = store.sources.get("courier")
    assert state is not None
    assert state.pace.startswith("every 2")
    assert state.pace.endswith("now (12 stories a day, mostly 06–18 h UTC)")
    night = NOW + timedelta(hours=11)
    kept = pipe.keep(store, visit(at=night), SEED, store.visits.past("courier", night), Engine(()), now=night)
    assert (kept.due - night).total_seconds() / 60 > 100
