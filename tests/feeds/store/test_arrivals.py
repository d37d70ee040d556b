"""When records came: by hour and day, by topic and source, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from feeds.model import Topic
from feeds.store import Store
from scrapers import Seed
from tests.support.stores import Opener
from tests.support.stories import record

NOW = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    """Ten records of two sources, one every eight hours; every second one is in a topic."""
    store = opener()
    store.sources.sync([Seed(name=name, home=f"https://{name}.example/") for name in ("courier", "island")], NOW)
    store.topics.sync([Topic("harbour", "The harbour")], NOW)
    with store.transaction():
        for n in reversed(range(10)):
            at = NOW - timedelta(hours=8 * n)
            one = record(n, source=("courier", "island")[n % 2], published=at, first_seen=at)
            story = store.stories.add(one, at)
            number = store.records.add(one, story, "", at)
            store.stories.set_representative(story, number, "")
            store.topics.file_record(number, {"harbour": "everything"} if n % 2 else {})
    yield store
    store.close()


def test_by_hour_and_by_day(store: Store) -> None:
    hour = int(NOW.timestamp()) // 3600
    found = store.arrivals.by_hour(NOW - timedelta(hours=20))
    assert found == {"courier": {hour: 1, hour - 16: 1}, "island": {hour - 8: 1}}
    assert store.arrivals.by_day(NOW, 4) == {"courier": [1, 1, 2, 1], "island": [1, 2, 1, 1]}
    assert store.arrivals.by_day(NOW, 2, "island") == {"island": [1, 1]}
    assert store.arrivals.by_day(NOW, 2, "nobody") == {}


def test_of_topics(store: Store) -> None:
    assert store.arrivals.topics_by_day(NOW, 4) == {"harbour": [1, 2, 1, 1]}
    assert store.arrivals.topic_sizes() == {"harbour": 5}


def test_of_some_records(store: Store) -> None:
    numbers = [stored.n for stored in store.arrivals.latest(4)]
    by_day, sources, topics = store.arrivals.spread(numbers, NOW, 3)
    assert (by_day, sources, topics) == ([0, 2, 2], {"courier": 2, "island": 2}, {"harbour": 2})
    assert store.arrivals.spread([], NOW, 2) == ([0, 0], {}, {})
    assert store.arrivals.count_since(NOW - timedelta(hours=20)) == 3
    assert store.arrivals.waiting_links() == 0


def test_the_latest_page_by_page_and_filtered(store: Store) -> None:
    first = store.arrivals.latest(4)
    second = store.arrivals.latest(4, before=first[-1].n)
    assert [one.record.id for one in first + second] == [record(n).id for n in range(8)]
    assert {one.record.source for one in store.arrivals.latest(9, source="island")} == {"island"}
    assert store.arrivals.latest(9, quarantined=True) == []
    store.records.quarantine(first[0].n, "it is no story")
    assert [one.n for one in store.arrivals.latest(9, quarantined=True)] == [first[0].n]


def test_the_sources_tell_their_records_and_those_of_a_day(store: Store) -> None:
    told = {one.name: (one.records, one.fresh) for one in store.sources.all(NOW)}
    assert told == {"courier": (5, 2), "island": (5, 1)}
