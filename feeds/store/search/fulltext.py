"""The full-text index: FTS5, fed the tokens of `feeds.topics`, so that it means what the topic language means.

The table holds no text, only which token stands where in which record. It is optional: without it, or for records that
it does not hold yet, `candidates` gives every record that its facts do not refuse, and the evaluator decides as always.
What `candidates` gives is never too little; whoever asks evaluates the rule on each record.

A contentless table forgets a row only when it is told the row's tokens again. `version` therefore changes with
everything that changes tokens, and a table of another version is built anew.
"""

from __future__ import annotations

from collections.abc import Iterable

from scrapers import Record

from ...topics import Node, field_tokens
from ...topics.query.tree import WORD_FIELDS, And, Near, Not, Or, Words
from ..database.connection import Row
from ..database.sqlite import SqliteConnection
from .word_index import LARGEST, Match, Order, WordIndex, is_exact_of

PURGED_AT_ONCE = 200  # pages that one step of `purge` writes

_COLUMNS = ", ".join(WORD_FIELDS)
# `ascii` takes every other character for part of a token and folds nothing; + # & are part of c++, c# and at&t.
_CREATE = f"CREATE VIRTUAL TABLE search USING fts5({_COLUMNS}, content='', tokenize=\"ascii tokenchars '+#&'\")"
_INSERT = f"INSERT INTO search(rowid, {_COLUMNS}) VALUES(?,?,?,?,?,?)"
_DELETE = f"INSERT INTO search(search, rowid, {_COLUMNS}) VALUES('delete',?,?,?,?,?,?)"
_MISSING = "NOT EXISTS (SELECT 1 FROM search_docsize WHERE id=n)"  # of a record in the index
_WEIGHTS = "10.0, 1.0, 4.0, 2.0, 4.0"  # of a hit in each column, in the order of WORD_FIELDS


