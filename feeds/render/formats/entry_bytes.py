"""Entries that were rendered lately: an entry's bytes are made once per revision and format, then put into documents.

New entries are rendered as a document of their own, checked like every document, and cut at the ends of entries, which
cannot occur inside an entry, as text is escaped.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

import zstandard

from ...model import Entry, Feed
from .validate import Format, check, check_ids, check_size

MOST = 24_000_000  # bytes that are remembered, packed: some 70 MB of entries
LEVEL = 1  # of packing, which costs a tenth of making the entry anew

_BEGIN = {"atom": re.compile(rb"(?=<entry[ >])"), "rss": re.compile(rb"(?=<item>)"), "json": re.compile(rb'"items":\[')}
_ENTRY_END = {"atom": b"</entry>", "rss": b"</item>"}
_JSON_BETWEEN = b'},{"id":'
_END = {"atom": b"</feed>", "rss": b"</channel></rss>", "json": b"]}\n"}


class Render(Protocol):
    """A format: the document of a feed, with these entries instead of its own where they are given."""

    def __call__(self, feed: Feed, entries: Sequence[Entry] | None = None) -> bytes: ...


class EntryBytes:
    """A bounded LRU cache of rendered entries. For one thread."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self.size = 0
        self._kept: OrderedDict[tuple[Format, str | None, str, int], bytes] = OrderedDict()
        self._pack = zstandard.ZstdCompressor(level=LEVEL).compress
        self._unpack = zstandard.ZstdDecompressor().decompress

    def document(self, feed: Feed, form: Format, render: Render) -> bytes:
        """The feed in a format, byte for byte as `render` makes it; what is rendered anew is checked.

        Raises PublishError for a document that is not sound, and what `render` raises.
        """
        keys = [(form, feed.language, entry.id, hash(_rendered(entry))) for entry in feed.entries]
        check_ids(entry.id for entry in feed.entries)
        found = {key: piece for key in keys if (piece := self._get(key)) is not None}
        fresh = [entry for key, entry in zip(keys, feed.entries, strict=True) if key not in found]
        part = render(feed, fresh)
        check(part, form)
        head, pieces, tail = _cut(part, form)
        found |= zip((key for key in keys if key not in found), pieces, strict=True)
        data = head + (b"," if form == "json" else b"").join(found[key] for key in keys) + tail
        check_size(data)
        for key, piece in found.items():
            self._put(key, piece, young=feed.archive is None)
        return data

    def _get(self, key: tuple[Format, str | None, str, int]) -> bytes | None:
        packed = self._kept.get(key)
        if packed is None:
            return None
        self._kept.move_to_end(key)
        return self._unpack(packed)

    def _put(self, key: tuple[Format, str | None, str, int], piece: bytes, *, young: bool) -> None:
        if key not in self._kept:
            packed = self._kept[key] = self._pack(piece)
            self.size += len(packed)
            if not young:  # the first to go: an archive is written once
                self._kept.move_to_end(key, last=False)
        while self.size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self.size -= len(oldest)


def _rendered(entry: Entry) -> tuple[object, ...]:
    """The cache key of an entry: everything that renderers write of it."""
    record = entry.record
    return (
        (record.title, record.url, record.authors, record.language),
        (entry.rights, record.license, record.contributors, record.comments, record.comments_feed),
        (entry.published, entry.updated, entry.origin, entry.copies, entry.categories),
        (entry.content, entry.summary, entry.image, entry.media),
    )


def _cut(document: bytes, form: Format) -> tuple[bytes, list[bytes], bytes]:
    """(what precedes the entries, the entries, what follows them)."""
    end = document.rindex(_END[form])
    first = _BEGIN[form].search(document)
    begin = first.end() if first else end
    return document[:begin], _split(document[begin:end], form), document[end:]


def _split(entries: bytes, form: Format) -> list[bytes]:
    """The entries that stand one after the other; an expression would be tried at each of a million places."""
    if not entries:
        return []
    if form != "json":
        end = _ENTRY_END[form]
        return [piece + end for piece in entries.split(end)[:-1]]
    head, tail = _JSON_BETWEEN[:1], _JSON_BETWEEN[2:]
    first, *others = entries.removesuffix(head).split(_JSON_BETWEEN)
    return [first + head, *(tail + piece + head for piece in others)]
