"""Bytes → text, as browsers do it (WHATWG Encoding): BOM, HTTP header, meta, UTF-8, then the language's usual one, or
the one in which its words look like words.

Unlike in browsers, a declaration that the bytes contradict is ignored: valid UTF-8 is UTF-8, and bytes with hardly a
valid sequence are not. Only labels of the standard's own table count, each with one fixed codec. A label from a page
never reaches `codecs.lookup`, where "zlib", "rot13" or "idna" are codecs too.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from itertools import islice

from . import twice
from .guess import guessed

LATE = 1_000_000  # how much of it is searched for a late `<meta>` once it turns out not to be UTF-8, as browsers do
LOOK_AHEAD = 1024  # how much of a page is searched for its declared encoding, by the HTML Standard
SEQUENCES = 3  # least number of bytes that contradict a declaration; fewer may be chance or damage
PIECE = 16_384  # bytes that are looked at at once
CHANCE = 4  # share of non-UTF-8 text that may look like valid UTF-8 by chance

# One line per encoding: its name in the standard, the codec that decodes it, and every label that means it.
# ISO-8859-1 and ASCII are windows-1252 there, GBK is read as gb18030, 8859-11 and TIS-620 as windows-874.
_TABLE = """
UTF-8         utf-8           unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8
IBM866        cp866           866 cp866 csibm866 ibm866
ISO-8859-2    iso8859-2       csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
ISO-8859-3    iso8859-3       csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
ISO-8859-4    iso8859-4       csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
ISO-8859-5    iso8859-5       csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
ISO-8859-6    iso8859-6       arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i
ISO-8859-6    iso8859-6       iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
ISO-8859-7    iso8859-7       csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7
ISO-8859-7    iso8859-7       iso_8859-7:1987 sun_eu_greek
ISO-8859-8    iso8859-8       csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8
ISO-8859-8    iso8859-8       iso_8859-8:1988 visual
ISO-8859-8-I  iso8859-8       csiso88598i iso-8859-8-i logical
ISO-8859-10   iso8859-10      csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6
ISO-8859-13   iso8859-13      iso-8859-13 iso8859-13 iso885913
ISO-8859-14   iso8859-14      iso-8859-14 iso8859-14 iso885914
ISO-8859-15   iso8859-15      csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9
ISO-8859-16   iso8859-16      iso-8859-16
KOI8-R        koi8-r          cskoi8r koi koi8 koi8-r koi8_r
KOI8-U        koi8-u          koi8-ru koi8-u
macintosh     mac-roman       csmacintosh mac macintosh x-mac-roman
windows-874   cp874           dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874
windows-1250  cp1250          cp1250 windows-1250 x-cp1250
windows-1251  cp1251          cp1251 windows-1251 x-cp1251
windows-1252  cp1252          ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1
windows-1252  cp1252          iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252
windows-1253  cp1253          cp1253 windows-1253 x-cp1253
windows-1254  cp1254          cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5
windows-1254  cp1254          windows-1254 x-cp1254
windows-1255  cp1255          cp1255 windows-1255 x-cp1255
windows-1256  cp1256          cp1256 windows-1256 x-cp1256
windows-1257  cp1257          cp1257 windows-1257 x-cp1257
windows-1258  cp1258          cp1258 windows-1258 x-cp1258
x-mac-cyrillic mac-cyrillic   x-mac-cyrillic x-mac-ukrainian
GBK           gb18030         chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk
gb18030       gb18030         gb18030
Big5          big5hkscs       big5 big5-hkscs cn-big5 csbig5 x-x-big5
EUC-JP        euc-jp          cseucpkdfmtjapanese euc-jp x-euc-jp
ISO-2022-JP   iso2022-jp      csiso2022jp iso-2022-jp
Shift_JIS     cp932           csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis
EUC-KR        cp949           cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949
replacement   -               csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr replacement
UTF-16BE      utf-16-be       unicodefffe utf-16be
UTF-16LE      utf-16-le       csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le
x-user-defined -              x-user-defined
"""  # noqa: E501  a table is read along its lines

_CODECS: dict[str, str] = {}  # name of the encoding → Python codec; "-" for the two that have none
LABELS: dict[str, str] = {}  # label → name of the encoding
for _line in _TABLE.split("\n"):
    if _line:
        _name, _codec, *_labels = _line.split()
        _CODECS[_name] = _codec
        LABELS.update(dict.fromkeys(_labels, _name))

# Language → encodings of its pages that are not UTF-8. Of several, the first one in which every byte is valid.
_USUAL: dict[str, tuple[str, ...]] = {
    language: tuple(names.split("/"))
    for names, languages in (
        ("windows-1256", "ar fa"),
        ("windows-1254", "az ku tr"),
        ("windows-1251", "ba be bg kk ky mk ru sah sr tg tt uk"),
        ("windows-1250", "cs hr sk"),
        ("ISO-8859-2", "hu pl sl"),
        ("ISO-8859-7", "el"),
        ("windows-1257", "et lt lv"),
        ("windows-1255", "he iw"),
        ("windows-874", "th"),
        ("windows-1258", "vi"),
        ("EUC-JP/Shift_JIS/ISO-2022-JP", "ja"),
        ("EUC-KR", "ko"),
        ("gb18030/Big5", "zh zh-cn zh-sg zh-hans"),
        ("Big5/gb18030", "zh-tw zh-hk zh-mo zh-hant"),
    )
    for language in languages.split()
}
_WIDE = ("UTF-16BE", "UTF-16LE", "ISO-2022-JP", "replacement", "x-user-defined")  # every byte is valid in these
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_LANGUAGE = re.compile(
    rb"(?:<html[^<>]{0,300}\slang=[\"']?|<language>\s{0,9})([A-Za-z]{2,3}(?:[-_][A-Za-z]{2,8})?)\b", re.I
)

_SPACE = "\t\n\f\r "
_BOMS = ((codecs.BOM_UTF8, "UTF-8"), (codecs.BOM_UTF16_BE, "UTF-16BE"), (codecs.BOM_UTF16_LE, "UTF-16LE"))
_MARKS = tuple(bom for bom, _ in _BOMS)


def encoding_of(label: str | None) -> str | None:
    """The encoding that a label means ("latin1" → "windows-1252"); None for a label that the standard lacks."""
    return LABELS.get(label.strip(_SPACE).lower()) if label else None


def decode(body: bytes, declared: str | None = None) -> str:
    """The text of `body`; bytes that are invalid in its encoding become U+FFFD.

    `declared` is the label of the HTTP header, if there was one. Never raises, whatever the bytes and labels say.
    """
    return decoded(body, declared)[0]


def decoded(body: bytes, declared: str | None = None) -> tuple[str, bool]:
    """The text of `body`, as `decode` gives it, and whether `body` is that text in UTF-8, byte by byte."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _decode(body[len(bom) :], name), False
    own = _own_word(body[:LOOK_AHEAD])
    name = encoding_of(declared) or own or ""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        if name == "UTF-8":
            return _not_quite_utf8(body, own), False
        return _decode(body, name or _late_word(body) or _of_language(body)), False
    if _is_another(name, len(body) - len(text)):
        return _decode(body, name), False
    if b"\x1b" in body and (name := _late_word(body) or ""):  # ISO-2022-JP looks like ASCII
        return _decode(body, name), False
    if twice.SIGN in body:
        return twice.once(text), False
    return text, True


