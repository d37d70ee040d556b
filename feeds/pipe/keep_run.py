"""Run → changed feeds: one read, one decision for each record, one transaction. In the store's thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from scrapers import FileHead, HostPace, Past, Record, Run, Seed, Seen, canonical_key, pointer_key

from ..identity.boilerplate import Boilerplate, find_boilerplate
from ..identity.dedupe import ONE_WITH, RENAMED, Decision, Fronts, addresses_of, belongs, file_record, look
from ..identity.one_article import one_article
from ..identity.representative import representative
from ..identity.revisions import comparable, timely
from ..identity.similarity import Look
from ..rows import State, VisitKind
from ..store import Store, Stored
from ..store.failpoints import crash_at
from ..topics import Engine, forget_texts
from .outcomes import Counts, after_revisit, after_visit, not_back, without_skipped
from .working_set import WorkingSet, takes_over, weakly


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a run changed."""

    due: datetime
    state: State
    cause: str
    fresh: tuple[str, ...] = ()  # ids of new records
    revised: tuple[str, ...] = ()
    copies: int = 0  # new records that joined a story
    told: tuple[str, ...] = ()  # each new or revised record in a few words
    topics: frozenset[str] = frozenset()  # topics whose feeds changed
    sources: frozenset[str] = frozenset()  # … and sources

    @property
    def changed(self) -> bool:
        """Whether any feed is to be published anew."""
        return bool(self.fresh or self.revised or self.topics or self.sources)


@dataclass(slots=True)
class Part:
    """What was filed of a visit while it went on; it grows with each call of `keep_part`."""

    fresh: list[str] = field(default_factory=list)
    copies: int = 0
    told: list[str] = field(default_factory=list)
    filed: dict[str, Record] = field(default_factory=dict)  # by their keys


@dataclass(slots=True)
class _Changes:
    fresh: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    copies: int = 0
    told: list[str] = field(default_factory=list)
    topics: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    skipped: dict[str, str] = field(default_factory=dict)  # keys that must not come back, and why
    since: datetime | None = None  # when the visit began, where a former process may have filed its first stories


def keep(
    store: Store,
    run: Run,
    seed: Seed,
    past: Past,
    engine: Engine,
    *,
    now: datetime,
    kind: VisitKind = "visit",
    preferred: Sequence[str] = (),
    paces: Iterable[HostPace] = (),
    files: Iterable[FileHead] = (),
    part: Part | None = None,
    visit: str | None = None,
    forget: Sequence[str] = (),
) -> Kept:
    """File what a visit gave, decide what it means, write all of it in one transaction.

    What is in `part` was filed while the visit went on, and counts as new of this visit. `visit` is the id of a visit
    made elsewhere: it is kept once, however often its Run comes. Ids in `forget` will not come again.
    """
    filed = {} if part is None else part.filed
    boilerplate, looks = _looked_at(store, run.source, run.records, filed)
    changes = _Changes()
    if part is not None:
        changes.fresh, changes.copies, changes.told = list(part.fresh), part.copies, list(part.told)
    elif visit is not None and kind == "visit" and past.last_success is None:
        changes.since = run.started
    filing = _Filing(store, engine, changes, now, preferred)
    crash_at("before-keeping")
    with store.transaction():
        if visit is not None and not store.visits.first_time(visit, now, forget):
            return _kept_before(store, run.source, now)
        if kind in ("visit", "fetch") and looks:
            filing.fronts = filing.work.fronts(run)
        filing.file_all(looks, boilerplate)
        for one in run.seen:
            filing.led(one, run, looks, boilerplate)
        for n, lines in boilerplate.mended.items():
            filing.mend(n, lines)
        filing.settle()
        crash_at("records-filed")
        counts = Counts(len(changes.fresh), len(changes.revised))
        run = without_skipped(run, changes.skipped)
        if kind == "revisit":
            after = after_revisit(store, run, counts, now)
        else:
            after = after_visit(store, run, seed, past, counts, now, kind, filing.work)
        store.publishing.mark_dirty(changes.topics, changes.sources)
        store.hosts.keep(paces)
        store.asked_files.keep(files, now)
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
        sources=frozenset(changes.sources),
    )


