"""Length and type of an article's films and sounds: what the feed says, else what their servers say, few and once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from scrapers import Discover, File, Gone, Page, Past, Request, Run, Seed
from scrapers.crawl import files
from scrapers.crawl.scrape import directly, revisit, scrape
from scrapers.discover import discover
from scrapers.extract import extract

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEED = Seed(
    name="courier", home="https://courier.example/", discover=Discover(rss=("https://courier.example/feed.xml",))
)
READ = directly(discover, extract)
LINES = (
    "The horn of {} was heard for the {}th time since the ferry was mended last winter.",
    "Nobody in {} had asked for it, said {} people who live beside the landing.",
    "The mayor of {} promised to listen for {} days before anything is decided.",
)


def article(slug: str, media: str) -> Page:
    prose = "".join(f"<p>{line.format(slug, len(slug) + n)}</p>" for n, line in enumerate(LINES * 3))
    html = f"""<html lang="en"><head><title>{slug}</title></head><body><article><h1>The horn of {slug}</h1>
    <time datetime="2026-03-01T08:00:00Z">1 March</time>{prose}{media}</article></body></html>"""
    return Page(f"https://courier.example/2026/{slug}", html.encode(), etag='"1"')


class Site:
    """Pages by address, and the heads of files; what was asked for is written down."""

    def __init__(self, *pages: Page, heads: dict[str, tuple[str, int | None]]) -> None:
        self.pages = {page.url: page for page in pages}
        self.heads = heads
        self.asked: list[str] = []

    async def __call__(self, request: Request) -> Page:
        if request.kind == "file":
            self.asked.append(request.url)
            if request.url not in self.heads:
                raise Gone("404", url=request.url)
            kind, length = self.heads[request.url]
            return Page(request.url, content_type=kind, length=length)
        if request.url not in self.pages:
            raise Gone("404", url=request.url)
        return self.pages[request.url]


def front(*pages: Page) -> Page:
    items = "".join(f"<item><title>The horn of {slug_of(page)}</title><link>{page.url}</link></item>" for page in pages)
    feed = f'<rss version="2.0"><channel><title>C</title>{items}</channel></rss>'
    return Page("https://courier.example/feed.xml", feed.encode(), "application/rss+xml")


def slug_of(page: Page) -> str:
    return page.url.rpartition("/")[2]


def visit(site: Site) -> Run:
    return asyncio.run(scrape(SEED, Past(), site, READ, clock=lambda: NOW))


HORN, FILM, OTHER = (f"https://media.example/{name}" for name in ("horn.mp3?a=1&b=2", "launch.mp4", "talk"))
MEDIA = f"""<audio src="{HORN.replace("&", "&amp;")}"></audio><video><source src="{FILM}" type="video/mp4"></video>
<audio src="{OTHER}"></audio>"""


def test_servers_tell_type_and_length_and_a_failure_costs_nothing() -> None:
    pages = [article(slug, MEDIA if slug == "marbury" else "") for slug in ("marbury", "ashport", "thornhill")]
    site = Site(front(*pages), *pages, heads={HORN: ("audio/mpeg", 4711), FILM: ("text/html", 12)})
    run = visit(site)
    assert sorted(site.asked) == sorted([HORN, FILM, OTHER])
    told = {record.title: record.files for record in run.records}
    assert told["The horn of marbury"] == (File(HORN, "audio/mpeg", 4711),)  # a film that is a page is none
    assert told["The horn of ashport"] == ()
    assert not [failure for failure in run.failures if "media.example" in failure.url]


def test_what_a_feed_tells_is_not_asked_again() -> None:
    page = article("marbury", f'<audio src="{HORN.replace("&", "&amp;")}"></audio>')
    feed = f"""<rss version="2.0"><channel><title>C</title><item>
    <title>The horn of marbury</title><link>{page.url}</link><description>A horn.</description>
    <enclosure url="{HORN.replace("&", "&amp;")}" type="audio/mpeg" length="123456"/>
    </item></channel></rss>"""
    site = Site(page, Page("https://courier.example/feed.xml", feed.encode(), "application/rss+xml"), heads={})
    run = visit(site)
    assert [record.files for record in run.records] == [(File(HORN, "audio/mpeg", 123456),)]
    assert site.asked == []


def test_an_article_and_a_visit_ask_for_few() -> None:
    many = "".join(f'<audio src="https://media.example/{{}}-{n}.mp3"></audio>' for n in range(9))
    pages = [article(f"town-{n}", many.replace("{}", str(n))) for n in range(12)]
    site = Site(front(*pages), *pages, heads={})
    run = visit(site)
    assert len(run.records) == 12
    assert len(site.asked) == len(set(site.asked)) == files.OF_VISIT
    assert max(sum(f"/{n}-" in one for one in site.asked) for n in range(12)) == files.OF_ARTICLE


def test_a_second_look_does_not_ask_for_what_is_known() -> None:
    page = article("marbury", MEDIA)
    site = Site(
        front(page), page, heads={HORN: ("audio/mpeg", 4711), FILM: ("video/mp4", 99), OTHER: ("audio/ogg", None)}
    )
    (record,) = visit(site).records
    site.asked.clear()
    again = asyncio.run(revisit(SEED, [record], site, READ, clock=lambda: NOW))
    assert again.records[0].files == record.files
    assert site.asked == []  # also of the one whose length was not told: it was asked for once


def test_a_visit_does_not_ask_for_the_files_of_an_article_that_was_read_before() -> None:
    page = article("marbury", MEDIA)
    heads: dict[str, tuple[str, int | None]] = {HORN: ("audio/mpeg", 4711), FILM: ("video/mp4", 99)}
    site = Site(front(page), page, heads={**heads, OTHER: ("audio/ogg", None)})
    (record,) = visit(site).records
    site.asked.clear()  # a fetcher on another machine, which remembers nothing
    run = asyncio.run(scrape(SEED, Past(), site, READ, clock=lambda: NOW, files=record.files))
    assert run.records[0].files == record.files
    assert site.asked == []


def test_a_feed_says_what_is_new_of_a_file_and_an_earlier_read_the_rest() -> None:
    page = article("marbury", "")
    feed = f"""<rss version="2.0"><channel><title>C</title><item><title>The horn of marbury</title>
    <link>{page.url}</link><enclosure url="{HORN.replace("&", "&amp;")}" type="audio/ogg"/></item></channel></rss>"""
    site = Site(page, Page("https://courier.example/feed.xml", feed.encode(), "application/rss+xml"), heads={})
    before = [File(HORN, "audio/mpeg", 4711)]
    run = asyncio.run(scrape(SEED, Past(), site, READ, clock=lambda: NOW, files=before))
    assert [record.files for record in run.records] == [(File(HORN, "audio/ogg", 4711),)]
    assert site.asked == []


def test_a_link_to_a_sound_in_the_text_names_a_file() -> None:
    links = f'''<p>Hear <a href="{HORN.replace("&", "&amp;")}">the horn</a>, see <a href="{FILM}">the launch</a>, read
    <a href="https://media.example/plan.pdf">the plan</a> and <a href="https://other.example/">another paper</a>.</p>'''
    page = article("marbury", links)
    site = Site(front(page), page, heads={HORN: ("audio/mpeg", 4711)})
    (record,) = visit(site).records
    assert site.asked == [HORN, FILM]
    assert record.files == (File(HORN, "audio/mpeg", 4711),)


def test_a_sound_that_only_the_head_of_the_page_names_is_a_file_unless_the_feed_tells_one() -> None:
    told = f'<meta property="og:audio" content="{OTHER}.mp3">'
    page = article("marbury", "")
    page = replace(page, body=page.body.replace(b"<title>", f"{told}<title>".encode()))
    site = Site(front(page), page, heads={f"{OTHER}.mp3": ("audio/mpeg", 99)})
    assert [one.files for one in visit(site).records] == [(File(f"{OTHER}.mp3", "audio/mpeg", 99),)]
    enclosed = f'<enclosure url="{FILM}" type="video/mp4" length="815"/></item>'
    listed = front(page)
    listed = replace(listed, body=listed.body.replace(b"</item>", enclosed.encode()))
    site = Site(listed, page, heads={})
    assert [one.files for one in visit(site).records] == [(File(FILM, "video/mp4", 815),)]
    assert site.asked == []
