import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from topics_at_random import NOW, random_query, random_record, record

from feeds.model import Topic
from feeds.store import search
from feeds.topics import Doc, compile, doc, parse, written
from feeds.topics.query import leaves
from scrapers import Record


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        connection.execute(
            "CREATE TABLE record("
            "n INTEGER PRIMARY KEY, source TEXT, url TEXT, publisher TEXT, language TEXT, published INTEGER)"
        )
        search.switch_on(connection)
        yield connection


def keep(db: sqlite3.Connection, n: int, one: Record) -> None:
    db.execute(
        "INSERT INTO record VALUES(?,?,?,?,?,?)",
        (n, one.source, one.url, one.publisher, one.language, int(one.published.timestamp())),
    )
    search.index(db, n, one)


def found(db: sqlite3.Connection, query: str, records: dict[int, Record] | None = None, **options: object) -> list[int]:
    rule = compile(Topic("t", "T", query))
    numbers = list(search.candidates(db, rule, **options))  # type: ignore[arg-type]
    return [n for n in numbers if records is None or rule.test(doc(records[n]))]


def test_fts5_and_the_evaluator_agree_on_every_pair(db: sqlite3.Connection) -> None:
    chance = random.Random(11)
    records = {n: random_record(chance, n) for n in range(1, 81)}
    documents: dict[int, Doc] = {n: doc(one) for n, one in records.items()}
    for n, one in records.items():
        keep(db, n, one)
    exact = pairs = hits = 0
    for _ in range(600):
        query = random_query(chance)
        node = parse(query)
        rule = compile(Topic("t", "T", query))
        mine = {n for n, document in documents.items() if rule.test(document)}
        wider = set(search.candidates(db, rule))
        assert mine <= wider, query
        match = search.match_of(node)
        if match is not None and all(type(leaf).__name__ in ("Words", "Near") for leaf in leaves(node)):
            theirs = {row[0] for row in db.execute("SELECT rowid FROM search WHERE search MATCH ?", (match,))}
            assert mine == theirs, (query, written(node), match)
            exact += 1
            pairs += len(documents)
            hits += len(mine)
    assert exact > 150 and pairs > 10_000 and hits > 500  # enough that the agreement says something


@pytest.mark.parametrize(
    ("query", "text", "agrees"),
    [
        ("c++", "written in C++", True),
        ("c", "written in C++", False),
        ("AT&T", "by AT&T Inc", True),
        ('"at t"', "by AT&T Inc", False),
        ("東京", "今日の東京は", True),
        ("京東", "今日の東京は", False),
        ("ไทย", "ประเทศไทย", True),
        ("zurich", "in Zürich", True),
        ("strasse", "Straße", True),
        ("o'brien", "O’Brien", True),
        ("u.s.", "the U.S. said", True),
        ("covid*", "covid-19", True),
        ("हिन्दी", "हिन्दी में", True),
        ("हिन्*", "हिन्दी में", True),
        ("NEAR(a c, 1)", "a b c", True),
        ("NEAR(a d, 1)", "a b c d", False),
        ('NEAR("a b" c d, 2)', "a b x c d", True),
        ('NEAR("a b" c d, 1)', "a b x c d", False),
        ('NEAR("a b" "b c", 1)', "a b c", True),
        ("NEAR(a a, 1)", "a", True),
        ("NEAR(abc* z, 2)", "abcd x z", True),
    ],
)
def test_words_of_all_kinds_are_the_same_to_both(db: sqlite3.Connection, query: str, text: str, agrees: bool) -> None:
    keep(db, 1, record(text, title="-"))
    assert bool(found(db, query)) is agrees
    assert compile(Topic("t", "T", query)).test(doc(record(text, title="-"))) is agrees


def test_orders(db: sqlite3.Connection) -> None:
    keep(db, 1, record("gas and oil", title="Oil", published=NOW - timedelta(hours=3)))
    keep(db, 2, record("a bit of gas", title="Else", published=NOW - timedelta(hours=1)))
    keep(db, 3, record("more words and words about it", title="Gas", published=NOW - timedelta(hours=2)))
    assert found(db, "gas") == [2, 3, 1]
    assert found(db, "gas", order="best")[0] == 3
    assert found(db, "gas", since=NOW - timedelta(hours=2)) == [2, 3]
    assert found(db, "lang:de", order="best") == []
    assert found(db, "after:2026", order="best") == [2, 3, 1]


def test_facts_refuse_before_the_text_is_read(db: sqlite3.Connection) -> None:
    keep(db, 1, record("gas", source="courier", language="de"))
    keep(db, 2, record("gas", source="herald", language="en", publisher="The Daily Herald"))
    assert found(db, "gas source:courier") == [1]
    assert found(db, 'source:"the daily herald"') == [2]
    assert found(db, "lang:de OR lang:en") == [2, 1]
    assert found(db, "gas -lang:de") == [2]
    assert found(db, "before:2020 OR (gas url:/a)") == [2, 1]
    rule = compile(Topic("t", "T", "gas", sources=("herald",), max_age=60.0))
    assert list(search.candidates(db, rule, now=NOW)) == [2]
    assert list(search.candidates(db, rule, now=NOW + timedelta(hours=1))) == []


def test_records_that_are_not_indexed_are_found_all_the_same(db: sqlite3.Connection) -> None:
    db.execute("DROP TABLE search")
    db.execute("DELETE FROM meta WHERE name='search'")
    records = {n: record("gas" if n % 2 else "oil", id=str(n)) for n in range(1, 7)}
    for n, one in records.items():
        keep(db, n, one)
    assert found(db, "gas", records) == [5, 3, 1]
    assert search.missing(db) == []  # off: nothing is missing
    assert search.switch_on(db) and not search.switch_on(db)
    assert search.missing(db, 2) == [6, 5]
    search.index(db, 5, records[5])
    assert search.missing(db) == [6, 4, 3, 2, 1]
    assert found(db, "gas", records) == [5, 3, 1]
    assert found(db, "gas", records, order="best") == [5, 3, 1]
    for n in search.missing(db):
        search.index(db, n, records[n])
    assert found(db, "gas") == [5, 3, 1]


def test_revised_and_removed_records_leave_nothing_behind(db: sqlite3.Connection) -> None:
    old, new = record("gas pipeline", tags=("energy",)), record("oil tanker", tags=("energy",))
    keep(db, 1, old)
    keep(db, 2, record("gas"))
    search.reindex(db, 1, old, new)
    assert found(db, "gas") == [2] and found(db, "tanker") == [1] and found(db, "tag:energy") == [1]
    search.unindex(db, 1, new)
    search.unindex(db, 1, new)
    db.execute("DELETE FROM record WHERE n=1")
    assert found(db, "tanker") == [] and found(db, "tag:energy") == []
    db.execute("INSERT INTO search(search) VALUES('integrity-check')")


def test_a_table_of_another_version_is_made_anew(db: sqlite3.Connection) -> None:
    keep(db, 1, record("gas"))
    db.execute("UPDATE meta SET value='0' WHERE name='search'")
    assert not search.is_on(db)
    assert search.switch_on(db)
    assert search.missing(db) == [1]


def test_the_largest_queries_are_taken(db: sqlite3.Connection) -> None:
    keep(db, 1, record("w199"))
    assert found(db, " OR ".join(f"w{n}" for n in range(200))) == [1]
    assert found(db, "w199 " + " ".join(f"-x{n}" for n in range(199))) == [1]
    assert found(db, "(" * 20 + "w199" + ")" * 20) == [1]
    assert found(db, "w199 " + " ".join(f"w{n}" for n in range(199))) == []
