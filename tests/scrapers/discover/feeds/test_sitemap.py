"""Sitemaps, their indexes, and robots.txt."""

# ruff: noqa: E501  the markup of samples stays on its line

import gzip

import pytest

from scrapers import Page, ReadFailed
from scrapers.discover import discover, sitemaps_of_robots
from scrapers.discover.feeds import sitemap

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def xml(body: str) -> Page:
    return Page("https://paper.example/sitemap.xml", (HEAD + body).encode(), "application/xml")


def news(url: str, when: str, title: str) -> str:
    return (
        f"<url><loc>{url}</loc><news:news><news:publication><news:name>The Paper</news:name><news:language>en</news:language>"
        f"</news:publication><news:publication_date>{when}</news:publication_date><news:title>{title}</news:title>"
        "<news:keywords>sea, wind</news:keywords></news:news><image:image><image:loc>/p.jpg</image:loc></image:image></url>"
    )


def test_news_sitemap_newest_first() -> None:
    old = news("https://paper.example/a", "2026-05-01T08:00:00Z", "Old &amp; grey")
    new = news("https://paper.example/b", "2026-05-02T08:00:00+02:00", "New")
    links = discover(xml(f"<urlset {NS}>{old}{new}</urlset>"))
    assert [link.url for link in links.items] == ["https://paper.example/b", "https://paper.example/a"]
    assert [link.position for link in links.items] == [0, 1]
    first = links.items[1]
    assert first.way == "sitemap"
    assert first.hint.title == "Old & grey"
    assert first.hint.published == "2026-05-01T08:00:00+00:00"
    assert (first.hint.publisher, first.hint.language, first.hint.tags) == ("The Paper", "en", ("sea", "wind"))
    assert first.hint.image is not None and first.hint.image.url == "https://paper.example/p.jpg"


def test_lastmod_orders_but_is_no_date_of_publication() -> None:
    rows = "".join(f"<url><loc>https://paper.example/{n}</loc><lastmod>2026-05-0{n}</lastmod></url>" for n in (1, 3, 2))
    links = discover(xml(f"<urlset {NS}>{rows}</urlset>"))
    assert [link.url[-1] for link in links.items] == ["3", "2", "1"]
    assert all(link.hint.published is None for link in links.items)
    assert links.items[0].hint.updated == "2026-05-03"


def test_lastmod_that_is_the_time_of_the_build_is_not_believed() -> None:
    rows = "".join(f"<url><loc>https://paper.example/{n}</loc><lastmod>2026-05-09</lastmod></url>" for n in (1, 3, 2))
    links = discover(xml(f"<urlset {NS}>{rows}</urlset>"))
    assert [link.url[-1] for link in links.items] == ["1", "3", "2"]
    assert all(link.hint.updated is None for link in links.items)


def test_index_names_its_children_newest_first_without_tags_and_authors() -> None:
    rows = (
        "<sitemap><loc>https://paper.example/post_tag-sitemap.xml</loc></sitemap>"
        "<sitemap><loc>https://paper.example/author-sitemap.xml</loc></sitemap>"
        "<sitemap><loc>https://paper.example/post-sitemap1.xml</loc><lastmod>2025-01-01</lastmod></sitemap>"
        "<sitemap><loc>https://paper.example/post-sitemap2.xml</loc><lastmod>2026-01-01</lastmod></sitemap>"
        "<sitemap><loc>https://paper.example/news-sitemap.xml</loc></sitemap>"
    )
    links = discover(xml(f"<sitemapindex {NS}>{rows}</sitemapindex>"))
    assert not links.items
    assert [url.rpartition("/")[2] for url in links.sitemaps] == [
        "news-sitemap.xml",
        "post-sitemap2.xml",
        "post-sitemap1.xml",
    ]


def test_index_without_dates_is_read_from_its_last_number() -> None:
    rows = "".join(
        f"<sitemap><loc>https://paper.example/wp-sitemap-posts-post-{n}.xml</loc></sitemap>" for n in (1, 2, 10)
    )
    links = discover(xml(f"<sitemapindex {NS}>{rows}</sitemapindex>"))
    assert [url.rpartition("-")[2] for url in links.sitemaps] == ["10.xml", "2.xml", "1.xml"]


def test_an_index_names_fifty_children_at_most() -> None:
    rows = "".join(f"<sitemap><loc>https://paper.example/news-{n}.xml</loc></sitemap>" for n in range(200))
    assert len(discover(xml(f"<sitemapindex {NS}>{rows}</sitemapindex>")).sitemaps) == 50


