"""Codings are undone exactly, however the bytes are cut, and never beyond the limit."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.fetch.http.inflate import Body, Corrupt, TooBig, gunzip

PACK = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "bare deflate": lambda data: zlib.compress(data, wbits=-15),
    "identity": lambda data: data,
}


@given(st.binary(max_size=3000), st.sampled_from(sorted(PACK)), st.integers(1, 200))
def test_any_cutting_gives_the_same_body(data: bytes, coding: str, step: int) -> None:
    packed = PACK[coding](data)
    body = Body(coding.removeprefix("bare "), 3000)
    for i in range(0, len(packed), step):
        body.feed(packed[i : i + step])
    assert body.finish() == data


@pytest.mark.parametrize("coding", sorted(PACK))
def test_the_limit_is_exact(coding: str) -> None:
    packed = PACK[coding](b"x" * 1000)
    name = coding.removeprefix("bare ")
    fits = Body(name, 1000)
    fits.feed(packed)
    assert fits.finish() == b"x" * 1000
    tight = Body(name, 999)
    with pytest.raises(TooBig):
        tight.feed(packed)
    cut = Body(name, 999, cut=True)
    cut.feed(packed)
    cut.feed(packed)
    assert cut.full
    assert cut.finish() == b"x" * 999


@pytest.mark.parametrize("coding", ["gzip", "deflate", "bare deflate"])
def test_a_bomb_is_never_unpacked_beyond_the_limit(coding: str) -> None:
    packed = PACK[coding](bytes(50_000_000))
    body = Body(coding.removeprefix("bare "), 1_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(TooBig):
            body.feed(packed)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000


@given(st.binary(max_size=500))
def test_nothing_but_its_own_errors_is_raised(data: bytes) -> None:
    for coding in ("gzip", "deflate"):
        body = Body(coding, 1000)
        try:
            body.feed(data)
            body.finish()
        except (Corrupt, TooBig):
            continue


def test_an_empty_body_needs_no_end_mark() -> None:
    assert Body("gzip", 10).finish() == b""
    assert Body(None, 10).finish() == b""
    assert Body("", 10).finish() == b""


def test_a_packed_file() -> None:
    assert gunzip(gzip.compress(b"abc"), 3) == b"abc"
    with pytest.raises(TooBig):
        gunzip(gzip.compress(b"abcd"), 3)
    with pytest.raises(Corrupt):
        gunzip(b"abc", 3)
