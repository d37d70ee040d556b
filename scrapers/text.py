"""The one cleaning function for all text at the border (RELIABILITY P3).

Whatever a page, feed or header says passes through here once. What comes out is valid XML 1.0, in normal form C,
without the invisible characters that turn a line around, hide words in it or pile marks on a letter. What people
write stays: right-to-left scripts, emoji with their joiners, the non-joiners of Persian and Hindi.

Limits count characters (code points), and a cut never parts what a reader sees as one sign.
"""

from __future__ import annotations

import html
import re
import unicodedata

TITLE = 300  # characters
AUTHOR = 200
TEXT = 500_000

_MARKS = 8  # combining marks on one base; Tibetan and Hebrew stay below

# A C1 control in a page is a windows-1252 byte that was decoded as Latin-1: "It\x92s" was "It's" once.
_C1 = {n: bytes((n,)).decode("cp1252", "ignore") or " " for n in range(0x80, 0xA0)}
_REPLACED: dict[int, str | None] = {**dict.fromkeys((*range(0x20), 0x7F), " "), **_C1}
_NOWHERE = (
    (0xAD, 0xAD),  # soft hyphen: a hint of layout, and a hole in every search
    (0x180E, 0x180E),
    (0x202A, 0x202E),  # bidi embeddings and overrides: "exe.fdp" shown as "pdf.exe"
    (0x2060, 0x2064),  # word joiner, invisible operators
    (0x206A, 0x206F),  # deprecated format characters
    (0xFDD0, 0xFDEF),  # noncharacters
    (0xFEFF, 0xFEFF),
    (0xFFF0, 0xFFFB),  # unassigned specials, interlinear annotation
)
_REPLACED |= {n: None for low, high in _NOWHERE for n in range(low, high + 1)}
_REPLACED |= {plane * 0x10000 + n: None for plane in range(17) for n in (0xFFFE, 0xFFFF)}

_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + n) for plane in range(1, 17) for n in (0xFFFE, 0xFFFF))
    + "\U000e0000-\U000e007f]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
# Tag characters spell the flags of England, Scotland and Wales after a black flag; elsewhere they hide text.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f)|[\U000e0000-\U000e007f]")
# A zero-width space parts words in scripts without spaces (Thai, Lao, Burmese, Khmer); elsewhere it only hides.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_ZERO_SPACE = re.compile(f"(?<![{_SPACELESS}])\u200b|\u200b(?![{_SPACELESS}])")
_ZERO_RUN = re.compile("([\u200b-\u200f\u061c])[\u200b-\u200f\u061c]+")
_ISOLATES = re.compile("[\u2066-\u2069]")
_PDI = "\u2069"
# Marks are never \w to `re`: only runs of at least nine such signs can hold too many of them.
_PILED = re.compile(r"[^\w\s\x00-\u02ff]{9,}")
_UNSEEN = frozenset(("Cf", "Zs", "Zl", "Zp", "Cc", "Mn", "Me"))
_NO_SIGN = re.compile(r"&#\d{8,};?")  # Python reads no number of more than 4,300 figures
_BREAK = re.compile("[\r\n\u2028\u2029]")


def clean(s: str, limit: int | None = None) -> str:
    """`s` as one clean line of at most `limit` characters: valid XML 1.0, NFC, folded whitespace.

    Idempotent. Empty when nothing visible is left.
    """
    if limit is not None and len(s) > 8 * limit + 1024:
        s = s[: 8 * limit + 1024]  # the rest could not matter but for padding, and must not cost time
    line = _line(s)
    if limit is not None and len(line) > limit:
        line = _line(cut(line, limit))
    return line


def clean_paragraphs(s: str, limit: int = TEXT) -> str:
    """`s` as clean paragraphs parted by single newlines, at most `limit` characters in all; empty ones are dropped."""
    kept: list[str] = []
    room = limit
    for raw in _BREAK.split(s):
        paragraph = clean(raw, room)
        if not paragraph:
            continue
        kept.append(paragraph)
        room -= len(paragraph) + 1
        if room <= 0:
            break
    return "\n".join(kept)


def cut(s: str, limit: int) -> str:
    """The first `limit` characters of `s` or a few less, so that no sign is parted (UAX 29, the rules that matter)."""
    if len(s) <= limit:
        return s
    at = limit
    while at > 0 and limit - at < 64 and not _boundary(s, at):
        at -= 1
    return s[: at if at > 0 and _boundary(s, at) else limit].rstrip()


def tidy(s: str) -> str:
    """`s` without what no reader should meet, its whitespace as it is: for text that is part of a line."""
    printable = s.isprintable()  # nothing that is odd is printable, and Python knows that at once
    if s.isascii() and (printable or not _ODD.search(s)):
        return s
    if printable and max(s) < "\u0300":  # Latin letters, of which none has another form
        return s
    if not printable and _ODD.search(s):
        s = _SURROGATES.sub("", s).translate(_REPLACED)
        s = _TAGS.sub(r"\1", s)
        s = _balanced(s)
        s = _ZERO_SPACE.sub("", s)
        s = _ZERO_RUN.sub(r"\1", s)
    s = unicodedata.normalize("NFC", s)
    piled = _PILED.sub(_unpiled, s)
    return s if piled == s else _ZERO_RUN.sub(r"\1", piled)  # joiners may meet where a mark went


def unescape(s: str) -> str:
    """`s` with HTML's character references as the signs that they mean; numbers that no sign has are U+FFFD."""
    return html.unescape(_NO_SIGN.sub("&#xFFFD;", s))


def is_visible(s: str) -> bool:
    """Whether there is anything to see in `s`."""
    return any(char.isalnum() or unicodedata.category(char) not in _UNSEEN for char in s)


def _line(s: str) -> str:
    if not s.isprintable():  # breaks and indents are the usual reason, and spaces are as good on one line
        s = s.replace("\n", " ").replace("\t", " ").replace("\r", " ").replace("\xa0", " ")
    line = " ".join(tidy(s).split())
    return line if line.isascii() or is_visible(line) else ""


def _balanced(s: str) -> str:
    """`s` without the isolates (U+2066 to U+2069) that have no partner; a stray one turns the rest of a page around."""
    open_at: list[int] = []
    paired: set[int] = set()
    for found in _ISOLATES.finditer(s):
        if found[0] != _PDI:
            open_at.append(found.start())
        elif open_at:
            paired |= {open_at.pop(), found.start()}
    return _ISOLATES.sub(lambda found: found[0] if found.start() in paired else "", s)


def _unpiled(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in run[0]:
        kind = unicodedata.category(char)
        if kind[0] == "M":
            marks += 1
            if marks > _MARKS:
                continue
        elif kind != "Cf":  # a joiner between marks is no new base
            marks = 0
        kept.append(char)
    return "".join(kept)


def _boundary(s: str, at: int) -> bool:
    """Whether a reader sees a border between s[at - 1] and s[at]."""
    before, after = s[at - 1], s[at]
    if before.isascii() and after.isascii():
        return True
    if before == "\u200d" or after in "\u200c\u200d":
        return False
    if unicodedata.category(after)[0] == "M":
        return False
    if unicodedata.combining(before) == 9 and after.isalpha():  # a virama joins two letters of an Indic script
        return False
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":  # skin tones, tags
        return False
    if _flag(after) and _flag(before):
        start = at
        while start > 0 and _flag(s[start - 1]):
            start -= 1
        return (at - start) % 2 == 0
    # Hangul jamo that did not compose: L before L, V; V before V, T.
    return not ("\u1100" <= before <= "\u11ff" and "\u1160" <= after <= "\u11ff")


def _flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
