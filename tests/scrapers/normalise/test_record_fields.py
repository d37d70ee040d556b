"""Each field of a record at the edges of what it takes: empty, too long, too large, foreign, doubled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from scrapers.errors import PageChanged
from scrapers.model import Draft, File, Image, Record
from scrapers.normalise.record import fingerprint, normalise
from scrapers.seed.seed import Seed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed(name="courier", home="https://courier.example/", hosts=("courier.test",))
TITLED = Seed(name="courier", home="https://courier.example/", title="Courier")
TEXT = "The old quay is closed until spring, the harbour office said on Sunday."
URL, KEY = "https://courier.example/2026/old-quay-closed", "courier.example/2026/old-quay-closed"


def made(url: str = URL, *, seed: Seed = SEED, first_seen: datetime = NOW, **told: Any) -> Record:
    visit = {name: told.pop(name) for name in ("asked", "position", "site_title") if name in told}
    draft = Draft(**{"title": "Old quay closed", "text": TEXT, **told})
    return normalise(draft, url=url, seed=seed, first_seen=first_seen, **visit)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (
            Image("/a.jpg", caption="A quay", credit="Ada Vos", alt="Boats", width=1, height=100_000),
            Image("https://courier.example/a.jpg", "A quay", "Ada Vos", alt="Boats", width=1, height=100_000),
        ),
        (
            Image("https://u:p@courier.example/a.jpg", caption="", alt=" ", width=0, height=100_001),
            Image("https://courier.example/a.jpg"),
        ),
        (Image("data:image/png;base64,AAAA"), None),
        (Image("http:///a.jpg"), None),
        (None, None),
    ],
)
def test_an_image(told: Image | None, kept: Image | None) -> None:
    assert made(image=told).image == kept


def test_files_are_absolute_once_each_and_ten_at_most() -> None:
    told = (
        File("/a.mp3", "Audio/MPEG", 5),
        File("/a.mp3", "x", 6),
        File("mailto:x"),
        File("/b.mp4", "", 0),
        File("/c.mp4", None, 10**13),
        File("/d.mp4", None, 10**13 - 1),
    )
    assert made(files=told).files == (
        File("https://courier.example/a.mp3", "audio/mpeg", 5),
        File("https://courier.example/b.mp4"),
        File("https://courier.example/c.mp4"),
        File("https://courier.example/d.mp4", None, 10**13 - 1),
    )
    assert len(made(files=tuple(File(f"/{n}.mp3") for n in range(12))).files) == 10


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("CC BY 4.0", "CC BY 4.0"),
        ("/licence", "https://courier.example/licence"),
        ("https://ada@creativecommons.example/by/", "https://creativecommons.example/by/"),
        ("mailto:a/b", None),
        ("  ", None),
        (None, None),
    ],
)
def test_a_licence_is_an_address_or_a_name(told: str | None, kept: str | None) -> None:
    assert made(license=told).license == kept


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("/a#comments", "https://courier.example/a#comments"),
        ("https://ada@talk.example/a", "https://talk.example/a"),
        ("mailto:desk@courier.example", None),
        ("", None),
        (None, None),
    ],
)
def test_the_addresses_of_comments(told: str | None, kept: str | None) -> None:
    record = made(comments=told, comments_feed=told)
    assert (record.comments, record.comments_feed) == (kept, kept)


def test_names_and_tags_are_kept_once_in_their_first_spelling() -> None:
    record = made(tags=("Sea", "sea ", "", "Port"), contributors=("Cy Dahl", "cy dahl"), authors=("Ada", "ADA"))
    assert (record.tags, record.contributors, record.authors) == (("Sea", "Port"), ("Cy Dahl",), ("Ada",))
    assert len(made(tags=tuple(str(n) for n in range(51))).tags) == 50
    assert len(made(tags=("x" * 101,)).tags[0]) == 100
    aliases = tuple(f"/the-old-quay-{n}" for n in range(60))
    assert len(made(aliases=aliases).aliases) == 50


def test_a_line_of_newsrooms_and_people() -> None:
    told = ("Ada Vos and Ben Roe", "Halyard Press Agency and Courier Staff", "Press and Staff")
    assert made(authors=told).authors == (
        "Ada Vos and Ben Roe",
        "Halyard Press Agency",
        "Courier Staff",
        "Press and Staff",
    )


@pytest.mark.parametrize(("name", "longest"), [("section", 200), ("publisher", 200), ("guid", 500)])
def test_lines_are_clean_bounded_or_absent(name: str, longest: int) -> None:
    assert getattr(made(**{name: " a \n b "}), name) == "a b"
    assert getattr(made(**{name: "  "}), name) is None
    assert len(getattr(made(**{name: "x" * 1000}), name)) == longest


def test_the_publisher_is_who_says_so_first() -> None:
    assert made().publisher is None
    assert made(seed=TITLED).publisher == "Courier"
    assert made(seed=TITLED, site_title="The Courier").publisher == "The Courier"
    assert made(seed=TITLED, site_title="The Courier", publisher="Vos").publisher == "Vos"


@pytest.mark.parametrize(
    ("told", "kept"),
    [("OLD QUAY, CLOSED!", None), ("Boats wait", "Boats wait"), ("", None), (None, None)],
)
def test_a_subtitle_says_something_else_than_the_title(told: str | None, kept: str | None) -> None:
    assert made(subtitle=told).subtitle == kept


@pytest.mark.parametrize(
    ("published", "updated", "kept"),
    [
        ("2026-03-01T10:00Z", "2026-03-01T10:00Z", (10, 10, False)),
        ("2026-03-01T10:00Z", "2026-03-01T09:59Z", (10, None, False)),
        ("2026-03-01T10:00Z", "2026-03-01T11:00Z", (10, 11, False)),
        ("2026-03-01T12:15Z", None, (12.25, None, False)),
        ("2026-03-01T12:15:01Z", None, (12, None, True)),
        ("soon", None, (12, None, True)),
        (None, "2026-03-01T11:00Z", (12, None, True)),
        ("1000-01-01", None, (12, None, True)),
    ],
)
def test_dates(published: str | None, updated: str | None, kept: tuple[float, float | None, bool]) -> None:
    record = made(published=published, updated=updated)
    day = datetime(2026, 3, 1, tzinfo=UTC)
    then = None if record.updated is None else (record.updated - day) / timedelta(hours=1)
    assert ((record.published - day) / timedelta(hours=1), then, record.published_estimated) == kept


def test_a_date_that_the_page_guesses_stays_a_guess_and_first_seen_is_in_utc() -> None:
    assert made(published="2026-03-01T10:00Z", published_estimated=True).published_estimated
    here = datetime(2026, 3, 1, 13, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    assert made(first_seen=here).first_seen.isoformat() == "2026-03-01T12:00:00+00:00"
    for position, minutes in ((0, 0), (3, 3), (-3, 0), (1440, 1440), (1441, 1440)):
        assert NOW - made(position=position).published == timedelta(minutes=minutes)


ARABIC = "أغلق الرصيف القديم حتى الربيع كما قال مكتب الميناء يوم الأحد في المدينة"


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        (f"<p>{ARABIC}</p>", True),
        (f"<p>{ARABIC} Quay</p>", True),
        (f"<p>{TEXT} {ARABIC[:10]}</p>", False),
        (f"<p>{TEXT} Café</p>", False),
        (f"<p>{TEXT}</p>", False),
        (f"<p>“{'𐤀𐤁𐤂𐤃 ' * 20}”</p>", True),
        (f"<p>“{'ﬠﬡﬢﬣ ' * 20}”</p>", True),
    ],
)
def test_a_body_that_runs_to_the_left_says_so(html: str, marked: bool) -> None:
    assert made(html=html, text="").html == (f'<div dir="rtl">{html}</div>' if marked else html)


def test_a_text_without_markup_becomes_paragraphs() -> None:
    text = 'One <b> line & "more", long enough for a body.\nTwo'
    assert made(text=text).html == '<p>One &lt;b&gt; line &amp; "more", long enough for a body.</p><p>Two</p>'


def test_how_much_text_an_article_has() -> None:
    assert made(text="x" * 40).text == "x" * 40
    with pytest.raises(PageChanged, match="only 39 characters"):
        made(text="x" * 39)
    assert made(text="碼" * 14).text == "碼" * 14
    with pytest.raises(PageChanged, match="only 13 characters"):
        made(text="碼" * 13)
    assert made(text="Short.", subtitle="Short").text == "Short."
    with pytest.raises(PageChanged, match="only 0 characters"):
        made(text="")


def test_a_page_without_a_title_and_a_page_that_became_the_front() -> None:
    with pytest.raises(PageChanged, match="no title was found"):
        made(title=" ")
    home = "https://courier.example/"
    with pytest.raises(PageChanged, match="leads to the home page"):
        made(home, asked=URL)
    assert made(home, asked=home).key == "courier.example/"
    assert made(home).key == "courier.example/"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The quay is closed. More follows on Monday, the harbour says.", "The quay is closed"),
        (
            "Short.\nThe quay is closed until spring, the harbour says.",
            "Short. The quay is closed until spring, the harbour says",
        ),
        (
            "No stop here but many words that go on and on until the ninety characters are over and then some",
            "No stop here but many words that go on and on until the ninety characters are over and…",
        ),
        ("x" * 100, "x" * 45 + "…"),
        ("Quay: " + "y" * 100, "Quay…"),
        (
            "五月風暴摧毀了舊碼頭，海港當局表示。更多消息將於週一公布，敬請期待，謝謝各位。",
            "五月風暴摧毀了舊碼頭，海港當局表示。",
        ),
        (TEXT[:60], TEXT[:60]),
        ("A. The quay is closed until spring! The harbour office says so.", "A. The quay is closed until spring!"),
    ],
)
def test_a_dated_note_is_called_by_its_beginning(text: str, title: str) -> None:
    for told in ("", "The Courier", "COURIER"):
        named = made(title=told, published="2026-03-01", text=text, site_title="The Courier", seed=TITLED)
        assert named.title == title
    assert made(title="Courier", text=text, seed=TITLED).title == "Courier"  # without a date it is no note


@pytest.mark.parametrize(
    ("canonical", "key", "aliases", "elsewhere"),
    [
        ("https://courier.example/x?id=1", KEY, (KEY, "courier.example/x?id=1"), None),
        ("/2026/03/old-quay-closed", "courier.example/2026/03/old-quay-closed", None, None),
        ("/2026/old-quay-closed?id=7", f"{KEY}?id=7", None, None),
        ("https://courier.test/2026/old-quay-closed", "courier.test/2026/old-quay-closed", None, None),
        ("https://other.example/2026/old-quay-closed", KEY, (KEY,), "https://other.example/2026/old-quay-closed"),
        ("https://other.example/", KEY, (KEY,), None),
        ("https://courier.example/news", KEY, (KEY,), None),
        ("javascript:void(0)", KEY, (KEY,), None),
        (None, KEY, (KEY,), None),
    ],
)
def test_a_canonical_address(
    canonical: str | None, key: str, aliases: tuple[str, ...] | None, elsewhere: str | None
) -> None:
    record = made(canonical=canonical)
    assert (record.key, record.url) == (key, f"https://{key}")
    assert record.aliases == ((key, KEY) if aliases is None else aliases)
    assert record.canonical == elsewhere


def test_a_canonical_address_loses_no_number() -> None:
    there = "/2026/03/old-quay-closed"
    assert made(f"{URL}?id=7&x=a", canonical=f"{there}?x=a").key == f"{KEY}?id=7&x=a"
    assert made(f"{URL}?x=a", canonical=there).key == "courier.example/2026/03/old-quay-closed"
    assert made(URL, canonical="/2026/03/new-quay-opened").key == KEY


def test_aliases_are_articles_of_the_site_and_an_address_of_another_site_is_pointed_to() -> None:
    told = ("/the-old-quay-is-closed", "/news", "https://other.example/the-old-quay-is-closed", "javascript:")
    assert made(aliases=told).aliases == (KEY, "courier.example/the-old-quay-is-closed")
    pointer = made("https://other.example/2026/old-quay-closed", asked="https://courier.example/go/old-quay-closed")
    assert pointer.key == "via:courier:other.example/2026/old-quay-closed"
    assert pointer.aliases == (pointer.key, "courier.example/go/old-quay-closed")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("T", "a b"), ("t!", "A, b"), True),
        (("T", "a\n12 3\nb"), ("T", "a b"), True),
        (("T", "a\n12 3\nb"), ("T", "a\n12 x\nb"), False),
        (("T", "ａb"), ("T", "ab"), True),
        (("T", "STRASSE é"), ("T", "straße É"), True),
        (("Ta", "b"), ("T", "ab"), False),
        (("T", "a_b"), ("T", "a b"), False),
        (("T", "a-b"), ("T", "a b"), True),
    ],
)
def test_what_a_reader_would_call_the_same(one: tuple[str, str], other: tuple[str, str], same: bool) -> None:
    assert (fingerprint(*one) == fingerprint(*other)) is same


def test_a_fingerprint_is_kept_in_stores() -> None:
    assert fingerprint("T", "a") == "a916f5483289a9d4079f5293a3e22a8d"
    lines = "First_line: 12:30\n 12 30 \n\nThird\r\n½ ² \n٣٤\nLast “line” \N{LATIN SMALL LIGATURE FI}"
    assert fingerprint("A Title", lines) == "53eb568ced92b1aa9aeb9dceff2c5b3d"
    assert fingerprint("T", "12\n\n x1\x0b2\x1c\n9 9") == "583cc14285b1fc34e5f0992f234cacd5"


def test_the_language_of_the_page_or_else_of_the_seed() -> None:
    german = Seed(name="courier", home="https://courier.example/", language="de")
    assert [made(language=one, seed=german).language for one in ("EN_us", "x x", None, "en-aa-bb-cc-dd")] == [
        "en-us", "de", "de", "de",
    ]  # fmt: skip
