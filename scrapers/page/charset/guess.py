"""The encoding of a page that names none: of those in use, the one in which its words look like words.

No word of any language is known here, only how writing looks: a word has letters of one script, capitals at its
beginning or throughout, no sign amid its letters, and in Latin script seldom three accented letters on end. Encodings
of Chinese, Japanese, Korean and Hebrew are told by their frequent bytes. Where two differ in nothing of this (the
letters of Turkish in windows-1254), the page stays windows-1252.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

LEAST = 12  # bytes beyond ASCII; fewer may be anything
SAMPLE = 60_000  # bytes of text that are looked at
CLEARLY = 0.1  # by how much a guess must be better than windows-1252
GOOD = 0.7  # share of bytes beyond ASCII that stand in words that look right

# Name in the standard → Python's codec. The first of equal ones counts.
_SINGLE = (
    ("windows-1252", "cp1252"),
    ("windows-1251", "cp1251"),
    ("ISO-8859-2", "iso8859-2"),
    ("windows-1250", "cp1250"),
    ("KOI8-U", "koi8-u"),
    ("ISO-8859-7", "iso8859-7"),
    ("windows-1256", "cp1256"),
    ("windows-874", "cp874"),
)
_CODE = re.compile(rb"<(script|style)\b", re.IGNORECASE)
_MARKUP = re.compile(rb"<[^<>]{0,2000}>|&\w{1,10};")
_HIGH = re.compile(rb"[\x80-\xff]+")
_WORD = re.compile(r"[^\s\x00-\x40\[-`{-\x7f\xa0«»“”„‘’‚‹›–—…№©®•·°§]+")
_ACCENTED_RUN = re.compile(r"[^\W\d_a-zA-Z]{3}")
_TONED = re.compile("[άέήίόύώΐΰ]", re.IGNORECASE)


def guessed(body: bytes) -> str | None:
    """The name of the encoding (WHATWG) that the text of a page most likely has; None where it may be windows-1252."""
    text = b" ".join(_MARKUP.sub(b" ", _without_code(body[: 8 * SAMPLE])).split())[:SAMPLE]
    if sum(map(len, _HIGH.findall(text))) < LEAST:
        return None
    told = next((name for name, fits in _TOLD if fits(text)), None)
    if told is not None:
        return told
    shares = {name: _share(text.decode(codec, errors="replace")) for name, codec in _SINGLE}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= max(GOOD, shares["windows-1252"] + CLEARLY) else None


def _without_code(markup: bytes) -> bytes:
    """A page without its scripts and style sheets; one that has no end reaches to the end of the page."""
    low = markup.lower()
    kept: list[bytes] = []
    at = 0
    while (begun := _CODE.search(low, at)) is not None:
        kept.append(markup[at : begun.start()])
        at = low.find(b"</" + begun[1], begun.end())
        if at < 0:
            return b" ".join(kept)
    return b" ".join([*kept, markup[at:]])


def _share(text: str) -> float:
    """The share of the characters beyond ASCII that stand in words that look right, 0 to 1."""
    good = total = 0.0
    for word in _WORD.findall(text):
        foreign = sum(not letter.isascii() for letter in word)
        total += foreign
        good += foreign * _looks_right(word) if foreign else 0.0
    return good / total if total else 0.0


def _looks_right(word: str) -> float:
    scripts = {_script(letter) for letter in word}
    if len(scripts) != 1 or None in scripts:
        return 0.0
    rest = word[1:]
    if rest != rest.lower() and word != word.upper():
        return 0.0
    script = scripts.pop()
    if script == "LATIN" and _ACCENTED_RUN.search(word):
        return 0.0
    if script == "GREEK" and len(_TONED.findall(word)) > 1:
        return 0.0
    return 0.5 if len(word) > 3 and word == word.upper() != word.lower() else 1.0


@lru_cache(maxsize=1024)
def _script(letter: str) -> str | None:
    """The script of a letter or of a mark on one; None for any other character."""
    if unicodedata.category(letter)[0] not in "LM":
        return None
    return unicodedata.name(letter, "?").split()[0]


def _leads(text: bytes) -> list[int]:
    """The first bytes of all pairs, where bytes beyond ASCII always come in pairs; else none."""
    runs = _HIGH.findall(text)
    if any(len(run) % 2 for run in runs):
        return []
    return [byte for run in runs for byte in run[::2]]


def _within(leads: list[int], low: int, high: int) -> float:
    return sum(low <= byte <= high for byte in leads) / len(leads) if leads else 0.0


def _is_euc_jp(text: bytes) -> bool:
    return _within(_leads(text), 0xA4, 0xA5) > 0.2 and _is_valid(text, "euc-jp")


def _is_euc_kr(text: bytes) -> bool:
    return _within(_leads(text), 0xB0, 0xC8) > 0.9 and _is_valid(text, "cp949")


def _is_gbk(text: bytes) -> bool:
    return _within(_leads(text), 0xB0, 0xD7) > 0.7 and _is_valid(text, "gb18030")


def _is_hebrew(text: bytes) -> bool:
    """Hebrew has 27 letters and no capitals: what else writes with these bytes has others beside them."""
    runs = _HIGH.findall(text)
    letters = b"".join(runs).translate(None, bytes(range(0x80, 0xC0)))
    return len(letters) >= max(3 * LEAST, 2.5 * len(runs)) and sum(0xE0 <= byte <= 0xFA for byte in letters) == len(
        letters
    )


def _is_shift_jis(text: bytes) -> bool:
    return _is_valid(text, "cp932") and _kana(text.decode("cp932")) > 0.2


def _is_big5(text: bytes) -> bool:
    """The frequent characters of Big5 begin with A4 to C6; many end with an ASCII byte."""
    if not _is_valid(text, "big5hkscs"):
        return False
    pairs = re.findall(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]", text)
    frequent = [pair for pair in pairs if 0xA4 <= pair[0] <= 0xC6]
    ascii_ends = sum(pair[1] < 0x80 for pair in frequent)
    neighbours = len(re.findall(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe](?=[\x81-\xfe])", text))
    return len(frequent) > 0.7 * len(pairs) and ascii_ends > 0.15 * len(pairs) and neighbours > 0.7 * len(pairs)


def _kana(text: str) -> float:
    foreign = [letter for letter in text if not letter.isascii()]
    return sum("\u3040" <= letter <= "\u30ff" for letter in foreign) / len(foreign) if foreign else 0.0


def _is_valid(text: bytes, codec: str) -> bool:
    try:
        text[: len(text) - 4].decode(codec)  # the sample may end amid a character
    except UnicodeDecodeError as error:
        return error.start >= len(text) - 6
    return True


_TOLD: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("EUC-JP", _is_euc_jp),
    ("EUC-KR", _is_euc_kr),
    ("GBK", _is_gbk),
    ("Shift_JIS", _is_shift_jis),
    ("Big5", _is_big5),
    ("windows-1255", _is_hebrew),
)
