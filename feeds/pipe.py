"""The pipe: Run → changed feeds. The only place that knows the order of the steps from record to feed.

Everything here is called in the store's thread. `keep` is one read, one decision for each record, one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from scrapers import (
    Failure,
    HostPace,
    Past,
    Record,
    Run,
    Seed,
    Seen,
    Standing,
    ask_again,
    canonical_key,
    longest_interval,
    standing,
)

from .crash import crash_at
from .dedupe import Decision, file_record, look, representative
from .furnish import Furnished, furnish
from .likeness import Look
from .model import Topic
from .revise import timely
from .store import Afterwards, Store, Stored
from .topics import Engine, Subjects, compile

BUG_WAIT = timedelta(hours=1)  # after an exception that nobody foresaw
LONGEST_WAIT = timedelta(days=1)  # that anything but its own interval makes a source or a page wait


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a run changed."""

    due: datetime
    state: str
    cause: str
    fresh: tuple[str, ...] = ()  # ids of new records
    revised: tuple[str, ...] = ()
    copies: int = 0  # new records that joined a story
    told: tuple[str, ...] = ()  # each new or revised record in a few words
    topics: frozenset[str] = frozenset()  # topics whose feeds changed

    @property
    def changed(self) -> bool:
        """Whether any feed is to be published anew."""
        return bool(self.fresh or self.revised or self.topics)


@dataclass(slots=True)
class _Changes:
    fresh: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    copies: int = 0
    told: list[str] = field(default_factory=list)
    topics: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)  # ids of records that were known and did not change


def keep(
    store: Store,
    run: Run,
    seed: Seed,
    past: Past,
    engine: Engine,
    *,
    now: datetime,
    kind: str = "visit",
    preferred: Sequence[str] = (),
    paces: Iterable[HostPace] = (),
) -> Kept:
    """File what a visit gave, decide what it means, write all of it in one transaction."""
    furnished = furnish(store, run.source, run.records)  # the costly part, before the lock
    looks = [(record, look(record, furnished.lines[record.key])) for record in run.records]
    for _, seen in looks:
        store.index.candidates(seen)  # what it will be compared with is read now, not while the lock is held
    changes = _Changes()
    crash_at("before-keeping")
    with store.writing():
        for record, seen in looks:
            _file(store, engine, record, seen, furnished, changes, now=now, preferred=preferred)
        for n, lines in furnished.mended.items():
            _mend(store, engine, n, lines, changes, now)
        crash_at("records-filed")
        if kind == "revisit":
            after = _after_revisit(store, run, changes, now)
        else:
            after = _after_visit(store, run, seed, past, changes, now, kind)
        store.soil(changes.topics, changes.sources)
        store.keep_paces(paces)
        crash_at("before-kept")
    crash_at("kept")
    return Kept(
        due=after.due,
        state=after.state,
        cause=after.cause,
        fresh=tuple(changes.fresh),
        revised=tuple(changes.revised),
        copies=changes.copies,
        told=tuple(changes.told),
        topics=frozenset(changes.topics),
    )


# --- one record


def _file(
    store: Store,
    engine: Engine,
    record: Record,
    seen: Look,
    furnished: Furnished,
    changes: _Changes,
    *,
    now: datetime,
    preferred: Sequence[str],
) -> None:
    decision = file_record(store.index, store, record, seen)
    if decision.kind in ("new", "copy"):
        _add(store, engine, decision, furnished.lines[record.key], changes, now, preferred)
        return
    old = store.stored(decision.of or 0)
    if old is None:
        return
    if decision.kind == "revised" and decision.change is not None and _comparable(old.record, record):
        _revise(store, engine, old, decision, furnished.lines[record.key], changes, now, preferred)
    else:
        changes.known.add(old.record.id)
        if record.way == old.record.way == "page" and record.robots != old.record.robots:
            store.set_robots(old.n, record.robots)
            changes.topics.update(store.topics_of(old.n))
            changes.sources.add(old.record.source)
    store.looked_at(old.n, now)
    store.add_aliases(old.n, replace(record, key=old.record.key))


def _comparable(old: Record, new: Record) -> bool:
    """A text from a page and one from a feed differ without a revision; a mere hint is replaced by either."""
    return old.way == new.way or old.way == "hint"


