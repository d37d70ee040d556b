"""Answers with a document as a client wants it: ETags, codings, conditions, freshness, ranges (FEEDS 23–27, W1)."""

from __future__ import annotations

import gzip

import brotli
import pytest
import zstandard

from feeds.publish.atomic_files import variant
from tests.support.serving import ATOM, DATE, WHEN, Running, put

FEED = "/t/ukraine.atom"


def test_strong_etags_differ_by_representation_and_coding(shared: Running) -> None:
    tags = [
        shared.get(path, {"Accept-Encoding": coding}).headers["etag"]
        for path in (FEED, "/t/ukraine.rss")
        for coding in ("identity", "gzip", "br", "zstd")
    ]
    assert len(set(tags)) == 8
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("br;q=0.5, gzip", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0.0, br;q=0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "zstd"),
        ("identity, *;q=0", None),
        ("identity;q=1, gzip;q=0.5", None),
        ("identity;q=0", None),
        ("gzip;q=nonsense", None),
        ("deflate", None),
        (",,;;q=,gzip", "gzip"),
    ],
)
def test_the_coding_that_the_client_likes(shared: Running, accept: str | None, coding: str | None) -> None:
    got = shared.get(FEED, {} if accept is None else {"Accept-Encoding": accept})
    assert got.status == 200
    assert got.headers.get("content-encoding") == coding
    assert "Accept-Encoding" in got.headers["vary"]
    if coding == "gzip":
        assert gzip.decompress(got.body).startswith(b"<feed>")
    if coding is None:
        assert got.body == ATOM + b"t/ukraine.atom"


def test_small_and_packed_files_are_sent_as_they_are(shared: Running) -> None:
    for path in ("/icon.png", "/favicon.ico"):
        assert "content-encoding" not in shared.get(path, {"Accept-Encoding": "gzip, br"}).headers


def test_a_missing_variant_is_made(own: Running) -> None:
    unpacked = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstandard.ZstdDecompressor().decompress}
    for suffix in (".gz", ".br", ".zst"):
        (own.routes.folder / f"t/ukraine.atom{suffix}").unlink()
    tags = set()
    for coding, unpack in unpacked.items():
        got = own.get(FEED, {"Accept-Encoding": coding})
        assert got.headers["content-encoding"] == coding
        assert unpack(got.body) == ATOM + b"t/ukraine.atom"
        assert own.get(FEED, {"Accept-Encoding": coding}).headers["etag"] == got.headers["etag"]
        tags.add(got.headers["etag"])
    assert len(tags) == len(unpacked)


def test_a_document_is_packed_once_for_each_version(own: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    packed: list[str] = []

    def noted(data: bytes, suffix: str) -> bytes:
        packed.append(suffix)
        return variant(data, suffix)

    monkeypatch.setattr("feeds.app.web.documents.variant", noted)
    monkeypatch.setattr("feeds.app.web.documents._MEMORY", 1)  # the body is let go as soon as there is another
    put(own.routes.folder, "t/ukraine.atom", ATOM, when=WHEN + 5, variants=False)
    tag = own.get(FEED, {"Accept-Encoding": "br"}).headers["etag"]
    own.get("/s/courier.atom")
    for _ in range(3):  # a poll needs no body
        assert own.get(FEED, {"Accept-Encoding": "br", "If-None-Match": tag}).status == 304
    assert packed == [".br"]
    assert own.get(FEED, {"Accept-Encoding": "br"}).headers["etag"] == tag
    put(own.routes.folder, "t/ukraine.atom", ATOM + b"<!-- new -->", when=WHEN + 9, variants=False)
    own.routes._documents[FEED.encode()].looked = -1e9  # as if a second had passed
    got = own.get(FEED, {"Accept-Encoding": "br", "If-None-Match": tag})
    assert got.status == 200 and brotli.decompress(got.body) == ATOM + b"<!-- new -->"


def test_a_variant_of_an_older_file_is_not_sent(own: Running) -> None:
    put(own.routes.folder, "t/ukraine.atom", b"new" * 1000, when=WHEN + 5, variants=False)
    got = own.get(FEED, {"Accept-Encoding": "gzip"})
    assert gzip.decompress(got.body) == b"new" * 1000


def test_conditional_requests(shared: Running) -> None:
    whole = shared.get(FEED, {"Accept-Encoding": "gzip"})
    etag = whole.headers["etag"]
    assert whole.headers["last-modified"] == DATE
    for value, status in [
        (etag, 304),
        (f"W/{etag}", 304),
        (f'"other", {etag}', 304),
        (f'"other",W/{etag} , "more"', 304),
        ("*", 304),
        ('"other"', 200),
        ("", 200),
        (etag.strip('"'), 200),
        (etag[:-2] + '"', 200),
    ]:
        got = shared.get(FEED, {"Accept-Encoding": "gzip", "If-None-Match": value})
        assert got.status == status, value
        if status == 304:
            assert got.body == b""
            # RFC 9110 §15.4.5: these, and nothing that a reader has already
            assert set(got.headers) == {"etag", "cache-control", "vary", "date"}
            for name in ("etag", "cache-control", "vary"):
                assert got.headers[name] == whole.headers[name]
            elsewhere = {"Accept-Encoding": "gzip", "If-None-Match": value, "Origin": "https://reader.example"}
            assert shared.get(FEED, elsewhere).headers["access-control-allow-origin"] == "*"
    # The tag of another coding names another representation.
    assert shared.get(FEED, {"If-None-Match": etag}).status == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (DATE, 304),
        ("Fri, 16 Jan 2026 08:00:00 GMT", 304),
        ("Thu, 15 Jan 2026 07:59:59 GMT", 200),
        ("Thursday, 15-Jan-26 08:00:00 GMT", 304),
        ("yesterday", 200),
        ("", 200),
        ("Fri, 99 Jan 2026 08:00:00 GMT", 200),
        ("0", 200),
        ("9" * 60, 200),
    ],
)
def test_if_modified_since(shared: Running, since: str, status: int) -> None:
    assert shared.get(FEED, {"If-Modified-Since": since}).status == status


