"""What a transaction that files records knows of the store: read ahead in a few statements, kept up as it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from weakref import WeakMethod

from scrapers import Record, Run, canonical_key, pointed_at, pointer_key, same_site, story_id

from ..identity.dedupe import Fronts, addresses_of, looked_up, names_of, number_of, text_key
from ..identity.representative import ALONE
from ..identity.similarity import Candidate, Look
from ..store import Store, Stored

K = TypeVar("K")
V = TypeVar("V")


class Numbered(Protocol):
    """A table whose rows have numbers."""

    def new_numbers(self, count: int) -> list[int]:
        """Numbers for new rows; in the transaction that adds them."""


def weakly(method: Callable[[int], None]) -> Callable[[int], None]:
    """A method that does not hold its object: in a ring, the texts of a visit would stay until garbage is collected."""
    there = WeakMethod(method)

    def called(number: int) -> None:
        bound = there()
        if bound is None:
            raise RuntimeError("who works with it has gone")
        bound(number)

    return called


class WorkingSet:
    """The records, stories and topics that the records of one visit touch, inside one transaction.

    It is a `Known` and an `Alike` of identity.dedupe. Nobody else writes meanwhile, so that what was read holds until
    it is written here; whoever writes past it calls `forget`. What was not read ahead is read when it is asked for.
    """

    def __init__(self, store: Store, now: datetime, settle_story: Callable[[int], None]) -> None:
        """`settle_story` is called before it is told who stands for a story."""
        self._store = store
        self._now = now
        self._settle_story = settle_story
        self._new_records: list[int] = []
        self._new_stories: list[int] = []
        self._free_stories: set[str] = set()  # ids that no story has
        self.forget()

    def forget(self) -> None:
        """What was read may not hold any more."""
        self._aliases: dict[str, int | None] = {}
        self._twins: dict[str, list[int]] = {}
        self._at_once: dict[tuple[str, datetime], list[int]] = {}
        self._records: dict[int, Stored | None] = {}
        self._members: dict[int, list[Stored]] = {}
        self._numbered: dict[str, tuple[int, int]] = {}
        self._standing: dict[int, int | None] = {}
        self._written: dict[int, tuple[int | None, str]] = {}  # who stands for a story and why, as written here
        self._topics: dict[int, dict[str, tuple[str, bool]]] = {}
        self._forgotten: dict[str, bool] = {}
        self._let_go: dict[tuple[str, str], bool] = {}

    def read_ahead(self, looks: Sequence[tuple[Record, Look]]) -> None:
        """Read what the decisions about these records will ask for."""
        records = [record for record, _ in looks]
        if not records:
            return
        asked = set().union(*map(looked_up, records))
        hits = self.aliases(asked)
        self._find_forgotten({name for record in records for name in unwanted_names(record)})
        for source in {record.source for record in records}:
            unknown = [one for one in records if one.source == source and not self.aliases(names_of(one))]
            self._find_let_go(source, {name for one in unknown for name in (*names_of(one), text_key(one))})
            self._find_at_once(source, {one.published for one in unknown if not one.published_estimated})
        _complete(self._twins, (one.fingerprint for one in records), self._store.records.with_fingerprints, list)
        named = set(hits.values())
        named |= {n for one in records for n in self._twins[one.fingerprint]}
        named |= {n for numbers in self._at_once.values() for n in numbers}
        _complete(self._records, named, self._store.records.many, _none)
        stories = self._store.sketches.read_ahead([look for _, look in looks])
        _complete(self._standing, stories, self._store.stories.standing, _none)
        strangers = [one for one in records if not self.aliases([one.key])]
        if strangers:
            self._new_records = self._store.records.new_numbers(len(strangers))[::-1]
            self._new_stories = self._store.stories.new_numbers(len(strangers))[::-1]
            self._store.records.read_ahead(strangers, self._now)
            taken = self._store.stories.read_ahead(strangers, self._now)
            self._free_stories = {story_id(one.key) for one in strangers} - taken

    # --- what is known

    def aliases(self, keys: Iterable[str]) -> dict[str, int]:
        """Which of these keys are known, and of which record."""
        keys = list(keys)
        _complete(self._aliases, keys, self._store.records.aliases, _none)
        return {key: n for key in keys if (n := self._aliases[key]) is not None}

    def with_fingerprint(self, fingerprint: str) -> Sequence[int]:
        """Records with exactly this title and text, the earliest first."""
        _complete(self._twins, [fingerprint], self._store.records.with_fingerprints, list)
        return self._twins[fingerprint]

    def published_at(self, source: str, published: datetime) -> Sequence[int]:
        """Records of a source that were published at this moment, the earliest first."""
        self._find_at_once(source, [published])
        return self._at_once[source, published]

    def fronts(self, run: Run) -> Fronts | None:
        """What the fronts of a visit show; None where none was read."""
        if not run.fronts or run.unchanged:
            return None
        keys = {canonical_key(one.url) for one in run.seen if one.outcome == "known"}
        keys |= {pointer_key(run.source, key) for key in keys}
        shown = self._store.records.aliases(keys) if keys else {}
        return Fronts(frozenset(shown.values()), self.published_at)

    def get(self, n: int) -> Stored | None:
        """A record by its number."""
        _complete(self._records, [n], self._store.records.many, _none)
        return self._records[n]

    def numbered(self, source: str) -> tuple[int, int]:
        """How many numbers of articles the addresses of a source have, and how many records it has."""
        found = self._numbered.get(source)
        if found is None:
            found = self._numbered[source] = self._store.records.numbered(source)
        return found

    def is_forgotten(self, names: Iterable[str]) -> bool:
        """Whether one of these names an article that was forgotten by hand."""
        names = list(names)
        self._find_forgotten(names)
        return any(self._forgotten[name] for name in names)

    def has_let_go(self, source: str, names: Iterable[str]) -> bool:
        """Whether one of these names a record of the source that is older than the store keeps."""
        names = list(names)
        self._find_let_go(source, names)
        return any(self._let_go[source, name] for name in names)

    def candidates(self, look: Look) -> Sequence[Candidate]:
        """The records most likely alike, best first."""
        return self._store.sketches.candidates(look)

    def equals(self, look: Look) -> Candidate | None:
        """The earliest record with exactly this run of words."""
        return self._store.sketches.equals(look)

    def representative(self, story: int) -> Look | None:
        """What the record that stands for a story looks like."""
        self._settle_story(story)
        _complete(self._standing, [story], self._store.stories.standing, _none)
        n = self._standing[story]
        return None if n is None else self._store.sketches.look_of(n)

    def members(self, stories: Iterable[int]) -> dict[int, list[Stored]]:
        """The records of stories in the order of their arrival; those that are stored already come without markup."""
        stories = list(stories)
        _complete(self._members, stories, lambda missing: self._store.stories.members(list(missing)), list)
        return {story: self._members[story] for story in stories}

    def topics_of(self, numbers: Iterable[int]) -> dict[int, dict[str, tuple[str, bool]]]:
        """The topics that records are in: the clause that decided, and whether the topic is there yet."""
        numbers = list(numbers)
        _complete(self._topics, numbers, self._store.topics.holding, dict)
        return {n: self._topics[n] for n in numbers}

    # --- what is written

    def add(
        self, record: Record, look: Look, story: int | None, evidence: str, boilerplate: Sequence[int]
    ) -> tuple[int, int]:
        """A new record in a story, or as the first of a new one; the numbers of both."""
        n = self._number(self._new_records, self._store.records)
        if story is None:
            story = self.new_story(record, n)
        stored = self._store.records.add_numbered(n, record, story, evidence, self._now, boilerplate)
        self._records[n] = stored
        self._topics[n] = {}
        if story in self._members:
            self._members[story].append(stored)
        if record.fingerprint in self._twins:
            self._twins[record.fingerprint].append(n)
        if (record.source, record.published) in self._at_once:
            self._at_once[record.source, record.published].append(n)
        if record.source in self._numbered:
            numbers, records = self._numbered[record.source]
            self._numbered[record.source] = numbers, records + 1
        self.name(n, record)
        self._store.sketches.add(n, story, look, stored.record.fingerprint)
        return n, story

    def new_story(self, first: Record, n: int | None = None) -> int:
        """A new story around a record; its number. `n`: that of the record, which stands for it, if it is new too."""
        identity = story_id(first.key)
        free = identity in self._free_stories
        self._free_stories.discard(identity)
        number, stands = self._number(self._new_stories, self._store.stories), (n, "" if n is None else ALONE)
        story = self._store.stories.add(first, self._now, number, is_free=free, standing=stands)
        self._members[story] = []
        self._written[story] = stands
        return story

    def name(self, n: int, record: Record) -> None:
        """Remember every address that names a record."""
        new = self._store.records.add_aliases(n, record, self.aliases(names_of(record)))
        begin = f"number:{record.source}:"
        if record.source in self._numbered:
            numbers, records = self._numbered[record.source]
            numbers += sum(name.startswith(begin) and self._aliases[name] is None for name in new)
            self._numbered[record.source] = numbers, records
        self._aliases.update(new)

    def stand(self, story: int, n: int, reason: str) -> None:
        """Who stands for a story."""
        if self._written.get(story) != (n, reason):
            self._store.stories.let_stand(story, n, reason)
            self._written[story] = n, reason
        self._standing[story] = n

    def file(self, n: int, matches: Mapping[str, str]) -> tuple[set[str], set[str]]:
        """The topics of a record, with the clauses that decided: those that gained or lost it, and all that hold it."""
        before = self.topics_of([n])[n]
        changed = self._store.topics.file_record(n, matches, {name: clause for name, (clause, _) in before.items()})
        self._topics[n] = {name: (clause, name not in before or before[name][1]) for name, clause in matches.items()}
        return changed, {name for name, (_, there) in self._topics[n].items() if there}

    def _number(self, numbers: list[int], table: Numbered) -> int:
        return numbers.pop() if numbers else table.new_numbers(1)[0]

    def _find_forgotten(self, names: Iterable[str]) -> None:
        _complete(
            self._forgotten, names, lambda missing: dict.fromkeys(self._store.forgotten.among(missing), True), bool
        )

    def _find_let_go(self, source: str, names: Iterable[str]) -> None:
        def find(missing: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bool]:
            return {(source, key): True for key in self._store.outcomes.let_go(source, [key for _, key in missing])}

        _complete(self._let_go, ((source, name) for name in names), find, bool)

    def _find_at_once(self, source: str, moments: Iterable[datetime]) -> None:
        def find(missing: Iterable[tuple[str, datetime]]) -> dict[tuple[str, datetime], list[int]]:
            found = self._store.arrivals.published_at(source, [moment for _, moment in missing])
            return {(source, moment): numbers for moment, numbers in found.items()}

        _complete(self._at_once, ((source, moment) for moment in moments), find, list)


def unwanted_names(record: Record) -> list[str]:
    """The names of a record by which it may have been forgotten: its addresses and numbers."""
    names = names_of(record)
    return [*addresses_of(names), *(number for name in names if (number := number_of(name)) is not None)]


def takes_over(store: Store, old: Record, new: Record) -> bool:
    """Whether a record belongs to another source than it was filed under: its address is that one's own."""
    if old.source == new.source or pointed_at(new.key) is not None:
        return False
    ours, theirs = store.sources.get(new.source), store.sources.get(old.source)
    return (
        ours is not None
        and theirs is not None
        and same_site(ours.home, old.url)
        and not same_site(theirs.home, old.url)
    )


def _complete(
    known: dict[K, V], keys: Iterable[K], find: Callable[[Iterable[K]], Mapping[K, V]], nothing: Callable[[], V]
) -> None:
    """Read what is not known of these keys; those that are not there are `nothing`."""
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    if missing:
        found = find(missing)
        known |= {key: found[key] if key in found else nothing() for key in missing}


def _none() -> None:
    return None
