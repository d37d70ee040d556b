"""What was read and composed for one feed is used for the next one, and never after anything of it changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.compose.compose import compose
from feeds.model import Feed, Publisher, Topic
from feeds.publish.entry_shelf import EntryShelf
from feeds.publish.feed_reader import FeedReader, PublishSettings
from feeds.publish.plan import PublishPlan, WriteResult, mark_written, next_plan
from feeds.store import Store
from scrapers import Seed
from tests.support.held_bytes import rings
from tests.support.stories import NOON, SITE, TOPIC, entry, record_at

SETTINGS = PublishSettings(Publisher("The copy desk", "https://desk.example"))
TOPICS = (Topic("harbour", "The harbour"), Topic("ships", "Ships"), Topic("each", "Each outlet", copies="all"))
STORIES = 3


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Store, Path]]:
    """Three stories that are in every topic."""
    path = tmp_path / "desk.db"
    store = Store(path)
    store.sources.sync([Seed(name="courier", home="https://courier.example/", title="Courier")], NOON)
    store.topics.sync(TOPICS, NOON)
    with store.transaction():
        for n in range(STORIES):
            when = NOON + timedelta(minutes=n)
            record = record_at(f"courier.example/{n}", f"Story {n}", "Some text.", when)
            story = store.stories.add(record, when)
            number = store.records.add(record, story, "", when)
            store.stories.set_representative(story, number, "")
            store.topics.file_record(number, {topic.name: "" for topic in TOPICS})
        store.publishing.mark_dirty([topic.name for topic in TOPICS], [])
    yield store, path
    store.close()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many entries were read from the store, one number for each time."""
    counts: list[int] = []
    for name in ("_of_stories", "_of_records"):
        monkeypatch.setattr(FeedReader, name, counting(getattr(FeedReader, name), counts))
    return counts


def counting(real: Any, counts: list[int]) -> Any:
    def counted(reader: FeedReader, numbers: list[int]) -> Any:
        counts.append(len(numbers))
        return real(reader, numbers)

    return counted


def planned(store: Store, shelf: EntryShelf, settings: PublishSettings = SETTINGS) -> PublishPlan:
    plan = next_plan(store, settings, TOPICS, shelf=shelf)
    assert plan is not None and plan.feed is not None
    return plan


def titles(plan: PublishPlan) -> list[str]:
    assert plan.feed is not None
    return [one.record.title for one in plan.feed.entries]


def test_a_story_is_read_once_for_all_topics_that_show_it(desk: tuple[Store, Path], reads: list[int]) -> None:
    store, _ = desk
    shelf, told = EntryShelf(), []
    for _ in TOPICS:
        plan = planned(store, shelf)
        mark_written(store, plan, WriteResult(), shelf)
        told.append(plan)
    assert reads == [STORIES]  # the records that another topic shows are alone in their stories
    assert told[0].feed and told[1].feed
    for one, other in zip(told[0].feed.entries, told[1].feed.entries, strict=True):
        assert one is other  # composed once as well
    assert told[0].records == told[1].records


def feeds_of(store: Store, shelf: EntryShelf | None) -> list[tuple[str, Feed, Mapping[str, int]]]:
    """All feeds as they are published: with one shelf for all of them, or an empty one for each."""
    with store.transaction():
        store.publishing.mark_dirty([topic.name for topic in TOPICS], ["courier", "post"])
    found = []
    while (plan := next_plan(store, SETTINGS, TOPICS, shelf=shelf or EntryShelf())) is not None:
        assert plan.feed is not None
        mark_written(store, plan, WriteResult(), shelf)
        found.append((plan.name, plan.feed, plan.records))
    return found


def test_a_record_is_shown_the_same_whether_its_story_was_read_before(
    desk: tuple[Store, Path], reads: list[int]
) -> None:
    """Alone in its story, at other times than the story; beside a copy, a second one of its source, a hidden one."""
    store, _ = desk
    store.sources.sync([Seed(name=name, home=f"https://{name}.example/") for name in ("courier", "post")], NOON)
    with store.transaction():
        for story, address in ((1, "post.example/a"), (2, "courier.example/b"), (2, "post.example/c")):
            record = record_at(address, "Told again", "Other text.", NOON + timedelta(hours=1), tags=("a tag",))
            number = store.records.add(record, story, "", NOON + timedelta(hours=1))
            store.topics.file_record(number, {"each": "", "ships": ""})
        store.records.quarantine(number, "broken")
        store.db.execute("UPDATE story SET updated=updated+61, published=published-61")
    shelf = EntryShelf()
    told = feeds_of(store, shelf)
    assert reads == [STORIES, 4]  # the records that are not alone, for a topic and the sources
    assert told == feeds_of(store, None)
    assert len(told) == len(TOPICS) + 2
    dates = {
        (one.published, one.updated) for _, feed, _ in told for one in feed.entries if one.record.title == "Story 0"
    }
    assert len(dates) == 2


def test_a_shelf_leaves_nothing_that_waits_for_garbage_collection(desk: tuple[Store, Path]) -> None:
    store, _ = desk
    assert rings(lambda: feeds_of(store, EntryShelf())) == {}


