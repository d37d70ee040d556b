"""The next page of an article: the same address with the next number, however pages are numbered."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers.extract.body.next_page import next_page

A = "https://courier.example/2026/quay"


@pytest.mark.parametrize(
    ("url", "href", "follows"),
    [
        (A, f"{A}/2", True),
        (A, f"{A}?page=2", True),
        (f"{A}.html", f"{A}-2.html", True),
        (f"{A}.html", f"{A}/page/2", True),
        (f"{A}/", f"{A},seite-2", True),
        (f"{A}/2", f"{A}/3", True),
        (f"{A}?page=2", f"{A}?page=3", True),
        (A, f"{A}/3", False),  # not the next
        (A, "https://courier.example/2026/ferry/2", False),  # another story
        (A, "https://courier.example/2026/quay-fire-2", False),
        (A, "https://other.example/2026/quay/2", False),
        (f"{A}/50", f"{A}/51", False),  # no article has so many
        (A, A, False),
    ],
)
def test_the_next_page(url: str, href: str, follows: bool) -> None:
    tree = LexborHTMLParser(f'<html><head><link rel="next" href="{href}"></head><body><p>x</p></body></html>')
    assert next_page(tree, url) == (href if follows else None)


def test_without_an_address_there_is_none() -> None:
    assert next_page(LexborHTMLParser(f'<link rel="next" href="{A}/2">'), None) is None


def test_of_several_the_first_on_the_page_is_taken() -> None:
    link, anchor = f'<link rel="next" href="{A}?page=2">', f'<a rel="nofollow next" href="{A}/2">on</a>'
    for markup, first in ((link + anchor, f"{A}?page=2"), (anchor + link, f"{A}/2"), (anchor, f"{A}/2")):
        assert next_page(LexborHTMLParser(f"<body>{markup}</body>"), A) == first
