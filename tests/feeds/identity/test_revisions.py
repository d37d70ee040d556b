from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.identity.revisions import A_DAY, _in_words, changed, difference, in_language, timely
from tests.support.timing import least

TITLE = "Harbour bridge closes for repairs"
TEXT = (
    "The bridge over the harbour will be closed from Monday, the city said.\n"
    "Repairs will take 12 weeks and cost four million crowns, according to Anna Lind.\n"
    "Drivers should use the tunnel."
)


@pytest.mark.parametrize(
    ("old", "new", "public"),
    [
        ("12 weeks", "14 weeks", True),  # a corrected figure
        ("Anna Lind", "Berta Holm", True),  # another name
        ("the city said", "the city said late on Sunday after a meeting", True),
        ("according", "acording", False),  # a spelling
        ("harbour will", "habour will", False),
        ("Drivers should use the tunnel.", "", True),
    ],
)
def test_what_a_reader_calls_a_change(old, new, public):
    change = changed((TITLE, TEXT), (TITLE, TEXT.replace(old, new)))
    assert change is not None
    assert change.public is public
    assert change.note


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("\n", " "),
        TEXT.upper(),
        TEXT.replace(",", ""),
        TEXT + "\n15 comments",
        "Updated 5 minutes ago\n" + TEXT,
    ],
)
def test_what_a_reader_would_not_notice(text):
    assert changed((TITLE, TEXT), (TITLE, text)) is None


def test_headlines():
    change = changed((TITLE, TEXT), ("Harbour bridge stays open", TEXT))
    assert change is not None and change.public and TITLE in change.note
    spelled = changed(("Harbour brigde closes for repairs", TEXT), (TITLE, TEXT))
    assert spelled is not None and not spelled.public


def test_a_correction_is_told_in_its_words():
    change = changed((TITLE, TEXT), (TITLE, TEXT.replace("12", "14")))
    assert change is not None and change.note == "“12” is now “14”."


def test_the_difference_in_words():
    lines = list(difference((TITLE, TEXT), (TITLE + " today", TEXT.replace("12", "14"))))
    assert lines[0].endswith(" {+today+}")
    assert len(lines) == 2
    assert "[-12-] {+14+}" in lines[1]
    assert list(difference((TITLE, TEXT), (TITLE, TEXT))) == []


SHOWN = {
    "a b c d e F g h i j k": ["… b c d e [-f-] {+F+} g h i j …"],
    "a b c d e g h i j k": ["… b c d e [-f-] g h i j …"],
    "new a b c d e f g h i j k l": ["{+new+} a b c d …", "… h i j k {+l+}"],
    "a B c D e f g h i j k": ["a [-b-] {+B+} c [-d-] {+D+} e f g h …"],
    "a b c d e f g h i j k\nA line more": ["{+A line more+}"],
    "": ["[-a b c d e f g h i j k-]"],
}


@pytest.mark.parametrize("after", SHOWN)
def test_a_difference_is_shown_among_its_words(after: str) -> None:
    assert list(difference(("", "a b c d e f g h i j k"), ("", after))) == SHOWN[after]


def test_updated_moves_only_so_often():
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert timely(now, [])
    assert not timely(now, [now - timedelta(minutes=4)])
    assert timely(now, [now - timedelta(minutes=5)])
    many = [now - timedelta(hours=1, minutes=10 * n) for n in range(A_DAY)]
    assert not timely(now, many)
    assert timely(now, [at - timedelta(days=1) for at in many])


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(max_size=200), st.text(max_size=60), st.text(max_size=200))
def test_any_two_versions_can_be_compared(title, text, other_title, other_text):
    changed((title, text), (other_title, other_text))
    list(difference((title, text), (other_title, other_text)))
    assert changed((title, text), (title, text)) is None


def test_bait_is_cheap():
    assert least(lambda: changed((TITLE, "a b " * 100_000), (TITLE, "b a " * 100_000 + "c")), 5.0) < 5.0


def test_a_note_can_be_had_in_the_language_of_its_entry():
    corrected = changed((TITLE, TEXT), (TITLE, TEXT.replace("12", "14")))
    assert corrected is not None
    assert in_language(corrected.note, "en") == corrected.note
    assert in_language(corrected.note, "de") == "Aus „12“ wurde „14“."
    retold = changed((TITLE, TEXT), ("“Open” is now “shut”", TEXT + "\nNobody had been told of it by anyone at all."))
    assert retold is not None and retold.note == f"The headline was: {TITLE}. 10 words came."
    assert in_language(retold.note, "pl-PL") == f"Tytuł brzmiał: {TITLE}. Dodano 10 słów."
    for note in (corrected.note, retold.note, "1 word came, 2 words went.", "1 word went.", "Somebody's own words."):
        assert in_language(note, None) == in_language(note, "sv") == note
    assert in_language("1 word came, 2 words went.", "uk") == "додано 1 слово, вилучено 2 слова."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (("Anna", "Maria", "Lind"), ("Eva", "Strand", "Holm"), "“Anna Maria Lind” is now “Eva Strand Holm”."),
        (("Anna", "Maria", "Lind"), ("Eva", "Kim", "Strand", "Holm"), None),
        (("Anna", "Kim", "Maria", "Lind"), ("Eva", "Strand", "Holm"), None),
        ((), ("12",), None),
        (("12",), (), None),
    ],
)
def test_a_change_of_one_name_or_number_is_told_in_its_words(
    old: tuple[str, ...], new: tuple[str, ...], told: str | None
) -> None:
    found = _in_words([(old, new)], [(old, new)])
    assert found == told if told else " is now " not in found
    assert " is now " not in _in_words([(old, new)], []), "it is no fact"
