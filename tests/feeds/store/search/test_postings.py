"""Which records have a hash: the table of the newest rows, and segments as they are stored."""

from __future__ import annotations

import random
from array import array
from bisect import bisect_left

import pytest

from feeds.store.search import postings
from feeds.store.search.postings import MASK, NewestPostings, array_of, blob_of, merged, segment_of
from tests.support.held_bytes import held_bytes


def test_a_hash_has_a_record_for_each_of_its_rows() -> None:
    newest = NewestPostings()
    newest.add(7, [1, 2, 3])
    newest.add(5, [2, 3])
    newest.add(7, [3])  # a record that was revised has another row
    assert newest.of([1, 2, 3, 4]) == {1: [7], 2: [7, 5], 3: [7, 5, 7]}
    assert newest.size == 3


def test_rows_that_are_packed_are_found_as_those_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "TABLE", 50)
    chance = random.Random(1)
    newest, expected = NewestPostings(), dict[int, list[int]]()
    for record in range(300):
        hashes = [chance.randrange(400) << chance.choice((0, 23)) for _ in range(16)]
        newest.add(record, hashes)
        for one in hashes:
            expected.setdefault(one, []).append(record)
        asked = {*hashes, 401}
        assert newest.of(asked) == {one: expected[one] for one in asked if one in expected}
    assert newest.size == 300
    assert 0 < len(newest._records) < 50 + 16


def test_the_newest_rows_take_little_memory() -> None:
    """Eight bytes for a hash, and a table of the latest ones."""
    chance = random.Random(1)
    rows = [(record, [chance.getrandbits(32) for _ in range(16)]) for record in range(8192)]

    def fill() -> NewestPostings:
        newest = NewestPostings()
        for record, hashes in rows:
            newest.add(record, hashes)
        return newest

    assert held_bytes(fill) < 3_000_000


def test_what_is_given_out_is_no_part_of_the_table() -> None:
    newest = NewestPostings()
    newest.add(7, [1])
    newest.add(8, [2])
    newest.add(9, [2])
    for records in newest.of([1, 2]).values():
        records.append(0)
    assert newest.of([1, 2]) == {1: [7], 2: [8, 9]}


@pytest.mark.parametrize("bits", [32, 31, 8])
def test_a_segment_finds_every_hash_also_of_those_that_are_not_spread_evenly(bits: int) -> None:
    chance = random.Random(bits)
    pairs = sorted((chance.getrandbits(bits) << 32) | record for record in range(30_000))
    made = segment_of(1, 9, pairs)
    expected: dict[int, list[int]] = {}
    for one, record in zip(made.hashes, made.records, strict=True):
        expected.setdefault(one, []).append(record)
    asked = [0, 1, MASK, *expected, *(chance.getrandbits(32) for _ in range(2000))]
    found: dict[int, list[int]] = {}
    made.add_to(found, dict.fromkeys(asked))
    assert found == expected
    made.add_to(found, [pairs[0] >> 32])
    assert found[pairs[0] >> 32] == expected[pairs[0] >> 32] * 2, "behind what another segment has"


def test_segments_are_stored_with_the_lowest_byte_first() -> None:
    made = segment_of(3, 9, sorted((one << 32) | record for one, record in ((MASK, 4), (1, MASK), (1, 2))))
    assert (made.first, made.last) == (3, 9)
    assert list(zip(made.hashes, made.records, strict=True)) == [(1, 2), (1, MASK), (MASK, 4)]
    assert blob_of(made.hashes) == b"\x01\x00\x00\x00\x01\x00\x00\x00\xff\xff\xff\xff"
    assert array_of(blob_of(made.records)) == made.records == array("I", [2, MASK, 4])


def test_hashes_that_are_not_there_are_seldom_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    made = segment_of(1, 9, sorted((chance.getrandbits(32) << 32) | record for record in range(8192)))
    known = set(made.hashes)
    absent = [one for one in (chance.getrandbits(32) for _ in range(4000)) if one not in known]
    searched: list[int] = []

    def counting(hashes: array[int], one: int, low: int, high: int) -> int:
        searched.append(one)
        return bisect_left(hashes, one, low, high)

    monkeypatch.setattr(postings, "bisect_left", counting)
    found: dict[int, list[int]] = {}
    made.add_to(found, absent)
    assert not found
    assert 0 < len(searched) < len(absent) / 5


def test_segments_are_merged_as_if_they_had_been_one() -> None:
    chance = random.Random(3)
    pairs = [(chance.choice((0, 1 << 26, MASK, chance.getrandbits(32))) << 32) | n for n in range(3000)]
    parts = [segment_of(n * 1000 + 1, n * 1000 + 1000, sorted(pairs[n * 1000 : n * 1000 + 1000])) for n in range(3)]
    one, whole = merged(parts), segment_of(1, 3000, sorted(pairs))
    assert (one.first, one.last) == (1, 3000)
    assert (one.hashes, one.records) == (whole.hashes, whole.records)