def characters_of_utf8(body: bytes, declared: str | None = None) -> int | None:
    """How many characters `body` has, where it is its own text in UTF-8; None where `decoded` has to find out.

    It is read in pieces of which none is kept, in half the time that the text of the whole takes: most pieces of a page
    are ASCII, and all stay in the processor's own memory.
    """
    if body.startswith(_MARKS):
        return None
    name = encoding_of(declared) or _own_word(body[:LOOK_AHEAD]) or ""
    characters = at = 0
    with memoryview(body) as whole:
        while at < len(body):
            try:
                piece, used = codecs.utf_8_decode(whole[at : at + PIECE], "strict", at + PIECE >= len(body))
            except UnicodeDecodeError:
                return None
            if twice.CONTROL in piece or "\x1b" in piece:
                return None
            characters += len(piece)
            at += used
    return None if _is_another(name, len(body) - characters) else characters


def _is_another(name: str, beyond_ascii: int) -> bool:
    """Whether bytes that are valid UTF-8 are in the encoding of this name after all."""
    return bool(name) and name != "UTF-8" and (name in _WIDE or beyond_ascii < SEQUENCES)


def _not_quite_utf8(body: bytes, own: str | None) -> str:
    """The encoding of bytes declared as UTF-8 but not valid: damaged UTF-8, or another encoding wrongly labelled."""
    text = body.decode("utf-8", errors="replace")
    broken = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    sound = sum(map(len, _FOREIGN.findall(text))) - broken
    if broken < SEQUENCES or sound * CHANCE > broken:
        return text
    return _decode(body, own if own and own not in ("UTF-8", *_WIDE) else _of_language(body))


def _of_language(body: bytes) -> str:
    """The encoding that pages in a language have when they are not UTF-8, as the HTML standard lists them."""
    told = _LANGUAGE.search(body[:LATE])
    tag = told[1].decode("latin-1").lower().replace("_", "-") if told else ""
    own = tag.partition("-")[0]
    for names in (_USUAL.get(tag), _USUAL.get(own)):
        for name in names or ():
            if len(names or ()) == 1 or _is_valid(body, name):
                return name
    return guessed(body) or "windows-1252"


