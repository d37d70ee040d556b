"""Entries that were rendered lately: an entry's bytes are made once per revision and format, then put into documents.

New entries are rendered as a document of their own, with marks in place of their ids and texts. It is checked like
every document and cut at the ends of entries, which cannot occur inside an entry, as text is escaped. So what is
remembered of an entry is a tenth of it, for all feeds that it stands in under whatever id. Ids and texts are escaped
for each document by plain searches, which is less work than it would be to unpack them.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from ...model import Entry, Feed
from ...rows import changed
from ..xml_text import legal
from .validate import Format, check, check_ids, check_size

MOST = 12_000_000  # bytes that are remembered: some 3,000 entries in three formats

_BEGIN = {"atom": re.compile(rb"(?=<entry[ >])"), "rss": re.compile(rb"(?=<item>)"), "json": re.compile(rb'"items":\[')}
_ENTRY_END = {"atom": b"</entry>", "rss": b"</item>"}
_JSON_BETWEEN = b'},{"id":'
_END = {"atom": b"</feed>", "rss": b"</channel></rss>", "json": b"]}\n"}
_MARK = secrets.token_hex(16)  # nobody knows it, so it stands in no text
_TEXT = f"{_MARK}-text"
_MARKS = re.compile(f"{_MARK}-(text|[0-9]+)".encode())
_ID_PLACE, _TEXT_PLACE = 0, 1


class Render(Protocol):
    """A format: the document of a feed, with these entries instead of its own where they are given."""

    def __call__(self, feed: Feed, entries: Sequence[Entry] | None = None) -> bytes: ...


class _Key(NamedTuple):
    form: Format
    language: str | None  # that the entry tells, where it is not that of the feed
    rendered: int  # hash of what renderers write but the id
    id: str | None  # of an entry that is rendered as it is, without marks


Frame = tuple[bytes | int, ...]  # an entry without its id and its text; where these stand is told by their numbers


class EntryBytes:
    """A bounded LRU cache of rendered entries. For one thread."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self.size = 0
        self._kept: OrderedDict[_Key, Frame] = OrderedDict()
        self._feed: Feed | None = None  # the last one: it comes once for each format
        self._keys: list[tuple[str | None, int, str | None]] = []  # of its entries
        self._texts: list[bytes] = []  # of its entries, for XML

    def document(self, feed: Feed, form: Format, render: Render) -> bytes:
        """The feed in a format, byte for byte as `render` makes it; what is rendered anew is checked.

        Raises PublishError for a document that is not sound, and what `render` raises.
        """
        keys = [_Key(form, *key) for key in self._keys_of(feed)]
        check_ids(entry.id for entry in feed.entries)
        found: dict[_Key, Frame] = {}
        fresh: dict[_Key, Entry] = {}
        for key, entry in zip(keys, feed.entries, strict=True):
            frame = self._kept.get(key)
            if frame is not None:
                self._kept.move_to_end(key)
                found[key] = frame
            elif key not in fresh:
                fresh[key] = entry if key.id is not None else _marked(entry, len(fresh))
        part = render(feed, list(fresh.values()))
        check(part, form)
        head, pieces, tail = _cut(part, form)
        found |= zip(fresh, map(_frame, pieces), strict=True)
        data = b"".join([head, *self._entries(feed, form, [found[key] for key in keys]), tail])
        check_size(data)
        for key in fresh:
            self._put(key, found[key], young=feed.archive is None)
        return data

    def _keys_of(self, feed: Feed) -> list[tuple[str | None, int, str | None]]:
        if feed is not self._feed:
            self._feed, self._texts = feed, []
            self._keys = [_key(entry, feed) for entry in feed.entries]
        return self._keys

    def _entries(self, feed: Feed, form: Format, frames: Sequence[Frame]) -> Iterator[bytes]:
        """The entries of a feed one after the other, each with its own id and text."""
        if form == "json":
            escape, between, texts = _in_json, b",", [_in_json(entry.content) for entry in feed.entries]
        else:
            self._texts = self._texts or [_in_xml(entry.content) for entry in feed.entries]
            escape, between, texts = _in_xml, b"", self._texts
        for place, frame in enumerate(frames):
            if place and between:
                yield between
            own = (escape(feed.entries[place].id), texts[place])
            for piece in frame:
                yield own[piece] if isinstance(piece, int) else piece

    def _put(self, key: _Key, frame: Frame, *, young: bool) -> None:
        self._kept[key] = frame
        self.size += _size(frame)
        if not young:  # the first to go: an archive is written once
            self._kept.move_to_end(key, last=False)
        while self.size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self.size -= _size(oldest)


def _key(entry: Entry, feed: Feed) -> tuple[str | None, int, str | None]:
    """What a rendered entry depends on, beside its format."""
    tongue = entry.record.language
    plain = legal(entry.content) == entry.content and legal(entry.id) == entry.id
    # what XML forbids is left to the renderer, which refuses it
    return tongue if tongue != feed.language else None, hash(_rendered(entry)), None if plain else entry.id


def _rendered(entry: Entry) -> tuple[object, ...]:
    """The cache key of an entry: everything that renderers write of it but its id."""
    record = entry.record
    return (
        (record.title, record.url, record.authors, record.language),
        (entry.rights, record.license, record.contributors, record.comments, record.comments_feed),
        (entry.published, entry.updated, entry.origin, entry.copies, entry.categories),
        (entry.content, entry.summary, entry.image, entry.media),
    )


def _marked(entry: Entry, number: int) -> Entry:
    """An entry with marks for its id and its text."""
    return changed(entry, id=f"{_MARK}-{number}", content=_TEXT if entry.content else "")


def _frame(piece: bytes) -> Frame:
    """What lies around the marks of a rendered entry, and which of them stands there."""
    parts: list[bytes | int] = []
    for n, part in enumerate(_MARKS.split(piece)):  # every second one is what a mark is for
        parts.append(part if n % 2 == 0 else _TEXT_PLACE if part == b"text" else _ID_PLACE)
    return tuple(parts)


def _size(frame: Frame) -> int:
    return sum(len(piece) for piece in frame if not isinstance(piece, int))


def _in_xml(text: str) -> bytes:
    """A valid text as libxml2 writes it: four times as fast as `html.escape`, as it is one byte a character."""
    return text.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def _in_json(text: str) -> bytes:
    """A valid text as `json` writes it, without the quotes: control characters of it are tabs and line ends alone."""
    told = text.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return told.replace(b"\n", b"\\n").replace(b"\t", b"\\t")


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
