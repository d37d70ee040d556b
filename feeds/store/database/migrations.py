"""The schema: numbered files, applied in order, each whole or not at all."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from ...errors import StoreUnusable
from ..failpoints import crash_at
from .connection import MEND, Connection

SCHEMA = Path(__file__).parent.parent / "schema"


CORE = frozenset({"meta", "source", "record", "alias", "story"})  # tables that every store has


def check_version(db: Connection, path: Path) -> None:
    """Raises StoreUnusable for a store of a newer program, and for a database that is no store."""
    version = _version(db)
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    if tables and not tables >= CORE:
        raise StoreUnusable(f"{path}: is a database of another program, or lost some of its tables; {MEND}")
    refuse_newer(path, version, migrations())


def refuse_newer(where: object, version: int, known: list[tuple[int, str]]) -> None:
    """Raises StoreUnusable for a schema of a later version than is known."""
    newest = max(number for number, _ in known)
    if version > newest:
        raise StoreUnusable(
            f"{where}: was written by a newer copydesk (schema {version}, this one knows {newest}); upgrade copydesk"
        )


def migrate(db: Connection, backup: Callable[[int], None]) -> None:
    """Apply what the store does not have yet. A store that has something is copied before by `backup(newest)`."""
    version = _version(db)
    todo = [(number, sql) for number, sql in migrations() if number > version]
    if version and todo:
        backup(todo[-1][0])
    for number, sql in todo:
        db.execute("BEGIN IMMEDIATE")
        try:
            # another process may have migrated while this one waited for the lock
            if _version(db) < number:
                for statement in statements(sql):
                    db.execute(statement)
                    crash_at("migrating")
                db.execute(f"PRAGMA user_version={number}")
            crash_at("before-migrated")
            db.execute("COMMIT")
            crash_at("migrated")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def _version(db: Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrations() -> list[tuple[int, str]]:
    """The numbered files of the schema for SQLite in their order: (number, SQL)."""
    return sorted(numbered(SCHEMA).items())


@lru_cache(maxsize=2)  # ours for SQLite, and those for PostgreSQL: each opening of a store asks more than once
def numbered(folder: Path) -> Mapping[int, str]:
    """The files of a folder whose names begin with a number: number → SQL."""
    found = {}
    for path in folder.glob("*.sql"):
        match = re.fullmatch(r"(\d{4})_\w+\.sql", path.name)
        if match:
            found[int(match[1])] = path.read_text(encoding="utf-8")
    return found


def statements(sql: str) -> Iterator[str]:
    """The single statements of a script, so that all of them run in one transaction."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            if statement.strip():
                yield statement
            statement = ""
    if statement.strip() and not all(
        line.strip().startswith("--") or not line.strip() for line in statement.splitlines()
    ):
        yield statement
