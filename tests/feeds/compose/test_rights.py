"""What is published of a page that holds something back (RELIABILITY R4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from feeds.app.cli.main import main
from feeds.compose.compose import compose
from feeds.compose.rights import Permit, in_words, permit
from feeds.model import Entry, Feed, Topic
from feeds.publish.write import sound
from feeds.store import open_store
from scrapers import Seed
from tests.support.stories import FEED_ID, SITE, TOPIC, entry, record


@pytest.mark.parametrize(
    ("directives", "allowed"),
    [
        ((), Permit()),
        (("noai", "noimageai"), Permit()),
        (("noindex",), Permit()),
        (("none",), Permit()),
        (("noarchive",), Permit(text=False)),
        (("nocache",), Permit(text=False)),
        (("nosnippet",), Permit(text=False, summary=0)),
        (("max-snippet:120",), Permit(text=False, summary=120)),
        (("max-snippet:120", "max-snippet:40", "noarchive"), Permit(text=False, summary=40)),
        (("nosnippet", "max-snippet:40"), Permit(text=False, summary=0)),
        (("max-image-preview:none",), Permit(picture=False)),
    ],
)
def test_what_the_directives_allow(directives: Sequence[str], allowed: Permit) -> None:
    assert permit(directives) == allowed


def said(*directives: str, private: bool = False, full_text: bool = True) -> Entry:
    return made(*directives, private=private, full_text=full_text).entries[0]


def made(*directives: str, private: bool = False, full_text: bool = True) -> Feed:
    topic = replace(TOPIC, private=private, full_text=full_text)
    one = entry(0, of=record(0, robots=directives))
    return compose(topic, [one, entry(1)], site=SITE, feed_id=FEED_ID)


def test_noarchive_leaves_headline_link_picture_and_summary() -> None:
    free, held = said(), said("noarchive")
    sentence = record(0).text.split("\n")[1].partition(" &")[0]
    assert sentence[:60] in free.content and sentence[:60] not in held.content
    assert f'to be read there: <a href="{held.record.url}"' in held.content
    assert (held.summary, held.image, held.record.title, held.record.url) == (
        free.summary,
        free.image,
        free.record.title,
        free.record.url,
    )
    assert (held.id, held.published, held.updated) == (free.id, free.published, free.updated)
    topic = Topic(name="courier", title="Courier", copies="all")
    one = entry(0, of=record(0, robots=("noarchive",)))
    source = compose(topic, [one], site=SITE, feed_id=FEED_ID, path="s/courier")
    assert sentence[:60] not in source.entries[0].content, "the feed of its source is public too"


def test_an_excerpt_is_as_long_as_the_page_allows() -> None:
    assert said("nosnippet").summary == said().record.title
    short = said("max-snippet:40")
    assert len(short.summary) <= 40 and said().summary.startswith(short.summary.removesuffix("…"))
    assert short.summary in short.content and said().summary not in short.content
    assert said("max-snippet:5000").summary == said().summary
    assert said("max-image-preview:none").image is None


def test_what_is_for_search_engines_and_trainers_changes_nothing() -> None:
    for directive in ("noindex", "none", "noai", "noimageai"):
        entry = said(directive)
        assert replace(entry, record=replace(entry.record, robots=())) == said()


def test_a_private_topic_shows_no_copy_to_the_public() -> None:
    assert said("noarchive", "nosnippet", private=True).content == said(private=True).content
    assert "to be read there" not in said("noarchive", private=True, full_text=False).content


def test_in_private_feeds_everything_is_shown_and_noted() -> None:
    one = entry(0, of=record(0, robots=("noarchive", "nosnippet", "max-image-preview:none")))
    site = replace(SITE, audience="private")
    shown = compose(TOPIC, [one], site=site, feed_id=FEED_ID).entries[0]
    assert shown.content == said().content and shown.image == said().image
    public = replace(TOPIC, audience="public")
    assert compose(public, [one], site=site, feed_id=FEED_ID).entries[0].image is None, "a topic may say it itself"
    assert "noted" in (in_words(("noarchive",), "private") or "")


def test_what_is_held_back_is_said_in_the_language_of_the_entry() -> None:
    one = entry(0, of=record(0, robots=("noarchive",), language="de-AT"))
    held = compose(TOPIC, [one], site=SITE, feed_id=FEED_ID).entries[0]
    assert "bittet darum, diesen Artikel dort zu lesen" in held.content
    told = compose(TOPIC, [entry(0, of=record(0, language="uk"))], site=SITE, feed_id=FEED_ID).entries[0]
    assert "Також у: " in told.content


def test_the_text_that_is_held_back_is_in_no_document() -> None:
    text = record(0).text.split("\n")[1]
    feed = made("nosnippet", "max-image-preview:none")
    documents, left_out = sound(replace(feed, entries=feed.entries[:1]))
    assert not left_out
    for data in documents.values():
        assert text.split(", ")[0].encode() not in data
        assert b"dawn-0.jpg" not in data
    assert all(b"dawn-0.jpg" in data for data in sound(made())[0].values())


def test_it_is_told_in_words() -> None:
    assert in_words(()) is None
    assert in_words(("noarchive",)) == "noarchive: public feeds leave out the text"
    assert in_words(("nosnippet", "max-image-preview:none")) == (
        "nosnippet, max-image-preview:none: public feeds leave out the text, the summary and the picture"
    )
    assert in_words(("max-snippet:40",)) == (
        "max-snippet:40: public feeds leave out the text and a summary beyond 40 characters"
    )
    assert in_words(("noai", "noindex")) == "noai, noindex: nothing follows from it for feeds"


def test_why_tells_what_a_page_said_and_where_a_private_topic_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        'contact = "mailto:desk@example.org"\nbase_url = "https://desk.example"\n[store]\nurl = "sqlite:copydesk.db"\n'
        '[[topics]]\nname = "open"\n[[topics]]\nname = "mine"\nprivate = true\n'
    )
    one = record(0, source="courier", robots=("noarchive",))
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sources.sync([Seed(name="courier", home="https://courier.example/")], one.published)
    store.topics.sync((Topic("open", "Open"), Topic("mine", "Mine", private=True)), one.published)
    with store.transaction():
        n = store.records.add(one, store.stories.add(one, one.published), "", one.published)
        store.stories.set_representative(1, n, "")
        store.topics.file_record(n, {"open": "everything", "mine": "everything"})
    store.close()
    assert main(["--config", str(config), "why", one.url]) == 0
    told = capsys.readouterr().out
    assert "page says noarchive: public feeds leave out the text" in told
    assert "https://desk.example/t/open.atom" in told
    assert "https://desk.example/t/TOKEN/mine.atom" in told
