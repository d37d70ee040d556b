"""The page of a story, read from the store. In the thread of the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from ....compose.compose import compose_list
from ....compose.rights import permitted
from ....identity.revisions import places
from ....messages import PageLocale
from ....model import Entry, Topic
from ....publish.feed_reader import FeedReader, PublishSettings
from ....render.story_page import Changed, story_page
from ....store import Store, Stored
from .scope import Scope

CHANGES = 20  # of a story that are told
TOLD = 3  # of them with the words that differ
PLACES = 8  # of one change
PASSAGE = 200  # words of a changed passage that are compared


def page_of_story(
    store: Store,
    scope: Scope,
    topic: Topic,
    named: Mapping[str, Topic],
    settings: PublishSettings,
    identity: str,
    locale: PageLocale,
) -> bytes | None:
    """The page of a story or record by its id; None when the feed of this scope does not hold it."""
    whole, part = store.stories.numbers_of([identity]), store.records.numbers_of([identity])
    # `changes` would put into the text what the page tells beside it, and `copies` the others that it lists
    plain = replace(topic, copies="one" if whole else "all", changes=False)
    members = _members(store, whole, part)
    if not members or not _belongs(store, scope, members):
        return None
    reader = FeedReader(store, plain, named, settings)
    entries, numbers = reader.entries(whole or part)
    if not entries:
        return None
    entry = entries[0]
    feed = compose_list(replace(plain, copies="all"), entries, site=settings.publisher, path=scope.path)
    told = permitted(entry.record, topic, settings.publisher).text and topic.full_text
    changes = _changes(store, numbers[entry.id], entry, told=told)
    base_url = settings.publisher.base_url
    shown = [(named[name].title, f"{base_url}/t/{name}") for name in _topics(store, members, named)]
    return story_page(feed, changes=changes, topics=shown, locale=locale)


def _members(store: Store, whole: Sequence[int], part: Sequence[int]) -> list[Stored]:
    """The records that are asked for, those alone that are in feeds."""
    found = store.records.members(whole[0]) if whole else [one for one in map(store.records.get, part) if one]
    return [one for one in found if one.quarantined is None]


def _belongs(store: Store, scope: Scope, members: Sequence[Stored]) -> bool:
    """Whether one of the records is in the feed of a scope."""
    if scope.kind == "everything":
        return True
    if scope.kind == "source":
        return any(one.record.source == scope.name for one in members)
    return any(scope.name in names for names in store.topics.of_records([one.n for one in members]).values())


def _topics(store: Store, members: Sequence[Stored], named: Mapping[str, Topic]) -> list[str]:
    """The public topics that hold one of these records."""
    labels = store.topics.of_records([one.n for one in members])
    found = dict.fromkeys(name for one in members for name in labels.get(one.n, ()))
    return [name for name in found if name in named and not named[name].private]


def _changes(store: Store, n: int, entry: Entry, *, told: bool) -> list[Changed]:
    """What changed and when, the newest first: the changes for which `updated` moved. `told`: words may be shown."""
    revisions = store.records.revisions(n)
    versions = [*((one.title, one.text) for one in revisions), (entry.record.title, entry.record.text)]
    pairs = [
        (one.at, before, after)
        for one, before, after in zip(revisions, versions, versions[1:], strict=False)
        if one.public
    ]
    return [
        Changed(at, _places(before, after) if told and number < TOLD else ())
        for number, (at, before, after) in enumerate(reversed(pairs[-CHANGES:]))
    ]


@lru_cache(64)
def _places(before: tuple[str, str], after: tuple[str, str]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The first places where two versions differ. Kept, for comparing long texts takes its time."""
    found = []
    for place in places(before, after, PASSAGE):
        found.append(tuple(place))
        if len(found) == PLACES:
            break
    return tuple(found)
