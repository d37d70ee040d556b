"""A record stands in several documents, and its body is put together once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feeds.compose import published_entry
from feeds.compose.compose import compose
from feeds.compose.shown_bodies import ShownBodies, ShownBody
from feeds.model import Entry, Topic
from scrapers import Image
from tests.support.held_bytes import held_bytes
from tests.support.stories import FEED_ID, SITE, entry


def published(topic: Topic, one: Entry) -> Entry:
    return compose(topic, [one], site=SITE, feed_id=FEED_ID).entries[0]


def test_a_body_is_made_once_for_all_topics_that_show_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = published_entry.body.content

    def counted(*arguments: object, **named: object) -> str:
        made.append("one")
        return real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(published_entry, "_bodies", ShownBodies())
    monkeypatch.setattr(published_entry.body, "content", counted)
    one = entry(1)
    first = published(Topic("harbour", "Harbour"), one)
    assert published(Topic("ferries", "Ferries"), one).content == first.content
    assert len(made) == 1
    record = one.record
    others = (
        (Topic("plain", "Plain", images="none"), one),
        (Topic("harbour", "Harbour"), replace(one, record=replace(record, html="<p>Another text.</p>"))),
        (Topic("harbour", "Harbour"), replace(one, record=replace(record, html="", text="Another text."))),
        (Topic("harbour", "Harbour"), replace(one, record=replace(record, url="https://elsewhere.example/one"))),
    )
    for number, (topic, changed) in enumerate(others, 2):
        published(topic, changed)
        assert len(made) == number, "what shows something else is made anew"


def test_the_memory_for_bodies_is_bounded_and_the_latest_used_are_kept() -> None:
    bodies = ShownBodies(most=2000)
    made: list[int] = []

    def get(number: int) -> ShownBody:
        def make() -> ShownBody:
            made.append(number)
            return ShownBody("x" * 100, None, ())

        return bodies.get(number, make)

    for number in (1, 2, 1, 3, 1, 2):
        assert get(number).content == "x" * 100
        assert bodies.size <= 2000
    assert made == [1, 2, 3, 2]


@pytest.mark.parametrize("letters", ["x" * 50, "x" * 3000, "ж" * 3000])
def test_bodies_take_no_more_memory_than_their_bound_whatever_their_length(letters: str) -> None:
    """Short bodies take most for what lies around them: their keys, pictures, and places in the table."""

    def fill() -> ShownBodies:
        bodies = ShownBodies(most=300_000)
        for number in range(1500):
            url = f"https://news.example/pictures/{number}.jpg"
            picture = Image(url, alt=f"Picture {number}")
            inputs = (letters + str(number), picture, url + "?", ("a summary " * 20) + str(number))
            bodies.get(inputs, lambda n=number, image=picture: ShownBody(letters + str(n), image, ()))  # type: ignore[misc]
        return bodies

    assert 150_000 < held_bytes(fill) < 330_000
