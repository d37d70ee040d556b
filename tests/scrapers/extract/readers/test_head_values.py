"""Each value that `<meta>`, `<link>` and microdata tell, in every shape in which they come."""

from __future__ import annotations

from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers.extract.claims import Claims
from scrapers.extract.readers import meta, microdata
from scrapers.extract.readers.nodes import gather
from scrapers.extract.readers.visible import line_of
from scrapers.model import File, Image

HERE = "https://courier.example/a/quay"


def head(markup: str) -> Claims:
    parts = gather(LexborHTMLParser(f"<html><head>{markup}</head><body></body></html>"))
    return meta.read(parts, meta.table(parts), HERE)


@pytest.mark.parametrize(
    ("markup", "field", "wanted"),
    [
        ('<meta name="Title" content=" Quay ">', "titles", ("Quay",)),
        ('<meta name="title" value="Quay">', "titles", ("Quay",)),
        ('<meta itemprop="headline" content="Quay">', "titles", ("Quay",)),
        ('<meta name="title" content="">', "titles", ()),
        ('<meta name="description" content="It is."><meta property="og:description" content="It was.">', "subtitles",
         ("It was.", "It is.")),
        ('<meta name="author" content="Ada Vos"><meta name="byl" content="Ada Vos">', "authors", ("Ada Vos",)),
        ('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ada">', "authors",
         ("Ada",)),
        ('<meta name="twitter:label2" content="Von:"><meta name="twitter:data2" content="Ada">', "authors", ("Ada",)),
        ('<meta name="twitter:label1" content="Lesezeit"><meta name="twitter:data1" content="4 min">', "authors", ()),
        ('<meta property="article:published_time" content="2026-03-01">', "published", ("2026-03-01",)),
        ('<meta name="date" content="2026-03-01">', "dated", ("2026-03-01",)),
        ('<meta http-equiv="last-modified" content="2026-03-02">', "updated", ("2026-03-02",)),
        ('<meta property="article:section" content="Sea">', "sections", ("Sea",)),
        ('<meta name="keywords" content="sea, port;ice">', "tags", ("sea", "port;ice")),
        ('<meta name="keywords" content="sea; port">', "tags", ("sea", "port")),
        ('<meta property="article:tag" content="sea, port">', "tags", ("sea", "port")),
        ('<meta property="article:tag" content="sea, port"><meta property="article:tag" content="ice">', "tags",
         ("sea, port", "ice")),
        ('<meta property="article:tag" content="sea"><meta name="keywords" content="port">', "tags", ("sea",)),
        ('<meta http-equiv="content-language" content="de">', "languages", ("de",)),
        ('<link rel="canonical" href="/q"><meta property="og:url" content=" /r ">', "urls", ("/q", "/r")),
        (f'<meta property="og:url" content="{"u" * 2001}">', "urls", ()),
        ('<link rel="amphtml" href="/amp"><link rel="amp" href="/no">', "amp", ("/amp",)),
        ('<meta property="og:site_name" content="Courier">', "publishers", ("Courier",)),
        ('<link rel="license nofollow" href="/l"><meta name="dcterms.license" content="CC">', "licenses", ("/l", "CC")),
        ('<meta name="dc.contributor" content="Ben Roe">', "contributors", ("Ben Roe",)),
        ('<link rel="replies" href="/talk">', "comments", ("/talk",)),
        ('<link rel="alternate" type="application/rss+xml; charset=utf-8" href="/f">', "feeds", ("/f",)),
        ('<link rel="alternate" type="text/html" href="/f">', "feeds", ()),
        ('<meta name="article:content_tier" content=" Locked ">', "free", False),
        ('<meta name="cxenseparse:access" content="paid">', "free", False),
        ('<meta name="article:content_tier" content="free">', "free", None),
        ("", "free", None),
        ('<meta property="og:type" content="article">', "kind", "article"),
        ('<meta property="og:audio" content=" /a.mp3 ">', "files", (File("/a.mp3", "audio/mpeg"),)),
        ('<meta property="og:audio" content="/talk"><meta property="og:audio:type" content="audio/ogg">', "files",
         (File("/talk", "audio/ogg"),)),
        ('<meta property="og:audio" content="/player">', "files", ()),
        ('<meta property="og:audio" content="/p"><meta property="og:audio:type" content="text/html">', "files", ()),
        ("", "kind", None),
    ],
)  # fmt: skip
def test_a_value_of_the_head(markup: str, field: str, wanted: Any) -> None:
    assert getattr(head(markup), field) == wanted


def test_size_and_text_of_the_first_picture() -> None:
    found = head(
        '<meta property="og:image" content="/a.jpg"><meta property="og:image" content="https://m.example/b.jpg">'
        '<meta name="twitter:image" content="/a.jpg"><meta property="og:image:alt" content="Boats">'
        '<meta property="og:image:width" content=" 99999 "><meta property="og:image:height" content="100000">'
    )
    assert found.images == (
        Image("https://courier.example/a.jpg", alt="Boats", width=99999),
        Image("https://m.example/b.jpg"),
    )
    many = "".join(f'<meta property="og:image" content="/{n}.jpg">' for n in range(10))
    assert len(head(many).images) == 8


def body(markup: str) -> Claims:
    tree = LexborHTMLParser(f"<html><body>{markup}</body></html>")
    return microdata.read(gather(tree), line_of(tree.css_first("h1")))


ARTICLE = '<div itemscope itemtype="https://schema.org/NewsArticle">'


@pytest.mark.parametrize(
    ("markup", "field", "wanted"),
    [
        ('<time itemprop="datePublished" datetime="2026-03-01">Sunday</time>', "published", ("2026-03-01",)),
        ('<span itemprop="dateCreated" content="2026-03-01">Sunday</span>', "published", ("2026-03-01",)),
        ('<span itemprop="datePublished">1 March</span>', "published", ("1 March",)),
        ('<meta itemprop="dateModified" content="2026-03-02">', "updated", ("2026-03-02",)),
        ('<h1 itemprop="headline">Quay</h1>', "titles", ("Quay",)),
        ('<span itemprop="keywords">sea</span>', "tags", ("sea",)),
        ('<meta itemprop="keywords" content="sea">', "tags", ()),
        ('<meta itemprop="author" content="Ada Vos">', "authors", ("Ada Vos",)),
        ('<span itemprop="creator">Ada Vos</span>', "authors", ("Ada Vos",)),
        ('<p itemprop="author"><b itemprop="name">Ada Vos</b><i itemprop="name" content="Ben Roe">B</i></p>', "authors",
         ("Ada Vos", "Ben Roe")),
        ('<p itemprop="author"><b>Ada</b><i>Ben</i></p>', "authors", ("Ada | Ben",)),
        ('<p itemprop="">Quay</p>', "titles", ()),
    ],
)  # fmt: skip
def test_a_property_of_the_article(markup: str, field: str, wanted: Any) -> None:
    assert getattr(body(f"{ARTICLE}{markup}</div>"), field) == wanted
    assert getattr(body(markup), field) == wanted, "outside of any item"
    assert getattr(body(f'<div itemscope itemtype="https://schema.org/Person">{markup}</div>'), field) == ()
    assert getattr(body(f"<div itemscope>{markup}</div>"), field) == wanted


def test_where_an_item_holds_the_headline_its_properties_alone_count() -> None:
    card = f'{ARTICLE}<h2 itemprop="headline">Another</h2></div>'
    own = f'{ARTICLE}<h1 itemprop="headline">Quay</h1></div>'
    assert body(card + own).titles == ("Quay",)
    assert body(f"{card}<h1>Quay</h1>").titles == ("Another",)
