"""Archives: what closes, what the store remembers of it, and that no story is ever lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.compose.archives import BACKFILLED_AT_ONCE, FULL, FULL_BYTES, Waiting, plan
from feeds.model import Topic
from feeds.store import Store
from tests.support.stories import NOON, record_at

TOPIC = Topic("harbour", "The harbour")


def waiting(n: int, *, size: int = 5000, old: bool = False) -> Waiting:
    arrived = NOON + timedelta(minutes=n)
    return Waiting(f"id-{n:04}", arrived, arrived - timedelta(days=30 if old else 0), size)


def test_nothing_closes_before_it_is_full() -> None:
    assert plan([waiting(n) for n in range(FULL - 1)], last=0) == ()


def test_a_full_document_closes_in_the_order_of_arrival() -> None:
    stories = [waiting(n) for n in range(FULL + 30)]
    (only,) = plan(stories[::-1], last=4)
    assert only.number == 5
    assert only.entries == tuple(story.id for story in stories[:FULL])
    assert not only.followed


def test_several_close_at_once_and_know_of_each_other() -> None:
    closing = plan([waiting(n) for n in range(3 * FULL)], last=0)
    assert [(one.number, len(one.entries), one.followed) for one in closing] == [
        (1, FULL, True),
        (2, FULL, True),
        (3, FULL, False),
    ]


def test_long_stories_fill_a_document_sooner() -> None:
    stories = [waiting(n, size=FULL_BYTES // 10) for n in range(25)]
    closing = plan(stories, last=0)
    assert [len(one.entries) for one in closing] == [10, 10]
    assert [len(one.entries) for one in plan([waiting(0, size=2 * FULL_BYTES), waiting(1)], last=0)] == [1]


def test_a_back_fill_closes_at_once_but_not_what_the_feed_shows_anyway() -> None:
    stories = [waiting(n, old=True) for n in range(BACKFILLED_AT_ONCE)]
    fresh = [waiting(100 + n) for n in range(10)]
    (only,) = plan([*fresh, *stories], last=0)
    assert only.entries == tuple(story.id for story in stories)
    assert plan(stories[1:], last=0) == ()
    assert plan(stories, last=0, shown={stories[0].id}) == ()


@given(st.lists(st.tuples(st.integers(1, 2 * FULL_BYTES), st.booleans()), max_size=350))
def test_every_story_closes_once_or_waits_and_what_waits_fits(sizes: list[tuple[int, bool]]) -> None:
    stories = [waiting(n, size=size, old=old) for n, (size, old) in enumerate(sizes)]
    closed = [entry for one in plan(stories, last=0) for entry in one.entries]
    left = [story for story in stories if story.id not in closed]
    assert len(closed) == len(set(closed))
    assert len(left) < FULL
    assert sum(story.size for story in left) <= FULL_BYTES
    assert [one.number for one in plan(stories, last=0)] == list(range(1, len(plan(stories, last=0)) + 1))


# --- the store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "desk.db")
    opened.topics.sync([TOPIC], NOON)
    yield opened
    opened.close()


def feed_of(store: Store) -> str:
    return store.topics.all()[0].feed_id


def add(store: Store, n: int, story: int | None = None) -> tuple[int, int]:
    """A record of the topic, in a story of its own or in another one's: their numbers."""
    when = NOON + timedelta(minutes=n)
    record = record_at(f"courier.example/{n}", f"Story {n}", "Text.", when)
    with store.transaction():
        of = store.stories.add(record, when) if story is None else story
        number = store.records.add(record, of, "", when)
        if story is None:
            store.stories.set_representative(of, number, "")
        store.topics.file_record(number, {TOPIC.name: ""})
    return number, of


def add_all(store: Store, numbers: range) -> list[tuple[int, int]]:
    """Several records in one transaction, each in a story of its own."""
    with store.transaction():
        return [add(store, n) for n in numbers]


def close_what_is_full(store: Store, *, stories: bool = True) -> list[int]:
    with store.transaction():
        closing = plan(
            store.archives.waiting(feed_of(store), stories=stories), last=store.archives.last_number(feed_of(store))
        )
        store.archives.close(feed_of(store), closing)
    return [one.number for one in closing]


def everywhere(store: Store, *, stories: bool = True) -> list[str]:
    """Every entry: of the archives, and what waits."""
    feed = feed_of(store)
    held = [
        entry
        for number in store.archives.numbers(feed)
        if (document := store.archives.document(feed, number))
        for entry in document.entries
    ]
    return held + [one.id for one in store.archives.waiting(feed, stories=stories)]


def ids(store: Store) -> set[str]:
    return {row[0] for row in store.db.execute("SELECT id FROM story")}


