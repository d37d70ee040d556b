"""The SQLite store: one writer connection, WAL, synchronous=FULL, numbered migrations (RELIABILITY S1–S9)."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import structlog

from scrapers import Record, Seen

from ..crash import crash_at
from ..errors import StoreInUse, StoreUnusable
from ..tokens import digest as token_digest
from ..topics import Rule
from . import search
from .health import HealthRows
from .hosts import Hosts
from .links import Links
from .records import Records
from .repairs import Repairs
from .risks import sqlite_risk
from .rows import Stored, unfurnished
from .sketches import Sketches
from .sources import Sources
from .topics import Topics
from .wishes import Wishes

log = structlog.get_logger()
SCHEMA = Path(__file__).parent / "schema"
BUSY_SECONDS = 10.0
INCREMENTAL = 2  # auto_vacuum: free pages are given back when they are asked for
FORGOTTEN_AT_ONCE = 30  # records in one transaction
SPARE = 20  # a file is shrunk to this part of it being free
SHRUNK_AT_ONCE = 250  # pages, so that no visit waits long
WAL_MOST = 64 * 2**20  # bytes of the write-ahead log that stay on the disk


class SqliteStore(Sources, Links, Records, Topics, Hosts, Wishes, HealthRows, Repairs):
    """A store in one SQLite file. To be used from one thread; commands beside the daemon open their own."""

    def __init__(self, path: Path, *, daemon: bool = False) -> None:
        """Open or create the store. Raises StoreUnusable (damaged, read-only, of a newer program)."""
        super().__init__()
        self.path = path
        self._index: Sketches | None = None
        new = not path.exists()
        opened: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if new:
                _make_closed(path)
            self.db = opened = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
            )
            self.db.row_factory = sqlite3.Row
            self.db.create_function("sha256", 1, token_digest, deterministic=True)  # for the schema
            self.db.execute("PRAGMA foreign_keys=ON")
            self.db.execute("PRAGMA cache_size=-32768")
            self._check_version()
            if not new and daemon:
                self._check_sound()
            if new:  # only an empty file can be told so
                self.db.execute(f"PRAGMA auto_vacuum={INCREMENTAL}")
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute("PRAGMA synchronous=FULL")
            # two connections that checkpoint at one moment can damage a file on SQLite < 3.51.3: only the daemon does
            self.db.execute(f"PRAGMA wal_autocheckpoint={1000 if daemon or new else 0}")
            self.db.execute(f"PRAGMA journal_size_limit={WAL_MOST}")
            self.db.execute("PRAGMA secure_delete=ON")  # what is forgotten is overwritten, not only unlinked
            self._migrate()
            if search.switch_on(self.db):
                self._index_words()
        except BaseException as error:
            if opened is not None:
                opened.close()
            if isinstance(error, sqlite3.DatabaseError):
                raise StoreUnusable(_reason(error, path)) from error
            if isinstance(error, OSError):
                why = f"{path}: {error.strerror}; choose another store.url or mend the folder"
                raise StoreUnusable(why) from error
            raise

    def close(self) -> None:
        """Close the file; what was committed is kept."""
        self.db.close()

    def meta(self, name: str) -> str | None:
        """A small fact that is kept beside the tables."""
        row = self.db.execute("SELECT value FROM meta WHERE name=?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, name: str, value: str) -> None:
        """Keep a small fact."""
        self.db.execute(
            "INSERT INTO meta VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value", (name, value)
        )

    def picture_key(self) -> bytes:
        """What signs the addresses of pictures that our server brings; made once, and kept for ever."""
        kept = self.meta("picture_key")
        if kept is None:
            made = secrets.token_hex(32)
            self.db.execute("INSERT INTO meta VALUES('picture_key', ?) ON CONFLICT(name) DO NOTHING", (made,))
            kept = self.meta("picture_key") or made
        return bytes.fromhex(kept)

    def candidates(
        self, rule: Rule, now: datetime, *, since: datetime | None = None, best: bool = False
    ) -> Iterator[int]:
        """Records that may belong to a topic: by the full-text index where it is on, else all of them."""
        return search.candidates(self.db, rule, now=now, since=since, order="best" if best else "newest")

    @property
    def index(self) -> Sketches:
        """The index of look-alikes, which lives as long as its records are in the window."""
        if self._index is None:
            self._index = Sketches(self.db)
        return self._index

    def _index_words(self) -> None:
        """Take up every record that the index of words does not hold, in batches; each search is right meanwhile."""
        while numbers := search.missing(self.db):
            with self.writing():
                for n in numbers:
                    stored = self.stored(n)
                    if stored is not None:
                        search.index(self.db, n, stored.own)

    def settle(self, now: datetime) -> None:
        """Tidy the index of look-alikes and let go of what is past its window; outside of a transaction."""
        self.index.settle(now)

    def add_record(
        self, record: Record, story: int, evidence: str, now: datetime, furniture: Sequence[int] = ()
    ) -> int:
        """A new record with its aliases as a member of a story, findable by its words; its number."""
        n = super().add_record(record, story, evidence, now, furniture)
        search.index(self.db, n, unfurnished(record, furniture))
        return n

    def revise_record(
        self, old: Stored, record: Record, *, why: str, public: bool, now: datetime, furniture: Sequence[int] = ()
    ) -> None:
        """New content for a known record, and for the index of its words."""
        search.reindex(self.db, old.n, old.own, unfurnished(record, furniture))
        super().revise_record(old, record, why=why, public=public, now=now, furniture=furniture)

    def set_furniture(self, old: Stored, lines: Sequence[int]) -> None:
        """Other lines of a record are furniture than was known: they are not found by its words any more."""
        search.reindex(self.db, old.n, old.own, unfurnished(old.record, lines))
        super().set_furniture(old, lines)

    def remove_record(self, n: int) -> None:
        """Take a record away with everything that hangs on it, its rows in every index too."""
        stored = self.stored(n)
        if stored is not None:
            search.unindex(self.db, n, stored.own)
            self.index.remove(n)
        super().remove_record(n)

    def problems(self) -> list[str]:
        """What `copydesk check` finds wrong with the file; empty when it is sound."""
        found = [str(row[0]) for row in self.db.execute("PRAGMA integrity_check(20)")]
        problems = [] if found == ["ok"] else found
        problems += [f"row of {row[0]} refers to nothing" for row in self.db.execute("PRAGMA foreign_key_check")]
        return problems

    def shrink(self) -> bool:
        """Give some free pages back to the disk; whether there are more than need be. Outside of a transaction.

        A twentieth of the file stays free for what comes.
        """
        free, pages, kind = (
            int(self.db.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("freelist_count", "page_count", "auto_vacuum")
        )
        surplus = free - pages // SPARE
        if kind != INCREMENTAL or surplus <= 0:
            return False
        # it goes one page a step and gives rows without columns, of which `execute` takes the first alone
        self.db.executescript(f"PRAGMA incremental_vacuum({min(surplus, SHRUNK_AT_ONCE)})")
        return surplus > SHRUNK_AT_ONCE

    def empty_log(self, most: int = 0) -> bool:
        """Write the write-ahead log back and empty it when it is larger than so many bytes; whether it is smaller now.

        By the daemon alone, outside of a transaction. Whoever reads just now hinders it, and is not waited for.
        """
        try:
            if self.path.with_name(f"{self.path.name}-wal").stat().st_size <= most:
                return True
        except FileNotFoundError:
            return True
        self.db.execute("PRAGMA busy_timeout=0")
        try:
            return bool(self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        finally:
            self.db.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")

    def vacuum(self) -> None:
        """Write the whole file anew, without its free pages; from then on it shrinks by itself.

        Outside of a transaction, and while no daemon runs. The disk needs room for a second copy.
        """
        self.db.execute(f"PRAGMA auto_vacuum={INCREMENTAL}")
        self.db.execute("VACUUM")
        self.empty_log()

    def warnings(self) -> list[str]:
        """What is no fault, but a risk for the file or a habit that a command can mend."""
        found = [] if (risk := sqlite_risk()) is None else [risk]
        if self.db.execute("PRAGMA auto_vacuum").fetchone()[0] != INCREMENTAL:
            found.append("the store never gives room back to the disk: `copydesk vacuum` once, with the daemon stopped")
        return found

    def forget_record(self, n: int, now: datetime) -> None:
        """Remove a record for good: its addresses are remembered, so that no visit brings it back."""
        stored = self.stored(n)
        if stored is None:
            return
        keys = [row[0] for row in self.db.execute("SELECT key FROM alias WHERE record=?", (n,))]
        seen = Seen(stored.record.url, "skipped", "removed by hand")
        with self.writing():
            # what told of it in passing
            self.db.execute("DELETE FROM trouble WHERE instr(cause, ?)", (stored.record.url,))
            self.db.execute("DELETE FROM wish WHERE done IS NOT NULL AND instr(result, ?)", (stored.record.id,))
            self.keep_outcomes(stored.record.source, [(key, seen, None) for key in keys], now)
            self.remove_record(n)

    def forget_source(self, name: str, now: datetime) -> int:
        """Remove all records of a source for good; how many there were. Stories lose those members."""
        numbers = [row[0] for row in self.db.execute("SELECT n FROM record WHERE source=?", (name,))]
        for place in range(0, len(numbers), FORGOTTEN_AT_ONCE):  # a few at a time, so that no visit waits long
            with self.writing():
                for n in numbers[place : place + FORGOTTEN_AT_ONCE]:
                    self.forget_record(n, now)
        self.db.execute("UPDATE source SET dirty=dirty+1, may_shrink=1 WHERE name=?", (name,))
        return len(numbers)

    def scrub(self, *, first: bool) -> bool:
        """One step of taking the words of removed records out of the file for good; whether more steps are needed."""
        with self.writing():
            return search.purge(self.db, first=first)

    def backup(self, target: Path) -> None:
        """A whole copy of the store while it is in use, verified by opening it."""
        partial = target.with_name(target.name + ".part")
        partial.unlink(missing_ok=True)
        _make_closed(partial)
        copy = sqlite3.connect(partial)
        try:
            self.db.backup(copy)
            if copy.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise StoreUnusable(f"{partial}: the copy is damaged; is the disk sound?")
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
        os.replace(partial, target)

    def _check_version(self) -> None:
        version = int(self.db.execute("PRAGMA user_version").fetchone()[0])
        newest = max(number for number, _ in migrations())
        if version > newest:
            raise StoreUnusable(
                f"{self.path}: was written by a newer copydesk (schema {version},"
                f" this one knows {newest}); upgrade copydesk"
            )

    def _check_sound(self) -> None:
        found = self.db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise StoreUnusable(f"{self.path}: is damaged ({found}); {_REPAIR}")

    def _migrate(self) -> None:
        version = int(self.db.execute("PRAGMA user_version").fetchone()[0])
        todo = [(number, sql) for number, sql in migrations() if number > version]
        if version and todo:
            self.backup(self.path.with_name(f"{self.path.name}.before-{todo[-1][0]:04}"))
        for number, sql in todo:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                # another process may have migrated while this one waited for the lock
                if int(self.db.execute("PRAGMA user_version").fetchone()[0]) < number:
                    for statement in statements(sql):
                        self.db.execute(statement)
                        crash_at("migrating")
                    self.db.execute(f"PRAGMA user_version={number}")
                crash_at("before-migrated")
                self.db.execute("COMMIT")
                crash_at("migrated")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise


def _make_closed(path: Path) -> None:
    """An empty file that only its owner reads; SQLite gives the files beside it the same mode."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))


