"""The rules of HTTP as values: codings, validators, dates and ranges (RFC 9110)."""
# ruff: noqa: E501  (a row of a table stays on its line)

from __future__ import annotations

import pytest

from feeds.app.web.conditional_requests import byte_range, choose_coding, none_match, seconds_of

ALL = ("br", "zstd", "gzip")


@pytest.mark.parametrize(
    ("accept", "available", "coding"),
    [
        (None, ALL, "identity"),
        (b"", ALL, "identity"),
        (b"gzip", (), "identity"),
        (b"gzip", ALL, "gzip"),
        (b"x-gzip", ALL, "gzip"),
        (b"GZIP", ALL, "gzip"),
        (b"gzip, br", ALL, "br"),
        (b"gzip, zstd", ALL, "zstd"),
        (b"gzip, br", ("gzip",), "gzip"),
        (b"gzip;q=0.9, br;q=0.8", ALL, "gzip"),
        (b"gzip ; Q = 0.8 , br; q=0.9", ALL, "br"),
        (b"br;q=0, gzip", ALL, "gzip"),
        (b"br;q=0", ALL, "identity"),
        (b"deflate, gzip;q=0.5", ALL, "gzip"),
        (b"deflate", ALL, "identity"),
        (b"*", ALL, "br"),
        (b"*, br;q=0", ALL, "zstd"),
        (b"*;q=0.5, gzip", ALL, "gzip"),
        (b"*, br, zstd, gzip", ALL, "br"),
        (b"*;q=0.9, br;q=0.1, zstd;q=0.1, gzip;q=0.1", ALL, "identity"),
        (b"identity, gzip;q=0.5", ALL, "identity"),
        (b"identity;q=0.5, gzip;q=0.5", ALL, "gzip"),
        (b"br;q=high, gzip;q=0.1", ALL, "gzip"),
        (b"br;q=0.12345, gzip;q=0.1", ALL, "gzip"),
        (b"br;q=7, gzip", ALL, "br"),
        (b"br;level=1;q=0, gzip", ALL, "gzip"),
        (b"br;q=0, br", ALL, "identity"),
        (b"," * 1000 + b"gzip", ALL, "identity"),
    ],
)
def test_the_coding_that_a_client_likes_best(accept: bytes | None, available: tuple[str, ...], coding: str) -> None:
    assert choose_coding(accept, available) == coding


@pytest.mark.parametrize(
    ("value", "found"),
    [(b'"a"', True), (b' "a" ', True), (b'W/"a"', True), (b'"b", "a"', True), (b'"b",W/"a"', True), (b"*", True), (b" * ", True),
     (b'"b"', False), (b'"aa"', False), (b'"b-"a""', False), (b"", False), (b'"b"' + b"," * 9000 + b'"a"', False)],
)  # fmt: skip
def test_a_list_of_validators(value: bytes, found: bool) -> None:
    assert none_match(value, b'"a"') is found


@pytest.mark.parametrize(
    ("date", "seconds"),
    [(b"Thu, 01 Jan 1970 00:01:00 GMT", 60), (b"Thu, 01 Jan 1970 01:01:00 +0100", 60), (b"yesterday", None), (b"", None),
     (b"Thu, 01 Jan 1970 00:01:00", None), (b"Thu, 01 Jan 1970 00:01:00 GMT" + b" " * 35, 60),
     (b"Thu, 01 Jan 1970 00:01:00 GMT" + b" " * 36, None), ("Thu, 01 Jan 1970 00:01:00 GMT\u00e4".encode(), None)],
)  # fmt: skip
def test_a_date_as_seconds(date: bytes, seconds: int | None) -> None:
    assert seconds_of(date) == seconds


@pytest.mark.parametrize(
    ("value", "size", "span"),
    [
        (b"bytes=0-9", 100, (0, 10)), (b" Bytes = 5 - 9 ", 100, (5, 10)), (b"bytes=0-0", 100, (0, 1)), (b"bytes=90-", 100, (90, 100)),
        (b"bytes=90-500", 100, (90, 100)), (b"bytes=-10", 100, (90, 100)), (b"bytes=-500", 100, (0, 100)), (b"bytes=-0", 100, (0, 0)),
        (b"bytes=-10", 0, (0, 0)), (b"bytes=100-", 100, (0, 0)), (b"bytes=99-", 100, (99, 100)), (b"bytes=0-", 0, (0, 0)),
        (b"bytes=9-5", 100, None), (b"bytes=5-5", 100, (5, 6)), (b"bytes=-", 100, None), (b"bytes=5", 100, None), (b"bytes=a-9", 100, None),
        (b"bytes=0-b", 100, None), (b"bytes=0-1,5-6", 100, None), (b"items=0-9", 100, None), (b"bytes 0-9", 100, None),
        (b"bytes=" + b"0" * 38 + b"-9", 100, (0, 10)), (b"bytes=" + b"0" * 39 + b"-9", 100, None),
    ],
)  # fmt: skip
def test_what_a_range_asks_for(value: bytes, size: int, span: tuple[int, int] | None) -> None:
    assert byte_range(value, size) == span
