"""Text → tokens: the one notion of a word that topics, search and the full-text index share.

Like FTS5's unicode61 with remove_diacritics 2, and beyond it where readers expect more:

- case and accents do not count: `Zürich` is zurich, `Straße` strasse, `İstanbul` istanbul, `Łódź` lodz;
- scripts without spaces (and Hangul, whose particles stick to the word) have one token a character, so that words of
  them are phrases; a mark stays with its letter;
- apostrophes, hyphens and dots split words, in the query as in the text, so `covid` finds covid-19, `accord` finds
  l'accord, and `O'Brien` is the phrase "o brien";
- `C++`, `C#` and short pairs such as `AT&T` are one token: they would match far too much otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from scrapers import LatinFolding

LONGEST = 64  # characters of a token; what is longer is no word

# Letters without a decomposition that are still a plain letter with something added; spellings that keyboards mix up.
_PLAIN = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ƒ": "f", "æ": "ae", "œ": "oe", "þ": "th",
        "ŋ": "n", "ĸ": "k", "ё": "е", "ς": "σ",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ی", "ي": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "\u0640": None,
        "\u200c": None, "\u200d": None,  # joiners inside a word
        "\u2019": "'", "\u02bc": "'",
        **dict.fromkeys("™℠¹²³⁰⁴⁵⁶⁷⁸⁹", " "),  # notes on a word, not of it; below the line they belong to it: CO₂
        **{chr(0x2080 + digit): str(digit) for digit in range(10)},
    }
)  # fmt: skip
_PLAIN |= dict.fromkeys(
    (*range(0x0300, 0x0370), *range(0x0591, 0x05BE), 0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5, 0x05C7)
)
_PLAIN |= dict.fromkeys((*range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06DD), *range(0x06DF, 0x06E9)))

# One token a character: ideographs, kana, bopomofo, Hangul, Thai, Lao, Burmese, Khmer.
_SINGLE = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf\u1000-\u102a\u103f"
    "\u1050-\u1055\u1780-\u17b3\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003fffd"
)
# Marks that belong to the letter before them: of those scripts …
_SINGLE_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3\u17dd\u3099\u309a"
)
# … and of the Indic ones, whose vowels are marks (to `re` no \w).
_MARKS = (
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc\u09be-\u09d7\u09e2\u09e3\u0a01-\u0a03"
    "\u0a3c-\u0a51\u0a70\u0a71\u0a75\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0ae2\u0ae3\u0b01-\u0b03\u0b3c\u0b3e-\u0b57\u0b62"
    "\u0b63\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3c-\u0c56\u0c62\u0c63\u0c81-\u0c83\u0cbc\u0cbe-\u0cd6\u0ce2\u0ce3"
    "\u0d00-\u0d03\u0d3b\u0d3c\u0d3e-\u0d4d\u0d57\u0d62\u0d63\u0d81-\u0d83\u0dca-\u0ddf\u0f18-\u0f39\u0f71-\u0fbc"
)
_PAIR = r"[a-z]{1,2}&[a-z]{1,2}(?![^\W_])|[a-z][a-z0-9]{0,20}\+\+|[a-z]#(?![^\W_])"
_PARTING = {code: " " for code in range(128) if not chr(code).isalnum()}
_PARTING_BUT_ODD = {code: sign for code, sign in _PARTING.items() if chr(code) not in "&+#"}
_ASCII_ODD = re.compile(_PAIR + r"|[a-z0-9]+")
_ANY = re.compile(f"{_PAIR}|[{_SINGLE}][{_SINGLE_MARKS}]{{0,4}}|(?:[^\\W_{_SINGLE}]|[{_MARKS}])+")
_SIGNS = re.compile(f"[^\x00-\x7f\\w{_SINGLE}{_SINGLE_MARKS}{_MARKS}]+")  # quotes, dashes and other signs: in no token
REMEMBERED = 24  # characters of a run that is remembered: in some scripts a run is a whole paragraph
_BEYOND = re.compile("[^\x00-\x7f]+")


def tokens(text: str) -> list[str]:
    """The tokens of `text` in their order, folded."""
    folded = None if text.isascii() else _FOLDED(text)
    text = fold(text) if folded is None else folded
    if not text.isascii():
        text = _SIGNS.sub(" ", text)
    if not text.isascii():
        found = _ANY.findall(text)
    elif "&" in text or "#" in text or "++" in text:
        parts = text.translate(_PARTING_BUT_ODD).split()
        found = [one for part in parts for one in ([part] if part.isalnum() else _ASCII_ODD.findall(part))]
    else:
        found = text.translate(_PARTING).split()  # what `[a-z0-9]+` finds, in a third of the time
    if found and max(map(len, found)) > LONGEST:
        found = [token[:LONGEST] for token in found]
    return found


def fold(text: str) -> str:
    """`text` without case, accents and spelling variants: what two spellings of one word have in common."""
    if text.isascii():
        return text.lower()
    text = _COMPATIBLE.sub(lambda form: unicodedata.normalize("NFKC", form[0]), unicodedata.normalize("NFC", text))
    return _BEYOND.sub(_plain, text.casefold())


def _plain(run: re.Match[str]) -> str:
    text = run[0]
    return _plain_word(text) if len(text) <= REMEMBERED else _plain_text(text)


def _plain_text(text: str) -> str:
    return text.translate(_PLAIN).translate(_ACCENTS)


_plain_word = lru_cache(4096)(_plain_text)  # most runs are one character


# Other shapes of the same letters: wide and half-width forms, ligatures, Arabic presentation forms.
_COMPATIBLE = re.compile("[\uf900-\ufaff\ufb00-\ufdff\ufe70-\uffef]+")


class _Accents(dict[int, int | str]):
    """Letters → the same without accents, worked out when first met. Latin and Greek only: й is not и, が not か."""

    def __missing__(self, code: int) -> int | str:
        char = chr(code)
        plain = unicodedata.normalize("NFD", char)
        if len(plain) > 1 and (plain[0] < "\u0250" or "\u0370" <= plain[0] < "\u0400" or "\u1e00" <= char < "\u2000"):
            found: int | str = plain[0].translate(_PLAIN)
        else:
            found = code
        self[code] = found
        return found


_ACCENTS = _Accents()
_FOLDED = LatinFolding(lambda char: _SIGNS.sub(" ", fold(char)))


def is_single(token: str) -> bool:
    """Whether a token is one character of a script that is cut into characters."""
    return not token.isascii() and bool(_FIRST.match(token))


_FIRST = re.compile(f"[{_SINGLE}]")
