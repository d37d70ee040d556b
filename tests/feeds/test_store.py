"""What every store has to do: one suite, parametrised by the ways to open one."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.errors import StoreInUse, StoreUnusable
from feeds.model import Topic
from feeds.store import Afterwards, Lock, Store, open_store
from feeds.store.sqlite import migrations, statements
from scrapers import Failure, Front, HostPace, Image, Record, Run, Seed, Seen, record_id

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Opener = Callable[[], Store]


@pytest.fixture(params=["sqlite"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    return {"sqlite": lambda: open_store(tmp_path / "copydesk.db", daemon=True)}[request.param]


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    store = opener()
    store.sync_sources([seed("courier"), seed("herald")], NOW)
    yield store
    store.close()


def seed(name: str) -> Seed:
    return Seed(name=name, home=f"https://{name}.example/")


def record(slug: str, source: str = "courier", *, published: datetime = NOW, text: str = "First.\nSecond.") -> Record:
    key = f"{source}.example/{slug}"
    return Record(
        id=record_id(key),
        key=key,
        url=f"https://{key}",
        source=source,
        title=f"About {slug}",
        text=text,
        html="".join(f"<p>{line}</p>" for line in text.split("\n")),
        published=published,
        first_seen=NOW,
        authors=("Ada Example",),
        tags=("harbour", "flood"),
        language="en",
        image=Image(url=f"https://{source}.example/{slug}.jpg", caption="The quay"),
        aliases=(key, f"{source}.example/amp/{slug}"),
        fingerprint=f"fp-{text}",
        witnesses={"title": "jsonld"},
    )


def add(store: Store, one: Record, *topics: str) -> int:
    with store.writing():
        story = store.add_story(one, NOW)
        n = store.add_record(one, story, "first of its story", NOW)
        store.set_representative(story, n, "the only member")
        store.file_topics(n, dict.fromkeys(topics, "a word"))
    return n


def test_a_record_comes_back_as_it_was(store: Store) -> None:
    one = record("quay")
    n = add(store, one)
    stored = store.stored(n)
    assert stored is not None
    assert replace(stored.record, aliases=one.aliases) == one
    assert store.stored_by_id(one.id) == stored
    assert store.with_fingerprint(one.fingerprint) == [n]


def test_every_alias_leads_to_the_record(store: Store) -> None:
    one = replace(record("quay"), guid="tag:courier,42")
    n = add(store, one)
    assert store.aliases(one.aliases) == dict.fromkeys(one.aliases, n)
    assert store.aliases(["guid:courier:tag:courier,42"]) != {}
    assert store.aliases(["guid:herald:tag:courier,42"]) == {}


def test_an_alias_of_another_record_stays_there(store: Store) -> None:
    first = add(store, record("quay"))
    thief = replace(record("pier"), aliases=("courier.example/quay",))
    add(store, thief)
    assert store.aliases(["courier.example/quay"]) == {"courier.example/quay": first}


def test_no_two_entries_share_their_second_of_update(store: Store) -> None:
    numbers = [add(store, record(f"story-{i}")) for i in range(5)]
    found = [store.stored(n) for n in numbers]
    updated = [one.updated for one in found if one]
    assert len(set(updated)) == 5
    assert max(updated) - NOW == timedelta(seconds=4)
    assert {one.record.published for one in found if one} == {NOW}


def test_a_transaction_is_kept_whole_or_not_at_all(store: Store, opener: Opener) -> None:
    with pytest.raises(RuntimeError), store.writing():
        story = store.add_story(record("quay"), NOW)
        store.add_record(record("quay"), story, "", NOW)
        raise RuntimeError("power cut")
    other = opener()
    assert other.count_records() == 0
    other.close()


def test_what_was_committed_is_there_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    program = f"""
        import os
        from datetime import UTC, datetime
        from pathlib import Path
        from feeds.store import open_store
        store = open_store(Path({str(path)!r}), daemon=True)
        with store.writing():
            store.set_meta("committed", "yes")
        store.db.execute("BEGIN IMMEDIATE")
        store.set_meta("half", "yes")
        os.kill(os.getpid(), 9)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert done.returncode == -9
    store = open_store(path, daemon=True)
    assert store.meta("committed") == "yes"
    assert store.meta("half") is None
    assert store.problems() == []
    store.close()


