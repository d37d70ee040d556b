"""The user's preferred sources stand for the stories that several carry, whenever they were chosen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds import pipe
from feeds.model import Topic
from feeds.pipe import prefer
from feeds.store import Store, StoryRow, open_store
from feeds.topics import Engine
from scrapers import Draft, Front, Run, Seed, to_record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPICS = (Topic("all", "All"), Topic("rowing", "Rowing", query="rowing"))
SEEDS = {name: Seed(name=name, home=f"https://{name}.example/") for name in ("wire", "courier", "herald")}
TEXT = " ".join(f"The {word} of the harbour was painted in {n} shades of green." for n, word in enumerate("abcdefgh"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sources.sync(SEEDS.values(), NOW)
    store.topics.sync(TOPICS, NOW)
    for hour, source in enumerate(("wire", "courier")):
        keep(store, source, "Harbour painted", TEXT, NOW + timedelta(hours=hour))
    keep(store, "herald", "Alone", "Nobody else tells of this story, which is short.", NOW)
    for name in ("all", "rowing"):
        store.publishing.clear_dirty("topic", name, 99)
    yield store
    store.close()


def keep(store: Store, source: str, title: str, text: str, at: datetime) -> None:
    url = f"https://{source}.example/{title.split()[0].lower()}"
    record = to_record(
        Draft(title=title, text=text, published=at.isoformat()), url=url, seed=SEEDS[source], first_seen=at
    )
    run = Run(source, at, at, records=(record,), fronts=(Front(SEEDS[source].home),), links=1)
    pipe.keep(store, run, SEEDS[source], store.visits.past(source, at), Engine(TOPICS), now=at)


def the_story(store: Store) -> tuple[str, StoryRow]:
    (number,) = store.stories.carried_by(["courier"], NOW)
    story = store.stories.get(number)
    assert story is not None
    standing = store.records.get(story.representative)
    assert standing is not None
    return standing.record.source, story


def test_another_choice_holds_for_what_is_stored_and_moves_no_date(store: Store) -> None:
    source, before = the_story(store)
    assert source == "wire"
    assert prefer(store, ("courier", "herald"), NOW) == 1
    source, after = the_story(store)
    assert (source, after.reason) == ("courier", "a preferred source")
    assert (after.id, after.published, after.updated) == (before.id, before.published, before.updated)
    assert [name for _, name, _ in store.publishing.dirty() if name in ("all", "rowing")] == ["all"], (
        "the feeds that hold it"
    )
    assert prefer(store, ("courier", "herald"), NOW) == 0, "once is enough"
    assert prefer(store, (), NOW) == 1
    assert the_story(store)[0] == "wire"


def test_what_is_in_archives_stays(store: Store) -> None:
    assert prefer(store, ("courier",), NOW + timedelta(days=40)) == 0
    assert the_story(store)[0] == "wire"


def test_who_stands_after_the_former_one_is_removed_is_decided_anew(store: Store) -> None:
    keep(store, "herald", "Harbour painted", f"{TEXT} Source: Courier.", NOW + timedelta(hours=2))
    number = the_story(store)[1].n
    first, second, third = store.records.members(number)
    with store.transaction():
        store.stories.set_representative(number, third.n, "for the test")
        store.records.remove(third.n)
    source, story = the_story(store)
    assert (source, story.reason) == ("wire", "the earliest, after the former one was removed")
    with store.transaction():
        store.records.remove(first.n)
    found = store.stories.get(number)
    assert found is not None
    assert (found.representative, found.id) == (second.n, story.id), "an expired member takes no id along"


def test_who_is_quarantined_is_not_preferred_where_another_can_be_shown(store: Store) -> None:
    (number,) = store.stories.carried_by(["courier"], NOW)
    members = {one.record.source: one for one in store.records.members(number)}
    with store.transaction():
        store.records.quarantine(members["courier"].n, "it breaks a document")
    prefer(store, ("courier",), NOW)
    assert the_story(store)[0] == "wire"
