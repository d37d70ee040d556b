"""Every shape in which JSON-LD tells a value of an article, and whose words count where several objects tell some."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scrapers.extract.claims import Claims
from scrapers.extract.readers.jsonld import MAX_BLOCKS, MAX_OBJECTS, _pixels, read
from scrapers.model import File, Image

HERE = "https://courier.example/a/quay"
ARTICLE = {"@type": "NewsArticle", "headline": "Old quay closed"}


def claims(*objects: Any, address: str | None = HERE) -> list[Claims]:
    return read([json.dumps(one) for one in objects], address)


VALUES: list[tuple[dict[str, Any], str, Any]] = [
    ({"@type": ["http://schema.org/NewsArticle", "Thing"]}, "kind", "NewsArticle"),
    ({"@type": "schema:NewsArticle"}, "kind", "NewsArticle"),
    ({"name": "Quay", "alternativeHeadline": "The quay"}, "titles", ("Old quay closed", "Quay", "The quay")),
    (
        {"description": " It is. ", "alternativeHeadline": "The quay", "abstract": "In short"},
        "subtitles",
        ("It is.", "The quay", "In short"),
    ),
    (
        {
            "author": [
                {"name": "Ada Vos"},
                {"givenName": "Ben", "familyName": "Roe"},
                {"@value": "Cy Dahl"},
                "Dee Lund",
                {"name": [{"name": "Eve Holm"}]},
                {"familyName": "Fay"},
                {"name": "Ada Vos"},
                7,
            ]
        },
        "authors",
        ("Ada Vos", "Ben Roe", "Cy Dahl", "Dee Lund", "Eve Holm", "Fay"),
    ),
    ({"creator": "Ada Vos"}, "authors", ("Ada Vos",)),
    ({"author": "Ada Vos", "creator": "Ben Roe"}, "authors", ("Ada Vos",)),
    (
        {"uploadDate": "2026-01-01", "datePublished": "2026-03-01", "dateCreated": "2026-02-01"},
        "published",
        ("2026-03-01", "2026-02-01", "2026-01-01"),
    ),
    ({"dateModified": "2026-03-02"}, "updated", ("2026-03-02",)),
    ({"articleSection": ["Sea", {"name": "Port"}, {"@value": "Ice"}]}, "sections", ("Sea", "Port", "Ice")),
    ({"keywords": "sea; port;ice"}, "tags", ("sea", "port", "ice")),
    ({"keywords": "sea;port, ice"}, "tags", ("sea;port", "ice")),
    ({"keywords": ["sea,port", {"name": "ice"}]}, "tags", ("sea", "port", "ice")),
    ({"inLanguage": {"name": "German"}}, "languages", ("German",)),
    ({"inLanguage": "de"}, "languages", ("de",)),
    (
        {"url": HERE, "mainEntityOfPage": {"@id": "https://courier.example/b", "url": "https://courier.example/c"}},
        "urls",
        (HERE, "https://courier.example/b", "https://courier.example/c"),
    ),
    ({"publisher": {"name": "Courier"}, "sourceOrganization": {"name": "Herald"}}, "publishers", ("Courier",)),
    ({"sourceOrganization": {"name": "Herald"}}, "publishers", ("Herald",)),
    ({"articleBody": "x" * 81, "text": "y" * 80}, "bodies", ("x" * 81,)),
    ({"articleBody": ["x" * 50, "y" * 50, 5]}, "bodies", ("x" * 50 + "\n" + "y" * 50,)),
    ({"reviewBody": "z" * 90}, "bodies", ("z" * 90,)),
    ({"license": "CC BY"}, "licenses", ("CC BY",)),
    ({"license": {"url": "https://licences.example/"}}, "licenses", ("https://licences.example/",)),
    ({"license": {"name": "CC BY"}}, "licenses", ("CC BY",)),
    ({"contributor": {"name": "Gil Aas"}}, "contributors", ("Gil Aas",)),
    ({"discussionUrl": "https://courier.example/talk"}, "comments", ("https://courier.example/talk",)),
    (
        {
            "audio": [
                "https://m.example/a.mp3?x=1",
                {"@type": "AudioObject", "contentUrl": "https://m.example/talk"},
                5,
            ],
            "associatedMedia": {"contentUrl": "/talk-b", "encodingFormat": "audio/ogg; codecs=opus"},
            "encoding": [{"contentUrl": "/c.m4a"}, {"contentUrl": "/film.mp4"}, {"contentUrl": 7}, "/d.mp3"],
        },
        "files",
        (
            File("https://m.example/a.mp3?x=1", "audio/mpeg"),
            File("https://m.example/talk"),
            File("/talk-b", "audio/ogg"),
            File("/c.m4a", "audio/mp4"),
        ),
    ),
    ({"audio": "https://courier.example/listen"}, "files", ()),
    (
        {"audio": {"@type": "AudioObject", "contentUrl": "http://[/a.pdf", "encodingFormat": ["x"]}},
        "files",
        (File("http://[/a.pdf"),),
    ),
    ({"isAccessibleForFree": False}, "free", False),
    ({"isAccessibleForFree": " False"}, "free", False),
    ({"isAccessibleForFree": "true"}, "free", True),
    ({"isAccessibleForFree": "in part"}, "free", None),
    ({}, "free", None),
    (
        {
            "image": [
                "/a.jpg",
                {
                    "url": "https://courier.example/b.jpg",
                    "caption": "Boats",
                    "creditText": "Ada Vos",
                    "width": "800px",
                    "height": {"@value": 600},
                },
                {"contentUrl": ["https://courier.example/c.jpg"], "width": 100_000, "height": "12.0"},
                "x.jp",
                5,
            ]
        },
        "images",
        (
            Image("https://courier.example/a.jpg"),
            Image("https://courier.example/b.jpg", caption="Boats", credit="Ada Vos", width=800, height=600),
            Image("https://courier.example/c.jpg", height=12),
        ),
    ),
    (
        {"thumbnailUrl": "https://courier.example/t.jpg"},
        "images",
        (Image("https://courier.example/t.jpg"),),
    ),
    (
        {
            "primaryImageOfPage": {"@id": "https://courier.example/p.jpg"},
            "thumbnailUrl": "https://courier.example/t.jpg",
        },
        "images",
        (Image("https://courier.example/p.jpg"),),
    ),
]


@pytest.mark.parametrize(("told", "field", "wanted"), VALUES)
def test_a_value(told: dict[str, Any], field: str, wanted: Any) -> None:
    (found,) = claims({**ARTICLE, **told})
    assert found.who == "jsonld"
    assert getattr(found, field) == wanted


def test_a_graph_refers_to_its_own_objects() -> None:
    article, around = claims(
        {
            "@graph": [
                {"@type": "Person", "@id": "#ada", "name": "Ada Vos"},
                {"@type": "ImageObject", "@id": "#boats", "url": "https://courier.example/boats.jpg"},
                {**ARTICLE, "author": {"@id": "#ada"}, "image": {"@id": "#boats"}},
                {"@type": "WebSite", "name": "Courier"},
                {"@type": "Organization", "name": "Vos & Co"},
                {"@type": "BreadcrumbList", "itemListElement": [{"name": "Home"}, {"item": {"name": "Sea"}}, "x"]},
            ]
        }
    )
    assert article.authors == ("Ada Vos",)
    assert article.images == (Image("https://courier.example/boats.jpg"),)
    assert (around.who, around.publishers, around.sections) == ("jsonld site", ("Courier", "Vos & Co"), ("Home", "Sea"))


def titles(*objects: Any, address: str | None = HERE) -> list[str]:
    return [one.titles[0] for one in claims(*objects, address=address) if one.titles]


def test_the_article_of_this_page_counts_and_not_those_beside_it() -> None:
    other = {**ARTICLE, "headline": "Another", "url": "https://courier.example/x", "author": "Ada", "image": "/x.jpg"}
    own = {**ARTICLE, "headline": "Own", "url": "https://www.courier.example/a/quay/?from=front#top"}
    assert titles(other, own) == ["Own"]
    assert titles(other, own, address=None) == ["Another", "Own"]
    review = {"@type": "Review", "headline": "Review", "datePublished": "2026", "author": "Ada", "image": "/x.jpg"}
    assert titles(review, ARTICLE) == ["Review", "Old quay closed"]
    assert titles({**review, "image": ""}, ARTICLE) == ["Old quay closed", "Review"]


def test_five_articles_none_of_which_is_this_page_are_a_list() -> None:
    listed = [{**ARTICLE, "headline": f"Story {n}"} for n in range(5)]
    assert titles(*listed, address=None) == ["Story 0"]
    assert titles(*listed[:4], address=None) == ["Story 0", "Story 1"]


def test_what_is_an_article_and_what_is_a_page() -> None:
    assert claims({"@type": "NewsArticle"}) == []
    assert [one.who for one in claims({"@type": "NewsArticle", "datePublished": "2026-03-01"})] == ["jsonld"]
    page = {"@type": "WebPage", "name": "Quay"}
    assert [(one.who, one.titles, one.images) for one in claims(page)] == [("jsonld page", ("Quay",), ())]
    (pictured,) = claims({**page, "image": "https://courier.example/i.jpg"})
    assert pictured.images == (Image("https://courier.example/i.jpg"),)
    assert claims({**page, "thumbnailUrl": "https://courier.example/t.jpg"})[0].images == ()
    assert claims({"@type": "Thing", "name": "Quay"}) == []


def test_single_fields_are_saved_out_of_a_broken_block() -> None:
    broken = (
        r'{"@type":"NewsArticle","headline":"Say \"hi\" and\/or go","headline":"Later","datePublished":"2026-03-01",'
        '"description":"It is.","articleSection":"Sea","dateModified":"2026-03-02", broken'
    )
    (found,) = read([broken], HERE)
    assert found == Claims(
        "jsonld",
        titles=('Say "hi" and/or go',),
        subtitles=("It is.",),
        published=("2026-03-01",),
        updated=("2026-03-02",),
        sections=("Sea",),
    )
    assert read([broken.replace("NewsArticle", "Thing")], HERE) == []
    assert read([broken.replace("NewsArticle", "BlogPosting")], HERE) == [found]
    assert read(["Article {"], HERE) == []


def test_after_so_many_blocks_or_objects_nothing_more_is_read() -> None:
    things = [{"@type": "Thing"}] * 200
    for before, told in (
        ([[things] * (MAX_OBJECTS // 200)], True),
        ([[things] * (MAX_OBJECTS // 200) + [{}]], False),
        ([{}] * (MAX_BLOCKS - 1), True),
        ([{}] * MAX_BLOCKS, False),
    ):
        assert bool(claims(*before, ARTICLE)) is told


@pytest.mark.parametrize(
    ("value", "pixels"),
    [
        (640, 640), ("640", 640), (" 640 px", 640), ("640px", 640), (640.0, 640), ("12.0", 12), (99_999, 99_999),
        (100_000, None), ("1.5", None), (-3, None), ("²", None), ("١", None), ("", None), (None, None), ([640], None),
        ({"@value": 640}, 640), ({"value": "640"}, 640), ({"@value": 1, "value": 2}, 1), ({"@value": 0, "value": 2}, 2),
        ({}, None), ({"@value": {"value": 3}}, None),
    ],
)  # fmt: skip
def test_pixels_in_each_form(value: Any, pixels: int | None) -> None:
    assert _pixels(value) == pixels
