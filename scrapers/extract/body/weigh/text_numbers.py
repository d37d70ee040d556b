"""Features of a unit by itself: its text, its links, its tag."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from ..phrases import phrase_of
from ..units.blocks import Block

_STOPS = ".。！？…؟।，、"  # of scripts that do not split sentences by a full stop and a space
_END = re.compile(r"[.!?。！？…؟।][\"'”’»«“)\]]*$")
_UPPER = re.compile(r"[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω]")
_DIGIT = re.compile(r"\d")
_LAST = ".!?。！？…؟।\"'”’»«“)]"  # characters of which one ends each match of _END
_LATIN = re.compile("[\x00-\u02ff\u2010-\u205e\u20a0-\u20bf]*+")  # the marks of print among them
_CAPITALS = bytes(n for n in range(256) if _UPPER.match(chr(n)))  # of Latin-1
_FIGURES = b"0123456789"

WHOLE = tuple(float(number) for number in range(61))
"""Small numbers as floats: a table is faster than float()."""

TAG_NUMBER = {
    "p": 0.0, "div": 1.0, "section": 1.0, "article": 1.0, "main": 1.0, "body": 1.0, "li": 2.0,
    "h1": 3.0, "h2": 4.0, "h3": 5.0, "h4": 6.0, "h5": 6.0, "h6": 6.0, "td": 7.0, "th": 7.0, "dd": 7.0, "dt": 7.0,
    "blockquote": 8.0, "figcaption": 9.0, "caption": 9.0, "pre": 10.0, "ul": 11.0, "ol": 12.0, "dl": 11.0,
    "table": 13.0, "summary": 6.0,
}  # fmt: skip
"""What is alike among tags, as a number; 1 for any other tag."""


def text_numbers(block: Block) -> tuple[float, ...]:
    """From "length" to "words" of `features.NAMES`."""
    text, length = block.text, block.length
    sentences = _sentences(text)
    spaces = text.count(" ")
    return (
        math.log(length + 1),
        block.density,
        WHOLE[block.links] if block.links < 20 else 20.0,
        WHOLE[sentences] if sentences < 12 else 12.0,
        1.0 if text[-1] in _LAST and _END.search(text[-6:]) else 0.0,
        block.strong / length if block.strong < length else 1.0,
        *_upper_and_digits(text[:80]),
        TAG_NUMBER.get(block.tag, 1.0),
        1.0 if block.media else 0.0,
        WHOLE[phrase_of(text)],
        _first(text[0]),
        WHOLE[spaces + 1] if spaces < 59 else 60.0,
    )


def _upper_and_digits(head: str) -> tuple[float, float]:
    """The shares of capitals and of digits among the first characters of a text."""
    count = len(head)
    if head.isascii() or _LATIN.fullmatch(head):  # plain deletion is several times faster than a pattern
        signs = head.encode("latin-1", "replace")  # what is not of Latin-1 becomes "?": neither of the two
        return (count - len(signs.translate(None, _CAPITALS))) / count, (
            count - len(signs.translate(None, _FIGURES))
        ) / count
    return len(_UPPER.findall(head)) / count, len(_DIGIT.findall(head)) / count


def _sentences(text: str) -> int:
    """About how many sentences there are, by plain counts: a pattern that does better would cost more than the rest."""
    if text[0] < "\u0590":
        count = text.count(". ")
        for sign in "?!:":  # a sign alone is looked for in a tenth of the time
            if sign in text:
                count += text.count(f"{sign} ")
        return count
    return sum(text.count(sign) for sign in _STOPS)


@lru_cache(maxsize=1024)
def _first(char: str) -> float:
    """The kind of a text's first character."""
    if char.isupper():
        return 0.0
    if char.islower():
        return 1.0
    if char.isdigit():
        return 2.0
    if char in "\"'“„«»‘‚”(「『—–-":
        return 3.0
    if char.isalpha():
        return 4.0
    return 5.0
