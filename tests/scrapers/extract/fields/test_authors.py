"""Bylines → names; the language of a text; links to tags."""

from __future__ import annotations

import pytest

from scrapers.extract import extract
from scrapers.extract.claims import Claims
from scrapers.extract.fields import authors as names
from scrapers.extract.fields import decide, language
from scrapers.model import Page

SITES = frozenset({"the example courier", "courier example"})


@pytest.mark.parametrize(
    ("byline", "wanted"),
    [
        ("Ada Lindqvist", ["Ada Lindqvist"]),
        ("By Ada Lindqvist", ["Ada Lindqvist"]),
        ("ByAda", ["ByAda"]),
        ("By | Ada Lindqvist | and | Tomás Rey", ["Ada Lindqvist", "Tomás Rey"]),
        ("Ada Lindqvist; Tomás Rey", ["Ada Lindqvist", "Tomás Rey"]),
        ("Lindqvist, Ada", ["Ada Lindqvist"]),
        ("ADA LINDQVIST-BERG", ["Ada Lindqvist-Berg"]),
        ("Ada Lindqvist, Staff Reporter", ["Ada Lindqvist"]),
        ("Ada Lindqvist Senior Politics Editor", ["Ada Lindqvist"]),
        ("Von Ada Lindqvist (dpa)", ["Ada Lindqvist"]),
        ("dpa/AFP", ["dpa", "AFP"]),
        ("The Example Team", ["The Example Team"]),
        ("The Harbour Telegram & Gazette", ["The Harbour Telegram & Gazette"]),
        ("ABC Rankings Team", ["ABC Rankings Team"]),
        ("Harbour News Desk", ["Harbour News Desk"]),
        ("News Desk", []),
        ("Courier staff reporter", ["Courier staff reporter"]),
        ("By Ada Lindqvist, Harbour Correspondent", ["Ada Lindqvist"]),
        ("Ada Lindqvist, Money Reporter, and Tomás Rey, Guest Columnist", ["Ada Lindqvist", "Tomás Rey"]),
        ("Por Ada Lindqvist 10 de julio de 2026", ["Ada Lindqvist"]),
        ("By Ada Lindqvist 4 min read", ["Ada Lindqvist"]),
        ("记者：王小明 编辑：李华", ["王小明"]),
        ("Harbour Media News Service", ["Harbour Media News Service"]),
        ("Staff and news service reports", []),
        ("Staff and wire reports", []),
        ("BBC NEWS", ["BBC News"]),
        ("IRENE NG", ["Irene Ng"]),
        ("The Harbour Institute for the Sea", ["The Harbour Institute for the Sea"]),
        ("Deutscher Küstenverband für Segelsport", ["Deutscher Küstenverband für Segelsport"]),
        ("Ada Lindqvist for The Courier", ["Ada Lindqvist"]),
        ("Loïc Le Gall", ["Loïc Le Gall"]),
        ("Nadia El Amrani", ["Nadia El Amrani"]),
        ("Loïc Le Gall le 4 mars 2026", ["Loïc Le Gall"]),
        ("Ada Lindqvist am Montag, 4. Mai 2026", ["Ada Lindqvist"]),
        ("Ada Lindqvist as told to Tomás Rey", ["Ada Lindqvist", "Tomás Rey"]),
        ("your Harbour Bloggers", []),
        ("Ada Lindqvist, MD", ["Ada Lindqvist"]),
        ("Ada Lindqvist, MS, RD", ["Ada Lindqvist"]),
        ("Ada Lindqvist, Sr. Director of Operations, Harbour Lines", ["Ada Lindqvist"]),
        ("Photo: Ada Lindqvist", []),
        ("Foto: Ada Lindqvist/dpa", []),
        ("Photo by Ada Lindqvist", []),
        ("Text und Foto: Ada Lindqvist", ["Ada Lindqvist"]),
        ("© 2026 Harbour Lines", []),
        ("Copyright Harbour Lines. All rights reserved.", []),
        ("HAFENSTADT, May 4", []),
        ("12 Quay Street, Hafenstadt", []),
        ("Written By", []),
        ("Interview: Ada Lindqvist", ["Ada Lindqvist"]),
        ("Erstellt von Ada Lindqvist am 4.3.2026", ["Ada Lindqvist"]),
        ("Submitted by Ada Lindqvist on Wed, 03/04/2026 - 08:30", ["Ada Lindqvist"]),
        ("Submitted by admin on Wed, 03/04/2026 - 08:30", []),
        ("Soumis par Ada Lindqvist le mer, 04/03/2026 - 08:30", ["Ada Lindqvist"]),
        ("Geplaatst door Ada Lindqvist op wo, 04/03/2026 - 08:30", ["Ada Lindqvist"]),
        ("Γράφει η Μαρία Ρήγα", ["Μαρία Ρήγα"]),
        ("Ada Lindqvist aus Hafenstadt", ["Ada Lindqvist"]),
        ("Ada Lindqvist @adalind", ["Ada Lindqvist"]),
        ("記者：林小美", ["林小美"]),
        ("박준석 기자", ["박준석"]),
        ("https://courier.example/authors/ada", []),
        ("The Example Courier", []),
        ("The Example Courier, Hafenstadt, Norway", []),
        ("AFP, HAFENSTADT", ["AFP"]),
        ("Halyard Press Agency and Courier Staff", ["Halyard Press Agency", "Courier Staff"]),
        ("Veröffentlicht", []),
        ("admin", []),
        ("Staff Writer", []),
        ("4 March 2026", []),
        ("", []),
    ],
)
def test_clean(byline: str, wanted: list[str]) -> None:
    assert names.clean(byline, sites=SITES) == wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("By Ada Lindqvist", ["Ada Lindqvist"]),
        ("By far the longest bridge of the county", []),
        ("Von der Brücke bis zum Hafen", []),
        ("By Ada", []),  # one word in running text is no name
        ("von Ada van der Berg", ["Ada van der Berg"]),
    ],
)
def test_running_text_must_look_like_a_name(line: str, wanted: list[str]) -> None:
    assert names.clean(line, loose=True) == wanted


