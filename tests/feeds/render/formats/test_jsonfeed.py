"""JSON Feed: each member of the document and of an item, there when it says something and absent when it does not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from feeds.model import Category, Entry, Feed, Media
from feeds.render import jsonfeed
from scrapers import Image
from tests.support.stories import entry, feed, record


def document(made: Feed) -> dict[str, Any]:
    """The document that is written."""
    found: dict[str, Any] = json.loads(jsonfeed(made))
    return found


def item(one: Entry, **of_feed: Any) -> dict[str, Any]:
    """The item of an entry, in a feed with these values."""
    (found,) = document(replace(feed(0), entries=(one,), **of_feed))["items"]
    return dict(found)


def test_a_document_says_what_the_feed_says_and_nothing_empty() -> None:
    bare = replace(feed(0), subtitle=None, icon=None, language=None, hubs=(), publisher="Desk", home_url="")
    assert document(bare) == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": bare.title,
        "home_page_url": bare.page_url,
        "feed_url": f"{bare.self_url}.json",
        "authors": [{"name": "Desk"}],
        "author": {"name": "Desk"},
        "items": [],
    }
    full = replace(
        bare,
        subtitle="Ships",
        icon="https://a.example/i.png",
        language="de",
        hubs=("https://hub.example/", "https://b.example/"),
        home_url="https://a.example/",
    )
    told = document(full)
    assert (told["description"], told["icon"], told["favicon"]) == ("Ships", full.icon, full.icon)
    assert told["language"] == "de"
    assert told["hubs"] == [{"type": "WebSub", "url": url} for url in full.hubs]
    assert told["authors"] == [{"name": "Desk", "url": "https://a.example/"}]


def test_only_the_entries_asked_for_are_written_in_utf_8_on_one_line() -> None:
    whole = feed(3)
    data = jsonfeed(whole, whole.entries[1:2])
    assert [one["id"] for one in json.loads(data)["items"]] == [whole.entries[1].id]
    assert data.endswith(b"}\n") and data.count(b"\n") == 1
    assert "Küstenblatt".encode() in jsonfeed(feed(3))


@pytest.mark.parametrize(
    ("of_record", "of_feed", "told"),
    [("de", "en", "de"), ("en", "en", None), (None, "en", None), ("de", None, "de"), (None, None, None)],
)
def test_an_item_tells_its_language_where_it_is_another_one(
    of_record: str | None, of_feed: str | None, told: str | None
) -> None:
    assert item(entry(of=record(language=of_record)), language=of_feed).get("language") == told


def test_an_item_has_its_content_as_html_else_its_summary_as_text() -> None:
    told = item(entry(content="<p>All of it</p>", summary="All"))
    assert (told["content_html"], told["summary"]) == ("<p>All of it</p>", "All")
    assert "content_text" not in told
    told = item(entry(content="", summary="In short"))
    assert (told["content_text"], told["summary"]) == ("In short", "In short")
    assert "content_html" not in told


def test_an_item_has_dates_address_and_who_it_is_of() -> None:
    one = entry(1)
    told = item(one)
    assert (told["id"], told["url"], told["title"]) == (one.id, one.record.url, one.record.title)
    assert told["date_published"] == one.published.isoformat()
    assert told["date_modified"] == one.updated.isoformat()
    assert told["authors"] == [{"name": "Ada Marsh"}, {"name": "Ben Quay"}]
    assert told["author"] == {"name": "Ada Marsh"}
    assert told["_source"] == {
        "id": one.origin.id, "title": one.origin.title, "url": one.origin.url,
        "feed_url": f"{one.origin.feed_url}.json",
    }  # fmt: skip
    assert "authors" not in item(entry(of=record(authors=())))


def test_tags_are_labels_each_once_and_copies_are_named() -> None:
    categories = (Category("a", "s", "Ships"), Category("b", "s", ""), Category("c", "s", "Ships"))
    told = item(entry(0, categories=categories))
    assert told["tags"] == ["Ships", "b"]
    assert told["_copies"] == [
        {"url": "https://wire.example/story/0", "title": f"Wire: {record(0).title}", "publisher": "The Wire & Co"}
    ]
    bare = item(entry(1, categories=()))
    assert "tags" not in bare and "_copies" not in bare


FILM = Media("https://a.example/film.mp4", "video", "video/mp4", length=7)
SOUND = Media("https://a.example/sound.mp3", "audio", "audio/mpeg")
PICTURE = Media("https://a.example/other.jpg", "image", "image/jpeg", length=9)
PLAYER = Media("https://play.example/1", "video", "text/html", player=True)


@pytest.mark.parametrize(
    ("image", "media", "attached"),
    [
        (None, (), None),
        (None, (PICTURE, PLAYER), None),
        (None, (FILM, SOUND), [(FILM.url, "video/mp4", 7), (SOUND.url, "audio/mpeg", None)]),
        (Image("https://a.example/i.jpg"), (), None),
        (Image("https://a.example/i.jpg", type="image/jpeg"), (), None),  # of no known length
        (Image("https://a.example/i.jpg", length=5), (), None),  # of no known type
        (Image("https://a.example/i.jpg", type="image/jpeg", length=5), (FILM,),
         [(FILM.url, "video/mp4", 7), ("https://a.example/i.jpg", "image/jpeg", 5)]),
    ],
)  # fmt: skip
def test_files_are_attached_with_what_is_known_of_them(
    image: Image | None, media: tuple[Media, ...], attached: list[tuple[str, str, int | None]] | None
) -> None:
    told = item(entry(image=image, media=media))
    assert told.get("image") == (image.url if image else None)
    wanted = attached and [
        {"url": url, "mime_type": kind} | ({"size_in_bytes": length} if length else {})
        for url, kind, length in attached
    ]
    assert told.get("attachments") == wanted


def test_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        jsonfeed(replace(feed(0), title="\ud800"))
