"""RFC 3229 with the manipulation `feed`: what a client gets that says which version it has."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import brotli
import feedparser
import pytest
import zstandard

from benchmarks.speed.polling import MUST, measure
from feeds.app.web import deltas
from feeds.app.web.deltas import Deltas, split, wants_delta
from feeds.model import Feed
from feeds.render import atom, jsonfeed, rss
from tests.support.serving import WHEN, Got, Running, make_folder, put, running
from tests.support.stories import feed

UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstandard.decompress,
}
RENDER = {".atom": atom, ".rss": rss, ".json": jsonfeed}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    with running(make_folder(tmp_path / "public")) as server:
        yield server


def write(server: Running, made: Feed, *, when: int) -> None:
    for suffix, render in RENDER.items():
        body = render(made)
        for variant, packed in (("", body), (".gz", gzip.compress(body)), (".br", brotli.compress(body, quality=1))):
            put(server.routes.folder, f"t/ukraine{suffix}{variant}", packed, when=when, variants=False)
        put(server.routes.folder, f"t/ukraine{suffix}.zst", zstandard.compress(body), when=when, variants=False)


def look_again(server: Running) -> None:
    """As if the second had passed for which a file is not looked at again."""
    for document in server.routes._documents.values():
        document.looked = -1e9


def without_newest(made: Feed, count: int) -> Feed:
    return replace(made, entries=made.entries[count:])


@pytest.mark.parametrize("suffix", RENDER)
def test_a_document_in_parts_is_the_document(suffix: str) -> None:
    for count in (1, 2, 40):
        made = feed(count)
        body = RENDER[suffix](made)
        parts = split(body, suffix)
        assert parts is not None
        assert len(parts.entries) == count
        assert parts.only(range(count)) == body
        assert len(set(parts.hashes)) == count


def test_marks_of_a_document_inside_its_texts_do_not_split_it() -> None:
    made = feed(3)
    first = made.entries[0]
    evil = '</entry><entry></item><item>"items":[{"id":1}]}</entry>'
    bad = replace(first, record=replace(first.record, title=evil), summary=evil, content=f"<p>{evil}</p>")
    made = replace(made, title=evil, entries=(bad, *made.entries[1:]))
    for suffix, render in RENDER.items():
        body = render(made)
        parts = split(body, suffix)
        assert parts is not None, suffix
        assert len(parts.entries) == 3
        assert parts.only(range(3)) == body


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (b"feed", True),
        (b"vcdiff, feed;q=0.5, gzip", True),
        (b"FEED", True),
        (b"feed;q=0", False),
        (b"feed; q = 0.00", False),
        (b"feeds", False),
        (b"", False),
        (None, False),
    ],
)
def test_which_clients_ask_for_it(value: bytes | None, wanted: bool) -> None:
    assert wants_delta(value) is wanted


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
@pytest.mark.parametrize("suffix", RENDER)
def test_only_new_and_changed_entries_come(own: Running, suffix: str, coding: str) -> None:
    new = feed(40)
    write(own, without_newest(new, 2), when=WHEN)
    path = f"/t/ukraine{suffix}"
    asks = {"A-IM": "feed", "Accept-Encoding": coding}
    first = own.get(path, headers=asks)
    assert first.status == 200
    assert own.get(path, headers={**asks, "If-None-Match": first.headers["etag"]}).status == 304
    changed = replace(new.entries[10], summary="It was corrected since")
    now = replace(new, entries=(*new.entries[:10], changed, *new.entries[11:]))
    write(own, now, when=WHEN + 60)
    look_again(own)
    got = own.get(path, headers={**asks, "If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert got.status == 226
    assert got.headers["im"] == "feed"
    assert got.headers["cache-control"] == "no-store, im"
    assert {"A-IM", "If-None-Match", "Accept-Encoding"} <= set(got.headers["vary"].split(", "))
    # a reader asks, no browser: it gets no header more than it needs
    needed = {"date", "content-type", "content-length", "etag", "im", "cache-control", "vary"}
    assert set(got.headers) == needed | ({"content-encoding"} if coding != "identity" else set())
    asks_elsewhere = {**asks, "If-None-Match": first.headers["etag"], "Origin": "https://reader.example"}
    assert own.get(path, headers=asks_elsewhere).headers["access-control-allow-origin"] == "*"
    whole = own.get(path, headers={"Accept-Encoding": coding})
    assert whole.status == 200
    assert got.headers["etag"] == whole.headers["etag"] != first.headers["etag"]
    assert "im" not in whole.headers
    body = UNPACK[coding](got.body)
    wanted = [now.entries[0].id, now.entries[1].id, changed.id]
    if suffix == ".json":
        assert [item["id"] for item in json.loads(body)["items"]] == wanted
    else:
        told = feedparser.parse(body)
        assert not told.bozo
        assert [entry.id for entry in told.entries] == wanted
    # the client has the present version now
    assert own.get(path, headers={**asks, "If-None-Match": got.headers["etag"]}).status == 304
    head = own.get(path, method="HEAD", headers={**asks, "If-None-Match": first.headers["etag"]})
    assert (head.status, head.body) == (226, b"")


def before_the_newest(own: Running, new: Feed, count: int) -> Got:
    """What a client was given before so many of the newest entries came, which are there now."""
    write(own, without_newest(new, count), when=WHEN)
    first = own.get("/t/ukraine.atom", headers={"A-IM": "feed"})
    write(own, new, when=WHEN + 60)
    look_again(own)
    return first


def test_who_has_an_unknown_version_or_does_not_ask_gets_the_whole(own: Running) -> None:
    first = before_the_newest(own, feed(40), 1)
    assert own.get("/t/ukraine.atom", headers={"A-IM": "feed", "If-None-Match": '"unknown"'}).status == 200
    assert own.get("/t/ukraine.atom", headers={"If-None-Match": first.headers["etag"]}).status == 200
    assert own.get("/t/ukraine.atom", headers={"A-IM": "feed"}).status == 200
    ranged = {"A-IM": "feed", "If-None-Match": first.headers["etag"], "Range": "bytes=0-9"}
    assert own.get("/t/ukraine.atom", headers=ranged).status == 206


def test_who_asks_from_the_second_poll_on_gets_what_came_since_the_first(own: Running) -> None:
    # newsboat and Liferea do: their first request has no A-IM
    new = feed(40)
    asks = {"Accept-Encoding": "gzip"}
    write(own, without_newest(new, 1), when=WHEN)
    asks["If-None-Match"] = own.get("/t/ukraine.atom", headers=asks).headers["etag"]
    asks["A-IM"] = "feed"
    assert own.get("/t/ukraine.atom", headers=asks).status == 304
    write(own, new, when=WHEN + 60)
    look_again(own)
    got = own.get("/t/ukraine.atom", headers=asks)
    assert got.status == 226
    assert [entry.id for entry in feedparser.parse(gzip.decompress(got.body)).entries] == [new.entries[0].id]


def test_a_feed_that_was_empty_is_sent_whole(own: Running) -> None:
    new = feed(3)
    asks = {"A-IM": "feed"}
    write(own, without_newest(new, 3), when=WHEN)
    for suffix in RENDER:
        first = own.get(f"/t/ukraine{suffix}", headers=asks)
        known = {**asks, "If-None-Match": first.headers["etag"]}
        assert (first.status, own.get(f"/t/ukraine{suffix}", headers=known).status) == (200, 304)
    write(own, new, when=WHEN + 60)
    look_again(own)
    assert own.get("/t/ukraine.json", headers=known).status == 200


def test_a_client_that_takes_226_for_a_failure_gets_the_whole(own: Running) -> None:
    first = before_the_newest(own, feed(40), 1)
    asks = {"A-IM": "feed", "If-None-Match": first.headers["etag"], "Accept-Encoding": "gzip"}
    for agent, status in (("rss2email/3.14 (https://github.com/rss2email/rss2email)", 200), ("feedparser/6.0.14", 226)):
        for _ in range(2):  # also when the very same request comes again
            assert own.get("/t/ukraine.atom", headers={**asks, "User-Agent": agent}).status == status


def test_a_delta_that_saves_little_is_not_made(own: Running) -> None:
    first = before_the_newest(own, feed(10), 9)
    asks = {"A-IM": "feed", "If-None-Match": first.headers["etag"]}
    assert own.get("/t/ukraine.atom", headers=asks).status == 200


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deltas, "ALL_VERSIONS", 20)
    known = Deltas()
    parts = split(atom(feed(3)), ".atom")
    assert parts is not None
    for n in range(100):
        for document in ("a", "b", "c"):
            known.remember(document, b'"%d"' % n, parts.hashes)
    held = [(d, n) for d in "abc" for n in range(100) if known.known(d, b'"%d"' % n) is not None]
    assert 0 < len(held) <= 20
    assert all(n > 90 for _, n in held)


def test_who_asks_for_what_is_new_gets_an_eighth_of_the_bytes() -> None:
    found = measure(polls=50, stories=12, coding="gzip")
    for suffix in RENDER:
        conditional, delta = found[suffix, "conditional"], found[suffix, "delta"]
        assert (conditional.whole, conditional.unchanged) == (13, 37)
        assert (delta.whole, delta.parts, delta.unchanged) == (1, 12, 37)
        assert delta.bytes_in <= MUST * conditional.bytes_in
