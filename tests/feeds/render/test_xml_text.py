"""Text and addresses as a document may carry them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.render.xml_text import _ILLEGAL, language, legal, one_line, shortened, uri

PLANES = range(0x10000, 0x110000, 0x10000)


@given(st.text(st.characters()))
def test_legal_text_is_what_xml_can_carry(text: str) -> None:
    element = etree.Element("a")
    element.text = legal(text)
    assert etree.fromstring(etree.tostring(element)).text in (legal(text), None if not legal(text) else legal(text))


def test_legal_text_loses_only_what_is_forbidden() -> None:
    assert legal("a\x00\x0b\ud800\ufffe\x7f\x9fb\r\nc\rd\te\U0001f600é\u200d") == "ab\nc\nd\te\U0001f600é\u200d"
    assert legal("\U0001ffff\U0010fffe\ufdd0") == ""
    for code in (*range(14, 0x10000), 0x1F600, *(plane + end for plane in PLANES for end in (0xFFFD, 0xFFFE, 0xFFFF))):
        assert legal(f"é{chr(code)}a") == _ILLEGAL.sub("", f"é{chr(code)}a"), hex(code)


def test_one_line_has_no_breaks_and_no_overrides() -> None:
    assert one_line(" a\n\u202eb\u2069  c\t") == "a b c"


def test_shortened_ends_at_a_word() -> None:
    assert shortened("one two three", 13) == "one two three"
    assert shortened("one two, three four", 12) == "one two…"
    assert shortened("x" * 50, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("tag", "good"), [("en", True), ("zh-Hant-TW", True), ("english!", False), ("", False), (None, False), ("e", False)]
)
def test_language_tags(tag: str | None, good: bool) -> None:
    assert language(tag) == (tag if good else None)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://x.example/a?b=1&c=2#d", "https://x.example/a?b=1&c=2#d"),
        ("HTTPS://x.example/ä b", "https://x.example/%C3%A4%20b"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ('https://x.example/%C3%A4|<>"', "https://x.example/%C3%A4%7C%3C%3E%22"),
        ("https://user@x.example:8080/", "https://user@x.example:8080/"),
        ("javascript:alert(1)", None),
        ("//x.example/", None),
        ("/relative", None),
        ("data:image/png;base64,AAAA", None),
        ("http://", None),
        ("http://[", None),
        ("http://a b/", None),
        ("http://\u2025.example/", None),
        ("", None),
    ],
)
def test_addresses_become_uris(address: str, expected: str | None) -> None:
    assert uri(address) == expected


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_an_ascii_uri_or_none(text: str) -> None:
    for address in (text, f"https://{text}", f"https://x.example/{text}"):
        made = uri(address)
        assert made is None or (made.isascii() and " " not in made and uri(made) == made)
