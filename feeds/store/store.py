"""The store: one database whose tables each have an object of their own. One writer at a time (RELIABILITY S1–S9)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from .database.connection import Connection, StoreState
from .database.file import StoreFile, open_file, raise_unusable, refuse_foreign
from .database.location import Location
from .database.lock import DaemonLock
from .database.sqlite import SqliteConnection
from .meta import Meta
from .search.fulltext import FullText
from .search.word_index import LARGEST, WordIndex
from .tables.control import ControlQueue
from .tables.forgotten import Forgotten
from .tables.health import HealthTable, Troubles
from .tables.hosts import AskedFiles, Hosts
from .tables.outcomes import Outcomes
from .tables.publishing import Publishing
from .tables.records.update_times import UpdateTimes
from .tables.repairs import Repairs
from .tables.sources import AskedFeeds, Sources
from .tables.tokens import ApiTokens, Tokens
from .tables.topics import Topics
from .tables.websub import WebSubTable

if TYPE_CHECKING:
    from .restore import Restore
    from .retention import Retention
    from .search.browse import Browse
    from .search.sketches import Sketches
    from .tables.archives import Archives
    from .tables.records.arrivals import Arrivals
    from .tables.records.records import Records
    from .tables.records.stories import Stories
    from .tables.visits import Visits


class Upkeep(Protocol):
    """What is done with the database as a whole: the file of SQLite, or a database on a server."""

    def problems(self) -> list[str]:
        """What `copydesk check` finds wrong; empty when it is sound."""

    def warnings(self) -> list[str]:
        """What is no fault, but a risk."""

    def shrink(self) -> bool:
        """Give some room back to the disk; whether there is more. Outside of a transaction."""

    def empty_log(self, most: int = 0) -> bool:
        """Make the write-ahead log shorter than so many bytes; whether it is."""

    def vacuum(self) -> None:
        """Write everything anew, without what was removed. Outside of a transaction, while no daemon runs."""

    def backup(self, target: Path) -> None:
        """A whole copy of the store while it is in use. Raises StoreUnusable, StoreBusy, OSError."""

    def size(self) -> int:
        """Bytes on the disk."""

    def log_size(self) -> int:
        """Bytes of a write-ahead log beside it."""


class Store:
    """A store in an SQLite file or a database of a PostgreSQL server: its tables over one connection.

    To be used from one thread; commands beside the daemon open their own. Tables whose modules take long to import are
    there when they are first asked for: most commands use few of them.
    """

    def __init__(self, where: Location, *, daemon: bool = False) -> None:
        """Open or create the store. Raises StoreUnusable (damaged, read-only, of a newer program), StoreBusy."""
        self.where = where
        self.db, self.file, self.search = _opened(where, daemon=daemon)
        try:
            self._join(self.db)
            if self.search.switch_on():
                self._index_words()
        except BaseException as error:  # an interrupt too: nobody else closes it
            self.db.close()
            if isinstance(where, Path):
                raise_unusable(error, where)
            raise

    def only_while(self, lock: DaemonLock) -> None:
        """Write only while this process holds the lock: a server tells at each transaction whether it does."""
        if not isinstance(self.where, Path):
            from .database.lead import ServerLock, only_while_leading
            from .database.postgres import PostgresConnection

            assert isinstance(lock, ServerLock) and isinstance(self.db, PostgresConnection)
            only_while_leading(self.db, lock)

    def refuse_foreign(self, path: Path) -> None:
        """Raise StoreUnusable for a file that is no store as this one, in a file, is."""
        assert isinstance(self.db, SqliteConnection)
        refuse_foreign(path, self.db)

    def fold(self) -> None:
        """Make a store in a file one file without a write-ahead log, to be moved elsewhere."""
        assert isinstance(self.file, StoreFile)
        self.file.fold()

    def state(self) -> StoreState | None:
        """What tells whether anything was written since; None where the database cannot tell."""
        return self.db.state()

    def _join(self, db: Connection) -> None:
        """Lay the tables over a connection."""
        self.meta = Meta(db)
        self._times = UpdateTimes(db)
        self.topics = Topics(db)
        self.publishing = Publishing(db)
        self.sources = Sources(db)
        self.asked_feeds = AskedFeeds(db)
        self.outcomes = Outcomes(db)
        self.hosts = Hosts(db)
        self.asked_files = AskedFiles(db)
        self.health = HealthTable(db)
        self.troubles = Troubles(db)
        self.repairs = Repairs(db)
        self.tokens = Tokens(db)
        self.api_tokens = ApiTokens(db)
        self.websub = WebSubTable(db)
        self.control = ControlQueue(db)
        self.forgotten = Forgotten(db)

    @cached_property
    def records(self) -> Records:
        """The records."""
        from .tables.records.records import Records

        return Records(self.db, self._times, self.search, self.sketches)

    @cached_property
    def stories(self) -> Stories:
        """The stories that the records tell."""
        from .tables.records.stories import Stories

        return Stories(self.db, self._times)

    @cached_property
    def arrivals(self) -> Arrivals:
        """What came when."""
        from .tables.records.arrivals import Arrivals

        return Arrivals(self.db)

    @cached_property
    def archives(self) -> Archives:
        """The archive documents of the feeds."""
        from .tables.archives import Archives

        return Archives(self.db)

    @cached_property
    def visits(self) -> Visits:
        """The visits of the sources."""
        from .tables.visits import Visits

        return Visits(self.db)

    @cached_property
    def sketches(self) -> Sketches:
        """Sketches of the texts, for finding what is alike."""
        from .search.sketches import Sketches

        return Sketches(self.db)

    @cached_property
    def browse(self) -> Browse:
        """Lists of records for readers."""
        from .search.browse import Browse

        return Browse(self.db, self.search)

    @cached_property
    def retention(self) -> Retention:
        """What leaves the store, and when."""
        from .retention import Retention

        return Retention(self.db, self.records, self.outcomes, self.forgotten)

    @cached_property
    def restore(self) -> Restore:
        """Taking records over from elsewhere."""
        from .restore import Restore

        return Restore(self.db, self.records, self._times)

    def transaction(self) -> AbstractContextManager[None]:
        """One transaction: all of it is kept, or nothing. Inside another one it is part of that."""
        return self.db.transaction()

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self.db.in_transaction

    def close(self) -> None:
        """Close the store; what was committed is kept."""
        self.db.close()

    def index_words(self, told: Callable[[str, int, int], None]) -> None:
        """Make the index of words where there is none of this version; told how many records are taken up."""
        if self.search.switch_on():
            self._index_words(told)

    def _index_words(self, told: Callable[[str, int, int], None] = lambda what, done, of: None) -> None:
        """Take up every record that the index of words does not hold, in batches; each search is right meanwhile."""
        done, of, before = 0, self.records.count(), LARGEST
        while numbers := self.search.missing(before=before):
            with self.transaction():
                for n, stored in self.records.many(numbers).items():
                    self.search.add(n, stored.own)
            done, before = done + len(numbers), numbers[-1]
            told("words", done, max(done, of))
        self.search.filled()


def open_store(where: Location, *, daemon: bool = False) -> Store:
    """The store in a file or on a server, made when it is not there yet. Raises StoreUnusable, StoreBusy."""
    return Store(where, daemon=daemon)


def store_exists(where: Location) -> bool:
    """Whether there is a store. Raises StoreBusy, StoreUnusable when nobody can look."""
    if isinstance(where, Path):
        return where.exists()
    from .database.server import is_there

    return is_there(where)


def _opened(where: Location, *, daemon: bool) -> tuple[Connection, Upkeep, WordIndex]:
    if isinstance(where, Path):
        file = open_file(where, daemon=daemon)
        return file, StoreFile(file, where), FullText(file)
    from .database.server import ServerUpkeep, open_database  # a driver that most installations do not have
    from .search.tsvector import TsVector

    server = open_database(where)
    return server, ServerUpkeep(server), TsVector(server)