def test_a_shelf_forgets_the_records_of_the_stories_that_it_forgets() -> None:
    shelf = EntryShelf(most=10_000)
    for n in range(20):
        held = shelf.keep(("story", False), {n: (entry(n), 100 + n)}, alone={n} if n % 2 else ())
        own = shelf.known(("record", False), [100 + n])
        assert list(own) == ([100 + n] if n % 2 else [])
        assert all(one.id == held[n][0].record.id and record == 100 + n for one, record in own.values())
    shelf.known(("record", False), [117])  # its story is used lately
    shelf.keep(("story", False), {20: (entry(20), 120)})
    assert list(shelf.known(("story", False), range(21))) == [17, 19, 20]
    assert list(shelf.known(("record", False), range(100, 121))) == [117, 119]
    assert shelf.known(("record", True), range(100, 121)) == {}
    assert len(shelf._by_entry) == 3 + 2
    shelf.clear()
    assert shelf.known(("record", False), [117]) == {} and not shelf._by_entry


def of_another_process(store: Store, path: Path) -> None:
    other = Store(path)
    change(other, path)
    other.close()


def change(store: Store, _: Path) -> None:
    with store.transaction():
        store.db.execute("UPDATE record SET title='Another title'")


@pytest.mark.parametrize("by", [change, of_another_process])
def test_nothing_is_held_after_a_change_of_the_store(desk: tuple[Store, Path], by: Any) -> None:
    store, path = desk
    shelf = EntryShelf()
    plan = planned(store, shelf)
    by(store, path)
    mark_written(store, plan, WriteResult(), shelf)
    assert titles(planned(store, shelf)) == ["Another title"] * STORIES


def test_nothing_is_held_that_was_read_while_another_process_wrote(desk: tuple[Store, Path]) -> None:
    store, path = desk
    shelf = EntryShelf()
    planned(store, shelf)
    with shelf.step(store):
        of_another_process(store, path)
    assert titles(planned(store, shelf)) == ["Another title"] * STORIES


def test_nothing_is_held_after_a_change_of_settings(desk: tuple[Store, Path]) -> None:
    store, _ = desk
    shelf = EntryShelf()
    planned(store, shelf)
    moved = replace(SETTINGS, publisher=Publisher("The copy desk", "https://moved.example"))
    feed = planned(store, shelf, moved).feed
    assert feed and {one.origin.feed_url for one in feed.entries} == {"https://moved.example/s/courier"}


def test_what_is_quarantined_is_held_no_longer(desk: tuple[Store, Path]) -> None:
    store, _ = desk
    shelf = EntryShelf()
    plan = planned(store, shelf)
    assert plan.feed
    mark_written(store, plan, WriteResult(quarantined=((plan.feed.entries[0].id, "broken"),)), shelf)
    assert len(titles(planned(store, shelf))) == STORIES - 1


def test_a_database_that_cannot_tell_of_changes_has_all_read_again(
    desk: tuple[Store, Path], reads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = desk
    monkeypatch.setattr(store.db, "state", lambda: None)
    shelf = EntryShelf()
    for _ in range(2):
        planned(store, shelf)
    assert reads == [STORIES] * 2


OTHERS: dict[str, Any] = {
    "copies": "mark", "full_text": False, "images": "none", "private": True, "audience": "private", "changes": True,
    "sort": "seen", "sources": ("courier",), "exclude": ("post",), "max_age": 86400.0, "entries": 2,
}  # fmt: skip


def test_a_topic_has_its_entries_as_its_settings_want_them() -> None:
    plain = replace(TOPIC, audience="public")
    entries = [
        replace(entry(n), copy_of="urn:uuid:1", record=replace(entry(n).record, robots=("noarchive",) * (n % 2)))
        for n in range(4)
    ]
    shelf = EntryShelf()
    shelf.keep(("story", False), {n: (one, n) for n, one in enumerate(entries)})
    seen = set()
    for name in ("name", *(one.name for one in fields(Topic) if one.name != "name")):
        topic = replace(plain, **{name: OTHERS.get(name, "other")})
        for one in (plain, topic):
            made = compose(one, entries, site=SITE, feed_id="urn:uuid:0", published=shelf.published_entry)
            assert made == compose(one, entries, site=SITE, feed_id="urn:uuid:0"), name
            seen.add(repr(made.entries))
    assert len(seen) > 4  # settings that show


@pytest.mark.parametrize("html", ["<p>Words of a long article.</p>", "", "\x00 "])
def test_a_long_text_is_held_only_where_it_is_shown(html: str) -> None:
    long = replace(entry(1), record=replace(entry(1).record, subtitle=None, text="Many words. " * 900, html=html))
    shelf = EntryShelf()
    ((held, n),) = shelf.keep(("story", False), {7: (long, 70)}).values()
    assert n == 70 and shelf.known(("story", False), [7]) == {7: (held, 70)}
    assert (held.record.text == long.record.text) == (not html.startswith("<"))
    told = [
        [(one.content, one.summary) for one in compose(TOPIC, [of], site=SITE, feed_id="urn:uuid:0").entries]
        for of in (long, held)
    ]
    assert told[0] == told[1] and told[0][0][0]


def test_the_shelf_is_bounded() -> None:
    shelf = EntryShelf(most=10_000)
    for n in range(20):
        shelf.keep(("story", False), {n: (entry(n), n)})
        assert 0 < shelf.size <= 10_000
    assert list(shelf.known(("story", False), range(20))) == [17, 18, 19]
    assert shelf.known(("record", False), range(20)) == shelf.known(("story", True), range(20)) == {}
    made = compose(TOPIC, [entry(2)], site=SITE, feed_id="urn:uuid:0", published=shelf.published_entry)
    assert made == compose(TOPIC, [entry(2)], site=SITE, feed_id="urn:uuid:0")
