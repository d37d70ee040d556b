"""The pipe of a visit, over a dictionary of pages in place of the web."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scrapers import (
    Discover,
    Draft,
    Fetch,
    Front,
    Links,
    Page,
    Past,
    Record,
    Request,
    Run,
    Seed,
    Unreachable,
    VisitLimits,
)
from scrapers.crawl.scrape import directly, pages_of, revisit, scrape
from scrapers.discover import discover
from scrapers.extract import extract
from scrapers.urls.key import canonical_key

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITE = "https://courier.example"
SEED = Seed(name="courier", home=f"{SITE}/")
READ = directly(discover, extract)

PROSE = (
    "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring, and that"
    " the fishing boats would have to use the northern basin, where there is less shelter from the wind.",
    "Fishermen had asked for the repairs for years. They now fear that the work will take longer than the council has"
    " promised, because the contractor has two other sites along the coast and only one floating crane.",
    "The council will meet again on Thursday to hear the complaints, and the mayor has invited everybody who has a boat"
    " in the harbour to come and speak. The meeting begins at seven in the evening in the town hall.",
)


def article(slug: str, title: str, *, published: str = "2026-03-01T09:00:00Z", prose: Sequence[str] = PROSE) -> Page:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in prose)
    return Page(
        f"{SITE}/2026/{slug}",
        f"""<!doctype html><html lang="en"><head><title>{title} - The Courier</title>
        <meta property="og:type" content="article"><meta property="og:title" content="{title}">
        <meta property="article:published_time" content="{published}"></head>
        <body><main><article><h1>{title}</h1>{body}</article></main></body></html>""".encode(),
        etag=f'"{slug}-1"',
    )


TITLES = {
    "quay-closed": "Old quay closed until spring",
    "school-roof": "School roof lost in the storm",
    "lemon-fair": "Lemon fair draws record crowd",
    "ferry-strike": "Ferry crews go on strike on Friday",
    "bridge-toll": "Bridge toll to rise in the summer",
    "night-bus": "Night buses come back to the valley",
}
ARTICLES = [
    article(slug, title, published=f"2026-03-01T0{place + 1}:00:00Z", prose=(f"{PROSE[0]} ({slug})", *PROSE[1:]))
    for place, (slug, title) in enumerate(TITLES.items())
]


def front(slugs: Sequence[str] = tuple(TITLES), extra: str = "") -> Page:
    cards = "".join(
        f'<article class="card"><h2><a href="/2026/{slug}">{TITLES[slug]}</a></h2><p>{PROSE[1][:90]}</p></article>'
        for slug in slugs
    )
    return Page(
        f"{SITE}/",
        f"""<!doctype html><html lang="en"><head><title>The Courier</title>{extra}</head><body>
        <nav><a href="/sport">Sport</a> <a href="/about">About us</a></nav>
        <main>{cards}</main></body></html>""".encode(),
        etag='"front-1"',
    )


def visit(pages: Sequence[Page], past: Past | None = None, seed: Seed = SEED, limits: VisitLimits | None = None) -> Run:
    return run_with(pages_of(pages), past or Past(), seed, limits)


def run_with(fetch: Fetch, past: Past, seed: Seed = SEED, limits: VisitLimits | None = None) -> Run:
    return asyncio.run(scrape(seed, past, fetch, READ, clock=lambda: NOW, limits=limits))


def after(run: Run) -> Past:
    """The past as a store would give it back."""
    known = frozenset(key for record in run.records for key in record.aliases)
    return Past(
        known=known, fronts=run.fronts, queued=run.queued, last_visit=NOW, last_success=NOW, typical=float(run.links)
    )


def test_a_visit_reads_every_story_of_the_front_newest_first() -> None:
    run = visit([front(), *ARTICLES])
    assert run.failures == ()
    assert {record.title for record in run.records} == set(TITLES.values())
    assert run.links == len(TITLES)
    assert {one.outcome for one in run.seen} == {"kept"}
    assert run.fronts[0].etag == '"front-1"'
    record = next(record for record in run.records if record.title == TITLES["quay-closed"])
    assert record.published == datetime(2026, 3, 1, 1, tzinfo=UTC)
    assert len(record.text.split("\n")) == 3
    assert record.etag == '"quay-closed-1"'
    assert run.title == "The Courier"


def test_known_stories_are_not_fetched_again() -> None:
    past = after(visit([front(), *ARTICLES]))
    asked: list[str] = []
    table = pages_of([front()])

    async def fetch(request: Request) -> Page:
        asked.append(request.url)
        return await table(request)

    run = run_with(fetch, replace(past, fronts=()))
    assert run.records == ()
    assert asked == [f"{SITE}/"]
    assert {one.outcome for one in run.seen} == {"known"}


def test_an_unchanged_front_is_a_good_visit_with_nothing_new() -> None:
    past = replace(after(visit([front(), *ARTICLES])), fronts=(Front(f"{SITE}/", etag='"front-1"', whole=NOW),))

    async def fetch(request: Request) -> Page:
        assert request.etag == '"front-1"'
        return Page(request.url, status=304, not_modified=True)

    run = run_with(fetch, past)
    assert run.unchanged
    assert run.fronts[0].unchanged == 1
    assert run.failures == ()


def test_a_front_is_read_whole_once_a_day_whatever_its_validators_say() -> None:
    old = Front(f"{SITE}/", etag='"front-1"', whole=NOW - timedelta(days=2))
    asked: list[Request] = []

    async def fetch(request: Request) -> Page:
        asked.append(request)
        return front()

    run_with(fetch, replace(after(visit([front(), *ARTICLES])), fronts=(old,)))
    assert asked[0].etag is None


def test_one_bad_page_is_a_failure_and_the_others_are_kept() -> None:
    run = visit([front(), *ARTICLES[1:]])
    assert len(run.records) == len(TITLES) - 1
    assert [failure.kind for failure in run.failures] == ["Gone"]
    assert [one.outcome for one in run.seen if one.url == ARTICLES[0].url] == ["gone"]


def test_a_front_that_cannot_be_had_is_the_failure_of_the_source() -> None:
    async def fetch(request: Request) -> Page:
        raise Unreachable("no answer", url=request.url)

    run = run_with(fetch, Past())
    assert run.fronts == ()
    assert run.failures[0].reason == "no answer"


def test_a_first_visit_takes_a_bounded_number_and_says_so() -> None:
    run = visit([front(), *ARTICLES], limits=VisitLimits(first=2))
    assert len(run.records) == 2
    skipped = [one for one in run.seen if one.outcome == "skipped"]
    assert len(skipped) == 4
    assert "backfill" in skipped[0].why


def test_a_visit_over_its_limit_queues_the_rest_for_the_next() -> None:
    past = Past(last_success=NOW - timedelta(hours=1))
    run = visit([front(), *ARTICLES], past, limits=VisitLimits(articles=4))
    assert len(run.records) == 4
    assert len(run.queued) == 2
    assert {(one.url, one.why) for one in run.seen if one.outcome == "queued"} == {
        (url, "left for the next visit") for url in run.queued
    }
    second = visit([front(), *ARTICLES], replace(after(run), fronts=()))
    assert {record.url for record in second.records} == set(run.queued)


def test_an_empty_front_where_stories_used_to_be_is_strange_and_drops_the_validators() -> None:
    past = after(visit([front(), *ARTICLES]))
    empty = replace(front([]), etag='"front-2"')
    run = visit([empty], replace(past, fronts=()))
    assert run.failures[0].kind == "PageChanged"
    assert "no story was found" in run.failures[0].reason
    assert run.fronts == ()


def test_a_declared_feed_is_read_beside_the_page_and_its_dates_win() -> None:
    feed = Page(
        f"{SITE}/feed.xml",
        f"""<rss version="2.0"><channel><title>The Courier</title><link>{SITE}/</link>
        <item><title>{TITLES["quay-closed"]}</title><link>{SITE}/2026/quay-closed?utm_source=rss</link>
        <pubDate>Sun, 01 Mar 2026 07:30:00 GMT</pubDate><description>Short.</description></item>
        <item><title>Only in the feed</title><link>{SITE}/2026/only-here</link>
        <pubDate>Sun, 01 Mar 2026 08:30:00 GMT</pubDate><description>Short.</description></item>
        </channel></rss>""".encode(),
        content_type="application/rss+xml",
    )
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    run = visit([front(extra=link), feed, *ARTICLES, article("only-here", "Only in the feed")])
    assert "Only in the feed" in {record.title for record in run.records}
    assert len(run.records) == len(TITLES) + 1
    assert {one.way for one in run.fronts} == {"listing", "rss"}


def test_a_feed_with_the_whole_text_needs_no_further_fetch() -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE * 2)
    feed = Page(
        f"{SITE}/feed.xml",
        f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>C</title>
        <link>{SITE}/</link><item><title>All of it</title><link>{SITE}/2026/all-of-it</link>
        <pubDate>Sun, 01 Mar 2026 08:30:00 GMT</pubDate>
        <content:encoded><![CDATA[{body}]]></content:encoded></item></channel></rss>""".encode(),
        content_type="application/rss+xml",
    )
    seed = replace(SEED, discover=Discover(rss=(f"{SITE}/feed.xml",)))
    run = visit([feed], seed=seed)
    assert [record.title for record in run.records] == ["All of it"]
    assert run.records[0].way == "feed"
    assert run.records[0].text.count("\n") == 5


