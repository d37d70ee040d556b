"""Each witness alone: what it reads from markup that publishers really write, with prose of our own."""

from __future__ import annotations

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers.extract.readers import jsonld, meta, selectors
from scrapers.extract.readers import nodes as parts
from scrapers.extract.readers import page_state as state
from scrapers.seed import css
from scrapers.seed.seed import Extract

ADDRESS = "https://courier.example/2026/03/harbour-bridge"

ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Harbour bridge reopens",
    "description": "The crossing is open again after a year of repairs.",
    "datePublished": "2026-03-04T07:30:00+01:00",
    "dateModified": "2026-03-04T09:00:00+01:00",
    "author": [{"@type": "Person", "name": "Ada Lindqvist"}, {"@type": "Person", "name": "Tomás Rey"}],
    "publisher": {"@type": "Organization", "name": "The Example Courier"},
    "image": {"@type": "ImageObject", "url": "/img/bridge.jpg", "width": 1200, "height": "800"},
    "keywords": "bridges, harbour",
    "articleSection": "Local",
    "inLanguage": "en",
    "isAccessibleForFree": "False",
    "url": ADDRESS,
}


def test_jsonld_article() -> None:
    (claims,) = jsonld.read([json.dumps(ARTICLE)], ADDRESS)[:1]
    assert claims.titles == ("Harbour bridge reopens",)
    assert claims.authors == ("Ada Lindqvist", "Tomás Rey")
    assert claims.published == ("2026-03-04T07:30:00+01:00",)
    assert claims.updated == ("2026-03-04T09:00:00+01:00",)
    assert claims.tags == ("bridges", "harbour")
    assert claims.publishers == ("The Example Courier",)
    assert claims.images[0].url == "https://courier.example/img/bridge.jpg"
    assert (claims.images[0].width, claims.images[0].height) == (1200, 800)
    assert claims.free is False


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ada Lindqvist", ("Ada Lindqvist",)),
        ([[[["Ada Lindqvist"]]]], ("Ada Lindqvist",)),  # as deep as anybody writes it
        ([[[[["Ada Lindqvist"]]]]], ()),
        ({"name": {"name": {"name": {"name": "Ada Lindqvist"}}}}, ("Ada Lindqvist",)),
        ({"name": ["Ada Lindqvist", "Tomás Rey"]}, ("Ada Lindqvist", "Tomás Rey")),
        ({"givenName": "Ada", "familyName": "Lindqvist"}, ("Ada Lindqvist",)),
        ({"familyName": "Lindqvist"}, ("Lindqvist",)),
        ({"@value": "Ada Lindqvist"}, ("Ada Lindqvist",)),
        (5, ()),
    ],
)
def test_jsonld_names_in_every_shape(author: object, names: tuple[str, ...]) -> None:
    (claims,) = jsonld.read([json.dumps({**ARTICLE, "author": author})], ADDRESS)[:1]
    assert claims.authors == names


def test_jsonld_graph_with_references() -> None:
    graph = {
        "@graph": [
            {"@type": "WebSite", "@id": "#site", "name": "The Example Courier"},
            {"@type": "Person", "@id": "#ada", "name": "Ada Lindqvist", "url": "/ada"},
            {"@type": "ImageObject", "@id": "#lead", "url": "https://courier.example/lead.jpg"},
            {"@type": "BreadcrumbList", "itemListElement": [{"name": "Home"}, {"item": {"name": "Local"}}]},
            {
                **ARTICLE,
                "author": {"@id": "#ada"},
                "image": {"@id": "#lead"},
                "keywords": ["bridges", {"name": "harbour"}],
            },
        ]
    }
    claims = jsonld.read([json.dumps(graph)], ADDRESS)
    assert claims[0].authors == ("Ada Lindqvist",)
    assert claims[0].images[0].url == "https://courier.example/lead.jpg"
    assert claims[0].tags == ("bridges", "harbour")
    assert claims[-1].publishers == ("The Example Courier",)
    assert claims[-1].sections == ("Home", "Local")


def test_jsonld_of_several_articles_the_one_with_this_address_counts() -> None:
    other = {**ARTICLE, "headline": "Another story", "url": "https://courier.example/2026/03/other"}
    claims = jsonld.read([json.dumps([other, ARTICLE])], ADDRESS)
    assert claims[0].titles == ("Harbour bridge reopens",)


