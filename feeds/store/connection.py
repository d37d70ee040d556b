"""One connection and its transactions: what every part of the store stands on."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from ..crash import crash_at

# what a full or read-only disk, or another writer that holds on for too long, makes of a write
_PASSING = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk does not take it",
    sqlite3.SQLITE_READONLY: "the file is read-only",
    sqlite3.SQLITE_CANTOPEN: "its files cannot be made",
    sqlite3.SQLITE_BUSY: "another process holds it",
    sqlite3.SQLITE_LOCKED: "another process holds it",
}


def refusal(error: BaseException) -> str | None:
    """Why the store takes no writes for now, when that is what an error says; None for an error of another kind.

    Nothing was changed then, and the same call may go well later.
    """
    code = getattr(error, "sqlite_errorcode", None) if isinstance(error, sqlite3.OperationalError) else None
    why = None if code is None else _PASSING.get(code & 0xFF)
    return None if why is None else f"the store cannot be written: {why} ({error})"


class Connection:
    """A connection of one thread."""

    db: sqlite3.Connection

    @property
    def inside(self) -> bool:
        """Whether a transaction is open."""
        return bool(self.db.in_transaction)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it is kept, or nothing. Inside another one it is part of that."""
        if self.inside:
            yield
            return
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._roll_back()
            raise
        crash_at("before-commit")
        try:
            self.db.execute("COMMIT")
        except BaseException:  # a full disk: the transaction is still open, and would swallow all that follow
            self._roll_back()
            raise
        crash_at("committed")

    def _roll_back(self) -> None:
        with contextlib.suppress(sqlite3.OperationalError):  # SQLite itself ends a transaction when a disk is full
            self.db.execute("ROLLBACK")
