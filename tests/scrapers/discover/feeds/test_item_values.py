"""Each value of an item of a feed and of an entry of a sitemap, in every shape in which they come."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from scrapers.discover import discover, sitemaps_of_robots
from scrapers.discover.feeds import sitemap, syndication
from scrapers.discover.feeds.xml_guard import root_name
from scrapers.model import Draft, File, Image, Links, Page
from scrapers.seed.seed import Seed

NOW = datetime(2026, 3, 12, 12, tzinfo=UTC)
LINK = "<link>https://courier.example/quay</link>"
SEED = Seed(name="courier", home="https://courier.example/", language="fr", timezone="Europe/Berlin")
FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/"><channel><title>Courier</title><link>https://courier.example/</link>
 HEAD<item>BODY</item></channel></rss>"""


def read(body: str, head: str = "", seed: Seed | None = None) -> Links:
    text = FEED.replace("HEAD", head).replace("BODY", body)
    return syndication.read(Page("https://courier.example/feed", text.encode(), "application/rss+xml"), seed, now=NOW)


def hint(body: str, head: str = "", seed: Seed | None = None) -> Draft:
    (item,) = read(LINK + body, head, seed).items
    return item.hint


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (LINK, "https://courier.example/quay"),
        ("<link>/quay a</link>", "https://courier.example/quay%20a"),
        ("<guid>https://courier.example/g</guid>", "https://courier.example/g"),
        ('<guid isPermaLink="false">https://courier.example/g</guid>', "https://courier.example/g"),
        (
            "<link>https://courier.example/feed</link><guid>https://courier.example/x</guid>",
            "https://courier.example/x",
        ),
        (f"<feedburner:origLink>https://courier.example/o</feedburner:origLink>{LINK}", "https://courier.example/o"),
        ('<atom:link rel="related" href="/r"/>', "https://courier.example/r"),
        ("<link>https://courier.example/feed</link>", None),
        ("<title>Quay</title>", None),
    ],
)
def test_the_address_of_an_item(body: str, url: str | None) -> None:
    found = read(body)
    assert [one.url for one in found.items] == ([] if url is None else [url])
    assert found.notes == (("item 1 has no address",) if url is None else ())


def test_the_address_through_a_feed_service_is_an_alias() -> None:
    (item,) = read(f"<feedburner:origLink>https://courier.example/o</feedburner:origLink>{LINK}").items
    assert item.hint.aliases == ("https://courier.example/quay",)
    assert hint('<guid isPermaLink="false">https://courier.example/?p=1</guid>').aliases == ()
    assert hint('<guid isPermaLink="false">hp-1</guid>').guid == "hp-1"
    assert len(hint(f'<guid isPermaLink="false">{"g" * 3000}</guid>').guid or "") == 2000


LONG = "long text " * 160


@pytest.mark.parametrize(
    ("body", "subtitle", "text"),
    [
        ("<description>Short one.</description>", "Short one.", None),
        (f"<description>&lt;p&gt;{LONG}</description>", None, LONG.strip()),
        (
            "<content:encoded>&lt;p&gt;The whole.&lt;/p&gt;</content:encoded><description>In short</description>",
            "In short",
            "The whole.",
        ),
        (
            "<content:encoded>&lt;p&gt;One.&lt;/p&gt;</content:encoded><description>&lt;p&gt;One.&lt;/p&gt;</description>",
            None,
            "One.",
        ),
        ("", None, None),
    ],
)
def test_summary_and_whole_text(body: str, subtitle: str | None, text: str | None) -> None:
    found = hint(body)
    assert (found.subtitle, found.text) == (subtitle, text)
    assert (found.html is None) is (text is None)


def test_a_long_summary_without_paragraphs_is_a_summary() -> None:
    found = hint(f"<description>{LONG}</description>")
    assert found.text is None
    assert found.subtitle is not None
    assert found.subtitle.startswith("long text")