def test_a_revision_keeps_the_former_version_and_moves_updated_when_public(store: Store) -> None:
    n = add(store, record("quay"))
    before = store.stored(n)
    assert before is not None
    later = NOW + timedelta(hours=1)
    with store.writing():
        store.revise_record(before, record("quay", text="New.\nText."), why="the text changed", public=True, now=later)
    after = store.stored(n)
    assert after is not None
    assert after.record.text == "New.\nText."
    assert after.record.id == before.record.id
    assert after.record.published == before.record.published
    assert after.updated == later
    assert after.revisions == 1
    story = store.story(after.story)
    assert story is not None
    assert story.updated == later
    assert story.published == NOW
    assert [version.text for version in store.revisions(n)] == ["First.\nSecond."]
    with store.writing():
        store.revise_record(
            after, record("quay", text="New.\nText!"), why="a typo", public=False, now=later + timedelta(hours=1)
        )
    quiet = store.stored(n)
    assert quiet is not None
    assert quiet.updated == later


def test_removing_the_representative_leaves_the_story_to_the_others(store: Store) -> None:
    store.sync_topics([Topic("all", "All")], NOW)
    first = add(store, record("quay"), "all")
    kept = store.stored(first)
    assert kept is not None
    with store.writing():
        second = store.add_record(record("quay", "herald"), kept.story, "same text", NOW)
        store.remove_record(first)
    story = store.story(kept.story)
    assert story is not None
    assert story.representative == second
    assert story.published == NOW
    with store.writing():
        store.remove_record(second)
    assert store.story(kept.story) is None
    assert store.count_records() == 0


def test_the_past_of_a_source_knows_records_outcomes_and_fronts(store: Store) -> None:
    add(store, record("quay"))
    front = Front("https://courier.example/", etag='"a"', whole=NOW, links=12)
    run = Run(
        "courier",
        NOW,
        NOW + timedelta(seconds=3),
        fronts=(front,),
        queued=("https://courier.example/late",),
        links=12,
        title="The Courier",
        shapes={"/N4/slug": 3},
    )
    seen = [
        ("courier.example/bad", Seen("https://courier.example/bad", "failed", "no title"), None),
        ("courier.example/later", Seen("https://courier.example/later", "failed", "timeout"), NOW.timestamp() + 600),
        ("courier.example/late", Seen("https://courier.example/late", "queued"), None),
    ]
    after = Afterwards(NOW + timedelta(minutes=30), "ok", "", 0, 12.0, success=True, fresh=1, revised=0)
    with store.writing():
        store.finish_visit(run, after)
        store.log_visit(run, after)
        store.keep_outcomes("courier", seen, NOW)
    past = store.past("courier", NOW + timedelta(seconds=5))
    assert {
        "courier.example/quay",
        "courier.example/amp/quay",
        "courier.example/bad",
        "courier.example/later",
    } <= past.known
    assert "courier.example/late" not in past.known
    assert past.fronts == (front,)
    assert past.queued == ("https://courier.example/late",)
    assert past.typical == 12
    assert past.shapes == {"/N4/slug": 3}
    assert "courier.example/later" not in store.past("courier", NOW + timedelta(hours=1)).known
    assert store.past("herald", NOW).known == frozenset()
    assert store.dues()["courier"] == NOW + timedelta(minutes=30)
    assert [visit.links for visit in store.visits("courier")] == [12]
    state = store.source("courier")
    assert state is not None
    assert state.label == "The Courier"
    assert state.state == "ok"


