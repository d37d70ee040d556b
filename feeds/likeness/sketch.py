"""What a text looks like: its words, their runs of three, and the facts in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import xxhash

KEPT = 16  # hashes of a sketch: the smallest of all runs of three words
FLOOR = 40  # tokens below which a text is too short to be compared by its runs
LEAD = 40  # tokens of the beginning
MOST = 4000  # tokens that are looked at; a longer text is told apart by its beginning

# Scripts that do not part their words: every sign is a word of its own.
_WORD = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
    "|(?:(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff_])\\w)+"
)
_ASCII_WORD = re.compile("[a-z0-9]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"\b[^\W\d_a-zß-öø-ÿ]\w+")


@dataclass(frozen=True, slots=True)
class Look:
    """A text as the comparison sees it. Hashes are 64-bit integers of XXH3, the same in every process."""

    content: str  # hash of the whole run of words: equal texts, whatever their spacing and punctuation
    tokens: int
    hashes: tuple[int, ...]  # the sketch: what an index stores and looks up
    shingles: frozenset[int]  # all runs of three words
    lead: frozenset[int]  # those of the first 40 words
    numbers: frozenset[str]
    names: frozenset[str]
    title: frozenset[str]
    when: float  # hours since 1970


def look(title: str, text: str, when: datetime) -> Look:
    """What `text` looks like. `when` is its date, or the time it was first seen where it has none."""
    tokens = words(text)[:MOST]
    shingles = _shingles(tokens)
    return Look(
        content=xxhash.xxh3_128_hexdigest(" ".join(tokens).encode("utf-8", "replace")),
        tokens=len(tokens),
        hashes=tuple(sorted(set(shingles))[:KEPT]),
        shingles=frozenset(shingles),
        lead=frozenset(shingles[: LEAD - 2]),
        numbers=frozenset(_NUMBER.findall(text[:30_000])),
        names=frozenset(name.casefold() for name in _NAME.findall(text[:30_000])),
        title=frozenset(words(title)),
        when=when.timestamp() / 3600,
    )


def words(text: str) -> list[str]:
    """The words of a text, folded: compatibility forms, case, quotes and dashes do not count."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=1 << 16)
def _digest(word: str) -> bytes:
    return xxhash.xxh3_64_digest(word.encode("utf-8", "replace"))


def _shingles(tokens: list[str]) -> list[int]:
    """A hash for every run of three words, in their order; shorter texts are one run."""
    packed = b"".join(map(_digest, tokens))
    hashed = xxhash.xxh3_64_intdigest
    return [hashed(packed[at : at + 24]) for at in range(0, max(len(packed) - 16, 8 if packed else 0), 8)]


def share(part: Iterable[int], whole: frozenset[int]) -> int:
    """How many of `part` are in `whole`."""
    return len(whole.intersection(part))
