"""The full-text index: FTS5, fed the tokens of `feeds.topics`, so that it means what the topic language means.

The table holds no text, only which token stands where in which record. It is optional: without it, or for records that
it does not hold yet, `candidates` gives every record that its facts do not refuse, and the evaluator decides as always.
What `candidates` gives is never too little; whoever asks evaluates the rule on each record.

A contentless table forgets a row only when it is told the row's tokens again. `VERSION` therefore changes with
everything that changes tokens, and a table of another version is built anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Literal

from scrapers import Record

from ..topics import Facts, Node, Rule, field_tokens, settled_of
from ..topics.query import WORD_FIELDS, And, Near, Not, Or, Words

VERSION = "1"
PURGED_AT_ONCE = 200  # pages that one step of `purge` writes

_COLUMNS = ", ".join(WORD_FIELDS)
# `ascii` takes every other character for part of a token and folds nothing; + # & are part of c++, c# and at&t.
_CREATE = f"CREATE VIRTUAL TABLE search USING fts5({_COLUMNS}, content='', tokenize=\"ascii tokenchars '+#&'\")"
_INSERT = f"INSERT INTO search(rowid, {_COLUMNS}) VALUES(?,?,?,?,?,?)"
_DELETE = f"INSERT INTO search(search, rowid, {_COLUMNS}) VALUES('delete',?,?,?,?,?,?)"
_WEIGHTS = "10.0, 1.0, 4.0, 2.0, 4.0"  # of a hit in each column, in the order of WORD_FIELDS


def switch_on(db: sqlite3.Connection) -> bool:
    """Make the table where there is none of this version; whether it was made and `index_missing` has work to do."""
    if is_on(db):
        return False
    db.execute("SAVEPOINT switching")
    try:
        # A write first: it waits for another process that may be switching on at this moment.
        db.execute("INSERT INTO meta VALUES('search', '') ON CONFLICT(name) DO NOTHING")
        made = not is_on(db)
        if made:
            db.execute("DROP TABLE IF EXISTS search")
            db.execute(_CREATE)
            db.execute("UPDATE meta SET value=? WHERE name='search'", (VERSION,))
    except BaseException:
        db.execute("ROLLBACK TO switching")
        db.execute("RELEASE switching")
        raise
    db.execute("RELEASE switching")
    return made


def is_on(db: sqlite3.Connection) -> bool:
    """Whether there is a table of this version."""
    row = db.execute("SELECT value FROM meta WHERE name='search'").fetchone()
    return row is not None and row[0] == VERSION


def index(db: sqlite3.Connection, n: int, record: Record) -> None:
    """Take up a new record under its number; nothing happens while the index is off. Inside the store's transaction."""
    if is_on(db):
        db.execute(_INSERT, (n, *_row(record)))


def unindex(db: sqlite3.Connection, n: int, record: Record) -> None:
    """Take a record out. `record` is as it was indexed: before its revision or removal."""
    if is_on(db) and _holds(db, n):
        db.execute(_DELETE, (n, *_row(record)))


def reindex(db: sqlite3.Connection, n: int, old: Record, new: Record) -> None:
    """Replace the content of a record that was revised."""
    if _row(old) != _row(new):
        unindex(db, n, old)
        index(db, n, new)


def purge(db: sqlite3.Connection, *, first: bool) -> bool:
    """One step of writing the index anew without what was taken out of it; whether more steps are needed.

    A record that is taken out is only crossed out: its words stay in the file until the parts of the index are merged.
    """
    if not is_on(db):
        return False
    before = db.total_changes
    db.execute("INSERT INTO search(search, rank) VALUES('merge', ?)", (-PURGED_AT_ONCE if first else PURGED_AT_ONCE,))
    return db.total_changes - before >= 2  # as sqlite.org/fts5.html has it


