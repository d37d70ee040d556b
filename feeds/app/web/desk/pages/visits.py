"""The log of visits over all sources."""

from __future__ import annotations

from typing import Any

from .....store import Store
from ..values import Ask, Page

SHOWN = 50
OUTCOMES = ("ok", "unchanged", "failed")


async def show(ask: Ask) -> Page:
    """The latest visits, of one source or of all, a page at a time."""
    source, outcome, before = ask.said("source", 64), ask.said("outcome", 12), ask.said("before", 12)
    last = int(before) if before.isascii() and before.isdecimal() else None

    def read(store: Store) -> tuple[Any, ...]:
        found = store.visits.of_all(SHOWN, before=last, source=source or None, outcome=outcome or None)
        return found, {one.name: one.label for one in store.sources.labels() if one.removed is None}

    found, labels = await ask.store(read)
    return Page(
        "visits.html",
        {
            "visits": [visit for _, visit in found],
            "older": found[-1][0] if len(found) == SHOWN else None,
            "labels": labels,
            "source": source,
            "outcome": outcome,
            "outcomes": OUTCOMES,
        },
    )
