"""All of what keeping a run gives: each Kept whole, who stands for a story, what is dirty, and what is noted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock, call

import pytest

from feeds import pipe
from feeds.model import Topic
from feeds.pipe.keep_run import Kept, Part, keep_part
from feeds.pipe.working_set import WorkingSet
from feeds.rows import VisitKind
from feeds.store import Store, open_store
from feeds.topics import Engine
from scrapers import Draft, FileHead, Front, HostPace, Past, Record, Run, Seed, Seen, to_record
from tests.support.held_bytes import rings
from tests.support.small_desk import OTHER, TEXT

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TOPICS = (Topic("all", "All"), Topic("harbour", "Harbour", query="harbour"), Topic("wide", "Wide", query="outlets:>=2"))
SEEDS = {name: Seed(name=name, home=f"https://{name}.example/") for name in ("wire", "courier", "herald")}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sources.sync(SEEDS.values(), NOW)
    store.topics.sync(TOPICS, NOW)
    clean(store)
    yield store
    store.close()


def record(
    source: str = "wire", slug: str = "quay", title: str = "The quay is repaired", text: str = TEXT, at: datetime = NOW,
    published: datetime | None = None, **more: Any,
) -> Record:  # fmt: skip
    html = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    draft = Draft(title=title, text=text, html=html, published=(published or at).isoformat())
    made = to_record(draft, url=f"https://{source}.example/news/{slug}", seed=SEEDS[source], first_seen=at)
    return replace(made, **more)


def kept(
    store: Store, records: Sequence[Record], at: datetime = NOW, source: str = "wire", kind: VisitKind = "visit",
    seen: Sequence[Seen] | None = None, past: Past | None = None, **more: Any,
) -> Kept:  # fmt: skip
    """Keep a run; its due time is left out."""
    told = [Seen(one.url, "kept", way="rss") for one in records] if seen is None else seen
    fronts = (Front(f"https://{source}.example/"),) if kind == "visit" else ()
    run = Run(source, at, at, records=tuple(records), seen=tuple(told), fronts=fronts, links=len(records))
    past = store.visits.past(source, at) if past is None else past
    found = pipe.keep(store, run, SEEDS[source], past, Engine(TOPICS), now=at, kind=kind, **more)
    return replace(found, due=NOW)


def clean(store: Store) -> None:
    for kind, name, mark in store.publishing.dirty():
        store.publishing.clear_dirty(kind, name, mark)


def dirty(store: Store) -> set[str]:
    return {f"{kind}:{name}" for kind, name, _ in store.publishing.dirty()}


def notes(store: Store, n: int) -> list[str]:
    return [revision.why for revision in store.records.revisions(n)]


def standing(store: Store, n: int) -> tuple[int, str]:
    """Who stands for the story of a record, and why."""
    found = store.records.get(n)
    assert found is not None
    story = store.stories.get(found.story)
    assert story is not None
    return story.representative, story.reason


def test_new_copied_and_revised(store: Store) -> None:
    first, other = record(), record(slug="oaks", title="Oaks", text=OTHER)
    assert kept(store, [first, other]) == Kept(
        NOW, "ok", "", (first.id, other.id), (), 0, ("new: The quay is repaired", "new: Oaks"),
        frozenset(["all", "harbour"]), frozenset(["wire"]),
    )  # fmt: skip
    assert dirty(store) == {"topic:all", "topic:harbour", "source:wire"}
    clean(store)
    copy = record("courier", "mended", "Quay mended", at=NOW + HOUR)
    assert kept(store, [copy], NOW + HOUR, "courier") == Kept(
        NOW, "ok", "", (copy.id,), (), 1, ("a copy: Quay mended",), frozenset(["all", "harbour", "wide"]),
        frozenset(["wire", "courier"]),
    )  # fmt: skip
    assert dirty(store) == {"topic:all", "topic:harbour", "topic:wide", "source:wire", "source:courier"}
    assert standing(store, 3) == (1, "the earliest")
    later = replace(first, text=TEXT.replace("1300", "1400"), title="The quay is dear", fingerprint="other")
    assert kept(store, [later], NOW + 2 * HOUR) == Kept(
        NOW, "ok", "", (), (first.id,), 0, ("revised: The quay is dear",), frozenset(["all", "harbour", "wide"]),
        frozenset(["wire", "courier"]),
    )  # fmt: skip
    assert notes(store, 1) == ["The headline was: The quay is repaired. “1300” is now “1400”."]
    same = kept(store, [later], NOW + 3 * HOUR)
    assert same == Kept(NOW, "ok", "")
    told = (Kept(NOW, "ok", ""), Kept(NOW, "ok", "", revised=("x",)), Kept(NOW, "ok", "", sources=frozenset("x")))
    assert [one.changed for one in told] == [False, True, True]


def test_a_preferred_source_stands(store: Store) -> None:
    kept(store, [record()])
    kept(store, [record("courier", "mended", at=NOW + HOUR)], NOW + HOUR, "courier", preferred=["courier"])
    assert standing(store, 1) == (2, "a preferred source")


def test_a_story_that_is_filed_before_its_visit_ends(store: Store) -> None:
    """What a part filed counts with the visit, whether this process filed it or a former one."""
    first, second = record(), record("wire", "oaks", "Oaks", OTHER)
    part = Part()
    keep_part(store, "wire", [first], Engine(TOPICS), part, now=NOW, preferred=["wire"])
    assert part == Part([first.id], 0, ["new: The quay is repaired"], {first.key: first})
    assert dirty(store) == {"topic:all", "topic:harbour", "source:wire"}
    assert standing(store, 1) == (1, "a preferred source")
    clean(store)
    both = kept(store, [first, second], part=part)
    told = ("new: The quay is repaired", "new: Oaks")
    assert both == Kept(NOW, "ok", "", (first.id, second.id), (), 0, told, frozenset(["all"]), frozenset(["wire"]))
    assert part == Part([first.id], 0, ["new: The quay is repaired"], {first.key: first})
    copies = Part()
    copy = record("courier", "mended", "Quay mended")
    keep_part(store, "courier", [copy], Engine(TOPICS), copies, now=NOW)
    assert copies == Part([copy.id], 1, ["a copy: Quay mended"], {copy.key: copy})
    again = kept(store, [copy], source="courier", visit="one", past=Past())
    assert again == Kept(NOW, "ok", "", (copy.id,), (), 1, ("a copy: Quay mended",))
    for kind, past, hours in (("visit", Past(last_success=NOW), 0), ("fetch", Past(), 0), ("visit", Past(), 1)):
        seen = kept(store, [copy], NOW + hours * HOUR, "courier", kind, past=past, visit=f"two {kind} {past} {hours}")  # type: ignore[arg-type]
        assert seen.fresh == ()


def test_a_renamed_article_is_noted(store: Store) -> None:
    first = record(published=NOW + timedelta(minutes=-7))
    kept(store, [first])
    renamed = record(slug="other", title="The quay is mended", at=NOW + HOUR, published=NOW + timedelta(minutes=-7))
    found = kept(store, [renamed], NOW + HOUR)
    assert found == Kept(
        NOW, "ok", "", (), (first.id,), 0, ("revised: The quay is mended",), frozenset(["all", "harbour"]),
        frozenset(["wire"]),
    )  # fmt: skip
    assert notes(store, 1)[0] == (
        "one article with https://wire.example/news/other: published at the same time under an address that its front"
        " shows no more; The headline was: The quay is repaired."
    )
    assert store.records.count() == 1
    beside = [Seen(first.url, "known", way="listing")]
    third = record(slug="third", title="A quay again", at=NOW + 2 * HOUR, published=NOW + timedelta(minutes=-7))
    fresh = replace(third, text=OTHER, fingerprint="third")
    found = kept(store, [fresh], NOW + 2 * HOUR, seen=[*beside, Seen(fresh.url, "kept", way="listing")])
    assert found.fresh == (fresh.id,)


def test_two_records_that_turn_out_to_be_one_article(store: Store) -> None:
    """The first one's address leads to the second: the older id stays."""
    first = record(published=NOW)
    second = record(slug="again", text=TEXT.replace("the mayor", "a mayor"), at=NOW + HOUR, published=NOW + HOUR)
    kept(store, [first])
    kept(store, [second], NOW + HOUR)
    assert store.records.count() == 2
    clean(store)
    at = NOW + 2 * HOUR
    came = replace(second, aliases=(*second.aliases, *first.aliases))
    found = kept(store, [came], at, kind="revisit", seen=[Seen(first.url, "kept", record=first.id)])
    assert found.revised == (first.id,)
    assert found.told[0] == f"one article: {second.url} and {first.url}"
    assert notes(store, 1)[0].startswith(f"one article with {second.url}, which was {second.id}")
    assert store.records.count() == 1
    assert dirty(store) >= {"topic:all", "topic:harbour", "source:wire"}


