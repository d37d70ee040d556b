"""Copies of a store on a server, by PostgreSQL's own programs: pg_dump writes them, pg_restore reads them.

What comes back from a copy is rows of our tables alone: whatever else a file says is not looked at.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from scrapers import SeedError, reveal

from ...errors import StoreBusy, StoreUnusable
from .location import PostgresLocation

MAGIC = b"PGDMP"  # begins a file of pg_dump's custom format
_PLACES = ("/usr/lib/postgresql",)  # Debian: a folder for each version


def program(name: str) -> str:
    """Where a program of PostgreSQL is. Raises StoreUnusable."""
    newest = sorted(
        (path for place in _PLACES for path in Path(place).glob(f"*/bin/{name}")),
        key=lambda path: int(path.parent.parent.name) if path.parent.parent.name.isdigit() else 0,
    )
    found = str(newest[-1]) if newest else shutil.which(name)
    if found is None:
        raise StoreUnusable(f"copies of a store in PostgreSQL need {name} (Debian: postgresql-client)")
    return found


def environment(where: PostgresLocation) -> dict[str, str]:
    """The environment of such a program: the password is there, not among its words. Raises StoreUnusable."""
    try:
        secret = {} if where.password is None else {"PGPASSWORD": reveal(where.password, "store.password")}
    except SeedError as error:
        raise StoreUnusable(error.reason) from error
    return {**os.environ, "PGCONNECT_TIMEOUT": "10", "LC_MESSAGES": "C", **secret}


def dump(where: PostgresLocation, target: Path) -> None:
    """Write a store to a file. Raises StoreUnusable, StoreBusy, OSError."""
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    words = [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "--dbname", where.url]
    words += ["--exclude-schema=copydesk_*"]  # what is to do is no part of what is kept
    try:
        with os.fdopen(descriptor, "wb") as file:
            done = subprocess.run(  # noqa: S603  a program of PostgreSQL, our words
                words, stdout=file, stderr=subprocess.PIPE, env=environment(where), check=False
            )
            os.fsync(file.fileno())
        if done.returncode:
            raise StoreBusy(f"the store cannot be copied: {_last_line(done.stderr)}")
        listed(partial)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def is_dump(path: Path) -> bool:
    """Whether a file is one of pg_dump's. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def listed(path: Path) -> str:
    """What a copy holds, as pg_restore lists it. Raises StoreUnusable for a damaged one."""
    done = subprocess.run(  # noqa: S603  a program of PostgreSQL, our words
        [program("pg_restore"), "--list", str(path)], capture_output=True, check=False
    )
    if done.returncode:
        raise StoreUnusable(f"{path}: is no whole copy of a store ({_last_line(done.stderr)})")
    return done.stdout.decode(errors="replace")


def _last_line(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "no reason was told"
