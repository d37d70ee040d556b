"""Of a page and what its link told: which is the story, which text is taken, what stands in, what is noted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrapers import (
    CopydeskError,
    Discover,
    Draft,
    Forbidden,
    Front,
    Gone,
    Link,
    Links,
    Page,
    PageChanged,
    Past,
    Request,
    Seed,
    Unreachable,
)
from scrapers.crawl import articles, scrape
from scrapers.crawl.front_anomaly import moved
from scrapers.crawl.fronts import _count, _declared, _request, _sitemaps
from scrapers.crawl.imported_articles import Given, read_given
from scrapers.crawl.page_and_link import better, doubt, has_full_text, is_other_story
from scrapers.crawl.run_builder import RunBuilder, VisitLimits, moment_of
from scrapers.crawl.scrape import directly
from scrapers.discover import discover
from scrapers.errors import UNLIKE
from scrapers.extract import extract
from scrapers.model import FrontWay, LinkWay, folded_title
from scrapers.urls.key import canonical_key
from tests.support.fronts import Pages

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed(name="tidings", home="https://tidings.example/")
READ = directly(discover, extract)
URL = "https://tidings.example/goats"
TITLE, SUMMARY = "Goats eat the hedge of the consulate", "The consul has asked for a fence, the goatherd for pardon."
HINT = Draft(title=TITLE, subtitle=SUMMARY, published="2026-03-01T09:00:00Z")


def builder(past: Past | None = None) -> RunBuilder:
    """A visit that asks for nothing."""

    async def fetch(request: Request) -> Page:
        raise AssertionError(request.url)

    return RunBuilder(SEED, past or Past(), fetch, READ, lambda: NOW, VisitLimits(), NOW)


def stood_in(link: Link, draft: Draft, error: CopydeskError) -> RunBuilder:
    visit = builder()
    made = asyncio.run(articles._stood_in(visit, link, draft, error, 3))
    assert made is bool(visit.records)
    return visit


UNLIKE_ONE = PageChanged(f"{UNLIKE}an offer to subscribe", url=URL)


@pytest.mark.parametrize(
    ("way", "error", "may"),
    [
        ("rss", Gone("404", url=URL, status=404), True),
        ("wordpress", Unreachable("500", url=URL, status=500), True),
        ("listing", UNLIKE_ONE, True),
        ("listing", Gone("404", url=URL, status=404), False),
        ("listing", PageChanged("it is a PDF", url=URL), False),
        ("rss", Unreachable("no answer", url=URL), False),  # it may answer within the hour
        ("rss", Forbidden("robots.txt says no", url=URL), False),
    ],
)
def test_what_may_stand_in_for_a_page(way: str, error: CopydeskError, may: bool) -> None:
    visit = stood_in(Link(URL, way=way, hint=HINT), Draft(), error)  # type: ignore[arg-type]
    assert bool(visit.records) is may
    if may:
        (record,), (seen,) = visit.records, visit.seen
        assert (record.title, record.text, record.subtitle, record.way) == (TITLE, SUMMARY, SUMMARY, "hint")
        assert (seen.url, seen.outcome, seen.way) == (URL, "kept", way)
        assert seen.why == f"{articles.STOOD_IN}: {error.reason}"
    else:
        assert visit.seen == []


@pytest.mark.parametrize("hint", [Draft(title=TITLE), Draft(subtitle=SUMMARY), Draft(), Draft(text=SUMMARY)])
def test_too_little_stands_in_for_nothing(hint: Draft) -> None:
    assert stood_in(Link(URL, way="rss", hint=hint), Draft(), UNLIKE_ONE).seen == []


def test_the_text_of_a_feed_stands_before_its_summary() -> None:
    hint = replace(HINT, text=LINES[0], html=f"<p>{LINES[0].replace('goats', '<i>goats</i>')}</p>")
    (record,) = stood_in(Link(URL, way="rss", hint=hint), Draft(), UNLIKE_ONE).records
    assert (record.text, record.subtitle) == (LINES[0], SUMMARY)
    assert "<em>goats" in record.html or "<i>goats" in record.html
    (record,) = stood_in(Link(URL, way="rss", hint=replace(HINT, html="<p>Other</p>")), Draft(), UNLIKE_ONE).records
    assert "Other" not in record.html


@pytest.mark.parametrize(("unlike", "paid"), [(articles.OFFER, True), ("an app's empty shell", False)])
def test_the_head_of_a_shell_or_an_offer_tells_of_the_story(unlike: str, paid: bool) -> None:
    page = Draft(title=TITLE, subtitle=SUMMARY, authors=("Ada Marsh",), text="Subscribe now!", unlike=unlike)
    (record,) = stood_in(Link(URL, hint=Draft()), page, UNLIKE_ONE).records
    assert (record.title, record.text, record.authors, record.paywalled) == (TITLE, SUMMARY, ("Ada Marsh",), paid)
    assert stood_in(Link(URL, hint=Draft()), replace(page, unlike="an error page"), UNLIKE_ONE).records == []
    assert stood_in(Link(URL, hint=Draft()), replace(page, title=None), UNLIKE_ONE).records == []
    assert stood_in(Link(URL, hint=Draft()), replace(page, subtitle=None), UNLIKE_ONE).records == []


def test_a_page_that_arrived_but_is_no_story_is_doubted() -> None:
    with pytest.raises(PageChanged, match="an offer to subscribe"):
        doubt(Draft(title=TITLE, unlike=articles.OFFER), HINT, URL)
    doubt(Draft(title=TITLE), HINT, URL)
    wall = Draft(title=TITLE, unlike="an error page")
    doubt(wall, HINT, URL)  # its headline alone looks like one, and the link told the same
    for hint in (Draft(title="Something else was told here"), Draft()):
        with pytest.raises(PageChanged, match="an error page") as raised:
            doubt(wall, hint, URL)
        assert raised.value.url == URL


FAR = "Choose the region that you live in, and accept what is stored on this device, to go on reading here."


@pytest.mark.parametrize(
    ("page", "hint", "other"),
    [
        (Draft(title="Welcome", text=FAR), HINT, True),
        (Draft(title="Welcome", text=FAR, published="2026-03-01"), HINT, False),
        (Draft(title="Welcome", text=FAR, published="2026-03-01", published_estimated=True), HINT, True),
        (Draft(title="Welcome", text=FAR, authors=("Ada Marsh",)), HINT, False),
        (Draft(title=TITLE, text=FAR), HINT, False),
        (Draft(title="Welcome", subtitle=SUMMARY, text=FAR), HINT, False),
        (Draft(title="Welcome", text=f"{FAR} {TITLE}"), HINT, False),
        (Draft(title="Welcome", text=FAR), Draft(title="Goats"), False),  # one word proves nothing
        (Draft(title="Welcome", text=FAR * 100), HINT, False),
        (Draft(), HINT, True),
    ],
)
def test_another_story_shares_no_words_with_what_was_told(page: Draft, hint: Draft, other: bool) -> None:
    assert is_other_story(page, hint) is other


def test_words_of_the_site_and_of_publishers_prove_nothing() -> None:
    told = Draft(title="Goats Hedge Morning Tidings")
    page = Draft(title="Morning Tidings", text=FAR)
    assert not is_other_story(page, told)
    assert is_other_story(page, told, "Morning Tidings")
    assert is_other_story(page, replace(told, publisher="Morning Tidings"))
    assert is_other_story(replace(page, publisher="Morning Tidings"), told)


LINES = [f"What the goats did on day {n} is told here at some length." for n in range(1, 11)]


@pytest.mark.parametrize(
    ("page", "told", "taken"),
    [
        (LINES[:2], LINES, True),
        (LINES[:9], LINES, False),  # hardly longer
        (LINES, LINES[:5], False),
        ([], LINES, False),  # the page has no text: another step tells so
        (["Something that no feed told of at all, in many words of its own."], LINES, False),
        (LINES[:2], [" ".join(LINES)], False),  # its paragraphs are lost
        (LINES[:2], [*LINES, "Read more"], False),
        (LINES[:2], [*LINES, "and so on …"], False),
    ],
)
def test_the_longer_text_is_taken_if_it_is_the_same_storys(page: list[str], told: list[str], taken: bool) -> None:
    draft = Draft(title="Page", text="\n".join(page) or None, html="<p>page</p>", paywalled=True)
    draft = replace(draft, witnesses={"text": "visible"})
    hint = Draft(title="Told", subtitle=SUMMARY, text="\n".join(told), html="<p>told</p>")
    found = better(draft, hint)
    assert found.title == "Page" and found.subtitle == SUMMARY
    if taken:
        assert (found.text, found.html, found.paywalled) == (hint.text, "<p>told</p>", False)
        assert found.witnesses["text"] == "feed"
    else:
        assert (found.text, found.html, found.paywalled) == (draft.text, "<p>page</p>", True)
        assert found.witnesses["text"] == "visible"


def test_a_date_that_the_link_told_goes_before_that_of_a_change() -> None:
    changed = Draft(title="Page", text="A story.", published="2026-03-06", published_estimated=True)
    told = Draft(published="2026-03-04")
    found = better(changed, told)
    assert (found.published, found.published_estimated) == ("2026-03-04", False)
    assert better(changed, Draft()) == changed
    exact = replace(changed, published_estimated=False)
    assert better(exact, told) == exact


def record_of(draft: Draft, page: Page | None = None, past: Past | None = None, position: int = 7) -> tuple[RunBuilder, object]:  # fmt: skip  # noqa: E501
    visit = builder(past)
    return visit, asyncio.run(articles.record_of(visit, Link(URL, way="rss"), draft, page, position))


WHOLE = replace(HINT, text=SUMMARY)


def test_a_record_says_whence_it_is() -> None:
    page = Page(f"{URL}?page=1", b"", etag='"a"', last_modified="Sun, 01 Mar 2026 09:00:00 GMT", robots=("noarchive",))
    _, record = record_of(replace(WHOLE, robots=("noindex", "noarchive")), page)
    assert (record.way, record.etag, record.last_modified) == ("page", '"a"', page.last_modified)  # type: ignore[attr-defined]
    assert record.robots == ("noarchive", "noindex") or set(record.robots) == {"noarchive"}  # type: ignore[attr-defined]
    _, record = record_of(replace(WHOLE, witnesses={"text": "feed"}), page)
    assert record.way == "feed"  # type: ignore[attr-defined]
    _, record = record_of(WHOLE)
    assert (record.way, record.etag) == ("feed", None)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("published", "note"),
    [
        ("1994-12-31T12:00:00Z", "published in 1994"),
        ("1995-01-01T12:00:00Z", None),
        ("2026-03-01T09:00:00Z", None),
        ("2026-04-01T09:00:00Z", "its date, 2026-04-01T09:00:00+00:00, lies in the future and is not used"),
        (None, None),
    ],
)
def test_a_strange_date_is_noted(published: str | None, note: str | None) -> None:
    visit, _ = record_of(replace(WHOLE, published=published))
    assert visit.notes == ([] if note is None else [f"{URL}: {note}"])


LINK = Link("https://tidings.example/news/goats-eat-the-hedge-4711220", hint=Draft(title=TITLE))


@pytest.mark.parametrize(
    ("past", "found"),
    [
        (Past(), False),
        (Past(titles=frozenset([folded_title(TITLE)])), True),
        (Past(titles=frozenset([folded_title("Something else")])), False),
        (Past(known=frozenset(["number:tidings:tidings.example:4711220"])), True),
        (Past(known=frozenset(["number:other:tidings.example:4711220"])), False),
        (Past(known=frozenset(["number:tidings:tidings.example:4711221"])), False),
    ],
)
def test_a_story_that_moved_is_known_by_its_headline_or_its_number(past: Past, found: bool) -> None:
    assert moved(LINK, past, "tidings") is found
    assert not moved(replace(LINK, hint=Draft(), url="https://tidings.example/goats"), past, "tidings")


def test_stories_are_read_in_the_order_of_the_front_the_moved_ones_last() -> None:
    past = Past(titles=frozenset([folded_title("Moved")]))
    links = [
        Link("https://a.example/state", way="state", position=0),
        Link("https://a.example/map", way="sitemap", position=1, hint=Draft(published="2026-02-28T12:00:00Z")),
        Link("https://a.example/moved", position=2, hint=Draft(title="Moved")),
        Link("https://a.example/second", position=4),
        Link("https://a.example/first", position=3),
    ]
    ordered = asyncio.run(scrape._in_order(builder(past), links))
    assert [link.url.rpartition("/")[2] for link in ordered] == ["first", "second", "map", "state", "moved"]


def changed(*, looked: float, told: float | None, published: float | None = 24.0) -> bool:
    """Whether a front that tells of a change so many hours ago is believed, with the last look so many hours ago."""

    def ago(hours: float | None) -> str | None:
        return None if hours is None else (NOW - timedelta(hours=hours)).isoformat()

    seen: Mapping[str, datetime] = {canonical_key(URL): NOW - timedelta(hours=looked)}
    link = Link(URL, hint=Draft(updated=ago(told), published=ago(published)))
    return scrape._changed(builder(Past(looked=seen)), link)


def test_a_front_is_believed_that_a_young_article_changed() -> None:
    assert changed(looked=3, told=1)
    assert not changed(looked=3, told=None)
    assert not changed(looked=3, told=4)  # before the last look
    assert not changed(looked=3, told=3)
    assert changed(looked=3, told=0)
    assert not changed(looked=3, told=-1)  # in the future
    assert not changed(looked=2, told=1)  # a tenth of its age has to have passed
    assert changed(looked=2, told=1, published=20.0)
    assert changed(looked=2.5, told=1, published=None)  # as if it were a day old
    assert not changed(looked=2.3, told=1, published=None)
    assert not changed(looked=0.4, told=0.1, published=1.0)  # half an hour at least
    assert changed(looked=0.5, told=0.1, published=1.0)
    assert not scrape._changed(builder(), Link(URL, hint=Draft(updated=NOW.isoformat())))


class Parts(Pages):
    """An article of several pages: address → its draft."""

    def __init__(self, drafts: Mapping[str, Draft]) -> None:
        super().__init__(drafts)
        self.drafts = drafts

    async def draft(self, page: Page, seed: Seed, now: datetime) -> Draft:
        return self.drafts[page.url]

    def whole(self, *, parts: int = 10, late: bool = False) -> tuple[Draft, list[str]]:
        """The draft of all its pages, and the notes."""
        visit = builder()
        visit.fetch, visit.read = self.fetch, self  # type: ignore[assignment]
        visit.limits = VisitLimits(parts=parts)
        if late:
            visit.clock = lambda: NOW + timedelta(hours=1)
        return asyncio.run(articles.whole_draft(visit, Page(URL, b""))), visit.notes


def part(n: int, following: str | None = None) -> Draft:
    return Draft(title="Goats", text=f"Part {n}.", html=f"<p>Part {n}.</p>", next_page=following)


def test_the_pages_of_an_article_are_one_text() -> None:
    pages = Parts({URL: part(1, f"{URL}/2"), f"{URL}/2": part(2, f"{URL}/3"), f"{URL}/3": part(3)})
    found, notes = pages.whole()
    assert (found.text, found.html) == ("Part 1.\nPart 2.\nPart 3.", "<p>Part 1.</p><p>Part 2.</p><p>Part 3.</p>")
    assert pages.asked == [f"{URL}/2", f"{URL}/3"] and notes == []
    assert Parts({URL: part(1)}).whole()[0] == part(1)


def test_pages_that_lead_in_a_circle_or_to_nothing_end_the_article() -> None:
    circle = Parts({URL: part(1, f"{URL}/2"), f"{URL}/2": part(2, URL)})
    assert circle.whole()[0].text == "Part 1.\nPart 2."
    assert circle.asked == [f"{URL}/2"]
    found, notes = Parts({URL: part(1, f"{URL}/2"), f"{URL}/2": Draft(next_page=f"{URL}/3")}).whole()
    assert (found.text, found.html) == ("Part 1.", "<p>Part 1.</p>")
    assert notes == [f"{URL}/3: 404 Not Found"]


def test_no_more_pages_of_an_article_are_asked_than_allowed_and_none_when_it_is_late() -> None:
    pages = Parts({URL: part(1, f"{URL}/2")} | {f"{URL}/{n}": part(n, f"{URL}/{n + 1}") for n in range(2, 9)})
    assert pages.whole(parts=3)[0].text == "Part 1.\nPart 2.\nPart 3."
    pages.asked.clear()
    assert pages.whole(late=True)[0].text == "Part 1."
    assert pages.asked == []


def read_story(link: Link, visit: RunBuilder) -> RunBuilder:
    asyncio.run(articles.read_story(visit, link, 0))
    return visit


def test_a_file_is_not_asked_for_unless_the_seed_includes_it() -> None:
    link = Link("https://tidings.example/report.pdf", way="rss")
    (seen,) = read_story(link, builder()).seen
    assert (seen.url, seen.outcome, seen.why, seen.way) == (link.url, "skipped", articles.A_FILE, "rss")
    visit = read_story(replace(link, hint=HINT), builder())
    assert [record.title for record in visit.records] == [TITLE]
    assert [one.outcome for one in visit.seen] == ["kept"]
    pages = Parts({})
    visit = builder()
    visit.seed = replace(SEED, discover=replace(SEED.discover, include=(".pdf",)))
    visit.fetch = pages.fetch
    read_story(link, visit)
    assert pages.asked == [link.url]
    assert [one.outcome for one in visit.seen] == ["gone"]


def test_a_feeds_whole_text_is_the_article_and_its_page_is_not_asked_for() -> None:
    whole = replace(HINT, text="\n".join(LINES * 2))
    visit = read_story(Link(URL, way="rss", hint=whole), builder())
    assert [(record.title, record.way) for record in visit.records] == [(TITLE, "feed")]
    for text in (whole.text[:999], f"{whole.text} …", None):  # type: ignore[index]
        assert not has_full_text(replace(HINT, text=text))
    assert has_full_text(Draft(text="x" * 1000))


def not_of_one(pages: Mapping[str, tuple[str, str, bool]]) -> list[tuple[str, str, str]]:
    """What becomes of pages, address → title that the front told, text, whether its date is estimated."""
    visit = builder()
    for n, (url, (title, text, estimated)) in enumerate(pages.items()):
        link = Link(url, way="rss", hint=Draft(title=title, subtitle=SUMMARY))
        told = Draft(
            title="Welcome to the Tidings of the day", text=text, published=None if estimated else HINT.published
        )
        visit.records.append(asyncio.run(articles.record_of(visit, link, told, Page(url, b""), n)))
        visit.pages[n] = link
        visit.seen.append(articles.Seen(url, "kept", way="rss"))
    asyncio.run(articles.not_of_one(visit))
    ways = {record.url: record.way for record in visit.records}
    return [(one.url.rpartition("/")[2], one.outcome, ways.get(one.url, "none")) for one in visit.seen]


def test_a_short_undated_page_of_two_stories_is_neither() -> None:
    same = {f"https://t.example/{n}": (f"Headline of story {n}", FAR, True) for n in "ab"}
    other = {"https://t.example/c": ("Headline of story c", f"{FAR} And more.", True)}
    assert not_of_one(same | other) == [("c", "kept", "page"), ("a", "kept", "hint"), ("b", "kept", "hint")]
    assert not_of_one({url: ("One headline", text, True) for url, (_, text, _) in same.items()}) == [
        ("a", "kept", "page"), ("b", "kept", "page"),
    ]  # fmt: skip


def test_a_dated_or_long_page_is_none_of_three_stories() -> None:
    for text, estimated in ((FAR, False), (FAR * 12, True)):
        two = {f"https://t.example/{n}": (f"Headline of story {n}", text, estimated) for n in "ab"}
        assert {way for _, _, way in not_of_one(two)} == {"page"}
        three = two | {"https://t.example/c": ("Headline of story c", text, estimated)}
        assert {way for _, _, way in not_of_one(three)} == {"hint"}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-28T09:00:00+02:00", "2026-02-28T09:00:00+02:00"),
        ("2026-02-28T09:00:00", "2026-02-28T09:00:00+00:00"),  # as the visit counts
        ("2026-02-28", "2026-02-28T00:00:00+00:00"),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_told_moment_has_a_zone(text: str | None, moment: str | None) -> None:
    found = moment_of(builder(), text)
    assert (found and found.isoformat()) == moment


def test_what_an_import_knows_is_seen_as_known_and_not_read() -> None:
    given = [Given(f"{URL}-{n}", NOW, told=Draft(title=f"{TITLE} {n}", text=SUMMARY * 3)) for n in (1, 2, 2)]
    past = Past(known=frozenset([canonical_key(given[0].url)]))
    run = asyncio.run(read_given(SEED, past, given, READ, clock=lambda: NOW))
    assert [(one.url, one.outcome) for one in run.seen][:1] == [(given[0].url, "known")]
    assert [(one.url, one.outcome) for one in run.seen].count((given[2].url, "known")) == 1
    assert [record.url for record in run.records] == [given[1].url]


def test_the_sitemaps_of_robots_txt_and_of_them_those_of_news() -> None:
    lines = "Sitemap: https://tidings.example/all.xml\nSitemap: https://tidings.example/News.xml\n"
    robots = Page("https://tidings.example/robots.txt", lines.encode(), "text/plain")
    assert _sitemaps(robots, news_only=False).sitemaps == (
        "https://tidings.example/all.xml",
        "https://tidings.example/News.xml",
    )
    assert _sitemaps(robots, news_only=True).sitemaps == ("https://tidings.example/News.xml",)


def test_what_selectors_chose_is_counted_over_the_pages_of_a_listing() -> None:
    visit = builder()
    visit.seed = replace(SEED, discover=Discover(links="h2 a"))
    some = Links(items=tuple(Link(f"{URL}-{n}", way) for n, way in enumerate(("listing", "listing", "jsonld"))))
    _count(visit, "listing", some)
    _count(visit, "next", replace(some, items=some.items[:1]))
    _count(visit, "rss", some)
    assert (visit.chosen, visit.ways) == (3, {"listing": 4, "rss": 3})


@pytest.mark.parametrize(
    ("known", "feeds", "asked"),
    [
        ((), ("a", "b"), ["a"]),
        ((("rss", "a"),), ("a", "b"), []),
        ((("rss", "b"),), ("a", "b"), []),
        ((("rss", "gone"),), ("a",), ["a"]),  # another took its place
        ((("sitemap", "a"),), ("a",), ["a"]),  # known as something else
        ((), (), []),
    ],
)
def test_a_feed_that_a_listing_declares_is_asked_for_where_none_of_them_is_known(
    known: tuple[tuple[FrontWay, str], ...], feeds: tuple[str, ...], asked: list[str]
) -> None:
    home = SEED.home
    past = Past(fronts=tuple(Front(home + url, way) for way, url in known), last_success=NOW)
    found = _declared(past, home, Links(feeds=tuple(home + url for url in feeds)))
    assert found == [(home + url, "rss") for url in asked]
    assert _declared(past, home, Links(sitemaps=(f"{home}s.xml",)))[:1] == (
        [] if "sitemap" in dict(known) else [(f"{home}s.xml", "sitemap")]
    )


def test_stories_are_read_in_the_order_of_the_front_and_those_of_a_feed_by_date() -> None:
    def link(name: str, way: LinkWay, place: int, day: int = 0) -> Link:
        told = Draft(published=f"2026-02-{day:02}T09:00:00Z") if day else Draft()
        return Link(f"{SEED.home}{name}", way, told, place)

    links = [
        link("map", "sitemap", 0, 28),
        link("old", "rss", 0, 3),
        link("new", "rss", 2, 27),
        link("undated", "rss", 1),
        link("second", "listing", 1),
        link("first", "listing", 0),
    ]
    found = [one.url.rpartition("/")[2] for one in asyncio.run(scrape._in_order(builder(), links))]
    assert [name for name in found if name in ("new", "old", "undated")] == ["new", "old", "undated"]
    assert [name for name in found if name in ("first", "second")] == ["first", "second"]
    assert found[-1] == "map"
    assert found[0] == "first"


@pytest.mark.parametrize(
    ("front", "past", "conditional"),
    [
        ({}, {}, True),
        ({"unchanged": 49}, {}, True),
        ({"unchanged": 50}, {}, False),
        ({"whole": NOW - timedelta(days=1) + timedelta(seconds=1)}, {}, True),
        ({"whole": NOW - timedelta(days=1)}, {}, False),
        ({"whole": None}, {}, False),
        ({}, {"failures": 1}, False),
        ({}, {"queued": (URL,)}, False),
    ],
)
def test_a_front_is_asked_for_with_its_validators_but_whole_now_and_then(
    front: dict[str, Any], past: dict[str, Any], conditional: bool
) -> None:
    before = Front(SEED.home, etag='"a"', last_modified="Sun, 01 Mar 2026 09:00:00 GMT", whole=NOW)
    visit = builder(Past(**past))
    asked = _request(visit, SEED.home, "listing", replace(before, **front))
    assert (asked.etag, asked.last_modified) == ((before.etag, before.last_modified) if conditional else (None, None))
    assert _request(visit, SEED.home, "listing", None).etag is None


@pytest.mark.parametrize(
    ("render", "way", "asked"),
    [(True, "listing", True), (True, "next", True), (True, "rss", False), (False, "listing", False)],
)
def test_a_listing_is_rendered_where_its_seed_says_so(render: bool, way: FrontWay, asked: bool) -> None:
    visit = builder()
    visit.seed = replace(SEED, render=render)
    assert _request(visit, SEED.home, way, None).render is asked
