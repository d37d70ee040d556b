import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrapers.page.text import clean, clean_field, clean_paragraphs, cut, is_advert_marker, single_spaced
from tests.support.cases import each
from tests.support.timing import least

XML_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Everything, and the characters that make trouble far more often than chance would bring them.
TROUBLE = (
    "\x00\x07\x0b\x1f\x7f\x80\x85\x92\x9f\xa0\xad \t\n\r\u0300\u0301\u0327\u0345\u0591\u061c\u064b\u093f\u094d\u09be"
    "\u09c7\u0e01\u0e31\u1100\u1161\u11a8\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u202a\u202e\u2060\u2066\u2067\u2068"
    "\u2069\u206a\u2000\u212b\u3000\ufdd0\ufe0f\ufeff\ufff9\ufffd\ufffe\uffff\ud800\udfff\U0001f1e9\U0001f1ea\U0001f3f4"
    "\U0001f468\U0001f3fd\U000e0001\U000e0067\U000e007f\U000e0100\U0001d165\U0001fffe\U0010ffffaAé<>&"
)
ANY = st.text(st.one_of(st.sampled_from(TROUBLE), st.characters(codec=None)), max_size=60)


@given(ANY, st.one_of(st.none(), st.integers(1, 50)))
@example("\u200b\u200e\u200b", None)
@example("e\u2067\u0301", None)
@example("a \u2066 b", None)
@example("x" + "\u0301\u200d" * 10 + "\u200d(", None)
@settings(max_examples=500)
def test_clean_is_idempotent_one_line_and_valid_xml(s: str, limit: int | None) -> None:
    once = clean(s, limit)
    assert clean(once, limit) == once
    assert not XML_FORBIDDEN.search(once)
    assert not re.search("[\t\n\r\x85\u2028\u2029\u202a-\u202e]|  ", once)
    assert once == once.strip()
    assert unicodedata.is_normalized("NFC", once)
    assert limit is None or len(once) <= limit


@given(st.lists(ANY, max_size=6).map("\n".join), st.integers(1, 80))
@settings(max_examples=300)
def test_paragraphs_are_idempotent_and_within_the_limit(s: str, limit: int) -> None:
    once = clean_paragraphs(s, limit)
    assert clean_paragraphs(once, limit) == once
    assert len(once) <= limit
    assert not XML_FORBIDDEN.search(once)
    assert "\n\n" not in once and once == once.strip("\n")


