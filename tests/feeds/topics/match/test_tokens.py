import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.topics.match import tokens as matched
from feeds.topics.match.tokens import LONGEST, REMEMBERED, fold, tokens
from tests.support.timing import least


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Kyiv, KYIV; kyiv!", ["kyiv", "kyiv", "kyiv"]),
        ("C++ and C# at AT&T, R&D", ["c++", "and", "c#", "at", "at&t", "r&d"]),
        ("at T-Mobile, chat&talk, A & B", ["at", "t", "mobile", "chat", "talk", "a", "b"]),
        ("U.S.-led O'Brien O’Brien l'accord", ["u", "s", "led", "o", "brien", "o", "brien", "l", "accord"]),
        ("covid-19 3.5 snake_case", ["covid", "19", "3", "5", "snake", "case"]),
        (
            "Zürich Straße STRASSE cœur Łódź Ærø naïve",
            ["zurich", "strasse", "strasse", "coeur", "lodz", "aero", "naive"],
        ),
        ("İstanbul ISTANBUL ıstanbul", ["istanbul"] * 3),
        ("e\u0301te\u0301 été", ["ete", "ete"]),
        ("ﬁne ＡＢＣ１", ["fine", "abc1"]),
        ("word¹ CO₂ Copydesk™", ["word", "co2", "copydesk"]),
        ("Αθήνα ΑΘΗΝΑ Οδυσσεύς ΟΔΥΣΣΕΥΣ", ["αθηνα", "αθηνα", "οδυσσευσ", "οδυσσευσ"]),
        ("ёлка елка мой Київ", ["елка", "елка", "мой", "київ"]),
        ("東京五輪、サッカー", list("東京五輪サッカー")),
        ("が か が", ["が", "か", "が"]),
        ("한국어 뉴스", list("한국어뉴스")),
        ("วันนี้", ["วั", "น", "นี้"]),
        ("हिन्दी समाचार।", ["हिन्दी", "समाचार"]),
        ("مُحَمَّد محمد أحمد احمد كتاب کتاب", ["محمد", "محمد", "احمد", "احمد", "کتاب", "کتاب"]),
        ("می‌خواهم", ["میخواهم"]),
        ("שָׁלוֹם שלום", ["שלום", "שלום"]),
        ("2020年3月", ["2020", "年", "3", "月"]),
        ("🎉 — & …", []),
    ],
)
def test_tokens(text: str, wanted: list[str]) -> None:
    assert tokens(text) == wanted


@given(st.text(max_size=60))
@settings(max_examples=500)
def test_tokens_of_tokens_are_the_same(text: str) -> None:
    once = tokens(text)
    assert tokens(" ".join(once)) == once
    assert all(0 < len(token) <= LONGEST for token in once)
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aÄßéİıǅﬁﬀΣςьёйがﾊﾟ가각ıø&+#'’-. ٱأؤ한", max_size=30))
@settings(max_examples=500)
def test_case_does_not_count(text: str) -> None:
    assert tokens(text.casefold()) == tokens(text)


@pytest.mark.parametrize("bait", ["a&", "a+", "c#", "\u0301", "語", "é", "\u0e31", "\u093f", "x" * 70 + " "])
def test_time_is_linear(bait: str) -> None:
    assert least(lambda: tokens(bait * 20_000), 2.0) < 2.0


@given(st.text("aBz1&+#_. -\n", max_size=30))
def test_pairs_and_signs_are_read_as_in_one_piece(text: str) -> None:
    assert tokens(text) == matched._ASCII_ODD.findall(text.lower())


def test_of_scripts_without_spaces_no_paragraph_is_remembered() -> None:
    run = "港口重新開放、É"
    matched._plain_word.cache_clear()
    for length in (len(run), REMEMBERED, REMEMBERED + 1, 5000):
        text = (run * (length // len(run) + 1))[:length]
        assert fold(text) == "".join(map(fold, text))
    assert matched._plain_word.cache_info().currsize <= 2 + len(set(run))
