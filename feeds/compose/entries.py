"""Stored stories and records → Entries: who stands for a story, who else carries it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from ..model import Category, Copy, Entry, Origin, Topic
from ..rows import SourceState, Stored, StoryRow
from ..topics import Subjects


def origin_of(source: SourceState, updated: Stored, base_url: str) -> Origin:
    """The source of an entry, for atom:source."""
    return Origin(
        id=source.feed_id,
        title=source.label,
        url=source.home,
        feed_url=f"{base_url}/s/{source.name}",
        updated=updated.updated,
    )


def copy_of(member: Stored, source: SourceState | None) -> Copy:
    """Another outlet that carries the story."""
    record = member.record
    return Copy(
        url=record.url,
        title=record.title,
        source=record.source,
        publisher=record.publisher or (source.label if source else record.source),
        published=record.published,
    )


def story_entry(
    story: StoryRow,
    members: Sequence[Stored],
    sources: Mapping[str, SourceState],
    topics: Sequence[Topic],
    base_url: str,
    subjects: Subjects,
) -> Entry:
    """A story as one entry: the representative's content, the other outlets beside it."""
    standing = next((m for m in members if m.n == story.representative), members[0])
    outlets: dict[str, Stored] = {}
    for member in members:
        if member.n != standing.n and member.record.source != standing.record.source and member.quarantined is None:
            outlets.setdefault(member.record.source, member)
    return Entry(
        id=story.id,
        record=standing.record,
        published=story.published,
        updated=story.updated,
        origin=origin_of(sources[standing.record.source], standing, base_url),
        copies=tuple(copy_of(member, sources.get(name)) for name, member in sorted(outlets.items())),
        categories=_categories(standing, topics, base_url, subjects),
    )


def record_entry(
    member: Stored,
    others: Sequence[Stored],
    sources: Mapping[str, SourceState],
    topics: Sequence[Topic],
    base_url: str,
    subjects: Subjects,
) -> Entry:
    """A record as an entry of its own, for `copies = "all"` and for the feed of a source."""
    return Entry(
        id=member.record.id,
        record=member.record,
        published=member.record.published,
        updated=member.updated,
        origin=origin_of(sources[member.record.source], member, base_url),
        copies=tuple(
            copy_of(other, sources.get(other.record.source))
            for other in others
            if other.n != member.n and other.record.source != member.record.source and other.quarantined is None
        ),
        categories=_categories(member, topics, base_url, subjects),
    )


def _categories(member: Stored, topics: Sequence[Topic], base_url: str, subjects: Subjects) -> tuple[Category, ...]:
    ours = [
        Category(term=topic.name, scheme=f"{base_url}/t/", label=topic.title) for topic in topics if not topic.private
    ]
    scheme = f"{base_url}/s/{quote(member.record.source)}"
    theirs = [Category(term=tag, scheme=scheme, label=tag) for tag in member.record.tags]
    if member.record.section:
        theirs.insert(0, Category(term=member.record.section, scheme=scheme, label=member.record.section))
    return tuple(dict.fromkeys([*ours, *theirs, *subjects.categories(member.record)]))
