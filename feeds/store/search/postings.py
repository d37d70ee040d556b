"""Postings of the index of look-alikes: which records have a hash. Sorted segments, and the newest ones in a table."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

MASK = 0xFFFFFFFF  # of a hash: what postings hold of it
TABLE = 16_000  # hashes of the newest rows, of a thousand articles, that are not packed yet
NEAR = 2048  # places beside its own where a hash of a million records lies


class Segment:
    """The postings of rows `first` to `last`, sorted by hash: `records[i]` has `hashes[i]`."""

    def __init__(self, first: int, last: int, hashes: array[int], records: array[int]) -> None:
        self.first = first
        self.last = last
        self.hashes = hashes
        self.records = records
        # a byte for each posting: a bit that is not set tells of 88 in 100 hashes that are not there that they are not
        self._shift = max(0, 29 - max(1, len(hashes) - 1).bit_length())
        self._bits = bytearray(1 << 29 - self._shift)
        bits, shift = self._bits, self._shift
        for one in hashes:
            one >>= shift
            bits[one >> 3] |= 1 << (one & 7)

    def add_to(self, found: dict[int, list[int]], shorts: Iterable[int]) -> None:
        """Add the records that have these hashes. They are spread evenly: each is looked for where it should stand."""
        hashes, bits, shift = self.hashes, self._bits, self._shift
        count = len(hashes)
        for short in shorts:
            place = short >> shift
            if not bits[place >> 3] >> (place & 7) & 1:
                continue
            middle = short * count >> 32
            low = middle - NEAR if middle > NEAR and hashes[middle - NEAR - 1] < short else 0
            high = middle + NEAR if middle + NEAR < count and hashes[middle + NEAR] >= short else count
            at = bisect_left(hashes, short, low, high)
            if at < count and hashes[at] == short:
                found.setdefault(short, []).extend(self.records[at : bisect_right(hashes, short, at)])


class NewestPostings:
    """The postings that are in no segment yet. `size` is of how many rows they are.

    Those of the latest rows are in a table, which takes a hundred bytes each; whenever it is full they are packed.
    """

    def __init__(self) -> None:
        self.size = 0
        self._records: dict[int, int | list[int]] = {}  # nearly every hash has one record: its number, without a list
        self._packed = array("Q")  # sorted: the hash in the upper 32 bits, the record in the lower ones
        self._bits = bytearray(1 << 17)  # one that is not set tells that none of the packed hashes begins so

    def add(self, record: int, hashes: Iterable[int]) -> None:
        """Take up a row."""
        if len(self._records) >= TABLE:
            self._pack()
        self.size += 1
        for one in hashes:
            known = self._records.get(one)
            if known is None:
                self._records[one] = record
            elif isinstance(known, list):
                known.append(record)
            else:
                self._records[one] = [known, record]

    def of(self, shorts: Iterable[int]) -> dict[int, list[int]]:
        """The records that have each of these hashes, one for each of their rows; without those that nobody has."""
        found: dict[int, list[int]] = {}
        packed, count, bits = self._packed, len(self._packed), self._bits
        for short in shorts:
            if bits[short >> 15] >> (short >> 12 & 7) & 1:
                at = bisect_left(packed, short << 32)
                while at < count and packed[at] >> 32 == short:
                    found.setdefault(short, []).append(packed[at] & MASK)
                    at += 1
            known = self._records.get(short)
            if known is not None:
                found.setdefault(short, []).extend([known] if isinstance(known, int) else known)
        return found

    def _pack(self) -> None:
        pairs = [
            (one << 32) | record
            for one, known in self._records.items()
            for record in ([known] if isinstance(known, int) else known)
        ]
        for one in self._records:
            self._bits[one >> 15] |= 1 << (one >> 12 & 7)
        pairs.sort()
        merged, before, at = array("Q"), self._packed, 0
        for first in range(0, len(pairs), 1000):  # numbers take five times as much as their array: a few at a time
            some = pairs[first : first + 1000]
            end = bisect_left(before, some[-1], at)
            merged.extend(sorted([*before[at:end], *some]))
            at = end
        merged.extend(before[at:])
        self._packed, self._records = merged, {}


def segment_of(first: int, last: int, pairs: list[int]) -> Segment:
    """A segment of sorted pairs: the hash in the upper 32 bits, the record in the lower ones."""
    return Segment(first, last, array("I", [one >> 32 for one in pairs]), array("I", [one & MASK for one in pairs]))


def merged(segments: Sequence[Segment]) -> Segment:
    """One segment of some that follow each other."""
    hashes, records, step = array("I"), array("I"), 1 << 26
    for low in range(0, 1 << 32, step):  # a few at a time: numbers take five times as much as their arrays
        pairs: list[int] = []
        for one in segments:
            part = slice(bisect_left(one.hashes, low), bisect_left(one.hashes, low + step))
            pairs += [h << 32 | record for h, record in zip(one.hashes[part], one.records[part], strict=True)]
        pairs.sort()
        hashes.extend([pair >> 32 for pair in pairs])
        records.extend([pair & MASK for pair in pairs])
    return Segment(segments[0].first, segments[-1].last, hashes, records)


def array_of(blob: bytes) -> array[int]:
    """Numbers as they are stored: 32 bits each, the lowest byte first."""
    values = array("I")
    values.frombytes(blob)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def blob_of(values: array[int]) -> bytes:
    """Numbers to be stored; see `array_of`."""
    if sys.byteorder == "big":
        values = array("I", values)
        values.byteswap()
    return values.tobytes()
