"""All rules at once: an index from what rules need to the rules, so that a record meets only those it could match.

A rule is filed under its need set (`Rule.needs`): keys of which a matching record has at least one. A record's keys
pick the candidates, and only these are evaluated. Adding, changing or removing a topic touches its own keys.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from scrapers import Record

from ...model import Topic
from ..subjects.subjects import Subjects
from ..subjects.subjects import subjects as shipped_subjects
from .conditions import PREFIX
from .document import Doc, doc
from .rules import Frequency, Rule, asks_of_story, compile, estimate, keys_of


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that a record belongs to, and the clause that decided, in words."""

    topic: str  # the topic's name
    clause: str


class Engine:
    """The topics of an installation, indexed. Not shared between threads."""

    def __init__(
        self, topics: Iterable[Topic] = (), *, frequency: Frequency = estimate, subjects: Subjects | None = None
    ) -> None:
        """`subjects` says what sections and tags stand for. Raises QueryError for the first query that is wrong."""
        self.subjects = subjects or shipped_subjects()
        self._frequency = frequency
        self._rules: dict[str, Rule] = {}
        self._order: dict[str, int] = {}
        self._added = 0
        self._needs: dict[str, frozenset[str] | None] = {}
        self._by_key: dict[str, set[str]] = {}
        self._by_prefix: dict[str, set[str]] = {}
        self._lengths: dict[str, Counter[int]] = {}  # of the prefixes, by their first three letters
        self._always: set[str] = set()
        self._moving: set[str] = set()  # those whose answer about a record may change while the record does not
        for topic in topics:
            self.add(topic)

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, name: object) -> bool:
        return name in self._rules

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def __getitem__(self, name: str) -> Rule:
        return self._rules[name]

    def add(self, topic: Topic) -> Rule:
        """Add a topic, or change the one of this name; QueryError, and nothing is changed, when its query is wrong."""
        rule = compile(topic)
        if topic.name in self._rules:
            self._unfile(topic.name)
        else:
            self._order[topic.name] = self._added
            self._added += 1
        self._rules[topic.name] = rule
        self._file(topic.name, rule)
        return rule

    def remove(self, name: str) -> None:
        """Remove a topic; KeyError when there is none of this name."""
        del self._rules[name]
        del self._order[name]
        self._unfile(name)

    def classify(
        self,
        record: Record,
        *,
        outlets: int = 1,
        is_copy: bool = False,
        medtops: Iterable[str] | None = None,
        now: datetime | None = None,
    ) -> tuple[Match, ...]:
        """The topics that `record` belongs to, in the order in which they were added.

        `outlets`: how many outlets carry its story; `is_copy`: another had it first; `medtops`: its IPTC codes, by
        default those of its section and tags; `now`: for the topics' max_age, by default when it was first seen.
        """
        codes = self.subjects.of(record) if medtops is None else medtops
        return self.match(doc(record, outlets=outlets, is_copy=is_copy, medtops=codes), now)

    def classify_again(
        self, record: Record, held: Mapping[str, str], *, outlets: int, is_copy: bool, now: datetime
    ) -> dict[str, str]:
        """The topics of a record that did not change, after its story did, with clauses. `held`: those before."""
        kept = {name: clause for name, clause in held.items() if name not in self._moving}
        if self._moving:
            document = doc(record, outlets=outlets, is_copy=is_copy, medtops=self.subjects.of(record))
            rules = [self._rules[name] for name in sorted(self._moving, key=self._order.__getitem__)]
            kept |= {rule.topic.name: rule.clause(document) for rule in rules if rule.holds(document, now)}
        return kept

    def match(self, document: Doc, now: datetime | None = None) -> tuple[Match, ...]:
        """As `classify`, for a document that is already cut into tokens."""
        return tuple(Match(rule.topic.name, rule.clause(document)) for rule in self.rules_of(document, now))

    def rules_of(self, document: Doc, now: datetime | None = None) -> list[Rule]:
        """The rules that hold for a document, in the order in which they were added."""
        when = now if now is not None else document.record.first_seen
        rules = self._rules
        names = [name for name in self._candidates(document) if rules[name].holds(document, when)]
        names.sort(key=self._order.__getitem__)
        return [rules[name] for name in names]

    def _candidates(self, document: Doc) -> set[str]:
        found = set(self._always)
        if not self._by_key and not self._by_prefix:
            return found
        keys = keys_of(document)
        for key in self._by_key.keys() & keys:
            found |= self._by_key[key]
        prefixes, lengths = self._by_prefix, self._lengths
        begun = {key[:PREFIX] for key in keys} & lengths.keys() if lengths else ()
        for key in keys if begun else ():
            if key[:PREFIX] in begun:
                for length in lengths[key[:PREFIX]]:
                    if key[:length] in prefixes:
                        found |= prefixes[key[:length]]
        return found

    def _file(self, name: str, rule: Rule) -> None:
        if rule.topic.max_age is not None or asks_of_story(rule.node):
            self._moving.add(name)
        needs = rule.needs(self._frequency)
        self._needs[name] = needs
        if needs is None:
            self._always.add(name)
            return
        for key in needs:
            head = key.rstrip("*")
            if head == key:
                self._by_key.setdefault(key, set()).add(name)
                continue
            if head not in self._by_prefix:
                self._by_prefix[head] = set()
                self._lengths.setdefault(head[:PREFIX], Counter())[len(head)] += 1
            self._by_prefix[head].add(name)

    def _unfile(self, name: str) -> None:
        needs = self._needs.pop(name)
        self._always.discard(name)
        self._moving.discard(name)
        for key in needs or ():
            head = key.rstrip("*")
            bucket = self._by_key if head == key else self._by_prefix
            bucket[head].discard(name)
            if bucket[head]:
                continue
            del bucket[head]
            if head != key:
                lengths = self._lengths[head[:PREFIX]]
                lengths[len(head)] -= 1
                self._lengths[head[:PREFIX]] = +lengths  # without those that are down to nothing
                if not self._lengths[head[:PREFIX]]:
                    del self._lengths[head[:PREFIX]]
