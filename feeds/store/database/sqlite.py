"""A connection to a store in an SQLite file, and the errors of SQLite as errors of ours."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ...errors import StoreBusy, StoreUnusable
from .connection import MEND, Connection, StoreState, Values

# what a full or read-only disk, or another writer that holds on for too long, makes of a write
_PASSING = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk does not take it",
    sqlite3.SQLITE_READONLY: "the file is read-only",
    sqlite3.SQLITE_CANTOPEN: "its files cannot be made",
    sqlite3.SQLITE_BUSY: "another process holds it",
    sqlite3.SQLITE_LOCKED: "another process holds it",
}
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def as_ours(error: sqlite3.Error, path: Path | None = None) -> Exception:
    """The error of ours that an error of SQLite means; a mistake in a statement stays what it is.

    After StoreBusy nothing was changed, and the same call may go well later.
    """
    code = getattr(error, "sqlite_errorcode", None)
    kind = None if code is None else code & 0xFF
    if isinstance(error, sqlite3.OperationalError) and kind in _PASSING:
        return StoreBusy(f"the store cannot be written: {_PASSING[kind]} ({error})")
    if kind in _DAMAGED:
        return StoreUnusable(f"{path or 'the store'}: is damaged ({error}); {MEND}")
    return error


class Cursor(sqlite3.Cursor):
    """The rows of a statement. Errors that come while they are read are ours too."""

    def fetchone(self) -> Any:
        """The next row, None after the last."""
        try:
            return super().fetchone()
        except sqlite3.Error as error:
            raise as_ours(error) from error

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        try:
            return super().fetchall()
        except sqlite3.Error as error:
            raise as_ours(error) from error

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except sqlite3.Error as error:
            raise as_ours(error) from error


class SqliteConnection(Connection):
    """A connection of one thread to a file."""

    kind = "sqlite"

    def __init__(self, raw: sqlite3.Connection, path: Path | None = None) -> None:
        super().__init__()
        self._raw = raw
        self._path = path

    def execute(self, sql: str, values: Values = ()) -> Cursor:
        """Run one statement. Raises StoreBusy, StoreUnusable."""
        if self._later:
            self.write_later()
        try:
            cursor = self._raw.cursor(Cursor)
            cursor.execute(sql, values)
        except sqlite3.Error as error:
            raise as_ours(error, self._path) from error
        return cursor

    def executemany(self, sql: str, rows: Iterable[Values]) -> None:
        """Run one statement for each of these rows. Raises StoreBusy, StoreUnusable."""
        if self._later:
            self.write_later()
        try:
            self._raw.executemany(sql, rows)
        except sqlite3.Error as error:
            raise as_ours(error, self._path) from error

    def new_numbers(self, table: str, count: int) -> list[int]:
        """Numbers behind the largest one, as SQLite gives them itself."""
        (last,) = self.execute(f"SELECT coalesce(max(n), 0) FROM {table}").fetchone()  # noqa: S608  our names
        return list(range(last + 1, last + count + 1))

    def executescript(self, sql: str) -> None:
        """Run statements that give no rows, outside of a transaction. Raises StoreBusy, StoreUnusable."""
        try:
            self._raw.executescript(sql)
        except sqlite3.Error as error:
            raise as_ours(error, self._path) from error

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return bool(self._raw.in_transaction)

    @property
    def total_changes(self) -> int:
        """How many rows were changed through this connection."""
        return int(self._raw.total_changes)

    def state(self) -> StoreState:
        """What tells whether anything was written since."""
        return StoreState(self.total_changes, self.execute("PRAGMA data_version").fetchone()[0])

    def begin(self) -> None:
        """Open a transaction, and with it the lock of those who write."""
        self.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Keep what the open transaction did."""
        self.execute("COMMIT")

    def roll_back(self) -> None:
        """Undo what the open transaction did."""
        with contextlib.suppress(sqlite3.OperationalError):  # SQLite itself ends a transaction when a disk is full
            self._raw.execute("ROLLBACK")

    def defer_references(self) -> None:
        """Check foreign keys at the end of the open transaction."""
        self.execute("PRAGMA defer_foreign_keys=ON")

    def copy_to(self, target: sqlite3.Connection) -> None:
        """Copy the whole database while it is in use. Raises StoreBusy, StoreUnusable."""
        try:
            self._raw.backup(target)
        except sqlite3.Error as error:
            raise as_ours(error, self._path) from error

    def close(self) -> None:
        """Close the connection; what was committed is kept."""
        self._raw.close()
