"""A store that is lost comes back from the published folder, an old copy is completed from it: ids and dates stay."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import feedparser
import pytest

from feeds.app.cli.main import main
from feeds.app.demo.newsroom import Newsroom
from feeds.compose import archives
from feeds.recovery.read_published import lines, read
from feeds.recovery.rebuild import rebuild
from feeds.store import Lock, open_store
from scrapers import feed_id

pytestmark = pytest.mark.usefixtures("read_inside")

PRIVATE = '\n[[topics]]\nname = "secret"\nprivate = true\n'
Seen = dict[str, tuple[str, str, str]]


@cache
def shown(document: bytes) -> tuple[str, Seen]:
    """The id of a feed, and what a reader has of it: most documents stay as they were, and reading one is dear."""
    feed = feedparser.parse(document)
    return feed.feed.id, {e.id: (e.link, e.published, e.updated) for e in feed.entries}


class House:
    """An installation over the sample sites that is driven by hand."""

    def __init__(self, folder: Path, room: Newsroom) -> None:
        self.room = room
        self.config = folder / "config.toml"
        self.store = folder / "copydesk.db"
        self.public = folder / "public"

    def __call__(self, *arguments: str) -> int:
        return main(["--config", str(self.config), "--quiet", *arguments])

    def visit(self) -> None:
        """All sources, whether they are due or not."""
        store = open_store(self.store)
        store.db.execute("UPDATE source SET due=0")
        store.close()
        assert self("run", "--once") in (0, 6)  # a site of the script may be away

    def seen(self) -> dict[str, Seen]:
        """What a reader has of each feed: id → link, published, updated."""
        found: dict[str, Seen] = {}
        folders = self.public, self.store.parent / "private"
        for path in sorted(path for folder in folders for path in folder.rglob("*.atom")):
            if "_health" in path.name:
                continue
            name = path.relative_to(self.store.parent).as_posix()
            feed, entries = shown(path.read_bytes())
            found[f"{name} {feed}"] = dict(entries)
        return found

    def lose(self) -> None:
        """The store is gone."""
        for suffix in ("", "-wal", "-shm"):
            self.store.with_name(self.store.name + suffix).unlink(missing_ok=True)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    now = datetime.now(UTC)
    with Newsroom(tmp_path_factory.mktemp("room"), now=now - timedelta(hours=3), speed=None) as room:
        yield room


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory, room: Newsroom) -> Path:
    """The folder of an installation after its first round, to be copied."""
    folder = tmp_path_factory.mktemp("visited")
    room.seeds(folder / "seeds", every="10s")
    (folder / "config.toml").write_text(room.config_toml(listen="127.0.0.1:8484") + PRIVATE, encoding="utf-8")
    room.advance(room.length / 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archives, "FULL", 7)
        House(folder, room)("run", "--once")
    return folder


@pytest.fixture
def house(visited: Path, room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(archives, "FULL", 7)
    shutil.copytree(visited, tmp_path, dirs_exist_ok=True)
    room._turned = 0.0  # whatever another test made of it
    room.advance(room.length / 3)
    return House(tmp_path, room)


def merged(feeds: dict[str, Seen]) -> dict[str, Seen]:
    """The entries of each feed over its documents, by the feed's id."""
    found: dict[str, Seen] = {}
    for name, entries in feeds.items():
        found.setdefault(name.split(" ")[1], {}).update(entries)
    return found


def test_a_lost_store_comes_back_with_ids_dates_stories_and_archives(house: House) -> None:
    before = house.seen()
    assert any("archive-" in name for name in before)
    assert any("secret.atom" in name for name in before)
    house.lose()
    assert house("rebuild", "--from-feeds") == 0
    house.visit()
    assert merged(house.seen()) == merged(before)
    assert house.seen().keys() == before.keys(), "archives keep their numbers"
    store = open_store(house.store)
    try:
        assert store.file.problems() == []
        assert store.records.count() == len({i for name, feed in before.items() if "/s/" in name for i in feed})
    finally:
        store.close()
    # a second time changes nothing
    assert house("rebuild", "--from-feeds") == 0
    house.visit()
    assert merged(house.seen()) == merged(before)


def test_a_damaged_store_is_kept_and_rebuilt(house: House) -> None:
    before = merged(house.seen())
    house.lose()
    house.store.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)
    assert house("status") == 5
    assert house("rebuild", "--from-feeds") == 0
    (kept,) = house.store.parent.glob("copydesk.db.replaced-*")
    assert kept.stat().st_size == 16 + 256 * 40
    house.visit()
    assert merged(house.seen()) == before


def test_a_restored_copy_is_completed_from_the_folder(house: House, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert house("backup", str(copy)) == 0
    house.room.advance(house.room.length)
    house.visit()
    before = merged(house.seen())
    old = open_store(copy)
    count = old.records.count()
    old.close()
    assert house("restore", str(copy)) == 0
    store = open_store(house.store)
    try:
        assert store.records.count() > count
    finally:
        store.close()
    house.visit()
    after = merged(house.seen())
    for feed, entries in before.items():
        for identity, (link, published, updated) in entries.items():
            assert after[feed][identity][1] == published, link
            assert after[feed][identity][2] <= updated, link
        assert set(after[feed]) == set(entries), "nothing is announced again"


def test_restore_refuses_what_is_no_store_and_a_running_daemon(house: House, tmp_path: Path) -> None:
    before = house.store.read_bytes()
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"no database at all, but long enough to look like one" * 100)
    assert house("restore", str(bad)) == 5
    assert house("restore", str(tmp_path / "missing.db")) == 5
    assert house.store.read_bytes() == before
    good = tmp_path / "good.db"
    assert house("backup", str(good)) == 0
    lock = Lock(house.store)
    lock.take()
    try:
        assert house("restore", str(good)) == 4
        assert house("rebuild", "--from-feeds") == 4
    finally:
        lock.release()
    assert not list(house.store.parent.glob("*.restoring*"))
    shutil.rmtree(house.public)
    assert house("rebuild", "--from-feeds") == 2


