"""What strangers name is bounded in the store: links that a front shows and never shows again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from feeds.store import Store
from feeds.store.tables.outcomes import BY_HAND
from scrapers import Seen
from tests.support.stores import Opener

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    opened = opener()
    yield opened
    opened.close()


@pytest.mark.parametrize(("most", "size", "length"), [(100, 10**9, 40), (10**9, 60_000, 1500)])
def test_links_of_a_source_are_bounded_in_number_and_size(
    store: Store, monkeypatch: pytest.MonkeyPatch, most: int, size: int, length: int
) -> None:
    monkeypatch.setattr("feeds.store.tables.outcomes.LINKS_MOST", most)
    monkeypatch.setattr("feeds.store.tables.outcomes.LINKS_SIZE", size)
    removed = Seen("https://storm.example/removed", "skipped", BY_HAND)
    other = Seen("https://courier.example/story", "kept")
    with store.transaction():
        store.outcomes.keep("storm", [("storm.example/removed", removed, None)], NOW - timedelta(days=90))
        store.outcomes.keep("courier", [("courier.example/story", other, None)], NOW - timedelta(days=90))
    for visit in range(20):
        names = [f"{'long-' * (length // 5)}{visit}-{n}" for n in range(40)]
        rows = [(name, Seen("https://storm.example/", "failed"), 0.0) for name in names]
        with store.transaction():
            store.outcomes.keep("storm", rows, NOW + timedelta(minutes=5 * visit))
        number, characters = store.db.execute(
            "SELECT count(*), sum(length(key)+length(url)) FROM outcome WHERE source='storm'"
        ).fetchone()
        assert number <= most + 1
        assert characters <= size + 100
    keys = {key for (key,) in store.db.execute("SELECT key FROM outcome WHERE source='storm'")}
    assert {key for key, _, _ in rows} & keys, "the newest stay"
    assert "storm.example/removed" in keys, "what was removed by hand is never forgotten for that"
    assert store.outcomes.of_key("courier.example/story"), "nor what another source showed"


def test_pages_that_are_left_alone_are_bounded_and_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feeds.store.tables.outcomes.BAD_PAGES", 50)
    for n in range(200):
        store.outcomes.keep_bad_page(f"hash{n}", NOW + timedelta(days=1, seconds=n))
    assert len(store.outcomes.bad_pages(NOW)) == 50
    assert "hash199" in store.outcomes.bad_pages(NOW)
    store.outcomes.keep_bad_page("later", NOW + timedelta(days=9))
    assert [row[0] for row in store.db.execute("SELECT hash FROM bad_page")] == ["later"]