_REPAIR = "restore a backup, or move the file away to start anew; the published feeds stay as they are"


def _reason(error: sqlite3.DatabaseError, path: Path) -> str:
    text = str(error)
    if "readonly" in text or "unable to open" in text:
        return f"{path}: cannot be written ({text}); mend the permissions of the file and its folder"
    if "malformed" in text or "not a database" in text:
        return f"{path}: is damaged ({text}); {_REPAIR}"
    return f"{path}: {text}"


def migrations() -> list[tuple[int, str]]:
    """The numbered files of the schema in their order: (number, SQL)."""
    found = []
    for path in sorted(SCHEMA.glob("*.sql")):
        match = re.fullmatch(r"(\d{4})_\w+\.sql", path.name)
        if match:
            found.append((int(match[1]), path.read_text(encoding="utf-8")))
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


def _exclusive(descriptor: int) -> bool:
    """Whether the lock was free. A command that only asks for the holder has it for microseconds: so look thrice."""
    for pause in (0.05, 0.2, None):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if pause is not None:
                time.sleep(pause)
        else:
            return True
    return False


class Lock:
    """The one daemon of a store: an advisory lock beside the file that names its holder."""

    def __init__(self, store: Path) -> None:
        self.path = store.with_name(store.name + ".lock")
        self._file: int | None = None

    def take(self) -> None:
        """Raises StoreInUse with the holder's process id when another process holds it."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnusable(f"{self.path}: {error.strerror}; mend the folder's permissions") from error
        if not _exclusive(descriptor):
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise StoreInUse(f"the store is in use by another copydesk (process {holder})")
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._file = descriptor

    def release(self) -> None:
        """Let it go; nothing happens when it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def holder(self) -> int | None:
        """The process id of the daemon that holds it, None when nobody does."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            text = os.read(descriptor, 32).decode("ascii", "replace").strip()
            return int(text) if text.isdigit() else 0
        finally:
            os.close(descriptor)
        return None
