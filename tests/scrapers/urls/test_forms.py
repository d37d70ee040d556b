"""Addresses in every form that the tables of the key, of the published form and of article numbers tell apart."""

from __future__ import annotations

import pytest

from scrapers.urls.article_number import article_number
from scrapers.urls.key import article_like, canonical_key
from scrapers.urls.parts import split
from scrapers.urls.published_form import published_form
from scrapers.urls.site import host, join, join_place, registrable, same_site, site
from tests.support.cases import each

# The key is kept for ever, so whatever it is of these, it stays.
PATHS = {
    "/the-storm.amp": "/the-storm",
    "/storm.amp": "/storm.amp",
    "/x1.amp": "/x1",
    "/the-storm.AMP.HTM": "/the-storm.htm",
    "/.amp.html": "/.amp.html",
    "/index.amp.html": "/",
    "/the-storm/print": "/the-storm/print",
    "/storm/print": "/storm/print",
    "/a/the-long-storm/drucken": "/a/the-long-storm",
    "/12345/print": "/12345",
    "/a_b_c/print": "/a_b_c",
    "/a-b_c/print": "/a-b_c",
    "/a_b/print": "/a_b/print",
    "/a-b/print": "/a-b/print",
    "/1234/print": "/1234/print",
    "/index.html": "/",
    "/a/index.php/": "/a",
    "/news/default.aspx": "/news",
    "/a/;sid=1/b": "/a/b",
    "/a;x=1;sid=2": "/a;x=1",
    "/a/..;/b": "/a/..;/b",
    "/amp": "/amp",
    "/amp/amp": "/amp/amp",
    "/the-storm/amp/amp": "/the-storm",
    "/amp/news": "/amp/news",
    "/x?output=amp&a=1": "/x?a=1",
    "/x?mode=dark": "/x?mode=dark",
    "/x?viewtype=ampview": "/x",
    "/x?isamp=": "/x",
    "/x?output=1": "/x?output=1",
    "/x?amp=1": "/x",
    "/x?source=newsletter": "/x",
    "/x?s=0123456789abcdef": "/x",
    "/x?s=0123456789abcde": "/x?s=0123456789abcde",
    "/x?print=view": "/x",
    "/x?print=2": "/x?print=2",
    "/x?ref=a": "/x",
    "/x?ref=1": "/x?ref=1",
    "/x?a&a&a=": "/x?a",
    "/x?b=1&a=2": "/x?a=2&b=1",
    "/x?amp;utm_source=1&amp;id=2": "/x?id=2",
    "/#!": "/",
    "/#/": "/",
    "/#!/x": "/#!/x",
    "/#a": "/",
    "/%7Ea/%2e%2E/b": "/b",
    "/a//b/./c": "/a/b/c",
}
ADDRESSES = {
    "http://paper.example:80/a": "paper.example/a",
    "https://paper.example:443/a": "paper.example/a",
    "https://paper.example:0443/a": "paper.example/a",
    "https://paper.example:65535/a": "paper.example:65535/a",
    "https://paper.example:65536/a": "https://paper.example:65536/a",
    "https://paper.example:/a": "paper.example/a",
    "paper.example:8080/a": "paper.example:8080/a",
    "paper.example:x/a": "paper.example:x/a",
    "//paper.example/a": "paper.example/a",
    "https:paper.example/a": "paper.example/a",
    "https://www.m.paper.example/": "paper.example/",
    "https://www.co.uk/a": "www.co.uk/a",
    "https://m.1.2/": "m.1.2/",
    "https://amp.com/a": "amp.com/a",
    "https://a b/": "https://a b/",
    "http://https/": "http://https/",
    "https://[::G]/a": "https://[::G]/a",
    "https://[::1/": "https://[::1/",
    "https://paper.example./a": "paper.example/a",
    "https://p%61per.example/a": "paper.example/a",
    "https://google.com/url?q=https://paper.example/a": "paper.example/a",
    "https://google.com/url?q=ftp://x/": "google.com/url?q=ftp://x/",
    "https://google.com/url?q=http:/x": "x/",
    "https://google.com/amp": "google.com/amp",
    "https://a.b.google.com/url?q=https://paper.example/a": "a.b.google.com/url?q=https://paper.example/a",
    "https://google.co.uk/url/x?url=https://paper.example/a": "google.co.uk/url/x?url=https://paper.example/a",
    "https://x.cdn.ampproject.org/v/paper.example/a?utm_source=1&b=2": "paper.example/a?b=2",
    "https://x.cdn.ampproject.org/s/paper.example/a": "paper.example/a",
    "https://x.cdn.ampproject.org/v/s/paper/a": "x.cdn.ampproject.org/v/s/paper/a",
    "https://x.cdn.ampproject.org/v/s": "x.cdn.ampproject.org/v/s",
    "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpaper.example%2Fa": "paper.example/a",
    "https://facebook.com/flx/warn/?u=https%3A%2F%2Fpaper.example%2Fa": "paper.example/a",
    "https://facebook.com/x?u=https%3A%2F%2Fpaper.example%2Fa": "facebook.com/x?u=https://paper.example/a",
    "https://out.reddit.com/t3_1?url=https%3A%2F%2Fpaper.example%2Fa": "paper.example/a",
}
PUBLISHED = {
    "https://p.example/a;jsessionid=1;SID=2?x=1": "https://p.example/a?x=1",
    "https://p.example/a;v=1": "https://p.example/a;v=1",
    "https://p.example;sid=1": "https://p.example;sid=1",
    "https://p.example/a;sid=1/b": "https://p.example/a;sid=1/b",
    "https://p.example/a?utm_source=x#/post": "https://p.example/a#/post",
    "https://p.example/a#!": "https://p.example/a",
    "https://p.example/a?#!x": "https://p.example/a#!x",
    "https://p.example/a?&b=1&": "https://p.example/a?b=1",
    "https://p.example/a b\x7f": "https://p.example/a%20b%7F",
    "https://u:p@google.com/url?q=https://v@p.example/a": "https://p.example/a",
    "https://www.google.com/amp/s/p.example/the-old": "https://p.example/the-old",
    "https://p.example/a?x=@b": "https://p.example/a?x=@b",
    "https://u@p.example#/x": "https://p.example#/x",
}
NUMBERS = {
    "/news/quay-123456": "123456",
    "/news/quay-12345": None,
    "/news/quay-123456.html": "123456",
    "/news/123456": "123456",
    "/123456/quay": "123456",
    "/123456/qu": None,
    "/article123456/quay": "123456",
    "/news123456/quay": None,
    "/123456-quay": "123456",
    "/x/123456-quay-654321": "654321",
    "/news/quay-20260315": None,
    "/news/quay-201231": None,
    "/news/quay-202613": "202613",
    "/news/quay-202612311530": None,
    "/news/quay-20261231153059": None,
    "/news/quay-19891231": "19891231",
    "/news/quay-20701231": "20701231",
    "/news/quay-31122026": None,
    "/news/quay-0123456789abcdef0123456789abcdef": "0123456789abcdef0123456789abcdef",
    "/news/01234567-89ab-cdef-0123-456789abcdef": "01234567-89ab-cdef-0123-456789abcdef",
    "/news/01234567-89ab-cdef-0123-456789abcdef-quay": "01234567-89ab-cdef-0123-456789abcdef",
    "/news/quay-111111111111111111": "111111111111111111",
    "/news/quay-1111111111111111111": None,
    "/": None,
    "": None,
    "/123456.ece": "123456",
    "/quay/123456.ece": "123456",
    "/2026/03/quay-123456/": "123456",
    "/quay-123456/more-words": None,
}
ARTICLES = (
    "/a?id=7",
    "/2026/quay",
    "/26/quay",
    "/2026/11/a1b2",
    "/news/a123",
    "/news/a_b-c_d",
    "/news/aaaaaaaaaaaaaaaaaaaaaaaa",
    "/news/quay1.html",
    "/news/the-old-quay.html",
    "/news/longstoryname.html",
    "/news/storyname11.html",
    "/news/storynamexxx.html",
    "/新聞/颱風今晚登陸北部沿",
)
NO_ARTICLES = (
    "/a?page=7",
    "/a?id=x",
    "/202/quay",
    "/20261/quay",
    "/2026/77",
    "/news/a12",
    "/news/a-b-c",
    "/news/aaaaaaaaaaaaaaaaaaaaaaa",
    "/news/quay.html",
    "/news/storynamexx.html",
    "/.html",
    "/news/quay.pdf",
    "/Tag/the-old-quay-is-closed",
    "/tag",
    "/新聞/颱風今晚登陸北",
)


