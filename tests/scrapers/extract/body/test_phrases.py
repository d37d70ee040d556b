"""What lines begin like: the few phrases that are asked give the answer that all of them would give."""

from __future__ import annotations

import pytest

from scrapers.extract.body.phrases import (
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
    _matched,
    _place_of,
    beginning_with,
    phrase_of,
)

LINES = {
    "Read also: the ferry is back": ALSO,
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
    everything = beginning_with(tuple(sorted(_OPENINGS)))
    endings = ("", ":", " also", " more about it", "s 12", "ed by Ada Quill", " 2024")
    lines = [opening + ending for opening in sorted(_OPENINGS) for ending in endings if opening not in _SIGNS]
    for line in [*lines, *(line.lower() for line in LINES)]:
        if line[0].isalnum():
            assert _place_of(line, 0) == _matched(everything.match(line)), line
