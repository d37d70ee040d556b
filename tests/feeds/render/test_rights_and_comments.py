"""Licence, contributors and the place of comments, from a page or a feed to every format."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from feeds.compose.compose import compose
from feeds.compose.rights import in_rights
from feeds.model import Feed
from feeds.render import atom, jsonfeed, rss
from feeds.store import Store
from scrapers import File, Page, Past, Record, Seed, read_draft, read_links, to_record
from tests.support.feed_rules import ATOM, DC, broken
from tests.support.stories import FEED_ID, SITE, TOPIC, entry, record

ADDRESS = "https://courier.example/2026/11/the-ferry-is-late/"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEED = Seed(name="courier", home="https://courier.example/")
BODY = "".join(
    f"<p>For the {n}th time the ferry came late, and the harbour master had no answer to it.</p>" for n in range(9)
)
LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"


def read(head: str = "", data: str = "", body: str = "") -> Record:
    page = f"""<html lang="en"><head><title>The ferry is late</title>{head}<script type="application/ld+json">
    {{"@type": "NewsArticle", "headline": "The ferry is late", "datePublished": "2026-11-20T08:00:00Z",
    "author": {{"@type": "Person", "name": "Ada Marsh"}}{data}}}</script></head>
    <body><article><h1>The ferry is late</h1>{BODY}{body}</article></body></html>"""
    draft = read_draft(Page(ADDRESS, page.encode()), SEED, NOW)
    return to_record(draft, url=ADDRESS, seed=SEED, first_seen=NOW)


@pytest.mark.parametrize(
    ("head", "data", "body", "licence"),
    [
        ("", "", "", None),
        ('<link rel="license" href="/terms">', "", "", "https://courier.example/terms"),
        ("", f', "license": "{LICENCE}"', "", LICENCE),
        ("", f', "license": {{"@type": "CreativeWork", "url": "{LICENCE}"}}', "", LICENCE),
        ("", ', "license": "All rights reserved"', "", "All rights reserved"),
        ("", "", f'<p>Shared under <a rel="license" href="{LICENCE}">a licence</a>.</p>', LICENCE),
        (
            "",
            "",
            f'<figure><img src="a.jpg"><figcaption><a rel="license" href="{LICENCE}">CC</a></figcaption></figure>',
            None,
        ),
        ('<link rel="license" href="javascript:alert(1)">', "", "", None),
    ],
)
def test_the_licence_of_the_article_and_not_of_a_picture(head: str, data: str, body: str, licence: str | None) -> None:
    assert read(head, data, body).license == licence


def test_contributors_are_those_who_are_called_so_and_no_authors() -> None:
    told = read(data=', "contributor": [{"@type": "Person", "name": "Ben Quay"}, {"name": "Ada Marsh"}, "Cleo Strand"]')
    assert (told.authors, told.contributors) == (("Ada Marsh",), ("Ben Quay", "Cleo Strand"))
    assert read().contributors == ()


def test_the_comments_of_the_article_and_not_of_the_site() -> None:
    feeds = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="Feed" href="{address}">'
        for address in ("/feed/", "/comments/feed/", f"{ADDRESS}feed/", "https://elsewhere.example/2026/11/x/feed/")
    )
    told = read(feeds, ', "discussionUrl": "/talk/7"')
    assert (told.comments, told.comments_feed) == ("https://courier.example/talk/7", f"{ADDRESS}feed/")
    assert (read().comments, read().comments_feed) == (None, None)


def test_a_feed_tells_them_too() -> None:
    document = f"""<rss version="2.0" xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule"><channel><title>C</title><item>
    <title>The ferry is late</title><link>{ADDRESS}</link><description>It came late.</description>
    <dc:creator>Ada Marsh</dc:creator><dc:contributor>Ben Quay</dc:contributor><comments>{ADDRESS}#comments</comments>
    <wfw:commentRss>{ADDRESS}feed/</wfw:commentRss><creativeCommons:license>{LICENCE}</creativeCommons:license>
    </item></channel></rss>"""
    page = Page("https://courier.example/feed/", document.encode(), "application/rss+xml")
    (link,) = read_links(page, SEED, Past(), NOW).items
    hint = link.hint
    assert (hint.license, hint.contributors) == (LICENCE, ("Ben Quay",))
    assert (hint.comments, hint.comments_feed) == (f"{ADDRESS}#comments", f"{ADDRESS}feed/")


@pytest.mark.parametrize(
    ("licence", "told"),
    [
        (LICENCE, f"CC BY-SA 4.0 ({LICENCE})"),
        (
            "http://creativecommons.org/licenses/by/3.0/de/",
            "CC BY 3.0 DE (http://creativecommons.org/licenses/by/3.0/de/)",
        ),
        (
            "https://creativecommons.org/publicdomain/zero/1.0/deed.fr",
            "CC0 1.0 (https://creativecommons.org/publicdomain/zero/1.0/deed.fr)",
        ),
        ("https://courier.example/terms", "https://courier.example/terms"),
        ("All rights reserved", "All rights reserved"),
        (None, None),
    ],
)
def test_a_licence_in_words(licence: str | None, told: str | None) -> None:
    assert in_rights(licence) == told


def told_feed() -> Feed:
    full = replace(
        record(0),
        license=LICENCE,
        contributors=("Ben <Quay>", "Cleo Strand"),
        comments=f"{ADDRESS}#comments",
        comments_feed=f"{ADDRESS}feed/",
        files=(File(f"{ADDRESS}talk.mp3", "audio/mpeg", 4711),),
    )
    return compose(TOPIC, [entry(0, of=full), entry(1)], site=SITE, feed_id=FEED_ID)


def test_every_format_carries_what_it_can() -> None:
    feed = told_feed()
    documents = {"atom": atom(feed), "rss": rss(feed), "json": jsonfeed(feed)}
    assert {form: broken(data, form) for form, data in documents.items()} == {"atom": [], "rss": [], "json": []}
    first, second = etree.fromstring(documents["atom"]).findall(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}rights") == f"CC BY-SA 4.0 ({LICENCE})"
    assert [one.text for one in first.findall(f"{ATOM}contributor/{ATOM}name")] == ["Ben <Quay>", "Cleo Strand"]
    links = {(one.get("rel"), one.get("type"), one.get("href")) for one in first.findall(f"{ATOM}link")}
    assert ("license", None, LICENCE) in links
    assert ("replies", "text/html", f"{ADDRESS}#comments") in links
    assert ("replies", "application/rss+xml", f"{ADDRESS}feed/") in links
    assert second.find(f"{ATOM}rights") is None and second.find(f"{ATOM}contributor") is None
    item = etree.fromstring(documents["rss"]).find(".//item")
    assert item.findtext(f"{DC}rights") == f"CC BY-SA 4.0 ({LICENCE})"
    assert item.findtext("comments") == f"{ADDRESS}#comments"
    parsed = feedparser.parse(documents["rss"]).entries[0]
    assert parsed.wfw_commentrss == f"{ADDRESS}feed/"
    assert parsed.authors[0].name == "Ada Marsh"


def test_the_store_keeps_them(tmp_path: Path) -> None:
    store = Store(tmp_path / "desk.db")
    try:
        full = told_feed().entries[0].record
        with store.transaction():
            story = store.stories.add(full, NOW)
            number = store.records.add(full, story, "", NOW)
            plain = store.records.add(replace(record(1), url="https://courier.example/1"), story, "", NOW)
        kept, other = store.records.get(number), store.records.get(plain)
        assert kept is not None and other is not None
        for name in ("license", "contributors", "comments", "comments_feed", "files"):
            assert getattr(kept.record, name) == getattr(full, name)
            assert not getattr(other.record, name)
    finally:
        store.close()
