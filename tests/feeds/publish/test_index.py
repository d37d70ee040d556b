"""What the index page lists, and what of it is remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from feeds import pipe
from feeds.model import Publisher, Topic
from feeds.publish.feed_reader import PublishSettings
from feeds.publish.index import IndexPlan, Known, plan_index, write_index
from feeds.render.pages import Listed
from feeds.store import Store, open_store
from feeds.topics import Engine
from scrapers import Draft, Front, Past, Run, Seed, to_record

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SEED = Seed(name="courier", home="https://courier.example/")
TOPICS = [Topic("all", "All"), Topic("ferries", "Ferries", query="ferry"), Topic("own", "Own", private=True)]
SETTINGS = PublishSettings(Publisher("Desk", "https://desk.example"))


def keep(store: Store, *titles: str, at: datetime = NOW) -> None:
    records = tuple(
        to_record(
            Draft(title=title, text=f"{title}: what the council said of it at {at:%H:%M}.", published=at.isoformat()),
            url=f"{SEED.home}{title.replace(' ', '-')}",
            seed=SEED,
            first_seen=at,
        )
        for title in titles
    )
    run = Run(SEED.name, at, at, records=records, fronts=(Front(SEED.home),), links=len(records))
    pipe.keep(store, run, SEED, Past(), Engine(TOPICS), now=at)


def test_a_topic_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sources.sync([SEED], NOW)
    store.topics.sync(TOPICS, NOW)
    keep(store, "The ferry is late", "A new library")
    known: Known = {}
    first = plan_index(store, SETTINGS, TOPICS, known)
    assert [one.title for one in first.topics] == ["All", "Ferries"]
    assert [title for title, _ in first.topics[1].headlines] == ["The ferry is late"]
    assert first.topics[1].newest == NOW
    assert first.sources[0].newest == NOW

    later = NOW + timedelta(hours=1)
    keep(store, "The ferry is back", at=later)
    assert plan_index(store, SETTINGS, TOPICS, known).topics == first.topics
    del known["ferries"]
    again = plan_index(store, SETTINGS, TOPICS, known)
    assert [title for title, _ in again.topics[1].headlines] == ["The ferry is back", "The ferry is late"]
    assert again.topics[0] == first.topics[0]
    assert again.sources[0].newest == later
    assert plan_index(store, SETTINGS, TOPICS) == plan_index(store, SETTINGS, TOPICS, {})

    renamed = [Topic("all", "Everything"), *TOPICS[1:]]
    assert plan_index(store, SETTINGS, renamed, known).topics[0].title == "Everything"
    store.close()


def test_the_index_has_compressed_files_beside_it_where_they_are_wanted(tmp_path: Path) -> None:
    rows = tuple(Listed(f"Topic number {n}", f"t/topic-{n}") for n in range(60))
    for variants in (False, True):
        public = tmp_path / str(variants)
        assert write_index(IndexPlan(SETTINGS.publisher, rows, (), variants), public)
        assert (public / "index.html").exists()
        assert bool(list(public.glob("index.html.*"))) is variants