def missing(db: sqlite3.Connection, limit: int = 500) -> list[int]:
    """Numbers of records that the index does not hold yet: those from before it was switched on. Newest first."""
    if not is_on(db):
        return []
    rows = db.execute(
        "SELECT n FROM record WHERE NOT EXISTS (SELECT 1 FROM search_docsize WHERE id=n) ORDER BY n DESC LIMIT ?",
        (limit,),
    )
    return [row[0] for row in rows]


def candidates(
    db: sqlite3.Connection,
    rule: Rule | Node,
    *,
    since: datetime | None = None,
    now: datetime | None = None,
    order: Literal["newest", "best"] = "newest",
) -> Iterator[int]:
    """Numbers of the records that may fulfil a rule or a query, each once, in the order wished for.

    `since`: only records published then or later; `now`: for a topic's max_age. "best" ranks by BM25, a word in the
    title counting ten times; records that the index does not hold, and queries without words, come newest first.
    """
    node = rule.node if isinstance(rule, Rule) else rule
    settled = settled_of(node)
    for row in _rows(db, match_of(node) if is_on(db) else None, since, order):
        facts = Facts(
            source=row[1], url=row[2], publisher=row[3], language=row[4], published=datetime.fromtimestamp(row[5], UTC)
        )
        if settled(facts) is False:
            continue
        if isinstance(rule, Rule) and now is not None and rule.barred(facts, now) is not None:
            continue
        yield row[0]


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
        unwanted = [match_of(part.part) for part in node.parts if isinstance(part, Not) and _is_exact(part.part)]
        return " NOT ".join([_all(wanted, "AND"), *(f"({one})" for one in unwanted)])
    if isinstance(node, Or):
        matches = [match_of(part) for part in node.parts]
        return None if None in matches else _all([one for one in matches if one is not None], "OR")
    return None


def _rows(
    db: sqlite3.Connection, match: str | None, since: datetime | None, order: Literal["newest", "best"]
) -> Iterable[sqlite3.Row]:
    fields = "n, source, url, publisher, language, published"
    after = int(since.timestamp()) if since is not None else -(2**62)
    if match is None:
        return db.execute(
            f"SELECT {fields} FROM record WHERE published>=? ORDER BY published DESC, n DESC",  # noqa: S608  (ours)
            (after,),
        )
    score, first = (f"bm25(search, {_WEIGHTS})", "score, ") if order == "best" else ("0", "")
    return db.execute(
        f"SELECT {fields} FROM (SELECT rowid AS found, {score} AS score FROM search WHERE search MATCH ?"  # noqa: S608
        " UNION ALL SELECT n, 0 FROM record WHERE NOT EXISTS (SELECT 1 FROM search_docsize WHERE id=n))"
        f" JOIN record ON n=found WHERE published>=? ORDER BY {first}published DESC, n DESC",
        (match, after),
    )


def _row(record: Record) -> list[str]:
    found = field_tokens(record)
    return [" ".join(found[field]) for field in WORD_FIELDS]


def _holds(db: sqlite3.Connection, n: int) -> bool:
    return db.execute("SELECT 1 FROM search_docsize WHERE id=?", (n,)).fetchone() is not None


def _columns(fields: tuple[str, ...]) -> str:
    return f"{{{' '.join(fields)}}}"


def _phrase(node: Words) -> str:
    # Tokens hold no quotation marks: letters, digits, marks, + # & alone.
    return f'"{" ".join(node.tokens)}"{" *" if node.prefix else ""}'


def _all(parts: list[str], operator: str) -> str:
    return f"({f') {operator} ('.join(parts)})"


def _is_exact(node: Node) -> bool:
    """Whether `match_of` is not wider than the query: only then may it exclude."""
    if isinstance(node, Words):
        return node.exact is None
    if isinstance(node, Near):
        return True
    if isinstance(node, Or):
        return all(_is_exact(part) for part in node.parts)
    if isinstance(node, And):
        return any(not isinstance(part, Not) for part in node.parts) and all(
            _is_exact(part.part if isinstance(part, Not) else part) for part in node.parts
        )
    return False
