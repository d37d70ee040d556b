"""Which stories a document holds, and what each of them says."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone

import pytest

from feeds.compose.compose import BACKFILLED, MAX_BYTES, WINDOW, compose, compose_archive, weight, with_home
from feeds.compose.entries import record_entry, story_entry
from feeds.messages import PageLocale
from feeds.model import Category, Copy, Entry, Note, Topic
from feeds.render import atom
from feeds.rows import SourceState, Stored, StoryRow
from feeds.topics import subjects
from scrapers import Image, Record
from tests.support.stories import FEED_ID, NOON, SITE, TOPIC, entry, feed, record


def composed(entries: list[Entry], topic: Topic = TOPIC, **settings: object) -> list[str]:
    made = compose(topic, entries, site=SITE, feed_id=FEED_ID, **settings)  # type: ignore[arg-type]
    return [one.id for one in made.entries]


def hours_ago(n: int, hours: float, *, seen: float | None = None, html: str = "<p>x</p>") -> Entry:
    published = NOON - timedelta(hours=hours)
    first_seen = NOON - timedelta(hours=hours if seen is None else seen)
    of = record(n, published=published, first_seen=first_seen, html=html)
    return entry(n, of=of, published=published, updated=published)


def test_newest_first_and_stable_whatever_the_order_of_the_rows() -> None:
    entries = [entry(n) for n in range(5)]
    assert composed(entries) == composed(entries[::-1]) == [one.id for one in entries]
    same_time = [entry(n, published=NOON) for n in (3, 1, 2)]
    assert composed(same_time) == sorted(one.id for one in same_time)


def test_a_topic_in_the_order_of_arrival() -> None:
    late = hours_ago(1, 30, seen=0)
    early = hours_ago(2, 1, seen=1)
    assert composed([early, late]) == [early.id, late.id]
    assert composed([early, late], replace(TOPIC, sort="seen")) == [late.id, early.id]


def test_one_entry_an_id() -> None:
    assert composed([entry(1), entry(1), entry(2)]) == [entry(1).id, entry(2).id]


def test_the_window_holds_two_days_or_the_minimum() -> None:
    busy = [hours_ago(n, n / 4) for n in range(300)]  # four an hour: 192 within 48 hours
    assert len(composed(busy)) == 193
    quiet = [hours_ago(n, 24 * n) for n in range(80)]
    assert len(composed(quiet)) == 50
    assert len(composed(quiet, minimum=10)) == 10
    assert len(composed(quiet, replace(TOPIC, entries=7), minimum=10)) == 7


def test_stories_age_out_by_the_newest_arrival_and_never_all_of_them() -> None:
    week = replace(TOPIC, max_age=7 * 86400.0)
    entries = [hours_ago(n, 24 * n) for n in range(30)]
    assert composed(entries, week) == [one.id for one in entries[:8]]
    assert composed(entries, week, waiting=frozenset({entries[20].id})) == [one.id for one in entries[:8]]
    assert composed(entries[20:], week) == [one.id for one in entries[20:28]], "a pause empties no feed"


def test_the_window_hangs_on_the_records_and_not_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [hours_ago(n, n) for n in range(100)]
    before = feed_bytes(entries)
    monkeypatch.setattr("time.time", lambda: 4e9)
    assert feed_bytes(entries) == before


def feed_bytes(entries: list[Entry]) -> bytes:
    return atom(compose(TOPIC, entries, site=SITE, feed_id=FEED_ID))


def test_a_story_found_late_stays_two_days() -> None:
    found_late = hours_ago(99, 5 * 24, seen=1)
    entries = [*(hours_ago(n, n / 10) for n in range(60)), found_late]
    assert found_late.id in composed(entries)


def test_a_corrected_story_shows_again() -> None:
    old = hours_ago(99, 30 * 24)
    entries = [hours_ago(n, n / 10) for n in range(60)]
    assert old.id not in composed([*entries, old])
    assert old.id in composed([*entries, replace(old, updated=NOON - timedelta(hours=1))])


def test_a_back_fill_does_not_flood_the_feed() -> None:
    entries = [hours_ago(n, n) for n in range(50)]
    filled = [hours_ago(100 + n, 24 * 300 + n, seen=0) for n in range(500)]
    assert composed([*filled, *entries]) == [one.id for one in entries]
    assert timedelta(days=7) == BACKFILLED


def test_about_a_megabyte_is_the_end_but_what_waits_stays() -> None:
    long = "<p>" + "word " * 10_000 + "</p>"
    entries = [hours_ago(n, n, html=long) for n in range(45)]
    held = composed(entries)
    size = len(feed_bytes(entries))
    assert 0.7 * MAX_BYTES < size <= MAX_BYTES
    assert held == [one.id for one in entries[: len(held)]]
    assert entries[-1].id in composed(entries, waiting=frozenset({entries[-1].id}))
    assert composed(entries[:1]) == [entries[0].id]


def test_the_weight_is_about_the_size() -> None:
    entries = [hours_ago(n, n, html=f"<p>{'wörd & <b>so</b> ' * 400}</p>".replace(" & ", " &amp; ")) for n in range(50)]
    told = sum(weight(one) for one in entries)
    assert 0.8 < told / len(feed_bytes(entries)) < 1.25


def test_every_field_is_said() -> None:
    made = feed(2)
    assert (made.id, made.title, made.subtitle, made.language) == (FEED_ID, TOPIC.title, TOPIC.subtitle, "en")
    assert made.self_url == made.page_url == "https://desk.example/t/harbour"
    assert made.updated == max(one.updated for one in made.entries)
    assert (made.icon, made.logo) == ("https://desk.example/icon.png", "https://desk.example/logo.png")
    first = made.entries[0]
    assert first.summary == record(0).subtitle
    assert first.content.startswith('<figure><img src="https://courier.example/pictures/harbour-at-dawn-0.jpg"')
    assert "The harbour at dawn, picture 0 (Cleo Strand)</figcaption>" in first.content
    assert record(0).html in first.content


def test_what_is_missing_is_filled() -> None:
    bare = record(
        0, title=" \u200e\n", authors=(), publisher=None, subtitle=None, html="", language="english!", image=None
    )
    said = compose(TOPIC, [entry(0, of=bare, copies=())], site=SITE, feed_id=FEED_ID).entries[0]
    assert said.record.authors == ("The Harbour Courier",)
    assert said.record.publisher == "The Harbour Courier"
    assert said.record.title.startswith("Ferry line to the outer islands")
    assert said.content.startswith("<p>Ferry line")
    assert said.content.count("<p>") == 2
    assert said.record.language is None
    empty = record(0, title="", text="", subtitle=None, html="")
    said = compose(TOPIC, [entry(0, of=empty)], site=SITE, feed_id=FEED_ID).entries[0]
    assert said.record.title == said.summary == empty.url


def test_times_are_whole_seconds_of_utc() -> None:
    when = datetime(2026, 3, 1, 9, 30, 15, 999_999, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    said = compose(TOPIC, [entry(0, published=when, updated=when)], site=SITE, feed_id=FEED_ID).entries[0]
    assert said.published.isoformat() == said.updated.isoformat() == "2026-03-01T04:00:15+00:00"


def test_copies_one_tells_who_else_carries_the_story() -> None:
    said = feed(1).entries[0]
    assert '<p>Also at: <a href="https://wire.example/story/0" rel="noopener">The Wire &amp; Co</a></p>' in said.content
    assert [copy.url for copy in said.copies] == ["https://wire.example/story/0"]


@pytest.mark.parametrize("copies", ["all", "mark"])
def test_other_ways_with_copies_leave_the_text_alone(copies: str) -> None:
    topic = replace(TOPIC, copies=copies)  # type: ignore[arg-type]
    assert "Also at" not in feed(1, topic).entries[0].content


def test_copies_mark_marks_the_copy_and_only_the_copy() -> None:
    topic = replace(TOPIC, copies="mark")
    first, copy = entry(0), entry(1, copy_of=entry(0).id)
    said = compose(topic, [first, copy], site=SITE, feed_id=FEED_ID).entries
    mark = Category("copy", "https://desk.example/t/#copies", "Copy")
    assert [mark in one.categories for one in said] == [False, True]
    assert said[1].record.title == copy.record.title
    assert mark not in compose(TOPIC, [copy], site=SITE, feed_id=FEED_ID).entries[0].categories


def test_many_outlets_are_counted() -> None:
    copies = tuple(Copy(f"https://p{n}.example/", "T", f"p{n}", f"Paper {n}", NOON) for n in range(14))
    said = compose(TOPIC, [entry(0, copies=copies)], site=SITE, feed_id=FEED_ID).entries[0]
    assert said.content.endswith("Paper 9</a> and 4 more</p>")
    assert len(said.copies) == 14


def test_a_feed_of_summaries_has_no_text() -> None:
    said = feed(1, replace(TOPIC, full_text=False)).entries[0]
    assert said.summary == record(0).subtitle
    assert said.summary in said.content
    assert record(0).text.split("\n")[1][:60] not in said.content


def test_pictures_stay_or_go_as_the_topic_says() -> None:
    html = '<p>a</p><figure><img src="https://x.example/b.jpg" alt=""><figcaption>b</figcaption></figure><p>c</p>'
    one = entry(0, of=record(0, html=html), copies=())
    strip, none = (
        compose(replace(TOPIC, images=images), [one], site=SITE, feed_id=FEED_ID).entries[0]
        for images in ("strip", "none")
    )
    assert strip.content == none.content == "<p>a</p>\n<p>c</p>"
    film = '<p>a</p><figure><video src="https://x.example/b.mp4"></video><figcaption>b</figcaption></figure>'
    filmed = entry(0, of=record(0, html=film), copies=())
    kept = compose(replace(TOPIC, images="none"), [filmed], site=SITE, feed_id=FEED_ID).entries[0].content
    assert kept.replace("\n", "") == film
    assert strip.image is not None
    assert none.image is None


def test_addresses_that_are_none_are_left_out() -> None:
    wrong = "javascript:alert(1)"
    of = record(0, url=wrong, image=Image(wrong))
    bad_copy = Copy(wrong, "T", "s", "P", NOON)
    said = compose(TOPIC, [entry(0, of=of, copies=(bad_copy,))], site=SITE, feed_id=FEED_ID).entries[0]
    assert said.record.url == said.origin.url == "https://courier.example/"
    assert said.image is None
    assert said.copies == ()
    assert wrong not in said.content


def test_a_private_topic_announces_nothing() -> None:
    made = compose(replace(TOPIC, private=True), [entry(0)], site=SITE, feed_id=FEED_ID, path="t/SECRET/harbour")
    assert made.self_url == "https://desk.example/t/SECRET/harbour"
    assert made.private
    assert made.hubs == ()


def test_the_feed_of_a_source() -> None:
    source = Topic(name="courier", title="The Harbour Courier", language="en-GB", copies="all")
    made = compose(source, [entry(0), entry(3)], site=SITE, feed_id=FEED_ID, path="s/courier", archives=[1])
    made = with_home(made, "https://courier.example/")
    assert (made.self_url, made.language) == ("https://desk.example/s/courier", "en-GB")
    assert made.prev_archive == "https://desk.example/s/courier/archive-000001"
    assert ("via", "https://courier.example/") in made.links
    assert "Also at" not in made.entries[0].content
    assert made.entries[0].copies


def test_archives_name_their_neighbours() -> None:
    def archive(number: int, *, followed: bool = False) -> tuple[str | None, str | None, str | None]:
        made = compose_archive(
            TOPIC, [entry(0)], number=number, archives=[1, 2, 4], followed=followed, site=SITE, feed_id=FEED_ID
        )
        assert made.self_url == f"https://desk.example/t/harbour/archive-{number:06}"
        assert (made.archive, made.hubs) == (number, ())
        return made.prev_archive, made.next_archive, made.current

    here = "https://desk.example/t/harbour"
    assert archive(1, followed=True) == (None, f"{here}/archive-000002", here)
    assert archive(2) == (f"{here}/archive-000001", None, here)
    assert archive(4, followed=True) == (f"{here}/archive-000002", None, here)
    assert feed(1, archives=[1, 2, 4]).prev_archive == f"{here}/archive-000004"
    assert feed(1).prev_archive is None


def test_an_archive_holds_all_that_it_was_given() -> None:
    long = "<p>" + "word " * 12_000 + "</p>"
    entries = [hours_ago(n, 24 * n, html=long) for n in range(100)]
    made = compose_archive(TOPIC, entries, number=1, archives=[1], followed=False, site=SITE, feed_id=FEED_ID)
    assert len(made.entries) == 100


def test_nothing_gives_an_empty_feed() -> None:
    made = compose(TOPIC, [], site=SITE, feed_id=FEED_ID)
    assert made.entries == ()
    assert made.updated.year == 1970


def test_the_window_is_two_days() -> None:
    assert timedelta(hours=48) == WINDOW


def test_what_changed_is_told_in_the_language_of_the_entry_and_the_zone_of_the_installation() -> None:
    note = Note(NOON + timedelta(hours=11), "“12” is now “14”.")
    told = [entry(n, of=record(n, language=tongue), note=note) for n, tongue in enumerate(("en", "de-AT", "sv", None))]
    utc = compose(TOPIC, told, site=SITE, feed_id=FEED_ID).entries
    assert all("20 November 2026, 23:00 (UTC): “12” is now “14”." in utc[n].content for n in (0, 2, 3))
    assert "20. November 2026, 23:00 (UTC): Aus „12“ wurde „14“." in utc[1].content
    there = replace(SITE, page_locale=PageLocale("fr", "Europe/Kyiv"))
    kyiv = compose(TOPIC, told, site=there, feed_id=FEED_ID).entries
    assert "21 November 2026, 01:00 (Europe/Kyiv): “12” is now “14”." in kyiv[0].content
    assert [one.updated for one in kyiv] == [one.updated for one in utc]


def stored(of: Record, n: int) -> Stored:
    """A record as the store has it."""
    return Stored(n, of, 1, "first", of.published, 0, None, None)


def test_an_entry_of_one_record_names_its_source_its_copies_and_its_topics() -> None:
    source = SourceState(
        **{one.name: None for one in fields(SourceState)}
        | {"name": "courier", "feed_id": "urn:uuid:1", "home": "https://courier.example/", "title": "The Courier"}
    )
    island = replace(source, name="island", title="Island Post")
    member, copy = stored(record(0), 1), stored(record(1), 2)
    hidden = replace(stored(record(4), 3), quarantined="it breaks a document")
    topics = (TOPIC, replace(TOPIC, name="own", private=True))
    made = record_entry(
        member, [member, copy, hidden], {"courier": source, "island": island}, topics, SITE.base_url, subjects()
    )
    assert (made.id, made.published) == (member.record.id, member.record.published)
    assert made.origin.title == "The Courier"
    assert [one.source for one in made.copies] == ["island"]
    assert made.categories[0] == Category("harbour", f"{SITE.base_url}/t/", "The harbour")
    assert "own" not in {one.term for one in made.categories}, "private topics are named nowhere"
    assert {"Local", "ships & boats"} <= {one.term for one in made.categories}


def test_titles_of_a_feed_are_one_line() -> None:
    topic = replace(TOPIC, title="The\nharbour\t&  quay", subtitle=" Ships \n and boats ")
    feed = compose(topic, [entry(0)], site=SITE, feed_id=FEED_ID)
    assert (feed.title, feed.subtitle) == ("The harbour & quay", "Ships and boats")


def test_an_entry_of_a_story_is_its_representative_s_and_names_the_other_outlets_once() -> None:
    source = SourceState(
        **{one.name: None for one in fields(SourceState)}
        | {"name": "courier", "feed_id": "urn:uuid:1", "home": "https://courier.example/", "title": "The Courier"}
    )
    sources = {name: replace(source, name=name, title=name.title()) for name in ("courier", "island", "kueste")}
    first, other, again, same = (stored(record(n), n + 1) for n in (0, 1, 4, 3))
    third = replace(stored(record(2), 9), quarantined="it breaks a document")
    assert [one.record.source for one in (first, other, again, same, third)] == [
        "courier", "island", "island", "courier", "kueste",
    ]  # fmt: skip
    story = StoryRow(7, "urn:uuid:7", NOON, NOON, NOON + timedelta(hours=1), first.n, "it was first")
    made = story_entry(story, [other, again, first, same, third], sources, (TOPIC,), SITE.base_url, subjects())
    assert (made.id, made.published, made.updated) == ("urn:uuid:7", NOON, NOON + timedelta(hours=1))
    assert made.record is first.record and made.origin.title == "Courier"
    assert [one.url for one in made.copies] == [other.record.url]
    assert made.categories[0].term == "harbour"
    orphan = replace(story, representative=99)
    assert story_entry(orphan, [other, first], sources, (), SITE.base_url, subjects()).record is other.record
