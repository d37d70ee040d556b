"""Which documents a changed feed needs, read from the store.

Called in the store's thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from ..compose import archives
from ..compose.compose import compose, compose_archive, with_home
from ..model import Feed, FeedKind, Topic
from ..render import atom, jsonfeed, rss
from ..rows import Candidate
from ..store import Store
from ..store.failpoints import crash_at
from .entry_shelf import EntryShelf
from .feed_reader import FeedReader, PublishSettings

RHYTHM = 20  # newest entries from whose distance the published rhythm is computed
TTLS = (5, 10, 15, 30, 60)  # minutes
ARCHIVES_AT_ONCE = 5  # documents of a megabyte each that one plan holds


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """One feed that is to be published anew, or the first of its archives when there are many of them to write."""

    kind: FeedKind
    name: str
    version: int
    path: str
    feed: Feed | None = None  # None: it was removed, or not all of its archives are written
    feed_id: str = ""
    removed: bool = False
    whole: bool = True  # False: archives alone, and more of them wait
    archives: tuple[Feed, ...] = ()  # closed documents whose files are to be written
    emptied: tuple[int, ...] = ()  # numbers of archives in which nothing is left
    records: Mapping[str, int] = field(default_factory=dict)  # entry id → record number
    may_shrink: bool = False
    private: bool = False  # its documents lie apart from the public ones
    ages: bool = False  # after a pause, one new story can outdate many
    ttl: int | None = None
    variants: bool = False  # compressed files are written beside its documents


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of a plan."""

    written: tuple[str, ...] = ()
    quarantined: tuple[tuple[str, str], ...] = ()
    refused: str | None = None
    again: bool = False  # the disk is full or read-only: the feed stays to be published


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """Which feed is to be published, and what its documents say of it."""

    kind: FeedKind
    version: int  # of the feed when it was read: it is clean when nothing has changed since
    path: str
    feed_id: str
    added: datetime  # when the feed was configured
    ttl: int = 30
    may_shrink: bool = False
    home: str | None = None  # of a source


@dataclass(frozen=True, slots=True)
class _ArchiveChanges:
    """What became of the archive of a feed."""

    waiting: tuple[str, ...]  # ids of entries that are in no archive document
    unwritten: Sequence[int]  # documents whose files are to be written
    emptied: Sequence[int]  # documents in which nothing is left


def next_plan(
    store: Store,
    settings: PublishSettings,
    topics: Sequence[Topic],
    skip: Set[tuple[str, str]] = frozenset(),
    shelf: EntryShelf | None = None,
) -> PublishPlan | None:
    """The next feed to publish, composed; None when all are as they should be but those in `skip`.

    Entries that are on the `shelf` are not read again.
    """
    shelf = EntryShelf() if shelf is None else shelf
    with shelf.step(store, (settings, tuple(topics))):
        for kind, name, version in store.publishing.dirty():
            if (kind, name) not in skip:
                planned = _topic_plan if kind == "topic" else _source_plan
                return planned(store, settings, topics, name, version, shelf)
    return None


def _topic_plan(
    store: Store, settings: PublishSettings, topics: Sequence[Topic], name: str, version: int, shelf: EntryShelf
) -> PublishPlan:
    row = store.topics.get(name)
    if row is None:
        raise LookupError(f"no topic is called {name!r}")
    topic = next((topic for topic in topics if topic.name == name), None)
    path = f"t/{name}" if row.place is None else f"t/{row.place}/{name}"
    if topic is None or row.removed is not None:
        return PublishPlan("topic", name, version, path, removed=True, private=row.place is not None)
    reader = FeedReader(store, topic, {topic.name: topic for topic in topics}, settings, shelf)
    return _plan(reader, FeedPlan("topic", version, path, row.feed_id, row.added, row.ttl, may_shrink=row.may_shrink))


def _source_plan(
    store: Store, settings: PublishSettings, topics: Sequence[Topic], name: str, version: int, shelf: EntryShelf
) -> PublishPlan:
    source = store.sources.get(name)
    path = f"s/{name}"
    if source is None or (source.removed is not None and not store.records.newest_of(name, 1)):
        return PublishPlan("source", name, version, path, removed=True)
    topic = Topic(name=name, title=source.label, copies="all", language=source.language)
    reader = FeedReader(store, topic, {topic.name: topic for topic in topics}, settings, shelf)
    plan = FeedPlan(
        "source", version, path, source.feed_id, source.added, may_shrink=source.may_shrink, home=source.home
    )
    return _plan(reader, plan)


def _plan(reader: FeedReader, plan: FeedPlan) -> PublishPlan:
    """The subscription document, and the archive documents that close now or must be written anew."""
    store, topic, settings = reader.store, reader.topic, reader.settings
    newest = reader.newest(None if plan.home is None else topic.name)
    changes = _close(reader, plan.feed_id, {one.id for one in newest[: settings.entries]})
    crash_at("archives-closed")
    numbers = store.archives.numbers(plan.feed_id)
    if len(changes.unwritten) > ARCHIVES_AT_ONCE:
        return PublishPlan(
            plan.kind,
            topic.name,
            plan.version,
            plan.path,
            feed_id=plan.feed_id,
            whole=False,
            archives=tuple(_archives(reader, plan, changes.unwritten[:ARCHIVES_AT_ONCE], numbers)),
            private=topic.private,
            variants=settings.variants,
        )
    entries, records = reader.document(newest, changes.waiting)
    ttl = _ttl(newest, plan.ttl)
    feed = compose(
        topic,
        entries,
        site=settings.publisher,
        feed_id=plan.feed_id,
        ttl=ttl,
        minimum=settings.entries,
        path=plan.path,
        waiting=frozenset(changes.waiting),
        archives=numbers,
        added=plan.added,
        published=reader.published,
    )
    if plan.home is not None:
        feed = with_home(feed, plan.home)
    return PublishPlan(
        plan.kind,
        topic.name,
        plan.version,
        plan.path,
        feed,
        feed_id=plan.feed_id,
        archives=tuple(_archives(reader, plan, changes.unwritten, numbers)),
        emptied=tuple(changes.emptied),
        records=records,
        may_shrink=plan.may_shrink or (plan.home is not None and bool(feed.entries)),  # a source's window moves on
        private=topic.private,
        ages=topic.max_age is not None,
        ttl=ttl,
        variants=settings.variants,
    )


