"""One spelling for dates: digits of every script, case, accents, spaces; and the tokens of a text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_INVISIBLE = dict.fromkeys(
    (
        0xAD,
        0x200B,
        0x200C,
        0x200D,
        0x200E,
        0x200F,
        0x2060,
        0xFEFF,
        0x61C,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
)
_ALIKE = {
    **_INVISIBLE,
    **dict.fromkeys((0x9, 0xA, 0xD, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " "),
    **dict.fromkeys(map(ord, "‐‑‒−－–﹣"), "-"),
    **dict.fromkeys(map(ord, "：∶"), ":"),
    **dict.fromkeys(map(ord, "．٫。｡"), "."),
    **dict.fromkeys(map(ord, "，،、､"), ","),
    **dict.fromkeys(map(ord, "／⁄"), "/"),
    **dict.fromkeys(map(ord, "（﹙"), "("),
    **dict.fromkeys(map(ord, "）﹚"), ")"),
    **dict.fromkeys(map(ord, "｜ㅣ"), "|"),
    **dict.fromkeys(map(ord, "’‘ʼʻ′‛`´"), "'"),
    **dict.fromkeys(map(ord, "״“”„″«»"), '"'),
    ord("׳"): "'",
    ord("İ"): "i", ord("ı"): "i",
    ord("ي"): "ی", ord("ى"): "ی", ord("ك"): "ک", ord("ة"): "ه", ord("ە"): "ه",
}  # fmt: skip
# Accents that tell no month from another one: of Latin, Greek and Cyrillic, of Arabic and Hebrew, and the nuktas.
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u06d6-\u06ed\u0591-\u05bd\u05bf-\u05c7\u093c\u09bc\u0a3c]")
_MIDDLE_DOT = re.compile(r"(?<=\d)·(?=\d)")  # 04·05·2026
_BARE = re.compile(r"[A-Za-z\s\d!-/:-@\[-`{-~]*", re.ASCII)
_TOKEN = re.compile(
    r"(?P<number>\d+)"
    r"|(?P<word>(?:[^\s\d!-&(-/:-@\[-`{-~¡-¿\u2010-\u203f\u3000-\u3003]{1,5}\.(?=[^\s\d!-/:-@\[-`{-~¡-¿\u2010-\u203f])){0,4}"
    r"[^\s\d!-&(-/:-@\[-`{-~¡-©«-¹»-¿\u2010-\u203f\u3000-\u3003]+)"
    r"|(?P<sign>\S)"
)


class Token(NamedTuple):
    """A number, a word or a punctuation mark of a text."""

    kind: str
    text: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def alike(text: str) -> str:
    """`text` in lower case without accents and invisible characters, with ASCII digits, blanks and punctuation."""
    if _BARE.fullmatch(text):
        return text.replace("`", "'").lower().replace("\t", " ").replace("\n", " ").replace("\r", " ")
    text = text.translate(_ALIKE).lower()
    if not text.isascii():
        text = _MIDDLE_DOT.sub(".", text)
        text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
        text = unicodedata.normalize("NFC", text)
        text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in text)
    return text


def tokens(text: str) -> list[Token]:
    """The tokens of a text that `alike` gave."""
    return [Token(m.lastgroup or "", m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]


def words(text: str) -> list[str]:
    """The words of a table that is written as running text, spelled alike; _ stands for a blank."""
    return [alike(word.replace("_", " ")) for word in text.split()]
