"""The lock of a store: one daemon at a time, by whatever name it calls the store's file."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from pathlib import Path
from typing import Protocol

from ...errors import StoreInUse, StoreUnusable
from .location import Location

# elsewhere flock() and SQLite's own locks are of one kind, and a lock of ours would shut out every command
LOCKS_THE_STORE = sys.platform == "linux"
BESIDE = ("-wal", "-shm")  # SQLite's own files; they stay as long as one connection is open


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


class DaemonLock(Protocol):
    """A lock that excludes other daemons from a store."""

    def take(self) -> None:
        """Raises StoreInUse when another process holds it."""

    def opened(self) -> None:
        """The store is open."""

    def lost(self) -> str | None:
        """Why this process has no right to write any more, in words; None while it has."""

    def release(self) -> None:
        """Let it go, after the store is closed."""

    def holder(self) -> int | None:
        """The process id of the daemon that holds it, None when nobody does."""


def lock_of(where: Location) -> DaemonLock:
    """The lock of a store, wherever it is."""
    if isinstance(where, Path):
        return Lock(where)
    from .lead import ServerLock  # a driver that most installations do not have

    return ServerLock(where)


class Lock:
    """The one daemon of a store: an advisory lock beside the file that names its holder, and one on the file itself.

    The second one holds when the lock file was removed, or when the store has two names. `lost` tells whether the
    files are still those that were opened.
    """

    def __init__(self, store: Path) -> None:
        self.path = store.with_name(store.name + ".lock")
        self._store = store
        self._file: int | None = None
        self._store_file: int | None = None
        self._beside: dict[Path, int] = {}  # SQLite's files and their inodes

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
        self._file = descriptor
        try:
            self._take_store()
            os.ftruncate(descriptor, 0)
            os.write(descriptor, str(os.getpid()).encode())
        except BaseException:
            self.release()
            raise

    def opened(self) -> None:
        """The store is open, and was made if there was none: lock it too. Raises StoreInUse."""
        if self._file is None:
            return
        if self._store_file is None:
            self._take_store()
        for ending in BESIDE:
            path = self._store.with_name(self._store.name + ending)
            if path.exists():
                self._beside[path] = path.stat().st_ino

    def _take_store(self) -> None:
        # this descriptor stays open as long as the store: closing any one of a file drops SQLite's locks on it
        try:
            descriptor = os.open(self._store, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return  # there is none yet, or what opens it says why it cannot be read
        if LOCKS_THE_STORE and not _exclusive(descriptor):
            os.close(descriptor)
            raise StoreInUse(f"{self._store}: is in use by another copydesk, which knows it by another name")
        self._store_file = descriptor

    def lost(self) -> str | None:
        """Which file of the store was removed or replaced while the lock is held, in words; None when all are there."""
        held = [(self.path, self._file), (self._store, self._store_file)]
        inodes = [(path, os.fstat(file).st_ino) for path, file in held if file is not None]
        for path, inode in (*inodes, *self._beside.items()):
            try:
                now = path.stat().st_ino
            except FileNotFoundError:
                return f"{path} was removed"
            except OSError as error:
                return f"{path} cannot be looked at ({error.strerror})"
            if now != inode:
                return f"{path} was replaced by another file"
        return None

    def release(self) -> None:
        """Let it go, after the store is closed; nothing happens when it is not held."""
        for descriptor in (self._store_file, self._file):
            if descriptor is not None:
                os.close(descriptor)
        self._file = self._store_file = None
        self._beside = {}

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
