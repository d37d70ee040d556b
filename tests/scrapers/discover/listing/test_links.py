"""Listings without any setting: what is a story, what is not, and what its box tells."""

# ruff: noqa: E501  the markup of samples stays on its line

from datetime import UTC, datetime

import pytest

from scrapers import Discover, Link, Page, PageChanged, Past, ReadFailed, Seed, canonical_key
from scrapers.discover import discover
from scrapers.discover.listing import links as listing
from scrapers.discover.listing import scorer
from scrapers.discover.listing.listing_or_article import names_a_service
from scrapers.discover.listing.topics_and_matches import names_topic

TITLES = (
    "Council votes to keep the night buses running through winter",
    "Why the old mill is being taken apart stone by stone",
    "Three rivers, one bridge: how the valley argues about tolls",
    "A bakery on wheels reaches the last village without a shop",
    "Students measure the noise of the new tram for a whole year",
    "Lighthouse keeper retires after forty years on the rock",
    "What the budget means for schools, libraries and the pool",
    "Storm warning lifted as the front moves out to sea",
)
MENU = "".join(
    f'<li><a href="/{name}/">{name.title()}</a></li>' for name in ("politics", "sports", "culture", "business")
)


def slug(title: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())


def card(n: int, title: str, *, cls: str = "teaser", tag: str = "article", heading: str = "h3") -> str:
    return (
        f'<{tag} class="{cls}"><a href="/news/2026/05/{slug(title)}-{1000 + n}.html"><img src="/i/{n}.jpg" alt="Picture {n}"></a>'
        f'<span class="{cls}__topic"><a href="/topics/valley">Valley</a></span>'
        f'<{heading}><a href="/news/2026/05/{slug(title)}-{1000 + n}.html">{title}</a></{heading}>'
        f"<p>The short of it, number {n}, told in one sentence of a sensible length.</p>"
        f'<span class="byline">By <a rel="author" href="/authors/kim-lund">Kim Lund</a></span>'
        f'<time datetime="2026-05-{10 + n}T07:30:00+02:00">{10 + n} May</time></{tag}>'
    )


def front(cards: str, *, lang: str = "en", extra_head: str = "") -> str:
    return (
        f'<!doctype html><html lang="{lang}"><head><title>The Valley Echo - news</title>'
        f'<meta property="og:site_name" content="The Valley Echo">{extra_head}</head><body>'
        f'<header><a href="/">The Valley Echo</a><nav><ul>{MENU}</ul></nav></header>'
        f'<main><section class="stream">{cards}</section></main>'
        '<aside><h4>Subscribe</h4><a href="/subscribe">Subscribe to our daily letter for free</a></aside>'
        '<footer><a href="/about-us">About us</a><a href="/privacy-policy">Privacy policy</a>'
        '<a href="/contact">Contact the editors</a></footer></body></html>'
    )


def page(body: str, url: str = "https://echo.example/") -> Page:
    return Page(url, body.encode())


CARDS = "".join(card(n, title) for n, title in enumerate(TITLES))


def titles(links: tuple[Link, ...]) -> list[str | None]:
    return [link.hint.title for link in links]


def test_stories_and_nothing_else() -> None:
    links = discover(page(front(CARDS)))
    assert titles(links.items) == list(TITLES)
    assert [link.position for link in links.items] == list(range(8))
    assert all(link.way == "listing" and link.score > 0.4 for link in links.items)
    assert (links.title, links.language) == ("The Valley Echo", "en")


def test_the_box_tells_date_summary_picture_and_author() -> None:
    hint = discover(page(front(CARDS))).items[2].hint
    assert hint.published == "2026-05-12T07:30:00+02:00"
    assert hint.subtitle == "The short of it, number 2, told in one sentence of a sensible length."
    assert hint.image is not None and hint.image.url == "https://echo.example/i/2.jpg"
    assert hint.authors == ("Kim Lund",)
    assert hint.witnesses["title"] == "heading"


def test_a_redesign_changes_nothing() -> None:
    """Other class names, containers and heading levels: the same stories."""
    before = discover(page(front(CARDS)))
    new = "".join(card(n, t, cls="x7f3q", tag="div", heading="h2") for n, t in enumerate(TITLES))
    after = discover(page(front(f'<div class="k9 zz"><div>{new}</div></div>')))
    assert {link.url for link in before.items} == {link.url for link in after.items}
    assert titles(after.items) == list(TITLES)


def test_overlay_links_take_the_title_beside_them() -> None:
    cards = "".join(
        f'<div class="tile"><a class="cover" href="/a/{slug(t)}"></a><div class="text"><h2>{t}</h2><p>Some words about it, {n}.</p></div></div>'
        for n, t in enumerate(TITLES)
    )
    assert titles(discover(page(front(cards))).items) == list(TITLES)


