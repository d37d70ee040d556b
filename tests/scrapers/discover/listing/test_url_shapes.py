"""Shapes of addresses, and the conventions of systems."""

import pytest

from scrapers import Page
from scrapers.discover import cms_of, guesses, shape
from tests.support.timing import least


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("https://a.example/", "/"),
        ("https://a.example/2026/05/council-votes-on-night-buses", "/N4/N2/slug"),
        ("https://a.example/world/council-votes-on-buses-123456.html", "/w/slug-N.html"),
        ("https://a.example/?p=128104", "/?p=N"),
        ("https://a.example/?p=7&utm_source=x", "/?p=N"),
        ("https://a.example/post/night-buses", "/post/duo"),
        ("https://a.example/tag/night-buses", "/tag/duo"),
        ("https://a.example/news/20260504/c_126957644.htm", "/news/N8/w-N.htm"),
        ("https://a.example/a/4f3d2a1b9c8e", "/a/id"),
        (
            "https://a.example/%E5%B8%82%E8%AD%B0%E4%BC%9A%E3%81%8C%E5%86%AC%E3%81%AE%E5%A4%9C%E3%83%90%E3%82%B9/",
            "/slug",
        ),
        ("https://a.example/blog/index.html", "/blog"),
        ("https://a.example/night-buses-id4471", "/duo-N"),
        ("https://a.example/night-buses:4471", "/duo-N"),
        ("https://a.example/night-buses-44", "/duo"),
        ("https://a.example/night-buses-f3a9c1", "/duo-id"),
    ],
)
def test_shapes(url: str, form: str) -> None:
    assert shape(url) == form


def test_articles_of_one_kind_share_a_shape_whatever_their_section() -> None:
    assert shape("https://a.example/politics/one-two-three-four-771234") == shape(
        "https://a.example/sports/five-six-seven-eight-990011"
    )


def test_long_addresses_cost_no_time() -> None:
    baits = ("a-" * 50_000, "1" * 100_000, "_" * 100_000, "%41" * 30_000)
    assert least(lambda: [shape(f"https://a.example/{bait}") for bait in baits], 1.0) < 1.0


@pytest.mark.parametrize(
    ("body", "name", "first"),
    [
        (b'<meta name="generator" content="WordPress 6.5">', "wordpress", ("rss", "https://a.example/feed/")),
        (
            b'<meta content="Wix.com Website Builder" name="generator">',
            "wix",
            ("rss", "https://a.example/blog-feed.xml"),
        ),
        (b'<meta name="generator" content="Ghost 5.8">', "ghost", ("rss", "https://a.example/rss/")),
        (b"<link href='/wp-content/themes/x.css'>", "wordpress", ("rss", "https://a.example/feed/")),
        (b"<p>plain</p>", None, ("rss", "https://a.example/feed")),
    ],
)
def test_conventions(body: bytes, name: str | None, first: tuple[str, str]) -> None:
    page = Page("https://a.example/", body)
    assert cms_of(page) == name
    assert guesses(page)[0] == first


def test_a_section_of_wordpress_has_a_feed_of_its_own_and_its_api_may_live_elsewhere() -> None:
    page = Page("https://a.example/category/x/", b"<p></p>", links=(("https://api.w.org/", "https://a.example/api/"),))
    told = guesses(page)
    assert told[0] == ("rss", "https://a.example/category/x/feed/")
    assert ("wordpress", "https://a.example/api/wp/v2/posts?per_page=50&_embed=1") in told


def test_a_free_wix_site_lives_under_its_own_path() -> None:
    page = Page("https://someone.wixsite.com/paper/blog", b"static.parastorage.com")
    assert guesses(page)[0] == ("rss", "https://someone.wixsite.com/paper/blog-feed.xml")