def _add(
    store: Store,
    engine: Engine,
    decision: Decision,
    furniture: tuple[int, ...],
    changes: _Changes,
    now: datetime,
    preferred: Sequence[str],
) -> None:
    record = decision.record
    story = decision.story if decision.kind == "copy" else None
    evidence = decision.evidence or "the first of its story"
    if story is None:
        story = store.add_story(record, now)
    else:
        changes.copies += 1
    n = store.add_record(record, story, evidence, now, furniture)
    store.index.add(n, story, decision.look)
    changes.fresh.append(record.id)
    changes.told.append(f"a copy: {record.title}" if decision.kind == "copy" else f"new: {record.title}")
    changes.sources.add(record.source)
    _stand(store, engine, story, n, changes, now, preferred)


def _revise(
    store: Store,
    engine: Engine,
    old: Stored,
    decision: Decision,
    furniture: tuple[int, ...],
    changes: _Changes,
    now: datetime,
    preferred: Sequence[str],
) -> None:
    change = decision.change
    if change is None:
        return
    moves = [revision.at for revision in store.revisions(old.n) if revision.public]
    public = change.public and timely(now, moves)
    store.revise_record(old, decision.record, why=change.note, public=public, now=now, furniture=furniture)
    store.index.add(old.n, old.story, decision.look)
    changes.revised.append(old.record.id)
    changes.told.append(f"revised: {decision.record.title}")
    changes.sources.add(old.record.source)
    _stand(store, engine, old.story, old.n, changes, now, preferred)


def _stand(
    store: Store, engine: Engine, story: int, n: int, changes: _Changes, now: datetime, preferred: Sequence[str]
) -> None:
    """After a record came or changed: who stands for its story, and which topics its members belong to."""
    members = store.members(story)
    place, reason = representative([member.record for member in members], preferred)
    store.set_representative(story, members[place].n, reason)
    outlets = len({member.record.source for member in members})
    for member in members:
        changes.topics.update(_classify(store, engine, member, outlets, member.n != members[0].n, now))
        changes.topics.update(store.topics_of(member.n))
        if outlets > 1:
            changes.sources.add(member.record.source)


def _classify(store: Store, engine: Engine, member: Stored, outlets: int, is_copy: bool, now: datetime) -> set[str]:
    matches = engine.classify(member.own, outlets=outlets, is_copy=is_copy, now=now)
    return store.file_topics(member.n, {match.topic: match.clause for match in matches})


def _mend(store: Store, engine: Engine, n: int, lines: tuple[int, ...], changes: _Changes, now: datetime) -> None:
    """Furniture that was seen too seldom to be known when a record was filed: it leaves the topics it got in by."""
    stored = store.stored(n)
    if stored is None or stored.record.id in changes.revised:
        return
    store.set_furniture(stored, lines)
    store.index.add(n, stored.story, look(stored.record, lines))
    members = store.members(stored.story)
    outlets = len({member.record.source for member in members})
    (member,) = [member for member in members if member.n == n]
    left = _classify(store, engine, member, outlets, n != members[0].n, now)
    changes.topics.update(left)
    store.let_shrink(left)


# --- what a visit means


def _after_visit(
    store: Store, run: Run, seed: Seed, past: Past, changes: _Changes, now: datetime, kind: str
) -> Afterwards:
    if kind == "backfill" or (kind == "fetch" and not run.fronts and not run.failures and not run.unchanged):
        # one article by its address, or older ones: no visit of the source
        _outcomes(store, run, changes, now)
        return _beside(store, run, changes, now, kind)
    means: Standing = standing(seed, past, run)
    after = Afterwards(
        due=means.due,
        state=means.state,
        cause=means.cause,
        failures=means.failures,
        typical=means.typical,
        pace=means.pace,
        success=means.failures == 0,
        fresh=len(changes.fresh),
        revised=len(changes.revised),
        kind=kind,
    )
    _outcomes(store, run, changes, now)
    store.finish_visit(run, after)
    store.note_links(seed, run)
    store.log_visit(run, after)
    return after


def _outcomes(store: Store, run: Run, changes: _Changes, now: datetime) -> None:
    """What became of every link; the failed ones with the time when they may be asked for again."""
    failures: Mapping[str, Failure] = {failure.url: failure for failure in run.failures}
    keys = {one.url: canonical_key(one.url) for one in run.seen}
    tries = store.tries(run.source, {keys[one.url] for one in run.seen if one.outcome in ("failed", "refused", "gone")})
    rows: list[tuple[str, Seen, float | None]] = []
    for one in run.seen:
        again: float | None = None
        if one.outcome in ("failed", "refused", "gone"):
            failure = failures.get(one.url)
            kind, status = (failure.kind, failure.status) if failure else ("PageChanged", None)
            when = ask_again(kind, status, tries.get(keys[one.url], 0) + 1, now)
            again = None if when is None else when.timestamp()
        elif one.outcome == "queued":
            again = now.timestamp()
        rows.append((keys[one.url], one, again))
    store.keep_outcomes(run.source, rows, now)


