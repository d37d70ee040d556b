"""Each field of an entry as documents show it: what a record says, cleaned, and what stands in for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from feeds.compose.published_entry import MAX_AUTHORS, MAX_CATEGORIES, published_entry
from feeds.model import Category, Copy, Entry, Origin, Topic
from scrapers import File, Image
from tests.support.stories import NOON, SITE, TOPIC, entry, record

MARK = Category("copy", None, "A copy")


def shown(topic: Topic = TOPIC, /, of: dict[str, Any] | None = None, **changes: Any) -> Entry:
    """The entry of a record with these fields."""
    return published_entry(entry(1, of=record(1, **of or {}), **changes), topic, SITE, MARK)


@pytest.mark.parametrize(
    ("name", "told", "said"),
    [
        ("title", " Ferries \n return\x00 ", "Ferries return"),
        ("title", " ", "Eight stalls are promised to those who traded there before the fire."),
        ("url", "https://courier.example/a b", "https://courier.example/a%20b"),
        ("url", "javascript:alert(1)", "https://courier.example/"),
        ("publisher", " The\nCourier ", "The Courier"),
        ("publisher", None, "Island Post"),
        ("authors", (" Ada\nMarsh ", "", " "), ("Ada Marsh",)),
        ("authors", (), ("Island Post",)),
        ("authors", tuple(f"A{n}" for n in range(25)), tuple(f"A{n}" for n in range(MAX_AUTHORS))),
        ("contributors", (" Ben\tQuay ", ""), ("Ben Quay",)),
        ("language", "de-CH", "de-CH"),
        ("language", "no language", None),
        ("license", "https://creativecommons.org/licenses/by/4.0/", "https://creativecommons.org/licenses/by/4.0/"),
        ("license", " CC BY \n4.0 ", "CC BY 4.0"),
        ("license", " ", None),
        ("license", "javascript:/1", None),
        ("license", None, None),
        ("comments", "https://courier.example/talk", "https://courier.example/talk"),
        ("comments", "none", None),
        ("comments", None, None),
        ("comments_feed", "https://courier.example/talk.atom", "https://courier.example/talk.atom"),
        ("comments_feed", "none", None),
        ("comments_feed", None, None),
    ],
)
def test_a_field_as_it_is_shown(name: str, told: Any, said: Any) -> None:
    assert getattr(shown(of={name: told}).record, name) == said


def test_a_title_is_made_of_the_summary_or_the_address() -> None:
    bare = {"title": "", "subtitle": None, "text": "word " * 60, "html": ""}
    title = shown(of=bare).record.title
    assert 80 < len(title) <= 101 and title.startswith("word word")
    nothing = shown(of={**bare, "text": ""})
    assert nothing.record.title == nothing.summary == "https://courier.example/news/1"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "Island Post"),
        ({"title": " "}, "The Courier"),
        ({"url": "none", "feed_url": "none"}, "Island Post"),
        ({"id": "urn:\x00a", "updated": NOON.replace(microsecond=7)}, "Island Post"),
    ],
)
def test_where_an_entry_comes_from(told: dict[str, Any], said: str) -> None:
    origin = replace(entry(1).origin or Origin("", "", "", "", NOON), **told)
    found = shown(of={"publisher": "The Courier"}, origin=origin).origin
    assert found is not None
    assert (found.title, found.updated) == (said, origin.updated.replace(microsecond=0))
    assert "\x00" not in found.id
    wrong = "url" in told
    assert (found.url, found.feed_url) == (("https://desk.example/",) * 2 if wrong else (origin.url, origin.feed_url))


def test_an_origin_without_a_name_is_called_by_its_source_or_the_site() -> None:
    nameless = replace(entry(1).origin or Origin("", "", "", "", NOON), title="")

    def called(site: str, **of: Any) -> str:
        one = entry(1, of=record(1, publisher=None, **of), origin=nameless)
        found = published_entry(one, TOPIC, replace(SITE, title=site), MARK)
        assert found.record.publisher == (found.origin and found.origin.title)
        return str(found.record.publisher)

    assert called("Desk") == "island"
    assert called(" The  Desk", source="") == "The Desk"
    assert called("", source="") == "copydesk"


def test_moments_are_whole_seconds_of_utc() -> None:
    east = datetime(2026, 3, 1, 14, 0, 5, 900_000, tzinfo=timezone(timedelta(hours=2)))
    found = shown(published=east, updated=east + timedelta(seconds=1))
    assert (found.published, found.updated) == (
        datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC),
        datetime(2026, 3, 1, 12, 0, 6, tzinfo=UTC),
    )
    assert found.published.tzinfo is UTC


def test_other_outlets_are_named_once_and_by_what_they_are_called() -> None:
    def at(n: int, title: str = "T", source: str = "wire", publisher: str = "The Wire") -> Copy:
        return Copy(f"https://wire.example/{n}" if n else "none", title, source, publisher, NOON)

    found = shown(
        copies=(at(1), at(1, "Again"), at(2, title=" "), at(3, publisher=" "), at(4, "", "", ""), at(0))
    ).copies
    assert [(one.url[-1], one.title, one.publisher) for one in found] == [
        ("1", "T", "The Wire"), ("2", "The Wire", "The Wire"), ("3", "T", "wire"),
        ("4", "https://wire.example/4", "https://wire.example/4"),
    ]  # fmt: skip


def test_categories_are_terms_that_clients_do_not_cut() -> None:
    told = (
        *(Category("harbour", "https://desk.example/t/", "The harbour"),) * 2,
        Category("ships, boats; <tugs>", "none", None), Category(" tide\n", None, ""), Category(",", None, "Nothing"),
    )  # fmt: skip
    assert shown(categories=told).categories == (
        Category("harbour", "https://desk.example/t/", "The harbour"),
        Category("ships boats tugs", None, "ships, boats; <tugs>"),
        Category("tide", None, None),
    )
    many = tuple(Category(f"c{n}", None, None) for n in range(MAX_CATEGORIES + 5))
    marking = replace(TOPIC, copies="mark")
    assert shown(marking, categories=many, copy_of="urn:1").categories == (*many[:MAX_CATEGORIES], MARK)
    assert MARK not in shown(marking).categories
    assert MARK not in shown(copy_of="urn:1").categories


def test_what_a_publisher_does_not_permit_is_not_shown() -> None:
    files = (File("https://courier.example/horn.mp3", "audio/mpeg", 4711),)
    free = shown(of={"files": files})
    assert [one.url for one in free.media] == [files[0].url] and "long story" in (free.content or "")
    held = shown(of={"files": files, "robots": ("noarchive",)})
    assert held.media == () and "long story" not in (held.content or "")
    assert "Island Post" in (held.content or "") and held.summary in (held.content or "")
    short = shown(of={"robots": ("max-snippet:20",)})
    assert 0 < len(short.summary) <= 21
    assert shown(of={"robots": ("max-snippet:0",)}).summary == short.record.title
    assert shown(of={"robots": ("max-image-preview:none",)}).image is None


@pytest.mark.parametrize(("images", "poster"), [("keep", True), ("strip", False), ("none", False)])
def test_stills_of_films_go_with_the_pictures(images: Any, poster: bool) -> None:
    html = "<p>Text.</p><figure><video src='https://a.example/a.mp4' poster='https://a.example/a.jpg'></video></figure>"
    of = {"html": html, "image": Image("https://a.example/b.png")}
    found = shown(replace(TOPIC, images=images), of=of)
    (film,) = [one for one in found.media if one.medium == "video"]
    assert (film.poster is not None) is poster
    assert (found.image.type if found.image else None) == (None if images == "none" else "image/png")
    proxied = shown(replace(TOPIC, images="proxy"), of=of)
    assert not any(one.poster for one in proxied.media), "without a key pictures are left out"
    site = replace(SITE, picture_key=b"k" * 16)
    ours = published_entry(entry(1, of=record(1, **of)), replace(TOPIC, images="proxy"), site, MARK)
    assert ours.image is not None
    assert ours.image.url.startswith("https://desk.example/") and ours.image.type is None
