"""What a published document tells, read back: the article alone, without the lines that are ours."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from feeds.compose.compose import compose
from feeds.messages import ENGLISH, LANGUAGES, PageLocale
from feeds.model import Note
from feeds.recovery.read_published import lines, read
from feeds.render import atom
from scrapers import File
from tests.support.stories import FEED_ID, NOON, SITE, TOPIC, entry, record


@pytest.mark.parametrize("language", [ENGLISH, *LANGUAGES, "sv"])
def test_lines_of_ours_are_no_text_in_any_language(language: str) -> None:
    of = record(0, language=language)
    changed = entry(0, of=of, note=Note(NOON, "“12” is now “14”."))
    assert changed.copies
    site = replace(SITE, page_locale=PageLocale("en", "America/New_York"))
    made = compose(TOPIC, [changed, entry(1)], site=site, feed_id=FEED_ID)
    assert "(America/New York): " in made.entries[0].content
    told = read(atom(made)).entries[0]
    assert told.text == of.text
    held = compose(TOPIC, [entry(0, of=replace(of, robots=("noarchive",)))], site=SITE, feed_id=FEED_ID)
    assert "<em>" in held.entries[0].content
    assert read(atom(held)).entries[0].text == held.entries[0].summary


def test_what_ends_an_article_like_a_line_of_ours_stays() -> None:
    of = record(0, html="<p>Text.</p>\n<p><em>Ada Marsh contributed to this report.</em></p>")
    told = read(atom(compose(TOPIC, [entry(1, of=of, copies=())], site=SITE, feed_id=FEED_ID))).entries[0]
    assert told.text.endswith("Ada Marsh contributed to this report.")


def test_rights_helpers_comments_and_files_come_back() -> None:
    full = replace(
        record(0),
        license="https://creativecommons.org/licenses/by/4.0/",
        contributors=("Ben Quay",),
        comments="https://courier.example/talk#7",
        comments_feed="https://courier.example/talk/feed/",
        files=(File("https://courier.example/horn.mp3", "audio/mpeg", 4711),),
    )
    told = read(atom(compose(TOPIC, [entry(0, of=full)], site=SITE, feed_id=FEED_ID))).entries[0]
    for name in ("license", "contributors", "comments", "comments_feed", "files"):
        assert getattr(told, name) == getattr(full, name)


def test_an_entry_with_a_summary_alone_has_a_body_made_of_it() -> None:
    document = atom(compose(TOPIC, [entry(1, copies=())], site=SITE, feed_id=FEED_ID))
    tree = etree.fromstring(document)
    for element in tree.iter("{http://www.w3.org/2005/Atom}content"):
        element.getparent().remove(element)
    for element in tree.iter("{http://www.w3.org/2005/Atom}summary"):
        element.text = "Rain & wind in the <north>.\nMore of it on Monday."
    told = read(etree.tostring(tree)).entries[0]
    assert told.text == "Rain & wind in the <north>.\nMore of it on Monday."
    assert told.html == "<p>Rain &amp; wind in the &lt;north&gt;.</p><p>More of it on Monday.</p>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("", ""),
        (" \n", ""),
        ("<p>One <b>bold</b>\n word.</p><p> </p><h2>Two</h2>", "One bold word.\nTwo"),
        ("<ul><li>One</li><li><p>Two</p></li></ul>", "One\nTwo"),
        ("<figure><p>A caption</p></figure><p>One</p>", "One"),
        ("<blockquote>Said <!-- not --><?nor this?>so</blockquote>", "Said so"),
        ("<p>Before <!-- a <p>hidden</p> paragraph --> after</p>", "Before after"),
        (
            "<table><tr><td>One</td><th>Two</th></tr></table><dl><dt>Three</dt><dd>Four</dd></dl>",
            "One\nTwo\nThree\nFour",
        ),
        ("Nothing but words", ""),
    ],
)
def test_the_lines_of_a_body(body: str, text: str) -> None:
    assert lines(body) == text
