"""Addresses of a body as they are published: absolute, in ASCII, of the page's own scheme, and which are none."""

from __future__ import annotations

import pytest

from scrapers.normalise.links import LONGEST, Links

PAGE = "https://paper.example/news/a.html"
HOME = "https://paper.example/"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        (None, None),
        ("", None),
        (" b.html ", "https://paper.example/news/b.html"),
        ("/x?utm_source=feed&id=7", "https://paper.example/x?id=7"),
        ("#notes", f"{PAGE}#notes"),
        ("/x#notes", "https://paper.example/x#notes"),
        ("/x#xtor=RSS-1", "https://paper.example/x"),
        ("/x#", "https://paper.example/x"),
        ("http://paper.example/x", "https://paper.example/x"),
        ("http://other.example/x", "http://other.example/x"),
        ("https://ada:secret@other.example/x", "https://other.example/x"),
        ("https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"),
        ("mailto:ada@paper.example", "mailto:ada@paper.example"),
        ("MAILTO:ada@paper.example?subject=ä", "MAILTO:ada@paper.example?subject=%C3%A4"),
        ("mailto:?subject=share", None),
        ("javascript:alert(1)", None),
        ("https://a_b.example:8080/x", "https://a_b.example:8080/x"),
        ("https://[::1]/x", "https://[::1]/x"),
        ("https://a b.example/x", None),
    ],
)
def test_a_link_as_it_is_published(href: str | None, url: str | None) -> None:
    assert Links(PAGE).link(href) == url


def test_addresses_have_a_length_that_readers_take() -> None:
    links = Links(PAGE)
    at_most = HOME + "x" * (LONGEST - len(HOME))
    assert links.link(at_most) == links.file(at_most) == links.spelled(at_most) == at_most
    assert links.link(at_most + "x") is links.file(at_most + "x") is links.spelled(at_most + "x") is None
    assert links.link(f"{HOME}x#{'y' * 1900}") == f"{HOME}x#{'y' * 1900}"
    assert links.link(f"{HOME}x#{'y' * 2000}") is None


def test_only_a_secure_page_makes_its_own_links_secure() -> None:
    assert Links("http://paper.example/").link("http://paper.example/x") == "http://paper.example/x"
    assert Links("http://paper.example/").link("/x") == "http://paper.example/x"


def test_files_and_sources_of_quotations() -> None:
    links = Links(PAGE)
    assert links.file("../i.jpg?utm_source=a") == "https://paper.example/i.jpg?utm_source=a"
    assert links.file(None) is links.file("") is links.spelled("") is None
    assert links.cited("/x") == "https://paper.example/x"
    assert links.cited(None) == links.cited("mailto:ada@paper.example") == links.cited("MAILTO:a@b.example") == ""
