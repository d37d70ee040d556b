"""A page that does not come, or is not the story: what its front told stands in for it, and the page is asked again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.health.assess import assess
from feeds.model import Topic
from feeds.store import open_store
from scrapers import (
    CopydeskError,
    Discover,
    Draft,
    Gone,
    Page,
    PageChanged,
    Past,
    Refused,
    Request,
    Run,
    Seed,
    Unreachable,
)
from scrapers.crawl.page_and_link import is_other_story, is_telling
from scrapers.crawl.scrape import directly, revisit, scrape
from scrapers.discover import discover
from scrapers.extract import extract
from tests.support.simulated_visits import Turned

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
READ = directly(discover, extract)
FEED = "https://tidings.example/feed"
SEED = Seed(name="tidings", home="https://tidings.example/", discover=Discover(rss=(FEED,)))
HEADLINES = {
    "boats": (
        "Herring boats land at Vik again",
        "After six years the herring boats may land at the old pier of Vik again.",
    ),
    "clock": (
        "Clock of the town hall is eight minutes slow",
        "Nobody had noticed it, for the church clock is slow as well.",
    ),
    "goats": (
        "Goats eat the hedge of the consulate",
        "The consul has asked for a fence, and the goatherd for an apology.",
    ),
    "choir": (
        "Choir sings in the emptied swimming pool",
        "The echo lasts eleven seconds, and all the tickets were sold.",
    ),
    "moths": ("Moths close the museum of carpets", "The oldest carpets are in a freezer now, and so are the moths."),
}
WALL = (
    "<!doctype"
    " html><html><head><title>Tidings</title></head><body><main><h1>Welcome</h1><p>We and our 87 partners store"
    " cookies on your device to measure advertising. Your consent may be withdrawn"
    " at any time in our privacy settings.</p>"
    "<p>Reading with tracking is free of charge; your data is passed to"
    " partners.</p><button>Agree</button></main></body></html>"
)
SHELL = (
    '<html><head><title>Tidings</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>'
)


def item(slug: str, extra: str = "") -> str:
    title, summary = HEADLINES[slug]
    return (
        f"<item><title>{title}</title><link>https://tidings.example/{slug}</link><description>{summary}</description>"
        f"<pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate>{extra}</item>"
    )


def feed(extra: str = "", slugs: tuple[str, ...] = tuple(HEADLINES)) -> Page:
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Tidings</title>'
    items = "".join(item(slug, extra) for slug in slugs)
    return Page(FEED, f"{head}{items}</channel></rss>".encode(), content_type="application/rss+xml")


def story(slug: str, paragraphs: int = 4, text: str = "") -> Page:
    title = HEADLINES[slug][0]
    body = text or "".join(
        (
            f"<p>What the {slug} did on day {n} is told here at some length, since"
            f" {n * 7} people saw it and {n} of them wrote"
            f" to this paper about the {slug}, each in a hand of their own and with another opinion of the matter.</p>"
        )
        for n in range(1, paragraphs + 1)
    )
    return Page(
        f"https://tidings.example/{slug}",
        f"<!doctype html><html><head><title>{title} | Tidings</title><meta property='article:published_time'"
        f" content='2026-03-01T09:00:00Z'></head><body><article><h1>{title}</h1>{body}</article></body>".encode(),
    )


def visit(answers: dict[str, Page | CopydeskError], front: Page | None = None) -> Run:
    async def fetch(request: Request) -> Page:
        answer = (front or feed()) if request.url == FEED else answers[request.url.rpartition("/")[2]]
        if isinstance(answer, CopydeskError):
            raise answer
        return answer

    return asyncio.run(scrape(SEED, Past(), fetch, READ, clock=lambda: NOW))


def html(slug: str, markup: str) -> Page:
    return Page(f"https://tidings.example/{slug}", markup.encode())


@pytest.mark.parametrize("markup", [WALL, SHELL], ids=["consent", "shell"])
def test_a_wall_is_never_published_and_the_feed_stands_in(markup: str) -> None:
    run = visit({slug: html(slug, markup) for slug in HEADLINES})
    assert {(record.title, record.text, record.way) for record in run.records} == {
        (title, summary, "hint") for title, summary in HEADLINES.values()
    }
    assert not any(record.paywalled for record in run.records), "nobody said that readers have to pay"
    assert all(one.outcome == "kept" and "stands in" in one.why for one in run.seen)
    assert {failure.kind for failure in run.failures} == {"PageChanged"}


@pytest.mark.parametrize(
    "error",
    [
        Refused("403 Forbidden", status=403),
        Gone("404 Not Found", status=404),
        Unreachable("500 Internal Server Error", status=500),
        PageChanged("it is a PDF"),
    ],
)
def test_a_page_that_fails_leaves_what_the_feed_told(error: CopydeskError) -> None:
    run = visit({slug: error if slug == "goats" else story(slug) for slug in HEADLINES})
    (stood,) = [record for record in run.records if record.way == "hint"]
    assert (stood.title, stood.text) == HEADLINES["goats"]


def test_a_page_that_does_not_answer_is_waited_for() -> None:
    run = visit({slug: Unreachable("no answer") if slug == "goats" else story(slug) for slug in HEADLINES})
    assert len(run.records) == 4
    assert [one.outcome for one in run.seen if "goats" in one.url] == ["failed"]


def test_the_same_page_for_several_stories_is_none_of_them_in_any_language() -> None:
    page = (
        "<html><head><title>Tervetuloa</title></head><body><h1>Tervetuloa</h1><p>Lorem kala"
        " muste vene satama.</p><p>{}</p></body></html>"
    )
    run = visit(
        {slug: html(slug, page.format("Sama sivu kaikille tarinoille, eikä mitään muuta.")) for slug in HEADLINES}
    )
    assert {record.title for record in run.records} == {title for title, _ in HEADLINES.values()}
    assert {record.way for record in run.records} == {"hint"}


WALLS_OF_ONE = {
    "dialog": (
        "<title>Before you continue</title><div role=dialog><h1>Your choices</h1><p>You can accept or manage what is"
        " stored on this device.</p><button>Accept all</button></div>"
    ),
    "unknown language": "<h1>Velkomin</h1><p>Vinsamlegast veldu svæði áður en þú heldur áfram.</p>",
    "login without a form": "<title>Tidings</title><h1>Hello again</h1><p>Your session has ended. Start a new one.</p>",
    "choice of an edition": "<title>Tidings</title><h1>Select your region</h1><p>Europe</p><p>Asia and the Pacific</p>",
}


@pytest.mark.parametrize("body", WALLS_OF_ONE.values(), ids=WALLS_OF_ONE.keys())
def test_a_page_that_says_nothing_of_what_the_feed_told_is_not_the_story(body: str) -> None:
    wall = f"<!doctype html><html><head><meta charset=utf-8></head><body>{body}</body></html>"
    run = visit({slug: html(slug, wall) if slug == "goats" else story(slug) for slug in HEADLINES})
    (stood,) = [record for record in run.records if record.way == "hint"]
    assert (stood.title, stood.text) == HEADLINES["goats"]
    assert len(run.records) == len(HEADLINES)


def test_a_page_with_a_headline_of_its_own_is_still_the_story() -> None:
    own = {
        "few words of the summary": (
            "<title>Tidings</title><h1>A fence at last</h1><p>The goatherd brought an apology and the consul a fence"
            " of larch, which the animals have looked at with interest since Monday.</p>"
        ),
        "a date": (
            "<title>Green dinner</title><meta property='article:published_time' content='2026-03-01T09:00:00Z'>"
            "<h1>Green dinner</h1><p>Eleven animals had privet, box and yew, and left the roses standing.</p>"
        ),
        "an author": (
            "<title>Green dinner</title><meta name=author content='Ann Tyler'><h1>Green dinner</h1>"
            "<p>Eleven animals had privet, box and yew, and left the roses standing.</p>"
        ),
    }
    for name, markup in own.items():
        page = html("goats", f"<!doctype html><html><head></head><body><article>{markup}</article></body></html>")
        (record,) = visit({"goats": page}, feed(slugs=("goats",))).records
        assert record.way == "page", name


@pytest.mark.parametrize(
    ("headline", "wall"),
    [
        ("港の漁船が六年ぶりに戻る", "このサイトをご利用になるには、まず地域をお選びください。お手数をおかけします。"),
        ("Кози з'їли живопліт консульства", "Оберіть свій регіон, щоб продовжити перегляд цього сайту."),
        ("الماعز يأكل سياج القنصلية", "اختر منطقتك للمتابعة إلى هذا الموقع من فضلك الآن"),
    ],
)
def test_other_stories_are_told_in_scripts_of_any_kind(headline: str, wall: str) -> None:
    assert is_other_story(Draft(title=wall[:12], text=wall), Draft(title=headline))
    assert not is_other_story(Draft(title=headline, text=wall), Draft(title=headline))


def test_the_name_of_the_site_is_no_word_of_a_headline() -> None:
    hint = Draft(title="Goats at the consulate - Morning Tidings")
    assert is_other_story(Draft(title="Morning Tidings", text="Choose an edition."), hint, "Morning Tidings")


def test_a_wall_does_not_replace_the_text_of_a_story_that_was_read() -> None:
    run = visit({"goats": story("goats")}, feed(slugs=("goats",)))

    async def fetch(request: Request) -> Page:
        return html("goats", f"<!doctype html><html><body>{WALLS_OF_ONE['dialog']}</body></html>")

    again = asyncio.run(revisit(SEED, run.records, fetch, READ, clock=lambda: NOW + timedelta(hours=1)))
    assert not again.records
    assert [failure.reason for failure in again.failures] == ["the page is about something else than expected"]


def test_the_longer_text_of_page_and_feed_is_taken() -> None:
    told = "".join(f"<p>What the boats did on day {n} is told here at some length.</p>" for n in range(1, 8))
    page = "<p>What the boats did on day 1 is told here at some length.</p>"
    front = feed(f"<content:encoded><![CDATA[{told}]]></content:encoded>", ("boats",))
    (record,) = visit({"boats": story("boats", text=page)}, front).records
    assert record.text.count("\n") == 6
    assert record.way == "feed"


def test_a_feeds_text_that_is_cut_or_about_something_else_is_not_taken() -> None:
    cut = "".join(
        f"<p>What the boats did on day {n} is told here at some length, as they say …</p>" for n in range(1, 8)
    )
    other = "".join(f"<p>Follow us on {n} networks and win a bicycle, a boat or {n} tickets.</p>" for n in range(1, 9))
    for text in (cut, other):
        front = feed(f"<content:encoded><![CDATA[{text}]]></content:encoded>", ("boats",))
        (record,) = visit({"boats": story("boats", 2)}, front).records
        assert "a hand of their own" in record.text
        assert record.way == "page"


def test_a_page_is_asked_again_replaces_what_stood_in_and_its_source_tells(tmp_path: Path) -> None:
    opened_at = NOW + timedelta(hours=5)

    def web(url: str, now: datetime) -> Page | CopydeskError:
        if url == FEED:
            return feed()
        slug = url.rpartition("/")[2]
        if slug not in HEADLINES:
            return Gone("404", status=404)
        return story(slug) if now >= opened_at else html(slug, WALL)

    store = open_store(tmp_path / "copydesk.db", daemon=True)
    turned = Turned(store, {"tidings": SEED}, web, (Topic("all", "All"),), NOW)
    kept = turned.visit("tidings")
    assert (kept.state, kept.cause) == ("degraded", "5 of 5 pages are a consent wall")
    facts = store.health.facts("tidings", NOW)
    assert facts is not None
    (trouble,) = [one for one in assess(facts, NOW).troubles if one.kind == "pages"]
    assert trouble.cause == "5 of 5 pages are a consent wall"
    turned.hours(2)
    assert {stored.record.way for stored in store.records.of_source("tidings", 10)} == {"hint"}
    turned.hours(8)
    records = [stored.record for stored in store.records.of_source("tidings", 10)]
    assert {record.way for record in records} == {"page"}
    assert all("a hand of their own" in record.text for record in records)
    assert {turned.asked[f"tidings.example/{slug}"] for slug in HEADLINES} == {3}
    store.close()


def test_a_wall_behind_a_whole_headline_of_a_front_is_not_published() -> None:
    cards = "".join(
        f'<article><h2><a href="/2026/03/{slug}">{title}</a></h2></article>' for slug, (title, _) in HEADLINES.items()
    )
    front = f"<!doctype html><html><head><title>Tidings</title></head><body><main>{cards}</main></body></html>"
    wall = f"<!doctype html><html><body>{WALLS_OF_ONE['dialog']}</body></html>"

    async def fetch(request: Request) -> Page:
        slug = request.url.rpartition("/")[2]
        if not slug:
            return Page(request.url, front.encode())
        if slug not in HEADLINES:
            raise Gone("404 Not Found", url=request.url, status=404)
        return replace(html(slug, wall) if slug == "clock" else story(slug), url=request.url)

    run = asyncio.run(scrape(replace(SEED, discover=Discover()), Past(), fetch, READ, clock=lambda: NOW))
    assert {record.title for record in run.records} == {title for title, _ in HEADLINES.values()} - {
        HEADLINES["clock"][0]
    }
    assert [failure.reason for failure in run.failures] == ["the page is about something else than expected"]


def test_a_link_of_few_words_may_be_any() -> None:
    assert not is_telling(Draft(title="Read the whole story here"))
    assert is_telling(Draft(title="Clock of the town hall is eight minutes slow today"))
    assert is_telling(Draft(title="Read here", subtitle="Nobody had noticed it."))
