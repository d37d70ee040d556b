"""Pages that only lead to another site: by a refresh, or of a news aggregator by its address and its links."""

from __future__ import annotations

import base64

from selectolax.lexbor import LexborHTMLParser

from scrapers.extract.redirect_page import of_google_news, target

ADDRESS = "https://short.example/x/4711"
NEWS = "https://news.google.com/"
THERE = "https://courier.example/a"


def led(address: str, *refresh: str, markup: str = "") -> str | None:
    return target(address, {"refresh": list(refresh)} if refresh else {}, LexborHTMLParser(f"<body>{markup}"))


def test_a_refresh_leads_to_another_site() -> None:
    for refresh, there in (
        (f"0; url={THERE}", THERE),
        (f"0;URL='{THERE}'", THERE),
        (f" 12.5 , url = {THERE}", THERE),
        ("0; url=//courier.example/a", THERE),
        ("0; url=/elsewhere", None),
        ("0; url=https://www.short.example/elsewhere", None),
        ("300", None),
        (f"url={THERE}", None),
        ("0; url=mailto:a@courier.example", None),
    ):
        assert led(ADDRESS, refresh) == there, refresh
    assert led(ADDRESS) is None
    assert led(ADDRESS, "300", f"0; url={THERE}") is None, "the first counts"
    assert led("", f"0; url={THERE}") is None, "a page without an address leads nowhere"


def test_an_aggregator_leads_by_its_links() -> None:
    link = f"<a href={THERE}>Courier</a>"
    for markup, there in (
        (link, THERE),
        (f"<a href=https://www.google.com/a>x</a><a href=https://x.gstatic.com/>y</a>{link}", THERE),
        (f"<a href=https://www.youtube.com/a>x</a>{link}", THERE),
        (f"<c-wiz data-n-au={THERE}></c-wiz><a href=https://other.example/>x</a>", THERE),
        ("<a href=/settings>x</a>", None),
        ("<a href=http://[>x</a>", None),
        ("", None),
    ):
        assert led(f"{NEWS}articles/x", markup=markup) == there, markup
    assert led(ADDRESS, markup=link) is None, "another site has links, too"
    assert led(f"{NEWS}articles/x?url=https://island.example/b", markup=link) == "https://island.example/b"


def test_an_address_of_the_aggregator_carries_its_target() -> None:
    told = base64.urlsafe_b64encode(b"\x08\x13\x22\x1b" + THERE.encode() + b"\xd2\x01\x00").decode().rstrip("=")
    for where, there in (
        (f"{NEWS}articles/{told}", THERE),
        (f"{NEWS}rss/articles/{told}?oc=5", THERE),
        (f"{NEWS}read/{told}", THERE),
        (f"{NEWS}topics/{told}", None),
        (f"{NEWS}articles/{told[:19]}", None),
        (f"{NEWS}articles/{'A' * 21}", None),
        (f"{NEWS}articles/{'A' * 24}", None),
        (f"{NEWS}x?a={THERE}&url={THERE}/2", f"{THERE}/2"),
        (f"{NEWS}x?q=weather&u={THERE}", THERE),
        (f"{NEWS}x?dest=ftp://courier.example", None),
        (f"{NEWS}x", None),
        ("https://[", None),
    ):
        assert of_google_news(where) == there, where
