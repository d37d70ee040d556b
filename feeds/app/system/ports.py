"""Why the daemon cannot listen where it should, in words that say what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_LISTENS = "0A"  # the state of a listening socket in /proc/net/tcp


def why_not(error: OSError, address: str, port: int) -> str:
    """The reason in a line: who has the address, or what is wrong with it."""
    if error.errno == errno.EADDRINUSE:
        return f"{address} is taken by {holder(port) or 'another program'}; stop it or set [web] listen"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{address}: this machine has no such address; set [web] listen"
    if error.errno == errno.EACCES:
        return f"{address}: ports below 1024 are not ours to take; set [web] listen to a higher one"
    return f"{address}: cannot be listened at: {error.strerror or error}; set [web] listen"


def holder(port: int) -> str | None:
    """The program that listens at a port, as `nginx (process 812)`; None where the machine does not tell."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    for folder in Path("/proc").glob("[0-9]*/fd") if sockets else ():
        try:
            if any(os.readlink(folder / entry) in sockets for entry in os.listdir(folder)):
                return f"{_program(folder.parent)} (process {folder.parent.name})"
        except OSError:
            continue  # another user's, or it ended just now
    return None


def _inodes(port: int, tables: Path = Path("/proc/net")) -> set[str]:
    """The sockets that listen at a port, of both families."""
    found = set()
    for table in ("tcp", "tcp6"):
        try:
            rows = (tables / table).read_text("utf-8").splitlines()[1:]
        except OSError:
            continue  # no Linux
        for row in rows:
            _, local, _, state, *rest = row.split()
            if state == _LISTENS and int(local.rpartition(":")[2], 16) == port:
                found.add(rest[5])
    return found


def _program(process: Path) -> str:
    """A program's name: of a script the script, as `python3 …/bin/copydesk` is copydesk."""
    words = (process / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    names = [Path(word).name for word in words if word and not word.startswith("-")]
    if len(names) > 1 and names[0].startswith("python"):
        return names[1]
    return names[0] if names else (process / "comm").read_text(encoding="utf-8").strip()
