"""The `Look` of a text: its words, their runs of three, and the facts in it."""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import compress

import xxhash

from scrapers import LatinFolding

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
_PART = re.compile(r"[\W_]")
_parted = LatinFolding(lambda char: _PART.sub(" ", unicodedata.normalize("NFKC", char)))
_folded_and_parted = LatinFolding(lambda char: _PART.sub(" ", unicodedata.normalize("NFKC", char)).casefold())
_digits_only = LatinFolding(lambda char: char if char in "0123456789.," else " ")
# what begins with a class alone is looked for in half the time
_NUMBER = re.compile(r"\d\d*(?:[.,]\d+)*")
_CAPITALISED = re.compile("[A-ZÀ-ÖØ-Þ](?<![^ ].)[^ ]*")  # of words in Latin-1 between blanks


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
    def runs(self) -> list[int]:
        """The numbers of `run`, each made once."""
        return self.run.tolist()

    @cached_property
    def shingles(self) -> frozenset[int]:
        """Every run of three words, each once."""
        return frozenset(self.runs)

    @cached_property
    def lead(self) -> frozenset[int]:
        """The runs of the first 40 words."""
        return frozenset(self.runs[: LEAD - 2])

    def count(self, words: Iterable[str]) -> int:
        """How many of these folded words are in the text."""
        apart = self._apart
        return sum([f" {word} " in apart for word in words])

    @cached_property
    def names(self) -> frozenset[str]:
        """Words with a capital; none in scripts without."""
        apart = _parted(self.text) if self.tokens < MOST else None
        if apart is not None:
            return frozenset(_CAPITALISED.findall(apart))  # the same, in a quarter of the time
        spelled = _spelled(self.text)[:MOST]
        # a word with a capital is no folded word, so few remain to be checked one by one
        return frozenset([word for word in set(spelled).difference(_folded(spelled)) if word[0].isupper()])

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The digits in the text."""
        text = _digits_only(self.text)
        return frozenset(_NUMBER.findall(self.text if text is None else " ".join(text.split())))

    @cached_property
    def title(self) -> frozenset[str]:
        """The words of the title, folded."""
        return frozenset(words(self.heading))

    @cached_property
    def _apart(self) -> str:
        """The folded words with blanks around each of them."""
        text = _folded_and_parted(self.text) if self.tokens < MOST else None
        return f" {' '.join(words(self.text)[:MOST]) if text is None else text} "

    @property
    def size(self) -> int:
        """About how many bytes it takes, without what is computed on demand."""
        return sys.getsizeof(self.text) + self.run.itemsize * len(self.run) + _LOOK

    @property
    def computed_most(self) -> int:
        """About how many more it takes once all is computed."""
        return _COMPUTED_WORD * len(self.run) + _FACTS

    def slim(self) -> None:
        """Forget what can be computed again."""
        for name in _COMPUTED:
            self.__dict__.pop(name, None)


_LOOK = 1300  # bytes of a look beside its text and its runs: the sketch, the heading, the objects
_FACTS = 3000  # and of what is computed: the sets, empty
_COMPUTED_WORD = 250  # and for each word
_COMPUTED = ("runs", "shingles", "lead", "numbers", "names", "title", "_apart")


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
    apart = _folded_and_parted(text)
    if apart is None:
        apart = " ".join(words(text))
    tokens = apart.encode("utf-8", "replace").split()[:MOST]
    run, hashes = _runs(tokens)
    return Look(
        content=xxhash.xxh3_128_hexdigest(b" ".join(tokens)),
        tokens=len(tokens),
        hashes=hashes,
        run=run,
        heading=title,
        text=text,
        when=when.timestamp() / 3600,
    )


def words(text: str) -> list[str]:
    """The words of a text, folded: compatibility forms, case, quotes and dashes do not count."""
    apart = _folded_and_parted(text)
    return _folded(_spelled(text)) if apart is None else apart.split()


def _spelled(text: str) -> list[str]:
    apart = _parted(text)
    if apart is not None:
        return apart.split()  # what _SPACED_WORD finds, in a tenth of the time
    text = unicodedata.normalize("NFKC", text)
    return (_WORD if _ANY_DENSE.search(text) else _SPACED_WORD).findall(text)


def _folded(spelled: list[str]) -> list[str]:
    return " ".join(spelled).casefold().split()


def _runs(tokens: Sequence[bytes]) -> tuple[array[int], tuple[int, ...]]:
    """A hash for every run of three words in their order, and the smallest ones; a shorter text is one run."""
    digests = list(map(xxhash.xxh3_64_digest, tokens))
    threes = zip(digests, digests[1:], digests[2:], strict=False)
    parts = threes if len(digests) > 2 else [digests] if digests else []
    found = list(map(xxhash.xxh3_64_intdigest, map(b"".join, parts)))
    run = array("Q", found)
    return run, _smallest(found, run)


def _smallest(found: Sequence[int], run: array[int]) -> tuple[int, ...]:
    """The sketch: the KEPT smallest of the hashes `found`, which `run` holds too.

    They are spread evenly: the highest byte of most tells that they are none of them.
    """
    limit = min(256, 256 * KEPT * 2 // max(1, len(found)) + 1)
    highest = run.tobytes()[7 if sys.byteorder == "little" else 0 :: 8]
    low = b"\1" * limit + bytes(256 - limit)  # marks the bytes below the limit
    few = set(compress(found, highest.translate(low)))
    return tuple(sorted(few if len(few) >= KEPT else set(found))[:KEPT])
