"""An article or a listing: by the address, by who dates it, by whose text it is."""

from __future__ import annotations

from dataclasses import replace

from scrapers.discover.listing.listing_or_article import is_listing, names_a_list, names_a_story
from scrapers.model import Draft, Link, Links
from tests.support.cases import judged

TITLES = tuple(f"Story number {n} of the long winter in the valley" for n in range(6))
LINKS = Links(items=tuple(Link(f"https://echo.example/{n}", hint=Draft(title=title)) for n, title in enumerate(TITLES)))
TEXT = "Traffic rolled over the harbour bridge again on Wednesday morning, a year after the first crack. " * 10
NEUTRAL = "https://echo.example/valley/winter"


@judged(
    "url, of_a_list",
    yes=[
        "https://echo.example",
        "https://echo.example/",
        "https://echo.example/en",
        "https://echo.example/index.php",
        "https://echo.example/live/index.php",
        "https://echo.example/news/index",
        "https://echo.example/news",
        "https://echo.example/blog.html",
        "https://echo.example/posts/",
        "https://echo.example/?cat=1",
        "https://echo.example/trade/list_48_2.html",
        "https://echo.example/tag/valley/page/2",
        "https://echo.example/authors",
    ],
    no=[
        "https://echo.example/2026/03/04/why-the-old-mill-is-being-taken-apart",
        "https://echo.example/why-the-old-mill-is-being-taken-apart/index.html",
        "https://echo.example/article/old-mill",
        "https://echo.example/news/read/4711",
        "https://echo.example/the-old-mill-4711/artikel",
        "https://echo.example/why-the-old-mill-is-taken-apart/news",
        "https://echo.example/4711/news",
        "https://echo.example/mill-4711/news",
        "https://echo.example/?p=4711",
        "https://echo.example/index.php?id=30&no_cache=1&tx_news%5Btt_news%5D=477",
        "https://echo.example/pub/20230410-mill-4/index.html",
        "https://echo.example/about",
    ],
)
def test_addresses_of_lists(url: str, of_a_list: bool) -> None:
    if of_a_list:
        assert is_listing(url, Draft(title="Blog", text=TEXT, witnesses={"published": "meta"}), LINKS)
        assert not is_listing(url, Draft(title="Blog", text=TEXT), Links())
    assert names_a_list(url) is of_a_list


def test_a_headline_in_the_address_makes_an_article_of_some_text() -> None:
    url = "https://echo.example/valley/why-the-old-mill-is-being-taken-apart"
    assert names_a_story(url)
    shared = "\n".join([*TITLES, TEXT])
    assert not is_listing(url, Draft(text=shared), LINKS)
    assert is_listing(NEUTRAL, Draft(text="\n".join(TITLES)), LINKS)
    assert is_listing(url, Draft(text="A line."), LINKS)


def test_text_of_the_stories_makes_a_listing_unless_the_head_dates_the_page() -> None:
    theirs = "\n".join(title for title in TITLES * 4)
    assert is_listing(NEUTRAL, Draft(text=theirs), LINKS)
    assert not is_listing(NEUTRAL, Draft(text=theirs, witnesses={"published": "jsonld"}), LINKS)
    assert not is_listing(NEUTRAL, Draft(text=TEXT), LINKS)
    assert is_listing(None, Draft(text=theirs), LINKS)


@judged(
    "url, of_a_story",
    yes=[
        "https://echo.example/valley/why-the-old-mill-is-being-taken-apart/47114711/",
        "https://echo.example/archives/2562",
        "https://echo.example/?p=31228",
        "https://echo.example/news.asp?pk_no=1412361",
    ],
    no=[
        "https://echo.example/archives/2026",
        "https://echo.example/valley/4711",
        "https://echo.example/?page=4711",
    ],
)
def test_a_number_behind_a_headline_or_in_the_query_names_a_story(url: str, of_a_story: bool) -> None:
    if of_a_story:
        shared = "\n".join([*TITLES, TEXT])
        assert not is_listing(url, Draft(text=shared), LINKS)
    assert names_a_story(url) is of_a_story


def test_a_page_about_the_paper_is_no_list_of_its_stories() -> None:
    url = "https://echo.example/about-us"
    assert not is_listing(url, Draft(text=TEXT), LINKS)
    assert is_listing(url, Draft(text="A line."), LINKS)
    assert is_listing("https://echo.example/news", Draft(text=TEXT), LINKS)


def test_the_day_of_a_change_makes_no_article_of_a_listing() -> None:
    told = Draft(text="\n".join(TITLES), published="2026-03-04", witnesses={"published": "meta"})
    assert not is_listing(NEUTRAL, told, LINKS)
    assert is_listing(NEUTRAL, replace(told, published_estimated=True), LINKS)
