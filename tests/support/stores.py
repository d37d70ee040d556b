"""The stores that the suite of the store runs over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from feeds.model import Topic
from feeds.store import Store, open_store
from feeds.store.database.location import Location, PostgresLocation
from scrapers import Seed

Opener = Callable[[], Store]

BACKENDS = (
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.real),
)


@pytest.fixture(params=BACKENDS)
def store_at(request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    """Where a store without rows is that a test may fill: in a file, and in a database of its own."""
    if request.param == "sqlite":
        return tmp_path / "copydesk.db"
    return PostgresLocation(request.getfixturevalue("postgres_store_url"), tmp_path)


@pytest.fixture
def opener(store_at: Location) -> Opener:
    """Opens the same store again each time."""
    return lambda: open_store(store_at, daemon=True)


@contextmanager
def knowing(
    store: Store, seeds: Iterable[Seed], now: datetime, topics: Iterable[Topic] | None = None
) -> Iterator[Store]:
    """The store with these sources and topics, which is closed in the end."""
    with closing(store):
        store.sources.sync(seeds, now)
        if topics is not None:
            store.topics.sync(topics, now)
        yield store


async def call_at_once(work: Callable[..., Any], *arguments: Any) -> Any:
    """What the thread of a store is asked to do, done here: for applications of tests that have no thread."""
    return work(*arguments)
