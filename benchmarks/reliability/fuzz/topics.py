"""Checks of topics: the query language, its imports, and the full-text index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from benchmarks.reliability.fuzz.common import as_text, of_tests
from feeds.errors import QueryError
from feeds.model import Topic
from feeds.store.database.sqlite import SqliteConnection
from feeds.store.search.fulltext import FullText, match_of
from feeds.topics import Imported, compile, doc, from_freshrss, from_miniflux, parse, written
from feeds.topics.query.parse import MAX_LENGTH as LONGEST_QUERY
from feeds.topics.query.tree import And, Node, Not, Or, leaves


@cache
def _indexed() -> tuple[SqliteConnection, dict[int, Any]]:
    """Eighty random records, once in the full-text index and once as the evaluator sees them."""
    db = SqliteConnection(sqlite3.connect(":memory:", isolation_level=None))
    db.execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    db.execute(
        "CREATE TABLE record("
        "n INTEGER PRIMARY KEY, source TEXT, url TEXT, publisher TEXT, language TEXT, published INTEGER)"
    )
    FullText(db).switch_on()
    chance = Random(5)
    random_record, keep = (
        of_tests("tests.support.topics_at_random", "random_record"),
        of_tests("tests.feeds.store.search.test_fulltext", "keep"),
    )
    records = {n: random_record(chance, n) for n in range(1, 81)}
    for n, record in records.items():
        keep(db, n, record)
    return db, {n: doc(record) for n, record in records.items()}


def _agrees(query: str) -> None:
    """Parsing, writing and parsing again is the same; the index offers what the evaluator finds."""
    node = parse(query)
    if len(written(node)) > LONGEST_QUERY:  # what is written out may be longer than what a person may write
        return
    assert written(parse(written(node))) == written(node), (query, written(node), written(parse(written(node))))
    rule, again = compile(Topic("t", "T", query)), compile(Topic("t", "T", written(node)))
    db, documents = _indexed()
    mine = {n for n, document in documents.items() if rule.test(document)}
    assert mine == {n for n, document in documents.items() if again.test(document)}, (query, written(node))
    assert mine <= set(FullText(db).candidates(rule)), (query, "the index misses one")
    match = match_of(node)
    sayable = all(not _excludes(part) for part in _alternatives(node))  # else the index gives more, never less
    plain = all(type(leaf).__name__ in ("Words", "Near") and not getattr(leaf, "exact", None) for leaf in leaves(node))
    if match is not None and plain and sayable:
        theirs = {row[0] for row in db.execute("SELECT rowid FROM search WHERE search MATCH ?", (match,))}
        assert mine == theirs, (query, match)


def _alternatives(node: Node) -> Iterator[Node]:
    """The parts of every OR of a tree."""
    if isinstance(node, And | Or):
        for part in node.parts:
            if isinstance(node, Or):
                yield part
            yield from _alternatives(part)
    elif isinstance(node, Not):
        yield from _alternatives(node.part)


def _excludes(node: Node) -> bool:
    """Whether a NOT stands anywhere in a tree."""
    return isinstance(node, Not) or (isinstance(node, And | Or) and any(_excludes(part) for part in node.parts))


def check_query(data: bytes, by: Random) -> None:
    query = of_tests("tests.support.topics_at_random", "random_query")(by) if by.random() < 0.3 else as_text(data, by)
    try:
        _agrees(query)
    except QueryError as error:
        wrong = error
    else:
        return
    assert wrong.reason and 0 <= wrong.position <= len(query), (query, wrong.position)


def check_imports(data: bytes, by: Random) -> None:
    search_for = as_text(data, by)
    found: list[Imported] = [from_freshrss(search_for), from_miniflux(search_for), from_miniflux("", search_for)]
    for one in found:
        assert one.query is not None or one.notes or not search_for.strip(), "lost without a word"
        if one.query is not None:
            _agrees(one.query)