@each(
    "raw, cleaned",
    spaces_and_controls=[
        ("  two \t words\r\n and\xa0a third ", "two words and a third"),
        ("nul\x00l and bell\x07", "nul l and bell"),
    ],
    wrong_encodings=[
        (
            "you\xe2\x80\x99ll see the caf\xc3\xa9",
            "you’ll see the caf\xc3\xa9",
        ),  # UTF-8 read as Latin-1, told by a control
        ("It\x92s \x93quoted\x94\x85", "It’s “quoted”…"),  # windows-1252 read as Latin-1
        ("half\ud83d a pair", "half a pair"),
    ],
    invisible=[
        ("exe.\u202efdp\u202c", "exe.fdp"),
        ("open \u2067isolate", "open isolate"),
        ("kept \u2067isolate\u2069.", "kept \u2067isolate\u2069."),
        ("stray\u2069 end", "stray end"),
        ("in\u200bvis\u2060ible\ufeff", "invisible"),
        ("Zu\xadsammen\xadar\xadbeit", "Zusammenarbeit"),
        ("e\u0301te\u0301", "été"),
        ("\ufffe\uffff\ufdd0\U0001ffffx", "x"),
        ("hid\U000e0061\U000e0062den", "hidden"),
    ],
    nothing_left=[
        ("\u200b\u200e\u2060 \xad", ""),
        ("", ""),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


WRITTEN = [
    "می‌خواهم بنویسم",
    "क्‌ष and क्‍ष",
    "👨‍👩‍👧 ❤️‍🔥 👍🏽 🇩🇪",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "שלום, عالم\u200f!",
    "ประเทศ\u200bไทย",
    "1 < 2 & 3",
]


def test_what_people_write_stays() -> None:
    assert [clean(text) for text in WRITTEN] == WRITTEN


def test_piled_marks_are_cut_to_eight() -> None:
    piled = clean("q" + "\u0334\u0353\u0301" * 30 + "algo")
    assert piled.startswith("q") and piled.endswith("algo")
    assert sum(unicodedata.category(char)[0] == "M" for char in piled) == 8
    assert sum(unicodedata.combining(char) > 0 for char in clean("a" + "\u0301\u200d" * 30)) <= 8


@pytest.mark.parametrize(
    "sign",
    [
        "👨‍👩‍👧‍👦",
        "👍🏽",
        "❤️‍🔥",
        "🇩🇪",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "x̧̋",
        "क्षि",
        "ᄀ\u1160\u11a9",
    ],
)
def test_a_cut_never_parts_a_sign(sign: str) -> None:
    text = "a" + sign + "z"
    for limit in range(1, len(text)):
        assert cut(text, limit) in ("a", "a" + sign)
        assert clean(text, limit) in ("a", "a" + sign)


def test_flags_are_cut_in_pairs() -> None:
    flags = "🇩🇪🇫🇷🇮🇹"
    assert [cut(flags, n) for n in range(2, 6)] == ["🇩🇪", "🇩🇪", "🇩🇪🇫🇷", "🇩🇪🇫🇷"]


def test_paragraphs() -> None:
    assert clean_paragraphs(" One.\r\n\r\n\u200b\nTwo \x00 lines.\u2028Three.") == "One.\nTwo lines.\nThree."
    assert clean_paragraphs("12345\n6789\nabc", 10) == "12345\n6789"
    assert clean_paragraphs("12345\n6789\nabc", 8) == "12345\n67"


@given(
    st.text(st.sampled_from("ab \n\u2019\xe9\u0301\xa0\xad\u200b\u2028[AD]$"), max_size=12), st.sampled_from((5, 500))
)
def test_paragraphs_are_lines_that_are_each_clean(s: str, limit: int) -> None:
    """Also where a quick look finds a text clean already."""
    lines = [line for line in map(clean, re.split("[\n\u2028]", s)) if line and not is_advert_marker(line)]
    if len("\n".join(lines)) < limit:
        assert clean_paragraphs(s, limit) == "\n".join(lines)


@pytest.mark.parametrize(
    "bait", ["\u0301", "\u200d", "\u2067", "\U000e0041", " ", "\x00", "🇩", "👩‍", "。", "\u200b\u0e01"]
)
def test_bait_costs_little_time(bait: str) -> None:
    text = bait * 50_000
    assert least(lambda: (clean(text), clean(text, 300), clean_paragraphs(text)), 1.0) < 1.0


@pytest.mark.parametrize("marker", ["$$ARTICLEAD$$", "{{ad}}", "[[ ad-slot ]]", "[AD]", "[Ad]", "%%AD_1%%", "##ADS##"])
def test_a_template_marker_for_an_advert_is_no_paragraph(marker: str) -> None:
    assert clean_paragraphs(f"One.\n{marker}\nTwo.") == "One.\nTwo."


@pytest.mark.parametrize(
    "line", ["{{ name }}", "$$x$$", "[read]", "[[Adam]]", "$AD", "AD", "[ad libitum, he said]", "[]"]
)
def test_other_marks_of_a_text_stay(line: str) -> None:
    assert clean_paragraphs(f"One.\n{line}\nTwo.") == f"One.\n{line}\nTwo."


@given(
    st.text(st.sampled_from("a \t\n\r\x0b\x1c\x85\xa0\u2003\u2028\u3000\u200b\xadé“"), max_size=12)
    | st.text(max_size=30)
)
@example("two  words")
@example("a\xa0b")
def test_single_spaced_is_split_and_joined(s: str) -> None:
    assert single_spaced(s) == " ".join(s.split())


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("&#39;A quay&#39; &amp; its boats", "'A quay' & its boats"),
        ("Fish &amp;amp; chips &amp;lt;b&amp;gt;today&amp;lt;/b&amp;gt;", "Fish & chips today"),
        ("<p>Ada Quill | The Courier</p>", "Ada Quill | The Courier"),
        ('The <em class="x">Anna</em>,<br />at the <a href="/q">quay</a>', "The Anna, at the quay"),
        ("un<b>sink</b>able", "unsinkable"),
        ("R&D at 5 < 7 and 7 > 5, <x> stays", "R&D at 5 < 7 and 7 > 5, <x> stays"),
        ("AT&T; not &unknown; not <", "AT&T; not &unknown; not <"),
        ("&lt;p&gt;&amp;nbsp;&lt;/p&gt;", ""),
    ],
)
def test_a_field_that_was_escaped_too_often_or_holds_tags(field: str, wanted: str) -> None:
    assert clean_field(field, 100) == wanted
    assert clean_field(wanted, 100) == wanted


def test_a_field_is_read_in_linear_time() -> None:
    for part in ("&amp;", "<b ", "<b>", "&", "<", "&#39;<p "):
        assert len(clean_field(part * 100_000, 300)) <= 300
