"""The published folder → a store: what is published keeps its ids and dates when the store is lost, or older than it.

Feeds of sources give the records, feeds of topics the stories that hold them together, archives their entries. What
is in the store already stays as it is. Called in the store's thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from scrapers import Record, Seed, canonical_key, feed_id, fingerprint, record_id, story_id

from . import pipe
from .dedupe import look
from .errors import PublishError
from .model import Topic
from .published import Document, Told, read
from .store import Store, rescue

_ARCHIVE = re.compile(r"archive-(\d{6,9})\.atom")
WAY = "published"  # of such a record: its text is never compared with that of a page or a feed


@dataclass(slots=True)
class Rebuilt:
    """What was found and brought back."""

    documents: int = 0
    records: int = 0
    renewed: int = 0  # records that were published anew after the store's copy was made
    stories: int = 0
    archives: int = 0
    unreadable: list[str] = field(default_factory=list)  # files, with the reason


@dataclass(slots=True)
class _Shelf:
    """The documents of one feed."""

    name: str
    place: str | None
    head: Document | None = None
    archives: dict[int, Document] = field(default_factory=dict)

    @property
    def documents(self) -> list[Document]:
        """The newest last, so that the newest version of an entry comes last."""
        return [*(self.archives[number] for number in sorted(self.archives)), *([self.head] if self.head else [])]

    def entries(self) -> dict[str, Told]:
        """Every entry in its newest version."""
        newest: dict[str, Told] = {}
        for document in self.documents:
            for told in document.entries:
                if told.id not in newest or told.updated >= newest[told.id].updated:
                    newest[told.id] = told
        return newest


def rebuild(
    store: Store, public: Path, private: Path, seeds: Sequence[Seed], topics: Sequence[Topic], *, now: datetime
) -> Rebuilt:
    """Bring back what the folders tell and the store does not know. Records of an unknown source get a removed one."""
    done = Rebuilt()
    sources = _shelves(public, "s", done)
    of_topics = [shelf for shelf in _shelves(public, "t", done) if shelf.name != "_health"]
    rooms = _shelves(private, "t", done)
    of_topics += rooms
    store.sync_sources(seeds, now)
    store.sync_topics(topics, now)
    told = _records(sources, of_topics)
    with store.writing():
        _put_sources(store, sources, told, now)
        for shelf in of_topics:
            if shelf.head is not None:
                rescue.put_topic(store.db, shelf.name, shelf.head.feed_id, shelf.place if shelf in rooms else None)
        _put_records(store, told, of_topics, done, now)
    store.settle(now)
    pipe.retopic(store, topics, now)
    with store.writing():
        for shelf in [*sources, *of_topics]:
            for number, document in sorted(shelf.archives.items()):
                entries = [one.id for one in reversed(document.entries)]
                if rescue.put_archive(store.db, document.feed_id, number, followed=document.followed, entries=entries):
                    done.archives += 1
        rescue.settle_archived(store.db)
        store.soil_everything()
    return done


def _shelves(public: Path, kind: str, done: Rebuilt) -> list[_Shelf]:
    """The documents of all feeds of a kind. A topic in a folder of its own is a private one."""
    shelves: dict[tuple[str | None, str], _Shelf] = {}
    for path in sorted((public / kind).rglob("*.atom")):
        parts = path.relative_to(public / kind).with_suffix("").parts
        archive = _ARCHIVE.fullmatch(path.name)
        parents = parts[:-2] if archive else parts[:-1]
        name = parts[-2] if archive and len(parts) > 1 else parts[-1]
        if len(parents) > 1 or path.name.startswith("."):
            continue
        try:
            document = read(path.read_bytes())
        except (PublishError, OSError) as error:
            done.unreadable.append(f"{path}: {error}")
            continue
        done.documents += 1
        place = parents[0] if parents else None
        shelf = shelves.setdefault((place, name), _Shelf(name, place))
        if archive:
            shelf.archives[int(archive[1])] = document
        else:
            shelf.head = document
    return list(shelves.values())


def _records(sources: Sequence[_Shelf], topics: Sequence[_Shelf]) -> dict[str, Told]:
    """The records by their ids: from the feeds of sources, and what only a topic still tells."""
    found: dict[str, Told] = {}
    for shelf in sources:
        for told in shelf.entries().values():
            if told.source:
                found[told.id] = told
    keys = {canonical_key(told.url) for told in found.values()}
    for shelf in topics:
        for told in shelf.entries().values():
            key = canonical_key(told.url)
            if told.source and told.id not in found and key not in keys:
                found[record_id(key)] = told
                keys.add(key)
    return found


def _put_sources(store: Store, sources: Sequence[_Shelf], told: Mapping[str, Told], now: datetime) -> None:
    ids = {shelf.name: shelf.head.feed_id for shelf in sources if shelf.head is not None}
    known = {source.name for source in store.source_labels()}
    homes = {one.source: (one.source_url, one.source_title) for one in told.values()}
    for name, (home, title) in sorted(homes.items()):
        if name in ids:
            rescue.put_source(store.db, name, ids[name], home, title, now)
        elif name not in known:
            rescue.put_source(store.db, name, feed_id(f"source:{name}"), home, title, now)


def _put_records(
    store: Store, told: Mapping[str, Told], topics: Sequence[_Shelf], done: Rebuilt, now: datetime
) -> None:
    """The records that are not known yet, each in the story that a topic puts it in, else in one of its own."""
    stories: dict[str, Told] = {}
    for shelf in topics:
        for identity, entry in shelf.entries().items():
            if identity not in told:
                stories[identity] = entry
    by_key = {canonical_key(entry.url): identity for identity, entry in stories.items()}
    for identity, entry in stories.items():
        for other in entry.others:
            by_key.setdefault(canonical_key(other), identity)
    first = {identity: story_id(canonical_key(one.url)) for identity, one in told.items()}
    # the first of a story before its copies, then by date: `n` is the order of arrival
    order = sorted(
        told.items(),
        key=lambda item: (first[item[0]] != by_key.get(canonical_key(item[1].url)), item[1].published, item[0]),
    )
    stand: dict[int, str] = {}
    for identity, one in order:
        key = canonical_key(one.url)
        story, entry = by_key.get(key, first[identity]), stories.get(by_key.get(key, ""), one)
        old = store.stored_by_id(identity)
        if old is not None and one.updated > old.updated:
            renewed = _renewed(old.record, one)
            rescue.renew_record(store, old, renewed, one.updated, entry.updated)
            store.index.add(old.n, old.story, look(renewed))
            done.renewed += 1
        if old is not None or store.aliases([key]):
            continue
        n_story = _story_of(store, story, entry, stories.get(story), done)
        record = _record(identity, key, one)
        n = rescue.put_record(store, record, n_story, one.updated, now)
        store.index.add(n, n_story, look(record))
        done.records += 1
        if n_story not in stand or canonical_key(entry.url) == key:
            stand[n_story] = record.url
            store.set_representative(n_story, n, "stood for its story in the published feeds")


def _story_of(store: Store, story: str, entry: Told, told: Told | None, done: Rebuilt) -> int:
    """The number of a story: one that another of its members is in already, else a new row."""
    if told is not None:
        members = store.aliases([canonical_key(url) for url in (told.url, *told.others)])
        for n in rescue.known_stories(store.db, members.values()):
            return n
    before = len(store.stories_with_ids([story]))
    number = rescue.put_story(store, story, entry.published, entry.published, entry.updated)
    done.stories += 1 - before
    return number


def _record(identity: str, key: str, told: Told) -> Record:
    return Record(
        id=identity,
        key=key,
        url=told.url,
        source=told.source,
        title=told.title,
        text=told.text,
        html=told.html,
        published=told.published,
        first_seen=told.published,
        subtitle=_subtitle(told),
        authors=told.authors,
        section=told.tags[0] if told.tags else None,
        tags=told.tags,
        language=told.language,
        image=told.image,
        way=WAY,
        fingerprint=fingerprint(told.title, told.text),
    )


def _renewed(record: Record, told: Told) -> Record:
    """A record with the words that were published later."""
    return replace(
        record,
        title=told.title,
        text=told.text,
        html=told.html,
        subtitle=_subtitle(told) or record.subtitle,
        authors=told.authors or record.authors,
        image=told.image or record.image,
        fingerprint=fingerprint(told.title, told.text),
    )


def _subtitle(told: Told) -> str | None:
    """A summary that is not just how the text begins was the subtitle."""
    begins = " ".join(told.text.split())
    summary = told.summary.rstrip("…").rstrip()
    return None if not summary or begins.startswith(summary) or summary == told.title else told.summary
