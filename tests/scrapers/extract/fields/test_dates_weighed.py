"""Which date is that of the publication, where witnesses tell several, or tell a change alone."""

from __future__ import annotations

import pytest

from scrapers.extract import extract
from scrapers.extract.fields import date_search
from scrapers.model import Page
from tests.scrapers.extract.fields.test_dates import BODY, NOW, read


@pytest.mark.parametrize(
    ("line", "published", "updated"),
    [
        ("2026年3月4日公開", "2026-03-04", None),
        ("2026年3月4日公開、2026年3月6日更新", "2026-03-04", "2026-03-06"),
        ("2026年3月4日 10時30分に掲載", "2026-03-04T10:30:00", None),
        ("2026年3月6日更新", "2026-03-06", "2026-03-06"),  # nobody tells of a publication
    ],
)
def test_east_asian_labels_stand_behind_their_dates(line: str, published: str, updated: str | None) -> None:
    draft = read(f"<p>{line}</p>", language="ja")
    assert (draft.published, draft.updated) == (published, updated)


def test_a_change_stands_in_for_a_publication_of_which_nobody_tells() -> None:
    changed = '<meta property="article:modified_time" content="2026-03-06T08:00:00Z">'
    draft = read("", head=changed)
    assert (draft.published, draft.published_estimated) == ("2026-03-06T08:00:00+00:00", True)
    told = read("<p>Published 4 March 2026</p>", head=changed)
    assert (told.published, told.published_estimated) == ("2026-03-04", False)


def test_nothing_is_published_after_its_last_change() -> None:
    shown = "<p class=date>Last updated 6 March 2026</p>"
    later, earlier = (f"<div class=issue-date>Edition of {day} March 2026</div>" for day in (9, 2))
    assert read(shown, end=later).published == "2026-03-06"
    assert read(shown, end=earlier).published == "2026-03-02"


def test_a_page_that_was_moved_keeps_the_day_in_its_address() -> None:
    head = '<meta property="article:published_time" content="{}T08:00:00Z">'
    url = "https://courier.example/2024/03/04/bridge"
    assert read("", head=head.format("2026-01-02"), url=url).published == "2024-03-04"
    assert read("", head=head.format("2024-03-09"), url=url).published == "2024-03-09T08:00:00+00:00"
    shown = "<p class=date>4 March 2024</p>"  # agreed on: then it is as exact as that
    assert read(shown, head=head.format("2026-01-02"), url=url).published == "2024-03-04"


def test_a_release_of_the_site_is_no_publication() -> None:
    told = (
        '<script type="application/ld+json">{{"@type":"Article","headline":"The bridge is open",'
        '"datePublished":"2026-03-09T10:30:{}Z","dateModified":"2026-03-09T10:30:{}Z"}}</script>'
    )
    shown = "<div>4 March 2026</div>"
    assert read(shown, head=told.format("20", "07")).published == "2026-03-04"
    assert read(shown, head=told.format("07", "20")).published == "2026-03-09T10:30:07+00:00"
    assert read("", head=told.format("20", "07")).published == "2026-03-09T10:30:20+00:00"


def test_another_date_of_the_page_tells_the_order_of_digits() -> None:
    top = "<time datetime=02-12-2025>02-12-2025</time>"
    card = "<div class=sidebar><time datetime={}>{}</time></div>"
    assert read(top, end=card.format("2025-12-02", "2 December")).published == "2025-12-02"
    assert read(top, end=card.format("2025-10-09", "9 October")).published == "2025-02-12"
    both = card.format("2025-12-02", "2 December") + card.format("2025-02-12", "12 February")
    assert read(top, end=both).published == "2025-02-12"
    words = "<time>12 February 2025</time>"
    assert read(words, end=card.format("2025-12-02", "2 December")).published == "2025-02-12"


def test_a_page_of_no_language_writes_dates_as_its_country_does() -> None:
    html = "<body><h1>Zur Brücke</h1><div class=date>04.03.26</div><p>Offen.</p>"
    assert extract(Page("https://kurier-beispiel.de/bruecke", html.encode()), now=NOW).published == "2026-03-04"
    assert extract(Page("https://courier.example/bridge", html.encode()), now=NOW).published is None


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://attic.example/web/20260101120000/https://courier.example/bridge", None),
        ("https://attic.example/web/20260101120000/https://courier.example/2024/03/04/bridge", "2024-03-04"),
    ],
)
def test_the_day_in_an_archives_address_is_that_of_its_copy(address: str, day: str | None) -> None:
    assert date_search.of_address(address) == day


def test_a_witness_of_one_moment_knows_of_the_change_alone() -> None:
    told = (
        '<script type="application/ld+json">{{"@type":"Article","headline":"The bridge is open",'
        '"datePublished":"{0}T10:30:20Z","dateModified":"{0}T10:30:20Z"}}</script>'
    )
    assert read("<div>4 March 2026</div>", head=told.format("2026-03-09")).published == "2026-03-04"
    assert read("<div>4 March 2026</div>", head=told.format("2026-03-05")).published == "2026-03-05T10:30:20+00:00"
    assert read("<div>4 March 2026, 10:30</div>", head=told.format("2026-03-05")).published == "2026-03-04T10:30:00"
    assert read("<div>12 March 2026</div>", head=told.format("2026-03-09")).published == "2026-03-09T10:30:20+00:00"
    changed = told.replace("dateModified", "dateCreated")
    assert read("<div>4 March 2026</div>", head=changed.format("2026-03-09")).published == "2026-03-09T10:30:20+00:00"


def test_a_dateline_in_brackets_goes_before_dates_of_other_things() -> None:
    cards = "".join(f"<div><span class=newsitem-time>{day}.03.2026</span><b>Notiz</b></div>" for day in (8, 7, 6))
    text = "Seit Mittwoch rollt der Verkehr wieder über die Hafenbrücke, ein Jahr nach dem ersten Riss im Pfeiler."
    html = "<html lang=de><body><div>{}</div><div><h6>Die Brücke ist offen</h6><p>{} {}</p></div>" + BODY

    def published(opening: str) -> str | None:
        return extract(Page("https://kurier.example/b", html.format(cards, opening, text).encode()), now=NOW).published

    assert published("(4. März 2026)") == "2026-03-04"
    assert published("Hafenstadt, (04.03.2026).") == "2026-03-04"
    assert published("Der Riss (4. März 2026) war tief.") == "2026-03-08"


def test_a_byline_tells_its_date() -> None:
    assert read("<p>By Ada Berg, 4 March 2026</p>").published == "2026-03-04"
    assert read("<p>Von Ada Berg, 4.3.26</p>", language="de").published == "2026-03-04"
    assert read("<p>By Ada Berg | March 4, 2026</p>").published == "2026-03-04"


def test_a_line_above_the_text_goes_before_a_date_in_the_head_that_may_be_any() -> None:
    head = '<meta name="date" content="{}T08:00:00+01:00">'
    line = "<div class=row><div class=col><span class=date>04.03.2026</span></div></div>"
    html = "<html lang=de><head>{}</head><body><h1>{}</h1><main>{}</main></body></html>"

    def published(day: str) -> str | None:
        page = html.format(head.format(day), "Die Brücke", line + BODY * 2)
        return extract(Page("https://kurier.example/b", page.encode()), now=NOW).published

    assert published("2026-01-09") == "2026-03-04"
    assert published("2026-03-04") == "2026-03-04T08:00:00+01:00"
