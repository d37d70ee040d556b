"""Restores a copy made by pg_dump: only rows of our tables are read from the file."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ..errors import StoreUnusable
from .copying import OWN_TABLES, TABLES, columns_of, renumber, without_triggers
from .database.dump import is_dump, listed, program
from .database.location import PostgresLocation
from .database.migrations import CORE, refuse_newer
from .database.postgres import PostgresConnection
from .database.server import check_server_version, drop_schema, migrate_server, server_migrations

_COPY = re.compile(rb'COPY (?:"?\w+"?\.)?"?(\w+)"? \(([^)]*)\) FROM stdin;\n')
_LEFT = "; the store was left as it is"


def check_dump(file: Path) -> int:
    """The version of the schema in a copy. Raises StoreUnusable for what is no whole copy of a store of ours."""
    try:
        if not is_dump(file):
            raise StoreUnusable(f"{file}: is no copy of a store on a server, as `copydesk backup` makes it{_LEFT}")
    except OSError as error:
        raise StoreUnusable(f"{error.filename or file}: {error.strerror}{_LEFT}") from error
    there = set(re.findall(r" TABLE DATA \S+ (\w+) ", listed(file)))
    if not there >= CORE | {"schema_version"}:
        raise StoreUnusable(f"{file}: is no store of copydesk{_LEFT}")
    numbers = [line for _, _, lines in _blocks(file, "schema_version") for line in lines]
    if len(numbers) != 1 or not numbers[0].strip().isdigit():
        raise StoreUnusable(f"{file}: does not tell its version{_LEFT}")
    version = int(numbers[0])
    refuse_newer(file, version, server_migrations())
    return version


def restore_dump(file: Path, where: PostgresLocation, version: int) -> None:
    """Put the rows of a copy in the place of the store, in one transaction. Raises StoreUnusable, StoreBusy."""
    db = PostgresConnection(where)
    try:
        check_server_version(db)
        with db.transaction():
            drop_schema(db)
            migrate_server(db, up_to=version)
            with without_triggers(db):
                _fill(db, file)
            renumber(db)
            migrate_server(db)
    finally:
        db.close()


def _fill(db: PostgresConnection, file: Path) -> None:
    order = {table: place for place, table in enumerate((*TABLES, *OWN_TABLES))}
    for table in order:
        for name, columns, lines in _blocks(file, table):
            if name != table or not set(columns) <= set(columns_of(db, table)):
                raise StoreUnusable(f"{file}: has a table {name[:60]!r} that copydesk did not make{_LEFT}")
            try:
                db.copy_in(f"COPY {table}({', '.join(columns)}) FROM STDIN", lines)
            except StoreUnusable as error:
                raise StoreUnusable(f"{file}: {error.reason}{_LEFT}") from error


def _blocks(file: Path, table: str) -> Iterator[tuple[str, list[str], Iterator[bytes]]]:
    """The data of a table in a copy, as COPY has it: name, columns, and its lines."""
    words = [program("pg_restore"), "--data-only", f"--table={table}", "--file=-", str(file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603  our words
        assert process.stdout is not None and process.stderr is not None
        for line in process.stdout:
            found = _COPY.fullmatch(line)
            if found is not None:
                columns = [one.strip().strip('"') for one in found[2].decode().split(",")]
                yield found[1].decode(), columns, _lines(process.stdout)
        told = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise StoreUnusable(f"{file}: is damaged ({told.splitlines()[-1][:200] if told else 'it ends early'}){_LEFT}")


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    for line in stream:
        if line == b"\\.\n":
            return
        yield line