def _kept_before(store: Store, source: str, now: datetime) -> Kept:
    """The state of the source of a Run that is already kept."""
    state = store.sources.get(source)
    return Kept(now, "ok", "") if state is None else Kept(state.due, state.state, state.cause)


def keep_part(
    store: Store,
    source: str,
    records: Sequence[Record],
    engine: Engine,
    part: Part,
    *,
    now: datetime,
    preferred: Sequence[str] = (),
) -> None:
    """File records of a visit that goes on, so that their feeds are published meanwhile.

    Nothing is decided about the source: `keep` does that at the visit's end, with the same records and `part`.
    """
    boilerplate, looks = _looked_at(store, source, records, part.filed)
    changes = _Changes()
    filing = _Filing(store, engine, changes, now, preferred)
    with store.transaction():
        filing.file_all(looks, boilerplate)
        filing.settle()
        store.publishing.mark_dirty(changes.topics, changes.sources)
    part.fresh += changes.fresh
    part.copies += changes.copies
    part.told += changes.told
    part.filed.update((record.key, record) for record in records)


def _looked_at(
    store: Store, source: str, records: Sequence[Record], filed: Mapping[str, Record]
) -> tuple[Boilerplate, list[tuple[Record, Look]]]:
    """The slow part that needs no lock: the boilerplate of the pages, and the `Look` of each record.

    What this visit `filed` already counts for the boilerplate, and is not looked at again.
    """
    boilerplate = find_boilerplate(store.records, source, records)
    rest = [record for record in records if filed.get(record.key) is not record]
    looks = [(record, look(record, boilerplate.lines[record.key])) for record in rest]
    store.sketches.read_ahead([seen for _, seen in looks])  # texts are read now, not while the lock is held
    return boilerplate, looks


