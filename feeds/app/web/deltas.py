"""Only the new entries of a feed, for clients that ask for them: RFC 3229 with the instance manipulation `feed`.

A client sends `A-IM: feed` and the ETag of the version that it has. When that version is remembered, the answer is 226
with the entries that are new or changed since, inside the present document; else it is the whole document. Of a version
a hash of each entry is remembered, and only of versions that such a client got.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import OrderedDict
from collections.abc import Sequence, Set
from dataclasses import dataclass

import brotli
import xxhash
import zstandard

VERSIONS = 16  # of one document
ALL_VERSIONS = 4_000  # of all documents: about 2 KB each
ENTRIES = 1_000  # of a document; a larger one is always sent whole
WORTH = 0.7  # share of the whole document's bytes; a larger delta is not worth it
_CANNOT = (b"rss2email/",)  # beginnings of User-Agents: they ask by way of their library, and take 226 for a failure
_SMALL = 50_000  # bytes that take a few milliseconds to pack hard
_PARTS = {
    ".atom": re.compile(rb"<entry[ >].*?</entry>", re.DOTALL),
    ".rss": re.compile(rb"<item[ >].*?</item>", re.DOTALL),
}


@dataclass(frozen=True, slots=True)
class Parts:
    """A document in parts: what stands before its entries, the entries, what stands behind them."""

    head: bytes
    entries: tuple[bytes, ...]
    tail: bytes
    between: bytes = b""

    @property
    def hashes(self) -> tuple[int, ...]:
        return tuple(xxhash.xxh3_64_intdigest(entry) for entry in self.entries)

    def only(self, places: Sequence[int]) -> bytes:
        """The document with the entries at these places alone."""
        return self.head + self.between.join(self.entries[place] for place in places) + self.tail

    def since(self, known: Set[int]) -> bytes | None:
        """The document with the entries that a version of these hashes has not; None when the whole is worth more."""
        delta = self.only([place for place, value in enumerate(self.hashes) if value not in known])
        whole = len(self.head) + len(self.tail) + sum(map(len, self.entries))
        return delta if len(delta) <= whole * WORTH else None


def wants_delta(value: bytes | None, agent: bytes = b"") -> bool:
    """Whether an `A-IM` header accepts the manipulation `feed` (RFC 3229 §10.5.3). A `q` of 0 refuses it.

    feedparser sends it for every program that fetches with it; those that then fail at a 226 get the whole document.
    """
    if not value or len(value) > 1000 or agent.startswith(_CANNOT):
        return False
    for one in value.decode("latin-1").lower().split(","):
        name, *parameters = (part.strip() for part in one.split(";"))
        if name == "feed":
            return not any(re.fullmatch(r"q\s*=\s*0(\.0{0,3})?", parameter) for parameter in parameters)
    return False


def split(body: bytes, suffix: str) -> Parts | None:
    """One of our own documents in parts; None for what is no feed or has too many entries.

    Our documents hold the entries side by side, and no entry holds the mark of another one: content is escaped.
    """
    if suffix == ".json":
        return _split_json(body)
    pattern = _PARTS.get(suffix)
    found = list(pattern.finditer(body)) if pattern else []
    if not found or len(found) > ENTRIES:
        return None
    between = body[found[0].end() : found[1].start()] if len(found) > 1 else b""
    return Parts(body[: found[0].start()], tuple(match[0] for match in found), body[found[-1].end() :], between)


def _split_json(body: bytes) -> Parts | None:
    mark = b'"items":['
    start = body.find(mark)  # a title that holds these characters has them escaped
    if start < 0:
        return None
    try:
        items = json.loads(body)["items"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(items, list) or not 0 < len(items) <= ENTRIES:
        return None
    written = tuple(json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode() for item in items)
    head = body[: start + len(mark)]
    whole = Parts(head, written, b"]}\n", b",")
    return whole if whole.only(range(len(written))) == body else None


def packed(body: bytes, coding: str) -> bytes:
    """`body` in a content coding. At the highest level, as it is small and packed once a version."""
    if coding == "gzip":
        return gzip.compress(body, 9, mtime=0)
    if coding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=10 if len(body) < _SMALL else 5))
    if coding == "zstd":
        return zstandard.compress(body, 19 if len(body) < _SMALL else 3)
    return body


class Deltas:
    """What clients that ask for deltas have got, by document and ETag. Not safe for several threads."""

    def __init__(self) -> None:
        self._versions: OrderedDict[tuple[str, bytes], frozenset[int]] = OrderedDict()
        self._of: dict[str, list[bytes]] = {}

    def remember(self, document: str, etag: bytes, hashes: Sequence[int]) -> None:
        """A client has got this version. The oldest versions go when there are too many."""
        key = document, etag
        if key in self._versions:
            self._versions.move_to_end(key)
            return
        tags = self._of.setdefault(document, [])
        if len(tags) >= VERSIONS:
            self._forget(document, tags[0])
        while len(self._versions) >= ALL_VERSIONS:
            self._forget(*next(iter(self._versions)))
        self._versions[key] = frozenset(hashes)
        self._of.setdefault(document, []).append(etag)

    def _forget(self, document: str, etag: bytes) -> None:
        self._versions.pop((document, etag), None)
        tags = self._of[document]
        tags.remove(etag)
        if not tags:
            del self._of[document]

    def knows(self, document: str, etag: bytes) -> bool:
        """Whether this version is remembered."""
        return (document, etag) in self._versions

    def known(self, document: str, tags: bytes) -> tuple[bytes, frozenset[int]] | None:
        """The first version that If-None-Match names and that is remembered: its ETag and the hashes of its entries."""
        for one in tags[:8192].split(b","):
            tag = one.strip().removeprefix(b"W/")
            hashes = self._versions.get((document, tag))
            if hashes is not None:
                return tag, hashes
        return None
