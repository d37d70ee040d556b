"""All rules at once: an index from what rules need to the rules, so that a record meets only those it could match.

A rule is filed under its need set (`Rule.needs`): keys of which a matching record has at least one. A record's keys
pick the candidates, and only these are evaluated. Adding, changing or removing a topic touches its own keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from scrapers import Record

from ..model import Topic
from .document import Doc, doc
from .explain import why
from .rules import Frequency, Rule, compile, estimate, keys_of


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that a record belongs to, and the clause that decided, in words."""

    topic: str  # the topic's name
    clause: str


class Engine:
    """The topics of an installation, indexed. Not shared between threads."""

    def __init__(self, topics: Iterable[Topic] = (), *, frequency: Frequency = estimate) -> None:
        """Raises QueryError for the first topic whose query is wrong."""
        self._frequency = frequency
        self._rules: dict[str, Rule] = {}
        self._order: dict[str, int] = {}
        self._added = 0
        self._needs: dict[str, frozenset[str] | None] = {}
        self._by_key: dict[str, set[str]] = {}
        self._by_prefix: dict[int, dict[str, set[str]]] = {}  # length of the prefix → prefix → names
        self._always: set[str] = set()
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
        medtops: Iterable[str] = (),
        now: datetime | None = None,
    ) -> tuple[Match, ...]:
        """The topics that `record` belongs to, in the order in which they were added.

        `outlets`: how many outlets carry its story; `is_copy`: another had it first; `medtops`: its IPTC codes;
        `now`: for the topics' max_age, by default when the record was first seen.
        """
        return self.match(doc(record, outlets=outlets, is_copy=is_copy, medtops=medtops), now)

    def match(self, document: Doc, now: datetime | None = None) -> tuple[Match, ...]:
        """As `classify`, for a document that is already cut into tokens."""
        return tuple(Match(rule.topic.name, why(rule.node, document)) for rule in self.rules_of(document, now))

    def rules_of(self, document: Doc, now: datetime | None = None) -> list[Rule]:
        """The rules that hold for a document, in the order in which they were added."""
        when = now if now is not None else document.record.first_seen
        rules = self._rules
        names = [name for name in self._candidates(document) if rules[name].holds(document, when)]
        names.sort(key=self._order.__getitem__)
        return [rules[name] for name in names]

    def _candidates(self, document: Doc) -> set[str]:
        keys = keys_of(document)
        found = set(self._always)
        for key in self._by_key.keys() & keys:
            found |= self._by_key[key]
        for length, prefixes in self._by_prefix.items():
            for head in prefixes.keys() & {key[:length] for key in keys}:
                found |= prefixes[head]
        return found

    def _file(self, name: str, rule: Rule) -> None:
        needs = rule.needs(self._frequency)
        self._needs[name] = needs
        if needs is None:
            self._always.add(name)
            return
        for key in needs:
            self._shelf(key).setdefault(key.rstrip("*"), set()).add(name)

    def _unfile(self, name: str) -> None:
        needs = self._needs.pop(name)
        self._always.discard(name)
        for key in needs or ():
            shelf, head = self._shelf(key), key.rstrip("*")
            shelf[head].discard(name)
            if not shelf[head]:
                del shelf[head]
                if key.endswith("*") and not shelf:
                    del self._by_prefix[len(head)]

    def _shelf(self, key: str) -> dict[str, set[str]]:
        if key.endswith("*"):
            return self._by_prefix.setdefault(len(key) - 1, {})
        return self._by_key
