"""What every store has to do: one suite, parametrised by the ways to open one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal

import pytest

from feeds.model import Topic
from feeds.store import Afterwards, Store
from feeds.store.tables import hosts
from feeds.store.tables.sources import AskedFeed, asked_name, is_asked
from feeds.topics import parse
from scrapers import Failure, File, FileHead, Front, HostPace, Image, Record, Run, Seed, Seen, story_id
from tests.support.stores import Opener, knowing
from tests.support.stories import record_at

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    with knowing(opener(), [seed("courier"), seed("herald")], NOW) as store:
        yield store


def seed(name: str) -> Seed:
    return Seed(name=name, home=f"https://{name}.example/")


def record(slug: str, source: str = "courier", *, published: datetime = NOW, text: str = "First.\nSecond.") -> Record:
    key = f"{source}.example/{slug}"
    return record_at(
        key,
        f"About {slug}",
        text,
        NOW,
        html="".join(f"<p>{line}</p>" for line in text.split("\n")),
        published=published,
        authors=("Ada Example",),
        tags=("harbour", "flood"),
        language="en",
        image=Image(url=f"https://{source}.example/{slug}.jpg", caption="The quay"),
        aliases=(key, f"{source}.example/amp/{slug}"),
        fingerprint=f"fp-{text}",
        witnesses={"title": "jsonld"},
    )


def add(store: Store, one: Record, *topics: str) -> int:
    with store.transaction():
        story = store.stories.add(one, NOW)
        n = store.records.add(one, story, "first of its story", NOW)
        store.stories.set_representative(story, n, "the only member")
        store.topics.file_record(n, dict.fromkeys(topics, "a word"))
    return n


def test_a_record_comes_back_as_it_was(store: Store) -> None:
    one = record("quay")
    n = add(store, one)
    stored = store.records.get(n)
    assert stored is not None
    assert replace(stored.record, aliases=one.aliases) == one
    assert store.records.by_id(one.id) == stored
    assert store.records.with_fingerprint(one.fingerprint) == [n]


@pytest.mark.parametrize(
    "moment", [NOW, NOW.replace(microsecond=250_000), NOW.astimezone(timezone(timedelta(hours=2)))]
)
def test_what_is_said_of_a_new_row_is_what_is_read_of_it(store: Store, moment: datetime) -> None:
    whole = replace(
        record("a"), published=moment, first_seen=moment, updated=moment, authors=("A B", "C"), tags=("x",), guid="g",
        image=Image("https://courier.example/a.jpg"), robots=("noarchive",), witnesses={"title": "meta"},
        files=(File("https://courier.example/a.mp3", "audio/mpeg"),), contributors=("D",), license="CC",
    )  # fmt: skip
    with store.transaction():
        (story,) = store.stories.new_numbers(1)
        store.stories.add(whole, NOW, story)
        (n,) = store.records.new_numbers(1)
        said = store.records.add_numbered(n, whole, story, "the first", NOW, (1,))
    assert store.records.get(n) == said
    assert store.records.get(n).record.published.utcoffset() == timedelta()


def test_every_alias_leads_to_the_record(store: Store) -> None:
    one = replace(record("quay"), guid="tag:courier,42")
    n = add(store, one)
    assert store.records.aliases(one.aliases) == dict.fromkeys(one.aliases, n)
    assert store.records.aliases(["guid:courier:tag:courier,42"]) != {}
    assert store.records.aliases(["guid:herald:tag:courier,42"]) == {}


def test_an_alias_of_another_record_stays_there(store: Store) -> None:
    first = add(store, record("quay"))
    thief = replace(record("pier"), aliases=("courier.example/quay",))
    add(store, thief)
    assert store.records.aliases(["courier.example/quay"]) == {"courier.example/quay": first}


def test_no_two_entries_share_their_second_of_update(store: Store) -> None:
    numbers = [add(store, record(f"story-{i}")) for i in range(5)]
    found = [store.records.get(n) for n in numbers]
    updated = [one.updated for one in found if one]
    assert len(set(updated)) == 5
    assert max(updated) - NOW == timedelta(seconds=4)
    assert {one.record.published for one in found if one} == {NOW}


def test_a_transaction_is_kept_whole_or_not_at_all(store: Store, opener: Opener) -> None:
    with pytest.raises(RuntimeError), store.transaction():
        story = store.stories.add(record("quay"), NOW)
        store.records.add(record("quay"), story, "", NOW)
        raise RuntimeError("power cut")
    other = opener()
    assert other.records.count() == 0
    other.close()


def test_a_revision_keeps_the_former_version_and_moves_updated_when_public(store: Store) -> None:
    n = add(store, record("quay"))
    before = store.records.get(n)
    assert before is not None
    later = NOW + timedelta(hours=1)
    with store.transaction():
        store.records.revise(before, record("quay", text="New.\nText."), why="the text changed", public=True, now=later)
    after = store.records.get(n)
    assert after is not None
    assert after.record.text == "New.\nText."
    assert after.record.id == before.record.id
    assert after.record.published == before.record.published
    assert after.updated == later
    assert after.revisions == 1
    story = store.stories.get(after.story)
    assert story is not None
    assert story.updated == later
    assert story.published == NOW
    assert [version.text for version in store.records.revisions(n)] == ["First.\nSecond."]
    with store.transaction():
        store.records.revise(
            after, record("quay", text="New.\nText!"), why="a typo", public=False, now=later + timedelta(hours=1)
        )
    quiet = store.records.get(n)
    assert quiet is not None
    assert quiet.updated == later


def test_the_stories_of_records_are_told_once(store: Store) -> None:
    first = add(store, record("quay"))
    second = add(store, record("pier"))
    kept = store.records.get(first)
    assert kept is not None
    with store.transaction():
        third = store.records.add(record("quay", "herald"), kept.story, "same text", NOW)
    other = store.records.get(second)
    assert other is not None
    assert store.stories.of_records([third, first, 4711]) == [kept.story]
    assert store.stories.of_records([second, third]) == sorted([kept.story, other.story])


def test_a_store_tells_whether_anything_was_written(store: Store, opener: Opener) -> None:
    """By whatever connection; a database that cannot tell says so."""
    before = store.state()
    if store.db.kind == "postgres":
        assert before is None
        return
    add(store, record("quay"))
    after = store.state()
    assert before is not None and after is not None
    assert after.ours > before.ours and after.of_others == before.of_others
    other = opener()
    add(other, record("pier"))
    other.close()
    assert store.state() not in (before, after)
    assert store.state() == store.state()


def test_removing_the_representative_leaves_the_story_to_the_others(store: Store) -> None:
    store.topics.sync([Topic("all", "All")], NOW)
    first = add(store, record("quay"), "all")
    kept = store.records.get(first)
    assert kept is not None
    with store.transaction():
        second = store.records.add(record("quay", "herald"), kept.story, "same text", NOW)
        store.records.remove(first)
    story = store.stories.get(kept.story)
    assert story is not None
    assert story.representative == second
    assert story.published == NOW
    with store.transaction():
        store.records.remove(second)
    assert store.stories.get(kept.story) is None
    assert store.records.count() == 0


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
    with store.transaction():
        store.visits.finish(run, after)
        store.visits.log(run, after)
        store.outcomes.keep("courier", seen, NOW)
    past = store.visits.past("courier", NOW + timedelta(seconds=5))
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
    assert "courier.example/later" not in store.visits.past("courier", NOW + timedelta(hours=1)).known
    assert store.visits.past("herald", NOW).known == frozenset()
    assert store.sources.dues()["courier"] == NOW + timedelta(minutes=30)
    assert [visit.links for visit in store.visits.newest("courier")] == [12]
    state = store.sources.get("courier")
    assert state is not None
    assert state.label == "The Courier"
    assert state.state == "ok"


def test_the_files_of_young_articles_are_told_the_newest_first(store: Store) -> None:
    horn, film = (
        File("https://media.example/horn.mp3", "audio/mpeg", 4711),
        File("https://media.example/f.mp4", None, 5),
    )
    quay = replace(record("quay", text="One.\nTwo."), files=(horn,))
    pier = replace(record("pier", text="Three.\nFour."), files=(film,), first_seen=NOW + timedelta(hours=1))
    for one in (
        quay,
        pier,
        record("dock", text="Five.\nSix."),
        replace(record("x", "herald", text="Seven.\nEight."), files=(horn,)),
    ):
        add(store, one)
    assert store.visits.files("courier", NOW + timedelta(hours=2)) == (film, horn)
    assert store.visits.files("courier", NOW + timedelta(days=7, minutes=30)) == (film,)
    assert store.visits.files("nobody", NOW) == ()


def test_failures_are_stored_with_cause_and_since_when(store: Store) -> None:
    run = Run("courier", NOW, NOW, failures=(Failure("https://courier.example/", "Unreachable", "no answer"),))
    with store.transaction():
        store.visits.finish(run, Afterwards(NOW, "failing", "no answer", 1, None, success=False, fresh=0, revised=0))
    later = NOW + timedelta(hours=1)
    with store.transaction():
        store.visits.finish(
            replace(run, finished=later),
            Afterwards(later, "failing", "no answer", 2, None, success=False, fresh=0, revised=0),
        )
    state = store.sources.get("courier")
    assert state is not None
    assert (state.state, state.cause, state.since, state.failures) == ("failing", "no answer", NOW, 2)


def test_a_seed_that_goes_counts_as_removed_and_comes_back(store: Store) -> None:
    add(store, record("quay"))
    store.sources.sync([seed("herald")], NOW)
    assert "courier" not in store.sources.dues()
    assert store.records.count() == 1
    store.sources.sync([seed("courier"), seed("herald")], NOW)
    assert "courier" in store.sources.dues()


def test_topics_keep_their_feed_id_over_renames_and_returns(store: Store) -> None:
    assert store.topics.sync([Topic("war", "War", query="war")], NOW) == ["war"]
    first = store.topics.all()[0].feed_id
    # until it was put to what is stored it is named again: a crash may have come between
    assert store.topics.sync([Topic("war", "War", query="war")], NOW) == ["war"]
    with store.transaction():
        store.topics.replace("war", {})
    assert store.topics.sync([Topic("war", "War", query="war")], NOW) == []
    assert store.topics.sync([Topic("war", "The war", query="war")], NOW) == []
    assert store.topics.sync([Topic("war", "The war", query="war OR peace")], NOW) == ["war"]
    assert store.topics.sync([Topic("conflict", "Conflict", query="war OR peace", was="war")], NOW) == ["conflict"]
    assert [(row.name, row.feed_id) for row in store.topics.all()] == [("conflict", first)]
    assert store.publishing.moved() == {"t/war": "t/conflict"}
    store.topics.sync([], NOW)
    assert store.topics.all() == []
    assert [row.name for row in store.topics.all(removed=True)] == ["conflict"]
    assert store.topics.get("conflict") == store.topics.all(removed=True)[0]
    assert store.topics.get("war") is None
    store.topics.sync([Topic("war", "Another war")], NOW)
    assert store.topics.all()[0].feed_id != first


def test_records_of_a_topic_are_in_the_order_of_the_feed(store: Store) -> None:
    store.topics.sync([Topic("all", "All")], NOW)
    old = add(store, record("old", published=NOW - timedelta(days=2)), "all")
    new = add(store, record("new"), "all")
    assert [one.n for one in store.topics.newest_records("all", limit=10)] == [new, old]
    assert len([one.n for one in store.topics.newest_stories("all", limit=10)]) == 2
    assert store.topics.counts(NOW)["all"][0] == 2
    assert store.topics.of_record(new) == {"all": "a word"}
    assert store.topics.file_record(new, {}) == {"all"}
    assert [one.n for one in store.topics.newest_records("all", limit=10)] == [old]


def test_the_newest_of_a_large_topic_are_found_without_going_through_all_of_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same as by going through all: of a topic with everything, of one with a part, of one that is long dormant."""
    store.topics.sync([Topic(name, name) for name in ("all", "third", "old")], NOW)
    for n in range(120):
        published = NOW - timedelta(minutes=n * 37 % 60)  # two are published at each moment
        topics = ["all"] + ["third"] * (n % 3 == 0) + ["old"] * (n * 37 % 60 > 30)
        add(store, record(f"story-{n}", published=published, text=f"Story {n}."), *topics)
    asked: list[int | None] = []
    since = store.topics._newest_since

    def noted(*arguments: object) -> int | None:
        asked.append(since(*arguments))  # type: ignore[arg-type]
        return asked[-1]

    for name in ("all", "third", "old"):
        for limit in (1, 3, 7, 30, 200):
            monkeypatch.setattr(store.topics, "_newest_since", lambda *_: None)
            whole = store.topics.newest_stories(name, limit=limit), store.topics.newest_records(name, limit=limit)
            monkeypatch.setattr(store.topics, "_newest_since", noted)
            assert (
                store.topics.newest_stories(name, limit=limit),
                store.topics.newest_records(name, limit=limit),
            ) == whole
    assert None in asked, "a small topic is gone through"
    assert len([one for one in asked if one is not None]) >= 10, "a large one is not"