def _authors(head: str, above: str) -> tuple[str, ...]:
    body = "<p>The bridge has been open to cars again since Monday morning, as the port said.</p>" * 3
    article = f"<article><h1>Harbour bridge reopens to cars</h1>{above}{body}</article>"
    html = f"<html lang=en><head>{head}</head><body>{article}</body></html>"
    return extract(Page(url="https://courier.example/a-story", body=html.encode())).authors


@pytest.mark.parametrize(
    ("above", "wanted"),
    [
        ("<p class=byline><span>Posted by</span> <b>TomRey</b> <span>on Friday</span></p>", ("TomRey",)),
        ("<p>Ada Lindqvist | Senior Writer | July 2, 2026</p>", ("Ada Lindqvist",)),
        ("<p>World News | July 2, 2026</p>", ()),
        ("<p>World News | Hafenstadt | July 2, 2026</p>", ()),
        ("<div class=sub>Ada Lindqvist, DVM, DACVB; Tomás Rey, DVM</div>", ("Ada Lindqvist", "Tomás Rey")),
        ("<div class=sub>Hafenstadt, Norway; the bridge of the county</div>", ()),
    ],
)
def test_lines_above_the_text(above: str, wanted: tuple[str, ...]) -> None:
    assert _authors("", above) == wanted


BYLINES = {
    "pt": ("Postado por Ada Lindqvist", "Ada Lindqvist"),
    "ja": ("文：山田太郎", "山田太郎"),
    "zh": ("记者：王小明", "王小明"),
    "ko": ("홍길동 기자", "홍길동"),
    "vi": ("Tác giả: Nguyễn An", "Nguyễn An"),
    "id": ("Penulis: Budi Santoso", "Budi Santoso"),
    "th": ("โดย สมชาย ใจดี", "สมชาย ใจดี"),
    "fa": ("نویسنده: سارا احمدی", "سارا احمدی"),
    "hi": ("लेखक: अनीता शर्मा", "अनीता शर्मा"),
    "hr": ("Piše: Ana Horvat", "Ana Horvat"),
    "sr": ("Пише: Ана Јовић", "Ана Јовић"),
}


