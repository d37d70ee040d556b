"""What pages say of their stories in data: JSON-LD, framework state, Wix in its three forms."""

# ruff: noqa: E501  the markup of samples stays on its line

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from scrapers import Image, Page
from scrapers.discover import discover
from scrapers.discover.data import json_api
from scrapers.discover.data import wix as wix_data

BLOG = "14bcded7-0066-7c35-14d7-466cb3f09103"
NAMES = ("The ferry is late again", "Who paints the harbour wall", "Gulls, gales and gardeners")


def posts() -> dict[str, Any]:
    return {
        "feedResponse": {
            "postFeedPage": {
                "posts": {
                    "posts": [
                        {
                            "id": f"id-{n}",
                            "title": name,
                            "excerpt": f"Excerpt {n} …",
                            "firstPublishedDate": f"2026-05-0{n + 1}T08:00:00.000Z",
                            "lastPublishedDate": f"2026-05-0{n + 1}T09:00:00.000Z",
                            "url": {"base": "https://bay.example", "path": f"/post/story-{n}"},
                            "slug": f"story-{n}",
                            "owner": {"name": "Bay Desk"},
                            "coverMedia": {
                                "image": {"url": f"https://static.wixstatic.com/media/{n}.jpg", "width": 9, "height": 6}
                            },
                        }
                        for n, name in enumerate(NAMES)
                    ]
                }
            }
        }
    }


def js_escape(text: str) -> str:
    """JavaScript's escape(), as Wix used it in 2025."""
    units = text.encode("utf-16-be")
    out = []
    for at in range(0, len(units), 2):
        code = int.from_bytes(units[at : at + 2], "big")
        char = chr(code)
        out.append(
            char
            if char.isascii() and (char.isalnum() or char in "@*_+-./")
            else f"%{code:02X}"
            if code < 256
            else f"%u{code:04X}"
        )
    return "".join(out)


FORMS = {
    "object": lambda value: value,
    "text": json.dumps,
    "escaped": lambda value: base64.b64encode(
        js_escape(json.dumps(value, ensure_ascii=False)).encode("latin-1")
    ).decode(),
}


def wix(form: str, cards: int = 1) -> Page:
    warmup = {"appsWarmupData": {BLOG: {"feed-page-TPASection_x": FORMS[form](posts())}}}
    shown = "".join(
        f'<div data-hook="item-container"><article class="post-list-item" data-hook="post-list-item"><span data-hook="user-name">Bay Desk</span>'
        f'<span data-hook="time-ago" title="May {n + 1}">May {n + 1}</span><a href="https://bay.example/post/story-{n}">'
        f'<div data-hook="post-list-item__title"><div data-hook="post-title"><h2>{NAMES[n]}</h2></div></div></a>'
        f'<a href="https://bay.example/post/story-{n}"><span>0 comments</span></a></article></div>'
        for n in range(cards)
    )
    body = (
        '<html lang="en"><head><meta name="generator" content="Wix.com Website Builder"/></head><body><div id="SITE_CONTAINER">'
        '<header id="SITE_HEADER"><nav><ul><li><a href="/about">About</a></li><li><a href="/blog">Blog</a></li></ul></nav></header>'
        f'<main id="PAGES_CONTAINER"><div data-hook="post-list-pro-gallery-container">{shown}</div></main></div>'
        f'<script type="application/json" id="wix-warmup-data">{json.dumps(warmup)}</script></body></html>'
    )
    return Page("https://bay.example/blog", body.encode())


@pytest.mark.parametrize("form", FORMS)
def test_wix_posts_in_each_form(form: str) -> None:
    links = discover(wix(form))
    assert [link.hint.title for link in links.items] == list(NAMES)
    assert [link.way for link in links.items] == ["listing", "wix", "wix"]
    for n, link in enumerate(links.items):
        assert link.url == f"https://bay.example/post/story-{n}"
        assert link.hint.published == f"2026-05-0{n + 1}T08:00:00.000Z"
        assert link.hint.authors == ("Bay Desk",)
        assert link.hint.image is not None and link.hint.image.width == 9


def test_wix_without_data_is_read_from_its_markup() -> None:
    page = wix("object", cards=3)
    bare = Page(page.url, page.body.replace(BLOG.encode(), b"none"))
    assert [link.hint.title for link in discover(bare).items] == list(NAMES)


