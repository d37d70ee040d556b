"""What an index of words does, whichever database keeps it. What it gives is never too little: whoever asks evaluates.

It is fed the tokens of `feeds.topics`, so that it means what the topic language means.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Literal

from scrapers import Record

from ...topics import Facts, Node, Rule, settled_of
from ...topics.query.tree import And, Near, Not, Or, Words
from ..database.connection import Connection, Row

Order = Literal["newest", "best"]
LARGEST = 2**63 - 1  # number of a record


@dataclass(frozen=True, slots=True)
class Match:
    """What an index is asked for a query."""

    text: str
    exact: bool  # what it finds fulfils the query: there is nothing left to evaluate


class WordIndex(ABC):
    """The index of words over the table `record`. What writes is called inside a transaction."""

    version: ClassVar[str]
    """Of what is kept; an index of another version is built anew."""
    found: ClassVar[str]
    """The newest numbers that a match finds, as a select: for the match, the number they lie before, and how many."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    @abstractmethod
    def switch_on(self) -> bool:
        """Make the index where there is none of this version; whether it was made and `missing` has work to do."""

    def is_on(self) -> bool:
        """Whether there is an index of this version that can be asked."""
        row = self.db.execute("SELECT value FROM meta WHERE name='search'").fetchone()
        return row is not None and row[0] == self.version

    @abstractmethod
    def filled(self) -> None:
        """Nothing is missing any more."""

    def read_ahead(self) -> None:  # noqa: B027  not every database has to
        """Called in a transaction that will add records, before it writes."""

    @abstractmethod
    def add(self, n: int, record: Record) -> None:
        """Take up a new record under its number."""

    @abstractmethod
    def remove(self, n: int, record: Record) -> None:
        """Take a record out. `record` is as it was indexed: before its revision or removal."""

    @abstractmethod
    def replace(self, n: int, old: Record, new: Record) -> None:
        """Replace the content of a record that was revised."""

    @abstractmethod
    def purge(self, *, first: bool) -> bool:
        """One step of writing the index anew without what was taken out of it; whether more steps are needed."""

    @abstractmethod
    def missing(self, limit: int = 500, before: int = LARGEST) -> list[int]:
        """Numbers of records that the index does not hold yet, below `before`. Newest first."""

    @staticmethod
    @abstractmethod
    def text_of(node: Node) -> str | None:
        """A query in the language of the index: just it, or a wider one; None where words do not narrow it."""

    @staticmethod
    @abstractmethod
    def is_exact(node: Node) -> bool:
        """Whether `text_of` is not wider than the query: only then may it exclude."""

    def match(self, node: Node) -> Match | None:
        """What the index is asked for a query; None where words do not narrow it, or there is no index."""
        text = self.text_of(node) if self.is_on() else None
        return None if text is None else Match(text, self.is_exact(node))

    @abstractmethod
    def rows(self, node: Node, match: Match, after: int, order: Order) -> Iterable[Row]:
        """(n, source, url, publisher, language, published) of what `match`, made of `node`, finds since `after`."""

    def candidates(
        self, rule: Rule | Node, *, since: datetime | None = None, now: datetime | None = None, order: Order = "newest"
    ) -> Iterator[int]:
        """Numbers of the records that may fulfil a rule or a query, each once, in the order wished for.

        `since`: only records published then or later; `now`: for a topic's max_age. "best" ranks a word in the title
        above one in the text; records that the index does not hold, and queries without words, come newest first.
        """
        node = rule.node if isinstance(rule, Rule) else rule
        settled = settled_of(node)
        self.db.catch_up()
        after = int(since.timestamp()) if since is not None else -(2**62)
        match = self.match(node)
        if match is not None:
            found = self.rows(node, match, after, order)
        else:
            found = self.db.execute(
                "SELECT n, source, url, publisher, language, published FROM record WHERE published>=?"
                " ORDER BY published DESC, n DESC",
                (after,),
            )
        for row in found:
            facts = Facts(
                source=row[1],
                url=row[2],
                publisher=row[3],
                language=row[4],
                published=datetime.fromtimestamp(row[5], UTC),
            )
            if settled(facts) is False:
                continue
            if isinstance(rule, Rule) and now is not None and rule.barred(facts, now) is not None:
                continue
            yield row[0]


def is_exact_of(node: Node, of_words: Callable[[Words | Near], bool]) -> bool:
    """Whether an index has exactly what a query wants, if it has it of the query's words: `of_words` says of which."""
    if isinstance(node, Words | Near):
        return of_words(node)
    if isinstance(node, Or):
        return all(is_exact_of(part, of_words) for part in node.parts)
    if isinstance(node, And):
        return any(not isinstance(part, Not) for part in node.parts) and all(
            is_exact_of(part.part if isinstance(part, Not) else part, of_words) for part in node.parts
        )
    return False
