"""Feeds of every kind → links, and what must never pass the gate."""

# ruff: noqa: E501  the markup of samples stays on its line

import gzip
import json

import pytest

from scrapers import Discover, Page, PageChanged, ReadFailed, Seed
from scrapers.discover import discover
from scrapers.discover.feeds import syndication
from tests.support.timing import least

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>The Harbour Post</title><link>https://harbour.example/</link>
<language>en-GB</language>
<item><title><![CDATA[Ferry &#8216;Marigold&#8217; back in service]]></title><link>https://harbour.example/2026/05/ferry-back</link>
<guid isPermaLink="false">hp-1001</guid><pubDate>Tue, 12 May 2026 08:30:00 +0200</pubDate><dc:creator>Ines Okafor</dc:creator>
<category>Port</category><category>Transport</category><description>The ferry sails &lt;b&gt;again&lt;/b&gt;.</description>
<content:encoded><![CDATA[<p>The ferry sails again.</p><p>It had been in the yard for a month.</p>]]></content:encoded>
<media:content url="https://harbour.example/img/ferry.jpg" medium="image" width="1200" height="800"/></item>
<item><title>No address here</title></item>
<item><title>AT&amp;amp;T opens a shop&nbsp;downtown</title><link>/2026/05/shop</link><pubDate>Mon, 11 May 2026 10:00:00 GMT</pubDate>
<enclosure url="https://harbour.example/img/shop.png" length="0" type="image/png"/></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Talblatt</title>
<link rel="self" href="https://tal.example/feed.atom"/><link rel="next" href="/feed.atom?page=2"/>
<entry><title type="html">Neue &lt;em&gt;Brücke&lt;/em&gt;</title><id>tag:tal.example,2026:7</id>
<link rel="alternate" href="https://tal.example/bruecke"/><updated>2026-03-02T10:00:00Z</updated>
<published>2026-03-01T09:00:00+01:00</published><author><name>Jo Berg</name></author><summary>Kurz.</summary></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://old.example/"><title>Old News</title></channel>
<item rdf:about="https://old.example/1"><title>One</title><link>https://old.example/1</link><dc:date>2026-01-02T03:04:05Z</dc:date></item>
</rdf:RDF>"""


def feed(body: str | bytes, url: str = "https://harbour.example/feed", kind: str = "application/rss+xml") -> Page:
    return Page(url, body.encode() if isinstance(body, str) else body, kind)


def test_rss_item_tells_everything_it_knows() -> None:
    links = discover(feed(RSS))
    ferry, shop = links.items
    assert (links.title, links.language) == ("The Harbour Post", "en-GB")
    assert ferry.way == "rss" and ferry.position == 0
    assert ferry.hint.title == "Ferry ‘Marigold’ back in service"
    assert ferry.hint.published == "2026-05-12T08:30:00+02:00"
    assert ferry.hint.authors == ("Ines Okafor",)
    assert ferry.hint.tags == ("Port", "Transport")
    assert ferry.hint.guid == "hp-1001" and ferry.hint.aliases == ()
    assert ferry.hint.subtitle == "The ferry sails again."
    assert ferry.hint.text == "The ferry sails again.\nIt had been in the yard for a month."
    assert ferry.hint.html is not None and ferry.hint.html.startswith("<p>")
    assert ferry.hint.image is not None and ferry.hint.image.url == "https://harbour.example/img/ferry.jpg"
    assert ferry.hint.image.width == 1200
    assert ferry.hint.witnesses["title"] == "feed"
    assert shop.url == "https://harbour.example/2026/05/shop"
    assert shop.hint.title == "AT&T opens a shop downtown"
    assert shop.hint.image is not None and shop.hint.image.url.endswith("shop.png")


def test_an_item_without_address_is_said_and_the_others_stay() -> None:
    links = discover(feed(RSS))
    assert len(links.items) == 2
    assert links.notes == ("item 2 has no address",)


@pytest.mark.parametrize("nowhere", ["//", "?", "#", "https://harbour.example/feed", "/feed#top", "/feed?utm_source=x"])
def test_an_item_that_leads_to_the_feed_or_to_nothing_is_no_story(nowhere: str) -> None:
    items = (
        f"<item><title>Nowhere</title><link>{nowhere}</link></item><item><title>Here</title><link>/2026/a</link></item>"
    )
    links = discover(feed(f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"))
    assert [link.url for link in links.items] == ["https://harbour.example/2026/a"]


def test_atom() -> None:
    links = discover(feed(ATOM, "https://tal.example/feed.atom", "application/atom+xml"))
    (entry,) = links.items
    assert entry.hint.title == "Neue Brücke"
    assert entry.hint.published == "2026-03-01T09:00:00+01:00"
    assert entry.hint.updated == "2026-03-02T10:00:00+00:00"
    assert entry.hint.authors == ("Jo Berg",)
    assert links.next_page == "https://tal.example/feed.atom?page=2"


def test_rdf() -> None:
    (item,) = discover(feed(RDF, "https://old.example/rss", "application/rdf+xml")).items
    assert (item.hint.title, item.hint.published) == ("One", "2026-01-02T03:04:05+00:00")


@pytest.mark.parametrize("kind", ["text/xml", "application/xml", "text/html", "text/plain"])
def test_the_bytes_tell_a_feed_whatever_the_label(kind: str) -> None:
    assert len(discover(feed(RSS, kind=kind)).items) == 2


def test_json_feed() -> None:
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Field Notes",
        "items": [
            {
                "id": "https://field.example/a",
                "url": "https://field.example/a",
                "title": "Larks &amp; linnets",
                "content_html": "<p>They sing.</p>",
                "date_published": "2026-04-01T06:00:00Z",
                "authors": [{"name": "Ana Lima"}],
                "image": "/a.jpg",
                "tags": ["birds"],
            },
            {"id": "7", "title": "no address"},
        ],
    }
    links = discover(feed(json.dumps(told), "https://field.example/feed.json", "application/feed+json"))
    (item,) = links.items
    assert item.way == "rss" and item.hint.title == "Larks & linnets" and item.hint.text == "They sing."
    assert item.hint.image is not None and item.hint.image.url == "https://field.example/a.jpg"
    assert links.notes == ("item 2 has no address",)


def test_wordpress_rest() -> None:
    post = {
        "id": 5,
        "link": "https://wp.example/a/",
        "title": {"rendered": "Rain &#8211; at last"},
        "excerpt": {"rendered": "<p>Short.</p>"},
        "content": {"rendered": "<p>Long text.</p><p>More.</p>"},
        "date": "2026-05-01T10:00:00",
        "date_gmt": "2026-05-01T08:00:00",
        "guid": {"rendered": "https://wp.example/?p=5"},
        "_embedded": {
            "author": [{"name": "Mo Farah"}],
            "wp:featuredmedia": [{"source_url": "https://wp.example/a.jpg"}],
            "wp:term": [[{"taxonomy": "category", "name": "Weather"}], [{"taxonomy": "post_tag", "name": "rain"}]],
        },
    }
    (item,) = discover(feed(json.dumps([post]), "https://wp.example/wp-json/wp/v2/posts", "application/json")).items
    assert item.way == "wordpress"
    assert item.hint.title == "Rain – at last" and item.hint.text == "Long text.\nMore."
    assert item.hint.published == "2026-05-01T08:00:00+00:00"
    assert (item.hint.section, item.hint.tags, item.hint.authors) == ("Weather", ("rain",), ("Mo Farah",))


def test_json_of_an_unknown_api() -> None:
    told = {
        "menu": [{"title": "Home", "url": "/"}],
        "data": {
            "articles": [
                {"headline": f"Story number {n}", "path": f"/s/{n}", "publishedAt": 1767225600} for n in (1, 2)
            ]
        },
    }
    links = discover(feed(json.dumps(told), "https://api.example/x", "application/json"))
    assert [link.url for link in links.items] == ["https://api.example/s/1", "https://api.example/s/2"]
    assert links.items[0].hint.published == "2026-01-01T00:00:00+00:00"


def test_json_without_stories_is_a_change() -> None:
    with pytest.raises(PageChanged, match="no stories"):
        discover(feed('{"error": "gone"}', kind="application/json"))


def test_declared_entities_are_refused() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + RSS.partition("?>")[2]
    with pytest.raises(ReadFailed, match="entities"):
        discover(feed(bomb))
    outside = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + RSS.partition("?>")[2]
    with pytest.raises(ReadFailed, match="entities"):
        discover(feed(outside))


def test_a_harmless_doctype_and_talk_of_entities_pass() -> None:
    talk = RSS.replace("It had been", "&lt;!ENTITY was written; it had been").replace("<rss ", "<!DOCTYPE rss><rss ")
    assert len(discover(feed(talk)).items) == 2


def test_depth_is_limited() -> None:
    deep = "<rss><channel>" + "<a>" * 300 + "</a>" * 300 + "</channel></rss>"
    with pytest.raises(ReadFailed, match="deeper"):
        discover(feed(deep))


def test_json_depth_is_limited_but_brackets_in_strings_are_not_counted() -> None:
    with pytest.raises(ReadFailed, match="deeper"):
        discover(feed("[" * 60 + "]" * 60, kind="application/json"))
    fine = json.dumps([{"title": "[" * 200, "url": "/a", "summary": "x"}])
    assert len(discover(feed(fine, kind="application/json")).items) == 1


def test_size_is_limited() -> None:
    with pytest.raises(ReadFailed, match="limit"):
        discover(feed(RSS.replace("</channel>", " " * 20_000_001 + "</channel>")))


def test_a_broken_feed_gives_what_can_be_read() -> None:
    broken = RSS.replace("The ferry sails &lt;b&gt;again&lt;/b&gt;.", "Fish & chips <br> here")
    assert discover(feed(broken)).items[0].url == "https://harbour.example/2026/05/ferry-back"


def test_charset_of_the_declaration_counts() -> None:
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?><rss><channel><item><title>Café</title><link>https://a.example/1</link></item></channel></rss>'
    assert discover(feed(latin.encode("latin-1"))).items[0].hint.title == "Café"


def test_markup_is_not_sanitised_here_and_scripts_stay_out_of_the_text() -> None:
    bad = RSS.replace("<p>It had been", "<script>alert(1)</script><p>It had been")
    hint = discover(feed(bad)).items[0].hint
    assert hint.html is not None and "<script>" in hint.html
    assert hint.text is not None and "alert" not in hint.text


def test_a_long_author_costs_no_time() -> None:
    slow = RSS.replace("Ines Okafor", "a@" + "a." * 60_000)
    author = discover(feed(slow)).items[0].hint.authors
    assert len(author[0]) <= 200


def test_a_description_that_holds_the_whole_article_is_its_text() -> None:
    whole = "".join(
        f"&lt;p&gt;Paragraph {n} of a long report about the harbour and its ferries.&lt;/p&gt;" for n in range(40)
    )
    page = feed(
        "<rss><channel><item><title>T</title><link>https://a.example/1</link>"
        f"<description>{whole}</description></item></channel></rss>"
    )
    hint = discover(page).items[0].hint
    assert hint.text is not None and hint.text.count("\n") == 39
    assert hint.subtitle is None


def test_a_feed_of_another_host_belongs_to_the_seed() -> None:
    seed = Seed("harbour", "https://harbour.example/", discover=Discover(rss=("https://feeds.example.net/harbour",)))
    extra = RSS.replace(
        "</channel>", "<item><title>Advertiser</title><link>https://shop.invalid/x</link></item></channel>"
    )
    links = discover(feed(extra, "https://feeds.example.net/harbour"), seed)
    assert not any("shop.invalid" in link.url for link in links.items)
    assert links.items[0].url == "https://harbour.example/2026/05/ferry-back"


def test_a_feed_that_leads_elsewhere_as_a_whole_is_an_aggregator() -> None:
    rows = "".join(f"<item><title>Story {n}</title><link>https://paper{n}.invalid/s</link></item>" for n in range(4))
    assert len(discover(feed(f"<rss><channel>{rows}</channel></rss>")).items) == 4


def test_a_page_that_should_be_a_feed_but_is_none() -> None:
    with pytest.raises(PageChanged):
        discover(feed("Not found"))


def test_gzip_that_is_cut_is_refused() -> None:
    with pytest.raises(ReadFailed, match="gzip"):
        discover(feed(gzip.compress(RSS.encode())[:-20]))


def test_open_cdata_sections_cost_no_time() -> None:
    page = feed(RSS.replace("The ferry sails &lt;b&gt;", "<![CDATA[" * 20_000 + "<!ENTITY"))
    assert least(lambda: discover(page), 2.0) < 2.0


@pytest.mark.parametrize("sign", ["&#xD800;", "&#55296;", "&#0;", "&#xFFFE;", "&#x110000;"])
def test_a_reference_to_what_no_document_may_hold_spoils_nothing(sign: str) -> None:
    links = discover(feed(RSS.replace("No address here", sign).replace("The ferry sails", f"{sign} The ferry sails")))
    assert len(links.items) == 2
    assert "sails" in (links.items[0].hint.text or "")
    sitemap = f"<urlset><url><loc>https://harbour.example/2026/a-story-of-the-port?a={sign}</loc></url></urlset>"
    assert len(discover(feed(sitemap, kind="text/xml")).items) == 1


def test_a_namespace_with_a_blank_in_it_does_not_end_the_reader() -> None:
    odd = RSS.replace('xmlns:dc="http://purl.org/dc/elements/1.1/"', 'xmlns:dc="http://purl.org/dc/ elements/1.1/ "')
    assert discover(feed(odd)).items[0].hint.authors == ("Ines Okafor",)


def test_a_reference_of_thousands_of_figures_costs_nobody_the_feed() -> None:
    item = {"url": "https://harbour.example/2026/05/a", "title": f"Ferry &#{'9' * 5000}; sails"}
    told = {"version": "https://jsonfeed.org/version/1.1", "items": [item]}
    links = discover(feed(json.dumps(told), kind="application/feed+json"))
    assert links.items[0].hint.title == "Ferry \ufffd sails"


@pytest.mark.parametrize("odd", [7, "ferries", {"a": 1}, True, None])
def test_a_member_of_another_type_costs_nobody_the_feed(odd: object) -> None:
    item = dict.fromkeys(("title", "tags", "authors", "image", "summary", "content_text", "date_published", "id"), odd)
    told = {"version": "https://jsonfeed.org/version/1.1", "items": [{**item, "url": "https://harbour.example/a"}]}
    links = discover(feed(json.dumps(told), kind="application/feed+json"))
    assert [link.url for link in links.items] == ["https://harbour.example/a"]
    assert links.items[0].hint.tags == ()


@pytest.mark.parametrize(
    ("author", "wanted"),
    [
        ("<author>post@harbour.example</author>", ()),
        ("<author>desk@harbour.media</author>", ()),  # an ending that feedparser does not know
        ("<author>desk@harbour.media (Ole Brandt)</author>", ("Ole Brandt",)),
        ("<author>noreply@harbour.example (Ole Brandt)</author>", ("Ole Brandt",)),
        ("<author>Ole Brandt &lt;ole@harbour.photography&gt;</author>", ("Ole Brandt",)),
        ("<dc:creator>ole@harbour.agency</dc:creator>", ()),
        ("<dc:creator>Ole Brandt</dc:creator>", ("Ole Brandt",)),
    ],
)
def test_an_address_is_no_author(author: str, wanted: tuple[str, ...]) -> None:
    item = f"<item><title>Ropes</title><link>https://harbour.example/ropes</link>{author}</item>"
    links = discover(feed(RSS.replace("<item><title>No address here</title></item>", item)))
    assert next(link for link in links.items if link.url.endswith("/ropes")).hint.authors == wanted


@pytest.mark.parametrize(
    "date", ["Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 +0000", "0001-01-01T00:00:00Z", "soon"]
)
def test_the_zero_of_a_clock_is_no_date(date: str) -> None:
    links = discover(feed(RSS.replace("Mon, 11 May 2026 10:00:00 GMT", date)))
    assert links.items[1].hint.published is None
    assert links.items[0].hint.published == "2026-05-12T08:30:00+02:00"


def test_a_feed_without_a_byte_is_a_change_and_no_bug() -> None:
    with pytest.raises(PageChanged):
        syndication.read(feed(""))


def test_an_id_that_several_stories_have_is_the_id_of_none() -> None:
    items = "".join(
        f"<item><title>Story {name}</title><link>https://fen.example/{name}</link><guid>{guid}</guid></item>"
        for name, guid in (
            ("one", "1"),
            ("two", "1"),
            ("three", "https://fen.example/"),
            ("four", "https://fen.example"),
        )
    )
    again = (
        "<item><title>Story five</title><link>https://fen.example/five?utm_source=rss</link><guid>five</guid></item>"
    )
    again += "<item><title>Story five</title><link>https://fen.example/five</link><guid>five</guid></item>"
    feed = f"<rss version='2.0'><channel><title>Fen</title>{items}{again}</channel></rss>"
    found = {link.hint.title: link.hint for link in discover(Page("https://fen.example/feed", feed.encode())).items}
    assert found["Story one"].guid is None and found["Story two"].guid is None
    assert (found["Story five"].guid or "").endswith("five")  # twice the same story


def test_a_permanent_link_that_several_stories_have_is_no_alias() -> None:
    items = "".join(
        f"<item><title>Story {n}</title><link>https://fen.example/{n}</link><guid>https://fen.example/news</guid></item>"
        for n in range(3)
    )
    feed = f"<rss version='2.0'><channel><title>Fen</title>{items}</channel></rss>"
    found = discover(Page("https://fen.example/feed", feed.encode())).items
    assert len(found) == 3 and all(link.hint.aliases == () and link.hint.guid is None for link in found)
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "Fen"}
    entries = [{"id": "7", "url": f"https://fen.example/{n}", "title": f"Story {n}"} for n in range(2)]
    page = Page("https://fen.example/feed.json", json.dumps({**told, "items": entries}).encode(), "application/json")
    assert [link.hint.guid for link in discover(page).items] == [None, None]
