"""What a path, a cursor and a query of the pages for readers mean, and what a search may cost."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from feeds.app.web.conditional_requests import choose_coding
from feeds.app.web.document_routes import Place
from feeds.app.web.reading import cursors
from feeds.app.web.reading.lists import _first
from feeds.app.web.reading.reader_pages import _behind
from feeds.app.web.reading.scope import Elsewhere, Scope, Wanted, as_topic, scope_of, settings_of, wanted
from feeds.app.web.reading.search import affordable
from feeds.app.web.token_gate import TOO_MANY
from feeds.errors import QueryError
from feeds.model import Topic

ID = "0123abcd-0123-5123-8123-0123456789ab"


def test_what_a_path_asks_for() -> None:
    for path, found, what, tail in (
        (f"story/{ID}", Wanted("", ID), "story", f"/story/{ID}"),
        (f"t/harbour/story/{ID}", Wanted("t/harbour", ID), "story", f"/story/{ID}"),
        ("s/courier/search", Wanted("s/courier", search=True), "search", "/search"),
        ("search", Wanted("", search=True), "search", "/search"),
        ("t/TOKEN_1/mine/2026-03-01", Wanted("t/TOKEN_1/mine", day=date(2026, 3, 1)), "day", "/2026-03-01"),
    ):
        told = wanted(path)
        assert told == found and (told.what, told.tail) == (what, tail), path
    for path in (
        "", "t/harbour", "t/harbour/2026-02-31", "x/harbour/search", "t/search/x", f"story/{ID}x",
        f"story/{ID.upper()}", "t/a/b/c/search", f"t/{'a' * 129}/search", "t/harboursearch", "search/more",
    ):  # fmt: skip
        assert wanted(path) is None, path


def test_what_a_page_is_about_and_who_may_see_it() -> None:
    places = {
        "t/harbour": Place(ttl=20),
        "s/courier": Place(ttl=7),
        "t/old": Place("moved", to="t/harbour"),
        "t/gone": Place("gone"),
    }
    accesses = {
        "t/TOKEN/mine": SimpleNamespace(topic=SimpleNamespace(gone=False, ttl=9), to=None, stem="t/TOKEN/mine"),
        "t/TOKEN/was": SimpleNamespace(topic=SimpleNamespace(gone=False, ttl=9), to="t/TOKEN/mine", stem="t/TOKEN/was"),
        "t/TOKEN/gone": SimpleNamespace(topic=SimpleNamespace(gone=True, ttl=9), to=None, stem="t/TOKEN/gone"),
        "t/many": TOO_MANY,
    }
    asked: list[tuple[Any, ...]] = []

    def enter(*told: Any) -> Any:
        asked.append(told)
        return accesses.get(told[0])

    routes: Any = SimpleNamespace(place=places.get, gate=SimpleNamespace(enter=enter))
    for stem, found in (
        ("", Scope("everything", "")),
        ("t/harbour", Scope("topic", "t/harbour", "harbour", ttl=20)),
        ("s/courier", Scope("source", "s/courier", "courier", ttl=7)),
        ("t/old", Elsewhere("t/harbour")),
        ("t/gone", "gone"),
        ("t/TOKEN/mine", Scope("topic", "t/TOKEN/mine", "mine", private=True, ttl=9)),
        ("t/TOKEN/was", Elsewhere("t/TOKEN/mine")),
        ("t/TOKEN/gone", "gone"),
        ("t/many", TOO_MANY),
        ("t/none", None),
    ):
        assert scope_of(stem, routes, b"Bearer x", "192.0.2.1") == found, stem
    assert asked[-1] == ("t/none", b"Bearer x", "192.0.2.1") and len(asked) == 5
    harbour = Topic("harbour", "The harbour")
    assert settings_of(Scope("topic", "t/harbour", "harbour"), {"harbour": harbour}, "x", "de") is harbour
    assert settings_of(Scope("topic", "t/none", "none"), {"harbour": harbour}, "x", "de") is None
    source = settings_of(Scope("source", "s/courier", "courier"), {}, "The Courier", "de")
    assert source == Topic("courier", "The Courier", copies="all", language="de")
    assert settings_of(Scope("everything", ""), {}, "Desk", None) == Topic("", "Desk", copies="one")
    assert (as_topic("").query, as_topic(None).query, as_topic("a").query) == (None, None, "a")


def test_cursors_and_what_a_query_string_holds() -> None:
    for numbers in ((5,), (0, -7), (2**62 - 1, 1)):
        assert cursors.numbers_of(cursors.cursor(*numbers), len(numbers)) == numbers
    for word, count in (
        (cursors.cursor(5), 2), (cursors.cursor(2**62), 1), ("x", 1), ("", 1), ("a.b", 1), ("a" * 65, 1), ("_w", 1),
        (cursors.cursor(5, 6), 1),
    ):  # fmt: skip
        assert cursors.numbers_of(word, count) is None, word
    for query, told in (
        (b"q=a&q=b", "a"), (b"q=%C3%BC", "ü"), (b"p=a", ""), (b"", ""), (b"q=", ""), (b"q=\xff", "\ufffd"),
        (b"&".join([b"q=a"] * 20), "a"), (b"&".join([b"q=a"] * 21), ""),
    ):  # fmt: skip
        assert _first(query, "q") == told, query
    for query, behind in ((b"q=a", "?q=a"), (b"", ""), (b"q=\xff", ""), (b"q=\n", "")):
        assert _behind(query) == behind


def test_what_a_search_may_cost() -> None:
    for query in ("a " * 50, '"a b" ' * 8, "abc* xyz*", "abcd* " * 16, "a NEAR/3 b " * 5, ""):
        affordable(query)
    for query, at in (('"a b" ' * 9, 48), ("abc* " * 3, 10), ("abcd* " * 17, 96), ("a NEAR/3 b " * 6, 55)):
        with pytest.raises(QueryError, match="up to 8 phrases, or 2 beginnings of three letters") as error:
            affordable(query)
        assert error.value.position == at, query


def test_the_coding_that_a_client_likes_best() -> None:
    ours = ("br", "gzip")
    for accept, coding in (
        (None, "identity"), (b"", "identity"), (b"gzip", "gzip"), (b"gzip, br", "br"), (b"gzip, br;q=0.9", "gzip"),
        (b"identity, gzip;q=0.5", "identity"), (b"identity, gzip", "gzip"), (b"*", "br"), (b"br;q=0, *", "gzip"),
        (b"deflate", "identity"), (b"identity, deflate", "identity"), (b"*;q=0.5, identity", "identity"),
        (b"br;q=0", "identity"), (b"zstd, gzip;q=0.1", "gzip"), (b"gzip;q=2", "gzip"), (b"gzip;q=x", "identity"),
        (b"x" * 1000 + b",gzip", "identity"), (b"deflate, identity, *;q=0", "identity"),
    ):  # fmt: skip
        assert choose_coding(accept, ours) == coding, accept
    assert choose_coding(b"gzip", ()) == "identity"
