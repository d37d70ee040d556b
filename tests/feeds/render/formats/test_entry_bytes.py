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
from feeds.render.xml_text import legal
from feeds.rows import changed
from scrapers import Image
from tests.support.held_bytes import held_bytes
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


def test_formats_come_in_any_order_and_entries_that_are_gone_leave_nothing() -> None:
    rendered = EntryBytes()
    for n in range(1, 6):
        made = replace(feed(n), entries=tuple(replace(one, content=f"<p>{n}</p>") for one in feed(n).entries))
        for form, render in (*FORMATS[::-1], *FORMATS):
            assert rendered.document(made, form, render) == render(made), form
    assert len(rendered._known) == 5


def test_the_memory_is_bounded_and_still_right() -> None:
    whole = feed(20)
    rendered = EntryBytes(most=3 * len(atom(whole)) // 20)
    for _ in range(3):
        documents(whole, rendered)
    assert rendered.size <= 3 * len(atom(whole)) // 20


def test_entries_take_no_more_memory_than_their_bound() -> None:
    whole = feed(20)

    def titled(n: int) -> Feed:
        entries = [replace(one, record=replace(one.record, title=f"Title {n}")) for one in whole.entries]
        return replace(whole, entries=tuple(entries))

    def fill() -> EntryBytes:
        rendered = EntryBytes(most=400_000)
        for n in range(40):
            for form, render in FORMATS:
                rendered.document(titled(n), form, render)
        rendered.let_go()
        return rendered

    assert 200_000 < held_bytes(fill) < 440_000


def test_the_text_of_an_entry_is_not_remembered() -> None:
    whole = replace(feed(8), entries=tuple(replace(one, content="<p>words</p>" * 2000) for one in feed(8).entries))
    rendered = EntryBytes()
    size = sum(len(rendered.document(whole, form, render)) for form, render in FORMATS)
    assert 0 < rendered.size < size / 8
    documents(whole, rendered)


def test_an_entry_is_rendered_once_for_all_ids_that_it_has() -> None:
    whole = feed(4)
    again = replace(whole, entries=tuple(replace(one, id=f'{one.id}-<"&\\\t') for one in whole.entries))
    rendered = EntryBytes()
    for form, render in FORMATS:
        counts: list[int] = []
        for made in (whole, again):
            assert rendered.document(made, form, counting(render, counts)) == render(made)
        assert counts == [4, 0]


FORBIDDEN = ("\x00", "\x1b", "\x80", "\ud800", "\ufdd0", "\ufffe", "\U0001fffe")
ALLOWED = legal("".join(map(chr, (*range(0x300), 0x2028, 0x202E, 0xFFFD, 0x1F600)))) + "&amp;]]>\\u0041\r\n"


@pytest.mark.parametrize("characters", [ALLOWED, *FORBIDDEN])
@pytest.mark.parametrize("name", ["content", "id"])
def test_any_characters_are_written_as_the_renderers_write_them(name: str, characters: str) -> None:
    whole = feed(1)
    made = replace(whole, entries=(changed(whole.entries[0], **{name: f"a{characters}b"}),))
    for form, render in FORMATS:
        try:
            expected = render(made)
        except ValueError as error:
            with pytest.raises(type(error)):
                EntryBytes().document(made, form, render)
        else:
            assert EntryBytes().document(made, form, render) == expected


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
