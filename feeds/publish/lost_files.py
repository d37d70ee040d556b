"""Published files that somebody else removed: which are missing, and marking their feeds as to be written again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..compose.compose import archive_path
from ..model import FeedKind
from ..render.pages import ASSETS
from ..store import Store
from .atomic_files import Folder

SITE = ("index.html", "opml.xml", *ASSETS)  # files of no single feed


@dataclass(frozen=True, slots=True)
class PublishedFeed:
    """A feed that is published according to the store, and its files."""

    kind: FeedKind
    name: str
    feed_id: str
    files: tuple[str, ...]  # its documents and its page
    archives: tuple[tuple[int, str], ...] = ()  # number and file of each closed document
    private: bool = False


@dataclass(frozen=True, slots=True)
class LostFiles:
    """What is missing of one feed; of none when `feed` is None: then it is the index page or what goes with it."""

    feed: PublishedFeed | None
    names: tuple[str, ...]


def published(store: Store) -> list[PublishedFeed]:
    """Every feed that is not waiting to be written, with the files that it must have. In the store's thread."""
    waiting = {(kind, name) for kind, name, _ in store.publishing.dirty()}
    archives = store.archives.written_numbers()
    found: list[PublishedFeed] = []

    def add(kind: FeedKind, name: str, feed_id: str, path: str, *, private: bool = False) -> None:
        if (kind, name) not in waiting:
            files = (*(f"{path}.{form}" for form in ("atom", "rss", "json")), f"{path}/index.html")
            closed = tuple((n, f"{archive_path(path, n)}.atom") for n in archives.get(feed_id, ()))
            found.append(PublishedFeed(kind, name, feed_id, files, closed, private))

    for topic in store.topics.all():
        path = f"t/{topic.name}" if topic.place is None else f"t/{topic.place}/{topic.name}"
        add("topic", topic.name, topic.feed_id, path, private=topic.place is not None)
    newest = store.sources.newest()
    for source in store.sources.labels():
        if source.name in newest or (source.removed is None and not source.paused):
            add("source", source.name, source.feed_id, f"s/{source.name}")
    return found


def missing(feeds: Sequence[PublishedFeed], public: Path, private: Path) -> list[LostFiles]:
    """The files that are missing or empty. Reads the disk; call it in a thread."""
    folder, secret = Folder(public), Folder(private, secret=True)
    lost = []
    for feed in feeds:
        where = secret if feed.private else folder
        names = [name for name in (*feed.files, *(file for _, file in feed.archives)) if not where.is_whole(name)]
        if names:
            lost.append(LostFiles(feed, tuple(names)))
    site = tuple(name for name in SITE if feeds and not folder.is_whole(name))
    return [*lost, LostFiles(None, site)] if site else lost


def mark_lost(store: Store, lost: Iterable[LostFiles]) -> None:
    """Mark what is missing as to be written again. In the store's thread.

    The index and what goes with it are written with every publishing.
    """
    with store.transaction():
        for one in lost:
            if one.feed is None:
                continue
            numbers = [number for number, file in one.feed.archives if file in one.names]
            store.archives.mark_dirty(one.feed.feed_id, numbers)
            of_topic = one.feed.kind == "topic"
            store.publishing.mark_dirty([one.feed.name] if of_topic else [], [] if of_topic else [one.feed.name])
