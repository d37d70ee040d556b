"""The readers as a library: functions of bytes and address, and the examples of their documentation."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime
from pathlib import Path

import pytest

import scrapers
from scrapers import Extract, Links, Page, PageChanged, Past, Seed, find_stories, probe_page, read_article
from scrapers.crawl import library
from tests.support.paths import ROOT

PROSE = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring. " * 3
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOME = "https://courier.example/"


def article(head: str = "", body: str = "") -> str:
    story = f"<article><h1>Quay closed</h1>{body}<p>{PROSE}</p><p>{PROSE}</p></article>"
    return f"<html lang=en><head><title>Quay closed</title>{head}</head><body>{story}</body></html>"


def listing(*titles: str) -> str:
    cards = ""
    for title in titles:
        link = f'<a href="/2026/03/{title.lower().replace(" ", "-")}">{title}</a>'
        cards += f"<article><h2>{link}</h2><p>{PROSE[:90]}</p></article>"
    return f"<html><head><title>The Courier</title></head><body><main>{cards}</main></body></html>"


STORIES = tuple(f"What the harbour board said of quay number {n}" for n in ("one", "two", "three", "four", "five"))


def test_the_examples_of_the_functions_are_true() -> None:
    assert doctest.testmod(library).attempted >= 10
    assert doctest.testmod(library).failed == 0


def test_the_examples_of_the_page_of_docs_are_true() -> None:
    found = doctest.testfile(str(ROOT / "docs/library.md"), module_relative=False, encoding="utf-8")
    assert found.attempted >= 10
    assert found.failed == 0


def test_bytes_in_any_charset_and_text_are_read_alike() -> None:
    page = article(body="<p>Żółw w Łodzi</p>")
    texts = {
        read_article(page, HOME + "a", now=NOW).text,
        read_article(page.encode(), HOME + "a", now=NOW).text,
        read_article(
            page.replace("<head>", "<head><meta charset=iso-8859-2>").encode("iso-8859-2"), HOME + "a", now=NOW
        ).text,
    }
    assert len(texts) == 1 and "Żółw w Łodzi" in texts.pop()


def test_selectors_and_the_moment_are_the_caller_s() -> None:
    page = article(body='<b class="head">Quay shut</b>')
    read = read_article(page, HOME + "a", selectors=Extract(title=".head"), now=NOW)
    assert (read.title, read.witnesses["title"]) == ("Quay shut", "selectors")
    assert read.published == NOW and read.published_estimated


def test_what_is_no_article_and_no_address_is_refused() -> None:
    with pytest.raises(PageChanged):
        read_article("<title>Nothing</title>", HOME + "a")
    for wrong in ("courier.example", "http://[::1", "ftp://courier.example/", ""):
        for function in (read_article, find_stories, probe_page):
            with pytest.raises(ValueError, match="should be an address"):
                function(article(), wrong)
    with pytest.raises(ValueError, match="time zone"):
        read_article(article(), HOME + "a", now=datetime(2026, 3, 2))


def test_stories_of_listings_feeds_and_sitemaps() -> None:
    found = find_stories(listing(*STORIES), HOME, now=NOW)
    assert [story.title for story in found] == list(STORIES)
    assert all(story.url.startswith(HOME) and story.summary for story in found)
    sitemap = f'<?xml version="1.0"?>\n<urlset xmlns="x"><url><loc>{found[0].url}</loc></url></urlset>'
    assert [story.url for story in find_stories(sitemap, HOME + "sitemap.xml", now=NOW)] == [found[0].url]


def test_what_a_page_is() -> None:
    assert probe_page(listing(*STORIES), HOME).kind == "listing"
    assert probe_page(listing(*STORIES), HOME).stories == 5
    told = probe_page(
        article('<meta property="article:published_time" content="2026-03-01T09:30:00Z">'), HOME + "2026/03/a"
    )
    assert (told.kind, told.title, told.stories, told.needs_browser) == ("article", "Quay closed", 0, False)
    assert probe_page("<title>x</title>", HOME).kind == "other"
    scripts = "<html><head><script>" + "x();" * 400 + "</script></head><body><div id=root></div></body></html>"
    assert probe_page(scripts, HOME).needs_browser


def test_nothing_opens_a_connection_or_needs_a_client() -> None:
    assert {"read_article", "find_stories", "probe_page"} <= set(scrapers.__all__)
    source = Path(library.__file__).read_text("utf-8")
    assert "fetch" not in source and "httpx" not in source


def test_a_page_is_read_as_the_front_of_a_site_that_nothing_is_known_of(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(library, "discover", lambda *given, **named: asked.append((given, named)) or Links())
    assert find_stories(b"{}", HOME + "feed", now=NOW) == ()
    seed = Seed("library", HOME + "feed")
    assert asked == [((Page(HOME + "feed", b"{}", "application/json"), seed, Past()), {"now": NOW})]
