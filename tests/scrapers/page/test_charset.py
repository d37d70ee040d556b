"""Every label of the WHATWG table decodes, and no label can do anything else than decode."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.page.charset import LABELS, PIECE, characters_of_utf8, decode, decoded, encoding_of

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


@pytest.mark.parametrize(
    ("language", "codec", "words"),
    [
        ("de", "cp1252", "„Größe zählt“, sagte die Bäckerin über den Löschkai"),
        ("fr", "cp1252", "L’été dernier, la fête a duré jusqu’à l’aube"),
        ("pl", "iso8859-2", "Zażółć gęślą jaźń nad rzeką"),
        ("cs", "cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy"),
        ("ru", "cp1251", "Паром вернулся в гавань во вторник"),
        ("bg", "cp1251", "Фериботът се върна в пристанището"),
        ("el", "iso8859-7", "Το πορθμείο επέστρεψε στο λιμάνι"),
        ("tr", "cp1254", "Şehir hattı vapuru iskeleye döndü, ığdır"),
        ("he", "cp1255", "המעבורת חזרה לנמל"),
        ("ar", "cp1256", "عادت العبارة إلى الميناء"),
        ("th", "cp874", "เรือข้ามฟากกลับมาแล้ว"),
        ("ja", "cp932", "渡し船が港に戻ってきました。"),
        ("ja", "euc-jp", "渡し船が港に戻ってきました。"),
        ("ko", "cp949", "오래된 나룻배가 열한 달 만에 항구로 돌아왔고 마을 사람 절반이 부두에 섰습니다"),
        ("zh-CN", "gb18030", "老渡船靠上了码头，船上的人很少"),
        ("zh-TW", "big5", "老渡船靠上了碼頭，船上的人很少"),
    ],
)
@pytest.mark.parametrize("declared", ["utf-8", None])
def test_what_is_no_utf_8_is_read_as_its_language_is_written(
    language: str, codec: str, words: str, declared: str | None
) -> None:
    text = f'<html class="a" lang="{language}"><meta charset="utf-8"><p>{words}</p>'
    if declared is None:
        text = text.replace('<meta charset="utf-8">', "")
    assert decode(text.encode(codec), declared) == text
    feed = f"<rss><channel><language>{language.lower()}</language><title>{words}</title>"
    assert decode(feed.encode(codec), declared) == feed


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "windows-1251", "shift_jis", "euc-jp", "gbk", "big5"])
@pytest.mark.parametrize("words", ["Größe zählt für Bäcker", "渡し船が港に戻ってきました", "Паром вернулся"])
def test_what_is_utf_8_throughout_is_so_under_any_label(label: str, words: str) -> None:
    text = f'<html lang="ja"><meta charset="{label}"><p>{words}</p>'
    assert decode(text.encode()) == text
    assert decode(text.encode(), label) == text


def test_the_document_s_own_word_is_believed_where_the_header_s_is_denied() -> None:
    text = "<html lang=en><meta charset=koi8-r><p>Паром вернулся</p>"
    assert decode(text.encode("koi8-r"), "utf-8") == text


def test_damaged_utf_8_stays_utf_8() -> None:
    body = "Größe zählt für die Bäckerin".encode() + b" \xe9 \xe9 \xe9 \xe9"
    assert decode(body, "utf-8") == "Größe zählt für die Bäckerin" + " \ufffd" * 4
    cut = "Am Löschkai".encode()[:5]
    assert decode(cut, "utf-8") == "Am L\ufffd"


@given(st.binary(max_size=600), st.none() | st.text(max_size=20) | st.sampled_from(sorted(LABELS)))
def test_no_bytes_and_no_label_raise(body: bytes, declared: str | None) -> None:
    assert isinstance(decode(body, declared), str)


@given(st.text(alphabet="<meta charset=\"'!->httpequiv/;content= \t\n", max_size=300))
def test_no_markup_hangs_or_breaks_the_prescan(markup: str) -> None:
    assert decode(markup.encode()) == markup


@pytest.mark.parametrize(
    ("late", "text", "codec"),
    [
        ("<meta charset=windows-1251>", "Мост закрыт", "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=shift_jis">', "橋は閉鎖", "shift_jis"),
        ("<meta charset=iso-2022-jp>", "橋は閉鎖", "iso2022_jp"),
    ],
)
def test_a_word_behind_the_prescan_is_believed_where_the_page_is_not_utf_8(late: str, text: str, codec: str) -> None:
    head = "<script>" + " " * 2000 + "</script>"
    assert decode(head.encode() + late.encode() + text.encode(codec)) == head + late + text


def test_a_late_word_does_not_outweigh_valid_utf_8() -> None:
    page = " " * 2000 + "<meta charset=windows-1251>Мост"
    assert decode(page.encode()) == page


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "latin1", "utf-16", "iso-2022-jp"]))
def test_bytes_are_told_to_be_the_text_only_where_they_are(body: bytes, declared: str | None) -> None:
    text, is_utf8 = decoded(body, declared)
    assert text == decode(body, declared)
    assert not is_utf8 or text.encode() == body


def test_most_pages_are_their_text_in_utf8() -> None:
    assert decoded("Łódź".encode(), "utf-8") == ("Łódź", True)
    assert decoded(b"\xef\xbb\xbfcafe") == ("cafe", False)
    assert decoded(b"caf\xe9", "latin1") == ("café", False)


@pytest.mark.parametrize(
    "text",
    [
        "Ada’s boats – “all of them” … for 3 €",
        "Ada’s café: Žofín, Παρίσι, Москва, 東京 and 🙂",  # once the punctuation is known to be so, the rest is as well
    ],
)
def test_text_that_was_encoded_twice_is_put_right(text: str) -> None:
    twice = text.encode().decode("latin-1").encode()
    assert decoded(twice) == (text, False)
    assert decoded(text.encode()) == (text, True)
    mixed = "Über uns, Straße, 日本 · ".encode() + twice + " «Spaß»".encode()
    assert decode(mixed) == f"Über uns, Straße, 日本 · {text} «Spaß»"


def test_letters_that_only_look_so_stay() -> None:
    for text in ("â, Ã, Â and the â€ of a manual", "SÃO, Ã­ndice, Ãé"):
        assert decoded(text.encode()) == (text, True)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), st.sampled_from([None, "utf-8", "latin1", "x"]))
def test_characters_are_told_only_of_bytes_that_are_the_text(body: bytes, declared: str | None) -> None:
    text, is_utf8 = decoded(body, declared)
    told = characters_of_utf8(body, declared)
    doubtful = "\x80" in text or "\x1b" in text
    assert told == (len(text) if is_utf8 and not doubtful else None)


def test_characters_are_counted_across_pieces() -> None:
    for start in range(4):
        text = "x" * (PIECE - start) + "\u2019\U0001f642\u00e9" * PIECE
        body = text.encode()
        assert characters_of_utf8(body) == len(text)
        assert characters_of_utf8(body[:-1]) is None, "the last character is cut"
        assert characters_of_utf8(body + b"\xe9") is None
        assert characters_of_utf8(body + "\u00e2\x80\x99".encode()) is None, "it was encoded twice"
    assert characters_of_utf8(b"x" * PIECE + b"\x1b") is None, "it may be Japanese in ASCII"
    assert characters_of_utf8(b"<meta charset=latin1>" + b"x" * PIECE) is None
    assert characters_of_utf8(b"") == 0
