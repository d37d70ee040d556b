"""`copydesk add`: what is asked, how it is ranked, and the seed that follows."""

# ruff: noqa: E501  the markup of samples stays on its line

import asyncio
import json
import tomllib
from pathlib import Path

import pytest

from scrapers import (
    Gone,
    Links,
    Page,
    PageChanged,
    Refused,
    Request,
    SeedError,
    load_seed,
    name_of,
    probe,
    to_toml,
)
from scrapers.discover import discover
from tests.support.fronts import Pages

STORIES = [f"A story about matter number {n} that people talk about" for n in range(12)]


def listing(head: str = "", extra: str = "") -> str:
    cards = "".join(
        f'<article><h2><a href="/2026/05/{10 + n}/story-about-matter-{n}/">{t}</a></h2></article>'
        for n, t in enumerate(STORIES)
    )
    return f'<html lang="en"><head><meta property="og:site_name" content="The Echo">{head}</head><body><main>{cards}{extra}</main></body></html>'


def rss(count: int = 10, day: int = 10, text: str = "") -> str:
    items = "".join(
        f"<item><title>{t}</title><link>https://echo.example/2026/05/{10 + n}/story-about-matter-{n}/</link>"
        f"<pubDate>{day + n} May 2026 08:00:00 GMT</pubDate><description>Short {n}</description>{text}</item>"
        for n, t in enumerate(STORIES[:count])
    )
    return f'<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Echo</title>{items}</channel></rss>'


NEWS = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    + "".join(
        f"<url><loc>https://echo.example/extra/{n}</loc><news:news><news:publication_date>2026-05-{10 + n}T06:00:00Z</news:publication_date>"
        f"<news:title>Extra {n}</news:title></news:news></url>"
        for n in range(8)
    )
    + "</urlset>"
)


class Web(Pages):
    """A small web: address → media type and text."""

    def __init__(self, pages: dict[str, tuple[str, str]]) -> None:
        super().__init__(pages)
        self.texts = pages

    def page(self, url: str) -> Page:
        kind, body = self.texts[url]
        return Page(url, body.encode(), kind)


async def read_links(page: Page) -> Links:
    return discover(page)


def survey(pages: dict[str, tuple[str, str]], home: str = "https://echo.example/"):  # type: ignore[no-untyped-def]
    web = Web(pages)
    return asyncio.run(probe(home, web.fetch, read_links)), web


HOME = "https://echo.example/"
FEED = "https://echo.example/feed"
LINK = '<link rel="alternate" type="application/rss+xml" href="/feed">'


def test_a_declared_feed_comes_first_and_the_front_stays() -> None:
    found, web = survey({HOME: ("text/html", listing(LINK)), FEED: ("application/rss+xml", rss())})
    assert [way.way for way in found.ways] == ["rss", "listing"]
    best = found.ways[0]
    assert best.stories == 10 and best.declared
    assert best.coverage["title"] == 100 and best.coverage["full text"] == 0 and best.coverage["summary"] == 100
    assert best.newest == "2026-05-19T08:00:00+00:00"
    assert len(best.samples) == best.stories and "named by the site itself" in best.why
    assert found.seed.discover.rss == (FEED,)
    assert found.seed.discover.pages == (HOME,)
    assert found.reasons["discover.pages"] == "shows 2 stories that the other ways lack"
    assert found.requests == len(set(web.asked)) <= 12


def test_the_budget_holds_when_everything_is_missing() -> None:
    found, web = survey({HOME: ("text/html", listing('<meta name="generator" content="WordPress">'))})
    assert len(web.asked) == found.requests <= 12
    assert [way.way for way in found.ways] == ["listing"]
    assert found.seed.discover.rss == () and found.seed.discover.pages == ()
    assert all(reason for _, reason in found.failures) and len(found.failures) == len(web.asked) - 1


def test_news_sitemap_of_robots_txt() -> None:
    found, _ = survey(
        {
            HOME: ("text/html", listing()),
            "https://echo.example/robots.txt": (
                "text/plain",
                "Sitemap: https://echo.example/x.xml\nSitemap: https://echo.example/news.xml",
            ),
            "https://echo.example/news.xml": ("application/xml", NEWS),
        }
    )
    assert found.ways[0].way == "news sitemap"
    assert found.seed.discover.sitemap == ("https://echo.example/news.xml",)


def with_an_index(index: str, part: str) -> dict[str, tuple[str, str]]:
    """A site whose robots.txt names an index of sitemaps, which names one sitemap of news."""
    named = f"<sitemapindex><sitemap><loc>{part}</loc></sitemap></sitemapindex>"
    return {
        HOME: ("text/html", listing()),
        f"{HOME}robots.txt": ("text/plain", f"Sitemap: {index}"),
        index: ("application/xml", named),
        part: ("application/xml", NEWS),
    }


def test_a_sitemap_index_is_followed_one_step() -> None:
    found, _ = survey(with_an_index(f"{HOME}index.xml", f"{HOME}news-1.xml"))
    assert "https://echo.example/news-1.xml" in [way.url for way in found.ways]


