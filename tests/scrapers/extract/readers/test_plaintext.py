"""A page that comes as text: what a browser shows of a post, line by line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrapers.extract import extract
from scrapers.model import Draft, Page
from scrapers.seed.seed import Seed

POST = """top of page
  • Writer's pictureThe Example Courier

Harbour bridge reopens after ‘a year of waiting’

Cars wait at the western ramp of the harbour bridge on Monday, March 2, 2026. The city closed the crossing last spring.

By Ada Lindqvist, Tomás Rey and Jonas O. Falk

Traffic rolled over the harbour bridge again on Wednesday morning, a year after engineers found the first crack.

“We waited for this day,” said the owner of a bakery.

Her customers came back: “All of them.”

The city now wants to count cars for six months before it decides whether lorries may use the bridge at night.

23 views0 comments
bottom of page
"""


def read(text: str, **more: object) -> Draft:
    return extract(Page(url="", body=text.encode(), content_type="text/plain"), **more)  # type: ignore[arg-type]


def test_a_post() -> None:
    draft = read(POST)
    assert draft.title == "Harbour bridge reopens after ‘a year of waiting’"
    assert draft.publisher == "The Example Courier"
    assert draft.authors == ("Ada Lindqvist", "Tomás Rey", "Jonas O. Falk")
    assert draft.image is not None
    assert draft.image.url == ""
    assert draft.image.caption is not None
    assert draft.image.caption.startswith("Cars wait at the western ramp")
    assert draft.text is not None
    assert [line[:12] for line in draft.text.split("\n")] == [
        "Traffic roll",
        "“We waited f",
        "Her customer",
        "The city now",
    ]
    assert draft.language == "en"
    assert set(draft.witnesses.values()) == {"text"}


def test_the_day_is_a_guess_from_the_running_text() -> None:
    draft = read(POST)
    assert draft.published == "2026-03-02"
    assert draft.published_estimated


def test_a_dated_post_is_no_guess() -> None:
    draft = read(POST.replace("Harbour bridge reopens", "Mar 4, 2026\n3 min read\nHarbour bridge reopens", 1))
    assert draft.published == "2026-03-04"
    assert not draft.published_estimated


def test_a_guess_is_not_later_than_now() -> None:
    text = POST + "The next count ends on December 1, 2026."
    assert read(text).published == "2026-12-01"
    assert read(text, now=datetime(2026, 3, 5, tzinfo=UTC)).published == "2026-03-02"


def test_a_distance_needs_a_now() -> None:
    text = POST.replace("Harbour bridge reopens", "2 hours ago\nHarbour bridge reopens", 1)
    assert read(text, now=datetime(2026, 3, 4, 12, tzinfo=UTC)).published == "2026-03-04T10:00:00+00:00"


@pytest.mark.parametrize(
    "furniture",
    [
        "top of page",
        "1.2k views",
        "12 views 3 comments",
        "Recent Posts",
        "See All",
        "Post not marked as liked",
        "4 min read",
    ],
)
def test_furniture_is_left_out(furniture: str) -> None:
    draft = read(POST.replace("Her customers", f"{furniture}\n\nHer customers"))
    assert draft.text == read(POST).text


def test_html_of_text_is_escaped() -> None:
    draft = read(POST.replace("Her customers", "<b>Her</b> customers"))
    assert draft.html is not None
    assert "&lt;b&gt;Her&lt;/b&gt; customers" in draft.html


def test_the_seed_tells_language_and_zone() -> None:
    seed = Seed(name="courier", home="https://courier.example/", language="de", timezone="Europe/Berlin")
    assert (
        read("Brücke offen\n\n4. März 2026, 7:30 Uhr\n\nEs geht wieder.", seed=seed).published == "2026-03-04T07:30:00"
    )


@pytest.mark.parametrize("text", ["", "\n\n\n", "top of page\nbottom of page", "x", "•" * 1000])
def test_next_to_nothing(text: str) -> None:
    assert read(text).text is None


def test_a_lone_name_above_the_text_is_its_author_and_beside_a_byline_it_is_text() -> None:
    rest = POST.partition("Falk\n")[2]
    alone = read(f"Harbour bridge reopens\n\nAda Lindqvist\n{rest}")
    assert alone.authors == ("Ada Lindqvist",)
    assert alone.text is not None and alone.text.startswith("Traffic")
    both = read(f"Harbour bridge reopens\n\nBy Tomás Rey\n\nAda Lindqvist\n{rest}")
    assert both.authors == ("Tomás Rey",)
    assert both.text is not None and both.text.startswith("Ada Lindqvist")