def test_failures_are_stored_with_cause_and_since_when(store: Store) -> None:
    run = Run("courier", NOW, NOW, failures=(Failure("https://courier.example/", "Unreachable", "no answer"),))
    with store.writing():
        store.finish_visit(run, Afterwards(NOW, "failing", "no answer", 1, None, success=False, fresh=0, revised=0))
    later = NOW + timedelta(hours=1)
    with store.writing():
        store.finish_visit(
            replace(run, finished=later),
            Afterwards(later, "failing", "no answer", 2, None, success=False, fresh=0, revised=0),
        )
    state = store.source("courier")
    assert state is not None
    assert (state.state, state.cause, state.since, state.failures) == ("failing", "no answer", NOW, 2)


def test_a_seed_that_goes_counts_as_removed_and_comes_back(store: Store) -> None:
    add(store, record("quay"))
    store.sync_sources([seed("herald")], NOW)
    assert "courier" not in store.dues()
    assert store.count_records() == 1
    store.sync_sources([seed("courier"), seed("herald")], NOW)
    assert "courier" in store.dues()


def test_topics_keep_their_feed_id_over_renames_and_returns(store: Store) -> None:
    assert store.sync_topics([Topic("war", "War", query="war")], NOW) == ["war"]
    first = store.topics()[0].feed_id
    # until it was put to what is stored it is named again: a crash may have come between
    assert store.sync_topics([Topic("war", "War", query="war")], NOW) == ["war"]
    with store.writing():
        store.replace_topic("war", {})
    assert store.sync_topics([Topic("war", "War", query="war")], NOW) == []
    assert store.sync_topics([Topic("war", "The war", query="war")], NOW) == []
    assert store.sync_topics([Topic("war", "The war", query="war OR peace")], NOW) == ["war"]
    assert store.sync_topics([Topic("conflict", "Conflict", query="war OR peace", was="war")], NOW) == ["conflict"]
    assert [(row.name, row.feed_id) for row in store.topics()] == [("conflict", first)]
    assert store.moved() == {"t/war": "t/conflict"}
    store.sync_topics([], NOW)
    assert store.topics() == []
    assert [row.name for row in store.topics(removed=True)] == ["conflict"]
    store.sync_topics([Topic("war", "Another war")], NOW)
    assert store.topics()[0].feed_id != first


def test_records_of_a_topic_are_in_the_order_of_the_feed(store: Store) -> None:
    store.sync_topics([Topic("all", "All")], NOW)
    old = add(store, record("old", published=NOW - timedelta(days=2)), "all")
    new = add(store, record("new"), "all")
    assert store.record_numbers("all", limit=10) == [new, old]
    assert len(store.story_numbers("all", limit=10)) == 2
    assert store.topic_counts(NOW)["all"][0] == 2
    assert store.topics_of(new) == {"all": "a word"}
    assert store.file_topics(new, {}) == {"all"}
    assert store.record_numbers("all", limit=10) == [old]


def test_a_feed_soiled_while_it_is_printed_stays_to_be_printed(store: Store) -> None:
    store.sync_topics([Topic("all", "All")], NOW)
    marks = {(kind, name): mark for kind, name, mark in store.dirty()}
    store.soil(["all"], [])
    store.clean("topic", "all", marks["topic", "all"])
    assert ("topic", "all") in {(kind, name) for kind, name, _ in store.dirty()}
    store.clean("topic", "all", 1)
    assert ("topic", "all") not in {(kind, name) for kind, name, _ in store.dirty()}


def test_paces_survive(store: Store, opener: Opener) -> None:
    pace = HostPace("courier.example", next_allowed=5.0, retry_until=99.0, robots="User-agent: *")
    with store.writing():
        store.keep_paces([pace])
    other = opener()
    assert other.paces() == [pace]
    other.close()


def test_a_wish_is_claimed_once_and_answered(store: Store) -> None:
    n = store.wish("visit", {"names": ["courier"]}, NOW)
    (wish,) = store.open_wishes(NOW)
    assert (wish.n, wish.payload) == (n, {"names": ["courier"]})
    assert store.open_wishes(NOW) == []
    store.fulfil(n, {"visited": ["courier"]}, NOW)
    answer = store.answer(n)
    assert answer is not None
    assert answer.result == {"visited": ["courier"]}