def test_a_stale_feed_loses_its_place() -> None:
    old = rss().replace("May 2026", "Jan 2020")
    found, _ = survey({HOME: ("text/html", listing(LINK)), FEED: ("application/rss+xml", old)})
    assert found.ways[0].way == "listing"
    assert "behind the newest story" in found.ways[1].why


def test_a_feed_by_convention_is_found_without_a_declaration() -> None:
    found, _ = survey(
        {
            HOME: ("text/html", listing('<meta name="generator" content="WordPress 6">')),
            "https://echo.example/feed/": ("application/rss+xml", rss()),
        }
    )
    assert found.ways[0].url == "https://echo.example/feed/" and not found.ways[0].declared
    assert found.cms == "wordpress"


def test_the_address_of_a_feed_is_a_source_too() -> None:
    found, web = survey({FEED: ("application/rss+xml", rss())}, FEED)
    assert found.seed.discover.rss == (FEED,) and web.asked == [FEED]


def test_a_page_that_answers_for_every_address_is_no_feed() -> None:
    everywhere = dict.fromkeys(
        [FEED, "https://echo.example/rss", "https://echo.example/rss.xml"], ("text/html", listing())
    )
    found, _ = survey({HOME: ("text/html", listing()), **everywhere})
    assert [way.way for way in found.ways] == ["listing"]
    assert (FEED, "this is no feed") in found.failures


def test_a_home_that_refuses_is_told_as_it_is() -> None:
    async def fetch(request: Request) -> Page:
        raise Refused("robots.txt forbids it", url=request.url)

    with pytest.raises(Refused):
        asyncio.run(probe(HOME, fetch, read_links))


def test_the_seed_file_can_be_read_again_and_says_why(tmp_path: Path) -> None:
    found, _ = survey({HOME: ("text/html", listing(LINK)), FEED: ("application/rss+xml", rss())})
    text = to_toml(found)
    told = tomllib.loads(text)
    assert told["home"] == HOME and told["discover"]["rss"] == [FEED]
    assert "# named by the site itself" in text
    path = tmp_path / f"{found.seed.name}.toml"
    path.write_text(text, encoding="utf-8")
    seed, mistakes = load_seed(path)
    assert mistakes == [] and seed == found.seed
    assert seed.expect.records_per_day is not None and 0 < seed.expect.records_per_day < 1


def test_the_zone_of_its_country_is_proposed_with_its_reason() -> None:
    home = "https://echo.example.jp/"
    found, _ = survey({home: ("text/html", listing().replace("https://echo.example/", home))}, home)
    assert found.seed.timezone == "Asia/Tokyo"
    told = '# of times that tell none; that of its country or language\ntimezone = "Asia/Tokyo"\n'
    assert told in to_toml(found)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.valley-echo.example/", "valley-echo"),
        ("https://sport.valley-echo.example/", "sport-valley-echo"),
        ("https://someone.wixsite.com/paper", "someone"),
        ("http://127.0.0.1:8123/", "local-8123"),
        ("https://all.example/", "all-2"),
        ("https://xn--bcher-kva.example/", "xn-bcher-kva"),
    ],
)
def test_names(url: str, name: str) -> None:
    assert name_of(url).removesuffix("-wixsite") == name
    assert name_of(url, frozenset({name_of(url)})) != name_of(url)


def test_an_article_is_no_site() -> None:
    head = '<meta property="article:published_time" content="2026-05-10T08:00:00Z">'
    address = "https://echo.example/2026/05/10/story-about-matter-1/"
    with pytest.raises(PageChanged, match=r"did you mean https://echo\.example/\?"):
        survey({address: ("text/html", listing(head))}, address)
    found, _ = survey({HOME: ("text/html", listing(head))})  # a front that carries the mark by mistake
    assert found.ways[0].way == "listing"


SHELL = (
    '<html lang="en"><head><title>The Echo</title><script src="/app.js"></script></head><body><noscript>Please turn '
    f'JavaScript on. {"This site needs it. " * 40}</noscript><div id="app">Loading</div><script>{"let a = 1;" * 200}</script>'
)


def rendered_survey(shown: str | Exception):  # type: ignore[no-untyped-def]
    async def fetch(request: Request) -> Page:
        if request.render:
            if isinstance(shown, Exception):
                raise shown
            return Page(request.url, shown.encode(), "text/html")
        if request.url != HOME:
            raise Gone("there is no such page", url=request.url, status=404)
        return Page(request.url, SHELL.encode(), "text/html")

    return asyncio.run(probe(HOME, fetch, read_links))


def test_a_page_that_scripts_make_is_read_through_the_browser(tmp_path: Path) -> None:
    found = rendered_survey(listing())
    assert found.seed.render and found.ways[0].stories == 12
    path = tmp_path / "echo.toml"
    path.write_text(to_toml(found))
    assert "render = true" in path.read_text() and load_seed(path)[0].render