@pytest.mark.parametrize(
    ("body", "published", "updated"),
    [
        ("<pubDate>Tue, 10 Mar 2026 08:30:00 +0200</pubDate>", "2026-03-10T08:30:00+02:00", None),
        ("<dc:date>2026-03-10T08:30:00Z</dc:date>", "2026-03-10T08:30:00+00:00", None),
        ("<atom:updated>2026-03-11T08:30:00Z</atom:updated>", "2026-03-11T08:30:00+00:00", None),
        (
            "<pubDate>Tue, 10 Mar 2026 08:30:00 +0200</pubDate><atom:updated>2026-03-11T08:30:00Z</atom:updated>",
            "2026-03-10T08:30:00+02:00",
            "2026-03-11T08:30:00+00:00",
        ),
        ("<pubDate>soon</pubDate>", None, None),
        ("", None, None),
    ],
)
def test_dates(body: str, published: str | None, updated: str | None) -> None:
    found = hint(body, seed=SEED)
    assert (found.published, found.updated) == (published, updated)


@pytest.mark.parametrize(
    ("body", "authors", "contributors"),
    [
        ("<dc:creator>Ada Vos</dc:creator><dc:creator>Ada Vos</dc:creator>", ("Ada Vos",), ()),
        ("<author>desk@courier.example (Ada Vos)</author>", ("Ada Vos",), ()),
        ("<author>desk@courier.example</author>", (), ()),
        ("<dc:contributor>Ben Roe</dc:contributor>", (), ("Ben Roe",)),
        ("", (), ()),
    ],
)
def test_people(body: str, authors: tuple[str, ...], contributors: tuple[str, ...]) -> None:
    found = hint(body)
    assert (found.authors, found.contributors) == (authors, contributors)


SOUND, PICTURE = "https://courier.example/a.mp3", "https://courier.example/a.jpg"


@pytest.mark.parametrize(
    ("body", "files", "image"),
    [
        ('<enclosure url="/a.mp3" type="Audio/MPEG; x" length="12"/>', (File(SOUND, "audio/mpeg", 12),), None),
        ('<enclosure url="/a.mp3" type="audio/mpeg" length="1"/>', (File(SOUND, "audio/mpeg"),), None),
        (
            '<enclosure url="/a.mp3" type="audio/mpeg" length="123456789012"/>',
            (File(SOUND, "audio/mpeg", 123456789012),),
            None,
        ),
        ('<enclosure url="/a.mp3" type="audio/mpeg" length="1234567890123"/>', (File(SOUND, "audio/mpeg"),), None),
        ('<enclosure url="/a.jpg" type="image/jpeg" length="50"/>', (), Image(PICTURE)),
        ('<enclosure url="/a.jpg" type="" length="50"/>', (), Image(PICTURE)),
        ('<enclosure url="/a.pdf" type="application/pdf"/>', (), None),
        (
            '<media:content url="/b.jpg" medium="image" width="100" height="50"/>'
            '<media:content url="/a.jpg" medium="image" width="300"/><media:thumbnail url="/t.jpg" width="200"/>',
            (),
            Image(PICTURE, width=300),
        ),
        ('<media:content url="/a.jpg" type="image/jpeg"/>', (), Image(PICTURE)),
        ('<media:content url="/a.jpg" medium="image" width="99999"/>', (), Image(PICTURE, width=99999)),
        ('<media:content url="/a.jpg" medium="image" width="100000"/>', (), Image(PICTURE)),
        ('<media:content url="/a.jpg" medium="image"/><media:thumbnail url="/t.jpg"/>', (), Image(PICTURE)),
        ('<media:content url="/a" width="100"/>', (), Image("https://courier.example/a", width=100)),
        ('<media:content url="/a"/>', (), None),
        ('<media:content url="/a.mp4" medium="video" width="900"/>', (), None),
        (
            '<description>&lt;img alt="" src="https://courier.example/i.jpg?a=1&amp;amp;b=2"&gt; Boats</description>',
            (),
            Image("https://courier.example/i.jpg?a=1&b=2"),
        ),
        ('<description>&lt;img src="/a.j"&gt; Boats</description>', (), None),
    ],
)
def test_files_and_the_picture(body: str, files: tuple[File, ...], image: Image | None) -> None:
    found = hint(body)
    assert (found.files, found.image) == (files, image)


