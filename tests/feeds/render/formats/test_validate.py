"""What is no document of ours is not published: each thing that may be wrong with one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from feeds.errors import PublishError
from feeds.render import atom, jsonfeed, rss
from feeds.render.formats import validate
from feeds.render.formats.validate import Format, check
from tests.support.stories import feed

VERSION = "https://jsonfeed.org/version/1.1"
ITEM = {"id": "a", "content_html": "<p>x</p>"}


def an_atom(*entries: str, head: str = "<id>f</id><title>F</title><updated>u</updated>") -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{head}{''.join(entries)}</feed>"


def an_entry(identity: str = "a", title: str = "T", updated: str = "u") -> str:
    return f"<entry><id>{identity}</id><title>{title}</title><updated>{updated}</updated></entry>"


def an_rss(*items: str, head: str = "<title>F</title><link>l</link>") -> str:
    return f"<rss><channel>{head}{''.join(items)}</channel></rss>"


def an_item(identity: str = "a", title: str = "T", link: str = "l") -> str:
    return f"<item><guid>{identity}</guid><title>{title}</title><link>{link}</link></item>"


def test_documents_of_ours_are_good() -> None:
    for form, made in (("atom", atom), ("rss", rss), ("json", jsonfeed)):
        check(made(feed(3)), form)  # type: ignore[arg-type]
        check(made(feed(0)), form)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("form", "document", "why"),
    [
        ("atom", an_atom(an_entry("a"), an_entry("b")), None),
        ("atom", an_atom(an_entry("a"), an_entry("a")), "two entries have the id a"),
        ("atom", an_atom(an_entry("a", title=" ")), "a lacks title"),
        ("atom", an_atom(an_entry("a", updated="")), "a lacks updated"),
        ("atom", an_atom(an_entry("")), "the feed lacks id"),
        ("atom", an_atom(head="<id>f</id><title>F</title>"), "f lacks updated"),
        ("atom", an_atom(head="<title>F</title>"), "the feed lacks id"),
        ("atom", an_rss(), "is no atom: its root is rss"),
        ("atom", "<feed><id>f</id></feed>", "is no atom: its root is feed"),
        ("atom", "<feed>", "not well-formed"),
        ("atom", "", "not well-formed"),
        ("atom", an_atom(an_entry(title="a\x01b")), "not well-formed"),
        ("rss", an_rss(an_item("a"), an_item("b")), None),
        ("rss", an_rss(an_item("a"), an_item("a")), "two entries have the id a"),
        ("rss", an_rss(an_item("a", title="")), "a lacks title"),
        ("rss", an_rss(an_item("a", link=" ")), "a lacks link"),
        ("rss", an_rss(head="<title>F</title>"), "the feed lacks link"),
        ("rss", an_atom(), "is no rss: its root is {http://www.w3.org/2005/Atom}feed"),
        ("rss", "<rss/>", "the feed lacks title"),
        ("json", {"version": VERSION, "items": [ITEM, {"id": 2, "content_text": "x"}]}, None),
        ("json", {"version": VERSION}, None),
        ("json", {"version": VERSION, "items": [ITEM, ITEM]}, "two entries have the id a"),
        ("json", {"version": VERSION, "items": [{"id": "a"}]}, "a lacks its id or its content"),
        ("json", {"version": VERSION, "items": [{"content_html": "x"}]}, "an item lacks its id or its content"),
        ("json", {"version": 1, "items": []}, "it has no version"),
        ("json", {"items": []}, "it has no version"),
        ("json", [VERSION], "it has no version"),
        ("json", "{", "the document is no JSON"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_document_is_said(form: Format, document: Any, why: str | None) -> None:
    data = (document if isinstance(document, str) else json.dumps(document)).encode()
    if why is None:
        check(data, form)
        return
    with pytest.raises(PublishError) as raised:
        check(data, form)
    assert why in raised.value.reason


def test_a_document_has_a_size_that_readers_take(monkeypatch: pytest.MonkeyPatch) -> None:
    data = an_atom().encode()
    monkeypatch.setattr(validate, "MAX_BYTES", len(data))
    check(data, "atom")
    with pytest.raises(PublishError, match=f"has {len(data) + 1} bytes, the limit is {len(data)}"):
        check(data + b"\n", "atom")
