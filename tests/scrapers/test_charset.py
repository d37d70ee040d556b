"""Every label of the WHATWG table decodes, and no label can do anything else than decode."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.charset import LABELS, decode, encoding_of

# A text that the encoding can hold, as bytes written down here, not made by the codec under test.
SAMPLES = {
    "UTF-8": (b"caf\xc3\xa9", "café"),
    "IBM866": (b"\x8f\xe0\xa8\xa2\xa5\xe2", "Привет"),
    "ISO-8859-2": (b"\xa3\xf3d\xbc", "Łódź"),
    "ISO-8859-3": (b"\xa1", "Ħ"),
    "ISO-8859-4": (b"\xbb", "ģ"),
    "ISO-8859-5": (b"\xbf\xe0\xd8\xd2\xd5\xe2", "Привет"),
    "ISO-8859-6": (b"\xe3\xe4", "كل"),
    "ISO-8859-7": (b"\xe1\xe2", "αβ"),
    "ISO-8859-8": (b"\xf9\xec", "של"),
    "ISO-8859-8-I": (b"\xf9\xec", "של"),
    "ISO-8859-10": (b"\xa1", "Ą"),
    "ISO-8859-13": (b"\xd8", "Ų"),
    "ISO-8859-14": (b"\xa1", "Ḃ"),
    "ISO-8859-15": (b"\xa4", "€"),
    "ISO-8859-16": (b"\xaa", "Ș"),
    "KOI8-R": (b"\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"),
    "KOI8-U": (b"\xa7", "ї"),
    "macintosh": (b"\x8e", "é"),
    "windows-874": (b"\xa1\xa2", "กข"),
    "windows-1250": (b"\x9c", "ś"),
    "windows-1251": (b"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"),
    "windows-1252": (b"\x93caf\xe9\x94", "“café”"),
    "windows-1253": (b"\xe1\xe2", "αβ"),
    "windows-1254": (b"\xfe\xf0", "şğ"),
    "windows-1255": (b"\xf9\xec", "של"),
    "windows-1256": (b"\xdf\xe1", "كل"),
    "windows-1257": (b"\xd8", "Ų"),
    "windows-1258": (b"\xfe", "₫"),
    "x-mac-cyrillic": (b"\x8f", "П"),
    "GBK": (b"\xc4\xe3\xba\xc3", "你好"),
    "gb18030": (b"\xc4\xe3\xba\xc3", "你好"),
    "Big5": (b"\xa7A\xa6n", "你好"),
    "EUC-JP": (b"\xc6\xfc\xcb\xdc", "日本"),
    "ISO-2022-JP": (b"\x1b$BF|K\\\x1b(B", "日本"),
    "Shift_JIS": (b"\x93\xfa\x96{", "日本"),
    "EUC-KR": (b"\xc7\xd1\xb1\xdb", "한글"),
    "UTF-16BE": (b"\0c\0a\0f\0\xe9", "café"),
    "UTF-16LE": (b"c\0a\0f\0\xe9\0", "café"),
    "replacement": (b"\x1b$)C\x0ealert(1)", "\ufffd"),
    "x-user-defined": (b"A\x80\xff", "A\uf780\uf7ff"),
}


@pytest.mark.parametrize("label", sorted(LABELS))
def test_every_label_of_the_standard_decodes(label: str) -> None:
    body, text = SAMPLES[LABELS[label]]
    assert decode(body, label) == text
    assert decode(body, f" {label.upper()}\t") == text


def test_the_table_is_complete() -> None:
    assert len(LABELS) == 228
    assert set(LABELS.values()) == set(SAMPLES)


@pytest.mark.parametrize(
    "label", ["zlib", "base64", "rot13", "idna", "punycode", "undefined", "utf-7", "unicode_escape", "utf-8\0", "", "é"]
)
def test_a_codec_that_is_no_encoding_is_never_used(label: str) -> None:
    assert encoding_of(label) is None
    assert decode("café".encode(), label) == "café"
    assert decode(b'<meta charset="' + label.encode() + b'">+ADw-script+AD4-').endswith("+ADw-script+AD4-")


@pytest.mark.parametrize(
    ("body", "declared", "text"),
    [
        (b"\xef\xbb\xbfcaf\xc3\xa9", "windows-1251", "café"),  # a BOM wins over the header
        (b"\xff\xfec\0", "utf-8", "c"),
        (b"\xfe\xff\0c", None, "c"),
        (b'<meta charset="windows-1251">\xcf', "iso-8859-1", '<meta charset="windows-1251">Ï'),  # header over meta
        (b'<meta charset="windows-1251">\xcf', "nonsense", '<meta charset="windows-1251">П'),
        (b"<META  name=x  CharSet = windows-1251 >\xcf", None, "<META  name=x  CharSet = windows-1251 >П"),
        (b"<meta charset='koi8-r'/>\xf0", None, "<meta charset='koi8-r'/>П"),
        (b"caf\xe9 \x80", None, "café €"),  # no word anywhere and no UTF-8
        (b"\xff\xfe"[:1] + b"A", "utf-8", "\ufffdA"),  # the header says UTF-8: what is invalid is replaced
        (b"a\xc3", "utf-8", "a\ufffd"),
        (b"", None, ""),
        (b"", "replacement", ""),
    ],
)
def test_the_order_of_the_witnesses(body: bytes, declared: str | None, text: str) -> None:
    assert decode(body, declared) == text


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        "<meta http-equiv=content-type content='text/html;charset=\"windows-1251\"'>",
        "<meta content='text/html; charset = windows-1251 ; x' http-equiv='CONTENT-TYPE'>",
        "<!-- <meta charset=koi8-r> --><meta charset=windows-1251>",
        "<title a='<meta charset=koi8-r>'></title><meta charset=windows-1251>",
        "<meta charset=unheard-of><meta charset=windows-1251>",
        "<metadata charset=koi8-r><meta charset=windows-1251>",
        '<?xml version="1.0" encoding="windows-1251"?><rss>',
        "<?xml version='1.0' encoding = 'Windows-1251' standalone='yes'?><rss>",
    ],
)
def test_the_page_s_own_word(head: str) -> None:
    assert decode(head.encode() + b"\xcf\xf0") == head + "Пр"


@pytest.mark.parametrize(
    "head",
    [
        "<meta name=description content='charset=windows-1251'>",  # no http-equiv
        "<!-- <meta charset=windows-1251> -->",
        "<!-- <meta charset=windows-1251>",
        " " * 1024 + "<meta charset=windows-1251>",  # beyond the prescan
        "<meta charset=utf-16le>",  # it was read as ASCII, so it is none
        "<meta charset=utf-16>",
    ],
)
def test_what_is_no_word_on_the_encoding(head: str) -> None:
    assert decode(head.encode() + "é".encode()) == head + "é"


def test_user_defined_in_a_page_means_windows_1252() -> None:
    assert decode(b"<meta charset=x-user-defined>\xe9").endswith("é")


def test_wide_xml_without_a_byte_order_mark() -> None:
    xml = '<?xml version="1.0" encoding="utf-16"?><rss>é</rss>'
    assert decode(xml.encode("utf-16-le")) == xml
    assert decode(xml.encode("utf-16-be")) == xml


@given(st.binary(max_size=600), st.none() | st.text(max_size=20) | st.sampled_from(sorted(LABELS)))
def test_no_bytes_and_no_label_raise(body: bytes, declared: str | None) -> None:
    assert isinstance(decode(body, declared), str)


@given(st.text(alphabet="<meta charset=\"'!->httpequiv/;content= \t\n", max_size=300))
def test_no_markup_hangs_or_breaks_the_prescan(markup: str) -> None:
    assert decode(markup.encode()) == markup
