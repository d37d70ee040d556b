"""Stores of earlier versions, for tests of what a migration makes of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from feeds.store.database.file import connect
from feeds.store.database.migrations import migrations, statements
from tests.support.new_stores import made_by_the_schema


def set_back(path: Path, version: int) -> None:
    """Make a closed store one of an earlier schema: its rows, in the tables and columns that there were then."""
    older = path.with_name(f"{path.name}.older")
    with made_by_the_schema():
        db = connect(older, new=True)
    db.execute("PRAGMA auto_vacuum=2")
    for number, sql in migrations():
        if number <= version:
            for statement in statements(sql):
                db.execute(statement)
    db.execute(f"PRAGMA user_version={version}")
    db.close()
    with closing(sqlite3.connect(older)) as raw:
        raw.execute("ATTACH ? AS newer", (str(path),))
        for (table,) in raw.execute("SELECT name FROM main.sqlite_master WHERE type='table'").fetchall():
            newer = {row[1] for row in raw.execute(f"PRAGMA newer.table_info({table})")}
            columns = ", ".join(row[1] for row in raw.execute(f"PRAGMA main.table_info({table})") if row[1] in newer)
            if columns and table != "meta":
                raw.execute(f"INSERT OR REPLACE INTO main.{table}({columns}) SELECT {columns} FROM newer.{table}")
        raw.commit()
    older.replace(path)
    for suffix in ("-wal", "-shm"):
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