@pytest.mark.parametrize("broken", ["JTdiJTIy!!", "{", "[" * 100, "%u12", 7, None])
def test_a_broken_wix_block_costs_nothing_else(broken: object) -> None:
    page = wix("object")
    body = page.body.replace(json.dumps(posts()).encode(), json.dumps(broken).encode())
    assert [link.hint.title for link in discover(Page(page.url, body)).items] == [NAMES[0]]


def test_json_ld_item_list_confirms_and_adds() -> None:
    told = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "ItemList",
                "itemListElement": [
                    {"@type": "ListItem", "position": n + 1, "url": f"https://bay.example/{n}", "name": name}
                    for n, name in enumerate(NAMES)
                ],
            },
            {
                "@type": "NewsArticle",
                "headline": NAMES[0],
                "mainEntityOfPage": {"@id": "https://bay.example/0"},
                "datePublished": "2026-05-01T08:00:00Z",
                "author": {"@type": "Person", "name": "Ida Storm"},
            },
            {
                "@type": "ItemList",
                "itemListElement": [{"item": {"@type": "Product", "name": "A mug", "url": "https://bay.example/mug"}}],
            },
        ],
    }
    body = f'<html><head><script type="application/ld+json">{json.dumps(told)}</script></head><body><p>Nothing else.</p></body></html>'
    links = discover(Page("https://bay.example/", body.encode()))
    assert [(link.way, link.hint.title) for link in links.items] == [("jsonld", name) for name in NAMES]
    assert links.items[0].hint.published == "2026-05-01T08:00:00+00:00"
    assert links.items[0].hint.authors == ("Ida Storm",)


def test_framework_state_gives_the_stories_of_a_page_that_scripts_draw() -> None:
    told = {"props": {"menu": [{"title": "Home", "url": "/"}], "feed": [
        {"headline": name, "url": f"/story/{n}", "publishedAt": "2026-05-01T08:00:00Z", "image": {"url": f"/{n}.jpg"}}
        for n, name in enumerate(NAMES)
    ]}}  # fmt: skip
    body = f'<html><body><div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{json.dumps(told)}</script></body></html>'
    links = discover(Page("https://bay.example/", body.encode()))
    assert [(link.way, link.hint.title) for link in links.items] == [("state", name) for name in NAMES]
    assigned = f"<html><body><script>window.__INITIAL_STATE__ = {json.dumps(told)};</script></body></html>"
    assert len(discover(Page("https://bay.example/", assigned.encode())).items) == 3


def test_the_lead_of_a_front_beside_its_lists_is_a_story_and_what_the_page_shows_is_told_by_the_page() -> None:
    feed = [
        {"headline": name, "url": f"/story/{n}", "publishedAt": "2026-05-01T08:00:00Z"} for n, name in enumerate(NAMES)
    ]
    lead = {"headline": "The lead of the day is a bridge", "url": "/story/9", "publishedAt": "2026-05-02T08:00:00Z"}
    told = {"menu": {"about": {"title": "About", "url": "/story/about"}}, "lead": lead, "feed": feed}
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(told)}</script>'
    links = discover(Page("https://bay.example/", f"<html><body>{script}</body></html>".encode()))
    assert [link.url for link in links.items] == [f"https://bay.example/story/{n}" for n in (0, 1, 2, 9)]
    shown = '<article><h2><a href="/story/9">The lead of the day, as the page has it</a></h2></article>'
    links = discover(Page("https://bay.example/", f"<html><body><main>{shown}</main>{script}</body></html>".encode()))
    titles = {link.url: link.hint.title for link in links.items}
    assert titles["https://bay.example/story/9"] == "The lead of the day, as the page has it"


def test_hostile_data_is_passed_over() -> None:
    deep = "[" * 5000 + "]" * 5000
    body = f'<html><body><script type="application/ld+json">{deep}</script><script type="application/ld+json">{{"@type": "NewsArticle"</script></body></html>'
    assert discover(Page("https://bay.example/", body.encode())).items == ()


