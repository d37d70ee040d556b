"""A reader walks from the subscription document back through the archives and meets every kept story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from feeds.model import Publisher, Topic
from feeds.publish.atomic_files import Folder
from feeds.publish.feed_reader import PublishSettings
from feeds.publish.plan import ARCHIVES_AT_ONCE, mark_written, next_plan
from feeds.publish.write import write_feed
from feeds.store import Store
from scrapers import Seed, record_id, story_id
from tests.support.feed_rules import ATOM, broken
from tests.support.stories import NOON, record_at

TOPIC = Topic("harbour", "The harbour", language="en")
HOUSE = PublishSettings(Publisher("The copy desk", "https://desk.example"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Store, Path]]:
    store = Store(tmp_path / "desk.db")
    store.sources.sync([Seed(name="courier", home="https://courier.example/")], NOON)
    store.topics.sync([TOPIC], NOON)
    yield store, tmp_path / "public"
    store.close()


def add(store: Store, numbers: range, *, published_days_ago: int = 0) -> None:
    with store.transaction():
        for n in numbers:
            when = NOON + timedelta(minutes=n)
            published = when - timedelta(days=published_days_ago)
            record = record_at(f"courier.example/{n}", f"Story {n}", "Some text.", when, published=published)
            story = store.stories.add(record, when)
            number = store.records.add(record, story, "", when)
            store.stories.set_representative(story, number, "")
            store.topics.file_record(number, {TOPIC.name: ""})
        store.publishing.mark_dirty([TOPIC.name], ["courier"])


def publish(store: Store, public: Path, topic: Topic = TOPIC) -> list[str]:
    written: list[str] = []
    while (plan := next_plan(store, HOUSE, [topic])) is not None:
        done = write_feed(plan, public, public.parent / "private")
        assert done.refused is None
        mark_written(store, plan, done)
        written += done.written
    return written


def walk(public: Path, path: str) -> tuple[list[str], list[str]]:
    """The ids of the subscription document, and those of its archives, found by following links."""
    held: list[str] = []
    root = document(public, path)
    current = [entry.findtext(f"{ATOM}id") or "" for entry in root.findall(f"{ATOM}entry")]
    seen = set()
    while (link := root.find(f"{ATOM}link[@rel='prev-archive']")) is not None:
        address = link.get("href") or ""
        assert address not in seen
        seen.add(address)
        root = document(public, urlsplit(address).path.lstrip("/").removesuffix(".atom"))
        assert root.find("{http://purl.org/syndication/history/1.0}archive") is not None
        held += [entry.findtext(f"{ATOM}id") or "" for entry in root.findall(f"{ATOM}entry")]
    return current, held


def document(public: Path, path: str) -> etree._Element:
    return etree.fromstring((public / f"{path}.atom").read_bytes())


def frozen(public: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(file.relative_to(public)): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in sorted(public.rglob("archive-*"))
    }


def test_every_story_is_met_whatever_the_pace(desk: tuple[Store, Path]) -> None:
    store, public = desk
    kept = 0
    for step in (10, 95, 1, 130, 64):
        add(store, range(kept, kept + step))
        kept += step
        before = frozen(public)
        publish(store, public)
        assert {name: state for name, state in frozen(public).items() if name in before} == before
        for path, table in (("t/harbour", "story"), ("s/courier", "record")):
            current, archived = walk(public, path)
            everything = {row[0] for row in store.db.execute(f"SELECT id FROM {table}")}
            assert set(current) | set(archived) == everything
            assert all(count == 1 for count in Counter(archived).values())
            assert len(everything - set(archived)) < 100
    assert kept == len(archived) == 300
    for file in public.rglob("*.atom"):
        assert broken(file.read_bytes(), "atom") == []


def test_a_back_fill_goes_into_archives_and_not_into_the_feed(desk: tuple[Store, Path]) -> None:
    store, public = desk
    add(store, range(60))
    publish(store, public)
    add(store, range(100, 190), published_days_ago=400)
    publish(store, public)
    current, archived = walk(public, "t/harbour")
    assert len(archived) >= 90
    assert len(set(current) | set(archived)) == 150
    assert len(current) <= 60


def test_nothing_new_writes_nothing(desk: tuple[Store, Path]) -> None:
    store, public = desk
    add(store, range(150))
    assert publish(store, public)
    with store.transaction():
        store.publishing.mark_dirty([TOPIC.name], ["courier"])
    assert publish(store, public) == []


def test_a_removal_rewrites_its_archive_and_no_other(desk: tuple[Store, Path]) -> None:
    store, public = desk
    add(store, range(250))
    publish(store, public)
    before = frozen(public)
    gone = store.records.by_id(record_id("courier.example/20"))
    assert gone is not None
    store.retention.forget_record(gone.n, NOON)
    publish(store, public)
    after = frozen(public)
    changed = {name for name in before if after[name] != before[name] and name.endswith(".atom")}
    assert changed == {"t/harbour/archive-000001.atom", "s/courier/archive-000001.atom"}
    assert not [file for file in public.rglob("*.atom") if b"courier.example/20<" in file.read_bytes()]
    assert b">Story 20<" not in b"".join(file.read_bytes() for file in public.rglob("*") if file.is_file())


def test_a_new_address_moves_every_link_and_no_id(desk: tuple[Store, Path]) -> None:
    store, public = desk
    add(store, range(120))
    publish(store, public)
    before = walk(public, "t/harbour")
    store.publishing.mark_all_dirty()
    store.archives.mark_all_dirty()
    moved = PublishSettings(Publisher("The copy desk", "https://elsewhere.example"))
    while (plan := next_plan(store, moved, [TOPIC])) is not None:
        mark_written(store, plan, write_feed(plan, public, public.parent / "private"))
    assert walk(public, "t/harbour") == before
    assert not [name for name in Folder(public).names() if b"desk.example/t" in (Folder(public).read(name) or b"")]


def test_many_archives_are_written_a_few_at_once_and_the_feed_after_them(desk: tuple[Store, Path]) -> None:
    """A new address or an import touches all archives: they do not fit into memory together."""
    store, public = desk
    add(store, range(100 * (2 * ARCHIVES_AT_ONCE + 1)))
    plans = []
    while (plan := next_plan(store, HOUSE, [TOPIC])) is not None:
        done = write_feed(plan, public, public.parent / "private")
        mark_written(store, plan, done)
        plans.append((plan.name, len(plan.archives), plan.feed is not None))
        assert plan.whole == (public / f"{plan.path}.atom").exists(), "the feed names no archive that is not there yet"
    parts = [(ARCHIVES_AT_ONCE, False), (ARCHIVES_AT_ONCE, False), (1, True)]
    assert plans == [(name, *part) for name in ("harbour", "courier") for part in parts]
    for path in ("t/harbour", "s/courier"):
        current, archived = walk(public, path)
        assert len(archived) == len(set(archived)) == 1100 and set(current) <= set(archived)


def test_one_story_after_a_pause_outdates_all_the_others(desk: tuple[Store, Path]) -> None:
    store, public = desk
    topic = replace(TOPIC, max_age=86400.0)
    store.topics.sync([topic], NOON)
    add(store, range(30))
    publish(store, public, topic)
    assert len(walk(public, "t/harbour")[0]) == 30
    month = 30 * 24 * 60
    add(store, range(month, month + 1))
    publish(store, public, topic)
    assert walk(public, "t/harbour")[0] == [story_id(f"courier.example/{month}")]
