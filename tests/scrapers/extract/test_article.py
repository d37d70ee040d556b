"""Whole pages: the fields of the Draft where the witnesses agree, disagree or are missing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from scrapers.errors import ReadFailed
from scrapers.extract import extract
from scrapers.model import Draft, Page
from scrapers.seed.seed import Extract, Seed
from tests.support.paths import ROOT

ADDRESS = "https://www.courier.example/2026/03/04/harbour-bridge"
PARAGRAPHS = (
    "Traffic rolled over the harbour bridge again on Wednesday morning, a year after engineers found the first crack "
    "in one of its piers and closed it within the hour.",
    "The repair took longer than the city had planned. Divers worked through the winter, and the steel for the new "
    "bearings came two months late from the mill.",
    "“We waited for this day,” said the owner of a bakery on the eastern side, who had lost half of her customers when "
    "the ferries took over.",
    "The city now wants to count cars for six months before it decides whether lorries may use the bridge at night.",
)
BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)


def page(
    head: str = "", top: str = "", *, body: str = BODY, url: str = ADDRESS, language: str = "en", end: str = ""
) -> Draft:
    head = f"<!doctype html><html lang={language}><head><meta charset=utf-8>{head}</head>"
    html = f"{head}<body>{top}{body}{end}</body></html>"
    return extract(Page(url=url, body=html.encode()))


def linked(**more: object) -> str:
    return '<script type="application/ld+json">' + json.dumps({"@type": "NewsArticle", **more}) + "</script>"


# --- the page ---------------------------------------------------------------------------------------------------------


def test_every_witness_hears_what_stands_in_a_shadow_root() -> None:
    inner = (
        f"<style>h1{{}}</style><h1>Harbour bridge reopens after a year</h1><div class=byline>By Ada Brunn</div>{BODY}"
    )
    when = (
        "<x-day><template shadowrootmode=closed><time datetime=2026-03-04T09:00:00Z>4 March</time></template></x-day>"
    )
    draft = page(body=f"<x-story><template shadowrootmode=open><article>{when}{inner}</article></template></x-story>")
    assert draft.title == "Harbour bridge reopens after a year"
    assert draft.authors == ("Ada Brunn",)
    assert draft.published == "2026-03-04T09:00:00+00:00"
    assert (draft.text or "").split("\n") == list(PARAGRAPHS)


def test_a_template_that_is_no_shadow_root_says_nothing() -> None:
    other = '<template><h1>A row of the table</h1><time datetime="2020-01-01T00:00:00Z">then</time></template>'
    draft = page("<title>Harbour bridge reopens after a year</title>", other, url="https://www.courier.example/a")
    assert (draft.title, draft.published) == ("Harbour bridge reopens after a year", None)


# --- title ------------------------------------------------------------------------------------------------------------


def test_title_is_the_pages_own_headline_without_the_sites_name() -> None:
    draft = page(
        "<title>Harbour bridge reopens after a year - The Example Courier</title>"
        '<meta property="og:site_name" content="The Example Courier">'
        '<meta property="og:title" content="Harbour bridge reopens after a year | The Example Courier">',
        "<h1>Harbour bridge reopens after a year</h1>",
    )
    assert draft.title == "Harbour bridge reopens after a year"
    assert draft.witnesses["title"] == "markup"


@pytest.mark.parametrize(
    "tab",
    [
        "Harbour bridge reopens after a year – The Example Courier",
        "The Example Courier | Harbour bridge reopens after a year",
        "Harbour bridge reopens after a year - courier.example",
        "Harbour bridge reopens after a year | Courier",
        "Harbour bridge reopens after a year | Local | The Example Courier",
    ],
)
def test_title_without_a_heading(tab: str) -> None:
    site = (
        '<meta property="og:site_name" content="The Example Courier"><meta property="article:section" content="Local">'
    )
    draft = page(f"<title>{tab}</title>{site}")
    assert draft.title is not None
    assert draft.title.startswith("Harbour bridge reopens after a year")
    assert "Courier" not in draft.title


def test_title_of_a_page_whose_first_heading_is_a_breadcrumb() -> None:
    draft = page(
        '<meta property="og:title" content="Bridge open: what drivers must know">'
        + linked(headline="A year of waiting is over"),
        "<nav><h1 data-breadcrumb-headline>Bridge open: what drivers must know</h1></nav>"
        "<header><h2>A year of waiting is over</h2></header>",
    )
    assert draft.title == "A year of waiting is over"


def test_title_holds_no_style_sheet() -> None:
    top = "<h1><style>.a1{color:red}</style>Harbour bridge opens again <style>.a2{top:0}</style></h1>"
    assert page("<title>Harbour bridge opens again</title>", top).title == "Harbour bridge opens again"


def test_title_is_not_the_sites_name_above_the_body() -> None:
    top = "<div class=logo><h1><a href=/>The Courier Archive</a></h1></div>"
    head = "<title>Harbour bridge opens again : The Courier Archive | Halyard</title>"
    assert page(head, top).title == "Harbour bridge opens again"


def test_title_leaves_off_a_kicker_that_the_head_does_not_repeat() -> None:
    draft = page(
        '<meta property="og:title" content="Harbour bridge reopens after a year">',
        '<h1><span class="kicker">Traffic</span> <span>Harbour bridge reopens after a year</span></h1>',
    )
    assert draft.title == "Harbour bridge reopens after a year"


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ('<span class=overline>Work of tomorrow</span>"We paint the ship"', 'Work of tomorrow - "We paint the ship"'),
        ("<span>Work of tomorrow</span><span>We paint the ship</span>", "Work of tomorrow We paint the ship"),
        ("<a href=/x><b>Work of tomorrow:</b>We paint the ship</a>", "Work of tomorrow: We paint the ship"),
        ("<span>T</span>he work of Mc<b>Donald</b>s tomorrow", "The work of McDonalds tomorrow"),
        ("The <em>work of tomorrow</em>, he said: “no more”", "The work of tomorrow, he said: “no more”"),
    ],
)
def test_a_kicker_and_its_headline_are_not_glued(inside: str, title: str) -> None:
    head = f"<meta property='og:title' content='{title}'>" if " - " in title else ""
    assert page(f"{head}<title>The Example Courier</title>", f"<h1>{inside}</h1>").title == title


def test_title_is_not_the_logo() -> None:
    draft = page(
        "<title>Harbour bridge reopens after a year</title>",
        '<h1 class="logo"><a href="/">The Example Courier</a></h1><h2>Harbour bridge reopens after a year</h2>',
    )
    assert draft.title == "Harbour bridge reopens after a year"


# --- authors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byline", "wanted"),
    [
        ("By Ada Lindqvist", ("Ada Lindqvist",)),
        ("By Ada Lindqvist and Tomás Rey", ("Ada Lindqvist", "Tomás Rey")),
        ("Von Ada Lindqvist und Tomás Rey, Hafenstadt", ("Ada Lindqvist", "Tomás Rey")),
        ("Par Ada Lindqvist avec Tomás Rey", ("Ada Lindqvist", "Tomás Rey")),
        ("Por Ada Lindqvist y Tomás Rey", ("Ada Lindqvist", "Tomás Rey")),
        ("Di Ada Lindqvist e Tomás Rey", ("Ada Lindqvist", "Tomás Rey")),
        ("Text: Ada Lindqvist", ("Ada Lindqvist",)),
        ("Veröffentlicht von Ada Lindqvist", ("Ada Lindqvist",)),
        ("By Ada Lindqvist (ada@courier.example)", ("Ada Lindqvist",)),
        ("By Ada Lindqvist, Senior Reporter", ("Ada Lindqvist",)),
        ("By ADA LINDQVIST | 4 March 2026", ("Ada Lindqvist",)),
        ("Автор: Ада Линдквист", ("Ада Линдквист",)),
    ],
)
def test_authors_are_names(byline: str, wanted: tuple[str, ...]) -> None:
    draft = page("", f'<h1>Harbour bridge reopens</h1><div class="byline">{byline}</div>')
    assert draft.authors == wanted


@pytest.mark.parametrize(
    "line",
    [
        "<div class=meta><div>By</div><div>Ada Brunn</div><div>|</div><div>6 min</div></div>",
        "<div><span>Article by:</span> <b>Ada Brunn</b></div>",
        '<ul><li><i class="bi bi-person"></i> Ada Brunn</li><li><i class="bi bi-clock"></i> 4 March 2026</li></ul>',
        '<ul><li>\n<span class="fa fa-user-circle"></span> <a href=/x>Ada Brunn</a></li></ul>',
        "<div class=node__meta><time datetime=2026-03-04>03/04/2026</time> by Ada Brunn, Head of the Club</div>",
        "<div class=publish-date-author>Mar. 4, 2026 &middot; Ada Brunn on behalf of <a href=/t>all</a></div>",
        "<div class=author-name>\n <span>\n By</span> <a href=/a>Ada\nBrunn</a></div>",
    ],
)
def test_a_name_beside_a_word_an_icon_or_a_date(line: str) -> None:
    assert page(top=f"<h1>Harbour bridge reopens after a year</h1>{line}").authors == ("Ada Brunn",)


def test_a_team_in_a_byline() -> None:
    top = (
        "<h1>Harbour bridge reopens after a year</h1><h4 class=author-name>By <a href=/e>The Lowhaven editors</a></h4>"
    )
    assert page(top=top).authors == ("The Lowhaven editors",)


@pytest.mark.parametrize(
    "line",
    [
        '<ul><li><i class="bi bi-clock"></i> Harbour Walk</li></ul>',
        "<div class=meta>4 March 2026 | Harbour Walk</div>",
        "<div>By</div><p>the time the ferry left, half of the town stood on the quay and waved her off.</p>",
    ],
)
def test_what_stands_beside_and_is_no_name(line: str) -> None:
    assert page(top=f"<h1>Harbour bridge reopens after a year</h1>{line}").authors == ()


def test_authors_are_not_the_site_where_a_person_is_given() -> None:
    draft = page(
        '<meta property="og:site_name" content="The Example Courier">' + linked(author={"name": "The Example Courier"}),
        "<h1>Harbour bridge reopens</h1><p>By Ada Lindqvist</p>",
    )
    assert draft.authors == ("Ada Lindqvist",)
    assert page(linked(author={"name": "Example Desk 7"})).authors == ()


def test_authors_of_an_item_that_does_not_hold_the_headline_do_not_count() -> None:
    card = '<div itemscope itemtype="https://schema.org/Article"><span itemprop=author>Nobody Else</span></div>'
    article = (
        '<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop=headline>Harbour bridge reopens</h1>'
        '<span itemprop=author itemscope itemtype="https://schema.org/Person"><b itemprop=name>Ada Lindqvist</b></span>'
        f"{BODY}</div>"
    )
    assert page("", card + article, body="").authors == ("Ada Lindqvist",)


# --- dates ------------------------------------------------------------------------------------------------------------


def test_published_takes_its_zone_from_the_page() -> None:
    draft = page(
        linked(headline="Harbour bridge reopens", datePublished="2026-03-04T06:30:00Z"),
        "<h1>Harbour bridge reopens</h1><time datetime='2026-03-04 07:30:00'>4 March 2026, 07:30</time>",
    )
    assert draft.published == "2026-03-04T07:30:00+01:00"


def test_published_and_updated_are_told_apart() -> None:
    draft = page(
        "",
        "<h1>Harbour bridge reopens</h1><p class=dates>Published: 4 March 2026, 07:30 CET</p>"
        "<p class=dates>Updated: 5 March 2026, 10:00 CET</p>",
        url="https://www.courier.example/harbour-bridge",
    )
    assert draft.published == "2026-03-04T07:30:00+01:00"
    assert draft.updated == "2026-03-05T10:00:00+01:00"


def test_published_is_not_the_date_of_a_related_story_or_of_a_comment() -> None:
    draft = page(
        "",
        "<h1>Harbour bridge reopens</h1>",
        end='<div class="related"><a>Ferry fares</a> <time datetime="2025-01-02">2 January 2025</time></div>'
        '<div class="comments"><span class="date">5 March 2026</span></div>',
    )
    assert draft.published == "2026-03-04"
    assert draft.witnesses["published"] == "url"


def test_published_by_agreement() -> None:
    draft = page(
        linked(headline="Harbour bridge reopens", datePublished="2026-03-01T00:00:00+01:00")
        + '<meta property="article:published_time" content="2026-03-04T07:30:00+01:00">',
        '<h1>Harbour bridge reopens</h1><time datetime="2026-03-04T07:30:00+01:00">4 March</time>',
    )
    assert draft.published == "2026-03-04T07:30:00+01:00"


def test_published_in_a_long_line_that_tells_of_it() -> None:
    line = "Dieser Beitrag wurde am Mi, 4. März 2026 um 07:30 Uhr veröffentlicht und unter Hafen abgelegt."
    draft = page("<title>Die Brücke ist offen</title>", url="", language="de", end=f"<div><small>{line}</small></div>")
    assert (draft.published or "")[:10] == "2026-03-04"


def test_distances_need_a_now() -> None:
    html = f"<html lang=en><h1>Harbour bridge reopens</h1><span class=date>2 hours ago</span>{BODY}</html>".encode()
    source = Page(url="https://www.courier.example/harbour-bridge", body=html)
    now = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
    assert extract(source).published is None
    assert extract(source, now=now).published == "2026-03-04T08:00:00+00:00"


def test_published_in_a_meta_of_that_name_and_in_the_posts_own_sidebar() -> None:
    assert page('<meta name="published" content="July 17, 2025">', url="https://a.example/b").published == "2025-07-17"
    side = (
        "<aside-x class=single-post-sidebar><h4>Published</h4><div class=single-post-date>July 8, 2025</div></aside-x>"
    )
    assert page(top=f"<h1>Harbour bridge reopens</h1>{side}", url="https://a.example/b").published == "2025-07-08"


def test_a_publication_after_the_change_is_none() -> None:
    told = linked(headline="Harbour bridge reopens", datePublished="2026-06-12", dateModified="2026-06-10")
    draft = page(told, "<h1>Harbour bridge reopens</h1><p>March 2, 2026</p>", url="https://a.example/b")
    assert draft.published == "2026-03-02"
    assert page(told, "<h1>Harbour bridge reopens</h1>", url="https://a.example/b").published == "2026-06-12"


def test_a_time_in_utc_is_shown_in_the_zone_of_its_text() -> None:
    top = "<h1>Harbour bridge reopens</h1><time datetime=2026-03-05T04:00:41+00:00>Mar. 4, 2026 11:00 pm EST</time>"
    told = linked(headline="Harbour bridge reopens", datePublished="2026-03-05T04:00:41+00:00")
    assert page(told, top, url="https://a.example/b").published == "2026-03-04T23:00:00-05:00"


def test_dates_of_a_page_that_declares_no_language_are_read_in_the_one_it_is_written_in() -> None:
    words = (
        "Die Brücke ist nach einem Jahr wieder offen, und die Bäckerei hat ihre Kunden zurück, weil der Weg kurz ist. "
    )
    html = f"<!doctype html><h1>Die Brücke ist offen</h1><div class=date>04.03.26</div><p>{words * 9}</p>"
    assert extract(Page(url="https://a.example/b", body=html.encode())).published == "2026-03-04"


def test_a_date_without_zone_stays_without_one() -> None:
    draft = page('<meta property="article:published_time" content="2026-03-04 07:30:00">')
    assert draft.published == "2026-03-04T07:30:00"


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_subtitle_as_the_page_shows_it() -> None:
    told = "Divers worked through the winter, and now the crossing between the two halves of the city is open…"
    shown = "Divers worked through the winter, and now the crossing between the two halves of the city is open again."
    draft = page(
        f'<meta name="description" content="{told}">', f"<header><h1>Harbour bridge reopens</h1><p>{shown}</p></header>"
    )
    assert draft.subtitle == shown


def test_subtitle_is_neither_a_part_of_the_headline_nor_a_line_height() -> None:
    head = '<meta name=description content="A year after the first crack, lorries still have to wait.">'
    top = (
        '<h2><span class="text__topline">Traffic</span> <span class="c-intro__headline">Harbour bridge opens '
        "again for cars</span></h2>"
        '<div><span class="text-md leading-6">Become a member and read as much as you like.</span></div>'
    )
    assert page(head, top).subtitle == "A year after the first crack, lorries still have to wait."


def test_language_is_declared_and_checked() -> None:
    assert page().language == "en"
    assert page(language="en-GB").language == "en-GB"
    german = (
        "<p>Der Verkehr rollt wieder über die Brücke am Hafen, und die Stadt will nun zählen, wie viele Autos es sind. "
        "Sie entscheidet danach, ob auch Lastwagen fahren dürfen. Das ist für viele keine gute Nachricht.</p>"
    )
    assert page(language="en", body=german * 2).language == "de"
    assert (
        page(
            language="xx-nonsense", body="<p>橋は一年ぶりに再び開通した。市は半年間、車の数を数える予定だ。</p>" * 3
        ).language
        == "ja"
    )


def test_tags_and_section() -> None:
    draft = page(
        '<meta property="article:section" content="Local"><meta property="og:site_name" content="The Example Courier">'
        '<meta name="keywords" content="bridges, harbour, The Example Courier, Bridges">',
    )
    assert draft.tags == ("bridges", "harbour")
    assert draft.section == "Local"


@pytest.mark.parametrize(
    ("told", "section"),
    [
        ("Top,Local,Harbour", "Top"),
        ("The Example Courier,Local", "Local"),
        ("Food, Drink & Travel", "Food, Drink & Travel"),
    ],
)
def test_the_section_is_one_of_a_joined_list(told: str, section: str) -> None:
    site = '<meta property="og:site_name" content="The Example Courier">'
    head = f'<meta property="article:section" content="{told}">{site}'
    assert page(head).section == section


def test_addresses_and_image() -> None:
    draft = page(
        '<link rel=canonical href="/harbour-bridge"><meta property="og:url" content="https://www.courier.example/n/77">'
        '<link rel=amphtml href="/amp/harbour-bridge"><meta property="og:image" content="/lead.jpg">'
    )
    assert draft.canonical == "https://www.courier.example/harbour-bridge"
    assert set(draft.aliases) >= {"https://www.courier.example/n/77", "https://www.courier.example/amp/harbour-bridge"}
    assert draft.image is not None
    assert draft.image.url == "https://www.courier.example/lead.jpg"


def test_paywall_and_sponsorship() -> None:
    assert page(linked(headline="Harbour bridge reopens", isAccessibleForFree=False)).paywalled
    assert not page(linked(headline="Harbour bridge reopens", isAccessibleForFree=True)).paywalled
    assert page("", "<span>Sponsored content</span><h1>Paint your bridge with Glossy</h1>").sponsored
    assert not page("", "<span>Advertisement</span><h1>Harbour bridge reopens</h1>").sponsored


@pytest.mark.parametrize(
    ("url", "head", "wanted"),
    [
        (
            "https://news.google.com/rss/articles/CBMiLmh0dHBzOi8vY291cmllci5leGFtcGxlL2hhcmJvdXItYnJpZGdl0gEA",
            "",
            "https://courier.example/harbour-bridge",
        ),
        (
            "https://links.example/go?id=7",
            '<meta http-equiv=refresh content="0; url=https://courier.example/harbour-bridge">',
            "https://courier.example/harbour-bridge",
        ),
        (ADDRESS, '<meta http-equiv=refresh content="300">', None),
    ],
)
def test_doorways_tell_their_target(url: str, head: str, wanted: str | None) -> None:
    assert page(head, url=url).canonical == wanted


def test_the_seed_has_the_first_word() -> None:
    seed = Seed(
        name="courier",
        home="https://www.courier.example/",
        timezone="Europe/Berlin",
        extract=Extract(title=".own", authors=".who", published=".when", drop=(".promo",)),
    )
    html = (
        "<html lang=en><head><title>Wrong</title></head><body><h1>Wrong</h1>"
        "<div class=promo><h2 class=own>Buy now</h2></div>"
        "<h3 class=own>Harbour bridge reopens</h3><i class=who>Ada Lindqvist</i><b class=when>4 March 2026 07:30</b>"
        f"{BODY}</body></html>"
    )
    draft = extract(Page(url=ADDRESS, body=html.encode()), seed)
    assert draft.title == "Harbour bridge reopens"
    assert draft.authors == ("Ada Lindqvist",)
    assert draft.published == "2026-03-04T07:30:00"
    assert {draft.witnesses[name] for name in ("title", "authors", "published")} == {"selectors"}


def test_a_page_that_draws_itself() -> None:
    story = {
        "headline": "Harbour bridge reopens",
        "publishedAt": "2026-03-04T07:30:00+01:00",
        "bodyHtml": BODY,
        "authors": ["Ada Lindqvist"],
    }
    draft = page(
        "<title>Harbour bridge reopens</title>",
        "<div id=root></div>",
        body="",
        end=f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": {"story": story}})}</script>',
        url="https://www.courier.example/harbour-bridge",
    )
    assert draft.title == "Harbour bridge reopens"
    assert draft.authors == ("Ada Lindqvist",)
    assert draft.published == "2026-03-04T07:30:00+01:00"


def test_an_empty_page_says_nothing() -> None:
    draft = page(body="", url="")
    assert draft.title is None
    assert draft.text is None
    assert draft.published is None
    assert draft.authors == ()


def test_a_page_over_the_limits_is_refused() -> None:
    with pytest.raises(ReadFailed):
        extract(Page(url=ADDRESS, body=b"<p>" * 60_000))


def test_no_rule_names_a_site() -> None:
    """The extractor knows the web, not sites: no host name of a real publication stands in its code."""
    folder = ROOT / "scrapers" / "extract"
    allowed = ("schema.org", "news.google.com", "google.com", "gstatic.com", "youtube.com")
    for file in folder.rglob("*.py"):
        for word in file.read_text(encoding="utf-8").replace('"', " ").replace("'", " ").split():
            if word.lower().endswith((".com", ".de", ".org", ".co.uk", ".fr")):
                assert word.strip("(,").endswith(allowed), f"{file.name}: {word}"


def test_image_is_the_pages_own_cut_with_its_caption() -> None:
    draft = page(
        '<meta property="og:image" content="https://img.courier.example/social/1200x630/harbour-bridge-7741923.jpg">',
        '<h1>Harbour bridge reopens</h1><img src="/logo-courier.png" width=40><figure>'
        '<img src="data:image/gif;base64,R0" alt="Cars on the bridge" '
        'srcset="/img/640/harbour-bridge-7741923.jpg 640w, /img/1280/harbour-bridge-7741923.jpg 1280w">'
        '<figcaption>The first cars on Wednesday. <span class="credit">Photo: Tomás Rey</span></figcaption></figure>',
    )
    assert draft.image is not None
    assert draft.image.url == "https://www.courier.example/img/1280/harbour-bridge-7741923.jpg"
    assert draft.image.caption == "The first cars on Wednesday."
    assert draft.image.credit == "Photo: Tomás Rey"
    assert draft.image.alt == "Cars on the bridge"


def test_image_beside_the_headline_where_the_head_names_none() -> None:
    draft = page(
        "",
        '<h1>Harbour bridge reopens</h1><img class=avatar src="/ada.jpg" width=300><img src="/bridge.jpg" width=900>',
    )
    assert draft.image is not None
    assert draft.image.url == "https://www.courier.example/bridge.jpg"


# --- titles where the page hardly tells one ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "top",
    [
        "<h1></h1><h2>Harbour bridge reopens after a year</h2>",
        "<h2>Harbour bridge reopens after a year</h2>",
        '<div role="heading" aria-level="1">Harbour bridge reopens after a year</div>',
        '<h1><img src="/logo.png" alt=""></h1><div role=heading>Harbour bridge reopens after a year</div>',
    ],
)
def test_a_headline_in_another_element(top: str) -> None:
    assert page("", f"<main>{top}", end="</main>").title == "Harbour bridge reopens after a year"
    with_site = "<title>The Example Courier</title><meta property=og:site_name content='The Example Courier'>"
    assert page(with_site, f"<main>{top}", end="</main>").title == "Harbour bridge reopens after a year"


def test_the_sites_name_is_no_title_while_another_is_told() -> None:
    head = (
        '<meta property="og:title" content="The Example Courier">'
        '<meta property="og:site_name" content="The Example Courier">'
        '<meta name="twitter:title" content="Harbour bridge reopens after a year">'
    )
    assert page(head).title == "Harbour bridge reopens after a year"


def test_the_name_that_leads_home_is_the_sites() -> None:
    head = "<title>Notes from the quay</title>"
    assert page(head, "<header><h1><a href='/'>Notes from the quay</a></h1></header>").title is None


def test_placeholders_and_logos_are_no_lead_pictures() -> None:
    told = '<meta property="og:image" content="https://www.courier.example/img/blank.jpg">'
    caption = "<figcaption>The bridge. Photo: Ada Berg</figcaption>"
    shown = f'<figure><img src="/img/bridge-at-dawn.jpg" width=900>{caption}</figure>'
    picture = page(told, f"<h1>Harbour bridge reopens after a year</h1>{shown}").image
    assert picture is not None
    assert picture.url == "https://www.courier.example/img/bridge-at-dawn.jpg"
    assert (picture.caption, picture.credit) == ("The bridge.", "Photo: Ada Berg")
    assert page('<meta property="og:image" content="https://www.courier.example/">').image is None
    assert page('<meta property="og:image" content="/static/courier-logo.png">').image is None
