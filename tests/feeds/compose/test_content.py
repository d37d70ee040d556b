"""A record's body as a feed shows it."""

from __future__ import annotations

import pytest

from feeds.compose.content import (
    MAX_BYTES,
    SUMMARY,
    also_at,
    content,
    in_lines,
    lead,
    picture,
    summary,
    within,
    without_pictures,
)
from feeds.model import Copy
from scrapers import Image, same_picture
from tests.support.stories import record

PICTURE = "https://courier.example/pictures/harbour-at-dawn-0.jpg"


def body(**changes: object) -> str:
    return content(record(0, **changes), images="keep")


def test_the_lead_picture_stands_first_and_only_once() -> None:
    assert body().count("<img") == 1
    shown = f'<p>a</p><figure><img src="{PICTURE}?w=640&amp;q=80" alt="x"></figure>'
    assert body(html=shown) == shown
    other = '<p>a</p><img src="https://courier.example/pictures/quite-another-one.jpg" alt="">'
    assert body(html=other).index(PICTURE) < body(html=other).index("quite-another")


@pytest.mark.parametrize(("width", "height", "shown"), [(1, 1, 0), (600, 1, 0), (2, 400, 0), (0, 0, 1), (600, 400, 1)])
def test_a_picture_that_only_counts_readers_is_not_shown(width: int, height: int, shown: int) -> None:
    assert body(image=Image(PICTURE, width=width, height=height)).count("<img") == shown


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (PICTURE, PICTURE, True),
        (PICTURE, "https://cdn.example/i/harbour-at-dawn-0.jpg?w=300", True),
        ("https://x.example/harbour-at-dawn-1024x683.jpg", "https://x.example/harbour-at-dawn.jpg", True),
        (PICTURE, "https://courier.example/pictures/harbour-at-dusk-0.jpg", False),
        ("https://x.example/1/image.jpg", "https://x.example/2/image.jpg", False),
        ("https://x.example/1/image.jpg", "https://x.example/1/image.jpg?w=2", True),
        ("http://[", "https://x.example/", False),
    ],
)
def test_one_picture_in_two_sizes(one: str, other: str, same: bool) -> None:
    assert same_picture(one, other) is same


def test_captions_and_texts_of_pictures_are_escaped() -> None:
    image = Image('https://x.example/"a".jpg', caption="<b>1 & 2</b>", credit="<i>", alt='"><script>')
    figure = lead(image, "")
    assert "<script>" not in figure and "<b>" not in figure and "<i>" not in figure
    assert 'src="https://x.example/&quot;a&quot;.jpg"' in figure


def test_an_outlet_without_a_name_or_an_address_is_not_listed() -> None:
    at = record(0).published
    told = also_at(
        [
            Copy("https://herald.example/1", "A title", "herald", "Herald", at),
            Copy("", "A title", "nowhere", "Nowhere", at),
            Copy("https://nameless.example/1", "A title", "", "", at),
        ]
    )
    assert "Herald" in told and "https://herald.example/1" in told
    assert "Nowhere" not in told and "nameless" not in told
    assert also_at([Copy("", "A title", "nowhere", "Nowhere", at)]) == ""


def test_plain_text_stands_in_for_missing_markup() -> None:
    assert content(record(0, html="", text="a < b\n\n<i>c</i>"), images="none") == (
        "<p>a &lt; b</p>\n<p>&lt;i&gt;c&lt;/i&gt;</p>"
    )


def test_a_note_says_what_changed() -> None:
    assert content(record(0), images="none", note="Corrected: <8> stalls").endswith(
        "\n<p><em>Corrected: &lt;8&gt; stalls</em></p>"
    )


def test_the_summary_is_the_subtitle_or_the_beginning() -> None:
    assert summary(record(0)) == record(0).subtitle
    long = summary(record(0, subtitle=None, text="word " * 500))
    assert len(long) <= SUMMARY
    assert long.endswith("word…")
    assert summary(record(0, subtitle="Video", text="A < B, he said.\nMore")) == "A < B, he said. More"


@pytest.mark.parametrize("blanks", ["", " " * 300, " " * 700, "\n\u202e\n" * 200])
def test_blanks_before_and_in_a_text_cost_its_summary_nothing(blanks: str) -> None:
    words = " ".join(f"word{n}" for n in range(200))
    assert summary(record(0, subtitle=None, text=blanks + words)) == summary(record(0, subtitle=None, text=words))
    cut = summary(record(0, subtitle=None, text=words[:SUMMARY] + blanks))
    assert cut == words[:SUMMARY].strip()