def test_every_kept_story_is_in_exactly_one_place(store: Store) -> None:
    for start in range(0, 230, 46):
        add_all(store, range(start, start + 46))
        close_what_is_full(store)
    close_what_is_full(store)
    feed = feed_of(store)
    assert store.archives.numbers(feed) == [1, 2]
    found = everywhere(store)
    assert len(found) == len(set(found)) == 230
    assert set(found) == ids(store)
    assert store.archives.unwritten(feed) == ([1, 2], [])
    store.archives.written(feed, [1, 2])
    assert store.archives.unwritten(feed) == ([], [])


def test_a_closed_document_is_not_touched_by_what_comes_later(store: Store) -> None:
    add_all(store, range(100))
    assert close_what_is_full(store) == [1]
    store.archives.written(feed_of(store), [1])
    before = store.archives.document(feed_of(store), 1)
    _, story = add(store, 500)
    add(store, 501, story)  # a copy
    store.topics.replace(TOPIC.name, dict.fromkeys(range(1, 103), ""))  # the query was applied anew
    add_all(store, range(600, 700))
    assert close_what_is_full(store) == [2]
    assert store.archives.document(feed_of(store), 1) == before
    assert store.archives.unwritten(feed_of(store)) == ([2], [])
    found = everywhere(store)
    assert len(found) == len(set(found)) == 201


def test_a_copy_of_an_archived_story_does_not_wait(store: Store) -> None:
    stories = [story for _, story in add_all(store, range(100))]
    close_what_is_full(store)
    add(store, 900, stories[0])
    assert store.archives.waiting(feed_of(store), stories=True) == []


def test_records_are_archived_where_every_copy_is_an_entry(store: Store) -> None:
    _, story = add(store, 0)
    for n in range(1, 100):
        add(store, n, story)
    assert len(store.archives.waiting(feed_of(store), stories=True)) == 1
    assert len(store.archives.waiting(feed_of(store), stories=False)) == 100
    assert close_what_is_full(store, stories=False) == [1]


def test_a_removal_marks_only_the_documents_that_hold_the_text(store: Store) -> None:
    numbers = [n for n, _ in add_all(store, range(300))]
    close_what_is_full(store)
    feed = feed_of(store)
    store.archives.written(feed, [1, 2, 3])
    gone = store.records.get(numbers[150])
    assert gone is not None
    with store.transaction():
        store.records.remove(numbers[150])
    assert store.archives.unwritten(feed) == ([2], [])
    document = store.archives.document(feed, 2)
    assert document is not None
    assert len(document.entries) == 99
    assert set(everywhere(store)) == ids(store)


def test_a_removal_of_the_representative_writes_the_story_anew(store: Store) -> None:
    number, story = add(store, 0)
    add(store, 1, story)
    add_all(store, range(2, 101))
    close_what_is_full(store)
    feed = feed_of(store)
    store.archives.written(feed, [1])
    with store.transaction():
        store.records.remove(number)
    assert store.archives.unwritten(feed) == ([1], [])
    document = store.archives.document(feed, 1)
    assert document is not None
    assert len(document.entries) == 100


def test_an_emptied_document_goes_and_its_number_stays_taken(store: Store) -> None:
    numbers = [n for n, _ in add_all(store, range(300))]
    close_what_is_full(store)
    feed = feed_of(store)
    store.archives.written(feed, [1, 2, 3])
    with store.transaction():
        for number in numbers[100:200]:
            store.records.remove(number)
        # the first names it as the next one, the third as the one before
        assert store.archives.unwritten(feed) == ([1, 3], [2])
    assert store.archives.numbers(feed) == [1, 3]
    assert store.archives.last_number(feed) == 3
    assert store.archives.document(feed, 2) is None
    with store.transaction():
        for number in numbers[200:]:
            store.records.remove(number)
        store.archives.unwritten(feed)
    assert store.archives.last_number(feed) == 3


def test_a_quarantined_record_does_not_wait(store: Store) -> None:
    number, _ = add(store, 0)
    add(store, 1)
    with store.transaction():
        store.records.quarantine(number, "broke the feed")
    assert len(store.archives.waiting(feed_of(store), stories=True)) == 1


def test_a_renamed_topic_keeps_its_archives(store: Store) -> None:
    add_all(store, range(120))
    close_what_is_full(store)
    feed = feed_of(store)
    store.topics.sync([Topic("port", "The port", was="harbour")], NOON)
    assert feed_of(store) == feed
    assert store.archives.numbers(feed) == [1]
    assert len(store.archives.waiting(feed, stories=True)) == 20


def test_a_new_base_url_writes_everything_anew(store: Store) -> None:
    add_all(store, range(100))
    close_what_is_full(store)
    store.archives.written(feed_of(store), [1])
    assert store.archives.feeds_with_unwritten() == []
    store.archives.mark_all_dirty()
    assert store.archives.feeds_with_unwritten() == [feed_of(store)]
    assert store.archives.unwritten(feed_of(store)) == ([1], [])
