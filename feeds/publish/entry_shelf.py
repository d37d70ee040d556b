"""Entries that were read and composed for one feed and stand in the next one too, while many feeds are published.

A story is in several topics: it is read from the store and composed once for all of them, as long as nothing else
changes the store meanwhile. The record of a story that nobody else tells is shown by feeds of records (of its source)
as the story is by others, but for its id and its dates: it is made of the story. For the store's thread.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from ..compose.compose import weight_of
from ..compose.content import BEGINNING
from ..compose.published_entry import published_entry, second
from ..model import Category, Entry, Publisher, Topic
from ..render.xml_text import legal
from ..rows import changed
from ..store import Store
from ..store.database.connection import StoreState

MOST = 32_000_000  # characters of texts that are held
_FRAME = 3000  # about as many as an entry takes besides its texts
Kind = tuple[str, bool]  # "story" or "record", and whether the entry tells its last change


@dataclass(slots=True)
class _Held:
    entry: Entry
    record: int  # number of the record that stands for it
    shown: dict[Topic, Entry] = field(default_factory=dict)  # as topics with such settings show it
    alone: bool = False  # it is a story that has one record, or this record
    own: _Held | None = None  # of such a story: the entry of its record
    story: Entry | None = None  # of such a record: the entry of its story

    @property
    def size(self) -> int:
        return len(self.entry.record.html) + len(self.entry.record.text) + _FRAME


class EntryShelf:
    """A bounded LRU cache of entries, emptied as soon as anything but our own steps has changed the store."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self.size = 0
        self._held: OrderedDict[tuple[Kind, int], _Held] = OrderedDict()
        self._alone: dict[tuple[Kind, int], tuple[Kind, int]] = {}  # records, and the stories that have no others
        self._by_entry: dict[int, _Held] = {}  # by the identity of the entry
        self._state: StoreState | None = None  # of the store at the end of our last step
        self._setting: object = None  # what entries depend on besides the store
        self._topic: Topic | None = None  # the last one, and what of its settings an entry shows
        self._showing = self._showing_alone = Topic("", "")

    @contextmanager
    def step(self, store: Store, setting: object = None) -> Iterator[None]:
        """A step of publishing: it may write, but nothing that an entry is made of.

        What is held is forgotten where the store, or a `setting` that is given, is not what it was at the end of the
        last step, and where somebody else wrote during this one.
        """
        before = store.state()
        setting = self._setting if setting is None else setting
        if before is None or before != self._state or setting != self._setting:
            self.clear()
        self._state, self._setting = None, setting
        yield
        after = store.state()
        if before is not None and after is not None and before.of_others == after.of_others:
            self._state = after

    def clear(self) -> None:
        """Forget all entries."""
        self._held.clear()
        self._alone.clear()
        self._by_entry.clear()
        self.size = 0

    def known(self, kind: Kind, numbers: Sequence[int]) -> dict[int, tuple[Entry, int]]:
        """Those of these entries that are held, each with the number of its record."""
        found = {}
        for n in numbers:
            place = (kind, n) if (kind, n) in self._held else self._alone.get((kind, n))
            if place is not None:
                self._held.move_to_end(place)
                held = self._held[place]
                held = held if place == (kind, n) else self._own(held)
                found[n] = held.entry, held.record
        return found

    def _own(self, story: _Held) -> _Held:
        """The entry of the only record of a story."""
        if story.own is None:
            told, record = story.entry, story.entry.record
            entry = changed(told, id=record.id, published=record.published, updated=told.origin.updated)
            story.own = self._by_entry[id(entry)] = _Held(entry, story.record, alone=True, story=told)
        return story.own

    def keep(
        self, kind: Kind, read: Mapping[int, tuple[Entry, int]], alone: Collection[int] = ()
    ) -> dict[int, tuple[Entry, int]]:
        """Hold entries that were just read; these, without what no document shows.

        `alone` are the numbers of stories that have one record.
        """
        found = {}
        for n, (entry, record) in read.items():
            entry = _for_documents(entry)
            found[n] = entry, record
            held = _Held(entry, record, alone=n in alone)
            self._held[kind, n] = self._by_entry[id(entry)] = held
            if held.alone:
                self._alone[("record", kind[1]), record] = kind, n
            self.size += held.size
        while self.size > self._most:
            self._drop_oldest()
        return found

    def _drop_oldest(self) -> None:
        (kind, _), oldest = self._held.popitem(last=False)
        del self._by_entry[id(oldest.entry)]
        if oldest.own is not None:
            del self._by_entry[id(oldest.own.entry)]
        if oldest.alone:
            del self._alone[("record", kind[1]), oldest.record]
        self.size -= oldest.size

    def published_entry(self, entry: Entry, topic: Topic, site: Publisher, mark: Category) -> Entry:
        """As the function of this name; made once for all topics that show an entry alike."""
        held = self._by_entry.get(id(entry))
        if held is None:
            return published_entry(entry, topic, site, mark)
        if topic is not self._topic:
            self._topic, self._showing = topic, _showing(topic)
            self._showing_alone = replace(self._showing, copies="one")
        # who has no copies and is none is shown alike by all kinds of `copies`
        showing = self._showing_alone if held.alone else self._showing
        shown = held.shown.get(showing)
        if shown is None:
            if held.story is None:
                shown = published_entry(entry, topic, site, mark)
            else:
                story = self.published_entry(held.story, topic, site, mark)
                when = {"published": second(entry.published), "updated": second(entry.updated)}
                shown = changed(story, id=legal(entry.id), **when)
            held.shown[showing] = shown
        return shown


def _for_documents(entry: Entry) -> Entry:
    """An entry with its weight, and with the beginning of its text alone where there is markup to be shown instead."""
    record, weight = entry.record, weight_of(entry.record)
    if len(record.text) > BEGINNING and (legal(record.html[:BEGINNING]).strip() or legal(record.html).strip()):
        record = changed(record, text=record.text[:BEGINNING])
    return changed(entry, record=record, weight=weight)


def _showing(topic: Topic) -> Topic:
    """A topic without what decides which entries it has, and what only its documents tell."""
    return replace(
        topic, name="", title="", query=None, subtitle=None, language=None, was=None, sources=(), exclude=(),
        max_age=None, entries=None, sort="published",
    )  # fmt: skip
