"""Old records leave with whole archive documents; what stays published stays as it was, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from stories import record

from feeds import archives, edition
from feeds.model import Publisher, Topic
from feeds.store import Store, open_store, retention
from scrapers import Seed, Seen

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HOUSE = edition.House(Publisher("The copy desk", "https://desk.example"), entries=5)
TOPICS = (Topic("harbour", "The harbour"),)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(archives, "FULL", 7)
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sync_sources([Seed(name=n, home=f"https://{n}.example/") for n in ("courier", "island")], START)
    store.sync_topics(TOPICS, START)
    yield store
    store.close()


def add(store: Store, number: int, source: str = "courier") -> None:
    at = START + DAY * number
    one = record(number, source=source, published=at, first_seen=at)
    with store.writing():
        story = store.add_story(one, at)
        n = store.add_record(one, story, "", at)
        store.add_aliases(n, one)
        store.set_representative(story, n, "")
        store.file_topics(n, {"harbour": "everything"})
        store.keep_outcomes(source, [(one.key, Seen(one.url, "kept"), None)], at)
        store.soil(["harbour"], [source])


def publish(store: Store, public: Path) -> None:
    while (job := edition.next_edition(store, HOUSE, TOPICS)) is not None:
        edition.published(store, job, edition.print_edition(job, public, public.parent / "private"))


def files(public: Path) -> dict[str, bytes]:
    return {path.relative_to(public).as_posix(): path.read_bytes() for path in sorted(public.rglob("*.atom"))}


def expire(store: Store, public: Path, before: datetime) -> int:
    """How many records went."""
    retention.drop_documents(store, retention.old_documents(store.db, before))
    numbers = retention.old_records(store.db, before)
    retention.expire(store, numbers, START + DAY * 40)
    publish(store, public)
    return len(numbers)


def test_whole_documents_leave_and_the_others_stay_as_they_were(store: Store, tmp_path: Path) -> None:
    public = tmp_path / "public"
    for number in range(30):
        add(store, number)
        publish(store, public)
    before = files(public)
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
    assert old.key in store.past("courier", START + DAY * 40).known
    for number in range(30, 37):
        add(store, number)
    publish(store, public)
    assert "t/harbour/archive-000005.atom" in files(public)
    assert "t/harbour/archive-000001.atom" not in files(public)
    assert store.problems() == []
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
    assert store.problems() == []


def test_links_that_nobody_offers_any_more_are_let_go_of(store: Store) -> None:
    add(store, 0)
    with store.writing():
        store.keep_outcomes(
            "courier", [("courier.example/x", Seen("https://courier.example/x", "skipped"), None)], START
        )
    assert retention.forget_links(store.db, "courier", START + DAY * 119) == 0
    assert retention.forget_links(store.db, "courier", START + DAY * 121) == 2