@pytest.mark.parametrize(
    "broken",
    [
        '<!-- {"@type": "NewsArticle", "headline": "Harbour bridge reopens"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Harbour bridge reopens"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Harbour bridge reopens",}',
        '{"@type": "NewsArticle", // the type\n "headline": "Harbour bridge reopens"}',
        '{"@type": "NewsArticle", "author": , "headline": "Harbour bridge reopens"}',
        '{"@type": "NewsArticle", "headline": "Harbour bridge reopens", "description": "it\\\'s open"}',
        '{"@type": "NewsArticle", "headline": "Harbour bridge reopens", "description": "two\nlines"}',
        '{"@type": "NewsArticle"\n "headline": "Harbour bridge reopens"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Harbour bridge reopens&quot;}",
        '{"@type": "NewsArticle", "headline": "Harbour bridge reopens"};',
        '{"@type": "WebSite"}{"@type": "NewsArticle", "headline": "Harbour bridge reopens"}',
        '{"@type": "NewsArticle", "headline": "Harbour bridge reopens", "description": "an "odd" quote"}',
    ],
)
def test_jsonld_is_mended(broken: str) -> None:
    assert jsonld.read([broken], ADDRESS)[0].titles[0] == "Harbour bridge reopens"


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 100_000,
        '{"a":' * 60 + "1" + "}" * 60,
        '{"@type": "NewsArticle", "headline": ' + "9" * 5000 + "}",
        "x" * 2_000_000,
        '{"@type": "NewsArticle", "headline": ["a", {"b": 1}], "author": [[[[[["x"]]]]]], "datePublished": 5}',
        '{"@type": {"a": 1}, "@graph": {"@graph": {"@graph": {}}}}',
        "null",
        "",
    ],
)
def test_jsonld_that_cannot_be_read_is_left_out(hostile: str) -> None:
    claims = jsonld.read([hostile, json.dumps(ARTICLE)], ADDRESS)
    assert claims[0].titles == ("Harbour bridge reopens",)


def _gather(head: str, body: str = "") -> parts.Parts:
    return parts.gather(LexborHTMLParser(f"<html lang=en><head>{head}</head><body>{body}</body></html>"))


def test_meta_families() -> None:
    found = _gather(
        """
        <meta property="og:title" content="Bridge &amp; harbour">
        <meta name="parsely-author" content="Ada Lindqvist">
        <meta name="DC.date.issued" content="2026-03-04">
        <meta property="article:tag" content="bridges"><meta property="article:tag" content="harbour, east side">
        <meta name="twitter:label1" content="Verfasst von"><meta name="twitter:data1" content="Ada Lindqvist">
        <meta property="og:image" content="/lead.jpg"><meta property="og:image:width" content="1200">
        <link rel="canonical" href="/2026/03/harbour-bridge"><link rel="amphtml" href="/amp/harbour-bridge">
        <meta itemprop="dateModified" content="2026-03-05">
        """
    )
    claims = meta.read(found, meta.table(found), ADDRESS)
    assert claims.titles == ("Bridge & harbour",)
    assert claims.authors == ("Ada Lindqvist",)
    assert claims.published == ("2026-03-04",)
    assert claims.updated == ("2026-03-05",)
    assert claims.tags == ("bridges", "harbour, east side")
    assert claims.images[0].url == "https://courier.example/lead.jpg"
    assert claims.images[0].width == 1200
    assert claims.urls == ("/2026/03/harbour-bridge",)
    assert claims.amp == ("/amp/harbour-bridge",)


TEXT = "Traffic rolled over the harbour bridge again on Wednesday, a year after the first crack was found. " * 4


