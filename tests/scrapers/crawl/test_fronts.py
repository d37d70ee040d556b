"""The fronts of a visit: which are asked, where they lead, how two that tell of one story are joined; and who reads."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from scrapers import Discover, Seed
from scrapers.crawl import dispatch, fronts
from scrapers.crawl.run_builder import RunBuilder, VisitLimits, wanted
from scrapers.crawl.scrape import directly
from scrapers.discover import discover
from scrapers.errors import CopydeskError, Gone, PageChanged, ReadFailed, Unreachable
from scrapers.extract import extract
from scrapers.model import Article, Draft, Front, FrontWay, Link, Links, LinkWay, Page, Past, Request, Sample, Seen
from scrapers.urls.key import canonical_key

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed(name="tidings", home="https://tidings.example/")
URL = "https://tidings.example/goats"


def builder(past: Past | None = None) -> RunBuilder:
    """A visit that asks for nothing."""

    async def fetch(request: Request) -> Page:
        raise AssertionError(request.url)

    return RunBuilder(SEED, past or Past(), fetch, directly(discover, extract), lambda: NOW, VisitLimits(), NOW)


def front_visit(**changes: Any) -> RunBuilder:
    """A visit of a seed with these settings of discovery."""
    visit = builder(changes.pop("past", None))
    visit.seed = replace(SEED, discover=Discover(**changes))
    return visit


A, B, C = (f"{SEED.home}{name}" for name in ("a.xml", "b.xml", "c.xml"))
DEAD = frozenset([canonical_key(A)])


@pytest.mark.parametrize(
    ("discover", "past", "planned"),
    [
        ({"rss": (A,), "sitemap": (B,), "pages": (C,)}, Past(), [(A, "rss"), (B, "sitemap"), (C, "listing")]),
        ({"rss": (A,), "pages": (C,)}, Past(dead=DEAD), [(C, "listing")]),
        ({"sitemap": (A,)}, Past(dead=DEAD), [(A, "sitemap")]),  # the only one is asked for though it is gone
        ({"pages": (B,)}, Past(fronts=(Front(A, "rss"),)), [(B, "listing")]),
        ({}, Past(), [(SEED.home, "listing")]),
        ({}, Past(fronts=(Front(A, "rss"), Front(B, "listing")), dead=DEAD), [(SEED.home, "listing")]),
        ({}, Past(fronts=(Front(SEED.home, "rss"), Front(A, "rss"))), [(SEED.home, "listing"), (A, "rss")]),
        (
            {},
            Past(fronts=tuple(Front(f"{A}?{n}", "sitemap") for n in range(6))),
            [(SEED.home, "listing"), *((f"{A}?{n}", "sitemap") for n in range(5))],
        ),
    ],
)
def test_the_fronts_of_a_visit(discover: dict[str, Any], past: Past, planned: list[tuple[str, str]]) -> None:
    assert fronts._planned(front_visit(**discover).seed, past) == planned


@pytest.mark.parametrize(
    ("discover", "way", "links", "asked", "further"),
    [
        ({}, "listing", Links(next_page=B), 1, [(f"{SEED.home}robots.txt", "robots")]),
        ({"next_pages": 1}, "listing", Links(next_page=B), 1, [(B, "next"), (f"{SEED.home}robots.txt", "robots")]),
        ({"next_pages": 1}, "listing", Links(next_page=B), 2, [(f"{SEED.home}robots.txt", "robots")]),
        ({"next_pages": 2, "pages": (C,)}, "listing", Links(next_page=B, feeds=(C,)), 2, [(B, "next")]),
        ({"next_pages": 2}, "rss", Links(next_page=B, sitemaps=(B,)), 1, []),
        ({"sitemap": (C,)}, "sitemap", Links(sitemaps=(B, C, f"{B}?1", f"{B}?2")), 9,
         [(B, "sitemap-part"), (C, "sitemap-part"), (f"{B}?1", "sitemap-part")]),
        ({"sitemap": (C,)}, "sitemap-part", Links(sitemaps=(B,)), 2, []),
        ({}, "sitemap", Links(sitemaps=(B, C, f"{B}?1", f"{B}?2")), 7,
         [(B, "sitemap-part"), (C, "sitemap-part"), (f"{B}?1", "sitemap-part")]),
        ({}, "sitemap-part", Links(sitemaps=(B,)), 7, [(B, "sitemap-part")]),
        ({}, "sitemap", Links(sitemaps=(B,)), 8, []),
        ({}, "robots", Links(sitemaps=(B, C)), 1, [(B, "sitemap")]),
        ({}, "robots", Links(sitemaps=(A,)), 1, []),  # it is gone
        ({}, "listing", Links(feeds=(A, B), sitemaps=(A, C)), 1,
         [(B, "rss"), (C, "sitemap"), (f"{SEED.home}robots.txt", "robots")]),
        ({"next_pages": 3}, "listing", Links(next_page=A), 1, [(A, "next"), (f"{SEED.home}robots.txt", "robots")]),
    ],
)  # fmt: skip
def test_where_a_front_leads(
    discover: dict[str, Any], way: FrontWay, links: Links, asked: int, further: list[tuple[str, str]]
) -> None:
    visit = front_visit(past=Past(dead=DEAD), **discover)
    assert fronts._further(visit, f"{SEED.home}list", way, links, asked) == further


def test_a_sitemap_that_is_known_is_not_declared_again_nor_robots_txt_after_a_success() -> None:
    known = Past(fronts=(Front(B, "sitemap"),), last_success=NOW)
    assert fronts._declared(known, SEED.home, Links(sitemaps=(C,))) == []


def items(*urls: str) -> Links:
    return Links(items=tuple(Link(url, "rss") for url in urls))


@pytest.mark.parametrize(
    ("include", "urls", "paid"),
    [
        ((), (f"{URL}/anzeige/a", URL), {f"{URL}/anzeige/a"}),
        ((), (f"{URL}/anzeige/a", f"{URL}/anzeige/b", URL), set()),  # most of them: it is what this site is about
        ((), (f"{URL}/anzeige/a", f"{URL}/anzeige/b", URL, f"{URL}-2"), {f"{URL}/anzeige/a", f"{URL}/anzeige/b"}),
        (("/anzeige/",), (f"{URL}/anzeige/a", URL), set()),
        (("/sport/", "/anzeige/b"), (f"{URL}/anzeige/a", f"{URL}/anzeige/b", URL), {f"{URL}/anzeige/a"}),
    ],
)
def test_items_that_are_paid_for(include: tuple[str, ...], urls: tuple[str, ...], paid: set[str]) -> None:
    assert fronts._paid(items(*urls), front_visit(include=include).seed) == paid


def test_which_front_stands_alone_and_which_way_is_trusted_more() -> None:
    one, two = front_visit(rss=(A,)).seed, front_visit(rss=(A,), sitemap=(B,), pages=(C,)).seed
    assert fronts.written(two) == (A, B, C)
    assert [fronts._is_alone(url, one) for url in (A, B, SEED.home)] == [True, False, True]
    assert [fronts._is_alone(url, two) for url in (A, SEED.home)] == [False, True]
    ways: tuple[LinkWay, ...] = ("rss", "wordpress", "sitemap", "listing", "jsonld", "state", "wix")
    assert [fronts._trust(way) for way in ways] == [3, 3, 2, 1, 1, 1, 1]


def test_two_fronts_that_tell_of_one_story() -> None:
    """The more trusted one tells first; its place on a listing is kept."""
    shown = Link(f"{URL}/", "listing", Draft(title="Shown", section="Sport"), 2)
    mapped = Link(URL, "sitemap", Draft(title="Mapped", language="fr"))
    found = {
        A: Links(items=(Link(URL, "rss", Draft(title="Told", subtitle="By the feed"), 8),)),
        B: Links(items=(mapped,), notes=("odd too",), title="Map"),
        C: Links(items=(shown, Link(f"{URL}?utm_source=c")), title="Tidings", language="en", notes=("odd",)),
    }
    visit = front_visit(rss=(A,), sitemap=(B,), pages=(C,))

    async def fetch(request: Request) -> Page:
        return Page(request.url)

    class Fronts:
        async def links(self, page: Page, seed: Seed, past: Past, now: datetime) -> Links:
            return found[page.url]

    visit.fetch, visit.read = fetch, Fronts()  # type: ignore[assignment]
    hint = Draft(title="Told", subtitle="By the feed", section="Sport", language="fr")
    assert asyncio.run(fronts.offered(visit)) == [Link(URL, "rss", hint, 8, seen_at=0)]
    assert (visit.title, visit.language, visit.notes) == ("Map", "en", ["odd too", "odd"])
    assert visit.ways == {"rss": 1, "sitemap": 1, "listing": 2}
    late = front_visit(rss=(A,), pages=(C,))
    late.fetch, late.read, late.clock = fetch, Fronts(), lambda: NOW + timedelta(seconds=601)  # type: ignore[assignment]
    assert asyncio.run(fronts.offered(late)) == []


@pytest.mark.parametrize(
    ("way", "error", "failed", "noted", "gone"),
    [
        ("listing", Gone("404", status=404), True, False, True),
        ("rss", Gone("404", status=404), True, False, True),
        ("sitemap-part", Gone("404", status=404), False, True, True),
        ("next", Gone("404", status=404), False, True, False),
        ("robots", Gone("404", status=404), False, True, False),
        ("robots-all", Gone("404", status=404), False, True, False),
        ("sitemap", Unreachable("no answer"), True, False, False),
        ("next", Unreachable("no answer"), False, True, False),
    ],
)
def test_a_front_that_fails(way: FrontWay, error: CopydeskError, failed: bool, noted: bool, gone: bool) -> None:
    visit = builder()

    async def fetch(request: Request) -> Page:
        raise error

    visit.fetch = fetch
    assert asyncio.run(fronts.ask_front(visit, A, way)) is None
    assert [one.asked for one in visit.failures] == ([A] if failed else [])
    assert visit.notes == ([f"{A}: {error.reason}"] if noted else [])
    assert visit.seen == ([Seen(A, "gone", "404", "front")] if gone else [])
    assert visit.fronts == {}


@pytest.mark.parametrize(
    ("way", "fresh_for", "told"),
    [("listing", [50.0, 20.0, 90.0, None], 20.0), ("rss", [7.0], 7.0), ("sitemap", [7.0], None), ("next", [7.0], None)],
)
def test_for_how_long_a_front_is_fresh(way: FrontWay, fresh_for: list[float | None], told: float | None) -> None:
    visit = builder(Past(fronts=(Front(A, way),)))
    left = list(fresh_for)

    async def fetch(request: Request) -> Page:
        return Page(request.url, fresh_for=left.pop(0), not_modified=True)

    visit.fetch = fetch
    for _ in fresh_for:
        assert asyncio.run(fronts.ask_front(visit, A, way)) is None
    assert (visit.fresh_for, visit.unchanged) == (told, len(fresh_for))


@pytest.mark.parametrize(
    ("error", "page", "kept"),
    [
        (PageChanged("strange"), Page(URL, b"123456"), True),
        (ReadFailed("too deep"), Page(URL, b"123456"), True),
        (Gone("404"), Page(URL, b"123456"), False),
        (PageChanged("strange"), None, False),
        (PageChanged("strange"), Page(URL, b"123456", not_modified=True), False),
    ],
)
def test_a_page_that_is_not_what_it_should_be_is_kept_cut(error: CopydeskError, page: Page | None, kept: bool) -> None:
    visit = builder()
    visit.limits = VisitLimits(sample=4, samples=2)
    for _ in range(3):
        visit.keep_sample(page, error)
    assert visit.samples == ([Sample(Page(URL, b"1234"), error.reason)] * 2 if kept else [])


@pytest.mark.parametrize(
    ("include", "exclude", "found"),
    [((), (), True), (("/goats",), (), True), (("/sheep", "goat"), (), True), (("/sheep",), (), False),
     ((), ("/goats",), False), ((), ("/sheep",), True), (("/goats",), ("tidings",), False)],
)  # fmt: skip
def test_what_a_seed_wants(include: tuple[str, ...], exclude: tuple[str, ...], found: bool) -> None:
    assert wanted(URL, front_visit(include=include, exclude=exclude).seed) is found


def test_a_visit_is_late_after_its_deadline() -> None:
    visit = builder()
    for seconds, late in ((600, False), (600.5, True)):
        visit.clock = lambda seconds=seconds: NOW + timedelta(seconds=seconds)  # type: ignore[misc]
        assert visit.late() is late
    assert VisitLimits() == VisitLimits(200, 50, 30, 10, 10, 3, 1_000_000, 600.0)


def test_a_site_with_a_module_of_its_own_is_read_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told, made, seed = Links(title="Own"), Draft(title="Own"), replace(SEED, scraper="invented")
    page, past, calls = Page(URL), Past(failures=3), []
    own = ModuleType("scrapers.sites.invented")
    own.discover = lambda *given, **named: calls.append((given, named)) or told  # type: ignore[attr-defined]
    own.extract = lambda *given, **named: calls.append((given, named)) or made  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, own.__name__, own)
    assert dispatch.read_links(page, seed, past, NOW) is told
    assert dispatch.read_draft(page, seed, NOW) is made
    assert calls == [((page, seed, past), {"now": NOW}), ((page, seed), {"now": NOW})]
    with pytest.raises(ReadFailed, match=r"there is no scrapers/sites/nowhere\.py") as raised:
        dispatch.read_draft(page, replace(SEED, scraper="nowhere"), NOW)
    assert raised.value.source == "tidings"


def test_a_site_without_a_module_is_read_by_the_general_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    monkeypatch.setattr(dispatch, "discover", lambda *given, **named: calls.append((given, named)) or Links())
    monkeypatch.setattr(dispatch, "extract", lambda *given, **named: calls.append((given, named)) or Draft())
    monkeypatch.setitem(sys.modules, "scrapers.sites.bare", ModuleType("scrapers.sites.bare"))
    page, past = Page(URL), Past(failures=3)
    for seed in (SEED, replace(SEED, scraper="bare")):
        calls.clear()
        assert (dispatch.read_links(page, seed, past, NOW), dispatch.read_draft(page, seed, NOW)) == (Links(), Draft())
        assert calls == [((page, seed, past), {"now": NOW}), ((page, seed), {"now": NOW})]


def test_the_page_of_a_story_is_read_in_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    draft = Draft(title="Goats")
    monkeypatch.setattr(dispatch, "read_draft", lambda *given: calls.append(given) or draft)
    monkeypatch.setattr(dispatch, "reading", lambda *given, **named: (given, named))
    article = Article(Draft(), URL, NOW)
    for telling in (True, False):
        found = dispatch.read_story_page(Page(URL), article, SEED, telling=telling)
        assert found == ((draft, article, SEED), {"telling": telling})  # type: ignore[comparison-overlap]
    assert calls == [(Page(URL), SEED, NOW)] * 2
