"""What a store should not stand on (RELIABILITY S2): a network file system, and a SQLite with a fault in its WAL."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from ...errors import StoreUnusable
from .location import Location

_MOUNTS = Path("/proc/self/mountinfo")
# fmt: off
_NETWORK = frozenset([
    "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs",
    "nfs4", "ocfs2", "orangefs", "pvfs2", "smb2", "smb3", "smbfs", "vboxsf", "vmhgfs",
    "fuse.ceph", "fuse.ceph-fuse", "fuse.davfs", "fuse.davfs2", "fuse.gcsfuse", "fuse.glusterfs",
    "fuse.goofys", "fuse.mount.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "fuse.vmhgfs-fuse",
])
# fmt: on
_OCTAL = re.compile(r"\\([0-7]{3})")  # how a blank, a tab, a line end and a backslash are written there


def sqlite_risk(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str | None:
    """What to know of this SQLite; None when there is nothing.

    3.7.0 to 3.51.2 may damage a file when two processes copy its WAL back at the same moment (fixed in 3.51.3).
    """
    if (3, 7, 0) <= version < (3, 51, 3):
        return (
            f"SQLite {'.'.join(map(str, version))} can damage a store when two processes write its WAL back at once;"
            " copydesk lets the daemon alone do it, so let no other program write into the store (3.51.3 mends it)"
        )
    return None


def refuse_network(path: Location, mounts: str | None = None) -> None:
    """Raises StoreUnusable for a store on a network file system; `mounts` as for `network_of`."""
    if not isinstance(path, Path):
        return
    where = network_of(path, mounts)
    if where is not None:
        raise StoreUnusable(
            f"{path}: lies on a network file system ({where}), where SQLite's locks and WAL do not hold;"
            " choose a local disk for store.url, or say store.allow_network = true"
        )


def network_of(path: Path, mounts: str | None = None) -> str | None:
    """The network file system that a path is on, such as `nfs4 on /srv`; None when it is on none that is known.

    `mounts` is the text of /proc/self/mountinfo (proc(5)); systems without it are taken to be local.
    """
    if mounts is None:
        try:
            mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return None
    whole = path.resolve()
    best: tuple[int, str, str, str] | None = None
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, kinds = before.split(" "), after.split(" ")
        if len(fields) < 5 or len(kinds) < 3:
            continue
        point = Path(_OCTAL.sub(lambda found: chr(int(found[1], 8)), fields[4]))
        # of several at one place the last one covers the others
        if whole.is_relative_to(point) and (best is None or len(point.parts) >= best[0]):
            best = len(point.parts), kinds[0], kinds[2], str(point)
    if best is None:
        return None
    _, kind, options, point_name = best
    # 9p is how virtual machines and WSL share a folder of their host, but also how some sandboxes show their own disk
    shared = kind == "9p" and ("trans=fd" not in options or "aname=drvfs" in options)
    return f"{kind} on {point_name}" if kind in _NETWORK or shared else None
