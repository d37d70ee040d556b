"""From a run to the store: copies join their story, revisions stay one record, topics follow, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds import pipe
from feeds.model import Topic
from feeds.store import Store, open_store
from feeds.topics import Engine
from scrapers import Draft, Failure, Front, Past, Record, Run, Seed, Seen, to_record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPICS = (Topic("all", "All"), Topic("harbour", "Harbour", query="harbour"), Topic("wide", "Wide", query="outlets:>=2"))
SEEDS = {name: Seed(name=name, home=f"https://{name}.example/") for name in ("wire", "courier", "herald")}
TEXT = "\n".join(
    f"Paragraph {number} of the story about the harbour tells how the {word} was repaired by {number * 7} people, and"
    f" what the mayor of {place} had to say about the cost of {number * 1300} crowns before the council voted."
    for number, (word, place) in enumerate(
        [("quay", "Tarn"), ("crane", "Wend"), ("ferry", "Skell"), ("lighthouse", "Grey"), ("dredger", "Holl")], 1
    )
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = fresh(tmp_path / "copydesk.db")
    yield store
    store.close()


def fresh(path: Path) -> Store:
    store = open_store(path, daemon=True)
    store.sync_sources(SEEDS.values(), NOW)
    store.sync_topics(TOPICS, NOW)
    return store


def record(
    source: str, slug: str = "quay", *, title: str = "The quay is repaired", text: str = TEXT, at: datetime = NOW
) -> Record:
    draft = Draft(
        title=title, text=text, html="".join(f"<p>{p}</p>" for p in text.split("\n")), published=at.isoformat()
    )
    return to_record(draft, url=f"https://{source}.example/news/{slug}", seed=SEEDS[source], first_seen=at)


def keep(store: Store, records: Sequence[Record], *, at: datetime = NOW, source: str | None = None) -> pipe.Kept:
    source = source or records[0].source
    run = Run(
        source,
        at,
        at,
        records=tuple(records),
        seen=tuple(Seen(one.url, "kept", way="rss") for one in records),
        fronts=(Front(f"https://{source}.example/"),),
        links=len(records),
    )
    return pipe.keep(store, run, SEEDS[source], store.past(source, at), Engine(TOPICS), now=at)


def test_the_same_story_of_three_papers_is_one_story(store: Store) -> None:
    keep(store, [record("wire")])
    shortened = record("courier", title="Quay mended", text=TEXT.rsplit("\n", 2)[0])
    second = keep(store, [shortened], at=NOW + timedelta(hours=1))
    assert second.copies == 1
    keep(store, [record("herald", title="Boats may land again")], at=NOW + timedelta(hours=2))
    assert len(store.story_numbers("all", limit=10)) == 1
    (number,) = store.story_numbers("wide", limit=10)
    story = store.story(number)
    assert story is not None
    assert story.published == NOW
    assert {member.record.source for member in store.members(number)} == {"wire", "courier", "herald"}
    assert store.stored(story.representative).record.source == "wire"  # type: ignore[union-attr]
    assert len(store.record_numbers("wide", limit=10)) == 3, "outlets:>=2 holds for the earlier members too"


def test_keeping_the_same_run_again_changes_nothing(store: Store) -> None:
    first = keep(
        store, [record("wire"), record("wire", "other", title="Other", text=TEXT.replace("harbour", "school"))]
    )
    assert len(first.fresh) == 2
    marks = store.dirty()
    again = keep(store, [record("wire")], at=NOW + timedelta(hours=1))
    assert (again.fresh, again.revised, again.topics) == ((), (), frozenset())
    assert store.dirty() == marks
    assert store.count_records() == 2


def test_a_revision_moves_updated_and_nothing_else(store: Store) -> None:
    keep(store, [record("wire")])
    before = store.stored_by_id(record("wire").id)
    later = NOW + timedelta(hours=2)
    changed = record(
        "wire", title="The quay is repaired at twice the cost", text=TEXT.replace("1300", "2600"), at=later
    )
    kept = keep(store, [changed], at=later)
    after = store.stored_by_id(record("wire").id)
    assert before is not None
    assert after is not None
    assert kept.revised == (before.record.id,)
    assert kept.fresh == ()
    assert after.record.published == before.record.published
    assert after.record.first_seen == before.record.first_seen
    assert after.updated == later
    assert after.record.title == changed.title
    assert len(store.revisions(after.n)) == 1


def test_topics_follow_a_revision(store: Store) -> None:
    keep(store, [record("wire")])
    stored = store.stored_by_id(record("wire").id)
    assert stored is not None
    assert set(store.topics_of(stored.n)) == {"all", "harbour"}
    later = NOW + timedelta(hours=2)
    kept = keep(store, [record("wire", title="New", text=TEXT.replace("harbour", "station"), at=later)], at=later)
    assert "harbour" in kept.topics
    assert set(store.topics_of(stored.n)) == {"all"}


def test_a_failed_visit_keeps_what_is_there_and_says_why(store: Store) -> None:
    keep(store, [record("wire")])
    run = Run("wire", NOW, NOW, failures=(Failure("https://wire.example/", "Unreachable", "no answer"),))
    kept = pipe.keep(store, run, SEEDS["wire"], store.past("wire", NOW), Engine(TOPICS), now=NOW)
    assert (kept.state, kept.cause) == ("failing", "no answer")
    assert kept.due > NOW
    assert store.count_records() == 1


def test_a_page_that_failed_is_asked_again_later_and_then_left_alone(store: Store) -> None:
    url = "https://wire.example/news/bad"
    at = NOW
    for expected in (timedelta(hours=1), timedelta(days=1), None):
        run = Run(
            "wire",
            at,
            at,
            seen=(Seen(url, "failed", "no title", "rss"),),
            failures=(Failure(url, "PageChanged", "no title"),),
            fronts=(Front("https://wire.example/"),),
        )
        pipe.keep(store, run, SEEDS["wire"], Past(), Engine(TOPICS), now=at)
        (row,) = store.outcomes_of("wire.example/news/bad")
        assert row.again == (None if expected is None else at + expected)
        at += timedelta(days=2)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["wire", "courier", "herald"]))
def test_any_order_of_exact_copies_gives_one_story(tmp_path_factory: pytest.TempPathFactory, order: list[str]) -> None:
    store = fresh(tmp_path_factory.mktemp("order") / "copydesk.db")
    for hours, source in enumerate(order):
        keep(store, [record(source, at=NOW)], at=NOW + timedelta(hours=hours))
    (number,) = store.story_numbers("all", limit=10)
    assert len(store.members(number)) == 3
    store.close()


def test_a_retopic_gives_what_the_daily_work_gave(store: Store) -> None:
    keep(store, [record("wire"), record("wire", "other", title="Other", text=TEXT.replace("harbour", "school"))])
    keep(store, [record("courier")], at=NOW + timedelta(hours=1))
    before = {topic.name: store.record_numbers(topic.name, limit=10) for topic in TOPICS}
    pipe.retopic(store, TOPICS, NOW)
    assert {topic.name: store.record_numbers(topic.name, limit=10) for topic in TOPICS} == before


def test_a_hint_is_replaced_by_the_text_and_never_the_other_way(store: Store) -> None:
    summary = "Only what the feed tells of the harbour, which is one sentence and no more than that, really."
    hint = replace(record("wire", text=summary), way="hint")
    keep(store, [hint])
    later = NOW + timedelta(hours=2)
    keep(store, [record("wire", at=later)], at=later)
    stored = store.stored_by_id(hint.id)
    assert stored is not None
    assert stored.record.text == TEXT
    keep(store, [replace(record("wire", text=summary, at=later), way="hint")], at=later + timedelta(hours=1))
    assert store.stored_by_id(hint.id).record.text == TEXT  # type: ignore[union-attr]


def test_a_page_that_holds_its_text_back_later_is_heeded_from_then_on(store: Store) -> None:
    first = replace(record("wire"), way="page")
    keep(store, [first])
    for kind, name, mark in store.dirty():
        store.clean(kind, name, mark)
    later = keep(store, [replace(first, robots=("noarchive",))], at=NOW + timedelta(hours=1))
    assert not later.fresh and not later.revised
    stored = store.stored(1)
    assert stored is not None
    assert stored.record.robots == ("noarchive",)
    assert {name for _, name, _ in store.dirty()} == {"all", "harbour", "wire"}
    assert not store.revisions(1)
    for kind, name, mark in store.dirty():
        store.clean(kind, name, mark)
    # a text from a feed says nothing of the page
    keep(store, [replace(first, way="feed")], at=NOW + timedelta(hours=2))
    assert store.dirty() == []
    revised = replace(record("wire", text=TEXT + "\nThe council voted for the quay on Sunday, by 7 to 3."), way="page")
    keep(store, [replace(revised, robots=("noai",))], at=NOW + timedelta(hours=3))
    stored = store.stored(1)
    assert stored is not None
    assert stored.record.robots == ("noai",)