POST = {"title": " The ferry  is late ", "link": "/post/a"}


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({}, "https://bay.example/post/a"),
        ({"link": "https://sea.example/a"}, "https://sea.example/a"),
        ({"url": {"base": "https://sea.example/", "path": "/b"}}, "https://sea.example/b"),
        ({"url": {"base": "https://sea.example", "path": "/b"}}, "https://sea.example/b"),
        ({"url": {"path": "/b"}}, "https://bay.example/b"),
        ({"url": {"base": ["https://sea.example"], "path": "/b"}}, "https://bay.example/b"),
        ({"url": {"base": "https://sea.example", "path": 7}}, "https://bay.example/post/a"),
        ({"url": "https://sea.example/b"}, "https://bay.example/post/a"),
        ({"link": 7}, None),
        ({"title": 7}, None),
        ({"title": " "}, None),
    ],
)
def test_the_address_of_a_wix_post(changes: dict[str, Any], url: str | None) -> None:
    told = wix_data._post({**POST, **changes}, "https://bay.example/")
    assert (told and told[0]) == url
    assert wix_data._post([], "https://bay.example/") is None


def test_the_fields_of_a_wix_post() -> None:
    post = {
        **POST, "excerpt": " ", "customExcerpt": "At the  quay.", "owner": {"name": "Ada Marsh"}, "id": "7", "language": "en",
        "firstPublishedDate": "2026-05-01", "lastPublishedDate": "2026-05-02", "hashtags": ["ferry", 7, *"abc"] + ["x"] * 40,
        "coverMedia": {"image": {"url": "/i.jpg", "width": 9, "height": "6"}},
    }  # fmt: skip
    told = wix_data._post(post, "https://bay.example/")
    assert told is not None
    hint = told[1]
    assert (hint.title, hint.subtitle, hint.authors) == ("The ferry is late", "At the quay.", ("Ada Marsh",))
    assert (hint.published, hint.updated, hint.language, hint.guid) == ("2026-05-01", "2026-05-02", "en", "7")
    assert hint.tags == ("ferry", "a", "b", "c", *("x",) * 26)
    assert hint.image == Image("https://bay.example/i.jpg", width=9)
    assert hint.witnesses["title"] == "wix"
    bare = wix_data._post(
        {**POST, "owner": "Ada", "hashtags": "ferry", "coverMedia": {"image": "i.jpg"}, "id": 7}, "https://bay.example/"
    )
    assert bare is not None
    assert (bare[1].subtitle, bare[1].authors, bare[1].tags, bare[1].image, bare[1].guid) == (None, (), (), None, None)


@pytest.mark.parametrize("odd", [7, ["2026"], {"a": 1}, " "])
def test_values_of_a_wix_post_that_are_no_text_are_none(odd: object) -> None:
    names = (
        "excerpt",
        "customExcerpt",
        "firstPublishedDate",
        "lastPublishedDate",
        "language",
        "id",
        "hashtags",
        "owner",
    )
    told = wix_data._post({**POST, **dict.fromkeys(names, odd), "owner": {"name": odd}}, "https://bay.example/")
    bare = wix_data._post(POST, "https://bay.example/")
    assert told is not None and bare is not None
    assert replace(told[1], tags=(), witnesses=bare[1].witnesses) == bare[1]


def test_wix_posts_are_looked_for_in_what_holds_them() -> None:
    found = wix_data._posts_in
    assert found({"a": 1, "b": {"postFeedPage": {"posts": {"posts": [1]}}}}) == [1]
    assert found({"b": {"postFeedPage": {"posts": [2]}}}) == [2]
    assert found({"postFeedPage": {"posts": "none"}, "c": {"postFeedPage": {"posts": [3]}}}) == [3]
    assert found({"postFeedPage": []}) == found([]) == found({}) == []


@pytest.mark.parametrize(
    ("post", "is_one"),
    [({"link": "/a", "title": {"rendered": "T"}}, True), ({"URL": "/a", "title": "T"}, True), ({"title": "T"}, False),
     ({"URL": "/a"}, False), ({"link": "/a", "title": "T"}, False), ({"title": {"rendered": "T"}}, False), (["title", "URL"], False)],
)  # fmt: skip
def test_posts_of_wordpress_are_known_by_their_fields(post: object, is_one: bool) -> None:
    assert json_api._is_wordpress(post) is is_one