def test_a_copy_that_becomes_another_story_leaves(store: Store) -> None:
    first, copy = record(), record("courier", "mended", "Quay mended", at=NOW + HOUR)
    kept(store, [first])
    kept(store, [copy], NOW + HOUR, "courier")
    clean(store)
    spam = replace(copy, title="Lottery", text=OTHER, fingerprint="x")
    found = kept(store, [spam], NOW + 2 * HOUR, "courier")
    assert found.topics == {"all", "harbour", "wide"}
    one, other = store.records.get(1), store.records.get(2)
    assert one is not None and other is not None and one.story != other.story
    assert standing(store, 1) == (1, "the only one")
    assert standing(store, 2) == (2, "the only one")
    assert set(store.topics.of_record(2)) == {"all"}
    assert set(store.topics.of_record(1)) == {"all", "harbour"}
    assert other.evidence == f"it left the story of {first.url} when its text became another one"


def test_what_a_page_holds_back_is_told_once(store: Store) -> None:
    first = record(way="page")
    kept(store, [first])
    clean(store)
    held = replace(first, robots=("noarchive",))
    assert kept(store, [held], NOW + HOUR) == Kept(
        NOW, "ok", "", topics=frozenset(["all", "harbour"]), sources=frozenset(["wire"])
    )  # fmt: skip
    assert kept(store, [held], NOW + 2 * HOUR) == Kept(NOW, "ok", "")
    assert kept(store, [replace(held, robots=(), way="feed")], NOW + 3 * HOUR) == Kept(NOW, "ok", "")