def test_without_a_browser_it_is_said_what_to_install() -> None:
    found = rendered_survey(SeedError("render = true needs a browser: pip install …"))
    assert not found.seed.render and not found.ways
    assert any("scripts make this page" in reason and "needs a browser" in reason for _, reason in found.failures)


def test_a_quiet_page_is_not_taken_for_one_that_scripts_make() -> None:
    quiet = "<html><body><script src=/count.js></script><p>" + "We print once a week. " * 30 + "</p></body></html>"
    asked: list[Request] = []

    async def fetch(request: Request) -> Page:
        asked.append(request)
        if request.url != HOME:
            raise Gone("there is no such page", url=request.url, status=404)
        return Page(request.url, quiet.encode(), "text/html")

    found = asyncio.run(probe(HOME, fetch, read_links))
    assert not found.ways and not any(request.render for request in asked)


def test_a_front_whose_stories_stand_on_another_host_names_it(tmp_path: Path) -> None:
    away = listing().replace('href="/2026', 'href="https://reports.elsewhere.example/2026')
    found, _ = survey({HOME: ("text/html", away)})
    assert found.seed.hosts == ("reports.elsewhere.example",)
    path = tmp_path / "echo.toml"
    path.write_text(to_toml(found))
    assert load_seed(path)[0].hosts == ("reports.elsewhere.example",)
    assert survey({HOME: ("text/html", listing())})[0].seed.hosts == ()


def test_a_front_that_is_read_from_page_state_is_called_so() -> None:
    """A page whose stories stand in the data of its script alone is no sitemap, and no listing of links."""
    stories = [
        {"title": title, "slug": f"story-about-matter-{n}", "publishedAt": f"2026-05-{10 + n}T08:00:00Z"}
        | {"url": f"https://echo.example/2026/05/{10 + n}/story-about-matter-{n}/"}
        for n, title in enumerate(STORIES)
    ]
    state = json.dumps({"props": {"pageProps": {"articles": stories}}})
    page = (
        '<html lang="en"><head><meta property="og:site_name" content="The Echo"></head><body><div id="__next"></div>'
        f'<script id="__NEXT_DATA__" type="application/json">{state}</script></body></html>'
    )
    found, _ = survey({HOME: ("text/html", page)})
    assert [(way.way, way.stories) for way in found.ways] == [("page state", 12)]


SHELL = (
    '<html><head><title>The Echo</title><script src="/app.js"></script></head><body><div id="root"></div></body></html>'
)
INDEX = (
    "<sitemapindex><sitemap><loc>https://echo.example/pages.xml</loc></sitemap>"
    "<sitemap><loc>https://echo.example/articles-2026.xml</loc></sitemap></sitemapindex>"
)
PLAIN = (
    "<urlset>" + "".join(f"<url><loc>https://echo.example/2026/a-story-{n}</loc></url>" for n in range(6)) + "</urlset>"
)


def test_a_site_with_nothing_but_a_sitemap_is_read_by_its_index() -> None:
    pages = {
        HOME: ("text/html", SHELL),
        "https://echo.example/robots.txt": ("text/plain", "Sitemap: https://echo.example/index.xml"),
        "https://echo.example/index.xml": ("application/xml", INDEX),
        "https://echo.example/articles-2026.xml": ("application/xml", PLAIN),
    }
    found, _ = survey(pages)
    assert [way.way for way in found.ways] == ["sitemap"]
    assert found.seed.discover.sitemap == ("https://echo.example/index.xml",)  # next year's part is in it
    assert "no feed and no page" in found.reasons["discover.sitemap"]
    found, _ = survey({**pages, HOME: ("text/html", listing())})  # a front that shows stories is better
    assert found.seed.discover.sitemap == ()


def test_a_numbered_news_sitemap_is_read_by_its_index() -> None:
    found, _ = survey(with_an_index(f"{HOME}news-index.xml", f"{HOME}news-2026-05.xml"))
    assert found.seed.discover.sitemap == ("https://echo.example/news-index.xml",)


def test_a_story_linked_for_readers_of_feeds_is_no_feed() -> None:
    extra = '<a href="/2026/05/19/story-about-matter-9/?utm_source=rss">x</a><a href="/2026/05/20/b-story/#xtor=RSS-3">y</a>'
    page = Page(HOME, listing(extra=extra + '<a href="/rss?utm_source=front">RSS</a>').encode())
    assert discover(page).feeds == ("https://echo.example/rss?utm_source=front",)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Home | The Echo", "The Echo"),
        ("News — The Echo", "The Echo"),
        ("Startseite", "The Echo"),
        ("The Echo – All the news of the valley", "The Echo"),
        ("Press releases: The Echo", "The Echo"),
        ("今日のニュース｜The Echo", "The Echo"),
        ("Notes from the valley - by hand", "Notes from the valley - by hand"),
    ],
)
def test_the_name_of_a_site_is_in_its_title_and_logo(title: str, name: str) -> None:
    page = f'<html><head><title>{title}</title></head><body><a href="/">Home</a><a href="/"><img alt="The Echo"></a></body></html>'
    assert discover(Page(HOME, page.encode())).title == name
