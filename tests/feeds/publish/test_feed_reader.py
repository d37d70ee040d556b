"""A subscription document is chosen from rows without texts, and holds what it would if all texts had been read."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds import pipe
from feeds.compose.compose import compose
from feeds.model import Feed, Publisher, Topic
from feeds.publish.feed_reader import FeedReader, PublishSettings
from feeds.store import Store, open_store
from feeds.topics import Engine
from scrapers import Draft, Front, Past, Run, Seed, to_record

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SEEDS = [Seed(name=f"paper-{n}", home=f"https://paper-{n}.example/") for n in range(3)]
TOPICS = [
    Topic("all", "All"),
    Topic("seen", "As they were seen", sort="seen", copies="all"),
    Topic("young", "Young", max_age=86400 * 3),
    Topic("few", "Few", entries=5),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """150 stories of three papers: some found late, some long, some changed since."""
    chance = random.Random(4)
    words = [f"{a}{b}" for a in ("har", "til", "fen", "mor") for b in ("bour", "stead", "low", "wick", "ham", "ton")]
    opened = open_store(tmp_path_factory.mktemp("store") / "copydesk.db", daemon=True)
    opened.sources.sync(SEEDS, NOW)
    opened.topics.sync(TOPICS, NOW)
    engine = Engine(TOPICS)
    for seed in SEEDS:
        records = []
        for n in range(50):
            published = NOW - timedelta(hours=chance.uniform(0, 240))
            late = timedelta(days=chance.choice((0, 0, 0, 4, 12)))
            lines = [" ".join(chance.choices(words, k=50)) for _ in range(chance.choice((2, 5, 300)))]
            draft = Draft(
                title=f"Story {n} of {seed.name}",
                text="\n".join(lines),
                html="".join(f"<p>{line}</p>" for line in lines),
                published=published.isoformat(),
            )
            records.append(to_record(draft, url=f"{seed.home}{n}", seed=seed, first_seen=min(published + late, NOW)))
        run = Run(seed.name, NOW, NOW, records=tuple(records), fronts=(Front(seed.home),), links=50)
        pipe.keep(opened, run, seed, Past(), engine, now=NOW)
    yield opened
    opened.close()


def composed(reader: FeedReader, *, waiting: list[str], read_all: bool) -> Feed:
    newest = reader.newest(None)
    if read_all:
        entries, _ = reader.entries([one.n for one in newest])
    else:
        entries, _ = reader.document(newest, waiting)
    return compose(
        reader.topic,
        entries,
        site=reader.settings.publisher,
        feed_id="urn:uuid:0",
        minimum=reader.settings.entries,
        waiting=frozenset(waiting),
    )


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
@pytest.mark.parametrize("minimum", [1, 20, 500])
def test_the_document_is_that_of_all_texts(store: Store, topic: Topic, minimum: int) -> None:
    settings = PublishSettings(Publisher("Desk", "https://desk.example"), entries=minimum)
    reader = FeedReader(store, topic, {one.name: one for one in TOPICS}, settings)
    everything = [one.id for one in reader.newest(None)]
    for waiting in ([], everything[-3:], everything[::7]):
        whole = composed(reader, waiting=waiting, read_all=True)
        assert whole.entries
        assert composed(reader, waiting=waiting, read_all=False) == whole


def test_no_text_is_read_that_there_is_no_room_for(store: Store) -> None:
    settings = PublishSettings(Publisher("Desk", "https://desk.example"), entries=500)
    reader = FeedReader(store, TOPICS[0], {}, settings)
    newest = reader.newest(None)
    entries, records = reader.document(newest, ())
    assert len(newest) == 150
    assert 0 < len(entries) < 150
    assert set(records) == {entry.id for entry in entries}
    few = replace(reader, topic=TOPICS[3])
    assert 5 <= len(few.document(few.newest(None), ())[0]) < 100