def _is_valid(body: bytes, name: str) -> bool:
    try:
        body.decode(_CODECS[name])
    except UnicodeDecodeError:
        return False
    return True


def _decode(body: bytes, name: str) -> str:
    if name == "replacement":  # encodings used to smuggle scripts past filters: such a page is not read
        return "\ufffd" if body else ""
    if name == "x-user-defined":
        return body.decode("latin-1").translate(_USER_DEFINED)
    return body.decode(_CODECS[name], errors="replace")


_USER_DEFINED = {byte: 0xF780 + byte - 0x80 for byte in range(0x80, 0x100)}


def _own_word(head: bytes) -> str | None:
    """The encoding that the document itself names: XML declaration, `<meta charset>`, `<meta http-equiv>`."""
    for start, wide in ((b"<\0?\0x\0", "UTF-16LE"), (b"\0<\0?\0x", "UTF-16BE")):
        if head.startswith(start):
            return wide
    text = head.decode("latin-1")
    name = encoding_of(_xml_declaration(text)) or _meta(text)
    if name in ("UTF-16BE", "UTF-16LE"):  # a declaration that reads as ASCII cannot be UTF-16
        return "UTF-8"
    if name == "x-user-defined":
        return "windows-1252"
    return name


_LATE_META = re.compile(rb"<meta\s[^<>]{0,300}charset", re.IGNORECASE)


def _late_word(body: bytes) -> str | None:
    """The encoding that a `<meta>` names behind the prescan."""
    for found in list(islice(_LATE_META.finditer(body[:LATE], LOOK_AHEAD), 20)):
        name = _own_word(body[found.start() : found.start() + LOOK_AHEAD])
        if name:
            return name
    return None


def _xml_declaration(text: str) -> str | None:
    """The encoding in `<?xml version="1.0" encoding="…"?>`, which has to begin the document."""
    text = text.lstrip(_SPACE)
    if not text.startswith("<?xml"):
        return None
    attributes = dict(_attributes(text[5 : text.find("?>")])) if "?>" in text else {}
    return attributes.get("encoding")


def _meta(text: str) -> str | None:
    """The standard's prescan: the first meta element, outside of comments, that names a known encoding."""
    lower, at = text.lower(), 0
    while (at := lower.find("<", at)) >= 0:
        if lower.startswith("<!--", at):
            end = lower.find("-->", at + 2)
            if end < 0:
                return None
            at = end + 3
            continue
        end = _tag_end(lower, at)
        if lower.startswith("<meta", at) and lower[at + 5 : at + 6] in ("\t", "\n", "\f", "\r", " ", "/"):
            label = _label_of_meta(dict(reversed(_attributes(lower[at + 5 : end]))))
            name = encoding_of(label)
            if name:
                return name
        at = end
    return None


def _label_of_meta(attributes: dict[str, str]) -> str | None:
    if "charset" in attributes:
        return attributes["charset"]
    if attributes.get("http-equiv") != "content-type":
        return None
    content = attributes.get("content", "")
    at = content.find("charset")
    while at >= 0:
        rest = content[at + 7 :].lstrip(_SPACE)
        if rest.startswith("="):
            rest = rest[1:].lstrip(_SPACE)
            if rest[:1] in ("'", '"'):
                end = rest.find(rest[0], 1)
                return rest[1:end] if end > 0 else None
            return _until(rest, lambda c: c in _SPACE or c == ";")
        at = content.find("charset", at + 7)
    return None


def _tag_end(text: str, at: int) -> int:
    """Where the tag that begins at `at` ends; `>` inside quotes does not end it."""
    quote = ""
    for i in range(at + 1, len(text)):
        c = text[i]
        if quote:
            quote = "" if c == quote else quote
        elif c in "\"'" and text[i - 1] in "= \t\n\f\r":
            quote = c
        elif c == ">":
            return i
    return len(text)


def _attributes(text: str) -> list[tuple[str, str]]:
    """Names and values of the attributes in the inside of a tag, in order."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        while at < len(text) and (text[at] in _SPACE or text[at] in "/="):
            at += 1
        name = _until(text[at:], lambda c: c in _SPACE or c in "=/>")
        at += len(name)
        if not name:
            at += 1
            continue
        rest = text[at:]
        after = rest.lstrip(_SPACE)
        value = ""
        if after.startswith("="):
            after = after[1:].lstrip(_SPACE)
            at = len(text) - len(after)
            if after[:1] in ("'", '"'):
                end = after.find(after[0], 1)
                value = after[1:end] if end > 0 else after[1:]
                at += len(value) + 2
            else:
                value = _until(after, lambda c: c in _SPACE or c == ">")
                at += len(value)
        found.append((name, value))
    return found


def _until(text: str, stop: Callable[[str], bool]) -> str:
    for i, c in enumerate(text):
        if stop(c):
            return text[:i]
    return text