def test_tags_are_kept_once_and_bounded() -> None:
    assert hint("<category>sea</category><category>sea</category><category> </category>").tags == ("sea",)
    assert len(hint("".join(f"<category>t{n}</category>" for n in range(31))).tags) == 30


def test_the_addresses_of_comments_and_licence() -> None:
    found = hint("<comments>/quay#talk</comments><wfw:commentRss>/quay/feed</wfw:commentRss>")
    assert (found.comments, found.comments_feed) == (
        "https://courier.example/quay#talk",
        "https://courier.example/quay/feed",
    )
    linked = hint(
        '<atom:link rel="replies" type="application/atom+xml" href="/rf"/>'
        '<atom:link rel="replies" type="text/html" href="/r"/><atom:link rel="license" href="https://l.example/"/>'
    )
    assert (linked.comments, linked.comments_feed, linked.license) == (
        "https://courier.example/r",
        "https://courier.example/rf",
        "https://l.example/",
    )


def test_the_language_of_the_item_of_the_feed_or_of_the_seed() -> None:
    assert hint("", seed=SEED).language == "fr"
    assert hint("", "<language>de</language>", SEED).language == "de"
    assert hint('<title xml:lang="it">Molo</title>', "<language>de</language>", SEED).language == "it"
    assert hint("").language is None


def test_what_the_feed_says_of_itself() -> None:
    found = read(LINK + "<title>Quay</title>", '<atom:link rel="next" href="/feed?page=2"/><language>de</language>')
    assert (found.next_page, found.title, found.language) == ("https://courier.example/feed?page=2", "Courier", "de")
    (item,) = found.items
    assert (item.way, item.position) == ("rss", 0)
    assert item.hint.witnesses == {"title": "feed", "language": "feed"}
    assert read(LINK).next_page is None


def mapped(body: str, name: str = "urlset") -> Links:
    text = (
        f'<?xml version="1.0"?><{name} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        f' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{body}</{name}>'
    )
    return sitemap.read(Page("https://courier.example/map.xml", text.encode(), "application/xml"), None, now=NOW)


def url(place: str, more: str = "") -> str:
    return f"<url><loc>{place}</loc>{more}</url>"


def test_entries_of_a_news_sitemap() -> None:
    def news(title: str, day: str, words: str = "") -> str:
        return (
            "<news:news><news:publication><news:name>Courier</news:name><news:language>en</news:language>"
            f"</news:publication><news:publication_date>{day}</news:publication_date>"
            f"<news:title>{title}</news:title><news:keywords>{words}</news:keywords></news:news>"
        )

    pictured = "<lastmod>2026-03-12</lastmod><image:image><image:loc>/i.jpg</image:loc></image:image>"
    found = mapped(
        url("/quay", news("Quay", "2026-03-10", "sea, port,,")) + url("/ferry", news("Ferry", "2026-03-11") + pictured)
    )
    assert [(one.url, one.way, one.position) for one in found.items] == [
        ("https://courier.example/ferry", "sitemap", 0),
        ("https://courier.example/quay", "sitemap", 1),
    ]
    ferry, quay = (one.hint for one in found.items)
    assert quay == Draft(
        title="Quay",
        published="2026-03-10",
        tags=("sea", "port"),
        language="en",
        publisher="Courier",
        witnesses={"title": "news sitemap", "published": "news sitemap", "tags": "news sitemap"},
    )
    assert ferry == Draft(
        title="Ferry",
        published="2026-03-11",
        updated="2026-03-12",
        language="en",
        publisher="Courier",
        image=Image("https://courier.example/i.jpg"),
        witnesses={"title": "news sitemap", "published": "news sitemap", "image": "sitemap"},
    )


OLD, NEW = "https://courier.example/2026/03/the-old-quay-closed", "https://courier.example/2026/03/the-new-quay-opened"