class FullText(WordIndex):
    """The full-text index over the table `record`."""

    version = "1"
    found = "SELECT rowid AS found FROM search WHERE search MATCH ? AND rowid<? ORDER BY rowid DESC LIMIT ?"

    def __init__(self, db: SqliteConnection) -> None:
        super().__init__(db)
        self._sqlite = db
        self._whole = False  # no record is missing, checked once: records and their words are written together
        self._asked, self._on = -1, False  # in which transaction was looked whether the index is on, and whether it is

    def switch_on(self) -> bool:
        """Make the table where there is none of this version; whether it was made and `missing` has work to do."""
        if self.is_on():
            return False
        self.db.execute("SAVEPOINT switching")
        try:
            # A write first: it waits for another process that may be switching on at this moment.
            self.db.execute("INSERT INTO meta VALUES('search', '') ON CONFLICT(name) DO NOTHING")
            made = not self.is_on()
            if made:
                self.db.execute("DROP TABLE IF EXISTS search")
                self.db.execute(_CREATE)
                self.db.execute("UPDATE meta SET value=? WHERE name='search'", (self.version,))
        except BaseException:
            self.db.execute("ROLLBACK TO switching")
            self.db.execute("RELEASE switching")
            raise
        self.db.execute("RELEASE switching")
        self._whole = False
        return made

    def filled(self) -> None:
        """Called once nothing is missing any more."""

    # FTS5 buffers changes, but writes a segment whenever SQLite opens a savepoint, as it does within many statements:
    # for twenty records it would write twenty. So changes wait for the transaction's end.

    def add(self, n: int, record: Record) -> None:
        """Take up a new record under its number; nothing happens while the index is off."""
        if self._takes():
            row = (n, *_row(record))
            self.db.at_end(lambda: self.db.later(_INSERT, row))

    def remove(self, n: int, record: Record) -> None:
        """Take a record out. `record` is as it was indexed: before its revision or removal."""
        if self._takes():
            row = (n, *_row(record))
            self.db.at_end(lambda: self._remove(row))

    def read_ahead(self) -> None:
        """Look now whether the index is on."""
        self._takes()

    def _remove(self, row: tuple[object, ...]) -> None:
        if self._holds(row[0]):
            self.db.execute(_DELETE, row)

    def _takes(self) -> bool:
        """Whether the index is on; asked once in a transaction, which nobody else can switch it in."""
        if self._asked != self.db.serial or not self.db.in_transaction:
            self._asked, self._on = self.db.serial, self.is_on()
        return self._on

    def replace(self, n: int, old: Record, new: Record) -> None:
        """Replace the content of a record that was revised."""
        if _row(old) != _row(new):
            self.remove(n, old)
            self.add(n, new)

    def purge(self, *, first: bool) -> bool:
        """One step of writing the index anew without what was taken out of it; whether more steps are needed.

        A removed record is only marked as deleted: its words stay in the file until segments are merged.
        """
        if not self.is_on():
            return False
        with self.db.transaction():
            before = self._sqlite.total_changes
            self.db.execute(
                "INSERT INTO search(search, rank) VALUES('merge', ?)", (-PURGED_AT_ONCE if first else PURGED_AT_ONCE,)
            )
            return self._sqlite.total_changes - before >= 2  # as sqlite.org/fts5.html has it

    def missing(self, limit: int = 500, before: int = LARGEST) -> list[int]:
        """Numbers of records that the index does not hold yet: those from before it was switched on. Newest first."""
        if not self.is_on():
            return []
        self.db.catch_up()
        rows = self.db.execute(
            f"SELECT n FROM record WHERE n<? AND {_MISSING} ORDER BY n DESC LIMIT ?",  # noqa: S608
            (before, limit),
        )
        return [row[0] for row in rows]

    @staticmethod
    def text_of(node: Node) -> str | None:
        """FTS5's MATCH for a query."""
        return match_of(node)

    @staticmethod
    def is_exact(node: Node) -> bool:
        """Whether `match_of` is not wider than the query."""
        return is_exact(node)

    def rows(self, node: Node, match: Match, after: int, order: Order) -> Iterable[Row]:
        """What a query finds; "best" is by BM25, a word in the title counts ten times."""
        more = "" if self._is_whole() else f" UNION ALL SELECT n, 0 FROM record WHERE {_MISSING}"  # noqa: S608 ours
        score, first = (f"bm25(search, {_WEIGHTS})", "score, ") if order == "best" else ("0", "")
        return self.db.execute(
            "SELECT n, source, url, publisher, language, published"  # noqa: S608  our names
            f" FROM (SELECT rowid AS found, {score} AS score FROM search WHERE search MATCH ?{more})"
            f" JOIN record ON n=found WHERE published>=? ORDER BY {first}published DESC, n DESC",
            (match.text, after),
        )

    def _is_whole(self) -> bool:
        """Whether no record is missing in it. To see that takes long in a large store."""
        if not self._whole:
            self._whole = self.db.execute(f"SELECT 1 FROM record WHERE {_MISSING} LIMIT 1").fetchone() is None  # noqa: S608
        return self._whole

    def _holds(self, n: object) -> bool:
        return self.db.execute("SELECT 1 FROM search_docsize WHERE id=?", (n,)).fetchone() is not None


def match_of(node: Node) -> str | None:
    """FTS5's MATCH for a query: just it where it is all words, else a wider one; None where words do not narrow it."""
    if isinstance(node, Words):
        return f"{_columns(node.fields)} : {_phrase(node)}"
    if isinstance(node, Near):
        phrases = " ".join(map(_phrase, node.phrases))
        return f"{_columns(node.fields)} : NEAR({phrases}, {node.distance})"
    if isinstance(node, And):
        wanted = [one for one in map(match_of, node.parts) if one is not None]
        if not wanted:
            return None
        unwanted = [match_of(part.part) for part in node.parts if isinstance(part, Not) and is_exact(part.part)]
        return " NOT ".join([_all(wanted, "AND"), *(f"({one})" for one in unwanted)])
    if isinstance(node, Or):
        matches = [match_of(part) for part in node.parts]
        return None if None in matches else _all([one for one in matches if one is not None], "OR")
    return None


def _row(record: Record) -> list[str]:
    found = field_tokens(record)
    return [" ".join(found[field]) for field in WORD_FIELDS]


def _columns(fields: tuple[str, ...]) -> str:
    return f"{{{' '.join(fields)}}}"


def _phrase(node: Words) -> str:
    # Tokens hold no quotation marks: letters, digits, marks, + # & alone.
    return f'"{" ".join(node.tokens)}"{" *" if node.prefix else ""}'


def _all(parts: list[str], operator: str) -> str:
    return f"({f') {operator} ('.join(parts)})"


def is_exact(node: Node) -> bool:
    """Whether `match_of` is not wider than the query: only then may it exclude."""
    return is_exact_of(node, lambda words: isinstance(words, Near) or words.exact is None)
