"""A whole copy of the store while it is in use."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from ..errors import StoreUnusable
from .database.sqlite import SqliteConnection


def make_closed(path: Path) -> None:
    """An empty file that only its owner reads; SQLite gives the files beside it the same mode."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))


def backup(db: SqliteConnection, target: Path) -> None:
    """Copy the store to a file, verified by opening it. Raises StoreUnusable, StoreBusy, OSError."""
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    make_closed(partial)
    copy = sqlite3.connect(partial)
    try:
        db.copy_to(copy)
        if copy.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise StoreUnusable(f"{partial}: the copy is damaged; is the disk sound?")
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
    os.replace(partial, target)