@pytest.mark.parametrize(("path", "key"), PATHS.items())
def test_the_key_of_a_path(path: str, key: str) -> None:
    assert canonical_key(f"https://paper.example{path}") == f"paper.example{key}"


@pytest.mark.parametrize(("url", "key"), ADDRESSES.items())
def test_the_key_of_an_address(url: str, key: str) -> None:
    assert canonical_key(url) == key


def test_the_longest_host_and_the_longest_key() -> None:
    assert canonical_key("https://" + "a." * 126 + "b/") == "a." * 126 + "b/"
    assert canonical_key("https://" + "a." * 127 + "b/") == "https://" + "a." * 127 + "b/"
    longest = "paper.example/" + "a" * 1986
    assert canonical_key(f"https://{longest}") == longest
    assert canonical_key(f"https://{longest}a").startswith("sha256:")


def test_a_chain_of_redirect_pages_is_followed_eight_times() -> None:
    page = "https://paper.example/a"
    within = "https://x.cdn.ampproject.org/c/s/" + "y.cdn.ampproject.org/c/s/" * 7
    assert canonical_key(within + "paper.example/a") == canonical_key(page)
    assert published_form(within.removesuffix("y.cdn.ampproject.org/c/s/") + "paper.example/a") == page
    endless = within + "y.cdn.ampproject.org/c/s/" * 2 + "paper.example/a"
    assert canonical_key(endless).startswith("sha256:")
    assert published_form(endless) == endless


