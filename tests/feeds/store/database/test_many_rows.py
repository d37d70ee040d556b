"""Many rows by one statement: which statements can, what is written, and when rows go one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds.store import Store, open_store
from feeds.store.database.location import PostgresLocation
from feeds.store.database.many_rows import MOST, Floats, Integers, Texts, many_rows
from feeds.store.database.postgres import PostgresConnection

COLUMNS = {"key": "text", "n": "bigint", "at": "double precision", "words": "tsvector"}


def test_the_statement_takes_a_column_at_a_time() -> None:
    many = many_rows("INSERT INTO t(key, n) VALUES(?,?) ON CONFLICT(key) DO NOTHING", lambda _: COLUMNS)
    assert many is not None
    assert many.sql == (
        "INSERT INTO t(key, n) SELECT given.c0, given.c1 FROM unnest(%s, %s) AS given(c0, c1)"
        " ON CONFLICT(key) DO NOTHING"
    )
    assert many.kinds == (Texts, Integers)
    assert many.values([("a", 1), ("a", 2)]) == [("a", "a"), (1, 2)]


def test_an_upsert_of_one_row_twice_goes_one_by_one() -> None:
    sql = "INSERT INTO t(key, n) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET n=t.n+excluded.n"
    many = many_rows(sql, lambda _: COLUMNS)
    assert many is not None and many.unique == (0,)
    assert many.values([("a", 1), ("b", 2)]) is not None
    assert many.values([("a", 1), ("a", 2)]) is None


def test_a_value_may_stand_in_an_expression_that_tells_its_type() -> None:
    many = many_rows("INSERT INTO t(at, words) VALUES(?, f(CAST(? AS TEXT), ','))", lambda _: COLUMNS)
    assert many is not None and many.kinds == (Floats, Texts)
    assert "SELECT given.c0, f(CAST(given.c1 AS TEXT), ',') FROM" in many.sql


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE t SET n=? WHERE key=?",
        "INSERT INTO t(key, n) VALUES(?,1)",
        "INSERT INTO t(words) VALUES(?)",
        "INSERT INTO t(key, n) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET n=?",
        "INSERT INTO t(key, n) VALUES(?,?) RETURNING n",
        "INSERT INTO t(key, n) SELECT ?, ?",
    ],
)
def test_no_statement_for_many(sql: str) -> None:
    assert many_rows(sql, lambda _: COLUMNS) is None


@pytest.fixture
def store(postgres_store_url: str, tmp_path: Path) -> Iterator[Store]:
    store = open_store(PostgresLocation(postgres_store_url, tmp_path))
    yield store
    store.close()


def made(store: Store) -> PostgresConnection:
    db = store.db
    assert isinstance(db, PostgresConnection)
    db.executescript("CREATE TABLE thing(n bigserial, key text PRIMARY KEY, count bigint, at float8, data bytea)")
    return db


@pytest.mark.real
def test_rows_are_written_as_they_are_and_in_their_order(store: Store) -> None:
    db = made(store)
    rows = [
        ("plain", 1, 0.5, b"\x00\xff"),
        ("nothing", None, None, None),
        ("", -(2**63), 3, b""),
        ('quotes " \\ {} , NULL', 2**63 - 1, 1e300, b"{}"),
        ("a\0b \U0001f600", 0, -0.0, b"x" * 100_000),
    ]
    db.executemany("INSERT INTO thing(key, count, at, data) VALUES(?,?,?,?)", rows)
    found = db.execute("SELECT key, count, at, data FROM thing ORDER BY n").fetchall()
    assert [tuple(row) for row in found] == [(key.replace("\0", "\ufffd"), *rest) for key, *rest in rows]


@pytest.mark.real
def test_more_rows_than_one_statement_takes(store: Store) -> None:
    db = made(store)
    db.executemany("INSERT INTO thing(key, count) VALUES(?,?)", [(str(n), n) for n in range(2 * MOST + 3)])
    assert tuple(db.execute("SELECT count(*), sum(count) FROM thing").fetchone()) == (
        2 * MOST + 3,
        sum(range(2 * MOST + 3)),
    )


@pytest.mark.real
def test_an_upsert_adds_up_whatever_stands_twice(store: Store) -> None:
    db = made(store)
    sql = "INSERT INTO thing(key, count) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET count=thing.count+excluded.count"
    with db.transaction():
        for key, count in (("a", 1), ("b", 10), ("a", 2), ("b", 20), ("a", 4)):
            db.later(sql, (key, count))
    assert [tuple(row) for row in db.execute("SELECT key, count FROM thing ORDER BY key")] == [("a", 7), ("b", 30)]


@pytest.mark.real
def test_a_statement_on_a_list_may_be_put_off(store: Store) -> None:
    db = made(store)
    db.executemany("INSERT INTO thing(key, count) VALUES(?,?)", [("a", 1), ("b", 1), ("c", 1)])
    with db.transaction():
        db.later("UPDATE thing SET count=?1 WHERE key IN (SELECT value FROM json_each(?2))", (5, '["a", "c"]'))
    assert [tuple(row) for row in db.execute("SELECT key FROM thing WHERE count=5 ORDER BY key")] == [("a",), ("c",)]


@pytest.mark.real
def test_a_table_that_a_script_changed_is_looked_at_again(store: Store) -> None:
    db = made(store)
    sql = "INSERT INTO thing(key, count) VALUES(?,?)"
    db.executemany(sql, [("a", 1), ("b", 2)])
    db.executescript("ALTER TABLE thing ALTER COLUMN count TYPE float8")
    db.executemany(sql, [("c", 0.5), ("d", 1.5)])
    assert db.execute("SELECT sum(count) FROM thing").fetchone()[0] == 5.0


@pytest.mark.real
def test_long_texts_are_packed_by_lz4_where_the_server_can(store: Store) -> None:
    db = made(store)
    (able,) = db.execute("SELECT count(*) FROM pg_settings WHERE name='default_toast_compression'").fetchone()
    if not able:
        pytest.skip("the server is older than PostgreSQL 14")
    db.execute("INSERT INTO thing(key, data) VALUES('long', ?)", (b"word " * 5000,))
    (method,) = db.execute("SELECT pg_column_compression(data) FROM thing").fetchone()
    (known,) = db.execute("SELECT enumvals FROM pg_settings WHERE name='default_toast_compression'").fetchone()
    assert method == ("lz4" if "lz4" in known else "pglz")
