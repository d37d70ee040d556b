"""Records that mean harm: every document stays well-formed, and the other entries say what they said before."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds.compose.compose import compose
from feeds.model import Category, Copy, Entry, Feed, Note, Origin
from feeds.publish.write import RENDERERS
from feeds.render import atom
from feeds.render.formats.validate import check
from feeds.render.pages import feed_page
from scrapers import Image
from tests.support.feed_rules import broken
from tests.support.stories import FEED_ID, NOON, SITE, TOPIC, entry, record

CONTROLS = ["\x00", "\x0b", "\x1b[2J", "\x7f", "\x85", "\ud800", "\udfff", "\ufffe", "\uffff", "\U0001fffe"]
SYNTAX = ["]]>", "<![CDATA[", "<!--", "-->", "<?xml", "&", "&amp;", "&#0;", "&nbsp;", "<b>", "</title>", '"', "'", "%"]
SCRIPTS = ["<script>alert(1)</script>", "\u202e", "\u2066", "\u200d", "e\u0301\u0301", "🚢", "漢", "ا"]
SPACES = ["\r", "\n", "\t", "\u2028", " ", ""]
PIECES = st.sampled_from([*CONTROLS, *SYNTAX, *SCRIPTS, *SPACES]) | st.text(st.characters(), max_size=5)
NASTY = st.lists(PIECES, max_size=8).map("".join) | st.sampled_from(["", " "])
ADDRESS = st.one_of(
    NASTY, NASTY.map(lambda text: f"https://x.example/{text}"), NASTY.map(lambda text: f"http://{text}.example/")
)
WHEN = st.datetimes(timezones=st.timezones())
IMAGE = st.builds(
    Image, url=ADDRESS, caption=st.none() | NASTY, credit=st.none() | NASTY, alt=st.none() | NASTY,
    width=st.none() | st.integers(-1, 10**12), height=st.none() | st.integers(-1, 10**12),
)  # fmt: skip


@st.composite
def hostile(draw: st.DrawFn) -> Entry:
    """An entry of which every text, address and list may be anything. Markup is sanitised before it is stored, so
    what may be anything in it is text."""
    said = draw(NASTY)
    of = record(
        1,
        title=draw(NASTY),
        subtitle=draw(st.none() | NASTY),
        text=draw(NASTY),
        html="" if draw(st.booleans()) else f"<p>{said.replace('&', '&amp;').replace('<', '&lt;')}</p>",
        url=draw(ADDRESS),
        authors=tuple(draw(st.lists(NASTY, max_size=3))),
        publisher=draw(st.none() | NASTY),
        language=draw(st.none() | NASTY),
        image=draw(st.none() | IMAGE),
    )
    copy = st.builds(Copy, url=ADDRESS, title=NASTY, source=NASTY, publisher=NASTY, published=st.just(NOON))
    category = st.builds(Category, term=NASTY, scheme=st.none() | ADDRESS, label=st.none() | NASTY)
    return replace(
        entry(1, of=of),
        origin=Origin("urn:uuid:00000000-0000-5000-a000-000000000001", draw(NASTY), draw(ADDRESS), draw(ADDRESS), NOON),
        copies=tuple(draw(st.lists(copy, max_size=3))),
        categories=tuple(draw(st.lists(category, max_size=3))),
        note=draw(st.none() | st.builds(Note, st.just(NOON), NASTY)),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile(), st.sampled_from(["one", "all", "mark"]), st.sampled_from(["keep", "strip", "none"]))
def test_documents_stay_whole(bad: Entry, copies: str, images: str) -> None:
    topic = replace(TOPIC, copies=copies, images=images)  # type: ignore[arg-type]
    alone = compose(topic, [entry(0), entry(2)], site=SITE, feed_id=FEED_ID)
    made = compose(topic, [entry(0), bad, entry(2)], site=SITE, feed_id=FEED_ID)
    for form, render in RENDERERS.items():
        data = render(made)
        check(data, form)
        assert [rule for rule in broken(data, form) if "[ContainsHTML" not in rule] == []  # its words stay as they are
        assert others(data, form) == others(render(alone), form)
    page = feed_page(made)
    assert page.count(b"<script") == page.count(b'<script src="/page.js" defer ') == 1
    assert all(byte >= 32 or byte in b"\n" for byte in page)


def others(data: bytes, form: str) -> list[object]:
    """What the other two entries say."""
    if form == "json":
        return [item for item in json.loads(data)["items"] if not item["id"].endswith("1")]
    root = etree.fromstring(data)
    items = root.findall("{http://www.w3.org/2005/Atom}entry") or root.findall("channel/item")
    told = [[(node.tag, node.text, sorted(node.attrib.items())) for node in item.iter()] for item in items]
    return told[::2] if len(items) == 3 else list(told)


def made_of(html: str, **changes: object) -> Feed:
    return compose(
        TOPIC, [entry(0), entry(1, of=record(1, html=html, **changes)), entry(2)], site=SITE, feed_id=FEED_ID
    )


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "word " * 1_000_000 + "</p>",
        "<b>" * 1_500_000,
        "&lt;" * 1_200_000,
        "é" * 2_500_000,
        "<p>]]></p>" * 400_000,
    ],
    ids=["one paragraph", "never closed", "entities", "one word", "many paragraphs"],
)
@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_five_megabytes_of_body_harm_nobody(html: str, form: str) -> None:
    data = RENDERERS[form](made_of(html))  # type: ignore[index]
    assert len(data) < 700_000
    assert broken(data, form) == []


def test_overrides_of_direction_do_not_reach_beyond_their_line() -> None:
    made = made_of("<p>x</p>", title="\u202eevil", authors=("\u2066x",))
    assert made.entries[1].record.title == "evil"
    assert made.entries[1].record.authors == ("x",)


def test_right_to_left_text_and_emoji_survive() -> None:
    title = "عودة العبارة 🚢 e\u0301"
    read = feedparser.parse(atom(made_of("<p>x</p>", title=title)))
    assert read.entries[1].title == title


Render = Callable[[Feed], bytes]


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "a\ufffeb"])
def test_renderers_refuse_what_compose_did_not_clean(text: str) -> None:
    dirty = made_of("<p>x</p>")
    dirty = replace(dirty, entries=(replace(dirty.entries[0], content=text),))
    with pytest.raises(ValueError, match=r"XML|surrogates"):
        atom(dirty)
