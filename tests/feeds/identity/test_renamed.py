"""Addresses that change without a number to tell: what makes two records one article, and what must stay two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds import pipe
from feeds.app.config.config import load
from feeds.app.inspect.explain import history, history_in_words, in_words, why
from feeds.model import Topic
from feeds.store import LET_GO, Store, Stored, open_store
from feeds.store.tables.visits import REMEMBER
from feeds.topics import Engine
from scrapers import Draft, Front, Image, Record, Run, Seed, Seen, to_record

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EXACT = NOW - timedelta(minutes=23, seconds=11)
ON_THE_HOUR = NOW - HOUR
TOPICS = (Topic("all", "All"),)
SEED = Seed(name="post", home="https://post.example/")
PICTURE = "https://pictures.example/ferry-large.jpg"


def lines(thing: str, number: int) -> str:
    return "\n".join(
        f"The {thing} was seen on quay {number + n} by {n * 13} people, of whom {number * n} told the harbour master"
        f" that its {('mast', 'hull', 'bell', 'flag', 'deck')[n % 5]} had been repaired for {number * 31 + n} crowns."
        for n in range(1, 6)
    )


FERRY = lines("ferry", 40)
BARGE = "\n".join(
    f"Sand from pit {n * 3} goes to the beach on Friday, says {who} of the town hall, where {n * 700} tonnes were"
    f" ordered last autumn; whoever wants to watch may stand behind rope {n} from {n + 6} o'clock on."
    for n, who in enumerate(("Ada Kvam", "Ben Moss", "Cleo Tarn", "Dora Lund", "Emil Rask"), 2)
)
LATER = FERRY + "\nIn the evening it left again, and nobody waved."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sources.sync([SEED], NOW)
    store.topics.sync(TOPICS, NOW)
    yield store
    store.close()


def made(
    path: str, title: str, text: str, *, at: datetime = NOW, published: datetime | None = EXACT,
    image: str | None = None, asked: str | None = None,
) -> Record:  # fmt: skip
    told = None if published is None else published.isoformat()
    draft = Draft(title=title, text=text, published=told, image=None if image is None else Image(image))
    url = f"https://post.example/{path}"
    return to_record(draft, url=url, asked=asked, seed=SEED, first_seen=at)


def keep(store: Store, record: Record, *, beside: Sequence[Record] = ()) -> pipe.Kept:
    """A visit whose front shows a new story, and these ones that are known."""
    at = record.first_seen
    seen = (Seen(record.url, "kept", way="listing"), *(Seen(one.url, "known", way="listing") for one in beside))
    run = Run("post", at, at, records=(record,), seen=seen, fronts=(Front(SEED.home),), links=len(seen))
    return pipe.keep(store, run, SEED, store.visits.past("post", at), Engine(TOPICS), now=at)


def stored(store: Store) -> list[Stored]:
    return [one for n in range(1, 200) if (one := store.records.get(n)) is not None]


FIRST = made("ferry-comes-in", "The ferry comes in", FERRY)


@pytest.mark.parametrize("published", [EXACT, ON_THE_HOUR], ids=["exact", "on the hour"])
def test_a_text_that_goes_on_under_another_address_is_one_article(store: Store, published: datetime) -> None:
    first = made("ferry-comes-in", "The ferry comes in", FERRY, published=published)
    keep(store, first)
    later = made("what-became-of-it", "What a day on the quay", LATER, at=NOW + HOUR, published=published)
    kept = keep(store, later)
    assert (kept.fresh, kept.revised) == ((), (first.id,))
    (one,) = stored(store)
    assert (one.record.title, one.record.url, one.record.published) == (later.title, later.url, first.published)
    assert store.records.aliases([first.key, later.key]) == {first.key: one.n, later.key: one.n}


@pytest.mark.parametrize(
    ("changed", "beside"),
    [
        ({}, True),  # both stand on the front
        ({"published": EXACT + timedelta(seconds=1)}, False),
        ({"published": None}, False),
    ],
    ids=["both shown", "another time", "no time"],
)
def test_alike_texts_are_two_articles(store: Store, changed: dict[str, datetime | None], beside: bool) -> None:
    keep(store, FIRST)
    later = made("what-became-of-it", "What a day on the quay", LATER, at=NOW + HOUR, **changed)  # type: ignore[arg-type]
    kept = keep(store, later, beside=[FIRST] if beside else [])
    assert kept.fresh == (later.id,)


def test_stories_of_one_visit_are_not_one_by_their_time(store: Store) -> None:
    second = made("barge", "The ferry comes in again", LATER)
    run = Run(
        "post",
        NOW,
        NOW,
        records=(FIRST, second),
        seen=tuple(Seen(one.url, "kept", way="listing") for one in (FIRST, second)),
        fronts=(Front(SEED.home),),
        links=2,
    )
    kept = pipe.keep(store, run, SEED, store.visits.past("post", NOW), Engine(TOPICS), now=NOW)
    assert set(kept.fresh) == {FIRST.id, second.id}


@pytest.mark.parametrize(
    ("published", "picture", "one"),
    [(EXACT, PICTURE, True), (EXACT, "https://pictures.example/other-large.jpg", False), (ON_THE_HOUR, PICTURE, False)],
    ids=["one", "another picture", "a time that many share"],
)
def test_a_live_blog_of_which_nothing_is_left_is_known_by_its_exact_time_and_its_picture(
    store: Store, published: datetime, picture: str, one: bool
) -> None:
    first = made("live/ferry-comes-in", "Live: the ferry comes in", FERRY, published=published, image=PICTURE)
    keep(store, first)
    later = made("live/sand", "Live: sand on board", BARGE, at=NOW + 5 * HOUR, published=published, image=picture)
    kept = keep(store, later)
    assert kept.fresh == (() if one else (later.id,))


def proved(store: Store) -> None:
    """A source that gives each number once."""
    for n in range(25):
        text = lines(f"boat number {n}", 300 + 17 * n)
        keep(store, made(f"boat-{n}-{7_304_000 + n}", f"Boat {n}", text, published=EXACT - n * HOUR))


@pytest.mark.parametrize(
    ("beside", "after", "two"), [(True, HOUR, True), (False, 30 * HOUR, True), (False, 5 * HOUR, False)],
    ids=["both shown", "a day later", "a live blog"],
)  # fmt: skip
def test_a_number_joins_no_other_text_that_stands_beside_it_or_comes_a_day_later(
    store: Store, beside: bool, after: timedelta, two: bool
) -> None:
    """The number of a dossier, or of a gallery that two stories show."""
    proved(store)
    first = made("dossier/ferry-comes-in,7409999", "The ferry comes in", FERRY)
    keep(store, first)
    other = made("dossier/sand-works,7409999", "Sand on board", BARGE, at=NOW + after, published=EXACT + after)
    kept = keep(store, other, beside=[first] if beside else [])
    assert kept.fresh == ((other.id,) if two else ())


def test_records_are_joined_when_the_old_address_leads_to_the_new_one_though_all_text_is_new(
    store: Store, tmp_path: Path
) -> None:
    old = made("live/ferry-comes-in", "Live: the ferry comes in", FERRY)
    new = made("live/sand", "Live: sand on board", BARGE, at=NOW + HOUR)
    keep(store, old)
    keep(store, new)
    assert len(stored(store)) == 2
    at = NOW + 2 * HOUR
    text = BARGE + "\nThe sand is for the beach of the town, and it will be there on Friday."
    came = made("live/sand", "Live: the beach gets sand", text, at=at, asked=old.url)
    run = Run("post", at, at, records=(came,), seen=(Seen(old.url, "kept", record=old.id),))
    kept = pipe.keep(store, run, SEED, store.visits.past("post", at), Engine(TOPICS), now=at, kind="revisit")
    (one,) = stored(store)
    assert one.record.id == old.id
    assert one.record.published == old.published
    assert (one.record.title, one.record.url) == (came.title, new.url)
    assert (kept.topics, kept.sources) == ({"all"}, {"post"})
    assert store.records.aliases([old.key, new.key]) == {old.key: one.n, new.key: one.n}
    assert one.recheck is not None
    assert one.recheck > at, "the look counts for the record that was asked for"
    assert store.stories.get(one.story) is not None
    assert store.search.candidates is not None
    told = list(history_in_words(history(store, new.url) or {}))
    assert any(f"one article with {new.url}, which was {new.id}" in line for line in told)
    (tmp_path / "config.toml").write_text('contact = "mailto:desk@post.example"\n')
    words = "\n".join(in_words(why(store, load(tmp_path / "config.toml"), old.url, at)))
    assert "also at   post.example/live/ferry-comes-in" in words
    assert f"one article with {new.url}, which was {new.id}" in words


def test_the_archive_and_the_search_lose_the_record_that_was_joined(store: Store) -> None:
    old = made("live/ferry-comes-in", "Live: the ferry comes in", FERRY)
    new = made("live/sand", "Live: sand on board", BARGE, at=NOW + HOUR)
    keep(store, old)
    keep(store, new)
    gone = store.records.by_id(new.id)
    assert gone is not None
    with store.transaction():
        store.db.execute("INSERT INTO archive(feed, number, followed) VALUES('urn:uuid:feed', 1, 0)")
        store.db.execute("INSERT INTO archived(archive, entry, place) VALUES(1, ?, 0), (1, ?, 1)", (old.id, new.id))
    at = NOW + 2 * HOUR
    came = made("live/sand", new.title, BARGE, at=at, asked=old.url)
    run = Run("post", at, at, records=(came,), seen=(Seen(old.url, "kept", record=old.id),))
    pipe.keep(store, run, SEED, store.visits.past("post", at), Engine(TOPICS), now=at, kind="revisit")
    entries = [row[0] for row in store.db.execute("SELECT entry FROM archived")]
    assert entries == [old.id]
    (row,) = store.db.execute("SELECT dirty FROM archive")
    assert row[0] == 1, "its document is written anew"
    assert gone.n not in {one.n for one in stored(store)}
    topics = store.db.execute("SELECT record FROM topic_record WHERE topic='all'").fetchall()
    assert [row[0] for row in topics] == [stored(store)[0].n]


def test_what_left_the_store_does_not_come_back_under_another_address(store: Store) -> None:
    """A guide that stands on the front for months, and whose address a relaunch changes."""
    keep(store, FIRST)
    store.db.execute("DELETE FROM unarchived")
    store.retention.expire(store.retention.old_records(NOW + 30 * DAY), NOW + 30 * DAY)
    assert stored(store) == []
    moved = made("guides/2026/ferry", FIRST.title, FERRY, at=NOW + 31 * DAY)
    assert keep(store, moved).fresh == ()
    (row,) = store.outcomes.of_key(moved.key)
    assert (row.outcome, row.why) == ("skipped", LET_GO)
    other = made("guides/2026/barge", "The barge", BARGE, at=NOW + 32 * DAY)
    assert keep(store, other).fresh == (other.id,)


def test_the_number_of_what_left_the_store_is_remembered_while_its_front_shows_it(store: Store) -> None:
    proved(store)
    first = made("guide-7409999", "The ferry comes in", FERRY)
    keep(store, first)
    one = store.records.by_id(first.id)
    assert one is not None
    store.retention.expire([one.n], NOW + 30 * DAY)
    later = NOW + 30 * DAY + REMEMBER - DAY
    with store.transaction():
        store.outcomes.keep("post", [(first.key, Seen(first.url, "known", way="listing"), None)], later)
    store.retention.forget_links("post", later + 3 * DAY)
    renamed = made("all-of-the-guide-7409999", "The ferry, with times of 2027", LATER, at=later + 4 * DAY)
    for n in range(25):  # the source still gives each number once
        text = lines(f"boat number {n}", 900 + 17 * n)
        keep(store, made(f"new-boat-{n}-{7_305_000 + n}", f"New boat {n}", text, at=later, published=later - n * HOUR))
    assert keep(store, replace(renamed)).fresh == ()
    at = later + 5 * DAY
    news = made("barge-aground-7409999", "The barge runs aground", BARGE, at=at, published=at - HOUR)
    assert keep(store, news).fresh == (news.id,), "published just now: the number is that of a dossier"
