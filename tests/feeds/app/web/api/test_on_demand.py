"""Feeds on demand: who may ask, which source a listing becomes, how many there may be, and the documents' addresses."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from feeds.app.inspect import preview
from feeds.app.inspect.preview import Sight
from feeds.app.web.api import on_demand
from feeds.app.web.api.on_demand import OnDemand, signature, with_addresses
from feeds.app.web.documents import answer
from feeds.store.tables.sources import AskedFeed, asked_name
from scrapers import CopydeskError, Link, Links, canonical_key
from tests.support.interface import BEHIND, Got, Interface, interface
from tests.support.reading import NOW

KEY = b"secret of the installation"
URL = "https://lake.example/news"
NAME = asked_name(canonical_key(URL))
BASE = "https://news.example/desk"


class Documents:
    """The routes of the server: what is asked of it, and whether a feed is known to it."""

    def __init__(self) -> None:
        self.prefix, self.base_url = b"/desk", BASE
        self.hidden = {f"s/{NAME}"}
        self.asked: list[tuple[Any, ...]] = []
        self.status = 200
        self.there = True

    def is_on_demand(self, stem: str) -> bool:
        return stem in self.hidden

    def place(self, stem: str) -> object | None:
        return object() if stem == "s/courier" else None

    def _document(self, name: str) -> Any:
        if not self.there:
            return None
        body = f'<link href="{BASE}/s/{name}.atom"/><img src="x {BASE}/s/{name}"/>'.encode()
        headers = [("cache-control", "public, max-age=5"), ("link", f"<{BASE}/s/{name}.atom>"), ("etag", '"1"')]
        return answer(self.status, headers, body)

    def find_on_demand(self, path: str, headers: Any) -> Any:
        self.asked.append((path, headers))
        return self._document(NAME)

    def find(self, method: str, path: bytes, query: bytes, headers: Any) -> Any:
        self.asked.append((method, path, query, headers))
        return self._document("courier")


@pytest.fixture
def documents() -> Documents:
    return Documents()


@pytest.fixture
def desk(tmp_path: Path, documents: Documents) -> Iterator[Interface]:
    with interface(
        tmp_path,
        further=lambda made: OnDemand(made.tools, made.api, documents, KEY).serve(),  # type: ignore[arg-type]
    ) as made:
        yield made


def known(desk: Interface, url: str = URL, token: str = "asks", **more: Any) -> None:
    store, name = desk.room.store, asked_name(canonical_key(url))
    with store.transaction():
        store.asked_feeds.add(AskedFeed(name, url, "rss", token, NOW - timedelta(days=2), NOW - timedelta(days=2)))


def ask(desk: Interface, query: str, *, path: str = "/feed", token: str | None = None, **more: Any) -> Got:
    return desk("GET", f"{path}?{query}" if query else path, token=token, root="", **more)


def test_who_may_ask(desk: Interface) -> None:
    known(desk)
    sign = signature(KEY, URL)
    assert sign != signature(KEY, f"{URL}/") and sign != signature(b"other", URL) and len(sign) == 32
    for query, token, status, words in (
        (f"url={URL}", "asks", 200, None),
        (f"url={URL}&token=asks{BEHIND}", None, 200, None),
        (f"url={URL}&sig={sign}", None, 200, None),
        (f"url={URL}&sig={sign[:-1]}", "asks", 403, "this address is not signed rightly"),
        (f"url={URL}/&sig={sign}", None, 403, "this address is not signed rightly"),
        (f"url={URL}&sig=", None, 403, "this address is not signed rightly"),
        (f"url={URL}", None, 401, "a feed on demand needs a token: `copydesk token api add` makes one"),
        (f"url={URL}", "writes", 403, "the token writes has not the scope feed"),
        (f"url={URL}&token=wrong", "asks", 401, "this token is not known"),
        ("url=x", "asks", 400, "url: should be the address of a page or feed that lists stories"),
        ("", "asks", 400, "url: should be the address of a page or feed that lists stories"),
        (f"url={URL}&format=xml", "asks", 400, "format: should be atom, rss or json"),
        ("&".join(["a=1"] * 9), "asks", 400, "too many parameters"),
    ):
        got = ask(desk, query, token=token)
        assert (got.status, words and got.data["detail"]) == (status, words), query
    assert ask(desk, f"url={URL}", token="asks", path="/desk/feed").status == 200
    wrong = [ask(desk, f"url={URL}&sig={'0' * 32}", client="192.0.2.99").status for _ in range(40)]
    assert (wrong[0], wrong[-1]) == (403, 429), "who guesses waits"


def test_the_address_of_a_document_holds_what_the_reader_showed(desk: Interface, documents: Documents) -> None:
    known(desk)
    sign = signature(KEY, URL)
    for query, token, shown in (
        (f"url={URL}", "asks", "-"), (f"url={URL}&token=asks{BEHIND}", None, f"asks{BEHIND}"),
        (f"url={URL}&sig={sign}", None, sign),
    ):  # fmt: skip
        got = ask(desk, f"{query}&format=rss", token=token, if_none_match='"1"', x_other="1")
        own = f"{BASE}/feed/{shown}/{NAME}"
        assert got.body.decode() == f'<link href="{own}.atom"/><img src="x {BASE}/s/{NAME}"/>'
        assert got.headers["link"] == f"<{own}.atom>" and got.headers["cache-control"] == "private, no-cache"
        assert got.headers["content-length"] == str(len(got.body)) and got.headers["etag"] == '"1"'
        assert documents.asked.pop() == (f"s/{NAME}.rss", {b"if-none-match": b'"1"'})
    documents.status = 304
    assert "content-length" not in ask(desk, f"url={URL}", token="asks").headers
    documents.there = False
    got = ask(desk, f"url={URL}", token="asks")
    assert (got.status, got.headers["retry-after"]) == (503, "10")
    assert desk.performed == []
    documents.hidden.clear()
    ask(desk, f"url={URL}", token="asks")
    assert desk.performed == [("tokens", {})], "the server is told of a feed that it may not know yet"


def test_a_listing_that_is_followed_is_its_public_feed(desk: Interface, documents: Documents) -> None:
    got = ask(desk, "url=https://courier.example&format=json", token="asks")
    assert documents.asked == [("GET", b"/s/courier.json", b"raw", {})]
    assert f'href="{BASE}/s/courier.atom"' in got.body.decode()
    assert got.headers["cache-control"] == "private, no-cache"
    assert got.headers["content-length"] == str(len(got.body))
    assert (desk.performed, desk.room.store.asked_feeds.all()) == ([], [])


def test_documents_by_their_addresses(desk: Interface, documents: Documents) -> None:
    known(desk)
    sign = signature(KEY, URL)
    unknown = asked_name("other.example")
    for shown, path, token, status, words in (
        (sign, f"{NAME}.atom", None, 200, None),
        (sign, f"{NAME}/archive-000001.atom", None, 200, None),
        ("-", f"{NAME}.atom", "asks", 200, None),
        (f"asks{BEHIND}", f"{NAME}.atom", None, 200, None),
        ("-", f"{NAME}.atom", None, 401, "a feed on demand needs a token: `copydesk token api add` makes one"),
        ("-", f"{NAME}.atom", "reads", 403, "the token reads has not the scope feed"),
        ("0" * 32, f"{NAME}.atom", None, 403, "this address is not signed rightly"),
        (sign, f"{unknown}.atom", None, 403, "this address is not signed rightly"),
        ("-", f"{unknown}.atom", "asks", 404, "there is no such feed, or nobody asked for it for long"),
        ("-", "courier.atom", "asks", 404, "there is no such feed, or nobody asked for it for long"),
    ):
        got = ask(desk, "", path=f"/feed/{shown}/{path}", token=token)
        assert (got.status, words and got.data["detail"]) == (status, words), (shown, path)
    assert documents.asked[1][0] == f"s/{NAME}/archive-000001.atom"
    home = ask(desk, "", path=f"/feed/{sign}/{NAME}")
    assert (home.status, home.headers["location"], home.headers["cache-control"]) == (302, URL, "no-store")
    documents.there = False
    assert ask(desk, "", path=f"/feed/{sign}/{NAME}.atom").data["detail"] == "there is no such document"
    (row,) = desk.room.store.asked_feeds.all()
    assert row.asked >= NOW - timedelta(hours=1), "it is asked for, so it stays"


def test_a_new_listing_is_looked_at_and_visited(desk: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[tuple[Any, ...]] = []
    sight: Any = Sight(URL, links=Links(items=(Link(f"{URL}/1", way="listing"), Link(f"{URL}/2", way="rss"))))

    async def look(*told: Any) -> Sight:
        looked.append(told)
        if isinstance(sight, Exception):
            raise sight
        return sight  # type: ignore[no-any-return]

    monkeypatch.setattr(preview, "look", look)
    assert ask(desk, f"url={URL}", token="asks").status == 200
    assert looked.pop() == ("the fetcher", "the workers", URL, None, "listing", NOW)
    (row,) = desk.room.store.asked_feeds.all()
    assert (row.name, row.url, row.way, row.token, row.added) == (NAME, URL, "rss", "asks", NOW)
    assert desk.performed[:3] == [("reload", {}), ("tokens", {}), ("visit", {"names": [NAME]})]
    assert ask(desk, f"url={URL}/#top", token="asks").status == 200 and looked == [], "it is known now"
    other = "https://hill.example/news"
    for seen, status, words in (
        (Sight(other, links=Links()), 422, f"{other}: no stories were found there"),
        (Sight(other), 422, f"{other}: no stories were found there"),
        (CopydeskError("robots.txt forbids it"), 422, "robots.txt forbids it"),
    ):
        sight = seen
        got = ask(desk, f"url={other}", token="asks")
        assert (got.status, got.data["detail"]) == (status, words)
    sight = Sight(other, links=Links(items=(Link(f"{other}/1", way="listing"),)))
    assert ask(desk, f"url={other}&sig={signature(KEY, other)}").status == 200
    row = next(one for one in desk.room.store.asked_feeds.all() if one.url == other)
    assert (row.way, row.token) == ("pages", "")


def test_how_many_listings_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    installation = SimpleNamespace(config=SimpleNamespace(web=SimpleNamespace(on_demand_feeds=3)))
    tools: Any = SimpleNamespace(app=SimpleNamespace(installation=installation))
    routes: Any = SimpleNamespace(prefix=b"")

    def refused(mine: int, others: int, asker: str = "asks", looking: int = 0, tries: int = 1) -> str:
        feeds = OnDemand(tools, None, routes, KEY)  # type: ignore[arg-type]
        feeds._looking = looking
        rows: Any = [SimpleNamespace(token="asks")] * mine + [SimpleNamespace(token="other")] * others
        try:
            for _ in range(tries):
                feeds._within_limits(rows, asker)
        except on_demand.Refused as error:
            return f"{error.status} {error}"
        return ""

    busy = "too many new listings at once; come back in a minute"
    for told, words in (
        (refused(2, 9), ""),
        (refused(3, 0), "this token has 3 listings; one that nobody asks for makes room by and by"),
        (refused(9, 0, asker=""), ""),
        (refused(0, on_demand.ALL - 1), ""),
        (refused(0, on_demand.ALL), f"{on_demand.ALL} listings are kept already"),
        (refused(0, 0, looking=on_demand.AT_ONCE - 1), ""),
        (refused(0, 0, looking=on_demand.AT_ONCE), busy),
        (refused(0, 0, tries=on_demand.NEW), ""),
        (refused(0, 0, tries=on_demand.NEW + 1), busy),
    ):
        assert told == (words and f"429 {words}")


def test_addresses_of_our_own_alone_are_changed() -> None:
    was, own = "https://n.example/s/a", "https://n.example/feed/KEY/a"
    for text, changed in (
        (f'<link href="{was}.atom"/>', f'<link href="{own}.atom"/>'),
        (f"<link>{was}</link>", f"<link>{own}</link>"),
        (f'<x rel="{was}"/>', f'<x rel="{own}"/>'),
        (f'"feed_url":"{was}.json"', f'"feed_url":"{own}.json"'),
        (f'"home_page_url":"{was}"', f'"home_page_url":"{own}"'),
        (f'"next_url":"{was}/archive-1.json"', f'"next_url":"{own}/archive-1.json"'),
        (f'"url":"{was}.json"', f'"url":"{was}.json"'),
        (f'<link href="{was}b.atom"/>', f'<link href="{was}b.atom"/>'),
        (f"&quot;{was}.atom&quot;", f"&quot;{was}.atom&quot;"),
        (f'<link href="{was.replace(".", "x")}.atom"/>', f'<link href="{was.replace(".", "x")}.atom"/>'),
    ):
        assert with_addresses(text.encode(), was, own) == changed.encode(), text


def test_a_first_visit_that_fails_is_only_noted(desk: Interface, documents: Documents) -> None:
    feeds = OnDemand(desk.tools, desk.api, documents, KEY)  # type: ignore[arg-type]
    desk.answers["visit"] = {"error": "it is paused"}
    asyncio.run(feeds._visit(NAME))
    assert desk.performed == [("tokens", {}), ("visit", {"names": [NAME]})]
