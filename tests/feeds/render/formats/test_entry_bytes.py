"""Documents put together from entries that were rendered before are those that the renderers make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feeds.errors import PublishError
from feeds.model import Category, Copy, Entry, Feed, Media
from feeds.render import atom, jsonfeed, rss
from feeds.render.formats.entry_bytes import EntryBytes, Render
from feeds.render.formats.validate import Format
from scrapers import Image
from tests.support.stories import feed

FORMATS: tuple[tuple[Format, Render], ...] = (("atom", atom), ("rss", rss), ("json", jsonfeed))
CUTS = 'said "</entry><entry>" and </item><item>, then {"items":[]} and },{"id":"urn:1"} and ]}'


def documents(made: Feed, rendered: EntryBytes) -> None:
    for form, render in FORMATS:
        assert rendered.document(made, form, render) == render(made), form


def counting(render: Render, counts: list[int]) -> Render:
    def counted(made: Feed, entries: Sequence[Entry] | None = None) -> bytes:
        counts.append(len(made.entries if entries is None else entries))
        return render(made, entries)

    return counted


def test_a_document_is_byte_for_byte_the_same_however_much_of_it_is_remembered() -> None:
    rendered = EntryBytes()
    whole = feed(12)
    for count in (0, 3, 12, 12, 5, 0):
        documents(replace(whole, entries=whole.entries[:count]), rendered)
    documents(replace(whole, entries=whole.entries[::-1]), rendered)
    documents(replace(whole, entries=whole.entries[3:], language="de", title="Other"), rendered)


def test_text_that_looks_like_the_end_of_an_entry_is_no_end() -> None:
    whole = feed(3)
    entries = tuple(
        replace(one, content=CUTS, summary=CUTS, record=replace(one.record, title=CUTS)) for one in whole.entries
    )
    rendered = EntryBytes()
    documents(replace(whole, title=CUTS, entries=entries), rendered)
    documents(replace(whole, subtitle=CUTS, entries=entries[1:]), rendered)


def test_only_what_is_new_is_rendered() -> None:
    whole = feed(6)
    rendered = EntryBytes()
    for form, render in FORMATS:
        counts: list[int] = []
        for first in (2, 1, 1, 0):
            rendered.document(replace(whole, entries=whole.entries[first:]), form, counting(render, counts))
        assert counts == [4, 1, 0, 1]


def others(value: Any, name: str) -> Iterator[Any]:
    """Another value of the same kind."""
    if name in ("media", "copies", "categories", "image"):
        yield {
            "media": (Media("https://a.example/film.mp4", "video", "video/mp4"),),
            "copies": (Copy("https://b.example/1", "B", "b", "The B", datetime(2026, 11, 20, tzinfo=UTC)),),
            "categories": (Category("another", "https://a.example/", "Another"),),
            "image": Image("https://a.example/other.jpg", type="image/jpeg", length=5),
        }[name]
    elif isinstance(value, str):
        yield value + " again"
    elif isinstance(value, bool):
        yield not value
    elif value is None:
        yield "something"
    elif isinstance(value, tuple):
        yield (*value, "another")
    elif hasattr(value, "tzinfo"):
        yield value + timedelta(hours=1)


def test_no_part_of_an_entry_that_is_written_is_forgotten() -> None:
    """Every field changed, one at a time: what is remembered of the entry before is never taken for it."""
    whole = feed(1)
    (entry,) = whole.entries
    tried = 0
    for holder, kind in ((entry, "entry"), (entry.record, "record"), (entry.origin, "origin")):
        for one in fields(holder):
            value = getattr(holder, one.name)
            for other in others(value, one.name if kind == "entry" else ""):
                if kind == "record" and one.name in ("updated", "image", "published", "first_seen"):
                    continue  # renderers write those of the entry
                changed = replace(holder, **{one.name: other})
                new = changed if kind == "entry" else replace(entry, **{kind: changed})
                rendered = EntryBytes()
                documents(whole, rendered)
                documents(replace(whole, entries=(new,)), rendered)
                tried += 1
    assert tried > 30


def test_the_memory_is_bounded_and_still_right() -> None:
    whole = feed(20)
    rendered = EntryBytes(most=3 * len(atom(whole)) // 20)
    for _ in range(3):
        documents(whole, rendered)
    assert rendered.size <= 3 * len(atom(whole)) // 20


def test_what_is_remembered_is_packed() -> None:
    whole = replace(
        feed(8), entries=tuple(replace(one, content="<p>the same words</p>" * 500) for one in feed(8).entries)
    )
    rendered = EntryBytes()
    size = sum(len(rendered.document(whole, form, render)) for form, render in FORMATS)
    assert 0 < rendered.size < size / 4
    documents(whole, rendered)


def test_what_archives_hold_is_the_first_to_be_forgotten() -> None:
    young = feed(10)
    old = replace(feed(30), archive=1, entries=tuple(replace(one, id=f"{one.id}-old") for one in feed(30).entries))
    rendered = EntryBytes()
    rendered.document(young, "atom", atom)
    rendered = EntryBytes(most=rendered.size * 2)
    for made in (young, old, old):
        assert rendered.document(made, "atom", atom) == atom(made)
    counts: list[int] = []
    rendered.document(young, "atom", counting(atom, counts))
    assert counts == [0]


def test_two_entries_with_one_id_are_refused() -> None:
    whole = feed(2)
    twins = replace(whole, entries=(whole.entries[0], whole.entries[0]))
    for form, render in FORMATS:
        with pytest.raises(PublishError, match="two entries have the id"):
            EntryBytes().document(twins, form, render)
