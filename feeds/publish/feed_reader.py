"""Reads what a feed holds from the store. In the store's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..compose.compose import MAX_BYTES, Published, weight, window
from ..compose.entries import record_entry, story_entry
from ..compose.published_entry import published_entry
from ..model import Entry, Note, Publisher, Topic
from ..rows import Candidate
from ..store import Store, Stored
from ..topics import Subjects, subjects
from .entry_shelf import EntryShelf

CANDIDATES = 1000  # newest stories that a subscription document is chosen from
AT_ONCE = 50  # whose texts are read together


@dataclass(frozen=True, slots=True)
class PublishSettings:
    """What all documents of an installation have in common."""

    publisher: Publisher
    entries: int = 50
    subjects: Subjects = field(default_factory=subjects)
    variants: bool = False  # compressed files are written beside the documents


@dataclass(frozen=True, slots=True)
class FeedReader:
    """Reads the entries of one feed from the store."""

    store: Store
    topic: Topic
    named: Mapping[str, Topic]
    settings: PublishSettings
    shelf: EntryShelf | None = None  # entries that other feeds have

    @property
    def stories(self) -> bool:
        return self.topic.copies == "one"

    @property
    def published(self) -> Published:
        """What makes an entry as the topic shows it."""
        return published_entry if self.shelf is None else self.shelf.published_entry

    def newest(self, source: str | None) -> list[Candidate]:
        """The newest of a topic, or of a source, without their texts."""
        by_seen = self.topic.sort == "seen"
        if source is not None:
            return self.store.records.newest_of(source, CANDIDATES)
        if self.stories:
            return self.store.topics.newest_stories(self.topic.name, limit=CANDIDATES, by_seen=by_seen)
        return self.store.topics.newest_records(self.topic.name, limit=CANDIDATES, by_seen=by_seen)

    def document(self, newest: Sequence[Candidate], waiting: Sequence[str]) -> tuple[list[Entry], dict[str, int]]:
        """The entries that the subscription document may hold: no text is read that there is no room for."""
        known = {one.id for one in newest}
        older = self.numbers([identity for identity in waiting if identity not in known])
        entries, records = self.entries(older)
        waits = frozenset(waiting)
        likely = window(newest, self.topic, minimum=self.settings.entries, waiting=waits)
        size = 0
        for start in range(0, len(likely), AT_ONCE):
            some = [one.n for one in likely[start : start + AT_ONCE] if size <= MAX_BYTES or one.id in waits]
            more, of_more = self.entries(some)
            entries, records = entries + more, records | of_more
            size += sum(weight(entry) for entry in more)
        return entries, records

    def numbers(self, identities: Sequence[str]) -> list[int]:
        return (self.store.stories.numbers_of if self.stories else self.store.records.numbers_of)(identities)

    def entries(self, numbers: Sequence[int]) -> tuple[list[Entry], dict[str, int]]:
        kind = ("story" if self.stories else "record", self.topic.changes)
        found = {} if self.shelf is None else self.shelf.known(kind, numbers)
        missing = [n for n in numbers if n not in found]
        if missing:
            read, alone = self._of_stories(missing) if self.stories else (self._of_records(missing), set())
            if self.shelf is not None:
                read = self.shelf.keep(kind, read, alone)
            found |= read
        those = [found[n] for n in numbers if n in found]
        return [entry for entry, _ in those], {entry.id: record for entry, record in those}

    def _of_stories(self, numbers: Sequence[int]) -> tuple[dict[int, tuple[Entry, int]], set[int]]:
        """The entries of these stories, each with the number of its record; the stories that have no other record."""
        store = self.store
        stories, members = store.stories.many(numbers), store.records.members_of(numbers)
        sources = store.sources.labels_of(m.record.source for group in members.values() for m in group)
        labels = store.topics.of_records([m.n for group in members.values() for m in group])
        found = {}
        for n in numbers:
            group = [member for member in members[n] if member.quarantined is None]
            if not group:
                continue
            theirs = dict.fromkeys(name for member in group for name in labels.get(member.n, ()))
            topics = [self.named[name] for name in theirs if name in self.named]
            entry = story_entry(
                stories[n], group, sources, topics, self.settings.publisher.base_url, self.settings.subjects
            )
            standing = next((m.n for m in group if m.record.id == entry.record.id), group[0].n)
            found[n] = self._noted(entry, entry.record.id, group), standing
        return found, {n for n in found if len(members[n]) == 1}

    def _noted(self, entry: Entry, identity: str, members: Sequence[Stored]) -> Entry:
        """The entry with what changed last, where its topic wants it told."""
        standing = next((member for member in members if member.record.id == identity), None)
        if not self.topic.changes or standing is None or not standing.revisions:
            return entry
        last = [revision for revision in self.store.records.revisions(standing.n) if revision.public][-1:]
        return replace(entry, note=Note(last[0].at, last[0].why)) if last else entry

    def _of_records(self, numbers: Sequence[int]) -> dict[int, tuple[Entry, int]]:
        store = self.store
        members = store.records.members_of(store.stories.of_records(numbers))
        stored = {one.n: one for group in members.values() for one in group}
        records = [stored[n] for n in numbers if n in stored and stored[n].quarantined is None]
        sources = store.sources.labels_of(m.record.source for group in members.values() for m in group)
        labels = store.topics.of_records([one.n for one in records])
        found = {}
        for one in records:
            topics = [self.named[name] for name in labels.get(one.n, ()) if name in self.named]
            entry = record_entry(
                one, members[one.story], sources, topics, self.settings.publisher.base_url, self.settings.subjects
            )
            entry = self._noted(entry, one.record.id, [one])
            found[one.n] = replace(entry, copy_of=_first(members[one.story], one)), one.n
        return found


def _first(members: Sequence[Stored], one: Stored) -> str | None:
    """The id of the entry that told this story first, when that is another one."""
    first = next((member for member in members if member.quarantined is None), one)
    return first.record.id if first.n != one.n else None
