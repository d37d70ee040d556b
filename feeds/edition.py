"""Which documents a changed feed needs, read from the store, and writing them: the last third of the pipe.

`next_edition` and `published` are called in the store's thread, `print_edition` in another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from . import archives
from .compose import archive_path, compose, compose_archive, compose_source
from .crash import crash_at
from .entries import record_entry, story_entry
from .errors import PublishError
from .folder import Folder
from .model import Entry, Feed, Publisher, Topic
from .publish import publish_archive, publish_feed
from .render import atom, jsonfeed, rss
from .store import Store, Stored
from .store import archives as shelves
from .topics import Subjects, subjects

log = structlog.get_logger()

CANDIDATES = 1000  # newest stories that a subscription document is chosen from
RHYTHM = 20  # newest entries whose distance makes the rhythm that readers are told
TTLS = (5, 10, 15, 30, 60)  # minutes


@dataclass(frozen=True, slots=True)
class House:
    """What all documents of an installation have in common."""

    publisher: Publisher
    entries: int = 50
    subjects: Subjects = field(default_factory=subjects)


@dataclass(frozen=True, slots=True)
class Edition:
    """One feed that is to be published anew."""

    kind: str  # "topic" or "source"
    name: str
    mark: int
    path: str
    feed: Feed | None = None  # None: it has nothing to say (yet), or it was removed
    feed_id: str = ""
    removed: bool = False
    archives: tuple[Feed, ...] = ()  # closed documents whose files are to be written
    emptied: tuple[int, ...] = ()  # numbers of archives in which nothing is left
    records: Mapping[str, int] = field(default_factory=dict)  # entry id → record number
    may_shrink: bool = False
    private: bool = False  # its documents lie apart from the public ones
    ages: bool = False  # after a pause, one new story can outdate many
    ttl: int | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """What became of an edition."""

    written: tuple[str, ...] = ()
    quarantined: tuple[tuple[str, str], ...] = ()
    refused: str | None = None
    again: bool = False  # the disk is full or read-only: the feed stays to be published


@dataclass(frozen=True, slots=True)
class _Shelf:
    """How entries of one feed are found in the store."""

    store: Store
    topic: Topic
    named: Mapping[str, Topic]
    house: House

    @property
    def stories(self) -> bool:
        return self.topic.copies == "one"

    def newest(self, source: str | None) -> list[int]:
        by_seen = self.topic.sort == "seen"
        if source is not None:
            return [stored.n for stored in self.store.source_records(source, CANDIDATES)]
        if self.stories:
            return self.store.story_numbers(self.topic.name, limit=CANDIDATES, by_seen=by_seen)
        return self.store.record_numbers(self.topic.name, limit=CANDIDATES, by_seen=by_seen)

    def numbers(self, identities: Sequence[str]) -> list[int]:
        return (self.store.stories_with_ids if self.stories else self.store.records_with_ids)(identities)

    def entries(self, numbers: Sequence[int]) -> tuple[list[Entry], dict[str, int]]:
        return self._of_stories(numbers) if self.stories else self._of_records(numbers)

    def _of_stories(self, numbers: Sequence[int]) -> tuple[list[Entry], dict[str, int]]:
        store = self.store
        sources = {source.name: source for source in store.source_labels()}
        stories, members = store.stories(numbers), store.members_of(numbers)
        labels = store.topics_of_many([m.n for group in members.values() for m in group])
        entries, records = [], {}
        for n in numbers:
            group = [member for member in members[n] if member.quarantined is None]
            if not group:
                continue
            theirs = dict.fromkeys(name for member in group for name in labels.get(member.n, ()))
            topics = [self.named[name] for name in theirs if name in self.named]
            entry = story_entry(stories[n], group, sources, topics, self.house.publisher.base_url, self.house.subjects)
            entries.append(self._noted(entry, entry.record.id, group))
            records[entry.id] = next((m.n for m in group if m.record.id == entry.record.id), group[0].n)
        return entries, records

    def _noted(self, entry: Entry, identity: str, members: Sequence[Stored]) -> Entry:
        """The entry with what changed last, where its topic wants it told."""
        standing = next((member for member in members if member.record.id == identity), None)
        if not self.topic.changes or standing is None or not standing.revisions:
            return entry
        last = [revision for revision in self.store.revisions(standing.n) if revision.public][-1:]
        return replace(entry, note=f"{last[0].at:%Y-%m-%d %H:%M} UTC: {last[0].why}") if last else entry

    def _of_records(self, numbers: Sequence[int]) -> tuple[list[Entry], dict[str, int]]:
        store = self.store
        sources = {source.name: source for source in store.source_labels()}
        found = [stored for stored in map(store.stored, numbers) if stored is not None and stored.quarantined is None]
        members = store.members_of(sorted({one.story for one in found}))
        labels = store.topics_of_many([one.n for one in found])
        entries, records = [], {}
        for one in found:
            topics = [self.named[name] for name in labels.get(one.n, ()) if name in self.named]
            entry = record_entry(
                one, members[one.story], sources, topics, self.house.publisher.base_url, self.house.subjects
            )
            entry = self._noted(entry, one.record.id, [one])
            entries.append(replace(entry, copy_of=_first(members[one.story], one)))
            records[entry.id] = one.n
        return entries, records


def _first(members: Sequence[Stored], one: Stored) -> str | None:
    """The id of the entry that told this story first, when that is another one."""
    first = next((member for member in members if member.quarantined is None), one)
    return first.record.id if first.n != one.n else None


def next_edition(
    store: Store, house: House, topics: Sequence[Topic], skip: Set[tuple[str, str]] = frozenset()
) -> Edition | None:
    """The next feed to publish, composed; None when all are as they should be but those in `skip`."""
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
    path = f"t/{name}" if row.place is None else f"t/{row.place}/{name}"
    if topic is None or row.removed is not None:
        return Edition("topic", name, mark, path, removed=True, private=row.place is not None)
    shelf = _Shelf(store, topic, {topic.name: topic for topic in topics}, house)
    return _edition(shelf, house, "topic", name, mark, path, row.feed_id, row.ttl, row.may_shrink, None)


def _source_edition(store: Store, house: House, topics: Sequence[Topic], name: str, mark: int) -> Edition:
    source = store.source(name)
    path = f"s/{name}"
    if source is None:
        return Edition("source", name, mark, path, removed=True)
    topic = Topic(name=name, title=source.label, copies="all", language=source.language)
    shelf = _Shelf(store, topic, {topic.name: topic for topic in topics}, house)
    return _edition(shelf, house, "source", name, mark, path, source.feed_id, 30, True, source.home)


def _edition(
    shelf: _Shelf,
    house: House,
    kind: str,
    name: str,
    mark: int,
    path: str,
    feed_id: str,
    ttl: int,
    may_shrink: bool,
    home: str | None,
) -> Edition:
    """The subscription document, and the archive documents that close now or must be written anew."""
    store, site = shelf.store, house.publisher
    numbers = shelf.newest(None if home is None else name)
    entries, records = shelf.entries(numbers)
    with store.writing():
        newest = {entry.id for entry in entries[: house.entries]}
        waiting = shelves.waiting(store.db, feed_id, stories=shelf.stories)
        closing = archives.plan(waiting, last=shelves.last_number(store.db, feed_id), shown=newest)
        shelves.close(store.db, feed_id, closing)
        unwritten, emptied = shelves.unwritten(store.db, feed_id)
    crash_at("archives-closed")
    all_numbers = shelves.numbers(store.db, feed_id)
    closed: list[Feed] = []
    for number in unwritten:
        document = shelves.document(store.db, feed_id, number)
        if document is None:
            continue
        held, _ = shelf.entries(shelf.numbers(document.entries))
        closed.append(
            compose_archive(
                shelf.topic,
                held,
                number=number,
                archives=all_numbers,
                followed=document.followed,
                site=site,
                feed_id=feed_id,
                path=path,
            )
        )
    archived = {entry for one in closing for entry in one.entries}
    left = [story.id for story in waiting if story.id not in archived]
    missing = [identity for identity in left if identity not in records]
    if missing:
        more, of_more = shelf.entries(shelf.numbers(missing))
        entries, records = entries + more, records | of_more
    rhythm = _ttl(entries, ttl)
    if home is None:
        feed = compose(
            shelf.topic,
            entries,
            site=site,
            feed_id=feed_id,
            ttl=rhythm,
            minimum=house.entries,
            path=path,
            waiting=frozenset(left),
            archives=all_numbers,
        )
    else:
        feed = compose_source(
            name,
            entries,
            title=shelf.topic.title,
            home=home,
            site=site,
            feed_id=feed_id,
            ttl=rhythm,
            minimum=house.entries,
            tongue=shelf.topic.language,
            waiting=frozenset(left),
            archives=all_numbers,
        )
    return Edition(
        kind,
        name,
        mark,
        path,
        feed if feed.entries else None,
        feed_id=feed_id,
        archives=tuple(closed),
        emptied=tuple(emptied),
        records=records,
        may_shrink=may_shrink,
        private=shelf.topic.private,
        ages=shelf.topic.max_age is not None,
        ttl=rhythm,
    )


def _ttl(entries: Sequence[Entry], before: int) -> int:
    """The rhythm of a feed in minutes, rounded, from its newest arrivals; as before while there are too few."""
    arrivals = sorted((entry.record.first_seen for entry in entries), reverse=True)[:RHYTHM]
    if len(arrivals) < 3:
        return before
    apart = (arrivals[0] - arrivals[-1]).total_seconds() / 60 / (len(arrivals) - 1)
    return next((ttl for ttl in TTLS if apart <= ttl * 1.5), TTLS[-1])


def print_edition(edition: Edition, public: Path, private: Path) -> Printed:
    """Write an edition's files, archives first. A feed that cannot be written leaves the old one as it is.

    Private topics go into a folder of their own, which no other web server is shown.
    """
    folder = Folder(private, secret=True) if edition.private else Folder(public)
    written: list[str] = []
    out: list[tuple[str, str]] = []
    try:
        if edition.kind == "topic":
            written += _leave(edition, Folder(public), Folder(private))
        if edition.removed:
            return Printed((*written, *folder.remove_feed(edition.path)))
        for archive in edition.archives:
            done = publish_archive(folder, edition.path, archive)
            written += done.changed
            out += done.quarantined
        crash_at("archives-written")
        if edition.feed is not None:
            may_shrink = edition.may_shrink or edition.ages
            done = publish_feed(folder, edition.path, edition.feed, may_shrink=may_shrink)
            written += done.changed
            out += done.quarantined
        elif edition.may_shrink:
            written += folder.remove_feed(edition.path)
        for number in edition.emptied:
            folder.remove(f"{archive_path(edition.path, number)}.atom")
    except PublishError as error:
        log.error("not published", feed=edition.path, why=error.reason)
        return Printed(tuple(written), tuple(out), refused=error.reason)
    except OSError as error:
        log.error("cannot write the feed; tried again later", feed=edition.path, why=str(error))
        return Printed(tuple(written), refused=str(error), again=True)
    return Printed(tuple(written), tuple(out))


def _leave(edition: Edition, public: Folder, private: Folder) -> list[str]:
    """Remove a topic's documents from where it was before it became private, public again, or got another name."""
    gone = public.remove_feed(f"t/{edition.name}") if edition.private else []
    place = edition.path.rpartition("/")[0]
    for path in private.feeds_in_places():
        folder, _, name = path.rpartition("/")
        if path != edition.path and (name == edition.name or (edition.private and folder == place)):
            gone += private.remove_feed(path)
    return gone