def test_restore_refuses_foreign_files_before_anything_moves(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = house.store.read_bytes()
    good = tmp_path / "good.db"
    assert house("backup", str(good)) == 0
    (tmp_path / "empty.db").write_bytes(b"")
    with contextlib.closing(sqlite3.connect(tmp_path / "foreign.db")) as db:
        db.execute("CREATE TABLE record(n)")
        db.commit()
    shutil.copyfile(good, tmp_path / "trigger.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "trigger.db")) as db:
        db.execute("CREATE TRIGGER odd AFTER INSERT ON record BEGIN DELETE FROM source; END")
        db.commit()
    shutil.copyfile(good, tmp_path / "newer.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "newer.db")) as db:
        db.execute("PRAGMA user_version=9999")
    for name, why in (
        ("empty", "is empty"),
        ("foreign", "is no store of copydesk"),
        ("trigger", "has a trigger 'odd' that copydesk did not make"),
        ("newer", "was written by a newer copydesk"),
    ):
        capsys.readouterr()
        assert house("restore", str(tmp_path / f"{name}.db")) == 5
        assert why in " ".join(capsys.readouterr().err.split())
        assert house.store.read_bytes() == before
    assert not [path for path in house.store.parent.iterdir() if "restoring" in path.name or "replaced" in path.name]


def test_what_was_forgotten_stays_so_when_an_older_copy_is_restored(house: House, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert house("backup", str(copy)) == 0
    store = open_store(house.store, daemon=True)
    stored = store.records.get(1)
    store.close()
    assert stored is not None
    assert house("forget", stored.record.url) == 0
    assert house("restore", str(copy)) == 0
    store = open_store(house.store, daemon=True)
    try:
        assert store.records.by_id(stored.record.id) is None
        assert store.forgotten.is_forgotten([stored.record.key])
    finally:
        store.close()


def test_a_lost_folder_is_written_anew_byte_for_byte(house: House) -> None:
    def files() -> dict[str, bytes]:
        found = house.public.rglob("*.atom")
        return {str(path.relative_to(house.public)): path.read_bytes() for path in found if path.stem != "_health"}

    before = files()
    shutil.rmtree(house.public)
    store = open_store(house.store)
    store.db.execute("UPDATE source SET due=due+1e9")
    store.close()
    assert house("run", "--once") == 0
    assert files() == before
    assert b"published files were missing" in (house.public / "t/_health.atom").read_bytes()


def test_rounds_alone_have_health_copies_and_retention_too(house: House) -> None:
    assert (house.public / "t/_health.atom").exists()
    assert len(list((house.store.parent / "backups").glob("copydesk-*.db"))) == 1
    store = open_store(house.store)
    try:
        assert store.meta.get("expired") is not None
        assert len(store.health.all()) == len(store.sources.all(datetime.now(UTC)))
    finally:
        store.close()


def test_a_document_is_read_back(house: House) -> None:
    path = next(path for path in sorted((house.public / "s").glob("*.atom")))
    document = read(path.read_bytes())
    assert document.entries
    assert {told.source for told in document.entries} == {path.stem}
    assert all(told.text and told.html and told.url.startswith("http") for told in document.entries)


def test_the_lines_of_a_body() -> None:
    body = (
        "<figure><img src='x'><figcaption><p>No text</p></figcaption></figure>"
        "<p>One <b>two</b>\n three</p><ul><li><p>Four</p></li><li>Five</li></ul>"
    )
    assert lines(body) == "One two three\nFour\nFive"
    assert lines("") == ""


def test_sources_that_nobody_follows_come_back_from_topics_and_deep_folders_are_not_read(house: House) -> None:
    before = house.seen()
    (ids,) = [feed for name, feed in before.items() if "/s/wendale-post.atom" in name]
    house.lose()
    shutil.rmtree(house.public / "s")
    deep = house.public / "t/one/two"
    deep.mkdir(parents=True)
    (deep / "odd.atom").write_text("<feed>")
    for seed in (house.config.parent / "seeds").glob("*.toml"):
        seed.unlink()
    steps: list[tuple[str, int, int]] = []
    with contextlib.closing(open_store(house.store, daemon=True)) as store:
        done = rebuild(
            store,
            house.public,
            house.store.parent / "private",
            (),
            (),
            now=datetime.now(UTC),
            progress=lambda *step: steps.append(step),
        )
        assert done.unreadable == []
        assert steps[0] == ("reading the published feeds", 0, 0)
        known = {one.name for one in store.sources.labels()}
        assert {"wendale-post", "tarnmouth-star"} <= known
        source = store.sources.get("wendale-post")
        assert source is not None and source.feed_id == feed_id("source:wendale-post")
        assert store.records.by_id(next(iter(ids))) is not None