@pytest.mark.parametrize("language", BYLINES)
def test_a_line_that_begins_as_bylines_do(language: str) -> None:
    line, wanted = BYLINES[language]
    assert _authors("", f"<p>{line}</p>") == (wanted,)


@pytest.mark.parametrize(
    "other",
    [
        "<ul class=further><li><a href=/x>Bakers go back to ovens</a> <span class=author>Jon Vik</span></li></ul>",
        "<div id=comments><p class=author>Jon Vik</p><p>How nice of them.</p></div>",
        "</article><article><h1>Another story of the day</h1><p class=byline>By Jon Vik</p></article><article>",
    ],
)
@pytest.mark.parametrize("own", [True, False])
def test_names_of_other_texts_on_the_page(other: str, own: bool) -> None:
    text = "<p>The bridge has been open to cars again since Monday morning, as the port said.</p>" * 3
    byline = "<p class=byline>By Ada Lindqvist</p>" if own else ""
    assert _authors("", f"{byline}{text}{other}") == (("Ada Lindqvist",) if own else ())


def test_an_id_that_json_ld_writes_as_plain_text() -> None:
    graph = (
        '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","author":"#ada",'
        '"headline":"Harbour bridge reopens to cars"},{"@type":"Person","@id":"#ada","name":"Ada Lindqvist"}]}</script>'
    )
    assert _authors(graph, "") == ("Ada Lindqvist",)


def test_an_account_that_nobody_else_knows_is_no_author() -> None:
    """JSON-LD often names whoever pressed the button; the page shows who wrote."""
    account = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Harbour bridge reopens to cars",'
        '"author":{"name":"Web Publisher"}}</script>'
    )
    shown = '<p class=byline>By <a rel=author href="/author/ada">Ada Lindqvist</a></p>'
    told = account + '<meta name=author content="Ada Lindqvist">'
    assert _authors(told, shown) == ("Ada Lindqvist",)
    assert _authors(account, "") == ("Web Publisher",)
    assert _authors(account, shown) == ("Web Publisher",)  # one witness against one


def test_the_paper_itself_before_the_names_of_other_stories() -> None:
    head = (
        '<meta property="og:site_name" content="The Example Courier"><meta name=author content="The Example Courier">'
    )
    shown = (
        "<p class=author><span>Author</span> <span>The Example Courier</span></p>"
        "<p class=author><a>Ferry to the island stops</a> <span>Tomás Rey</span> <span>May 4, 2026</span></p>"
    )
    assert _authors(head, shown) == ("The Example Courier",)


TEXTS = {
    "en": "The city has opened the bridge and it will count the cars for six months before they decide what is next.",
    "de": "Die Stadt hat die Brücke geöffnet und will nun zählen, wie viele Autos es sind, und ob das gut ist.",
    "fr": "La ville a rouvert le pont et elle va compter les voitures pendant six mois, ce qui est bien.",
    "es": "La ciudad ha abierto el puente y va a contar los coches durante seis meses, lo que es más.",
    "pt": "A cidade abriu a ponte e vai contar os carros por seis meses, o que não foi feito.",
    "it": "La città ha riaperto il ponte e conterà le auto per sei mesi, che non sono più di uno.",
    "nl": "De stad heeft de brug geopend en zal het aantal auto's tellen en dat is niet zo veel.",
    "sv": "Staden har öppnat bron och ska räkna bilarna i sex månader och det är inte så många.",
    "pl": "Miasto otworzyło most i będzie przez sześć miesięcy liczyć auta, ale to nie jest po to, co było.",
    "cs": "Město otevřelo most a bude po šest měsíců počítat auta, ale to se od něj také čeká.",
    "ru": "Город открыл мост и будет полгода считать машины, а не только это, как он сказал.",
    "uk": "Місто відкрило міст і буде пів року рахувати авто, а не тільки це, як він та що з того є.",
    "tr": "Şehir köprüyü açtı ve bu karar için altı ay boyunca sayacak, daha sonra ne olacak.",
    "el": "Η πόλη άνοιξε τη γέφυρα και θα μετράει τα αυτοκίνητα για έξι μήνες.",
    "ja": "市は橋を再び開通させ、半年間、車の数を数える予定だ。",
    "zh": "本市重新開放大橋，並將在半年內統計車輛數量，然後再決定。",
    "ko": "시는 다리를 다시 열었고 반년 동안 차량 수를 셀 예정이다.",
    "ar": "فتحت المدينة الجسر من جديد وسوف تحصي السيارات على مدى ستة أشهر، ما كان هذا في ذلك.",
    "he": "העיר פתחה את הגשר מחדש והיא תספור את המכוניות במשך חצי שנה.",
    "th": "เมืองเปิดสะพานอีกครั้งและจะนับจำนวนรถเป็นเวลาหกเดือน",
    "hi": "शहर ने पुल को फिर से खोल दिया है और वह छह महीने तक गाड़ियों की गिनती के बाद ही कुछ तय करेगा।",
}