def test_a_very_long_body_ends_at_a_block_and_links_to_the_rest() -> None:
    long = "<div>" + "".join(f"<p>Paragraph {n} &amp; <em>more</em> of it.</p>" for n in range(20_000)) + "</div>"
    short = within(long, MAX_BYTES, "https://courier.example/1?a=1&b=2")
    assert len(short.encode()) <= MAX_BYTES + 200
    assert short.endswith(
        'of it.</p></div>\n<p><a href="https://courier.example/1?a=1&amp;b=2" rel="noopener">…</a></p>'
    )
    assert within("<p>x</p>", MAX_BYTES, "https://courier.example/") == "<p>x</p>"


def test_a_long_body_without_blocks_is_cut_too() -> None:
    short = within("ü" * 300_000, MAX_BYTES, "https://courier.example/1")
    assert len(short.encode()) <= MAX_BYTES + 200


def test_a_cut_inside_a_tag_or_a_character_leaves_good_markup() -> None:
    for extra in range(12):
        long = "<p>one</p>" * 9_999 + "<p>" + "é" * extra + '<a href="https://x.example/é">é</a></p>' * 3
        short = within(long, 100_000, "https://courier.example/1")
        assert short.count("<p>") == short.count("</p>")
        assert "\ufffd" not in short


def test_pictures_go_with_the_figures_that_held_nothing_else() -> None:
    assert without_pictures("<p>no picture &amp; nothing</p>") == "<p>no picture &amp; nothing</p>"
    assert without_pictures('a &lt; b<p>x<img src="https://x.example/1.jpg" alt="">y</p>') == "a &lt; b<p>xy</p>"
    table = "<figure><table><tr><td>1</td></tr></table><figcaption>T</figcaption></figure>"
    left = without_pictures(f'{table}<figure><picture><source><img src="https://x.example/1.jpg"></picture></figure>')
    assert "<table>" in left and "T</figcaption>" in left
    assert left.count("<figure>") == 1


def test_a_player_without_its_still_keeps_its_title_and_link() -> None:
    still = '<a href="https://video.example/7"><img src="https://video.example/7.jpg" alt="A tour of the quay"></a>'
    film = '<video controls="" poster="https://x.example/p.jpg"><source src="https://x.example/v.mp4"></video>'
    left = without_pictures(f"<figure>{still}</figure>{film}")
    assert left.startswith('<figure><a href="https://video.example/7">A tour of the quay</a></figure>')
    assert "poster" not in left and 'src="https://x.example/v.mp4"' in left


@pytest.mark.parametrize(
    ("told", "shown"),
    [((600, 400), (600, 400)), ((-600, 400), (None, 400)), ((600, 0), (600, None)), ((None, None), (None, None))],
)
def test_a_size_that_no_picture_has_is_not_told(
    told: tuple[int | None, int | None], shown: tuple[int | None, int | None]
) -> None:
    found = picture(record(0, image=Image(PICTURE, width=told[0], height=told[1])), "keep")
    assert found is not None
    assert (found.width, found.height) == shown
    assert picture(record(0, image=Image(PICTURE)), "none") is None


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<p>one</p><p>two</p>", "<p>one</p>\n<p>two</p>"),
        ("<p>one</p>\n<p>two<br>three</p>", "<p>one</p>\n<p>two<br>\nthree</p>"),
        ("<ul><li>a</li><li>b</li></ul>after", "<ul><li>a</li>\n<li>b</li>\n</ul>\nafter"),
        ("<tr><td>a</td><td>b</td></tr>", "<tr><td>a</td>\n<td>b</td>\n</tr>"),
        ("<p>a <b>bold</b><i>word</i></p>", "<p>a <b>bold</b><i>word</i></p>"),
        ("<pre>a<br>b</pre><p>c</p><pre>d<br>e</pre>", "<pre>a<br>b</pre>\n<p>c</p>\n<pre>d<br>e</pre>"),
        ("<p>a</p><pre>never<br>closed", "<p>a</p>\n<pre>never<br>closed"),
        ("", ""),
    ],
)
def test_words_of_two_blocks_stay_apart_without_the_tags(body: str, shown: str) -> None:
    assert in_lines(body) == shown
    assert in_lines(shown) == shown
