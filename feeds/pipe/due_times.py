"""Due times of sources and pages after a bug, a postponement, or a jump of the clock. In the store's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from scrapers import Failure, Run, Seed, longest_interval

from ..store import Afterwards, Store

BUG_WAIT = timedelta(hours=1)  # after an unexpected exception
LONGEST_WAIT = timedelta(days=1)  # longest wait for any reason but the source's own interval


def bug(store: Store, name: str, reason: str, now: datetime) -> datetime:
    """A visit ended in an unexpected exception: the source is failing, and due again later."""
    due = now + BUG_WAIT
    past = store.visits.past(name, now)
    run = Run(name, now, now, failures=(Failure("", "bug", f"a bug of copydesk: {reason}"),))
    after = Afterwards(
        due, "failing", run.failures[0].reason, past.failures + 1, past.typical, success=False, fresh=0, revised=0
    )
    with store.transaction():
        store.visits.finish(replace(run, queued=past.queued, shapes=past.shapes), after)
        store.visits.log(run, after)
    return due


def postpone(store: Store, identities: Sequence[str], until: datetime) -> None:
    """Records that could not be looked at again now."""
    with store.transaction():
        for identity in identities:
            stored = store.records.by_id(identity)
            if stored is not None:
                store.records.postpone_recheck(stored.n, until)


def not_too_late(store: Store, seeds: Mapping[str, Seed], now: datetime, *, jumped: bool) -> None:
    """Cap all due times: after the clock was set back, they would lie too far ahead.

    The cap is the source's interval, or a day if that is longer; after an observed jump (`jumped`) the interval alone,
    except for failing sources.
    """
    dues, failing = store.sources.dues(), store.sources.failing()
    with store.transaction():
        for name, seed in seeds.items():
            every = timedelta(seconds=longest_interval(seed))
            latest = now + (every if jumped and name not in failing else max(every * 1.1, LONGEST_WAIT))
            if name in dues and dues[name] > latest:
                store.sources.set_due(name, latest)
        store.sources.cap_waits(now + LONGEST_WAIT, now)