def test_entries_of_a_plain_sitemap_are_those_that_may_be_stories_the_newest_first() -> None:
    first, second = "<lastmod>2026-03-01</lastmod>", "<lastmod>2026-03-02</lastmod>"
    found = mapped(url(OLD, first) + url(NEW, second) + url("/a.pdf") + url("/about") + url(""))
    assert [(one.url, one.hint.updated) for one in found.items] == [(NEW, "2026-03-02"), (OLD, "2026-03-01")]
    built = mapped(url(OLD, first) + url(NEW, first))
    assert [(one.url, one.hint.updated) for one in built.items] == [(OLD, None), (NEW, None)]


def test_children_of_an_index() -> None:
    dated = "<lastmod>2026-03-01</lastmod>"
    names = {"posts-1": "", "posts-2": "", "news": "", "newsletter": "", "authors": "", "tags": dated, "pages": dated}
    index = "".join(f"<sitemap><loc>/{name}.xml</loc>{more}</sitemap>" for name, more in names.items())
    found = mapped(index + "<sitemap><loc>/map.xml</loc></sitemap><sitemap/>", "sitemapindex").sitemaps
    assert [one.removeprefix("https://courier.example/") for one in found] == [
        "news.xml", "posts-2.xml", "posts-1.xml", "newsletter.xml", "pages.xml", "tags.xml",
    ]  # fmt: skip


def test_an_index_by_another_name() -> None:
    assert mapped(url("/a.xml") + url("/b.xml.gz?x=1") + url(OLD)).sitemaps == (
        "https://courier.example/b.xml.gz?x=1",
        "https://courier.example/a.xml",
    )
    half = mapped(url("/a.xml") + url(OLD))
    assert half.sitemaps == ()
    assert OLD in [one.url for one in half.items]


def test_a_list_of_addresses_and_the_sitemaps_of_robots() -> None:
    text = b"https://courier.example/a\n  /b\nhttp://courier.example/c \nx"
    found: Any = sitemap.read_text(Page("https://courier.example/map.txt", text, "text/plain")).items
    assert [(one.url, one.way, one.position) for one in found] == [
        ("https://courier.example/a", "sitemap", 0),
        ("http://courier.example/c", "sitemap", 1),
    ]
    robots = (
        "Sitemap: https://c.example/a.xml # daily\nsitemap:https://c.example/b.xml\nSITEMAP : /c.xml\nUser-agent: *\n"
        "Sitemap: https://c.example/a.xml\nSitemap : https://c.example/d.xml\nSitemap"
    )
    assert sitemaps_of_robots(robots) == tuple(f"https://c.example/{one}.xml" for one in "abd")
    many = "\n".join(f"Sitemap: https://c.example/{n}.xml" for n in range(51))
    assert len(sitemaps_of_robots(many)) == 50


def test_a_bare_ampersand_before_letters_is_no_entity() -> None:
    document = (
        '<rss version="2.0"><channel><title>Post</title><item><title>AT&T opens at Q&A corner</title>'
        "<link><![CDATA[https://post.example/a?x=1&y=2]]></link>"
        "<description><![CDATA[R&D <b>& more</b>]]></description></item></channel></rss>"
    )
    (item,) = discover(Page("https://post.example/feed", document.encode(), "application/rss+xml")).items
    assert (item.url, item.hint.title, item.hint.subtitle) == (
        "https://post.example/a?x=1&y=2",
        "AT&T opens at Q&A corner",
        "R&D & more",
    )


def test_the_name_of_a_document_s_first_element() -> None:
    for head, name in (
        ("<rss/>", "rss"),
        ("\ufeff <?xml version='1.0'?>\n<!-- <feed> --><rdf:RDF>", "rdf"),
        ("<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>", "rss"),
        ("<!DOCTYPE html><HTML>", "html"),
        ("<!--a--><!-- -- > --><urlset>", "urlset"),
        ("<a:b-c.d>", "b-c.d"),
        ("<!-- never ends", ""),
        ("<!DOCTYPE rss [<!ENTITY", ""),
        ("<?xml", ""),
        ("x<rss>", ""),
        ("<1>", ""),
        ("", ""),
    ):
        assert root_name(head) == name, head
