"""Atom, RSS, JSON Feed: the rules of each format, and every field read back by a reader's parser."""

from __future__ import annotations

import json
import locale
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import feedparser
import pytest
from lxml import etree

from feeds.compose.compose import compose, compose_archive
from feeds.model import Feed, Publisher
from feeds.render import Outline, atom, jsonfeed, opml, rss
from scrapers import Image
from tests.support.feed_rules import ATOM, MEDIA, broken
from tests.support.other_process import printed
from tests.support.paths import ROOT
from tests.support.stories import FEED_ID, NOON, SITE, TOPIC, entry, feed, record

FORMATS: dict[str, Callable[[Feed], bytes]] = {"atom": atom, "rss": rss, "json": jsonfeed}
MARKUP = "<p>Fish &amp; chips cost &lt; £5, <em>they</em> say.</p><p>]]&gt; é 漢字 🚢</p>"


def documents() -> list[Feed]:
    """Feeds of every kind."""
    full = feed(12)
    bare = compose(
        replace(TOPIC, subtitle=None, language=None, full_text=False, images="none"),
        [entry(1, of=record(1, language=None, tags=(), authors=()), copies=(), categories=())],
        site=Publisher("Desk", "https://desk.example/below", rights="CC BY 4.0"),
        feed_id=FEED_ID,
    )
    archive = compose_archive(
        TOPIC, [entry(n) for n in range(4)], number=2, archives=[1, 2, 3], followed=True, site=SITE, feed_id=FEED_ID
    )
    foreign = compose(TOPIC, [entry(2, of=record(2, language="uk"))], site=SITE, feed_id=FEED_ID, archives=[1, 2, 3])
    enclosed = replace(record(4).image or Image(""), type="image/jpeg", length=48213)
    return [
        full,
        bare,
        archive,
        foreign,
        compose(TOPIC, [entry(4, of=record(4, image=enclosed))], site=SITE, feed_id=FEED_ID),
    ]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("made", documents(), ids=["full", "bare", "archive", "foreign", "enclosed"])
