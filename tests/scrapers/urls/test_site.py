"""Joining addresses, and the site to which they belong."""

from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PSLFILE, PublicSuffixList, encode_idn

from scrapers.normalise.links import Links
from scrapers.urls.published_form import published_form
from scrapers.urls.site import host, is_address, join, registrable, same_site, site, suffixes

_BEGINNINGS = st.sampled_from(
    ["", "/", "//", "http://", "https://h.example/", "https://h.example?", "https://H.example"]
)
_ENDS = st.text("aZ0./?#;:@&=%-_~!$'()*+,[]|\\^\"{}<> \t", max_size=14)
_BASES = [
    "https://a.example/x/y?z",
    "http://b.example",
    "https://c.example:8/",
    "https://u@d.example/",
    "https://e.example?x",
]


@pytest.mark.parametrize("base", _BASES)
@given(beginning=_BEGINNINGS, end=_ENDS)
def test_addresses_are_joined_as_by_the_standard_library(base: str, beginning: str, end: str) -> None:
    joined = join(base, beginning + end)
    if joined is not None:
        assert joined == urlsplit(urljoin(base, (beginning + end).strip()))._replace(fragment="").geturl()


@given(end=_ENDS)
def test_a_published_address_and_a_spelled_one_stay_as_they_are(end: str) -> None:
    for beginning in (
        "https://h.example/",
        "http://amp.example/",
        "https://www.google.example/amp/s/",
        "https://h.example",
    ):
        url = join("", beginning + end)
        if url is not None:
            assert published_form(published_form(url)) == published_form(url)
            spelled = Links("https://h.example/").spelled(url)
            assert spelled is None or Links("https://h.example/").spelled(spelled) == spelled


def test_join_resolves_and_refuses():
    base = "https://paper.example/news/index.html"
    assert join(base, "../a b#top") == "https://paper.example/a b"
    assert join(base, "//cdn.example/x") == "https://cdn.example/x"
    assert join(base, "?p=3") == "https://paper.example/news/index.html?p=3"
    for href in (
        "javascript:alert(1)",
        "mailto:a@b.example",
        "http://[",
        "ftp://x.example/",
        "http://x:99999/",
        "/" + "a" * 3000,
    ):
        assert join(base, href) is None


def test_sites():
    assert same_site("https://www.paper.co.uk/a", "https://news.paper.co.uk/")
    assert not same_site("https://a.blogspot.com/", "https://b.blogspot.com/")
    assert not same_site("http://127.0.0.1:1/", "http://127.0.0.1:2/")
    assert site("http://localhost:8080/") == "localhost:8080"


ADDRESSES = [
    "https://paper.example/a?b#c",
    "http://paper.example:8080",
]
NO_ADDRESSES = [
    "paper.example/a",
    "/a",
    "ftp://paper.example/",
    "javascript:alert(1)",
    "https://",
    "https://paper.example:99999999/",
    "http://[",
    " https://paper.example/",
    "https://paper.example/a b",
    "",
]


def test_what_is_an_address_as_it_stands() -> None:
    assert [text for text in [*ADDRESSES, *NO_ADDRESSES] if is_address(text)] == ADDRESSES


def test_the_list_of_suffixes_has_every_rule_in_both_of_its_forms() -> None:
    """As the library reads it, which takes its time."""
    theirs, ours = PublicSuffixList(), suffixes()
    rules = [line.split(" ")[0].strip() for line in Path(PSLFILE).read_text("utf-8").splitlines()]
    foreign = [rule for rule in rules if rule and not rule.isascii() and not rule.startswith("//")]
    assert len(foreign) > 100
    for rule in [*foreign, *map(encode_idn, foreign), *rules[::50]]:
        for name in (rule.lstrip("!*."), f"paper.{rule.lstrip('!*.')}"):
            assert ours.privatesuffix(name) == theirs.privatesuffix(name), name
    assert registrable("www.zeitung.xn--vermgensberatung-pwb") == "zeitung.xn--vermgensberatung-pwb"
    assert host("https://WWW.Paper.example:8/a") == "www.paper.example"
