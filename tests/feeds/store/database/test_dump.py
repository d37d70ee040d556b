"""Where the programs of PostgreSQL are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.errors import StoreUnusable
from feeds.store.database import dump


def test_the_newest_programs_of_a_server_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump, "_PLACES", (str(tmp_path),))
    monkeypatch.setattr(dump.shutil, "which", {"psql": "/usr/bin/psql"}.get)
    assert dump.program("psql") == "/usr/bin/psql"
    for version in ("9", "16", "15", "old", "new"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin/psql").touch()
    assert dump.program("psql") == str(tmp_path / "16/bin/psql")
    with pytest.raises(StoreUnusable, match="need pg_none"):
        dump.program("pg_none")
    for version in ("9", "16", "15"):
        (tmp_path / version / "bin/psql").unlink()
    assert dump.program("psql").startswith(str(tmp_path))
