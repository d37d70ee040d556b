"""A document of ours, read back: all of it, and what of it is not told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feeds.errors import PublishError
from feeds.recovery import read_published
from feeds.recovery.read_published import Document, Told, lines, read
from scrapers import PLAYER, File, Image

NAMES = 'xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
BODY = (
    "&lt;p&gt;First &lt;b&gt;line&lt;/b&gt;.&lt;/p&gt;&lt;figure&gt;&lt;p&gt;Caption&lt;/p&gt;&lt;/figure&gt;"
    "&lt;ul&gt;&lt;li&gt;Second&lt;/li&gt;&lt;/ul&gt;"
)
ALSO = '\n&lt;p&gt;Also at: &lt;a href="https://c.example/"&gt;c&lt;/a&gt;&lt;/p&gt;'
ENTRY = f"""<entry xml:lang="de"><id> urn:1 </id><title>T</title><updated>2026-03-02T09:00:00+01:00</updated>
<author><name>Ada</name></author><author><name>Wire</name></author><contributor><name>Jon</name></contributor>
<content type="html">{BODY}{ALSO}</content><summary>Sum</summary><published>2026-03-01T09:00:00</published>
<category term="Sea" scheme="https://d.example/s/wire/"/><category term="harbour" scheme="https://d.example/t/"/>
<category term="x"/>
<link rel="alternate" href="https://wire.example/a"/><link rel="related" href="https://c.example/a"/>
<link rel="related" href="https://h.example/a"/><link rel="license" href="https://l.example/by"/>
<link rel="replies" type="text/html" href="https://wire.example/a#comments"/>
<link rel="replies" type="application/atom+xml" href="https://wire.example/a/comments"/>
<link rel="enclosure" type="audio/mpeg" href="https://wire.example/a.mp3" length="70"/>
<link rel="enclosure" type="image/png" href="https://wire.example/a.png"/>
<link rel="enclosure" type="video/mp4" href="https://wire.example/a.mp4" length="x"/>
<media:content url="https://wire.example/1.jpg" width="640" height="480" type="image/jpeg" fileSize="7">
<media:description>A quay</media:description><media:credit>Eva</media:credit></media:content>
<media:content><media:player url="https://p.example/1" width="16" height="9"/></media:content>
<media:content><media:player url="https://p.example/2" width="16"/></media:content>
<source><id>urn:s</id><title>Wire</title><link rel="self" href="https://d.example/s/wire.atom"/>
<link rel="alternate" href="https://wire.example/"/></source></entry>"""
BARE = """<entry><id>urn:2</id><title/><updated>2026-03-02T09:00:00Z</updated>
<published>2026-03-01T09:00:00Z</published><summary>A &amp;lt; b</summary><rights>All of them</rights></entry>"""


def document(*entries: str, head: str = "") -> bytes:
    return f'<feed {NAMES} xml:lang="en"><id>urn:f</id><title>Feed</title>{head}{"".join(entries)}</feed>'.encode()


def test_an_entry_with_all_that_it_can_have() -> None:
    (told,) = read(document(ENTRY)).entries
    body = "<p>First <b>line</b>.</p><figure><p>Caption</p></figure><ul><li>Second</li></ul>"
    assert told == Told(
        id="urn:1", url="https://wire.example/a", title="T", html=body, text="First line.\nSecond", summary="Sum",
        published=datetime(2026, 3, 1, 9, tzinfo=UTC), updated=datetime(2026, 3, 2, 8, tzinfo=UTC), source="wire",
        source_title="Wire", source_url="https://wire.example/", others=("https://c.example/a", "https://h.example/a"),
        authors=("Ada",), tags=("Sea",), language="de",
        image=Image("https://wire.example/1.jpg", "A quay", "Eva", "A quay", 640, 480, "image/jpeg", 7),
        license="https://l.example/by", contributors=("Jon",), comments="https://wire.example/a#comments",
        comments_feed="https://wire.example/a/comments",
        files=(
            File("https://wire.example/a.mp3", "audio/mpeg", 70), File("https://wire.example/a.mp4", "video/mp4"),
            File("https://p.example/1", PLAYER, None, 16, 9),
        ),
    )  # fmt: skip


def test_an_entry_with_next_to_nothing() -> None:
    (told,) = read(document(BARE)).entries
    assert told == Told(
        id="urn:2", url="", title="", html="<p>A &amp;lt; b</p>", text="A &lt; b", summary="A &lt; b",
        published=datetime(2026, 3, 1, 9, tzinfo=UTC), updated=datetime(2026, 3, 2, 9, tzinfo=UTC), source="",
        source_title="", source_url="", language="en", license="All of them",
    )  # fmt: skip


def test_a_document() -> None:
    current, following, before = (
        f'<link rel="{rel}" href="x"/>' for rel in ("current", "next-archive", "prev-archive")
    )
    for head, told in (("", (False, False)), (current, (True, False)), (current + following, (True, True)), (before, (False, False))):  # fmt: skip  # noqa: E501
        assert read(document(head=head)) == Document("urn:f", "Feed", (), *told)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<feed", "is no Atom document: "),
        (b"<rss/>", "is no Atom document"),
        (document(BARE.replace("2026-03-01T09:00:00Z", "soon")), "has no date that can be read: published 'soon'"),
        (document(BARE.replace("2026-03-02T09:00:00Z", "")), "has no date that can be read: updated ''"),
    ],
)
def test_what_is_no_document_of_ours(data: bytes, why: str) -> None:
    with pytest.raises(PublishError) as raised:
        read(data)
    assert raised.value.reason.startswith(why)


TEXTS = {  # body → its text
    "": "", "  ": "", "<p>A  b\n c</p><!-- x --><h2>D</h2>": "A b c\nD",
    "<blockquote><p>A</p><p> </p></blockquote>": "A",
    "<ul><li>A</li><li><p>B</p></li></ul><table><tr><th>C</th><td>D</td></tr></table>": "A\nB\nC\nD",
    "<dl><dt>A</dt><dd>B</dd></dl><pre>C</pre><div>left out</div>": "A\nB\nC",
    "<figure><img><figcaption><p>A</p></figcaption></figure><p>B</p>": "B",
}  # fmt: skip


@pytest.mark.parametrize("body", TEXTS)
def test_the_text_of_a_body(body: str) -> None:
    assert lines(body) == TEXTS[body]


NOTED = "\n<p><em>March 1, 9:05 (UTC): said.</em></p>"


@pytest.mark.parametrize(
    ("body", "own"),
    [
        ("<p>A</p>", "<p>A</p>"),
        ('<p>A</p>\n<p>Also at: <a href="x">x</a></p>', "<p>A</p>"),
        ('<p>A</p>\n<p>Auch bei: <a href="x">x</a></p>', "<p>A</p>"),
        ('<p>A</p>\n<p><em>The site asks for this article to be read there: <a href="x">x</a></em></p>', "<p>A</p>"),
        ('<p>A</p>\n<p>Also at: <a href="x">x</a></p><p>B</p>', '<p>A</p>\n<p>Also at: <a href="x">x</a></p><p>B</p>'),
        ("<p>A</p>\n<p><em>March 1, 9:05 (UTC): “12” is now “13”.</em></p>", "<p>A</p>"),
        (f"<p>A</p>{NOTED}<p>B</p>", f"<p>A</p>{NOTED}<p>B</p>"),
    ],
)  # fmt: skip
def test_our_own_lines_are_no_text(body: str, own: str) -> None:
    assert read_published._without_own_lines(body) == own


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("0", 0), (None, None), ("", None), ("1.5", None), ("٣", None)]
)
def test_a_number(text: str | None, number: int | None) -> None:
    assert read_published._number(text) == number
