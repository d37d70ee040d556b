"""The store's database on a PostgreSQL server: how it is opened, checked and copied. What `file.py` is for SQLite."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from ...errors import StoreUnusable
from ..failpoints import crash_at
from .dialect import schema_to_postgres
from .dump import dump
from .location import PostgresLocation
from .migrations import CORE, SCHEMA, numbered, refuse_newer
from .postgres import PostgresConnection

FOR_POSTGRES = SCHEMA / "postgres"  # the sum of the first ones for PostgreSQL, and later ones that differ there
OLDEST = 130_000  # PostgreSQL 13
_RISKS = {
    "fsync": "a power cut can damage the store",
    "full_page_writes": "a power cut can damage the store",
    "synchronous_commit": "a power cut can lose what was kept last",
}


def open_database(where: PostgresLocation) -> PostgresConnection:
    """A connection to a store on a server, with its schema up to date. Raises StoreUnusable, StoreBusy."""
    db = PostgresConnection(where)
    try:
        version, encoding = (
            db.execute(f"SELECT current_setting('{name}')").fetchone()[0]
            for name in ("server_version_num", "server_encoding")
        )
        if int(version) < OLDEST:
            raise StoreUnusable(f"{where}: is a server older than PostgreSQL {OLDEST // 10_000}; upgrade it")
        if encoding != "UTF8":
            raise StoreUnusable(f"{where}: is a database of encoding {encoding}; make one with ENCODING 'UTF8'")
        migrate_server(db, backup=lambda newest: _copy_before(where, newest))
    except BaseException:  # an interrupt too: nobody else closes it
        db.close()
        raise
    return db


def is_there(where: PostgresLocation) -> bool:
    """Whether the database holds a store. Raises StoreBusy, StoreUnusable."""
    db = PostgresConnection(where)
    try:
        return bool(check_server_version(db))
    finally:
        db.close()


def check_server_version(db: PostgresConnection) -> int:
    """The version of the schema, 0 for a database without one. Raises StoreUnusable as `check_version` does."""
    names = db.execute("SELECT table_name FROM information_schema.tables WHERE table_schema=current_schema()")
    tables = {row[0] for row in names}
    if "schema_version" not in tables and not tables & CORE:
        return 0  # whatever else lies in the database, such as a queue
    if not tables >= CORE | {"schema_version"}:
        raise StoreUnusable(f"{db.where}: is a database of another program, or lost some of its tables")
    version = int(db.execute("SELECT max(version) FROM schema_version").fetchone()[0] or 0)
    refuse_newer(db.where, version, server_migrations())
    return version


def migrate_server(
    db: PostgresConnection, up_to: int | None = None, backup: Callable[[int], None] = lambda newest: None
) -> None:
    """Apply what the database does not have yet, in one transaction. A store that has something is copied before by
    `backup(newest)`. Raises StoreUnusable, StoreBusy."""
    todo = [one for one in server_migrations() if up_to is None or one[0] <= up_to]
    before = check_server_version(db)
    if before >= todo[-1][0]:
        return
    if before:
        backup(todo[-1][0])
    with db.transaction():
        version = check_server_version(db)  # another process may have migrated while this one waited for the lock
        for number, sql in todo:
            if number > version:
                db.executescript(sql)
                crash_at("migrating")
        db.execute("DELETE FROM schema_version")
        db.execute("INSERT INTO schema_version VALUES(?)", (todo[-1][0],))


def _copy_before(where: PostgresLocation, version: int) -> None:
    """Copy a store before its schema is brought to this version; a copy that lies there already counts.

    Raises StoreUnusable, StoreBusy.
    """
    target = where.folder / f"copydesk.before-{version:04}.dump"
    if target.exists():
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        dump(where, target)
    except (StoreUnusable, OSError) as error:
        why = error.reason if isinstance(error, StoreUnusable) else f"{target}: {error.strerror}"
        raise StoreUnusable(
            f"{where}: its schema is upgraded to {version} after a copy is made, and none could be made: {why};"
            f" mend that, or put a copy of your own at {target}"
        ) from error


def drop_schema(db: PostgresConnection) -> None:
    """Take away every table and function of ours, in the caller's transaction."""
    made = "".join(sql for _, sql in server_migrations())
    for table in re.findall(r"CREATE TABLE (\w+)", made):
        db.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
    for function in re.findall(r"CREATE FUNCTION (\w+)", made):
        found = db.execute(  # its arguments are part of its name
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE proname=? AND pronamespace=current_schema()::regnamespace",
            (function,),
        )
        for row in found.fetchall():
            db.execute(f"DROP FUNCTION {row[0]} CASCADE")


@cache  # a translation, of which each opening of a store asks more than once
def server_migrations() -> list[tuple[int, str]]:
    """The schema for PostgreSQL: what is made at once, then what is numbered after it."""
    own = numbered(FOR_POSTGRES)
    first = min(own)
    found = {number: sql for number, sql in numbered(SCHEMA).items() if number > first} | dict(own)
    return [(number, schema_to_postgres(found[number])) for number in sorted(found)]


class ServerUpkeep:
    """Upkeep of a database on a server: most of it the server does by itself."""

    def __init__(self, db: PostgresConnection) -> None:
        self.db = db

    def problems(self) -> list[str]:
        """What `copydesk check` finds wrong with the database; empty when it is sound."""
        broken = self.db.execute(
            "SELECT index.relname FROM pg_index JOIN pg_class index ON index.oid=indexrelid"
            " JOIN pg_class held ON held.oid=indrelid"
            " WHERE held.relnamespace=current_schema()::regnamespace AND NOT (indisvalid AND indisready)"
        )
        problems = [f"the index {row[0]} is not valid: REINDEX INDEX {row[0]}" for row in broken]
        failed = self.db.execute(
            "SELECT checksum_failures FROM pg_stat_database WHERE datname=current_database()"
        ).fetchone()
        if failed is not None and failed[0]:
            problems.append(f"the server found {failed[0]} damaged pages: restore a backup")
        unmade = self.db.execute(
            "SELECT conname FROM pg_constraint WHERE connamespace=current_schema()::regnamespace AND NOT convalidated"
        )
        return [*problems, *(f"the constraint {row[0]} was never checked" for row in unmade)]

    def warnings(self) -> list[str]:
        """What is no fault, but a risk for the store."""
        found = []
        for name, risk in _RISKS.items():
            value = self.db.execute("SELECT current_setting(?)", (name,)).fetchone()[0]
            if value == "off":
                found.append(f"the server runs with {name}=off: {risk}")
        return found

    def size(self) -> int:
        """Bytes of the database on the server's disk."""
        return int(self.db.execute("SELECT pg_database_size(current_database())").fetchone()[0])

    def log_size(self) -> int:
        """0: the server's log is not ours to measure."""
        return 0

    def shrink(self) -> bool:
        """Give room back to the disk; the server does it by itself."""
        return False

    def empty_log(self, most: int = 0) -> bool:
        """Empty the write-ahead log; the server does it by itself."""
        return True

    def vacuum(self) -> None:
        """Write the tables anew, without what was removed from them. Outside of a transaction."""
        self.db.executescript("VACUUM (FULL, ANALYZE)")

    def backup(self, target: Path) -> None:
        """A whole copy of the store while it is in use, by pg_dump. Raises StoreUnusable, StoreBusy, OSError."""
        dump(self.db.where, target)
