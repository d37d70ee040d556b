"""A paragraph's first letter, written large in an element of its own: part of the word behind it."""

from __future__ import annotations

import re

_NAMED = re.compile(
    r"drop-?_?cap|first-?_?letter|initial-?_?(?:letter|cap)|lettrine|letterine|capolettera|capitular|letra-?_?capital|"
    r"anfangsbuchstabe",
    re.I,
)
OPENING = "\"'“„«‘‚"
"""Quotation marks that may stand before the letter."""

_LOOKED_AT = 16  # tags of a paragraph


def join(tags: list[str], texts: list[str], start: int, end: int) -> bool:
    """Whether the run [start, end) begins with such a letter; the layout's white space behind it is taken out then."""
    end = min(end, start + _LOOKED_AT)
    at = next((at for at in range(start, end) if texts[at].strip()), end)
    if at == end or len(texts[at].strip().lstrip(OPENING)) != 1:
        return False
    if not any(_NAMED.search(tag) for tag in tags[start : at + 1]):
        return False
    word = next((after for after in range(at + 1, end) if texts[after].strip()), end)
    if word == end or not texts[word][0].isalpha() or any(tag[:1] != "/" for tag in tags[at + 1 : word + 1]):
        return False
    texts[at] = texts[at].rstrip()
    texts[at + 1 : word] = [""] * (word - at - 1)
    return True
