"""The ways to a site's stories: what each is measured to give, how they are ranked, and the seed that follows."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scrapers import Draft, Image, Link, Links, Page, Request
from scrapers.discover.probe import feed_or_listing as probing
from scrapers.discover.probe.feed_or_listing import FIELDS, Way, measured, name_of, probe

NOON = datetime(2026, 5, 10, 12, tzinfo=UTC)
URL = "https://echo.example/feed"
FULL = "Every word of it. " * 60
NOTHING = dict.fromkeys(FIELDS, 0)


def link(n: int, *, hours: float | None = None, **hint: object) -> Link:
    when = None if hours is None else (NOON - timedelta(hours=hours)).isoformat()
    return Link(f"https://echo.example/news/{n}", hint=replace(Draft(title=f"Story {n}"), published=when, **hint))


def way(kind: str = "rss", stories: int = 20, **values: object) -> Way:
    found = measured(kind, f"https://echo.example/{kind}", Links(tuple(link(n) for n in range(stories))))
    return replace(found, **values)


def test_coverage_is_the_share_of_stories_that_have_a_field() -> None:
    whole = link(
        0, hours=1, subtitle="In short", image=Image("https://a.example/i.jpg"), authors=("Ada Marsh",), text=FULL
    )
    bare = Link("https://echo.example/news/1", hint=Draft(text="x" * 999))
    found = measured("rss", URL, Links((whole, bare, bare, bare)), declared=True)
    assert found.coverage == dict.fromkeys(FIELDS, 25)
    assert (found.way, found.url, found.stories, found.declared) == ("rss", URL, 4, True)
    assert found.newest == (NOON - timedelta(hours=1)).isoformat()
    assert found.keys == {"echo.example/news/0", "echo.example/news/1"}
    assert not measured("rss", URL, Links(())).declared
    assert measured("rss", URL, Links(())).coverage == dict.fromkeys(FIELDS, 0)


def test_the_rate_is_that_of_the_newest_stories() -> None:
    def rate(*hours: float) -> float | None:
        return measured("rss", URL, Links(tuple(link(n, hours=one) for n, one in enumerate(hours)))).per_day

    assert rate(0, 24, 48, 72) is None  # too few
    assert rate(0, 24, 48, 72, 96) == pytest.approx(1.0)
    assert rate(0, 24, 48, 72, 96, 24 * 4000) == pytest.approx(1.0)  # an evergreen
    assert rate(*[0] * 5) == pytest.approx(16.0)  # all at once: a quarter of a day at least
    assert rate(*range(0, 60 * 24, 24)) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (way("rss"), way("wordpress")),
        (way("wordpress"), way("news sitemap")),
        (way("news sitemap"), way("listing")),
        (way("listing"), way("sitemap")),
        (way("rss", declared=True), way("rss")),
        (way("rss", 20), way("rss", 18)),
        (way("rss", 3), way("rss", 2)),
        (way("listing", coverage=dict.fromkeys(FIELDS, 100)), way("listing")),
        (way("rss", coverage=NOTHING | {"full text": 100}), way("rss", coverage=NOTHING | {"image": 100})),
        (way("listing", newest=NOON.isoformat()), way("rss", newest=(NOON - timedelta(days=15)).isoformat())),
        (way("rss", newest=(NOON - timedelta(days=14)).isoformat()), way("listing", newest=NOON.isoformat())),
    ],
)  # fmt: skip
def test_the_better_way_is_ranked_first(better: Way, worse: Way) -> None:
    for order in ([better, worse], [worse, better]):
        first, second = probing._ranked(order)
        assert (first.way, first.url, first.stories) == (better.way, better.url, better.stories)
        assert first.score > second.score


def test_thirty_stories_are_as_good_as_more() -> None:
    one, other = probing._ranked([way("rss", 30), way("rss", 40)])
    assert one.score == other.score


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (way(stories=20), "20 stories, mostly undated"),
        (way(stories=2), "2 stories, mostly undated, very few"),
        (way(declared=True), "named by the site itself, 20 stories, mostly undated"),
        (way(coverage=dict.fromkeys(FIELDS, 80)), "20 stories, with their full text"),
        (way(coverage=dict.fromkeys(FIELDS, 79)), "20 stories"),
        (way(coverage=dict.fromkeys(FIELDS, 80) | {"full text": 79}), "20 stories, with summaries"),
        (way(coverage=dict.fromkeys(FIELDS, 50) | {"date": 49}), "20 stories, mostly undated"),
    ],
)
def test_a_way_says_why_it_stands_where_it_does(one: Way, said: str) -> None:
    assert probing._ranked([one])[0].why == said


def test_a_way_that_lags_says_by_how_much() -> None:
    fresh = way("listing", newest=NOON.isoformat())
    late = way("rss", newest=(NOON - timedelta(days=20)).isoformat())
    assert "20 days behind the newest story of another way" in probing._ranked([fresh, late])[1].why


def keys(*names: str) -> frozenset[str]:
    return frozenset(names)


@pytest.mark.parametrize(
    ("ways", "rss", "sitemap", "pages"),
    [
        ([], False, False, False),
        ([way("listing")], False, False, False),  # the front is asked anyway
        ([way("rss")], True, False, False),
        ([way("rss"), way("listing")], True, False, True),
        ([way("rss"), way("page state")], True, False, True),
        ([way("rss"), way("listing", 2)], True, False, False),
        ([way("rss"), way("listing", 3)], True, False, True),
        ([way("news sitemap")], False, True, False),
        ([way("news sitemap"), way("listing")], False, True, True),
        ([way("sitemap"), way("listing")], False, False, False),
        ([way("rss", keys=keys("a")), way("news sitemap", keys=keys("a", "b", "c"))], True, False, False),
        ([way("rss", keys=keys("a")), way("news sitemap", keys=keys("a", "b", "c", "d"))], True, True, False),
    ],
)
def test_fronts_that_are_proposed(ways: list[Way], rss: bool, sitemap: bool, pages: bool) -> None:
    reasons: dict[str, str] = {}
    told = probing._proposed_fronts(ways, reasons)
    assert (bool(told.rss), bool(told.sitemap), bool(told.pages)) == (rss, sitemap, pages)
    named = {"discover.rss": rss, "discover.sitemap": sitemap, "discover.pages": pages}
    assert reasons.keys() == {name for name, there in named.items() if there}


def test_why_the_front_is_asked_beside_a_feed() -> None:
    reasons: dict[str, str] = {}
    probing._proposed_fronts([way("rss", keys=keys("a")), way("listing", keys=keys("a", "b"))], reasons)
    assert reasons["discover.pages"] == "shows 1 stories that the other ways lack"
    probing._proposed_fronts([way("rss", keys=keys("a")), way("listing", keys=keys("a"))], reasons)
    assert reasons["discover.pages"] == "so that a feed gone silent is noticed"


@pytest.mark.parametrize(
    ("rates", "expected"), [((), None), ((None,), None), ((0.19,), None), ((0.2,), 0.07), ((3.0, 6.0), 2.0)]
)
def test_the_rate_that_is_expected(rates: tuple[float | None, ...], expected: float | None) -> None:
    reasons: dict[str, str] = {}
    ways = [way("rss", per_day=rate) for rate in rates] + [way("sitemap", per_day=90.0)]
    assert probing._proposed_rate(ways, reasons).records_per_day == expected
    assert bool(reasons) == (expected is not None)


@pytest.mark.parametrize(
    ("own", "other", "third", "wanted"),
    [(0, 3, 0, True), (0, 2, 0, False), (3, 3, 0, True), (4, 3, 0, False), (0, 3, 3, True), (0, 3, 4, False)],
)
def test_another_host_with_most_of_the_stories(own: int, other: int, third: int, wanted: bool) -> None:
    urls = [f"https://echo.example/{n}" for n in range(own)] + [f"https://stories.example/{n}" for n in range(other)]
    urls += [f"https://{n}.many{n}.example/" for n in range(third)]
    found = probing._elsewhere(Page("https://echo.example/", b""), Links(tuple(Link(url) for url in urls)))
    assert found == (("stories.example",) if wanted else ())


@pytest.mark.parametrize(
    ("url", "taken", "name"),
    [
        ("https://www.volkszeitung.example/", (), "volkszeitung"),
        ("https://volkszeitung.example/a", ("volkszeitung",), "volkszeitung-2"),
        ("https://volkszeitung.example/", ("volkszeitung", "volkszeitung-2"), "volkszeitung-3"),
        ("https://sport.echo.example/", (), "sport-echo"),
        ("https://m.echo.example/", (), "m-echo"),
        ("http://127.0.0.1:8080/", (), "local-8080"),
        ("http://127.0.0.1/", (), "local-80"),
        ("http://localhost:81/", (), "local-81"),
        ("http://[::1]:81/", (), "local-81"),
        (f"https://{'a' * 60}.example/", (), "a" * 56),
    ],
)
def test_the_name_of_a_seed(url: str, taken: tuple[str, ...], name: str) -> None:
    assert name_of(url, frozenset(taken)) == name


@pytest.mark.parametrize(
    ("ways", "declared"), [(("rss",), True), (("listing",), False), (("state",), False), (("wordpress",), True)]
)
def test_a_page_for_visitors_is_no_way_that_the_site_names(ways: tuple[str, ...], declared: bool) -> None:
    """What the address itself is: a feed says so, a listing does not."""
    links = Links(tuple(Link(f"https://echo.example/{n}", way=kind) for n, kind in enumerate(ways * 4)))  # type: ignore[arg-type]

    async def fetch(request: Request) -> Page:
        return Page(request.url, b"<html><body><p>x</p></body></html>")

    async def read(page: Page) -> Links:
        return links if page.url == "https://echo.example/" else Links(())

    (found,) = asyncio.run(probe("https://echo.example/", fetch, read)).ways
    assert found.declared is declared


def test_samples_are_the_first_stories() -> None:
    found = measured("rss", URL, Links(tuple(link(n) for n in range(40))))
    assert isinstance(found.samples, tuple) and 0 < len(found.samples) < 40
    assert found.samples == tuple(link(n) for n in range(len(found.samples)))


def test_sitemaps_of_news_are_asked_first() -> None:
    asked: list[str] = []

    async def fetch(request: Request) -> Page:
        asked.append(request.url)
        told = "".join(f"Sitemap: https://echo.example/{name}.xml\n" for name in ("a", "b", "google-NEWS"))
        return Page(request.url, told.encode() if request.url.endswith("robots.txt") else b"<html></html>")

    async def read(page: Page) -> Links:
        return Links((Link("https://echo.example/1"),)) if page.url == "https://echo.example/" else Links(())

    asyncio.run(probe("https://echo.example/", fetch, read))
    maps = [url for url in asked if url.endswith(".xml") and not url.endswith("sitemap.xml")]
    assert maps[:2] == ["https://echo.example/google-NEWS.xml", "https://echo.example/a.xml"]
    assert "https://echo.example/b.xml" not in asked