def test_a_script_without_spaces_and_addresses_with_numbers() -> None:
    heads = (
        "市議会が冬の夜行バスの運行継続を決定",
        "古い水車小屋が石を一つずつ解体される理由",
        "灯台守が四十年の勤務を終えて引退へ",
        "嵐の警報が解除、前線は海上へ抜ける見込み",
    )
    cards = "".join(
        f'<li><span>2026.05.{10 + n}</span> <a href="/?p={4000 + n}">{t}</a></li>' for n, t in enumerate(heads)
    )
    links = discover(page(front(f"<ul class='list'>{cards}</ul>", lang="ja")))
    assert titles(links.items) == list(heads)
    assert links.items[0].hint.published == "2026-05-10"


def test_short_titles_are_saved_by_their_kindred() -> None:
    cards = CARDS + card(9, "Movie night")
    assert "Movie night" in titles(discover(page(front(cards))).items)


def test_distances_need_to_know_what_time_it_is() -> None:
    cards = CARDS.replace(
        '<time datetime="2026-05-10T07:30:00+02:00">10 May</time>', '<span class="date">2 hours ago</span>'
    )
    now = datetime(2026, 5, 20, 12, tzinfo=UTC)
    assert discover(page(front(cards)), now=now).items[0].hint.published == "2026-05-20T10:00:00+00:00"
    assert discover(page(front(cards))).items[0].hint.published is None


def test_day_in_the_address_is_the_last_resort() -> None:
    cards = "".join(
        f'<article><h2><a href="/2026/05/{10 + n}/{slug(t)}/">{t}</a></h2></article>' for n, t in enumerate(TITLES)
    )
    assert discover(page(front(cards))).items[3].hint.published == "2026-05-13"


def test_links_to_other_sites_are_left_out() -> None:
    cards = CARDS + card(9, "An advertiser tells a long story about shoes").replace(
        'href="/news', 'href="https://shoes.invalid/news'
    )
    assert all("shoes" not in link.url for link in discover(page(front(cards))).items)


def test_other_hosts_that_the_seed_names_count() -> None:
    other = card(9, "The sister paper writes about the same long winter").replace(
        'href="/news', 'href="https://sister.invalid/news'
    )
    seed = Seed("echo", "https://echo.example/", hosts=("sister.invalid",))
    assert any("sister.invalid" in link.url for link in discover(page(front(CARDS + other)), seed).items)


def test_an_aggregator_leads_away_as_a_whole() -> None:
    cards = "".join(
        card(n, t).replace('href="/news', f'href="https://paper{n}.invalid/news') for n, t in enumerate(TITLES)
    )
    assert len(discover(page(front(cards))).items) == len(TITLES)


def test_seed_selector_decides() -> None:
    seed = Seed("echo", "https://echo.example/", discover=Discover(links=".stream h3"))
    assert len(discover(page(front(CARDS)), seed).items) == len(TITLES)
    menu = Seed("echo", "https://echo.example/", discover=Discover(links="nav a"))
    assert discover(page(front(CARDS)), menu).items[0].url == "https://echo.example/politics/"


def test_a_selector_that_cannot_be_read_is_named() -> None:
    seed = Seed("echo", "https://echo.example/", discover=Discover(links="a:contains(x)"))
    with pytest.raises(PageChanged, match=r"discover\.links"):
        discover(page(front(CARDS)), seed)


def test_include_and_exclude() -> None:
    seed = Seed("echo", "https://echo.example/", discover=Discover(include=("/news/",), exclude=("lighthouse",)))
    links = discover(page(front(CARDS)), seed)
    assert len(links.items) == len(TITLES) - 1


def test_what_is_known_as_navigation_is_no_news() -> None:
    first = discover(page(front(CARDS))).items[0].url
    past = Past(navigation=frozenset({canonical_key(first)}))
    assert first not in [link.url for link in discover(page(front(CARDS)), past=past).items]


DOUBTFUL = '<article><h2><a href="/news/rules-of-the-house.html">The rules of the house</a></h2></article>'


def test_what_was_shown_before_without_being_a_story_must_look_more_like_one() -> None:
    urls = [link.url for link in discover(page(front(CARDS + DOUBTFUL))).items]
    doubtful = "https://echo.example/news/rules-of-the-house.html"
    assert doubtful in urls  # by its looks alone it may be one
    past = Past(passed={canonical_key(url): 1 for url in urls})
    again = [link.url for link in discover(page(front(CARDS + DOUBTFUL)), past=past).items]
    assert again == [url for url in urls if url != doubtful]  # one bad day costs no plain story its place


def test_the_memory_of_what_was_passed_weighs_more_with_each_day() -> None:
    weighed = [scorer.less(0.99, listing.PASSED_BEFORE * days) for days in range(3)]
    assert weighed[0] == pytest.approx(0.99)
    assert weighed[1] > listing.THRESHOLD > weighed[2]


