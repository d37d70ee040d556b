"""Pages that came and are not the story, told by what they are made of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers import Page
from scrapers.extract import extract
from scrapers.extract.page_kind import (
    BUTTON,
    EMPTY,
    OFFERED,
    SHORT,
    TINY,
    Marks,
    _can_accept,
    _is_offer,
    marks,
    page_kind,
)

FRAME = (
    "<!doctype html><html><head><title>{title}</title>{head}</head><body><header><a"
    ' href="/">Tidings</a></header>{body}</body></html>'
)
STORY = "".join(
    f"<p>The harbour council of Vik decided on Monday, with {n} votes against {n + 3}, that the herring boats may land"
    f" at pier {n} again from the first of May, and that the ice house is to be rebuilt before the autumn.</p>"
    for n in range(3, 8)
)
DATED = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"%s",'
    '"datePublished":"2026-03-01T09:00:00Z"}</script>'
)


def kind(
    body: str, title: str = "Tidings", head: str = "", url: str = "https://tidings.example/vik/boats-land"
) -> str | None:
    return extract(Page(url, FRAME.format(title=title, head=head, body=body).encode(), charset="utf-8")).unlike


CONSENTS = {
    "en": (
        "We and our 87 partners store cookies on your device to measure advertising. Your consent may be withdrawn.",
        (
            "Reading with tracking is free of charge; personal data is passed to"
            " partners. See our privacy notice for more."
        ),
        "Agree",
    ),
    "de": (
        (
            "Wir und unsere 87 Partner setzen Cookies auf Ihrem Endgerät ein, um"
            " Werbung zu messen. Ihre Einwilligung gilt."
        ),
        "Mit Werbung und Tracking lesen Sie kostenlos. Näheres steht in den Hinweisen zum Datenschutz der Partner.",
        "Akzeptieren",
    ),
    "fr": (
        "Avec nos 87 partenaires, nous utilisons des cookies et des traceurs. Votre consentement peut être retiré.",
        (
            "La publicité finance ce site ; vous pouvez accepter ou refuser. Voir la"
            " politique de confidentialité des cookies."
        ),
        "Accepter",
    ),
    "es": (
        (
            "Con nuestros 87 socios usamos cookies en su dispositivo. Su consentimiento"
            " puede retirarse cuando usted quiera."
        ),
        (
            "La publicidad paga este sitio; puede aceptar o rechazar. Vea la política"
            " de privacidad y los datos personales."
        ),
        "Aceptar",
    ),
    "pl": (
        "Razem z 87 partnerami zapisujemy ciasteczka na Twoim urządzeniu. Zgoda może zostać wycofana w każdej chwili.",
        (
            "Reklamy finansują ten serwis; możesz wyrazić zgodę. Zobacz politykę"
            " prywatności i dane osobowe naszych partnerów."
        ),
        "Zgadzam się",
    ),
    "ja": (
        "当サイトはクッキーを利用し、パートナー87社と広告を測定します。同意はいつでも取り消すことができます。プライバシーを尊重します。",
        "広告付きで読む場合は同意してください。クッキーとプライバシーについての説明はパートナーのページにあります。",
        "同意する",
    ),
}


@pytest.mark.parametrize("language", CONSENTS)
def test_a_consent_wall(language: str) -> None:
    first, second, button = CONSENTS[language]
    body = f"<main><h1>Tidings</h1><p>{first}</p><p>{second}</p><button>{button}</button></main>"
    assert kind(body) == "a consent wall"


def test_a_consent_wall_over_the_head_of_the_story() -> None:
    first, second, button = CONSENTS["en"]
    body = f"<main><p>{first}</p><p>{second}</p><button>{button}</button></main>"
    assert kind(body, "Boats land", DATED % "Boats land") == "a consent wall"


def test_a_dialog_beside_the_story_is_none() -> None:
    first, _, button = CONSENTS["en"]
    banner = f'<div class="banner"><p>{first}</p><button>{button}</button></div>'
    assert kind(f"{banner}<article><h1>Boats land</h1>{STORY}</article>", "Boats land", DATED % "Boats land") is None


def test_an_article_about_cookies_and_consent_is_an_article() -> None:
    text = "".join(
        (
            f"<p>The court of Vik heard {n} witnesses on cookies and tracking: whoever"
            f" sells advertising, the judge said, needs"
            f" consent, and a button of {n} pixels is no consent. The paper's {n}"
            f" partners have to delete what they stored on"
            f" each device, and the privacy board will look at it again in {n} weeks.</p>"
        )
        for n in range(3, 10)
    )
    body = f"<article><h1>Judge bans cookies without consent</h1>{text}<button>Share</button></article>"
    assert kind(body, "Judge bans cookies without consent", DATED % "Judge bans cookies") is None


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        (
            "Sign in - Tidings",
            '<main><h1>Sign in</h1><form><label>Name</label><input><label>Password</label><input type="password">'
            "<button>Sign in</button></form><p>Forgot your password? We send you a new one to your address.</p></main>",
            "a login",
        ),
        (
            "Anmelden",
            '<main><h1>Anmelden</h1><form><input type="password"><button>Weiter</button></form></main>',
            "a login",
        ),
        (
            "One moment",
            '<div id="challenge-form"></div><p>Your browser is being looked at before you may go on to this site.</p>',
            "a challenge for browsers",
        ),
        (
            "Проверка браузера",
            "<h1>Проверка браузера</h1><p>Это займёт несколько секунд, после чего вы попадёте на сайт.</p>",
            "a challenge for browsers",
        ),
        (
            "Page not found",
            ("<main><h1>404</h1><p>What you were looking for is not here. Try the"
" search, or go back to the start.</p></main>"),
            "an error page",
        ),
        (
            "Tidings",
            ("<main><h1>Die Seite wurde nicht gefunden</h1><p>Vielleicht hilft unsere Suche"
" weiter, oder die Startseite.</p></main>"),
            "an error page",
        ),
        (
            "ページ",
            "<main><h1>ページが見つかりません</h1><p>お探しのページは移動したか削除された可能性があります。トップページへお戻りください。</p></main>",
            "an error page",
        ),
        (
            "Tidings",
            ("<h1>Down for maintenance</h1><p>We are painting the walls and will be"
" back this evening at about eight.</p>"),
            "a notice of maintenance",
        ),
        (
            "tidings.example",
            "<h1>tidings.example</h1><p>This domain is for sale. Make an offer to its owner by the form below.</p>",
            "a parked domain",
        ),
        (
            "Tidings",
            '<div id="root"></div><noscript>This app needs scripts.</noscript><script src="/app.js"></script>',
            "an app's empty shell",
        ),
        (
            "Boats land",
            "<main><h1>Boats land</h1><p>Subscribe for 4 crowns per week and read on, unlimited access, cancel any time"
            "</p><p>Already a member? Log in here. A subscription for students costs half, per month.</p></main>",
            "an offer to subscribe",
        ),
    ],
)  # fmt: skip
def test_what_a_page_is_instead(title: str, body: str, expected: str) -> None:
    assert kind(body, title) == expected


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Boats land", f"<article><h1>Boats land</h1>{STORY}</article>"),
        ("Boats land", (f'<div id="root"><article><h1>Boats'
f' land</h1>{STORY}</article></div><script src="/a.js"></script>')),
        ("Two men not found after storm", f"<article><h1>Two men not found after storm</h1>{STORY}{STORY}</article>"),
        (
            "Boats land",
            f'<article><h1>Boats land</h1>{STORY}</article><form><input type="password"><button>Log in</button></form>',
        ),
        ("Boats land", ("<article><h1>Boats land</h1><p>Boats may land in Vik again, the"
" council said this morning.</p></article>")),
    ],
)  # fmt: skip
def test_a_story_is_a_story(title: str, body: str) -> None:
    assert kind(body, title) is None


WALLS = {  # heading, two lines, what the button says
    "cs": ("Vaše soukromí", "My a 842 partneři ukládáme soubory cookie.", "Souhlas můžete odvolat.", "Souhlasím"),
    "sv": ("Din integritet", "Vi och 842 partner sparar kakor på din enhet.", "Ändra ditt samtycke här.", "Godkänn"),
    "fi": ("Yksityisyytesi", "Me ja 842 kumppania käytämme evästeitä.", "Muuta suostumustasi.", "Hyväksy kaikki"),
    "el": (
        "Το απόρρητό σας",
        "Εμείς και 842 συνεργάτες χρησιμοποιούμε cookies.",
        "Αλλάξτε τη συγκατάθεσή σας.",
        "Συμφωνώ",
    ),
    "ro": (
        "Datele tale",
        "Noi și 842 de parteneri folosim module cookie.",
        "Retrageți consimțământul oricând.",
        "Accept",
    ),
    "hu": (
        "Adatvédelem",
        "Mi és 842 partnerünk sütiket használunk hirdetésekhez.",
        "Vonja vissza hozzájárulását.",
        "Elfogadom",
    ),
    "tr": ("Gizliliğiniz", "Biz ve 842 ortağımız çerez kullanıyoruz.", "Onayınızı geri çekebilirsiniz.", "Kabul et"),
    "ar": (
        "خصوصيتك",
        "نستخدم نحن وشركاؤنا ملفات تعريف الارتباط للإعلانات.",
        "يمكنك سحب موافقتك من إعدادات الخصوصية.",
        "موافق",
    ),
    "he": ("הפרטיות שלך", "אנחנו ו-842 שותפים שומרים עוגיות במכשיר שלך.", "אפשר לבטל את ההסכמה.", "מסכים"),
    "th": ("ความเป็นส่วนตัว", "เราและพันธมิตรใช้คุกกี้เพื่อแสดงโฆษณา", "คุณถอนความยินยอมได้", "ยอมรับ"),
    "vi": (
        "Quyền riêng tư",
        "Chúng tôi và 842 đối tác dùng cookie để quảng cáo.",
        "Đổi lựa chọn về dữ liệu cá nhân.",
        "Đồng ý",
    ),
    "id": ("Privasi Anda", "Kami dan 842 mitra memakai cookie untuk iklan.", "Tarik persetujuan kapan saja.", "Setuju"),
    "hi": ("आपकी गोपनीयता", "हम और 842 भागीदार कुकीज़ से विज्ञापन दिखाते हैं।", "सहमति वापस ली जा सकती है।", "स्वीकार करें"),
    "hr": (
        "Vaša privatnost",
        "Mi i 842 partnera koristimo kolačiće za oglase.",
        "Povucite privolu kada želite.",
        "Prihvaćam",
    ),
}


@pytest.mark.parametrize("head", ["", DATED % "Boats land"])
@pytest.mark.parametrize("language", WALLS)
def test_a_short_consent_wall_in_many_languages(language: str, head: str) -> None:
    heading, first, second, button = WALLS[language]
    body = f"<div><h1>{heading}</h1><p>{first} {second}</p><p>{second} {first}</p><button>{button}</button></div>"
    assert kind(body, head=head) == "a consent wall"


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Siden ble ikke funnet", "an error page"),
        ("Siden findes ikke", "an error page"),
        ("Sivua ei löytynyt", "an error page"),
        ("Az oldal nem található", "an error page"),
        ("Pagina nu a fost găsită", "an error page"),
        ("Stranica nije pronađena", "an error page"),
        ("Stran ne obstaja", "an error page"),
        ("Страницата не е намерена", "an error page"),
        ("Η σελίδα δεν βρέθηκε", "an error page"),
        ("صفحه یافت نشد", "an error page"),
        ("पृष्ठ नहीं मिला", "an error page"),
        ("ไม่พบหน้าที่คุณต้องการ", "an error page"),
        ("Không tìm thấy trang", "an error page"),
        ("Halaman tidak ditemukan", "an error page"),
        ("No s'ha trobat la pàgina", "an error page"),
        ("410", "an error page"),
        ("Internal Server Error", "an error page"),
        ("Index of /vik", "an error page"),
        ("الموقع تحت الصيانة", "a notice of maintenance"),
        ("Εργασίες συντήρησης", "a notice of maintenance"),
        ("503 Service Unavailable", "a notice of maintenance"),
        ("Bảo trì hệ thống", "a notice of maintenance"),
        ("Домен tidings.example продаётся", "a parked domain"),
        ("このドメインは販売中です", "a parked domain"),
        ("This account has been suspended", "a parked domain"),
        ("403 Forbidden", "a challenge for browsers"),
        ("429 Too Many Requests", "a challenge for browsers"),
        ("451: Unavailable due to legal reasons", "a challenge for browsers"),
        ("安全验证", "a challenge for browsers"),
        ("アクセスが制限されています", "a challenge for browsers"),
    ],
)
def test_a_notice_by_its_heading(heading: str, expected: str) -> None:
    assert kind(f"<main><h1>{heading}</h1></main>") == expected


@pytest.mark.parametrize(
    "title",
    [
        "Error 404: the film that nobody saw",
        "The page not found in the archive of Vik",
        "Under maintenance: the bridge of Vik",
        "Domain for sale: a village sells its name",
        "Access denied: reporters wait at the gate",
        "Wartungsarbeiten an der Schleuse",
        "Einen Moment bitte: der Fährmann von Vik",
    ],
)
@pytest.mark.parametrize("date", ["<p>4 March 2026</p>", ""])
def test_a_short_story_whose_headline_sounds_like_a_notice(title: str, date: str) -> None:
    text = STORY[: STORY.find("<p>", 3)] if date else STORY
    assert kind(f"<article><h1>{title}</h1>{date}{text}</article>", title) is None


@pytest.mark.parametrize(
    "words", ["Bejelentkezés", "Autentificare", "เข้าสู่ระบบ", "Đăng nhập", "Masuk", "Σύνδεση", "Sign in"]
)
def test_a_login_by_its_address(words: str) -> None:
    body = f"<h2>{words}</h2><form><input name=who><button>{words}</button></form>"
    assert kind(body, url="https://tidings.example/login?next=/vik") == "a login"


def test_a_page_that_shows_nothing_and_has_a_script() -> None:
    assert kind("<script>location.reload()</script>", "", url="https://tidings.example/a").startswith("an app")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "length", "dated", "offer"),
    [
        ("Subscribe and log in.", TINY - 1, False, True),
        ("Subscribe and log in.", TINY, False, False),
        ("Subscribe and log in.", TINY - 1, True, False),
        ("Subscribe.", TINY - 1, False, False),
        ("Subscribe for a free trial and log in.", TINY, True, True),
        ("Subscribe for a free trial and log in.", OFFERED - 1, False, True),
        ("Subscribe for a free trial and log in.", OFFERED, False, False),
    ],
)
def test_a_tiny_page_without_a_date_asks_in_fewer_words(text: str, length: int, dated: bool, offer: bool) -> None:
    assert _is_offer([text], length, dated=dated) is offer


def test_the_marks_of_a_page() -> None:
    def of(body: str, url: str = "https://tidings.example/vik", *, dated: bool = False) -> Marks:
        return marks(LexborHTMLParser(f"<body>{body}</body>"), url, "The  Tidings", dated=dated)

    long = "Ähren " * 300
    for dated, enough in ((True, EMPTY), (False, SHORT)):
        whole = of(f"<h1>Boats</h1><p>{'x' * (enough - 6)}</p><script></script>", dated=dated)
        assert (whole.length, whole.scripts, whole.text[:7]) == (enough - 1, 1, "boats x"), "one short of enough"
        assert of(f"<h1>Boats</h1><p>{'x' * (enough - 5)}</p><script></script>", dated=dated) == Marks(length=enough)
    assert of(f"<p>{long}</p>").length == len(long.strip())
    assert of(f"<p>{'a   b ' * 3000}</p>").length == SHORT * 8 // 3 - 1, "of one element the beginning, without spaces"
    forms = of("<h1>One</h1><h1>Two</h1><h1>3</h1><h1>4</h1><h2>A</h2><h2>B</h2>" + "<input type=password>" * 7)
    assert forms.headings == ("the tidings", "one", "two", "3", "a")
    assert forms.passwords == 5
    for address, login in (("/login", True), ("/my/Login/", True), ("/logins", False), ("//[", False)):
        assert of("", f"https://tidings.example{address}").login_path is login, address
    assert of("", "https://[").login_path is False


LONG = ("Vik " * 500,)
ASKS = Marks(length=TINY, passwords=1, login_path=True, headings=("log in",), scripts=1)


def unparsed() -> LexborHTMLParser:
    return LexborHTMLParser("<p>Vik</p>")


@pytest.mark.parametrize(
    ("found", "paragraphs", "dated", "expected"),
    [
        (ASKS, (), False, "a login"),
        (ASKS, (), True, None),
        (ASKS, LONG, False, None),
        (replace(ASKS, length=SHORT), (), False, None),
        (replace(ASKS, passwords=0, headings=("vik",)), ("v" * EMPTY,), False, None),
        (replace(ASKS, passwords=0), ("v" * EMPTY,), False, "a login"),
        (replace(ASKS, login_path=False, headings=("vik",)), ("v" * EMPTY,), False, None),
        (Marks(length=5, scripts=1), (), False, None),
        (Marks(length=5, scripts=2), (), False, "an app's empty shell"),
        (Marks(length=5, scripts=1, root=True), (), False, "an app's empty shell"),
        (Marks(scripts=1), (), False, "an app's empty shell"),
        (Marks(scripts=1), ("Vik",), False, None),
        (Marks(root=True), (), False, None),
        (Marks(length=EMPTY, scripts=2), (), False, None),
        (Marks(scripts=2), ("v" * EMPTY,), False, None),
    ],
)
def test_what_the_marks_of_a_page_make_it(
    found: Marks, paragraphs: tuple[str, ...], dated: bool, expected: str | None
) -> None:
    assert page_kind(found, paragraphs, dated=dated, shown=False, again=unparsed) == expected


@pytest.mark.parametrize(
    ("dated", "shown", "offer"), [(False, False, True), (True, False, False), (False, True, False)]
)
def test_a_date_of_any_kind_makes_an_offer_need_more_words(dated: bool, shown: bool, offer: bool) -> None:
    found = page_kind(Marks(SHORT), ["Subscribe and log in."], dated=dated, shown=shown, again=unparsed)
    assert (found == "an offer to subscribe") is offer


def test_what_accepts_is_said_in_few_words() -> None:
    assert _can_accept(["No", "Accept all"])
    assert not _can_accept(["No", "More"])
    assert not _can_accept(["Accept " + "all " * BUTTON])
