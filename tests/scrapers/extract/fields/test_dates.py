"""Which of a page's dates is that of its publication."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrapers.extract import extract
from scrapers.extract.fields import date_search
from scrapers.extract.fields.date_search import _excerpt
from scrapers.extract.lexicon.date_labels import year_in
from scrapers.model import Draft, Page

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BODY = "".join(
    f"<p>{text}</p>"
    for text in (
        "Traffic rolled over the harbour bridge again on Wednesday morning, a year after engineers found the first crack.",
        "The repair took longer than the city had planned. Divers worked through the winter, and the steel came late.",
        "The city now wants to count cars for six months before it decides whether lorries may use the bridge at night.",
    )
)


LONG_LINE = "the herring boats that lie at the pier are to be counted again by the harbour board before autumn comes."


def read(
    top: str, *, head: str = "", end: str = "", language: str = "en", url: str = "https://courier.example/bridge"
) -> Draft:
    html = (
        f"<!doctype html><html lang={language}><head><meta charset=utf-8><title>The bridge is open</title>{head}</head>"
        f"<body><main><article><h1>The bridge is open</h1>{top}{BODY}</article></main>{end}</body></html>"
    )
    return extract(Page(url=url, body=html.encode()), now=NOW)


@pytest.mark.parametrize(
    ("top", "language", "published"),
    [
        (
            "<span class=date>Published 4 March 2026 10:30 | Updated 6 March 2026 08:00</span>",
            "en",
            "2026-03-04T10:30:00",
        ),
        ("<span class=date>Updated 6 March 2026 08:00 | Published 4 March 2026</span>", "en", "2026-03-04"),
        ("<p>Stand: 04.03.2026, 10:30 Uhr</p>", "de", "2026-03-04T10:30:00"),
        ("<div>Erschienen am 4. März 2026</div>", "de", "2026-03-04"),
        (
            "<div class=stamp-date>Printed on 6 March 2026</div><p class=posted>Posted 4 March 2026</p>",
            "en",
            "2026-03-04",
        ),
        ("<div class=info><span class=time>1小时10分前</span></div>", "zh", "2026-11-24T10:50:00+00:00"),
        ("<span class=date>26 | 01 | 2026</span>", "de", "2026-01-26"),
        ("<span class=newsDate>04 مارس 2026 02:30 م</span>", "ar", "2026-03-04T14:30:00"),
    ],
)
def test_labelled_lines(top: str, language: str, published: str) -> None:
    assert read(top, language=language).published == published


def test_printed_on_is_no_date_of_the_story() -> None:
    assert read("<div class=print-date>Printed on 6 March 2026</div>").published is None


@pytest.mark.parametrize(
    "markup",
    [
        '<abbr class="published" title="2026-03-04T10:30:00+01:00">10:30</abbr>',
        '<div class="hentry"><span class="vcard fn">Ada Berg</span> <abbr class="dtstart" title="2026-03-04T10:30:00+01:00">March</abbr></div>',
        '<time class="dt-published" datetime="2026-03-04T10:30:00+01:00">4 March</time>',
        '<time class="field field--created" datetime="2026-03-04T10:30:00+01:00">03/04 — 2026</time>',
    ],
)
def test_exact_witnesses_in_the_markup(markup: str) -> None:
    assert read(markup).published == "2026-03-04T10:30:00+01:00"


def test_the_exact_witness_is_heard_after_a_coarse_one() -> None:
    script = "<script>var page = {}; var createTime = '2026-03-04 10:30'; </script>"
    assert read("<span class=date>4 March 2026</span>", end=script).published == "2026-03-04T10:30:00"
    other = script.replace("03-04", "02-01")  # of another day: it is of another thing
    assert read("<span class=date>4 March 2026</span>", end=other).published == "2026-03-04"
    stamp = '<script>var ct = "1772600100"; var title = "x";</script>'
    assert read("", end=stamp).published == "2026-03-04T04:55:00+00:00"


def test_the_text_of_a_time_beats_an_attribute_that_tells_another_day() -> None:
    draft = read('<time datetime="2026-03-09T08:00:00+01:00">4 March 2026</time>')
    assert draft.published == "2026-03-04"
    assert draft.updated == "2026-03-09T08:00:00+01:00"
    same = read('<time datetime="2026-03-04T08:00:00+01:00">4 March 2026</time>')
    assert same.published == "2026-03-04T08:00:00+01:00"


def test_a_label_beats_a_date_of_unknown_kind() -> None:
    head = '<meta name="date" content="2026-03-09T08:00:00Z">'
    assert read("<p class=posted>Published on 4 March 2026</p>", head=head).published == "2026-03-04"


def test_neither_a_sentence_nor_an_embedded_post_dates_the_story() -> None:
    sentence = "<p>The first crack in the pier was found by divers on 3 May 2019.</p>"
    post = '<blockquote class="twitter-tweet"><p>Look!</p><time datetime="2018-02-03T10:00:00Z">3 Feb 2018</time></blockquote>'
    assert read(f"{post}{sentence}<span>Posted 4 March 2026</span>").published == "2026-03-04"
    assert read(post).published is None


def test_a_time_in_utc_is_shown_on_the_day_that_the_paper_names() -> None:
    head = '<meta property="article:published_time" content="2026-03-03T23:00:00.000Z">'
    german = read("", head=head, language="de", url="https://kurier.example/a")
    assert german.published == "2026-03-04T00:00:00+01:00"
    late = head.replace("23:00", "23:11")
    assert (
        read("<span class=date>4. März 2026</span>", head=late, language="de").published == "2026-03-04T00:11:00+01:00"
    )
    assert read("", head=late, language="de").published == "2026-03-03T23:11:00+00:00"


def test_the_address_turns_the_digits_of_a_day() -> None:
    top = "<span class=date>03/10/2026</span>"
    assert read(top).published == "2026-03-10"
    assert read(top, url="https://courier.example/2026/october/03/bridge").published == "2026-10-03"
    assert read(top, url="https://courier.co.uk/bridge").published == "2026-10-03"
    assert read(top, head='<meta property="og:locale" content="en_GB">').published == "2026-10-03"


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://courier.example/2026/03/04/bridge", "2026-03-04"),
        ("https://courier.example/bridge-20260304-101", "2026-03-04"),
        ("https://courier.example/wire/urn-newsml-agency-com-20090101-260304-99-123456", "2026-03-04"),
        ("https://journal.example/doi/10.1234/jr.20190102.77", None),
        ("https://courier.example/bridge-123456789", None),
    ],
)
def test_days_in_addresses(url: str, day: str | None) -> None:
    assert date_search.of_address(url) == day


def test_an_old_article_is_old() -> None:
    assert read("<span class=date>3 May 1991</span>").published == "1991-05-03"
    assert read('<time datetime="1970-01-01T00:00:00Z"></time>').published is None
    assert read('<time datetime="0001-01-01T00:00:00"></time>').published is None


def test_a_post_that_is_the_page_itself_keeps_its_date() -> None:
    assert read(
        '<div class="tweet permalink"><time datetime="2026-03-04T10:30:00Z">4 March 2026</time></div>'
    ).published


_CARDS = "".join(
    f"<article itemscope itemtype='https://schema.org/Article'><a href=/other-{day}><h3>Ferry company raises its fares for a"
    f" second time this year</h3><span itemprop=datePublished content=2026-03-1{day}>Mar 1{day}, 2026</span></a></article>"
    for day in range(1, 5)
)


def test_the_dates_of_cards_of_other_stories_are_none() -> None:
    top = "<div class=card__info><span>Mar 4, 2026</span><span>5 mins</span></div>"
    assert read(top, end=_CARDS).published == "2026-03-04"
    loose = _CARDS.replace("itemscope itemtype='https://schema.org/Article'", "")
    assert read(top, end=loose).published == "2026-03-04"
    own = "<a href=/bridge rel=bookmark><time itemprop=datePublished datetime=2026-03-04T10:30:00+01:00>March 4</time></a>"
    assert read(own).published == "2026-03-04T10:30:00+01:00"


def test_the_date_beside_a_linked_headline_in_a_list_is_of_that_story() -> None:
    own = "<header><time datetime='2026-03-04 10:30'>4 March 2026, 10:30</time></header>"
    others = (
        "<ul><li><time datetime='2026-02-01 09:00'>1 February 2026</time> <a href=/f><b>Ferry company raises its fares"
    )
    html = (
        f"<html lang=en><body>{own}<main><h1>The bridge is open</h1>{BODY}</main><div>{others}</b></a></li></ul></div>"
    )
    assert extract(Page("https://courier.example/bridge", html.encode()), now=NOW).published == "2026-03-04T10:30:00"
    own = "<ul class=meta><li><a href=/people/ada>Ada Lindqvist</a></li><li><time datetime=2026-03-04>4 March</time></li></ul>"
    assert read(own).published == "2026-03-04"


def test_a_date_in_the_articles_sidebar_counts_where_the_label_before_it_says_so() -> None:
    side = "<div class=story-sidebar><ul><li><p class=title>{}</p>\n<p class=content>4 mars 2026</p></li></ul></div>"
    html = f"<html lang=fr><body><main><h1>Le pont est ouvert</h1><article>{BODY * 3}{side}</article></main>"

    def published(label: str) -> str | None:
        return extract(Page("https://courier.example/pont", html.format(label).encode()), now=NOW).published

    assert published("Mise en ligne") == "2026-03-04"
    assert published("Réalisation") is None


def test_json_ld_in_a_meta_is_heard() -> None:
    told = "{&quot;@type&quot;:&quot;Article&quot;,&quot;datePublished&quot;:&quot;2026-03-04T09:00:00-05:00&quot;,&quot;headline&quot;:&quot;The bridge is open&quot;}"
    assert read("", head=f'<meta name="script:ld+json" content="{told}">').published == "2026-03-04T09:00:00-05:00"


def test_a_day_at_the_end_of_an_address_may_stand_before_its_month() -> None:
    assert date_search.of_address("https://courier.example/politica/bridge-opens-nid04032026/") == "2026-03-04"
    assert date_search.of_address("https://courier.example/politica/bridge-opens-4032026/") is None
    assert date_search.of_address("https://courier.example/item/93140320261") is None
    assert date_search.of_address("https://courier.example/home/2026/3/4/bridge") == "2026-03-04"


def test_beside_a_told_change_a_date_without_label_elsewhere_is_no_publication() -> None:
    top = "<div class=by><span>Updated:</span>\n <time datetime=2026-03-04T10:30:00+01:00>March 4, 2026</time></div>"
    end = "<div class=post-line><time datetime=2026-03-20T09:00:00+01:00></time><a href=/ferry>Ferry fares</a></div>"
    html = f"<html lang=en><body><main><article><h1>The bridge is open</h1>{top}{BODY * 3}</article></main>{end}"
    draft = extract(Page("https://courier.example/bridge", html.encode()), now=NOW)
    assert draft.updated == draft.published == "2026-03-04T10:30:00+01:00"


CHANGED_FIRST = {
    "de": "Aktualisiert am 06.03.2026, 10:00 Uhr | Veröffentlicht am 04.03.2026, 08:00 Uhr",
    "fr": "Mis à jour le 6 mars 2026 à 10h00 - Publié le 4 mars 2026 à 08h00",
    "es": "Actualizado a 06/03/2026 10:00 · Publicado 04/03/2026 08:00",
    "pt": "Atualizado em 06/03/2026 às 10h00 - Publicado em 04/03/2026 às 08h00",
    "it": "Aggiornato il 6 marzo 2026 alle 10:00 / Pubblicato il 4 marzo 2026 alle 08:00",
    "nl": "Laatst bijgewerkt 6 maart 2026 10:00, gepubliceerd 4 maart 2026 08:00",
    "sv": "Uppdaterad 6 mars 2026 kl. 10.00 Publicerad 4 mars 2026 kl. 08.00",
    "pl": "Aktualizacja: 6.03.2026 10:00 Publikacja: 4.03.2026 08:00",
    "hu": "Frissítve: 2026. március 6. 10:00 Megjelent: 2026. március 4. 08:00",
    "ru": "Обновлено: 6 марта 2026, 10:00. Опубликовано: 4 марта 2026, 08:00",
    "tr": "Güncelleme: 06.03.2026 10:00 Yayınlanma: 04.03.2026 08:00",
    "el": "Ενημέρωση: 6 Μαρτίου 2026 10:00 Δημοσίευση: 4 Μαρτίου 2026 08:00",
    "ar": "آخر تحديث: 6 مارس 2026 10:00 تاريخ النشر: 4 مارس 2026 08:00",
    "he": "עודכן: 06.03.2026 10:00 פורסם: 04.03.2026 08:00",
    "hi": "अपडेटेड 6 मार्च 2026 10:00 | प्रकाशित 4 मार्च 2026 08:00",
    "th": "ปรับปรุง: 6 มี.ค. 2569 10:00 เผยแพร่: 4 มี.ค. 2569 08:00",
    "vi": "Cập nhật: 06/03/2026 10:00 | Đăng lúc: 04/03/2026 08:00",
    "id": "Diperbarui 6 Maret 2026 10:00 | Diterbitkan 4 Maret 2026 08:00",
    "ja": "更新日：2026年3月6日 10:00 公開日：2026年3月4日 08:00",
    "zh": "更新时间：2026-03-06 10:00 发布时间：2026-03-04 08:00",
    "ko": "수정 2026.03.06 10:00 | 입력 2026.03.04 08:00",
}


@pytest.mark.parametrize("language", sorted(CHANGED_FIRST))
def test_the_change_before_the_publication_in_one_line(language: str) -> None:
    draft = read(f"<p>{CHANGED_FIRST[language]}</p>", language=language)
    assert (draft.published, draft.updated) == ("2026-03-04T08:00:00", "2026-03-06T10:00:00")


@pytest.mark.parametrize(
    ("top", "language", "published"),
    [  # years that are not four ASCII digits, in lines that nothing marks as a date
        ("<p>০৪ মার্চ ২০২৬, ০২:৩০ পিএম</p>", "bn", "2026-03-04T14:30:00"),
        ("<p>४ मार्च २०२६</p>", "hi", "2026-03-04"),
        ("<p>٤ مارس ٢٠٢٦</p>", "ar", "2026-03-04"),
        ("<p>๔ มีนาคม ๒๕๖๙</p>", "th", "2026-03-04"),
        ("<p>令和8年3月4日</p>", "ja", "2026-03-04"),
        ("<p>民國115年3月4日</p>", "zh-TW", "2026-03-04"),
        ('<p>ט"ו באדר תשפ"ו</p>', "he", "2026-03-04"),
        ("<span class=date>منذ ساعة و10 دقائق</span>", "ar", "2026-11-24T10:50:00+00:00"),
        ("<span class=date>לפני שעה ו-10 דקות</span>", "he", "2026-11-24T10:50:00+00:00"),
        ("<p>Received: 1 June 2025 / Accepted: 20 December 2025 / Published: 4 March 2026</p>", "en", "2026-03-04"),
        # the class of a `<time>` may mean its attribute
        ('<time class=updated datetime="2026-03-09T10:00:00Z">4 March 2026</time>', "en", "2026-03-04"),
        ('<time class=updated datetime="2026-03-04T10:00:00Z">8 months ago</time>', "en", "2026-03-04T10:00:00+00:00"),
        # an exact title beside a distance, in elements that are no `<abbr>`
        (
            '<span class="dt-published" title="2026-03-04T08:00:00Z">8 months ago</span>',
            "en",
            "2026-03-04T08:00:00+00:00",
        ),
        ('<div class="post-date" title="4. März 2026, 08:00">vor 8 Monaten</div>', "de", "2026-03-04T08:00:00"),
    ],
)
def test_what_a_line_tells(top: str, language: str, published: str) -> None:
    assert read(top, language=language).published == published


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("4 March 2026", "4 March 2026"),
        ("2026", ""),
        ("no year at all", ""),
        (LONG_LINE, ""),
        (f"4 March 2026, {LONG_LINE}", "4 March 2026, the herring bo"),
        (f"{LONG_LINE} It was published on 4 March 2026 by the board.", "was published on 4 March 2026 by the board."),
        (f"Published, {LONG_LINE} of the year 2026 and of no other.", ""),  # too far before it
        (f"{LONG_LINE} of the year 2026 and of no other year that anybody remembers was published", ""),
    ],
)
def test_what_of_a_line_may_be_its_date(text: str, part: str) -> None:
    found = _excerpt(text)
    assert found == part or (part and found.endswith(part))


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Monday, 3 March 2026", "2026"),
        ("published 03.01.17", "03.01.17"),
        ("๓ มีนาคม ๒๕๖๙", "๒๕๖๙"),
        ("令和8年3月1日", "8年3月"),
        ("י״ב באדר תשפ״ו", "תשפ״ו"),
        ("The harbour master said on Monday that the quay is closed", None),
        ("at 10:30, page 12", None),
    ],
)
def test_the_year_in_a_text_is_found_in_any_script(text: str, year: str | None) -> None:
    found = year_in(text)
    assert (found[0] if found is not None else None) == year
