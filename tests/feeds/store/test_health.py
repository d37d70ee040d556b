"""Health and troubles in the store: facts are read, a trouble begins and ends once, each channel is told once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.app.daemon.health_checks import look, look_at_topics
from feeds.app.jobs.backups import daily_copy
from feeds.health.assess import Trouble
from feeds.model import Topic
from feeds.store import Afterwards, Store, open_store
from scrapers import Expect, Run, Seed, Seen
from tests.support.stores import Opener
from tests.support.stories import record

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
SEEDS = {name: Seed(name=name, home=f"https://{name}.example/") for name in ("courier", "island", "kueste")}
SILENT = Trouble("silent", "degraded", "nothing new", NOW)
UNRIPE = Trouble("visits", "failing", "no answer", NOW, ripe=False)


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    store = opener()
    store.sources.sync(SEEDS.values(), NOW - timedelta(days=30))
    store.topics.sync([Topic("harbour", "The harbour")], NOW)
    yield store
    store.close()


def fill(store: Store, hours: int, *, until: datetime = NOW) -> None:
    """A record of courier each hour up to `until`, all of them in the topic."""
    with store.transaction():
        for n in range(hours):
            at = until - timedelta(hours=hours - 1 - n)
            one = record(n, source="courier", published=at, first_seen=at)
            story = store.stories.add(one, at)
            number = store.records.add(one, story, "", at)
            store.stories.set_representative(story, number, "")
            store.topics.file_record(number, {"harbour": "everything"})
            store.outcomes.keep("courier", [(one.key, Seen(one.url, "kept", way="rss"), None)], at)


def visit(store: Store, at: datetime, *, state: str = "ok", fresh: int = 0, source: str = "courier") -> None:
    run = Run(source=source, started=at - timedelta(seconds=4), finished=at, links=20)
    failures = 0 if state == "ok" else 3
    after = Afterwards(at, state, "" if state == "ok" else "no answer", failures, 20.0, state == "ok", fresh, 0)
    with store.transaction():
        store.visits.finish(run, after)
        store.visits.log(run, after)


def test_the_facts_of_a_source(store: Store) -> None:
    fill(store, 48)
    visit(store, NOW, fresh=1)
    facts = store.health.facts("courier", NOW, 3.0)
    assert facts is not None
    assert len(facts.hours) == 48
    assert sum(count for _, count in facts.hours) == 48
    assert facts.newest[0].at == NOW
    assert facts.newest[0].fields == {"title", "date", "author", "picture", "text", "section"}
    assert facts.ways[0] == ("rss", NOW)
    assert facts.seconds == (4.0,)
    assert (facts.last_success, facts.last_new, facts.records_per_day) == (NOW, NOW, 3.0)
    assert store.health.facts("nobody", NOW) is None


def test_a_silent_source_is_found_once_and_recovers(store: Store) -> None:
    fill(store, 9 * 24)
    visit(store, NOW, fresh=1)
    assert look(store, SEEDS, NOW, patience=86400) == (1, False)
    assert look(store, SEEDS, NOW, patience=86400) == (0, False), "no visit, nothing to look at"
    later = NOW + timedelta(hours=13)
    visit(store, later)
    assert look(store, SEEDS, later, patience=86400) == (1, True)
    (trouble,) = store.troubles.all(only_open=True)
    assert (trouble.subject, trouble.kind, trouble.since) == ("source:courier", "silent", NOW)
    assert store.health.all()["courier"]["state"] == "degraded"
    # the next visits say the same, and then something comes again
    visit(store, later + timedelta(hours=1))
    assert look(store, SEEDS, later + timedelta(hours=1), patience=86400) == (1, False)
    # while visits fail, nothing is known about what they would have given
    visit(store, later + timedelta(hours=2), state="failing")
    assert look(store, SEEDS, later + timedelta(hours=2), patience=86400 * 9) == (1, False)
    assert store.health.all()["courier"]["state"] == "failing"
    end = later + timedelta(hours=3)
    visit(store, end, fresh=1)
    assert look(store, SEEDS, end, patience=86400) == (1, True)
    assert store.troubles.all(only_open=True) == []
    assert store.troubles.all()[0].closed == end
    assert store.health.all()["courier"]["state"] == "ok"


def test_a_changed_page_is_told_though_nobody_looked_when_it_was_degraded(store: Store) -> None:
    visit(store, NOW)
    for hours, state in ((1, "degraded"), (2, "degraded"), (3, "failing"), (4, "failing")):
        visit(store, NOW + timedelta(hours=hours), state=state)
    later = NOW + timedelta(hours=4)
    assert look(store, SEEDS, later, patience=86400) == (1, True)
    (trouble,) = store.troubles.all(only_open=True)
    assert (trouble.kind, trouble.state, trouble.since) == ("visits", "failing", NOW)


def test_a_site_that_does_not_answer_is_not_told_at_once(store: Store) -> None:
    visit(store, NOW)
    for hours in (1, 2, 3, 4):
        visit(store, NOW + timedelta(hours=hours), state="failing")
    assert look(store, SEEDS, NOW + timedelta(hours=4), patience=86400) == (1, False)


def test_the_seed_says_what_is_expected(store: Store) -> None:
    fill(store, 30)
    visit(store, NOW, fresh=1)
    seeds = {"courier": replace(SEEDS["courier"], expect=Expect(records_per_day=100))}
    assert look(store, seeds, NOW, patience=86400) == (1, True)
    assert store.troubles.all()[0].kind == "few"


def test_a_topic_that_grew_old(store: Store) -> None:
    fill(store, 9 * 24)
    visit(store, NOW, fresh=1)
    assert not look_at_topics(store, NOW)
    visit(store, NOW + timedelta(days=2))
    assert look_at_topics(store, NOW + timedelta(days=2))
    assert store.troubles.all()[0].subject == "topic:harbour"
    store.topics.sync([Topic("harbour", "The harbour", private=True)], NOW)
    assert not look_at_topics(store, NOW), "a private topic is not named"
    store.topics.sync([], NOW)
    assert store.troubles.close_orphans(NOW + timedelta(days=3))
    assert store.troubles.all(only_open=True) == []


def test_a_trouble_of_a_paused_source_is_over(store: Store) -> None:
    assert store.troubles.note("source:courier", [SILENT], NOW)
    assert not store.troubles.note("source:courier", [SILENT], NOW)
    assert not store.troubles.close_orphans(NOW)
    store.sources.set_paused("courier", True)
    assert store.troubles.close_orphans(NOW)
    assert not store.troubles.close_orphans(NOW)


def test_each_channel_is_told_once_of_begin_and_end(store: Store) -> None:
    assert not store.troubles.note("source:courier", [UNRIPE], NOW)
    store.troubles.note("source:courier", [SILENT], NOW)
    store.troubles.open_channel("mail", NOW)

    def due(channel: str) -> list[tuple[int, str]]:
        return [(trouble.n, what) for trouble, what in store.troubles.untold(channel)]

    assert due("mail") == [(1, "begin")]
    store.troubles.tell("mail", due("mail"), NOW)
    assert due("mail") == []
    store.troubles.note("source:courier", [], NOW + timedelta(hours=1), judged=lambda kind: kind != "silent")
    assert due("mail") == []
    store.troubles.note("source:courier", [], NOW + timedelta(hours=1))
    assert due("mail") == [(1, "end")]
    store.troubles.tell("mail", due("mail"), NOW)
    # a channel that comes later hears nothing of what is long over
    store.troubles.open_channel("webhook", NOW)
    assert due("webhook") == []
    store.troubles.note("source:courier", [SILENT], NOW + timedelta(hours=2))
    store.troubles.open_channel("webhook", NOW)
    assert due("webhook") == due("mail") == [(2, "begin")]


def test_a_copy_a_day_and_seven_stay(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    store = open_store(path, daemon=True)
    store.sources.sync(SEEDS.values(), NOW)
    store.topics.sync([Topic("harbour", "The harbour")], NOW)
    fill(store, 3)
    store.close()
    made = daily_copy(path, 7, NOW)
    assert made is not None
    assert daily_copy(path, 7, NOW + timedelta(hours=3)) is None
    copy = open_store(made)
    assert copy.records.count() == 3
    copy.close()
    for day in range(1, 12):
        daily_copy(path, 7, NOW + timedelta(days=day))
    names = sorted(path.name for path in (tmp_path / "backups").glob("*.db"))
    assert len(names) == 7
    assert names[-1] == "copydesk-2026-03-22.db"
    assert not list((tmp_path / "backups").glob("*.part"))
