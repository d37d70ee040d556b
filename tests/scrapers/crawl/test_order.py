"""Which stories a visit reads first, which a first visit leaves out, and which ways are not asked at every visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds import pipe
from feeds.model import Topic
from feeds.store import Store, open_store
from scrapers import CopydeskError, Discover, Gone, Hop, Page, Past, Run, Seed, backfill
from scrapers.discover.listing.links import is_service
from tests.support.simulated_visits import READ, Turned

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
HOME = "https://gazette.example/"
SEED = Seed(name="gazette", home=HOME)
TOPICS = (Topic("all", "All"),)


def story(url: str, of: str, hops: tuple[Hop, ...] = ()) -> Page:
    body = "".join(
        f"<p>The {of} of the valley was looked at on day {n} by {n * 7} people, and {n} of them told us that the"
        f" {of} would not last for another winter unless somebody paid {n * 190} crowns for a roof of its own.</p>"
        for n in range(1, 6)
    )
    head = f'<title>What became of the {of} | Gazette</title><meta property="og:type" content="article">'
    markup = f"<html lang='en'><head>{head}</head><body><article><h1>What became of the {of}</h1>{body}</article>"
    return Page(url, markup.encode(), hops=hops)


def listing(slugs: list[str], head: str = "", prefix: str = "news") -> Page:
    cards = "".join(
        f'<article class="card"><h2><a href="/{prefix}/what-became-of-the-{slug}">What became of the {slug}</a></h2>'
        f"<p>This and that about the {slug}, told by somebody who was there when it happened.</p></article>"
        for slug in slugs
    )
    return Page(HOME, f"<html><head><title>Gazette</title>{head}</head><body><main>{cards}</main></body>".encode())


def slug_of(url: str) -> str:
    return url.rpartition("-the-")[2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    yield store
    store.close()


def full(slug: str, day: int = 1) -> str:
    text = "".join(f"<p>On day {n} the {slug} was seen by {n * 31} people near mile {n}.</p>" * 2 for n in range(12))
    return (
        f"<item><title>What became of the {slug}</title><link>https://gazette.example/news/what-became-of-the-{slug}</link>"
        f"<pubDate>Sun, {day:02} Mar 2026 04:00:00 GMT</pubDate><description><![CDATA[{text}]]></description></item>"
    )


def rss(items: str) -> Page:
    markup = f'<rss version="2.0"><channel><title>Gazette</title>{items}</channel></rss>'
    return Page("https://gazette.example/feed", markup.encode(), content_type="application/rss+xml")


def test_full_texts_that_a_first_visit_left_out_are_no_news_later(store: Store) -> None:
    seed = Seed(name="gazette", home=HOME, discover=Discover(rss=("https://gazette.example/feed",)))
    items = "".join(full(f"barn{n}") for n in range(45))
    turned = Turned(store, {"gazette": seed}, lambda url, now: rss(items), TOPICS, NOW)
    assert len(turned.visit("gazette").fresh) == 30
    for _ in range(3):
        turned.now += timedelta(hours=1)
        assert turned.visit("gazette").fresh == ()
    items += full("granary")
    assert len(turned.visit("gazette").fresh) == 1


def test_what_a_first_visit_left_out_is_told_and_can_be_had_by_backfill(store: Store) -> None:
    slugs = [f"barn-{n}" for n in range(45)]

    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url == HOME:
            return listing(slugs)
        return story(url, slug_of(url)) if "/news/" in url else Gone("404", status=404)

    turned = Turned(store, {"gazette": SEED}, web, TOPICS, NOW)
    assert len(turned.visit("gazette").fresh) == 30
    (row,) = store.visits.newest("gazette", 1)
    assert "15 others wait for `copydesk backfill`" in row.notes[0]
    (left,) = store.outcomes.of_key("gazette.example/news/what-became-of-the-barn-44")
    assert (left.outcome, left.why.startswith("left out by the first visit")) == ("skipped", True)
    past = store.visits.past("gazette", NOW)

    async def fill() -> pipe.Kept:
        run = await backfill(
            SEED, past, turned.fetch, READ, since=NOW - timedelta(days=9), limit=50, clock=lambda: turned.now
        )
        return turned.keep(run, SEED, past, "backfill")

    assert len(turned.do(fill()).fresh) == 15


def test_a_backfill_fetches_what_was_left_out_though_no_list_shows_it_any_more(store: Store) -> None:
    """Items of a feed and cards of a front that have gone since, but not what is older than is asked for."""
    seed = Seed(name="gazette", home=HOME, discover=Discover(rss=("https://gazette.example/feed",)))
    items = [f"barn{n}" for n in range(40)]

    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url.endswith("/feed"):
            shown = items if now == NOW else [*items[35:], "granary"]
            return rss("".join(item(slug, 2 if slug == "barn36" else 28) for slug in shown))
        return story(url, slug_of(url)) if "/news/" in url else Gone("404", status=404)

    def item(slug: str, day: int) -> str:
        return (
            f"<item><title>What became of the {slug}</title>"
            f"<link>https://gazette.example/news/what-became-of-the-{slug}</link>"
            f"<description>Of the {slug} more is told on its page.</description>"
            f"<pubDate>{day:02} Feb 2026 05:00:00 GMT</pubDate></item>"
        )

    turned = Turned(store, {"gazette": seed}, web, TOPICS, NOW)
    assert len(turned.visit("gazette").fresh) == 30
    turned.now += timedelta(hours=2)
    past = store.visits.past("gazette", turned.now)
    assert len(past.left_out) == 10

    async def fill(since: datetime) -> pipe.Kept:
        run = await backfill(seed, past, turned.fetch, READ, since=since, limit=50, clock=lambda: turned.now)
        return turned.keep(run, seed, past, "backfill")

    since = NOW - timedelta(days=9)
    titles = {stored.record.title for stored in store.records.of_source("gazette", 50)}
    kept = turned.do(fill(since))
    found = {stored.record.title for stored in store.records.of_source("gazette", 50)} - titles
    left = [slug for slug in items if f"What became of the {slug}" not in titles]
    assert found == {f"What became of the {slug}" for slug in [*left, "granary"] if slug != "barn36"}
    assert len(kept.fresh) == len(found)


def test_a_story_whose_page_is_older_than_a_backfill_asks_for_can_be_had_by_another(store: Store) -> None:
    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url == HOME:
            return listing(["barn", "mill", "bridge", "weir", "ferry"])
        dated = story(url, slug_of(url)).body.replace(
            b"</head>", b'<meta property="article:published_time" content="2026-02-01T06:07:08Z"></head>'
        )
        return Page(url, dated) if "/news/" in url else Gone("404", status=404)

    turned = Turned(store, {"gazette": SEED}, web, TOPICS, NOW)

    async def fill(since: datetime) -> pipe.Kept:
        past = store.visits.past("gazette", turned.now)
        run = await backfill(SEED, past, turned.fetch, READ, since=since, limit=50, clock=lambda: turned.now)
        return turned.keep(run, SEED, past, "backfill")

    assert turned.do(fill(NOW - timedelta(days=9))).fresh == ()
    assert len(turned.do(fill(NOW - timedelta(days=90))).fresh) == 5


def test_a_backfill_that_runs_out_of_time_says_so(store: Store) -> None:
    def web(url: str, now: datetime) -> Page:
        return listing(["barn", "mill", "bridge", "weir", "ferry"]) if url == HOME else story(url, slug_of(url))

    turned = Turned(store, {"gazette": SEED}, web, TOPICS, NOW)

    def told(what: str, done: int, whole: int) -> None:
        turned.now += timedelta(hours=(what, done) == ("reading stories", 2))

    async def fill() -> Run:
        since = NOW - timedelta(days=900)
        return await backfill(
            SEED, Past(), turned.fetch, READ, since=since, limit=50, clock=lambda: turned.now, progress=told
        )

    run = turned.do(fill())  # type: ignore[arg-type]
    assert run.notes == ("the time of a visit is over; call it again for the rest",)
    assert len(run.records) == 3


def test_the_order_of_the_front_comes_before_dates(store: Store) -> None:
    """The lead story of a front tells no date there, and the feed beside it is full of dated ones."""
    front = ["lead", *(f"barn-{n}" for n in range(10))]
    feed = "".join(
        f"<item><title>Item {n}</title><link>https://gazette.example/news/what-became-of-the-shed-{n}</link>"
        f"<description>Of the shed number {n} more is told on its page.</description>"
        f"<pubDate>Sun, 01 Mar 2026 05:{n:02}:00 GMT</pubDate></item>"
        for n in range(50)
    )
    head = '<link rel="alternate" type="application/rss+xml" href="/feed">'

    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url == HOME:
            return listing(front, head)
        if url.endswith("/feed"):
            return rss(feed)
        return story(url, slug_of(url)) if "/news/" in url else Gone("404", status=404)

    turned = Turned(store, {"gazette": SEED}, web, TOPICS, NOW)
    kept = turned.visit("gazette")
    titles = {stored.record.title for stored in store.records.of_source("gazette", 50)}
    assert len(kept.fresh) == 30
    assert {f"What became of the {slug}" for slug in front} <= titles


def test_a_declared_feed_that_is_gone_is_asked_for_after_a_day_and_then_each_week(store: Store) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/feed">'

    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url == HOME:
            return listing(["barn", "mill", "bridge", "weir", "ferry"], head)
        return story(url, slug_of(url)) if "/news/" in url else Gone("404 Not Found", status=404)

    turned = Turned(store, {"gazette": SEED}, web, TOPICS, NOW)
    turned.hours(16 * 24, apart=4)
    assert turned.asked["gazette.example/feed"] == 4, "at once, after a day, after a week and another week"
    assert all(kept.state == "ok" for kept in turned.kept)


@pytest.mark.parametrize("status", [404, 410])
def test_no_way_that_is_gone_is_asked_for_at_every_visit(store: Store, status: int) -> None:
    """A feed and a sitemap that the seed names, and a part of an index, are gone; the front and the index are there."""
    feed, sitemap, index = (f"https://gazette.example/{name}" for name in ("feed", "sitemap.xml", "index.xml"))
    parts = ("https://gazette.example/part-1.xml", "https://gazette.example/part-2.xml")
    seed = Seed(name="gazette", home=HOME, discover=Discover(rss=(feed,), sitemap=(sitemap, index), pages=(HOME,)))
    named = "".join(f"<sitemap><loc>{part}</loc></sitemap>" for part in parts)
    url = "https://gazette.example/news/what-became-of-the-barn"
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

    def web(address: str, now: datetime) -> Page | CopydeskError:
        if address == HOME:
            return listing(["barn", "mill", "bridge", "weir", "ferry"])
        if address == index:
            return Page(index, f"<sitemapindex {space}>{named}</sitemapindex>".encode(), content_type="text/xml")
        if address == parts[0]:
            text = f"<urlset {space}><url><loc>{url}</loc></url></urlset>"
            return Page(address, text.encode(), content_type="text/xml")
        return story(address, slug_of(address)) if "/news/" in address else Gone(f"{status}", status=status)

    turned = Turned(store, {"gazette": seed}, web, TOPICS, NOW)
    turned.hours(14 * 24, apart=4)
    asked = {name: turned.asked[f"gazette.example/{name}"] for name in ("feed", "sitemap.xml", "part-2.xml")}
    assert asked == {"feed": 3, "sitemap.xml": 3, "part-2.xml": 3}, "at once, after a day, after a week"
    assert turned.asked["gazette.example/index.xml"] == turned.asked["gazette.example/part-1.xml"] > 80
    assert all(kept.state == "ok" for kept in turned.kept)
    gone = store.outcomes.gone_ways(turned.now)
    assert [row.url for row in gone["gazette"]] == [feed, parts[1], sitemap]
    (row,) = store.outcomes.of_key("gazette.example/feed")
    assert (row.outcome, row.way, row.why) == ("gone", "front", f"{status}")
    assert row.again is not None and row.again > turned.now


def test_the_only_way_of_a_seed_is_asked_for_as_its_visits_are(store: Store) -> None:
    feed = "https://gazette.example/feed"
    seed = Seed(name="gazette", home=HOME, discover=Discover(rss=(feed,)))
    turned = Turned(store, {"gazette": seed}, lambda url, now: Gone("404", status=404), TOPICS, NOW)
    for _ in range(3):
        turned.visit("gazette")
        turned.now += timedelta(hours=2)
    assert turned.asked["gazette.example/feed"] == 3
    assert store.outcomes.gone_ways(turned.now) == {}


def test_a_way_that_is_there_again_is_no_longer_told_as_gone(store: Store) -> None:
    feed = "https://gazette.example/feed"
    seed = Seed(name="gazette", home=HOME, discover=Discover(rss=(feed,), pages=(HOME,)))

    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url == HOME:
            return listing(["barn", "mill", "bridge", "weir", "ferry"])
        if url == feed and now > NOW + timedelta(hours=12):
            return rss(full("granary"))
        return story(url, slug_of(url)) if "/news/" in url else Gone("404", status=404)

    turned = Turned(store, {"gazette": seed}, web, TOPICS, NOW)
    turned.hours(20)
    assert turned.asked["gazette.example/feed"] == 1
    assert store.outcomes.gone_ways(turned.now) != {}
    turned.hours(8)
    assert turned.asked["gazette.example/feed"] > 1
    assert store.outcomes.gone_ways(turned.now) == {}
    assert "What became of the granary" in {one.record.title for one in store.records.of_source("gazette", 50)}


def test_stories_that_only_moved_do_not_keep_new_ones_waiting(store: Store) -> None:
    """A relaunch gives every story another address; the new ones of that hour come first."""
    old = [f"barn-{n}" for n in range(30)]
    state = {"slugs": old, "prefix": "news"}

    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url == HOME:
            return listing(state["slugs"], prefix=str(state["prefix"]))  # type: ignore[arg-type]
        return story(url, slug_of(url)) if "what-became" in url else Gone("404", status=404)

    turned = Turned(store, {"gazette": SEED}, web, TOPICS, NOW)
    turned.visit("gazette")
    for n in range(30, 60):  # an old source with some stories more
        turned.now += timedelta(hours=1)
        state["slugs"] = [f"barn-{n}", *state["slugs"]]
        turned.visit("gazette")
    turned.now += timedelta(days=4)
    new = [f"new-{n}" for n in range(5)]
    state["slugs"], state["prefix"] = [*state["slugs"], *new], "2026/stories"
    before = dict(turned.asked)
    kept = turned.visit("gazette")
    titles = {stored.record.title for stored in store.records.of_source("gazette", 100)}
    assert {f"What became of the {slug}" for slug in new} <= titles
    assert len(kept.fresh) == 5
    assert sum(turned.asked.values()) - sum(before.values()) <= 60


def test_shops_jobs_and_advertising_beside_stories_are_none(store: Store) -> None:
    sponsored = "https://gazette.example/sponsored/what-became-of-the-boiler-that-everybody-wants"
    services = (
        "https://jobs.gazette.example/offers/a-baker-for-the-mill-of-the-valley-4411234",
        "https://shop.gazette.example/mugs/the-mug-with-the-barn-of-the-valley-on-it",
        "https://vorteile.gazette.example/codes/half-price-at-the-mill-of-the-valley",
        sponsored,
    )
    cards = "".join(
        f'<article class="card"><h2><a href="{url}">The thing number {n} that stands here</a></h2>'
        f"<p>More of it is told on its page, and in the next issue.</p></article>"
        for n, url in enumerate(services)
    )
    front = listing([f"barn-{n}" for n in range(6)]).body.decode().replace("</main>", f"{cards}</main>")

    def web(url: str, now: datetime) -> Page | CopydeskError:
        return Page(HOME, front.encode()) if url == HOME else story(url, slug_of(url))

    turned = Turned(store, {"gazette": SEED}, web, TOPICS, NOW)
    assert len(turned.visit("gazette").fresh) == 6
    (row,) = store.outcomes.of_key(sponsored.removeprefix("https://"))
    assert (row.outcome, "advertising" in row.why) == ("skipped", True)
    shop = Seed(name="shop", home="https://shop.gazette.example/", hosts=("jobs.gazette.example",))
    assert not is_service("https://shop.gazette.example/mugs/a-mug", shop)
    assert not is_service("https://jobs.gazette.example/offers/a-job", shop)


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("https://shop.gazette.example/a-mug", True),
        ("https://news.gazette.example/a-story", False),
        ("https://another.example/a-story", False),
        ("https://shop.example/a-story", False),  # the name of a site, and no label before one
        ("https://gazette.example/a-story", False),
        ("https://gazette.example/sponsored/a-boiler", True),
        ("https://gazette.example/2026/sponsored", False),  # the story's own name
    ],
)
def test_a_service_is_known_by_the_label_before_the_site_or_a_folder(url: str, service: bool) -> None:
    assert is_service(url, SEED) is service


def test_files_are_asked_for_nowhere_and_a_feed_may_tell_of_one(store: Store) -> None:
    report, picture = "https://gazette.example/files/the-report.pdf", "https://gazette.example/files/the-barn.jpg"
    words = "The report on the barn has forty pages, of which six are about its roof and who should pay for it."
    item = (
        f"<item><title>The barn's report is out</title><link>{report}</link><description>{words}</description></item>"
        f"<item><title>The barn</title><link>{picture}</link></item>"
    )
    content = 'xmlns:c="http://purl.org/rss/1.0/modules/content/"'
    named = f"<item {content}><title>Of the barn, a scan</title><link>{report}?2</link>"
    named += f"<c:encoded><![CDATA[<p>{words}</p>]]></c:encoded></item>"
    head = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    linked = "".join(f'<li><a href="{url}">The barn and what is said of it</a></li>' for url in (report, picture))

    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url == HOME:
            return Page(
                HOME, listing(["barn", "mill", "weir"], head).body.replace(b"</main>", linked.encode() + b"</main>")
            )
        if url.endswith("/feed"):
            return rss(item + named)
        return story(url, slug_of(url)) if "/news/" in url else Gone("404", status=404)

    turned = Turned(store, {"gazette": SEED}, web, TOPICS, NOW)
    kept = turned.visit("gazette")
    assert not [url for url in turned.asked if "/files/" in url]
    titles = {stored.record.title for stored in store.records.of_source("gazette", 50)}
    assert "Of the barn, a scan" in titles
    assert len(kept.fresh) == 4
