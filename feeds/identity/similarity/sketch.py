"""The `Look` of a text: its words, their runs of three, and the facts in it."""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import xxhash

KEPT = 16  # hashes of a sketch: the smallest of all runs of three words
FLOOR = 40  # words below which a text is too short to be compared by its runs
OWN = 10  # words beside a site's boilerplate below which a page has no text of its own
LEAD = 40  # words of the beginning
MOST = 4000  # words that are read; a longer text is identified by its beginning
LONGEST = 40_000  # characters that are looked at

# Scripts without spaces: every character is a word of its own.
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_ANY_DENSE = re.compile(f"[{_DENSE}]")
_WORD = re.compile(f"[{_DENSE}]|(?:(?![{_DENSE}_])\\w)+")
_SPACED_WORD = re.compile(r"[^\W_]+")
_PARTING = {code: " " for code in range(128) if not chr(code).isalnum()}
_FOLDING = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_CAPITALISED = re.compile("[A-Z](?<![0-9A-Za-z][A-Z])[0-9A-Za-z]*")  # of ASCII
_WHOLE = 1 << 64
# what begins with a class alone is looked for in half the time
_NUMBER = re.compile(r"\d\d*(?:[.,]\d+)*")
_ASCII_NUMBER = re.compile("[0-9][0-9]*(?:[.,][0-9]+)*")
_RUNS = [slice(8 * n, 8 * n + 24) for n in range(MOST)]  # three digests of eight bytes, from each word on


@dataclass(frozen=True)
class Look:
    """A text as the comparison sees it. Hashes are 64-bit integers of XXH3, the same in every process.

    Few texts are compared by more than their runs of words, so facts are computed on demand. They take ten times the
    memory of the runs: `slim` forgets them.
    """

    content: str  # hash of the whole run of words: equal texts, whatever their spacing and punctuation
    tokens: int
    hashes: tuple[int, ...]  # the sketch: what an index stores and looks up
    run: array[int]  # every run of three words, in their order
    heading: str
    text: str
    when: float  # hours since 1970

    @cached_property
    def shingles(self) -> frozenset[int]:
        """Every run of three words, each once."""
        return frozenset(self.run)

    @cached_property
    def lead(self) -> frozenset[int]:
        """The runs of the first 40 words."""
        return frozenset(self.run[: LEAD - 2])

    @property
    def words(self) -> frozenset[str]:
        """Every word of the text, folded."""
        return self._words[0]

    @property
    def names(self) -> frozenset[str]:
        """Words with a capital; none in scripts without."""
        return self._words[1]

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The digits in the text."""
        return frozenset((_ASCII_NUMBER if self.text.isascii() else _NUMBER).findall(self.text))

    @cached_property
    def title(self) -> frozenset[str]:
        """The words of the title, folded."""
        return frozenset(words(self.heading))

    @cached_property
    def _words(self) -> tuple[frozenset[str], frozenset[str]]:
        if self.tokens < MOST and self.text.isascii():
            return frozenset(words(self.text)), frozenset(_CAPITALISED.findall(self.text))  # the same, in half the time
        spelled = _spelled(self.text)[:MOST]
        folded = frozenset(_folded(spelled))
        # a word with a capital is no folded word, so few remain to be checked one by one
        return folded, frozenset([word for word in set(spelled) - folded if word[0].isupper()])

    def slim(self) -> None:
        """Forget what can be computed again."""
        for name in _COMPUTED:
            self.__dict__.pop(name, None)


_COMPUTED = ("shingles", "lead", "numbers", "title", "_words")


def look(title: str, text: str, when: datetime, own: str | None = None) -> Look:
    """What `text` looks like. `when` is its date, or the time it was first seen where it has none.

    `own` is the text without the boilerplate of its site, and is what is looked at. Only where less than FLOOR words of
    it are left, the whole text is, so that a stub is still known by its few lines; but not where next to nothing is
    left: a text that is all boilerplate is that of many pages.
    """
    if own is not None and own != text:
        seen = _look(title, own, when)
        if seen.tokens >= FLOOR or seen.tokens < OWN:
            return seen
    return _look(title, text, when)


def _look(title: str, text: str, when: datetime) -> Look:
    text = text[:LONGEST]
    tokens = words(text)[:MOST]
    joined = " ".join(tokens).encode("utf-8", "replace")
    run = _runs(joined, len(tokens))
    return Look(
        content=xxhash.xxh3_128_hexdigest(joined),
        tokens=len(tokens),
        hashes=_smallest(run),
        run=run,
        heading=title,
        text=text,
        when=when.timestamp() / 3600,
    )


def words(text: str) -> list[str]:
    """The words of a text, folded: compatibility forms, case, quotes and dashes do not count."""
    if text.isascii():
        return text.translate(_FOLDING).split()
    return _folded(_spelled(text))


def _spelled(text: str) -> list[str]:
    if text.isascii():
        return text.translate(_PARTING).split()  # what _SPACED_WORD finds, in a third of the time
    text = unicodedata.normalize("NFKC", text)
    return (_WORD if _ANY_DENSE.search(text) else _SPACED_WORD).findall(text)


def _folded(spelled: list[str]) -> list[str]:
    return " ".join(spelled).casefold().split()


def _smallest(run: array[int]) -> tuple[int, ...]:
    """The sketch: the KEPT smallest hashes. They are spread evenly, so most are never compared with each other."""
    limit = _WHOLE * KEPT * 2 // max(1, len(run))
    few = {one for one in run if one < limit}
    return tuple(sorted(few if len(few) >= KEPT else set(run))[:KEPT])


def _runs(joined: bytes, count: int) -> array[int]:
    """A hash for every run of three of `count` words, which blanks join, in their order; a shorter text is one run."""
    run = array("Q")
    if count:
        digests = b"".join(map(xxhash.xxh3_64_digest, joined.split(b" ")))
        run.frombytes(b"".join(map(xxhash.xxh3_64_digest, map(digests.__getitem__, _RUNS[: max(count - 2, 1)]))))
        if sys.byteorder == "little":  # a digest has its highest byte first
            run.byteswap()
    return run
