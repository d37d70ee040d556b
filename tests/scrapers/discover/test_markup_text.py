"""The sentence that publishing systems put below every item of a feed is no part of it."""

from __future__ import annotations

import pytest

from scrapers.discover.markup_text import line, people, person_name, without_own_link, without_signature
from tests.support.timing import least


@pytest.mark.parametrize(
    "tail",
    [
        '<p>The post <a href="https://c.example/a">Quay closed</a> appeared first on <a href="https://c.example">C</a>.</p>',
        " The post Quay closed first appeared on The Courier.",
        '<p>La entrada <a href="https://c.example/a">Muelle</a> se publicó primero en <a href="https://c.example">C</a>.</p>',
        '<p>Der Beitrag <a href="https://c.example/a">Kai</a> erschien zuerst auf <a href="https://c.example">C</a>.</p>',
    ],
)
def test_it_goes(tail: str) -> None:
    assert without_signature("<p>The quay is closed.</p>" + tail) == "<p>The quay is closed.</p>"


@pytest.mark.parametrize("text", [None, "", "<p>The post office closed; it had first opened in 1900.</p>"])
def test_what_is_none_stays(text: str | None) -> None:
    assert without_signature(text) == text


def test_bait_costs_nothing() -> None:
    assert least(lambda: without_signature("The post " * 20_000), 1.0) < 1.0


@pytest.mark.parametrize(
    "tail",
    [
        '<p class="link-more"><a href="https://c.example/a" class="more">Continue reading<span> “Quay”</span></a></p>',
        " <A HREF='/a?utm_source=rss'>Weiterlesen</A>…",
        '&nbsp;<a rel="x" href="https://c.example/a/">Leer más</a> »</div>\n',
    ],
)
def test_a_link_to_the_item_itself_that_ends_it_is_no_text(tail: str) -> None:
    said = "<p>The quay is closed.</p>"
    assert "quay is closed" in (without_own_link(said + tail, "https://c.example/a") or "")
    assert "<a" not in (without_own_link(said + tail, "https://c.example/a") or "").lower()


@pytest.mark.parametrize(
    "text",
    [
        '<p>The <a href="https://c.example/a">quay</a> is closed.</p>',  # within a sentence
        '<p>The quay is closed: <a href="https://c.example/plan">the plan</a></p>',  # another page
        "<p>The quay <a",
    ],
)
def test_other_links_of_an_item_are_text(text: str) -> None:
    assert without_own_link(text, "https://c.example/a") == text
    assert without_own_link(None, "https://c.example/a") is None


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),  # escaped twice, as many feeds do
        ("Caf&amp;eacute; &#8211; closed", "Café – closed"),
        ("<b>Fish</b> &amp; chips", "Fish & chips"),
        ("R&D", "R&D"),
        ("", None),
        ("&nbsp;", None),
        (None, None),
    ],
)
def test_entities_of_a_feed_are_read_whether_there_is_markup_or_not(markup: str | None, text: str | None) -> None:
    assert line(markup) == text


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        ("jane@courier.example (Jane Doe)", "Jane Doe"),
        ("Jane Doe &lt;jane@courier.example&gt;", "Jane Doe"),
        ("Jane &amp; John Doe", "Jane & John Doe"),
        ("jane@courier.example", None),
    ],
)
def test_an_author_of_a_feed_without_the_address(markup: str, name: str | None) -> None:
    assert person_name(markup, 100) == name


PEOPLE = {
    "Jane Doe, Tom Rey": ["Jane Doe", "Tom Rey"],
    "Jane Doe and Tom Rey": ["Jane Doe", "Tom Rey"],
    "Von Jane Doe": ["Jane Doe"],
    '"Jane Doe" jane@courier.example': ["Jane Doe"],
    "Jane &amp; John Doe": ["Jane & John Doe"],
    "José Ortega y Gasset": ["José Ortega y Gasset"],
    "Department of Health and Human Services": ["Department of Health and Human Services"],
    "By": ["By"],
    "noreply@courier.example (noreply)": [],
    "admin": [],
    None: [],
}


@pytest.mark.parametrize("markup", PEOPLE)
def test_the_people_in_an_author_field(markup: str | None) -> None:
    assert people(markup, 100) == PEOPLE[markup]