@pytest.mark.parametrize("wanted", sorted(TEXTS))
def test_languages(wanted: str) -> None:
    assert language.guess(TEXTS[wanted])[0] == wanted
    assert language.decide([wanted], TEXTS[wanted]) == (wanted, "declared")


@pytest.mark.parametrize(
    ("declared", "wanted"),
    [
        ("en_US", "en-US"),
        ("de-de", "de-DE"),
        ("zh-Hant-TW", "zh-Hant"),
        ("jp", "ja"),
        ("German", "de"),
        ("fil", "fil"),
        ("nonsense", None),
        ("", None),
        ("en-US, fr", "en-US"),
    ],
)
def test_language_tags(declared: str, wanted: str | None) -> None:
    assert language.tag(declared) == wanted


@pytest.mark.parametrize("near", [("nb", "da"), ("hr", "sr"), ("id", "ms")])
def test_near_languages_are_not_quarrelled_over(near: tuple[str, str]) -> None:
    assert language.decide([near[0]], "")[0] == near[0]


def test_tags_of_the_article_not_of_the_menu() -> None:
    html = (
        '<html lang=en><nav><a href="/tag/weather">Weather</a></nav><article><h1>Harbour bridge reopens</h1>'
        '<p>It is open.</p><footer><a rel=tag href="/tag/bridges">#bridges</a> '
        '<a rel="category tag" href="/local">Local</a> <a href="/topics/harbour">harbour</a></footer></article>'
        '<div class=related><a href="/tag/ferries">ferries</a></div>'
        '<footer><a href="/tag/imprint">imprint</a></footer></html>'
    )
    draft = extract(Page(url="https://courier.example/a-story", body=html.encode()))
    assert draft.tags == ("bridges", "harbour")


@pytest.mark.parametrize(
    "machine", ["26157981-b4f7-4929-adc1-e860c6f03636", "100312362", "cat_neurology", "NLP Entity: x"]
)
def test_tags_for_machines_are_left_out(machine: str) -> None:
    html = f'<html lang=en><meta name=keywords content="bridges, {machine}"><h1>Harbour bridge reopens</h1></html>'
    assert extract(Page(url="https://courier.example/a-story", body=html.encode())).tags == ("bridges",)


ADA, TOMAS = "Ada Lindqvist", "Tom\u00e1s Rey"


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"jsonld": (ADA,)}, (ADA,)),
        ({"jsonld": (ADA, TOMAS), "meta": (TOMAS,)}, (ADA, TOMAS)),
        ({"jsonld": (ADA,), "meta": (TOMAS,)}, None),  # a byline may agree with the second
        ({"jsonld": ("alindqvist",)}, None),  # a login: whoever the page shows is meant
        ({"jsonld": ()}, None),
    ],
)
def test_authors_are_settled_where_no_byline_can_change_them(
    told: dict[str, tuple[str, ...]], wanted: tuple[str, ...] | None
) -> None:
    claims = [Claims(who, authors=people) for who, people in told.items()]
    settled = decide.settled_authors(claims, SITES, "Ferry line returns")
    assert (settled[0] if settled else None) == wanted
    for byline in (ADA, TOMAS, "Ines Vik"):
        shown = [*claims, Claims("markup", authors=(byline,)), Claims("byline", authors=(byline,))]
        assert settled in (None, decide.authors(shown, SITES, "Ferry line returns"))
