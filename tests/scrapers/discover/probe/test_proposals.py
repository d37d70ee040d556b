"""How ways are ranked, and the seed that follows from them, at each of its bounds."""
# ruff: noqa: E501  (a row of a table stays on its line)

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from scrapers import Links, Page, SeedError
from scrapers.discover.probe import feed_or_listing as module
from scrapers.discover.probe.feed_or_listing import FIELDS, Way, name_of
from scrapers.errors import CopydeskError
from scrapers.model import Link
from scrapers.seed.seed import Discover

HOME = "https://echo.example/"
FRONT = Page(HOME, b"<html></html>")


def way(kind: str, stories: int = 10, **more: Any) -> Way:
    found = Way(kind, f"{HOME}{kind.replace(' ', '-')}", stories, dict.fromkeys(FIELDS, 100), None, ())
    return replace(found, keys=frozenset(f"k{n}" for n in range(stories)), why="why", **more)


@pytest.mark.parametrize(
    ("there", "here", "hosts"),
    [(3, 3, ("news.example",)), (2, 0, ()), (3, 4, ()), (4, 4, ("news.example",)), (0, 5, ())],
)
def test_another_host_that_most_stories_lead_to_is_one_of_the_seed(
    there: int, here: int, hosts: tuple[str, ...]
) -> None:
    items = [Link(f"https://news.example/{n}") for n in range(there)] + [Link(f"{HOME}{n}") for n in range(here)]
    assert module._elsewhere(FRONT, Links(tuple(items))) == hosts


def rendered(links: Links | CopydeskError) -> tuple[module._Search, Links | None]:
    """A search whose front is read through a browser that gives these links."""

    async def fetch(request: Any) -> Page:
        assert (request.url, request.render) == (HOME, True)
        if isinstance(links, CopydeskError):
            raise links
        return FRONT

    async def read_links(page: Page) -> Links:
        assert isinstance(links, Links)
        return links

    search = module._Search(fetch, read_links, ways=[way("listing", 1), way("rss", 1)])
    return search, asyncio.run(module._rendered(search, FRONT))


def test_a_page_through_the_browser_has_to_show_three_stories() -> None:
    items = tuple(Link(f"{HOME}{n}", way="listing") for n in range(3))
    search, links = rendered(Links(items))
    assert links == Links(items) and search.rendered and search.failures == []
    assert [(one.way, one.stories) for one in search.ways] == [("rss", 1), ("listing", 3)]
    for told, why in (
        (Links(items[:2]), "scripts make this page, and the browser shows no stories either"),
        (SeedError("no browser is here"), "scripts make this page, and no browser is here"),
        (CopydeskError("it crashed"), "through the browser: it crashed"),
    ):
        search, links = rendered(told)
        assert (links, search.rendered, search.failures) == (None, False, [(HOME, why)])
        assert [one.way for one in search.ways] == ["listing", "rss"]


@pytest.mark.parametrize(
    ("ways", "told"),
    [
        ([way("rss")], {"rss": "rss"}),
        ([way("rss"), way("rss", 3)], {"rss": "rss"}),
        ([way("news sitemap")], {"sitemap": "news-sitemap"}),
        ([way("rss"), way("news sitemap", 12)], {"rss": "rss"}),
        ([way("rss"), way("news sitemap", 13)], {"rss": "rss", "sitemap": "news-sitemap"}),
        ([way("sitemap")], {"sitemap": "sitemap"}),
        ([way("sitemap", index=f"{HOME}index")], {"sitemap": "index"}),
        ([way("sitemap"), way("listing", 2)], {"sitemap": "sitemap"}),
        ([way("sitemap"), way("listing", 3)], {}),
        ([way("rss"), way("sitemap")], {"rss": "rss"}),
        ([way("rss"), way("listing", 3)], {"rss": "rss", "pages": "listing"}),
        ([way("rss"), way("listing", 2)], {"rss": "rss"}),
        ([way("listing")], {}),
    ],
)
def test_the_ways_that_are_worth_asking(ways: list[Way], told: dict[str, str]) -> None:
    reasons: dict[str, str] = {}
    wanted = Discover(**{key: (f"{HOME}{name}",) for key, name in told.items()})  # type: ignore[arg-type]
    assert module._proposed_fronts(ways, reasons) == wanted
    assert reasons.keys() == {f"discover.{key}" for key in told}