def test_no_rule_is_broken(made: Feed, form: str) -> None:
    assert broken(FORMATS[form](made), form) == []


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda d: d.replace(b"<feed ", b"<feed xmlns:x='urn:x' "), "declared and not used"),
        (lambda d: d.replace(b'rel="self"', b'rel="other"'), "self link"),
        (lambda d: d.replace(b"T12:00:00+00:00", b"T12:00:00.5+00:00"), "a date is"),
        (lambda d: d.replace(b"T11:20:01+00:00</updated>", b"T12:00:00+00:00</updated>"), "updated 2026"),
        (lambda d: d.replace(b"<name>Ada Marsh</name>", b"<name> </name>"), "author has no name"),
        (lambda d: d.replace(b'href="https://courier.example/news/1"', b'href="/news/1"'), "no absolute address"),
        (lambda d: d.replace(b'rel="related"', b'rel="alternate"'), "alternates"),
        (lambda d: d.replace(b"&lt;p&gt;Ferry", b'&lt;p onclick="x"&gt;Ferry'), "onclick"),
        (lambda d: d.replace(b"<title>Council", b"<title/><title>Council"), "RFC 4287"),
        (lambda d: d.replace(b"9000-000000000001", b"9000-000000000000"), "id urn"),
        (lambda d: d.replace(b"<published>", b"<colour>x</colour><published>"), "UndefinedElement"),
        (lambda d: d.replace(b'rel="related"', b'rel="cousin"'), "UnregisteredAtomLinkRel"),
        (lambda d: d.replace(b'rel="related"', b'rel="previous"'), "FeedHistoryRelInEntry"),
        (lambda d: d.replace(b'rel="related"', b'rel="related" hreflang="English"'), "InvalidLanguage"),
        (lambda d: d.replace(b'rel="related"', b'rel="related" colour="x"'), "UnexpectedAttribute"),
        (lambda d: d.replace(b"<name>Ada Marsh", b"<name>Ada &lt;b&gt;Marsh&lt;/b&gt;"), "ContainsHTML"),
        (lambda d: d.replace(b"<name>Ada Marsh", b"<name>Ada\xc2\x92s Marsh"), "BadCharacters"),
        (lambda d: d.replace(b"</title>", b"&amp;#39;</title>", 1), "ContainsUndeclaredHTML"),
        (lambda d: d.replace(b"&lt;p&gt;Ferry", b"&lt;blink&gt;Ferry"), "SecurityRisk"),
        (lambda d: d.replace(b"&lt;p&gt;Ferry", b'&lt;p contenteditable="x"&gt;Ferry'), "SecurityRiskAttr"),
        (lambda d: d.replace(b"</feed>", b"<rights>All</rights></feed>"), "MisplacedMetadata"),
    ],
)  # fmt: skip
def test_the_rules_see_a_spoilt_document(spoil: Callable[[bytes], bytes], rule: str) -> None:
    assert any(rule in told for told in broken(spoil(atom(feed(3))), "atom"))


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda d: d.replace(b"<pubDate>Fri", b"<pubDate>Sat"), "IncorrectDOW"),
        (lambda d: d.replace(b"<guid", b"<dc:subject>x</dc:subject><guid"), "DuplicateSemantics"),
        (lambda d: d.replace(b"</channel>", b"<ttl>30</ttl></channel>"), "MisplacedItem"),
        (lambda d: d.replace(b"<language>en", b"<language>English"), "InvalidLanguage"),
        (lambda d: d.replace(b"<guid", b"<media:content type='image'/><guid"), "InvalidMIMEAttribute"),
        (lambda d: d.replace(b"<guid", b"<media:content width='wide'/><guid"), "InvalidPositiveInteger"),
        (lambda d: d.replace(b"<guid", b"<media:group/><guid"), "MediaGroupWithoutAlternatives"),
        (lambda d: d.replace(b"<guid", b"<media:title type=''>a</media:title><guid"), "InvalidMediaTextType"),
        (lambda d: d.replace(b"<guid", b"<media:title>a &amp;quot;b</media:title><guid"), "ContainsUndeclaredHTML"),
    ],
)  # fmt: skip
def test_the_rules_see_a_spoilt_rss_document(spoil: Callable[[bytes], bytes], rule: str) -> None:
    assert any(rule in told for told in broken(spoil(rss(feed(3))), "rss"))


def parsed(data: bytes) -> feedparser.FeedParserDict:
    return feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_feedparser_reads_every_field_back(form: str) -> None:
    made = compose(
        replace(TOPIC, title="Ships & <boats>"),
        [entry(n, of=record(n, title=f"{n} < 5 & “so” &amp; on", html=MARKUP)) for n in range(6)],
        site=SITE,
        feed_id=FEED_ID,
    )
    read = parsed(FORMATS[form](made))
    assert not read.bozo
    assert read.feed.title == "Ships & <boats>"
    assert read.feed.subtitle == TOPIC.subtitle
    assert read.feed.language == "en"
    assert read.feed.link == made.page_url
    assert {link.href for link in read.feed.links if link.rel == "hub"} == {"https://desk.example/hub"}
    assert [link.href for link in read.feed.links if link.rel == "self"] == [f"https://desk.example/t/harbour.{form}"]
    assert len(read.entries) == 6
    for got, sent in zip(read.entries, made.entries, strict=True):
        assert got.id == sent.id
        assert got.title == sent.record.title
        assert got.link == sent.record.url
        assert got.summary == sent.summary
        assert got.content[0].value == sent.content
        assert got.content[0].type == "text/html"
        assert [author.name for author in got.authors] == list(sent.record.authors)
        assert got.published_parsed[:6] == sent.published.timetuple()[:6]
        assert {tag.scheme for tag in got.tags} == {category.scheme for category in sent.categories}
        assert got.source.title == sent.origin.title
        assert sent.image is not None
        assert got.media_content[0]["url"] == got.media_thumbnail[0]["url"] == sent.image.url
        assert got.media_credit[0]["content"] == "Cleo Strand"
        if form == "atom":
            assert got.updated_parsed[:6] == sent.updated.timetuple()[:6]
            related = [(link.href, link.title) for link in got.links if link.rel == "related"]
            assert related == [(copy.url, f"{copy.publisher}: {copy.title}") for copy in sent.copies]
            assert got.source.id == sent.origin.id
            assert got.source.link == sent.origin.url


