"""PostgreSQL's index of words nominates all that the evaluator takes, and all that it calls exact is taken."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feeds.model import Topic
from feeds.store import Store, open_store
from feeds.store.database.location import PostgresLocation
from feeds.store.search import tsvector
from feeds.topics import compile, doc, parse
from feeds.topics.query.tree import leaves
from scrapers import Record
from tests.support.topics_at_random import NOW, random_query, random_record, record

pytestmark = pytest.mark.real


@pytest.fixture
def store(postgres_store_url: str, tmp_path: Path) -> Iterator[Store]:
    store = open_store(PostgresLocation(postgres_store_url, tmp_path))
    yield store
    store.close()


def keep(store: Store, one: Record) -> int:
    with store.transaction():
        return store.records.add(one, store.stories.add(one, NOW), "", NOW)


def found(store: Store, query: str, order: str = "newest") -> list[int]:
    return list(store.search.candidates(compile(Topic("t", "T", query)), order=order))  # type: ignore[arg-type]


def test_the_index_and_the_evaluator_agree_on_every_pair(store: Store) -> None:
    chance = random.Random(11)
    documents = {}
    for n in range(1, 81):
        one = replace(random_record(chance, n), id=f"id-{n}", key=f"key-{n}", aliases=(f"key-{n}",))
        documents[keep(store, one)] = doc(one)
    exact = hits = 0
    for _ in range(300):
        query = random_query(chance)
        node = parse(query)
        rule = compile(Topic("t", "T", query))
        mine = {n for n, document in documents.items() if rule.test(document)}
        wider = set(store.search.candidates(rule))
        assert mine <= wider, query
        match = store.search.match(node)
        if match is not None and match.exact and all(type(leaf).__name__ == "Words" for leaf in leaves(node)):
            assert mine == wider, query
            exact += 1
        hits += len(mine)
    assert exact > 30 and hits > 500, (exact, hits)


def test_words_that_the_server_would_change_stay_as_they_are(store: Store) -> None:
    """No stemming, no stop words, no folding of its own; marks of quoting and long words do no harm."""
    n = keep(store, record("The C++ of it's running O'Neill \\ 東京 Straße", id="a", key="a"))
    long = keep(store, record("x" * 3000, id="b", key="b"))
    for word in ("the", "c++", "running", "東京", "straße", "run*"):
        assert found(store, word) == [n], word
    assert found(store, "run") == [] and found(store, "runs") == []
    assert found(store, "x" * 3000) == [long] and found(store, "xxx*") == [long]


def test_the_title_ranks_above_the_text(store: Store) -> None:
    told = keep(store, record("The ferry is late", title="About boats", id="a", key="a"))
    titled = keep(store, record("It is late", title="The ferry", id="b", key="b"))
    assert found(store, "ferry", "best") == [titled, told]


def test_a_record_of_too_many_words_is_nominated_always(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tsvector, "WORDS_MOST", 20)
    n = keep(store, record("Many different words are in this one", id="a", key="a"))
    assert found(store, "ferry") == [n] and store.search.missing() == []


def test_an_index_of_another_version_is_built_anew(
    store: Store, postgres_store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = keep(store, record("The ferry", id="a", key="a"))
    store.db.execute("DELETE FROM search")
    assert found(store, "ferry") == []
    store.db.execute("UPDATE meta SET value='postgres 0' WHERE name='search'")
    assert found(store, "boats") == [n], "it is not asked"
    open_store(PostgresLocation(postgres_store_url, tmp_path)).close()
    assert found(store, "ferry") == [n] and found(store, "boats") == []
