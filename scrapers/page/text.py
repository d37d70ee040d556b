"""The one cleaning function for all untrusted text (RELIABILITY P3).

All text of a page, feed or header passes through here once. The result is valid XML 1.0, in normal form C, without
invisible characters that reverse a line, hide words or stack marks on a letter. Legitimate uses stay: right-to-left
scripts, emoji with their joiners, the non-joiners of Persian and Hindi.

Limits count characters (code points), and a cut never splits what a reader sees as one character.
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
# With one of those it may also be UTF-8 that was read as Latin-1 and written as UTF-8 again.
_TWICE = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = re.compile("[\x80-\x9f]")
_NOWHERE = (
    (0xAD, 0xAD),  # soft hyphen: only a hint of layout, and it breaks searches
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

# In two: a class with characters beyond U+FFFF is gone through one by one, and takes forty times as long.
_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff]"
)
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_ODD_BEYOND = re.compile(
    "["
    + "".join(chr(plane * 0x10000 + n) for plane in range(1, 17) for n in (0xFFFE, 0xFFFF))
    + "\U000e0000-\U000e007f]"
)
# Text of which nothing has another form: Latin letters, and the quotation marks, dashes and signs of most news.
_PLAIN = re.compile("[\x00-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*+")
_MARKERS = frozenset("$%{[#")
_ADVERT_MARKER = re.compile(
    r"(\$\$|%%|##|\{\{|\[\[?)[\w.: -]{0,30}?(?:AD|(?<![A-Za-z])[Aa]d)(?:S|s|SLOT|slot|VERT|vert)?(?![A-Za-z])"
    r"[\w.: -]{0,30}(?:\$\$|%%|##|\}\}|\]\]?)"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
# Tag characters spell the flags of England, Scotland and Wales after a black flag; elsewhere they hide text.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f)|[\U000e0000-\U000e007f]")
# A zero-width space splits words in scripts without spaces (Thai, Lao, Burmese, Khmer); elsewhere it only hides.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_ZERO_SPACE = re.compile(f"(?<![{_SPACELESS}])\u200b|\u200b(?![{_SPACELESS}])")
_ZERO_RUN = re.compile("([\u200b-\u200f\u061c])[\u200b-\u200f\u061c]+")
_ISOLATES = re.compile("[\u2066-\u2069]")
_PDI = "\u2069"
# Marks are never \w to `re`: only runs of at least nine such characters can hold too many of them.
_PILED = re.compile(r"[^\w\s\x00-\u02ff]{9,}")
_UNSEEN = frozenset(("Cf", "Zs", "Zl", "Zp", "Cc", "Mn", "Me"))
# Tags in a field that should be plain text; of all others ("5 <x> 7") nobody can tell.
_BREAKING_TAG = re.compile(r"</?(?:br|div|h[1-6]|li|p)(?:\s[^<>]{0,500})?/?>", re.IGNORECASE)
_WORD_TAG = re.compile(r"</?(?:a|b|cite|em|font|i|small|span|strong|sub|sup|u)(?:\s[^<>]{0,500})?/?>", re.IGNORECASE)
_ESCAPED_TIMES = 3  # as often as a field may have been escaped
_NO_CHARACTER = re.compile(r"&#\d{8,};?")  # Python reads no number of more than 4,300 digits
_BREAK = re.compile("[\r\n\u2028\u2029]")


def single_spaced(s: str) -> str:
    """`s` without white space at its ends, and with one space for any between: `" ".join(s.split())`, in half the time
    where there is nothing to fold, as nothing printable but the space itself is white space."""
    s = s.strip()
    return s if "  " not in s and s.isprintable() else " ".join(s.split())


def clean(s: str, limit: int | None = None) -> str:
    """`s` as one clean line of at most `limit` characters: valid XML 1.0, NFC, folded whitespace.

    Idempotent. Empty when nothing visible is left.
    """
    if limit is not None and len(s) > 8 * limit + 1024:
        s = s[: 8 * limit + 1024]  # the rest would be cut anyway, and must not cost time
    line = _line(s)
    if limit is not None and len(line) > limit:
        line = _line(cut(line, limit))
    return line


def clean_field(s: str, limit: int) -> str:
    """`clean` for a field that should be plain text and often is not: a caption, a credit, the text for a picture.

    Character references that were escaped once too often are resolved ("&amp;#39;"), tags of words and paragraphs go.
    """
    s = s[: 8 * limit + 1024]
    for _ in range(_ESCAPED_TIMES):
        before = s
        if "&" in s and ";" in s:
            s = unescape(s)
        if "<" in s:
            s = _WORD_TAG.sub("", _BREAKING_TAG.sub(" ", s))
        if s == before:
            break
    return clean(s, limit)


def clean_paragraphs(s: str, limit: int = TEXT) -> str:
    """`s` as clean paragraphs split by single newlines, at most `limit` characters in all; empty ones are dropped."""
    if len(s) < limit and _is_clean(s):
        return "\n".join([line for line in s.split("\n") if not is_advert_marker(line)])
    kept: list[str] = []
    room = limit
    for raw in _BREAK.split(s):
        paragraph = clean(raw, room)
        if not paragraph or is_advert_marker(paragraph):
            continue
        kept.append(paragraph)
        room -= len(paragraph) + 1
        if room <= 0:
            break
    return "\n".join(kept)


def _is_clean(s: str) -> bool:
    """Whether the lines of `s` are clean already, and none is empty: as most texts are, and soon seen."""
    flat = s.replace("\n", " ")
    return (
        "  " not in flat and flat.isprintable() and flat == flat.strip() and (s.isascii() or bool(_PLAIN.fullmatch(s)))
    )


def cut(s: str, limit: int) -> str:
    """The first `limit` characters of `s` or a few less, so that no grapheme is split (UAX 29, in part)."""
    if len(s) <= limit:
        return s
    at = limit
    while at > 0 and limit - at < 64 and not _boundary(s, at):
        at -= 1
    return s[: at if at > 0 and _boundary(s, at) else limit].rstrip()


def _once(found: re.Match[str]) -> str:
    """Undo one character of UTF-8 read as Latin-1, recognised by a control character among its bytes."""
    if not _CONTROL.search(found[0]):
        return found[0]
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def tidy(s: str) -> str:
    """`s` without invisible and invalid characters, its whitespace unchanged: for text that is part of a line."""
    odd = not s.isprintable() and _is_odd(s)  # odd characters are not printable
    if not odd and (s.isascii() or _PLAIN.fullmatch(s)):
        return s
    if odd:
        if _CONTROL.search(s):
            s = _TWICE.sub(_once, s)
        s = _SURROGATES.sub("", s).translate(_REPLACED)
        s = _TAGS.sub(r"\1", s)
        s = _balanced(s)
        s = _ZERO_SPACE.sub("", s)
        s = _ZERO_RUN.sub(r"\1", s)
    s = unicodedata.normalize("NFC", s)
    piled = _PILED.sub(_unpiled, s)
    return s if piled == s else _ZERO_RUN.sub(r"\1", piled)  # joiners may become adjacent where a mark was removed


def _is_odd(s: str) -> bool:
    """Whether a text holds characters that are invisible, invalid or change what stands beside them."""
    return _ODD.search(s) is not None or (_BEYOND.search(s) is not None and _ODD_BEYOND.search(s) is not None)


def unescape(s: str) -> str:
    """`s` with HTML's character references resolved; numbers that are no character are U+FFFD."""
    return html.unescape(_NO_CHARACTER.sub("&#xFFFD;", s))


def is_visible(s: str) -> bool:
    """Whether there is anything to see in `s`."""
    return any(char.isalnum() or unicodedata.category(char) not in _UNSEEN for char in s)


def _line(s: str) -> str:
    if not s.isprintable():  # line breaks and indents are the usual reason; on one line they are spaces
        s = s.replace("\n", " ").replace("\t", " ").replace("\r", " ").replace("\xa0", " ")
    line = single_spaced(tidy(s))
    return line if line.isascii() or line[0].isalnum() or is_visible(line) else ""


def _balanced(s: str) -> str:
    """`s` without unpaired isolates (U+2066 to U+2069), which would reverse the rest of a page."""
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
    """Whether a grapheme ends between s[at - 1] and s[at]."""
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


def is_advert_marker(text: str) -> bool:
    """Whether a line is nothing but a marker that a template left where an advert would be: "$$ARTICLEAD$$"."""
    return text[:1] in _MARKERS and _ADVERT_MARKER.fullmatch(text.strip()) is not None
