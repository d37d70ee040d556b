"""Whole visits over fronts and pages whose contents are given: every request, every argument, and all of the Run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scrapers import Discover, Forbidden, Page, Past, Record, Request, Run, Seed, VisitLimits, backfill, revisit, scrape
from scrapers.crawl.imported_articles import Given, read_given
from scrapers.crawl.scrape import scrape_page
from scrapers.discover import shape
from scrapers.errors import UNLIKE, CopydeskError, Gone, PageChanged, ReadFailed, Refused, Unreachable, Unread
from scrapers.model import FRONT, Article, Draft, Failure, File, Front, Hop, Link, Links, Reading, Sample, Seen
from scrapers.urls.key import canonical_key

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITE = "https://gazette.example"
HOME = f"{SITE}/"
CA = "/etc/ca.pem"
SEED = Seed(name="gazette", home=HOME, ca_file=CA)
ADVERTISING = "its address is that of a shop, jobs or advertising"
LATER = "left for the next visit"

Answer = Page | CopydeskError


def at(path: str) -> str:
    return f"{SITE}/{path}"


def told(slug: str, **more: object) -> Draft:
    draft = Draft(title=f"What became of the {slug}", subtitle=f"More is told of the {slug} on its page.")
    return replace(draft, **more)  # type: ignore[arg-type]


def drafted(slug: str, **more: object) -> Draft:
    text = f"The {slug} was seen on Monday by the people of the valley."
    draft = told(slug, text=text, html=f"<p>{text}</p>", published="2026-03-01T09:00:00Z")
    return replace(draft, **more)  # type: ignore[arg-type]


def made(article: Article, seed: Seed) -> Record:
    """The record of an article, which shows all that was known of it."""
    draft, key = article.draft, canonical_key(article.url)
    if not draft.text:
        raise PageChanged("there is no text", url=article.url)
    return Record(
        id=f"of {article.asked}", key=key, url=article.url, source=seed.name, title=draft.title or "", text=draft.text,
        html=draft.html or "", published=datetime.fromisoformat(draft.published or "2026-03-01T00:00:00Z"),
        first_seen=article.first_seen, guid=str(article.position), publisher=article.site_title, aliases=(key,),
        paywalled=draft.paywalled, published_estimated=draft.published is None, witnesses=draft.witnesses,
    )  # fmt: skip


class Told:
    """A web and its readers in one: what stands at each address. Each request takes a second."""

    def __init__(
        self,
        fronts: Mapping[str, Links] = {},
        drafts: Mapping[str, Draft] = {},
        answers: Mapping[str, Answer] = {},
    ) -> None:
        self.fronts, self.drafts, self.answers = fronts, drafts, answers
        self.now = NOW
        self.asked: list[Request] = []
        self.read: list[tuple[object, ...]] = []
        self.steps: list[tuple[str, int, int]] = []

    def clock(self) -> datetime:
        return self.now

    def progress(self, what: str, done: int, of: int) -> None:
        self.steps.append((what, done, of))

    async def fetch(self, request: Request) -> Page:
        self.asked.append(request)
        self.now += timedelta(seconds=1)
        answer = self.answers.get(request.url)
        if answer is None:
            there = request.url in self.fronts or request.url in self.drafts
            answer = Page(request.url) if there else Gone("404 Not Found", url=request.url, status=404)
        if isinstance(answer, CopydeskError):
            raise answer
        return answer

    async def links(self, page: Page, seed: Seed, past: Past, now: datetime) -> Links:
        self.read.append(("links", page.url, seed.name, past, now))
        return self.fronts[page.url]

    async def draft(self, page: Page, seed: Seed, now: datetime) -> Draft:
        self.read.append(("draft", page.url, seed.name, now))
        return self.drafts[page.url]

    async def record(self, article: Article, seed: Seed) -> Record:
        return made(article, seed)

    async def story(self, page: Page, article: Article, seed: Seed, *, telling: bool) -> Reading:
        self.read.append(("story", page.url, article.draft.title, telling))
        draft = self.drafts[page.url]
        if draft.next_page:
            return Reading(draft)
        if draft.unlike:
            return Reading(replace(draft, text=None, html=None), reason=f"{UNLIKE}{draft.unlike}")
        return Reading(replace(draft, text=None, html=None), made(replace(article, draft=draft), seed))

    def visit(self, past: Past, seed: Seed = SEED, limits: VisitLimits | None = None, **more: object) -> Run:
        run = scrape(
            seed, past, self.fetch, self, clock=self.clock, limits=limits, progress=self.progress,
            **more,  # type: ignore[arg-type]
        )  # fmt: skip
        return asyncio.run(run)


def kept(slug: str, *, first_seen: datetime = NOW, position: int = 0, **more: object) -> Record:
    """The record of the page of a story, as `made` makes it."""
    record = made(Article(drafted(slug), at(slug), first_seen, at(slug), position, "The Gazette"), SEED)
    return replace(record, **more)  # type: ignore[arg-type]


def shapes(*paths: str) -> dict[str, int]:
    counted: dict[str, int] = {}
    for path in paths:
        counted[shape(at(path))] = counted.get(shape(at(path)), 0) + 1
    return counted


def test_a_first_visit() -> None:
    """Its fronts lead to each other; what two of them offer is one story; the first few stories are read."""
    feed, news = at("feed"), at("news.xml")
    listing = Links(
        items=(
            Link(at("mill?utm_source=front"), hint=Draft(title="Mill"), position=0),
            Link(at("weir"), hint=told("weir"), position=1),
            Link(at("ferry"), hint=told("ferry"), position=2),
            Link(at("barn"), hint=told("barn"), position=3),
        ),
        feeds=(feed, at("other-feed")),
        sitemaps=(news,),
        title="The Gazette",
        language="en",
        notes=("an odd listing",),
        passed=frozenset([canonical_key(at("about")), canonical_key(at("quay"))]),
        services=(at("shop"),),
    )
    items = (
        Link(at("mill"), "rss", told("mill", published="2026-03-01T08:00:00Z"), 0),
        Link(at("quay"), "rss", told("quay", published="2026-03-01T07:00:00Z"), 1),
        Link(at("anzeige/sofa"), "rss", told("sofa"), 2),
        Link(feed, "rss", told("feed"), 3),
    )
    mapped = Links(items=(Link(at("old"), "sitemap", Draft(), 0),), title="Map", notes=("an odd map",))
    robots = Page(at("robots.txt"), f"Sitemap: {at('all.xml')}\nSitemap: {at('news-2.xml')}".encode())
    web = Told(
        {HOME: listing, feed: Links(items=items, title="Feed", language="de"), news: mapped, at("news-2.xml"): mapped},
        {at(slug): drafted(slug) for slug in ("mill", "weir", "ferry", "barn", "quay", "old")},
        {
            robots.url: robots,
            HOME: Page(HOME, b"front" * 9, etag='"h"', fresh_for=600.0),
            feed: Page(feed, b"", "application/rss+xml", last_modified="Sun", fresh_for=300.0),
            at("weir"): Page(at("weir-2"), etag='"w"', last_modified="Mon", robots=("noarchive", "nosnippet")),
            at("ferry"): Page(at("ferry"), b"x" * 50),
        },
    )
    web.drafts[at("weir-2")] = drafted("weir", robots=("noarchive", "noimageindex"))  # type: ignore[index]
    web.drafts[at("ferry")] = drafted("ferry", unlike="a login")  # type: ignore[index]
    delivered: list[list[str]] = []

    async def early(records: Sequence[Record]) -> None:
        delivered.append([record.url for record in records])

    run = web.visit(Past(), limits=VisitLimits(first=5, sample=20), early=early)
    asked_pages = [at("mill"), at("weir"), at("quay"), at("ferry"), at("barn")]
    assert web.asked == [
        Request(HOME, "page", ca_file=CA),
        Request(feed, "feed", ca_file=CA),
        Request(news, "sitemap", ca_file=CA),
        Request(robots.url, "robots", ca_file=CA),
        Request(at("news-2.xml"), "sitemap", ca_file=CA),
        *[Request(url, "page", ca_file=CA) for url in asked_pages],
    ]
    assert web.read == [
        ("links", HOME, "gazette", Past(), NOW),
        ("links", feed, "gazette", Past(), NOW),
        ("links", news, "gazette", Past(), NOW),
        ("links", at("news-2.xml"), "gazette", Past(), NOW),
        ("story", at("mill"), "What became of the mill", True),
        ("story", at("weir-2"), "What became of the weir", True),
        ("story", at("quay"), "What became of the quay", True),
        ("story", at("ferry"), "What became of the ferry", True),
        ("story", at("barn"), "What became of the barn", True),
    ]
    assert web.steps == [
        ("asking where it offers its stories", 0, 0), *[("reading stories", n, 5) for n in range(5)],
    ]  # fmt: skip
    assert delivered == [[at("mill")], [at("weir-2"), at("quay"), at("ferry")]], "every three seconds, not the newest"
    ferry = replace(kept("ferry", position=3), text=told("ferry").subtitle or "", html="", way="hint")
    why = f"{UNLIKE}a login"
    left = "left out by the first visit, which takes 5; `copydesk backfill` fetches it"
    assert run == Run(
        source="gazette",
        started=NOW,
        finished=NOW + timedelta(seconds=10),
        records=(
            kept("mill"),
            replace(
                kept("weir", position=1), id=f"of {at('weir')}", url=at("weir-2"), key=canonical_key(at("weir-2")),
                aliases=(canonical_key(at("weir-2")),), etag='"w"', last_modified="Mon",
                robots=("noarchive", "nosnippet", "noimageindex"),
            ),
            kept("quay", position=2),
            replace(ferry, published=datetime(2026, 3, 1, tzinfo=UTC), published_estimated=True),
            kept("barn", position=4),
        ),
        failures=(Failure(at("ferry"), "PageChanged", why, asked=at("ferry")),),
        seen=(
            Seen(at("shop"), "skipped", ADVERTISING, "listing"),
            Seen(at("anzeige/sofa"), "skipped", ADVERTISING, "listing"),
            Seen(at("mill"), "kept", way="rss"),
            Seen(at("weir"), "kept", way="listing"),
            Seen(at("quay"), "kept", way="rss"),
            Seen(at("ferry"), "kept", f"what the front told stands in for the page: {why}", "listing"),
            Seen(at("barn"), "kept", way="listing"),
            Seen(at("old"), "skipped", left, "sitemap"),
        ),
        fronts=(
            Front(HOME, "listing", '"h"', None, NOW, 0, 4),
            Front(feed, "rss", None, "Sun", NOW, 0, 4),
            Front(news, "sitemap", None, None, NOW, 0, 1),
            Front(at("news-2.xml"), "sitemap", None, None, NOW, 0, 1),
        ),
        fresh_for=300.0,
        title="The Gazette",
        language="en",
        links=6,
        passed=frozenset([canonical_key(at("about"))]),
        ways={"listing": 4, "rss": 4, "sitemap": 2},
        shapes=shapes("mill", "weir-2", "ferry", "barn", "quay"),
        notes=(
            "the first 5 stories were taken; 1 others wait for `copydesk backfill`",
            "an odd listing", "an odd map", "an odd map",
        ),
        samples=(Sample(Page(at("ferry"), b"x" * 20), why),),
    )  # fmt: skip


def test_a_later_visit() -> None:
    """Validators, fronts that are gone or lead on, known stories that changed, limits, and what was left over."""
    feed, gone, dead = at("feed"), at("old-feed"), at("dead-feed")
    before = Front(feed, "rss", '"f"', "Sun", NOW - timedelta(hours=2), 3, 9)
    home = Front(HOME, "listing", '"h"', "Mon", NOW - timedelta(hours=2), 1, 7)
    past = Past(
        known=frozenset(canonical_key(at(slug)) for slug in ("known", "changed", "changed-too", "closed", "whole")),
        fronts=(home, before, Front(gone, "rss"), Front(dead, "sitemap"), Front(at("index.xml"), "sitemap")),
        last_success=NOW - timedelta(hours=2),
        last_visit=NOW - timedelta(hours=2),
        typical=9.0,
        navigation=frozenset(["n"]),
        passed={"p": 2},
        shapes=shapes("weir"),
        looked={canonical_key(at(slug)): NOW - timedelta(hours=5) for slug in ("changed", "changed-too")},
        closed=frozenset([canonical_key(at("closed"))]),
        dead=frozenset([canonical_key(dead), canonical_key(at("dead.xml"))]),
    )
    slim = Past(navigation=past.navigation, passed=past.passed, shapes=past.shapes, last_success=past.last_success)
    text = "\n".join(f"The whole story on day {n} is told here, in the feed itself." for n in range(20))
    whole = {"text": text, "html": f"<p>{text}</p>"}
    updated = "2026-03-01T11:00:00Z"
    listing = Links(
        items=(
            Link(at("known"), hint=told("known")),
            Link(at("changed"), hint=told("changed", updated=updated)),
            Link(at("changed-too"), hint=told("changed-too", updated=updated), position=2),
            Link(at("closed"), "rss", told("closed", **whole), 3),
            Link(at("whole"), "rss", told("whole", **whole), 4),
            Link(at("sport/race"), hint=told("race"), position=5),
            Link(at("one"), hint=told("one"), position=6),
            Link(at("two"), hint=Draft(title="Two"), position=7),
            Link(at("three"), hint=told("three"), position=8),
        ),
        next_page=at("page/2"),
        title="The Gazette",
        sitemaps=(at("named.xml"),),
    )
    index = Links(sitemaps=(at("dead.xml"), at("part.xml"), at("b.xml"), at("c.xml")))
    web = Told(
        {HOME: listing, at("index.xml"): index, at("part.xml"): Links(items=(Link(at("part"), "sitemap"),))},
        {at(slug): drafted(slug) for slug in ("changed", "one", "two", "three")},
        {
            feed: Page(feed, not_modified=True, fresh_for=900.0),
            HOME: Page(at("start"), hops=(Hop(301, at("start")),)),
            at("b.xml"): PageChanged("no sitemap", url=at("b.xml")),
        },
    )
    web.fronts[at("start")] = listing  # type: ignore[index]
    web.drafts[at("two")] = Draft(unlike="a consent wall")  # type: ignore[index]
    seed = replace(SEED, discover=Discover(exclude=("/sport/",)), render=True)
    run = web.visit(past, seed, VisitLimits(articles=2, again=1))
    assert web.asked == [
        Request(HOME, "page", '"h"', "Mon", ca_file=CA, render=True),
        Request(feed, "feed", '"f"', "Sun", ca_file=CA),
        Request(gone, "feed", ca_file=CA),
        Request(at("index.xml"), "sitemap", ca_file=CA),
        Request(at("part.xml"), "sitemap", ca_file=CA),
        Request(at("b.xml"), "sitemap", ca_file=CA),
        *[Request(at(slug), ca_file=CA, render=True) for slug in ("changed", "one", "two")],
    ]
    assert web.read == [
        ("links", at("start"), "gazette", slim, NOW),
        ("links", at("index.xml"), "gazette", slim, NOW),
        ("links", at("part.xml"), "gazette", slim, NOW),
        ("story", at("changed"), "What became of the changed", True),
        ("story", at("one"), "What became of the one", True),
        ("story", at("two"), "Two", False),
    ]
    wall = f"{UNLIKE}a consent wall"
    told_whole = replace(kept("whole"), text=text, html=f"<p>{text}</p>", way="feed", published_estimated=True)
    assert run == Run(
        source="gazette",
        started=NOW,
        finished=NOW + timedelta(seconds=9),
        records=(
            kept("changed"), replace(told_whole, published=datetime(2026, 3, 1, tzinfo=UTC)), kept("one"),
        ),
        failures=(
            Failure(gone, "Gone", "404 Not Found", 404, asked=gone),
            Failure(at("two"), "PageChanged", wall, asked=at("two")),
        ),
        seen=(
            Seen(gone, "gone", "404 Not Found", FRONT),
            Seen(at("sport/race"), "skipped", "the seed's include or exclude keeps it out", "listing"),
            Seen(at("known"), "known", way="listing"),
            Seen(at("changed"), "kept", way="listing"),
            Seen(at("changed-too"), "known", way="listing"),
            Seen(at("closed"), "known", way="rss"),
            Seen(at("whole"), "kept", way="rss"),
            Seen(at("one"), "kept", way="listing"),
            Seen(at("two"), "failed", wall, "listing"),
            Seen(at("three"), "queued", LATER),
            Seen(at("part"), "queued", LATER),
        ),
        fronts=(
            Front(HOME, "listing", None, None, NOW, 0, 9),
            replace(before, unchanged=4),
            Front(at("index.xml"), "sitemap", None, None, NOW, 0, 0),
        ),
        queued=(at("three"), at("part")),
        fresh_for=900.0,
        title="The Gazette",
        links=10,
        passed=frozenset(),
        redirected=at("start"),
        ways={"listing": 9, "sitemap": 1},
        shapes={**shapes("weir", "changed", "whole", "one")},
        notes=(f"{at('b.xml')}: no sitemap",),
        samples=(Sample(Page(at("two")), wall),),
    )  # fmt: skip


def test_a_visit_whose_fronts_look_wrong_reads_nothing() -> None:
    past = Past(last_success=NOW - timedelta(hours=1), typical=40.0, queued=(at("left"),), shapes={"/a": 3})
    few = Links(items=(Link(at("one"), hint=told("one")),), title="The Gazette")
    web = Told({HOME: few}, answers={HOME: Page(HOME, b"few", etag='"h"', hops=(Hop(302, HOME),))})
    run = web.visit(past, limits=VisitLimits(sample=2))
    why = "only 1 stories where there are usually 40"
    assert run == Run(
        source="gazette", started=NOW, finished=NOW + timedelta(seconds=1), title="The Gazette", links=1,
        failures=(Failure(HOME, "PageChanged", why),), queued=(at("left"),), passed=frozenset(), ways={"listing": 1},
        shapes={"/a": 3}, samples=(Sample(Page(HOME, b"fe", etag='"h"', hops=(Hop(302, HOME),)), why),),
    )  # fmt: skip
    gone = Told().visit(replace(past, queued=()))
    assert gone.failures == (Failure(HOME, "Gone", "404 Not Found", 404, asked=HOME),)
    assert (gone.queued, gone.unchanged, gone.fronts) == ((), False, ())


def test_a_visit_of_fronts_that_did_not_change() -> None:
    front = Front(HOME, "listing", '"h"', None, NOW - timedelta(hours=1))
    past = Past(fronts=(front,), last_success=NOW - timedelta(hours=1), typical=40.0)
    run = Told(answers={HOME: Page(HOME, not_modified=True)}).visit(past)
    assert run == Run(
        source="gazette", started=NOW, finished=NOW + timedelta(seconds=1), unchanged=True,
        fronts=(replace(front, unchanged=1),),
    )  # fmt: skip


def test_what_becomes_of_a_story_whose_page_fails() -> None:
    """A host that asks us to wait and a page that was not read end the reading; other failures are of one page."""
    slugs = ("gone", "barred", "forbidden", "silent", "broken", "unread", "after")
    feed = at("feed")
    items = tuple(Link(at(slug), "rss", Draft(title=slug), n) for n, slug in enumerate(slugs))
    web = Told(
        {feed: Links(items=items)},
        answers={
            at("barred"): Refused("403 Forbidden", url=at("login"), status=403),
            at("forbidden"): Forbidden("a private network"),
            at("silent"): Unreachable("no answer"),
            at("broken"): ReadFailed("too deep"),
            at("unread"): Unread("its worker was killed"),
        },
    )
    past = Past(last_success=NOW - timedelta(hours=1))
    seed = replace(SEED, discover=Discover(rss=(feed,)))
    run = web.visit(past, seed)
    assert run.failures == (
        Failure(at("gone"), "Gone", "404 Not Found", 404, asked=at("gone")),
        Failure(at("login"), "Refused", "403 Forbidden", 403, asked=at("barred")),
        Failure(at("forbidden"), "Forbidden", "a private network", asked=at("forbidden")),
        Failure(at("silent"), "Unreachable", "no answer", asked=at("silent")),
        Failure(at("broken"), "ReadFailed", "too deep", asked=at("broken")),
        Failure(at("unread"), "Unread", "its worker was killed", asked=at("unread")),
    )
    assert run.seen == (
        Seen(at("gone"), "gone", "404 Not Found", "rss"),
        Seen(at("barred"), "refused", "403 Forbidden", "rss"),
        Seen(at("forbidden"), "failed", "a private network", "rss"),
        Seen(at("silent"), "failed", "no answer", "rss"),
        Seen(at("broken"), "failed", "too deep", "rss"),
        Seen(at("unread"), "postponed", "its worker was killed", "rss"),
        Seen(at("after"), "queued", LATER),
    )
    assert (run.queued, run.records, run.samples) == ((at("unread"), at("after")), (), ())
    wait = Refused("429 Too Many Requests", status=429, retry_after=90.0)
    run = Told({feed: Links(items=items)}, answers={at("gone"): wait}).visit(past, seed)
    assert run.failures == (Failure(at("gone"), "Refused", wait.reason, 429, 90.0, at("gone")),)
    assert run.seen[0] == Seen(at("gone"), "postponed", wait.reason, "rss")
    assert run.queued == tuple(at(slug) for slug in slugs)


def test_a_story_of_several_pages_that_is_another_one() -> None:
    """Its pages are joined before it is held against what its link told."""
    feed = at("feed")
    items = (
        Link(at("goats"), "rss", Draft(title="Goats eaten consulate hedge"), 0),
        Link(at("split"), "rss", told("split"), 1),
    )
    web = Told(
        {feed: Links(items=items, title="The Gazette")},
        {
            at("goats"): Draft(title="Welcome", text="Choose a region.", next_page=at("goats/2")),
            at("goats/2"): Draft(text="And accept all that is stored."),
            at("split"): drafted("split", next_page=at("split/2")),
            at("split/2"): Draft(text="More."),
        },
    )
    run = web.visit(Past(last_success=NOW), replace(SEED, discover=Discover(rss=(feed,))))
    other = f"{UNLIKE}about something else than expected"
    assert run.failures == (Failure(at("goats"), "PageChanged", other, asked=at("goats")),)
    assert [(one.url, one.outcome, one.why) for one in run.seen] == [
        (at("goats"), "failed", other), (at("split"), "kept", ""),
    ]  # fmt: skip
    assert [record.text for record in run.records] == [f"{kept('split').text}\nMore."]


def test_a_look_again() -> None:
    """Each article by its validators; what it gives, and what waits when the host asks us to."""
    slugs = ("same", "revised", "gone", "other", "wall", "split", "barred", "late")
    known = [
        replace(
            kept(slug, position=5), id=f"id of {slug}", etag=f'"{slug}"', last_modified="Sun",
            files=(File(at(f"{slug}.mp3"), "audio/mpeg", 7),),
        )
        for slug in slugs
    ]  # fmt: skip
    far = "Choose the region in which you live, and accept all that is stored there, to go on."
    web = Told(
        drafts={
            at("revised"): drafted("revised", html=f'<p>New</p><audio src="{at("revised.mp3")}"></audio>'),
            at("other"): Draft(title="Welcome", text=far),
            at("wall"): drafted("wall", unlike="a consent wall"),
            at("split"): drafted("split", next_page=at("split/2")),
            at("split/2"): Draft(text="And more of it.", html="<p>More</p>"),
        },
        answers={
            at("same"): Page(at("same"), not_modified=True),
            at("revised"): Page(at("revised"), etag='"new"'),
            at("barred"): Refused("429 Too Many Requests", status=429, retry_after=60.0),
        },
    )
    run = asyncio.run(revisit(SEED, known, web.fetch, web, clock=web.clock))
    assert web.asked == [
        *[Request(at(slug), "page", f'"{slug}"', "Sun", ca_file=CA) for slug in slugs[:6]],
        Request(at("split/2"), ca_file=CA),
        Request(at("barred"), "page", '"barred"', "Sun", ca_file=CA),
    ]
    assert web.read == [
        ("draft", at(slug), "gazette", NOW) for slug in ("revised", "other", "wall", "split", "split/2")
    ]
    plain = replace(kept("revised"), publisher=None)
    text = f"{plain.text.replace('revised', 'split')}\nAnd more of it."
    wall, other = f"{UNLIKE}a consent wall", f"{UNLIKE}about something else than expected"
    wait = "429 Too Many Requests"
    assert run == Run(
        "gazette", NOW, NOW + timedelta(seconds=8),
        records=(
            replace(
                plain, html=f'<p>New</p><audio src="{at("revised.mp3")}"></audio>', etag='"new"',
                files=(File(at("revised.mp3"), "audio/mpeg", 7),),
            ),
            replace(kept("split"), publisher=None, text=text, html=f"<p>{text.splitlines()[0]}</p><p>More</p>"),
        ),
        failures=(
            Failure(at("gone"), "Gone", "404 Not Found", 404, asked=at("gone")),
            Failure(at("other"), "PageChanged", other, asked=at("other")),
            Failure(at("wall"), "PageChanged", wall, asked=at("wall")),
            Failure(at("barred"), "Refused", wait, 429, 60.0, at("barred")),
        ),
        seen=(
            Seen(at("same"), "unchanged", record="id of same"),
            Seen(at("revised"), "kept", record="id of revised"),
            Seen(at("gone"), "gone", "404 Not Found", record="id of gone"),
            Seen(at("other"), "failed", other, record="id of other"),
            Seen(at("wall"), "failed", wall, record="id of wall"),
            Seen(at("split"), "kept", record="id of split"),
            Seen(at("barred"), "refused", wait, record="id of barred"),
            Seen(at("late"), "queued", "left for later", record="id of late"),
        ),
        shapes=shapes("revised", "split"),
    )  # fmt: skip
    late = asyncio.run(
        revisit(SEED, known[:2], web.fetch, web, clock=web.clock, limits=VisitLimits(deadline=0.5))
    )  # fmt: skip
    assert [one.outcome for one in late.seen] == ["unchanged", "queued"]


def test_one_page_by_its_address() -> None:
    seed = replace(SEED, render=True)
    web = Told(drafts={at("mill"): drafted("mill"), at("wall"): drafted("wall", unlike="an error page")})
    record = asyncio.run(scrape_page(at("mill"), seed, web.fetch, web, clock=web.clock))
    assert record == replace(kept("mill"), publisher=None)
    assert web.asked == [Request(at("mill"), ca_file=CA, render=True)]
    with pytest.raises(PageChanged, match="an error page"):
        asyncio.run(scrape_page(at("wall"), seed, web.fetch, web, clock=web.clock))


def test_a_backfill() -> None:
    """Every list is asked for, what is known or too old is left, and the newest are read first."""
    robots, feed, old_feed, index = at("robots.txt"), at("feed"), at("old-feed"), at("all.xml")
    seed = replace(SEED, discover=Discover(rss=(feed,), sitemap=(at("named.xml"),), exclude=("/sport/",)))
    past = Past(
        known=frozenset(canonical_key(at(slug)) for slug in ("known", "left", "left-too", "left-old")),
        fronts=(Front(old_feed, "rss"), Front(feed, "rss"), Front(at("map"), "sitemap")),
        queued=(at("queued"),),
        left_out=frozenset([at("left"), at("left-too"), at("left-old"), at("sport/left")]),
        last_success=NOW,
    )
    page_two = at("page/2")
    web = Told(
        {
            feed: Links(
                items=(
                    Link(at("feb"), "rss", told("feb", published="2026-02-20T09:00:00Z")),
                    Link(at("jan"), "rss", told("jan", published="2026-01-09T09:00:00Z")),
                    Link(at("left-old"), "rss", told("left-old", published="2026-01-31T23:59:59Z")),
                    Link(at("known"), "rss", told("known")),
                    Link(at("sport/race"), "rss", told("race")),
                )
            ),
            old_feed: Links(items=(Link(at("feb"), "rss", told("again")),), title="Feed", notes=("odd",)),
            index: Links(sitemaps=(at("part.xml"), feed)),
            at("part.xml"): Links(
                items=(Link(at("first"), "sitemap", told("first", published="2026-02-01T00:00:00Z")),)
            ),
            HOME: Links(items=(Link(at("undated?utm_medium=x"), hint=told("undated")),), next_page=page_two),
            page_two: Links(items=(Link(at("more"), hint=told("more")),), next_page=at("page/3")),
        },
        {
            **{at(slug): drafted(slug) for slug in ("feb", "first", "undated", "left", "more")},
            at("left-too"): replace(drafted("left-too"), published="2026-01-31T23:59:59Z"),
        },
        {robots: Page(robots, f"Sitemap: {index}".encode())},
    )
    since = datetime(2026, 2, 1, tzinfo=UTC)
    run = asyncio.run(
        backfill(seed, past, web.fetch, web, since=since, limit=4, clock=web.clock, progress=web.progress)
    )  # fmt: skip
    slim = Past(last_success=NOW)
    assert [(one.url, one.kind) for one in web.asked] == [
        (robots, "robots"), (feed, "feed"), (old_feed, "feed"), (at("named.xml"), "sitemap"), (HOME, "page"),
        (index, "sitemap"), (page_two, "page"), (at("part.xml"), "sitemap"), (at("page/3"), "page"),
        (at("left"), "page"), (at("left-too"), "page"), (at("feb"), "page"), (at("undated"), "page"),
    ]  # fmt: skip
    assert web.read[0] == ("links", feed, "gazette", slim, NOW)
    assert web.steps == [
        ("asking for lists of stories (0 found)", 0, 5),
        ("asking for lists of stories (0 found)", 1, 6),
        ("asking for lists of stories (1 found)", 2, 6),
        ("asking for lists of stories (1 found)", 3, 6),
        ("asking for lists of stories (1 found)", 4, 6),
        ("asking for lists of stories (2 found)", 5, 7),
        ("asking for lists of stories (2 found)", 6, 9),
        ("asking for lists of stories (3 found)", 7, 10),
        ("asking for lists of stories (4 found)", 8, 9),
        *[("reading stories", n, 4) for n in range(4)],
    ]
    not_there = "404 Not Found"
    too_old = "left out by a backfill: it is older than was asked for"
    assert run == Run(
        source="gazette",
        started=NOW,
        finished=NOW + timedelta(seconds=13),
        records=tuple(replace(kept(slug), publisher="Feed") for slug in ("left", "feb", "undated")),
        failures=tuple(Failure(at(name), "Gone", not_there, 404, asked=at(name)) for name in ("named.xml", "page/3")),
        seen=(
            Seen(at("named.xml"), "gone", not_there, FRONT),
            Seen(at("page/3"), "gone", not_there, FRONT),
            Seen(at("left"), "kept", way="queued"),
            Seen(at("left-too"), "skipped", too_old, "queued"),
            Seen(at("feb"), "kept", way="rss"),
            Seen(at("undated"), "kept", way="listing"),
        ),
        queued=(at("queued"),),
        title="Feed",
        links=6,
        passed=frozenset(),
        ways={"rss": 6, "listing": 2, "sitemap": 1},
        shapes=shapes("left", "left-too", "feb", "undated"),
        notes=("odd",),
    )


def test_an_import() -> None:
    """Articles kept elsewhere: first seen when they were fetched; further pages are looked up among them."""
    then = NOW - timedelta(days=30)
    given = [
        Given(at("known"), then, Page(at("known"))),
        Given(at("mill"), then, Page(at("mill"), b"x"), told("mill")),
        Given(at("mill?utm_source=x"), NOW, Page(at("mill"))),
        Given(at("weir"), then - timedelta(days=1), told=drafted("weir")),
        Given(at("empty"), then, told=Draft(title="Empty")),
        Given(at("split"), then, Page(at("split"))),
        Given(at("split/2"), then, Page(at("split/2"))),
    ]
    web = Told(
        drafts={
            at("mill"): drafted("mill"),
            at("split"): drafted("split", next_page=at("split/2")),
            at("split/2"): Draft(text="And more of it.", html="<p>More</p>", next_page=at("split/3")),
        }
    )
    past = Past(known=frozenset([canonical_key(at("known"))]), last_success=NOW)
    run = asyncio.run(read_given(SEED, past, given, web, clock=lambda: NOW))

    def imported(slug: str, when: datetime) -> Record:
        return replace(kept(slug, first_seen=when), publisher=None)

    split = imported("split", then)
    assert run == Run(
        source="gazette",
        started=NOW,
        finished=NOW,
        records=(
            imported("mill", then),
            replace(imported("weir", then - timedelta(days=1)), way="feed"),
            replace(split, text=f"{split.text}\nAnd more of it.", html=f"{split.html}<p>More</p>"),
            made(Article(web.drafts[at("split/2")], at("split/2"), then, at("split/2")), SEED),
        ),
        failures=(Failure(at("empty"), "PageChanged", "there is no text", asked=at("empty")),),
        seen=(
            Seen(at("known"), "known", way="queued"),
            Seen(at("mill"), "kept", way="queued"),
            Seen(at("mill?utm_source=x"), "known", way="queued"),
            Seen(at("weir"), "kept", way="queued"),
            Seen(at("empty"), "failed", "there is no text", way="queued"),
            Seen(at("split"), "kept", way="queued"),
            Seen(at("split/2"), "kept", way="queued"),
        ),
        links=7,
        shapes=shapes("mill", "weir", "split", "split/2"),
        notes=(f"{at('split/3')}: is not in what was imported",) * 2,
    )
