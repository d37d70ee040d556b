"""White space of a body: folded to one space, but for spaces that mean something.

A no-break space keeps a number and its unit, or a French quotation mark and its word, on one line; thin spaces group
digits; the wide space of Japanese parts names. Where one stands alone it stays. Several in a row are layout.
"""

from __future__ import annotations

import re

_MEANT = frozenset("\u00a0\u2007\u2009\u200a\u202f\u3000")
_ANY = re.compile("[\u00a0\u2007\u2009\u200a\u202f\u3000]")
_RUN = re.compile(r"\s+")


def folded_spaces(words: str) -> str:
    """Words without white space at their edges, and with one space between them."""
    words = words.strip()
    if words.isprintable():  # no white space is, but for the space itself
        return words if "  " not in words else " ".join(words.split())
    if words.isascii() or not _ANY.search(words):
        return " ".join(words.split())
    return _RUN.sub(lambda found: found[0] if found[0] in _MEANT else " ", words)


def gap(before: str, words: str) -> str:
    """The space that is written for the white space `before` and that of `words`; empty for none."""
    joined = before + "".join([char for char in words if char.isspace()])
    return joined if joined in _MEANT else " " if joined else ""
