"""All rows of a store into an empty one, of either kind: numbers, ids, dates, archives and tokens stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..errors import StoreUnusable
from .database.connection import Connection
from .store import Store

# referenced tables first; `search` is built anew from the records
TABLES = (
    "meta", "source", "front", "visit", "outcome", "story", "record", "alias", "revision", "topic", "moved",
    "topic_record", "host", "wish", "bad_page", "sketch", "sketch_segment", "archive", "archived", "unarchived",
    "given_visit", "subscription", "delivery", "health", "trouble", "told", "token", "repair", "forgotten", "api_token",
    "asked_feed", "asked_file",
)  # fmt: skip
NUMBERED = ("visit", "story", "record", "wish", "archive", "trouble", "sketch")  # `n` is given by the database
AT_ONCE = 500  # rows
LARGE_AT_ONCE = {"sketch_segment": 4}  # of tables whose rows have megabytes
OWN_TABLES = ("search",)  # of the kind of database, made from the others

Told = Callable[[str, int, int], None]
"""Called with the table, the rows copied, and the rows in all."""


def copy_store(source: Store, target: Store, told: Told = lambda what, done, of: None) -> int:
    """Fill an empty store with all that another one holds, in one transaction; how many rows that were.

    Raises StoreUnusable for a target that holds something, StoreBusy; the target is then as it was.
    """
    _refuse_filled(target)
    copied = 0
    with still(source.db), target.transaction():
        _refuse_filled(target)
        with without_triggers(target.db):
            target.db.execute("DELETE FROM meta")
            for table in TABLES:
                copied += _copy(source.db, target.db, table, told)
        for table in TABLES:
            before, after = (_count(db, table) for db in (source.db, target.db))
            if before != after:
                raise StoreUnusable(f"{after} of {before} rows of {table} arrived: nothing was copied")
        target.db.execute("DELETE FROM meta WHERE name='search'")  # the index is built again
        renumber(target.db)
    target.index_words(told)
    return copied


def _refuse_filled(store: Store) -> None:
    for table in TABLES:
        if table != "meta" and store.db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None:  # noqa: S608  ours
            raise StoreUnusable(f"{store.where}: holds a store already ({table}); copy into an empty one")


def _copy(source: Connection, target: Connection, table: str, told: Told) -> int:
    columns = columns_of(target, table)
    if set(columns) != set(columns_of(source, table)):
        raise StoreUnusable(f"the tables {table} of the two stores are not the same; upgrade both")
    of = _count(source, table)
    done = 0

    def rows() -> Iterator[Any]:
        nonlocal done
        for row in rows_of(source, table, columns):
            yield row
            done += 1
            if done % AT_ONCE == 0:
                told(table, done, of)

    target.add_rows(table, columns, rows())
    if done % AT_ONCE:
        told(table, done, of)
    return done


def _count(db: Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  our names


def columns_of(db: Connection, table: str) -> list[str]:
    """The columns of a table in their order."""
    if db.kind == "sqlite":
        return [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]
    rows = db.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema=current_schema() AND table_name=?"
        " ORDER BY ordinal_position",
        (table,),
    )
    return [row[0] for row in rows]


def rows_of(db: Connection, table: str, columns: Sequence[str]) -> Iterator[Any]:
    """The rows of a table, a few at a time, however many there are. While it stands `still`."""
    sql = f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608  our names
    if db.kind == "sqlite":
        yield from db.execute(sql)
        return
    from .database.postgres import PostgresConnection

    assert isinstance(db, PostgresConnection)
    with db.raw.cursor("copying") as cursor:  # on the server: a plain one would hold all rows in memory
        cursor.itersize = LARGE_AT_ONCE.get(table, AT_ONCE)
        cursor.execute(sql)
        yield from cursor


@contextmanager
def still(db: Connection) -> Iterator[None]:
    """A consistent snapshot of a store, while others write."""
    db.execute("BEGIN" if db.kind == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


@contextmanager
def without_triggers(db: Connection) -> Iterator[None]:
    """Rows come as they are, with what triggers made of them already. In a transaction."""
    if db.kind == "sqlite":
        made = db.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'").fetchall()
        for name, _ in made:
            db.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in made:
            db.execute(sql)
        return
    there = [table for table in TABLES if columns_of(db, table)]  # a copy may be of an earlier version
    for table in there:
        db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in there:
        db.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def renumber(db: Connection) -> None:
    """Give numbers behind those that are there; SQLite does it by itself."""
    if db.kind == "sqlite":
        return
    for table in NUMBERED:
        if not columns_of(db, table):
            continue
        db.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'n'),"  # noqa: S608  our names
            f" coalesce((SELECT max(n) FROM {table}), 0)+1, false)"
        )