@pytest.mark.parametrize(
    "script",
    [
        ("application/json", json.dumps({"props": {"story": {"headline": "Harbour bridge reopens", "body": TEXT}}})),
        (
            "",
            "window.__STATE__ = "
            + json.dumps({"a": {"title": "Harbour bridge reopens", "contentHtml": f"<p>{TEXT}</p>"}}),
        ),
        (
            "",
            'window.App={"x":undefined,"story":' + json.dumps({"title": "Harbour bridge reopens", "body": TEXT}) + "};",
        ),
        (
            "application/json",
            json.dumps(
                {
                    "headlines": {"basic": "Harbour bridge reopens"},
                    "content_elements": [
                        {"type": "text", "content": TEXT},
                        {"type": "image", "caption": "never in the text"},
                        {"type": "header", "content": "What comes next"},
                        {"type": "list", "items": [{"content": "painting"}, {"content": "lamps"}]},
                    ],
                }
            ),
        ),
        (
            "application/json",
            json.dumps(
                {
                    "title": "Harbour bridge reopens",
                    "document": {
                        "nodes": [{"type": "PARAGRAPH", "nodes": [{"type": "TEXT", "textData": {"text": TEXT}}]}]
                    },
                }
            ),
        ),
        ("application/json", json.dumps({"data": json.dumps({"title": "Harbour bridge reopens", "body": TEXT})})),
    ],
)
def test_state_holds_the_body(script: tuple[str, str]) -> None:
    claims = state.read([script], ["Harbour bridge reopens"], ADDRESS)
    assert claims[0].titles[0] == "Harbour bridge reopens"
    assert "first crack was found" in claims[0].bodies[0]
    assert "never in the text" not in claims[0].bodies[0]


def test_state_of_a_flight_stream() -> None:
    body = f"<p>{TEXT}</p>"
    story = json.dumps(["$", "div", None, {"story": {"title": "Harbour bridge reopens", "html": "$2"}}])
    rows = f'1:{{"a":1}}\n2:T{len(body.encode()):x},{body}3:{story}\n'
    scripts = [("", f"self.__next_f.push([1,{json.dumps(part)}])" + " " * 200) for part in (rows[:40], rows[40:])]
    claims = state.read(scripts, ["Harbour bridge reopens"], ADDRESS)
    assert claims[0].bodies == (body,)


def test_state_of_other_stories_is_not_believed() -> None:
    script = json.dumps({"title": "Ferry fares rise in autumn", "body": TEXT})
    assert state.read([("application/json", script)], ["Harbour bridge reopens"], ADDRESS) == []


@pytest.mark.parametrize(
    "wrapped",
    [
        '{"a": "x"}',
        "eyJhIjogIngifQ==",  # base64 of {"a": "x"}
        "JTdiJTIyYSUyMiUzYSUyMCUyMnglMjIlN2Q=",  # base64 of that, escaped
    ],
)
def test_state_inside_strings(wrapped: str) -> None:
    assert state.unwrap(wrapped) == {"a": "x"}


def test_selectors_read_what_the_seed_names() -> None:
    tree = LexborHTMLParser(
        """
        <div class=promo>Buy now</div><h2 class=story__title>Harbour <em>bridge</em> reopens</h2>
        <p class=dek>The crossing is open again.</p><span class=who>Ada Lindqvist</span>
        <time class=when datetime="2026-03-04T07:30:00+01:00">this morning</time>
        <figure class=lead><img src="data:image/gif;base64,R0" data-src="/lead.jpg" alt="The bridge"></figure>
        <div class=text><p>Traffic rolled again.</p></div>
        """
    )
    extract = Extract(
        title=".story__title",
        subtitle=".dek",
        authors=".who",
        published=".when",
        image=".lead",
        body=".text",
        drop=(".promo",),
    )
    selectors.drop(tree, extract)
    claims = selectors.read(tree, extract)
    assert "Buy now" not in tree.text()
    assert claims.titles == ("Harbour bridge reopens",)
    assert claims.subtitles == ("The crossing is open again.",)
    assert claims.authors == ("Ada Lindqvist",)
    assert claims.published == ("2026-03-04T07:30:00+01:00",)
    assert claims.images[0].url == "/lead.jpg"
    assert "<p>Traffic rolled again.</p>" in claims.bodies[0]


@pytest.mark.parametrize(
    ("selector", "word"),
    [
        ("h1[", "without its ]"),
        ("p[a='x", "not closed"),
        (":contains('x')", "no CSS selector"),
        ("h1::text", "no CSS selector"),
        ("div div:has(p) div", "minutes"),
        ("  ", "empty"),
        ("a" * 600, "longer"),
    ],
)
def test_selectors_that_are_wrong_are_named(selector: str, word: str) -> None:
    assert word in (css.mistake(selector) or "")


def test_selectors_that_are_right() -> None:
    for selector in ("h1.story > span", "article:has(> p)", ".a, .b", "[data-x='y z']"):
        assert css.mistake(selector) is None
