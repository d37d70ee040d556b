"""Health and troubles in the store: facts are read, a trouble begins and ends once, each channel is told once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from stories import record

from feeds.app.tending import daily_copy, look, look_at_topics
from feeds.health import Trouble
from feeds.model import Topic
from feeds.store import Afterwards, Store, open_store
from scrapers import Expect, Run, Seed, Seen

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
SEEDS = {name: Seed(name=name, home=f"https://{name}.example/") for name in ("courier", "island", "kueste")}
SILENT = Trouble("silent", "degraded", "nothing new", NOW)
UNRIPE = Trouble("visits", "failing", "no answer", NOW, ripe=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sync_sources(SEEDS.values(), NOW - timedelta(days=30))
    store.sync_topics([Topic("harbour", "The harbour")], NOW)
    yield store
    store.close()


def fill(store: Store, hours: int, *, until: datetime = NOW) -> None:
    """A record of courier each hour up to `until`, all of them in the topic."""
    with store.writing():
        for n in range(hours):
            at = until - timedelta(hours=hours - 1 - n)
            one = record(n, source="courier", published=at, first_seen=at)
            story = store.add_story(one, at)
            number = store.add_record(one, story, "", at)
            store.set_representative(story, number, "")
            store.file_topics(number, {"harbour": "everything"})
            store.keep_outcomes("courier", [(one.key, Seen(one.url, "kept", way="rss"), None)], at)


def visit(store: Store, at: datetime, *, state: str = "ok", fresh: int = 0, source: str = "courier") -> None:
    run = Run(source=source, started=at - timedelta(seconds=4), finished=at, links=20)
    failures = 0 if state == "ok" else 3
    after = Afterwards(at, state, "" if state == "ok" else "no answer", failures, 20.0, state == "ok", fresh, 0)
    with store.writing():
        store.finish_visit(run, after)
        store.log_visit(run, after)


def test_the_facts_of_a_source(store: Store) -> None:
    fill(store, 48)
    visit(store, NOW, fresh=1)
    facts = store.facts("courier", NOW, 3.0)
    assert facts is not None
    assert len(facts.hours) == 48
    assert sum(count for _, count in facts.hours) == 48
    assert facts.newest[0].at == NOW
    assert facts.newest[0].fields == {"title", "date", "author", "picture", "text", "section"}
    assert facts.ways[0] == ("rss", NOW)
    assert facts.seconds == (4.0,)
    assert (facts.last_success, facts.last_new, facts.records_per_day) == (NOW, NOW, 3.0)
    assert store.facts("nobody", NOW) is None


def test_a_silent_source_is_found_once_and_recovers(store: Store) -> None:
    fill(store, 9 * 24)
    visit(store, NOW, fresh=1)
    assert look(store, SEEDS, NOW, patience=86400) == (1, False)
    assert look(store, SEEDS, NOW, patience=86400) == (0, False), "no visit, nothing to look at"
    later = NOW + timedelta(hours=13)
    visit(store, later)
    assert look(store, SEEDS, later, patience=86400) == (1, True)
    (trouble,) = store.troubles(only_open=True)
    assert (trouble.subject, trouble.kind, trouble.since) == ("source:courier", "silent", NOW)
    assert store.healths()["courier"]["state"] == "degraded"
    # the next visits say the same, and then something comes again
    visit(store, later + timedelta(hours=1))
    assert look(store, SEEDS, later + timedelta(hours=1), patience=86400) == (1, False)
    # while visits fail, nothing is known about what they would have given
    visit(store, later + timedelta(hours=2), state="failing")
    assert look(store, SEEDS, later + timedelta(hours=2), patience=86400 * 9) == (1, False)
    assert store.healths()["courier"]["state"] == "failing"
    end = later + timedelta(hours=3)
    visit(store, end, fresh=1)
    assert look(store, SEEDS, end, patience=86400) == (1, True)
    assert store.troubles(only_open=True) == []
    assert store.troubles()[0].closed == end
    assert store.healths()["courier"]["state"] == "ok"


def test_the_seed_says_what_is_expected(store: Store) -> None:
    fill(store, 30)
    visit(store, NOW, fresh=1)
    seeds = {"courier": replace(SEEDS["courier"], expect=Expect(records_per_day=100))}
    assert look(store, seeds, NOW, patience=86400) == (1, True)
    assert store.troubles()[0].kind == "few"


def test_a_topic_that_grew_old(store: Store) -> None:
    fill(store, 9 * 24)
    visit(store, NOW, fresh=1)
    assert not look_at_topics(store, NOW)
    visit(store, NOW + timedelta(days=2))
    assert look_at_topics(store, NOW + timedelta(days=2))
    assert store.troubles()[0].subject == "topic:harbour"
    store.sync_topics([Topic("harbour", "The harbour", private=True)], NOW)
    assert not look_at_topics(store, NOW), "a private topic is not named"
    store.sync_topics([], NOW)
    assert store.close_orphans(NOW + timedelta(days=3))
    assert store.troubles(only_open=True) == []


def test_a_trouble_of_a_paused_source_is_over(store: Store) -> None:
    assert store.note_troubles("source:courier", [SILENT], NOW)
    assert not store.note_troubles("source:courier", [SILENT], NOW)
    assert not store.close_orphans(NOW)
    store.set_paused("courier", True)
    assert store.close_orphans(NOW)
    assert not store.close_orphans(NOW)


def test_each_channel_is_told_once_of_begin_and_end(store: Store) -> None:
    assert not store.note_troubles("source:courier", [UNRIPE], NOW)
    store.note_troubles("source:courier", [SILENT], NOW)
    store.open_channel("mail", NOW)

    def due(channel: str) -> list[tuple[int, str]]:
        return [(trouble.n, what) for trouble, what in store.untold(channel)]

    assert due("mail") == [(1, "begin")]
    store.tell("mail", due("mail"), NOW)
    assert due("mail") == []
    store.note_troubles("source:courier", [], NOW + timedelta(hours=1), judged=lambda kind: kind != "silent")
    assert due("mail") == []
    store.note_troubles("source:courier", [], NOW + timedelta(hours=1))
    assert due("mail") == [(1, "end")]
    store.tell("mail", due("mail"), NOW)
    # a channel that comes later hears nothing of what is long over
    store.open_channel("webhook", NOW)
    assert due("webhook") == []
    store.note_troubles("source:courier", [SILENT], NOW + timedelta(hours=2))
    store.open_channel("webhook", NOW)
    assert due("webhook") == due("mail") == [(2, "begin")]


def test_a_copy_a_day_and_seven_stay(store: Store, tmp_path: Path) -> None:
    fill(store, 3)
    made = daily_copy(store.path, 7, NOW)
    assert made is not None
    assert daily_copy(store.path, 7, NOW + timedelta(hours=3)) is None
    copy = open_store(made)
    assert copy.count_records() == 3
    copy.close()
    for day in range(1, 12):
        daily_copy(store.path, 7, NOW + timedelta(days=day))
    names = sorted(path.name for path in (tmp_path / "backups").glob("*.db"))
    assert len(names) == 7
    assert names[-1] == "copydesk-2026-03-22.db"
    assert not list((tmp_path / "backups").glob("*.part"))