def _close(reader: FeedReader, feed_id: str, shown: Set[str]) -> _ArchiveChanges:
    """Close the archive documents that are full; what then waits, and which files are not as they should be."""
    store = reader.store
    with store.transaction():
        waiting = store.archives.waiting(feed_id, stories=reader.stories)
        closing = archives.plan(waiting, last=store.archives.last_number(feed_id), shown=shown)
        store.archives.close(feed_id, closing)
        unwritten, emptied = store.archives.unwritten(feed_id)
    archived = {entry for one in closing for entry in one.entries}
    return _ArchiveChanges(tuple(one.id for one in waiting if one.id not in archived), unwritten, emptied)


def _archives(reader: FeedReader, plan: FeedPlan, unwritten: Sequence[int], numbers: Sequence[int]) -> Iterator[Feed]:
    """The closed documents that must be written, composed."""
    for number in unwritten:
        document = reader.store.archives.document(plan.feed_id, number)
        if document is None:
            continue
        held, _ = reader.entries(reader.numbers(document.entries))
        yield compose_archive(
            reader.topic,
            held,
            number=number,
            archives=numbers,
            followed=document.followed,
            site=reader.settings.publisher,
            feed_id=plan.feed_id,
            path=plan.path,
            published=reader.published,
        )


def _ttl(newest: Sequence[Candidate], before: int) -> int:
    """The rhythm of a feed in minutes, rounded, from its newest arrivals; as before while there are too few."""
    arrivals = sorted((one.first_seen for one in newest), reverse=True)[:RHYTHM]
    if len(arrivals) < 3:
        return before
    apart = (arrivals[0] - arrivals[-1]).total_seconds() / 60 / (len(arrivals) - 1)
    return next((ttl for ttl in TTLS if apart <= ttl * 1.5), TTLS[-1])


def mark_written(store: Store, plan: PublishPlan, done: WriteResult, shelf: EntryShelf | None = None) -> None:
    """The files of a plan are written: its feed is clean if nothing changed since, what was left out is quarantined.

    After a part of its archives the feed stays to be published. What is on the `shelf` stays there, unless something
    is quarantined.
    """
    if done.again:
        return
    crash_at("before-clean")
    shelf = EntryShelf() if shelf is None else shelf
    with shelf.step(store), store.transaction():
        if done.quarantined:
            shelf.clear()
        for entry, why in done.quarantined:
            if entry in plan.records:
                store.records.quarantine(plan.records[entry], why)
        if done.refused is None:
            numbers = [archive.archive for archive in plan.archives if archive.archive is not None]
            store.archives.written(plan.feed_id, [*numbers, *plan.emptied])
        if plan.kind == "topic" and plan.ttl is not None:
            store.topics.set_ttl(plan.name, plan.ttl)
        if plan.whole or done.refused is not None:
            store.publishing.clear_dirty(plan.kind, plan.name, plan.version)
    crash_at("clean")


def feed_document(
    store: Store, settings: PublishSettings, topics: Sequence[Topic], name: str, form: str
) -> bytes | None:
    """A topic's feed as it would be published now; None when it has no entries. Nothing is written."""
    row = store.topics.get(name)
    topic = next(topic for topic in topics if topic.name == name)
    if row is None or row.removed is not None:
        return None
    reader = FeedReader(store, topic, {topic.name: topic for topic in topics}, settings)
    entries, _ = reader.document(reader.newest(None), ())
    feed = compose(
        topic,
        entries,
        site=settings.publisher,
        feed_id=row.feed_id,
        ttl=row.ttl,
        minimum=settings.entries,
        archives=store.archives.numbers(row.feed_id),
        added=row.added,
    )
    return {"atom": atom, "rss": rss, "json": jsonfeed}[form](feed)


def unfinished(store: Store) -> tuple[set[str], set[str]]:
    """Topics and sources whose archive documents are not as they should be, such as after a crash."""
    ids = set(store.archives.feeds_with_unwritten())
    topics = {row.name for row in store.topics.all() if row.feed_id in ids}
    sources = {source.name for source in store.sources.labels() if source.feed_id in ids}
    return topics, sources


def mark_feeds_dirty(store: Store) -> None:
    """Every feed and its page are to be written anew, but no closed archive: what they say of themselves changed."""
    with store.transaction():
        store.publishing.mark_all_dirty()


def mark_all_dirty(store: Store) -> None:
    """Every document is to be written anew: base_url changed, or the folder was lost."""
    with store.transaction():
        store.publishing.mark_all_dirty()
        store.archives.mark_all_dirty()
