from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.identity import revisions
from feeds.identity.revisions import (
    A_DAY,
    Change,
    _in_words,
    changed,
    comparable,
    difference,
    in_language,
    places,
    timely,
)
from tests.feeds.identity.test_dedupe import a_record
from tests.support.cases import judged
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


SAID = {  # words of a text → what they become, whether that is public, and its note; None: nothing a reader would see
    "A b.": ("A, B !", None, ""),
    "It sails tommorow.": ("It sails tomorrow.", False, "A spelling was corrected."),
    "It costs 12 crowns.": ("It costs 13 crowns.", True, "“12” is now “13”."),
    "He said so.": ("He did say so.", False, "2 words came, 1 word went."),
    "She said so.": ("She said it all over so.", False, "3 words came."),
    "They said so.": ("They said it all over again so.", True, "4 words came."),
    "He went home to sleep then so.": ("He so.", True, "5 words went."),
    "He went home to eat so.": ("He so.", True, "4 words went."),
    "He went home so.": ("He so.", False, "2 words went."),
    "He saw Anna and Eva.": ("He saw Maria and Kim.", True, "2 words came, 2 words went."),
    "He saw it.": ("He saw Anna.", True, "“it” is now “Anna”."),
    "She saw it.": ("She saw it Anna.", True, "1 word came."),
    "A b.\n5 comments": ("A b.\n7 comments", None, ""),
    "5 comments": ("7 comments", True, "“5” is now “7”."),
}  # fmt: skip


def test_a_headline_and_its_note():
    for old, new, text, public, note in (
        ("T", "t", "A b.", None, ""), ("The ferri", "The ferry", "A b.", False, "A spelling was corrected."),
        ("Old", "Brand new", "A b.", True, "The headline was: Old."),
        ("O" * 90, "New", "A b.", True, f"The headline was: {'O' * 80}."),
        ("T", "Other", "It costs 13 crowns.", True, "The headline was: T. “12” is now “13”."),
    ):  # fmt: skip
        found = changed((old, text.replace("13", "12")), (new, text))
        assert found == (None if public is None else Change(public, note))


@pytest.mark.parametrize("before", SAID)
def test_a_change_and_its_note(before):
    after, public, note = SAID[before]
    assert changed(("T", before), ("T", after)) == (None if public is None else Change(public, note))


def test_a_text_without_what_stands_around_it():
    six = "One two three four five six"
    text = f"First.\n5 comments\n{six}\nOne two three four five\nEnd? \n“Quoted”"
    assert revisions._main(text) == ["First.", six, "End? ", "“Quoted”"]
    assert revisions._main("5 comments\nShare") == ["5 comments", "Share"]
    assert revisions._main("x " * 300) == ["x " * 300]


@pytest.mark.parametrize(
    ("old", "new", "spelling"),
    [
        (["acording"], ["according"], True),
        (["abcdefg"], ["abcdefx"], True),
        (["abcdefg"], ["abcdexx"], True),  # ten of fourteen letters
        (["abcdef"], ["abcdxx"], False),
        (["a", "b"], ["a"], False),
        (["12x"], ["13x"], False),
        (["12x"], ["12x"], True),
        (["ABC"], ["abc"], True),
        (["acording", "horse"], ["according", "cow"], False),
    ],
)
def test_a_spelling(old, new, spelling):
    assert revisions._spelling(old, new) is spelling


def test_long_texts_are_compared_as_far_as_their_bounds():
    words = [f"w{n}" for n in range(1500)]
    for count, seen in ((1499, True), (1500, False)):
        same = " ".join(words[:count])
        assert (changed(("T", f"{same} b."), ("T", f"{same} other.")) is not None) is seen
        assert (list(difference((f"{same} b.", ""), (f"{same} other.", ""))) != []) is seen
    for lines, seen in ((399, True), (400, False)):
        same = "\n".join(f"{word}." for word in words[:lines])
        before, after = ("T", f"{same}\nb."), ("T", f"{same}\nother.")
        assert (changed(before, after) is not None) is seen
        assert (list(difference(before, after)) == ["[-b.-] {+other.+}"]) is seen
    assert list(places(("a b c", ""), ("a b d", ""), 2)) == []
    assert list(places(("a b c", "x y"), ("a b d", "x z"), 3)) == [
        [("same", "a b"), ("gone", "c"), ("come", "d")],
        [("same", "x"), ("gone", "y"), ("come", "z")],
    ]


def test_a_day_of_moves():
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    nine = [now - timedelta(hours=n + 1) for n in range(9)]
    assert timely(now, nine)
    assert not timely(now, [*nine, now - timedelta(hours=23, minutes=59)])
    assert timely(now, [*nine, now - timedelta(hours=24)])


@judged(
    "old, new, found",
    yes=[("page", "page"), ("hint", "page")],
    no=[("page", "feed"), ("feed", "page"), ("page", "hint")],
)
def test_which_two_texts_can_be_compared(old, new, found):
    assert comparable(a_record(way=old), a_record(way=new)) is found