@pytest.mark.parametrize("itself", ["/feed.json", "//", "?", "/feed.json?utm_source=x"])
def test_a_front_is_no_story_of_its_own(itself: str) -> None:
    items = [{"id": itself, "url": itself, "title": "Here", "content_text": "x " * 900}]
    items.append(
        {"id": "2", "url": f"{SITE}/2026/all-of-it", "title": "A story", "content_text": "The quay is shut. " * 90}
    )
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "C", "items": items}
    page = Page(f"{SITE}/feed.json", json.dumps(feed).encode(), content_type="application/feed+json")
    seed = replace(SEED, discover=Discover(rss=(f"{SITE}/feed.json",)))
    run = visit([page], seed=seed)
    assert [record.title for record in run.records] == ["A story"]
    assert run.links == 1


def test_a_feed_that_calls_an_article_changed_leads_to_another_look() -> None:
    def feed(updated: str) -> Page:
        return Page(
            f"{SITE}/feed.xml",
            f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>C</title><id>c</id><updated>{updated}</updated><entry>
            <id>{SITE}/2026/quay-closed</id><title>{TITLES["quay-closed"]}</title>
            <link href="{SITE}/2026/quay-closed"/><published>2026-03-01T01:00:00Z</published>
            <updated>{updated}</updated><summary>Short.</summary></entry></feed>""".encode(),
            content_type="application/atom+xml",
        )

    seed = replace(SEED, discover=Discover(rss=(f"{SITE}/feed.xml",)))
    first = visit([feed("2026-03-01T01:00:00Z"), *ARTICLES], seed=seed)
    key = first.records[0].key
    read = NOW - timedelta(hours=2)
    past = replace(after(first), fronts=(), looked={key: read})
    assert visit([feed("2026-03-01T01:00:00Z"), *ARTICLES], past, seed).records == ()
    again = visit([feed("2026-03-01T11:00:00Z"), *ARTICLES], past, seed)
    assert [record.key for record in again.records] == [key]
    assert visit([feed("2026-03-02T11:00:00Z"), *ARTICLES], past, seed).records == (), "the future is no word to go by"


def test_include_and_exclude_of_a_seed() -> None:
    seed = replace(SEED, discover=Discover(exclude=("ferry", "bridge")))
    run = visit([front(), *ARTICLES], seed=seed)
    assert len(run.records) == 4
    assert not any("ferry" in record.url or "bridge" in record.url for record in run.records)


def test_a_revisit_brings_a_changed_article_back_and_an_unchanged_one_costs_a_304() -> None:
    first = visit([front(), *ARTICLES])
    known = [record for record in first.records if "quay" in record.url or "school" in record.url]
    changed = article("quay-closed", "Old quay closed until summer")

    async def fetch(request: Request) -> Page:
        assert request.etag is not None
        if "school" in request.url:
            return Page(request.url, status=304, not_modified=True)
        return changed

    run = asyncio.run(revisit(SEED, known, fetch, READ, clock=lambda: NOW))
    assert [record.title for record in run.records] == ["Old quay closed until summer"]
    assert run.records[0].id == next(record.id for record in known if "quay" in record.url)
    assert [one.outcome for one in run.seen] == ["kept", "unchanged"]
    unchanged = next(record for record in known if "school" in record.url)
    assert (run.seen[1].url, run.seen[1].record) == (unchanged.url, unchanged.id)


def test_the_same_pages_give_the_same_ids_in_a_fresh_installation() -> None:
    first, second = visit([front(), *ARTICLES]), visit([front(), *ARTICLES])
    assert {record.id for record in first.records} == {record.id for record in second.records}
    assert all(record.key == canonical_key(record.url) for record in first.records)


def test_a_page_that_fails_is_kept_as_a_sample_with_its_reason() -> None:
    empty = [Page(f"{SITE}/2026/{slug}", b"<html><body><p>Nothing here</p></body></html>") for slug in list(TITLES)[:5]]
    run = visit([front(), *empty, *ARTICLES[5:]], limits=VisitLimits(sample=20))
    assert len(run.records) == 1
    assert len(run.samples) == 3, "a few of them"
    assert {sample.page.url for sample in run.samples} <= {page.url for page in empty}
    assert all(sample.why and sample.page.body == b"<html><body><p>Nothi" for sample in run.samples)
    assert visit([front(), *ARTICLES]).samples == ()
    assert visit([front(), *ARTICLES[1:]]).samples == (), "a page that did not come is none"


def test_a_strange_front_is_a_sample_of_itself() -> None:
    past = after(visit([front(), *ARTICLES]))
    wall = replace(front(()), body=b"<title>Just a moment...</title><p>Checking")
    run = visit([wall], past)
    assert [(sample.page.url, sample.page.body) for sample in run.samples] == [(f"{SITE}/", wall.body)]
    assert "looks like a wall" in run.samples[0].why


def test_what_a_first_visit_leaves_out_is_no_news_later_however_much_there_is() -> None:
    limits = VisitLimits(candidates=4, first=2)
    run = asyncio.run(scrape(SEED, Past(), pages_of([front(), *ARTICLES]), READ, clock=lambda: NOW, limits=limits))
    assert len(run.records) == 2
    skipped = [one.url for one in run.seen if one.outcome == "skipped"]
    assert len(skipped) == len(TITLES) - 2
    past = Past(known=frozenset(canonical_key(one.url) for one in run.seen), last_success=NOW)
    later = asyncio.run(
        scrape(SEED, past, pages_of([front(), *ARTICLES]), READ, clock=lambda: NOW + timedelta(hours=1), limits=limits)
    )
    assert not later.records


def test_a_first_visit_tells_its_records_as_they_come() -> None:
    told: list[list[str]] = []
    ticks = iter(range(10_000))

    def clock() -> datetime:
        return NOW + timedelta(seconds=next(ticks))  # each look at the clock is a second later

    async def early(records: Sequence[Record]) -> None:
        told.append([record.url.rpartition("/")[2] for record in records])

    run = asyncio.run(scrape(SEED, Past(), pages_of([front(), *ARTICLES]), READ, clock=clock, early=early))
    slugs = [record.url.rpartition("/")[2] for record in run.records]
    flat = [slug for group in told for slug in group]
    assert len(told) > 1
    assert flat == slugs[: len(flat)] and len(flat) < len(slugs), "in their order, once, and the last one waits"
    told.clear()
    past = Past(last_success=NOW - timedelta(hours=1))
    asyncio.run(scrape(SEED, past, pages_of([front(), *ARTICLES]), READ, clock=clock, early=early))
    assert told == [], "a later visit is kept at its end"


def test_what_stands_on_several_pages_is_not_told_early() -> None:
    told: list[str] = []
    ticks = iter(range(10_000))

    async def early(records: Sequence[Record]) -> None:
        told.extend(record.url for record in records)

    same = [article(slug, title) for slug, title in TITLES.items()]
    asyncio.run(
        scrape(
            SEED,
            Past(),
            pages_of([front(), *same]),
            READ,
            clock=lambda: NOW + timedelta(seconds=next(ticks)),
            early=early,
        )
    )
    assert told == []


def test_strange_dates_are_told_and_not_bent() -> None:
    slugs = tuple(TITLES)[:2]
    old = article(slugs[0], TITLES[slugs[0]], published="1991-05-03T09:00:00Z")
    rest = [article(slug, TITLES[slug]) for slug in slugs[1:]]
    run = visit([front(slugs), old, *rest])
    record = next(r for r in run.records if r.url.endswith(slugs[0]))
    assert (record.published.year, record.published_estimated) == (1991, False)
    assert any(slugs[0] in note and "1991" in note for note in run.notes)


def test_a_read_without_processes_hands_the_moment_on() -> None:
    told: list[datetime | None] = []

    def discover(page: Page, seed: Seed, past: Past, *, now: datetime | None = None) -> Links:
        told.append(now)
        return Links()

    def extract(page: Page, seed: Seed, *, now: datetime | None = None) -> Draft:
        told.append(now)
        return Draft()

    read = directly(discover, extract)
    page, seed = Page(url="https://courier.example/"), Seed(name="courier", home="https://courier.example/")
    asyncio.run(read.links(page, seed, Past(), NOW))
    asyncio.run(read.draft(page, seed, NOW))
    assert told == [NOW, NOW]


@pytest.mark.parametrize(("most", "told"), [(5, True), (6, False), (7, False)])
def test_a_first_visit_says_how_many_it_left_out_where_it_left_out_any(most: int, told: bool) -> None:
    run = visit([front(), *ARTICLES], limits=VisitLimits(first=most))
    assert len(run.records) == min(most, 6)
    assert any(note.startswith("the first 5 stories were taken; 1 others wait") for note in run.notes) is told
    assert any("stories were taken" in note for note in run.notes) is told
    later = visit([front(), *ARTICLES], replace(after(run), known=frozenset()), limits=VisitLimits(articles=most))
    assert not any("stories were taken" in note for note in later.notes), "only a first visit says so"
