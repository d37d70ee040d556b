"""What the pages of stories, days and searches tell their templates, value by value."""
# ruff: noqa: E501  (a row of a table stays on its line)

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from markupsafe import Markup

from feeds.compose.compose import compose
from feeds.messages import PageLocale
from feeds.model import Feed
from feeds.render import list_page, story_page
from feeds.render.list_page import AROUND, Mistake, day_page, search_page
from feeds.render.pages import story
from feeds.render.story_page import Changed
from tests.support.stories import FEED_ID, SITE, TOPIC, entry, feed, record

LOCALE = PageLocale("en", "UTC")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _values(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is its template's name and values."""
    for module in (list_page, story_page):
        monkeypatch.setattr(module, "page", lambda name, feed, values, locale: (name, values, locale))


def of(**changes: Any) -> Feed:
    """A feed with the entry of this record alone."""
    return compose(TOPIC, [entry(0, of=record(0, **changes))], site=SITE, feed_id=FEED_ID)


def told(shown: Feed, locale: PageLocale = LOCALE, **more: Any) -> dict[str, Any]:
    name, values, where = story_page.story_page(shown, locale=locale, **more)  # type: ignore[misc]
    assert (name, where) == ("story", locale)
    return values  # type: ignore[return-value]


def test_the_values_of_a_story() -> None:
    one = of()
    changes = (Changed(NOW),)
    (shown,) = one.entries
    assert told(one, changes=changes, topics=[("Ships", "https://desk.example/t/ships")]) == {
        "heading": shown.record.title, "description": shown.summary, "hidden": True, "canonical": shown.record.url,
        "feed_title": one.title, "feed_page": one.page_url, "entry": shown, "lead": shown.record.subtitle,
        "authors": ("Ada Marsh",), "publisher": "The Harbour Courier", "content": Markup(shown.content), "language": "en",
        "language_name": None, "direction": "ltr", "changes": changes,
        "topics": [{"title": "Ships", "href": "https://desk.example/t/ships"}],
    }  # fmt: skip
    assert (told(one)["changes"], told(one)["topics"]) == ((), [])


@pytest.mark.parametrize(
    ("changes", "lead"),
    [
        ({"subtitle": None}, ""),
        ({"subtitle": "It rains. …", "text": "It rains and rains.\nMore."}, ""),
        ({"subtitle": "It rains.", "text": "It is dry.\nMore."}, "It rains."),
    ],
)
def test_a_standfirst_that_the_text_begins_with_is_not_told_twice(changes: dict[str, Any], lead: str) -> None:
    assert told(of(**changes))["lead"] == lead


@pytest.mark.parametrize(
    ("language", "page", "named", "direction"),
    [("en", "en", None, "ltr"), ("en-GB", "en", None, "ltr"), ("ar", "en", "Arabic", "rtl"), ("de", "en", "German", "ltr"),
     ("en", "de", "Englisch", "ltr"), (None, "en", None, None)],
)  # fmt: skip
def test_a_language_other_than_the_page_s_is_named(
    language: str | None, page: str, named: str | None, direction: str | None
) -> None:
    values = told(of(language=language), PageLocale(page, "UTC"))
    assert (values["language_name"], values["language"]) == (named, language)
    assert direction is None or values["direction"] == direction


def test_the_values_of_a_day() -> None:
    shown = feed(2)
    day = date(2026, 3, 1)
    near = {"before": date(2026, 2, 27), "after": date(2026, 3, 4)}
    name, values, _ = day_page(shown, day, **near, more="/more", locale=LOCALE)  # type: ignore[misc]
    assert name == "day"
    assert values == {
        "heading": "Sunday, 1 March 2026", "description": f"{shown.title}: Sunday, 1 March 2026", "hidden": False,
        "feed_title": shown.title, "feed_page": shown.page_url, "day": "2026-03-01",
        "before": f"{shown.self_url}/2026-02-27", "after": f"{shown.self_url}/2026-03-04", "more": "/more",
        "stories": [story(one, shown) for one in shown.entries], "day_pages": None,
    }  # fmt: skip
    empty = replace(shown, entries=())
    _, values, _ = day_page(empty, day, before=None, after=None, more=None, locale=LOCALE)  # type: ignore[misc]
    assert (values["hidden"], values["before"], values["after"], values["stories"]) == (True, None, None, [])  # type: ignore[index]


def test_the_values_of_a_search() -> None:
    shown = feed(2)
    name, values, _ = search_page(shown, "ships", searched=True, more="/more", back_to=NOW, locale=LOCALE)  # type: ignore[misc]
    assert name == "search"
    assert values == {
        "heading": "Search in The harbour", "description": "Search in The harbour", "hidden": True,
        "feed_title": shown.title, "feed_page": shown.page_url, "query": "ships", "searched": True, "mistake": None,
        "more": "/more", "back_to": NOW, "stories": [story(one, shown) for one in shown.entries],
        "day_pages": shown.self_url,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "position", "pieces"),
    [
        ("a (b", 2, ("a ", "(", "b")),
        ("a (b", 4, ("a (b", "\xa0", "")),
        ("a (b", 99, ("a (b", "\xa0", "")),
        ("a (b", -1, ("", "a", " (b")),
        ("x" * AROUND + "(" + "y" * AROUND, AROUND, ("x" * AROUND, "(", "y" * AROUND)),
        ("x" * (AROUND + 1) + "(" + "y" * (AROUND + 1), AROUND + 1, ("…" + "x" * AROUND, "(", "y" * AROUND + "…")),
    ],
)
def test_a_query_around_its_mistake(query: str, position: int, pieces: tuple[str, str, str]) -> None:
    _, values, _ = search_page(feed(0), query, mistake=Mistake("why", position), locale=LOCALE)  # type: ignore[misc]
    mistake = values["mistake"]  # type: ignore[index]
    assert (mistake["before"], mistake["there"], mistake["after"]) == pieces  # type: ignore[index]
    assert (mistake["reason"], mistake["place"]) == ("why", max(0, min(position, len(query))) + 1)  # type: ignore[index]
