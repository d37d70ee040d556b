"""A reader of several feeds of one installation: which entries are the same one, and what their categories say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from feeds.model import Publisher, Topic
from feeds.publish.feed_reader import PublishSettings
from feeds.publish.plan import mark_all_dirty, mark_written, next_plan
from feeds.publish.write import write_feed
from feeds.store import Store
from scrapers import Seed, record_id
from tests.support.feed_rules import ATOM
from tests.support.stories import NOON, record_at

SETTINGS = PublishSettings(Publisher("The copy desk", "https://desk.example"))
ONE, TOO = Topic("harbour", "The harbour"), Topic("ships", "Ships")
ALL, MARK = Topic("each", "Each outlet", copies="all"), Topic("marked", "Copies marked", copies="mark")
TOPICS = (ONE, TOO, ALL, MARK)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Store, Path]]:
    """One story that two sources carry, in every topic."""
    store = Store(tmp_path / "desk.db")
    store.sources.sync([Seed(name=name, home=f"https://{name}.example/") for name in ("courier", "post")], NOON)
    store.topics.sync(TOPICS, NOON)
    with store.transaction():
        story = None
        for minutes, source in enumerate(("courier", "post")):
            when = NOON + timedelta(minutes=minutes)
            record = record_at(f"{source}.example/1", "The ferry returns", "It sails again.", when)
            if story is None:
                story = store.stories.add(record, when)
            number = store.records.add(record, story, "" if minutes == 0 else "{}", when)
            if minutes == 0:
                store.stories.set_representative(story, number, "")
            store.topics.file_record(number, {topic.name: "" for topic in TOPICS})
        store.publishing.mark_dirty([topic.name for topic in TOPICS], ["courier", "post"])
    yield store, tmp_path / "public"
    store.close()


def publish(store: Store, public: Path, topics: Sequence[Topic] = TOPICS) -> list[str]:
    written: list[str] = []
    while (plan := next_plan(store, SETTINGS, topics)) is not None:
        done = write_feed(plan, public, public.parent / "private")
        assert done.refused is None
        mark_written(store, plan, done)
        written += done.written
    return written


def ids(public: Path, path: str) -> set[str]:
    root = etree.parse(public / f"{path}.atom").getroot()
    return {entry.findtext(f"{ATOM}id") or "" for entry in root.findall(f"{ATOM}entry")}


def labels(public: Path, path: str) -> set[str]:
    root = etree.parse(public / f"{path}.atom").getroot()
    return {category.get("label") or "" for category in root.iter(f"{ATOM}category")}


def test_which_id_an_entry_has_in_which_feed(desk: tuple[Store, Path]) -> None:
    store, public = desk
    publish(store, public)
    story = ids(public, "t/harbour")
    assert len(story) == 1
    assert ids(public, "t/ships") == story  # the story's own, in every topic that shows a story once
    records = {record_id("courier.example/1"), record_id("post.example/1")}
    assert not story & records
    assert ids(public, "t/each") == ids(public, "t/marked") == records  # an article's own where each outlet is shown
    assert ids(public, "s/courier") | ids(public, "s/post") == records
    for name in ("harbour", "each"):  # the same in every format
        atom = ids(public, f"t/{name}")
        rss = etree.parse(public / f"t/{name}.rss").getroot()
        assert {guid.text for guid in rss.iter("guid")} == atom


def test_a_topic_s_new_title_reaches_other_feeds(desk: tuple[Store, Path]) -> None:
    store, public = desk
    publish(store, public)
    assert "The harbour" in labels(public, "t/ships")
    renamed = (replace(ONE, title="Harbour and sea"), *TOPICS[1:])
    store.topics.sync(renamed, NOON)
    publish(store, public, renamed)
    assert "Harbour and sea" in labels(public, "t/harbour")
    assert "The harbour" in labels(public, "t/ships")  # nothing else changed there: it is not sent to every reader anew
    with store.transaction():
        store.publishing.mark_dirty(["ships"], [])
    publish(store, public, renamed)
    assert labels(public, "t/ships") == labels(public, "t/harbour")  # with its next change
    assert "The harbour" in labels(public, "s/courier")
    mark_all_dirty(store)  # as `copydesk publish` does
    publish(store, public, renamed)
    for path in ("t/ships", "t/each", "t/marked", "s/courier", "s/post"):
        assert "Harbour and sea" in labels(public, path) and "The harbour" not in labels(public, path), path
