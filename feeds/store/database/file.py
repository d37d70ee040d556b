"""The store's file: how it is opened, checked, shrunk and copied. All that is only so because it is SQLite."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from ...errors import StoreBusy, StoreUnusable
from ...identity.number_alias import number_key
from ..backup import backup, make_closed
from ..tables.tokens import token_digest
from .connection import MEND
from .migrations import CORE, check_version, migrate
from .risks import sqlite_risk
from .sqlite import SqliteConnection

BUSY_SECONDS = 10.0
INCREMENTAL = 2  # auto_vacuum: free pages are given back when they are asked for
SPARE = 20  # a file is shrunk to this part of it being free
SHRUNK_AT_ONCE = 250  # pages, so that no visit waits long
WAL_MOST = 64 * 2**20  # bytes of the write-ahead log that stay on the disk


def open_file(path: Path, *, daemon: bool) -> SqliteConnection:
    """A connection to a store's file, made where there is none, with its schema up to date. Raises StoreUnusable."""
    new = not path.exists()
    opened: SqliteConnection | None = None
    try:
        opened = connect(path, new=new)
        prepare(opened, path, new=new, daemon=daemon)
    except BaseException as error:
        if opened is not None:
            opened.close()
        raise_unusable(error, path)
        raise
    return opened


def raise_unusable(error: BaseException, path: Path) -> None:
    """Raise StoreUnusable for what hinders the opening of a file; of anything else nothing comes."""
    cause = error.__cause__ if isinstance(error, StoreBusy | StoreUnusable) else error
    if isinstance(cause, sqlite3.DatabaseError | OSError):
        raise unusable(cause, path) from cause


def connect(path: Path, *, new: bool) -> SqliteConnection:
    """A connection to a store's file, which is made when it is `new`. Raises OSError, sqlite3.DatabaseError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if new:
        make_closed(path)
    raw = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    raw.row_factory = sqlite3.Row
    raw.create_function("sha256", 1, token_digest, deterministic=True)  # for the schema
    raw.create_function("number_key", 2, number_key, deterministic=True)
    raw.create_function("folded_key", 1, _folded_key, deterministic=True)
    return SqliteConnection(raw, path)


def _folded_key(key: str) -> str:
    # a migration alone calls it: what tells copies apart is not imported each time a store is opened
    from ...identity.dedupe import folded_key

    return folded_key(key)


def prepare(db: SqliteConnection, path: Path, *, new: bool, daemon: bool) -> None:
    """Check the file, set it up, and bring its schema up to date. Raises StoreUnusable, StoreBusy."""
    db.execute("PRAGMA foreign_keys=ON")
    db.execute("PRAGMA cache_size=-8192")  # kibibytes of pages; the system caches the file as well
    check_version(db, path)
    if not new and daemon:
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise StoreUnusable(f"{path}: is damaged ({found}); {MEND}")
    if new:  # only an empty file can be told so
        db.execute(f"PRAGMA auto_vacuum={INCREMENTAL}")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    # two connections that checkpoint at one moment can damage a file on SQLite < 3.51.3: only the daemon does
    db.execute(f"PRAGMA wal_autocheckpoint={1000 if daemon or new else 0}")
    db.execute(f"PRAGMA journal_size_limit={WAL_MOST}")
    db.execute("PRAGMA secure_delete=ON")  # what is forgotten is overwritten, not only unlinked
    migrate(db, lambda newest: backup(db, path.with_name(f"{path.name}.before-{newest:04}")))


def refuse_foreign(path: Path, known: SqliteConnection) -> None:
    """Raise StoreUnusable for a file that is no store of ours, or has triggers that no schema of ours makes.

    `known` is a store as this program makes it. The file is opened to be read alone.
    """
    if not path.stat().st_size:
        raise StoreUnusable(f"{path}: is empty")
    try:
        raw = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
        try:
            made = {(kind, name): sql for kind, name, sql in raw.execute("SELECT type, name, sql FROM sqlite_master")}
        finally:
            raw.close()
    except sqlite3.DatabaseError as error:
        raise unusable(error, path) from error
    if not all(("table", name) in made for name in CORE):
        raise StoreUnusable(f"{path}: is no store of copydesk")
    ours = {
        (row["type"], row["name"]): row["sql"] for row in known.execute("SELECT type, name, sql FROM sqlite_master")
    }
    for key, sql in made.items():
        if key[0] in ("trigger", "view") and ours.get(key) != sql:
            raise StoreUnusable(f"{path}: has a {key[0]} {key[1]!r} that copydesk did not make")


def unusable(error: sqlite3.Error | OSError, path: Path) -> StoreUnusable:
    """Why a store's file could not be opened, for people."""
    if isinstance(error, OSError):
        return StoreUnusable(f"{path}: {error.strerror}; choose another store.url or mend the folder")
    text = str(error)
    if "readonly" in text or "unable to open" in text:
        return StoreUnusable(f"{path}: cannot be written ({text}); mend the permissions of the file and its folder")
    if "malformed" in text or "not a database" in text:
        return StoreUnusable(f"{path}: is damaged ({text}); {MEND}")
    return StoreUnusable(f"{path}: {text}")


class StoreFile:
    """Upkeep of the store's file."""

    def __init__(self, db: SqliteConnection, path: Path) -> None:
        self.db = db
        self.path = path

    def problems(self) -> list[str]:
        """What `copydesk check` finds wrong with the file; empty when it is sound."""
        found = [str(row[0]) for row in self.db.execute("PRAGMA integrity_check(20)")]
        problems = [] if found == ["ok"] else found
        problems += [f"row of {row[0]} refers to nothing" for row in self.db.execute("PRAGMA foreign_key_check")]
        return problems

    def warnings(self) -> list[str]:
        """What is no fault, but a risk for the file or a habit that a command can mend."""
        found = [] if (risk := sqlite_risk()) is None else [risk]
        if self.db.execute("PRAGMA auto_vacuum").fetchone()[0] != INCREMENTAL:
            found.append("the store never gives room back to the disk: `copydesk vacuum` once, with the daemon stopped")
        return found

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

    def size(self) -> int:
        """Bytes of the file."""
        return _size(self.path)

    def log_size(self) -> int:
        """Bytes of the write-ahead log."""
        return _size(self.path.with_name(f"{self.path.name}-wal"))

    def vacuum(self) -> None:
        """Write the whole file anew, without its free pages; from then on it shrinks by itself.

        Outside of a transaction, and while no daemon runs. The disk needs room for a second copy.
        """
        self.db.execute(f"PRAGMA auto_vacuum={INCREMENTAL}")
        self.db.execute("VACUUM")
        self.empty_log()

    def fold(self) -> None:
        """Make it one file without a write-ahead log, to be moved elsewhere."""
        self.db.execute("PRAGMA journal_mode=DELETE")

    def backup(self, target: Path) -> None:
        """A whole copy of the store while it is in use. Raises StoreUnusable, StoreBusy, OSError."""
        backup(self.db, target)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