def test_what_a_listing_is_good_for_beside_a_feed() -> None:
    for more, words in ((0, "so that a feed gone silent is noticed"), (2, "shows 2 stories that the other ways lack")):
        reasons: dict[str, str] = {}
        module._proposed_fronts([way("rss"), way("listing", 10 + more)], reasons)
        assert reasons["discover.pages"] == words


@pytest.mark.parametrize(
    ("url", "index", "lasting"),
    [("/news.xml", None, "/news.xml"), ("/news-2026.xml", None, "/news-2026.xml"), ("/news-2026.xml", "/i", "/i"),
     ("/news.xml", "/i", "/news.xml"), ("/2026/news.xml", "/i", "/2026/news.xml")],
)  # fmt: skip
def test_a_sitemap_whose_name_changes_is_asked_for_by_its_index(url: str, index: str | None, lasting: str) -> None:
    assert module._lasting(replace(way("sitemap"), url=url, index=index)) == lasting


@pytest.mark.parametrize(
    ("rates", "expected"),
    [([("rss", 3.0)], 1.0), ([("rss", 0.2)], 0.07), ([("rss", 0.19)], None), ([("sitemap", 9.0)], None), ([("rss", None)], None),
     ([("rss", 3.0), ("listing", 6.0)], 2.0), ([], None)],
)  # fmt: skip
def test_how_many_stories_a_day_are_expected(rates: list[tuple[str, float | None]], expected: float | None) -> None:
    reasons: dict[str, str] = {}
    found = module._proposed_rate([way(kind, per_day=rate) for kind, rate in rates], reasons)
    assert found.records_per_day == expected
    assert ("expect.records_per_day" in reasons) is (expected is not None)


def test_ways_are_ranked_and_say_why() -> None:
    def ranked(*ways: Way) -> list[tuple[str, float, str]]:
        return [(one.way, one.score, one.why) for one in module._ranked(ways)]

    full = way("rss", 30, newest="2026-05-20T08:00:00+00:00")
    trust = module._TRUST["rss"]
    assert ranked(full) == [("rss", trust + 15 + 20 + 10, "30 stories, with their full text")]
    assert ranked(replace(full, stories=99)) == [("rss", trust + 15 + 20 + 10, "99 stories, with their full text")]
    named = replace(full, declared=True, coverage={**full.coverage, "full text": 79})
    (score,) = [score for _, score, _ in ranked(named)]
    assert ranked(named)[0][2] == "named by the site itself, 30 stories, with summaries"
    assert round(score - trust, 1) == round(15 + 5 + (100 * len(FIELDS) - 21) / len(FIELDS) / 5 + 7.9, 1)
    bare = replace(full, stories=2, coverage=dict.fromkeys(FIELDS, 49))
    assert ranked(bare)[0][2] == "2 stories, mostly undated, very few"
    late = replace(full, newest="2026-01-01T08:00:00+00:00")
    assert [why for _, _, why in ranked(late, full)] == [
        "30 stories, with their full text",
        "30 stories, with their full text, 139 days behind the newest story of another way",
    ]


@pytest.mark.parametrize(
    ("url", "taken", "name"),
    [
        ("https://www.volkszeitung.example/", (), "volkszeitung"),
        ("https://echo.example/", ("echo",), "echo-2"),
        ("https://echo.example/", ("echo", "echo-2"), "echo-3"),
        ("https://sport.echo.example/", (), "sport-echo"),
        ("https://www.sport.echo.example/", (), "sport-echo"),
        ("http://127.0.0.1:8080/", (), "local-8080"),
        ("http://127.0.0.1/", (), "local-80"),
        ("http://localhost:8080/", (), "local-8080"),
    ],
)
def test_the_name_of_a_seed(url: str, taken: tuple[str, ...], name: str) -> None:
    assert name_of(url, frozenset(taken)) == name
