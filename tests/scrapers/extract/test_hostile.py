"""Truncated, garbled and hostile pages: never an exception, never a hang."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.errors import ReadFailed
from scrapers.extract import extract
from scrapers.model import Draft, Page
from tests.support.timing import least

SAMPLE = (
    "<!doctype html><html lang=de><head><meta charset=utf-8><title>Brücke offen – Der Kurier</title>"
    '<meta property="og:title" content="Brücke offen"><meta name="author" content="Von Ada Lindqvist, Tomás Rey">'
    '<meta property="article:published_time" content="2026-03-04T07:30:00+01:00"><link rel=canonical href="/bruecke">'
    '<script type="application/ld+json">'
    + json.dumps(
        {
            "@graph": [
                {
                    "@type": ["NewsArticle"],
                    "headline": "Brücke offen",
                    "author": [{"@id": "#a"}],
                    "image": ["/a.jpg", {"url": 5}],
                },
                {"@type": "Person", "@id": "#a", "name": "Ada Lindqvist"},
                {"@type": "BreadcrumbList", "itemListElement": [{"item": {"name": "Lokales"}}]},
            ]
        }
    )
    + '</script><script>window.__STATE__={"story":{"title":"Brücke offen","body":"'
    + "Es geht wieder. " * 40
    + '","date":1772607000}}</script><script>self.__next_f.push([1,"1:T10,abc"])</script></head>'
    "<body><header><nav><h1>Der Kurier</h1></nav></header>"
    '<article itemscope itemtype="https://schema.org/NewsArticle">'
    "<h1 itemprop=headline>Brücke <span class=kicker>Verkehr</span> offen</h1>"
    '<p class=byline>Von <a rel=author href="/autor/ada">Ada Lindqvist</a> am 4. März 2026</p>'
    '<time datetime="2026-03-04T07:30">4. März</time>'
    "<p>Der Verkehr rollt wieder über die Brücke am Hafen.</p></article></body></html>"
).encode()


def read(body: bytes, url: str = "https://kurier.example/2026/03/04/bruecke", kind: str = "text/html") -> Draft | None:
    try:
        return extract(Page(url=url, body=body, content_type=kind))
    except ReadFailed:
        return None


def test_the_sample_is_read() -> None:
    draft = read(SAMPLE)
    assert draft is not None
    assert draft.title is not None
    assert "offen" in draft.title
    assert draft.authors == ("Ada Lindqvist",)


@pytest.mark.parametrize("end", range(0, len(SAMPLE), 37))
def test_truncated_anywhere(end: int) -> None:
    assert read(SAMPLE[:end]) is not None


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), max_size=60))
def test_garbled(flips: list[tuple[int, int]]) -> None:
    body = bytearray(SAMPLE)
    for place, value in flips:
        body[place] = value
    assert read(bytes(body)) is not None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(["text/html", "text/plain"]))
def test_any_bytes(body: bytes, kind: str) -> None:
    assert read(body, kind=kind) is not None


@pytest.mark.parametrize("charset", ["utf-16", "shift_jis", "koi8-r", "utf-8-sig"])
def test_wrong_encodings(charset: str) -> None:
    assert read(SAMPLE.decode().encode(charset, "replace")) is not None


KEYS = (
    *(
        "@type",
        "@graph",
        "@id",
        "headline",
        "name",
        "author",
        "image",
        "url",
        "datePublished",
        "keywords",
        "articleBody",
    ),
    *("publisher", "itemListElement", "isAccessibleForFree", "inLanguage", "body", "title", "content_elements", "type"),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.just("2026-03-04"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner | st.just("NewsArticle"),
            max_size=6,
        )
    ),
    max_leaves=30,
)


@settings(max_examples=200, deadline=None)
@given(json_values)
def test_any_json(value: object) -> None:
    text = json.dumps(value)
    blocks = (
        f'<script type="application/ld+json">{text}</script><script type="application/json">{text}{" " * 300}</script>'
    )
    assert read(f"<title>Brücke offen</title>{blocks}".encode()) is not None


@pytest.mark.parametrize(
    "address", ["", "http://[", "https://kurier.example:99999999/", "about:blank", "x" * 3000, "//", "\x00"]
)
def test_any_address(address: str) -> None:
    assert read(SAMPLE, url=address) is not None
    assert read(SAMPLE.replace(b'href="/bruecke"', f'href="{address}"'.encode())) is not None


def test_surrogates_in_json_do_not_raise() -> None:
    block = '{"@type": "NewsArticle", "headline": "br\\ud800oken", "author": "\\udfff"}'
    assert read(f'<script type="application/ld+json">{block}</script>'.encode()) is not None


@pytest.mark.parametrize(
    "body",
    [
        "<h1>" + "x" * 400_000 + "</h1>",
        "<div class=byline>By " + "A b, " * 40_000 + "</div>",
        "<h1>a</h1>" + "<time>2024</time>" * 15_000,
        "<h1>a</h1>" + "<span class=date>1 2 3 2024</span>" * 15_000,
        "<meta name=author content='" + "Ada and " * 50_000 + "'>",
        "<h2>a</h2>" * 20_000,
        "<script type='application/ld+json'>"
        + '{"@type":"NewsArticle","author":['
        + '"x",' * 100_000
        + '"y"]}</script>',
        "<script type='application/json'>"
        + json.dumps({"title": "a", "body": [{"type": "p", "text": "x"}] * 20_000})
        + "</script>",
        "<script>x=" + '{"a":' * 59 + "1" + "}" * 59 + ";" + '={"b":1};' * 20_000 + "</script>",
        "<script>" + "self.__next_f.push([1," * 5000 + "</script>",
        "<script type='application/json'>"
        + json.dumps({"a": base64.b64encode(b'{"a":"' + b"x" * 99_999).decode()})
        + "</script>",
        "<a rel=author>A B</a>" * 15_000,
    ],
)
def test_big_pages_are_bounded(body: str) -> None:
    page = f"<html><title>a</title>{body}<p>Es geht wieder.</p>".encode()
    assert least(lambda: read(page), 3.0) < 3.0


@pytest.mark.parametrize(
    "tag", ["iframe", "noframes", "noembed", "xmp", "title", "textarea", "style", "noscript", "div"]
)
@pytest.mark.parametrize("bait", ['<x "', "<x ", '"<', "<<", "<!-- ", "</x "])
def test_raw_text_takes_no_time(tag: str, bait: str) -> None:
    for quote in ("", '"'):
        inner = bait * (8_000 // bait.count("<")) + quote
        page = Page("", f"<body><p title='<>'>Es geht wieder.</p><{tag}>{inner}</{tag}><p>Ende.</p>".encode())
        assert least(lambda: extract(page, None), 0.5) < 0.5, (tag, bait, quote)  # noqa: B023  it is called here