BOX = "Support our coverage of the harbour with a gift: every crown goes to reporters who sit in on meetings."


def test_boilerplate_takes_a_record_out_of_the_topics_that_it_matched_by_it(store: Store) -> None:
    lines = OTHER.split("\n")
    three = [
        record(slug=f"s{n}", title=word, text=f"{lines[n]}\n{BOX}", at=NOW + n * HOUR, published=NOW + n * HOUR)
        for n, word in enumerate(("Oaks", "Elms", "Ashes"))
    ]
    for n, one in enumerate(three[:2]):
        assert kept(store, [one], NOW + n * HOUR).topics == {"all", "harbour"}
    clean(store)
    last = kept(store, [three[2]], NOW + 2 * HOUR)
    assert last.topics == {"all", "harbour"}
    assert [set(store.topics.of_record(n)) for n in (1, 2, 3)] == [{"all"}] * 3
    assert [store.records.get(n).boilerplate for n in (1, 2, 3)] == [(1,)] * 3  # type: ignore[union-attr]
    assert notes(store, 1) == []


def test_a_visit_keeps_paces_and_heads_of_files(store: Store) -> None:
    pace, head = HostPace("wire.example", 2.5, 3.5, 1), FileHead("k", "audio/mpeg", 7)
    kept(store, [], paces=[pace], files=[head])
    assert store.hosts.paces() == [pace]
    assert store.asked_files.all() == [head]


def test_a_run_of_a_source_that_is_gone_is_kept_before(store: Store) -> None:
    assert kept(store, [record()], visit="v").fresh
    assert kept(store, [record()], visit="v") == Kept(NOW, "ok", "")
    with store.transaction():
        store.visits.first_time("w", NOW, ())
    run = Run("nobody", NOW, NOW)
    assert pipe.keep(store, run, SEEDS["wire"], Past(), Engine(TOPICS), now=NOW, visit="w") == Kept(NOW, "ok", "")


def test_a_retopic_tells_its_steps_and_how_many_it_holds(store: Store) -> None:
    kept(store, [record(), record(slug="oaks", title="Oaks", text=OTHER)])
    kept(store, [record("courier", "mended", "Quay mended")], source="courier")
    steps: list[tuple[str, int, int]] = []
    changed = (Topic("harbour", "Harbour", query="river"), Topic("wide", "Wide", query="outlets:>=2"), Topic("copies", "C", query="copies:yes"))  # fmt: skip  # noqa: E501
    store.topics.sync((*TOPICS[:1], *changed), NOW)
    young = Topic("young", "Young", max_age=86400.0)
    store.topics.sync((*TOPICS[:1], *changed, young), NOW)
    assert pipe.retopic(store, [young], NOW + 12 * HOUR) == {"young": 3}
    assert pipe.retopic(store, [young], NOW + 36 * HOUR) == {"young": 0}
    found = pipe.retopic(store, changed[:2], NOW, progress=lambda *told: steps.append(told))
    assert found == {"harbour": 1, "wide": 2}
    assert steps == [("topic harbour", 0, 2), ("topic wide", 1, 2)]
    assert [set(store.topics.of_record(n)) & {"harbour", "wide"} for n in (1, 2, 3)] == [
        {"wide"},
        {"harbour"},
        {"wide"},
    ]


def test_what_a_working_set_reads_once() -> None:
    """Names that were let go or forgotten, and records of a moment, asked for with those that are not known yet."""
    store = Mock()
    store.outcomes.let_go.side_effect = lambda source, keys: [key for key in keys if key == "a"]
    store.forgotten.among.side_effect = lambda names: [name for name in names if name == "a"]
    store.arrivals.published_at.return_value = {NOW: [4]}
    work = WorkingSet(store, NOW, Mock())
    assert [work.has_let_go("wire", names) for names in (["b"], ["a", "b"], ["a"])] == [False, True, True]
    assert store.outcomes.mock_calls == [call.let_go("wire", ["b"]), call.let_go("wire", ["a"])]
    assert [work.is_forgotten(names) for names in (["b"], ["b", "a"])] == [False, True]
    assert [work.published_at("wire", when) for when in (NOW, NOW, NOW + HOUR)] == [[4], [4], []]
    assert store.arrivals.mock_calls == [call.published_at("wire", [NOW]), call.published_at("wire", [NOW + HOUR])]


def test_a_kept_run_leaves_no_texts_to_the_garbage_collector(store: Store) -> None:
    numbers = iter(range(100))

    def keep() -> None:
        n = next(numbers)
        text = TEXT.replace("quay", f"quay {n}")
        kept(store, [record(slug=f"quay-{n}", title=f"Quay {n}", text=text)], NOW + n * HOUR)
        keep_part(
            store, "courier", [record("courier", f"other-{n}", f"Other {n}", text)], Engine(TOPICS), Part(), now=NOW
        )

    assert rings(keep) == {}
