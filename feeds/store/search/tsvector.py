"""The index of words in PostgreSQL: our own tokens, each behind the letter of its field, in a GIN index.

It knows which token is in which field of a record and not where, so that it nominates for phrases and NEAR. No stemming
and no dictionary of the server's is used: a query means what it means everywhere. A record of too many words for the
type has no words here, and is nominated always.
"""

from __future__ import annotations

from collections.abc import Iterable

from scrapers import Record

from ...topics import Node, field_tokens
from ...topics.query.tree import WORD_FIELDS, And, Near, Not, Or, Words
from ..database.connection import Row
from .word_index import LARGEST, Match, Order, WordIndex, is_exact_of

TOKEN_MOST = 400  # characters of a token; PostgreSQL takes 2,046 bytes
WORDS_MOST = 1_000_000  # bytes of all tokens of a record; PostgreSQL takes a little more

_LETTERS = {field: chr(ord("a") + place) for place, field in enumerate(WORD_FIELDS)}
_WEIGHTS = {"title": 10.0, "text": 1.0, "author": 4.0, "section": 2.0, "tag": 4.0}  # of a hit in each field
_KEEP = (
    "INSERT INTO search VALUES(?, array_to_tsvector(string_to_array(CAST(? AS TEXT), ' ')))"
    " ON CONFLICT(record) DO UPDATE SET words=excluded.words"
)


class TsVector(WordIndex):
    """The index of words over the table `record`."""

    version = "postgres 1"
    found = (
        "SELECT record AS found FROM search WHERE (words @@ CAST(? AS tsquery) OR words IS NULL) AND record<?"
        " ORDER BY record DESC LIMIT ?"
    )

    def switch_on(self) -> bool:
        """Empty an index of another version, and say that it is to be filled."""
        if self.is_on():
            return False
        if self.db.execute("SELECT 1 FROM record LIMIT 1").fetchone() is None:
            self.filled()
            return False
        with self.db.transaction():
            if not self.is_on():
                self.db.execute("DELETE FROM search")
        return True

    def filled(self) -> None:
        """From now on it is asked: it holds every record, as this version does."""
        self.db.execute(
            "INSERT INTO meta VALUES('search', ?) ON CONFLICT(name) DO UPDATE SET value=excluded.value",
            (self.version,),
        )

    def add(self, n: int, record: Record) -> None:
        """Take up a record under its number, in the place of what was there."""
        self.db.later(_KEEP, (n, words_of(record)))

    def remove(self, n: int, record: Record) -> None:
        """Take a record out; a record that is removed takes its words along."""
        self.db.execute("DELETE FROM search WHERE record=?", (n,))

    def replace(self, n: int, old: Record, new: Record) -> None:
        """Replace the content of a record that was revised."""
        words = words_of(new)
        if words_of(old) != words:
            self.db.later(_KEEP, (n, words))

    def purge(self, *, first: bool) -> bool:
        """What was taken out is written over by the server's own vacuum."""
        return False

    def missing(self, limit: int = 500, before: int = LARGEST) -> list[int]:
        """Numbers of records that the index does not hold yet. Newest first."""
        rows = self.db.execute(
            "SELECT n FROM record WHERE n<? AND NOT EXISTS (SELECT 1 FROM search WHERE search.record=record.n)"
            " ORDER BY n DESC LIMIT ?",
            (before, limit),
        )
        return [row[0] for row in rows]

    @staticmethod
    def text_of(node: Node) -> str | None:
        """A tsquery for a query."""
        return tsquery_of(node)

    @staticmethod
    def is_exact(node: Node) -> bool:
        """Whether `tsquery_of` is not wider than the query."""
        return is_exact(node)

    def rows(self, node: Node, match: Match, after: int, order: Order) -> Iterable[Row]:
        """What a query finds; "best": in which fields its words are, a title before all others."""
        score, values = "0", []
        if order == "best":
            parts = [(weight, tsquery_of(node, field)) for field, weight in _WEIGHTS.items()]
            told = [(weight, text) for weight, text in parts if text is not None]
            score = "+".join(f"CASE WHEN words @@ CAST(? AS tsquery) THEN {weight} ELSE 0 END" for weight, _ in told)
            values = [text for _, text in told]
        return self.db.execute(
            f"SELECT n, source, url, publisher, language, published, {score or '0'} AS score"  # noqa: S608  our names
            " FROM search JOIN record ON n=search.record WHERE (words @@ CAST(? AS tsquery) OR words IS NULL)"
            " AND published>=? ORDER BY score DESC, published DESC, n DESC",
            (*values, match.text, after),
        )


def words_of(record: Record) -> str | None:
    """What is kept of a record: its tokens behind the letters of their fields, in one text, which is sent faster than
    a list; None for more than the type takes."""
    parts = []
    for field, told in field_tokens(record).items():
        letter = _LETTERS[field]
        words = dict.fromkeys(told)
        if words and max(map(len, words)) > TOKEN_MOST:
            words = dict.fromkeys(word[:TOKEN_MOST] for word in words)
        parts += [letter + f" {letter}".join(words)] if words else []
    found = " ".join(parts)
    return None if len(found) > WORDS_MOST // 4 and len(found.encode()) > WORDS_MOST else found


def tsquery_of(node: Node, only: str | None = None) -> str | None:
    """PostgreSQL's tsquery for a query: just it, or a wider one; None where words do not narrow it.

    `only`: as if its words were asked of this field alone, and none of them excluded; None where it asks none of it.
    """
    if isinstance(node, Words | Near):
        phrases = (node,) if isinstance(node, Words) else node.phrases
        tokens = [
            (one, phrase.prefix and place == len(phrase.tokens) - 1)
            for phrase in phrases
            for place, one in enumerate(phrase.tokens)
        ]
        fields = [field for field in node.fields if only in (None, field)]
        told = [_all([_lexeme(field, one, prefix=prefix) for one, prefix in tokens], "&") for field in fields]
        return _all(told, "|") if told and tokens else None
    if isinstance(node, And):
        wanted = [one for one in (tsquery_of(part, only) for part in node.parts) if one is not None]
        if not wanted:
            return None
        if only is not None:
            return _all(wanted, "|")
        unwanted = [tsquery_of(part.part) for part in node.parts if isinstance(part, Not) and is_exact(part.part)]
        return _all([*wanted, *(f"!({one})" for one in unwanted if one is not None)], "&")
    if isinstance(node, Or):
        matches = [tsquery_of(part, only) for part in node.parts]
        told = [one for one in matches if one is not None]
        return None if not told or (only is None and None in matches) else _all(told, "|")
    return None


def is_exact(node: Node) -> bool:
    """Whether `tsquery_of` is not wider than the query: only then may it exclude."""
    return is_exact_of(node, _is_one_token)


def _is_one_token(words: Words | Near) -> bool:
    if isinstance(words, Near):
        return False
    return words.exact is None and len(words.tokens) == 1 and len(words.tokens[0]) < TOKEN_MOST


def _lexeme(field: str, token: str, *, prefix: bool) -> str:
    text = f"{_LETTERS[field]}{token[:TOKEN_MOST]}".replace("\\", "\\\\").replace("'", "''")
    return f"'{text}'{':*' if prefix else ''}"


def _all(parts: list[str], operator: str) -> str:
    return f"({f' {operator} '.join(parts)})"
