"""What only its owner may read: the store, its log, its copies (RELIABILITY X)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds.app.cli.main import main
from feeds.store import open_store


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_store_and_its_copies_are_closed_to_others(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('contact = "mailto:desk@example.org"\n[store]\nurl = "sqlite:copydesk.db"\n')
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.meta.put("kept", "yes")
    assert {path.name: mode(path) for path in tmp_path.glob("copydesk.db*")} == {
        "copydesk.db": 0o600,
        "copydesk.db-wal": 0o600,
        "copydesk.db-shm": 0o600,
    }
    store.close()
    assert main(["--config", str(config), "--quiet", "backup", str(tmp_path / "copy.db")]) == 0
    assert mode(tmp_path / "copy.db") == 0o600
    (tmp_path / "copy.db").chmod(0o644)
    assert main(["--config", str(config), "--quiet", "restore", str(tmp_path / "copy.db")]) == 0
    assert mode(tmp_path / "copydesk.db") == 0o600


def test_a_store_that_others_may_read_by_choice_stays_so(tmp_path: Path) -> None:
    open_store(tmp_path / "copydesk.db").close()
    (tmp_path / "copydesk.db").chmod(0o640)
    open_store(tmp_path / "copydesk.db").close()
    assert mode(tmp_path / "copydesk.db") == 0o640