def test_a_feed_soiled_while_it_is_printed_stays_to_be_printed(store: Store) -> None:
    store.topics.sync([Topic("all", "All")], NOW)
    marks = {(kind, name): mark for kind, name, mark in store.publishing.dirty()}
    store.publishing.mark_dirty(["all"], [])
    store.publishing.clear_dirty("topic", "all", marks["topic", "all"])
    assert ("topic", "all") in {(kind, name) for kind, name, _ in store.publishing.dirty()}
    store.publishing.clear_dirty("topic", "all", 1)
    assert ("topic", "all") not in {(kind, name) for kind, name, _ in store.publishing.dirty()}


def test_paces_survive(store: Store, opener: Opener) -> None:
    pace = HostPace("courier.example", next_allowed=5.0, retry_until=99.0, robots="User-agent: *")
    with store.transaction():
        store.hosts.keep([pace])
    other = opener()
    assert other.hosts.paces() == [pace]
    with store.transaction():
        store.hosts.keep([HostPace(pace.host)])  # nothing is left of it: it was forgotten
    assert other.hosts.paces() == []
    other.close()


def test_what_the_heads_of_files_told_survives(store: Store, opener: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    horn, gone = FileHead("a" * 32, "audio/mpeg", 5_000_000_000), FileHead("b" * 32)
    with store.transaction():
        store.asked_files.keep([horn], NOW)
        store.asked_files.keep([gone], NOW + timedelta(hours=1))
        store.asked_files.keep([horn], NOW)
    other = opener()
    assert other.asked_files.all() == [horn, gone]
    other.close()
    monkeypatch.setattr(hosts, "FILES", 1)
    store.asked_files.trim()
    assert store.asked_files.all() == [gone]


def test_a_wish_is_claimed_once_and_answered(store: Store) -> None:
    n = store.control.ask("visit", {"names": ["courier"]}, NOW)
    (request,) = store.control.claim(NOW)
    assert (request.n, request.payload) == (n, {"names": ["courier"]})
    assert store.control.claim(NOW) == []
    store.control.answer(n, {"visited": ["courier"]}, NOW)
    answer = store.control.get(n)
    assert answer is not None
    assert answer.result == {"visited": ["courier"]}


def test_a_wish_that_a_dead_daemon_claimed_is_open_again(store: Store) -> None:
    store.control.ask("visit", {"names": []}, NOW)
    assert len(store.control.claim(NOW)) == 1
    store.control.release()
    assert len(store.control.claim(NOW)) == 1


def test_a_renamed_source_keeps_its_records_and_feed_id(store: Store) -> None:
    add(store, record("quay"))
    before = store.sources.get("courier")
    with store.transaction():
        store.records.add_aliases(1, replace(record("quay"), guid="tag:7"))
    store.sources.rename("courier", "post", NOW)
    after = store.sources.get("post")
    assert store.records.aliases(["guid:post:tag:7", "guid:courier:tag:7"]) == {"guid:post:tag:7": 1}
    assert before is not None
    assert after is not None
    assert after.feed_id == before.feed_id
    assert store.sources.get("courier") is None
    assert len(store.records.of_source("post", 10)) == 1
    assert store.publishing.moved() == {"s/courier": "s/post"}


def test_a_forgotten_source_takes_its_records_along(store: Store) -> None:
    add(store, record("quay"))
    assert store.retention.forget_source("courier", NOW) == 1
    assert store.records.count() == 0
    assert "courier.example/quay" in store.visits.past("courier", NOW).known, "no visit brings it back"


def test_young_records_are_looked_at_again_three_times(store: Store) -> None:
    n = add(store, record("quay"))
    assert store.records.rechecks_due(NOW) == []
    at = NOW + timedelta(hours=1)
    for wait in (timedelta(hours=5), timedelta(hours=18), None):
        assert [stored.n for stored in store.records.rechecks_due(at)] == [n]
        store.records.rechecked(n, at, '"etag"', None)
        assert store.records.rechecks_due(at) == []
        if wait is None:
            break
        at += wait
    assert store.records.rechecks_due(NOW + timedelta(days=30)) == []


def test_every_fact_of_a_source_is_read_as_it_is_stored(store: Store) -> None:
    moments = {
        name: NOW + timedelta(hours=n)
        for n, name in enumerate(
            ("added", "removed", "due", "since", "last_visit", "last_success", "last_new", "redirected_since")
        )
    }
    others = {
        **{name: f"the {name}" for name in ("home", "title", "language", "cause", "pace", "redirected")},
        "state": "slow",
        "failures": 7,
        "typical": 12.5,
        "redirects": 3,
        "paused": 1,
        "may_shrink": 1,
    }
    stored = {name: int(moment.timestamp()) for name, moment in moments.items()} | others
    with store.transaction():
        for name, value in stored.items():
            store.sources.db.execute(
                f"UPDATE source SET {name}=? WHERE name='courier'", (int(value) if value is True else value,)
            )
    found = store.sources.get("courier")
    assert found is not None and (found.name, found.records, found.fresh) == ("courier", 0, 0)
    assert {name: getattr(found, name) for name in stored} == moments | others
    plain = store.sources.get("herald")
    assert plain is not None
    assert (plain.paused, plain.may_shrink, plain.removed, plain.redirected_since) == (False, False, None, None)


def test_a_listing_that_is_asked_for_is_known_by_its_name() -> None:
    name = asked_name("courier.example/town")
    assert is_asked(name) and name == asked_name("courier.example/town") != asked_name("courier.example/sport")
    assert not any(is_asked(other) for other in ("courier", "asked-", f"{name}0", f"x{name}", "asked-zzzzzzzzzzzz"))


def test_many_seeds_that_are_new_or_have_another_home_are_not_due_at_one_instant(store: Store) -> None:
    later = NOW + timedelta(days=1)
    for home in ("https://{}.example/", "https://{}.example/news/"):
        seeds = [Seed(name=f"paper-{n}", home=home.format(f"paper-{n}")) for n in range(60)]
        store.sources.sync(seeds, later)
        dues = [due for name, due in store.sources.dues().items() if name.startswith("paper-")]
        assert len(set(dues)) > 50
        assert later <= min(dues) < max(dues) <= later + timedelta(seconds=600)
        later += timedelta(days=1)
    few = [Seed(name=f"few-{n}", home=f"https://few-{n}.example/") for n in range(3)]
    store.sources.sync(few, later)
    assert {due for name, due in store.sources.dues().items() if name.startswith("few-")} == {later}


@pytest.mark.parametrize("way", ["rss", "pages"])
def test_a_listing_that_is_asked_for_is_visited_in_the_way_it_offers_its_stories(way: Literal["rss", "pages"]) -> None:
    asked = AskedFeed("asked-1", "https://lake.example/list", way, "", NOW, NOW).seed
    assert (asked.name, asked.home) == ("asked-1", "https://lake.example/list")
    assert (asked.discover.rss, asked.discover.pages) == (
        (asked.home,) * (way == "rss"),
        (asked.home,) * (way == "pages"),
    )


def test_a_story_whose_first_record_was_the_first_of_another_has_an_id_of_its_own(store: Store) -> None:
    one = record("quay")
    with store.transaction():
        first, second, third = (store.stories.add(one, NOW) for _ in range(3))
    assert len({first, second, third}) == 3
    for n, name in ((first, one.key), (second, f"{one.key} 2"), (third, f"{one.key} 3")):
        assert store.stories.numbers_of([story_id(name)]) == [n]


def test_stories_between_two_moments_and_the_nearest_ones_beside_them(store: Store) -> None:
    store.topics.sync([Topic("ferries", "Ferries", query="ferry")], NOW)
    hours = {"a": 0, "b": 1, "c": 2, "d": 3}
    for slug, hour in hours.items():
        source = "herald" if slug == "b" else "courier"
        add(store, record(slug, source, published=NOW + timedelta(hours=hour)), *(["ferries"] if slug in "bc" else []))
    start, end = NOW + timedelta(hours=1), NOW + timedelta(hours=2)

    def told(among: tuple[Any, str], first: datetime, last: datetime) -> list[int]:
        rows = store.browse.stories_between(among, first, last, behind=None, limit=9)
        return [round((at - NOW.timestamp()) / 3600) for _, at in rows]

    def beside(among: tuple[Any, str], first: datetime, last: datetime) -> tuple[float | None, ...]:
        found = store.browse.nearest(among, first, last)
        return tuple(None if at is None else (at - NOW).total_seconds() / 3600 for at in found)

    whole = (NOW, NOW + timedelta(hours=9))
    for among, all_of, within, near in (
        (("everything", ""), [3, 2, 1, 0], [1], (0, 2)),
        (("topic", "ferries"), [2, 1], [1], (None, 2)),
        (("source", "courier"), [3, 2, 0], [], (0, 2)),
        (("topic", "none"), [], [], (None, None)),
    ):
        assert (told(among, *whole), told(among, start, end), beside(among, start, end)) == (all_of, within, near)


def test_records_are_given_in_pieces_the_newest_first_with_the_place_where_each_ends(store: Store) -> None:
    store.topics.sync([Topic("ferries", "Ferries", query="ferry")], NOW)
    numbers = [
        add(store, record(slug, source), *topics)
        for slug, source, topics in (
            ("a", "courier", ["ferries"]), ("b", "herald", []), ("c", "courier", ["ferries"]), ("d", "courier", []),
        )
    ]  # fmt: skip
    a, b, c, kept_out = numbers
    with store.transaction():
        store.records.hold(kept_out, held=True, preferred=())

    def pieces(query: str, among: tuple[Any, str], rows: int) -> tuple[list[list[int]], set[bool]]:
        found: list[list[int]] = []
        exact: set[bool] = set()
        before: int | None = None
        while True:
            piece = store.browse.arrivals(parse(query), among, before=before, rows=rows)
            found.append([one.n for one in piece.found])
            exact.add(piece.exact)
            if (before := piece.last) is None:
                return found, exact

    for query in ("about", "author:ada"):  # by the index of words, and where it knows nothing
        for among, rows, told in (
            (("everything", ""), 2, [[c], [b, a], []]),
            (("everything", ""), 3, [[c, b], [a]]),
            (("source", "herald"), 9, [[b]]),
            (("topic", "ferries"), 1, [[c], [a], []]),
        ):
            found, _ = pieces(query, among, rows)
            assert [n for piece in found for n in piece] == [n for piece in told for n in piece], (query, among)
            if among[0] == "everything":
                assert found == told
    assert pieces("about", ("everything", ""), 9)[1] == {True}
    assert pieces("nowhere", ("everything", ""), 9) == ([[]], {True})
    (one,) = store.browse.arrivals(parse("about"), ("source", "herald"), before=None, rows=9).found
    stored = store.records.get(b)
    assert stored is not None
    assert (one.story, one.facts.source, one.facts.url, one.facts.language) == (
        stored.story, "herald", stored.record.url, "en",
    )  # fmt: skip
    assert one.facts.published == NOW


def test_after_a_clock_was_set_back_articles_are_looked_at_again_soon(store: Store) -> None:
    add(store, record("quay"))
    soon = NOW + timedelta(minutes=1)
    assert store.records.rechecks_due(soon) == []
    store.sources.cap_waits(soon, NOW)
    assert store.records.rechecks_due(soon) == [], "it was seen before that moment: no clock was set back"
    store.sources.cap_waits(soon, NOW - timedelta(days=1))
    assert [one.record.key for one in store.records.rechecks_due(soon)] == ["courier.example/quay"]
    assert store.records.rechecks_due(soon - timedelta(seconds=1)) == []


def test_the_newest_records_of_which_a_field_came_by_a_selector(store: Store) -> None:
    by_selector = {"title": "jsonld", "date": "selectors"}
    for hour, (slug, way, witnesses) in enumerate(
        [("a", "page", by_selector), ("b", "page", {}), ("c", "feed", by_selector), ("d", "page", by_selector)]
    ):
        add(store, replace(record(slug), way=way, witnesses=witnesses, first_seen=NOW + timedelta(hours=hour)))
    add(store, replace(record("e", "herald"), way="page", witnesses=by_selector))
    d, a = record("d").id, record("a").id
    assert store.repairs.records_by_selectors("courier", 9) == [d, a]
    assert store.repairs.records_by_selectors("courier", 1) == [d]
    assert [(told.id, told.fields) for told in store.repairs.told_by_selectors("courier")] == [
        (d, {"date"}), (record("b").id, frozenset()), (a, {"date"}),
    ]  # fmt: skip
