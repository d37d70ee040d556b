"""Temporary files of a run of the suite, in memory where there is room.

Thousands of stores and published folders are made, and every one of them waits for its disk dozens of times: a store
that takes 40 ms in memory takes 250 ms on a disk that others use, too. What reaches a disk when is tested by what is
called, not by what a disk does.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 3 << 30  # bytes that are to be free there, and of the machine's memory; the whole suite takes a third of it
_BEGINS = "copydesk-"  # short: sockets with paths of 108 bytes at most are within
_NEW = 60.0  # seconds in which a folder may be one that its owner is about to lock


def in_memory() -> None:
    """Let this process and those that it starts make their temporary files there, unless TMPDIR says where.

    They go when the process ends; those of one that was killed go at the start of the next.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK) or min(_free(), _available()) < ROOM:
        return
    for left in MEMORY.glob(f"{_BEGINS}*"):
        with contextlib.suppress(OSError):  # of somebody else, in use, or gone by now
            if time.time() - left.stat().st_mtime > _NEW:
                _own(left)
                shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=_BEGINS, dir=MEMORY))
    _own(folder)
    folder.chmod(0o711)  # servers that run as other users have their folders within
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None  # it may be known already
    removed_at_exit(folder)


def _own(folder: Path) -> None:
    """Lock a folder as long as this process lives. Raises OSError where another one has."""
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(folder)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise


def removed_at_exit(folder: Path) -> None:
    """Take a folder away when this process ends, but not when a fork of it does."""
    atexit.register(_removed, folder, os.getpid())


def _removed(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _free() -> int:
    return shutil.disk_usage(MEMORY).free


def _available() -> int:
    with contextlib.suppress(OSError), open("/proc/meminfo") as file:
        for line in file:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    return 0
