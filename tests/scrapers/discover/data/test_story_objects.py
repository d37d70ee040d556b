"""An object of JSON as a story: every name and shape of its values."""

from __future__ import annotations

from typing import Any

import pytest

from scrapers.discover.data.story_objects import stories, story
from scrapers.model import Draft, Image

BASE = "https://courier.example/"
QUAY = {"title": "Quay", "url": "/quay"}


def told(**values: Any) -> Draft:
    found = story({**QUAY, **values}, BASE)
    assert found is not None
    return found[1]


def test_a_title_and_an_address_make_a_story() -> None:
    assert story(QUAY, BASE) == (f"{BASE}quay", Draft(title="Quay", witnesses={"title": "state"}))
    for less in ({"title": "Quay"}, {"url": "/quay"}, [], "quay", {"title": "Quay", "url": "javascript:x"}):
        assert story(less, BASE) is None


@pytest.mark.parametrize("name", ["item", "node", "article", "data", "attributes", "content", "fields"])
def test_a_story_may_be_wrapped(name: str) -> None:
    assert story({name: QUAY}, BASE) == story(QUAY, BASE)
    assert story({**QUAY, name: {"title": "Inner"}}, BASE) == story(QUAY, BASE), "what is no story is not looked into"
    assert story({"other": QUAY}, BASE) is None


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ({"base": "https://c.example/", "path": "/p"}, "https://c.example/p"),
        ({"base": 5, "path": "/p"}, "https://courier.example/p"),
        ({"url": "/u"}, "https://courier.example/u"),
        ({"href": "/h"}, "https://courier.example/h"),
        (" /a ", "https://courier.example/a"),
        ("http://c.example/a", "http://c.example/a"),
        ("/", None),
        ("/" + "a" * 1999, None),
        ("a/b", None),
        (5, None),
    ],
)
def test_an_address(address: Any, url: str | None) -> None:
    found = story({"title": "Quay", "url": address}, BASE)
    assert (None if found is None else found[0]) == url
    assert story({"title": "Quay", "url": "a/b", "link": "/l"}, BASE) == (f"{BASE}l", told())


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ({"rendered": "Quay"}, "Quay"),
        ({"text": "Quay"}, "Quay"),
        ({"main": "Quay"}, "Quay"),
        ({"basic": "Quay"}, "Quay"),
        ({"other": "Quay"}, None),
        (" ", None),
        (5, None),
    ],
)
def test_a_title(title: Any, words: str | None) -> None:
    found = story({"headline": title, "url": "/quay"}, BASE)
    assert (None if found is None else found[1].title) == words


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        (1773100000, "2026-03-09T23:46:40+00:00"),
        (1773100000.5, "2026-03-09T23:46:40+00:00"),
        (1773100000000, "2026-03-09T23:46:40+00:00"),
        ("2026-03-10", "2026-03-10"),
        ("soon", None),
        (800_000_000, None),
        (8_000_000_000_000, None),
        (True, None),
    ],
)
def test_a_date(date: Any, moment: str | None) -> None:
    assert told(datePublished=date).published == moment
    assert told(dateModified=date).updated == moment
    assert told(publishedAt="soon", date=date).published == moment


@pytest.mark.parametrize(
    "image",
    [
        "/i.jpg",
        " https://courier.example/i.jpg",
        ["/i.jpg"],
        [{"image": {"url": "/i.jpg"}}],
        {"image": {"image": {"image": {"image": "/i.jpg"}}}},
        *({name: "/i.jpg"} for name in ("url", "src", "contentUrl", "image", "source_url", "default")),
    ],
)
def test_a_picture(image: Any) -> None:
    assert told(image=image).image == Image("https://courier.example/i.jpg")
    assert told(image="i.jpg", thumbnail=image).image == Image("https://courier.example/i.jpg")


@pytest.mark.parametrize(
    "image", ["i.jpg", [], {}, 5, "/" + "a" * 2000, {"image": {"image": {"image": {"image": {"image": "/i.jpg"}}}}}]
)
def test_no_picture(image: Any) -> None:
    assert told(image=image).image is None


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ada Vos", ("Ada Vos",)),
        (
            [
                "Ada Vos",
                {"name": "Ben Roe"},
                {"fullName": "Cy Dahl"},
                {"displayName": "Dee Lund"},
                "Ada Vos",
                "http://x",
            ],
            ("Ada Vos", "Ben Roe", "Cy Dahl", "Dee Lund"),
        ),
        ({"name": "Eve Holm"}, ("Eve Holm",)),
        (5, ()),
    ],
)
def test_authors(author: Any, names: tuple[str, ...]) -> None:
    assert told(author=author).authors == names
    assert told(author=5, byline=author).authors == names


def test_a_list_counts_where_one_of_it_says_more_than_a_menu_does() -> None:
    dated = {"title": "Ferry", "url": "/ferry", "date": "2026-03-10"}
    assert stories([QUAY], BASE) == []
    for more in ({"date": "2026-03-10"}, {"excerpt": "It is closed."}, {"image": "/i.jpg"}):
        assert [one.title for _, one in stories({"a": {"b": [{**QUAY, **more}]}}, BASE)] == ["Quay"]
    assert [url for url, _ in stories([[QUAY, dated]], BASE)] == [f"{BASE}quay", f"{BASE}ferry"]
    assert stories([dated], BASE, fewest=2) == []
    assert len(stories([dated, QUAY], BASE, fewest=2)) == 2


def test_two_lists_complete_each_other_and_come_in_the_order_of_the_document() -> None:
    first, second = {**QUAY, "date": "2026-03-10"}, {**QUAY, "excerpt": "It is closed."}
    ((_, found),) = stories({"a": [first], "b": [second]}, BASE)
    assert (found.published, found.subtitle) == ("2026-03-10", "It is closed.")
    ferry = {"title": "Ferry", "url": "/ferry", "date": "2026-03-11"}
    assert [url for url, _ in stories({"a": [first, [ferry]], "b": [second]}, BASE)] == [f"{BASE}quay", f"{BASE}ferry"]


def test_a_lead_and_a_store_by_ids_count_with_their_dates() -> None:
    ferry = {"title": "Ferry", "url": "/ferry", "date": "2026-03-11"}
    lead = {"title": "Lead", "url": "/lead", "date": "2026-03-12"}
    menu = {"about": {"title": "About", "url": "/about"}, "help": {"title": "Help", "url": "/help"}}
    front = {
        "menu": menu,
        "lead": lead,
        "sections": [{"name": "Latest", "stories": [{**QUAY, "date": "2026-03-10"}, ferry]}],
    }
    assert {url for url, _ in stories(front, BASE, fewest=2)} == {f"{BASE}quay", f"{BASE}ferry", f"{BASE}lead"}
    by_id = {"Article:1": ferry, "Article:2": lead, "Tag:3": {"title": "Tides", "url": "/tag/tides"}}
    assert [url for url, _ in stories(by_id, BASE, fewest=2)] == [f"{BASE}ferry", f"{BASE}lead"]
    assert stories({"article": lead, "menu": menu}, BASE, fewest=2) == []  # the page itself


def test_so_many_authors_are_read() -> None:
    many = [{"name": f"Ada Number{n}"} for n in range(25)]
    _, hint = story({**QUAY, "author": many}, BASE) or ("", Draft())
    assert hint.authors == tuple(one["name"] for one in many[:20])
