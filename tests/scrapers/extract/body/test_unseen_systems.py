"""Markup of systems as they write it: lists of facts above a text, pictures that open in a box, pages of pictures."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

from scrapers.extract import extract
from scrapers.model import Draft, Page

PROSE = (
    "The council voted on Tuesday evening to keep the night ferry running through the winter, at a cost of ninety thousand.",
    "Fishermen from both shores had filled the benches, and several of them spoke about the crossings of last January.",
    "The treasurer warned that the reserve will be empty by spring unless the county agrees to pay for half of the fuel.",
    "A second reading is planned for December; until then the timetable of the summer stays in force on all weekdays.",
)


def read(inner: str, language: str = "en") -> Draft:
    page = f"<!doctype html><html lang={language}><head><meta charset=utf-8><title>Night ferry stays | The Echo</title></head><body><header><a href=/>The Echo</a></header>{inner}<footer>The Echo</footer></body></html>"
    return extract(Page("https://echo.example/news/night-ferry-stays", page.encode()))


def prose(*parts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in (parts or PROSE))


def test_a_list_of_facts_above_the_text_is_none_of_it() -> None:
    facts = (
        '<dl class="article-info text-muted"><dt class="article-info-term">Details</dt>'
        '<dd class="createdby" itemprop="author" itemscope itemtype="https://schema.org/Person">Written by: <span itemprop="name">Ines Okafor</span></dd>'
        '<dd class="category-name">Category: <a href="/news">News</a></dd>'
        '<dd class="published"><time datetime="2026-05-12T08:30:00+00:00" itemprop="datePublished">Published: 12 May 2026</time></dd><dd class="hits">Hits: 3107</dd></dl>'
    )
    found = read(
        f'<main><div class="item-page" itemscope itemtype="https://schema.org/Article"><div class="page-header"><h1 itemprop="headline">Night ferry stays</h1></div>{facts}<div itemprop="articleBody">{prose()}</div></div></main>'
    )
    assert (found.text or "").split("\n") == list(PROSE)
    assert "Details" not in (found.html or "") and found.authors == ("Ines Okafor",)


def test_a_list_of_terms_within_the_text_stays() -> None:
    terms = "<dl><dt>Fare</dt><dd>Four pounds</dd><dt>Crossing</dt><dd>Forty minutes</dd></dl>"
    found = read(
        f"<main><article><h1>Night ferry stays</h1>{prose(*PROSE[:2])}{terms}{prose(*PROSE[2:])}</article></main>"
    )
    assert "Four pounds" in (found.text or "")


def test_a_picture_that_opens_in_a_box_is_no_dialog() -> None:
    figure = (
        '<figure class="wp-block-image alignright size-large wp-lightbox-container" data-wp-context="{}"><img width="1024" height="683" '
        'src="data:image/svg+xml;base64,PHN2ZyB4bWxucz0=" data-src="/up/ferry-1024x683.jpg" alt="" class="lazyload"/>'
        '<button class="lightbox-trigger" type="button" aria-label="Enlarge"></button>'
        "<figcaption>The night ferry at its berth. Photo: Tomás Rey</figcaption></figure>"
    )
    found = read(
        f'<main><h1>Night ferry stays</h1><div class="entry-content">{prose(*PROSE[:2])}{figure}{prose(*PROSE[2:])}</div></main>'
    )
    assert "/up/ferry-1024x683.jpg" in (found.html or "") and "at its berth" in (found.html or "")


def test_a_page_of_pictures_has_all_of_them_with_their_captions() -> None:
    captions = [
        "Crews line up at the start",
        "The red boat takes water",
        "A dog leaves the launch",
        "Winners with the cup",
    ]
    slides = "".join(
        f'<div class="swiper-slide"><figure><img src="/g/{n}.jpg" width="1600" height="1067" alt=""><figcaption>{text}</figcaption></figure></div>'
        for n, text in enumerate(captions)
    )
    found = read(
        '<main><article><header><h1>The regatta in pictures</h1><p class="standfirst">Nine boats, four capsizes and one dog overboard.</p>'
        '<p class="byline">By Ines Okafor · <time datetime="2026-05-12T08:30:00+00:00">12 May 2026</time></p></header>'
        f'<div class="content"><div class="gallery swiper"><div class="swiper-wrapper">{slides}</div></div></div></article></main>'
    )
    assert all(f"/g/{n}.jpg" in (found.html or "") and text in (found.html or "") for n, text in enumerate(captions))


def test_a_footer_under_the_headline_tells_author_and_date() -> None:
    footer = '<footer class="node__meta"><div class="node__submitted">Submitted by <span class="field"><span>Ines Okafor</span></span> on <span><time datetime="2026-05-12T08:30:00+00:00">Tue, 05/12/2026 - 08:30</time></span></div></footer>'
    quote = "<blockquote><p>Nobody who has seen the crossing in January will ever forget it.</p></blockquote>"
    found = read(
        f'<main><article class="node"><h1 class="page-title"><span>Night ferry stays</span></h1>{footer}<div class="node__content">{prose()}{prose(*reversed(PROSE))}{quote}</div></article></main>'
    )
    assert found.authors == ("Ines Okafor",) and (found.published or "").startswith("2026-05-12")


def test_name_and_date_in_elements_without_a_space_between() -> None:
    line = '<div class="author-date"><span>Της Μαρίας Ρήγα</span><span>Δημοσίευση: 12 Μαΐου 2026, 08:30</span></div>'
    text = "Το δημοτικό συμβούλιο αποφάσισε την Τρίτη να συνεχιστεί το νυχτερινό δρομολόγιο και τον χειμώνα, με κόστος ενενήντα χιλιάδες."
    page = f"<article><h1>Μένει το νυχτερινό πλοίο</h1>{line}<div class=main-text>{prose(*(text + str(n) for n in range(4)))}</div></article>"
    assert read(page, "el").authors == ("Μαρίας Ρήγα",)


def test_an_arabic_name_behind_a_word_and_a_colon() -> None:
    line = '<div class="details-info"><span>كتب: كريم الأشقر</span> <span>٢٩ نوفمبر ٢٠٢٦ - 07:26</span></div>'
    text = "قررت البلدية مساء الثلاثاء الإبقاء على رحلات العبارة الليلية طوال الشتاء رغم ارتفاع كلفة الوقود هذا العام. "
    page = f'<div class="container"><h1>العبارة الليلية باقية</h1>{line}<div class=details-body>{prose(*(text * n for n in (1, 2, 3)))}</div></div>'
    assert read(page, "ar").authors == ("كريم الأشقر",)
