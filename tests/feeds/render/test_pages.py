"""The pages for people."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from feeds.compose.compose import compose
from feeds.messages import PageLocale
from feeds.model import Publisher
from feeds.render import pages, templating
from feeds.render.pages import (
    ASSETS,
    Listed,
    asset,
    feed_page,
    feed_values,
    feed_values_and_page,
    index_page,
    listed,
    page_of,
)
from feeds.render.story_page import story_page
from feeds.render.subscribe_links import subscribing
from scrapers import Image
from tests.support.held_bytes import rings
from tests.support.stories import FEED_ID, NOON, SITE, TOPIC, entry, feed, record


def tree(page: bytes) -> html.HtmlElement:
    return html.document_fromstring(page.decode())


def test_a_page_shows_every_story_with_its_picture() -> None:
    made = feed(8)
    page = tree(feed_page(made))
    stories = page.findall(".//article")
    assert [story.find("h3/a").text for story in stories] == [one.record.title for one in made.entries]
    assert [story.find("h3/a").get("href") for story in stories] == [one.record.url for one in made.entries]
    assert [story.find(".//img").get("src") for story in stories] == [
        one.image.url for one in made.entries if one.image
    ]
    assert stories[0].find("p[@class='also']/a").get("href") == "https://wire.example/story/0"
    assert page.findtext(".//h2/time") == "Friday, 20 November 2026"
    assert stories[0].find(".//p[@class='by']/time").get("datetime") == "2026-11-20T12:00:00+00:00"


def test_the_addresses_are_there_to_copy_and_to_discover() -> None:
    page = tree(feed_page(feed(1)))
    wanted = [f"https://desk.example/t/harbour.{form}" for form in ("atom", "rss", "json")]
    assert [code.text for code in page.findall(".//code")] == wanted
    links = page.findall("head/link[@rel='alternate']")
    assert [link.get("href") for link in links] == wanted
    assert links[0].get("type") == "application/atom+xml"
    assert all(link.get("title") for link in links)


def test_the_index_lists_topics_and_sources() -> None:
    page = tree(
        index_page(
            SITE,
            [listed(feed(5), "t/harbour"), Listed("Quiet <waters>", "t/quiet", subtitle="None & nothing")],
            [listed(feed(1), "s/courier"), Listed("Island Post", "s/island")],
        )
    )
    topics = page.findall(".//ul[@class='topics']/li")
    assert topics[0].find("h3/a").get("href") == "https://desk.example/t/harbour"
    assert len(topics[0].findall(".//ul/li")) == 3
    assert topics[1].findtext("h3/a") == "Quiet <waters>"
    assert topics[1].find("h3/a").get("href") == "https://desk.example/t/quiet"
    assert "No stories yet" in topics[1].text_content()
    assert len(page.findall(".//ul[@class='sources']/li")) == 2
    links = [link.get("href") for link in page.findall("head/link[@rel='alternate']")]
    assert links[0] == "https://desk.example/t/harbour.atom"
    assert any("quiet" in link for link in links)
    assert page.find(".//footer//a").get("href") == "/opml.xml"


def test_pages_have_one_script_of_ours_no_inline_style_and_nothing_from_elsewhere() -> None:
    for page in (feed_page(feed(6)), index_page(SITE, [listed(feed(6), "t/harbour")], [])):
        text = page.decode()
        assert re.findall(r"<script[^>]*>", text) == [
            '<script src="/page.js" defer data-copy="Copy" data-copied="Copied">'
        ]
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
        loaded = re.findall(
            r'<(?:link rel="(?:stylesheet|icon|apple-touch-icon)"|script)[^>]*(?:href|src)="([^"]+)"', text
        )
        assert len(loaded) == 5
        assert all(address.startswith("/") and not address.startswith("//") for address in loaded)
        for anchor in re.findall(r"<a [^>]*>", text):
            if "courier.example" in anchor or "wire.example" in anchor:
                assert 'rel="noopener noreferrer nofollow"' in anchor


def test_a_page_leads_to_its_stories_and_to_readers() -> None:
    site = replace(SITE, pages=True)
    page = tree(feed_page(compose(TOPIC, [entry(0), entry(1)], site=site, feed_id=FEED_ID)))
    more = [link.get("href") for link in page.findall(".//a[@class='more']")]
    assert more == [f"https://desk.example/t/harbour/story/00000000-0000-5000-9000-00000000000{n}" for n in range(2)]
    assert tree(feed_page(feed(2))).findall(".//a[@class='more']") == []
    readers = [link.get("href") for link in page.findall(".//p[@class='readers']/a")]
    assert readers[0] == "feed:https://desk.example/t/harbour.atom"
    assert len(readers) > 4
    assert all(link.endswith("https%3A%2F%2Fdesk.example%2Ft%2Fharbour.atom") for link in readers[1:])


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8484", "http://desk.local", "http://192.168.1.5"])
def test_readers_of_others_are_not_named_where_they_cannot_reach_the_feed(base_url: str) -> None:
    made = compose(TOPIC, [entry(0)], site=Publisher("Mine", base_url), feed_id=FEED_ID)
    assert [one["href"] for one in subscribing(made)] == [f"feed:{base_url}/t/harbour.atom"]
    secret = compose(replace(TOPIC, private=True), [entry(0)], site=SITE, feed_id=FEED_ID, path="t/PLACE/harbour")
    assert [one["name"] for one in subscribing(secret)] == [""]


def test_what_pages_refer_to_is_there() -> None:
    for name in ASSETS:
        assert asset(name)
    css = asset("style.css").decode()
    assert "prefers-color-scheme: dark" in css
    assert "max-width: 34rem" in css
    assert "url(" not in css
    assert "@import" not in css


def test_titles_from_pages_are_text() -> None:
    evil = '</title><script>alert(1)</script>"><img src=x onerror=alert(1)>'
    one = entry(0, of=record(0, title=evil, subtitle=evil, publisher=evil, image=Image('https://x.example/"onload="x')))
    site = Publisher(evil, "https://desk.example")
    made = compose(replace(TOPIC, title=evil), [one], site=site, feed_id=FEED_ID)
    front = index_page(site, [Listed(evil, "t/x", evil, newest=NOON, headlines=((evil, evil),))], [])
    for page in (feed_page(made), front):
        root = tree(page)
        assert [script.get("src") for script in root.findall(".//script")] == ["/page.js"]
        assert not [element for element in root.iter() if any(name.startswith("on") for name in element.attrib)]
        assert evil in root.text_content()


def test_a_private_topic_is_not_indexed() -> None:
    made = compose(replace(TOPIC, private=True), [entry(0)], site=SITE, feed_id=FEED_ID, path="t/TOKEN/harbour")
    page = tree(feed_page(made))
    assert page.find("head/meta[@name='robots']").get("content") == "noindex, nofollow"
    assert page.find("head/meta[@name='referrer']").get("content") == "no-referrer"
    assert tree(feed_page(feed(1))).find("head/meta[@name='robots']") is None


def test_below_a_path_every_address_has_it() -> None:
    site = replace(SITE, base_url="https://desk.example/news")
    page = feed_page(compose(TOPIC, [entry(0)], site=site, feed_id=FEED_ID)).decode()
    assert 'href="/news/style.css"' in page
    assert '<a class="desk" href="/news/">' in page


def test_languages_and_directions() -> None:
    entries = [entry(0), entry(1, of=record(1, language="ar-EG"))]
    arabic = compose(replace(TOPIC, language="ar"), entries, site=SITE, feed_id=FEED_ID)
    page = tree(feed_page(arabic))
    stories = page.find(".//div[@id='stories']")
    assert (stories.get("lang"), stories.get("dir")) == ("ar", "rtl")
    told = [(story.get("lang"), story.get("dir")) for story in page.findall(".//article")]
    assert told == [("en", "ltr"), ("ar-EG", None)]
    assert stories.find("section/h2").get("dir") == "ltr"


def test_times_say_what_is_known() -> None:
    guessed = entry(0, of=record(0, published_estimated=True))
    revised = entry(1, of=record(1, updated=NOON), updated=NOON + timedelta(hours=2))
    days_later = entry(2, of=record(2, updated=NOON), updated=NOON + timedelta(days=2))
    page = tree(feed_page(compose(TOPIC, [guessed, revised, days_later, entry(3)], site=SITE, feed_id=FEED_ID)))
    told = [" ".join(line.text_content().split()) for line in page.findall(".//p[@class='by']")]
    assert told == [
        "The Harbour Courier",
        "Island Post · 11:20 · updated 14:00",
        "Küstenblatt · 10:40 · updated 22 November 2026",
        "The Harbour Courier · 10:00",
    ]


def test_a_page_is_in_the_language_and_zone_of_the_installation() -> None:
    site = replace(SITE, page_locale=PageLocale("de", "Asia/Tokyo"))
    late = entry(0, of=record(0, published=NOON + timedelta(hours=4), updated=NOON), updated=NOON + timedelta(hours=5))
    made = compose(TOPIC, [late, entry(1)], site=site, feed_id=FEED_ID)
    page = tree(feed_page(made))
    assert (page.get("lang"), page.get("dir")) == ("de", "ltr")
    days = [day.text for day in page.findall(".//h2/time")]
    assert days == ["Samstag, 21. November 2026", "Freitag, 20. November 2026"]
    assert page.find(".//div[@id='stories']").get("lang") == "en"
    by = " ".join(page.find(".//p[@class='by']").text_content().split())
    assert by == "The Harbour Courier · 01:00 · aktualisiert 02:00"
    assert page.find(".//p[@class='by']/time").get("datetime") == "2026-11-20T16:00:00+00:00"
    assert "Zeitzone: Asia/Tokyo" in page.find(".//footer/p").text_content()
    front = tree(index_page(site, [listed(made, "t/harbour")], []))
    assert front.findtext(".//h2[@id='topics']") == "Themen"
    assert "21. November 2026, 01:00" in " ".join(front.text_content().split())
    assert tree(feed_page(made, PageLocale("fr"))).findtext(".//h2[@id='subscribe']") == "S’abonner"


def test_a_headline_without_an_address_is_not_listed() -> None:
    rows = (("Safe", "https://courier.example/a"), ("Unsafe", "javascript:alert(1)"), ("None", ""))
    front = tree(index_page(SITE, [Listed("The harbour", "t/harbour", headlines=rows)], []))
    assert [(link.text, link.get("href")) for link in front.findall(".//ul[@class='topics']//ul/li/a")] == [rows[0]]


@pytest.mark.parametrize(
    ("tongue", "page", "named"),
    [
        ("de", "en", "German"),
        ("de-AT", "de", None),
        ("en-GB", "en", None),
        ("sv", "de", "Schwedisch"),
        (None, "en", None),
    ],
)
def test_the_page_of_a_story_names_its_language_where_it_is_another_than_the_page_s(
    tongue: str | None, page: str, named: str | None
) -> None:
    made = compose(TOPIC, [entry(0, of=record(0, language=tongue))], site=SITE, feed_id=FEED_ID)
    about = tree(story_page(made, locale=PageLocale(page))).find(".//p[@class='about']").text_content()
    assert about.rpartition("·")[2].strip() == named if named else not about.rpartition("·")[2].strip().isalpha()


def test_a_story_of_two_feeds_leads_to_its_page_in_each_of_them() -> None:
    """It is made once for both; in another language, zone or direction anew."""
    templating._item.cache_clear()
    one = replace(feed(3), pages=True)
    other = replace(one, self_url='https://desk.example/t/other?a="1"&b', title="Other")
    for made in (one, other, replace(one, pages=False), one):
        links = [link.get("href") for link in tree(feed_page(made)).findall(".//a[@class='more']")]
        ids = [entry.id.removeprefix("urn:uuid:") for entry in made.entries]
        assert links == ([f"{made.self_url}/story/{identity}" for identity in ids] if made.pages else [])
    assert templating._item.cache_info().misses == 2 * 3
    days = {
        tree(feed_page(one, locale)).findtext(".//p[@class='by']/time")
        for locale in (PageLocale("en"), PageLocale("en", "Asia/Tokyo"), PageLocale("de"))
    }
    assert len(days) > 1
    right = tree(feed_page(replace(one, language="ar")))
    assert right.find(".//article").get("dir") == "ltr"
    assert tree(feed_page(one)).find(".//article").get("dir") is None


def test_what_a_list_shows_of_an_entry_is_made_for_each_kind_of_feed_that_it_stands_in() -> None:
    """An entry is the same in all feeds of a publishing; language, direction and its own page are those of the feed."""
    first, *others = feed(3).entries
    odd = replace(first, record=replace(first.record, title='A "story" of \U0001f433 &amp; <b>', language="he"))
    shown = replace(feed(3), entries=(odd, *others))
    feeds = [
        shown,
        replace(shown, language="he", self_url="https://desk.example/t/\N{LATIN SMALL LETTER E WITH ACUTE}"),
        replace(shown, pages=True),
        replace(shown, pages=True, self_url='https://desk.example/t/"a"'),
    ]
    for one in (*feeds, *feeds):
        anew = replace(one, entries=tuple(map(replace, one.entries)))  # nothing is remembered of these
        values, page = feed_values_and_page(one)
        assert values == (json.dumps(pages._feed(anew), ensure_ascii=False, separators=(",", ":")) + "\n").encode()
        assert values == feed_values(anew)
        assert page == feed_page(anew) == page_of(values, one.page_locale)
    assert len({feed_values(one) for one in feeds}) == 4
    assert pages.story(shown.entries[0], shown) is pages.story(shown.entries[0], replace(shown, title="Another"))


def test_a_story_that_is_told_at_length_is_not_remembered() -> None:
    made = feed(3)
    feed_page(made)
    before = templating._item.cache_info().currsize
    title = "A headline that goes on and on. " * 200
    long = tuple(replace(one, record=replace(one.record, title=title)) for one in made.entries)
    page = tree(feed_page(replace(made, entries=long)))
    shown = [one.text_content() for one in page.findall(".//article")]
    assert len(shown) == 3 and all("on and on. " * 5 in text or title.strip() in text for text in shown)
    assert templating._item.cache_info().currsize == before


def test_pages_leave_nothing_that_waits_for_garbage_collection() -> None:
    """A page is filled with all stories of a feed: in a ring, they would stay until garbage is collected."""

    def make() -> None:
        templating._item.cache_clear()
        made = replace(feed(3), pages=True)
        feed_page(made)
        story_page(made, locale=PageLocale("en"))
        index_page(SITE, (Listed("A topic", "t/one"),), (Listed("A source", "s/one"),))

    assert rings(make) == {}
