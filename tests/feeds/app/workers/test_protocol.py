"""What goes through a frame, and what must hold of what comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.app.workers.protocol import LINKS, bounded_draft, bounded_links, checked, checked_links, dumped
from scrapers import Article, Draft, Link, Links, Seed, read_record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed(name="courier", home="https://courier.example/")
PROSE = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring. " * 3


def test_what_comes_back_is_held_against_its_type_and_sizes() -> None:
    article = Article(Draft(title="Old quay closed", text=PROSE), "https://courier.example/quay-closed", NOW)
    record = read_record(article, SEED)
    assert checked(record, article, SEED) == record
    for wrong in (
        replace(record, title="x" * 2001),
        replace(record, html="x" * 3_000_000),
        replace(record, aliases=("a.example/x",) * 1000),
        replace(record, source="another"),
        replace(record, id="urn:uuid:00000000-0000-5000-8000-000000000000"),
        replace(record, url="javascript:alert(1)"),
        replace(record, published=datetime(2026, 3, 1)),
        replace(record, first_seen=NOW + timedelta(days=1)),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            checked(wrong, article, SEED)


def test_bodies_of_links_are_bounded_and_a_front_keeps_all_its_links() -> None:
    hint = Draft(title="A story", text="x" * 400_000, html="y" * 1_200_000)
    links = Links(items=tuple(Link(f"https://courier.example/{n}", "rss", hint, n) for n in range(20)))
    bounded = bounded_links(links)
    assert [link.url for link in bounded.items] == [link.url for link in links.items]
    assert bounded.items[0] == links.items[0]
    assert sum(len(link.hint.html or "") + len(link.hint.text or "") for link in bounded.items) <= 8_000_000
    assert bounded.items[-1].hint == Draft(title="A story")
    assert checked_links(bounded) is bounded
    with pytest.raises(ValueError, match="more to say"):
        checked_links(links)
    many = Links(
        items=tuple(Link(f"https://courier.example/{n}") for n in range(9000)),
        passed=frozenset(f"courier.example/{n}" for n in range(9000)),
        title="t" * 9000,
        next_page="https://courier.example/" + "p" * 9000,
        notes=("n" * 9000,) * 500,
        feeds=("https://courier.example/feed", "f" * 9000),
        sitemaps=tuple(f"https://courier.example/{n}.xml" for n in range(900)),
    )
    less = bounded_links(many)
    assert checked_links(less) is less
    assert (len(less.items), len(less.passed), len(less.title or ""), less.next_page) == (5000, 5000, 2000, None)
    assert (less.feeds, len(less.sitemaps)) == (("https://courier.example/feed",), 100)
    small = Links(items=links.items[:1])
    assert bounded_links(small) is small
    assert len(bounded_draft(Draft(html="z" * 5_000_000)).html or "") == 2_000_000


def test_links_with_a_lone_surrogate_go_through_a_frame_too() -> None:
    hint = Draft(title="Fer\ud800ry", tags=("s\udc00ea",), witnesses={"title": "rss"})
    links = Links(items=(Link("https://courier.example/a", "rss", hint),))
    assert LINKS.validate_json(dumped(LINKS, links)).items[0].hint.title == "Ferry"
