"""Applies changed settings to stored records: topics, and preferred sources. In the store's thread."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from scrapers import Progress

from ..identity.representative import representative
from ..model import Topic
from ..store import Store
from ..store.failpoints import crash_at
from ..topics import Engine, Subjects, compile

YOUNG = timedelta(days=30)  # older stories are in archives, which do not change


def prefer(store: Store, preferred: Sequence[str], now: datetime) -> int:
    """Choose representatives again after the preferred sources changed; how many stories changed.

    No id and no date moves. Stories older than a month stay as they are: they are in archives, which do not change.
    """
    before = json.loads(store.meta.get("preferred") or "[]")
    if before == list(preferred):
        return 0
    changed: set[str] = set()
    count = 0
    with store.transaction():
        for story in store.stories.carried_by({*before, *preferred}, now - YOUNG):
            members = store.records.members(story)
            shown = [member for member in members if member.quarantined is None] or members
            place, reason = representative([member.record for member in shown], preferred)
            if store.stories.set_representative(story, shown[place].n, reason):
                count += 1
                changed.update(*(store.topics.of_record(member.n) for member in members))
        store.meta.put("preferred", json.dumps(list(preferred)))
        store.publishing.mark_dirty(changed, ())
    return count


def retopic(
    store: Store,
    topics: Sequence[Topic],
    now: datetime,
    subjects: Subjects | None = None,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Apply new or changed topics to everything that is stored; how many records each holds. No `updated` moves."""
    found: dict[str, int] = {}
    for topic in topics:
        if progress is not None:
            progress(f"topic {topic.name}", len(found), len(topics))
        rule = compile(topic)
        engine = Engine([topic], subjects=subjects)
        matches: dict[int, str] = {}
        for n in list(store.search.candidates(rule, now=now)):
            stored = store.records.get(n)
            if stored is None:
                continue
            outlets, is_copy = store.stories.outlets(stored.story, n)
            for match in engine.classify(stored.own, outlets=outlets, is_copy=is_copy, now=now):
                matches[n] = match.clause
        crash_at("before-retopic")
        with store.transaction():
            store.topics.replace(topic.name, matches)
        found[topic.name] = len(matches)
    return found