def test_json_says_the_same() -> None:
    made = feed(6)
    read = json.loads(jsonfeed(made))
    assert read["hubs"] == [{"type": "WebSub", "url": "https://desk.example/hub"}]
    assert read["home_page_url"] == made.page_url
    for got, sent in zip(read["items"], made.entries, strict=True):
        assert (got["id"], got["url"], got["title"]) == (sent.id, sent.record.url, sent.record.title)
        assert (got["content_html"], got["summary"]) == (sent.content, sent.summary)
        assert [author["name"] for author in got["authors"]] == list(sent.record.authors)
        assert got["date_published"] == sent.published.isoformat()
        assert got["date_modified"] == sent.updated.isoformat()
        assert got["tags"] == [category.label for category in sent.categories]
        assert sent.image is not None
        assert got["image"] == sent.image.url


def test_the_three_pictures_agree() -> None:
    read = parsed(atom(documents()[4])).entries[0]
    enclosure = read.enclosures[0]
    assert (enclosure.type, enclosure.length) == ("image/jpeg", "48213")
    first = read.content[0].value.partition('<img src="')[2].partition('"')[0]
    assert enclosure.href == read.media_content[0]["url"] == first
    assert read.link == record(4).url  # and not the picture


def test_a_picture_of_unknown_size_is_no_enclosure() -> None:
    read = parsed(atom(feed(1))).entries[0]
    assert read.enclosures == []
    assert etree.fromstring(rss(feed(1))).find("channel/item/enclosure") is None


def test_languages_stand_where_they_differ() -> None:
    root = etree.fromstring(
        atom(compose(TOPIC, [entry(0), entry(1, of=record(1, language="uk"))], site=SITE, feed_id="urn:x:1"))
    )
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert root.get(lang) == "en"
    assert [one.get(lang) for one in root.findall(f"{ATOM}entry")] == [None, "uk"]
    assert [link.get("hreflang") for link in root.findall(f"{ATOM}entry/{ATOM}link[@rel='alternate']")] == ["en", "uk"]


def test_titles_of_rss_cannot_be_taken_for_markup() -> None:
    data = rss(
        compose(TOPIC, [entry(0, of=record(0, title="AT&T: 1 < 2, <b>bold</b> &lt;"))], site=SITE, feed_id=FEED_ID)
    )
    assert b"<title>AT&#x26;T: 1 &#x3C; 2, &#x3C;b&gt;bold&#x3C;/b&gt; &#x26;lt;</title>" in data
    assert parsed(data).entries[0].title == "AT&T: 1 < 2, <b>bold</b> &lt;"


def test_archive_documents_are_marked_and_linked() -> None:
    archive = documents()[2]
    for form in ("atom", "rss"):
        root = etree.fromstring(FORMATS[form](archive))
        assert root.find(".//{http://purl.org/syndication/history/1.0}archive") is not None
        frame = root if form == "atom" else root.find("channel")
        assert frame is not None
        links = {link.get("rel"): link.get("href") or "" for link in frame.findall(f"{ATOM}link")}
        assert links["current"] == "https://desk.example/t/harbour.atom"
        assert links["prev-archive"].endswith("/t/harbour/archive-000001.atom")
        assert links["next-archive"].endswith("/t/harbour/archive-000003.atom")
        assert links["self"].endswith(f"/t/harbour/archive-000002.{form}")
    root = etree.fromstring(atom(documents()[3]))
    assert root.find("{http://purl.org/syndication/history/1.0}archive") is None
    assert root.find(f"{ATOM}link[@rel='prev-archive']").get("href").endswith("archive-000003.atom")  # type: ignore[union-attr]


