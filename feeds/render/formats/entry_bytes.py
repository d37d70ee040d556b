"""Entries that were rendered lately: an entry's bytes are made once per revision and format, then put into documents.

New entries are rendered as a document of their own, with marks in place of their ids and texts. It is checked like
every document and cut at the ends of entries, which cannot occur inside an entry, as text is escaped. So what is
remembered of an entry is a tenth of it, for all feeds that it stands in under whatever id. Marks are found, and ids
and texts escaped, for each document by plain searches, which is less work than it would be to unpack them.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from ...model import Entry, Feed
from ...rows import changed
from ..beside import Beside
from ..xml_text import legal
from .validate import Format, check, check_ids, check_size

MOST = 10_000_000  # bytes that are remembered: some 2,500 entries in three formats
_HELD = 600  # about as many as an entry takes beside its rendered bytes: its key, its place, the objects

_BEGIN = {"atom": re.compile(rb"(?=<entry[ >])"), "rss": re.compile(rb"(?=<item>)"), "json": re.compile(rb'"items":\[')}
_ENTRY_END = {"atom": b"</entry>", "rss": b"</item>"}
_JSON_BETWEEN = b'},{"id":'
_END = {"atom": b"</feed>", "rss": b"</channel></rss>", "json": b"]}\n"}
_MARK = secrets.token_hex(16)  # nobody knows it, so it stands in no text
_TEXT = f"{_MARK}-text"
_MARKS = re.compile(f"{_MARK}-(text|[0-9]+)".encode())


class Render(Protocol):
    """A format: the document of a feed, with these entries instead of its own where they are given."""

    def __call__(self, feed: Feed, entries: Sequence[Entry] | None = None) -> bytes: ...


class _Key(NamedTuple):
    language: str | None  # that the entry tells, where it is not that of the feed
    rendered: int  # hash of what renderers write but the id
    id: str | None  # of an entry that is rendered as it is, without marks


class EntryBytes:
    """A bounded LRU cache of rendered entries. For one thread."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self.size = 0
        self._kept: OrderedDict[_Key, dict[Format, bytes]] = OrderedDict()  # with marks
        self._known = Beside(_known)
        self._feed: Feed | None = None  # the last one: it comes once for each format
        self._keys: list[_Key] = []  # of its entries
        self._texts: list[bytes] = []  # of its entries, for XML

    def document(self, feed: Feed, form: Format, render: Render) -> bytes:
        """The feed in a format, byte for byte as `render` makes it; what is rendered anew is checked.

        Raises PublishError for a document that is not sound, and what `render` raises.
        """
        if feed is not self._feed:
            self._keys, self._texts = [self._key(entry, feed) for entry in feed.entries], []
            self._feed = feed
        keys = self._keys
        check_ids(entry.id for entry in feed.entries)
        found: dict[_Key, bytes] = {}
        fresh: dict[_Key, Entry] = {}
        for key, entry in zip(keys, feed.entries, strict=True):
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            if kept is not None and form in kept:
                found[key] = kept[form]
            elif key not in fresh:
                fresh[key] = entry if key.id is not None else _marked(entry, len(fresh))
        part = render(feed, list(fresh.values()))
        check(part, form)
        head, pieces, tail = _cut(part, form)
        found |= zip(fresh, pieces, strict=True)
        data = b"".join([head, *self._entries(feed, form, [found[key] for key in keys]), tail])
        check_size(data)
        for key in fresh:
            self._put(key, form, found[key], young=feed.archive is None)
        return data

    def let_go(self) -> None:
        """Forget the last feed, of which no other format is wanted."""
        self._feed, self._keys, self._texts = None, [], []

    def _key(self, entry: Entry, feed: Feed) -> _Key:
        """What a rendered entry depends on; worked out once for all feeds that the same value stands in."""
        tongue = entry.record.language
        return _Key(tongue if tongue != feed.language else None, *self._known.of(entry))

    def _entries(self, feed: Feed, form: Format, marked: Sequence[bytes]) -> list[bytes]:
        """The entries of a feed one after the other, in parts, each with its own id and text."""
        if form == "json":
            escape, texts = _in_json, [_in_json(entry.content) for entry in feed.entries]
        else:
            self._texts = self._texts or [_in_xml(entry.content) for entry in feed.entries]
            escape, texts = _in_xml, self._texts
        data: list[bytes] = []
        for entry, text, piece in zip(feed.entries, texts, marked, strict=True):
            parts = _MARKS.split(piece)  # every second one is what a mark is for: `text`, or a number for an id
            for at in range(1, len(parts), 2):
                parts[at] = text if parts[at] == b"text" else escape(entry.id)
            data += parts
            if form == "json":
                data.append(b",")
        return data[:-1] if form == "json" else data

    def _put(self, key: _Key, form: Format, piece: bytes, *, young: bool) -> None:
        if key not in self._kept:
            self._kept[key] = {}
            self.size += _HELD
            if not young:  # the first to go: an archive is written once
                self._kept.move_to_end(key, last=False)
        self._kept[key][form] = piece
        self.size += len(piece)
        while self.size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self.size -= _HELD + sum(map(len, oldest.values()))


def _known(entry: Entry) -> tuple[int, str | None]:
    """What the key of an entry says in every feed."""
    # what XML forbids is left to the renderer, which refuses it
    plain = legal(entry.content) == entry.content and legal(entry.id) == entry.id
    return hash(_rendered(entry)), None if plain else entry.id


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
