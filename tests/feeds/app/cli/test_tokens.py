"""Tokens of private topics: made and revoked by command, kept as hashes, taken over from older stores."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.app.cli.main import main
from feeds.compose import archives
from feeds.model import Publisher, Topic
from feeds.publish import plan, write
from feeds.publish.atomic_files import Folder
from feeds.publish.feed_reader import PublishSettings
from feeds.store import Store, open_store
from feeds.store.database.migrations import migrations, statements
from feeds.store.tables.tokens import token_digest
from scrapers import Seed
from tests.support.stories import record

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOUSE = PublishSettings(Publisher("The copy desk", "https://desk.example"), entries=3)
PRIVATE = Topic("mine", "Mine", private=True)
OLD = "the-word-that-was-in-the-path-00"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(archives, "FULL", 4)
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sources.sync([Seed(name="courier", home="https://courier.example/")], NOW)
    yield store
    store.close()


def fill(store: Store, topic: str, count: int) -> None:
    for number in range(count):
        at = NOW + timedelta(hours=number)
        one = record(number, source="courier", published=at, first_seen=at)
        with store.transaction():
            story = store.stories.add(one, at)
            n = store.records.add(one, story, "", at)
            store.stories.set_representative(story, n, "")
            store.topics.file_record(n, {topic: "everything"})
            store.publishing.mark_dirty([topic], [])


def publish(store: Store, topics: tuple[Topic, ...], place: Path) -> None:
    while (job := plan.next_plan(store, HOUSE, topics)) is not None:
        plan.mark_written(store, job, write.write_feed(job, place / "public", place / "private"))


def names(folder: Path) -> list[str]:
    return [name for name in Folder(folder).names() if name.startswith("t/")] if folder.exists() else []


def test_each_reader_has_a_token_that_is_kept_as_its_hash_alone(store: Store, tmp_path: Path) -> None:
    store.topics.sync((PRIVATE,), NOW)
    with store.transaction():
        assert store.tokens.add("mine", "radio", token_digest(OLD), NOW)
        assert store.tokens.add("mine", "phone", token_digest("another"), NOW)
        assert not store.tokens.add("mine", "radio", token_digest("third"), NOW), "a name is given once"
    assert [(one.name, one.digest == token_digest(OLD)) for one in store.tokens.all()] == [
        ("phone", False),
        ("radio", True),
    ]
    assert OLD.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("copydesk.db*"))
    with store.transaction():
        assert store.tokens.revoke("mine", "tablet") == 0
        assert store.tokens.revoke("mine", "radio") == 1
    assert [one.name for one in store.tokens.all()] == ["phone"]
    with store.transaction():
        assert store.tokens.revoke("mine") == 1


def test_tokens_move_with_a_renamed_topic(store: Store) -> None:
    store.topics.sync((PRIVATE,), NOW)
    with store.transaction():
        store.tokens.add("mine", "radio", token_digest(OLD), NOW)
    store.topics.sync((replace(PRIVATE, name="ours", was="mine"),), NOW)
    assert [one.topic for one in store.tokens.all()] == ["ours"]


def test_an_older_store_keeps_its_addresses_and_forgets_their_words(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    old = sqlite3.connect(path, isolation_level=None)
    for number, sql in migrations():
        if number < 10:
            for statement in statements(sql):
                old.execute(statement)
            old.execute(f"PRAGMA user_version={number}")
    row = "INSERT INTO topic(name, feed_id, settings, position, added, token, dirty) VALUES(?,?,'{}',0,?,?,0)"
    old.execute(row, ("mine", "urn:uuid:1", 1_700_000_000, OLD))
    old.execute(row, ("open", "urn:uuid:2", 1_700_000_000, None))
    old.execute("INSERT INTO archive(feed, number, followed, dirty) VALUES('urn:uuid:1', 1, 0, 0)")
    old.close()
    store = open_store(path, daemon=True)
    try:
        (first,) = store.tokens.all()
        assert (first.topic, first.name, first.digest) == ("mine", "first", token_digest(OLD))
        places = {row.name: row.place for row in store.topics.all()}
        assert places["open"] is None
        assert places["mine"] not in (None, OLD)
        assert [name for _, name, _ in store.publishing.dirty()] == ["mine"], "its documents are written anew"
        assert store.db.execute("SELECT dirty FROM archive").fetchone()[0] == 1
    finally:
        store.close()
    assert OLD.encode() not in path.read_bytes()


def test_private_documents_lie_apart_and_only_their_owner_may_look(store: Store, tmp_path: Path) -> None:
    store.topics.sync((PRIVATE,), NOW)
    fill(store, "mine", 9)
    publish(store, (PRIVATE,), tmp_path)
    place = store.topics.all()[0].place
    assert names(tmp_path / "public") == []
    private = names(tmp_path / "private")
    assert f"t/{place}/mine/archive-000001.atom" in private
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o700
    for name in private:
        assert (tmp_path / "private" / name).stat().st_mode & 0o777 == 0o600
        assert f"https://desk.example/t/{place}/mine".encode() in (tmp_path / "private" / name).read_bytes()


def test_a_topic_that_becomes_private_leaves_the_public_folder_and_comes_back(store: Store, tmp_path: Path) -> None:
    public = replace(PRIVATE, private=False)
    store.topics.sync((public,), NOW)
    fill(store, "mine", 9)
    publish(store, (public,), tmp_path)
    before = names(tmp_path / "public")
    assert "t/mine/archive-000001.atom" in before
    store.topics.sync((PRIVATE,), NOW)
    publish(store, (PRIVATE,), tmp_path)
    assert names(tmp_path / "public") == []
    place = store.topics.all()[0].place
    assert names(tmp_path / "private") == [name.replace("t/", f"t/{place}/") for name in before]
    renamed = replace(PRIVATE, name="ours", was="mine")
    store.topics.sync((renamed,), NOW)
    publish(store, (renamed,), tmp_path)
    assert {name.split("/")[2].partition(".")[0] for name in names(tmp_path / "private")} == {"ours"}
    store.topics.sync((replace(renamed, private=False),), NOW)
    publish(store, (replace(renamed, private=False),), tmp_path)
    assert names(tmp_path / "private") == []
    assert names(tmp_path / "public") == [name.replace("mine", "ours") for name in before]


def test_what_an_earlier_version_kept_in_the_public_folder_goes(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "public")
    for name in (f"t/{OLD}/mine.atom", f"t/{OLD}/mine/index.html", f"t/{OLD}/mine/archive-000001.atom"):
        folder.write(name, b"x" * 2000)
    kept = ["t/harbour.atom", "t/harbour/archive-000001.atom", "t/harbour/index.html", "t/young/archive-000001.atom"]
    for name in kept:
        folder.write(name, b"x" * 2000)
    write.clean_folders(tmp_path / "public", tmp_path / "private")
    assert sorted(folder.names()) == sorted(kept)
    assert not (tmp_path / "public" / "t" / OLD).exists()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(
        'contact = "mailto:desk@example.org"\n[[topics]]\nname = "open"\n[[topics]]\nname = "mine"\nprivate = true\n'
    )
    (tmp_path / "seeds").mkdir()
    return path


def copydesk(config: Path, *arguments: str) -> int:
    return main(["--config", str(config), "--quiet", *arguments])


def test_tokens_by_command(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert copydesk(config, "token", "add", "mine") == 2
    assert "copydesk publish" in capsys.readouterr().err
    assert copydesk(config, "publish") == 0
    assert copydesk(config, "check") == 0
    assert "copydesk token add mine" in capsys.readouterr().err
    assert copydesk(config, "token", "add", "open") == 2
    assert copydesk(config, "token", "add", "nothing") == 2
    assert "known: mine" in capsys.readouterr().err
    assert copydesk(config, "token", "add", "mine", "--name", "a b") == 2
    capsys.readouterr()
    assert copydesk(config, "token", "add", "mine", "--name", "radio") == 0
    address = capsys.readouterr().out.strip()
    token = address.removeprefix("http://127.0.0.1:8484/t/").removesuffix("/mine.atom")
    assert len(token) == 32
    assert copydesk(config, "token", "add", "mine", "--name", "radio") == 2
    assert copydesk(config, "token", "add", "mine", "--name=phone") == 0
    capsys.readouterr()
    assert copydesk(config, "token", "list", "--json") == 0
    listed = capsys.readouterr().out
    assert [(one["topic"], one["name"]) for one in json.loads(listed)] == [("mine", "phone"), ("mine", "radio")]
    assert token not in listed
    assert copydesk(config, "check") == 0
    assert "copydesk token add mine" not in capsys.readouterr().err
    assert copydesk(config, "token", "revoke", "mine") == 2
    assert copydesk(config, "token", "revoke", "mine", "tablet") == 2
    assert copydesk(config, "token", "revoke", "mine", "radio") == 0
    assert copydesk(config, "token", "revoke", "mine", "--all") == 0
    assert copydesk(config, "token", "list") == 0
    assert "radio" not in capsys.readouterr().out
    for path in config.parent.rglob("*"):
        assert not path.is_file() or token.encode() not in path.read_bytes(), path
