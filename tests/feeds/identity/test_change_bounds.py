"""What counts as a change of a text, at the bounds of each rule, and the words in which it is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from feeds.identity.revisions import Change, changed, difference, in_language, places, timely
from tests.support.cases import each

TEXT = "The quay is closed until spring. Boats wait outside the harbour."
NOW = datetime(2026, 3, 1, 12)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("after", "change"),
    [
        (TEXT.upper(), None),
        (TEXT.replace(". ", ".\n"), None),
        (f"{TEXT}\n12 comments", None),
        (TEXT.replace("spring", "sprong"), Change(False, "A spelling was corrected.")),
        (TEXT.replace("closed", "open"), Change(False, "1 word came, 1 word went.")),
        (TEXT.replace("closed", "open now for"), Change(False, "3 words came, 1 word went.")),
        (f"{TEXT} and it rains.", Change(False, "3 words came.")),
        (f"{TEXT} and it rains here.", Change(True, "4 words came.")),
        (f"{TEXT} It rains.", Change(True, "2 words came.")),  # a word with a capital may be a name
        (TEXT.replace("closed until spring. ", "gone. "), Change(False, "1 word came, 3 words went.")),
        (TEXT.replace("quay", "Quay2"), Change(True, "“quay” is now “Quay2”.")),
        (TEXT.replace("Boats wait", "Ships wait now 2 by 2"), Change(True, "5 words came, 1 word went.")),
    ],
)
def test_a_change_of_the_text(after: str, change: Change | None) -> None:
    assert changed(("Quay closed", TEXT), ("Quay closed", after)) == change


@each(
    "before, after, note",
    one_of_them=[
        ("It costs 1300 crowns.", "It costs 2600 crowns.", "“1300” is now “2600”."),
        ("Ada Vos came home again.", "Ben Roe came home again.", "“Ada Vos” is now “Ben Roe”."),
        ("It costs 1300 crowns.", "It costs a mere 2600 crowns.", "“1300” is now “a mere 2600”."),
    ],
    several_words=[
        ("It is 5 now and 6 later on.", "It is 7 now and 8 later on.", "2 words came, 2 words went."),
        ("It costs 1300 crowns.", "It costs some mere odd 2600 crowns.", "4 words came, 1 word went."),
    ],
)
def test_a_number_or_a_name_is_told_as_itself(before: str, after: str, note: str) -> None:
    assert changed(("Quay", before), ("Quay", after)) == Change(True, note)


@pytest.mark.parametrize(
    ("after", "change"),
    [
        ("Quay open", Change(True, "The headline was: Quay closed.")),
        ("QUAY  closed!", None),
        ("Quay closd", Change(False, "A spelling was corrected.")),
    ],
)
def test_a_change_of_the_headline(after: str, change: Change | None) -> None:
    assert changed(("Quay closed", TEXT), (after, TEXT)) == change


def test_a_long_headline_is_cut_in_its_note_and_stands_before_the_text() -> None:
    found = changed(("A" * 100, TEXT), ("B", TEXT.replace("closed", "open")))
    assert found == Change(True, f"The headline was: {'A' * 80}. 1 word came, 1 word went.")


def test_five_minutes_apart_and_ten_times_a_day() -> None:
    assert timely(NOW, [])
    assert timely(NOW, [NOW - 5 * MINUTE])
    assert not timely(NOW, [NOW - 5 * MINUTE + timedelta(seconds=1)])
    assert timely(NOW, [NOW - 10 * n * MINUTE for n in range(1, 10)])
    assert not timely(NOW, [NOW - 10 * n * MINUTE for n in range(1, 11)])
    assert timely(NOW, [NOW - timedelta(days=1)] * 10)


WORDS = "one two three four five six seven eight nine ten eleven twelve"


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        (WORDS.replace("six", "6"), ["… two three four five [-six-] {+6+} seven eight nine ten …"]),
        (f"zero {WORDS}", ["{+zero+} one two three four …"]),
        (f"{WORDS} end", ["… nine ten eleven twelve {+end+}"]),
        (
            WORDS.replace("two ", "").replace("eleven", "11"),
            ["one [-two-] three four five six seven eight nine ten [-eleven-] {+11+} twelve"],
        ),
        (
            WORDS.replace("one", "1").replace("twelve", "12"),
            ["[-one-] {+1+} two three four five …", "… eight nine ten eleven [-twelve-] {+12+}"],
        ),
        (WORDS, []),
    ],
)
def test_a_difference_with_four_words_around_it(after: str, lines: list[str]) -> None:
    assert list(difference(("Quay", WORDS), ("Quay", after))) == lines
    headline = list(difference(("Quay", WORDS), ("Harbour", after)))
    assert headline == ["[-Quay-] {+Harbour+}", *lines]


def test_lines_are_compared_with_lines_and_words_up_to_a_bound() -> None:
    assert list(difference(("Q", "a\nb\nc"), ("Q", "a\nd\nc\ne"))) == ["[-b-] {+d+}", "{+e+}"]
    after = WORDS.replace("six", "6")
    assert list(places(("Q", WORDS), ("Q", after), 5)) == []
    assert list(places(("Q", WORDS), ("Q", after), 6)) == [
        [("left out", "…"), ("same", "two three four five"), ("gone", "six"), ("come", "6")]
    ]


@pytest.mark.parametrize(
    ("note", "german"),
    [
        ("The headline was: Old quay", "Die Überschrift lautete: Old quay."),
        ("The headline was: Old quay 3 words came.", "Die Überschrift lautete: Old quay. 3 Wörter kamen hinzu."),
        ("1 word came, 2 words went.", "1 Wort kam hinzu, 2 Wörter entfielen."),
        ("1 word went.", "1 Wort entfiel."),
        ("“1300” is now “2600”.", "Aus „1300“ wurde „2600“."),
        ("The headline was: Old. 3 words came.", "Die Überschrift lautete: Old. 3 Wörter kamen hinzu."),
        ("The headline was: “Old?” 3 words came.", "Die Überschrift lautete: “Old?” 3 Wörter kamen hinzu."),
        ("The headline was: Old “1” is now “2”.", "Die Überschrift lautete: Old. Aus „1“ wurde „2“."),
        ("Something else.", "Something else."),
    ],
)
def test_a_note_in_another_language(note: str, german: str) -> None:
    assert in_language(note, "de") == german
    assert in_language(note, "en").replace(".", "") == note.replace(".", "")  # older notes have no stop in between
