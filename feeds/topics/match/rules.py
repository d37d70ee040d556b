"""Topic → Rule: the compiled query, the topic's other settings, and the keys that a record needs to be evaluated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from ...model import Topic
from ..query.parse import parse
from ..query.tree import And, Copies, Everything, Language, Medtop, Near, Node, Not, Or, Outlets, Source, Words
from .document import Doc, Facts
from .evaluate import Test, test_of
from .explain import Clause, clause_of
from .tokens import is_single

Frequency = Callable[[str], float]
"""Of a key the share of records that have it, 0 to 1."""


class Rule:
    """A topic, ready to be asked. `test` is the query alone; `holds` also regards the topic's other settings."""

    __slots__ = ("_clause", "free", "node", "test", "topic")

    def __init__(self, topic: Topic, node: Node) -> None:
        self.topic = topic
        self.node = node
        self.test: Test = test_of(node)
        self.free = not (topic.sources or topic.exclude or topic.language or topic.max_age is not None)
        self._clause: Clause | None = None

    def holds(self, doc: Doc, now: datetime) -> bool:
        """Whether the record belongs to the topic at the time `now`."""
        return (self.free or self.barred(doc, now) is None) and self.test(doc)

    def clause(self, doc: Doc) -> str:
        """Of a record that belongs to the topic the clause that decided, in words."""
        if self._clause is None:
            self._clause = clause_of(self.node)
        return self._clause(doc) or ""

    def barred(self, doc: Facts, now: datetime) -> str | None:
        """Which setting besides the query keeps the record out, in words; None when none does."""
        topic = self.topic
        if topic.sources and doc.domains.isdisjoint(topic.sources):
            return f"its source {doc.source} is not among the topic's sources"
        if topic.exclude and not doc.domains.isdisjoint(topic.exclude):
            return f"its source {doc.source} is excluded from the topic"
        if topic.language and doc.language and not _same_language(doc.language, topic.language.lower()):
            return f"its language is {doc.language}, the topic's is {topic.language}"
        if topic.max_age is not None and doc.published < now - timedelta(seconds=topic.max_age):
            return "it is older than the topic's max_age"
        return None

    def needs(self, frequency: Frequency) -> frozenset[str] | None:
        """Keys of which a record has at least one if it can match (see `keys_of`); None: any record can."""
        choices = [found for found in (_needs(self.node, frequency),) if found is not None]
        if self.topic.sources:
            choices.append(frozenset(f"source:{name}" for name in self.topic.sources))
        return min(choices, key=lambda keys: sum(map(frequency, keys)), default=None)


def compile(topic: Topic) -> Rule:
    """The rule of a topic; no query is everything. Raises QueryError."""
    node = parse(topic.query) if topic.query is not None and topic.query.strip() else Everything()
    return Rule(topic, node)


def asks_of_story(node: Node) -> bool:
    """Whether a query looks at the story of a record: its copies or outlets."""
    if isinstance(node, And | Or):
        return any(map(asks_of_story, node.parts))
    if isinstance(node, Not):
        return asks_of_story(node.part)
    return isinstance(node, Copies | Outlets)


def keys_of(doc: Doc) -> set[str]:
    """What a document has that rules may need: its words, and `field:value` for the other fields."""
    keys = set(doc.anywhere)
    for field in ("author", "section", "tag"):
        keys.update(f"{field}:{token}" for token in doc.vocabulary[field])
    keys.update(f"source:{name}" for name in doc.domains)
    keys.add(f"publisher:{' '.join(doc.publisher)}")
    keys.update(f"topic:{code}" for code in doc.medtops)
    tag = doc.language
    while tag:
        keys.add(f"lang:{tag}")
        tag = tag.rpartition("-")[0]
    return keys


def estimate(key: str) -> float:
    """How often a key is met, guessed from its shape alone: long words are rare, a few short ones are everywhere."""
    field, colon, word = key.partition(":")
    if colon:
        return {"lang": 0.5, "section": 0.1, "topic": 0.1}.get(field, 0.02)
    prefix = field.endswith("*")
    word = field.rstrip("*")
    if word in _COMMON:
        return 0.9
    if is_single(word):
        return 0.15
    share = _BY_LENGTH[min(len(word), len(_BY_LENGTH) - 1)]
    return min(0.9, share * 4) if prefix else share


_BY_LENGTH = (1.0, 0.5, 0.4, 0.2, 0.12, 0.08, 0.05, 0.03, 0.02, 0.015, 0.01)
_COMMON = frozenset(
    """a about after all also an and are as at be been but by can could for from had has have he her his i if in into is
    it its last more new no not of on one or other out over said she so some than that the their them there they this
    time to two up us was we were what when which who will with would year years you
    aber als am an auch auf aus bei bis das dass dem den der des die ein eine einem einen einer er es für hat ich im in
    ist mit nach nicht noch oder sein sich sie sind so über um und uns von vor war was werden wie wird zu zum zur
    al au aux avec ce ces con contra como cette da dal dans das de del della des dei di do dos du e el elle em en entre
    es est et était fue ha han il ils la las le les leur lo los mais más na no nos o os où ou par para pas per più plus
    pour por que qui se ser si sin sobre son su sua sul sur um uma un una une y""".split()  # noqa: SIM905  (words)
)


def _needs(node: Node, frequency: Frequency) -> frozenset[str] | None:
    if isinstance(node, Words):
        return frozenset((min(_word_keys(node), key=frequency),))
    if isinstance(node, Near):
        return frozenset((min((key for phrase in node.phrases for key in _word_keys(phrase)), key=frequency),))
    if isinstance(node, Source):
        return frozenset((f"source:{node.name}", f"publisher:{' '.join(node.tokens)}"))
    if isinstance(node, Language):
        return frozenset((f"lang:{node.tag}",))
    if isinstance(node, Medtop):
        return frozenset((f"topic:{node.code}",))
    if isinstance(node, And):
        choices = [found for found in (_needs(part, frequency) for part in node.parts) if found is not None]
        return min(choices, key=lambda keys: sum(map(frequency, keys)), default=None)
    if isinstance(node, Or):
        keys: set[str] = set()
        for part in node.parts:
            found = _needs(part, frequency)
            if found is None:
                return None
            keys |= found
        return frozenset(keys)
    return None


def _word_keys(node: Words) -> list[str]:
    before = f"{node.fields[0]}:" if node.fields[0] in ("author", "section", "tag") else ""
    keys = [before + token for token in node.tokens]
    if node.prefix:
        keys[-1] += "*"
    return keys


def _same_language(have: str, want: str) -> bool:
    return have == want or have.startswith(want + "-")