def published(store: Store, edition: Edition, done: Printed) -> None:
    """The edition is out: the mark goes, what had to be left out is quarantined."""
    if done.again:
        return
    crash_at("before-clean")
    with store.writing():
        for entry, why in done.quarantined:
            if entry in edition.records:
                store.quarantine(edition.records[entry], why)
        if done.refused is None:
            numbers = [archive.archive for archive in edition.archives if archive.archive is not None]
            shelves.written(store.db, edition.feed_id, [*numbers, *edition.emptied])
        if edition.kind == "topic" and edition.ttl is not None:
            store.set_ttl(edition.name, edition.ttl)
        store.clean(edition.kind, edition.name, edition.mark)
    crash_at("clean")


def document(store: Store, house: House, topics: Sequence[Topic], name: str, form: str) -> bytes | None:
    """A topic's feed as it would be published now; None when it has no entries. Nothing is written."""
    row = next((row for row in store.topics() if row.name == name), None)
    topic = next(topic for topic in topics if topic.name == name)
    if row is None:
        return None
    shelf = _Shelf(store, topic, {topic.name: topic for topic in topics}, house)
    entries, _ = shelf.entries(shelf.newest(None))
    if not entries:
        return None
    feed = compose(
        topic,
        entries,
        site=house.publisher,
        feed_id=row.feed_id,
        ttl=row.ttl,
        minimum=house.entries,
        archives=shelves.numbers(store.db, row.feed_id),
    )
    return {"atom": atom, "rss": rss, "json": jsonfeed}[form](feed)


def prepare(public: Path, private: Path) -> None:
    """Once at the start, before anything is written: what an ended process left half-written goes.

    So do private topics in the public folder, where an earlier version kept them.
    """
    for folder in (public, private):
        Folder(folder).clean_temp()
    for path in Folder(public).feeds_in_places():
        Folder(public).remove_feed(path)


def unfinished(store: Store) -> tuple[set[str], set[str]]:
    """Topics and sources whose archive documents are not as they should be, such as after a crash."""
    ids = set(shelves.feeds_with_unwritten(store.db))
    topics = {row.name for row in store.topics() if row.feed_id in ids}
    sources = {source.name for source in store.source_labels() if source.feed_id in ids}
    return topics, sources


def write_all_anew(store: Store) -> None:
    """Every document is to be written anew: base_url changed, or the folder was lost."""
    with store.writing():
        store.soil_everything()
        shelves.soil_all(store.db)
