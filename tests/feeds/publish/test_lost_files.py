"""Which published files are missing: what the store takes for written, held against the folders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.model import Topic
from feeds.publish.atomic_files import Folder
from feeds.publish.lost_files import SITE, LostFiles, mark_lost, missing, published
from feeds.store import Store, open_store
from scrapers import Seed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sources.sync([Seed(name="courier", home="https://courier.example/")], NOW)
    store.topics.sync([Topic("all", "All"), Topic("own", "Own", private=True)], NOW)
    yield store
    store.close()


def clean(store: Store) -> None:
    for kind, name, version in store.publishing.dirty():
        store.publishing.clear_dirty(kind, name, version)


def test_what_waits_to_be_written_is_not_missing(store: Store, tmp_path: Path) -> None:
    assert published(store) == []
    assert missing([], tmp_path / "public", tmp_path / "private") == []


def test_every_feed_has_its_files_in_its_own_folder(store: Store, tmp_path: Path) -> None:
    clean(store)
    feeds = published(store)
    place = next(row.place for row in store.topics.all() if row.name == "own")
    assert {(one.kind, one.name, one.files[0], one.private) for one in feeds} == {
        ("topic", "all", "t/all.atom", False),
        ("topic", "own", f"t/{place}/own.atom", True),
        ("source", "courier", "s/courier.atom", False),
    }
    public, private = Folder(tmp_path / "public"), Folder(tmp_path / "private", secret=True)
    for one in feeds:
        (private if one.private else public).write_all(dict.fromkeys(one.files, b"<x/>"))
    public.write_all(dict.fromkeys(SITE, b"x"))
    assert missing(feeds, public.path, private.path) == []
    public.remove("t/all.rss")
    private.remove(f"t/{place}/own/index.html")
    public.remove("style.css")
    lost = missing(feeds, public.path, private.path)
    assert {one.feed.name if one.feed else "": one.names for one in lost} == {
        "all": ("t/all.rss",),
        "own": (f"t/{place}/own/index.html",),
        "": ("style.css",),
    }
    mark_lost(store, lost)
    assert {(kind, name) for kind, name, _ in store.publishing.dirty()} == {("topic", "all"), ("topic", "own")}


def test_an_archive_document_that_is_missing_is_written_again_alone(store: Store, tmp_path: Path) -> None:
    clean(store)
    feed = next(one for one in published(store) if one.name == "all").feed_id
    store.db.executemany("INSERT INTO archive(feed, number, followed, dirty) VALUES(?,?,0,0)", [(feed, 1), (feed, 2)])
    (one,) = [one for one in published(store) if one.name == "all"]
    assert one.archives == ((1, "t/all/archive-000001.atom"), (2, "t/all/archive-000002.atom"))
    mark_lost(store, [LostFiles(one, ("t/all/archive-000002.atom",))])
    assert store.db.execute("SELECT number FROM archive WHERE dirty=1").fetchone()[0] == 2
    assert store.archives.written_numbers() == {feed: [1]}