def _beside(store: Store, run: Run, changes: _Changes, now: datetime, kind: str) -> Afterwards:
    """Work on a source that is no visit of it: its state and its next visit stay, its log has a line."""
    state = store.source(run.source)
    after = Afterwards(
        due=state.due if state else now,
        state=state.state if state else "new",
        cause="",
        failures=0,
        typical=None,
        success=True,
        fresh=len(changes.fresh),
        revised=len(changes.revised),
        kind=kind,
    )
    store.log_visit(run, after)
    return after


def _after_revisit(store: Store, run: Run, changes: _Changes, now: datetime) -> Afterwards:
    """Young articles were looked at: when each is looked at next."""
    seen = {record.url: record for record in run.records}
    for record in run.records:
        number = store.aliases([record.key]).get(record.key)
        if number is not None:
            store.rechecked(number, now, record.etag, record.last_modified)
    for one in run.seen:
        number = store.aliases([canonical_key(one.url)]).get(canonical_key(one.url))
        if number is None or one.url in seen:
            continue
        if one.outcome in ("unchanged", "gone"):
            store.rechecked(number, now, None, None, gone=one.outcome == "gone")
        else:
            store.postpone_recheck(number, now + timedelta(hours=1))
    for url in run.queued:
        number = store.aliases([canonical_key(url)]).get(canonical_key(url))
        if number is not None:
            store.postpone_recheck(number, now + timedelta(minutes=10))
    return _beside(store, run, changes, now, "revisit")


# --- around it


def bug(store: Store, name: str, reason: str, now: datetime) -> datetime:
    """A visit ended in an exception that nobody foresaw: the source is failing, and due again later."""
    due = now + BUG_WAIT
    past = store.past(name, now)
    run = Run(name, now, now, failures=(Failure("", "bug", f"a bug of copydesk: {reason}"),))
    after = Afterwards(
        due, "failing", run.failures[0].reason, past.failures + 1, past.typical, success=False, fresh=0, revised=0
    )
    with store.writing():
        store.finish_visit(replace(run, queued=past.queued, shapes=past.shapes), after)
        store.log_visit(run, after)
    return due


def postpone(store: Store, identities: Sequence[str], until: datetime) -> None:
    """Records that could not be looked at again now."""
    with store.writing():
        for identity in identities:
            stored = store.stored_by_id(identity)
            if stored is not None:
                store.postpone_recheck(stored.n, until)


def not_too_late(store: Store, seeds: Mapping[str, Seed], now: datetime, *, jumped: bool) -> None:
    """Nothing waits longer than it may from now on: a clock that was set back would let all wait for what it lost.

    At a start that is a day or a source's interval; after a jump that was seen (`jumped`) just the interval, but for
    sources that are failing.
    """
    dues, failing = store.dues(), store.failing()
    with store.writing():
        for name, seed in seeds.items():
            every = timedelta(seconds=longest_interval(seed))
            latest = now + (every if jumped and name not in failing else max(every * 1.1, LONGEST_WAIT))
            if name in dues and dues[name] > latest:
                store.set_due(name, latest)
        store.look_again_by(now + LONGEST_WAIT, now)


def retopic(store: Store, topics: Sequence[Topic], now: datetime, subjects: Subjects | None = None) -> dict[str, int]:
    """Apply new or changed topics to everything that is stored; how many records each holds. No `updated` moves."""
    found: dict[str, int] = {}
    for topic in topics:
        rule = compile(topic)
        engine = Engine([topic], subjects=subjects)
        matches: dict[int, str] = {}
        for n in list(store.candidates(rule, now)):
            stored = store.stored(n)
            if stored is None:
                continue
            outlets, is_copy = store.outlets(stored.story, n)
            for match in engine.classify(stored.own, outlets=outlets, is_copy=is_copy, now=now):
                matches[n] = match.clause
        crash_at("before-retopic")
        with store.writing():
            store.replace_topic(topic.name, matches)
        found[topic.name] = len(matches)
    return found


def share(name: str) -> float:
    """A stable number in [0, 1) for a name, to spread what would come all at once."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest()) / 2**32
