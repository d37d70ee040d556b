"""Which documents a changed feed needs, read from the store, and writing them: the last third of the pipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from .compose import compose, compose_source
from .entries import record_entry, story_entry
from .errors import PublishError
from .folder import Folder
from .model import Entry, Feed, Publisher, Topic
from .publish import publish_feed
from .store import Store, Stored

log = structlog.get_logger()

CANDIDATES = 1000  # newest stories that a subscription document is chosen from


@dataclass(frozen=True, slots=True)
class House:
    """What all documents of an installation have in common."""

    publisher: Publisher
    entries: int = 50


@dataclass(frozen=True, slots=True)
class Edition:
    """One feed that is to be published anew."""

    kind: str  # "topic" or "source"
    name: str
    mark: int
    path: str
    feed: Feed | None  # None: it has nothing to say (yet), or it was removed
    removed: bool = False
    records: Mapping[str, int] = field(default_factory=dict)  # entry id → record number
    may_shrink: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """What became of an edition."""

    written: tuple[str, ...] = ()
    quarantined: tuple[tuple[str, str], ...] = ()
    refused: str | None = None
    again: bool = False  # the disk is full or read-only: the feed stays to be published


def next_edition(
    store: Store, house: House, topics: Sequence[Topic], skip: frozenset[tuple[str, str]]
) -> Edition | None:
    """The next feed to publish, composed; None when all are as they should be. `skip` has those that failed before."""
    for kind, name, mark in store.dirty():
        if (kind, name) in skip:
            continue
        if kind == "topic":
            return _topic_edition(store, house, topics, name, mark)
        return _source_edition(store, house, topics, name, mark)
    return None


def _topic_edition(store: Store, house: House, topics: Sequence[Topic], name: str, mark: int) -> Edition:
    row = next(row for row in store.topics(removed=True) if row.name == name)
    topic = next((topic for topic in topics if topic.name == name), None)
    path = f"t/{name}" if row.token is None else f"t/{row.token}/{name}"
    if topic is None:
        return Edition("topic", name, mark, path, None, removed=True)
    entries, records = topic_entries(store, topic, topics, house.publisher.base_url, CANDIDATES)
    feed = None
    if entries:
        feed = compose(
            topic,
            entries,
            site=house.publisher,
            feed_id=row.feed_id,
            ttl=row.ttl,
            minimum=house.entries,
            path=path,
        )
    return Edition("topic", name, mark, path, feed, records=records)


def topic_entries(
    store: Store, topic: Topic, topics: Sequence[Topic], base_url: str, limit: int
) -> tuple[list[Entry], dict[str, int]]:
    """The newest entries of a topic, and the record that stands for each of them."""
    sources = {source.name: source for source in store.source_labels()}
    named = {topic.name: topic for topic in topics}
    by_seen = topic.sort == "seen"
    if topic.copies == "one":
        numbers = store.story_numbers(topic.name, limit=limit, by_seen=by_seen)
        stories, members = store.stories(numbers), store.members_of(numbers)
        labels = store.topics_of_many([m.n for group in members.values() for m in group])
        entries, records = [], {}
        for n in numbers:
            group = [member for member in members[n] if member.quarantined is None]
            if not group:
                continue
            theirs = dict.fromkeys(name for member in group for name in labels.get(member.n, ()))
            entry = story_entry(stories[n], group, sources, [named[t] for t in theirs if t in named], base_url)
            entries.append(entry)
            records[entry.id] = next((m.n for m in group if m.record.id == entry.record.id), group[0].n)
        return entries, records
    numbers = store.record_numbers(topic.name, limit=limit, by_seen=by_seen)
    stored = [found for found in map(store.stored, numbers) if found is not None]
    return _record_entries(store, stored, named, base_url)


def _record_entries(
    store: Store, stored: Sequence[Stored], named: Mapping[str, Topic], base_url: str
) -> tuple[list[Entry], dict[str, int]]:
    sources = {source.name: source for source in store.source_labels()}
    members = store.members_of(sorted({one.story for one in stored}))
    labels = store.topics_of_many([one.n for one in stored])
    entries, records = [], {}
    for one in stored:
        theirs = [named[t] for t in labels.get(one.n, ()) if t in named]
        entry = record_entry(one, members[one.story], sources, theirs, base_url)
        entries.append(entry)
        records[entry.id] = one.n
    return entries, records


def _source_edition(store: Store, house: House, topics: Sequence[Topic], name: str, mark: int) -> Edition:
    source = store.source(name)
    path = f"s/{name}"
    if source is None:
        return Edition("source", name, mark, path, None, removed=True)
    stored = store.source_records(name, CANDIDATES)
    entries, records = _record_entries(store, stored, {t.name: t for t in topics}, house.publisher.base_url)
    feed = None
    if entries:
        feed = compose_source(
            name,
            entries,
            title=source.label,
            home=source.home,
            site=house.publisher,
            feed_id=source.feed_id,
            minimum=house.entries,
            tongue=source.language,
        )
    return Edition("source", name, mark, path, feed, records=records)


def print_edition(edition: Edition, public: Path) -> Printed:
    """Write an edition's files. A feed that cannot be written leaves the old one as it is."""
    folder = Folder(public)
    try:
        if edition.removed:
            return Printed(tuple(folder.remove_feed(edition.path)))
        if edition.feed is None:
            return Printed()
        done = publish_feed(folder, edition.path, edition.feed, may_shrink=edition.may_shrink)
    except PublishError as error:
        log.error("not published", feed=edition.path, why=error.reason)
        return Printed(refused=error.reason)
    except OSError as error:
        log.error("cannot write the feed; tried again later", feed=edition.path, why=str(error))
        return Printed(refused=str(error), again=True)
    return Printed(done.changed, done.quarantined)


def published(store: Store, edition: Edition, done: Printed, now: datetime) -> None:
    """The edition is out: the mark goes, what had to be left out is quarantined."""
    if done.again:
        return
    with store.writing():
        for entry, why in done.quarantined:
            if entry in edition.records:
                store.quarantine(edition.records[entry], why)
        store.clean(edition.kind, edition.name, edition.mark)
