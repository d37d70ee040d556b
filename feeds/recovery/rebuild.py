"""The published folder → a store: published stories keep their ids and dates when the store is lost or outdated.

Feeds of sources give the records, feeds of topics the stories that hold them together, archives their entries. What
is in the store already stays as it is. Called in the store's thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from scrapers import (
    Progress,
    Record,
    Seed,
    canonical_key,
    feed_id,
    fingerprint,
    pointer_key,
    record_id,
    speaks_for,
    story_id,
)

from .. import pipe
from ..errors import PublishError
from ..identity.dedupe import look
from ..model import Topic
from ..store import Store
from .read_published import Document, Told, read

TOLD_EVERY = 50  # records between two reports of progress
_ARCHIVE = re.compile(r"archive-(\d{6,9})\.atom")
WAY: Final = "published"  # way of such a record: its text is never compared with that of a page or a feed


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
class _PublishedFeed:
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
    store: Store,
    public: Path,
    private: Path,
    seeds: Sequence[Seed],
    topics: Sequence[Topic],
    *,
    now: datetime,
    progress: Progress | None = None,
) -> Rebuilt:
    """Restore what the folders hold and the store does not know. Records of an unknown source get a removed one.

    `progress` is told of each step.
    """
    tell = progress or (lambda what, done, of: None)
    done = Rebuilt()
    tell("reading the published feeds", 0, 0)
    sources = _feeds(public, "s", done)
    of_topics = [feed for feed in _feeds(public, "t", done) if feed.name != "_health"]
    private_feeds = _feeds(private, "t", done)
    of_topics += private_feeds
    store.sources.sync(seeds, now)
    store.topics.sync(topics, now)
    by_name = {seed.name: seed for seed in seeds}
    told = _records(sources, of_topics, by_name)
    with store.transaction():
        _put_sources(store, sources, told, now)
        for feed in of_topics:
            if feed.head is not None:
                store.restore.put_topic(feed.name, feed.head.feed_id, feed.place if feed in private_feeds else None)
        _put_records(store, told, of_topics, by_name, done, now, tell)
    store.sketches.settle(now)
    pipe.retopic(store, topics, now, progress=tell)
    with store.transaction():
        for feed in [*sources, *of_topics]:
            for number, document in sorted(feed.archives.items()):
                entries = [one.id for one in reversed(document.entries)]
                if store.restore.put_archive(document.feed_id, number, followed=document.followed, entries=entries):
                    done.archives += 1
        store.restore.settle_archived()
        store.publishing.mark_all_dirty()
    return done


def _feeds(public: Path, kind: str, done: Rebuilt) -> list[_PublishedFeed]:
    """The documents of all feeds of a kind. A topic in a folder of its own is a private one."""
    feeds: dict[tuple[str | None, str], _PublishedFeed] = {}
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
        feed = feeds.setdefault((place, name), _PublishedFeed(name, place))
        if archive:
            feed.archives[int(archive[1])] = document
        else:
            feed.head = document
    return list(feeds.values())


def _key(told: Told, seeds: Mapping[str, Seed]) -> str:
    """The key of an entry's record: its address's own where its source speaks for that."""
    key = canonical_key(told.url)
    seed = seeds.get(told.source) or (Seed(told.source, told.source_url) if told.source_url else None)
    return key if seed is None or speaks_for(seed, told.url) else pointer_key(told.source, key)


def _records(
    sources: Sequence[_PublishedFeed], topics: Sequence[_PublishedFeed], seeds: Mapping[str, Seed]
) -> dict[str, Told]:
    """The records by their ids: from the feeds of sources, and what only a topic still tells."""
    found: dict[str, Told] = {}
    for feed in sources:
        for told in feed.entries().values():
            if told.source:
                found[told.id] = told
    keys = {_key(told, seeds) for told in found.values()}
    for feed in topics:
        for told in feed.entries().values():
            key = _key(told, seeds)
            if told.source and told.id not in found and key not in keys:
                found[record_id(key)] = told
                keys.add(key)
    return found


def _put_sources(store: Store, sources: Sequence[_PublishedFeed], told: Mapping[str, Told], now: datetime) -> None:
    ids = {feed.name: feed.head.feed_id for feed in sources if feed.head is not None}
    known = {source.name for source in store.sources.labels()}
    homes = {one.source: (one.source_url, one.source_title) for one in told.values()}
    for name, (home, title) in sorted(homes.items()):
        if name in ids:
            store.restore.put_source(name, ids[name], home, title, now)
        elif name not in known:
            store.restore.put_source(name, feed_id(f"source:{name}"), home, title, now)


def _put_records(
    store: Store,
    told: Mapping[str, Told],
    topics: Sequence[_PublishedFeed],
    seeds: Mapping[str, Seed],
    done: Rebuilt,
    now: datetime,
    tell: Progress,
) -> None:
    """The records that are not known yet, each in the story that a topic puts it in, else in one of its own."""
    stories: dict[str, Told] = {}
    for feed in topics:
        for identity, entry in feed.entries().items():
            if identity not in told:
                stories[identity] = entry
    by_key = {canonical_key(entry.url): identity for identity, entry in stories.items()}
    for identity, entry in stories.items():
        for other in entry.others:
            by_key.setdefault(canonical_key(other), identity)
    first = {identity: story_id(_key(one, seeds)) for identity, one in told.items()}
    # the first of a story before its copies, then by date: `n` is the order of arrival
    order = sorted(
        told.items(),
        key=lambda item: (first[item[0]] != by_key.get(canonical_key(item[1].url)), item[1].published, item[0]),
    )
    stand: dict[int, str] = {}
    for number, (identity, one) in enumerate(order):
        if number % TOLD_EVERY == 0:
            tell("records", number, len(order))
        key, address = _key(one, seeds), canonical_key(one.url)
        story, entry = by_key.get(address, first[identity]), stories.get(by_key.get(address, ""), one)
        old = store.records.by_id(identity)
        if old is not None and one.updated > old.updated:
            renewed = _renewed(old.record, one)
            store.restore.renew_record(old, renewed, one.updated, entry.updated)
            store.sketches.add(old.n, old.story, look(renewed))
            done.renewed += 1
        if old is not None or store.records.aliases([key]) or store.forgotten.is_forgotten([address]):
            continue
        n_story = _story_of(store, story, entry, stories.get(story), done)
        record = _record(identity, key, one)
        n = store.restore.put_record(record, n_story, one.updated, now)
        store.sketches.add(n, n_story, look(record))
        done.records += 1
        if n_story not in stand or canonical_key(entry.url) == address:
            stand[n_story] = record.url
            store.stories.set_representative(n_story, n, "stood for its story in the published feeds")


def _story_of(store: Store, story: str, entry: Told, told: Told | None, done: Rebuilt) -> int:
    """The number of a story: one that another of its members is in already, else a new row."""
    if told is not None:
        members = store.records.aliases([canonical_key(url) for url in (told.url, *told.others)])
        for n in store.restore.known_stories(members.values()):
            return n
    before = len(store.stories.numbers_of([story]))
    number = store.restore.put_story(story, entry.published, entry.published, entry.updated)
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
        license=told.license,
        contributors=told.contributors,
        comments=told.comments,
        comments_feed=told.comments_feed,
        files=told.files,
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