def test_the_way_home_is_no_story() -> None:
    text = "<p>" + "The quay is closed until spring, the harbour master says. " * 20
    for home in ("/", "https://echo.example", "https://www.echo.example/"):
        body = f"<h1>Old quay closed</h1><nav><a href={home}>Home</a></nav><article>{text}</article>"
        assert discover(page(body, "https://echo.example/quay")).items == ()


def test_a_page_of_nothing_but_services_gives_nothing() -> None:
    assert discover(page(front(""))).items == ()


def test_declared_feeds_next_page_and_base() -> None:
    head = (
        '<base href="https://echo.example/en/">'
        '<link rel="alternate" type="application/rss+xml" title="Echo » Comments Feed" href="/comments/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="Echo" href="feed/">'
        '<link rel="alternate" type="application/json+oembed" href="/wp-json/oembed">'
        '<link rel="next" href="/page/2/">'
    )
    links = discover(page(front(CARDS + '<a href="/sport/rss.xml">RSS</a>', extra_head=head)))
    assert links.feeds == ("https://echo.example/en/feed/", "https://echo.example/sport/rss.xml")
    assert links.next_page == "https://echo.example/page/2/"


def test_feeds_of_the_link_header() -> None:
    told = Page(
        "https://echo.example/", front(CARDS).encode(), links=(("alternate", "https://echo.example/feed.atom"),)
    )
    assert discover(told).feeds == ("https://echo.example/feed.atom",)


def test_a_page_over_the_limits_is_refused() -> None:
    with pytest.raises(ReadFailed, match="tags"):
        discover(page("<b>" * 60_000))


def test_one_bad_link_never_loses_the_others() -> None:
    bad = '<a href="http://[::1">x</a><a href="https://echo.example:99999/x">A long enough title for a story here</a><a href>y</a>'
    assert len(discover(page(front(bad + CARDS))).items) == len(TITLES)


def test_the_same_page_gives_the_same_links() -> None:
    assert discover(page(front(CARDS))) == discover(page(front(CARDS)))


DAYS = "".join(
    f'<article class="teaser"><h3><a href="/news/2026/05/{slug(title)}-{n}.html">{title}</a></h3>'
    f'<span class="date">{n + 1}. Mai 2026</span><p>The short of it in a sentence.</p></article>'
    for n, title in enumerate(TITLES)
)


@pytest.mark.parametrize(("lang", "own"), [("de", None), ("", "de"), ("en", "de")])
def test_dates_are_read_in_the_language_of_the_seed_or_else_of_the_page(lang: str, own: str | None) -> None:
    seed = Seed("echo", "https://echo.example/", language=own)
    found = discover(page(front(DAYS, lang=lang)), seed, now=datetime(2026, 5, 20, tzinfo=UTC))
    assert found.items[2].hint.published is not None and found.items[2].hint.published.startswith("2026-05-03")


def test_of_several_headings_the_longest_is_the_title_whichever_comes_first() -> None:
    for order in (1, -1):
        rows = ""
        for n, title in enumerate(TITLES):
            url = f"/news/2026/05/{slug(title)}-{n}.html"
            heads = (f'<h3><a href="{url}">{title}</a></h3>', f'<h4><a href="{url}">{title[:24]}</a></h4>')[::order]
            rows += f'<article class="teaser">{"".join(heads)}<p>The short of it in a sentence.</p></article>'
        assert titles(discover(page(front(rows))).items) == list(TITLES)


def test_an_address_that_ends_with_the_name_of_a_service() -> None:
    assert names_a_service("https://echo.example/about")
    assert names_a_service("https://echo.example/en/jobs/")
    assert not names_a_service("https://echo.example/jobs/harbour-master-wanted-in-spring")
    assert not names_a_service("https://echo.example/2026/05/jobs-return-to-the-docks")
    assert not names_a_service("https://echo.example/")


@pytest.mark.parametrize(
    ("path", "topic"),
    [
        ("/topic/night-buses", True),
        ("/en/topic/one-two-three-four-five", True),
        ("/topic/one-two-three-four-five-six", False),
        ("/topic/one-two-three-four-7x", True),
        ("/topic/one-two-three-four-17", False),  # a story's number
        ("/topic/one-two-three-17", True),
        ("/topic", False),
        ("/topic/2026", False),
        ("/news/night-buses", False),
    ],
)
def test_a_path_of_a_topic(path: str, topic: bool) -> None:
    assert names_topic(path) is topic


def test_a_link_without_text_has_the_title_of_its_label() -> None:
    rows = "".join(
        f'<article class="teaser"><a href="/news/2026/05/{slug(title)}-{n}.html" aria-label="{title}">'
        f'<img src="/i/{n}.jpg" alt=""></a></article>'
        for n, title in enumerate(TITLES)
    )
    found = discover(page(front(rows))).items
    assert titles(found) == list(TITLES)
    assert {link.hint.witnesses["title"] for link in found} == {"label"}
