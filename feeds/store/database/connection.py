"""The connection to the store's database: statements and transactions, the same for every kind of database.

The tables stand on `Connection` alone, with statements that every database understands (`dialect.py` says how they are
written). What leaves it is StoreBusy, StoreUnusable, or a mistake in our SQL.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple, Protocol

from ..failpoints import crash_at

Values = Sequence[object]
Kind = Literal["sqlite", "postgres"]
MEND = "restore a backup, or move the file away to start anew; the published feeds stay as they are"


class Row(Protocol):
    """A row: its values by place or by the name of their column; `dict()` and `tuple()` take it."""

    def __getitem__(self, key: Any, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def keys(self) -> Any:
        """The names of the columns."""


class Cursor(Protocol):
    """The rows of a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows a statement wrote."""

    def fetchone(self) -> Any:
        """The next row, None after the last."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""

    def __iter__(self) -> Iterator[Any]: ...


class StoreState(NamedTuple):
    """Two that are equal say that nothing was written between them."""

    ours: int  # rows that were written through the connection
    of_others: int  # another number after each transaction of another connection


class Connection(ABC):
    """A connection of one thread."""

    kind: Kind

    def __init__(self) -> None:
        self.serial = 0  # of the open transaction: what was read in it holds until the next one
        self._last: list[Callable[[], None]] = []  # what the open transaction does at its end
        self._later: dict[tuple[int, str], list[Values]] = {}  # what it writes before its next statement

    @abstractmethod
    def execute(self, sql: str, values: Values = ()) -> Cursor:
        """Run one statement. Raises StoreBusy, StoreUnusable."""

    @abstractmethod
    def executemany(self, sql: str, rows: Iterable[Values]) -> None:
        """Run one statement for each of these rows. Raises StoreBusy, StoreUnusable."""

    def add_rows(self, table: str, columns: Sequence[str], rows: Iterable[Values]) -> None:
        """Add many rows as they are. Raises StoreBusy, StoreUnusable."""
        places = ", ".join("?" * len(columns))
        self.executemany(f"INSERT INTO {table}({', '.join(columns)}) VALUES({places})", rows)

    def later(self, sql: str, values: Values, rank: int = 2) -> None:
        """Write a row of the open transaction together with others, before its next statement; at once outside of one.

        Of what was put off the statements of the lowest rank come first: those that write what others refer to. Rows of
        one statement keep their order.
        """
        if self.in_transaction:
            self._later.setdefault((rank, sql), []).append(values)
        else:
            self.execute(sql, values)

    def write_later(self) -> None:
        """Write what was put off. Raises StoreBusy, StoreUnusable."""
        if self._later:
            waiting, self._later = self._later, {}
            self._write_all([(sql, rows) for (_, sql), rows in sorted(waiting.items(), key=lambda one: one[0][0])])

    def _write_all(self, waiting: Sequence[tuple[str, Sequence[Values]]]) -> None:
        for sql, rows in waiting:
            self.executemany(sql, rows)

    @abstractmethod
    def new_numbers(self, table: str, count: int) -> list[int]:
        """Numbers for new rows of a table that counts them in its column `n`; in a transaction that adds these rows."""

    def state(self) -> StoreState | None:
        """What tells whether anything was written since; None where the database cannot tell."""
        return None

    @property
    @abstractmethod
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""

    @abstractmethod
    def begin(self) -> None:
        """Open a transaction that is the only one that writes. Raises StoreBusy, StoreUnusable."""

    @abstractmethod
    def commit(self) -> None:
        """Keep what the open transaction did. Raises StoreBusy, StoreUnusable."""

    @abstractmethod
    def roll_back(self) -> None:
        """Undo what the open transaction did; the database may have done it itself."""

    @abstractmethod
    def defer_references(self) -> None:
        """Check what refers to a row that is renamed at the end of the open transaction, not at once."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection; what was committed is kept."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction: all of it is kept, or nothing. Inside another one it is part of that."""
        if self.in_transaction:
            yield
            return
        self.begin()
        self.serial += 1
        self._last.clear()
        self._later.clear()
        try:
            yield
            crash_at("before-commit")
            self.catch_up()
            self.write_later()
            self.commit()
        except BaseException:  # whatever it is, such as a full disk: a transaction left open would swallow what follows
            self._give_up()
            raise
        crash_at("committed")

    def at_end(self, work: Callable[[], None]) -> None:
        """Do this at the end of the open transaction, before it is kept; at once where none is open."""
        if self.in_transaction:
            self._last.append(work)
        else:
            work()

    def catch_up(self) -> None:
        """Do now what waits for the end of the open transaction, for a reader that has to see it."""
        last, self._last = self._last, []
        for work in last:
            work()

    def _give_up(self) -> None:
        self._last.clear()
        self._later.clear()
        self.roll_back()
