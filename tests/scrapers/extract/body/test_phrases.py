"""What lines begin like: the few phrases that are asked give the answer that all of them would give."""

from __future__ import annotations

import re

import pytest

from scrapers.extract.body.phrases import (
    _ALTERNATIVES,
    _OPENINGS,
    _SIGNS,
    ADVERT,
    ALSO,
    BYLINE,
    COPYRIGHT,
    CREDIT,
    DATE,
    NEWSLETTER,
    OTHER,
    TAGS,
    _alternatives,
    _compiled,
    _openings,
    _place_of,
    phrase_of,
    phrases_with,
)

LINES = {
    "Read also: the ferry is back": ALSO,
    "Also read: the ferry is back": ALSO,
    "REQUIRED READING: the ferry is back": ALSO,
    "Meist-diskutiert": ALSO,
    "Les plus commentés": ALSO,
    "Photo: Ada Quill": CREDIT,
    "© Ada Quill": CREDIT,
    "Sign up for the letter from the harbour": NEWSLETTER,
    "Advertisement": ADVERT,
    "By Ada Quill": BYLINE,
    "(By Ada Quill)": BYLINE,
    "Updated on Monday": DATE,
    "12.03.2024, 14:05": DATE,
    "Copyright of the Herald": COPYRIGHT,
    "Tags: ferry, harbour": TAGS,
    "The bridge beside the old mill will be closed.": OTHER,
}


@pytest.mark.parametrize(("line", "kind"), LINES.items())
def test_the_kind_of_a_line(line: str, kind: int) -> None:
    assert phrase_of(line) == kind


def test_the_phrases_of_one_opening_are_all_that_can_match() -> None:
    groups = ["|".join(one for _, one in some) for some in _ALTERNATIVES]
    everything = re.compile("|".join(f"({group})" for group in groups))
    endings = ("", ":", " also", " more about it", "s 12", "ed by Ada Quill", " 2024")
    lines = [opening + ending for opening in sorted(_OPENINGS) for ending in endings if opening not in _SIGNS]
    for line in [*lines, *(line.lower() for line in LINES)]:
        if line[0].isalnum():
            found = everything.match(line)
            place = found.lastindex - 1 if found is not None and found.lastindex else len(groups)
            assert _place_of(line, 0) == place, line


def test_a_phrase_is_compiled_once_whatever_opening_asks_for_it() -> None:
    """Patterns made for each opening compiled the long phrases of the table tens of times: a third of a second."""
    shared = [one for some in _ALTERNATIVES for begun, one in some if len(begun) > 20]
    assert shared
    for phrase in shared:
        made = {id(one) for opening in _OPENINGS for _, one in phrases_with(opening) if one == _compiled(phrase)}
        assert len(made) == 1, phrase


def test_how_what_a_pattern_matches_begins() -> None:
    """At most three characters of each; "" where it may be anything."""
    for pattern, openings in {
        "abcd": {"abc"}, "ab": {"ab"}, "(?:ab|c)d": {"ab", "c"}, "(?:ab|c)?d": {"ab", "c", "d"},
        "(?:ab|c)*d": {"ab", "c", "d"}, "(?:a(?:b|c)|d)e": {"ab", "ac", "d"}, "a(?:b|c)d": {"ab", "ac"},
        r"\d{2}": set("0123456789"), r"\(by": {"(by"}, "a?b": {"ab", "b"}, "ab?cd": {"abc", "acd"}, "é+x": {"é"},
        "a*b": {""}, "a{2}": {""}, ".b": {""}, "[ab]c": {""}, r"\s?x": {""}, r"\bx": {""}, "": {""},
    }.items():  # fmt: skip
        assert _openings(pattern) == openings, pattern
    for pattern, parts in {
        "a|b": ["a", "b"], "(?:a|b)|c": ["(?:a|b)", "c"], r"a\|b": [r"a\|b"], "[|]|b": ["[|]", "b"],
        "a|": ["a", ""], "": [""],
    }.items():  # fmt: skip
        assert _alternatives(pattern) == parts, pattern