def test_gzip_and_text_sitemaps() -> None:
    rows = f"<urlset {NS}><url><loc>https://paper.example/z</loc></url></urlset>"
    packed = Page("https://paper.example/sitemap.xml.gz", gzip.compress((HEAD + rows).encode()), "application/gzip")
    assert discover(packed).items[0].url == "https://paper.example/z"
    plain = Page(
        "https://paper.example/sitemap.txt",
        b"https://paper.example/1\nhttps://paper.example/2\nnonsense\n",
        "text/plain",
    )
    assert [link.url[-1] for link in discover(plain).items] == ["1", "2"]


def test_a_gzip_bomb_is_refused() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * 30_000_000)
    with pytest.raises(ReadFailed, match="limit"):
        discover(Page("https://paper.example/s.xml.gz", bomb, "application/gzip"))


def test_entities_are_refused() -> None:
    with pytest.raises(ReadFailed, match="entities"):
        discover(
            xml(f'<!DOCTYPE u [<!ENTITY x SYSTEM "http://127.0.0.1/">]><urlset {NS}><url><loc>&x;</loc></url></urlset>')
        )


def places(*urls: str) -> str:
    """Entries of a sitemap that tell no more than where they are."""
    return "".join(f"<url><loc>{url}</loc></url>" for url in urls)


def test_only_http_addresses_of_the_site() -> None:
    rows = places(
        "https://paper.example/1",
        "https://paper.example/2",
        "ftp://paper.example/3",
        "javascript:x",
        "https://other.invalid/4",
    )
    links = discover(xml(f"<urlset {NS}>{rows}</urlset>"))
    assert [link.url for link in links.items] == ["https://paper.example/1", "https://paper.example/2"]


def test_robots() -> None:
    text = (
        "User-agent: *\nDisallow: /x\nSitemap: https://paper.example/a.xml # the one\r\nsitemap:https://paper.example/b.xml\n"
        "SITEMAP: https://paper.example/a.xml\nSitemap: /relative.xml\nSitemap: ftp://x.example/c.xml\n"
    )
    assert sitemaps_of_robots(text) == ("https://paper.example/a.xml", "https://paper.example/b.xml")


def test_fronts_tags_and_services_of_an_ordinary_sitemap_are_no_stories() -> None:
    paths = ("", "tag/wind/", "author/kim/", "about-us/", "2026/05/a-story-of-the-wind/", "?p=7")
    rows = places(*(f"https://paper.example/{path}" for path in paths))
    links = discover(xml(f"<urlset {NS}>{rows}</urlset>"))
    assert [link.url for link in links.items] == [
        "https://paper.example/2026/05/a-story-of-the-wind/",
        "https://paper.example/?p=7",
    ]


def test_an_index_written_as_urlset() -> None:
    entries = places(*(f"https://paper.example/maps/2026-0{n}.xml" for n in (1, 2, 3)))
    own = "<url><loc>https://paper.example/sitemap.xml</loc></url><url><loc></loc></url><url></url>"
    links = discover(xml(f"<urlset {NS}>{own}{entries}</urlset>"))
    assert links.items == ()
    assert sorted(links.sitemaps) == [f"https://paper.example/maps/2026-0{n}.xml" for n in (1, 2, 3)]


def test_an_index_whose_children_are_written_as_pages() -> None:
    entries = places(*(f"https://paper.example/maps/2026-0{n}.xml" for n in (1, 2)))
    links = discover(xml(f"<sitemapindex {NS}>{entries}</sitemapindex>"))
    assert links.items == ()
    assert sorted(links.sitemaps) == [f"https://paper.example/maps/2026-0{n}.xml" for n in (1, 2)]


def test_files_and_empty_places_are_no_stories() -> None:
    entries = places(
        "", " ", "https://paper.example/2026/a-story-of-the-sea", "https://paper.example/p/wave.jpg", "/x.xml"
    )
    links = discover(xml(f"<urlset {NS}>{entries}</urlset>"))
    assert [link.url for link in links.items] == ["https://paper.example/2026/a-story-of-the-sea"]


def test_an_entry_that_cannot_be_read_is_noted_and_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read = sitemap._entry

    def second_fails(entry: object, *more: object) -> object:
        link = read(entry, *more)  # type: ignore[arg-type]
        if link is not None and link.url.endswith("/2"):
            raise ValueError("its date is odd")
        return link

    monkeypatch.setattr(sitemap, "_entry", second_fails)
    links = discover(xml(f"<urlset {NS}>{places(*(f'https://paper.example/{n}' for n in (1, 2, 3)))}</urlset>"))
    assert [link.url for link in links.items] == ["https://paper.example/1", "https://paper.example/3"]
    assert links.notes == ("an entry could not be read: its date is odd",)