@pytest.mark.parametrize(("url", "form"), PUBLISHED.items())
def test_the_published_form(url: str, form: str) -> None:
    assert published_form(url) == form


@pytest.mark.parametrize(("path", "number"), NUMBERS.items())
def test_the_number_of_an_article(path: str, number: str | None) -> None:
    assert article_number(f"https://paper.example{path}") == number


def test_what_is_no_address_has_no_number() -> None:
    assert article_number("http://[") is None


@pytest.mark.parametrize("path", ARTICLES)
def test_what_can_be_an_article_by_its_form(path: str) -> None:
    assert article_like(f"https://paper.example{path}")


@pytest.mark.parametrize("path", NO_ARTICLES)
def test_what_is_a_section_by_its_form(path: str) -> None:
    assert not article_like(f"https://paper.example{path}")


SAME_PLACE = {
    ("https://p.example/a/b", "c"): "https://p.example/a/c",
    ("https://p.example/a", "c#to p"): "https://p.example/c",
    ("", "/x"): None,
    ("https://p.example:8/", "/x"): "https://p.example:8/x",
    ("https://p.example/", "/./x"): "https://p.example/x",
    ("https://p.example/", "/a\x01b"): "https://p.example/a%01b",
    ("https://p.example/", "/\ufffex"): "https://p.example/%EF%BF%BEx",
    ("https://p.example/", "/\ud800x"): "https://p.example/x",
    ("https://p.example/", "//a\x01b/"): None,
    ("https://p.example/", "http://"): None,
}


@each(
    "base, href, joined, place",
    with_a_fragment=[
        ("https://p.example/a", "#top", "https://p.example/a", "https://p.example/a#top"),
        ("https://p.example/a", " /c#x ", "https://p.example/c", "https://p.example/c#x"),
    ],
    without=[(base, href, joined, joined) for (base, href), joined in SAME_PLACE.items()],
)
def test_join_and_join_place(base: str, href: str, joined: str | None, place: str | None) -> None:
    assert (join(base, href), join_place(base, href)) == (joined, place)


def test_the_longest_address() -> None:
    for beginning in ("", "/"):
        base = "https://p.example/"
        assert len(join(base, beginning + "x" * 1982) or "") == 2000
        assert join(base, beginning + "x" * 1983) is None


def test_site_and_host() -> None:
    for url, of, name in (
        ("https://u@LOCALHOST:8/", "localhost:8", "localhost"),
        ("http://u@127.0.0.1:8/", "127.0.0.1:8", "127.0.0.1"),
        ("http://[::1]:8/x", "[::1]:8", "::1"),
        ("http://[", "", ""),
        ("mailto:a", "", ""),
        ("https://com/", "com", "com"),
        ("https://A.Paper.Example/", "paper.example", "a.paper.example"),
    ):
        assert (site(url), host(url)) == (of, name), url
        assert same_site(url, url)
    assert registrable("co.uk") == "co.uk"


def test_what_is_an_address_of_the_web_and_its_parts() -> None:
    for address, parts in (
        ("https://u:p@paper.example:80/a?b#c", ("paper.example", "", ["a"])),
        ("paper.example:80/a", ("paper.example", "", ["a"])),
        ("localhost:8080/a", ("localhost", ":8080", ["a"])),
        ("//paper.example/a", ("paper.example", "", ["a"])),
        ("paper.example", ("paper.example", "", [])),
        ("paper.example:port/a", None),
        ("mailto:a@paper.example", None),
        ("ftp://paper.example/a", None),
        ("data:text/html,x", None),
        ("urn:uuid:5", None),
        ("https://", None),
    ):
        found = split(address)
        assert (found and (found.host, found.port, list(found.path))) == parts, address