def test_if_none_match_wins(shared: Running) -> None:
    assert shared.get(FEED, {"If-Modified-Since": DATE, "If-None-Match": '"other"'}).status == 200
    etag = shared.get(FEED).headers["etag"]
    old = "Fri, 15 Jan 1999 08:00:00 GMT"
    assert shared.get(FEED, {"If-Modified-Since": old, "If-None-Match": etag}).status == 304


def test_a_file_that_changed_just_now_has_no_date_yet(own: Running) -> None:
    """Twice changed within one second, it would answer 304 to who saw the first."""
    now = int(__import__("time").time()) + 100  # certainly within "this second" for the server's clock
    put(own.routes.folder, "t/ukraine.atom", b"first" * 500, when=now)
    got = own.get(FEED)
    assert "last-modified" not in got.headers
    assert own.get(FEED, {"If-Modified-Since": "Sat, 16 Jan 2100 08:00:00 GMT"}).status == 200
    assert own.get(FEED, {"If-None-Match": got.headers["etag"]}).status == 304


def test_a_changed_file_is_seen(own: Running) -> None:
    first = own.get(FEED)
    put(own.routes.folder, "t/ukraine.atom", b"changed" * 500, when=WHEN + 60)
    own.routes._documents[FEED.encode()].looked = -1e9  # as if a second had passed
    second = own.get(FEED, {"If-None-Match": first.headers["etag"]})
    assert second.status == 200
    assert second.body == b"changed" * 500
    assert second.headers["etag"] != first.headers["etag"]
    (own.routes.folder / "t/ukraine.atom").unlink()
    own.routes._documents[FEED.encode()].looked = -1e9
    assert own.get(FEED).status == 404
    put(own.routes.folder, "t/ukraine.atom", b"back" * 500, when=WHEN + 90)
    assert own.get(FEED).status == 200


def test_freshness_follows_the_topic_between_5_and_60_minutes(shared: Running) -> None:
    for path, seconds in (("/t/ukraine.atom", 1200), ("/t/quick.atom", 300), ("/t/rare.atom", 3600)):
        control = shared.get(path).headers["cache-control"]
        assert f"max-age={seconds}" in control
        assert "stale-if-error=86400" in control
        assert "stale-while-revalidate=" in control
    archive = shared.get("/t/ukraine/archive-000001.atom").headers["cache-control"]
    assert "immutable" not in archive  # a removal writes it anew
    assert "max-age=604800" in archive


@pytest.mark.parametrize(
    ("value", "status", "span"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=10-", 206, (10, None)),
        ("bytes=-5", 206, (-5, None)),
        ("bytes=0-999999", 206, (0, None)),
        ("bytes=-999999", 206, (0, None)),
        ("bytes=0-1,5-6", 200, None),
        ("bytes=5-2", 200, None),
        ("lines=0-9", 200, None),
        ("bytes=", 200, None),
        ("bytes=-", 200, None),
        ("bytes=a-b", 200, None),
        ("nonsense", 200, None),
        ("bytes=999999-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=" + "9" * 100 + "-", 200, None),
    ],
)
def test_ranges(shared: Running, value: str, status: int, span: tuple[int, int | None] | None) -> None:
    body = ATOM + b"t/ukraine.atom"
    got = shared.get(FEED, {"Range": value})
    assert got.status == status
    if span is not None:
        part = body[slice(*span)]
        assert got.body == part
        start = body.index(part) if span[0] else 0
        start = span[0] if span[0] >= 0 else len(body) + span[0]
        assert got.headers["content-range"] == f"bytes {start}-{start + len(part) - 1}/{len(body)}"
        assert got.headers["content-length"] == str(len(part))
    elif status == 416:
        assert got.headers["content-range"] == f"bytes */{len(body)}"
    else:
        assert got.body == body


def test_a_range_of_another_version_is_the_whole(shared: Running) -> None:
    etag = shared.get(FEED).headers["etag"]
    for condition, status in [
        (etag, 206),
        (DATE, 206),
        (f"W/{etag}", 200),
        ('"other"', 200),
        ("Fri, 15 Jan 1999 08:00:00 GMT", 200),
        ("nonsense", 200),
    ]:
        assert shared.get(FEED, {"Range": "bytes=0-9", "If-Range": condition}).status == status
    assert shared.get(FEED, {"Range": "bytes=0-9", "If-None-Match": etag}).status == 304
    assert shared.get(FEED, {"Range": "bytes=0-9"}, method="HEAD").status == 200
