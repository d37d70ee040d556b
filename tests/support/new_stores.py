"""New stores of tests: copies of one that the numbered files of the schema made, once for each process of the suite.

What the files make is the same each time, and to make it takes most of what a test of a small store takes. A copy is
opened as every store is: it is asked for its version, and brought up to date where it is older.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import get_ident

import pytest

_WHERE = "feeds.store.database.file.make_closed"  # begins the file of a new store


@pytest.fixture(scope="session", autouse=True)
def new_stores() -> Iterator[None]:
    """A new store of this process begins as a copy of one without rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_WHERE, _Copies())
        yield


@contextlib.contextmanager
def made_by_the_schema() -> Iterator[None]:
    """Within it each new store begins empty, and the numbered files make it: for what is about them."""
    from feeds.store.backup import make_closed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_WHERE, make_closed)
        yield


class _Copies:
    """Begins a new file as a copy of a store, which is made when it is asked for first."""

    def __init__(self) -> None:
        self._made = b""

    def __call__(self, path: Path) -> None:
        from feeds.store.backup import make_closed

        self._made = self._made or _made()
        part = path.with_name(f"{path.name}.{get_ident()}")
        make_closed(part)
        try:
            part.write_bytes(self._made)
            with contextlib.suppress(FileExistsError):  # another thread began it at the same moment
                os.link(part, path)  # whole from its first moment, as whoever finds it must have it
        finally:
            part.unlink()


def _made() -> bytes:
    """A store without rows, as its schema makes it."""
    from feeds.store.database.file import open_file

    with tempfile.TemporaryDirectory(prefix="copydesk-new-") as folder, made_by_the_schema():
        path = Path(folder) / "new.db"
        open_file(path, daemon=True).close()
        assert [one.name for one in path.parent.iterdir()] == [path.name], "it is one file when it is closed"
        return path.read_bytes()
