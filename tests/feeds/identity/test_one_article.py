"""One article under several addresses, and several that claim one: renames, redirects, foreign feeds, hijacks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from feeds import pipe
from feeds.identity import one_article
from feeds.identity.dedupe import _pointing
from feeds.identity.one_article import look_of
from feeds.identity.representative import representative
from feeds.identity.similarity import alike, look
from feeds.model import Topic
from feeds.store import Store, Stored, open_store
from feeds.topics import Engine
from scrapers import (
    CopydeskError,
    Discover,
    Draft,
    Front,
    Gone,
    Hop,
    Page,
    Record,
    Refused,
    Run,
    Seed,
    Seen,
    Unreachable,
    pointed_at,
    record_id,
    to_record,
)
from tests.support.older_stores import set_back
from tests.support.simulated_visits import Turned
from tests.support.stores import knowing

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
TOPICS = (Topic("all", "All"),)
SEEDS = {
    "post": Seed(name="post", home="https://post.example/"),
    "digest": Seed(name="digest", home="https://digest.example/"),
    "mirror": Seed(name="mirror", home="https://mirror.example/"),
}
TEXT = "\n".join(
    f"The {thing} of {place} was opened on Monday after {number * 3} months of work, and {number * 40} people came to"
    f" see how {name} cut the ribbon, drank a glass of cider and told what the {thing} had cost the town."
    for number, (thing, place, name) in enumerate(
        [("footbridge", "Arnholt", "Ida Brenn"), ("bathhouse", "Sund", "Karl Oser"), ("ropeway", "Tindel", "Nils Aga")],
        2,
    )
)
SPAM = "\n".join(
    f"Cheap {thing} are sold here with a rebate of {number} per cent, delivered within two days to any house in the"
    f" whole country, and whoever orders {number} of them gets one more as a present from our friendly team."
    for number, thing in enumerate(["watches", "pills", "phones", "shoes", "tickets", "coins"], 11)
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing(open_store(tmp_path / "copydesk.db", daemon=True), SEEDS.values(), NOW, TOPICS) as store:
        yield store


def made(
    source: str, url: str, *, title: str = "Arnholt opens its footbridge", text: str = TEXT, at: datetime = NOW,
    published: datetime | None = None, asked: str | None = None,
) -> Record:  # fmt: skip
    draft = Draft(title=title, text=text, published=(published or at).isoformat())
    return to_record(draft, url=url, asked=asked, seed=SEEDS[source], first_seen=at)


def keep(store: Store, record: Record, *, at: datetime | None = None) -> pipe.Kept:
    at = at or record.first_seen
    run = Run(
        record.source,
        at,
        at,
        records=(record,),
        seen=(Seen(record.url, "kept", way="rss"),),
        fronts=(Front(SEEDS[record.source].home),),
        links=1,
    )
    return pipe.keep(store, run, SEEDS[record.source], store.visits.past(record.source, at), Engine(TOPICS), now=at)


def all_records(store: Store) -> list[Stored]:
    return [stored for n in range(1, 200) if (stored := store.records.get(n)) is not None]


def standing(store: Store, record: Record) -> Record:
    """The record that stands for the story of this one."""
    stored = store.records.by_id(record.id)
    assert stored is not None
    story = store.stories.get(stored.story)
    assert story is not None
    stands = store.records.get(story.representative)
    assert stands is not None
    return stands.record


# --- who speaks for an address

ADDRESS = "https://post.example/town/arnholt-opens-its-footbridge"


@pytest.mark.parametrize("first", ["post", "digest"])
def test_a_foreign_feed_neither_takes_nor_changes_the_owners_record(store: Store, first: str) -> None:
    own = made("post", ADDRESS)
    foreign = made("digest", ADDRESS, title="Buy watches", text=SPAM)
    for record in (own, foreign) if first == "post" else (foreign, own):
        keep(store, record)
    keep(store, replace(foreign, title="Buy more watches", text=SPAM + "\nToday only."), at=NOW + HOUR)
    stored = store.records.by_id(record_id("post.example/town/arnholt-opens-its-footbridge"))
    assert stored is not None
    assert (stored.record.source, stored.record.title, stored.record.text) == ("post", own.title, own.text)
    assert stored.revisions == 0
    assert standing(store, own).source == "post"
    other = store.records.by_id(foreign.id)
    assert other is not None
    assert other.record.source == "digest"
    assert other.story != stored.story, "it tells something else"


@pytest.mark.parametrize("first", ["post", "digest"])
def test_a_foreign_item_that_tells_the_same_is_a_copy_and_never_stands_for_the_owner(store: Store, first: str) -> None:
    own = made("post", ADDRESS, published=NOW - HOUR)
    foreign = made("digest", ADDRESS, text=TEXT.split("\n")[0], published=NOW - 5 * HOUR)
    for record in (own, foreign) if first == "post" else (foreign, own):
        keep(store, record)
    (story,) = {stored.story for stored in all_records(store)}
    assert len(store.records.members(story)) == 2
    assert standing(store, own).source == "post"


def test_a_preferred_aggregator_does_not_stand_for_the_owner(store: Store) -> None:
    own, foreign = made("post", ADDRESS), made("digest", ADDRESS)
    members = [foreign, own]
    assert members[representative(members, ["digest"])[0]].source == "post"
    assert representative([foreign], ["digest"])[0] == 0


def test_who_only_points_does_not_stand_where_another_has_a_page_of_its_own(store: Store) -> None:
    pointing = made("digest", ADDRESS, published=NOW - 5 * HOUR)
    other = made("mirror", "https://mirror.example/town/arnholt-opens-its-footbridge", at=NOW + HOUR)
    members = [pointing, other]
    assert members[representative(members)[0]].source == "mirror"
    assert representative([pointing])[0] == 0, "where nobody has, it stands"


def test_a_record_that_was_filed_under_a_foreign_source_becomes_the_owners(store: Store) -> None:
    """Stores of before: an aggregator's record has the address's own key."""
    key = "post.example/town/arnholt-opens-its-footbridge"
    old = replace(made("digest", ADDRESS, title="Seen elsewhere"), key=key, id=record_id(key), aliases=(key,))
    keep(store, old)
    keep(store, made("post", ADDRESS, at=NOW + HOUR))
    keep(store, made("digest", ADDRESS, title="Buy watches", text=SPAM, at=NOW + 2 * HOUR))
    stored = store.records.by_id(old.id)
    assert stored is not None
    assert (stored.record.source, stored.record.title) == ("post", "Arnholt opens its footbridge")


def test_what_a_source_pointed_at_is_its_own_when_the_host_is_named_later(store: Store) -> None:
    before = made("digest", "https://letters.example/bridge-is-open-at-last")
    keep(store, before)
    seed = replace(SEEDS["digest"], hosts=("letters.example",))
    draft = Draft(title=before.title, text=before.text, published=NOW.isoformat())
    after = to_record(draft, url=before.url, seed=seed, first_seen=NOW + HOUR)
    assert pointed_at(after.key) is None
    kept = keep(store, after)
    assert kept.fresh == ()
    assert len(all_records(store)) == 1


# --- a story that is taken over


def test_a_copy_that_claims_an_earlier_date_does_not_stand_for_the_story(store: Store) -> None:
    own = made("post", ADDRESS)
    keep(store, own)
    copy = made("mirror", "https://mirror.example/1/bridge", at=NOW + HOUR / 2, published=NOW - 3 * HOUR)
    keep(store, copy)
    assert standing(store, copy).source == "post"


def test_a_copy_that_is_rewritten_leaves_the_story(store: Store) -> None:
    copy = made("mirror", "https://mirror.example/1/bridge")
    keep(store, copy)
    own = made("post", ADDRESS, at=NOW + HOUR)
    keep(store, own)
    story = store.records.by_id(own.id).story  # type: ignore[union-attr]
    identity = store.stories.get(story).id  # type: ignore[union-attr]
    assert standing(store, own).source == "mirror"
    spam = made("mirror", "https://mirror.example/1/bridge", title="Buy watches", text=SPAM, at=NOW + 2 * HOUR)
    keep(store, spam)
    assert standing(store, own).source == "post"
    assert store.stories.get(story).id == identity  # type: ignore[union-attr]
    assert [member.record.source for member in store.records.members(story)] == ["post"]
    assert standing(store, copy).title == "Buy watches", "it is a story of its own now"


def test_a_revised_copy_stays_in_its_story(store: Store) -> None:
    keep(store, made("post", ADDRESS))
    keep(store, made("mirror", "https://mirror.example/1/bridge", at=NOW + HOUR))
    longer = made("mirror", "https://mirror.example/1/bridge", text=TEXT + "\n" + SPAM[:300], at=NOW + 2 * HOUR)
    keep(store, longer)
    assert len({stored.story for stored in all_records(store)}) == 1


# --- renamed addresses

LATER = TEXT + "\nOn Tuesday the first cyclist fell into the river, and a rail is to be built before the autumn fair."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("town/arnholt-opens-its-footbridge-a-7304411", "town/first-cyclist-falls-a-7304411"),
        ("live/7304411-bridge-opens.html", "live/7304411-cyclist-falls.html"),
        (
            "a/bridge-0b54a9f2-3f6e-4f0e-9a55-6c8f0a7d1e11",
            "a/fall-from-bridge-0b54a9f2-3f6e-4f0e-9a55-6c8f0a7d1e11",
        ),
    ],
)
def test_a_renamed_article_is_one_record_under_its_first_id(store: Store, before: str, after: str) -> None:
    first = made("post", f"https://post.example/{before}")
    keep(store, first)
    renamed = made("post", f"https://post.example/{after}", title="First cyclist falls", text=LATER, at=NOW + HOUR)
    kept = keep(store, renamed)
    assert (kept.fresh, kept.revised) == ((), (first.id,))
    (stored,) = all_records(store)
    assert stored.record.published == first.published
    assert stored.record.title == "First cyclist falls"
    assert stored.record.url == renamed.url
    assert store.records.aliases([renamed.key]) == {renamed.key: stored.n}


def test_a_number_that_all_articles_have_makes_them_no_one(store: Store) -> None:
    keep(store, made("post", "https://post.example/bridge-opens-7304411"))
    keep(store, made("post", "https://post.example/watches-sold-7304411", title="Buy watches", text=SPAM))
    assert len(all_records(store)) == 2


def test_a_number_of_another_source_names_nothing(store: Store) -> None:
    keep(store, made("post", "https://post.example/bridge-opens-7304411"))
    kept = keep(store, made("mirror", "https://mirror.example/bridge-open-7304411", text=LATER))
    assert len(kept.fresh) == 1


def test_a_live_blog_is_one_record_where_the_site_gives_each_number_once(store: Store) -> None:
    for number in range(30):
        text = "\n".join(f"Line {line} of piece {number}: {number * 91 + line} boats came in." for line in range(6))
        keep(store, made("post", f"https://post.example/boats-{7304000 + number}", title=f"Boats {number}", text=text))
    first = made("post", "https://post.example/live-bridge-7309999")
    keep(store, first)
    kept = keep(
        store, made("post", "https://post.example/live-sale-7309999", title="Big sale", text=SPAM, at=NOW + HOUR)
    )
    assert (kept.fresh, kept.revised) == ((), (first.id,))


def test_two_records_of_one_article_are_joined_when_its_old_address_leads_to_the_new_one(store: Store) -> None:
    old = made("post", "https://post.example/bridge-opens")
    new = made(
        "post", "https://post.example/bridge-open-cyclist-falls", title="Cyclist falls", text=LATER, at=NOW + HOUR
    )
    keep(store, old)
    keep(store, replace(new, fingerprint="other"))
    assert len(all_records(store)) == 2
    at = NOW + 2 * HOUR
    came = made("post", new.url, asked=old.url, title=new.title, text=LATER, at=at)
    run = Run("post", at, at, records=(came,), seen=(Seen(old.url, "kept", record=old.id),))
    kept = pipe.keep(store, run, SEEDS["post"], store.visits.past("post", at), Engine(TOPICS), now=at, kind="revisit")
    (stored,) = all_records(store)
    assert stored.record.id == old.id
    assert stored.record.title == "Cyclist falls"
    assert store.records.aliases([new.key, old.key]) == {new.key: stored.n, old.key: stored.n}
    assert kept.topics == {"all"}
    assert stored.recheck is not None
    assert stored.recheck > at.timestamp() if isinstance(stored.recheck, float) else stored.recheck > at


def test_numbers_of_records_that_are_there_already_are_known_after_the_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    store = open_store(path, daemon=True)
    store.sources.sync(SEEDS.values(), NOW)
    store.topics.sync(TOPICS, NOW)
    first = made("post", "https://post.example/bridge-opens-7304411")
    keep(store, first)
    store.close()
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM alias WHERE key LIKE 'number:%'")
    db.close()
    set_back(path, 13)
    store = open_store(path, daemon=True)
    keep(store, made("post", "https://post.example/cyclist-falls-7304411", title="Cyclist", text=LATER, at=NOW + HOUR))
    assert len(all_records(store)) == 1
    store.close()


# --- requests

HOME = '<!doctype html><html lang="en"><head><title>The Post</title></head><body><main>{}</main></body></html>'
CARD = '<article class="card"><h2><a href="{}">{}</a></h2><p>What happened at {}, told by a witness.</p></article>'
ARTICLE = (
    '<!doctype html><html lang="en"><head><title>{0} - The Post</title><meta property="og:type" content="article">'
    '<meta property="article:published_time" content="{1}"></head><body><main><article><h1>{0}</h1>{2}</article></main>'
    "</body></html>"
)
PLACES = ("Arnholt", "Brekke", "Cove", "Dunmar", "Eide", "Fjell", "Garth", "Holm")


def page(url: str, body: str, *, hops: tuple[Hop, ...] = ()) -> Page:
    return Page(url, body.encode(), hops=hops)


def story_page(url: str, place: str, hour: int, hops: tuple[Hop, ...] = ()) -> Page:
    seed = sum(map(ord, place))
    text = "".join(
        f"<p>In {place} {seed + line * 7} sheep were counted on field {line} by the {place} council, which had promised"
        f" {seed * line} crowns to whoever would find the ram that {place} lost in the storm of last winter.</p>"
        for line in range(1, 7)
    )
    updates = "".join(f"<p>Update {n}: the ram of {place} was seen near mile {n * 13}.</p>" for n in range(hour // 24))
    return page(
        url, ARTICLE.format(f"{place} counts its sheep", f"{NOW:%Y-%m-%dT%H:%M:%SZ}", text + updates), hops=hops
    )


def kinds(url: str, now: datetime) -> Page | CopydeskError:
    """A front of eight stories that live as real ones do: renamed, moved, gone, refused, broken, silent."""
    hour = int((now - NOW).total_seconds() // 3600)
    names = {place: f"https://post.example/sheep-of-{place.lower()}" for place in PLACES}
    names["Arnholt"] = f"https://post.example/sheep-day-{hour // 24}-of-arnholt-8801234"  # renamed every day
    if hour >= 3:
        names["Brekke"] = "https://post.example/brekke-moved-its-sheep-to-another-field"  # renamed once
    if url == "https://post.example/":
        return page(url, HOME.format("".join(CARD.format(names[p], f"{p} counts its sheep", p) for p in PLACES)))
    if "arnholt-8801234" in url:
        return story_page(names["Arnholt"], "Arnholt", hour, (Hop(301, names["Arnholt"]),) * (url != names["Arnholt"]))
    if "brekke" in url:
        return story_page(names["Brekke"], "Brekke", hour, (Hop(301, names["Brekke"]),) * (url != names["Brekke"]))
    if url.endswith("robots.txt") or "cove" in url:
        return Gone("404", url=url, status=404)
    if "dunmar" in url and hour >= 1:
        return Refused("403", url="https://post.example/login?token=***", status=403)
    if "eide" in url and hour >= 1:
        return Gone("410", url="https://post.example/elsewhere", status=410)
    if "fjell" in url and hour >= 1:
        return page(url, "<html><body></body></html>")
    if "garth" in url:
        return Unreachable("no answer", url=url)
    place = next(place for place in PLACES if place.lower() in url)
    return story_page(url, place, hour)


def test_no_address_is_asked_for_more_often_than_its_plan_in_a_fortnight(tmp_path: Path) -> None:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    turned = Turned(store, {"post": SEEDS["post"]}, kinds, TOPICS, NOW)
    turned.hours(14 * 24)
    articles = {key: count for key, count in turned.asked.items() if "/" in key.rstrip("/") and "robots" not in key}
    # a page that is read once, and three looks; or a page that fails as often as `ask_again` lets it
    assert {key: count for key, count in articles.items() if count > 7} == {}
    records = all_records(store)
    assert sum("arnholt" in stored.record.url for stored in records) == 1
    assert sum("brekke" in stored.record.url for stored in records) == 1
    store.close()


def feed_that_calls_it_changed(url: str, now: datetime) -> Page:
    """A feed with one article, changed at this moment."""
    item = (
        "<entry><title>Holm counts its sheep</title><link href='https://post.example/sheep-of-holm'/><id>holm</id>"
        f"<published>{NOW:%Y-%m-%dT%H:%M:%SZ}</published><updated>{now:%Y-%m-%dT%H:%M:%SZ}</updated></entry>"
    )
    told = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Post</title>{item}</feed>"
    return Page(url, told.encode(), content_type="application/atom+xml")


@pytest.mark.parametrize(
    "answer",
    [
        Unreachable("no answer"),
        Gone("404", status=404),
        Refused("403", status=403),
        Page("https://post.example/sheep-of-holm", b"<html><body></body></html>"),
    ],
    ids=["silent", "gone", "refused", "empty"],
)
def test_an_article_that_its_feed_calls_changed_and_that_fails_is_not_asked_for_at_every_visit(
    tmp_path: Path, answer: Page | CopydeskError
) -> None:
    seed = Seed(name="post", home="https://post.example/", discover=Discover(rss=("https://post.example/feed",)))

    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url == "https://post.example/feed":
            return feed_that_calls_it_changed(url, now)
        if "holm" in url:
            return answer if now > NOW + HOUR else story_page(url, "Holm", 0)
        return Gone("404", url=url, status=404)

    store = open_store(tmp_path / "copydesk.db", daemon=True)
    turned = Turned(store, {"post": seed}, web, TOPICS, NOW)
    turned.hours(4 * 24)
    # a tenth of its age lies between two looks; where nobody answers, an hour while it is young
    most = 80 if isinstance(answer, Unreachable) else 45
    assert turned.asked["post.example/sheep-of-holm"] < most
    store.close()


def test_a_gone_page_behind_a_redirect_is_not_asked_for_again(tmp_path: Path) -> None:
    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url == "https://post.example/":
            cards = [CARD.format(f"https://post.example/sheep-of-{p.lower()}?author=ida", p, p) for p in PLACES]
            return page(url, HOME.format("".join(cards)))
        return Gone("410", url="https://post.example/elsewhere?author=***", status=410)

    store = open_store(tmp_path / "copydesk.db", daemon=True)
    turned = Turned(store, {"post": SEEDS["post"]}, web, TOPICS, NOW)
    turned.hours(72)
    asked = {key: count for key, count in turned.asked.items() if "sheep" in key}
    assert set(asked.values()) == {1}
    store.close()


def test_a_front_that_calls_an_article_changed_at_every_visit_is_not_believed_each_time(tmp_path: Path) -> None:
    seed = Seed(name="post", home="https://post.example/", discover=Discover(rss=("https://post.example/feed",)))

    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url == "https://post.example/feed":
            return feed_that_calls_it_changed(url, now)
        if "holm" in url:
            return story_page(url, "Holm", int((now - NOW).total_seconds() // 3600))
        return Gone("404", url=url, status=404)

    store = open_store(tmp_path / "copydesk.db", daemon=True)
    turned = Turned(store, {"post": seed}, web, TOPICS, NOW)
    for _ in range(12 * 24 * 2):
        turned.visit("post")
        turned.now += timedelta(minutes=5)
    assert 5 < turned.asked["post.example/sheep-of-holm"] < 40
    store.close()


@pytest.mark.parametrize(
    ("text", "title", "same"), [(TEXT, "Arnholt opens its footbridge", True), (SPAM, "Buy", False)]
)
def test_who_points_at_one_address_and_tells_something_else_is_no_copy(text: str, title: str, same: bool) -> None:
    kept, new = made("digest", ADDRESS), made("mirror", ADDRESS, text=text, title=title)
    old = SimpleNamespace(n=7, record=kept, story=1)
    known = SimpleNamespace(aliases=lambda names: dict.fromkeys(names, 7), get={7: old}.get)
    found = _pointing(known, new, look(new.title, new.text, new.published))  # type: ignore[arg-type]
    assert found == (old if same else None)


def test_texts_that_share_just_enough_are_not_clearly_others(monkeypatch: pytest.MonkeyPatch) -> None:
    a = made("post", "https://post.example/2026/a")
    b = made("post", "https://post.example/2026/b", title="A bathhouse", text=TEXT.split("\n")[0] + "\n" + SPAM)
    share = alike(look_of(a), look_of(b)).smaller
    assert 0 < share < 1
    for border, other in ((share, False), (share * 1.01, True)):
        monkeypatch.setattr(one_article, "CLEARLY_OTHER", border)
        assert one_article.clearly_other(a, b, look_of(b)) is other
    assert not one_article.clearly_other(a, replace(b, fingerprint=a.fingerprint), look_of(b))
    assert not one_article.clearly_other(a, replace(b, title=a.title), look_of(b))
