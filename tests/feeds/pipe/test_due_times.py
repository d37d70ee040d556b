"""When a source is due after a bug, and after the clock jumped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.pipe import bug, not_too_late
from feeds.store import Afterwards, Store
from scrapers import Front, Run, Seed
from tests.support.stores import Opener

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEED = Seed(name="courier", home="https://courier.example/", every=1800.0)
RARE = Seed(name="herald", home="https://herald.example/", every=2 * 86400.0)


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    store = opener()
    store.sources.sync([SEED, RARE], NOW)
    yield store
    store.close()


def visited(store: Store, name: str, failures: int = 0) -> None:
    """A visit that left a story over, and so many failures in a row."""
    state = "failing" if failures else "ok"
    run = Run(name, NOW, NOW, fronts=(Front(f"https://{name}.example/"),), queued=(f"https://{name}.example/left",))
    with store.transaction():
        store.visits.finish(
            replace(run, shapes={"a": 2}),
            Afterwards(NOW + HOUR, state, "", failures, 7.0, success=not failures, fresh=0, revised=0),
        )


def test_a_bug_leaves_the_source_failing_for_an_hour_and_keeps_what_is_known(store: Store) -> None:
    visited(store, "courier", failures=1)
    due = bug(store, "courier", "KeyError('x')", NOW)
    state = store.sources.get("courier")
    assert state is not None
    assert due == NOW + HOUR == state.due
    assert (state.state, state.failures, state.typical) == ("failing", 2, 7.0)
    assert state.cause == "a bug of copydesk: KeyError('x')"
    past = store.visits.past("courier", NOW)
    assert past.queued == ("https://courier.example/left",)
    assert past.shapes == {"a": 2}
    assert past.last_success is None


def due(store: Store, name: str) -> timedelta:
    return store.sources.dues()[name] - NOW


@pytest.mark.parametrize("name", ["courier", "herald"])
@pytest.mark.parametrize("jumped", [False, True])
def test_no_source_waits_longer_than_it_may(store: Store, name: str, jumped: bool) -> None:
    every = {"courier": 1800.0, "herald": 2 * 86400.0}[name]
    longest = timedelta(seconds=every) if jumped else max(timedelta(seconds=every) * 1.1, DAY)
    seeds = {one.name: one for one in (SEED, RARE)}
    for wait, kept in ((longest, longest), (longest + HOUR, longest), (timedelta(0), timedelta(0))):
        store.sources.set_due(name, NOW + wait)
        not_too_late(store, seeds, NOW, jumped=jumped)
        assert abs(due(store, name) - kept) < timedelta(seconds=1)


def test_a_failing_source_keeps_its_back_off_after_a_jump(store: Store) -> None:
    visited(store, "courier", failures=2)
    store.sources.set_due("courier", NOW + 20 * HOUR)
    not_too_late(store, {"courier": SEED}, NOW, jumped=True)
    assert due(store, "courier") == 20 * HOUR
    store.sources.set_due("courier", NOW + 30 * HOUR)
    not_too_late(store, {"courier": SEED}, NOW, jumped=True)
    assert due(store, "courier") == DAY


def test_a_source_without_a_seed_is_left_alone(store: Store) -> None:
    store.sources.set_due("herald", NOW + 90 * DAY)
    not_too_late(store, {"courier": SEED, "unknown": replace(SEED, name="unknown")}, NOW, jumped=False)
    assert due(store, "herald") == 90 * DAY
