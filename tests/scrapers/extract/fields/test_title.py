"""Which of a page's headings and titles is its headline, in markup of site builders and of old pages."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers.extract import extract
from scrapers.extract.fields.headings import _lined
from scrapers.model import Draft, Page

LINE = "The council counted the boats twice and found one more than it had moorings for, which nobody could explain. "
BODY = "".join(f"<p>{LINE * 2}</p>" for _ in range(4))


def page(head: str, top: str, *, url: str = "https://www.tidings.example/a/moorings") -> Draft:
    html = f"<!doctype html><html lang=en><head><meta charset=utf-8>{head}</head><body>{top}{BODY}</body></html>"
    return extract(Page(url=url, body=html.encode()))


@pytest.mark.parametrize(
    "box",
    [
        '<div class="elementor-widget elementor-widget-heading"><div class="elementor-widget-container">{}</div></div>',
        '<section class="blog under-menu main--sidebar-enabled--false">{}</section>',
        '<div class="w-full xl:mr-[--sidebar-container-width]">{}</div>',
        '<div class="article__masthead">{}</div>',
        '<div class="widget widget-hero hero">{}</div>',
        '<div class="menu">{}</div>',
    ],
)
def test_a_headline_that_the_head_repeats_is_one_in_any_box(box: str) -> None:
    top = box.format("<h1>Too many boats for the moorings</h1><p>By Ada Brunn<p>Published 4 March 2026")
    draft = page("<title>Too many boats for the moorings | Tidings</title>", top)
    assert (draft.title, draft.witnesses["title"]) == ("Too many boats for the moorings", "markup")
    assert draft.authors == ("Ada Brunn",)
    assert draft.published == "2026-03-04"


@pytest.mark.parametrize(
    ("tab", "top", "wanted"),
    [
        (  # what stands behind the separator is unknown, but a second heading leaves it off
            "Too many boats for the moorings | Harbour Log",
            "<h2>Too many boats for the moorings</h2>",
            "Too many boats for the moorings",
        ),
        (
            "码头上的船太多了没有地方停_社会_潮水日报",
            "<h1>潮水日报</h1><h2>码头上的船太多了没有地方停</h2>",
            "码头上的船太多了没有地方停",
        ),
        (  # the first heading is the site's name
            "Too many boats for the moorings | A Log of Tides",
            "<h1>A Log of Tides</h1><h2>Too many boats for the moorings</h2>",
            "Too many boats for the moorings",
        ),
        (  # a heading of a part
            "How to moor a boat: a guide for beginners",
            "<h1>How to moor a boat: a guide for beginners</h1><h2>How to moor a boat</h2>",
            "How to moor a boat: a guide for beginners",
        ),
        ("Archive", "<h1>Moorings of old</h1>", "Moorings of old"),  # the tab is the section's
    ],
)
def test_a_title_that_only_the_tab_tells(tab: str, top: str, wanted: str) -> None:
    assert page(f"<title>{tab}</title>", top).title == wanted


def test_the_shown_headline_goes_before_another_one_for_search_engines() -> None:
    head = '<title>Boat mooring capacity 2026</title><meta property="og:title" content="Boat mooring capacity 2026">'
    assert page(head, "<h1>Nobody knows whose boat it is</h1>").title == "Nobody knows whose boat it is"


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("Reserve harbour moorings today", "How moorings are given out in the old harbour"),  # a call to act
        ("Moorings in the harbour", "How moorings are given out in the old harbour"),  # a label
        ("Who gets a mooring in the old harbour, and why it takes years", None),  # a headline, with all its room
        ("How moorings are given out", None),  # the head only adds to it
    ],
)
def test_a_heading_of_fewer_words_than_all_of_the_head_is_no_headline(heading: str, wanted: str | None) -> None:
    told = "How moorings are given out in the old harbour"
    head = f'<title>{told} | Tidings</title><meta property="og:title" content="{told}">'
    head += '<meta property="og:site_name" content="Tidings">'
    assert page(head, f"<h1>{heading}</h1>").title == (wanted or heading)
    assert page(f"<title>{told}</title>", f"<h1>{heading}</h1>").title == heading  # only the tab says so


def test_one_word_above_the_text_is_the_heading_of_a_menu() -> None:
    menu = '<div class="side-panel"><h1>User</h1><a href="/login">Sign in</a></div>'
    draft = page("<title>Keeping boats/Moorings - A log of tides</title>", menu)
    assert draft.title == "Keeping boats/Moorings - A log of tides"


def test_a_second_heading_before_the_first_one_in_the_head_is_no_headline() -> None:
    told = "The Lowhaven Rowing Band – Moorings"
    head = f'<title>{told} Lyrics</title><meta property="og:title" content="{told}">'
    assert page(head, "<h1>Moorings</h1><h2>The Lowhaven Rowing Band</h2>").title == "Moorings"


@pytest.mark.parametrize(
    ("og", "wanted"),
    [
        ('<meta property="og:title" content="Why the moorings overflow">', "Why the moorings overflow"),
        ("", "A word from the founder of this paper"),  # the tab alone may name the section
    ],
)
def test_an_appeal_that_shares_no_word_with_the_head_is_no_headline(og: str, wanted: str) -> None:
    top = '<h3 class="post-title">Why the moorings overflow</h3>'
    below = "<div class=after><h1>A word from the founder of this paper</h1><p>Stay with us.</p></div>"
    draft = page(f"<title>Harbour</title>{og}", top + BODY + below)
    assert draft.title == wanted


def test_words_on_two_lines_of_a_headline_are_two() -> None:
    html = "<html lang=en><body><h1>The bridge is open (again)<br>What drivers should know</h1><p>Traffic rolled.</p>"
    assert extract(Page("https://courier.example/b", html.encode())).title == (
        "The bridge is open (again) What drivers should know"
    )


@pytest.mark.parametrize(
    ("head", "top", "wanted"),
    [
        (  # a kicker in the heading that nobody calls one, left off by the tab
            "<title>Too many boats for the moorings</title>",
            "<h1><span>Notice of the harbour office:</span><span>Too many boats for the moorings</span></h1>",
            "Too many boats for the moorings",
        ),
        (  # a forum's prefix, which the head has as well, but not what the page tells of the thread
            '<title>Help - Too many boats here</title><meta property="og:title" content="Help - Too many boats here">'
            '<script type="application/ld+json">'
            '{"@type":"DiscussionForumPosting","headline":"Too many boats here"}</script>',
            '<h1><span class="label">Help</span><span> </span>Too many boats here</h1>',
            "Too many boats here",
        ),
        (  # the heading goes on where the head stops; a recipe's name below is not the headline
            '<title>Harbour soup for many | Tidings</title><meta property="og:title" content="Harbour soup for many">'
            '<script type="application/ld+json">{"@type":"Recipe","name":"Harbour soup"}</script>',
            "<h1>Harbour soup for many: ready before the tide</h1><h2>Harbour soup</h2>",
            "Harbour soup for many: ready before the tide",
        ),
        (  # the section behind a bar, told by the address
            '<title>Why moorings matter | Views</title><meta property="og:title" content="Why moorings matter | Views">'
            '<link rel=canonical href="https://www.tidings.example/views/2026/moorings">',
            "<h1>Why moorings matter | Views</h1>",
            "Why moorings matter",
        ),
        (  # no section: it belongs to the headline
            '<title>Why moorings | Part 2</title><meta property="og:title" content="Why moorings | Part 2">',
            "<h1>Why moorings | Part 2</h1>",
            "Why moorings | Part 2",
        ),
        (  # a label, of which the head knows the whole
            '<title>New moorings: get one</title><meta property="og:title" content="New moorings: get one">',
            "<h1>New moorings</h1>",
            "New moorings: get one",
        ),
        (  # the site's name leads to its front, by a whole address
            '<title>A log of tides: Too many boats</title><meta property="og:title" content="Too many boats">',
            '<h1><a href="https://log.example/">A log of tides</a></h1>',
            "Too many boats",
        ),
        (  # a kicker that the tab has as well
            "<title>Harbour: Too many boats for the moorings</title>",
            '<h1><small class="kicker">Harbour</small> Too many boats for the moorings</h1>',
            "Too many boats for the moorings",
        ),
        (  # the count of comments
            "<title>Too many boats for the moorings</title>",
            "<h1>Too many boats for the moorings <span>12</span></h1>",
            "Too many boats for the moorings",
        ),
        (  # the only heading is the site's name
            '<title>Tidings – Too many boats for the moorings</title><meta property="og:site_name" content="Tidings">',
            "<h1>Tidings</h1>",
            "Too many boats for the moorings",
        ),
        (  # a heading of the first level by what it says to screen readers
            "<title>Tidings: News</title>",
            '<p role="heading" aria-level="1">Too many boats for the moorings</p>',
            "Too many boats for the moorings",
        ),
    ],
)
def test_what_belongs_to_the_headline(head: str, top: str, wanted: str) -> None:
    assert page(head, top).title == wanted


@pytest.mark.parametrize(
    "headline",
    [
        '<div itemprop="headline">{}</div>',
        '<div class="headline">{}</div>',
        '<p class="article-title">{}</p>',
        "<h3>{}</h3>",
        '<h3 class="entry-title">{}</h3>',
        "<h5>{}</h5>",
    ],
)
def test_a_headline_where_all_else_is_the_name_of_the_site(headline: str) -> None:
    head = '<title>Tidings</title><meta property="og:site_name" content="Tidings">'
    more = "<h4>Tidings</h4><h3><a href=/b>Another story of this paper</a></h3><nav><h3>All of our sections</h3></nav>"
    draft = page(head, more + headline.format("Too many boats for the moorings"))
    assert draft.title == "Too many boats for the moorings"


@pytest.mark.parametrize(
    ("tab", "told"),
    [
        ("Tidings: Too many boats", "Too many boats for the moorings"),
        ("Too many boats for the moorings – a picture", ""),  # what follows the sign is not shown
    ],
)
def test_a_headline_of_the_head_is_shown_by_a_smaller_heading(tab: str, told: str) -> None:
    head = f"<title>{tab}</title>" + (f'<meta property="og:title" content="{told}">' if told else "")
    top = '<h3 class="post-title entry-title">Too many boats for the moorings</h3>'
    draft = page(head, f"{top}{BODY}<h1>How they are counted</h1>" if told else top)
    assert (draft.title, draft.witnesses["title"]) == ("Too many boats for the moorings", "markup")


def test_a_note_without_any_headline_has_none() -> None:
    head = '<title>Tidings</title><meta property="og:site_name" content="Tidings">'
    assert page(head, "<nav><h3>All of our sections</h3></nav>").title is None


def test_a_heading_nested_beyond_all_reason_is_read() -> None:
    """Elements within one another are walked, not descended into: Python's stack is no limit of a page."""
    tree = LexborHTMLParser(f"<h1>{'<b><i>' * 5000}Boats land at Vik{'</i></b>' * 5000}</h1>")
    heading = tree.css_first("h1")
    assert heading is not None
    assert _lined(heading) == "Boats land at Vik"


JSONLD = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Too many boats for the moorings"}</script>'
)


@pytest.mark.parametrize(
    ("head", "who"),
    [
        ("<title>Too many boats for the moorings</title>", "meta"),
        ('<meta property="og:title" content="Too many boats for the moorings">', "meta"),
        (JSONLD, "jsonld"),
    ],
)
def test_a_title_that_the_head_alone_tells_names_its_witness(head: str, who: str) -> None:
    draft = page(head, "")
    assert (draft.title, draft.witnesses["title"]) == ("Too many boats for the moorings", who)
