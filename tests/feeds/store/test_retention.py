"""Old records leave with whole archive documents; what stays published stays as it was, byte for byte."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from feeds.app.application import open_application
from feeds.app.cli.main import main
from feeds.app.config.config import load
from feeds.app.daemon import expiry
from feeds.compose import archives
from feeds.model import Publisher, Topic
from feeds.publish import plan, write
from feeds.store import Lock, Store, open_store
from scrapers import Seed, Seen
from tests.support.stores import Opener
from tests.support.stories import record

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HOUSE = plan.PublishSettings(Publisher("The copy app", "https://desk.example"), entries=5)
TOPICS = (Topic("harbour", "The harbour"),)


@pytest.fixture
def store(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(archives, "FULL", 7)
    store = opener()
    store.sources.sync([Seed(name=n, home=f"https://{n}.example/") for n in ("courier", "island")], START)
    store.topics.sync(TOPICS, START)
    yield store
    store.close()


def add(store: Store, number: int, source: str = "courier") -> None:
    at = START + DAY * number
    one = record(number, source=source, published=at, first_seen=at)
    with store.transaction():
        story = store.stories.add(one, at)
        n = store.records.add(one, story, "", at)
        store.records.add_aliases(n, one)
        store.stories.set_representative(story, n, "")
        store.topics.file_record(n, {"harbour": "everything"})
        store.outcomes.keep(source, [(one.key, Seen(one.url, "kept"), None)], at)
        store.publishing.mark_dirty(["harbour"], [source])


def publish(store: Store, public: Path) -> None:
    while (job := plan.next_plan(store, HOUSE, TOPICS)) is not None:
        plan.mark_written(store, job, write.write_feed(job, public, public.parent / "private"))


def files(public: Path) -> dict[str, bytes]:
    return {path.relative_to(public).as_posix(): path.read_bytes() for path in sorted(public.rglob("*.atom"))}


def published(store: Store, public: Path, days: int, *, daily: bool) -> dict[str, bytes]:
    """The documents after so many days with a story each, published every day or once in the end."""
    for number in range(days):
        add(store, number)
        if daily:
            publish(store, public)
    publish(store, public)
    return files(public)


def expire(store: Store, public: Path, before: datetime) -> int:
    """How many records went."""
    store.retention.drop_documents(store.retention.old_documents(before))
    numbers = store.retention.old_records(before)
    store.retention.expire(numbers, START + DAY * 40)
    publish(store, public)
    return len(numbers)


def test_whole_documents_leave_and_the_others_stay_as_they_were(store: Store, tmp_path: Path) -> None:
    public = tmp_path / "public"
    before = published(store, public, 30, daily=True)
    assert "t/harbour/archive-000004.atom" in before
    # the third document holds days 14 to 20: nothing of it goes while one of them is young
    assert expire(store, public, START + DAY * 19) == 14
    after = files(public)
    gone = {f"{kind}/archive-{n:06}.atom" for kind in ("t/harbour", "s/courier") for n in (1, 2)}
    assert before.keys() - after.keys() == gone
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"t/harbour/archive-000003.atom", "s/courier/archive-000003.atom"}, "which named a document"
    third = feedparser.parse(after["t/harbour/archive-000003.atom"])
    assert [entry.id for entry in third.entries] == [
        entry.id for entry in feedparser.parse(before["t/harbour/archive-000003.atom"]).entries
    ]
    assert not any(link.rel == "prev-archive" for link in third.feed.links)
    # nothing brings them back, no number is given again, nothing is left behind
    old = record(3, source="courier")
    assert old.key in store.visits.past("courier", START + DAY * 40).known
    for number in range(30, 37):
        add(store, number)
    publish(store, public)
    assert "t/harbour/archive-000005.atom" in files(public)
    assert "t/harbour/archive-000001.atom" not in files(public)
    assert store.file.problems() == []
    assert expire(store, public, START + DAY * 19) == 0


def test_a_record_that_still_waits_in_a_quiet_feed_stays_there(store: Store, tmp_path: Path) -> None:
    public = tmp_path / "public"
    for number in range(15):
        add(store, number, "island" if number == 3 else "courier")
        publish(store, public)
    island = files(public)["s/island.atom"]
    # topic: 0–6 and 7–13 are closed; courier: 0–7 without 3, and 8–14; the only record of island waits in its feed
    assert expire(store, public, START + DAY * 14) == 7
    left = {row[0] for row in store.db.execute("SELECT first_seen FROM record")}
    assert left == {int((START + DAY * number).timestamp()) for number in (3, *range(8, 15))}
    after = files(public)
    assert after["s/island.atom"] == island
    assert [name for name in after if "archive" in name] == ["s/courier/archive-000002.atom"]
    # what lost its document in the topic does not come back to the top of it
    assert b'/news/14"' in after["t/harbour.atom"]
    assert b'/news/3"' not in after["t/harbour.atom"]
    assert store.file.problems() == []


def test_links_that_nobody_offers_any_more_are_let_go_of(store: Store) -> None:
    add(store, 0)
    with store.transaction():
        store.outcomes.keep(
            "courier", [("courier.example/x", Seen("https://courier.example/x", "skipped"), None)], START
        )
    assert store.retention.forget_links("courier", START + DAY * 119) == 0
    assert store.retention.forget_links("courier", START + DAY * 121) == 2


def test_the_archive_of_a_feed_holds_so_many_entries_and_the_oldest_documents_go(store: Store, tmp_path: Path) -> None:
    public = tmp_path / "public"
    before = published(store, public, 30, daily=False)
    # four documents of seven: with two whole ones after it, the second is beyond the newest fourteen
    surplus = store.retention.surplus_documents(14)
    numbers = {tuple(row) for row in store.db.execute("SELECT n, number FROM archive")}
    assert {number for n, number in numbers if n in surplus} == {1, 2}
    assert store.retention.surplus_documents(15) == [n for n in surplus if (n, 1) in numbers]
    store.retention.drop_documents(surplus)
    late = START + DAY * 60
    gone = store.retention.old_records(late, quarantined=False)
    assert len(gone) == 14
    store.retention.expire(gone, late)
    publish(store, public)
    after = files(public)
    assert before.keys() - after.keys() == {
        f"{kind}/archive-{n:06}.atom" for kind in ("t/harbour", "s/courier") for n in (1, 2)
    }
    assert store.retention.surplus_documents(14) == []
    assert store.retention.old_records(late, quarantined=False) == [], "what waits or is archived stays"
    store.records.quarantine(store.db.execute("SELECT max(n) FROM record").fetchone()[0], "broken")
    assert store.retention.old_records(late, quarantined=False) == []
    assert len(store.retention.old_records(late)) == 1
    assert store.file.problems() == []


def test_the_file_shrinks_when_much_has_gone_and_the_rest_stays_whole(tmp_path: Path) -> None:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    try:
        assert not any("vacuum" in line for line in store.file.warnings())
        with store.transaction():
            for number in range(300):
                store.meta.put(f"ballast {number}", "x" * 20_000)
        store.file.empty_log()
        grown = (tmp_path / "copydesk.db").stat().st_size
        assert not store.file.shrink(), "nothing is free"
        store.db.execute("DELETE FROM meta WHERE name GLOB 'ballast *'")
        steps = 1
        while store.file.shrink():
            steps += 1
        store.file.empty_log()
        assert 3 < steps < 10, "a little at a time"
        assert (tmp_path / "copydesk.db").stat().st_size < grown / 5
        assert store.file.problems() == []
    finally:
        store.close()


def test_a_long_log_is_written_back_and_never_waits_for_a_reader(tmp_path: Path) -> None:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    reader = open_store(tmp_path / "copydesk.db")
    log = tmp_path / "copydesk.db-wal"
    try:
        reader.db.execute("BEGIN")
        reader.db.execute("SELECT count(*) FROM meta").fetchall()
        with store.transaction():
            for number in range(100):
                store.meta.put(f"ballast {number}", "x" * 20_000)
        assert log.stat().st_size > 1_000_000
        assert store.file.empty_log(10_000_000), "short enough"
        assert not store.file.empty_log(1_000_000), "somebody reads"
        assert log.stat().st_size > 1_000_000
        reader.db.execute("COMMIT")
        assert store.file.empty_log(1_000_000)
        assert log.stat().st_size == 0
        assert store.db.execute("PRAGMA busy_timeout").fetchone()[0] == 10_000
    finally:
        reader.close()
        store.close()


def test_a_store_of_an_earlier_version_shrinks_after_one_vacuum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('contact = "mailto:desk@example.org"\n[store]\nurl = "sqlite:copydesk.db"\n')
    path = tmp_path / "copydesk.db"
    assert main(["--config", str(config), "--quiet", "vacuum"]) == 2, "there is none yet"
    old = sqlite3.connect(path)
    old.execute("PRAGMA journal_mode=WAL")
    old.execute("CREATE TABLE ballast(x TEXT)")
    old.executemany("INSERT INTO ballast VALUES(?)", [("x" * 20_000,)] * 300)
    old.commit()
    old.execute("DROP TABLE ballast")
    old.commit()
    old.close()
    before = path.stat().st_size
    store = open_store(path, daemon=True)
    store.meta.put("kept", "yes")
    assert not store.file.shrink()
    assert any("copydesk vacuum" in line for line in store.file.warnings())
    store.close()
    lock = Lock(path)
    lock.take()
    assert main(["--config", str(config), "--quiet", "vacuum"]) == 4, "a daemon runs"
    lock.release()
    assert main(["--config", str(config), "--quiet", "vacuum"]) == 0
    assert "MB now" in capsys.readouterr().out
    assert path.stat().st_size < before / 5
    store = open_store(path)
    try:
        assert store.meta.get("kept") == "yes"
        assert not any("vacuum" in line for line in store.file.warnings())
        assert store.file.problems() == []
    finally:
        store.close()


def test_the_daily_round_lets_go_of_what_is_too_many_and_shrinks_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "FULL", 7)
    (tmp_path / "config.toml").write_text(
        'contact = "mailto:desk@example.org"\n[store]\nurl = "sqlite:copydesk.db"\nkeep = 0\nkeep_entries = 1000\n'
        '[publish]\nfolder = "public"\nentries = 5\n[[topics]]\nname = "harbour"\n'
    )
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/courier.toml").write_text('home = "https://courier.example/"\n')
    config = load(tmp_path / "config.toml")
    config = replace(config, store=replace(config.store, keep_entries=14))
    object.__setattr__(config, "folder", tmp_path)

    async def day() -> tuple[int, int, list[str], list[str]]:
        async with open_application(config, daemon=True, clock=lambda: START + DAY * 60, workers=1) as app:
            for number in range(30):
                await app.thread.call(add, app.thread.store, number)
            await app.publisher.publish()
            before = await app.thread.call(app.thread.store.records.count)
            with_all = sorted(files(config.public))
            gone = await expiry.expire(app)
            assert gone == 4 + 14, "two documents of the topic and of its source, and what was in them"
            assert await expiry.expire(app) == 0
            await app.publisher.publish()
            after = await app.thread.call(app.thread.store.records.count)
            assert not await app.thread.call(app.thread.store.file.shrink)
        return before, after, with_all, sorted(files(config.public))

    before, after, with_all, left = asyncio.run(day())
    assert (before, after) == (30, 16)
    assert set(with_all) - set(left) == {
        f"{kind}/archive-{n:06}.atom" for kind in ("t/harbour", "s/courier") for n in (1, 2)
    }
