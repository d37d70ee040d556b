"""Cards that are paid for, short headlines, topic pages and tickers among the stories of a front."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

import pytest

from scrapers import Page
from scrapers.discover import discover
from tests.support.cases import each
from tests.support.fronts import TITLES, address, links_on

ODD = "Why everybody in the valley wants a boiler from Kvam"


def card(
    title: str,
    *,
    before: str = "",
    names: str = "teaser",
    after: str = "",
    told: str = "",
    link: str = "",
    url: str = "",
) -> str:
    """A card; `told` and `link` are further attributes of its box and its link."""
    return f"<article class='{names}' {told}>{before}<h3><a href='{url or address(title)}' {link}>{title}</a></h3><p>One sentence of it, told in short.</p>{after}</article>"


def found(*cards: str, more: str = "") -> set[str]:
    """The paths that a front of the six stories and some more cards gives."""
    stream = "".join([*map(card, TITLES[:3]), *cards, *map(card, TITLES[3:])])
    html = f"<!doctype html><html lang=en><title>The Valley Echo</title><body><header><a href=/>The Valley Echo</a></header><main>{stream}</main>{more}</body></html>"
    return set(links_on(html))


OWN = {address(title) for title in TITLES}


@each(
    "odd",
    in_a_paid_box=[
        card(ODD, before="<span class=kicker>Anzeige</span>"),
        card(ODD, before="<p>Sponsored content</p>"),
        card(ODD, before="<div>Реклама</div>"),
        card(ODD, before="<small>広告</small>"),
        card(ODD, names="teaser teaser--sponsored"),
        card(ODD, names="teaser native-ad"),
        f"<section class=advertorials><h2>From our partners</h2>{card(ODD)}</section>",
        f"<article class=teaser><a href={address(ODD)}><span>Advertorial</span><h3>{ODD}</h3></a></article>",
    ],
    by_the_card_its_link_or_the_label_above_it=[
        card(ODD, told="data-sponsored=true"),
        card(ODD, told="data-teaser-type=advertorial"),
        card(ODD, told="aria-label=Anzeige"),
        card(ODD, link="rel='nofollow sponsored'"),
        card(ODD, names="promoted-card"),
        card(ODD, names="teaser ad-teaser"),
        card(ODD, before="<img alt=Anzeige src=/label.svg>"),
        card(ODD, before="<span>Presented by Kvam Boilers</span>"),
        card(ODD, before="<span>Anzeige von Kvam Heizungen</span>"),
        card(ODD, after="<span>Sponsored by Kvam Boilers</span>"),
        card(ODD, after="<span>Advertorial</span>"),
        card(f"[Anzeige] {ODD}"),
        card(f"Sponsored | {ODD}"),
        card(f"Advertorial: {ODD}"),
        f"<section><h2>Anzeige</h2>{card(ODD)}{card(ODD + ' too')}</section>",
        f"<section><div>Sponsored content</div><div>{card(ODD)}{card(ODD + ' too')}</div></section>",
        f"<section><p>From our partners</p>{card(ODD)}{card(ODD + ' too')}</section>",
    ],
    a_banner_that_takes_no_story_away=[
        "<div class=banner><span>Advertisement</span><iframe src=https://ads.example/1></iframe></div>",  # between stories
        "<article class=teaser><div><span>Anzeige</span><img src=/b.png></div></article>",
    ],
)
def test_what_is_paid_for_is_no_story(odd: str) -> None:
    assert found(odd) == OWN


@pytest.mark.parametrize(
    "odd",
    [
        card(ODD, told="data-sponsored=false"),
        card(ODD, told="data-sponsored=''"),
        card(ODD, told="data-ad-slot=below-teaser"),
        card(ODD, link="rel=nofollow"),
        card(ODD, names="teaser branded"),
        card(ODD, names="teaser readers"),  # "ad" is no part of a word
        card(ODD, before="<img alt='The mayor advertises a boiler' src=/b.jpg>"),
        card(ODD, before="<span>Presented</span>"),
        card(ODD, after="<div class=slot><span>Anzeige</span><iframe></iframe></div>"),
        card(f"Sponsored: {ODD}"),
        card(f"Anzeige: {ODD}"),  # in German a complaint to the police as well
        card(f"Promoted: {ODD}"),
        f"<div><span>Anzeige</span>{card(ODD)}</div>".replace("<div><span>Anzeige</span>", "<div>"),
    ],
)
def test_words_are_compared_as_words_and_where_they_stand(odd: str) -> None:
    assert len(found(odd)) == len(TITLES) + 1


def test_a_banner_above_some_cards_takes_none_away() -> None:
    pair = f"<div><div><span>Advertisement</span><img src=/b.png alt=''></div>{card(ODD)}{card(ODD + ' too')}</div>"
    assert len(found(pair)) == len(TITLES) + 2


@pytest.mark.parametrize(
    "url",
    [
        "https://jobs.echo.example/offers/why-everybody-in-the-valley-wants-a-boiler-4711",
        "https://stellen.echo.example/why-everybody-in-the-valley-wants-a-boiler-4711.html",
        "/sponsored/why-everybody-in-the-valley-wants-a-boiler-4711.html",
        "/news/advertorial-why-everybody-in-the-valley-wants-a-boiler-4711.html",
        "/news/why-everybody-in-the-valley-wants-a-boiler-4711.html?sponsored=1",
    ],
)
def test_an_address_that_says_so_is_no_story_and_is_told(url: str) -> None:
    assert found(card(ODD, url=url)) == OWN
    stream = "".join(map(card, TITLES)) + card(ODD, url=url)
    page = Page("https://echo.example/", f"<html><body><main>{stream}</main></body></html>".encode())
    assert [told.endswith(url) for told in discover(page).services] == [True]


def test_a_section_on_a_host_of_its_own_has_the_shape_of_the_stories() -> None:
    """At "games." one paper has its puzzles, another the stories of a section, made by the same system."""
    host = "https://games.echo.example"
    section = card(ODD, url=host + address(ODD))
    puzzle = card(ODD, url=f"{host}/play/daily-sudoku")
    assert host + address(ODD) in found(section)
    assert found(puzzle) == OWN


def test_a_page_of_nothing_but_offers_is_what_it_is() -> None:
    stream = "".join(card(title, url=f"https://jobs.echo.example{address(title)}") for title in TITLES)
    page = Page("https://echo.example/", f"<html><body><main>{stream}</main></body></html>".encode())
    assert len(discover(page).items) == len(TITLES)


def test_a_story_about_advertising_is_one() -> None:
    about = card("Sponsored: how a brewery bought the village its football pitch")
    named = card("Advertising on trams divides the council again", names="teaser has-sponsored sponsored--false")
    below = card("The market hall is sold to its own traders", after="<div><span>Advertisement</span></div>")
    assert len(found(about, named, below)) == len(TITLES) + 3


def test_a_page_whose_names_all_say_so_is_not_emptied() -> None:
    stream = "".join(card(title, names="promoted-story") for title in TITLES)
    html = f"<html><body><main class=sponsored-content>{stream}</main></body></html>"
    assert len(discover(Page("https://echo.example/", html.encode())).items) in (0, len(TITLES))


@pytest.mark.parametrize(
    ("title", "path"),
    [("Krah", "/news/krah-4711.html"), ("Recht", "/news/recht-4711.html"), ("Law", "/news/law-4711.html")],
)
def test_a_short_headline_with_a_short_slug_among_stories_is_one(title: str, path: str) -> None:
    odd = (
        f"<article class=teaser><h3><a href={path}>{title}</a></h3><p>One sentence of it, told in short.</p></article>"
    )
    assert found(odd) == OWN | {path}


@pytest.mark.parametrize(("title", "path"), [("Krah", "/politik/krah"), ("Recht", "/recht")])
def test_a_short_headline_in_the_look_of_the_stories_is_one(title: str, path: str) -> None:
    names = [f"/politik/{name}" for name in ("nachtfaehre", "muehle", "maut", "baecker", "tram", "leuchtturm")]
    cards = [
        f"<article class=teaser><img src=/i/{n}.jpg><h3><a href={at}>{name}</a></h3><p>One sentence of it, told in short, number {n}.</p></article>"
        for n, (at, name) in enumerate([*zip(names, TITLES, strict=True), (path, title)])
    ]
    html = f"<html lang=de><body><main>{''.join(cards)}</main></body></html>"
    assert path in links_on(html)


@pytest.mark.parametrize(
    "odd",
    [
        "<article class=teaser><h3><a href=/topic/harbour-bridge>Harbour bridge: all articles on the reconstruction</a></h3></article>",
        "<article class=teaser><h3><a href=/thema/hafenbruecke>Alles zur Hafenbrücke und ihrem Umbau</a></h3></article>",
        "<div class=ticker><a href=/live/ticker/lowhaven-cove-2-1>Lowhaven 2 : 1 Cove</a></div>",
        "<ul class=matches><li><a href=/match/4711>Lowhaven – Cove 2:1</a></li><li><a href=/match/4712>Kvam – Arnholt 0:0</a></li></ul>",
    ],
)
def test_pages_of_topics_and_matches_in_lists_are_no_stories(odd: str) -> None:
    assert found(odd) == OWN