class _Filing:
    """One transaction of filing: what it works with, and what it has changed so far."""

    def __init__(
        self, store: Store, engine: Engine, changes: _Changes, now: datetime, preferred: Sequence[str]
    ) -> None:
        self.store = store
        self.engine = engine
        self.changes = changes
        self.now = now
        self.preferred = preferred
        self.work = WorkingSet(store, now, weakly(self.settle_story))
        self.stories: dict[int, None] = {}  # whose members changed: `settle` judges them
        self.fronts: Fronts | None = None  # what they show, where some were read
        self.anew: set[int] = set()  # records whose content is to be put to all topics

    def file_all(self, looks: Sequence[tuple[Record, Look]], boilerplate: Boilerplate) -> None:
        """The records that a visit brought, one after the other."""
        self.work.read_ahead(looks)
        again: list[int] = []
        for record, seen in looks:
            n = self.file(record, seen, boilerplate)
            if n is not None:
                again.append(n)
        self.store.records.looked_at(again, self.now)

    def file(self, record: Record, seen: Look, boilerplate: Boilerplate) -> int | None:
        """A record of a visit: new, a copy, a revision, or known already. The number of one that was known."""
        why = not_back(self.work, record)
        if why is not None:
            self.changes.skipped.update(dict.fromkeys(addresses_of(record.aliases), why))
            return None
        decision = file_record(self.work, self.work, record, seen, self.fronts)
        if decision.kind in ("new", "copy"):
            self._add(decision, boilerplate.lines[record.key])
            return None
        old = self.work.get(decision.of or 0)
        if old is None:
            return None
        for other in decision.also:
            self._join(old, other)
        if decision.evidence == RENAMED:
            self.store.records.note(old, f"{ONE_WITH} {record.url}: {RENAMED}", self.now)
        if takes_over(self.store, old.record, record):
            # it was filed when no owner was known: from now on the owner's text counts
            self.changes.sources.update((old.record.source, record.source))
            self.store.records.give(old.n, record.source)
            self.work.forget()
            old = replace(old, record=replace(old.record, source=record.source, way="hint"))
            decision = replace(decision, record=replace(decision.record, source=record.source))
        if decision.kind == "revised" and decision.change is not None and comparable(old.record, record):
            self._revise(old, decision, boilerplate.lines[record.key])
        else:
            if self.changes.since is not None and old.record.first_seen >= self.changes.since:
                self._filed_before(old, record)
            if record.way == old.record.way == "page" and record.robots != old.record.robots:
                self.store.records.set_robots(old.n, record.robots)
                self.work.forget()
                self.changes.topics.update(self.store.topics.of_record(old.n))
                self.changes.sources.add(old.record.source)
        self.work.name(old.n, replace(record, key=old.record.key))
        return old.n

    def _filed_before(self, old: Stored, record: Record) -> None:
        """A story that this very visit has brought already, in a part that a former process has filed: it is new."""
        if old.record.source == record.source and old.record.id not in self.changes.fresh:
            _, is_copy = self.store.stories.outlets(old.story, old.n)
            self.changes.fresh.append(old.record.id)
            self.changes.told.append(f"a copy: {old.record.title}" if is_copy else f"new: {old.record.title}")
            self.changes.copies += is_copy

    def _add(self, decision: Decision, boilerplate: tuple[int, ...]) -> None:
        record = decision.record
        story = decision.story if decision.kind == "copy" else None
        evidence = decision.evidence or "the first of its story"
        if story is not None:
            self.changes.copies += 1
        n, story = self.work.add(record, decision.look, story, evidence, boilerplate)
        self.changes.fresh.append(record.id)
        self.changes.told.append(f"a copy: {record.title}" if decision.kind == "copy" else f"new: {record.title}")
        self.changes.sources.add(record.source)
        self._stand(story, n)

    def _join(self, old: Stored, other: int) -> None:
        """Another record turned out to be the same article: the older id stays, its own becomes an alias."""
        gone = self.store.records.get(other)
        if gone is None:
            return
        self.settle_story(gone.story)
        self.changes.topics.update(self.store.topics.of_record(other))
        self.changes.sources.add(gone.record.source)
        self.changes.told.append(f"one article: {gone.record.url} and {old.record.url}")
        self.store.records.note(old, f"{ONE_WITH} {gone.record.url}, which was {gone.record.id}", self.now)
        ids = {gone.record.id, old.record.id}
        self.changes.fresh = [identity for identity in self.changes.fresh if identity != gone.record.id]
        self.changes.revised = [*(identity for identity in self.changes.revised if identity not in ids), old.record.id]
        self.store.records.join(old.n, other)
        self.work.forget()
        for story in dict.fromkeys((gone.story, old.story)):
            self._stand(story)

    def led(self, one: Seen, run: Run, looks: Sequence[tuple[Record, Look]], boilerplate: Boilerplate) -> None:
        """The address of a rechecked record leads to another record: join them if they are one article."""
        asked = self.store.records.by_id(one.record) if one.record and one.outcome == "kept" else None
        if asked is None:
            return
        key = canonical_key(one.url)
        names = {key, pointer_key(run.source, key)}
        came = [(record, seen) for record, seen in looks if not names.isdisjoint(record.aliases)]
        for n in set(self.store.records.aliases(record.key for record, _ in came).values()) - {asked.n}:
            other = self.store.records.get(n)
            if other is None or other.record.source != asked.record.source:
                continue
            if one_article(asked.record, other.record):
                old, gone = (asked, n) if asked.n < n else (other, asked.n)
                self._join(old, gone)
                for record, seen in came:  # what was read is the text of the one that stays
                    self.file(record, seen, boilerplate)

    def _revise(self, old: Stored, decision: Decision, boilerplate: tuple[int, ...]) -> None:
        change = decision.change
        if change is None:
            return
        self.settle_story(old.story)  # its date moves with the one that stands for it
        moves = [revision.at for revision in self.store.records.revisions(old.n) if revision.public]
        public = change.public and timely(self.now, moves)
        self.store.records.revise(
            old, decision.record, why=change.note, public=public, now=self.now, boilerplate=boilerplate
        )
        self.store.sketches.add(old.n, old.story, decision.look)
        self.work.forget()
        if old.record.id not in self.changes.revised:  # it may have been joined with another a moment ago
            self.changes.revised.append(old.record.id)
        self.changes.told.append(f"revised: {decision.record.title}")
        self.changes.sources.add(old.record.source)
        revised = self.store.records.get(old.n)
        left = None if revised is None else self._leave(revised)
        if left is not None:
            self.store.sketches.add(old.n, left, decision.look)
            self._stand(left, old.n)
        self._stand(old.story, old.n)
        if left is not None:
            self.settle()
            self.store.publishing.let_shrink(self.store.topics.of_record(old.n))

    def _leave(self, stored: Stored) -> int | None:
        """The new story of a record whose text no longer matches its story; None where it does."""
        others = [member.record for member in self.store.records.members(stored.story) if member.n != stored.n]
        if belongs(stored.record, others):
            return None
        story = self.work.new_story(stored.record)
        self.store.records.move(
            stored.n, story, f"it left the story of {others[0].url} when its text became another one"
        )
        self.work.forget()
        return story

    def mend(self, n: int, lines: tuple[int, ...]) -> None:
        """Apply boilerplate that was unknown when a record was filed: it leaves topics that it matched by it."""
        stored = self.store.records.get(n)
        if stored is None or stored.record.id in self.changes.revised:
            return
        self.store.records.set_boilerplate(stored, lines)
        self.store.sketches.add(n, stored.story, look(stored.record, lines))
        self.work.forget()
        members = self.store.records.members(stored.story)
        outlets = len({member.record.source for member in members})
        (member,) = [member for member in members if member.n == n]
        left, _ = self.work.file(n, self._matches(member, outlets, n != members[0].n))
        self.changes.topics.update(left)
        self.store.publishing.let_shrink(left)

    def _stand(self, story: int, n: int | None = None) -> None:
        """A story is to be judged by `settle`: a record was added, changed, or has left. `n`: one of new content."""
        self.stories[story] = None
        if n is not None:
            self.anew.add(n)

    def settle_story(self, story: int) -> None:
        """Who stands for a story is asked for: decide it, if its members changed."""
        if story in self.stories:
            self.settle()

    def settle(self) -> None:
        """Choose the representatives of the stories that changed, and file their members into topics."""
        stories, anew = self.work.members(self.stories), self.anew
        self.stories, self.anew = {}, set()
        self.work.topics_of(member.n for members in stories.values() for member in members)
        for story, members in stories.items():
            if not members:
                continue
            shown = [member for member in members if member.quarantined is None] or members
            place, reason = representative([member.record for member in shown], self.preferred)
            self.work.stand(story, shown[place].n, reason)
            outlets = len({member.record.source for member in members})
            for member in members:
                is_copy = member.n != members[0].n
                if member.n in anew:
                    matches = self._matches(member, outlets, is_copy)
                else:
                    held = {name: clause for name, (clause, _) in self.work.topics_of([member.n])[member.n].items()}
                    matches = self.engine.classify_again(
                        member.own, held, outlets=outlets, is_copy=is_copy, now=self.now
                    )
                for changed in self.work.file(member.n, matches):
                    self.changes.topics.update(changed)
                if outlets > 1:
                    self.changes.sources.add(member.record.source)
        forget_texts()

    def _matches(self, member: Stored, outlets: int, is_copy: bool) -> dict[str, str]:
        matches = self.engine.classify(member.own, outlets=outlets, is_copy=is_copy, now=self.now)
        return {match.topic: match.clause for match in matches}