def test_a_wish_that_a_dead_daemon_claimed_is_open_again(store: Store) -> None:
    store.wish("visit", {"names": []}, NOW)
    assert len(store.open_wishes(NOW)) == 1
    store.unclaim()
    assert len(store.open_wishes(NOW)) == 1


def test_a_renamed_source_keeps_its_records_and_feed_id(store: Store) -> None:
    add(store, record("quay"))
    before = store.source("courier")
    with store.writing():
        store.add_aliases(1, replace(record("quay"), guid="tag:7"))
    store.rename_source("courier", "post", NOW)
    after = store.source("post")
    assert store.aliases(["guid:post:tag:7", "guid:courier:tag:7"]) == {"guid:post:tag:7": 1}
    assert before is not None
    assert after is not None
    assert after.feed_id == before.feed_id
    assert store.source("courier") is None
    assert len(store.source_records("post", 10)) == 1
    assert store.moved() == {"s/courier": "s/post"}


def test_a_forgotten_source_takes_its_records_along(store: Store) -> None:
    add(store, record("quay"))
    assert store.forget_source("courier", NOW) == 1
    assert store.count_records() == 0
    assert "courier.example/quay" in store.past("courier", NOW).known, "no visit brings it back"


def test_young_records_are_looked_at_again_three_times(store: Store) -> None:
    n = add(store, record("quay"))
    assert store.rechecks_due(NOW) == []
    at = NOW + timedelta(hours=1)
    for wait in (timedelta(hours=5), timedelta(hours=18), None):
        assert [stored.n for stored in store.rechecks_due(at)] == [n]
        store.rechecked(n, at, '"etag"', None)
        assert store.rechecks_due(at) == []
        if wait is None:
            break
        at += wait
    assert store.rechecks_due(NOW + timedelta(days=30)) == []


def test_a_backup_is_a_whole_store(store: Store, tmp_path: Path) -> None:
    add(store, record("quay"))
    store.backup(tmp_path / "copy.db")
    copy = open_store(tmp_path / "copy.db")
    assert copy.count_records() == 1
    assert copy.stored_by_id(record("quay").id) is not None
    copy.close()


# --- SQLite


def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    path.write_bytes(b"this is no database" * 500)
    with pytest.raises(StoreUnusable, match="damaged"):
        open_store(path, daemon=True)
    assert path.read_bytes() == b"this is no database" * 500


def test_a_store_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    open_store(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=9999")
    db.close()
    with pytest.raises(StoreUnusable, match="newer copydesk"):
        open_store(path)


def test_a_second_daemon_is_told_who_holds_the_store(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "copydesk.db")
    assert lock.holder() is None
    lock.take()
    program = (
        "import sys; from pathlib import Path; from feeds.store import Lock; from feeds.errors import StoreInUse\n"
        f"lock = Lock(Path({str(tmp_path / 'copydesk.db')!r}))\n"
        "print(lock.holder())\n"
        "try: lock.take()\nexcept StoreInUse as e: print(e.reason)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    holder, reason = done.stdout.splitlines()
    import os

    assert int(holder) == os.getpid()
    assert str(os.getpid()) in reason
    lock.release()
    assert lock.holder() is None
    with pytest.raises(StoreInUse):
        held_by_another(tmp_path)


def held_by_another(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "b.db"), Lock(tmp_path / "b.db")
    first.take()
    try:
        second.take()
    finally:
        first.release()


def test_migrations_are_numbered_without_a_gap_and_split_into_statements() -> None:
    numbers = [number for number, _ in migrations()]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1
    for _, sql in migrations():
        assert all(sqlite3.complete_statement(statement) for statement in statements(sql))


def test_durability_is_set_as_documented(store: Store) -> None:
    pragma = {
        name: store.db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
