"""What stands in and around a text and is no part of it, or is one word with it: notices, sign-up boxes, drop caps."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

import pytest

from scrapers.extract.body import notices
from scrapers.normalise.sanitise import sanitise
from tests.scrapers.extract.body.test_body import FIFTH, FIRST, FOURTH, PROSE, SECOND, THIRD, article, find, page


@pytest.mark.parametrize(
    "line",
    [
        "As an Amazon Associate we earn from qualifying purchases.",
        "We may earn a small commission when you buy through links on this page.",
        "This post contains affiliate links, which cost you nothing.",
        "Als Amazon-Partner verdiene ich an qualifizierten Verkäufen.",
        "Note: some posts may contain affiliate links. Read more about them in our policy.",
        "We occasionally include affiliate links in our texts, which help to pay for them.",
        "Kaufen Sie über diese Links, erhalten wir eine Provision.",
        "Empfohlener redaktioneller Inhalt",
        "An dieser Stelle finden Sie einen externen Inhalt, den unsere Redaktion ausgewählt hat und der den Artikel ergänzt.",
        "Ich bin damit einverstanden, dass mir externe Inhalte angezeigt werden. Mehr dazu in der Erklärung zum Datenschutz.",
        "We need your permission to display this map, which is hosted elsewhere and may set cookies.",
        "Ce contenu externe ne peut être affiché sans votre consentement.",
        "This entry was posted in Harbour and tagged ferries, piers. Bookmark the permalink.",
        "Dieser Eintrag wurde veröffentlicht in Hafen und verschlagwortet mit Fähre, Pier.",
        "The post A pier for the ferry appeared first on The Messenger.",
        "Der Beitrag Ein Anleger für die Fähre erschien zuerst auf Der Bote.",
        "[harbourform form=1630]",
        "Read the original article on The Messenger.",
    ],
)
def test_notices_are_no_text(line: str) -> None:
    assert find(page(article(FIRST, SECOND, line, THIRD, FOURTH))).text.split("\n") == [FIRST, SECOND, THIRD, FOURTH]


def test_a_notice_of_affiliate_links_within_a_list_is_left_out_of_text_and_markup() -> None:
    notice = "<p>As an Amazon Associate we earn from qualifying purchases.</p>"
    items = "".join(f"<li><p>{line}</p>{notice}</li>" for line in (SECOND, THIRD))
    found = find(page(f"<article><h1>Pier to be rebuilt</h1><p>{FIRST}</p><ul>{items}</ul><p>{FOURTH}</p></article>"))
    assert found.text.split("\n") == [FIRST, SECOND, THIRD, FOURTH]
    assert "Associate" not in found.html and found.html.count("<li>") == 2


def test_a_text_about_consent_keeps_its_lines() -> None:
    lines = (
        "We need your consent to rebuild the pier, the council wrote to the owners of the moorings in the harbour.",
        "Externer Inhalt, so steht es im Bericht, wird auf der Seite des Hafens seit Juni nur auf Wunsch gezeigt.",
    )
    assert set(lines) <= set(find(page(article(FIRST, *lines, SECOND, THIRD))).text.split("\n"))


def test_a_text_about_affiliate_links_keeps_its_lines() -> None:
    lines = [
        "The ferry blog earns a commission from links to hotels, its owner says, and has done so for nine years now.",
        "“As an Amazon Associate I have to say so under each post,” she adds, “and most of my readers know it by heart.”",
        "We earn a commission of four per cent on a ticket, and a little more on a night in one of the harbour hotels.",
        "Shops that we asked say that a post that contains affiliate links sells twice as much as one that has none at all.",
    ]
    assert set(lines) <= set(find(page(article(FIRST, *lines, SECOND, THIRD))).text.split("\n"))


@pytest.mark.parametrize(
    "line",
    [
        "The Messenger covers one harbour. Sign up for our weekly newsletter to have its stories delivered to your inbox.",
        "If you like what we do, consider becoming a member or making a donation today, so that we can go on doing it.",
        "There is more of it where this came from. Sign up for The Quay today to get the free daily newsletter at home.",
        "Follow us on Facebook to keep up with the newest of the harbour and of the ferries that call at its piers.",
        "Abonnieren Sie unseren kostenlosen Newsletter, um jede Woche von Fähren und ihren Anlegern zu lesen.",
    ],
)
def test_an_appeal_at_an_end_is_no_text_and_one_between_is_left_alone(line: str) -> None:
    assert find(page(article(line, *PROSE))).text.split("\n") == list(PROSE)
    assert find(page(article(*PROSE, line))).text.split("\n") == list(PROSE)
    assert notices.is_appeal(line) and not any(map(notices.is_appeal, PROSE))


def test_an_author_box_goes_with_its_heading() -> None:
    inner = "".join(f"<p>{p}</p>" for p in (FIRST, SECOND, THIRD, FOURTH))
    box = (
        "<h2>Who wrote this article?</h2><p>Hi, I’m Ada Lindqvist, and I have written about piers for eleven years.</p>"
    )
    html = f"<article><h1>Pier to be rebuilt</h1><div class=article-body>{inner}{box}</div></article>"
    assert find(page(html)).text.split("\n") == [FIRST, SECOND, THIRD, FOURTH]
    html = html.replace("</div>", f"<h2>What comes next</h2><p>{FIFTH}</p></div>")
    assert find(page(html)).text.split("\n") == [FIRST, SECOND, THIRD, FOURTH, "What comes next", FIFTH]


@pytest.mark.parametrize("names", ["author-box__bio", "post-author-info", "about-the-author", "AuthorCard"])
def test_a_box_named_for_the_author_is_no_text(names: str) -> None:
    box = (
        f"<div class={names}><p>Ada Lindqvist has written about piers and the people who mend them for eleven years now. "
        "She lives above the fish market, in a flat with a view of the moorings.</p></div>"
    )
    inner = "".join(f"<p>{p}</p>" for p in PROSE)
    html = f"<article><h1>Pier to be rebuilt</h1><div class=article-body>{inner}{box}</div></article>"
    assert find(page(html)).text.split("\n") == list(PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "This material is provided for general informational purposes only and is not intended to replace the advice of a lawyer. "
        "The harbour trust has made every effort to keep it up to date.",
        "Alder Harbour Wealth LLC is a registered investment adviser. Past performance is no promise of what comes.",
        "Dieser Beitrag stellt keine Anlageberatung dar und dient ausschließlich der Information unserer Leserinnen.",
        "Disclaimer: the figures were put together in the spring, and the harbour trust vouches for none of them.",
        "© Alder Harbour Messenger 2026, all rights reserved.",
        "Cet article est publié à titre purement informatif et ne constitue pas un conseil en investissement.",
    ],
)
def test_small_print_at_the_end_is_no_text_and_one_between_is_left_alone(line: str) -> None:
    assert find(page(article(*PROSE, line, line.replace(".", "!")))).text.split("\n") == list(PROSE)
    assert find(page(article(FIRST, SECOND, line, THIRD, FOURTH))).text.split("\n") == [
        FIRST,
        SECOND,
        line,
        THIRD,
        FOURTH,
    ]


def test_a_box_named_for_small_print_is_no_text_unless_it_is_most_of_it() -> None:
    box = "<div class='text text--disclaimer'><p>{}</p><p>{}</p></div>"
    inner = "".join(f"<p>{p}</p>" for p in (FIRST, SECOND, THIRD))
    html = f"<article><h1>Pier to be rebuilt</h1><div class=article-body>{{}}{inner}</div></article>"
    small = "The figures were put together by the harbour trust in the spring, and may have changed since."
    assert find(
        page(html.format(box.format(small, "1 Of all moorings, those for guests are not counted.")))
    ).text.split("\n") == [FIRST, SECOND, THIRD]
    assert FOURTH in find(page(html.format(box.format(f"{FOURTH} {FIFTH}", f"{FIFTH} {FOURTH} {FIRST}")))).text


def test_a_box_for_subscribing_goes_with_its_heading() -> None:
    box = (
        "<div class=newsletter-form__container><section><h2>Messenger Newsletter</h2></section><section>"
        "<p>The best of the harbour, once a week, picked by our editors.</p>"
        "<form action=/subscribe><input name=mail><button>Go</button></form></section></div>"
    )
    inner = "".join(f"<p>{p}</p>" for p in (FIRST, SECOND)) + box + "".join(f"<p>{p}</p>" for p in (THIRD, FOURTH))
    html = f"<article><h1>Pier to be rebuilt</h1><div class=article-body>{inner}</div></article>"
    assert find(page(html)).text.split("\n") == [FIRST, SECOND, THIRD, FOURTH]


def test_a_numbered_caption_is_told_with_its_picture_and_is_no_text() -> None:
    caption = "Figure 4: The pier as the council wants it, seen from the fish market."
    inner = f"<p>{FIRST}</p><p>{SECOND}</p><p><img src=/pier.png width=800></p><p>{caption}</p><p>{THIRD}</p><p>{FOURTH}</p>"
    found = find(page(f"<article><h1>Pier to be rebuilt</h1><div class=article-body>{inner}</div></article>"))
    assert found.text.split("\n") == [FIRST, SECOND, THIRD, FOURTH]
    assert caption in found.html


@pytest.mark.parametrize(
    "start",
    [
        '<span class="drop-cap"> <span>T</span>\n</span>he council',
        '<span class="intro a-dropcap-big">\n<span class="u-flex">“T</span> </span>he council',
        '<strong class="first-letter">T\n</strong>he council',
    ],
)
def test_a_drop_cap_is_a_part_of_its_word(start: str) -> None:
    rest = " of Port Alder voted on Tuesday to rebuild the old ferry pier, which a storm had torn apart."
    found = find(page(article(start + rest, SECOND, THIRD, FOURTH)))
    wanted = ("“T" if "“" in start else "T") + "he council of Port Alder"
    assert found.text.startswith(wanted)
    assert (
        sanitise(found.html, "https://messenger.example/pier")
        .replace("<strong>", "")
        .replace("</strong>", "")
        .startswith(f"<p>{wanted}")
    )


@pytest.mark.parametrize("start", ["<b>A</b> storm", "<span class=drop-cap>A</span> storm", "<i>A</i> <b>storm</b>"])
def test_a_word_of_one_letter_is_no_drop_cap(start: str) -> None:
    found = find(page(article(start + " tore the old ferry pier of Port Alder apart in March of this year.", *PROSE)))
    assert found.text.startswith("A storm tore")


def test_an_element_of_the_page_s_own_in_a_paragraph_is_a_part_of_its_line() -> None:
    line = (
        'A <x-source rationale="A journal"><a href="/study">large, older study</a></x-source> of two hundred piers found '
        "that <x-note>most</x-note> of them had been built too low."
    )
    found = find(page(article(FIRST, line, SECOND, THIRD)))
    plain = "A large, older study of two hundred piers found that most of them had been built too low."
    assert found.text.split("\n") == [FIRST, plain, SECOND, THIRD]


def test_a_heading_above_words_about_the_author() -> None:
    for text, heads in (
        ("About the author", True),
        (" ABOUT THE AUTHOR ", True),
        ("About the author" + " " * 44, False),
        ("About the author of it", False),
    ):
        assert notices.heads_author(text) is heads, text
