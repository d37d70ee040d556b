"""Pages of our own: cut, garbled, spliced, wrongly encoded. No exception; records keep their promises."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.errors import CopydeskError, ReadFailed
from scrapers.extract import extract
from scrapers.model import Page
from scrapers.normalise.record import normalise
from scrapers.seed.seed import Seed
from tests.support.record_rules import broken
from tests.support.timing import least

SEEN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
URL = "https://kurier.example/2026/03/04/die-bruecke-ist-offen"
SEED = Seed(name="kurier", home="https://kurier.example/")


def _ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


GERMAN = (
    "<!doctype html><html lang=de><head><meta charset=utf-8><title>Die Brücke ist offen – Der Kurier</title>"
    + _ld(headline="Die Brücke ist offen", datePublished="2026-03-04T07:30:00+01:00", author=[{"name": "Ada Lind"}])
    + "</head><body><nav><a href=/>Der Kurier</a></nav><article><h1><span class=kicker>Verkehr</span> Die"
    " Brücke ist offen</h1>"
    "<p class=lead>Seit Mittwoch rollt der Verkehr wieder über den Hafen.</p><p class=byline>Von Ada Lind und"
    " Tomás Rey</p>"
    "<figure><img src=/hafen.jpg width=1200 height=800 alt='Der Hafen'><figcaption>Der Hafen. Foto: Mara"
    " Ek</figcaption></figure>"
    "<p>Die Brücke war elf Wochen lang gesperrt, weil ein Lager nachgegeben hatte.</p><h2>Was noch fehlt</h2>"
    "<ul><li>Das Geländer wird im Mai gestrichen.</li><li>Der Radweg folgt im Juni.</li></ul>"
    "<blockquote>Wir sind froh, dass es so schnell ging.</blockquote><p>Lesen Sie auch: <a href=/a>Die Fähre</a></p>"
    "<table><tr><th>Jahr</th><th>Kosten</th></tr><tr><td>2025</td><td>3 Mio.</td></tr></table></article>"
    "<aside><h2>Mehr</h2><time datetime=2025-01-01>gestern</time></aside></body></html>"
)
JAPANESE = (
    "<html lang=ja><head><meta charset=utf-8><meta property='og:title' content='港の橋が再開'>"
    "<title>港の橋が再開｜港日報</title>"
    "<meta property='article:published_time' content='2026-03-04T09:00:00+09:00'></head>"
    "<body><main><h1>港の橋が再開</h1>"
    "<p>2026年3月4日 9時00分　記者：<ruby>青木<rt>あおき</rt></ruby>花</p>"
    + "<p>港の橋は四日の朝に再び開通し、多くの人が歩いて渡った。市は費用を三億円としている。</p>" * 3
    + "</main></body></html>"
)
ARABIC = (
    "<html lang=ar dir=rtl><head><meta charset=utf-8><title>افتتاح الجسر | البريد</title></head><body><div"
    " class=article>"
    "<h1>افتتاح الجسر</h1><span class=author>كتبت: ليلى حداد</span><time>4 مارس 2026</time>"
    + "<p>عبر السكان الجسر يوم الأربعاء بعد أن أُغلق أحد عشر أسبوعا بسبب عطل في أحد الدعامات، وقالت البلدية إن"
    " الكلفة ثلاثة ملايين.</p>" * 2 + "</div></body></html>"
)
STATE = (
    "<html lang=en><head><title>The bridge is open</title><meta name=description content='Traffic is"
    " back.'></head><body><h1>The bridge is"
    " open</h1><div id=root></div><script id=__NEXT_DATA__ type=application/json>"
    + json.dumps(
        {
            "props": {
                "story": {
                    "headline": "The bridge is open",
                    "date": 1772607000,
                    "authors": [{"name": "Ada Lind"}],
                    "body": "".join(
                        f"<p>Traffic rolls over the bridge again, said pier {n} on Wednesday.</p>" for n in range(20)
                    ),
                }
            }
        }
    )
    + "</script></body></html>"
)
LIVE = (
    "<html lang=en><head><title>Harbour live</title></head><body><h1>Harbour live: the bridge opens</h1>"
    + "".join(
        f"<div itemscope itemtype='http://schema.org/BlogPosting'><h2 itemprop=headline>Update {n}</h2>"
        f"<time itemprop=datePublished datetime='2026-03-04T{n:02}:05Z'>{n}:05</time><p"
        f" itemprop=articleBody>The {n}th lorry"
        " has crossed; the crowd waits for the ferry, which still runs every half hour.</p></div>"
        for n in range(6, 12)
    )
    + "</body></html>"
)  # fmt: skip
PAGES = [page.encode() for page in (GERMAN, JAPANESE, ARABIC, STATE, LIVE)]
ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-32",
    "windows-1252",
    "iso-8859-2",
    "koi8-r",
    "shift_jis",
    "gb18030",
    "euc-kr",
    "cp037",
)
LABELS = (None, *ENCODINGS, "iso-2022-jp", "utf-7", "replacement", "x-user-defined", "no such thing")
JUNK = (
    "<div>",
    "<b>",
    "<p><a href=x>",
    "<table><td>",
    "<svg>",
    "<!--",
    "<script>",
    "</p>",
    "<ul><li>",
    "<h1>",
    "<time>",
    '<a title="',
)


def keeps_its_promises(body: bytes, charset: str | None = None) -> bool:
    """Whether a record came out; fails where it is not as it has to be."""
    page = Page(URL, body, charset=charset, fetched=SEEN)
    try:
        draft = extract(page, SEED, now=SEEN)
    except ReadFailed:  # over the parser's limits
        return False
    try:
        record = normalise(draft, url=URL, seed=SEED, first_seen=SEEN)
    except CopydeskError:  # no article any more
        return False
    assert broken(record, draft, SEED, URL) == []
    return True


@pytest.mark.parametrize("page", PAGES)
def test_whole_pages_are_read(page: bytes) -> None:
    assert keeps_its_promises(page)


@pytest.mark.parametrize("page", PAGES)
def test_truncated_at_any_point(page: bytes) -> None:
    made = [keeps_its_promises(page[:end]) for end in range(len(page) - 1, 0, -29)]
    assert made[0]
    assert not made[-1]


@settings(max_examples=120, deadline=None)
@given(
    page=st.sampled_from(PAGES),
    start=st.one_of(st.just(0), st.integers(0, 3000)),
    end=st.one_of(st.none(), st.integers(0, 3000)),
    flips=st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=200),
    charset=st.sampled_from(LABELS),
)
def test_cut_and_garbled(
    page: bytes, start: int, end: int | None, flips: list[tuple[int, int]], charset: str | None
) -> None:
    body = bytearray(page[start:end])
    for place, value in flips if body else ():
        body[place % len(body)] = value
    keeps_its_promises(bytes(body), charset)


@settings(max_examples=80, deadline=None)
@given(page=st.sampled_from(PAGES), used=st.sampled_from(ENCODINGS), told=st.sampled_from(LABELS))
def test_in_another_encoding_than_told(page: bytes, used: str, told: str | None) -> None:
    keeps_its_promises(page.decode().encode(used, "replace"), told)


@settings(max_examples=80, deadline=None)
@given(
    first=st.sampled_from(PAGES),
    second=st.sampled_from(PAGES),
    cut=st.integers(0, 4000),
    to=st.integers(0, 4000),
    junk=st.lists(st.tuples(st.sampled_from(JUNK), st.sampled_from((1, 40, 1200))), max_size=3),
)
def test_spliced_with_junk_between(first: bytes, second: bytes, cut: int, to: int, junk: list[tuple[str, int]]) -> None:
    between = "".join(tag * count for tag, count in junk).encode()
    keeps_its_promises(first[:cut] + between + second[to:])


@pytest.mark.parametrize(
    "tag", ["div", "section class=a", "b", "ul><li", "blockquote", "table><tr><td", "span", "font"]
)
def test_nested_thousands_deep(tag: str) -> None:
    page = GERMAN.replace("<h2>", f"<{tag}>" * 3000 + "<h2>")
    keeps_its_promises(page.encode())


@pytest.mark.parametrize(
    "junk",
    [
        "<textarea>" + "<!--" * 20_000,  # comments that raw text opens
        "".join(f"<p><font a{n}>" for n in range(9000)),  # formatting that nobody closes
        "<figure><img src=/a.jpg width=900>" + "<p>Ein Absatz.</p><img src=/b.jpg width=900>" * 3000,
        "<div class=date>1.2.2026" * 4000,
    ],
    ids=lambda junk: junk[:14],
)
def test_junk_takes_no_time(junk: str) -> None:
    page = GERMAN.replace("<h2>", junk + "<h2>").encode()
    assert least(lambda: keeps_its_promises(page), 1.5) < 1.5


def test_addresses_that_nothing_may_hold() -> None:
    page = GERMAN.replace("/hafen.jpg", "http://[/hafen.jpg").replace(
        "<meta charset",
        "<link rel=canonical href='https://kurier\x01.example/a'>"
        "<meta property=og:image content='/a\x1ab.jpg'><meta charset",
    )
    assert keeps_its_promises(page.encode())


def test_a_tag_whose_name_holds_a_bracket() -> None:
    text = "Das Geländer wird im Mai gestrichen, sagte die Stadt, und dann folgt <a href=/b>die Fähre</a> im Juni."
    assert keeps_its_promises(GERMAN.replace("<h2>", f"<hafen< a=''>{text}</hafen<><h2>").encode())
