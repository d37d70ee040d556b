"""Texts of Latin-1 as bytes: what is done to each of their characters is done to all of them in one step.

Most texts in English, German, French or Spanish are such, but for their quotes and dashes. To fold them character by
character, or to look for their words by a pattern, takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Callable

# Signs beyond Latin-1 that part words, in whatever way a text is folded: quotes, dashes, dots, the euro, narrow blanks.
SIGNS = "\u2019\u201c\u201d\u201e\u2013\u2014\u2018\u2026\u201a\u2022\u2039\u203a\u2010\u2011\u20ac\u202f\u2009"


def latin(text: str) -> bytes | None:
    """A text in Latin-1, with blanks in place of SIGNS; None where it has other characters."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        if text[error.start] not in SIGNS:  # as in every text of another script
            return None
    for sign in SIGNS:
        text = text.replace(sign, " ")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return None


class LatinFolding:
    """Folds texts of Latin-1 as another function does one character of them at a time, whatever stands beside it."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        table = bytearray(range(256))
        self._longer: list[tuple[int, bytes]] = []  # what becomes several characters
        odd = bytearray()  # what leaves Latin-1
        for code in range(256):
            folded = latin(fold(chr(code)))
            if folded is None:
                odd.append(code)
            elif len(folded) == 1:
                table[code] = folded[0]
            else:
                self._longer.append((code, folded))
        self._table = bytes(table)
        self._others = bytes(code for code in range(256) if code not in odd) if odd else None

    def __call__(self, text: str) -> str | None:
        """The folded text; None where it is none of Latin-1, or a character of it leaves that."""
        plain = latin(text)
        if plain is None or (self._others is not None and not plain.isascii() and plain.translate(None, self._others)):
            return None
        plain = plain.translate(self._table)
        for code, folded in () if plain.isascii() else self._longer:
            if code in plain:
                plain = plain.replace(bytes((code,)), folded)
        return plain.decode("latin-1")