def test_media_is_not_grouped_and_captions_are_there() -> None:
    for form in ("atom", "rss"):
        content = etree.fromstring(FORMATS[form](feed(1))).find(f".//{MEDIA}content")
        assert content is not None
        assert content.getparent().tag in (f"{ATOM}entry", "item")
        assert (content.get("medium"), content.get("width"), content.get("height")) == ("image", "1200", "800")
        told = "description" if form == "atom" else "title"  # a description in RSS would be the item's to feedparser
        assert content.findtext(f"{MEDIA}{told}") == "The harbour at dawn, picture 0"


_PRINT = """
import sys
sys.path[:0] = sys.argv[1:2]
from hashlib import sha256
from tests.support.stories import feed
from feeds.render.pages import feed_page
from feeds.render import atom, jsonfeed, rss
for render in (atom, rss, jsonfeed, feed_page):
    print(sha256(render(feed(40))).hexdigest())
"""


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "PYTHONHASHSEED": "2", "LC_ALL": "C"},
        {"LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "3", "PYTHONUTF8": "0", "PYTHONOPTIMIZE": "2"},
    ],
)
def test_the_same_bytes_in_any_process(environment: dict[str, str]) -> None:
    from feeds.render.pages import feed_page

    here = [sha256(render(feed(40))).hexdigest() for render in (atom, rss, jsonfeed, feed_page)]
    assert printed(_PRINT, str(ROOT), environment=environment).split() == here


def test_threads_may_render_and_the_locale_of_the_process_stays() -> None:
    made = feed(20)
    expected = {form: render(made) for form, render in FORMATS.items()}
    before = locale.setlocale(locale.LC_ALL)
    wrong: list[str] = []

    def work() -> None:
        for _ in range(5):
            wrong.extend(form for form, render in FORMATS.items() if render(made) != expected[form])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert locale.setlocale(locale.LC_ALL) == before


def test_rss_never_asks_for_another_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise AssertionError("the locale of the process is not ours")

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert rss(feed(3))


def test_opml_lists_folders_of_atom_feeds() -> None:
    data = opml(
        "The <desk>",
        [
            ("Topics", [Outline("Ships & boats", "https://desk.example/t/ships", "All of them", "en")]),
            ("Empty", []),
            ("Sources", [Outline("Küstenblatt", "https://desk.example/s/kueste")]),
        ],
    )
    root = etree.fromstring(data)
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "The <desk>")
    assert [folder.get("text") for folder in root.findall("body/outline")] == ["Topics", "Sources"]
    first, second = root.findall("body/outline/outline")
    assert dict(first.attrib) == {
        "type": "rss",
        "text": "Ships & boats",
        "title": "Ships & boats",
        "xmlUrl": "https://desk.example/t/ships.atom",
        "htmlUrl": "https://desk.example/t/ships",
        "language": "en",
        "description": "All of them",
    }
    assert second.get("language") is None
    assert broken(data, "opml") == []
    nothing = opml("The desk", [("Topics", []), ("Sources", [])])
    assert broken(nothing, "opml") == []


def test_a_revision_changes_updated_alone() -> None:
    revised = entry(0, of=record(0, title="Corrected"), updated=NOON + timedelta(hours=1))
    before, after = feed(1), compose(TOPIC, [revised], site=SITE, feed_id=FEED_ID)
    old, new = parsed(atom(before)), parsed(atom(after))
    assert (old.entries[0].id, old.entries[0].published) == (new.entries[0].id, new.entries[0].published)
    assert new.entries[0].updated == new.feed.updated == "2026-11-20T13:00:00+00:00"
