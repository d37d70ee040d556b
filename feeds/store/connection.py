"""One connection and its transactions: what every part of the store stands on."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


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
            with contextlib.suppress(sqlite3.OperationalError):  # SQLite itself ends a transaction when a disk is full
                self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")
