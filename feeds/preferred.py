"""What another choice of preferred sources means for the stories that are there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from .dedupe import representative
from .store import Store

YOUNG = timedelta(days=30)  # older stories are in archives, which do not change


def prefer(store: Store, preferred: Sequence[str], now: datetime) -> int:
    """Who stands for the stories that several carry, after the preferred sources changed; how many it changed for.

    No id and no date moves. Stories older than a month stay as they are: they are in archives, which do not change.
    """
    before = json.loads(store.meta("preferred") or "[]")
    if before == list(preferred):
        return 0
    changed: set[str] = set()
    count = 0
    with store.writing():
        for story in store.carried_by({*before, *preferred}, now - YOUNG):
            members = store.members(story)
            place, reason = representative([member.record for member in members], preferred)
            if store.set_representative(story, members[place].n, reason):
                count += 1
                changed.update(*(store.topics_of(member.n) for member in members))
        store.set_meta("preferred", json.dumps(list(preferred)))
        store.soil(changed, ())
    return count
