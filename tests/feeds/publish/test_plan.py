"""What is to be published of a topic and of a source: its place, its settings, and when there is nothing any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.model import Publisher, Topic
from feeds.publish.feed_reader import PublishSettings
from feeds.publish.plan import PublishPlan, feed_document, next_plan
from feeds.store import Store
from scrapers import Seed
from tests.support.stories import NOON, record_at

SETTINGS = PublishSettings(Publisher("The copy desk", "https://desk.example"), variants=True)
HARBOUR, MINE = Topic("harbour", "The harbour", copies="all"), Topic("mine", "Mine", private=True)
SEEDS = [
    Seed("courier", "https://courier.example/", title="The Courier", language="fr"),
    Seed("post", "https://post.example/"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two sources, of which one has a record."""
    store = Store(tmp_path / "desk.db")
    store.sources.sync(SEEDS, NOON)
    store.topics.sync([HARBOUR, MINE], NOON)
    with store.transaction():
        record = record_at("courier.example/1", "The ferry returns", "It sails again.", NOON)
        story = store.stories.add(record, NOON)
        number = store.records.add(record, story, "", NOON)
        store.stories.set_representative(story, number, "")
        store.topics.file_record(number, {"harbour": ""})
    yield store
    store.close()


def planned(store: Store, kind: str, name: str, topics: tuple[Topic, ...] = (HARBOUR, MINE)) -> PublishPlan | None:
    others = {(one, other) for one, other, _ in store.publishing.dirty()} - {(kind, name)}
    return next_plan(store, SETTINGS, topics, frozenset(others))


def test_a_source(store: Store) -> None:
    store.publishing.mark_dirty(["harbour", "mine"], ["courier", "post"])
    plan = planned(store, "source", "courier")
    assert plan is not None and plan.feed is not None
    assert (plan.kind, plan.name, plan.path, plan.removed, plan.private, plan.variants, plan.whole) == (
        "source", "courier", "s/courier", False, False, True, True,
    )  # fmt: skip
    assert plan.feed_id == next(one.feed_id for one in store.sources.all(NOON) if one.name == "courier")
    assert [entry.record.title for entry in plan.feed.entries] == ["The ferry returns"] and len(plan.records) == 1
    assert (plan.feed.title, plan.feed.language) == ("The Courier", "fr")
    assert plan.version == next(version for kind, name, version in store.publishing.dirty() if name == "courier")
    empty = planned(store, "source", "post")
    assert empty is not None and empty.feed is not None and list(empty.feed.entries) == []
    store.sources.sync([], NOON + timedelta(hours=1))
    store.publishing.mark_dirty([], ["courier", "post"])
    kept, gone = planned(store, "source", "courier"), planned(store, "source", "post")
    assert kept is not None and not kept.removed, "a source that is followed no more keeps what it gave"
    assert gone is not None and gone == PublishPlan("source", "post", gone.version, "s/post", removed=True)


def test_a_topic(store: Store) -> None:
    store.publishing.mark_dirty(["harbour", "mine"], [])
    plan, mine = planned(store, "topic", "harbour"), planned(store, "topic", "mine")
    assert plan is not None and mine is not None and plan.feed is not None
    assert (plan.kind, plan.path, plan.private, len(plan.feed.entries)) == ("topic", "t/harbour", False, 1)
    row = store.topics.get("mine")
    assert row is not None and row.place is not None
    assert (mine.path, mine.private, mine.feed_id, mine.removed) == (f"t/{row.place}/mine", True, row.feed_id, False)
    for kept in ((MINE,), ()):
        gone = planned(store, "topic", "harbour", kept)
        assert gone is not None and gone == PublishPlan("topic", "harbour", gone.version, "t/harbour", removed=True)
    gone = planned(store, "topic", "mine", (HARBOUR,))
    assert gone is not None and (gone.removed, gone.private, gone.path) == (True, True, f"t/{row.place}/mine")
    skip = frozenset({("topic", "harbour"), ("topic", "mine"), ("source", "courier"), ("source", "post")})
    assert next_plan(store, SETTINGS, (HARBOUR, MINE), skip) is None


def test_a_source_may_show_less_than_before_where_it_shows_any_and_a_topic_where_it_was_changed(store: Store) -> None:
    store.publishing.mark_dirty(["harbour"], ["courier", "post"])
    plans = [planned(store, *of) for of in (("source", "courier"), ("source", "post"), ("topic", "harbour"))]
    assert [plan is not None and plan.may_shrink for plan in plans] == [True, False, False]
    aged = planned(store, "topic", "harbour", (replace(HARBOUR, max_age=86_400.0), MINE))
    assert aged is not None and aged.ages
    assert plans[2] is not None and not plans[2].ages


def test_the_document_of_a_topic_by_itself(store: Store) -> None:
    assert b"The ferry returns" in (feed_document(store, SETTINGS, (HARBOUR, MINE), "harbour", "atom") or b"")
    assert (feed_document(store, SETTINGS, (HARBOUR, MINE), "harbour", "json") or b"")[:1] == b"{"
    assert b"<item>" not in (feed_document(store, replace(SETTINGS, entries=1), (HARBOUR, MINE), "mine", "rss") or b"")
