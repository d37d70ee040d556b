"""From a run to the store: copies join their story, revisions stay one record, topics follow, nothing twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds import pipe
from feeds.identity.dedupe import look
from feeds.identity.similarity import Look
from feeds.model import Topic
from feeds.rows import VisitKind
from feeds.store import Store, open_store
from feeds.topics import Engine
from scrapers import FRONT, UNLIKE, Draft, Failure, Front, Past, Record, Run, Seed, Seen, to_record

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
    store.sources.sync(SEEDS.values(), NOW)
    store.topics.sync(TOPICS, NOW)
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
    return pipe.keep(store, run, SEEDS[source], store.visits.past(source, at), Engine(TOPICS), now=at)


def test_the_same_story_of_three_papers_is_one_story(store: Store) -> None:
    keep(store, [record("wire")])
    shortened = record("courier", title="Quay mended", text=TEXT.rsplit("\n", 2)[0])
    second = keep(store, [shortened], at=NOW + timedelta(hours=1))
    assert second.copies == 1
    keep(store, [record("herald", title="Boats may land again")], at=NOW + timedelta(hours=2))
    assert len(store.topics.newest_stories("all", limit=10)) == 1
    (number,) = [one.n for one in store.topics.newest_stories("wide", limit=10)]
    story = store.stories.get(number)
    assert story is not None
    assert story.published == NOW
    assert {member.record.source for member in store.records.members(number)} == {"wire", "courier", "herald"}
    assert store.records.get(story.representative).record.source == "wire"  # type: ignore[union-attr]
    assert len(store.topics.newest_records("wide", limit=10)) == 3, "outlets:>=2 holds for the earlier members too"


def test_keeping_the_same_run_again_changes_nothing(store: Store) -> None:
    first = keep(
        store, [record("wire"), record("wire", "other", title="Other", text=TEXT.replace("harbour", "school"))]
    )
    assert len(first.fresh) == 2
    marks = store.publishing.dirty()
    again = keep(store, [record("wire")], at=NOW + timedelta(hours=1))
    assert (again.fresh, again.revised, again.topics) == ((), (), frozenset())
    assert store.publishing.dirty() == marks
    assert store.records.count() == 2


def test_a_revision_moves_updated_and_nothing_else(store: Store) -> None:
    keep(store, [record("wire")])
    before = store.records.by_id(record("wire").id)
    later = NOW + timedelta(hours=2)
    changed = record(
        "wire", title="The quay is repaired at twice the cost", text=TEXT.replace("1300", "2600"), at=later
    )
    kept = keep(store, [changed], at=later)
    after = store.records.by_id(record("wire").id)
    assert before is not None
    assert after is not None
    assert kept.revised == (before.record.id,)
    assert kept.fresh == ()
    assert after.record.published == before.record.published
    assert after.record.first_seen == before.record.first_seen
    assert after.updated == later
    assert after.record.title == changed.title
    assert len(store.records.revisions(after.n)) == 1


def test_topics_follow_a_revision(store: Store) -> None:
    keep(store, [record("wire")])
    stored = store.records.by_id(record("wire").id)
    assert stored is not None
    assert set(store.topics.of_record(stored.n)) == {"all", "harbour"}
    later = NOW + timedelta(hours=2)
    kept = keep(store, [record("wire", title="New", text=TEXT.replace("harbour", "station"), at=later)], at=later)
    assert "harbour" in kept.topics
    assert set(store.topics.of_record(stored.n)) == {"all"}


def test_a_failed_visit_keeps_what_is_there_and_says_why(store: Store) -> None:
    keep(store, [record("wire")])
    run = Run("wire", NOW, NOW, failures=(Failure("https://wire.example/", "Unreachable", "no answer"),))
    kept = pipe.keep(store, run, SEEDS["wire"], store.visits.past("wire", NOW), Engine(TOPICS), now=NOW)
    assert (kept.state, kept.cause) == ("failing", "no answer")
    assert kept.due > NOW
    assert store.records.count() == 1


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
        (row,) = store.outcomes.of_key("wire.example/news/bad")
        assert row.again == (None if expected is None else at + expected)
        at += timedelta(days=2)


def test_a_declared_feed_that_is_gone_is_asked_again_after_a_day_and_then_after_a_week(store: Store) -> None:
    url = "https://wire.example/feed"
    at = NOW
    for expected in (timedelta(days=1), timedelta(days=7), timedelta(days=7)):
        run = Run(
            "wire",
            at,
            at,
            seen=(Seen(url, "gone", "404", FRONT),),
            failures=(Failure(url, "Gone", "404", status=404),),
            fronts=(Front("https://wire.example/"),),
        )
        pipe.keep(store, run, SEEDS["wire"], Past(), Engine(TOPICS), now=at)
        (row,) = store.outcomes.of_key("wire.example/feed")
        assert row.again == at + expected
        at += expected


@pytest.mark.parametrize("kind", ["revisit", "backfill", "fetch"])
def test_work_beside_the_visits_moves_neither_state_nor_due_time_and_has_its_line_in_the_log(
    store: Store, kind: VisitKind
) -> None:
    keep(store, [record("wire")])
    before = store.sources.get("wire")
    at = NOW + timedelta(hours=1)
    seen = (Seen("https://wire.example/news/older", "kept", way="page"),)
    run = Run("wire", at, at, records=(record("wire", "older", title="An older one", text=TEXT[::-1]),), seen=seen)
    pipe.keep(store, run, SEEDS["wire"], store.visits.past("wire", at), Engine(TOPICS), now=at, kind=kind)
    after = store.sources.get("wire")
    assert before is not None and after is not None
    assert (after.state, after.due, after.last_visit, after.failures) == (
        before.state,
        before.due,
        before.last_visit,
        before.failures,
    )
    assert [(row.kind, row.outcome) for row in store.visits.newest("wire", 2)] == [(kind, "ok"), ("visit", "ok")]


@pytest.mark.parametrize(
    ("failure", "hours"),
    [
        (Failure("https://elsewhere.example/", "Unreachable", "no answer", asked="https://wire.example/news/quay"), 1),
        (Failure("https://wire.example/news/quay", "Unreachable", "no answer"), 1),
        (
            Failure("https://elsewhere.example/", "Gone", "404", status=404, asked="https://wire.example/news/quay"),
            None,
        ),
    ],
)
def test_a_second_look_is_booked_on_the_address_that_was_asked_for(
    store: Store, failure: Failure, hours: int | None
) -> None:
    keep(store, [record("wire")])
    (stored,) = store.records.of_source("wire", 5)
    at = NOW + timedelta(hours=2)
    seen = (Seen(stored.record.url, "failed", failure.reason, record=stored.record.id),)
    run = Run("wire", at, at, failures=(failure,), seen=seen)
    pipe.keep(store, run, SEEDS["wire"], Past(), Engine(TOPICS), now=at, kind="revisit")
    due = {one.n for one in store.records.rechecks_due(at + timedelta(hours=1, seconds=1))}
    assert (stored.n in due) is (hours == 1), "no answer is asked for again after an hour, an answer is a look"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["wire", "courier", "herald"]))
def test_any_order_of_exact_copies_gives_one_story(tmp_path_factory: pytest.TempPathFactory, order: list[str]) -> None:
    store = fresh(tmp_path_factory.mktemp("order") / "copydesk.db")
    for hours, source in enumerate(order):
        keep(store, [record(source, at=NOW)], at=NOW + timedelta(hours=hours))
    (number,) = [one.n for one in store.topics.newest_stories("all", limit=10)]
    assert len(store.records.members(number)) == 3
    store.close()


def test_a_retopic_gives_what_the_daily_work_gave(store: Store) -> None:
    keep(store, [record("wire"), record("wire", "other", title="Other", text=TEXT.replace("harbour", "school"))])
    keep(store, [record("courier")], at=NOW + timedelta(hours=1))
    before = {topic.name: [one.n for one in store.topics.newest_records(topic.name, limit=10)] for topic in TOPICS}
    pipe.retopic(store, TOPICS, NOW)
    assert {
        topic.name: [one.n for one in store.topics.newest_records(topic.name, limit=10)] for topic in TOPICS
    } == before


def test_a_hint_is_replaced_by_the_text_and_never_the_other_way(store: Store) -> None:
    summary = "Only what the feed tells of the harbour, which is one sentence and no more than that, really."
    hint = replace(record("wire", text=summary), way="hint")
    keep(store, [hint])
    later = NOW + timedelta(hours=2)
    keep(store, [record("wire", at=later)], at=later)
    stored = store.records.by_id(hint.id)
    assert stored is not None
    assert stored.record.text == TEXT
    keep(store, [replace(record("wire", text=summary, at=later), way="hint")], at=later + timedelta(hours=1))
    assert store.records.by_id(hint.id).record.text == TEXT  # type: ignore[union-attr]


def test_a_page_that_holds_its_text_back_later_is_heeded_from_then_on(store: Store) -> None:
    first = replace(record("wire"), way="page")
    keep(store, [first])
    for kind, name, mark in store.publishing.dirty():
        store.publishing.clear_dirty(kind, name, mark)
    later = keep(store, [replace(first, robots=("noarchive",))], at=NOW + timedelta(hours=1))
    assert not later.fresh and not later.revised
    stored = store.records.get(1)
    assert stored is not None
    assert stored.record.robots == ("noarchive",)
    assert {name for _, name, _ in store.publishing.dirty()} == {"all", "harbour", "wire"}
    assert not store.records.revisions(1)
    for kind, name, mark in store.publishing.dirty():
        store.publishing.clear_dirty(kind, name, mark)
    # a text from a feed says nothing of the page
    keep(store, [replace(first, way="feed")], at=NOW + timedelta(hours=2))
    assert store.publishing.dirty() == []
    revised = replace(record("wire", text=TEXT + "\nThe council voted for the quay on Sunday, by 7 to 3."), way="page")
    keep(store, [replace(revised, robots=("noai",))], at=NOW + timedelta(hours=3))
    stored = store.records.get(1)
    assert stored is not None
    assert stored.record.robots == ("noai",)


def test_a_part_of_a_visit_is_published_before_its_end_and_counted_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []

    def noted(one: Record, boilerplate: Collection[int] = ()) -> Look:
        looked_at.append(one.id)
        return look(one, boilerplate)

    monkeypatch.setattr("feeds.pipe.keep_run.look", noted)
    three = [
        record("wire", f"story-{word}", title=f"The {word} of the town", text=TEXT.replace("harbour", word))
        for word in ("mill", "school", "bridge")
    ]
    part, engine = pipe.Part(), Engine(TOPICS)
    pipe.keep_part(store, "wire", three[:1], engine, part, now=NOW)
    pipe.keep_part(store, "wire", three[1:2], engine, part, now=NOW)
    assert part.fresh == [one.id for one in three[:2]]
    dirty = {(kind, name) for kind, name, _ in store.publishing.dirty()}
    assert {("topic", "all"), ("source", "wire")} <= dirty
    source = store.sources.get("wire")
    assert source is not None and source.last_visit is None, "the visit goes on"
    run = Run(
        "wire",
        NOW,
        NOW,
        records=tuple(three),
        seen=tuple(Seen(one.url, "kept", way="rss") for one in three),
        fronts=(Front("https://wire.example/"),),
        links=3,
    )
    kept = pipe.keep(store, run, SEEDS["wire"], Past(), engine, now=NOW, part=part)
    assert kept.fresh == tuple(one.id for one in three)
    assert looked_at == [one.id for one in three], "what was filed is not looked at again"
    assert store.records.count() == 3
    source = store.sources.get("wire")
    assert source is not None and source.last_new == NOW and source.state == "ok"


@pytest.mark.parametrize(("odd", "state"), [(6, "degraded"), (4, "ok")])
def test_a_source_most_of_whose_pages_are_no_stories_is_degraded_and_says_what_they_are(
    store: Store, odd: int, state: str
) -> None:
    seen = [Seen(f"https://wire.example/{n}", "failed", f"{UNLIKE}a video player") for n in range(odd)]
    seen += [Seen(f"https://wire.example/a{n}", "kept", way="rss") for n in range(10 - odd)]
    failures = tuple(Failure(one.url, "ReadFailed", one.why) for one in seen if one.outcome == "failed")
    front = (Front("https://wire.example/"),)
    run = Run("wire", NOW, NOW, records=(record("wire"),), seen=tuple(seen), fronts=front, links=10, failures=failures)
    kept = pipe.keep(store, run, SEEDS["wire"], store.visits.past("wire", NOW), Engine(TOPICS), now=NOW)
    assert kept.state == state
    if state == "degraded":
        assert kept.cause == f"{odd} of 10 pages are a video player"


def test_a_visit_made_elsewhere_is_kept_once_however_often_it_comes(store: Store) -> None:
    def kept(visit: str, at: datetime, forget: Sequence[str] = ()) -> pipe.Kept:
        told = TEXT.split("\n")[at.minute // 5]
        of = record("wire", at.strftime("%H-%M"), title=" ".join(told.split()[10:16]), text=told)
        seen, fronts = (Seen(of.url, "kept", way="rss"),), (Front(SEEDS["wire"].home),)
        run = Run("wire", at, at, records=(of,), seen=seen, fronts=fronts)
        past = store.visits.past("wire", at)
        return pipe.keep(store, run, SEEDS["wire"], past, Engine(TOPICS), now=at, visit=visit, forget=forget)

    first = kept("one", NOW)
    assert (len(first.fresh), store.records.count()) == (1, 1)
    again = kept("one", NOW + timedelta(minutes=5))
    assert (len(again.fresh), store.records.count()) == (0, 1)
    assert (again.due, again.state) == (first.due, "ok")
    other = kept("two", NOW + timedelta(minutes=10), forget=["one"])
    assert (len(other.fresh), store.records.count()) == (1, 2)
    assert len(store.visits.newest("wire")) == 2
    assert [row[0] for row in store.db.execute("SELECT id FROM given_visit")] == ["two"]
